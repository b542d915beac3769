"""What a shift comes to: the X while it is open, the Z that freezes it, and what reached it afterwards."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pos.db import db
from pos.errors import NotFound
from pos.register.lookup import galleries_within
from pos.register.models import TENDERS, Payment, Sale, SaleLine, Settlement
from pos.register.shift_models import Shift, ShiftEvent, ShiftReport
from pos.register.ways import method_now
from pos.units.models import Gallery, Register, Unit, User
from pos.units.services import Person

# -- finding shifts ------------------------------------------------------------------------------------


def shift_for(person: Person, shift_id: str) -> Shift:
    """The shift with this id, at a register in the person's scope, or `NotFound`."""
    shift = db.session.scalar(
        sa.select(Shift).join(Register).where(Shift.id == shift_id, Register.gallery_id.in_(galleries_within(person)))
    )
    if shift is None:
        raise NotFound("Giliran ini tidak ada atau di luar wewenang Anda.")
    return shift


def shifts_for(person: Person, register: str = "", since: date | None = None, until: date | None = None) -> Any:
    """Query of `Shift, ShiftReport | None, Gallery, cashier's name` within the person's scope, the newest first."""
    query = (
        sa.select(Shift, ShiftReport, Gallery, User.name.label("cashier"))
        .join(Register, Register.id == Shift.register_id)
        .join(Gallery, Gallery.id == Register.gallery_id)
        .join(User, User.id == Shift.cashier_id)
        .outerjoin(ShiftReport, _CLOSES)
        .where(Gallery.id.in_(galleries_within(person)))
        .order_by(Shift.opened_at.desc(), Shift.id.desc())
        .options(sa.orm.joinedload(Shift.register))
    )
    if register:
        query = query.where(Register.code == register)
    if since:
        query = query.where(Shift.business_date >= since)
    return query.where(Shift.business_date <= until) if until else query


def registers_with_shifts(person: Person) -> list[str]:
    """Codes of the registers in the person's scope that have had a shift."""
    query = sa.select(Register.code).where(
        Register.gallery_id.in_(galleries_within(person)),
        sa.select(Shift.id).where(Shift.register_id == Register.id).exists(),
    )
    return list(db.session.scalars(query.order_by(Register.code)))


_CLOSES = sa.and_(ShiftReport.register_id == Shift.register_id, ShiftReport.number == Shift.number)


def open_shifts() -> Any:
    """Subquery of the open shifts (at most one a register) with who sells in them now."""
    later = sa.orm.aliased(Shift)
    newest = sa.select(sa.func.max(later.number)).where(later.register_id == Shift.register_id).scalar_subquery()
    taken_over = (
        sa.select(ShiftEvent.cashier_id)
        .where(ShiftEvent.shift_id == Shift.id, ShiftEvent.kind == "handover")
        .order_by(ShiftEvent.recorded_at.desc(), ShiftEvent.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(
            Shift.id,
            Shift.register_id,
            Shift.number,
            Shift.opened_at,
            User.username.label("cashier"),
            User.name.label("cashier_name"),
        )
        .join(User, User.id == sa.func.coalesce(taken_over, Shift.cashier_id))
        .outerjoin(ShiftReport, _CLOSES)
        .where(Shift.number == newest, ShiftReport.number.is_(None))
        .subquery()
    )


def report_of(shift: Shift) -> ShiftReport | None:
    return db.session.get(ShiftReport, (shift.register_id, shift.number))


# -- what was taken ------------------------------------------------------------------------------------


def takings(shift_id: str, without: Iterable[list[int]] = ()) -> dict[str, Any]:
    """Figures of the notas of a shift, those with numbers in the ranges `without` left out.

    Notas are never changed, so the figures of given numbers are the same whenever they are added up: the numbers are
    read first, and what is read after that is of these alone. Only the method of a payment is that of its newest
    correction: a Z says what was known when the drawer was counted.
    """
    left_out = {number for first, last in without for number in range(first, last + 1)}
    sales = {row["id"]: row for row in _rows(_NOTAS, shift_id) if row["number"] not in left_out}
    sold = [row for row in sales.values() if row["refund_of"] is None]
    off = sum(row["discount"] for row in sold) + sum(
        int(row["discount"]) for row in _rows(_LINES_OFF, shift_id) if row["id"] in sales
    )
    total, rounding = sum(row["total"] for row in sold), sum(row["rounding"] for row in sold)
    methods = {method: {"sold": 0, "returned": 0} for method in TENDERS}
    for row in _rows(_PAID, shift_id):
        if row["id"] in sales:
            back = row["refund_of"] is not None
            methods[row["method"]]["returned" if back else "sold"] += -row["paid"] if back else row["paid"]
    return {
        "notas": len(sold),
        "returns": len(sales) - len(sold),
        "receipts": ranges(row["number"] for row in sales.values()),
        "gross": total - rounding + off,
        "discount": off,
        "rounding": rounding,
        "sold": total,
        "returned": -sum(row["total"] for row in sales.values() if row["refund_of"] is not None),
        "methods": {name: sums for name, sums in methods.items() if sums["sold"] or sums["returned"]},
        "cashiers": _by_cashier(sales.values()),
    }


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """`[[1, 3], [7, 7]]` for 1, 2, 3 and 7."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def _by_cashier(sales: Iterable[Any]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in sales:
        of = found.setdefault(row["username"], {"cashier": row["username"], "name": row["name"], "notas": 0, "net": 0})
        of["notas"] += 1
        of["net"] += row["total"]
    return sorted(found.values(), key=lambda of: of["cashier"])


def _rows(query: Any, shift_id: str) -> Any:
    return db.session.execute(query, {"shift": shift_id}).mappings()


_OF_SHIFT = Sale.shift_id == sa.bindparam("shift", type_=Shift.id.type)
_NOTAS = (
    sa.select(Sale.id, Sale.number, Sale.refund_of, Sale.total, Sale.rounding, Sale.discount, User.username, User.name)
    .join(User, User.id == Sale.cashier_id)
    .where(_OF_SHIFT)
)
_LINES_OFF = (
    sa.select(Sale.id, sa.func.sum(SaleLine.discount).label("discount"))
    .join(SaleLine, SaleLine.sale_id == Sale.id)
    .where(_OF_SHIFT, Sale.refund_of.is_(None))
    .group_by(Sale.id)
)
_PAID = (
    sa.select(Sale.id, Sale.refund_of, method_now().label("method"), (Payment.tendered - Payment.change).label("paid"))
    .join(Payment, Payment.sale_id == Sale.id)
    .where(_OF_SHIFT)
)


def settled(shift_id: str) -> dict[str, int]:
    """Rupiah that was paid in the shift for notas that had left it owed, by method."""
    query = (
        sa.select(Settlement.method, sa.func.sum(Settlement.amount))
        .where(Settlement.shift_id == shift_id)
        .group_by(Settlement.method)
        .order_by(Settlement.method)
    )
    return {method: int(amount) for method, amount in db.session.execute(query)}


def in_drawer(shift: Shift, taken: dict[str, Any]) -> int:
    """Rupiah that must be in the drawer: the float, cash sales less change, cash in, less cash out and refunds."""
    cash = taken["methods"].get("cash", {"sold": 0, "returned": 0})
    signs = {"cash_in": 1, "cash_out": -1}
    moved = sum(signs.get(event.kind, 0) * event.amount for event in shift.events)
    return shift.opening_cash + cash["sold"] - cash["returned"] + settled(shift.id).get("cash", 0) + moved


# -- X and Z -------------------------------------------------------------------------------------------


def report(shift: Shift) -> dict[str, Any]:
    """The frozen Z of a closed shift, the X of an open one (`closed_at` is None, what must be in the drawer unsaid)."""
    frozen = report_of(shift)
    return frozen.read() if frozen else figures(shift, takings(shift.id))


def addendum(shift: Shift) -> dict[str, Any] | None:
    """The takings of what was recorded after the close, or None when nothing was."""
    frozen = report_of(shift)
    late = takings(shift.id, frozen.read()["receipts"]) if frozen else None
    return late if late and late["receipts"] else None


def figures(shift: Shift, taken: dict[str, Any], close: ShiftEvent | None = None) -> dict[str, Any]:
    """Everything the report of a shift says, as JSON can hold it; of a close with the count it goes by."""
    gallery = shift.register.gallery
    unit: Unit = gallery.unit
    events = shift.events
    moves = [event for event in events if event.kind in ("cash_in", "cash_out")]
    counts = [event for event in events if event.kind == "count"]
    return {
        "register": shift.register.code,
        "number": shift.number,
        "gallery": gallery.name,
        "unit": unit.name,
        "zone": shift.zone,
        "business_date": shift.business_date.isoformat(),
        "opened_at": shift.opened_at.isoformat(),
        "opened_by": shift.cashier.name,
        "closed_at": close.recorded_at.isoformat() if close else None,
        "closed_by": close.person.name if close else None,
        "opening_cash": shift.opening_cash,
        **taken,
        "settled": settled(shift.id),
        "cash_in": sum(event.amount for event in moves if event.kind == "cash_in"),
        "cash_out": sum(event.amount for event in moves if event.kind == "cash_out"),
        "moves": [
            {"kind": e.kind, "at": _at(e.recorded_at), "amount": e.amount, "reason": e.reason, "by": e.person.name}
            for e in moves
        ],
        "handovers": [
            {"at": _at(e.recorded_at), "to": e.cashier.name} for e in events if e.kind == "handover" and e.cashier
        ],
        "counts": [
            {"at": _at(e.recorded_at), "by": e.person.name, "counted": e.amount, "expected": e.expected}
            | {"pieces": json.loads(e.document)["counts"]}
            for e in counts
        ],
        "expected": close.expected if close else None,
        "counted": close.amount if close else None,
        "reason": close.reason if close else "",
    }


def _at(instant: datetime) -> str:
    return instant.isoformat()

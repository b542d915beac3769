"""Whether shifts follow one another, and each Z says what the documents of its notas say."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pos import clock, money
from pos.db import db
from pos.register.models import PaymentCorrection, Sale, Settlement
from pos.register.shift_models import Shift, ShiftEvent, ShiftReport
from pos.units.models import Register

_OF_SHIFT = sa.and_(ShiftReport.register_id == Shift.register_id, ShiftReport.number == Shift.number)
SUMS = ("notas", "returns", "gross", "discount", "rounding", "sold", "returned")


def one_open_shift_a_register() -> Iterator[str]:
    query = (
        sa.select(Register.code)
        .join(Shift, Shift.register_id == Register.id)
        .outerjoin(ShiftReport, _OF_SHIFT)
        .where(ShiftReport.number.is_(None))
        .group_by(Register.code)
        .having(sa.func.count() > 1)
    )
    yield from db.session.scalars(query)


def z_numbers_have_no_gap() -> Iterator[str]:
    for table in (Shift, ShiftReport):
        query = (
            sa.select(Register.code, sa.func.count(), sa.func.max(table.number))
            .join(table, table.register_id == Register.id)
            .group_by(Register.code)
            .having(sa.func.count() != sa.func.max(table.number))
        )
        for code, count, last in db.session.execute(query):
            yield f"{code}: {count} / {last}"


def z_equals_its_notas() -> Iterator[str]:
    """Each Z that differs from the documents of its notas and from what was done in its shift, and in what."""
    query = sa.select(Shift, ShiftReport.content, ShiftReport.event_id, Register.code)
    for shift, content, event_id, code in db.session.execute(
        query.join(ShiftReport, _OF_SHIFT).join(Register, Register.id == Shift.register_id)
    ):
        wrong = list(_differences(shift, json.loads(content), event_id))
        if wrong:
            yield f"{code} #{shift.number}: {', '.join(wrong)}"
    strays = sa.select(Sale.receipt).join(Shift, Shift.id == Sale.shift_id)
    yield from db.session.scalars(strays.where(Shift.register_id != Sale.register_id))


def _differences(shift: Shift, z: dict[str, Any], event_id: str) -> Iterator[str]:
    sums, paid = _added_up(shift, z["receipts"], clock.parse(z["closed_at"]))
    yield from (name for name in SUMS if z[name] != sums[name])
    if {name: (of["sold"], of["returned"]) for name, of in z["methods"].items()} != paid:
        yield "methods"
    events = list(db.session.scalars(sa.select(ShiftEvent).where(ShiftEvent.shift_id == shift.id)))
    moved = {kind: sum(e.amount for e in events if e.kind == kind) for kind in ("cash_in", "cash_out")}
    cash = paid.get("cash", (0, 0))
    settled = _settled(shift)
    if z.get("settled", {}) != settled:
        yield "settled"
    expected = shift.opening_cash + cash[0] - cash[1] + settled["cash"] + moved["cash_in"] - moved["cash_out"]
    if z["opening_cash"] != shift.opening_cash:
        yield "opening_cash"
    yield from (kind for kind in moved if z[kind] != moved[kind])
    if z["expected"] != expected:
        yield "expected"
    closes = [(e.id, e.amount, e.expected) for e in events if e.kind == "close"]
    if closes != [(event_id, z["counted"], z["expected"])]:
        yield "counted"


def _settled(shift: Shift) -> Counter[str]:
    query = sa.select(Settlement.method, Settlement.amount).where(Settlement.shift_id == shift.id)
    found: Counter[str] = Counter()
    for method, amount in db.session.execute(query):
        found[method] += amount
    return found


def _corrected(shift: Shift, until: datetime) -> dict[tuple[str, int], str]:
    """The methods that were put right until the close, by sale and position of the payment."""
    query = (
        sa.select(PaymentCorrection.sale_id, PaymentCorrection.position, PaymentCorrection.to_method)
        .join(Sale, Sale.id == PaymentCorrection.sale_id)
        .where(Sale.shift_id == shift.id, PaymentCorrection.at <= until)
        .order_by(PaymentCorrection.id)
    )
    return {(sale_id, position): method for sale_id, position, method in db.session.execute(query)}


def _added_up(
    shift: Shift, receipts: list[list[int]], until: datetime
) -> tuple[Counter[str], dict[str, tuple[int, int]]]:
    """The sums of the shift's documents whose numbers are in the ranges, one by one."""
    corrected = _corrected(shift, until)
    sums: Counter[str] = Counter()
    sold: Counter[str] = Counter()
    returned: Counter[str] = Counter()
    query = sa.select(Sale.number, Sale.document).where(Sale.shift_id == shift.id)
    for number, document in db.session.execute(query.execution_options(yield_per=500)):
        if not any(first <= number <= last for first, last in receipts):
            continue
        content = json.loads(document)
        back = content["refund_of"] is not None
        for i, payment in enumerate(content["payments"]):
            amount = payment["tendered"] - payment["change"]
            method = corrected.get((content["id"], i), payment["method"])
            (returned if back else sold)[method] += -amount if back else amount
        if back:
            sums.update({"returns": 1, "returned": -content["total"]})
            continue
        gross = sum(money.gross(line["quantity"], line["unit_price"]) for line in content["lines"])
        off = gross - sum(line["amount"] for line in content["lines"])
        sums.update({"notas": 1, "gross": gross, "discount": off})
        sums.update({"rounding": content["rounding"], "sold": content["total"]})
    methods = {method for method in (*sold, *returned) if sold[method] or returned[method]}
    return sums, {method: (sold[method], returned[method]) for method in methods}

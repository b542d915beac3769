"""What a nota left owed, on an order or for goods on consignment: paid off by events of their own, never by editing.

The sale counts when it is made, whole; `owed` among its payments is the part that is no money yet. What comes back of
such a sale takes off what is owed first, so that nobody is given money that was never paid.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pos import clock, money
from pos.db import atomic, db
from pos.errors import N_, Conflict, NotFound, PosError, Sentence
from pos.fast import Query
from pos.register.document import Document, InvalidDocument
from pos.register.lookup import galleries_within, sale_for
from pos.register.models import OWED, Payment, Sale, Settlement
from pos.register.shift_models import Shift
from pos.register.shift_reports import open_shifts
from pos.register.tills import register_for
from pos.register.ways import faults
from pos.units.models import Gallery, Register
from pos.units.services import Person, log


@dataclass(frozen=True)
class Money:
    """What a buyer brings: rupiah, and how. Of cash what is more than owed is given back as change."""

    amount: int
    method: str
    reference: str


def _left(sale_id: Any) -> Any:
    """Expression: rupiah still owed on the sale with this id (no refund's)."""
    of = sa.orm.aliased(Sale)
    net = Payment.tendered - Payment.change
    promised = (
        sa.select(sa.func.coalesce(sa.func.sum(net), 0))
        .join(of, of.id == Payment.sale_id)
        .where(Payment.method == OWED, sa.or_(of.id == sale_id, of.refund_of == sale_id))
    )
    settled = sa.select(sa.func.coalesce(sa.func.sum(Settlement.amount), 0)).where(Settlement.sale_id == sale_id)
    return promised.correlate(Sale).scalar_subquery() - settled.correlate(Sale).scalar_subquery()


_LEFT = Query(sa.select(_left(sa.bindparam("id", type_=Sale.id.type)).label("owed")))


def check_refund(connection: Connection, document: Document) -> None:
    """Raises `InvalidDocument` where a refund gives money back before what is owed is taken off."""
    row = _LEFT.first(connection, id=document.refund_of)
    owed = int(row["owed"]) if row else 0
    given = sum(payment.change - payment.tendered for payment in document.payments if payment.method == OWED)
    if given != min(owed, -document.total):
        wrong = Sentence(N_("Yang belum dibayar, %(owed)s, dikurangi lebih dahulu."), owed=money.rupiah(owed))
        raise InvalidDocument("Retur tidak cocok dengan nota asalnya.", fields={"payments": wrong})


def left(sale: Sale) -> int:
    """Rupiah still owed on the nota."""
    return int(db.session.scalar(sa.select(_left(sale.id))) or 0)


def left_of(sale_ids: list[str]) -> dict[str, int]:
    """The same of many, of those that ever left something owed."""
    promised = sa.select(Payment.sale_id).where(Payment.method == OWED)
    query = sa.select(Sale.id, _left(Sale.id)).where(Sale.id.in_(sale_ids), Sale.id.in_(promised))
    return {sale_id: int(owed) for sale_id, owed in db.session.execute(query)}


def settlements_of(sale: Sale) -> list[Settlement]:
    """What was paid of it afterwards, oldest first."""
    query = sa.select(Settlement).where(Settlement.sale_id == sale.id).order_by(Settlement.at, Settlement.id)
    return list(db.session.scalars(query))


def open_notas(person: Person) -> Any:
    """Query of the notas in the person's scope that are still owed: `Sale` columns, `owed`, `who`, oldest first."""
    who = (
        sa.select(sa.func.min(Payment.reference))
        .where(Payment.sale_id == Sale.id, Payment.method == OWED)
        .correlate(Sale)
        .scalar_subquery()
    )
    columns = (Sale.id, Sale.receipt, Sale.business_date, Sale.zone, Sale.gallery_name, Sale.seller_name, Sale.channel)
    promised = sa.select(Payment.sale_id).where(Payment.method == OWED)
    return (
        sa.select(*columns, Sale.total, _left(Sale.id).label("owed"), who.label("who"))
        .where(Sale.gallery_id.in_(galleries_within(person)), Sale.refund_of.is_(None), Sale.id.in_(promised))
        .where(_left(Sale.id) > 0)
        .order_by(Sale.business_date, Sale.receipt)
    )


def total(notas: Any) -> int:
    """Rupiah owed on everything that `notas` (of `open_notas`) finds."""
    found = notas.order_by(None).subquery()
    return int(db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(found.c.owed), 0))) or 0)


def registers_for(person: Person, sale: Sale) -> list[Register]:
    """The open registers at which the nota's unit may take the money, that of the nota first."""
    query = (
        sa.select(Register)
        .join(Gallery)
        .where(Register.active, ~Register.late_notes, Gallery.active, Gallery.unit_id == sale.seller_id)
        .where(Register.gallery_id.in_(galleries_within(person)))
        .order_by(Register.id != sale.register_id, Register.code)
    )
    return list(db.session.scalars(query))


def settle(
    person: Person, receipt: str, settlement_id: str, register: str, paid: Money, now: datetime | None = None
) -> Settlement:
    """Take money for a nota of the person's scope at a register of its unit, exactly once.

    It joins the shift that is open there. The drawer gains what was owed, whatever note was handed over. Raises
    `PosError` (422) for what cannot be, `Conflict` (409) when this id stands for something else.
    """
    sale = sale_for(person, receipt)
    place = register_for(person, register)
    if place is None or place.gallery.unit_id != sale.seller_id:
        raise NotFound("Kasir %(register)s tidak ada atau di luar wewenang Anda.", register=register)
    with atomic() as session:
        session.execute(sa.select(Sale.id).where(Sale.id == sale.id).with_for_update())
        if known := session.get(Settlement, settlement_id):
            return _same(known, sale, paid)
        owed = left(sale)
        _check(paid, owed)
        settlement = Settlement(
            id=settlement_id,
            sale_id=sale.id,
            register_id=place.id,
            shift_id=_open_shift(place.id),
            user_id=person.id,
            at=now or clock.now(),
            method=paid.method,
            amount=min(paid.amount, owed),
            reference=paid.reference,
        )
        session.add(settlement)
        log("sale.settle", sale.receipt, person, sale.seller_id, amount=settlement.amount, method=paid.method)
    return settlement


def _same(known: Settlement, sale: Sale, paid: Money) -> Settlement:
    change = paid.amount - known.amount
    alike = change == 0 or (change > 0 and known.method == "cash" and not left(sale))
    if not alike or (known.sale_id, known.method, known.reference) != (sale.id, paid.method, paid.reference):
        raise Conflict("Id ini sudah dipakai untuk pelunasan lain.")
    return known


def _open_shift(register_id: int) -> str | None:
    """The shift that is open at the register, held so that it is not counted meanwhile."""
    shifts = open_shifts()
    shift_id = db.session.scalar(sa.select(shifts.c.id).where(shifts.c.register_id == register_id))
    if shift_id is None:
        return None
    db.session.execute(sa.select(Shift.id).where(Shift.id == shift_id).with_for_update())
    still = db.session.scalar(sa.select(shifts.c.id).where(shifts.c.register_id == register_id))
    return shift_id if still == shift_id else None


def _check(paid: Money, owed: int) -> None:
    if not owed:
        raise Conflict("Nota ini sudah lunas.")
    wrong = faults(paid.method, paid.reference, paid.amount)
    if paid.amount <= 0:
        wrong["amount"] = N_("Tulis jumlah uangnya.")
    elif paid.amount > owed and paid.method != "cash":
        wrong["amount"] = Sentence(N_("Yang belum dibayar tinggal %(owed)s."), owed=money.rupiah(owed))
    if wrong:
        raise PosError("Pelunasan ini tidak bisa dicatat.", fields=wrong)

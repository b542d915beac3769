"""A payment that was written down as made in the wrong way: put right by an event of its own; no money moves."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.db import atomic, db
from pos.errors import Conflict, Forbidden, NotFound, PosError
from pos.register.approvals import APPROVERS, approve, check_reason
from pos.register.models import OWED, Payment, PaymentCorrection, Sale
from pos.register.shift_models import Shift
from pos.register.ways import faults, method_now, reference_now
from pos.units.services import Person, log


@dataclass(frozen=True)
class Way:
    """How a payment was made."""

    method: str
    reference: str


def corrections_of(sale: Sale) -> list[PaymentCorrection]:
    """What was put right about the sale's payments, oldest first."""
    query = sa.select(PaymentCorrection).where(PaymentCorrection.sale_id == sale.id).order_by(PaymentCorrection.id)
    return list(db.session.scalars(query))


def ways_of(sale: Sale) -> dict[int, Way]:
    """How each payment of the sale was made, as it holds today, by its position."""
    query = sa.select(Payment.position, method_now(), reference_now()).where(Payment.sale_id == sale.id)
    return {position: Way(method, reference) for position, method, reference in db.session.execute(query)}


def correct(
    sale: Sale, position: int, to: Way, reason: str, by: Person, pin: tuple[str, str] | None = None
) -> PaymentCorrection:
    """The payment at `position` was made as `to` says; a cashier needs `pin`, somebody else's (name, PIN).

    Raises `PosError` (422) for what cannot be, `Conflict` (409) when it says so already, `WrongPin` (403).
    """
    reason = check_reason(reason)
    payment = next((each for each in sale.payments if each.position == position), None)
    if payment is None:
        raise NotFound("Pembayaran ini tidak ada.")
    _check(payment, to)
    approval_id = None
    if not by.may(*APPROVERS):
        if pin is None:
            raise Forbidden("Perlu persetujuan petugas.")
        approval_id = approve(by, "correction", sale.register.code, *pin, reason).id
    with atomic() as session:
        session.execute(sa.select(Shift.id).where(Shift.id == sale.shift_id).with_for_update())  # its Z knows it or not
        session.execute(sa.select(Payment).where(_is(payment)).with_for_update())
        before = Way(*session.execute(sa.select(method_now(), reference_now()).where(_is(payment))).one())
        if before == to:
            raise Conflict("Pembayaran ini sudah tercatat begitu.")
        correction = PaymentCorrection(
            sale_id=sale.id,
            position=position,
            from_method=before.method,
            from_reference=before.reference,
            to_method=to.method,
            to_reference=to.reference,
            user_id=by.id,
            approval_id=approval_id,
            reason=reason,
            at=clock.now(),
        )
        session.add(correction)
        change = [f"{way.method} {way.reference}".strip() for way in (before, to)]
        log("payment.correct", sale.receipt, by, sale.gallery.unit_id, method=change, reason=reason)
    return correction


def _is(payment: Payment) -> Any:
    return sa.and_(Payment.sale_id == payment.sale_id, Payment.position == payment.position)


def _check(payment: Payment, to: Way) -> None:
    if payment.method == OWED:
        raise PosError("Belum ada uang di sini: catat pelunasannya.")
    if wrong := faults(to.method, to.reference, payment.tendered - payment.change):
        raise PosError("Koreksi ini tidak bisa dicatat.", fields=wrong)

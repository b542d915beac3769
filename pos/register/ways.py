"""How a payment was made, as it holds today: as its newest correction says."""

from typing import Any

import sqlalchemy as sa

from pos import money
from pos.errors import N_, Sentence
from pos.register.models import METHODS, QRIS_LIMIT, Payment, PaymentCorrection

LONGEST_REFERENCE = 60


def faults(method: str, reference: str, amount: int) -> dict[str, str | Sentence]:
    """What is wrong with money of `amount` rupiah that came in this way, by field; empty when nothing is."""
    wrong: dict[str, str | Sentence] = {}
    if method not in METHODS:
        wrong["method"] = N_("Pilih cara bayarnya.")
    if len(reference) > LONGEST_REFERENCE or not reference.isprintable():
        wrong["reference"] = Sentence(N_("Harus teks, paling banyak %(most)d huruf."), most=LONGEST_REFERENCE)
    elif method != "cash" and not reference:
        wrong["reference"] = N_("Isi nomor referensi dari bukti bayar.")
    if method == "qris" and amount > QRIS_LIMIT:
        wrong["method"] = Sentence(N_("QRIS paling banyak %(most)s."), most=money.rupiah(QRIS_LIMIT))
    return wrong


def method_now() -> Any:
    """Expression beside `Payment`: the method that holds for it today."""
    return _newest(PaymentCorrection.to_method, Payment.method)


def reference_now() -> Any:
    return _newest(PaymentCorrection.to_reference, Payment.reference)


def _newest(corrected: Any, written: Any) -> Any:
    last = (
        sa.select(corrected)
        .where(PaymentCorrection.sale_id == Payment.sale_id, PaymentCorrection.position == Payment.position)
        .order_by(PaymentCorrection.id.desc())
        .limit(1)
        .correlate(Payment)
        .scalar_subquery()
    )
    return sa.func.coalesce(last, written)

"""How a payment was made, as it holds today: as its newest correction says."""

from typing import Any

import sqlalchemy as sa

from pos.register.models import Payment, PaymentCorrection


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

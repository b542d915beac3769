"""What somebody should look at: documents that contradict each other, and sales with something odd."""

from typing import Any

import sqlalchemy as sa

from pos.register.lookup import galleries_within
from pos.register.models import Sale, SaleConflict
from pos.units.models import User
from pos.units.services import Person


def conflicts(person: Person) -> Any:
    """SELECT of the refused documents about notas in the person's scope, the latest first."""
    return (
        sa.select(
            SaleConflict.received_at,
            SaleConflict.document,
            Sale.receipt,
            Sale.total,
            Sale.zone,
            Sale.seller_name,
            User.name.label("sender"),
        )
        .join(Sale, Sale.id == SaleConflict.sale_id)
        .join(User, User.id == SaleConflict.user_id)
        .where(Sale.gallery_id.in_(galleries_within(person)))
        .order_by(SaleConflict.received_at.desc(), SaleConflict.id.desc())
    )


def flagged(person: Person) -> Any:
    """SELECT of the notas in the person's scope that were recorded with a flag, the latest first."""
    return (
        sa.select(
            Sale.receipt,
            Sale.sold_at,
            Sale.recorded_at,
            Sale.zone,
            Sale.seller_name,
            Sale.gallery_name,
            Sale.total,
            Sale.flags,
        )
        .where(Sale.flags != "", Sale.gallery_id.in_(galleries_within(person)))
        .order_by(Sale.sold_at.desc(), Sale.receipt)
    )

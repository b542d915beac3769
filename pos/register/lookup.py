"""Finding recorded sales, through the person who asks."""

from typing import Any

import sqlalchemy as sa

from pos.db import db
from pos.errors import NotFound
from pos.register.models import Sale
from pos.units.models import Gallery, Unit
from pos.units.services import Person, within


def sale_for(person: Person, receipt: str) -> Sale:
    """The nota with this number, sold by a gallery in the person's scope, or `NotFound`."""
    sale = db.session.scalar(
        sa.select(Sale).where(Sale.receipt == receipt.strip().upper(), Sale.gallery_id.in_(galleries_within(person)))
    )
    if sale is None:
        raise NotFound("Nota %(receipt)s tidak ada atau di luar wewenang Anda.", receipt=receipt)
    return sale


def galleries_within(person: Person) -> Any:
    """Subquery of the gallery ids in the person's scope."""
    return sa.select(Gallery.id).join(Unit).where(within(person))


def receipt_number(register: str, number: int) -> str:
    return f"{register}-{number:06d}"


def next_number(register_id: int) -> int:
    return (db.session.scalar(sa.select(sa.func.max(Sale.number)).where(Sale.register_id == register_id)) or 0) + 1


def sale_numbered(receipt: str) -> Sale:
    """The nota with this number, whoever sold it (for commands on the server itself), or `NotFound`."""
    sale = db.session.scalar(sa.select(Sale).where(Sale.receipt == receipt.strip().upper()))
    if sale is None:
        raise NotFound("Nota %(receipt)s tidak ada.", receipt=receipt)
    return sale

"""Produk unggulan: each UPT names one or two of its products."""

import sqlalchemy as sa

from pos.catalog import services
from pos.catalog.models import Product
from pos.db import db
from pos.errors import N_, PosError, Sentence
from pos.units import services as units
from pos.units.services import Person

TARGET = 2  # of each UPT, and no more


def of_maker(maker_id: int) -> list[Product]:
    """The featured products of a UPT that are on sale, the longest known first; older data may hold more than two."""
    query = sa.select(Product).where(Product.maker_id == maker_id, Product.featured, Product.active)
    return list(db.session.scalars(query.order_by(Product.id)))


def make_room(person: Person, maker_id: int, instead_of: int = 0) -> None:
    """Let one more product of the UPT be featured (inside `atomic()`, under `services.hold()`).

    Where there are two, the one whose id is `instead_of` makes room; without it a `PosError` at `instead_of` asks.
    """
    there = of_maker(maker_id)
    if len(there) < TARGET:
        return
    leaves = next((product for product in there if product.id == instead_of), None)
    if leaves is None or len(there) > TARGET:
        text = N_("UPT ini sudah punya dua produk unggulan: %(names)s. Pilih yang digantikan.")
        if len(there) > TARGET:
            text = N_("UPT ini sudah punya lebih dari dua produk unggulan: %(names)s. Lepas dahulu yang berlebih.")
        names = ", ".join(product.name for product in there)
        raise PosError("Paling banyak dua produk unggulan.", fields={"instead_of": Sentence(text, names=names)})
    leaves.featured = False
    leaves.version = services.next_version()
    units.log("product.edit", leaves.name, person, maker_id, product=leaves.id, changes={"featured": [True, False]})

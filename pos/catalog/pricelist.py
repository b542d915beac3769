"""The list of prices: what is asked now for everything on sale, and what will be from a later day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.catalog.listing import found_by
from pos.catalog.models import Price, Product
from pos.catalog.services import may_edit, price_id_at
from pos.db import db, search_words
from pos.units.models import Unit
from pos.units.services import Person


@dataclass(frozen=True)
class Filters:
    """What the address of the list says; `later` leaves only products with a price set for later."""

    search: str = ""
    category: str = ""
    maker: int = 0
    later: bool = False
    sort: str = "nama"


def listed(person: Person, filters: Filters) -> Any:
    """Query of the products on sale in the person's scope with their prices in force."""
    query = (
        sa.select(
            Product.id,
            Product.name,
            Product.category,
            Product.unit_of_measure,
            Product.auction,
            Unit.name.label("maker"),
            Unit.zone,
            Price.amount,
            Price.wholesale,
            Price.wholesale_from,
            Price.inside,
        )
        .join(Unit, Unit.id == Product.maker_id)
        .join(Price, Price.id == price_id_at(clock.now()))
        .where(Product.active, may_edit(person))
    )
    if filters.category:
        query = query.where(Product.category == filters.category)
    if filters.maker:
        query = query.where(Product.maker_id == filters.maker)
    if filters.later:
        coming = sa.select(Price.product_id).where(Price.from_at > clock.now())
        query = query.where(Product.id.in_(coming))
    query = query.where(*map(found_by, search_words(filters.search)))
    columns = {
        "nama": sa.func.lower(Product.name),
        "pembuat": Unit.name,
        "kategori": sa.func.lower(Product.category),
        "harga": Price.amount,
    }
    column = columns.get(filters.sort.lstrip("-"), columns["nama"])
    return query.order_by(column.desc() if filters.sort.startswith("-") else column, columns["nama"], Product.id)


def coming(product_ids: Sequence[int]) -> dict[int, list[Price]]:
    """The prices set for later, by product id, in the order in which they come into force."""
    found: dict[int, list[Price]] = {}
    wanted = set(product_ids)
    later = sa.select(Price).where(Price.from_at > clock.now()).order_by(Price.from_at, Price.id)
    for price in db.session.scalars(later):  # ever few: an index holds them, and a list of ids would be longer
        if price.product_id in wanted:
            found.setdefault(price.product_id, []).append(price)
    return found

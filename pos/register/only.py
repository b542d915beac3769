"""Pieces of which there is only one: sold once, then off every shelf until they come back.

Like stock this stands in nobody's way: whoever holds the piece in the hand sells it, and what cannot be is flagged.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pos import clock, money
from pos.catalog.models import Barcode, Product
from pos.catalog.services import Snapshot, next_version
from pos.db import atomic, db
from pos.errors import NotFound
from pos.fast import Query
from pos.register.lookup import galleries_within
from pos.register.models import Sale, SaleLine
from pos.units.services import Person, log


def of(lines: list[dict[str, Any]], known: Snapshot) -> list[int]:
    """The ids of the products among the rows that there is only one of."""
    return [row["product_id"] for row in lines if known.by_id[row["product_id"]].one_of_a_kind]


def odd(connection: Connection, lines: list[dict[str, Any]], known: Snapshot) -> list[str]:
    """`sold_before` where a piece is sold that is gone, or more than one of it."""
    ids = of(lines, known)
    many = any(row["quantity"] > money.THOUSAND for row in lines if row["product_id"] in ids)
    again = any((_SOLD.first(connection, id=product_id) or {})["quantity"] > 0 for product_id in ids)
    return ["sold_before"] if many or again else []


def move(lines: list[dict[str, Any]], known: Snapshot, person: Person) -> None:
    """Take what was sold off the shelves, put back what came back: a change of the catalogue after the sale's own."""
    ids = of(lines, known)
    if not ids:
        return
    active = lines[0]["quantity"] < 0
    with atomic() as session:
        for product in session.scalars(sa.select(Product).where(Product.id.in_(ids), Product.active != active)):
            product.active = active
            product.version = next_version()
            act = "product.restore" if active else "product.sold"
            log(act, product.name, person, product.maker_id, product=product.id)


def meaning(person: Person, code: str) -> dict[str, Any]:
    """What a code means that no till sells any more: the product's name and, of a piece that there is only one of,
    the nota it went with. Outside the person's scope nothing but that it is sold. `NotFound` for no code of ours.
    """
    product = db.session.scalar(sa.select(Product).join(Product.barcodes).where(Barcode.code == code))
    if product is None:
        raise NotFound("Kode %(code)s tidak dikenal.", code=code)
    sold = None
    if product.one_of_a_kind and not product.active:
        newest = sa.select(Sale).join(SaleLine).where(SaleLine.product_id == product.id, SaleLine.quantity > 0)
        sold = db.session.scalar(newest.order_by(Sale.sold_at.desc()).limit(1))
    return {"code": code, "name": product.name, "active": product.active, "sold": sold and _told(person, sold)}


def _told(person: Person, sale: Sale) -> dict[str, Any]:
    theirs = db.session.scalar(
        sa.select(Sale.id).where(Sale.id == sale.id, Sale.gallery_id.in_(galleries_within(person)))
    )
    when = clock.local(sale.sold_at, sale.zone).isoformat(timespec="milliseconds")
    return {"receipt": sale.receipt if theirs else None, "gallery": sale.gallery_name, "sold_at": when}


_SOLD = Query(
    sa.select(sa.func.coalesce(sa.func.sum(SaleLine.quantity), 0).label("quantity")).where(
        SaleLine.product_id == sa.bindparam("id", type_=SaleLine.product_id.type)
    )
)

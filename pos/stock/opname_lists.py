"""Opnames to be read: the list, the last counts, what was found, what came too late for it."""

from typing import Any

import sqlalchemy as sa

from pos.catalog.models import Product
from pos.db import db
from pos.errors import N_
from pos.stock.opname_models import Opname, OpnameClosing, OpnameCount, OpnameLine
from pos.stock.opnames import Found, books_before, found, last_counts
from pos.units.models import Gallery, Unit, User
from pos.units.services import Person, within

STATE_NAMES = {"open": N_("Sedang dihitung"), "approved": N_("Disetujui"), "cancelled": N_("Dibatalkan")}


def last_counted(row: Opname, most: int = 15) -> list[tuple[Any, Found]]:
    """The products that were counted last, the newest first."""
    counts = sorted(found(row).values(), key=lambda one: one.counted_at, reverse=True)[:most]
    ids = [one.product_id for one in counts]
    named = {product.id: product for product in db.session.scalars(sa.select(Product).where(Product.id.in_(ids)))}
    return [(named[one.product_id], one) for one in counts]


def counters(row: Opname) -> list[str]:
    """The names of those who counted."""
    query = (
        sa.select(User.name).join(OpnameCount, OpnameCount.user_id == User.id).where(OpnameCount.opname_id == row.id)
    )
    return list(db.session.scalars(query.distinct().order_by(User.name)))


def result(row: Opname) -> list[tuple[Any, Found]]:
    """Every counted product with what was found, the largest differences first; frozen once it is approved."""
    if row.closing and row.closing.approved:
        lines = db.session.scalars(sa.select(OpnameLine).where(OpnameLine.opname_id == row.id))
        known = {
            one.product_id: Found(one.product_id, one.counted, one.book, one.counted_at, False, frozenset())
            for one in lines
        }
    else:
        known = found(row)
    query = (
        sa.select(Product.id, Product.name, Product.unit_of_measure, Unit.name.label("maker"))
        .join(Unit, Unit.id == Product.maker_id)
        .where(Product.id.in_(known))
    )
    rows = [(product, known[product.id]) for product in db.session.execute(query)]
    return sorted(rows, key=lambda pair: (not pair[1].disturbed, -abs(pair[1].difference), pair[0].name.lower()))


def came_after(row: Opname) -> list[tuple[str, int]]:
    """Products (name, thousandths) sold before they were counted whose notas came only after the approval."""
    last = last_counts(row)
    query = (
        sa.select(OpnameLine.product_id, Product.name, OpnameLine.book - last.c.ahead)
        .join(Product, Product.id == OpnameLine.product_id)
        .join(last, last.c.product_id == OpnameLine.product_id)
        .where(OpnameLine.opname_id == row.id)
        .order_by(Product.name)
    )
    books = books_before(row)
    late = [(name, books.get(product_id, 0) - int(book)) for product_id, name, book in db.session.execute(query)]
    return [(name, quantity) for name, quantity in late if quantity]


def opnames(person: Person, gallery_id: int = 0) -> Any:
    """Query of the opnames in scope, newest first, with `Gallery` name and unit, counts and closing."""
    counted = (
        sa.select(OpnameCount.opname_id, sa.func.count(sa.distinct(OpnameCount.product_id)).label("products"))
        .group_by(OpnameCount.opname_id)
        .subquery()
    )
    wrong = (
        sa.select(OpnameLine.opname_id, sa.func.count(OpnameLine.move_id).label("wrong"))
        .group_by(OpnameLine.opname_id)
        .subquery()
    )
    query = (
        sa.select(
            Opname.id,
            Opname.number,
            Opname.at,
            Opname.note,
            Unit.zone,
            Gallery.name.label("gallery"),
            Unit.name.label("unit"),
            User.name.label("user"),
            OpnameClosing.at.label("closed_at"),
            OpnameClosing.approved,
            sa.func.coalesce(counted.c.products, 0).label("products"),
            wrong.c.wrong,
        )
        .join(Gallery, Gallery.id == Opname.gallery_id)
        .join(Unit, Unit.id == Gallery.unit_id)
        .outerjoin(User, User.id == Opname.user_id)
        .outerjoin(OpnameClosing, OpnameClosing.opname_id == Opname.id)
        .outerjoin(counted, counted.c.opname_id == Opname.id)
        .outerjoin(wrong, wrong.c.opname_id == Opname.id)
        .where(within(person))
        .order_by(OpnameClosing.opname_id.is_not(None), Opname.at.desc(), Opname.id.desc())
    )
    return query.where(Opname.gallery_id == gallery_id) if gallery_id else query


def state_of(row: Any) -> str:
    """The state of a row of `opnames`, a key of `STATE_NAMES`."""
    if row.closed_at is None:
        return "open"
    return "approved" if row.approved else "cancelled"

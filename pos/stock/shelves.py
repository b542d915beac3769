"""What lies where, now: the list of stock, and how much of it there should be at least."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos.catalog.models import MAX_QUANTITY, Barcode, Product
from pos.db import atomic, db, search_words
from pos.errors import N_, PosError
from pos.stock import services
from pos.stock.document_models import Transfer
from pos.stock.models import StockMinimum, StockMove
from pos.stock.transfers import lines_open
from pos.units.models import Gallery, Unit
from pos.units.services import Person, gallery_for, log, within

STATE_NAMES = {"ada": N_("Ada"), "habis": N_("Habis"), "minus": N_("Minus"), "rendah": N_("Di bawah minimum")}


@dataclass(frozen=True)
class Filters:
    """What the address of the list asks for; with nothing asked, all that lies (or should lie) somewhere in scope."""

    gallery: int = 0
    category: str = ""
    state: str = ""  # one of STATE_NAMES
    search: str = ""
    sort: str = "produk"


def stock(person: Person, filters: Filters) -> Any:
    """Query of one row a gallery and product: names, `on_hand`, `minimum` (None for none), and what is on the way.

    That is `coming`, `going`, and `unsaid`: what others counted more of than this gallery said it sent.
    """
    query = _rows(person, filters.gallery)
    columns = query.selected_columns
    if filters.category:
        query = query.where(Product.category == filters.category)
    for word in search_words(filters.search):
        has_code = sa.exists().where(Barcode.product_id == Product.id, Barcode.code.startswith(word, autoescape=True))
        query = query.where(Product.name.icontains(word, autoescape=True) | has_code)
    on_hand, minimum = columns.on_hand, columns.minimum
    states = {
        "ada": on_hand > 0,
        "habis": on_hand == 0,
        "minus": on_hand < 0,
        "rendah": on_hand < minimum,
    }
    if filters.state in states:
        query = query.where(states[filters.state])
    sorts = {
        "produk": sa.func.lower(Product.name),
        "galeri": Gallery.name,
        "kategori": sa.func.lower(Product.category),
        "stok": on_hand,
    }
    column = sorts.get(filters.sort.lstrip("-"), sorts["produk"])
    order = column.desc() if filters.sort.startswith("-") else column
    return query.order_by(order, sorts["produk"], Product.id, Gallery.name, Gallery.id)


def counts(person: Person, filters: Filters) -> dict[str, int]:
    """How many rows each state has among what else is asked for."""
    found = {}
    for state in ("minus", "rendah"):
        rows = stock(person, replace(filters, state=state)).order_by(None).subquery()
        found[state] = db.session.scalar(sa.select(sa.func.count()).select_from(rows)) or 0
    return found


def _rows(person: Person, gallery_id: int) -> Any:
    galleries = sa.select(Gallery.id).join(Unit).where(within(person))
    if gallery_id:
        galleries = galleries.where(Gallery.id == gallery_id)
    lying, maker = sums(galleries), aliased(Unit)
    code = sa.select(sa.func.min(Barcode.code)).where(Barcode.product_id == Product.id)
    return (
        sa.select(
            lying.c.gallery_id,
            lying.c.product_id,
            Gallery.name.label("gallery"),
            Unit.name.label("unit"),
            Product.name.label("product"),
            Product.category,
            Product.unit_of_measure,
            maker.name.label("maker"),
            code.correlate(Product).scalar_subquery().label("code"),
            lying.c.on_hand,
            lying.c.minimum,
            lying.c.coming,
            lying.c.going,
            lying.c.unsaid,
        )
        .join(Gallery, Gallery.id == lying.c.gallery_id)
        .join(Unit, Unit.id == Gallery.unit_id)
        .join(Product, Product.id == lying.c.product_id)
        .join(maker, maker.id == Product.maker_id)
    )


def sums(galleries: Any) -> Any:
    """Moves, minimums and what is on the way, by gallery and product."""
    nought, none = sa.literal_column("0", sa.BigInteger), sa.cast(sa.null(), sa.BigInteger)
    coming = lines_open().where(Transfer.to_id.in_(galleries)).subquery()
    going = lines_open().where(Transfer.from_id.in_(galleries)).subquery()
    here = (StockMove.gallery_id, StockMove.product_id)
    moves = sa.select(*here, services.total(StockMove.quantity).label("on_hand"), none.label("minimum"))
    moves = moves.where(StockMove.gallery_id.in_(galleries)).group_by(*here)
    least = sa.select(StockMinimum.gallery_id, StockMinimum.product_id, nought, StockMinimum.quantity)
    come = sa.select(coming.c.to_id, coming.c.product_id, nought, none, coming.c.open, nought, nought)
    go = sa.select(going.c.from_id, going.c.product_id, nought, none, nought)
    parts = sa.union_all(
        moves.add_columns(*(nought.label(name) for name in ("coming", "going", "unsaid"))),
        least.add_columns(nought, nought, nought).where(StockMinimum.gallery_id.in_(galleries)),
        come.where(coming.c.open > 0),
        go.add_columns(going.c.open, nought).where(going.c.open > 0),
        go.add_columns(nought, -going.c.open).where(going.c.open < 0),
    ).subquery()
    keys = (parts.c.gallery_id, parts.c.product_id)
    return (
        sa.select(
            *keys,
            services.total(parts.c.on_hand).label("on_hand"),
            sa.func.max(parts.c.minimum).label("minimum"),
            *(services.total(parts.c[name]).label(name) for name in ("coming", "going", "unsaid")),
        )
        .group_by(*keys)
        .subquery()
    )


def categories(person: Person) -> Sequence[str]:
    """Of what ever lay in the person's galleries."""
    galleries = sa.select(Gallery.id).join(Unit).where(within(person))
    moved = sa.select(StockMove.product_id).where(StockMove.gallery_id.in_(galleries))
    query = sa.select(Product.category).where(Product.id.in_(moved)).distinct().order_by(Product.category)
    return db.session.scalars(query).all()


def minimums(person: Person, product_id: int) -> dict[int, int]:
    """By gallery id in scope: how much of the product there should be at least."""
    galleries = sa.select(Gallery.id).join(Unit).where(within(person))
    query = sa.select(StockMinimum.gallery_id, StockMinimum.quantity).where(
        StockMinimum.product_id == product_id, StockMinimum.gallery_id.in_(galleries)
    )
    return {gallery_id: int(quantity) for gallery_id, quantity in db.session.execute(query)}


def set_minimum(person: Person, gallery_id: int, product_id: int, quantity: int) -> None:
    """From now on the gallery wants at least so many thousandths of the product; 0 for no minimum."""
    gallery = gallery_for(person, gallery_id)
    if not 0 <= quantity <= MAX_QUANTITY:
        raise PosError("Jumlah tidak sah.", fields={"quantity": N_("Isi nol atau lebih.")})
    with atomic() as session:
        row = session.get(StockMinimum, (gallery.id, product_id))
        if row and not quantity:
            session.delete(row)
        elif row:
            row.quantity = quantity
        elif quantity:
            session.add(StockMinimum(gallery_id=gallery.id, product_id=product_id, quantity=quantity))
        log("stock.minimum", gallery.name, person, gallery.unit_id, product=product_id, quantity=quantity)

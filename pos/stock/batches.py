"""What will soon be past its date: batches that must still be there if what came first was sold first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos import clock
from pos.catalog.models import Product
from pos.db import db
from pos.stock.document_models import ReceivingLine, TransferArrivalLine, TransferLine
from pos.stock.models import StockMove
from pos.units.models import Gallery, Unit
from pos.units.services import Person, within


@dataclass(frozen=True)
class Batch:
    """So many thousandths of a product with one production code and date, as far as first in, first out tells."""

    gallery_id: int
    gallery: str
    unit: str
    product_id: int
    product: str
    unit_of_measure: str
    maker: str
    production_code: str
    expires_on: date
    quantity: int
    days: int  # until then; negative when it is past


def expiring(person: Person, within_days: int, gallery_id: int = 0) -> list[Batch]:
    """Batches in scope whose date is at most so many days away, the most urgent first."""
    galleries = sa.select(Gallery.id).join(Unit).where(within(person))
    if gallery_id:
        galleries = galleries.where(Gallery.id == gallery_id)
    today = clock.today(person.zone)
    left = dict(_left(galleries, today + timedelta(within_days)))
    if not left:
        return []
    batches = [
        Batch(
            gallery_id=row.gallery_id,
            gallery=row.gallery,
            unit=row.unit,
            product_id=row.product_id,
            product=row.product,
            unit_of_measure=row.unit_of_measure,
            maker=row.maker,
            production_code=code,
            expires_on=expires_on,
            quantity=quantity,
            days=(expires_on - today).days,
        )
        for row in _named({key[0] for key in left}, {key[1] for key in left})
        for code, expires_on, quantity in left.get((row.gallery_id, row.product_id), ())
    ]
    return sorted(batches, key=lambda batch: (batch.expires_on, batch.gallery, batch.product.lower()))


def remaining(held: int, inflows: Iterable[tuple[int, str, date | None]]) -> list[tuple[str, date, int]]:
    """What is left of dated batches of `inflows` (quantity, code, date; newest first) when `held` are there.

    What came last is what is still there: going back from the newest, each batch takes what is left of `held`.
    """
    left: dict[tuple[str, date], int] = {}
    for quantity, code, expires_on in inflows:
        if held <= 0:
            break
        part = min(quantity, held)
        held -= part
        if expires_on:
            left[code, expires_on] = left.get((code, expires_on), 0) + part
    return [(*key, quantity) for key, quantity in left.items()]


def _left(galleries: Any, until: date) -> Iterator[tuple[tuple[int, int], list[tuple[str, date, int]]]]:
    dated = _inflows(galleries).subquery()
    pairs = sa.select(dated.c.gallery_id, dated.c.product_id).where(dated.c.expires_on <= until).distinct().subquery()
    here = (StockMove.gallery_id == pairs.c.gallery_id, StockMove.product_id == pairs.c.product_id)
    keys = (StockMove.gallery_id, StockMove.product_id)
    sums = sa.select(*keys, sa.func.sum(StockMove.quantity)).join(pairs, sa.and_(*here)).group_by(*keys)
    held = {(gallery, product): int(quantity) for gallery, product, quantity in db.session.execute(sums)}
    came: dict[tuple[int, int], list[tuple[int, str, date | None]]] = {}
    inflows = _inflows(galleries).join(pairs, sa.and_(*here)).order_by(StockMove.at.desc(), StockMove.id.desc())
    for row in db.session.execute(inflows):
        one = (row.quantity, row.production_code or "", row.expires_on)
        came.setdefault((row.gallery_id, row.product_id), []).append(one)
    for key, quantity in held.items():
        batches = [one for one in remaining(quantity, came.get(key, [])) if one[1] <= until]
        if batches:
            yield key, batches


def _inflows(galleries: Any) -> Any:
    """What came into these galleries, with the batch that its paper names."""
    line, arrived, sent = ReceivingLine, TransferArrivalLine, TransferLine
    same = sa.and_(sent.transfer_id == arrived.transfer_id, sent.position == arrived.position)
    return (
        sa.select(
            StockMove.gallery_id,
            StockMove.product_id,
            StockMove.quantity,
            sa.func.coalesce(line.production_code, sent.production_code).label("production_code"),
            sa.func.coalesce(line.expires_on, sent.expires_on).label("expires_on"),
        )
        .outerjoin(line, line.move_id == StockMove.id)
        .outerjoin(arrived, arrived.move_id == StockMove.id)
        .outerjoin(sent, same)
        .where(StockMove.gallery_id.in_(galleries), StockMove.quantity > 0)
        .where(StockMove.reason.in_(("receive", "arrived")))
    )


def _named(galleries: set[int], products: set[int]) -> Any:
    maker = aliased(Unit)
    query = (
        sa.select(
            Gallery.id.label("gallery_id"),
            Gallery.name.label("gallery"),
            Unit.name.label("unit"),
            Product.id.label("product_id"),
            Product.name.label("product"),
            Product.unit_of_measure,
            maker.name.label("maker"),
        )
        .select_from(Gallery)
        .join(Unit, Unit.id == Gallery.unit_id)
        .join(Product, Product.id.in_(products))
        .join(maker, maker.id == Product.maker_id)
        .where(Gallery.id.in_(galleries))
    )
    return db.session.execute(query)

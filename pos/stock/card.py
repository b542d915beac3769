"""The stock card of a product: every move with the balance it left in its gallery, and the paper behind it."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from pos.db import Model, db
from pos.stock import services
from pos.stock.document_models import (
    ReceivingLine,
    TransferArrivalLine,
    TransferLine,
    TransferOutcome,
    WriteOffLine,
)
from pos.stock.models import StockMove
from pos.stock.opname_models import OpnameLine
from pos.units.models import Gallery, Unit, User
from pos.units.services import Person, within


def card(
    person: Person, product_id: int, gallery_id: int = 0, since: date | None = None, until: date | None = None
) -> Any:
    """Query of the moves of a product in scope, newest first, each with `balance`, that of its gallery after it.

    `since` and `until` are days of the person's zone.
    """
    moves = _balanced(person, product_id, gallery_id)
    query = sa.select(moves).order_by(moves.c.at.desc(), moves.c.id.desc())
    if since:
        query = query.where(moves.c.at >= services.start_of(since, person.zone))
    if until:
        query = query.where(moves.c.at < services.start_of(until, person.zone, 1))
    return query


def _balanced(person: Person, product_id: int, gallery_id: int) -> Any:
    sale = Model.metadata.tables["sale"]  # the moves' foreign key knows it; the room that sells stands above
    balance = sa.func.sum(StockMove.quantity).over(
        partition_by=StockMove.gallery_id, order_by=(StockMove.at, StockMove.id)
    )
    transfer_id = sa.func.coalesce(
        TransferLine.transfer_id, TransferArrivalLine.transfer_id, TransferOutcome.transfer_id
    )
    query = (
        sa.select(
            StockMove.id,
            StockMove.at,
            StockMove.quantity,
            StockMove.reason,
            StockMove.note,
            StockMove.gallery_id,
            Gallery.name.label("gallery"),
            Unit.name.label("unit"),
            Unit.zone,
            User.name.label("user"),
            sa.cast(balance, sa.BigInteger).label("balance"),
            sale.c.receipt,
            ReceivingLine.receiving_id,
            ReceivingLine.production_code,
            transfer_id.label("transfer_id"),
            WriteOffLine.write_off_id,
            OpnameLine.opname_id,
        )
        .join(Gallery, Gallery.id == StockMove.gallery_id)
        .join(Unit, Unit.id == Gallery.unit_id)
        .outerjoin(User, User.id == StockMove.user_id)
        .outerjoin(sale, sale.c.id == StockMove.sale_id)
    )
    for line in (ReceivingLine, TransferLine, TransferArrivalLine, TransferOutcome, WriteOffLine, OpnameLine):
        query = query.outerjoin(line, line.move_id == StockMove.id)
    query = query.where(StockMove.product_id == product_id, within(person))
    return (query.where(StockMove.gallery_id == gallery_id) if gallery_id else query).subquery()


def opening(person: Person, product_id: int, gallery_id: int, since: date) -> int:
    """Thousandths that lay there when `since` began."""
    query = (
        sa.select(sa.func.sum(StockMove.quantity))
        .join(Gallery, Gallery.id == StockMove.gallery_id)
        .join(Unit, Unit.id == Gallery.unit_id)
        .where(StockMove.product_id == product_id, within(person))
        .where(StockMove.at < services.start_of(since, person.zone))
    )
    return int(db.session.scalar(query.where(StockMove.gallery_id == gallery_id) if gallery_id else query) or 0)

"""Whether the papers that move stock and the moves say the same, and what the lists say lies where."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import sqlalchemy as sa

from pos.db import db
from pos.stock import shelves, transfers
from pos.stock.document_models import (
    OF_OVER,
    OF_SHORT,
    Receiving,
    ReceivingLine,
    Transfer,
    TransferArrivalLine,
    TransferLine,
    TransferOutcome,
    WriteOff,
    WriteOffLine,
)
from pos.stock.models import StockMove
from pos.stock.opname_models import Opname, OpnameLine
from pos.units.models import Gallery

ON_PAPER = ("sent", "arrived", "write_off", "opname")  # goods were received and corrected before there were papers


def on_hand_is_the_sum_of_moves() -> Iterator[str]:
    """Galleries and products of which the list of stock does not say what the moves add up to."""
    said = {(row.gallery_id, row.product_id): int(row.on_hand) for row in db.session.execute(_lying())}
    keys = (StockMove.gallery_id, StockMove.product_id)
    query = sa.select(*keys, sa.func.sum(StockMove.quantity)).group_by(*keys)
    for gallery_id, product_id, quantity in db.session.execute(query):
        if said.pop((gallery_id, product_id), None) != int(quantity):
            yield f"{gallery_id} {product_id}"
    yield from (f"{gallery_id} {product_id}" for (gallery_id, product_id), quantity in said.items() if quantity)


@cache  # a query as large takes longer to write than to answer
def _lying() -> Any:
    return sa.select(shelves.sums(sa.select(Gallery.id)))


def _papers() -> Iterator[tuple[str, Any]]:
    """Query of `move_id, gallery_id, product_id, quantity` of each kind of line that must have moved stock, and why."""
    sent, found = TransferLine, TransferOutcome
    here = (TransferArrivalLine.transfer_id == sent.transfer_id, TransferArrivalLine.position == sent.position)
    shelf = sa.case((found.outcome.in_(transfers.AT_TARGET), Transfer.to_id), else_=Transfer.from_id)
    of_transfer = sa.select(sent.move_id, Transfer.from_id, sent.product_id, -sent.quantity).join(
        Transfer, Transfer.id == sent.transfer_id
    )
    arrived = sa.select(
        TransferArrivalLine.move_id, Transfer.to_id, sent.product_id, TransferArrivalLine.counted
    ).select_from(TransferArrivalLine)
    yield (
        "receive",
        sa.select(
            ReceivingLine.move_id, Receiving.gallery_id, ReceivingLine.product_id, ReceivingLine.quantity
        ).join_from(ReceivingLine, Receiving),
    )
    yield (
        "write_off",
        sa.select(WriteOffLine.move_id, WriteOff.gallery_id, WriteOffLine.product_id, -WriteOffLine.quantity).join_from(
            WriteOffLine, WriteOff
        ),
    )
    yield "sent", of_transfer.where(sent.quantity > 0)
    yield (
        "arrived",
        arrived.join(sent, sa.and_(*here))
        .join(Transfer, Transfer.id == sent.transfer_id)
        .where(TransferArrivalLine.counted > 0),
    )
    same = sa.and_(sent.transfer_id == found.transfer_id, sent.position == found.position)
    for outcome, (sign, reason) in transfers.MOVES.items():
        settled = sa.select(found.move_id, shelf, sent.product_id, sign * found.quantity).select_from(found)
        settled = settled.join(sent, same).join(Transfer, Transfer.id == sent.transfer_id)
        yield reason, settled.where(found.outcome == outcome)


@cache
def _wrong_papers() -> tuple[tuple[str, Any], ...]:
    """For each kind of line the query of moves that say something else, and why they were made."""
    found = []
    for reason, query in _papers():
        line = query.subquery()
        move_id, gallery_id, product_id, quantity = line.c
        same = sa.and_(
            StockMove.id == move_id,
            StockMove.gallery_id == gallery_id,
            StockMove.product_id == product_id,
            StockMove.quantity == quantity,
            StockMove.reason == reason,
        )
        wrong = sa.select(move_id).select_from(line).outerjoin(StockMove, same).where(StockMove.id.is_(None))
        found.append((reason, wrong))
    return tuple(found)


@cache
def _moves_alone() -> Any:
    lines = (TransferLine, TransferArrivalLine, TransferOutcome, WriteOffLine, OpnameLine)
    papers = sa.union_all(*(sa.select(line.move_id).where(line.move_id.is_not(None)) for line in lines)).subquery()
    return sa.select(StockMove.id).where(StockMove.reason.in_(ON_PAPER), StockMove.id.not_in(sa.select(papers)))


def every_paper_equals_its_moves() -> Iterator[str]:
    """Lines of papers whose move says something else, and moves that no paper accounts for."""
    for reason, wrong in _wrong_papers():
        for found in db.session.scalars(wrong):
            yield f"{reason}: move {found}"
    for found in db.session.scalars(_moves_alone()):
        yield f"move {found}"


@cache
def _wrongly_settled() -> Any:
    lines = transfers.lines_open().subquery()
    open_, counted, sent = lines.c.open, lines.c.counted, lines.c.quantity
    same = sa.and_(TransferOutcome.transfer_id == lines.c.transfer_id, TransferOutcome.position == lines.c.position)
    of_short, of_over = (TransferOutcome.outcome.in_(kinds) for kinds in (OF_SHORT, OF_OVER))
    wrong = sa.or_(
        (counted < sent) & ((open_ < 0) | of_over),
        (counted > sent) & ((open_ > 0) | of_short),
        (counted == sent) & TransferOutcome.id.is_not(None),
        (sent == 0) & (sa.func.coalesce(counted, 0) == 0),
    )
    return sa.select(lines.c.transfer_id, lines.c.position).outerjoin(TransferOutcome, same).where(wrong).distinct()


def what_was_sent_is_accounted_for() -> Iterator[str]:
    """Lines of transfers of which more was said than differs, or the wrong thing; unsent ones that did not arrive."""
    for transfer_id, position in db.session.execute(_wrongly_settled()):
        yield f"{transfer_id} #{position + 1}"


def opnames_move_their_differences() -> Iterator[str]:
    """Lines of approved opnames that did not move just what counting and books differed in."""
    same = sa.and_(
        StockMove.id == OpnameLine.move_id,
        StockMove.product_id == OpnameLine.product_id,
        StockMove.gallery_id == Opname.gallery_id,
        StockMove.reason == "opname",
        StockMove.quantity == OpnameLine.counted - OpnameLine.book,
    )
    query = (
        sa.select(Opname.id, OpnameLine.product_id)
        .join(OpnameLine, OpnameLine.opname_id == Opname.id)
        .outerjoin(StockMove, same)
        .where(OpnameLine.counted != OpnameLine.book, StockMove.id.is_(None))
    )
    for opname_id, product_id in db.session.execute(query):
        yield f"{opname_id}: {product_id}"

"""Transfers to be read: the list, what state each is in, where goods may be sent."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos.db import db
from pos.errors import N_
from pos.stock import services
from pos.stock.document_models import Transfer, TransferArrival
from pos.stock.transfers import lines_open, mine
from pos.units.models import Gallery, Unit
from pos.units.services import Person

STATE_NAMES = {
    "way": N_("Di jalan"),
    "short": N_("Kurang, belum jelas"),
    "over": N_("Lebih, belum jelas"),
    "done": N_("Diterima"),
    "recalled": N_("Ditarik kembali"),
}


def transfers(person: Person, gallery_id: int = 0, state: str = "") -> Any:
    """Query of the transfers from or to galleries in scope, newest first.

    `id, at, zone, source, source_unit, target, target_unit, note, lines, short, over, counted_at, recalled`; `short` is
    what is on the way or missing, `over` what came besides, both as far as nobody has said whence.
    """
    source, target, source_unit, target_unit = aliased(Gallery), aliased(Gallery), aliased(Unit), aliased(Unit)
    sums = _sums()
    query = (
        sa.select(
            Transfer.id,
            Transfer.at,
            source_unit.zone,
            source.name.label("source"),
            source_unit.name.label("source_unit"),
            target.name.label("target"),
            target_unit.name.label("target_unit"),
            Transfer.note,
            *(sums.c[name] for name in ("lines", "short", "over")),
            TransferArrival.at.label("counted_at"),
            TransferArrival.recalled,
        )
        .join(source, source.id == Transfer.from_id)
        .join(source_unit, source_unit.id == source.unit_id)
        .join(target, target.id == Transfer.to_id)
        .join(target_unit, target_unit.id == target.unit_id)
        .join(sums, sums.c.transfer_id == Transfer.id)
        .outerjoin(TransferArrival, TransferArrival.transfer_id == Transfer.id)
        .where(mine(person))
        .order_by(Transfer.at.desc(), Transfer.id.desc())
    )
    if gallery_id:
        query = query.where((Transfer.from_id == gallery_id) | (Transfer.to_id == gallery_id))
    condition = _conditions(sums).get(state)
    return query if condition is None else query.where(condition)


def _sums() -> Any:
    lines = lines_open().subquery()
    short, over = (sa.case((part > 0, part), else_=0) for part in (lines.c.open, -lines.c.open))
    count = sa.func.count().label("lines")
    sums = (count, services.total(short).label("short"), services.total(over).label("over"))
    return sa.select(lines.c.transfer_id, *sums).group_by(lines.c.transfer_id).subquery()


def _conditions(sums: Any) -> dict[str, Any]:
    counted = TransferArrival.transfer_id.is_not(None)
    return {
        "way": TransferArrival.transfer_id.is_(None),
        "short": counted & (sums.c.short > 0),
        "over": counted & (sums.c.over > 0),
        "done": TransferArrival.recalled.is_(False) & (sums.c.short == 0) & (sums.c.over == 0),
        "recalled": TransferArrival.recalled,
    }


def state_of(row: Any) -> str:
    """The state of a row of `transfers`, a key of `STATE_NAMES`; what is missing is said before what is too much."""
    if row.counted_at is None:
        return "way"
    if row.recalled:
        return "recalled"
    return "short" if row.short else "over" if row.over else "done"


def targets(besides: int = 0) -> Sequence[Any]:
    """Every open gallery of the nation: `id`, `name`, `unit`."""
    query = sa.select(Gallery.id, Gallery.name, Unit.name.label("unit")).join(Unit).where(Gallery.active)
    return db.session.execute(query.where(Gallery.id != besides).order_by(Unit.name, Gallery.name)).all()

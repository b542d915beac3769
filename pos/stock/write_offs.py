"""Writing off what a gallery no longer has: broken, past its date, gone, given away as a sample."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos import clock, money
from pos.db import atomic, db
from pos.errors import N_, NotFound, PosError
from pos.stock import goods, services
from pos.stock.document_models import LOSSES, WriteOff, WriteOffLine
from pos.stock.goods import Line
from pos.units.models import Gallery, Unit
from pos.units.services import Person, gallery_for, log, within

LOSS_NAMES = {
    "rusak": N_("Rusak"),
    "kedaluwarsa": N_("Kedaluwarsa"),
    "hilang": N_("Hilang"),
    "sampel": N_("Sampel atau hadiah"),
    "pakai": N_("Dipakai sendiri"),
    "lain": N_("Lainnya"),
}


def write_off(
    person: Person, gallery_id: int, lines: Sequence[Line], reason: str, note: str = "", key: str | None = None
) -> WriteOff:
    """Take these goods off the gallery's shelf for good, once by its `key`.

    Raises `PosError` on `reason`, `note` or `lines`.
    """
    gallery = gallery_for(person, gallery_id)
    if reason not in LOSSES:
        raise PosError("Sebab belum dipilih.", fields={"reason": N_("Pilih sebabnya.")})
    if reason == "lain" and not note:
        raise PosError("Sebab belum ditulis.", fields={"note": N_("Tulis sebabnya.")})
    goods.check(lines)
    cost = goods.costs([line.product_id for line in lines])
    with atomic() as session:
        if known := services.written(WriteOff, gallery.id, key, lines):
            return known
        now = clock.now()
        moved = [(line.product_id, -line.quantity) for line in lines]
        move_ids = services.add_moves(gallery.id, moved, "write_off", person, now, note)
        row = WriteOff(gallery_id=gallery.id, reason=reason, at=now, user_id=person.id, note=note, key=key)
        row.lines = [
            WriteOffLine(
                position=i,
                product_id=line.product_id,
                quantity=line.quantity,
                unit_cost=cost.get(line.product_id, 0),
                move_id=move_id,
            )
            for i, (line, move_id) in enumerate(zip(lines, move_ids, strict=True))
        ]
        session.add(row)
        session.flush()
        log("stock.write_off", gallery.name, person, gallery.unit_id, write_off=row.id, reason=reason, note=note)
    return row


def write_off_for(person: Person, write_off_id: int) -> WriteOff:
    query = sa.select(WriteOff).join(Gallery).join(Unit).where(WriteOff.id == write_off_id, within(person))
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("Penghapusan ini tidak ada atau di luar wewenang Anda.")
    return row


def write_offs(
    person: Person, gallery_id: int = 0, reason: str = "", since: date | None = None, until: date | None = None
) -> Any:
    """Query of the write-offs in scope, newest first: `id, at, zone, gallery, unit, reason, note, lines, cost`."""
    sums = (
        sa.select(
            WriteOffLine.write_off_id,
            sa.func.count().label("lines"),
            (services.total(WriteOffLine.unit_cost * WriteOffLine.quantity) // money.THOUSAND).label("cost"),
        )
        .group_by(WriteOffLine.write_off_id)
        .subquery()
    )
    query = (
        sa.select(
            WriteOff.id,
            WriteOff.at,
            Unit.zone,
            Gallery.name.label("gallery"),
            Unit.name.label("unit"),
            WriteOff.reason,
            WriteOff.note,
            sums.c.lines,
            sums.c.cost,
        )
        .join(Gallery, Gallery.id == WriteOff.gallery_id)
        .join(Unit, Unit.id == Gallery.unit_id)
        .join(sums, sums.c.write_off_id == WriteOff.id)
        .where(within(person))
        .order_by(WriteOff.at.desc(), WriteOff.id.desc())
    )
    if gallery_id:
        query = query.where(WriteOff.gallery_id == gallery_id)
    if reason:
        query = query.where(WriteOff.reason == reason)
    if since:
        query = query.where(WriteOff.at >= services.start_of(since, person.zone))
    if until:
        query = query.where(WriteOff.at < services.start_of(until, person.zone, 1))
    return query

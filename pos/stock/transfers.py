"""Moving goods from one gallery to another: sent, on the way, counted on arrival, and what became of the rest."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos import clock, money
from pos.db import atomic, db
from pos.errors import N_, Conflict, NotFound, PosError, Sentence
from pos.stock import goods, services
from pos.stock.document_models import (
    OUTCOMES,
    Transfer,
    TransferArrival,
    TransferArrivalLine,
    TransferLine,
    TransferOutcome,
)
from pos.stock.goods import Line
from pos.units.models import Gallery, Unit
from pos.units.services import Person, gallery_for, log, within

STATE_NAMES = {
    "way": N_("Di jalan"),
    "short": N_("Kurang, belum jelas"),
    "done": N_("Diterima"),
    "recalled": N_("Ditarik kembali"),
}
OUTCOME_NAMES = {
    "arrived": N_("Ditemukan di galeri tujuan"),
    "returned": N_("Ternyata masih di galeri asal"),
    "lost": N_("Hilang"),
}


def send(person: Person, from_id: int, to_id: int, lines: Sequence[Line], note: str = "") -> Transfer:
    """Take goods off the shelf of a gallery in scope and put them on the way to any open gallery."""
    source = gallery_for(person, from_id)
    target = db.session.get(Gallery, to_id)
    if target is None or not target.active or target.id == source.id:
        raise PosError("Galeri tujuan belum dipilih.", fields={"target": N_("Pilih galeri lain sebagai tujuan.")})
    goods.check(lines)
    with atomic() as session:
        now = clock.now()
        moved = [(line.product_id, -line.quantity) for line in lines]
        move_ids = services.add_moves(source.id, moved, "sent", person, now, note)
        row = Transfer(from_id=source.id, to_id=target.id, at=now, user_id=person.id, note=note)
        row.lines = [
            TransferLine(
                position=i,
                product_id=line.product_id,
                quantity=line.quantity,
                production_code=line.production_code,
                expires_on=line.expires_on,
                move_id=move_id,
            )
            for i, (line, move_id) in enumerate(zip(lines, move_ids, strict=True))
        ]
        session.add(row)
        session.flush()
        log("stock.send", f"{source.name} > {target.name}", person, source.unit_id, transfer=row.id, lines=len(lines))
    return row


def arrive(person: Person, transfer_id: int, counted: Mapping[int, int], note: str = "") -> Transfer:
    """Put what was counted (thousandths by line position) on the shelf of the gallery the goods were sent to.

    What is missing stays on the way until somebody says what became of it; more than was sent needs a note.
    """
    with atomic() as session:
        row = _held(person, transfer_id)
        gallery_for(person, row.to_id)
        _check_counts(row, counted, note)
        now = clock.now()
        came = [line for line in row.lines if counted[line.position]]
        moved = [(line.product_id, counted[line.position]) for line in came]
        move_ids = services.add_moves(row.to_id, moved, "arrived", person, now, note)
        moves = {line.position: move_id for line, move_id in zip(came, move_ids, strict=True)}
        _close(row, counted, moves, person, note, recalled=False)
        short = sum(max(0, line.quantity - counted[line.position]) for line in row.lines)
        over = sum(max(0, counted[line.position] - line.quantity) for line in row.lines)
        subject = f"{row.source.name} > {row.target.name}"
        log("stock.arrive", subject, person, row.target.unit_id, transfer=row.id, short=short, over=over, note=note)
        session.flush()
    return row


def recall(person: Person, transfer_id: int, note: str) -> Transfer:
    """Take everything back that has not been counted yet: it never left, or was brought back."""
    if not note:
        raise PosError("Penarikan perlu alasan.", fields={"note": N_("Tulis mengapa ditarik kembali.")})
    with atomic() as session:
        row = _held(person, transfer_id)
        gallery_for(person, row.from_id)
        _close(row, {line.position: 0 for line in row.lines}, {}, person, note, recalled=True)
        session.flush()
        for line in row.lines:
            _settle(row, line, "returned", line.quantity, note, person)
        log("stock.recall", f"{row.source.name} > {row.target.name}", person, row.source.unit_id, transfer=row.id)
    return row


def decide(person: Person, transfer_id: int, position: int, outcome: str, quantity: int, note: str) -> TransferOutcome:
    """Say what became of `quantity` thousandths of a line that did not arrive.

    Either gallery may say so of its own shelf; that goods are lost only the sender, whose they were.
    """
    if outcome not in OUTCOMES:
        raise PosError("Kejadian belum dipilih.", fields={"outcome": N_("Pilih apa yang terjadi.")})
    if not note:
        raise PosError("Keputusan perlu keterangan.", fields={"note": N_("Tulis bagaimana diketahui.")})
    with atomic():
        row = transfer_for(person, transfer_id, lock=True)
        gallery_for(person, row.to_id if outcome == "arrived" else row.from_id)
        line = next((line for line in row.lines if line.position == position), None)
        missing = still_missing(row).get(position, 0)
        if line is None or not missing:
            raise Conflict("Tidak ada yang kurang pada baris ini.")
        if not 0 < quantity <= missing:
            text = Sentence(N_("Yang kurang tinggal %(left)s."), left=money.quantity_text(missing))
            raise PosError("Jumlah tidak sah.", fields={"quantity": text})
        decided = _settle(row, line, outcome, quantity, note, person)
        log(f"stock.{outcome}", f"{row.source.name} > {row.target.name}", person, row.source.unit_id, transfer=row.id)
    return decided


def _held(person: Person, transfer_id: int) -> Transfer:
    row = transfer_for(person, transfer_id, lock=True)
    if db.session.get(TransferArrival, row.id):
        raise Conflict("Kiriman ini sudah dihitung.")
    return row


def _check_counts(row: Transfer, counted: Mapping[int, int], note: str) -> None:
    if set(counted) != {line.position for line in row.lines} or any(count < 0 for count in counted.values()):
        raise PosError("Hitungan belum lengkap.", fields={"lines": N_("Isi jumlah yang diterima pada setiap baris.")})
    if any(counted[line.position] > line.quantity for line in row.lines) and not note:
        raise PosError("Ada yang lebih.", fields={"note": N_("Tulis dari mana kelebihannya.")})


def _close(
    row: Transfer, counted: Mapping[int, int], moves: Mapping[int, int], person: Person, note: str, recalled: bool
) -> None:
    db.session.add(TransferArrival(transfer_id=row.id, at=clock.now(), user_id=person.id, note=note, recalled=recalled))
    db.session.flush()
    for position, count in counted.items():
        one = TransferArrivalLine(transfer_id=row.id, position=position, counted=count, move_id=moves.get(position))
        db.session.add(one)


def _settle(
    row: Transfer, line: TransferLine, outcome: str, quantity: int, note: str, person: Person
) -> TransferOutcome:
    now, move_id = clock.now(), None
    if outcome != "lost":
        gallery_id = row.to_id if outcome == "arrived" else row.from_id
        [move_id] = services.add_moves(gallery_id, [(line.product_id, quantity)], "arrived", person, now, note)
    decided = TransferOutcome(
        transfer_id=row.id,
        position=line.position,
        outcome=outcome,
        quantity=quantity,
        note=note,
        at=now,
        user_id=person.id,
        move_id=move_id,
    )
    db.session.add(decided)
    db.session.flush()
    return decided


# -- reading -------------------------------------------------------------------------------------------


def _mine(person: Person) -> Any:
    """Condition on `Transfer`: from or to a gallery in scope."""
    galleries = sa.select(Gallery.id).join(Unit).where(within(person))
    return Transfer.from_id.in_(galleries) | Transfer.to_id.in_(galleries)


def transfer_for(person: Person, transfer_id: int, lock: bool = False) -> Transfer:
    query = sa.select(Transfer).where(Transfer.id == transfer_id, _mine(person))
    row = db.session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("Kiriman ini tidak ada atau di luar wewenang Anda.")
    return row


def still_missing(row: Transfer) -> dict[int, int]:
    """Thousandths by position that were sent and of which nobody knows yet; all of it while it is on the way."""
    lines = lines_open().subquery()
    query = sa.select(lines.c.position, lines.c.open).where(lines.c.transfer_id == row.id)
    return {position: int(missing) for position, missing in db.session.execute(query)}


def lines_open() -> Any:
    """Query of every sent line with `open`: the thousandths that are neither counted, found nor given up."""
    known = (
        sa.select(
            TransferOutcome.transfer_id,
            TransferOutcome.position,
            services.total(TransferOutcome.quantity).label("sum"),
        )
        .group_by(TransferOutcome.transfer_id, TransferOutcome.position)
        .subquery()
    )
    counted = TransferArrivalLine.counted
    left = sa.case(
        (counted.is_(None), TransferLine.quantity),
        (counted >= TransferLine.quantity, 0),
        else_=TransferLine.quantity - counted - sa.func.coalesce(known.c.sum, 0),
    )
    here = (TransferLine.transfer_id, TransferLine.position)
    return (
        sa.select(
            *here,
            TransferLine.product_id,
            TransferLine.quantity,
            counted,
            left.label("open"),
            Transfer.from_id,
            Transfer.to_id,
            Transfer.at,
        )
        .join(Transfer, Transfer.id == TransferLine.transfer_id)
        .outerjoin(
            TransferArrivalLine,
            sa.and_(TransferArrivalLine.transfer_id == here[0], TransferArrivalLine.position == here[1]),
        )
        .outerjoin(known, sa.and_(known.c.transfer_id == here[0], known.c.position == here[1]))
    )


def transfers(person: Person, gallery_id: int = 0, state: str = "") -> Any:
    """Query of the transfers from or to galleries in scope, newest first.

    `id, at, zone, source, source_unit, target, target_unit, note, lines, open, over, counted_at, recalled`.
    """
    lines = lines_open().subquery()
    over = services.total(sa.case((lines.c.counted > lines.c.quantity, 1), else_=0))
    sums = (
        sa.select(
            lines.c.transfer_id,
            sa.func.count().label("lines"),
            services.total(lines.c.open).label("open"),
            over.label("over"),
        )
        .group_by(lines.c.transfer_id)
        .subquery()
    )
    source, target, source_unit, target_unit = aliased(Gallery), aliased(Gallery), aliased(Unit), aliased(Unit)
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
            sums.c.lines,
            sums.c.open,
            sums.c.over,
            TransferArrival.at.label("counted_at"),
            TransferArrival.recalled,
        )
        .join(source, source.id == Transfer.from_id)
        .join(source_unit, source_unit.id == source.unit_id)
        .join(target, target.id == Transfer.to_id)
        .join(target_unit, target_unit.id == target.unit_id)
        .join(sums, sums.c.transfer_id == Transfer.id)
        .outerjoin(TransferArrival, TransferArrival.transfer_id == Transfer.id)
        .where(_mine(person))
        .order_by(Transfer.at.desc(), Transfer.id.desc())
    )
    if gallery_id:
        query = query.where((Transfer.from_id == gallery_id) | (Transfer.to_id == gallery_id))
    conditions = {
        "way": TransferArrival.transfer_id.is_(None),
        "short": TransferArrival.transfer_id.is_not(None) & (sums.c.open > 0),
        "done": TransferArrival.recalled.is_(False) & (sums.c.open == 0),
        "recalled": TransferArrival.recalled,
    }
    return query.where(conditions[state]) if state in conditions else query


def state_of(row: Any) -> str:
    """The state of a row of `transfers`, a key of `STATE_NAMES`."""
    if row.counted_at is None:
        return "way"
    if row.recalled:
        return "recalled"
    return "short" if row.open else "done"


def targets(besides: int = 0) -> Sequence[Any]:
    """Every open gallery of the nation: `id`, `name`, `unit`."""
    query = sa.select(Gallery.id, Gallery.name, Unit.name.label("unit")).join(Unit).where(Gallery.active)
    return db.session.execute(query.where(Gallery.id != besides).order_by(Unit.name, Gallery.name)).all()

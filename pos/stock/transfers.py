"""Moving goods from one gallery to another: sent, on the way, counted on arrival, and what became of the rest.

Of each line, what was sent less what arrived is `open`: that much is on the way or missing; below nought, that much
more came than the paper says. Somebody says of it what happened, each of the own shelf, until nothing is open. So what
both galleries hold, and what is open, lost or came from elsewhere, is always what they held before.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from pos import clock, money
from pos.db import atomic, db
from pos.errors import N_, Conflict, NotFound, PosError, Sentence
from pos.stock import goods, services
from pos.stock.document_models import (
    OF_OVER,
    OF_SHORT,
    Transfer,
    TransferArrival,
    TransferArrivalLine,
    TransferLine,
    TransferOutcome,
)
from pos.stock.goods import Line
from pos.units.models import Gallery, Unit
from pos.units.services import Person, gallery_for, log, within

OUTCOME_NAMES = {
    "arrived": N_("Ditemukan di galeri tujuan"),
    "returned": N_("Ternyata masih di galeri asal"),
    "lost": N_("Hilang"),
    "sent": N_("Memang terkirim lebih dari catatan"),
    "miscounted": N_("Salah hitung saat tiba, tidak ada yang lebih"),
    "foreign": N_("Bukan dari galeri asal"),
}
AT_TARGET = ("arrived", "miscounted")  # said of the target's shelf, the others of the sender's
MOVES = {"arrived": (1, "arrived"), "returned": (1, "arrived"), "sent": (-1, "sent"), "miscounted": (-1, "arrived")}


def send(
    person: Person, from_id: int, to_id: int, lines: Sequence[Line], note: str = "", key: str | None = None
) -> Transfer:
    """Take goods off the shelf of a gallery in scope and put them on the way to any open gallery; once by its `key`."""
    source = gallery_for(person, from_id)
    target = db.session.get(Gallery, to_id)
    if target is None or not target.active or target.id == source.id:
        raise PosError("Galeri tujuan belum dipilih.", fields={"target": N_("Pilih galeri lain sebagai tujuan.")})
    goods.check(lines)
    with atomic() as session:
        if known := services.written(Transfer, source.id, key, lines):
            return known
        now = clock.now()
        moved = [(line.product_id, -line.quantity) for line in lines]
        move_ids = services.add_moves(source.id, moved, "sent", person, now, note)
        row = Transfer(from_id=source.id, to_id=target.id, at=now, user_id=person.id, note=note, key=key)
        moves = enumerate(zip(lines, move_ids, strict=True))
        row.lines = [_line(line, i, line.quantity, move_id) for i, (line, move_id) in moves]
        session.add(row)
        session.flush()
        log("stock.send", f"{source.name} > {target.name}", person, source.unit_id, transfer=row.id, lines=len(lines))
    return row


def _line(line: Line, position: int, quantity: int, move_id: int | None) -> TransferLine:
    return TransferLine(
        position=position,
        product_id=line.product_id,
        quantity=quantity,
        production_code=line.production_code,
        expires_on=line.expires_on,
        move_id=move_id,
    )


def arrive(
    person: Person, transfer_id: int, counted: Mapping[int, int], note: str = "", besides: Sequence[Line] = ()
) -> Transfer:
    """Put what was counted (thousandths by line position) on the shelf of the gallery the goods were sent to.

    `besides` is what was found though the paper does not name it. What is missing stays on the way until somebody says
    what became of it; more than was sent needs a note, and the sender's word before it leaves the sender's books.
    """
    if besides:
        goods.check(besides)
    with atomic() as session:
        row = _held(person, transfer_id)
        gallery_for(person, row.to_id)
        _check_counts(row, counted, besides, note)
        first = len(row.lines)
        row.lines.extend(_line(line, i, 0, None) for i, line in enumerate(besides, start=first))
        session.flush()
        counted = dict(counted) | {i: line.quantity for i, line in enumerate(besides, start=first)}
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
    """Say what became of `quantity` thousandths of a line that did not arrive, or whence they came when it was more.

    Either gallery says so of its own shelf; that goods are lost, or were not its own, only the sender.
    """
    with atomic():
        row = transfer_for(person, transfer_id, lock=True)
        line = next((line for line in row.lines if line.position == position), None)
        left = still_open(row).get(position, 0)
        if line is None or not left or not row.arrival:
            raise Conflict("Tidak ada yang kurang atau lebih pada baris ini.")
        if outcome not in (OF_SHORT if left > 0 else OF_OVER):
            raise PosError("Kejadian belum dipilih.", fields={"outcome": N_("Pilih apa yang terjadi.")})
        gallery_for(person, _shelf(row, outcome))
        if not note:
            raise PosError("Keputusan perlu keterangan.", fields={"note": N_("Tulis bagaimana diketahui.")})
        if not 0 < quantity <= abs(left):
            text = N_("Yang kurang tinggal %(left)s.") if left > 0 else N_("Yang lebih tinggal %(left)s.")
            fields = {"quantity": Sentence(text, left=money.quantity_text(abs(left)))}
            raise PosError("Jumlah tidak sah.", fields=fields)
        decided = _settle(row, line, outcome, quantity, note, person)
        log(f"stock.{outcome}", f"{row.source.name} > {row.target.name}", person, row.source.unit_id, transfer=row.id)
    return decided


def _shelf(row: Transfer, outcome: str) -> int:
    return row.to_id if outcome in AT_TARGET else row.from_id


def _held(person: Person, transfer_id: int) -> Transfer:
    row = transfer_for(person, transfer_id, lock=True)
    if db.session.get(TransferArrival, row.id):
        raise Conflict("Kiriman ini sudah dihitung.")
    return row


def _check_counts(row: Transfer, counted: Mapping[int, int], besides: Sequence[Line], note: str) -> None:
    if set(counted) != {line.position for line in row.lines} or any(count < 0 for count in counted.values()):
        raise PosError("Hitungan belum lengkap.", fields={"lines": N_("Isi jumlah yang diterima pada setiap baris.")})
    over = besides or any(counted[line.position] > line.quantity for line in row.lines)
    if over and not note:
        raise PosError("Ada yang lebih.", fields={"note": N_("Ada yang lebih: tulis dari mana kelebihannya.")})


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
    if outcome in MOVES:
        sign, reason = MOVES[outcome]
        moved = [(line.product_id, sign * quantity)]
        [move_id] = services.add_moves(_shelf(row, outcome), moved, reason, person, now, note)
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


def mine(person: Person) -> Any:
    """Condition on `Transfer`: from or to a gallery in scope."""
    galleries = sa.select(Gallery.id).join(Unit).where(within(person))
    return Transfer.from_id.in_(galleries) | Transfer.to_id.in_(galleries)


def transfer_for(person: Person, transfer_id: int, lock: bool = False) -> Transfer:
    query = sa.select(Transfer).where(Transfer.id == transfer_id, mine(person))
    row = db.session.scalar(query.with_for_update(key_share=True) if lock else query)
    if row is None:
        raise NotFound("Kiriman ini tidak ada atau di luar wewenang Anda.")
    return row


def still_open(row: Transfer) -> dict[int, int]:
    """Thousandths by position of which nobody knows yet: missing, or (below nought) more than was sent."""
    lines = lines_open().subquery()
    query = sa.select(lines.c.position, lines.c.open).where(lines.c.transfer_id == row.id)
    return {position: int(left) for position, left in db.session.execute(query)}


def lines_open() -> Any:
    """Query of every line with `open`: the thousandths sent that are neither counted, found nor given up."""
    known = sa.case((TransferOutcome.outcome.in_(OF_OVER), -TransferOutcome.quantity), else_=TransferOutcome.quantity)
    keys = (TransferOutcome.transfer_id, TransferOutcome.position)
    said = sa.select(*keys, services.total(known).label("sum")).group_by(*keys).subquery()
    counted = TransferArrivalLine.counted
    left = TransferLine.quantity - sa.func.coalesce(counted, 0) - sa.func.coalesce(said.c.sum, 0)
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
        .outerjoin(said, sa.and_(said.c.transfer_id == here[0], said.c.position == here[1]))
    )

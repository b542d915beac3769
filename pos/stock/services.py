"""What is on the shelf."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.db import atomic, db
from pos.errors import N_, Conflict, PosError
from pos.fast import Insert, Work
from pos.stock.models import StockCorrection, StockMove
from pos.units.models import Gallery, Unit, User
from pos.units.services import Person, log, within

_INSERT = Insert(StockMove.__table__)


def take(work: Work, lines: Iterable[Mapping[str, Any]], reason: str, person: Person, at: datetime) -> None:
    """Take what these sale lines sold off the gallery's shelf (or put back what they return)."""
    moves = [
        {
            "gallery_id": line["gallery_id"],
            "product_id": line["product_id"],
            "quantity": -line["quantity"],
            "reason": reason,
            "sale_id": line["sale_id"],
            "position": line["position"],
            "note": "",
            "user_id": person.id,
            "at": at,
        }
        for line in lines
        if line["stocked"]
    ]
    work.add(_INSERT, moves)


def move(
    gallery: Gallery,
    product_id: int,
    quantity: int,
    reason: str,
    person: Person,
    note: str = "",
    key: str | None = None,
) -> StockMove:
    """Receive goods from the workshop, or adjust a count: `quantity` in thousandths, signed; once by its `key`."""
    if quantity == 0 or (reason == "receive" and quantity < 0):
        raise PosError("Jumlah tidak sah.", fields={"quantity": N_("Isi jumlah lebih dari nol.")})
    if reason == "adjust" and not note.strip():
        raise PosError("Koreksi perlu alasan.", fields={"note": N_("Tulis mengapa jumlahnya dikoreksi.")})
    with atomic() as session:
        if key and (known := _corrected(key, gallery.id, product_id, quantity)):
            return known
        row = StockMove(
            gallery_id=gallery.id,
            product_id=product_id,
            quantity=quantity,
            reason=reason,
            note=note.strip(),
            user_id=person.id,
            at=clock.now(),
        )
        session.add(row)
        session.flush()
        if key:
            session.add(StockCorrection(key=key, move_id=row.id))
        log(f"stock.{reason}", gallery.name, person, gallery.unit_id, product=product_id, quantity=quantity, note=note)
    return row


def _corrected(key: str, gallery_id: int, product_id: int, quantity: int) -> StockMove | None:
    """The move that was made with this `key`, if one was; of something else it is a `Conflict`."""
    _one_at_a_time(gallery_id)
    of_key = StockCorrection.move_id == StockMove.id, StockCorrection.key == key
    known = db.session.scalar(sa.select(StockMove).where(*of_key))
    if known and (known.gallery_id, known.product_id, known.quantity) != (gallery_id, product_id, quantity):
        raise Conflict("Formulir ini sudah disimpan sebagai #%(number)d. Buka formulir baru.", number=known.id)
    return known


def add_moves(
    gallery_id: int, goods: Sequence[tuple[int, int]], reason: str, person: Person, at: datetime, note: str = ""
) -> list[int]:
    """Move these (product id, signed thousandths) in one gallery; the ids of the moves. Call inside `atomic()`."""
    common = {"gallery_id": gallery_id, "reason": reason, "note": note, "user_id": person.id, "at": at}
    rows = [StockMove(product_id=product_id, quantity=quantity, **common) for product_id, quantity in goods]
    db.session.add_all(rows)
    db.session.flush()
    return [row.id for row in rows]


def written(paper: Any, gallery_id: int, key: str | None, goods: Sequence[Any]) -> Any:
    """The `paper` of these goods that was written with this `key`, if it was; with other goods it is a `Conflict`.

    Holds the gallery's other papers until the commit. Call inside `atomic()`.
    """
    _one_at_a_time(gallery_id)
    known = db.session.scalar(sa.select(paper).where(paper.key == key)) if key else None
    if known and [(line.product_id, line.quantity) for line in known.lines if line.quantity] != [
        (line.product_id, line.quantity) for line in goods
    ]:
        raise Conflict("Formulir ini sudah disimpan sebagai #%(number)d. Buka formulir baru.", number=known.id)
    return known


def _one_at_a_time(gallery_id: int) -> None:
    """Nobody else writes a paper of this gallery until the commit; sales go on."""
    db.session.execute(sa.select(Gallery.id).where(Gallery.id == gallery_id).with_for_update(key_share=True))


def total(amounts: Any) -> Any:
    """Their sum as whole numbers: PostgreSQL sums these into decimals."""
    return sa.cast(sa.func.sum(amounts), sa.BigInteger)


def start_of(day: date, zone: str, later: int = 0) -> datetime:
    """The instant at which `day` (or the day so many days `later`) begins in `zone`."""
    return datetime.combine(day + timedelta(days=later), time(), tzinfo=clock.ZONES[zone])


def held(gallery_id: int, product_ids: Sequence[int] | None = None) -> dict[int, int]:
    """Thousandths by product id in one gallery; products that never moved there are absent."""
    query = sa.select(StockMove.product_id, sa.func.sum(StockMove.quantity)).where(StockMove.gallery_id == gallery_id)
    if product_ids is not None:
        query = query.where(StockMove.product_id.in_(product_ids))
    return {product_id: int(total) for product_id, total in db.session.execute(query.group_by(StockMove.product_id))}


def on_hand(product_id: int) -> dict[int, int]:
    """Thousandths of a product by gallery id, negative ones shown as they are."""
    query = (
        sa.select(StockMove.gallery_id, sa.func.sum(StockMove.quantity))
        .where(StockMove.product_id == product_id)
        .group_by(StockMove.gallery_id)
    )
    return {gallery_id: int(quantity) for gallery_id, quantity in db.session.execute(query)}


def on_hand_within(person: Person, product_ids: Sequence[int] | None = None) -> dict[int, int]:
    """Thousandths by product id over all galleries in the person's scope; products that never moved are absent."""
    query = (
        sa.select(StockMove.product_id, sa.func.sum(StockMove.quantity))
        .where(StockMove.gallery_id.in_(sa.select(Gallery.id).join(Unit).where(within(person))))
        .group_by(StockMove.product_id)
    )
    if product_ids is not None:
        query = query.where(StockMove.product_id.in_(product_ids))
    return {product_id: int(quantity) for product_id, quantity in db.session.execute(query)}


def galleries(person: Person) -> Sequence[Any]:
    """Open galleries in the person's scope: `id`, `name`, `unit`."""
    query = (
        sa.select(Gallery.id, Gallery.name, Unit.name.label("unit"))
        .join(Unit, Unit.id == Gallery.unit_id)
        .where(within(person), Gallery.active)
        .order_by(Unit.name, Gallery.name)
    )
    return db.session.execute(query).all()


def recent(person: Person, product_id: int, most: int = 12) -> Sequence[Any]:
    """The last moves of a product in the person's galleries, newest first."""
    query = (
        sa.select(
            StockMove.at,
            StockMove.quantity,
            StockMove.reason,
            StockMove.note,
            Gallery.name.label("gallery"),
            Unit.zone,
            User.name.label("user"),
        )
        .join(Gallery, Gallery.id == StockMove.gallery_id)
        .join(Unit, Unit.id == Gallery.unit_id)
        .outerjoin(User, User.id == StockMove.user_id)
        .where(StockMove.product_id == product_id, within(person))
        .order_by(StockMove.at.desc(), StockMove.id.desc())
        .limit(most)
    )
    return db.session.execute(query).all()

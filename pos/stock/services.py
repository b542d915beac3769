"""What is on the shelf."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pos import clock
from pos.db import atomic, db
from pos.errors import N_, PosError
from pos.stock.models import StockMove
from pos.units.models import Gallery
from pos.units.services import Person

_INSERT = sa.insert(StockMove.__table__).inline()  # type: ignore[arg-type]


def take(connection: Connection, lines: Iterable[Mapping[str, Any]], reason: str, person: Person, at: datetime) -> None:
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
    if moves:
        connection.execute(_INSERT, moves)


def move(gallery: Gallery, product_id: int, quantity: int, reason: str, person: Person, note: str = "") -> StockMove:
    """Receive goods from the workshop, or adjust a count: `quantity` in thousandths, signed."""
    if quantity == 0 or (reason == "receive" and quantity < 0):
        raise PosError("Jumlah tidak sah.", fields={"quantity": N_("Isi jumlah lebih dari nol.")})
    with atomic() as session:
        row = StockMove(
            gallery_id=gallery.id,
            product_id=product_id,
            quantity=quantity,
            reason=reason,
            note=note,
            user_id=person.id,
            at=clock.now(),
        )
        session.add(row)
        session.flush()
    return row


def on_hand(product_id: int) -> dict[int, int]:
    """Thousandths of a product by gallery id, negative ones shown as they are."""
    query = (
        sa.select(StockMove.gallery_id, sa.func.sum(StockMove.quantity))
        .where(StockMove.product_id == product_id)
        .group_by(StockMove.gallery_id)
    )
    return {gallery_id: int(quantity) for gallery_id, quantity in db.session.execute(query)}

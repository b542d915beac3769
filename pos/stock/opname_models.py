"""Stock opname in tables, written once: its opening, every count as it was made, its closing with what it found."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.catalog.models import MAX_QUANTITY, Product
from pos.db import BigId, Instant, Model, Thousandths, write_once
from pos.stock.models import StockMove
from pos.units.models import Gallery, User

KINDS = ("add", "set")


class Opname(Model):
    """A count of what a gallery has, while it goes on selling.

    `number` is one more than the gallery's closed ones, so the database itself allows one open opname a gallery.
    """

    __tablename__ = "opname"
    __table_args__ = (
        sa.UniqueConstraint("gallery_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    gallery_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"))
    number: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(sa.String(200))

    gallery: Mapped[Gallery] = relationship()
    user: Mapped[User | None] = relationship()
    closing: Mapped["OpnameClosing | None"] = relationship()


class OpnameCount(Model):
    """That somebody counted so much of a product: more of it (`add`) or all of it anew (`set`).

    `book` is what the ledger said at that instant; `ahead` is the part of it that the clock of a till put later than
    that instant; `last_move` is the newest move it knew of.
    """

    __tablename__ = "opname_count"
    __table_args__ = (
        sa.UniqueConstraint("opname_id", "number"),
        sa.CheckConstraint(f"kind IN {KINDS}", name="kind"),
        sa.CheckConstraint(
            f"quantity BETWEEN 0 AND {MAX_QUANTITY} AND (kind = 'set' OR quantity > 0)", name="quantity"
        ),
        sa.Index("ix_opname_count_opname_id_product_id", "opname_id", "product_id"),
    )

    id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), primary_key=True)
    opname_id: Mapped[int] = mapped_column(sa.ForeignKey("opname.id"))
    number: Mapped[int] = mapped_column()  # the order within the opname
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    kind: Mapped[str] = mapped_column(sa.String(4))
    quantity: Mapped[int] = mapped_column(Thousandths)
    book: Mapped[int] = mapped_column(Thousandths)
    ahead: Mapped[int] = mapped_column(Thousandths, server_default="0")
    last_move: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    product: Mapped[Product] = relationship()
    user: Mapped[User | None] = relationship()


class OpnameClosing(Model):
    """That an opname was approved, or called off (then nothing moves)."""

    __tablename__ = "opname_closing"

    opname_id: Mapped[int] = mapped_column(sa.ForeignKey("opname.id"), primary_key=True)
    approved: Mapped[bool] = mapped_column()
    alone: Mapped[bool] = mapped_column()  # who approved had also counted: there was nobody else
    at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(sa.String(200))

    user: Mapped[User | None] = relationship()


class OpnameLine(Model):
    """What an approved opname found of a product: counted, what the books said then, and the move that mends it."""

    __tablename__ = "opname_line"
    __table_args__ = (sa.CheckConstraint("(counted = book) = (move_id IS NULL)", name="move"),)

    opname_id: Mapped[int] = mapped_column(sa.ForeignKey("opname_closing.opname_id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), primary_key=True)
    counted: Mapped[int] = mapped_column(Thousandths)
    book: Mapped[int] = mapped_column(Thousandths)
    counted_at: Mapped[datetime] = mapped_column(Instant)
    last_move: Mapped[int] = mapped_column(sa.BigInteger)  # the newest move known when it was approved
    move_id: Mapped[int | None] = mapped_column(sa.ForeignKey(StockMove.id), unique=True)

    product: Mapped[Product] = relationship()


for _table in (Opname, OpnameCount, OpnameClosing, OpnameLine):
    write_once(_table.__table__)  # type: ignore[arg-type]

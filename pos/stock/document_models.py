"""The papers that move stock, each written once: what a workshop brought, what went elsewhere, what is gone."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.catalog.models import MAX_PRICE, MAX_QUANTITY, Product
from pos.db import BigId, Instant, Model, Rupiah, Thousandths, write_once
from pos.stock.models import StockMove
from pos.units.models import Gallery, Unit, User

LOSSES = ("rusak", "kedaluwarsa", "hilang", "sampel", "pakai", "lain")
OF_SHORT, OF_OVER = ("arrived", "returned", "lost"), ("sent", "miscounted", "foreign")
OUTCOMES = OF_SHORT + OF_OVER
STILL = ("lost", "foreign")  # outcomes that move nothing
LONGEST_CODE = 40


class _Paper:
    """What every paper says: its number, when it was written, by whom, a note; sent twice with one `key` it is one."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str | None] = mapped_column(sa.Uuid(as_uuid=False), index=True, unique=True)
    at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(sa.String(200))


class _Batch:
    """The workshop's production code and until when the goods are good."""

    production_code: Mapped[str] = mapped_column(sa.String(LONGEST_CODE))
    expires_on: Mapped[date | None] = mapped_column()


class Receiving(_Paper, Model):
    """Goods that a gallery received from a workshop."""

    __tablename__ = "receiving"

    gallery_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"), index=True)
    workshop_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"))  # whose; None for several makers'
    day: Mapped[date] = mapped_column()

    gallery: Mapped[Gallery] = relationship()
    workshop: Mapped[Unit | None] = relationship()
    user: Mapped[User | None] = relationship()
    lines: Mapped[list["ReceivingLine"]] = relationship(order_by="ReceivingLine.position")


class ReceivingLine(_Batch, Model):
    """A product of a receiving; `unit_cost` is what making one cost, None where nobody said."""

    __tablename__ = "receiving_line"
    __table_args__ = (
        sa.CheckConstraint(f"quantity BETWEEN 1 AND {MAX_QUANTITY}", name="quantity"),
        sa.CheckConstraint(f"unit_cost BETWEEN 0 AND {MAX_PRICE}", name="unit_cost"),
        sa.Index("ix_receiving_line_product_id", "product_id"),
    )

    receiving_id: Mapped[int] = mapped_column(sa.ForeignKey("receiving.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    quantity: Mapped[int] = mapped_column(Thousandths)
    unit_cost: Mapped[int | None] = mapped_column(Rupiah)
    move_id: Mapped[int] = mapped_column(sa.ForeignKey(StockMove.id), unique=True)

    product: Mapped[Product] = relationship()


class Transfer(_Paper, Model):
    """Goods that one gallery sent to another; they are on their way until that one has counted them."""

    __tablename__ = "transfer"
    __table_args__ = (sa.CheckConstraint("from_id <> to_id", name="ends"),)

    from_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"), index=True)
    to_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"), index=True)

    source: Mapped[Gallery] = relationship(foreign_keys=[from_id])
    target: Mapped[Gallery] = relationship(foreign_keys=[to_id])
    user: Mapped[User | None] = relationship()
    arrival: Mapped["TransferArrival | None"] = relationship()
    lines: Mapped[list["TransferLine"]] = relationship(order_by="TransferLine.position")
    outcomes: Mapped[list["TransferOutcome"]] = relationship(order_by="TransferOutcome.id")


class TransferLine(_Batch, Model):
    """So much of a product was sent; nothing, where it was found on arrival though the paper did not name it."""

    __tablename__ = "transfer_line"
    __table_args__ = (
        sa.CheckConstraint(
            f"quantity BETWEEN 0 AND {MAX_QUANTITY} AND (quantity = 0) = (move_id IS NULL)", name="quantity"
        ),
        sa.Index("ix_transfer_line_product_id", "product_id"),
    )

    transfer_id: Mapped[int] = mapped_column(sa.ForeignKey("transfer.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    quantity: Mapped[int] = mapped_column(Thousandths)
    move_id: Mapped[int | None] = mapped_column(sa.ForeignKey(StockMove.id), unique=True)

    product: Mapped[Product] = relationship()
    arrived: Mapped["TransferArrivalLine | None"] = relationship()


class TransferArrival(Model):
    """That the other gallery has counted what came (or that the sender took all of it back: `recalled`)."""

    __tablename__ = "transfer_arrival"

    transfer_id: Mapped[int] = mapped_column(sa.ForeignKey("transfer.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(sa.String(200))
    recalled: Mapped[bool] = mapped_column()

    user: Mapped[User | None] = relationship()


class TransferArrivalLine(Model):
    """How much of a line was counted on arrival; no move where that was nothing."""

    __tablename__ = "transfer_arrival_line"
    __table_args__ = (
        sa.ForeignKeyConstraint(["transfer_id", "position"], ["transfer_line.transfer_id", "transfer_line.position"]),
        sa.CheckConstraint(f"counted BETWEEN 0 AND {MAX_QUANTITY}", name="counted"),
        sa.CheckConstraint("(counted = 0) = (move_id IS NULL)", name="move"),
    )

    transfer_id: Mapped[int] = mapped_column(sa.ForeignKey("transfer_arrival.transfer_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    counted: Mapped[int] = mapped_column(Thousandths)
    move_id: Mapped[int | None] = mapped_column(sa.ForeignKey(StockMove.id), unique=True)


class TransferOutcome(Model):
    """What became of goods that did not arrive, or whence came more than was sent; `pos.stock.transfers` says how."""

    __tablename__ = "transfer_outcome"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["transfer_id", "position"], ["transfer_arrival_line.transfer_id", "transfer_arrival_line.position"]
        ),
        sa.CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        sa.CheckConstraint(f"quantity BETWEEN 1 AND {MAX_QUANTITY}", name="quantity"),
        sa.CheckConstraint(f"(outcome IN {STILL}) = (move_id IS NULL)", name="move"),
        sa.CheckConstraint("note <> ''", name="note"),
        sa.Index("ix_transfer_outcome_transfer_id_position", "transfer_id", "position"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    transfer_id: Mapped[int] = mapped_column(sa.ForeignKey("transfer.id"))
    position: Mapped[int] = mapped_column()
    outcome: Mapped[str] = mapped_column(sa.String(10))
    quantity: Mapped[int] = mapped_column(Thousandths)
    note: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    move_id: Mapped[int | None] = mapped_column(sa.ForeignKey(StockMove.id), unique=True)

    user: Mapped[User | None] = relationship()


class WriteOff(_Paper, Model):
    """Goods that a gallery no longer has, and why."""

    __tablename__ = "write_off"
    __table_args__ = (
        sa.CheckConstraint(f"reason IN {LOSSES}", name="reason"),
        sa.CheckConstraint("reason <> 'lain' OR note <> ''", name="note"),
    )

    gallery_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"), index=True)
    reason: Mapped[str] = mapped_column(sa.String(12))

    gallery: Mapped[Gallery] = relationship()
    user: Mapped[User | None] = relationship()
    lines: Mapped[list["WriteOffLine"]] = relationship(order_by="WriteOffLine.position")


class WriteOffLine(Model):
    """So much of a product is gone; `unit_cost` is what making one cost when it was written off."""

    __tablename__ = "write_off_line"
    __table_args__ = (
        sa.CheckConstraint(f"quantity BETWEEN 1 AND {MAX_QUANTITY}", name="quantity"),
        sa.CheckConstraint(f"unit_cost BETWEEN 0 AND {MAX_PRICE}", name="unit_cost"),
    )

    write_off_id: Mapped[int] = mapped_column(sa.ForeignKey("write_off.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    quantity: Mapped[int] = mapped_column(Thousandths)
    unit_cost: Mapped[int] = mapped_column(Rupiah)
    move_id: Mapped[int] = mapped_column(sa.ForeignKey(StockMove.id), unique=True)

    product: Mapped[Product] = relationship()


for _table in (
    Receiving,
    ReceivingLine,
    Transfer,
    TransferLine,
    TransferArrival,
    TransferArrivalLine,
    TransferOutcome,
    WriteOff,
    WriteOffLine,
):
    write_once(_table.__table__)  # type: ignore[arg-type]

"""Stock moves."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pos.catalog.models import MAX_QUANTITY
from pos.db import BigId, Instant, Model, Thousandths, write_once

REASONS = ("sale", "refund", "receive", "adjust", "sent", "arrived", "write_off", "opname")


class StockMove(Model):
    """So many thousandths more (or fewer) of a product in a gallery, and why. Written once."""

    __tablename__ = "stock_move"
    __table_args__ = (
        sa.CheckConstraint("quantity <> 0", name="quantity"),
        sa.CheckConstraint(f"quantity BETWEEN {-MAX_QUANTITY} AND {MAX_QUANTITY}", name="most"),
        sa.CheckConstraint(f"reason IN {REASONS}", name="reason"),
        sa.CheckConstraint("(sale_id IS NULL) = (reason NOT IN ('sale', 'refund'))", name="sale"),
        sa.UniqueConstraint("sale_id", "position"),
        sa.Index("ix_stock_move_gallery_id_product_id", "gallery_id", "product_id"),
        # What the workshops brought, in the order of time: few among very many sales.
        sa.Index(
            "ix_stock_move_received",
            "at",
            "product_id",
            sqlite_where=sa.text("reason = 'receive'"),
            postgresql_where=sa.text("reason = 'receive'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    gallery_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    quantity: Mapped[int] = mapped_column(Thousandths)
    reason: Mapped[str] = mapped_column(sa.String(10))
    sale_id: Mapped[str | None] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("sale.id"))
    position: Mapped[int | None] = mapped_column()
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class StockCorrection(Model):
    """The form that a count was corrected with: sent twice it is one move. Kept apart, for every sale writes moves."""

    __tablename__ = "stock_correction"

    key: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), primary_key=True)
    move_id: Mapped[int] = mapped_column(sa.ForeignKey("stock_move.id"), unique=True)


class StockMinimum(Model):
    """How much of a product a gallery wants to have at least."""

    __tablename__ = "stock_minimum"
    __table_args__ = (sa.CheckConstraint(f"quantity BETWEEN 1 AND {MAX_QUANTITY}", name="quantity"),)

    gallery_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), primary_key=True)
    quantity: Mapped[int] = mapped_column(Thousandths)


for _model in (StockMove, StockCorrection):
    write_once(_model.__table__)  # type: ignore[arg-type]

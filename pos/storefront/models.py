"""The public face of a unit, and its switch."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.db import BigId, Instant, Model
from pos.units.models import Unit


class PublicShelf(Model):
    """What a UPT tells the public beside its goods; without a row, or closed, it shows nothing."""

    __tablename__ = "public_shelf"
    __table_args__ = (sa.CheckConstraint("slug <> ''", name="slug"),)

    unit_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("unit.id"), primary_key=True, autoincrement=False)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)  # printed in QR codes: it never changes
    open: Mapped[bool] = mapped_column(default=False)
    intro: Mapped[str] = mapped_column(sa.String(600), default="")
    whatsapp: Mapped[str] = mapped_column(sa.String(16), default="")  # digits with the country's, as wa.me takes them
    hours: Mapped[str] = mapped_column(sa.String(120), default="")
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    changed_at: Mapped[datetime] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship()

"""Notas that were written by hand and entered later, with the second person's word on each."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.catalog.models import Product
from pos.db import BigId, Instant, Model, Rupiah, Thousandths, write_once
from pos.register.models import BUYERS, CHANNELS, METHODS
from pos.units.models import Gallery, Unit, User


class LateNote(Model):
    """A handwritten nota as it was entered; approved it becomes the sale of the same id."""

    __tablename__ = "late_note"
    __table_args__ = (
        sa.UniqueConstraint("id", "entered_by"),
        sa.UniqueConstraint("gallery_id", "written_number", "sold_on"),
        sa.CheckConstraint(f"buyer IN {BUYERS}", name="buyer"),
        sa.CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        sa.CheckConstraint(f"method IN {METHODS}", name="method"),
        sa.CheckConstraint("total >= 0", name="total"),
        sa.CheckConstraint("photo <> ''", name="photo"),
    )

    id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), primary_key=True)
    gallery_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    written_number: Mapped[str] = mapped_column(sa.String(30))
    sold_on: Mapped[date] = mapped_column()
    buyer: Mapped[str] = mapped_column(sa.String(10))
    buyer_ref: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")  # as `Sale.buyer_ref`
    channel: Mapped[str] = mapped_column(sa.String(10))
    method: Mapped[str] = mapped_column(sa.String(8))
    reference: Mapped[str] = mapped_column(sa.String(60))
    total: Mapped[int] = mapped_column(Rupiah)
    photo: Mapped[str] = mapped_column(sa.String(32))  # the name of its content under instance/files/susulan
    note: Mapped[str] = mapped_column(sa.String(150))
    entered_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(Instant)

    gallery: Mapped[Gallery] = relationship()
    unit: Mapped[Unit] = relationship()
    enterer: Mapped[User] = relationship(foreign_keys=[entered_by])
    lines: Mapped[list["LateLine"]] = relationship(order_by="LateLine.position")
    verdict: Mapped["LateVerdict | None"] = relationship(uselist=False, viewonly=True)
    better: Mapped[list["LatePhoto"]] = relationship(order_by="LatePhoto.id", viewonly=True)

    @property
    def photos(self) -> list[str]:
        """Every photo it has had, the last of them in force."""
        return [self.photo, *(one.photo for one in self.better)]

    @property
    def judged_photo(self) -> str:
        """The photo that the second person compared, or is to compare."""
        return (self.verdict.photo if self.verdict else self.photos[-1]) or self.photo


class LateLine(Model):
    """What the handwritten nota says was sold, at the price it says."""

    __tablename__ = "late_line"
    __table_args__ = (
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.CheckConstraint("unit_price >= 0", name="unit_price"),
    )

    note_id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("late_note.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    barcode: Mapped[str] = mapped_column(sa.String(48))
    quantity: Mapped[int] = mapped_column(Thousandths)
    unit_price: Mapped[int] = mapped_column(Rupiah)
    amount: Mapped[int] = mapped_column(Rupiah)

    product: Mapped[Product] = relationship()


class LatePhoto(Model):
    """A better photo in the place of the one before, by whoever entered the nota, until the second person's word."""

    __tablename__ = "late_photo"
    __table_args__ = (
        sa.ForeignKeyConstraint(["note_id", "entered_by"], ["late_note.id", "late_note.entered_by"]),
        sa.CheckConstraint("photo <> ''", name="photo"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    note_id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), index=True)
    entered_by: Mapped[int] = mapped_column(BigId)
    photo: Mapped[str] = mapped_column(sa.String(32))
    at: Mapped[datetime] = mapped_column(Instant)


class LateVerdict(Model):
    """The second person's word on a late nota: one, and never of whoever entered it."""

    __tablename__ = "late_verdict"
    __table_args__ = (
        sa.ForeignKeyConstraint(["note_id", "entered_by"], ["late_note.id", "late_note.entered_by"]),
        sa.CheckConstraint("user_id <> entered_by", name="second_person"),
        sa.CheckConstraint("approved OR reason <> ''", name="reason"),
    )

    note_id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), primary_key=True)
    entered_by: Mapped[int] = mapped_column(BigId)
    approved: Mapped[bool] = mapped_column()
    reason: Mapped[str] = mapped_column(sa.String(200))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    photo: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")  # the one compared; `` the first

    user: Mapped[User] = relationship(foreign_keys=[user_id])


for _table in (LateNote, LateLine, LatePhoto, LateVerdict):
    write_once(_table.__table__)  # type: ignore[arg-type]

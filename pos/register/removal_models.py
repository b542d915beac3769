"""What was taken out of a cart after it had been scanned: nothing was sold, but somebody may ask why."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.db import Instant, Model, Rupiah, Thousandths, write_once
from pos.units.models import Gallery, Register, User

KINDS = ("line", "less", "clear")  # one line taken out, its quantity set down, the whole cart cleared


class Removal(Model):
    """One product that left a cart, as the till tells it; the id of a cart becomes that of its sale."""

    __tablename__ = "removal"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {KINDS}", name="kind"),
        sa.CheckConstraint("quantity > 0 AND amount >= 0", name="amounts"),
        sa.Index("ix_removal_gallery_id_business_date", "gallery_id", "business_date"),
    )

    id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), primary_key=True)
    register_id: Mapped[int] = mapped_column(sa.ForeignKey("register.id"))
    gallery_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"))
    at: Mapped[datetime] = mapped_column(Instant)  # by the till's clock
    received_at: Mapped[datetime] = mapped_column(Instant)
    business_date: Mapped[date] = mapped_column()
    zone: Mapped[str] = mapped_column(sa.String(4))
    kind: Mapped[str] = mapped_column(sa.String(8))
    cart_id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False))
    cashier_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))  # who was at the till
    sent_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    barcode: Mapped[str] = mapped_column(sa.String(48))
    name: Mapped[str] = mapped_column(sa.String(120))  # the product's when this came; empty for a code nobody knows
    unit_of_measure: Mapped[str] = mapped_column(sa.String(10))
    quantity: Mapped[int] = mapped_column(Thousandths)
    amount: Mapped[int] = mapped_column(Rupiah)  # at its price, before any discount

    register: Mapped[Register] = relationship()
    gallery: Mapped[Gallery] = relationship()
    cashier: Mapped[User] = relationship(foreign_keys=[cashier_id])


write_once(Removal.__table__)  # type: ignore[arg-type]

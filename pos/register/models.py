"""The sale document in tables: sale, lines, payments; and documents that were refused as conflicting."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.catalog.models import Product
from pos.catalog.pricing import RATES
from pos.db import BigId, Instant, Json, Model, Rupiah, Thousandths, write_once
from pos.register.shift_models import Shift
from pos.units.models import Gallery, Register, Unit, User

BUYERS = ("petugas", "wbp", "keluarga", "masyarakat", "instansi", "upt", "reseller")
CHANNELS = ("galeri", "kunjungan", "bazar", "pesanan", "titip", "online", "lelang")
METHODS = ("cash", "qris", "transfer", "debit")
OWED = "owed"  # not money yet: what a buyer still has to pay, on an order or for goods on consignment
TENDERS = (*METHODS, OWED)
PAID_LATER = ("pesanan", "titip")  # the channels in which that may be
QRIS_LIMIT = 10_000_000
MAX_ROUNDING = 500
REFERRED = sa.text("buyer_ref <> ''")
APPROVED_ACTS = ("discount", "refund", "correction")


class Sale(Model):
    """One nota. A refund is a sale of its own, with negative lines, pointing at the sale it returns."""

    __tablename__ = "sale"
    __table_args__ = (
        sa.UniqueConstraint("register_id", "number"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint(f"buyer IN {BUYERS}", name="buyer"),
        sa.CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        sa.CheckConstraint(f"rounding BETWEEN -{MAX_ROUNDING} AND {MAX_ROUNDING}", name="rounding"),
        sa.CheckConstraint("discount >= 0", name="discount"),
        sa.CheckConstraint("total >= 0 OR refund_of IS NOT NULL", name="total"),
        sa.Index("ix_sale_gallery_id_business_date", "gallery_id", "business_date"),
        sa.Index("uq_sale_approval_id", "approval_id", unique=True),
        sa.Index("ix_sale_buyer_ref", "buyer_ref", sqlite_where=REFERRED, postgresql_where=REFERRED),
    )

    id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), primary_key=True)
    register_id: Mapped[int] = mapped_column(sa.ForeignKey("register.id"))
    number: Mapped[int] = mapped_column()
    receipt: Mapped[str] = mapped_column(sa.String(24), unique=True)  # AMB-1-000124
    gallery_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"))
    seller_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    cashier_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))  # who sold it
    sold_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant, index=True)
    business_date: Mapped[date] = mapped_column()
    zone: Mapped[str] = mapped_column(sa.String(4))
    buyer: Mapped[str] = mapped_column(sa.String(10))
    channel: Mapped[str] = mapped_column(sa.String(10))
    refund_of: Mapped[str | None] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("sale.id"), index=True)
    note: Mapped[str] = mapped_column(sa.String(200))
    discount: Mapped[int] = mapped_column(Rupiah)
    rounding: Mapped[int] = mapped_column(Rupiah)
    total: Mapped[int] = mapped_column(Rupiah)
    seller_name: Mapped[str] = mapped_column(sa.String(120))
    gallery_name: Mapped[str] = mapped_column(sa.String(120))
    key_letter: Mapped[str] = mapped_column(sa.String(1))
    flags: Mapped[str] = mapped_column(sa.String(120))  # space-separated, empty when nothing is odd
    document: Mapped[str] = mapped_column(sa.Text)  # the document as it came, in canonical JSON
    shift_id: Mapped[str | None] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey(Shift.id), index=True)
    recorded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))  # who sent it
    # Who of the staff agreed to it on the spot; an approval serves one sale.
    approval_id: Mapped[str | None] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("approval.id"))

    # The staff number of an officer who bought, if it was given; for the eyes of the selling and the own unit.
    buyer_ref: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")

    register: Mapped[Register] = relationship()
    gallery: Mapped[Gallery] = relationship()
    seller: Mapped[Unit] = relationship()
    cashier: Mapped[User] = relationship(foreign_keys=[cashier_id])
    approval: Mapped["Approval | None"] = relationship()
    lines: Mapped[list["SaleLine"]] = relationship(order_by="SaleLine.position", back_populates="sale")
    payments: Mapped[list["Payment"]] = relationship(order_by="Payment.position")


class SaleLine(Model):
    """What was true when it was sold: name, price, cost, maker, seller, category, and the scheme's shares."""

    __tablename__ = "sale_line"
    __table_args__ = (
        sa.CheckConstraint("quantity <> 0", name="quantity"),
        sa.CheckConstraint("unit_price >= 0", name="unit_price"),
        sa.CheckConstraint("(quantity > 0 AND amount >= 0) OR (quantity < 0 AND amount <= 0)", name="sign"),
        sa.CheckConstraint("base = pnbp + premi + other_shares", name="shares"),
        sa.CheckConstraint("wbp_made OR base = 0", name="wbp_made"),
        sa.CheckConstraint(f"rate IN {RATES}", name="rate"),
        sa.Index("ix_sale_line_business_date_gallery_id", "business_date", "gallery_id"),
        sa.Index("ix_sale_line_product_id", "product_id"),
    )

    sale_id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("sale.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # from 0, as in the document
    refund_position: Mapped[int | None] = mapped_column()  # the line of the refunded sale that came back
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    barcode: Mapped[str] = mapped_column(sa.String(48))
    name: Mapped[str] = mapped_column(sa.String(120))
    category: Mapped[str] = mapped_column(sa.String(40))
    unit_of_measure: Mapped[str] = mapped_column(sa.String(10))
    maker_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    maker_name: Mapped[str] = mapped_column(sa.String(120))
    wbp_made: Mapped[bool] = mapped_column()
    stocked: Mapped[bool] = mapped_column()  # False for services
    gallery_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"))
    business_date: Mapped[date] = mapped_column()
    quantity: Mapped[int] = mapped_column(Thousandths)
    unit_price: Mapped[int] = mapped_column(Rupiah)
    discount: Mapped[int] = mapped_column(Rupiah)  # of this line alone; the bill's part shows in the amount
    amount: Mapped[int] = mapped_column(Rupiah)
    cost: Mapped[int] = mapped_column(Rupiah)  # of the whole line
    scheme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("scheme.id"))
    base: Mapped[int] = mapped_column(Rupiah)
    pnbp: Mapped[int] = mapped_column(Rupiah)
    premi: Mapped[int] = mapped_column(Rupiah)
    other_shares: Mapped[int] = mapped_column(Rupiah)
    shares: Mapped[str] = mapped_column(sa.Text)  # JSON: every share by name, in the scheme's order
    # Which of the product's prices it was sold at: `wholesale`, `inside`, `auction`, or empty for the usual one.
    rate: Mapped[str] = mapped_column(sa.String(9), default="", server_default="")
    workshop: Mapped[str | None] = mapped_column(sa.String(80))  # None on lines from before they said it

    sale: Mapped[Sale] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()


class Payment(Model):
    """Money that changed hands: `tendered - change` is what was paid (negative on a refund)."""

    __tablename__ = "payment"
    __table_args__ = (
        sa.CheckConstraint(f"method IN {TENDERS}", name="method"),
        # Money handed back on a refund is either change out of nothing or a negative payment.
        sa.CheckConstraint("change >= 0 AND (tendered >= 0 OR change = 0)", name="amounts"),
        sa.CheckConstraint("change = 0 OR method = 'cash' OR tendered = 0", name="change"),
        sa.CheckConstraint(f"method <> 'qris' OR tendered <= {QRIS_LIMIT}", name="qris_limit"),
    )

    sale_id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("sale.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    method: Mapped[str] = mapped_column(sa.String(8))
    tendered: Mapped[int] = mapped_column(Rupiah)
    change: Mapped[int] = mapped_column(Rupiah)
    reference: Mapped[str] = mapped_column(sa.String(60))


class SaleConflict(Model):
    """A document that claimed the id or the number of another sale: kept and shown, never a second sale."""

    __tablename__ = "sale_conflict"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sale_id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("sale.id"), index=True)
    digest: Mapped[str] = mapped_column(sa.String(64), unique=True)  # the same refused document is kept once
    document: Mapped[dict[str, Any]] = mapped_column(Json)
    received_at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))


class Approval(Model):
    """That somebody of the staff agreed, by PIN, to what a cashier asked for at a register."""

    __tablename__ = "approval"
    __table_args__ = (sa.CheckConstraint(f"act IN {APPROVED_ACTS}", name="act"),)

    id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), primary_key=True)
    act: Mapped[str] = mapped_column(sa.String(12))
    register_id: Mapped[int] = mapped_column(sa.ForeignKey("register.id"))
    asked_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    approved_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(sa.String(200))
    given: Mapped[int] = mapped_column(Rupiah, default=0, server_default="0")  # the discount that was agreed to
    goods: Mapped[int] = mapped_column(Rupiah, default=0, server_default="0")  # of goods that were worth so much

    approver: Mapped[User] = relationship(foreign_keys=[approved_by])


class PaymentCorrection(Model):
    """That a payment was made in another way than was written; the money stays as it is, the newest word holds."""

    __tablename__ = "payment_correction"
    __table_args__ = (
        sa.ForeignKeyConstraint(["sale_id", "position"], ["payment.sale_id", "payment.position"]),
        sa.CheckConstraint(f"to_method IN {METHODS}", name="to_method"),
        sa.CheckConstraint("from_method <> to_method OR from_reference <> to_reference", name="changes"),
        sa.Index("ix_payment_correction_sale_id_position", "sale_id", "position"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    sale_id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False))
    position: Mapped[int] = mapped_column()
    from_method: Mapped[str] = mapped_column(sa.String(8))
    from_reference: Mapped[str] = mapped_column(sa.String(60))
    to_method: Mapped[str] = mapped_column(sa.String(8))
    to_reference: Mapped[str] = mapped_column(sa.String(60))
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    approval_id: Mapped[str | None] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("approval.id"), unique=True)
    reason: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Instant)

    user: Mapped[User] = relationship()
    approval: Mapped[Approval | None] = relationship()


class Settlement(Model):
    """That something was paid of what a nota left owed; the drawer of `shift` has it where it was cash."""

    __tablename__ = "settlement"
    __table_args__ = (
        sa.CheckConstraint(f"method IN {METHODS}", name="method"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint(f"method <> 'qris' OR amount <= {QRIS_LIMIT}", name="qris_limit"),
        sa.CheckConstraint("method = 'cash' OR reference <> ''", name="reference"),
    )

    id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), primary_key=True)
    sale_id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("sale.id"), index=True)
    register_id: Mapped[int] = mapped_column(sa.ForeignKey("register.id"))
    shift_id: Mapped[str | None] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("shift.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    method: Mapped[str] = mapped_column(sa.String(8))
    amount: Mapped[int] = mapped_column(Rupiah)
    reference: Mapped[str] = mapped_column(sa.String(60))

    user: Mapped[User] = relationship()
    register: Mapped[Register] = relationship()


for _table in (Sale, SaleLine, Payment, SaleConflict, Approval, PaymentCorrection, Settlement):
    write_once(_table.__table__)  # type: ignore[arg-type]

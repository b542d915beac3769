"""Products, prices over time, certificates, barcodes, and the version that registers ask for."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.db import BigId, Instant, Model, Rupiah, Thousandths, write_once
from pos.units.models import Unit

UNITS_OF_MEASURE = ("buah", "kg", "gram", "liter", "meter", "pasang", "set", "lembar", "ekor", "paket")
# Those that are sold in parts; the others only whole.
DIVISIBLE = ("kg", "gram", "liter", "meter")
CERTIFICATES = ("pirt", "halal", "merek", "bpom", "sni")
SYMBOLOGIES = ("own", "ean13", "ean8", "upca", "other")
MAX_PRICE = 1_000_000_000
MAX_QUANTITY = 10**9  # thousandths moved at once: a million pieces


class Product(Model):
    """Something made by exactly one UPT (the maker); any gallery may sell it."""

    __tablename__ = "product"
    __table_args__ = (sa.CheckConstraint(f"unit_of_measure IN {UNITS_OF_MEASURE}", name="unit_of_measure"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    maker_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    category: Mapped[str] = mapped_column(sa.String(40))
    description: Mapped[str] = mapped_column(sa.String(500), default="")
    unit_of_measure: Mapped[str] = mapped_column(sa.String(10), default="buah")
    wbp_made: Mapped[bool] = mapped_column(default=True)
    featured: Mapped[bool] = mapped_column(default=False)
    # A service (car wash, laundry) is sold without stock.
    service: Mapped[bool] = mapped_column(default=False)
    # There is one piece of it: once sold it leaves the shelf.
    one_of_a_kind: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    made_to_order: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    # It is sold to the highest bidder: its price is where bidding starts.
    auction: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    active: Mapped[bool] = mapped_column(default=True)
    # What its label says of it beside the name; empty where nothing is said.
    brand: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    workshop: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")  # bengkel kerja, never a person
    # What it was when lines began to say theirs: those before are taken to be from there, whatever it is called now.
    first_workshop: Mapped[str] = mapped_column(sa.String(80), default="", server_default="")
    composition: Mapped[str] = mapped_column(sa.String(500), default="", server_default="")
    net_weight: Mapped[str] = mapped_column(sa.String(40), default="", server_default="")  # as it is printed: "250 g"
    # The name of its photo's content under instance/files/foto; empty for none.
    photo: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    # The catalogue version at which this product last changed.
    version: Mapped[int] = mapped_column(sa.BigInteger, index=True)

    maker: Mapped[Unit] = relationship()
    barcodes: Mapped[list["Barcode"]] = relationship(back_populates="product", order_by="Barcode.id")
    prices: Mapped[list["Price"]] = relationship(order_by="Price.from_at, Price.id")


class Price(Model):
    """What a product costs from an instant on; a new price is a new row. `cost` is what making it cost.

    `wholesale` is asked instead of `amount` from a quantity of `wholesale_from` (thousandths) on, `inside` of buyers
    within the walls (petugas, WBP); None where there is no such price.
    """

    __tablename__ = "price"
    __table_args__ = (
        sa.CheckConstraint(f"amount BETWEEN 0 AND {MAX_PRICE}", name="amount"),
        sa.CheckConstraint(f"cost BETWEEN 0 AND {MAX_PRICE}", name="cost"),
        sa.Index("ix_price_product_id_from_at", "product_id", "from_at"),
        sa.Index("ix_price_from_at", "from_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    from_at: Mapped[datetime] = mapped_column(Instant)
    amount: Mapped[int] = mapped_column(Rupiah)
    cost: Mapped[int] = mapped_column(Rupiah, default=0)
    # With their checks at the column: so a table that is written once can be given them in place.
    wholesale: Mapped[int | None] = mapped_column(
        Rupiah, sa.CheckConstraint("wholesale >= 0 AND wholesale < amount", name="wholesale")
    )
    wholesale_from: Mapped[int | None] = mapped_column(
        Thousandths,
        sa.CheckConstraint(
            "(wholesale IS NULL) = (wholesale_from IS NULL) AND (wholesale_from IS NULL OR wholesale_from > 0)",
            name="wholesale_from",
        ),
    )
    inside: Mapped[int | None] = mapped_column(
        Rupiah, sa.CheckConstraint(f"inside BETWEEN 0 AND {MAX_PRICE}", name="inside")
    )
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class Certificate(Model):
    """What an office certifies of a product. Of a product's entries of one kind the last that has begun holds: a
    renewal and a withdrawal are entries of their own. So is a correction, which speaks in the place of another."""

    __tablename__ = "certificate"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {CERTIFICATES}", name="kind"),
        sa.CheckConstraint("number <> ''", name="number"),
        sa.CheckConstraint("expires_on >= issued_on", name="expires_on"),
        sa.CheckConstraint("(scan = '') = (scan_pages = 0) AND scan_pages >= 0", name="scan_pages"),
        sa.Index("ix_certificate_product_id_kind", "product_id", "kind"),
        sa.Index("ix_certificate_expires_on", "expires_on"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    kind: Mapped[str] = mapped_column(sa.String(5))
    number: Mapped[str] = mapped_column(sa.String(40))
    # The first and last day it is valid; None for a first day nobody wrote down, and where it does not expire.
    issued_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    # The first entry of the place it takes (a withdrawn one: says that what stands there will not begin).
    corrects_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("certificate.id"), sa.CheckConstraint("corrects_id < id", name="corrects_id")
    )
    # The name of the scan's content under instance/files/sertifikat, and how many pages it has; empty for none.
    scan: Mapped[str] = mapped_column(sa.String(32), default="")
    scan_pages: Mapped[int] = mapped_column(default=0)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    product: Mapped[Product] = relationship()


class LabelPrint(Model):
    """Labels that were printed, and what they say: where that is no longer so they wait to be printed again."""

    __tablename__ = "label_print"
    __table_args__ = (
        sa.CheckConstraint("copies > 0", name="copies"),
        sa.Index("ix_label_print_product_id", "product_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    amount: Mapped[int] = mapped_column(Rupiah)
    # The instant whose price they show: that of printing, or a later one when they were made in time for it.
    shows_at: Mapped[datetime] = mapped_column(Instant)
    copies: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)


class Barcode(Model):
    """A code that means this product, for ever. `own` ones are ours: 8 digits, printed as Code 128-C."""

    __tablename__ = "barcode"
    __table_args__ = (sa.CheckConstraint(f"symbology IN {SYMBOLOGIES}", name="symbology"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(48), unique=True)
    symbology: Mapped[str] = mapped_column(sa.String(8))
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)

    product: Mapped[Product] = relationship(back_populates="barcodes")


class CatalogState(Model):
    """The one counter of catalogue changes (never touched by a sale).

    A price may be set for a later day: `announced_at` is how far in time such prices have been announced by
    a version of their own, so that a register that only asks for what changed hears of them too.
    """

    __tablename__ = "catalog_state"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(sa.BigInteger)
    announced_at: Mapped[datetime] = mapped_column(Instant)


for _table in (Price, Certificate, LabelPrint):
    write_once(_table.__table__)  # type: ignore[arg-type]

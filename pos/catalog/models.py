"""Products, prices over time, barcodes, and the version that registers ask for."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.db import BigId, Instant, Model, Rupiah, write_once
from pos.units.models import Unit

UNITS_OF_MEASURE = ("buah", "kg", "gram", "liter", "meter", "pasang", "set", "lembar", "ekor", "paket")
# Those that are sold in parts; the others only whole.
DIVISIBLE = ("kg", "gram", "liter", "meter")
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
    active: Mapped[bool] = mapped_column(default=True)
    # The name of its photo's content under instance/files/foto; empty for none.
    photo: Mapped[str] = mapped_column(sa.String(32), default="", server_default="")
    # The catalogue version at which this product last changed.
    version: Mapped[int] = mapped_column(sa.BigInteger, index=True)

    maker: Mapped[Unit] = relationship()
    barcodes: Mapped[list["Barcode"]] = relationship(back_populates="product", order_by="Barcode.id")
    prices: Mapped[list["Price"]] = relationship(order_by="Price.from_at, Price.id")


class Price(Model):
    """What a product costs from an instant on; a new price is a new row. `cost` is what making it cost."""

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
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


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


write_once(Price.__table__)  # type: ignore[arg-type]

"""Schemes that split a line's money; billing codes and deposits of PNBP, and the takings they cover."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.catalog.models import Product
from pos.db import BigId, Instant, Model, Rupiah, write_once
from pos.units.models import Unit, User

BASES = ("laba", "penjualan")
SHARE_KINDS = ("pnbp", "premi", "other")


class Scheme(Model):
    """From a day on, how the base of lines made by a unit (and all under it) is split into named shares.

    With a product it holds for that product alone, before any scheme of its unit: a contract, say. One that was
    withdrawn before it began has no day left: it never begins, and its day is free for another.
    """

    __tablename__ = "scheme"
    __table_args__ = (
        sa.CheckConstraint(f"base IN {BASES}", name="base"),
        sa.UniqueConstraint("unit_id", "from_day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    from_day: Mapped[date | None] = mapped_column()
    name: Mapped[str] = mapped_column(sa.String(120))
    base: Mapped[str] = mapped_column(sa.String(10))
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"))

    unit: Mapped[Unit] = relationship()
    product: Mapped[Product | None] = relationship()
    shares: Mapped[list["SchemeShare"]] = relationship(order_by="SchemeShare.position")
    withdrawal: Mapped["SchemeWithdrawal | None"] = relationship(uselist=False, viewonly=True)


class SchemeWithdrawal(Model):
    """Who took a scheme back before the day on which it would have begun. Written once."""

    __tablename__ = "scheme_withdrawal"

    scheme_id: Mapped[int] = mapped_column(sa.ForeignKey("scheme.id"), primary_key=True)
    from_day: Mapped[date] = mapped_column()
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    user: Mapped[User] = relationship()


class SchemeShare(Model):
    """One share: so many hundredths of a percent of the base; exactly one takes the rounding remainder."""

    __tablename__ = "scheme_share"
    __table_args__ = (
        sa.CheckConstraint("basis_points BETWEEN 0 AND 10000", name="basis_points"),
        sa.CheckConstraint(f"kind IN {SHARE_KINDS}", name="kind"),
        sa.Index(
            "uq_scheme_share_remainder",
            "scheme_id",
            unique=True,
            sqlite_where=sa.text("takes_remainder"),
            postgresql_where=sa.text("takes_remainder"),
        ),
    )

    scheme_id: Mapped[int] = mapped_column(sa.ForeignKey("scheme.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(8))
    basis_points: Mapped[int] = mapped_column()
    takes_remainder: Mapped[bool] = mapped_column(default=False)


class Billing(Model):
    """A billing code that was made for a payment: until it has been paid, the state has received nothing."""

    __tablename__ = "billing"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("issued_on <= expires_on", name="span"),
        sa.Index(
            "uq_billing_code",
            "code",
            unique=True,
            sqlite_where=sa.text("cancelled_at IS NULL"),
            postgresql_where=sa.text("cancelled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(15))
    amount: Mapped[int] = mapped_column(Rupiah)
    issued_on: Mapped[date] = mapped_column()
    expires_on: Mapped[date] = mapped_column()  # the last day on which it can be paid
    satker: Mapped[str] = mapped_column(sa.String(6), default="")
    akun: Mapped[str] = mapped_column(sa.String(6), default="")
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship()
    days: Mapped[list["BillingDay"]] = relationship(order_by="BillingDay.business_date")


class BillingDay(Model):
    """How much of a day's takings a billing code is meant for."""

    __tablename__ = "billing_day"
    __table_args__ = (sa.CheckConstraint("amount <> 0", name="amount"),)

    billing_id: Mapped[int] = mapped_column(sa.ForeignKey("billing.id"), primary_key=True)
    business_date: Mapped[date] = mapped_column(primary_key=True)
    amount: Mapped[int] = mapped_column(Rupiah)


def _once(name: str, *columns: str) -> sa.Index:
    """Unique among the deposits that take none back."""
    entered = sa.text("corrects_id IS NULL")
    return sa.Index(name, *columns, unique=True, sqlite_where=entered, postgresql_where=entered)


class Deposit(Model):
    """PNBP that reached the treasury: without an NTPN the state has not received it. Written once.

    A wrong entry is taken back by one of its own, with the same day and the opposite amount, so that sums need not
    know of it; what is right is then entered anew, under the same NTPN, as the next `attempt`, and under the same
    billing code as the next `code_attempt`: of two that pay at once, the second is refused.
    """

    __tablename__ = "deposit"
    __table_args__ = (
        sa.CheckConstraint(
            "(corrects_id IS NULL AND amount > 0) OR (corrects_id IS NOT NULL AND amount < 0)", name="amount"
        ),
        sa.CheckConstraint("corrects_id IS NULL OR reason <> ''", name="reason"),
        _once("uq_deposit_ntpn", "ntpn", "attempt"),
        sa.Index("ix_deposit_ntpn_amount", "ntpn", "amount"),
        _once("uq_deposit_billing_code", "billing_code", "code_attempt"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    day: Mapped[date] = mapped_column(index=True)
    amount: Mapped[int] = mapped_column(Rupiah)
    billing_code: Mapped[str] = mapped_column(sa.String(15), index=True)
    ntpn: Mapped[str] = mapped_column(sa.String(16))
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    ntb: Mapped[str] = mapped_column(sa.String(20), default="", server_default="")
    satker: Mapped[str] = mapped_column(sa.String(6), default="", server_default="")
    akun: Mapped[str] = mapped_column(sa.String(6), default="", server_default="")
    method: Mapped[str] = mapped_column(sa.String(12), default="", server_default="")
    billing_id: Mapped[int | None] = mapped_column(sa.ForeignKey("billing.id"), index=True)
    attempt: Mapped[int] = mapped_column(default=1, server_default="1")
    code_attempt: Mapped[int | None] = mapped_column(default=1)  # None on entries older than the column
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("deposit.id"), unique=True)
    reason: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")

    unit: Mapped[Unit] = relationship()
    user: Mapped[User | None] = relationship()
    billing: Mapped[Billing | None] = relationship()
    days: Mapped[list["DepositDay"]] = relationship(order_by="DepositDay.business_date, DepositDay.id")


class DepositDay(Model):
    """How much of a business day's takings a deposit covers; negative where a day was one of refunds. Written once."""

    __tablename__ = "deposit_day"
    __table_args__ = (sa.CheckConstraint("amount <> 0", name="amount"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    deposit_id: Mapped[int] = mapped_column(sa.ForeignKey("deposit.id"), index=True)
    business_date: Mapped[date] = mapped_column(index=True)
    amount: Mapped[int] = mapped_column(Rupiah)
    recorded_at: Mapped[datetime] = mapped_column(Instant)


for _table in (SchemeShare, SchemeWithdrawal, Deposit, DepositDay):
    write_once(_table.__table__)  # type: ignore[arg-type]

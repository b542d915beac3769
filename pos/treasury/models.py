"""When deposits are due, what the treasury says it has, and what a unit is to bring in a year."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.db import BigId, Instant, Model, Rupiah, write_once
from pos.revenue.models import Deposit
from pos.units.models import Unit, User

PERIODS = ("daily", "weekly", "monthly")


class DepositRule(Model):
    """From a day on, how often a unit (and all under it) deposits, and under which codes; the newest entry holds."""

    __tablename__ = "deposit_rule"
    __table_args__ = (
        sa.CheckConstraint(f"period IN {PERIODS}", name="period"),
        sa.CheckConstraint("(period = 'weekly') = (weekday IS NOT NULL)", name="weekday"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 4", name="weekday_range"),
        sa.CheckConstraint("(period = 'monthly') = (month_day IS NOT NULL)", name="month_day"),
        sa.CheckConstraint("month_day BETWEEN 1 AND 31", name="month_day_range"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    from_day: Mapped[date] = mapped_column()
    period: Mapped[str] = mapped_column(sa.String(8))
    weekday: Mapped[int | None] = mapped_column()  # 0 = Monday
    month_day: Mapped[int | None] = mapped_column()  # a shorter month ends earlier
    satker: Mapped[str] = mapped_column(sa.String(6), default="")
    akun: Mapped[str] = mapped_column(sa.String(6), default="")
    basis: Mapped[str] = mapped_column(sa.String(200), default="")  # what permits it
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship()


class OffDay(Model):
    """A day that the list of national holidays does not know, or is wrong about, for a unit and all under it."""

    __tablename__ = "off_day"
    __table_args__ = (sa.UniqueConstraint("unit_id", "day"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    day: Mapped[date] = mapped_column()
    name: Mapped[str] = mapped_column(sa.String(80))
    works: Mapped[bool] = mapped_column(default=False)  # banks and offices are open in spite of the list

    unit: Mapped[Unit] = relationship()


class TreasuryRow(Model):
    """One receipt as the treasury's own list (OMSPAN) has it; brought in twice it is one. Written once."""

    __tablename__ = "treasury_row"
    __table_args__ = (
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.UniqueConstraint("ntpn", "amount", "day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    # Whose it seemed to be when it came: of the deposit, the billing code or the satker, else who brought it in.
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    ntpn: Mapped[str] = mapped_column(sa.String(16))
    amount: Mapped[int] = mapped_column(Rupiah)
    day: Mapped[date] = mapped_column(index=True)
    ntb: Mapped[str] = mapped_column(sa.String(20))
    billing_code: Mapped[str] = mapped_column(sa.String(15))
    satker: Mapped[str] = mapped_column(sa.String(6))
    akun: Mapped[str] = mapped_column(sa.String(6))
    source: Mapped[str] = mapped_column(sa.String(120))  # the file, and the row in it
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship()
    user: Mapped[User | None] = relationship()


class TreasuryNote(Model):
    """What somebody found out about a deposit or a row of the treasury that does not match. Written once."""

    __tablename__ = "treasury_note"
    __table_args__ = (sa.CheckConstraint("(deposit_id IS NULL) <> (row_id IS NULL)", name="about_one"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    deposit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("deposit.id"), index=True)
    row_id: Mapped[int | None] = mapped_column(sa.ForeignKey("treasury_row.id"), index=True)
    text: Mapped[str] = mapped_column(sa.String(400))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)

    deposit: Mapped[Deposit | None] = relationship()
    row: Mapped[TreasuryRow | None] = relationship()
    user: Mapped[User | None] = relationship()


class PnbpTarget(Model):
    """What a unit is to bring the state in a year; the newest entry holds. Written once."""

    __tablename__ = "pnbp_target"
    __table_args__ = (
        sa.CheckConstraint("amount >= 0", name="amount"),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name="year"),
        sa.Index("ix_pnbp_target_unit_id_year", "unit_id", "year"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    year: Mapped[int] = mapped_column()
    amount: Mapped[int] = mapped_column(Rupiah)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship()
    user: Mapped[User | None] = relationship()


for _table in (DepositRule, TreasuryRow, TreasuryNote, PnbpTarget):
    write_once(_table.__table__)  # type: ignore[arg-type]

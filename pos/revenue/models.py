"""Schemes that split a line's money, and deposits of PNBP to the treasury."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.db import BigId, Instant, Model, Rupiah, write_once
from pos.units.models import Unit

BASES = ("laba", "penjualan")
SHARE_KINDS = ("pnbp", "premi", "other")


class Scheme(Model):
    """From a day on, how the base of lines made by a unit (and all under it) is split into named shares."""

    __tablename__ = "scheme"
    __table_args__ = (
        sa.CheckConstraint(f"base IN {BASES}", name="base"),
        sa.UniqueConstraint("unit_id", "from_day"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    from_day: Mapped[date] = mapped_column()
    name: Mapped[str] = mapped_column(sa.String(120))
    base: Mapped[str] = mapped_column(sa.String(10))

    unit: Mapped[Unit] = relationship()
    shares: Mapped[list["SchemeShare"]] = relationship(order_by="SchemeShare.position")


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


class Deposit(Model):
    """PNBP that reached the treasury: without an NTPN the state has not received it. Written once."""

    __tablename__ = "deposit"
    __table_args__ = (sa.CheckConstraint("amount > 0", name="amount"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    day: Mapped[date] = mapped_column(index=True)
    amount: Mapped[int] = mapped_column(Rupiah)
    billing_code: Mapped[str] = mapped_column(sa.String(15))
    ntpn: Mapped[str] = mapped_column(sa.String(16), unique=True)
    note: Mapped[str] = mapped_column(sa.String(200), default="")
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Instant)

    unit: Mapped[Unit] = relationship()


write_once(Deposit.__table__)  # type: ignore[arg-type]
write_once(SchemeShare.__table__)  # type: ignore[arg-type]

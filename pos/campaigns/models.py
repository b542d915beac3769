"""Campaigns, their windows, and turnover."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.db import BigId, Instant, Json, Model, Rupiah, Thousandths
from pos.units.models import Unit


class Campaign(Model):
    """A named drive with dates, e.g. One Day One Prison's Product."""

    __tablename__ = "campaign"
    __table_args__ = (
        sa.CheckConstraint("from_day <= until_day", name="window"),
        sa.CheckConstraint("target >= 0", name="target"),
        sa.CheckConstraint("report_zone IN ('WIB', 'WITA', 'WIT')", name="report_zone"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    from_day: Mapped[date] = mapped_column()  # both days belong to the campaign, local days everywhere
    until_day: Mapped[date] = mapped_column()
    target: Mapped[int] = mapped_column(Rupiah, default=0)  # omzet; 0 = none set
    wbp_only: Mapped[bool] = mapped_column(default=True)
    public: Mapped[bool] = mapped_column(default=False)
    # Until when units may report: one instant for the whole nation, told in the zone it was named in.
    report_until: Mapped[datetime | None] = mapped_column(Instant)
    report_zone: Mapped[str] = mapped_column(sa.String(4), default="WIB", server_default="WIB")
    categories: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")  # that count; empty = all
    channels: Mapped[list[str]] = mapped_column(Json, default=list, server_default="[]")  # that count; empty = all
    # What campaigns of different years that are one drive have in common, e.g. `odop`; empty for a single one.
    series: Mapped[str] = mapped_column(sa.String(40), default="", server_default="", index=True)

    windows: Mapped[list["CampaignWindow"]] = relationship(cascade="all, delete-orphan")
    targets: Mapped[list["CampaignTarget"]] = relationship(cascade="all, delete-orphan")

    @property
    def counts_part(self) -> bool:
        """Whether only some of a day's takings count; a deposit covers all of them, so it proves more than these."""
        return bool(self.categories or self.channels)


class CampaignWindow(Model):
    """Other dates for one Kanwil or UPT; the nearest one up the tree holds."""

    __tablename__ = "campaign_window"
    __table_args__ = (sa.CheckConstraint("from_day <= until_day", name="window"),)

    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    from_day: Mapped[date] = mapped_column()
    until_day: Mapped[date] = mapped_column()

    unit: Mapped[Unit] = relationship()


class CampaignTarget(Model):
    """The omzet that one Kanwil or UPT is to reach; the nation's own stands on the campaign."""

    __tablename__ = "campaign_target"
    __table_args__ = (sa.CheckConstraint("amount > 0", name="amount"),)

    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    amount: Mapped[int] = mapped_column(Rupiah)

    unit: Mapped[Unit] = relationship()


class Officer(Model):
    """One of a unit's own officers, so that it can tell who has not bought yet: for the eyes of that unit alone."""

    __tablename__ = "officer"
    __table_args__ = (sa.CheckConstraint("number <> ''", name="number"),)

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(20), primary_key=True)  # NIP, without spaces
    name: Mapped[str] = mapped_column(sa.String(80))


class Turnover(Model):
    """Sums of sale lines per business day, gallery, maker and WBP-made or not: the only running figure.

    `maker_sales` counts the notas that have a line of this maker: add it up for a maker. `sales` counts each
    nota once, on the row of its first line that counts: add it up for a seller and for the nation. On rows
    with `wbp_made` only notas with WBP-made lines are counted, on the others only notas without any, so both
    together never count one twice. Refunds lower omzet and pieces and count as no nota.
    """

    __tablename__ = "turnover"
    __table_args__ = (sa.Index("ix_turnover_gallery_id_business_date", "gallery_id", "business_date"),)

    business_date: Mapped[date] = mapped_column(primary_key=True)
    gallery_id: Mapped[int] = mapped_column(sa.ForeignKey("gallery.id"), primary_key=True)
    maker_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    wbp_made: Mapped[bool] = mapped_column(primary_key=True)
    omzet: Mapped[int] = mapped_column(Rupiah)
    pieces: Mapped[int] = mapped_column(Thousandths)
    sales: Mapped[int] = mapped_column()
    maker_sales: Mapped[int] = mapped_column()
    pnbp: Mapped[int] = mapped_column(Rupiah)
    premi: Mapped[int] = mapped_column(Rupiah)
    changed_at: Mapped[datetime] = mapped_column(Instant)

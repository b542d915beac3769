"""Days as people ask for them: today, this month, a campaign, from one day to another."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from pos.campaigns.models import Campaign
from pos.db import db
from pos.errors import N_, PosError

NAMED = {
    "hari": N_("Hari ini"),
    "kemarin": N_("Kemarin"),
    "minggu": N_("Minggu ini"),
    "bulan": N_("Bulan ini"),
    "bulan-lalu": N_("Bulan lalu"),
    "tahun": N_("Tahun ini"),
    "tahun-lalu": N_("Tahun lalu"),
}
USUAL = "bulan"
OF_DATES = "rentang"
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)


@dataclass(frozen=True)
class Period:
    """Both days belong to it; `name` is one of `NAMED`, `rentang`, or the slug of a campaign."""

    name: str
    since: date
    until: date
    campaign: Campaign | None = None

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    def before(self) -> tuple[date, date]:
        """What it is compared with: these days a month (years, campaigns: a year) before, else those just before."""
        if self.name in ("bulan", "bulan-lalu"):
            return _earlier(self.since, 1), _earlier(self.until, 1, self.name == "bulan-lalu")
        if self.name in ("tahun", "tahun-lalu") or self.campaign:
            return _earlier(self.since, 12), _earlier(self.until, 12)
        return self.since - timedelta(self.days), self.since - timedelta(1)


def asked(given: Mapping[str, str], today: date) -> Period:
    """The period of an address (`periode`, `dari`, `sampai`); `PosError` names the field that is no day."""
    name, dates = given.get("periode", ""), {key: given.get(key, "").strip() for key in ("dari", "sampai")}
    if name in NAMED:
        return named(name, today)
    if name and name != OF_DATES:
        campaign = db.session.scalar(sa.select(Campaign).where(Campaign.slug == name))
        if campaign is not None:
            return Period(name, campaign.from_day, campaign.until_day, campaign)
    if name == OF_DATES or any(dates.values()):
        return _from_to(dates["dari"], dates["sampai"], today)
    return named(USUAL, today)


def named(name: str, today: date) -> Period:
    month = today.replace(day=1)
    last = month - timedelta(1)
    since, until = {
        "hari": (today, today),
        "kemarin": (today - timedelta(1), today - timedelta(1)),
        "minggu": (today - timedelta(today.weekday()), today),
        "bulan": (month, today),
        "bulan-lalu": (last.replace(day=1), last),
        "tahun": (today.replace(month=1, day=1), today),
        "tahun-lalu": (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
    }[name]
    return Period(name, since, until)


def _from_to(since: str, until: str, today: date) -> Period:
    first = _day("dari", since) if since else None
    last = _day("sampai", until) if until else max(today, first or today)
    first = first or last.replace(day=1)
    if last < first:
        raise PosError("Rentang tanggal tidak benar.", fields={"sampai": N_("Sebelum tanggal mulai.")})
    return Period(OF_DATES, first, last)


def _day(field: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        wrong = {field: N_("Tulis tanggal, misalnya 2026-04-26.")}
        raise PosError("Rentang tanggal tidak benar.", fields=wrong) from None
    if not FIRST <= day <= LAST:
        raise PosError("Rentang tanggal tidak benar.", fields={field: N_("Pilih hari antara tahun 1990 dan 2100.")})
    return day


def _earlier(day: date, months: int, to_the_end: bool = False) -> date:
    """The same day so many months before; the month's last where it has no such day (or `to_the_end` is asked)."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    length = monthrange(year, month + 1)[1]
    return date(year, month + 1, length if to_the_end else min(day.day, length))


def campaigns() -> list[Campaign]:
    """The campaigns that a period may be, the latest first."""
    return list(db.session.scalars(sa.select(Campaign).order_by(Campaign.from_day.desc(), Campaign.id.desc())))

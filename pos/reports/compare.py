"""A campaign beside the same drive of earlier years, on the same day of each: day 1 is the first day of each window.

What units with earlier dates of their own sold before the campaign's first day stands on day 1.
"""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pos.campaigns.models import Campaign
from pos.db import db
from pos.reports.board import Cut, breakdown, window_of
from pos.units.services import Person

MOST_YEARS = 4


@dataclass(frozen=True)
class Year:
    """One campaign of the series within a place: what it sold on each of its days that have come, from day 1."""

    campaign: Campaign
    first: date
    length: int  # days of its window
    by_day: list[int]  # rupiah

    def on(self, day: int) -> int | None:
        """What it sold on its day `day`, None where that has not come or is over."""
        return self.by_day[day - 1] if 0 < day <= len(self.by_day) else None

    def until(self, day: int) -> int | None:
        """What it had sold by the end of its day `day`; after its last day that stays."""
        if not day > 0 or (day > len(self.by_day) and len(self.by_day) < self.length):
            return None
        return sum(self.by_day[:day])


@dataclass(frozen=True)
class Gain:
    """This year's figure beside another's on the same day: `percent` is None where there was nothing."""

    day: int
    now: int
    before: int

    @property
    def percent(self) -> int | None:
        return round((self.now - self.before) * 100 / self.before) if self.before > 0 else None


def years(campaign: Campaign, cut: Cut, person: Person | None, today: date) -> list[Year]:
    """The campaign first, then those of its series before it, the latest first; strangers see public ones."""
    if not campaign.series:
        return []
    query = sa.select(Campaign).where(Campaign.series == campaign.series, Campaign.from_day < campaign.from_day)
    if person is None:
        query = query.where(Campaign.public)
    before = db.session.scalars(query.order_by(Campaign.from_day.desc()).limit(MOST_YEARS - 1)).all()
    return [_year(one, cut, today) for one in (campaign, *before)] if before else []


def _year(campaign: Campaign, cut: Cut, today: date) -> Year:
    first, last = window_of(campaign, cut)
    sold = {date.fromisoformat(row.key): row.omzet for row in breakdown(campaign, cut, "day")}
    end = max([min(last, today), *sold])
    come = max((end - first).days + 1, 1 if sold else 0)
    by_day = [0] * come
    for day, omzet in sold.items():
        by_day[max((day - first).days, 0)] += omzet
    return Year(campaign, first, (last - first).days + 1, by_day)


def gain(found: list[Year]) -> Gain | None:
    """This year against the one before, on the last day that has come."""
    if len(found) < 2 or not found[0].by_day:
        return None
    day = len(found[0].by_day)
    before = found[1].until(day)
    return Gain(day, found[0].until(day) or 0, before) if before is not None else None


def curves(found: list[Year]) -> list[str]:
    """What each had sold by each day, as points of an SVG 1000 wide and 100 high."""
    days = max((len(year.by_day) for year in found), default=0)
    highest = max((sum(year.by_day) for year in found), default=0) or 1
    made = []
    for year in found:
        sold, points = 0, []
        for i, omzet in enumerate(year.by_day):
            sold += omzet
            points.append(f"{i * 1000 / max(days - 1, 1):.1f},{100 - max(0, sold) * 100 / highest:.2f}")
        made.append(" ".join(points))
    return made

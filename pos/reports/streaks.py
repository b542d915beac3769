"""Who sells every day: for each UPT the days of its window, what it sold on each, and its streaks.

A day counts when more came into buyers' hands than came back: the pieces of that day, net of refunds, are above
zero. So a sale that is returned the same day makes no streak.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa

from pos.campaigns.models import Campaign
from pos.db import db
from pos.reports.board import Cut, counted, reach, standing_on
from pos.units.models import Gallery, Placement, Unit


class Sold(NamedTuple):
    """What was sold, mostly on one day: rupiah, thousandths, notas, rupiah."""

    omzet: int
    pieces: int
    sales: int
    pnbp: int


NOTHING = Sold(0, 0, 0, 0)


@dataclass(frozen=True)
class Strip:
    """One UPT of the campaign: where it stood on the last day, its own window, what it sold on which day."""

    unit_id: int
    name: str
    kanwil_id: int | None
    kanwil: str
    first: date
    last: date
    until: date  # the last day of the window that has come; before `first` when none has
    today: date
    by_day: Mapping[date, Sold]
    galleries: int = 0  # open ones today

    def counts(self, day: date) -> bool:
        return self.by_day.get(day, NOTHING).pieces > 0

    @property
    def days(self) -> list[date]:
        """The days of the window that have come."""
        return [self.first + timedelta(days=i) for i in range((self.until - self.first).days + 1)]

    @cached_property
    def days_sold(self) -> int:
        return sum(self.counts(day) for day in self.days)

    @cached_property
    def streak(self) -> int:
        """Days in a row up to the last one that has come; that one may still be empty while it lasts."""
        days = self.days
        if days and not self.counts(days[-1]) and self.until < self.last:
            days = days[:-1]
        length = 0
        for day in reversed(days):
            if not self.counts(day):
                break
            length += 1
        return length

    @cached_property
    def longest(self) -> int:
        best = length = 0
        for day in self.days:
            length = length + 1 if self.counts(day) else 0
            best = max(best, length)
        return best

    @property
    def missed(self) -> list[date]:
        return [day for day in self.days if not self.counts(day)]

    @property
    def last_sale(self) -> date | None:
        return max((day for day, sold in self.by_day.items() if sold.sales), default=None)

    @cached_property
    def omzet(self) -> int:
        return sum(sold.omzet for sold in self.by_day.values())

    @cached_property
    def sales(self) -> int:
        return sum(sold.sales for sold in self.by_day.values())

    @cached_property
    def pieces(self) -> int:
        return sum(sold.pieces for sold in self.by_day.values())

    @cached_property
    def sold_today(self) -> bool:
        return self.counts(self.today)

    @cached_property
    def reported(self) -> bool:
        """Whether anything of it has come at all."""
        return bool(self.by_day)


@dataclass(frozen=True)
class Member:
    """A UPT as it stood on the campaign's last day, and the window that holds for it."""

    unit_id: int
    name: str
    kanwil_id: int | None
    kanwil: str
    placed: int | None  # under this Kanwil, where the tree knows of that day
    active: bool
    first: date
    last: date


def members(campaign: Campaign) -> list[Member]:
    """Every UPT there ever was, by name."""
    query = (
        sa.select(
            Unit.id,
            sa.func.coalesce(Placement.name, Unit.name).label("name"),
            sa.func.coalesce(Placement.kanwil_id, Unit.parent_id).label("kanwil_id"),
            Placement.kanwil_id.label("placed"),
            Unit.active,
        )
        .outerjoin(Placement, sa.and_(Placement.unit_id == Unit.id, *standing_on(campaign.until_day)))
        .where(Unit.level == "upt")
    )
    windows = {w.unit_id: (w.from_day, w.until_day) for w in campaign.windows}
    whole = (campaign.from_day, campaign.until_day)
    kanwils = _kanwil_names(campaign)
    found = []
    for row in db.session.execute(query):
        window = windows.get(row.id) or windows.get(row.kanwil_id) or whole
        kanwil = kanwils.get(row.kanwil_id, "")
        found.append(Member(row.id, row.name, row.kanwil_id, kanwil, row.placed, row.active, *window))
    return sorted(found, key=lambda member: (member.name, member.unit_id))


def belongs(member: Member, cut: Cut) -> bool:
    """Whether it is to report within the cut though it has sold nothing: a closed one is not."""
    return member.active and cut.kanwil in (None, member.placed) and cut.upt in (None, member.unit_id)


def strip_of(member: Member, today: date, by_day: Mapping[date, Sold], galleries: int = 0) -> Strip:
    until = min(member.last, max(today, member.first - timedelta(days=1)))
    of_tree = (member.unit_id, member.name, member.kanwil_id, member.kanwil)
    return Strip(*of_tree, member.first, member.last, until, today, by_day, galleries)


def strips(campaign: Campaign, cut: Cut, today: date) -> list[Strip]:
    """Every UPT of the cut by name: those that stood there on the campaign's last day, and those that sold there.

    A closed UPT is left out unless it sold.
    """
    sold, galleries = sold_by_unit(campaign, cut), _galleries()
    return [
        strip_of(member, today, sold.get(member.unit_id, {}), galleries.get(member.unit_id, 0))
        for member in members(campaign)
        if member.unit_id in sold or belongs(member, cut)
    ]


def sold_by_unit(campaign: Campaign, cut: Cut) -> dict[int, dict[date, Sold]]:
    """What each unit sold on each day."""
    query, columns = counted(campaign, cut, "upt")
    unit_id, day = Gallery.unit_id, columns.day
    query = query.with_only_columns(
        unit_id.label("unit_id"),
        day.label("day"),
        sa.func.sum(columns.omzet).label("omzet"),
        sa.func.sum(columns.pieces).label("pieces"),
        columns.notas.label("sales"),
        sa.func.sum(columns.pnbp).label("pnbp"),
    ).group_by(unit_id, day)
    found: dict[int, dict[date, Sold]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.unit_id, {})[row.day] = Sold(*map(int, (row.omzet, row.pieces, row.sales, row.pnbp)))
    return found


def _galleries() -> dict[int, int]:
    query = sa.select(Gallery.unit_id, sa.func.count()).where(Gallery.active).group_by(Gallery.unit_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _kanwil_names(campaign: Campaign) -> dict[Any, str]:
    query = (
        sa.select(Unit.id, sa.func.coalesce(Placement.name, Unit.name))
        .outerjoin(Placement, sa.and_(Placement.unit_id == Unit.id, *standing_on(campaign.until_day)))
        .where(Unit.level == "kanwil")
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def days_of_all(campaign: Campaign, found: list[Strip]) -> list[date]:
    """The days that any of them has had: what a table of all needs as columns."""
    first, last = reach(campaign)
    shown = [strip for strip in found if strip.until >= strip.first]
    first = min([strip.first for strip in shown], default=first)
    last = max([strip.until for strip in shown], default=first)
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]

"""PNBP of every business day and unit: what it came to, what deposits cover of it, what is left and since when.

It is owed by the unit whose gallery sold (the seller), as that is where the money is. Computed = covered + outstanding,
for every day and for every sum of days: a day of refunds counts with its minus.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.campaigns.models import Turnover
from pos.db import db
from pos.register.models import Sale, SaleLine
from pos.revenue.models import Deposit, DepositDay
from pos.treasury.workdays import NOON, Diary
from pos.units.models import Gallery, Placement, Unit

HOURS = {"WIB": 7, "WITA": 8, "WIT": 9}  # ahead of UTC, all year round
AGES = ("not_due", "week", "month", "quarter", "older")
HALF_A_YEAR = timedelta(days=183)
LIMITS = (0, 7, 30, 90)  # the last day after the due day that belongs to each of the first four


@dataclass(frozen=True)
class Day:
    """One business day of one unit, in rupiah."""

    unit_id: int
    day: date
    owed: int
    covered: int
    kanwil_id: int = 0  # where the unit stood on that day

    @property
    def outstanding(self) -> int:
        return self.owed - self.covered


@dataclass
class Ages:
    """What is outstanding, by how long it has been due; `credit` (not above zero) is what refunds took back."""

    not_due: int = 0
    week: int = 0
    month: int = 0
    quarter: int = 0
    older: int = 0
    credit: int = 0
    oldest_due: date | None = None  # of what is late

    @property
    def late(self) -> int:
        return self.week + self.month + self.quarter + self.older

    @property
    def total(self) -> int:
        return self.not_due + self.late + self.credit

    def add(self, amount: int, due: date, today: date) -> None:
        age = (today - due).days
        name = AGES[sum(age > limit for limit in LIMITS)]
        setattr(self, name, getattr(self, name) + amount)
        if age > 0:
            self.oldest_due = min(self.oldest_due or due, due)

    def join(self, other: "Ages") -> None:
        for name in (*AGES, "credit"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.oldest_due = min(filter(None, (self.oldest_due, other.oldest_due)), default=None)


@dataclass(frozen=True)
class Part:
    """What is left of a day's takings before or after 12.00, and when that is or was due."""

    amount: int
    due: date
    late: bool  # taken after 12.00


@dataclass
class Open:
    """A day that is not settled, with its parts by due day (none where refunds exceed what was sold)."""

    day: Day
    zone: str
    parts: list[Part] = field(default_factory=list)

    def ages(self) -> Ages:
        ages, today = Ages(), clock.today(self.zone)
        for part in self.parts:
            ages.add(part.amount, part.due, today)
        ages.credit = min(0, self.day.outstanding)
        return ages


@dataclass(frozen=True)
class Which:
    """Whose takings: conditions on `Unit`, and under which Kanwil they stood on the day (None: any)."""

    units: Sequence[Any] = ()
    kanwil: int | None = None
    few: bool = False  # units, so that their deposits are the way to their days, and not the days of everybody

    def ids(self) -> Any:
        """The units that can be meant, before each day is asked where they stood."""
        query = sa.select(Unit.id).where(*self.units)
        if self.kanwil:
            stood = sa.select(Placement.unit_id).where(Placement.kanwil_id == self.kanwil)
            query = query.where(sa.or_(Unit.id == self.kanwil, Unit.id.in_(stood)))
        return query


def balances(which: Which, since: date | None = None, until: date | None = None, is_open: bool = False) -> Any:
    """SELECT of `unit_id, kanwil_id, day, owed, covered` (`kanwil_id`: where the unit stood on that day).

    Summed per unit and day first, so that only what is left (with `is_open`: unsettled days) is asked where it stood.
    """
    both = _both(which, since, until).subquery()
    owed, covered = sa.func.sum(both.c.owed), sa.func.sum(both.c.covered)
    sums = sa.select(both.c.unit_id, both.c.day, owed.label("owed"), covered.label("covered"))
    sums = sums.group_by(both.c.unit_id, both.c.day)
    days_of = (sums.having(owed != covered) if is_open else sums).subquery()
    kanwil_id = sa.func.coalesce(Placement.kanwil_id, days_of.c.unit_id)
    query = sa.select(
        days_of.c.unit_id, kanwil_id.label("kanwil_id"), days_of.c.day, days_of.c.owed, days_of.c.covered
    ).outerjoin(Placement, standing_at(days_of.c.unit_id, days_of.c.day))
    return query.where(kanwil_id == which.kanwil) if which.kanwil else query


def _both(which: Which, since: date | None, until: date | None) -> Any:
    """What is owed and what is covered, row by row."""
    zero = sa.literal(0, sa.BigInteger)
    owed = (
        sa.select(
            Gallery.unit_id.label("unit_id"),
            Turnover.business_date.label("day"),
            Turnover.pnbp.label("owed"),
            zero.label("covered"),
        )
        .join(Gallery, Gallery.id == Turnover.gallery_id)
        .where(Turnover.pnbp != 0)
    )
    covered = sa.select(Deposit.unit_id, DepositDay.business_date, zero, DepositDay.amount).join(
        Deposit, Deposit.id == DepositDay.deposit_id
    )
    if which.units or which.kanwil:
        ids = which.ids()
        owed, covered = owed.where(Gallery.unit_id.in_(ids)), covered.where(Deposit.unit_id.in_(ids))
    day: Any = DepositDay.business_date
    day = sa.func.coalesce(day, day) if which.few else day  # or SQLite would walk its index
    if since:
        owed, covered = owed.where(Turnover.business_date >= since), covered.where(day >= since)
    if until:
        owed, covered = owed.where(Turnover.business_date <= until), covered.where(day <= until)
    return owed.union_all(covered)


def standing_at(unit_id: Any, day: Any) -> Any:
    """Where a unit stood on a day."""
    return sa.and_(Placement.unit_id == unit_id, Placement.from_day <= day, Placement.until_day > day)


def days(which: Which, since: date | None = None, until: date | None = None, is_open: bool = False) -> list[Day]:
    """Every business day with PNBP or cover (`is_open`: that is not settled), the oldest first."""
    query = balances(which, since, until, is_open).subquery()
    rows = db.session.execute(sa.select(query).order_by(query.c.day, query.c.unit_id))
    return [Day(row.unit_id, row.day, int(row.owed), int(row.covered), row.kanwil_id) for row in rows]


def open_days(which: Which, since: date | None = None, until: date | None = None) -> list[Open]:
    """Every day that is not settled, the oldest first, with what is due when."""
    return _opened(balances(which, since, until, is_open=True).subquery())


def _opened(rows: Any) -> list[Open]:
    """The days of `rows` (`unit_id, kanwil_id, day, owed, covered`), with what is due when."""
    hour = (
        Sale.zone.label("sold_in"),
        sa.extract("day", Sale.sold_at).label("utc_day"),
        sa.extract("hour", Sale.sold_at).label("utc_hour"),
    )
    query = (
        sa.select(rows, Unit.path, Unit.zone, *hour, sa.func.sum(SaleLine.pnbp).label("pnbp"))
        .join(Unit, Unit.id == rows.c.unit_id)
        # Each beside the one before, in this order: else SQLite reads the lines that everybody sold on such a day.
        .outerjoin(Gallery, Gallery.unit_id == rows.c.unit_id)
        .outerjoin(
            SaleLine,
            sa.and_(SaleLine.gallery_id == Gallery.id, SaleLine.business_date == rows.c.day, SaleLine.pnbp != 0),
        )
        .outerjoin(Sale, Sale.id == SaleLine.sale_id)
        .group_by(*rows.c, Unit.path, Unit.zone, *hour)
        .order_by(rows.c.day, rows.c.unit_id)
    )
    found = db.session.execute(query).all()
    diary, opened = Diary(), []
    for _day, of_day in groupby(found, key=lambda row: (row.unit_id, row.day)):
        hours = list(of_day)
        row, afternoon = hours[0], sum(int(sold.pnbp) for sold in hours if _is_late(sold))
        day = Day(row.unit_id, row.day, int(row.owed), int(row.covered), row.kanwil_id)
        opened.append(Open(day, row.zone, _parts(day, afternoon, diary, row.path)))
    return opened


def _is_late(row: Any) -> bool:
    """Whether it was sold after 12.00 local time."""
    return row.sold_in is not None and _local_hour(row.day, int(row.utc_day), int(row.utc_hour), row.sold_in) >= NOON


def recent() -> date:
    """From when on days are looked at one by one: what was taken before is more than 90 days late by any rule."""
    return (clock.today("WIT") - HALF_A_YEAR).replace(day=1)


def ages(which: Which, key: str) -> dict[int, Ages]:
    """What is outstanding by age, for each `kanwil_id` or `unit_id`."""
    found: dict[int, Ages] = {}
    for one in open_days(which, recent()):
        found.setdefault(getattr(one.day, key), Ages()).join(one.ages())
    for unit_id, kanwil_id, earlier in old_ages(which):
        found.setdefault(kanwil_id if key == "kanwil_id" else unit_id, Ages()).join(earlier)
    return found


def old_ages(which: Which) -> list[tuple[int, int, Ages]]:
    """Of each unit and the Kanwil it stood under, what is left of the days before `recent`.

    The database gives the sums, and the oldest day says since when (as if it were all of the morning).
    """
    old = balances(which, until=recent() - timedelta(1), is_open=True).subquery()
    left = old.c.owed - old.c.covered
    late, credit = (sa.func.sum(sa.case((cond, left), else_=0)) for cond in (left > 0, left < 0))
    oldest = sa.func.min(sa.case((left > 0, old.c.day))).label("day")
    sums = sa.select(old.c.unit_id, old.c.kanwil_id, Unit.path, late.label("late"), credit.label("credit"), oldest)
    sums = sums.join(Unit, Unit.id == old.c.unit_id).group_by(old.c.unit_id, old.c.kanwil_id, Unit.path)
    diary, found = Diary(), []
    for row in db.session.execute(sums):
        since = diary.due(row.path, row.day, False) if row.day else None
        found.append((row.unit_id, row.kanwil_id, Ages(older=int(row.late), credit=int(row.credit), oldest_due=since)))
    return found


def parts_of(day: Day) -> list[Part]:
    """A settled or unsettled day's takings before and after 12.00 as they were due, whatever covers them."""
    whole = {"unit_id": day.unit_id, "kanwil_id": day.kanwil_id, "owed": day.owed, "covered": 0}
    figures = (sa.literal(figure, sa.BigInteger).label(name) for name, figure in whole.items())
    [one] = _opened(sa.select(sa.literal(day.day, sa.Date).label("day"), *figures).subquery())
    return one.parts


def _parts(day: Day, afternoon: int, diary: Diary, path: str) -> list[Part]:
    """What is covered is taken to be what was due first: the morning's."""
    left = day.outstanding
    if left <= 0:
        return []
    after = min(left, max(0, afternoon))
    parts = [(left - after, False), (after, True)]
    return [Part(amount, diary.due(path, day.day, late), late) for amount, late in parts if amount]


def _local_hour(business_date: date, utc_day: int, utc_hour: int, zone: str) -> int:
    """Hours since the business date began: 24 and more for what was sold after midnight, before the day's end."""
    behind = 0 if utc_day == business_date.day else 1
    if behind and (utc_day - business_date.day == -1 or (business_date.day == 1 and utc_day >= 28)):
        behind = -1
    return 24 * behind + utc_hour + HOURS[zone]

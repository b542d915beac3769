"""What every unit owes and has paid, month by month, held in memory and kept up by reading only what changed since.

The first look at a year adds it up; every later one reads the months of those units in which something was sold,
deposited, covered or told by the treasury in the meantime. So the nation's overview costs what is shown and what
changed, however many years there are. Nothing here is kept anywhere but in memory, and all is read anew when the tree,
a rule or a day off changed, and every hour all the same. A serving process looks by itself: nobody waits for it.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from pos import clock
from pos.db import db, hold_still
from pos.register.models import Sale
from pos.revenue.deposits import standing
from pos.revenue.models import Deposit, DepositDay
from pos.treasury import matching
from pos.treasury.models import DepositRule, OffDay, TreasuryRow
from pos.treasury.takings import Ages, Open, Which, balances, old_ages, open_days, recent, standing_at
from pos.units.models import Gallery, Installation, Placement, Unit

WHOLE_AGAIN = 3600.0  # seconds
LOOK_EVERY = 300.0  # seconds between a serving process's own looks
SETTLED = timedelta(seconds=5)  # within which what was begun before has ended
OVERLAP = 200  # rows that may have been written before one with a higher number, and end after it
AT_ONCE = 5_000  # notas or rows that are still looked at one by one
MANY = 300  # units of a month that are read as all of them

Month = tuple[int, int]  # year and month
Key = tuple[int, Month]  # a unit in a month


@dataclass(frozen=True, slots=True)
class Sum:
    """Two figures of a unit in a month, where it stood under this Kanwil."""

    unit_id: int
    kanwil_id: int
    month: int
    figures: tuple[int, int]


@dataclass(frozen=True)
class Newest:
    """What tells whether anything changed."""

    tree: int | None
    rule: int | None
    off_days: int
    last_off: int | None
    sold_at: datetime | None
    deposit: int
    covered: int
    row: int

    @property
    def stands_for(self) -> tuple[Any, ...]:
        return self.tree, self.rule, self.off_days, self.last_off, recent()

    def behind(self, other: "Newest") -> bool:
        """Whether this is of another database than `other`, or of one that was put back."""
        return any(getattr(self, name) < getattr(other, name) for name in ("deposit", "covered", "row"))


def _last(column: Any) -> Any:
    return sa.select(sa.func.coalesce(sa.func.max(column), 0)).scalar_subquery()


_NEWEST = sa.select(
    sa.select(Installation.tree_version).scalar_subquery(),
    _last(DepositRule.id),
    sa.select(sa.func.count(OffDay.id)).scalar_subquery(),
    _last(OffDay.id),
    sa.select(sa.func.max(Sale.recorded_at)).scalar_subquery(),
    _last(Deposit.id),
    _last(DepositDay.id),
    _last(TreasuryRow.id),
)


@dataclass
class Touched:
    """Months of units in which something may have changed since the last look."""

    balances: set[Key]
    paid: set[Key]
    units: set[int]  # whose deposits may cover more or less


class Running:
    """The sums of one database."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.newest: Newest | None = None
        self.loaded = self.changed = 0.0
        self._clear()

    def _clear(self) -> None:
        self._balances: dict[int, dict[Key, list[Sum]]] = {}  # by year
        self._paid: dict[int, dict[Key, list[Sum]]] = {}
        self._open: dict[Key, list[Open]] | None = None
        self._aged: dict[Key, tuple[tuple[date, ...], list[tuple[int, int, Ages]]]] = {}
        self._old: dict[int, list[tuple[int, int, Ages]]] | None = None
        self._left: dict[int, list[Sum]] | None = None

    # -- what is asked -----------------------------------------------------------------------------------

    def look(self, asked: Callable[["Running"], Any]) -> Any:
        """What `asked` finds, as of now: nobody else changes the sums meanwhile."""
        with self.lock:
            self._refresh()
            return asked(self)

    def balances(self, year: int) -> Iterable[Sum]:
        """Computed and covered rupiah of the year's months."""
        if year not in self._balances:
            self._balances[year] = _by_key(year, _balances(date(year, 1, 1), date(year, 12, 31)))
        return (one for sums in self._balances[year].values() for one in sums)

    def paid(self, year: int) -> Iterable[Sum]:
        """Deposited and matched rupiah of the year's months."""
        if year not in self._paid:
            self._paid[year] = _by_key(year, _paid(date(year, 1, 1), date(year, 12, 31)))
        return (one for sums in self._paid[year].values() for one in sums)

    def ages(self) -> Iterable[tuple[int, int, Ages]]:
        """Of each unit and the Kanwil it stood under, what is outstanding of all years by age; several of each."""
        if self._open is None or self._old is None:
            self._open, self._old = _opened(open_days(Which(), recent())), _by_unit(old_ages(Which()))
        todays = tuple(map(clock.today, clock.ZONES))
        for key, days in self._open.items():
            aged = self._aged.get(key)
            if aged is None or aged[0] != todays:
                aged = self._aged[key] = todays, _aged(days)
            yield from aged[1]
        for sums in self._old.values():
            yield from sums

    def unlinked(self) -> Iterable[Sum]:
        """What deposits of all years hold beyond the takings they cover."""
        if self._left is None:
            self._left = _by_unit((one.unit_id, one) for one in _left())
        return (one for sums in self._left.values() for one in sums)

    # -- keeping up --------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        now = time.monotonic()
        hold_still()
        newest, seen = Newest(*db.session.execute(_NEWEST).one()), self.newest
        self.newest = None  # until all is as new as that
        same = seen and newest.stands_for == seen.stands_for and not newest.behind(seen)
        touched = self._since(newest, seen, now) if seen and same and now < self.loaded + WHOLE_AGAIN else None
        if touched is None:
            self._clear()
            self.loaded = now
        else:
            self._renew(touched)
        if newest != seen:
            self.changed = now
        self.newest = newest

    def _since(self, newest: Newest, seen: Newest, now: float) -> Touched | None:
        """What was written since `seen`, and a little before; None where that is more than is worth looking at."""
        touched = Touched(set(), set(), set())
        if newest == seen and now > self.changed + SETTLED.total_seconds():
            return touched
        sold = _sold(seen.sold_at) if seen.sold_at else None
        if sold is None and newest.sold_at:
            return None
        touched.balances |= sold or set()
        for query in _written(seen):
            rows = db.session.execute(query.limit(AT_ONCE)).all()
            if len(rows) == AT_ONCE:
                return None
            for unit_id, paid_on, covers in rows:
                touched.paid.add((unit_id, _month(paid_on)))
                touched.units.add(unit_id)
                if covers:
                    touched.balances.add((unit_id, _month(covers)))
        return touched

    def _renew(self, touched: Touched) -> None:
        """Put what stands there now in the place of what was known of these."""
        for kept, keys, read in (
            (self._balances, touched.balances, _balances),
            (self._paid, touched.paid, _paid),
        ):
            for month, units in _by_month(keys, set(kept)):
                year = kept[month[0]]
                for unit_id in units:
                    year.pop((unit_id, month), None)
                year |= {
                    key: sums for key, sums in _by_key(month[0], read(*_span(month), units)).items() if key[0] in units
                }
        self._renew_ages(touched.balances)
        if self._left is not None and touched.units:
            for unit_id in touched.units:
                self._left.pop(unit_id, None)
            self._left |= _by_unit((one.unit_id, one) for one in _left(touched.units))

    def _renew_ages(self, keys: set[Key]) -> None:
        if self._open is None or self._old is None:
            return
        first = (recent().year, recent().month)
        for month, units in _by_month({key for key in keys if key[1] >= first}):
            for unit_id in units:
                self._open.pop((unit_id, month), None)
                self._aged.pop((unit_id, month), None)
            self._open |= _opened(open_days(_those(units), *_span(month)))
        if before := {key[0] for key in keys if key[1] < first}:
            for unit_id in before:
                self._old.pop(unit_id, None)
            self._old |= _by_unit(old_ages(_those(before)))


# -- reading -------------------------------------------------------------------------------------------


def _balances(first: date, last: date, units: set[int] | None = None) -> Iterable[tuple[int, Sum]]:
    rows = balances(_those(units), first, last).subquery()
    month = sa.extract("month", rows.c.day)
    sums = sa.select(rows.c.unit_id, rows.c.kanwil_id, month, sa.func.sum(rows.c.owed), sa.func.sum(rows.c.covered))
    return _sums(sums.group_by(rows.c.unit_id, rows.c.kanwil_id, month))


def _paid(first: date, last: date, units: set[int] | None = None) -> Iterable[tuple[int, Sum]]:
    kanwil = sa.func.coalesce(Placement.kanwil_id, Deposit.unit_id)
    agreed = sa.case((sa.and_(standing(), matching.state() == "matched"), Deposit.amount), else_=0)
    query = (
        sa.select(
            Deposit.unit_id,
            kanwil.label("kanwil_id"),
            sa.extract("month", Deposit.day).label("month"),
            Deposit.amount,
            agreed.label("matched"),
        )
        .outerjoin(Placement, standing_at(Deposit.unit_id, Deposit.day))
        .where(Deposit.day.between(first, last))
    )
    rows = (query.where(Deposit.unit_id.in_(sorted(units))) if units else query).subquery()
    key = (rows.c.unit_id, rows.c.kanwil_id, rows.c.month)
    return _sums(sa.select(*key, sa.func.sum(rows.c.amount), sa.func.sum(rows.c.matched)).group_by(*key))


def _left(units: set[int] | None = None) -> list[Sum]:
    """What each unit's deposits have beyond what they cover, where there is anything."""
    covers = sa.select(DepositDay.deposit_id, sa.func.sum(DepositDay.amount).label("amount"))
    if units:
        covers = covers.join(Deposit, Deposit.id == DepositDay.deposit_id).where(Deposit.unit_id.in_(sorted(units)))
    linked = covers.group_by(DepositDay.deposit_id).subquery()
    left = Deposit.amount - sa.func.coalesce(linked.c.amount, 0)
    kanwil = sa.func.coalesce(Placement.kanwil_id, Deposit.unit_id)
    query = (
        sa.select(Deposit.unit_id, kanwil, sa.literal(0), sa.func.sum(left), sa.literal(0))
        .outerjoin(linked, linked.c.deposit_id == Deposit.id)
        .outerjoin(Placement, standing_at(Deposit.unit_id, Deposit.day))
        .where(left != 0)
        .group_by(Deposit.unit_id, kanwil)
    )
    query = query.where(Deposit.unit_id.in_(sorted(units))) if units else query
    return [one for _month, one in _sums(query)]


def _sums(query: Any) -> Iterable[tuple[int, Sum]]:
    for unit_id, kanwil_id, month, one, other in db.session.execute(query):
        yield int(month), Sum(unit_id, kanwil_id, int(month), (int(one), int(other)))


def _sold(since: datetime) -> set[Key] | None:
    """Months of units in which notas were recorded since; None where they are too many."""
    # In this order and without DISTINCT: else SQLite walks another index from one end to the other.
    recorded = sa.select(Sale.gallery_id, Sale.business_date).order_by(Sale.recorded_at.desc())
    recorded = recorded.where(Sale.recorded_at >= min(since, clock.now()) - SETTLED).limit(AT_ONCE)
    rows = db.session.execute(recorded).all()
    if len(rows) == AT_ONCE:
        return None
    whose = {row.id: row.unit_id for row in db.session.execute(sa.select(Gallery.id, Gallery.unit_id))} if rows else {}
    return {(whose[gallery_id], _month(day)) for gallery_id, day in rows}


def _written(seen: Newest) -> Sequence[Any]:
    """Queries of `unit_id, the day it was paid, the day it covers` of what the treasury's tables took in."""
    none = sa.null()
    paid = sa.select(Deposit.unit_id, Deposit.day, none).where(Deposit.id > seen.deposit - OVERLAP)
    covers = sa.select(Deposit.unit_id, Deposit.day, DepositDay.business_date)
    covers = covers.join(DepositDay, DepositDay.deposit_id == Deposit.id).where(DepositDay.id > seen.covered - OVERLAP)
    told = sa.select(Deposit.unit_id, Deposit.day, none).join(TreasuryRow, TreasuryRow.ntpn == Deposit.ntpn)
    return paid, covers, told.where(TreasuryRow.id > seen.row - OVERLAP)


def _those(units: set[int] | None) -> Which:
    if units is None or len(units) > MANY:
        return Which()
    return Which([Unit.id.in_(sorted(units))], few=len(units) < 10)


# -- putting together ----------------------------------------------------------------------------------


def _month(day: date) -> Month:
    return day.year, day.month


def _span(month: Month) -> tuple[date, date]:
    first = date(*month, 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _by_key(year: int, sums: Iterable[tuple[int, Sum]]) -> dict[Key, list[Sum]]:
    found: dict[Key, list[Sum]] = defaultdict(list)
    for month, one in sums:
        found[one.unit_id, (year, month)].append(one)
    return found


def _by_unit(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    """By the unit that each begins with: the row itself, or what stands beside it."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row[1] if len(row) == 2 else row)
    return found


def _by_month(keys: set[Key], years: set[int] | None = None) -> Iterable[tuple[Month, set[int]]]:
    found: dict[Month, set[int]] = defaultdict(set)
    for unit_id, month in keys:
        if years is None or month[0] in years:
            found[month].add(unit_id)
    return found.items()


def _opened(days: Iterable[Open]) -> dict[Key, list[Open]]:
    found: dict[Key, list[Open]] = defaultdict(list)
    for one in days:
        found[one.day.unit_id, _month(one.day.day)].append(one)
    return found


def _aged(days: Iterable[Open]) -> list[tuple[int, int, Ages]]:
    found: dict[tuple[int, int], Ages] = defaultdict(Ages)
    for one in days:
        found[one.day.unit_id, one.day.kanwil_id].join(one.ages())
    return [(*key, ages) for key, ages in found.items()]


_held: WeakKeyDictionary[sa.Engine, Running] = WeakKeyDictionary()
_lock = threading.Lock()


def running() -> Running:
    """The sums of the database in use, kept up."""
    with _lock:
        return _held.setdefault(db.engine, Running())


def keep(app: Any, wait: Callable[[float], bool] | None = None) -> None:
    """Look at once and every few minutes until the process ends; `wait` says after so many seconds whether to stop."""
    wait = wait or threading.Event().wait
    stopped = False
    while not stopped:
        try:
            with app.app_context():
                look_ahead()
        except Exception:  # a database that is away for a while must not end the thread
            app.logger.exception("PNBP was not added up ahead; it is tried again")
        stopped = wait(LOOK_EVERY)


def look_ahead() -> None:
    """Add up what the overview of more than one unit will ask for, before somebody does.

    What is soon to be read anew as a whole is, beside what is in use meanwhile.
    """
    if (db.session.scalar(sa.select(Unit.level).join(Installation)) or "upt") == "upt":
        return
    kept = running()
    if kept.newest and time.monotonic() > kept.loaded + WHOLE_AGAIN - 2 * LOOK_EVERY:
        kept = Running()
    year = clock.today("WIB").year
    kept.look(lambda sums: (sums.balances(year), sums.paid(year), list(sums.ages()), sums.unlinked()))
    with _lock:
        _held[db.engine] = kept

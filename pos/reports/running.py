"""A campaign's sums by gallery and day, held in memory and kept up by reading only what was sold since.

The first look at a wall adds up the campaign's `turnover`; every later one reads the days of galleries that had a
nota in the meantime, found by the index over when notas were recorded. So a change on a wall costs the same with a
thousand lines as with five million. All is read anew when the tree or the campaign changed, and every few minutes
all the same: nothing here is kept anywhere but in memory.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nlargest
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from pos.campaigns.models import Campaign, Turnover
from pos.db import db
from pos.register.models import Sale
from pos.reports.board import Cut, counted, hold_still, reach
from pos.reports.fresh import SETTLED
from pos.reports.streaks import NOTHING, Sold
from pos.units.models import Gallery, Installation

STEP = 0.2  # seconds in which nobody looks again
AT_ONCE = 700  # changed days of galleries that are still read one by one
NOTAS_AT_ONCE = 5_000
WHOLE_AGAIN = 300.0  # seconds
MOST = 12  # campaigns held
NATION = Cut()
NEWEST = 12  # days of galleries that changed last

K = TypeVar("K")


@dataclass(frozen=True)
class Cell:
    """What one gallery sold on one day, and where it stood on it."""

    day: date
    gallery_id: int
    unit_id: int
    kanwil_id: int
    figures: Sold
    changed_at: datetime


@dataclass(frozen=True)
class Within:
    """The sums of one place: by day, by what lies right below it, by UPT and day, and what changed last."""

    by_day: Mapping[date, Sold]
    below: Mapping[int, Sold]
    units: Mapping[int, Mapping[date, Sold]]  # of a nation or a Kanwil
    newest: Sequence[Cell] | None  # None where that is not known
    keys: Container[tuple[date, int]] = ()  # the days of galleries within it that sold


class Running:
    """The sums of one campaign."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.loaded = self.looked = 0.0
        self.stands_for: Hashable = None
        self._seen: datetime | None = None
        self._clear()

    def _clear(self) -> None:
        self.cells: dict[tuple[date, int], Cell] = {}
        self.kanwil_days: dict[int, dict[date, Sold]] = {}
        self.unit_days: dict[tuple[int, int], dict[date, Sold]] = {}  # by Kanwil and unit
        self.unit_cells: dict[int, dict[tuple[date, int], Cell]] = {}
        self.newest: list[Cell] = []

    # -- keeping up --------------------------------------------------------------------------------------

    def refresh(self, campaign: Campaign) -> None:
        """Be as of now, or of a moment ago."""
        with self.lock:
            now = time.monotonic()
            if self.looked and now < self.looked + STEP:
                return
            hold_still()
            stands_for = _stands_for(campaign)
            last = db.session.scalar(sa.select(sa.func.max(Sale.recorded_at)))
            changed = self._changed(campaign)
            if stands_for != self.stands_for or changed is None or now > self.loaded + WHOLE_AGAIN:
                self._clear()
                self._take(_read(campaign, None))
                self.stands_for, self.loaded = stands_for, now
            elif changed:
                self._take(_read(campaign, changed))
            self._seen, self.looked = last, now

    def _changed(self, campaign: Campaign) -> list[tuple[date, int]] | None:
        """The days of galleries with a nota since the last look; None when they are too many to name.

        A little further back than that: a transaction may end after one that began later.
        """
        if not self.loaded:
            return None
        # In this order and without DISTINCT: else SQLite walks another index from one end to the other.
        query = sa.select(Sale.business_date, Sale.gallery_id).order_by(Sale.recorded_at.desc()).limit(NOTAS_AT_ONCE)
        if self._seen is not None:
            query = query.where(Sale.recorded_at >= self._seen - SETTLED)
        found = db.session.execute(query).all()
        first, last = reach(campaign)
        places = {(day, gallery_id) for day, gallery_id in found if first <= day <= last}
        return None if len(places) > AT_ONCE or len(found) == NOTAS_AT_ONCE else sorted(places)

    def _take(self, cells: Iterable[Cell]) -> None:
        taken = []
        for cell in cells:
            key = (cell.day, cell.gallery_id)
            old = self.cells.get(key)
            if old and old.figures == cell.figures and old.changed_at == cell.changed_at:
                continue
            more = _minus(cell.figures, old.figures if old else NOTHING)
            for days in (
                self.kanwil_days.setdefault(cell.kanwil_id, {}),
                self.unit_days.setdefault((cell.kanwil_id, cell.unit_id), {}),
            ):
                days[cell.day] = plus(days.get(cell.day, NOTHING), more)
            self.cells[key] = self.unit_cells.setdefault(cell.unit_id, {})[key] = cell
            taken.append(cell)
        fresh = {(cell.day, cell.gallery_id): cell for cell in (*self.newest, *taken)}
        self.newest = nlargest(NEWEST, fresh.values(), key=lambda cell: (cell.changed_at, -cell.gallery_id))

    # -- reading -----------------------------------------------------------------------------------------

    def within(self, cut: Cut, per: str) -> "Within":
        """What stands on the wall of a place, as of one moment."""
        with self.lock:
            by_unit = {} if cut.has("upt", "gallery") else self._by_unit(cut)
            newest, keys = self._newest_within(cut)
            return Within(dict(self._by_day(cut)), self._by_key(cut, per), by_unit, newest, keys)

    def _by_day(self, cut: Cut) -> dict[date, Sold]:
        """What was sold on each day within a place."""
        if cut.gallery is not None:
            return _added((cell.day, cell.figures) for cell in self._cells_of(cut))
        if cut.upt is None:
            many = [days for kanwil, days in self.kanwil_days.items() if cut.kanwil in (None, kanwil)]
        else:
            many = [
                days
                for (kanwil, unit), days in self.unit_days.items()
                if unit == cut.upt and cut.kanwil in (None, kanwil)
            ]
        return many[0] if len(many) == 1 else _added(pair for days in many for pair in days.items())

    def _by_unit(self, cut: Cut) -> dict[int, dict[date, Sold]]:
        """What each unit of a nation or Kanwil sold on each day."""
        found: dict[int, dict[date, Sold]] = {}
        for (kanwil, unit), days in self.unit_days.items():
            if cut.kanwil in (None, kanwil):
                found[unit] = _added([*found[unit].items(), *days.items()]) if unit in found else dict(days)
        return found

    def _by_key(self, cut: Cut, per: str) -> dict[int, Sold]:
        """What the Kanwil, units or galleries right below a place sold."""
        if per == "kanwil":
            return {key: total(days) for key, days in self.kanwil_days.items() if cut.kanwil in (None, key)}
        if per == "upt":
            return {key: total(days) for key, days in self._by_unit(cut).items()}
        return _added((cell.gallery_id, cell.figures) for cell in self._cells_of(cut))

    def _cells_of(self, cut: Cut) -> list[Cell]:
        cells = self.cells if cut.upt is None else self.unit_cells.get(cut.upt, {})
        return [
            cell
            for cell in list(cells.values())
            if cut.kanwil in (None, cell.kanwil_id) and cut.gallery in (None, cell.gallery_id)
        ]

    def _newest_within(self, cut: Cut) -> tuple[list[Cell], Container[tuple[date, int]]]:
        """The days of galleries of a place that changed last, and all of them."""
        if cut == Cut():
            return self.newest, self.cells.keys()
        within = self._cells_of(cut)
        newest = nlargest(NEWEST, within, key=lambda cell: (cell.changed_at, -cell.gallery_id))
        return newest, {(cell.day, cell.gallery_id) for cell in within}


def _stands_for(campaign: Campaign) -> Hashable:
    """What the sums hang on besides the notas."""
    version = db.session.scalar(sa.select(Installation.tree_version))
    windows = sorted((w.unit_id, w.from_day, w.until_day) for w in campaign.windows)
    return (version, campaign.from_day, campaign.until_day, campaign.wbp_only, tuple(windows))


def unit_within(campaign: Campaign, cut: Cut) -> Within:
    """The sums of a UPT or a gallery, added up anew: they are few, and no other unit's sales are waited for."""
    cells = list(_read(campaign, None, cut))
    newest = nlargest(NEWEST, cells, key=lambda cell: (cell.changed_at, -cell.gallery_id))
    by_day = _added((cell.day, cell.figures) for cell in cells)
    return Within(by_day, _added((cell.gallery_id, cell.figures) for cell in cells), {}, newest)


def _read(campaign: Campaign, places: list[tuple[date, int]] | None, cut: Cut = NATION) -> Iterable[Cell]:
    """The cells of these days of galleries, or all of the campaign's, within a place."""
    query, columns = counted(campaign, cut, "kanwil")
    if places is not None:
        query = query.where(*among(Turnover, places))  # what else comes along is as it was
    key = (columns.day, columns.gallery_id, Gallery.unit_id, columns.kanwil_id)
    query = query.with_only_columns(
        *key,
        sa.func.sum(columns.omzet),
        sa.func.sum(columns.pieces),
        columns.notas,
        sa.func.sum(columns.pnbp),
        sa.func.max(columns.changed_at),
    ).group_by(*key)
    for day, gallery_id, unit_id, kanwil_id, omzet, pieces, sales, pnbp, changed_at in db.session.execute(query):
        yield Cell(day, gallery_id, unit_id, kanwil_id, Sold(*map(int, (omzet, pieces, sales, pnbp))), changed_at)


def among(table: Any, places: Sequence[tuple[date, int]]) -> tuple[Any, Any]:
    """Rows of these days and these galleries: two lists, for SQLite finds no pairs in an index."""
    days, galleries = {day for day, _ in places}, {gallery_id for _, gallery_id in places}
    return table.business_date.in_(sorted(days)), table.gallery_id.in_(sorted(galleries))


def plus(one: Sold, other: Sold) -> Sold:
    return Sold(one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3])


def _minus(one: Sold, other: Sold) -> Sold:
    return Sold(one[0] - other[0], one[1] - other[1], one[2] - other[2], one[3] - other[3])


def total(days: Mapping[date, Sold]) -> Sold:
    found = NOTHING
    for figures in days.values():
        found = plus(found, figures)
    return found


def _added(pairs: Iterable[tuple[K, Sold]]) -> dict[K, Sold]:
    found: dict[K, Sold] = {}
    for key, figures in pairs:
        found[key] = plus(found.get(key, NOTHING), figures)
    return found


# -- the campaigns of this process ---------------------------------------------------------------------

_held: WeakKeyDictionary[sa.Engine, OrderedDict[int, Running]] = WeakKeyDictionary()
_lock = threading.Lock()


def running(campaign: Campaign) -> Running:
    """The sums of the campaign, kept up."""
    with _lock:
        held = _held.setdefault(db.engine, OrderedDict())
        found = held.setdefault(campaign.id, Running())
        held.move_to_end(campaign.id)
        while len(held) > MOST:
            held.popitem(last=False)
    found.refresh(campaign)
    return found

"""A campaign's sums by day, Kanwil and UPT, held in memory and kept up by reading only what was sold since.

The first look at a wall adds up what the campaign sold; every later one reads the days of galleries that had a nota
in the meantime, found by the index over when notas were recorded, and adds the difference to the sums it stands in.
So a change on a wall costs the same with a thousand lines as with five million, and with one day sold as with thirty.
All is read anew when the tree or the campaign changed, and every few minutes all the same: nothing here is kept
anywhere but in memory.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nlargest
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from pos import clock
from pos.campaigns.models import Campaign
from pos.db import db
from pos.register.models import Sale
from pos.reports.board import Cut, counted, deposits, hold_still, reach
from pos.reports.fresh import SETTLED
from pos.reports.notas import LAST_NOTAS, Noted, among, newest_first, newest_of, those
from pos.reports.streaks import NOTHING, Member, Sold, Strip, belongs, members, strip_of
from pos.revenue.models import Deposit
from pos.units.models import Gallery, Installation

STEP = 0.2  # seconds in which nobody looks again
AT_ONCE = 700  # changed days of galleries that are still read one by one
NOTAS_AT_ONCE = 5_000
WHOLE_AGAIN = 300.0  # seconds
MOST = 12  # campaigns held
NATION = Cut()

Days = dict[date, Sold]
Paid = tuple[int | None, datetime | None]  # PNBP that was deposited, and when the last of it was recorded
Places = Mapping[str, tuple[date, int]]  # of notas: the day and the gallery of each


@dataclass(frozen=True, slots=True)
class Cell:
    """What one gallery sold on one day, and where it stood on it."""

    day: date
    gallery_id: int
    unit_id: int
    kanwil_id: int
    figures: Sold
    changed_at: datetime

    @property
    def place(self) -> tuple[date, int]:
        return self.day, self.gallery_id


@dataclass(frozen=True)
class Within:
    """The sums of one place: whole, by day, by what lies right below it; its UPT, its last notas, what it paid."""

    whole: Sold
    by_day: Mapping[date, Sold]
    below: Mapping[int, Sold]
    strips: Sequence[Strip]  # of a nation or a Kanwil, by name
    notas: Sequence[Noted]
    paid: Paid


class Sums:
    """What each of some places sold, by day and altogether. The days of a place never change: they are replaced."""

    def __init__(self) -> None:
        self.days: dict[Hashable, Days] = {}
        self.whole: dict[Hashable, Sold] = {}

    def add(self, key: Hashable, day: date, more: Sold, replaced: set[Hashable]) -> None:
        """`replaced` are the places whose days nobody else has yet."""
        if key not in replaced:
            self.days[key] = dict(self.days.get(key, ()))
            replaced.add(key)
        days = self.days[key]
        days[day] = plus(days.get(day, NOTHING), more)
        self.whole[key] = plus(self.whole.get(key, NOTHING), more)


@dataclass(frozen=True)
class Newest:
    """What tells whether anything changed: the tree, the last nota's instant, the last deposit."""

    tree: int | None
    recorded_at: datetime | None
    deposit: int | None


_NEWEST = sa.select(
    sa.select(Installation.tree_version).scalar_subquery(),
    sa.select(sa.func.max(Sale.recorded_at)).scalar_subquery(),
    sa.select(sa.func.max(Deposit.id)).scalar_subquery(),
)


class Running:
    """The sums of one campaign."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.loaded = self.looked = 0.0
        self.stands_for: Hashable = None
        self._seen: datetime | None = None
        self._known: Places = {}
        self._paid_for: int | None = None
        self._paid_at, self._paid_settled = 0.0, False
        self._clear()

    def _clear(self) -> None:
        self.cells: dict[tuple[date, int], Cell] = {}
        self.sums = Sums()  # by None (the nation), Kanwil, (Kanwil, UPT) and (None, UPT)
        self.members: list[Member] = []
        self.strips: dict[Hashable, Strip] = {}
        self.notas: dict[int | None, list[Noted]] = {}  # by Kanwil or None, as far as they were asked for
        self.paid: dict[int | None, Paid] = {}

    def within(self, campaign: Campaign, cut: Cut, today: date) -> Within:
        """What stands on the wall of the nation or a Kanwil, as of now or of a moment ago."""
        with self.lock:
            if not self.looked or time.monotonic() >= self.looked + STEP:
                self._refresh(campaign)
            return self._within(campaign, cut, today)

    # -- keeping up --------------------------------------------------------------------------------------

    def _refresh(self, campaign: Campaign) -> None:
        now = time.monotonic()
        hold_still()
        newest = Newest(*db.session.execute(_NEWEST).one())
        windows = tuple(sorted((w.unit_id, w.from_day, w.until_day) for w in campaign.windows))
        filters = (campaign.wbp_only, *campaign.categories, None, *campaign.channels)
        stands_for = (newest.tree, campaign.from_day, campaign.until_day, windows, filters)
        found = self._since(newest)
        first, last = reach(campaign)
        fresh = {sale: place for sale, place in found.items() if sale not in self._known and first <= place[0] <= last}
        many = len(set(fresh.values())) > AT_ONCE or len(found) == NOTAS_AT_ONCE
        if not self.loaded or many or stands_for != self.stands_for or now > self.loaded + WHOLE_AGAIN:
            self._clear()
            self._take(_read(campaign))
            self.members = members(campaign)
            self.stands_for, self.loaded = stands_for, now
        elif fresh:
            self._take(_read(campaign, places=sorted(set(fresh.values()))))
            self._note(campaign, fresh)
        self._forget_paid(newest.deposit, now)
        self._seen, self._known, self.looked = newest.recorded_at, found, now

    def _since(self, newest: Newest) -> Places:
        """The notas that were recorded since the last look, and a little before: one may end after a later one.

        Where the clock was ahead once, what it wrote then is looked at each time, and hides nothing that comes now.
        """
        seen = self._seen or newest.recorded_at
        if seen is None:
            return {}
        # In this order and without DISTINCT: else SQLite walks another index from one end to the other.
        query = sa.select(Sale.id, Sale.business_date, Sale.gallery_id).order_by(Sale.recorded_at.desc())
        query = query.where(Sale.recorded_at >= min(seen, clock.now()) - SETTLED).limit(NOTAS_AT_ONCE)
        return {sale_id: (day, gallery_id) for sale_id, day, gallery_id in db.session.execute(query)}

    def _take(self, cells: Iterable[Cell]) -> None:
        """Put these in the place of what was known of their days, and let the sums follow."""
        replaced: set[Hashable] = set()
        for cell in cells:
            old = self.cells.get(cell.place)
            self.cells[cell.place] = cell
            more = _minus(cell.figures, old.figures) if old else cell.figures
            if old is None or any(more):
                for key in (None, cell.kanwil_id, (cell.kanwil_id, cell.unit_id), (None, cell.unit_id)):
                    self.sums.add(key, cell.day, more, replaced)

    def _note(self, campaign: Campaign, fresh: Places) -> None:
        """Let the last notas be the last ones still."""
        if not self.notas:
            return
        for nota in those(campaign, fresh):
            cell = self.cells.get((nota.day, nota.gallery_id))
            for kanwil in {None, cell.kanwil_id if cell else None} & self.notas.keys():
                self.notas[kanwil] = newest_first((nota, *self.notas[kanwil]))

    def _forget_paid(self, deposit: int | None, now: float) -> None:
        """When a deposit came, and once more when whatever was written beside it has ended."""
        unsettled = not self._paid_settled and now > self._paid_at + SETTLED.total_seconds()
        if deposit != self._paid_for or unsettled:
            self._paid_settled = deposit == self._paid_for
            self._paid_for, self._paid_at = deposit, now
            self.paid.clear()

    # -- reading -----------------------------------------------------------------------------------------

    def _within(self, campaign: Campaign, cut: Cut, today: date) -> Within:
        kanwil = cut.kanwil
        if kanwil not in self.notas:
            last = _changed_last(cell for cell in self.cells.values() if kanwil in (None, cell.kanwil_id))
            self.notas[kanwil] = newest_of(campaign, cut, last)
        if kanwil not in self.paid:
            self.paid[kanwil] = deposits(campaign, cut)
        return Within(
            self.sums.whole.get(kanwil, NOTHING),
            self.sums.days.get(kanwil, {}),
            self._below(kanwil),
            self._strips(cut, today),
            self.notas[kanwil],
            self.paid[kanwil],
        )

    def _below(self, kanwil: int | None) -> dict[int, Sold]:
        """The Kanwil of the nation, the UPT of a Kanwil."""
        if kanwil is None:
            return {key: sold for key, sold in self.sums.whole.items() if isinstance(key, int)}
        whole = self.sums.whole.items()
        return {key[1]: sold for key, sold in whole if isinstance(key, tuple) and key[0] == kanwil}

    def _strips(self, cut: Cut, today: date) -> list[Strip]:
        """Those whose days are what they were are the same ones."""
        found = []
        for member in self.members:
            key = (cut.kanwil, member.unit_id)
            sold = self.sums.days.get(key)
            if sold is None and not belongs(member, cut):
                continue
            strip = self.strips.get(key)
            if strip is None or strip.today != today or (strip.by_day is not sold and sold is not None):
                strip = self.strips[key] = strip_of(member, today, sold or {})
            found.append(strip)
        return found


def unit_within(campaign: Campaign, cut: Cut) -> Within:
    """The sums of a UPT or a gallery, added up anew: they are few, and no other unit's sales are waited for."""
    hold_still()
    cells = list(_read(campaign, cut))
    by_day: Days = {}
    by_gallery: dict[int, Sold] = {}
    whole = NOTHING
    for cell in cells:
        whole = plus(whole, cell.figures)
        by_day[cell.day] = plus(by_day.get(cell.day, NOTHING), cell.figures)
        by_gallery[cell.gallery_id] = plus(by_gallery.get(cell.gallery_id, NOTHING), cell.figures)
    notas = newest_of(campaign, cut, _changed_last(cells))
    return Within(whole, by_day, by_gallery, (), notas, deposits(campaign, cut))


def _changed_last(cells: Iterable[Cell]) -> list[tuple[date, int]]:
    last = nlargest(LAST_NOTAS, cells, key=lambda cell: (cell.changed_at, -cell.gallery_id))
    return [cell.place for cell in last]


def _read(campaign: Campaign, cut: Cut = NATION, places: Sequence[tuple[date, int]] = ()) -> Iterable[Cell]:
    """The cells of these days of galleries, or all of the campaign's, within a place."""
    query, columns = counted(campaign, cut, "kanwil", when=True)
    if places:
        query = query.where(*among(columns.table, places))  # what else comes along is as it was
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


def plus(one: Sold, other: Sold) -> Sold:
    return Sold(one[0] + other[0], one[1] + other[1], one[2] + other[2], one[3] + other[3])


def _minus(one: Sold, other: Sold) -> Sold:
    return Sold(one[0] - other[0], one[1] - other[1], one[2] - other[2], one[3] - other[3])


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
    return found

"""The sums in memory are those of the books, whatever happened since they were read."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import current_app

from pos import clock
from pos.db import atomic, db
from pos.revenue import deposits
from pos.revenue.models import Deposit
from pos.treasury import coverage, overview, running, targets, workdays
from pos.treasury.overview import Cut, Line, cut_for
from pos.treasury.running import Running
from pos.units import services as units
from pos.units.services import unit_named
from tests import world
from tests.treasury import paid_in
from tests.treasury.paid_in import AMBON, PONTIANAK

TODAY = clock.today("WIT")
LONG_AGO, LATELY = TODAY - timedelta(days=400), TODAY - timedelta(days=40)
YEARS = sorted({LONG_AGO.year, TODAY.year})


def sold(day: date, pieces: int = 1_000, ambon: bool = True) -> None:
    at = f"{day}T10:00:00+09:00"
    if ambon:
        world.sell(lines=[("Tas rajut", pieces)], at=at)
    else:
        world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", pieces)], at=at)


def seen(person: Any, year: int) -> list[Any]:
    """The nation's figures of a year as the page has them: lines, months, what covers nothing."""
    cut = cut_for(person, None, None)
    lines = overview.lines(cut, date(year, 1, 1), date(year, 12, 31))
    return [lines, overview.by_month(cut, year), overview.unlinked(cut)]


def seen_anew(person: Any, monkeypatch: Any) -> list[Any]:
    fresh = Running()
    with monkeypatch.context() as patch:
        patch.setattr(overview, "running", lambda: fresh)
        return [seen(person, year) for year in YEARS]


def of_units(person: Any, year: int) -> Line:
    """All units' own lines together, as the database adds them up."""
    cuts = (Cut(person, None, unit_named(name).id) for name in (AMBON, PONTIANAK))
    return overview.whole([line for cut in cuts for line in overview.lines(cut, date(year, 1, 1), date(year, 12, 31))])


def moved() -> None:
    unit = unit_named(AMBON)
    with atomic():
        units.place(unit, unit_named("Kanwil Kalimantan Barat").id, unit.name, TODAY - timedelta(days=20))
        db.session.execute(sa.text("UPDATE installation SET tree_version = tree_version + 1"))


def taken_back() -> None:
    first = db.session.scalars(sa.select(Deposit).order_by(Deposit.id)).first()
    assert first
    deposits.take_back(first, world.person("petugas"), "Salah ketik")


ACTS: list[Callable[[], Any]] = [
    lambda: sold(LONG_AGO, 10_000),
    lambda: sold(LATELY, 4_000),
    lambda: sold(TODAY, 2_000, ambon=False),
    lambda: paid_in.deposit(40_000, day=LATELY, ntpn="A" * 16),
    lambda: paid_in.deposit(90_000, {}, day=TODAY, ntpn="B" * 16),
    lambda: paid_in.bring_in(paid_in.csv(("A" * 16, LATELY, 40_000), ("B" * 16, TODAY, 9_000))),
    lambda: coverage.link(db.session.scalars(sa.select(Deposit).order_by(Deposit.id.desc())).first(), _staff()),  # type: ignore[arg-type]
    lambda: sold(LATELY, 1_000),
    moved,
    taken_back,
    lambda: workdays.add_off_day(unit_named(PONTIANAK), world.person("admin"), TODAY, "Libur setempat", works=False),
    lambda: sold(TODAY - timedelta(days=1)),
]


def _staff() -> Any:
    return world.person("petugas")


@pytest.fixture
def alone(monkeypatch: Any) -> None:
    """Nobody else writes: nothing need be read again because it may have ended since."""
    monkeypatch.setattr(running, "SETTLED", timedelta(0))
    monkeypatch.setattr(running, "OVERLAP", 0)


def test_kept_sums_are_those_that_are_read_anew_and_those_of_the_units(ctx: Any, alone: None, monkeypatch: Any) -> None:
    head = world.person("pejabat-pusat")
    for number, act in enumerate(ACTS):
        act()
        kept = [seen(head, year) for year in YEARS]
        if number % 4 == 3:
            assert kept == seen_anew(head, monkeypatch)
    for year, (lines, _months, _left) in zip(YEARS, kept, strict=True):
        whole = overview.whole(lines)
        assert vars(whole) == vars(of_units(head, year)), "the ages, too"
    assert whole.matched == 0 and whole.ages.older, "there was something to see"


def test_targets_show_what_each_unit_brought_in_whoever_looks(ctx: Any) -> None:
    sold(TODAY, 30_000)
    sold(TODAY, 5_000, ambon=False)
    paid_in.deposit(40_000, day=TODAY, ntpn="A" * 16)
    paid_in.deposit(9_000, {}, day=TODAY, ntpn="B" * 16)
    paid_in.bring_in(paid_in.csv(("A" * 16, TODAY, 40_000)))
    [own] = targets.realised(world.person("petugas"), TODAY.year)
    of_all = targets.realised(world.person("pejabat-pusat"), TODAY.year)
    assert own == of_all[0] and [row.unit for row in of_all] == [AMBON, PONTIANAK]
    assert (own.deposited, own.matched) == (49_000, 40_000) and own.computed > of_all[1].computed > 0
    assert targets.realised(world.person("pejabat"), TODAY.year) == [own], "the Kanwil's own units alone"


def test_a_serving_process_adds_up_before_anybody_looks(ctx: Any, alone: None, monkeypatch: Any) -> None:
    head, flask = world.person("pejabat-pusat"), current_app._get_current_object()  # type: ignore[attr-defined]
    sold(LONG_AGO)
    with monkeypatch.context() as patch:
        patch.setattr(running, "look_ahead", lambda: 1 / 0)
        running.keep(flask, wait=lambda seconds: True)  # is told, and tried again
    running.keep(flask, wait=lambda seconds: True)
    first = running.running()
    read: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "turnover" in statement:
            read.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    assert seen(head, TODAY.year)[0] and not read
    running.look_ahead()
    assert running.running() is first and not read
    monkeypatch.setattr(running, "WHOLE_AGAIN", 0.0)
    running.look_ahead()
    assert running.running() is not first and read, "read anew beside what was in use"


def test_a_look_reads_what_changed_and_no_year_again(ctx: Any, alone: None) -> None:
    head = world.person("pejabat-pusat")
    sold(LONG_AGO)
    sold(TODAY)
    seen(head, TODAY.year)
    read: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, given: Any, *_more: Any) -> None:
        if statement.startswith("SELECT") and "turnover" in statement:
            read.append(str(given))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    seen(head, TODAY.year)
    assert not read
    sold(TODAY, ambon=False)
    read.clear()
    seen(head, TODAY.year)
    dates = set(re.findall(r"\d{4}-\d\d-\d\d|datetime.date\(.*?\)", " ".join(read)))
    assert len(read) == len(dates) == 2, "the month that was sold in, for its sums and for what is open"

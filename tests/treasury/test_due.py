"""When takings are due: working days, 12.00 local time, holidays, and what a unit is permitted."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos import clock
from pos.treasury import takings, workdays
from pos.treasury.workdays import DAILY, Diary, Rule, due_day
from pos.units.models import Unit
from pos.units.services import unit_named
from tests import world
from tests.treasury.paid_in import AMBON, KENDARI, PONTIANAK

FRIDAYS, MONTH_END = Rule("weekly", weekday=4), Rule("monthly", month_day=31)


@pytest.mark.parametrize(
    ("day", "late", "rule", "due"),
    [
        ("2026-04-07", False, DAILY, "2026-04-07"),  # a Tuesday before 12.00
        ("2026-04-07", True, DAILY, "2026-04-08"),
        ("2026-04-10", True, DAILY, "2026-04-13"),  # Friday afternoon: Monday
        ("2026-04-11", False, DAILY, "2026-04-13"),  # Saturday
        ("2026-04-02", True, DAILY, "2026-04-06"),  # before Good Friday and Easter
        ("2026-03-18", False, DAILY, "2026-03-25"),  # Nyepi, Idul Fitri and the leave around them
        ("2026-12-31", True, DAILY, "2027-01-04"),
        ("2026-04-07", False, FRIDAYS, "2026-04-10"),
        ("2026-04-10", False, FRIDAYS, "2026-04-10"),
        ("2026-04-10", True, FRIDAYS, "2026-04-17"),
        ("2026-03-31", False, FRIDAYS, "2026-04-06"),  # the Friday is a holiday
        ("2026-04-07", False, MONTH_END, "2026-04-30"),
        ("2026-04-30", True, MONTH_END, "2026-06-02"),  # May ends on a Sunday and a holiday; 1 June is one too
        ("2026-02-28", False, MONTH_END, "2026-03-31"),  # a Saturday: counts from Monday on
        ("2026-05-20", False, Rule("monthly", month_day=5), "2026-06-05"),
    ],
)
def test_when_it_is_due(day: str, late: bool, rule: Rule, due: str) -> None:
    assert due_day(date.fromisoformat(day), late, rule, {}) == date.fromisoformat(due)


@settings(max_examples=80, deadline=None)
@given(
    day=st.dates(date(2024, 1, 1), date(2027, 12, 1)),
    late=st.booleans(),
    rule=st.one_of(
        st.just(DAILY),
        st.integers(0, 4).map(lambda d: Rule("weekly", weekday=d)),
        st.integers(1, 31).map(lambda d: Rule("monthly", month_day=d)),
    ),
)
def test_it_is_due_on_a_working_day_never_before_it_was_taken_and_never_sooner_when_late(
    day: date, late: bool, rule: Rule
) -> None:
    due = due_day(day, late, rule, {})
    assert due.weekday() < 5 and due not in workdays.national(due.year)
    assert due >= day + timedelta(days=late) and due_day(day, True, rule, {}) >= due_day(day, False, rule, {})
    assert due_day(day, late, DAILY, {}) <= due


def test_days_off_and_rules_hold_for_a_unit_and_all_below_it(ctx: Any) -> None:
    admin, maluku, ambon = world.person("admin"), unit_named("Kanwil Maluku"), unit_named(AMBON)
    tuesday, today = date(2026, 4, 7), clock.today("WIT")
    workdays.add_off_day(maluku, admin, tuesday, "Hari Pattimura", works=False)
    workdays.add_off_day(ambon, admin, date(2026, 4, 3), "Tetap buka", works=True)
    workdays.set_rule(ambon, admin, from_day=today, rule=FRIDAYS, satker="409123", akun="", basis="S-1/PB/2026")
    diary = Diary()
    assert diary.due(ambon.path, tuesday, False) == date(2026, 4, 8), "an older day keeps its daily rule"
    assert diary.due(unit_named(PONTIANAK).path, tuesday, False) == tuesday
    assert diary.due(ambon.path, date(2026, 4, 2), True) == date(2026, 4, 3)
    assert diary.due(unit_named(KENDARI).path, date(2026, 4, 2), True) == date(2026, 4, 6)
    assert diary.due(ambon.path, today, False).weekday() == 4 or workdays.national(today.year)
    assert diary.rule(ambon.path, today) == FRIDAYS and diary.rule(maluku.path, today) == DAILY


def test_takings_are_parted_at_noon_of_their_own_zone(ctx: Any) -> None:
    for username, register, goods, zone in (
        ("kasir", "AMB-1", "Tas rajut", "+09:00"),
        ("kasir-ptk", "PTK-1", "Miniatur kapal", "+07:00"),
        ("kasir-kdi", "KDI-1", "Meja jati", "+08:00"),
    ):
        for time, pieces in (("07:30", 1000), ("11:59", 1000), ("12:00", 3000), ("21:00", 4000)):
            world.sell(username, register, [(goods, pieces)], at=f"2026-04-01T{time}:00{zone}")
    for one in takings.open_days(takings.Which()):
        morning, afternoon = one.parts
        assert morning.amount * 7 == afternoon.amount * 2, one
        assert (morning.due, afternoon.due) == (date(2026, 4, 1), date(2026, 4, 2))


def test_what_is_sold_after_midnight_of_a_long_day_is_late(ctx: Any) -> None:
    from pos.units.tree import change_gallery

    gallery = unit_named(PONTIANAK).galleries[0]
    change_gallery(gallery, world.person("admin"), name=gallery.name, cutoff_minutes=180)
    world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)], at="2026-05-01T00:30:00+07:00")
    [one] = takings.open_days(takings.Which([Unit.name == PONTIANAK]))
    [part] = one.parts
    assert (one.day.day, part.late, part.due) == (date(2026, 4, 30), True, date(2026, 5, 4))
    assert one.ages().late == part.amount

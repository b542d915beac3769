"""When takings are due at the treasury: working days, the rule of 12.00, and what a unit is permitted."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.db import atomic, db
from pos.errors import N_, NotFound, PosError
from pos.treasury.models import DepositRule, OffDay
from pos.units.models import Unit
from pos.units.services import Person, log, within

NOON = 12  # o'clock: what is taken later counts as of the next working day
ONE = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """How often is deposited: daily, weekly on a weekday (0 = Monday), or monthly on a day."""

    period: str = "daily"
    weekday: int | None = None
    month_day: int | None = None


DAILY = Rule()


@cache
def national(year: int) -> dict[date, str]:
    """Public holidays and collective leave (*cuti bersama*) of a year, by the names people know."""
    import holidays

    found = holidays.country_holidays("ID", years=[year], language="id", categories=("public", "government"))
    return dict(sorted(found.items()))


class Diary:
    """All working days and rules, read once: asked for many due days."""

    def __init__(self) -> None:
        off = sa.select(Unit.path, OffDay.day, OffDay.works).join(Unit, Unit.id == OffDay.unit_id)
        found = db.session.execute(off.order_by(sa.func.length(Unit.path)))
        self._own = [(path, day, works) for path, day, works in found]
        rules = sa.select(Unit.path, DepositRule).join(Unit, Unit.id == DepositRule.unit_id).order_by(DepositRule.id)
        self._rules = [(path, row.from_day, _rule(row)) for path, row in db.session.execute(rules)]
        self._own_of: dict[str, dict[date, bool]] = {}
        self._known: dict[tuple[frozenset[tuple[date, bool]], Rule, date, bool], date] = {}

    def rule(self, path: str, day: date) -> Rule:
        """What holds for the unit at `path` on `day`: the nearest up the tree, the latest start, the newest."""
        fitting = [
            (len(above), since, i, rule)
            for i, (above, since, rule) in enumerate(self._rules)
            if path.startswith(above) and since <= day
        ]
        return max(fitting)[3] if fitting else DAILY

    def works(self, path: str, day: date) -> bool:
        """Whether `day` is a working day for the unit at `path`; its own entries go before the nation's."""
        return _works(day, self._days_of(path))

    def due(self, path: str, day: date, late: bool) -> date:
        """The last day on which takings of business day `day` are in time; `late` are those after 12.00."""
        own, rule = self._days_of(path), self.rule(path, day)
        key = (frozenset(own.items()), rule, day, late)
        if key not in self._known:
            self._known[key] = due_day(day, late, rule, own)
        return self._known[key]

    def _days_of(self, path: str) -> dict[date, bool]:
        if path not in self._own_of:
            self._own_of[path] = {day: works for above, day, works in self._own if path.startswith(above)}
        return self._own_of[path]


def due_day(day: date, late: bool, rule: Rule, own: dict[date, bool]) -> date:
    """Pure: `own` says of days whether they are working days, whatever weekday and national list say."""
    first = day if not late and _works(day, own) else _next(day + ONE, own)
    if rule.period == "weekly":
        return _next(first + timedelta(days=((rule.weekday or 0) - first.weekday()) % 7), own)
    if rule.period == "monthly":
        wanted = _in_month(first, rule.month_day or 1)
        if wanted < first:
            wanted = _in_month(first.replace(day=28) + timedelta(days=4), rule.month_day or 1)
        return _next(wanted, own)
    return first


def _in_month(day: date, wanted: int) -> date:
    return day.replace(day=min(wanted, calendar.monthrange(day.year, day.month)[1]))


def _next(day: date, own: dict[date, bool]) -> date:
    while not _works(day, own):
        day += ONE
    return day


def _works(day: date, own: dict[date, bool]) -> bool:
    return own.get(day, day.weekday() < 5 and day not in national(day.year))


def _rule(row: DepositRule) -> Rule:
    return Rule(row.period, row.weekday, row.month_day)


# -- what people set -----------------------------------------------------------------------------------


def rules_for(person: Person) -> Any:
    """Query of `DepositRule, Unit` in scope and above, for those hold as well; the newest first."""
    return (
        sa.select(DepositRule, Unit)
        .join(Unit, Unit.id == DepositRule.unit_id)
        .where(_near(person))
        .order_by(DepositRule.from_day.desc(), DepositRule.id.desc())
    )


def rule_of(unit: Unit, day: date) -> DepositRule | None:
    """The entry that holds for `unit` on `day`."""
    query = (
        sa.select(DepositRule)
        .join(Unit, Unit.id == DepositRule.unit_id)
        .where(sa.literal(unit.path).startswith(Unit.path), DepositRule.from_day <= day)
        .order_by(sa.func.length(Unit.path).desc(), DepositRule.from_day.desc(), DepositRule.id.desc())
    )
    return db.session.scalar(query.limit(1))


def set_rule(unit: Unit, by: Person, *, from_day: date, rule: Rule, satker: str, akun: str, basis: str) -> None:
    """A new entry, from today on at the earliest: what was due before stays due when it was."""
    if from_day < clock.today(unit.zone):
        raise PosError("Hari mulai sudah lewat.", fields={"from_day": N_("Paling awal hari ini.")})
    if rule.period != "daily" and not basis.strip():
        raise PosError(
            "Dasar izin belum diisi.",
            fields={"basis": N_("Setoran berkala memerlukan izin: tulis nomor dan tanggal suratnya.")},
        )
    with atomic() as session:
        session.add(
            DepositRule(
                unit_id=unit.id,
                from_day=from_day,
                period=rule.period,
                weekday=rule.weekday,
                month_day=rule.month_day,
                satker=satker,
                akun=akun,
                basis=basis.strip(),
                user_id=by.id,
                recorded_at=clock.now(),
            )
        )
        log("deposit_rule.add", unit.name, by, unit.id, period=rule.period, since=from_day.isoformat())


def off_days_for(person: Person, year: int) -> Sequence[tuple[OffDay, Unit]]:
    query = (
        sa.select(OffDay, Unit)
        .join(Unit, Unit.id == OffDay.unit_id)
        .where(_near(person), OffDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(OffDay.day, Unit.path)
    )
    return [(day, unit) for day, unit in db.session.execute(query)]


def add_off_day(unit: Unit, by: Person, day: date, name: str, works: bool) -> None:
    name = " ".join(name.split())
    if not 2000 <= day.year <= 2100:
        raise PosError("Hari itu terlalu jauh.", fields={"day": N_("Isi hari antara tahun 2000 dan 2100.")})
    if db.session.scalar(sa.select(OffDay.id).where(OffDay.unit_id == unit.id, OffDay.day == day)):
        raise PosError("Hari itu sudah ada.", fields={"day": N_("Hari itu sudah ada di daftar unit ini.")})
    with atomic() as session:
        session.add(OffDay(unit_id=unit.id, day=day, name=name, works=works))
        log("off_day.add", name, by, unit.id, day=day.isoformat(), works=works)


def remove_off_day(person: Person, off_day_id: int) -> OffDay:
    row = db.session.scalar(sa.select(OffDay).join(Unit).where(OffDay.id == off_day_id, within(person)))
    if row is None:
        raise NotFound("Hari ini tidak ada di daftar Anda.")
    with atomic() as session:
        session.execute(sa.delete(OffDay).where(OffDay.id == row.id))
        log("off_day.remove", row.name, person, row.unit_id, day=row.day.isoformat())
    return row


def _near(person: Person) -> sa.ColumnElement[bool]:
    above = [int(step) for step in person.path.rstrip(".").split(".")]
    return sa.or_(within(person), Unit.id.in_(above))

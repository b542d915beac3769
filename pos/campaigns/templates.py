"""Where a new campaign begins: One Day One Prison's Product for a year, or one that was held before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from pos import clock
from pos.campaigns.models import Campaign
from pos.campaigns.planning import Draft, Target, Window
from pos.db import db

ODOP = "odop"
ODOP_NAME = "One Day One Prison's Product"
# Its windows so far, as the letters of those years had them; before Hari Bhakti Pemasyarakatan (27 April).
ODOP_DAYS = {
    2021: (date(2021, 4, 1), date(2021, 4, 26)),
    2022: (date(2022, 3, 22), date(2022, 4, 24)),
    2023: (date(2023, 3, 23), date(2023, 5, 2)),
}
FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass(frozen=True)
class Choice:
    """A template: how its address names it, and what people call it."""

    key: str
    name: str


def choices() -> list[Choice]:
    """The yearly drive, then the campaigns that were held, the latest first."""
    held = db.session.execute(sa.select(Campaign.slug, Campaign.name).order_by(Campaign.from_day.desc())).all()
    return [Choice(ODOP, ODOP_NAME), *(Choice(f"seperti-{slug}", name) for slug, name in held)]


def draft(key: str, year: int, targets: bool = False, windows: bool = False) -> Draft | None:
    """A proposal to be changed before it is kept; None for a template or year that there is not.

    With `targets` and `windows` those of the campaign before come along: of the latest of the series, or of the
    one that is repeated.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if key == ODOP:
        before = db.session.scalars(
            sa.select(Campaign)
            .where(Campaign.series == ODOP, Campaign.from_day < date(year, 1, 1))
            .order_by(Campaign.from_day.desc())
        ).first()
        proposed = _odop(year)
    else:
        before = db.session.scalar(sa.select(Campaign).where(Campaign.slug == key.removeprefix("seperti-")))
        if before is None or not key.startswith("seperti-"):
            return None
        proposed = _again(before, year)
    return _with_units(proposed, before, targets, windows) if before else proposed


def _odop(year: int) -> Draft:
    first, last = ODOP_DAYS.get(year, (date(year, 4, 1), date(year, 4, 26)))
    due = datetime.combine(last - timedelta(days=1), time(10), tzinfo=clock.ZONES["WIB"])
    return Draft(
        name=f"{ODOP_NAME} {year}",
        slug=f"odop-{year}",
        from_day=first,
        until_day=last,
        target=0,
        wbp_only=True,
        public=False,
        report_until=due,
        series=ODOP,
    )


def _again(before: Campaign, year: int) -> Draft:
    """The same days of another year, under the same name with that year."""
    old = str(before.from_day.year)
    name = before.name.replace(old, str(year)) if old in before.name else f"{before.name} {year}"
    slug = before.slug.replace(old, str(year)) if old in before.slug else f"{before.slug}-{year}"
    years = year - before.from_day.year
    due = before.report_until
    if due:
        local = clock.local(due, before.report_zone)
        due = datetime.combine(_later(local.date(), years), local.time(), tzinfo=clock.ZONES[before.report_zone])
    return Draft(
        name=name[:120],
        slug=slug[:60],
        from_day=_later(before.from_day, years),
        until_day=_later(before.until_day, years),
        target=0,
        wbp_only=before.wbp_only,
        public=before.public,
        report_until=due,
        report_zone=before.report_zone,
        categories=tuple(before.categories),
        channels=tuple(before.channels),
        series=before.series,
    )


def _later(day: date, years: int) -> date:
    """The same day of another year; 29 February falls back by one where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _with_units(proposed: Draft, before: Campaign, targets: bool, windows: bool) -> Draft:
    changes: dict[str, object] = {}
    if targets:
        kept = [Target(t.unit.name, t.amount) for t in before.targets if t.unit.active]
        changes |= {"target": before.target, "targets": tuple(sorted(kept, key=lambda target: target.unit))}
    if windows and proposed.from_day and proposed.until_day:
        changes["windows"] = tuple(_moved(before, proposed.from_day, proposed.until_day))
    return replace(proposed, **changes)  # type: ignore[arg-type]


def _moved(before: Campaign, first: date, last: date) -> Sequence[Window]:
    """The other dates of units, as far from the campaign's first and last day as they were."""
    moved = []
    for window in before.windows:
        begins = first + (window.from_day - before.from_day)
        ends = last + (window.until_day - before.until_day)
        if begins <= ends and window.unit.active:
            moved.append(Window(window.unit.name, begins, ends))
    return moved

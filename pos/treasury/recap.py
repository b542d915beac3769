"""Monthly recaps from the lines themselves: omzet, cost, laba, and every share by its name."""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos.catalog.models import Product
from pos.db import db, search_words
from pos.errors import N_
from pos.register.models import SaleLine
from pos.revenue.models import SchemeShare
from pos.treasury.takings import standing_at
from pos.units.models import Gallery, Placement, Unit
from pos.units.services import Person, within

SIDES = {"penjual": N_("Penjual"), "pembuat": N_("Pembuat")}
SUMS = ("omzet", "cost", "base", "pnbp", "premi", "others")


@dataclass
class Month:
    """One unit in one month, in rupiah. laba = omzet - cost; `base` is what was shared (a loss shares nothing)."""

    year: int
    month: int
    unit_id: int
    unit: str
    kanwil: str
    omzet: int = 0
    cost: int = 0
    base: int = 0
    pnbp: int = 0
    premi: int = 0
    others: int = 0
    shares: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # the others by name

    @property
    def laba(self) -> int:
        return self.omzet - self.cost


def months(
    person: Person, side: str, since: date, until: date, words: str = "", kanwil: int | None = None
) -> list[Month]:
    """One row a month and unit, of goods made by WBP; the unit is the seller or the maker, as it was called then."""
    found: dict[tuple[int, int, int], Month] = {}
    split, named = _several_others(), _names_of_others()
    for row in db.session.execute(_query(person, side, since, until, words, kanwil)):
        key = (int(row.year), int(row.month), row.unit_id)
        month = found.setdefault(key, Month(*key, row.unit, row.kanwil or ""))
        for name in SUMS:
            setattr(month, name, getattr(month, name) + int(getattr(row, name)))
        if row.others and row.scheme_id not in split:
            month.shares[named.get(row.scheme_id, "")] += int(row.others)
    if split:
        _add_split(found, person, side, since, until, split)
    return sorted(found.values(), key=lambda m: (-m.year, -m.month, m.kanwil, m.unit))


def _unit_id(side: str) -> Any:
    return SaleLine.maker_id if side == "pembuat" else Gallery.unit_id


def _lines(person: Person, side: str, since: date, until: date) -> Any:
    unit_id = _unit_id(side)
    return (
        sa.select()
        .select_from(SaleLine)
        .join(Gallery, Gallery.id == SaleLine.gallery_id)
        .join(Unit, Unit.id == unit_id)
        .outerjoin(Placement, standing_at(unit_id, SaleLine.business_date))
        .where(SaleLine.business_date.between(since, until), SaleLine.wbp_made, theirs(person))
    )


def theirs(person: Person) -> Any:
    """Condition on `Unit` and `Placement`: the person's own node; of a Kanwil what stood there on the day."""
    if person.level == "kanwil":
        return sa.func.coalesce(Placement.kanwil_id, Unit.id) == person.unit_id
    return within(person)


def _query(person: Person, side: str, since: date, until: date, words: str, kanwil: int | None) -> Any:
    above = aliased(Unit)
    over = sa.func.coalesce(Placement.kanwil_id, Unit.id)
    year, month = sa.extract("year", SaleLine.business_date), sa.extract("month", SaleLine.business_date)
    query = _lines(person, side, since, until).join(above, above.id == over)
    sums = {
        "omzet": SaleLine.amount,
        "cost": SaleLine.cost,
        "base": SaleLine.base,
        "pnbp": SaleLine.pnbp,
        "premi": SaleLine.premi,
        "others": SaleLine.other_shares,
    }
    if words:
        query = query.where(sa.func.lower(Unit.name).contains(words.lower(), autoescape=True))
    if kanwil:
        query = query.where(over == kanwil)
    return query.with_only_columns(
        year.label("year"),
        month.label("month"),
        Unit.id.label("unit_id"),
        sa.func.max(sa.func.coalesce(Placement.name, Unit.name)).label("unit"),
        sa.func.max(above.name).label("kanwil"),
        SaleLine.scheme_id,
        *(sa.func.sum(column).label(name) for name, column in sums.items()),
    ).group_by(year, month, Unit.id, SaleLine.scheme_id)


def _names_of_others() -> dict[int, str]:
    rows = db.session.execute(sa.select(SchemeShare.scheme_id, SchemeShare.name).where(SchemeShare.kind == "other"))
    return {row.scheme_id: row.name for row in rows}


def _several_others() -> set[int]:
    """Schemes whose other shares can only be told apart by what each line says."""
    query = sa.select(SchemeShare.scheme_id).where(SchemeShare.kind == "other").group_by(SchemeShare.scheme_id)
    return set(db.session.scalars(query.having(sa.func.count() > 1)))


def _add_split(
    found: dict[tuple[int, int, int], Month], person: Person, side: str, since: date, until: date, schemes: set[int]
) -> None:
    query = (
        _lines(person, side, since, until)
        .where(SaleLine.scheme_id.in_(schemes), SaleLine.other_shares != 0)
        .with_only_columns(SaleLine.business_date, Unit.id, SaleLine.shares)
    )
    for day, unit_id, shares in db.session.execute(query.execution_options(yield_per=5000)):
        month = found.get((day.year, day.month, unit_id))
        for name, kind, amount in json.loads(shares) if month else ():
            if month and kind == "other":
                month.shares[name] += amount


# -- premi ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Workshop:
    """What the goods of one workshop brought its workers, as it was called when they were sold."""

    maker_id: int
    maker: str
    name: str  # empty where the product named no workshop
    pieces: int  # thousandths
    omzet: int
    premi: int


def workshops(person: Person, since: date, until: date, words: str = "") -> list[Workshop]:
    """Premi of goods made by units in scope, whoever sold them, by maker and workshop, the highest first in each."""
    lines = (
        sa.select()
        .select_from(SaleLine)
        .join(Unit, Unit.id == SaleLine.maker_id)
        .outerjoin(Placement, standing_at(SaleLine.maker_id, SaleLine.business_date))
        .where(SaleLine.business_date.between(since, until), SaleLine.wbp_made, theirs(person))
    )
    return by_workshop(lines, words)


def by_workshop(lines: Any, words: str = "") -> list[Workshop]:
    """Premi of `lines` (a query of `SaleLine` without columns), by maker and workshop."""
    sums = {"pieces": SaleLine.quantity, "omzet": SaleLine.amount, "premi": SaleLine.premi}
    earlier = sa.select(Product.first_workshop).where(Product.id == SaleLine.product_id).scalar_subquery()
    rows = lines.with_only_columns(
        SaleLine.maker_id,
        SaleLine.maker_name.label("maker"),
        sa.func.coalesce(SaleLine.workshop, earlier).label("name"),
        *(column.label(name) for name, column in sums.items()),
    ).subquery()
    maker = sa.func.max(rows.c.maker)
    query = sa.select(
        rows.c.maker_id, maker.label("maker"), rows.c.name, *(sa.func.sum(rows.c[name]).label(name) for name in sums)
    ).group_by(rows.c.maker_id, rows.c.name)
    for word in search_words(words):
        query = query.having(sa.func.lower(maker + " " + rows.c.name).contains(word, autoescape=True))
    found = [
        Workshop(row.maker_id, row.maker, row.name, *(int(getattr(row, name)) for name in sums))
        for row in db.session.execute(query)
    ]
    return sorted(found, key=lambda row: (row.maker, -row.premi, row.name))


def together(rows: list[Month]) -> Month:
    """All of `rows` in one."""
    whole = Month(0, 0, 0, "", "")
    for row in rows:
        for name in SUMS:
            setattr(whole, name, getattr(whole, name) + getattr(row, name))
        for share, amount in row.shares.items():
            whole.shares[share] += amount
    return whole


def share_names(rows: list[Month]) -> list[str]:
    """The other shares that occur, by name."""
    return sorted({name for row in rows for name, amount in row.shares.items() if amount})

"""Three figures that stay apart: PNBP computed from the lines, deposited with an NTPN, and matched by the treasury."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos.db import db
from pos.errors import NotFound
from pos.register.models import Sale, SaleLine
from pos.revenue.deposits import standing
from pos.revenue.models import Deposit, DepositDay
from pos.treasury import matching
from pos.treasury.running import Running, running
from pos.treasury.takings import Ages, Day, Open, Which, ages, balances, days, open_days, standing_at
from pos.units.models import Gallery, Placement, Unit
from pos.units.services import Person, unit_for, within


@dataclass(frozen=True)
class Cut:
    """What is looked at: the reader's own node, or a Kanwil or unit below it."""

    person: Person
    kanwil: int | None = None
    upt: int | None = None

    def units(self) -> list[Any]:
        """Conditions on `Unit`."""
        return [within(self.person), *([Unit.id == self.upt] if self.upt else [])]

    @property
    def is_own_kanwil(self) -> bool:
        """Whether it is all that was the reader's Kanwil, with units that stood there and have moved since."""
        return self.kanwil == self.person.unit_id and not self.upt

    def which(self) -> Which:
        """The same for takings."""
        return Which(self.units(), self.kanwil, few=bool(self.upt))

    def where(self) -> list[Any]:
        """Conditions on `Unit` and `Placement`."""
        stood = sa.func.coalesce(Placement.kanwil_id, Unit.id)
        return [*self.units(), *([stood == self.kanwil] if self.kanwil else [])]

    @property
    def is_wide(self) -> bool:
        """Whether it is more than one unit, so that its sums are kept in memory."""
        return not self.upt and self.person.level != "upt"

    def belongs(self) -> Callable[[int, int], bool]:
        """Whether what a unit did while it stood under a Kanwil belongs to this cut."""
        mine = None
        if self.person.level != "ditjenpas" and not self.is_own_kanwil:
            mine = set(db.session.scalars(sa.select(Unit.id).where(within(self.person))))
        return lambda unit, kanwil: self.kanwil in (None, kanwil) and (mine is None or unit in mine)

    @property
    def by(self) -> str:
        """What its rows are: `kanwil`, `upt` or `day`."""
        return "day" if self.upt else "upt" if self.kanwil else "kanwil"


def cut_for(person: Person, kanwil: int | None, upt: int | None) -> Cut:
    """The cut that was asked for, at the person's own node or below, or `NotFound`."""
    if person.level == "upt":
        if kanwil or upt not in (None, person.unit_id):
            raise NotFound("Unit ini tidak ada atau di luar wewenang Anda.")
        return Cut(person, None, person.unit_id)
    if person.level == "kanwil":
        if kanwil not in (None, person.unit_id):
            raise NotFound("Unit ini tidak ada atau di luar wewenang Anda.")
        kanwil = person.unit_id
    for unit_id in (kanwil, upt):
        if unit_id:
            unit_for(person, unit_id)
    return Cut(person, kanwil, upt)


FIGURES = ("computed", "covered", "deposited", "matched")


@dataclass
class Line:
    """One row: rupiah of a period, and what is open of all time by age."""

    key: int
    name: str = ""
    may_open: bool = True  # it is in the reader's scope today
    computed: int = 0
    covered: int = 0
    deposited: int = 0
    matched: int = 0
    ages: Ages = field(default_factory=Ages)

    @property
    def outstanding(self) -> int:
        return self.computed - self.covered

    def add(self, names: Iterable[str], figures: Iterable[int]) -> None:
        for name, figure in zip(names, figures, strict=True):
            setattr(self, name, getattr(self, name) + int(figure))


def lines(cut: Cut, first: date, last: date) -> list[Line]:
    """A row for each Kanwil or unit of the cut with anything to show in a year or a month of it, by name."""
    if cut.is_wide:
        found: dict[int, Line] = running().look(lambda sums: _wide_lines(sums, cut, first, last))
    else:
        found = _unit_line(cut, first, last)
    name = sa.func.coalesce(Placement.name, Unit.name).label("name")  # as it was called at the end of the period
    named = sa.select(Unit.id, name, within(cut.person).label("mine")).where(Unit.id.in_(found))
    for row in db.session.execute(named.outerjoin(Placement, standing_at(Unit.id, last))):
        found[row.id].name, found[row.id].may_open = row.name, bool(row.mine)
    return sorted(found.values(), key=lambda one: one.name)


def _wide_lines(sums: Running, cut: Cut, first: date, last: date) -> dict[int, Line]:
    found: dict[int, Line] = {}
    belongs, months = cut.belongs(), range(first.month, last.month + 1)

    def line(unit: int, kanwil: int) -> Line:
        key = kanwil if cut.by == "kanwil" else unit
        return found.setdefault(key, Line(key))

    for read, names in ((sums.balances, ("computed", "covered")), (sums.paid, ("deposited", "matched"))):
        for one in read(first.year):
            if one.month in months and belongs(one.unit_id, one.kanwil_id):
                line(one.unit_id, one.kanwil_id).add(names, one.figures)
    for unit, kanwil, found_ages in sums.ages():
        if belongs(unit, kanwil):
            line(unit, kanwil).ages.join(found_ages)
    return found


def _unit_line(cut: Cut, first: date, last: date) -> dict[int, Line]:
    rows = balances(cut.which(), first, last).subquery()
    sums = sa.select(rows.c.unit_id, sa.func.sum(rows.c.owed), sa.func.sum(rows.c.covered)).group_by(rows.c.unit_id)
    found: dict[int, Line] = {}

    def line(number: int) -> Line:
        return found.setdefault(number, Line(number))

    for number, *figures in db.session.execute(sums):
        line(number).add(("computed", "covered"), figures)
    for number, *figures in db.session.execute(_paid(cut, first, last)):
        line(number).add(("deposited", "matched"), figures)
    for number, found_ages in ages(cut.which(), "unit_id").items():
        line(number).ages.join(found_ages)
    return found


def whole(rows: list[Line]) -> Line:
    """All of `rows` together."""
    total = Line(0)
    for row in rows:
        total.add(FIGURES, (getattr(row, name) for name in FIGURES))
        total.ages.join(row.ages)
    return total


def _paid(cut: Cut, first: date, last: date) -> Any:
    """Per unit: what was deposited in the period, and what of it the treasury has in the same amount."""
    agreed = sa.case((sa.and_(standing(), matching.state() == "matched"), Deposit.amount), else_=0)
    rows = (
        sa.select(Deposit.unit_id, Deposit.amount.label("amount"), agreed.label("matched"))
        .join(Unit, Unit.id == Deposit.unit_id)
        .outerjoin(Placement, standing_at(Deposit.unit_id, Deposit.day))
        .where(Deposit.day.between(first, last), *cut.where())
        .subquery()
    )
    return sa.select(rows.c.unit_id, sa.func.sum(rows.c.amount), sa.func.sum(rows.c.matched)).group_by(rows.c.unit_id)


def unlinked(cut: Cut) -> int:
    """What was deposited, on any day, and covers no takings yet."""
    if cut.is_wide:
        belongs = cut.belongs()
        left: int = running().look(
            lambda sums: sum(one.figures[0] for one in sums.unlinked() if belongs(one.unit_id, one.kanwil_id))
        )
        return left
    linked = sa.select(sa.func.coalesce(sa.func.sum(DepositDay.amount), 0))
    mine = linked.where(DepositDay.deposit_id == Deposit.id).scalar_subquery()
    query = (
        sa.select(sa.func.coalesce(sa.func.sum(Deposit.amount - mine), 0))
        .join(Unit, Unit.id == Deposit.unit_id)
        .outerjoin(Placement, standing_at(Deposit.unit_id, Deposit.day))
        .where(*cut.where())
    )
    return int(db.session.scalar(query) or 0)


def by_month(cut: Cut, year: int) -> list[tuple[int, int, int]]:
    """For each month of the year: its number, computed and covered rupiah."""
    sums = dict.fromkeys(range(1, 13), (0, 0))
    if cut.is_wide:
        belongs = cut.belongs()
        found = running().look(lambda kept: [one for one in kept.balances(year) if belongs(one.unit_id, one.kanwil_id)])
        for one in found:
            sums[one.month] = (sums[one.month][0] + one.figures[0], sums[one.month][1] + one.figures[1])
    else:
        rows = balances(cut.which(), date(year, 1, 1), date(year, 12, 31)).subquery()
        month = sa.extract("month", rows.c.day)
        query = sa.select(month, sa.func.sum(rows.c.owed), sa.func.sum(rows.c.covered)).group_by(month)
        sums |= {int(number): (int(owed), int(covered)) for number, owed, covered in db.session.execute(query)}
    return [(number, *figures) for number, figures in sums.items()]


def day_rows(cut: Cut, first: date, last: date) -> list[tuple[Day, Open | None]]:
    """A unit's days in the period, the newest first, each with its due parts while it is open."""
    opened = {one.day.day: one for one in open_days(cut.which())}
    return [(day, opened.get(day.day)) for day in reversed(days(cut.which(), first, last))]


# -- one day -------------------------------------------------------------------------------------------


def notas_of(unit_id: int, day: date) -> list[Any]:
    """The notas that make up a unit's PNBP of a day: receipt, sold_at, zone, omzet, pnbp."""
    query = (
        sa.select(
            Sale.receipt,
            Sale.sold_at,
            Sale.zone,
            Sale.gallery_name.label("gallery"),
            Sale.refund_of.is_not(None).label("is_refund"),
            sa.func.sum(SaleLine.amount).label("omzet"),
            sa.func.sum(SaleLine.pnbp).label("pnbp"),
        )
        .join(SaleLine, SaleLine.sale_id == Sale.id)
        .join(Gallery, Gallery.id == SaleLine.gallery_id)
        .where(Gallery.unit_id == unit_id, SaleLine.business_date == day, SaleLine.pnbp != 0)
        .group_by(Sale.id)
        .order_by(Sale.sold_at, Sale.receipt)
    )
    return list(db.session.execute(query))


def covering(unit_id: int, day: date) -> list[tuple[Deposit, int]]:
    """The deposits that cover a day, and with how much (entries that were taken back cancel out and are left out)."""
    query = (
        sa.select(Deposit, sa.func.sum(DepositDay.amount))
        .join(DepositDay, DepositDay.deposit_id == Deposit.id)
        .where(Deposit.unit_id == unit_id, DepositDay.business_date == day, standing())
        .group_by(Deposit.id)
        .order_by(Deposit.day, Deposit.id)
    )
    return [(deposit, int(amount)) for deposit, amount in db.session.execute(query)]

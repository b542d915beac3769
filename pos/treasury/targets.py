"""What a unit is to bring the state in a year, and what it has brought: computed, deposited and matched stay apart."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos import clock, money, sheets
from pos.db import atomic, db
from pos.errors import N_, Forbidden, PosError, Sentence
from pos.treasury import overview
from pos.treasury.models import PnbpTarget
from pos.treasury.running import Running, running
from pos.units.models import Unit
from pos.units.services import Person, log, within


@dataclass(frozen=True)
class Realised:
    """One unit's year, in rupiah; `target` is None where none was set."""

    unit_id: int
    unit: str
    target: int | None
    computed: int
    deposited: int
    matched: int

    @property
    def percent(self) -> int | None:
        """Of the target, what was deposited."""
        return self.deposited * 100 // self.target if self.target else None


def may_set(person: Person) -> bool:
    return person.role == "admin" or (person.role == "official" and person.level != "upt")


def set_targets(by: Person, year: int, amounts: Mapping[int, int]) -> int:
    """New entries (by unit id) where something changes; returns how many."""
    if not may_set(by):
        raise Forbidden("Target ditetapkan oleh Kanwil, Ditjenpas atau admin.")
    with atomic() as session:
        now = newest(year)
        changed = {unit_id: amount for unit_id, amount in amounts.items() if now.get(unit_id) != amount}
        for unit_id, amount in sorted(changed.items()):
            session.add(PnbpTarget(unit_id=unit_id, year=year, amount=amount, user_id=by.id, recorded_at=clock.now()))
            log("pnbp_target.set", str(year), by, unit_id, amount=amount, before=now.get(unit_id))
    return len(changed)


def newest(year: int) -> dict[int, int]:
    """The target of each unit that has one."""
    last = sa.select(sa.func.max(PnbpTarget.id)).where(PnbpTarget.year == year).group_by(PnbpTarget.unit_id)
    query = sa.select(PnbpTarget.unit_id, PnbpTarget.amount).where(PnbpTarget.id.in_(last))
    return {row.unit_id: row.amount for row in db.session.execute(query)}


def history(unit: Unit, year: int) -> list[PnbpTarget]:
    query = sa.select(PnbpTarget).where(PnbpTarget.unit_id == unit.id, PnbpTarget.year == year)
    return list(db.session.scalars(query.order_by(PnbpTarget.id.desc())))


def realised(person: Person, year: int, words: str = "") -> list[Realised]:
    """Every unit in scope with a target or with PNBP in `year`, by name."""
    targets, brought = newest(year), _brought(person, year)
    query = sa.select(Unit.id, Unit.name).where(within(person)).order_by(Unit.name)
    if words:
        query = query.where(sa.func.lower(Unit.name).contains(words.lower(), autoescape=True))
    rows = [
        Realised(unit.id, unit.name, targets.get(unit.id), *brought.get(unit.id, (0, 0, 0)))
        for unit in db.session.execute(query)
    ]
    return [row for row in rows if row.target is not None or row.computed or row.deposited]


def _brought(person: Person, year: int) -> dict[int, tuple[int, ...]]:
    """What each unit's year came to: computed, deposited, matched."""
    if person.level == "upt":
        own = overview.lines(overview.cut_for(person, None, None), date(year, 1, 1), date(year, 12, 31))
        return {one.key: (one.computed, one.deposited, one.matched) for one in own}

    def of_all(sums: Running) -> dict[int, tuple[int, ...]]:
        found: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
        for one in sums.balances(year):
            found[one.unit_id][0] += one.figures[0]
        for one in sums.paid(year):
            found[one.unit_id][1] += one.figures[0]
            found[one.unit_id][2] += one.figures[1]
        return {unit_id: tuple(figures) for unit_id, figures in found.items()}

    kept: dict[int, tuple[int, ...]] = running().look(of_all)
    return kept


def whole(rows: list[Realised]) -> Realised:
    """All of `rows` together."""
    target = sum(row.target or 0 for row in rows) or None
    return Realised(
        0,
        "",
        target,
        sum(row.computed for row in rows),
        sum(row.deposited for row in rows),
        sum(row.matched for row in rows),
    )


def read_file(data: bytes, filename: str, person: Person) -> tuple[int, dict[int, int]]:
    """A year and the amounts by unit id from a CSV or XLSX (`unit_name, year, amount`); all or nothing."""
    rows = sheets.read(data, filename)
    sheets.require(rows, ["unit_name", "year", "amount"], filename)
    units = {name.lower(): i for name, i in db.session.execute(sa.select(Unit.name, Unit.id).where(within(person)))}
    years, amounts = set(), {}
    for row in rows:
        name = " ".join(str(row.cells["unit_name"] or "").split())
        unit_id, year, amount = units.get(name.lower()), _whole(row.cells["year"]), _whole(row.cells["amount"])
        if unit_id is None or year is None or not 2000 <= year <= 2100 or amount is None:
            why = Sentence(N_("unit, tahun atau jumlah tidak terbaca (%(name)s)"), name=name[:60])
            raise PosError("Baris %(number)d: %(why)s.", number=row.number, why=why)
        years.add(year)
        amounts[unit_id] = amount
    if len(years) != 1:
        raise PosError("Satu berkas untuk satu tahun target.")
    return years.pop(), amounts


def _whole(cell: Any) -> int | None:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell if cell is not None else "").strip().removeprefix("Rp").strip()
    whole = re.fullmatch(r"\d{1,3}(\.\d{3})+|\d{1,16}", text, re.ASCII)  # `1500.5` is not ten times as much
    value = int(text.replace(".", "")) if whole and len(text) < 22 else None
    return value if value is not None and value <= money.MAX_RUPIAH else None

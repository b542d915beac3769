"""All deposits that cover too little, given to the oldest takings in one act: shown first, written whole or not."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.db import atomic, db
from pos.errors import Conflict, Forbidden
from pos.revenue import deposits
from pos.revenue.models import Deposit, DepositDay
from pos.treasury.coverage import propose
from pos.treasury.takings import Which, days
from pos.units.models import Unit
from pos.units.services import Person, log, within

LINKERS = ("staff", "admin")
MOST_DAYS = 20_000  # of cover in one act, in whole units; what is beyond waits for the next


@dataclass(frozen=True)
class Step:
    """One deposit: `left` rupiah of it cover nothing yet, `days` are the takings that it would cover."""

    deposit_id: int
    ntpn: str
    day: date
    unit_id: int
    unit: str
    left: int
    days: dict[date, int]

    @property
    def given(self) -> int:
        return sum(self.days.values())

    @property
    def rest(self) -> int:
        return self.left - self.given


@dataclass(frozen=True)
class Plan:
    """What would be linked; `later` units have more than one act takes and wait for another."""

    steps: list[Step]
    later: int = 0

    @property
    def given(self) -> int:
        return sum(step.given for step in self.steps)

    @property
    def left(self) -> int:
        return sum(step.left for step in self.steps)

    @property
    def links(self) -> list[Step]:
        """Those that would cover something."""
        return [step for step in self.steps if step.days]

    @property
    def mark(self) -> str:
        """The same for the same plan: what is written is what was shown."""
        text = "".join(f"{s.deposit_id}:{day}:{amount};" for s in self.steps for day, amount in s.days.items())
        return hashlib.sha256(text.encode()).hexdigest()[:20]


def share(open_days: Sequence[tuple[date, int]], amounts: Sequence[int]) -> list[dict[date, int]]:
    """What each of `amounts` covers, one after the other, the oldest days first."""
    left, parts = dict(open_days), []
    for amount in amounts:
        chosen = propose([(day, value) for day, value in left.items() if value], amount)
        for day, part in chosen.items():
            left[day] -= part
        parts.append(chosen)
    return parts


def plan(person: Person, unit_id: int | None = None) -> Plan:
    """Every deposit in scope (or of one unit) with something left, the oldest first, and what it would cover."""
    where: list[Any] = [within(person), *([Unit.id == unit_id] if unit_id else [])]
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(_uncovered(where)):
        found[row.unit_id].append(row)
    open_of = _open_of(list(found))
    steps: list[Step] = []
    many = later = 0
    for rows in found.values():
        parts = share(open_of.get(rows[0].unit_id, []), [int(row.left) for row in rows])
        count = sum(map(len, parts))
        if many and many + count > MOST_DAYS:
            later += 1
            continue
        many += count
        steps += [
            Step(row.id, row.ntpn, row.day, row.unit_id, row.name, int(row.left), part)
            for row, part in zip(rows, parts, strict=True)
        ]
    return Plan(steps, later)


def _uncovered(where: Sequence[Any]) -> Any:
    """Standing deposits that hold more than they cover, by unit and day."""
    covered = (
        sa.select(DepositDay.deposit_id, sa.func.sum(DepositDay.amount).label("amount"))
        .group_by(DepositDay.deposit_id)
        .subquery()
    )
    left = Deposit.amount - sa.func.coalesce(covered.c.amount, 0)
    return (
        sa.select(Deposit.id, Deposit.ntpn, Deposit.day, Deposit.unit_id, Unit.name, left.label("left"))
        .join(Unit, Unit.id == Deposit.unit_id)
        .outerjoin(covered, covered.c.deposit_id == Deposit.id)
        .where(deposits.standing(), left > 0, *where)
        .order_by(Unit.name, Deposit.unit_id, Deposit.day, Deposit.id)
    )


def _open_of(unit_ids: Sequence[int]) -> dict[int, list[tuple[date, int]]]:
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for day in days(Which([Unit.id.in_(unit_ids)]), is_open=True) if unit_ids else ():
        found[day.unit_id].append((day.day, day.outstanding))
    return found


def link_all(person: Person, mark: str, unit_id: int | None = None) -> Plan:
    """Write the plan that was shown (by its `mark`), in one act; `Conflict` when it is no longer the same."""
    if not person.may(*LINKERS):
        raise Forbidden("Setoran ditautkan petugas unitnya atau admin.")
    units = sorted({step.unit_id for step in plan(person, unit_id).steps})
    with atomic() as session:
        deposits.one_at_a_time(*units)
        made = plan(person, unit_id)
        if made.mark != mark:
            raise Conflict("Setoran atau pendapatannya berubah sejak ditampilkan. Periksa lagi di bawah ini.")
        now, sums = clock.now(), defaultdict[int, list[Step]](list)
        rows = [
            {"deposit_id": step.deposit_id, "business_date": day, "amount": amount, "recorded_at": now}
            for step in made.links
            for day, amount in step.days.items()
        ]
        if rows:
            session.execute(sa.insert(DepositDay), rows)
        for step in made.links:
            sums[step.unit_id].append(step)
        for number, steps in sums.items():
            told = {"amount": sum(step.given for step in steps), "deposits": len(steps)}
            log("deposit.link_all", steps[0].unit, person, number, **told)
    return made

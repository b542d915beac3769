"""The part of `pos check` about deposits: what covers what, and what was taken back."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos.campaigns.models import Turnover
from pos.db import db
from pos.revenue.deposits import standing
from pos.revenue.models import Deposit, DepositDay
from pos.treasury import takings
from pos.units.models import Gallery, Unit


def cover_within_what_is_owed() -> Iterator[str]:
    """Days of which deposits cover more than they brought; not where a nota came later than its cover."""
    for day in takings.days(takings.Which()):
        if not min(0, day.owed) <= day.covered <= max(0, day.owed) and not _changed_later(day.unit_id, day.day):
            yield f"{db.session.get_one(Unit, day.unit_id).name} {day.day}"


def _changed_later(unit_id: int, day: date) -> bool:
    changed = (
        sa.select(sa.func.max(Turnover.changed_at))
        .join(Gallery, Gallery.id == Turnover.gallery_id)
        .where(Gallery.unit_id == unit_id, Turnover.business_date == day)
    )
    covered = (
        sa.select(sa.func.max(DepositDay.recorded_at))
        .join(Deposit, Deposit.id == DepositDay.deposit_id)
        .where(Deposit.unit_id == unit_id, DepositDay.business_date == day)
    )
    late, last = db.session.scalar(changed), db.session.scalar(covered)
    return bool(late and last and late > last)


def cover_within_the_deposit() -> Iterator[str]:
    """Deposits whose days come to more than they are, or that stand beside days of no sense."""
    whole = sa.func.coalesce(sa.func.sum(DepositDay.amount), 0)
    query = (
        sa.select(Deposit.ntpn)
        .outerjoin(DepositDay, DepositDay.deposit_id == Deposit.id)
        .where(Deposit.corrects_id.is_(None))
        .group_by(Deposit.id, Deposit.ntpn, Deposit.amount)
        .having(sa.or_(whole > Deposit.amount, whole < 0))
    )
    yield from db.session.scalars(query)


def taken_back_exactly() -> Iterator[str]:
    """Entries that take back something else than what they name, and NTPNs that stand twice."""
    first = aliased(Deposit)
    same = sa.and_(
        Deposit.amount == -first.amount,
        Deposit.unit_id == first.unit_id,
        Deposit.day == first.day,
        Deposit.ntpn == first.ntpn,
        first.corrects_id.is_(None),
    )
    pairs = sa.select(Deposit.ntpn).join(first, first.id == Deposit.corrects_id)
    yield from db.session.scalars(pairs.where(~same))
    twice = sa.select(Deposit.ntpn).where(standing()).group_by(Deposit.ntpn).having(sa.func.count() > 1)
    yield from db.session.scalars(twice)
    days: Counter[tuple[str, int, date]] = Counter()
    back = aliased(Deposit)
    query = (
        sa.select(Deposit.ntpn, Deposit.attempt, DepositDay.business_date, DepositDay.amount)
        .join(DepositDay, DepositDay.deposit_id == Deposit.id)
        .where(sa.or_(Deposit.corrects_id.is_not(None), sa.exists().where(back.corrects_id == Deposit.id)))
    )
    for ntpn, attempt, day, amount in db.session.execute(query):
        days[ntpn, attempt, day] += amount
    yield from sorted({ntpn for (ntpn, _attempt, _day), left in days.items() if left})

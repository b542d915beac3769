"""Taking back a scheme that was entered wrongly: until its day comes anywhere, and while no nota rests on it."""

import sqlalchemy as sa

from pos import clock
from pos.catalog.services import next_version
from pos.db import atomic, db
from pos.errors import Conflict
from pos.register.models import SaleLine
from pos.revenue.models import Scheme, SchemeWithdrawal
from pos.revenue.services import scheme_for
from pos.units.services import Person, log


def withdraw(person: Person, scheme_id: int) -> Scheme:
    """Write down that a scheme which has not begun never will; what held before it goes on.

    The catalogue takes a new version, as when it was added. `Conflict` where it is too late.
    """
    with atomic() as session:
        scheme = scheme_for(person, scheme_id)
        session.refresh(scheme, with_for_update=True)  # waits for a nota that is being written with it
        if scheme.from_day is None:
            raise Conflict("Skema ini sudah dibatalkan.")
        if scheme.from_day <= clock.today("WIT") or _rests_on(scheme):
            raise Conflict("Skema ini sudah berlaku. Yang salah diganti dengan skema baru mulai hari ini atau nanti.")
        since, scheme.from_day = scheme.from_day, None
        session.add(SchemeWithdrawal(scheme_id=scheme.id, from_day=since, user_id=person.id, at=clock.now()))
        next_version()
        log("scheme.withdraw", scheme.name, person, scheme.unit_id, since=since.isoformat())
        session.flush()
    return scheme


def _rests_on(scheme: Scheme) -> bool:
    """Whether a nota was split by it already: a register whose clock is ahead sells on days that have not come."""
    later = sa.select(SaleLine.sale_id).where(
        SaleLine.business_date >= scheme.from_day, SaleLine.scheme_id == scheme.id
    )
    return db.session.scalar(later.limit(1)) is not None

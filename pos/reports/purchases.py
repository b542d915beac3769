"""Who of a unit's officers has bought in a campaign, by the staff numbers that tills took down.

What somebody bought is told of the unit's own galleries alone. Of all others it is told that the officer bought there,
never what, where or when; and not even that of a number that stands on two units' lists, for one of them may only be
curious.
"""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pos.campaigns.models import Campaign
from pos.campaigns.officers import listed_elsewhere, officers_of
from pos.db import db
from pos.register.models import REFERRED, Sale, SaleLine
from pos.reports.board import Cut, lines_of
from pos.units.services import Person

NOTHING: tuple[int, int, int, date | None] = (0, 0, 0, None)


@dataclass(frozen=True)
class Bought:
    """What an officer bought in the unit's galleries as far as it counts, refunds taken off: rupiah and thousandths."""

    number: str
    name: str  # empty for a number that is not on the unit's list
    notas: int
    pieces: int
    omzet: int
    last: date | None
    elsewhere: bool = False  # and at least one piece in another unit's galleries
    shared: bool = False  # another unit lists the number too: what was bought elsewhere is told to neither

    @property
    def enough(self) -> bool:
        """Each is to buy at least one piece."""
        return self.pieces > 0 or self.elsewhere


def purchases(campaign: Campaign, person: Person) -> tuple[list[Bought], list[Bought]]:
    """Every officer of the person's own unit; and numbers noted at its tills that are not on its list."""
    officers = {officer.number: officer.name for officer in officers_of(person)}
    shared = listed_elsewhere(person)
    own = _sums(campaign, Sale.seller_id == person.unit_id)
    alone = sorted(officers.keys() - shared)
    away = _sums(campaign, sa.and_(Sale.seller_id != person.unit_id, Sale.buyer_ref.in_(alone)))
    elsewhere = {number for number, (_notas, pieces, _omzet, _last) in away.items() if pieces > 0}
    listed = [
        Bought(number, name, *own.get(number, NOTHING), elsewhere=number in elsewhere, shared=number in shared)
        for number, name in officers.items()
    ]
    others = [Bought(number, "", *own[number]) for number in sorted(own) if number not in officers]
    return sorted(listed, key=lambda one: (one.enough, one.name)), others


def _sums(campaign: Campaign, which: sa.ColumnElement[bool]) -> dict[str, tuple[int, int, int, date]]:
    """Notas, pieces, omzet and last day by staff number; a refund counts for who bought what came back."""
    bought = dict(db.session.execute(sa.select(Sale.id, Sale.buyer_ref).where(REFERRED, which)).all())
    back = sa.select(Sale.id, Sale.refund_of).where(Sale.refund_of.in_(list(bought)))
    bought |= {sale_id: bought[of] for sale_id, of in db.session.execute(back) if of}
    lines = lines_of(campaign, Cut()).where(SaleLine.sale_id.in_(list(bought)))
    sums = (sa.func.sum(SaleLine.quantity), sa.func.sum(SaleLine.amount), sa.func.max(SaleLine.business_date))
    lines = lines.with_only_columns(SaleLine.sale_id, *sums).group_by(SaleLine.sale_id)
    found: dict[str, tuple[int, int, int, date]] = {}
    for sale_id, pieces, omzet, day in db.session.execute(lines):
        notas, sum_pieces, sum_omzet, last = found.get(bought[sale_id], (0, 0, 0, day))
        more = int(pieces > 0)
        found[bought[sale_id]] = (notas + more, sum_pieces + int(pieces), sum_omzet + int(omzet), max(last, day))
    return found

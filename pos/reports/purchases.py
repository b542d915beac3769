"""Who of a unit's officers has bought in a campaign, by the staff numbers that tills took down."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pos.campaigns.models import Campaign
from pos.campaigns.officers import officers_of
from pos.db import db
from pos.register.models import REFERRED, Sale, SaleLine
from pos.reports.board import Cut, lines_of
from pos.units.services import Person


@dataclass(frozen=True)
class Bought:
    """What an officer bought as far as it counts, refunds taken off: rupiah and thousandths."""

    number: str
    name: str  # empty for a number that is not on the unit's list
    notas: int
    pieces: int
    omzet: int
    last: date | None

    @property
    def enough(self) -> bool:
        """Each is to buy at least one piece."""
        return self.pieces > 0


def purchases(campaign: Campaign, person: Person) -> tuple[list[Bought], list[Bought]]:
    """Every officer of the person's own unit; and numbers noted at its tills that are not on its list."""
    officers = {officer.number: officer.name for officer in officers_of(person)}
    sums = _sums(campaign, Sale.buyer_ref.in_(list(officers)))
    own = _sums(campaign, Sale.seller_id == person.unit_id)
    listed = [_bought(number, name, sums) for number, name in officers.items()]
    others = [_bought(number, "", own) for number in sorted(own) if number not in officers]
    return sorted(listed, key=lambda one: (one.enough, one.name)), others


def _bought(number: str, name: str, sums: dict[str, tuple[int, int, int, date]]) -> Bought:
    return Bought(number, name, *sums.get(number, (0, 0, 0, None)))


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

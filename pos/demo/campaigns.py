"""The campaigns of the example: three years of the yearly drive with targets, and this year's own drive."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from pos import clock
from pos.campaigns.models import Campaign, CampaignTarget, CampaignWindow
from pos.campaigns.templates import ODOP, ODOP_NAME
from pos.db import atomic, db
from pos.demo.selling import PLACES, window
from pos.units import services as units
from pos.units.models import Unit

A_BUSY_NOTA = 9_500_000  # rupiah of target for each nota that a place sells on an average day


def build(years: Sequence[int]) -> None:
    for year in years:
        _odop(year)
    of_this_year()


def _odop(year: int) -> None:
    first, last = window(year)
    with atomic() as session:
        campaign = Campaign(
            slug=f"odop-{year}",
            name=f"{ODOP_NAME} {year}",
            from_day=first,
            until_day=last,
            target=(900 + 150 * (year % 5)) * 1_000_000,
            public=False,
            series=ODOP,
            report_until=datetime.combine(last - timedelta(days=1), time(10), tzinfo=clock.ZONES["WIB"]),
        )
        # Papua began a few days later, as local letters had it.
        abepura = units.unit_named("Lapas Kelas IIA Abepura")
        campaign.windows.append(CampaignWindow(unit_id=abepura.id, from_day=first + timedelta(days=5), until_day=last))
        campaign.targets.extend(_targets(year))
        session.add(campaign)


def _targets(year: int) -> list[CampaignTarget]:
    """What each selling unit, and each Kanwil over them, was to reach: a little more every year."""
    amounts: dict[int, int] = {}
    for place in PLACES:
        unit: Unit | None = units.unit_named(place.unit)
        amount = round(place.busy * A_BUSY_NOTA * (1 + 0.1 * (year % 3)) / 1_000_000) * 1_000_000
        while unit is not None and unit.level != "ditjenpas":
            amounts[unit.id] = amounts.get(unit.id, 0) + amount
            unit = unit.parent
    return [CampaignTarget(unit_id=unit_id, amount=amount) for unit_id, amount in amounts.items()]


def of_this_year() -> None:
    """The year-round drive, so that a sale made today shows up on a board, in whatever year the example is opened."""
    year = clock.today("WIB").year
    slug = f"bangga-produk-wbp-{year}"
    if db.session.scalar(sa.select(Campaign.id).where(Campaign.slug == slug)) is None:
        with atomic() as session:
            session.add(
                Campaign(
                    slug=slug,
                    name=f"Bangga Produk WBP {year}",
                    from_day=date(year, 1, 1),
                    until_day=date(year, 12, 31),
                    target=3_000_000_000,
                    public=True,
                    series="bangga-produk-wbp",
                )
            )

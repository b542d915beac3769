"""The wall of a campaign (*papan omzet*): everything that stands on it, in one read that many share.

All of it comes from sums that are kept up in memory (`running`) and the few notas that were recorded last, so that a
change costs the same however many lines were ever sold.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.campaigns.models import Campaign, Turnover
from pos.campaigns.services import Standing, standing, state
from pos.campaigns.verified import declared_omzet
from pos.db import BigId, Instant, reading
from pos.errors import N_, NC_
from pos.fast import Query
from pos.register.models import Sale
from pos.reports import board as boards
from pos.reports.board import Cut
from pos.reports.fresh import Version
from pos.reports.held import Facts, facts_of, names_of
from pos.reports.notas import told
from pos.reports.running import Within, running, unit_within
from pos.reports.streaks import Strip
from pos.revenue.models import Deposit
from pos.units.models import Gallery

METRICS = {
    "omzet": N_("Omzet"),
    "pieces": NC_("metrik", "Buah terjual"),
    "sales": NC_("daftar", "Nota"),
    "pnbp": N_("PNBP"),
    "target": N_("% target"),
    "streak": N_("Hari berturut-turut"),
}
MOST_RANKED = 60
MOST_NAMED = 60


_DEPOSITED = sa.select(sa.func.max(Deposit.id)).scalar_subquery().label("deposited")
_RECORDED = sa.select(sa.func.max(Sale.recorded_at))
_BY_NOW = _RECORDED.where(Sale.recorded_at <= sa.bindparam("now", type_=Instant)).scalar_subquery()
_LAST = Query(
    sa.select(_BY_NOW.label("changed_at"), _RECORDED.scalar_subquery().label("ahead"), _DEPOSITED)  # see `version`
)
_OWN = (
    sa.select(
        sa.func.max(Turnover.changed_at).label("changed_at"),
        sa.func.sum(Turnover.omzet).label("omzet"),
        sa.func.sum(Turnover.pieces).label("pieces"),
        sa.func.sum(Turnover.maker_sales).label("sales"),
        _DEPOSITED,
    )
    .where(Turnover.business_date >= sa.bindparam("first", type_=sa.Date()))
    .where(Turnover.business_date <= sa.bindparam("last", type_=sa.Date()))
)
_PLACE = sa.bindparam("place", type_=BigId)
_OF_GALLERY = Query(_OWN.where(Turnover.gallery_id == _PLACE))
_OF_UNIT = Query(_OWN.where(Turnover.gallery_id.in_(sa.select(Gallery.id).where(Gallery.unit_id == _PLACE))))


def version(campaign: Campaign, cut: Cut, today: date, stands: Standing | None = None) -> Version:
    """When anything was last recorded that may stand on this wall: one read of an index, straight to the driver.

    For a UPT or a gallery its own few sums are asked for, so that others' sales do not make its wall anew, and
    whatever order transactions end in, each of its notas tells. What was written while the clock was ahead is told
    apart, so that it hides nothing that comes now.
    """
    named = (campaign.name, campaign.from_day, campaign.until_day, campaign.target, campaign.wbp_only)
    other = (today, *named, *campaign.categories, *campaign.channels, stands or standing(campaign))
    first, last = boards.reach(campaign)
    with reading() as connection:
        if not cut.has("upt", "gallery"):
            newest = _LAST.first(connection, now=clock.now()) or {}
            return Version(newest["changed_at"], (*other, newest["ahead"], newest["deposited"]))
        query, place = (_OF_UNIT, cut.upt) if cut.gallery is None else (_OF_GALLERY, cut.gallery)
        return Version(None, (*other, *(query.first(connection, first=first, last=last, place=place) or {}).values()))


def wall(
    campaign: Campaign, cut: Cut, metric: str, today: date, known: bool = True, facts: Facts | None = None
) -> dict[str, Any]:
    """What the wall shows as plain values, rupiah and thousandths; all read from one snapshot.

    A reader who is not `known` is not told the numbers of notas.
    """
    facts = facts or facts_of(campaign)
    below = ranked_per(cut)
    found = unit_within(campaign, cut) if below == "gallery" else running(campaign).within(campaign, cut, today)
    stands, (deposited, deposited_at) = facts.standing, found.paid
    as_of = max(filter(None, (*(nota.recorded_at for nota in found.notas[:1]), deposited_at)), default=None)
    return {
        "campaign": campaign.slug,
        "standing": {"key": stands.key, "at": stands.at.isoformat() if stands.at else None},
        "as_of": as_of.isoformat() if as_of else None,
        **found.whole._asdict(),
        "declared": declared_at(campaign, cut) if stands.key == "declared" else None,
        "deposited": deposited,
        "target": _target(facts, cut),
        **_days(campaign, cut, today),
        "by_day": [{"day": day.isoformat(), "omzet": sold.omzet} for day, sold in sorted(found.by_day.items())],
        "reporting": _reporting(found.strips) if below != "gallery" else None,
        "ranking": _ranking(facts, below, metric, found),
        "notas": [told(nota, known) for nota in found.notas],
    }


def _days(campaign: Campaign, cut: Cut, today: date) -> dict[str, Any]:
    """Which day of how many it is there."""
    first, last = boards.window_of(campaign, cut)
    length = (last - first).days + 1
    day = min(max((today - first).days + 1, 0), length)
    return {"day": day, "days": length, "state": state((first, last), today)}


def declared_at(campaign: Campaign, cut: Cut) -> int | None:
    """The omzet that was declared of this place; None before it was, and of what is finer than a unit."""
    return None if cut.has("gallery") else declared_omzet(campaign, cut.kanwil, cut.upt)


def ranked_per(cut: Cut) -> str:
    """What stands in order on the wall of this place: the units right below it, or its galleries."""
    return "gallery" if cut.has("upt", "gallery") else "upt" if cut.kanwil is not None else "kanwil"


def _reporting(everyone: Sequence[Strip]) -> dict[str, Any]:
    """How many UPT have reported, and the names of some that have not."""
    silent = [strip for strip in everyone if not strip.reported]
    return {
        "sold": len(everyone) - len(silent),
        "of": len(everyone),
        "today": sum(strip.sold_today for strip in everyone),
        "silent": [{"name": strip.name, "kanwil": strip.kanwil} for strip in silent[:MOST_NAMED]],
    }


def _ranking(facts: Facts, below: str, metric: str, found: Within) -> dict[str, Any]:
    """What lies right below in order of the metric; by streak it is UPT, however high one stands."""
    if metric == "streak" and below != "gallery":
        return {"by": "upt", "metric": metric, "rows": _by_streak(found.strips)[:MOST_RANKED]}
    return {"by": below, "metric": metric, "rows": _by_figure(facts, below, metric, found)[:MOST_RANKED]}


def _by_streak(everyone: Sequence[Strip]) -> list[dict[str, Any]]:
    ordered = sorted(everyone, key=lambda strip: (-strip.streak, -strip.days_sold, -strip.omzet, strip.name))
    return [_ranked(s.unit_id, s.name, "", s.streak, s.omzet) for s in ordered if s.reported]


def _target(facts: Facts, cut: Cut) -> int:
    unit_id, national = boards.place_of(cut)
    return facts.campaign.target if national else facts.targets.get(unit_id or 0, 0)


def _by_figure(facts: Facts, per: str, metric: str, found: Within) -> list[dict[str, Any]]:
    """The rows in order of the metric: `value` is what they are ranked by, `omzet` stands beside it."""
    targets, names = facts.targets, names_of(facts.campaign, per, found.below)
    rows = []
    for key, sold in found.below.items():
        if metric == "target":
            if not targets.get(key):
                continue
            value = sold.omzet * 100 // targets[key]
        else:
            value = getattr(sold, metric if metric in sold._fields else "omzet")
        rows.append(_ranked(key, *names[str(key)], value, sold.omzet))
    return sorted(rows, key=lambda row: (-row["value"], -row["omzet"], row["name"], row["key"]))


def _ranked(key: int, name: str, detail: str, value: int, omzet: int) -> dict[str, Any]:
    return {"key": str(key), "name": name, "detail": detail, "value": value, "omzet": omzet}

"""The wall of a campaign (*papan omzet*): everything that stands on it, in one read that many share.

All of it comes from sums that are kept up in memory (`running`), the tree and the few notas that were recorded
last, so that a change costs the same however many lines were ever sold. A campaign that counts only some categories
or channels is read from its lines instead, like its board: as right, and slower.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pos.campaigns.models import Campaign, Turnover
from pos.campaigns.services import Standing, standing, state
from pos.campaigns.verified import declared_omzet
from pos.db import BigId, db, reading
from pos.errors import N_, NC_
from pos.fast import Query
from pos.register.models import Sale, SaleLine
from pos.reports import board as boards
from pos.reports.board import Cut, Row, lines_of
from pos.reports.fresh import Version
from pos.reports.held import Facts, facts_of, names_of
from pos.reports.running import Within, among, running, total, unit_within
from pos.reports.streaks import Sold, Strip, sold_by_unit, strips
from pos.revenue.models import Deposit
from pos.units.models import Gallery, Unit

METRICS = {
    "omzet": N_("Omzet"),
    "pieces": NC_("metrik", "Buah terjual"),
    "sales": NC_("daftar", "Nota"),
    "pnbp": N_("PNBP"),
    "target": N_("% target"),
    "streak": N_("Hari berturut-turut"),
}
LAST_NOTAS = 12
LOOKED_AT = 60  # of the last notas of all
MOST_RANKED = 60
MOST_NAMED = 60


_DEPOSITED = sa.select(sa.func.max(Deposit.id)).scalar_subquery().label("deposited")
_LAST = Query(sa.select(sa.func.max(Sale.recorded_at).label("changed_at"), _DEPOSITED))
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
    whatever order transactions end in, each of its notas tells.
    """
    named = (campaign.name, campaign.from_day, campaign.until_day, campaign.target, campaign.wbp_only)
    other = (today, *named, *campaign.categories, *campaign.channels, stands or standing(campaign))
    first, last = boards.reach(campaign)
    with reading() as connection:
        if not cut.has("upt", "gallery"):
            told = _LAST.first(connection) or {}
            return Version(told["changed_at"], (*other, told["deposited"]))
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
    if _reads_lines(campaign):
        found = _from_lines(campaign, cut, below)
    elif below == "gallery":
        boards.hold_still()
        found = unit_within(campaign, cut)
    else:
        found = running(campaign).within(cut, below)
    whole, stands = total(found.by_day), facts.standing
    notas = last_notas(campaign, cut, found, known)
    everyone = strips(campaign, cut, today, found.units) if below != "gallery" else []
    by_streak = metric == "streak" and below != "gallery"
    first, last = boards.window_of(campaign, cut)
    deposited, deposited_at = boards.deposits(campaign, cut)
    as_of = max(filter(None, (_recorded(notas), deposited_at)), default=None)
    return {
        "campaign": campaign.slug,
        "standing": {"key": stands.key, "at": stands.at.isoformat() if stands.at else None},
        "as_of": as_of.isoformat() if as_of else None,
        **whole._asdict(),
        "declared": declared_at(campaign, cut) if stands.key == "declared" else None,
        "deposited": deposited,
        "target": _target(facts, cut),
        "day": min(max((today - first).days + 1, 0), (last - first).days + 1),
        "days": (last - first).days + 1,
        "state": state((first, last), today),
        "by_day": [{"day": day.isoformat(), "omzet": sold.omzet} for day, sold in sorted(found.by_day.items())],
        "reporting": _reporting(everyone, today) if below != "gallery" else None,
        "ranking": {
            "by": "upt" if by_streak else below,
            "metric": metric,
            "rows": (_by_streak(everyone) if by_streak else _ranking(facts, below, metric, found))[:MOST_RANKED],
        },
        "notas": [nota for nota, _recorded_at in notas],
    }


def declared_at(campaign: Campaign, cut: Cut) -> int | None:
    """The omzet that was declared of this place; None before it was, and of what is finer than a unit."""
    return None if cut.has("gallery") else declared_omzet(campaign, cut.kanwil, cut.upt)


def _reads_lines(campaign: Campaign) -> bool:
    return bool(campaign.categories or campaign.channels)


def _from_lines(campaign: Campaign, cut: Cut, below: str) -> Within:
    """The same sums as `running` keeps, added up anew."""
    boards.hold_still()
    by_day, by_key = (boards.breakdown(campaign, cut, per) for per in ("day", below))
    return Within(
        {date.fromisoformat(row.key): _sold(row) for row in by_day},
        {int(row.key): _sold(row) for row in by_key},
        {} if below == "gallery" else sold_by_unit(campaign, cut),
        None,
    )


def _sold(row: Row) -> Sold:
    return Sold(row.omzet, row.pieces, row.sales, row.pnbp)


def ranked_per(cut: Cut) -> str:
    """What stands in order on the wall of this place: the units right below it, or its galleries."""
    return "gallery" if cut.has("upt", "gallery") else "upt" if cut.kanwil is not None else "kanwil"


def _reporting(everyone: list[Strip], today: date) -> dict[str, Any]:
    """How many UPT have reported, and the names of some that have not."""
    silent = [strip for strip in everyone if not strip.reported]
    return {
        "sold": len(everyone) - len(silent),
        "of": len(everyone),
        "today": sum(strip.counts(today) for strip in everyone),
        "silent": [{"name": strip.name, "kanwil": strip.kanwil} for strip in silent[:MOST_NAMED]],
    }


def _by_streak(everyone: list[Strip]) -> list[dict[str, Any]]:
    ordered = sorted(everyone, key=lambda strip: (-strip.streak, -strip.days_sold, -strip.omzet, strip.name))
    return [_ranked(s.unit_id, s.name, "", s.streak, s.omzet) for s in ordered if s.reported]


def _target(facts: Facts, cut: Cut) -> int:
    unit_id, national = boards.place_of(cut)
    return facts.campaign.target if national else facts.targets.get(unit_id or 0, 0)


def _ranking(facts: Facts, per: str, metric: str, found: Within) -> list[dict[str, Any]]:
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


Noted = tuple[dict[str, Any], datetime]  # a nota as the wall shows it, and when it was recorded


def _recorded(notas: list[Noted]) -> datetime | None:
    return max((recorded_at for _nota, recorded_at in notas), default=None)


def last_notas(campaign: Campaign, cut: Cut, found: Within, known: bool = True) -> list[Noted]:
    """The notas that were recorded last, as far as they count here: no names of people, only units and goods.

    Mostly they are among the last that were recorded anywhere. Where they are not, they are looked for on the days
    of galleries that changed last: each of the twelve newest notas is on one of the twelve, for each of these holds
    a nota as new as its change.
    """
    if found.newest is None:
        return _notas(lines_of(campaign, cut), known)
    recent = sa.select(Sale.id, Sale.business_date, Sale.gallery_id).order_by(Sale.recorded_at.desc()).limit(LOOKED_AT)
    looked = db.session.execute(recent) if found.keys else ()
    here = [sale_id for sale_id, day, gallery_id in looked if (day, gallery_id) in found.keys]
    # The days of galleries stand for what counts there: of their lines only those not made by WBP are left to drop.
    lines = sa.select().select_from(SaleLine)
    if campaign.wbp_only:
        lines = lines.where(SaleLine.wbp_made)
    notas = _notas(lines.where(SaleLine.sale_id.in_(here)), known) if here else []
    if len(notas) == LAST_NOTAS or not found.newest:
        return notas
    places = [(cell.day, cell.gallery_id) for cell in found.newest]
    on_them = sa.tuple_(SaleLine.business_date, SaleLine.gallery_id).in_(places)
    return _notas(lines.where(*among(SaleLine, places), on_them), known)


def _notas(lines: Any, known: bool) -> list[Noted]:
    """The newest notas of these lines."""
    sums = (
        lines.with_only_columns(
            SaleLine.sale_id.label("sale_id"),
            sa.func.sum(SaleLine.amount).label("amount"),
            sa.func.count().label("lines"),
            sa.func.min(SaleLine.position).label("position"),
        )
        .group_by(SaleLine.sale_id)
        .subquery()
    )
    query = (
        sa.select(
            Sale.receipt,
            Sale.sold_at,
            Sale.recorded_at,
            Sale.zone,
            Sale.seller_name,
            SaleLine.name,
            sums.c.amount,
            sums.c.lines,
        )
        .join(sums, sums.c.sale_id == Sale.id)
        .join(SaleLine, sa.and_(SaleLine.sale_id == Sale.id, SaleLine.position == sums.c.position))
        .order_by(Sale.recorded_at.desc(), Sale.receipt.desc())
        .limit(LAST_NOTAS)
    )
    return [(_told(row, known), row.recorded_at) for row in db.session.execute(query)]


def _told(row: Any, known: bool, **more: int) -> dict[str, Any]:
    """A nota as the wall tells of it."""
    return more | {
        "receipt": row.receipt if known else "",
        "at": row.sold_at.isoformat(),
        "zone": row.zone,
        "unit": row.seller_name,
        "product": row.name,
        "more": row.lines - 1,
        "amount": int(row.amount),
    }


# -- a day once more -----------------------------------------------------------------------------------

MOST_REPLAYED = 600  # notas that pass by while a day is played again


def replay(campaign: Campaign, cut: Cut, day: date, known: bool = True) -> dict[str, Any]:
    """One day of the campaign by the minute, from when each nota was sold: one read, then it plays by itself.

    `minutes` are rows of [minute since `start`, key of the unit below, omzet, pieces, notas, pnbp]; of a day with
    very many notas only every so-manieth is among `notas`, while the figures hold them all.
    """
    boards.hold_still()
    on_day = Cut(**{**cut.given(), "day": day})
    query = _sales_of(campaign, on_day)
    sold = db.session.execute(query).all()
    per = ranked_per(cut)
    names = {row.key: row.name for row in boards.breakdown(campaign, on_day, per)}
    if not sold:
        return {"day": day.isoformat(), "start": None, "by": per, "names": {}, "minutes": [], "notas": []}
    start = min(row.sold_at for row in sold).replace(second=0, microsecond=0)
    minutes: dict[tuple[int, str], list[int]] = {}
    for row in sold:
        sums = minutes.setdefault((_minute(row.sold_at, start), str(row.key)), [0, 0, 0, 0])
        for i, value in enumerate((row.amount, row.pieces, 0 if row.refund_of else 1, row.pnbp)):
            sums[i] += int(value)
    every = -(-len(sold) // MOST_REPLAYED)
    return {
        "day": day.isoformat(),
        "start": start.isoformat(),
        "by": per,
        "names": names,
        "minutes": [[minute, key, *sums] for (minute, key), sums in sorted(minutes.items())],
        "notas": [_told(row, known, minute=_minute(row.sold_at, start)) for row in sold[::every]],
    }


def _minute(at: datetime, start: datetime) -> int:
    return int((at - start).total_seconds() // 60)


def _sales_of(campaign: Campaign, on_day: Cut) -> Any:
    """Every nota of a day as far as it counts, in the order in which they were sold."""
    lines = (
        lines_of(campaign, on_day)
        .with_only_columns(
            SaleLine.sale_id.label("sale_id"),
            sa.func.sum(SaleLine.amount).label("amount"),
            sa.func.sum(SaleLine.quantity).label("pieces"),
            sa.func.sum(SaleLine.pnbp).label("pnbp"),
            sa.func.count().label("lines"),
            sa.func.min(SaleLine.name).label("name"),
        )
        .group_by(SaleLine.sale_id)
        .subquery()
    )
    below = {"kanwil": sa.func.coalesce(boards.Placement.kanwil_id, Unit.id), "upt": Unit.id, "gallery": Gallery.id}
    per = ranked_per(on_day)
    query = (
        sa.select(
            Sale.receipt,
            Sale.sold_at,
            Sale.zone,
            Sale.seller_name,
            Sale.refund_of,
            below[per].label("key"),
            lines.c.amount,
            lines.c.pieces,
            lines.c.pnbp,
            lines.c.lines,
            lines.c.name,
        )
        .join(lines, lines.c.sale_id == Sale.id)
        .join(Gallery, Gallery.id == Sale.gallery_id)
        .join(Unit, Unit.id == Gallery.unit_id)
        .order_by(Sale.sold_at, Sale.receipt)
    )
    if per == "kanwil":
        placed = sa.and_(boards.Placement.unit_id == Unit.id, *boards.standing_on(Sale.business_date))
        query = query.outerjoin(boards.Placement, placed)
    return query

"""The wall of a campaign (*papan omzet*): everything that stands on it, in one read that many share.

All of it comes from `turnover`, the tree and the few notas that were recorded last, so that a change costs the
same however many lines were ever sold. (A campaign that counts only some categories or channels is read from its
lines, like its board.)
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pos.campaigns.models import Campaign, Turnover
from pos.campaigns.services import standing, state, target_of, targets_of
from pos.db import db
from pos.errors import N_, NC_
from pos.register.models import Sale, SaleLine
from pos.reports import board as boards
from pos.reports.board import Cut, Row, counted, lines_of
from pos.reports.fresh import Version
from pos.reports.streaks import Strip, strips
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
MOST_RANKED = 60
MOST_NAMED = 60


def version(campaign: Campaign, cut: Cut, today: date) -> Version:
    """When anything was last recorded that may stand on this wall: one read of an index.

    For a UPT or a gallery its own last change is asked for, so that others' sales do not make its wall anew.
    """
    if cut.upt is None and cut.gallery is None:
        changed = sa.select(sa.func.max(Sale.recorded_at))
    else:
        own = Turnover.gallery_id == cut.gallery
        if cut.gallery is None:
            own = Turnover.gallery_id.in_(sa.select(Gallery.id).where(Gallery.unit_id == cut.upt))
        changed = sa.select(sa.func.max(Turnover.changed_at)).where(own)
        changed = changed.where(Turnover.business_date.between(*boards.reach(campaign)))
    deposit = sa.select(sa.func.max(Deposit.id)).scalar_subquery()
    row = db.session.execute(sa.select(changed.scalar_subquery(), deposit)).one()
    named = (campaign.name, campaign.from_day, campaign.until_day, campaign.target, campaign.wbp_only)
    return Version(row[0], (today, row[1], *named, *campaign.categories, *campaign.channels, standing(campaign)))


def wall(campaign: Campaign, cut: Cut, metric: str, today: date, known: bool = True) -> dict[str, Any]:
    """What the wall shows as plain values, rupiah and thousandths; all read from one snapshot.

    A reader who is not `known` is not told the numbers of notas.
    """
    found = boards.totals(campaign, cut, "day")
    everyone = strips(campaign, cut, today) if cut.upt is None else []
    ranked_by = "upt" if metric == "streak" and cut.upt is None else ranked_per(cut)
    first, last = boards.window_of(campaign, cut)
    stands = standing(campaign)
    return {
        "campaign": campaign.slug,
        "standing": {"key": stands.key, "at": stands.at.isoformat() if stands.at else None},
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "omzet": found.omzet,
        "pieces": found.pieces,
        "sales": found.sales,
        "pnbp": found.pnbp,
        "deposited": found.deposited,
        "target": target_of(campaign, *boards.place_of(cut)),
        "day": min(max((today - first).days + 1, 0), (last - first).days + 1),
        "days": (last - first).days + 1,
        "state": state((first, last), today),
        "by_day": [{"day": row.key, "omzet": row.omzet} for row in found.rows],
        "reporting": _reporting(everyone, today) if cut.upt is None else None,
        "ranking": {
            "by": ranked_by,
            "metric": metric,
            "rows": _ranking(campaign, cut, ranked_by, metric, everyone)[:MOST_RANKED],
        },
        "notas": last_notas(campaign, cut, known),
    }


def ranked_per(cut: Cut) -> str:
    """What stands in order on the wall of this place: the units right below it, or its galleries."""
    return "gallery" if cut.upt is not None else "upt" if cut.kanwil is not None else "kanwil"


def _reporting(everyone: list[Strip], today: date) -> dict[str, Any]:
    """How many UPT have reported, and the names of some that have not."""
    silent = [strip for strip in everyone if not strip.reported]
    return {
        "sold": len(everyone) - len(silent),
        "of": len(everyone),
        "today": sum(strip.counts(today) for strip in everyone),
        "silent": [{"name": strip.name, "kanwil": strip.kanwil} for strip in silent[:MOST_NAMED]],
    }


def _ranking(campaign: Campaign, cut: Cut, per: str, metric: str, everyone: list[Strip]) -> list[dict[str, Any]]:
    """The rows in order of the metric: `value` is what they are ranked by, `omzet` stands beside it."""
    if metric == "streak" and per == "upt":
        by_streak = sorted(everyone, key=lambda strip: (-strip.streak, -strip.days_sold, -strip.omzet, strip.name))
        return [_ranked(str(s.unit_id), s.name, s.streak, s.omzet) for s in by_streak if s.reported]
    targets = targets_of(campaign) if metric == "target" else {}
    value = _value_of(metric, targets)
    rows = [(value(row), row) for row in boards.breakdown(campaign, cut, per)]
    kept = [(worth, row) for worth, row in rows if worth is not None]
    kept.sort(key=lambda pair: (-pair[0], -pair[1].omzet, pair[1].name))
    return [_ranked(row.key, row.name, worth, row.omzet, row.detail) for worth, row in kept]


def _value_of(metric: str, targets: dict[int, int]) -> Callable[[Row], int | None]:
    """What a row is ranked by: whole percent of its target, where it has one, or the figure itself."""
    if metric != "target":
        name = metric if metric in boards.SUMS else "omzet"
        return lambda row: int(getattr(row, name))

    def percent(row: Row) -> int | None:
        target = targets.get(int(row.key), 0)
        return row.omzet * 100 // target if target else None

    return percent


def _ranked(key: str, name: str, value: int, omzet: int, detail: str = "") -> dict[str, Any]:
    return {"key": key, "name": name, "detail": detail, "value": value, "omzet": omzet}


def last_notas(campaign: Campaign, cut: Cut, known: bool = True) -> list[dict[str, Any]]:
    """The notas that were recorded last, as far as they count here: no names of people, only units and goods.

    They are looked for among the days of galleries that changed last: each of the twelve newest notas is in one of
    the twelve that changed last, for each of these holds a nota as new as its change.
    """
    places = None
    if not (campaign.categories or campaign.channels):
        query, columns = counted(campaign, cut, "upt")
        changed = sa.func.max(columns.changed_at)
        query = query.with_only_columns(columns.gallery_id, columns.day).group_by(columns.gallery_id, columns.day)
        places = db.session.execute(query.order_by(changed.desc(), columns.gallery_id).limit(LAST_NOTAS)).all()
        if not places:
            return []
    lines = lines_of(campaign, cut)
    if places is not None:
        lines = lines.where(sa.or_(*(_on(gallery_id, day) for gallery_id, day in places)))
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
        sa.select(Sale.receipt, Sale.sold_at, Sale.zone, Sale.seller_name, SaleLine.name, sums.c.amount, sums.c.lines)
        .join(sums, sums.c.sale_id == Sale.id)
        .join(SaleLine, sa.and_(SaleLine.sale_id == Sale.id, SaleLine.position == sums.c.position))
        .order_by(Sale.recorded_at.desc(), Sale.receipt.desc())
        .limit(LAST_NOTAS)
    )
    return [
        {
            "receipt": row.receipt if known else "",
            "at": row.sold_at.isoformat(),
            "zone": row.zone,
            "unit": row.seller_name,
            "product": row.name,
            "more": row.lines - 1,
            "amount": int(row.amount),
        }
        for row in db.session.execute(query)
    ]


def _on(gallery_id: int, day: date) -> Any:
    return sa.and_(SaleLine.gallery_id == gallery_id, SaleLine.business_date == day)


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
        for i, value in enumerate((row.omzet, row.pieces, 0 if row.refund_of else 1, row.pnbp)):
            sums[i] += int(value)
    every = -(-len(sold) // MOST_REPLAYED)
    return {
        "day": day.isoformat(),
        "start": start.isoformat(),
        "by": per,
        "names": names,
        "minutes": [[minute, key, *sums] for (minute, key), sums in sorted(minutes.items())],
        "notas": [
            {
                "minute": _minute(row.sold_at, start),
                "at": row.sold_at.isoformat(),
                "zone": row.zone,
                "unit": row.seller_name,
                "product": row.product,
                "more": row.lines - 1,
                "amount": int(row.omzet),
                "receipt": row.receipt if known else "",
            }
            for row in sold[::every]
        ],
    }


def _minute(at: datetime, start: datetime) -> int:
    return int((at - start).total_seconds() // 60)


def _sales_of(campaign: Campaign, on_day: Cut) -> Any:
    """Every nota of a day as far as it counts, in the order in which they were sold."""
    lines = (
        lines_of(campaign, on_day)
        .with_only_columns(
            SaleLine.sale_id.label("sale_id"),
            sa.func.sum(SaleLine.amount).label("omzet"),
            sa.func.sum(SaleLine.quantity).label("pieces"),
            sa.func.sum(SaleLine.pnbp).label("pnbp"),
            sa.func.count().label("lines"),
            sa.func.min(SaleLine.name).label("product"),
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
            lines.c.omzet,
            lines.c.pieces,
            lines.c.pnbp,
            lines.c.lines,
            lines.c.product,
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

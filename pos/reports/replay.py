"""A day of a campaign once more, as it was sold."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pos.campaigns.models import Campaign, Turnover
from pos.db import BigId, db, reading
from pos.fast import Query
from pos.register.models import Sale, SaleLine
from pos.reports import board as boards
from pos.reports.board import Cut, lines_of
from pos.reports.fresh import Version
from pos.reports.notas import OF_SALE, noted_of, told
from pos.reports.wall import ranked_per
from pos.units.models import Gallery, Installation, Unit

MOST_REPLAYED = 600  # notas that pass by while a day is played again


_PLACE = sa.bindparam("place", type_=BigId)
_DAY = sa.select(
    sa.func.max(Turnover.changed_at).label("changed_at"),
    sa.func.sum(Turnover.omzet).label("omzet"),
    sa.func.sum(Turnover.pieces).label("pieces"),
    sa.func.sum(Turnover.maker_sales).label("sales"),
    sa.select(Installation.tree_version).scalar_subquery().label("tree"),
).where(Turnover.business_date == sa.bindparam("day", type_=sa.Date()))
_OF_ALL = Query(_DAY)
_OF_UNIT = Query(_DAY.where(Turnover.gallery_id.in_(sa.select(Gallery.id).where(Gallery.unit_id == _PLACE))))


def version(campaign: Campaign, cut: Cut, day: date) -> Version:
    """What a replayed day hangs on: what was sold on it, whenever that arrived, and the tree and the campaign.

    The sums of a day are read, never its lines.
    """
    windows = tuple(sorted((w.unit_id, w.from_day, w.until_day) for w in campaign.windows))
    counts = (campaign.from_day, campaign.until_day, campaign.wbp_only, *campaign.categories, None, *campaign.channels)
    with reading() as connection:
        if cut.upt is None:
            found = _OF_ALL.first(connection, day=day)
        else:
            found = _OF_UNIT.first(connection, day=day, place=cut.upt)
    return Version(None, (windows, counts, *(found or {}).values()))


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
        "notas": [told(noted_of(row), known, minute=_minute(row.sold_at, start)) for row in sold[::every]],
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
            sa.func.min(SaleLine.position).label("first"),
        )
        .group_by(SaleLine.sale_id)
        .subquery()
    )
    below = {"kanwil": sa.func.coalesce(boards.Placement.kanwil_id, Unit.id), "upt": Unit.id, "gallery": Gallery.id}
    per = ranked_per(on_day)
    query: Any = (
        sa.select(
            *OF_SALE,
            Sale.refund_of,
            below[per].label("key"),
            lines.c.amount,
            lines.c.pieces,
            lines.c.pnbp,
            lines.c.lines,
            SaleLine.name,
        )
        .join(lines, lines.c.sale_id == Sale.id)
        .join(SaleLine, sa.and_(SaleLine.sale_id == Sale.id, SaleLine.position == lines.c.first))
        .join(Gallery, Gallery.id == Sale.gallery_id)
        .join(Unit, Unit.id == Gallery.unit_id)
        .order_by(Sale.sold_at, Sale.receipt)
    )
    if per == "kanwil":
        placed = sa.and_(boards.Placement.unit_id == Unit.id, *boards.standing_on(Sale.business_date))
        query = query.outerjoin(boards.Placement, placed)
    return query

"""The notas that were recorded last in a campaign: no names of people, only units and goods."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pos.campaigns.models import Campaign
from pos.db import db
from pos.register.models import Sale, SaleLine
from pos.reports.board import Cut, lines_of

LAST_NOTAS = 12
OF_SALE: tuple[Any, ...] = (
    *(Sale.id, Sale.receipt, Sale.sold_at, Sale.recorded_at, Sale.zone, Sale.seller_name),
    *(Sale.business_date, Sale.gallery_id),
)


@dataclass(frozen=True, slots=True)
class Noted:
    """A nota as far as it counts: rupiah; `product` is its first line that does, `lines` how many do."""

    sale_id: str
    receipt: str
    sold_at: datetime
    recorded_at: datetime
    zone: str
    seller: str
    day: date
    gallery_id: int
    product: str
    amount: int
    lines: int


def newest_of(campaign: Campaign, cut: Cut, places: Sequence[tuple[date, int]]) -> list[Noted]:
    """The newest notas within the cut, given the days of galleries that changed last there.

    Each of the twelve newest notas is on one of the twelve, for each of these holds a nota as new as its change.
    """
    if not places:
        return []
    on_them = sa.tuple_(SaleLine.business_date, SaleLine.gallery_id).in_(places)
    return noted(lines_of(campaign, cut).where(*among(SaleLine, places), on_them), LAST_NOTAS)


def those(campaign: Campaign, sale_ids: Iterable[str]) -> list[Noted]:
    """These notas, as far as they count."""
    return noted(lines_of(campaign, Cut()).where(SaleLine.sale_id.in_(list(sale_ids))))


def among(table: Any, places: Sequence[tuple[date, int]]) -> tuple[Any, Any]:
    """Rows of these days and these galleries: two lists, for SQLite finds no pairs in an index."""
    days, galleries = {day for day, _ in places}, {gallery_id for _, gallery_id in places}
    return table.business_date.in_(sorted(days)), table.gallery_id.in_(sorted(galleries))


def newest_first(notas: Iterable[Noted]) -> list[Noted]:
    """At most as many as a wall shows, each once."""
    once = {nota.sale_id: nota for nota in notas}.values()
    return sorted(once, key=lambda nota: (nota.recorded_at, nota.receipt), reverse=True)[:LAST_NOTAS]


def noted(lines: Any, most: int | None = None) -> list[Noted]:
    """The notas of these lines, the newest first."""
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
        sa.select(*OF_SALE, SaleLine.name, sums.c.amount, sums.c.lines)
        .join(sums, sums.c.sale_id == Sale.id)
        .join(SaleLine, sa.and_(SaleLine.sale_id == Sale.id, SaleLine.position == sums.c.position))
        .order_by(Sale.recorded_at.desc(), Sale.receipt.desc())
        .limit(most)
    )
    return [noted_of(row) for row in db.session.execute(query)]


def noted_of(row: Any) -> Noted:
    """A row of `OF_SALE` with `name`, `amount` and `lines`."""
    of_sale = (row.id, row.receipt, row.sold_at, row.recorded_at, row.zone, row.seller_name)
    return Noted(*of_sale, row.business_date, row.gallery_id, row.name, int(row.amount), row.lines)


def told(nota: Noted, known: bool, **more: int) -> dict[str, Any]:
    """A nota as the wall tells of it; a reader who is not `known` is not told its number."""
    return more | {
        "receipt": nota.receipt if known else "",
        "at": nota.sold_at.isoformat(),
        "zone": nota.zone,
        "unit": nota.seller,
        "product": nota.product,
        "more": nota.lines - 1,
        "amount": nota.amount,
    }

"""What a checker should look at in a unit's notas: kinds of oddity, each with the receipts that show it.

None of them is wrong by itself. The thresholds stand here, together.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos import money
from pos.catalog.models import Price
from pos.db import db
from pos.errors import N_, Sentence
from pos.register.models import Sale, SaleLine
from pos.register.shift_marks import LATE_NOTE
from pos.reports import board
from pos.verification.scope import Scope
from pos.verification.tally import counts

PRICE_APART = 30  # percent of the list price, discounts included
BIG_SHARE = 20  # percent of the unit's omzet in one nota
CUTOFF_SPAN = timedelta(days=3)  # before the cut-off; and what is given back up to
CUTOFF_AFTER = timedelta(days=7)  # after it
BURST_NOTAS, BURST_SPAN = 10, timedelta(seconds=60)
CLOCK_BACK = timedelta(minutes=10)
LATE_AFTER = timedelta(hours=24)
MOST_KEPT = 200  # receipts a kind

NAMES = {
    "price": N_("Harga jauh dari daftar"),
    "big": N_("Satu nota lebih dari seperlima omzet"),
    "cutoff": N_("Dijual menjelang batas, diretur sesudahnya"),
    "burst": N_("Banyak nota dalam semenit"),
    "clock": N_("Jam kasir melompat"),
    "late": N_("Dokumen datang terlambat"),
    "susulan": N_("Nota susulan"),
}
HELP = {
    "price": N_("Jumlah baris lebih dari 30% di atas atau di bawah harga daftar saat itu, diskon ikut dihitung."),
    "big": N_("Periksa pembeli dan bukti bayarnya."),
    "cutoff": N_("Penjualan dalam 3 hari sebelum batas yang dikembalikan dalam 7 hari sesudahnya."),
    "burst": N_("10 nota atau lebih di satu meja kasir dalam 60 detik."),
    "clock": N_("Jam mundur lebih dari 10 menit dari nota sebelumnya, atau mendahului server."),
    "late": N_("Sampai di server lebih dari 24 jam sesudah dijual."),
    "susulan": N_("Ditulis tangan lalu dimasukkan; cocokkan dengan fotonya."),
}


@dataclass(frozen=True)
class Flag:
    """`receipts` are at most `MOST_KEPT` of the `count` notas, each with what is odd about it in figures."""

    kind: str
    count: int
    receipts: Sequence[tuple[str, str | Sentence]]


@dataclass(frozen=True)
class Nota:
    """One nota as the flags see it; `omzet` is what of it counts."""

    id: str
    register_id: int
    receipt: str
    number: int
    sold_at: datetime
    recorded_at: datetime
    flags: frozenset[str]
    is_refund: bool
    omzet: int


Found = Iterator[tuple[str, str | Sentence]]


def flags_of(scope: Scope, cutoff: datetime) -> list[Flag]:
    """The kinds that occur in the scope, in the order of `NAMES`; `cutoff` is when its window ends."""
    notas = _notas(scope)
    finders: dict[str, Callable[[], Found]] = {
        "price": lambda: _prices(scope),
        "big": lambda: _big(notas),
        "cutoff": lambda: _round_the_cutoff(notas, cutoff),
        "burst": lambda: _bursts(notas),
        "clock": lambda: _clocks(notas),
        "late": lambda: _late(notas),
        "susulan": lambda: ((nota.receipt, money.rupiah(nota.omzet)) for nota in notas if LATE_NOTE in nota.flags),
    }
    found = []
    for kind, find in finders.items():
        receipts = list(dict(find()).items())
        if receipts:
            found.append(Flag(kind, len(receipts), receipts[:MOST_KEPT]))
    return found


def _notas(scope: Scope) -> list[Nota]:
    """The scope's notas by register and number."""
    sums: dict[str, int] = defaultdict(int)
    rule = scope.rule
    lines = board.sales_of(scope.campaign, scope.cut).join(SaleLine, SaleLine.sale_id == Sale.id)
    columns = (SaleLine.sale_id, SaleLine.amount, SaleLine.wbp_made, SaleLine.category, Sale.channel)
    rows: Any = db.session.execute(lines.with_only_columns(*columns)).mappings()
    for row in rows:
        if counts(rule, row["channel"], row):
            sums[row["sale_id"]] += row["amount"]
    chosen = (Sale.id, Sale.register_id, Sale.receipt, Sale.number, Sale.sold_at, Sale.recorded_at, Sale.flags)
    query = board.sales_of(scope.campaign, scope.cut).with_only_columns(*chosen, Sale.refund_of.is_not(None))
    found: Any = db.session.execute(query.order_by(Sale.register_id, Sale.number))
    return [
        Nota(key, register_id, receipt, number, sold_at, recorded_at, frozenset(said.split()), back, sums[key])
        for key, register_id, receipt, number, sold_at, recorded_at, said, back in found
    ]


def _prices(scope: Scope) -> Found:
    """Lines that came to much more or less than the list price in force when they were sold.

    Wholesale, inside and auction prices are listed too: of such a line only its discount is judged. What was sold
    before the product had any price, as a handwritten nota may tell, is compared with its first.
    """
    figures = (SaleLine.product_id, SaleLine.quantity, SaleLine.unit_price, SaleLine.amount, SaleLine.rate)
    columns = (Sale.receipt, Sale.sold_at, SaleLine.name, *figures)
    query = (
        board.sales_of(scope.campaign, scope.cut)
        .join(SaleLine, SaleLine.sale_id == Sale.id)
        .with_only_columns(*columns)
        .where(Sale.refund_of.is_(None))
        .order_by(Sale.receipt)
    )
    lines = db.session.execute(query).all()
    listed = _listed({line.product_id for line in lines})
    for line in lines:
        worth = money.gross(line.quantity, line.unit_price if line.rate else _price_at(listed, line))
        if abs(line.amount - worth) * 100 > worth * PRICE_APART:
            yield line.receipt, f"{line.name}: {money.rupiah(line.amount)} / {money.rupiah(worth)}"


def _price_at(listed: dict[int, list[tuple[datetime, int]]], line: Any) -> int:
    prices = listed[line.product_id]
    since = bisect_right(prices, line.sold_at, key=lambda price: price[0])
    return prices[max(since, 1) - 1][1]


def _listed(product_ids: set[int]) -> dict[int, list[tuple[datetime, int]]]:
    query = sa.select(Price.product_id, Price.from_at, Price.amount).where(Price.product_id.in_(product_ids))
    listed: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for product_id, from_at, amount in db.session.execute(query.order_by(Price.from_at, Price.id)):
        listed[product_id].append((from_at, amount))
    return listed


def _big(notas: list[Nota]) -> Found:
    total = sum(nota.omzet for nota in notas)
    for nota in notas:
        if nota.omzet * 100 > total * BIG_SHARE and total > 0:
            yield nota.receipt, f"{nota.omzet * 100 // total}%, {money.rupiah(nota.omzet)}"


def _round_the_cutoff(notas: list[Nota], cutoff: datetime) -> Found:
    near = {n.id: n for n in notas if not n.is_refund and cutoff - CUTOFF_SPAN <= n.sold_at <= cutoff}
    refund = aliased(Sale)
    query = sa.select(refund.refund_of, refund.receipt, refund.total).where(
        refund.refund_of.in_(near), refund.sold_at > cutoff, refund.sold_at <= cutoff + CUTOFF_AFTER
    )
    rows: Any = db.session.execute(query.order_by(refund.receipt))
    for sale_id, receipt, total in rows:
        yield near[sale_id].receipt, f"{receipt} {money.rupiah(total)}"


def _by_register(notas: list[Nota]) -> Iterator[list[Nota]]:
    groups: dict[int, list[Nota]] = defaultdict(list)
    for nota in notas:
        if LATE_NOTE not in nota.flags:
            groups[nota.register_id].append(nota)
    yield from groups.values()


def _bursts(notas: list[Nota]) -> Found:
    for series in _by_register(notas):
        ordered = sorted(series, key=lambda nota: nota.sold_at)
        for first, last in zip(ordered, ordered[BURST_NOTAS - 1 :], strict=False):
            if last.sold_at - first.sold_at <= BURST_SPAN:
                seconds = int((last.sold_at - first.sold_at).total_seconds())
                yield (
                    first.receipt,
                    Sentence(N_("%(count)d nota, %(seconds)d detik"), count=BURST_NOTAS, seconds=seconds),
                )


def _clocks(notas: list[Nota]) -> Found:
    for series in _by_register(notas):
        for before, nota in zip([None, *series], series, strict=False):
            if "clock_ahead" in nota.flags:
                yield nota.receipt, Sentence(N_("mendahului server"))
            elif "clock_behind" in nota.flags:
                yield nota.receipt, Sentence(N_("tertinggal dari server"))
            elif before and before.sold_at - nota.sold_at > CLOCK_BACK:
                back = int((before.sold_at - nota.sold_at).total_seconds()) // 60
                yield nota.receipt, Sentence(N_("-%(minutes)d menit"), minutes=back)


def _late(notas: list[Nota]) -> Found:
    for nota in notas:
        if LATE_NOTE not in nota.flags and nota.recorded_at - nota.sold_at > LATE_AFTER:
            hours = int((nota.recorded_at - nota.sold_at).total_seconds()) // 3600
            yield nota.receipt, Sentence(N_("%(hours)s jam"), hours=money.grouped(hours))

"""Who leads, by a named measure, among units of one class: from declared figures, else what comes nearest to them."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from pos import money
from pos.campaigns.models import Campaign
from pos.errors import N_
from pos.reports import streaks
from pos.reports.board import Cut
from pos.verification.standing import Standing, Whole
from pos.verification.tally import Tally

SHOWN = 5  # places of each class on the page of all classes
METRICS = {
    "omzet": N_("Omzet"),
    "pieces": N_("Terjual"),
    "pnbp": N_("PNBP terhitung"),
    "sales": N_("Banyak nota"),
    "streak": N_("Hari berjualan berturut-turut"),
}
BASES = {
    "declared": N_("Dari angka yang dideklarasikan."),
    "verified": N_("Sementara: dari angka yang sudah diverifikasi; kampanye belum dideklarasikan."),
    "reported": N_("Sementara: dari angka yang dilaporkan kasir; belum ada yang diverifikasi."),
}


@dataclass(frozen=True)
class Place:
    """Units with the same value share a rank."""

    rank: int
    unit_id: int
    name: str
    kanwil: str
    value: int


@dataclass(frozen=True)
class Ranking:
    basis: str
    lists: dict[str, list[Place]]


def ranking(campaign: Campaign, metric: str, whole: Whole) -> Ranking:
    """One list per class of unit, the best first; only units with something to show stand in it."""
    basis = "declared" if whole.declaration else "verified" if any(row.verified for row in whole.rows) else "reported"
    by_class: dict[str, list[tuple[int, Standing]]] = defaultdict(list)
    running = _streaks(campaign, whole) if basis == "reported" and metric == "streak" else {}
    for row in whole.rows:
        source = getattr(row, basis)
        if source is None:
            continue
        value = running.get(row.unit_id, 0) if basis == "reported" and metric == "streak" else getattr(source, metric)
        if value > 0:
            by_class[row.unit_class].append((value, row))
    return Ranking(basis, {name: _ranked(found) for name, found in sorted(by_class.items())})


def _ranked(found: list[tuple[int, Standing]]) -> list[Place]:
    ordered = sorted(found, key=lambda pair: (-pair[0], pair[1].name))
    values = [value for value, _ in ordered]
    return [Place(values.index(value) + 1, row.unit_id, row.name, row.kanwil, value) for value, row in ordered]


def _streaks(campaign: Campaign, whole: Whole) -> dict[int, int]:
    """The most days in a row with a nota, of units that have reported."""
    sold = streaks.sold_by_unit(campaign, Cut())
    found = {}
    for row in whole.rows:
        tally = Tally({})
        tally.days = {day for day, on in sold.get(row.unit_id, {}).items() if on.sales}
        found[row.unit_id] = tally.streak
    return found


def shown(metric: str, value: int) -> str:
    """As people read it."""
    if metric in ("omzet", "pnbp"):
        return money.rupiah(value)
    return money.quantity_text(value) if metric == "pieces" else money.grouped(value)


def plain(metric: str, value: int) -> int | Decimal:
    """As a number of a spreadsheet."""
    return Decimal(value) / 1000 if metric == "pieces" else value

"""The mapping of produk unggulan: which UPT has named its one or two, which of them are made all the time, which hold
certificates. Read from the catalogue and the stock moves; nothing of it is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos import clock
from pos.catalog import certificates
from pos.catalog.featured import TARGET
from pos.catalog.models import Certificate, Price, Product
from pos.catalog.services import price_id_at
from pos.db import db, search_words
from pos.errors import N_
from pos.stock.models import StockMove
from pos.units.models import Unit
from pos.units.services import Person, within

MONTHS = 3  # full calendar months in each of which goods came from the workshop, to be made routinely
RECEIVED: Any = sa.literal_column("'receive'")  # written out: an index of these alone serves no parameter
SHOWN = {
    "belum": N_("Belum punya"),
    "satu": N_("Baru satu"),
    "dua": N_("Punya dua"),
    "lebih": N_("Lebih dari dua"),
    "tidak-rutin": N_("Tidak rutin"),
    "tanpa-sertifikat": N_("Tanpa sertifikat"),
}
SUM_ORDERS = {  # how the address names the columns of a `Sum`
    "kanwil": "name",
    "upt": "makers",
    "dua": "two",
    "satu": "one",
    "belum": "none",
    "lebih": "more",
    "rutin": "routine",
    "sertifikat": "certified",
    "capaian": "reached",
}


@dataclass(frozen=True)
class Featured:
    """A featured product: in which of the months it was received, and the certificates in force."""

    id: int
    name: str
    category: str
    workshop: str
    brand: str
    unit_of_measure: str
    photo: str
    price: int
    received: tuple[bool, ...]
    certificates: Sequence[Certificate]

    @property
    def is_routine(self) -> bool:
        return all(self.received)

    def number(self, kind: str) -> str:
        return next((entry.number for entry in self.certificates if entry.kind == kind), "")


@dataclass(frozen=True)
class Maker:
    """A UPT with its featured products."""

    id: int
    name: str
    kanwil_id: int
    kanwil: str
    products: Sequence[Featured]

    @property
    def count(self) -> int:
        return len(self.products)

    @property
    def is_routine(self) -> bool:
        """Has it any, and are all of them made routinely?"""
        return bool(self.products) and all(product.is_routine for product in self.products)

    @property
    def is_certified(self) -> bool:
        """Has it any, and does each hold a certificate?"""
        return bool(self.products) and all(product.certificates for product in self.products)

    def matches(self, shown: str) -> bool:
        """Does it belong to the part of the list called `shown`? Who has none is neither unroutine nor uncertified."""
        parts = {
            "belum": self.count == 0,
            "satu": self.count == 1,
            "dua": self.count == TARGET,
            "lebih": self.count > TARGET,
            "tidak-rutin": self.count > 0 and not self.is_routine,
            "tanpa-sertifikat": self.count > 0 and not self.is_certified,
        }
        return parts.get(shown, True)


@dataclass
class Sum:
    """How many of some UPT have how many; `id` and `name` of their Kanwil."""

    id: int = 0
    name: str = ""
    makers: int = 0
    none: int = 0
    one: int = 0
    two: int = 0
    more: int = 0
    routine: int = 0
    certified: int = 0

    @property
    def reached(self) -> float:
        """The part of the UPT that has two."""
        return self.two / self.makers if self.makers else 0

    def add(self, maker: Maker) -> None:
        self.makers += 1
        self.none += maker.count == 0
        self.one += maker.count == 1
        self.two += maker.count == TARGET
        self.more += maker.count > TARGET
        self.routine += maker.is_routine
        self.certified += maker.is_certified


@dataclass(frozen=True)
class Filters:
    """What the address asks for: a part of the list, a Kanwil, words, an order."""

    shown: str = ""
    kanwil: int = 0
    search: str = ""
    sort: str = "kanwil"


def months_before(today: date) -> list[date]:
    """The first days of the last `MONTHS` full calendar months, the earliest first."""
    count = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(count - MONTHS, count)]


def makers(person: Person, today: date) -> list[Maker]:
    """Every open UPT in the person's scope, by Kanwil and name, as it stands on `today`."""
    kanwil = aliased(Unit)
    query = (
        sa.select(Unit.id, Unit.name, Unit.zone, kanwil.id.label("kanwil_id"), kanwil.name.label("kanwil"))
        .join(kanwil, kanwil.id == Unit.parent_id)
        .where(Unit.level == "upt", Unit.active, within(person))
        .order_by(kanwil.name, Unit.name)
    )
    units = db.session.execute(query).all()
    products = _featured(person, today, {unit.id: unit.zone for unit in units})
    return [Maker(unit.id, unit.name, unit.kanwil_id, unit.kanwil, products.get(unit.id, [])) for unit in units]


def narrowed(found: Iterable[Maker], filters: Filters) -> list[Maker]:
    words = search_words(filters.search)
    rows = [
        maker
        for maker in found
        if maker.matches(filters.shown)
        and (not filters.kanwil or maker.kanwil_id == filters.kanwil)
        and all(word in _text(maker) for word in words)
    ]
    keys: dict[str, Any] = {
        "upt": lambda maker: maker.name,
        "jumlah": lambda maker: maker.count,
        "rutin": lambda maker: sum(sum(product.received) for product in maker.products),
        "sertifikat": lambda maker: sum(len(product.certificates) for product in maker.products),
    }
    key = keys.get(filters.sort.lstrip("-"))
    if key:
        rows.sort(key=key)
    return rows[::-1] if filters.sort.startswith("-") else rows


def by_kanwil(found: Iterable[Maker], sort: str = "kanwil") -> list[Sum]:
    """The sums of each Kanwil in the order of one of `SUM_ORDERS`; equals by name."""
    sums: dict[int, Sum] = {}
    for maker in found:
        sums.setdefault(maker.kanwil_id, Sum(maker.kanwil_id, maker.kanwil)).add(maker)
    rows = sorted(sums.values(), key=lambda one: one.name)
    column = SUM_ORDERS.get(sort.lstrip("-"), "name")
    return sorted(rows, key=lambda one: getattr(one, column), reverse=sort.startswith("-"))


def total(found: Iterable[Maker]) -> Sum:
    all_of = Sum()
    for maker in found:
        all_of.add(maker)
    return all_of


def _text(maker: Maker) -> str:
    return " ".join((maker.name, maker.kanwil, *(product.name for product in maker.products))).lower()


def _featured(person: Person, today: date, zones: dict[int, str]) -> dict[int, list[Featured]]:
    """The featured products on sale of the UPT with these `zones`, by UPT."""
    query = (
        sa.select(Product, Price.amount)
        .join(Price, Price.id == price_id_at(clock.now()))
        .join(Unit, Unit.id == Product.maker_id)
        .where(Product.featured, Product.active, within(person))
        .order_by(Product.id)
    )
    rows = [row for row in db.session.execute(query) if row.Product.maker_id in zones]
    held = certificates.in_force([row.Product.id for row in rows], today)
    received = _received(person, today, set(zones.values()))
    found: dict[int, list[Featured]] = {}
    for product, price in rows:
        months = tuple(product.id in month for month in received[zones[product.maker_id]])
        texts = (product.name, product.category, product.workshop, product.brand, product.unit_of_measure)
        one = Featured(product.id, *texts, product.photo, price, months, held.get(product.id, []))
        found.setdefault(product.maker_id, []).append(one)
    return found


def _received(person: Person, today: date, zones: Iterable[str]) -> dict[str, list[set[int]]]:
    """For each zone and month the featured products of its UPT of which more came in than was taken back."""
    firsts = [*months_before(today), today.replace(day=1)]
    found: dict[str, list[set[int]]] = {}
    for zone in zones:
        mine = (
            sa.select(Product.id).join(Unit).where(Product.featured, Product.active, Unit.zone == zone, within(person))
        )
        turns = [datetime.combine(first, time(), clock.ZONES[zone]) for first in firsts]
        for start, end in zip(turns, turns[1:], strict=False):
            query = (
                sa.select(StockMove.product_id)
                .where(StockMove.reason == RECEIVED, StockMove.at >= start, StockMove.at < end)
                .where(StockMove.product_id.in_(mine))
                .group_by(StockMove.product_id)
                .having(sa.func.sum(StockMove.quantity) > 0)
            )
            found.setdefault(zone, []).append(set(db.session.scalars(query)))
    return found

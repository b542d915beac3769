"""Labels to print again: those whose name or price is no longer what the shelf's labels say."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.catalog import services
from pos.catalog.models import LabelPrint, Price, Product
from pos.db import atomic, db
from pos.units.models import Unit
from pos.units.services import Person


@dataclass(frozen=True)
class Waiting:
    """A product whose labels are wrong, or will be from `due_at` on (then `due_at` lies ahead)."""

    product_id: int
    name: str
    maker: str
    category: str
    zone: str  # of the maker, whose days prices follow
    printed_name: str
    printed_amount: int  # rupiah
    amount: int  # rupiah, from `due_at` on
    due_at: datetime
    copies: int  # as many as the last time

    @property
    def ahead(self) -> bool:
        return self.due_at > clock.now()

    @property
    def key(self) -> str:
        """Which row it is: a product may wait twice, for today's price and for a later one."""
        return f"{self.product_id}-{self.since or ''}"

    @property
    def since(self) -> date | None:
        """The day from which the labels to print are right; None when that is at once."""
        return clock.day_of(self.due_at, self.zone) if self.ahead else None


def queue(person: Person) -> list[Waiting]:
    """Products on sale in the person's scope with labels that are wrong, or will be, the first due first.

    Derived: a product waits where what its labels say is not its name or price. Labels made ahead for a later price
    are those that hang from that day on; until then the ones before them do.
    """
    now = clock.now()
    rows = list(db.session.execute(_prints(person, now)))
    prices: dict[int, list[Price]] = {}
    of_these = Price.product_id.in_(sa.select(LabelPrint.product_id))
    for price in db.session.scalars(sa.select(Price).where(of_these).order_by(Price.from_at, Price.id)):
        prices.setdefault(price.product_id, []).append(price)
    found = []
    for product_id, group in itertools.groupby(rows, key=lambda row: row.LabelPrint.product_id):
        of_one = list(group)
        about, labels = of_one[0], [row.LabelPrint for row in of_one]
        found += [
            Waiting(
                product_id,
                about.name,
                about.maker,
                about.category,
                about.zone,
                label.name,
                label.amount,
                price.amount,
                due_at,
                label.copies,
            )
            for label, price, due_at in _wrong(labels, about.name, prices.get(product_id, []), now)
        ]
    return sorted(found, key=lambda row: (row.due_at, row.name.casefold(), row.product_id))


def _prints(person: Person, now: datetime) -> Any:
    """Of each product in scope the labels that hang now, and those made ahead, in the order of their days."""
    newest = (LabelPrint.shows_at.desc(), LabelPrint.id.desc())
    nth = sa.func.row_number().over(partition_by=LabelPrint.product_id, order_by=newest).label("nth")
    past = sa.select(LabelPrint.id, nth).where(LabelPrint.shows_at <= now).subquery()
    hanging = sa.select(past.c.id).where(past.c.nth == 1)
    return (
        sa.select(LabelPrint, Product.name, Product.category, Unit.name.label("maker"), Unit.zone)
        .join(Product, Product.id == LabelPrint.product_id)
        .join(Unit, Unit.id == Product.maker_id)
        .where(LabelPrint.id.in_(hanging) | (LabelPrint.shows_at > now), services.may_edit(person), Product.active)
        .order_by(LabelPrint.product_id, LabelPrint.shows_at, LabelPrint.id)
    )


def _wrong(
    labels: list[LabelPrint], name: str, prices: list[Price], now: datetime
) -> Iterator[tuple[LabelPrint, Price, datetime]]:
    """The label that is wrong now, the price it should show and since when; then the first that will be."""
    current = labels[0] if labels[0].shows_at <= now else None
    price = services.price_at(prices, now)
    if current and price and current.amount != price.amount:
        yield current, price, price.from_at
    elif current and price and current.name != name:
        yield current, price, now
    for instant in sorted({p.from_at for p in prices} | {label.shows_at for label in labels}):
        price = services.price_at(prices, instant)
        label = next((label for label in reversed(labels) if label.shows_at <= instant), None)
        if instant <= now or label is None or price is None:
            continue
        if label.amount != price.amount or (label is not current and label.name != name):
            yield label, price, instant
            break


def printed(person: Person, copies: Mapping[int, int], shows_at: datetime | None = None) -> None:
    """Note that labels were made: how many of each product (by id), with their price at `shows_at` (now when None).

    Of products outside the person's scope nothing is noted: their labels are their maker's to keep.
    """
    now = clock.now()
    instant = max(shows_at or now, now)
    wanted = {product_id: count for product_id, count in copies.items() if count > 0}
    with atomic() as session:
        query = (
            sa.select(Product.id, Product.name, Price.amount)
            .join(Price, Price.id == services.price_id_at(instant))
            .where(Product.id.in_(wanted), services.may_edit(person))
        )
        for row in db.session.execute(query):
            label = LabelPrint(product_id=row.id, name=row.name, amount=row.amount, copies=wanted[row.id])
            label.shows_at, label.user_id, label.at = instant, person.id, now
            session.add(label)

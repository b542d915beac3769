"""Labels to print again: those whose name or price is no longer what the shelf's labels say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
    printed_name: str
    printed_amount: int  # rupiah
    amount: int  # rupiah, from `due_at` on
    due_at: datetime
    printed_at: datetime
    copies: int  # as many as the last time

    @property
    def ahead(self) -> bool:
        return self.due_at > clock.now()


def waiting(person: Person) -> list[Waiting]:
    """Products on sale in the person's scope whose labels are wrong now, the longest wrong first."""
    return [row for row in queue(person) if not row.ahead]


def queue(person: Person) -> list[Waiting]:
    """Products on sale in the person's scope with labels that are wrong, or will be, the first due first.

    Derived: a product waits where what its last printed label says is not its name, or its price at the instant that
    label was made for; and where a price set for later is another one.
    """
    now = clock.now()
    last = sa.select(sa.func.max(LabelPrint.id)).group_by(LabelPrint.product_id)
    query = (
        sa.select(LabelPrint, Product.name, Product.category, Unit.name.label("maker"))
        .join(Product, Product.id == LabelPrint.product_id)
        .join(Unit, Unit.id == Product.maker_id)
        .where(LabelPrint.id.in_(last), services.may_edit(person), Product.active)
    )
    rows = list(db.session.execute(query))
    prices: dict[int, list[Price]] = {}
    of_these = Price.product_id.in_(sa.select(LabelPrint.product_id))
    for price in db.session.scalars(sa.select(Price).where(of_these).order_by(Price.from_at, Price.id)):
        prices.setdefault(price.product_id, []).append(price)
    found = [
        Waiting(
            row.LabelPrint.product_id,
            row.name,
            row.maker,
            row.category,
            row.LabelPrint.name,
            row.LabelPrint.amount,
            price.amount,
            due_at,
            row.LabelPrint.at,
            row.LabelPrint.copies,
        )
        for row in rows
        for price, due_at in _wrong(row.LabelPrint, row.name, prices.get(row.LabelPrint.product_id, []), now)
    ]
    return sorted(found, key=lambda row: (row.due_at, row.name.casefold(), row.product_id))


def _wrong(label: LabelPrint, name: str, prices: list[Price], now: datetime) -> list[tuple[Price, datetime]]:
    """The price that the label should show and from when, where that is not what it says: none or one."""
    shown_at = max(now, label.shows_at)
    current = services.price_at(prices, shown_at)
    if current is None:
        return []
    if label.amount != current.amount:
        return [(current, max(current.from_at, label.shows_at) if shown_at > now else current.from_at)]
    if label.name != name:
        return [(current, now)]
    later = next((price for price in prices if price.from_at > shown_at and price.amount != label.amount), None)
    return [(later, later.from_at)] if later else []


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

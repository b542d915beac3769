"""One change to many products: what it would make of each, then all of it in one commit."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from pos import clock, money
from pos.catalog import listing, pricing, services
from pos.catalog.editing import usual_category
from pos.catalog.featured import TARGET
from pos.catalog.listing import Filters
from pos.catalog.models import MAX_PRICE, Price, Product
from pos.catalog.pricing import More, Step
from pos.db import atomic, db
from pos.errors import N_, Conflict, PosError, Sentence
from pos.units import services as units
from pos.units.services import Person

MOST = 20_000  # products at once
AT_ONCE = 500  # values in one IN list
TEXTS = ("category", "brand", "workshop")
ACTS = (*TEXTS, "price", "feature", "unfeature", "archive", "restore")


class Moved(Conflict):
    code = "products_changed"


@dataclass(frozen=True)
class Change:
    """What is asked for: one of `ACTS`, and the text or the step of prices (from `starts` on) that belong to it."""

    act: str
    text: str = ""
    step: Step = Step()
    starts: date | None = None


@dataclass
class Row:
    """A product and what becomes of it: `before` and `after` are texts, truths or prices; with a `problem` nothing."""

    product: Product
    before: Any = None
    after: Any = None
    more: More = field(default_factory=More)
    more_before: More = field(default_factory=More)
    problem: Sentence | None = None
    note: str = ""

    @property
    def status(self) -> str:
        if self.problem:
            return "wrong"
        return "same" if (self.before, self.more_before) == (self.after, self.more) else "changed"


def chosen(person: Person, filters: Filters, ids: Sequence[int] | None) -> list[Product]:
    """The products with these ids, or (None) all that the list shows with `filters`, of those the person may edit."""
    if ids is None:
        ids = [row.id for row in listing.every(person, filters) if row.mine]
    if len(ids) > MOST:
        raise PosError("Lebih dari %(most)s produk. Saring dahulu.", most=money.grouped(MOST))
    query = (
        sa.select(Product)
        .where(services.may_edit(person))
        .options(joinedload(Product.maker), selectinload(Product.prices))
        .execution_options(populate_existing=True)
    )
    parts = (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
    found = {row.id: row for part in parts for row in db.session.scalars(query.where(Product.id.in_(part)))}
    return [found[product_id] for product_id in dict.fromkeys(ids) if product_id in found]


def plan(products: Sequence[Product], change: Change) -> list[Row]:
    """What the change would make of each product."""
    if change.act in TEXTS:
        text = usual_category(change.text) if change.act == "category" else change.text
        return [Row(product, getattr(product, change.act), text) for product in products]
    if change.act == "price":
        now = clock.now()
        return [_repriced(product, change, now) for product in products]
    if change.act in ("archive", "restore"):
        return [Row(product, product.active, change.act == "restore") for product in products]
    rows = [Row(product, product.featured, change.act == "feature") for product in products]
    return _within_target(rows) if change.act == "feature" else rows


def counts(rows: Sequence[Row]) -> dict[str, int]:
    found = Counter(row.status for row in rows)
    return {status: found[status] for status in ("changed", "same", "wrong")}


def fingerprint(rows: Sequence[Row], change: Change) -> str:
    """The same for the same change doing the same things."""
    acts = [(row.product.id, row.before, row.after, row.more_before, row.more, row.status) for row in rows]
    return hashlib.sha256(repr((change, acts)).encode()).hexdigest()


def apply(person: Person, filters: Filters, ids: Sequence[int] | None, change: Change, shown: str) -> dict[str, int]:
    """Do what was shown (its fingerprint is `shown`), all of it in one commit; what had a problem stays as it is."""
    with atomic():
        services.hold()
        rows = plan(chosen(person, filters, ids), change)
        if fingerprint(rows, change) != shown:
            raise Moved("Produk berubah sejak pratinjau ini dibuat. Periksa lagi lalu simpan.")
        changed = [row for row in rows if row.status == "changed"]
        if changed:
            _write(person, changed, change)
    return counts(rows)


def _write(person: Person, rows: Sequence[Row], change: Change) -> None:
    now = clock.now()
    version = services.next_version(now)
    for row in rows:
        row.product.version = version
        if change.act == "price":
            price = Price(product_id=row.product.id, amount=row.after, user_id=person.id, **vars(row.more))
            price.from_at = pricing.start_of(change.starts, row.product.maker.zone) or now
            price.cost = _in_force(row.product, price.from_at).cost
            db.session.add(price)
        elif change.act in TEXTS:
            setattr(row.product, change.act, row.after)
        elif change.act in ("archive", "restore"):
            row.product.active = row.after
        else:
            row.product.featured = row.after
    if change.act == "restore":
        _unfeature_surplus(rows)
    units.log(
        "products.bulk",
        change.act,
        person,
        version=version,
        from_day=change.starts.isoformat() if change.starts else None,
        changes={str(row.product.id): [row.before, row.after] for row in rows},
    )


# -- prices --------------------------------------------------------------------------------------------


def _in_force(product: Product, instant: datetime) -> Price:
    return services.price_at(product.prices, instant) or product.prices[0]


def _repriced(product: Product, change: Change, now: datetime) -> Row:
    starts = pricing.start_of(change.starts, product.maker.zone)
    current = _in_force(product, starts or now)
    after, more = change.step.of(current.amount), change.step.more(current)
    row = Row(product, current.amount, after, more, More.of(current))
    if starts and starts <= now:
        row.problem = Sentence(N_("Tanggal ini sudah lewat."))
    elif not 0 < after <= MAX_PRICE or (more.inside is not None and not 0 <= more.inside <= MAX_PRICE):
        row.problem = Sentence(N_("harganya menjadi nol, kurang dari nol, atau terlalu besar"))
    elif more.wholesale is not None and more.wholesale < 0:
        row.problem = Sentence(N_("harga grosirnya menjadi kurang dari nol"))
    elif wrong := pricing.problems(after, more, product.unit_of_measure):
        row.problem = Sentence(next(iter(wrong.values())))
    elif any(price.from_at > (starts or now) for price in product.prices):
        row.note = N_("sesudahnya sudah ada harga terjadwal")
    return row


# -- featured ------------------------------------------------------------------------------------------


def _featured_now(makers: set[int]) -> Counter[int]:
    query = sa.select(Product.maker_id, sa.func.count()).where(Product.featured, Product.active)
    return Counter(
        {maker: count for maker, count in db.session.execute(query.group_by(Product.maker_id)) if maker in makers}
    )


def _within_target(rows: list[Row]) -> list[Row]:
    """Refuse what would be a third featured product of its UPT."""
    count = _featured_now({row.product.maker_id for row in rows})
    for row in rows:
        if row.before or not row.product.active:
            continue
        if count[row.product.maker_id] >= TARGET:
            row.problem = Sentence(N_("UPT ini sudah punya dua produk unggulan"))
        count[row.product.maker_id] += 1
    return rows


def _unfeature_surplus(rows: Sequence[Row]) -> None:
    """Of products that came back, those that would be a third featured one come back as usual ones."""
    db.session.flush()
    count = _featured_now({row.product.maker_id for row in rows})
    for row in reversed(rows):
        if row.product.featured and count[row.product.maker_id] > TARGET:
            row.product.featured = False
            count[row.product.maker_id] -= 1

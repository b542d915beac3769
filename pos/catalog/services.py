"""The catalogue: what a barcode means now, and the only functions that change it."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pos import clock
from pos.catalog.models import Barcode, CatalogState, Price, Product
from pos.catalog.pricing import More, lowest
from pos.db import atomic, db
from pos.errors import NotFound, PosError
from pos.units import services as units
from pos.units.models import Unit
from pos.units.services import Person

OWN_PER_UNIT = 10_000


# -- barcodes ------------------------------------------------------------------------------------------


def check_digit(digits: str) -> str:
    """The GS1 modulo-10 check digit for `digits` (EAN-13, EAN-8, UPC-A, and our own codes)."""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def has_valid_check_digit(code: str) -> bool:
    return check_digit(code[:-1]) == code[-1]


def own_code(unit: Unit) -> str:
    return own_codes(unit, 1)[0]


def own_codes(unit: Unit, count: int, besides: Iterable[str] = ()) -> list[str]:
    """The next free codes of a UPT: its number (100-899), four counted digits, a check digit.

    Counted, never random, and under the unit's own number, so that galleries that cannot reach each other
    never give the same code twice. The lowest free ones: a factory's EAN-8 that happens to lie among them, a high
    code that a list brought, and those `besides` are stepped over.
    """
    if unit.number is None:
        raise PosError("Hanya UPT yang membuat produk; %(name)s bukan UPT.", name=unit.name)
    prefix = str(unit.number)
    under = sa.select(Barcode.code).where(Barcode.code.startswith(prefix), sa.func.length(Barcode.code) == 8)
    taken = {code[:7] for code in (*db.session.scalars(under), *besides)}
    bodies = (body for number in range(OWN_PER_UNIT) if (body := f"{prefix}{number:04d}") not in taken)
    free = [body + check_digit(body) for body in islice(bodies, count)]
    if len(free) < count:
        raise PosError("Kode produk %(name)s sudah habis.", name=unit.name)
    return free


# -- reading -------------------------------------------------------------------------------------------


def may_edit(person: Person) -> Any:
    """Condition on `Product`: made by a unit in the person's scope."""
    return Product.maker_id.in_(units.unit_ids(person))


def product_for(person: Person, product_id: int) -> Product:
    """A product whose maker is in the person's scope (to edit it), or `NotFound`."""
    product = db.session.scalar(sa.select(Product).where(Product.id == product_id, may_edit(person)))
    if product is None:
        raise NotFound("Produk ini tidak ada atau di luar wewenang Anda.")
    return product


def mine(person: Person, product: Product) -> bool:
    """May the person edit this product?"""
    return product.maker.path.startswith(person.path)


def any_product(product_id: int) -> Product:
    """A product of any maker: every gallery may sell it, so its shelf is open to every seller."""
    product = db.session.get(Product, product_id)
    if product is None:
        raise NotFound("Produk ini tidak ada.")
    return product


def price_at(prices: Iterable[Any], instant: datetime) -> Any | None:
    """The last of `prices` (in the order of `from_at`, then as entered) that is in force at `instant`."""
    return next((p for p in reversed(list(prices)) if p.from_at <= instant), None)


def price_id_at(instant: datetime) -> Any:
    """Expression for the id of the `Product`'s price in force at `instant`; before the first one, the first."""
    ids = sa.select(Price.id).where(Price.product_id == Product.id).limit(1).correlate(Product)
    current = ids.where(Price.from_at <= instant).order_by(Price.from_at.desc(), Price.id.desc()).scalar_subquery()
    return sa.func.coalesce(current, ids.order_by(Price.from_at, Price.id).scalar_subquery())


@dataclass(frozen=True)
class PriceFrom:
    from_at: datetime
    amount: int
    cost: int
    more: More = More()

    def for_line(self, quantity: int, buyer: str) -> tuple[int, str]:
        """What this quantity is sold for to this buyer, and which of the prices that is."""
        return lowest(self.amount, self.more, quantity, buyer)

    def for_register(self) -> dict[str, int]:
        more = {name: amount for name, amount in vars(self.more).items() if amount is not None}
        return {"price": self.amount} | more


@dataclass(frozen=True)
class Item:
    """A product as the checkout needs it, plain values."""

    id: int
    name: str
    category: str
    workshop: str
    unit_of_measure: str
    maker_id: int
    maker_name: str
    maker_path: str
    wbp_made: bool
    featured: bool
    service: bool
    one_of_a_kind: bool
    made_to_order: bool
    auction: bool
    active: bool
    photo: str
    version: int
    barcodes: tuple[str, ...]
    prices: tuple[PriceFrom, ...]

    def price(self, instant: datetime) -> PriceFrom:
        """In force at `instant`; before the first price, the first."""
        return price_at(self.prices, instant) or self.prices[0]


@dataclass
class Snapshot:
    """Every product by id and by barcode, as of one version of the catalogue and the tree."""

    version: int = 0
    tree_version: int = -1
    by_id: dict[int, Item] = field(default_factory=dict)
    by_code: dict[str, Item] = field(default_factory=dict)


_snapshots: dict[int, Snapshot] = {}
_loading = threading.Lock()


def snapshot(connection: Connection, version: int, tree_version: int) -> Snapshot:
    """The catalogue at `version`, remembered in this process; only what changed since is read.

    Where the remembered one is newer, an older database was put under this process: all of it is read again.
    """
    known = _snapshots.get(id(connection.engine))
    if known and known.version == version and known.tree_version == tree_version:
        return known
    with _loading:
        known = _snapshots.get(id(connection.engine), Snapshot())
        if known.version != version or known.tree_version != tree_version:
            since = known.version if known.tree_version == tree_version and known.version < version else 0
            fresh = items(connection, since)
            if since == 0:
                known = Snapshot()
            by_id = known.by_id | {item.id: item for item in fresh}
            by_code = known.by_code | {code: item for item in fresh for code in item.barcodes}
            known = _snapshots[id(connection.engine)] = Snapshot(version, tree_version, by_id, by_code)
    return known


def forget_snapshot() -> None:
    """Drop what this process remembers (a database was replaced under it)."""
    _snapshots.pop(id(db.engine), None)


_COLUMNS = (
    Product.id,
    Product.name,
    Product.category,
    Product.workshop,
    Product.unit_of_measure,
    Product.maker_id,
    Unit.name.label("maker_name"),
    Unit.path.label("maker_path"),
    Product.wbp_made,
    Product.featured,
    Product.service,
    Product.one_of_a_kind,
    Product.made_to_order,
    Product.auction,
    Product.active,
    Product.photo,
    Product.version,
)


def items(connection: Connection, since: int = 0) -> list[Item]:
    """Every product that changed after version `since`, archived ones too."""
    changed = Product.version > since
    prices: dict[int, list[PriceFrom]] = {}
    for row in connection.execute(
        sa.select(Price.__table__).join(Product).where(changed).order_by(Price.product_id, Price.from_at, Price.id)
    ):
        prices.setdefault(row.product_id, []).append(PriceFrom(row.from_at, row.amount, row.cost, More.of(row)))
    codes: dict[int, list[str]] = {}
    for product_id, code in connection.execute(
        sa.select(Barcode.product_id, Barcode.code).join(Product).where(changed).order_by(Barcode.id)
    ):
        codes.setdefault(product_id, []).append(code)
    rows = connection.execute(
        sa.select(*_COLUMNS).join(Unit, Unit.id == Product.maker_id).where(changed).order_by(Product.id)
    )
    return [
        Item(**row._mapping, barcodes=tuple(codes.get(row.id, ())), prices=tuple(prices.get(row.id, ())))
        for row in rows
    ]


def current_version() -> int:
    return db.session.scalar(sa.select(CatalogState.version)) or 0


def change_set(connection: Connection, since: int, now: datetime) -> dict[str, Any]:
    """What changed in the catalogue after version `since`, for a register: whole products and removed ids.

    `price` is the one in force at `now`; `next_prices` are those already set for later, so that a register
    without a connection changes its price at the right moment.
    """
    version = connection.scalar(sa.select(CatalogState.version)) or 0
    changed = items(connection, since)
    return {
        "version": version,
        "products": [_for_register(item, now) for item in changed if item.active],
        "removed": [item.id for item in changed if not item.active] if since else [],
    }


def _for_register(item: Item, now: datetime) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "maker": item.maker_name,
        "category": item.category,
        **item.price(now).for_register(),
        "next_prices": [{"from_at": p.from_at.isoformat()} | p.for_register() for p in item.prices if p.from_at > now],
        "unit_of_measure": item.unit_of_measure,
        "wbp_made": item.wbp_made,
        "featured": item.featured,
        "service": item.service,
        "one_of_a_kind": item.one_of_a_kind,
        "made_to_order": item.made_to_order,
        "auction": item.auction,
        "photo": item.photo,
        "barcodes": list(item.barcodes),
    }


def announce_due_prices(now: datetime) -> None:
    """Give a version to prices that were set for later and have come into force by `now`.

    Their hour is a change of the catalogue like any other: who asks for what changed must hear of it. Writes
    only when there is one.
    """
    due = sa.select(Price.id).join(CatalogState, Price.from_at > CatalogState.announced_at).where(Price.from_at <= now)
    if db.session.scalar(due.limit(1)):
        with atomic():
            next_version(now)


# -- changing (inside atomic()) ------------------------------------------------------------------------


def hold() -> None:
    """Let nobody else change the catalogue until the commit: what is looked up first is still so when written."""
    db.session.scalar(sa.select(CatalogState.version).with_for_update())


def next_version(now: datetime | None = None) -> int:
    """Take the next catalogue version; holds its row until the commit, so versions appear in order.

    Products whose price has come into force since the last version change with it.
    """
    now = now or clock.now()
    state = db.session.scalar(sa.select(CatalogState).with_for_update().execution_options(populate_existing=True))
    if state is None:
        state = CatalogState(id=1, version=0, announced_at=now)
        db.session.add(state)
    state.version += 1
    due = sa.select(Price.product_id).where(Price.from_at > state.announced_at, Price.from_at <= now)
    db.session.execute(sa.update(Product).where(Product.id.in_(due)).values(version=state.version))
    state.announced_at = max(now, state.announced_at)
    db.session.flush()
    return state.version


def add_product(
    maker: Unit,
    name: str,
    category: str,
    price: int,
    *,
    cost: int = 0,
    by: Person | None = None,
    barcode: tuple[str, str] | None = None,
    from_at: datetime | None = None,
    version: int | None = None,
    **details: Any,
) -> Product:
    """A new product with its first price and a barcode: `(code, symbology)` or the maker's next own code.

    Call inside `atomic()`; `version` when several products enter the catalogue together.
    """
    from_at = from_at or clock.now()
    product = Product(maker_id=maker.id, name=name, category=category, version=version or next_version(), **details)
    code, symbology = barcode or (own_code(maker), "own")
    product.barcodes.append(Barcode(code=code, symbology=symbology))
    product.prices.append(Price(from_at=from_at, amount=price, cost=cost, user_id=by.id if by else None))
    db.session.add(product)
    db.session.flush()
    return product

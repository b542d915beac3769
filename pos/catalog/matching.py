"""Which product each row of a list means: by barcode, else by maker and name, and by price among variants."""

import difflib
from collections import Counter
from typing import Any

import sqlalchemy as sa

from pos import clock, money
from pos.catalog import pricing, reading
from pos.catalog.editing import twins
from pos.catalog.featured import TARGET
from pos.catalog.models import Barcode, Price, Product
from pos.catalog.rows import EMPTIED, FLAGS, TEXTS, KnownProduct, RowPlan, unquoted
from pos.catalog.services import price_id_at
from pos.db import db
from pos.errors import N_
from pos.units.models import Unit

AT_ONCE = 500  # values in one IN list
COMPARED = ("category", "unit_of_measure", *TEXTS, *FLAGS)
ALIKE = 0.6  # how much of a name stays when it is only reworded


class Known:
    """The products that the rows could mean, read in a few queries."""

    def __init__(self, rows: list[RowPlan]) -> None:
        codes = {twin for row in rows if row.values.get("barcode") for twin in twins(row.values["barcode"].code)}
        self.owner: dict[str, int] = {}
        for code, product_id in _in_parts(sa.select(Barcode.code, Barcode.product_id), Barcode.code, codes):
            self.owner[code] = product_id
        makers = {row.unit_id for row in rows if row.unit_id}
        self.by_id: dict[int, KnownProduct] = {}
        query = _products(clock.now())
        for column, wanted in ((Product.maker_id, makers), (Product.id, set(self.owner.values()))):
            for found in _in_parts(query, column, wanted):
                self.by_id.setdefault(found.id, KnownProduct(**found._mapping))
        for code, product_id in _in_parts(
            sa.select(Barcode.code, Barcode.product_id).join(Product), Product.maker_id, makers
        ):
            self.by_id[product_id].codes.add(code)
        self.by_place: dict[tuple[int | None, str], list[KnownProduct]] = {}
        for product in self.by_id.values():
            self.by_place.setdefault((product.maker_id, product.name.casefold()), []).append(product)

    def owner_of(self, code: str) -> KnownProduct | None:
        return next((self.by_id[self.owner[twin]] for twin in twins(code) if twin in self.owner), None)

    def maker_name(self, product: KnownProduct) -> str:
        return db.session.scalar(sa.select(Unit.name).where(Unit.id == product.maker_id)) or ""


def _products(now: Any) -> Any:
    """Every product with the price in force now (before its first price: the first)."""
    return sa.select(
        Product.id,
        Product.maker_id,
        Product.name,
        Product.category,
        Product.unit_of_measure,
        Product.featured,
        Product.wbp_made,
        Product.active,
        *(getattr(Product, name) for name in (*TEXTS, *FLAGS[2:])),
        Price.amount.label("price"),
        Price.cost,
        Price.wholesale,
        Price.wholesale_from,
        Price.inside,
    ).join(Price, Price.id == price_id_at(now))


def _in_parts(query: Any, column: Any, wanted: set[Any]) -> Any:
    values = list(wanted)
    for start in range(0, len(values), AT_ONCE):
        yield from db.session.execute(query.where(column.in_(values[start : start + AT_ONCE])))


def is_own(code: str, unit_number: int | None) -> bool:
    """Is this a code of ours, from the range of the UPT with this number?"""
    return len(code) == 8 and code.isdigit() and code[:3] == str(unit_number)


def match(rows: list[RowPlan], known: Known) -> None:
    """Give each readable row its product and its changes, or name what is wrong with it."""
    _refuse_repeats(rows)
    groups: dict[Any, list[RowPlan]] = {}
    for row in rows:
        if not row.wrong:
            groups.setdefault(row.place, []).append(row)
    taken: dict[int, RowPlan] = {}
    for row in rows:
        if not row.wrong:
            _by_barcode(row, known, taken)
    for place, group in groups.items():
        _name_variants(group)
        _by_name(group, [p for p in known.by_place.get(place, []) if p.id not in taken], taken)
    for row in rows:
        if not row.wrong:
            _compare(row)
    _count_featured(rows, known)


def _count_featured(rows: list[RowPlan], known: Known) -> None:
    """Say where a UPT would have more featured products than it should name."""
    featured = {product.id: product.maker_id for product in known.by_id.values() if product.featured and product.active}
    made: dict[int, list[RowPlan]] = {}
    for row in rows:
        if row.wrong or (row.known and not row.known.active) or "featured" not in row.values:
            continue
        if not row.values["featured"]:
            featured.pop(row.product_id or 0, None)
        elif row.product_id not in featured:
            made.setdefault(row.unit_id or 0, []).append(row)
    before = Counter(featured.values())
    for unit_id, new in made.items():
        for row in new[max(0, TARGET - before[unit_id]) :]:
            row.warn(N_("UPT ini akan punya lebih dari dua produk unggulan"))


def _refuse_repeats(rows: list[RowPlan]) -> None:
    """The same product and price twice, unless barcodes tell them apart; the same barcode twice, always."""
    codes: dict[str, int] = {}
    goods: dict[Any, list[RowPlan]] = {}
    for row in rows:
        code = row.values.get("barcode")
        spellings = twins(code.code) if code else ()
        first = next((codes[twin] for twin in spellings if twin in codes), None)
        if first:
            row.refuse("barcode", N_("sudah dipakai di baris %(first)d"), first=first)
        codes |= dict.fromkeys(spellings, first or row.number)
        if row.unit_id is None or "product" not in row.values or "price" not in row.values:
            continue
        same = goods.setdefault((row.place, row.values["price"]), [])
        twin_row = next((other for other in same if not (code and other.values.get("barcode"))), None)
        if twin_row:
            text = N_("sama dengan baris %(first)d: UPT, produk dan harga berulang")
            row.refuse("product", text, first=twin_row.number)
        same.append(row)


def _by_barcode(row: RowPlan, known: Known, taken: dict[int, RowPlan]) -> None:
    code = row.values.get("barcode")
    owner = known.owner_of(code.code) if code else None
    if owner is None:
        return
    if owner.maker_id != row.unit_id or not _renamed(owner, row, known):
        text = N_("milik produk lain: %(name)s (%(maker)s)")
        if owner.maker_id == row.unit_id:
            text = N_("milik produk lain: %(name)s (%(maker)s). Nama yang jauh berbeda diganti di halaman produknya")
        row.refuse("barcode", text, name=owner.name, maker=known.maker_name(owner))
    elif owner.id in taken:
        row.refuse("barcode", N_("produknya sudah disebut di baris %(first)d"), first=taken[owner.id].number)
    else:
        row.known, taken[owner.id] = owner, row


def _renamed(owner: KnownProduct, row: RowPlan, known: Known) -> bool:
    """Is the row's name the owner's, or a new name for it? One of another product, or quite unlike, is not."""
    old, new = owner.name.casefold(), row.values["product"].casefold()
    if old == new:
        return True
    alike = difflib.SequenceMatcher(None, old, new).ratio() >= ALIKE
    return alike and not any(product.active for product in known.by_place.get(row.place, []))


def _name_variants(group: list[RowPlan]) -> None:
    """Say where one name stands for several products."""
    for i, row in enumerate(group):
        others = [
            str(other.number) for other in group[:i] if not ("barcode" in other.values and "barcode" in row.values)
        ]
        if others:
            text = N_("%(name)s sudah ada di baris %(first)s dengan harga lain; dianggap produk yang berbeda")
            row.warn(text, name=row.values["product"], first=", ".join(others))


def _by_name(group: list[RowPlan], candidates: list[KnownProduct], taken: dict[int, RowPlan]) -> None:
    waiting = [row for row in group if row.known is None and not row.wrong]
    if len(waiting) == 1 and len(candidates) == 1 and len(group) == 1:
        _take(waiting[0], candidates[0], taken)
        return
    left = sorted(candidates, key=lambda product: (not product.active, product.id))
    for row in list(waiting):
        same = next((product for product in left if product.price == row.values["price"]), None)
        if same:
            left.remove(same)
            waiting.remove(row)
            _take(row, same, taken)
    prices = ", ".join(money.rupiah(product.price) for product in left if product.active)
    for row in waiting if prices else []:
        text = N_("belum jelas produk mana yang dimaksud: sudah ada yang bernama sama (%(prices)s); isi kolom barcode")
        row.refuse("product", text, prices=prices)


def _take(row: RowPlan, product: KnownProduct, taken: dict[int, RowPlan]) -> None:
    row.known, taken[product.id] = product, row


def _compare(row: RowPlan) -> None:
    """What of the product the row would change; cells left blank change nothing."""
    if row.known is None:
        _decide(row)
        return
    if not row.known.active:
        row.warn(N_("%(name)s sudah diarsipkan dan tidak diubah"), name=row.known.name)
        return
    wanted = {"name": row.values["product"]}
    wanted |= {name: row.values[name] for name in COMPARED if name in row.values} | _prices(row)
    changes = {name: (getattr(row.known, name), value) for name, value in wanted.items()}
    row.changes = {name: pair for name, pair in changes.items() if not _same(*pair)}
    code = row.values.get("barcode")
    if code and code.code not in row.known.codes:
        row.changes["barcode"] = ("", code.code)


def _same(before: Any, after: Any) -> bool:
    """Is `after` what `before` is read as, when it went out as a cell and came back?"""
    if before == after or not isinstance(before, str):
        return bool(before == after)
    text = unquoted(reading.lines(before))
    return bool(after == ("" if text == EMPTIED else text))


def _prices(row: RowPlan) -> dict[str, Any]:
    """What the product's price would be, where the list speaks of one; what cannot be is refused at its cell."""
    asked = row.price_values()
    measure = row.values.get("unit_of_measure", row.known.unit_of_measure if row.known else "buah")
    amount, more = (
        asked.pop("amount"),
        pricing.More(*(asked[name] for name in ("wholesale", "wholesale_from", "inside"))),
    )
    stays = row.known and (row.known.price, pricing.More.of(row.known)) == (amount, more)
    for name, sentence in ({} if stays else pricing.problems(amount, more, measure)).items():
        row.refuse({"wholesale": "wholesale_rp"}.get(name, name), sentence)
    if row.known and row.known.wholesale is not None and more.wholesale is None and "wholesale" not in row.values:
        row.warn(N_("harga grosirnya tidak lagi lebih murah, jadi dihapus"))
    return asked | {"price": amount}


def _decide(row: RowPlan) -> None:
    """What a new product is where the list does not say."""
    if row.closed:
        row.refuse("unit_name", N_("UPT ini sudah tutup; tidak ada produk baru"))
    _prices(row)
    hint = None if "unit_of_measure" in row.values else reading.measure_hint(row.values["product"])
    if hint:
        row.values["unit_of_measure"] = hint
        row.note(N_("satuan %(measure)s, dari nama produk"), measure=hint)
    if row.is_service:
        row.note(N_("jasa: dijual tanpa stok"))

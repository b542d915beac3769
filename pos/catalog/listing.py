"""The list of products: searched, filtered, sorted, a page of it or all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from pos import clock, money
from pos.catalog.models import Barcode, Price, Product
from pos.catalog.rows import COLUMNS, FLAGS, MORE, TEXTS
from pos.catalog.services import may_edit, price_id_at
from pos.db import db, search_words
from pos.errors import N_
from pos.units.models import Unit
from pos.units.services import Person

PAGE = 50
MOST_NAMES = 200
EXPORT_COLUMNS = (*COLUMNS, "stok", "status", *MORE)


@dataclass(frozen=True)
class Filters:
    """What the address of the list says; everything empty shows what is on sale in the person's scope."""

    search: str = ""
    category: str = ""
    maker: int = 0
    featured: bool = False
    trait: str = ""  # of `TRAITS`
    archived: bool = False
    everyone: bool = False  # products of makers outside the scope too
    sort: str = "nama"
    page: int = 1


TRAITS = {
    "wbp": (Product.wbp_made, N_("Buatan WBP")),
    "bukan-wbp": (sa.not_(Product.wbp_made), N_("Bukan WBP")),
    "pesanan": (Product.made_to_order, N_("Dibuat sesuai pesanan")),
    "lelang": (Product.auction, N_("Dilelang")),
    "satu": (Product.one_of_a_kind, N_("Hanya ada satu")),
    "jasa": (Product.service, N_("Jasa (tanpa stok)")),
}
ASKED = ("cari", "kategori", "upt", "unggulan", "sifat", "arsip", "semua", "sort", "page")


def filters_of(args: Any) -> Filters:
    """What the list's address asks for; `args` is a request's (a `MultiDict`)."""
    return Filters(
        search=args.get("cari", "")[:80],
        category=args.get("kategori", ""),
        maker=number_in(args.get("upt", "")),
        featured=args.get("unggulan") == "1",
        trait=args.get("sifat", ""),
        archived=args.get("arsip") == "1",
        everyone=args.get("semua") == "1",
        sort=args.get("sort", "nama"),
        page=max(1, number_in(args.get("page", "1"))),
    )


def number_in(text: str) -> int:
    """A number of an address; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def names_in_use(person: Person) -> dict[str, list[str]]:
    """What the person's products say already: every `category` there is, and their own `brand` and `workshop`."""
    found = {"category": list(db.session.scalars(sa.select(Product.category).distinct().order_by(Product.category)))}
    for column in (Product.brand, Product.workshop):
        query = sa.select(column).where(may_edit(person), column != "").distinct().order_by(column).limit(MOST_NAMES)
        found[column.key] = list(db.session.scalars(query))
    return found


def page_of(person: Person, filters: Filters) -> tuple[list[Any], int]:
    """The rows of one page, and how many rows there are on all pages."""
    query = _query(person, filters)
    count = db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    start = (max(filters.page, 1) - 1) * PAGE
    return list(db.session.execute(query.limit(PAGE).offset(start))), count


def every(person: Person, filters: Filters) -> list[Any]:
    """The rows of all pages."""
    return list(db.session.execute(_query(person, filters)))


def export(person: Person, filters: Filters, on_hand: Mapping[int, int]) -> list[list[Any]]:
    """All rows under `EXPORT_COLUMNS`, which the import reads back; `on_hand` in thousandths by product id."""
    return [_exported(row, on_hand) for row in every(person, filters)]


def _exported(row: Any, on_hand: Mapping[int, int]) -> list[Any]:
    first = [row.maker, row.name, row.category, row.price]
    first += [row.cost if row.mine else None, row.unit_of_measure, row.code]  # what making it costs is the maker's own
    texts = [getattr(row, name) for name in TEXTS]
    least = None if row.wholesale_from is None else _pieces(row.wholesale_from)
    flags = ["ya" if getattr(row, name) else "tidak" for name in FLAGS]
    last = [None if row.service else _pieces(on_hand.get(row.id, 0)), "dijual" if row.active else "diarsipkan"]
    return [*first, *flags[:2], *last, *texts, row.wholesale, least, row.inside, *flags[2:]]


def _pieces(thousandths: int) -> int | Decimal:
    whole, rest = divmod(thousandths, money.THOUSAND)
    return whole if not rest else Decimal(thousandths) / money.THOUSAND


def _query(person: Person, filters: Filters) -> Any:
    code = sa.select(Barcode.code).where(Barcode.product_id == Product.id).order_by(Barcode.id).limit(1)
    query = (
        sa.select(
            Product.id,
            Product.name,
            Product.category,
            Product.unit_of_measure,
            Product.featured,
            Product.wbp_made,
            Product.service,
            Product.active,
            Product.photo,
            *(getattr(Product, name) for name in (*TEXTS, "made_to_order", "one_of_a_kind", "auction")),
            Unit.name.label("maker"),
            may_edit(person).label("mine"),
            Price.amount.label("price"),
            Price.cost,
            Price.wholesale,
            Price.wholesale_from,
            Price.inside,
            code.correlate(Product).scalar_subquery().label("code"),
        )
        .join(Unit, Unit.id == Product.maker_id)
        .join(Price, Price.id == price_id_at(clock.now()))
        .where(Product.active.is_not(filters.archived))
    )
    return _sorted(_narrowed(query, person, filters), filters.sort)


def _narrowed(query: Any, person: Person, filters: Filters) -> Any:
    if not filters.everyone:
        query = query.where(may_edit(person))
    if filters.maker:
        query = query.where(Product.maker_id == filters.maker)
    if filters.category:
        query = query.where(Product.category == filters.category)
    if filters.featured:
        query = query.where(Product.featured)
    if filters.trait in TRAITS:
        query = query.where(TRAITS[filters.trait][0])
    return query.where(*map(found_by, search_words(filters.search)))


def found_by(word: str) -> Any:
    """Condition on `Product` and its maker's `Unit`: does a search for this word find it?"""
    has_code = sa.exists().where(Barcode.product_id == Product.id, Barcode.code.startswith(word, autoescape=True))
    return Product.name.icontains(word, autoescape=True) | Unit.name.icontains(word, autoescape=True) | has_code


def _sorted(query: Any, sort: str) -> Any:
    columns = {
        "nama": sa.func.lower(Product.name),
        "pembuat": Unit.name,
        "kategori": sa.func.lower(Product.category),
        "harga": Price.amount,
    }
    column = columns.get(sort.lstrip("-"), columns["nama"])
    return query.order_by(column.desc() if sort.startswith("-") else column, columns["nama"], Product.id)

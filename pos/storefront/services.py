"""The public shelf: which units show one, what stands on it, and changing what they say of themselves."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from pos import clock, money
from pos.catalog import certificates
from pos.catalog.models import Barcode, Certificate, Product
from pos.catalog.services import price_at
from pos.db import atomic, db
from pos.errors import N_, NotFound, PosError
from pos.storefront.models import PublicShelf
from pos.units import names
from pos.units import services as units
from pos.units.models import Gallery, Unit
from pos.units.services import Person

MOST_GOODS = 300  # on one page
MOST_HELD = 10_000  # kinds of goods in one gallery that are looked through
FEWEST_DIGITS, MOST_DIGITS = 10, 15  # of a WhatsApp number with its country's


@dataclass(frozen=True)
class Good:
    """A product as the public sees it: no cost, no stock, no person."""

    code: str
    name: str
    price: str
    unit: str
    category: str
    photo: str
    featured: bool
    made_to_order: bool
    auction: bool
    one_of_a_kind: bool
    description: str
    brand: str
    workshop: str
    composition: str
    net_weight: str
    marks: tuple[Certificate, ...]
    maker: str = ""  # of what another unit made, which a gallery sells for it


# -- what the public sees ------------------------------------------------------------------------------


def shelf_called(slug: str) -> PublicShelf:
    """The open shelf at this address, or `NotFound`."""
    return _only(_open().where(PublicShelf.slug == slug))


def shelf_of_unit(unit_name: str) -> PublicShelf:
    """The open shelf of the unit with this name, or `NotFound`."""
    return _only(_open().where(PublicShelf.unit_id == units.unit_named(unit_name).id))


def shelf_of_product(code: str) -> tuple[PublicShelf, Good]:
    """The product that carries this barcode, and the open shelf it stands on; or `NotFound`."""
    of_code = sa.select(Product.maker_id).join(Barcode).where(Barcode.code == code, *_shown())
    shelf = _only(_open().where(PublicShelf.unit_id.in_(of_code)))
    wanted = sa.select(Barcode.product_id).where(Barcode.code == code)
    return shelf, _goods(shelf.unit, sa.and_(Product.maker_id == shelf.unit_id, Product.id.in_(wanted)))[0]


def goods_of(shelf: PublicShelf) -> list[Good]:
    """What the unit makes and sells, the featured first."""
    return _goods(shelf.unit, Product.maker_id == shelf.unit_id)


def goods_at(shelf: PublicShelf, on_hand: Mapping[int, int]) -> list[Good]:
    """What one of the unit's galleries sells, its own goods first; `on_hand` in thousandths by product id there.

    That is what lies there, what it sells without counting (then it is below nothing), and what needs no shelf:
    services of the unit and what it makes to order. What is sold out is not there.
    """
    there = sorted(product_id for product_id, quantity in on_hand.items() if quantity)[:MOST_HELD]
    unshelved = sa.and_(Product.maker_id == shelf.unit_id, sa.or_(Product.service, Product.made_to_order))
    return _goods(shelf.unit, sa.or_(Product.id.in_(there), unshelved))


def galleries_of(shelf: PublicShelf) -> dict[str, Gallery]:
    """The unit's galleries by the last part of their addresses."""
    query = sa.select(Gallery).where(Gallery.unit_id == shelf.unit_id, Gallery.active).order_by(Gallery.name)
    found: dict[str, Gallery] = {}
    for gallery in db.session.scalars(query):
        name = names.slug(gallery.name) or "galeri"
        found[name if name not in found else f"{name}-{gallery.id}"] = gallery
    return found


def public_products(product_ids: Iterable[int]) -> set[int]:
    """Those of the products that have a public page now."""
    shelves = _open(PublicShelf.unit_id)
    query = sa.select(Product.id).where(Product.id.in_(list(product_ids)), *_shown(), Product.maker_id.in_(shelves))
    return set(db.session.scalars(query))


def whatsapp_link(number: str, text: str) -> str:
    return f"https://wa.me/{number}?text={quote(text, safe='')}"


def _open(*columns: Any) -> Any:
    query = sa.select(*columns) if columns else sa.select(PublicShelf).options(joinedload(PublicShelf.unit))
    return query.join(Unit, Unit.id == PublicShelf.unit_id).where(PublicShelf.open, Unit.active)


def _only(query: Any) -> PublicShelf:
    shelf: PublicShelf | None = db.session.scalar(query)
    if shelf is None:
        raise NotFound("Etalase ini tidak ada, atau sedang ditutup.")
    return shelf


def _shown() -> Sequence[Any]:
    return Product.active, Product.wbp_made


def _goods(unit: Unit, which: Any) -> list[Good]:
    query = (
        sa.select(Product)
        .where(which, *_shown())
        .options(selectinload(Product.prices), selectinload(Product.barcodes), joinedload(Product.maker))
        .order_by(Product.maker_id != unit.id, Product.featured.desc(), Product.name, Product.id)
        .limit(MOST_GOODS)
    )
    products = list(db.session.scalars(query))
    marks = certificates.in_force([product.id for product in products], clock.today(unit.zone))
    now = clock.now()
    return [_good(product, unit, marks.get(product.id, ()), now) for product in products]


def _good(product: Product, unit: Unit, marks: Sequence[Certificate], now: datetime) -> Good:
    price = price_at(product.prices, now) or product.prices[0]
    return Good(
        code=product.barcodes[0].code,
        name=product.name,
        price=money.rupiah(price.amount),
        unit="" if product.unit_of_measure == "buah" else product.unit_of_measure,
        category=product.category,
        photo=product.photo,
        featured=product.featured,
        made_to_order=product.made_to_order,
        auction=product.auction,
        one_of_a_kind=product.one_of_a_kind,
        description=product.description,
        brand=product.brand,
        workshop=product.workshop,
        composition=product.composition,
        net_weight=product.net_weight,
        marks=tuple(marks),
        maker="" if product.maker_id == unit.id else names.short_name(product.maker.name),
    )


# -- what a unit says of itself ------------------------------------------------------------------------


def shelf_for(person: Person, unit_id: int) -> PublicShelf:
    """The shelf of a UPT in the person's scope, a closed one that nobody has kept yet where it has none."""
    unit = units.unit_for(person, unit_id)
    if unit.level != "upt":
        raise NotFound("Hanya UPT yang punya etalase.")
    shelf = db.session.get(PublicShelf, unit_id)
    return shelf or PublicShelf(
        unit_id=unit_id, unit=unit, slug="", open=False, intro="", whatsapp="", hours="", address=""
    )


def shelves_for(person: Person, search: str, state: str) -> Any:
    """The UPT of the person's scope with their shelf (None without one), and what they could show, as a query."""
    shown = sa.select(sa.func.count()).where(Product.maker_id == Unit.id, *_shown()).scalar_subquery()
    query = (
        sa.select(Unit, PublicShelf, shown.label("goods"))
        .outerjoin(PublicShelf, PublicShelf.unit_id == Unit.id)
        .where(units.within(person), Unit.level == "upt", Unit.active)
        .order_by(Unit.name)
    )
    if search:
        query = query.where(Unit.name.icontains(search, autoescape=True))
    if state:
        is_open = sa.func.coalesce(PublicShelf.open, sa.false())
        query = query.where(is_open if state == "buka" else sa.not_(is_open))
    return query


def keep(
    person: Person, unit_id: int, *, open: bool, intro: str, whatsapp: str, hours: str, address: str
) -> PublicShelf:
    """Keep what the unit's shelf says, and whether it is open; `PosError` names each field that is wrong."""
    number = number_of(whatsapp)
    if whatsapp and not number:
        sentence = N_("Tulis nomor WhatsApp dengan kode negara atau 08, misalnya 0812-3456-7890.")
        raise PosError("Nomor WhatsApp ini tidak bisa dipakai.", fields={"whatsapp": sentence})
    if open and not (number or address):
        sentence = N_("Isi nomor WhatsApp atau alamat: pembeli harus tahu cara memesan.")
        raise PosError("Etalase belum bisa dibuka.", fields={"whatsapp": sentence})
    with atomic() as session:
        shelf = shelf_for(person, unit_id)
        was_open = shelf.open
        shelf.slug = shelf.slug or _free_slug(shelf.unit)
        shelf.open, shelf.intro, shelf.whatsapp, shelf.hours, shelf.address = open, intro, number, hours, address
        shelf.changed_at = clock.now()
        session.add(shelf)
        act = "shelf.changed" if was_open == open else "shelf.opened" if open else "shelf.closed"
        units.log(act, shelf.unit.name, person, unit_id)
    return shelf


def number_of(typed: str) -> str:
    """The digits wa.me wants for what people write; empty when that is no telephone number."""
    if not re.fullmatch(r"\+?[0-9 ().-]+", typed, re.ASCII):
        return ""
    digits = re.sub(r"[^0-9]", "", typed)
    if digits.startswith("0") and not typed.startswith("+"):
        digits = "62" + digits.lstrip("0")
    elif digits.startswith("8"):
        digits = "62" + digits
    return digits if FEWEST_DIGITS <= len(digits) <= MOST_DIGITS else ""


def _free_slug(unit: Unit) -> str:
    choices = [names.slug(names.short_name(unit.name), 50), names.slug(unit.name, 50), f"upt-{unit.id}"]
    taken = set(db.session.scalars(sa.select(PublicShelf.slug).where(PublicShelf.slug.in_(choices))))
    return next(choice for choice in choices if choice and choice not in taken)

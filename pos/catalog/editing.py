"""Changing products by hand: each act takes a catalogue version, is logged, and keeps what was before."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from pos import clock, money
from pos.catalog import featured, pricing, services
from pos.catalog.models import Barcode, Price, Product
from pos.catalog.reading import Code
from pos.db import atomic, db
from pos.errors import N_, PosError, Sentence
from pos.units import services as units
from pos.units.models import Unit
from pos.units.services import Person

LONGEST_NAME, LONGEST_CATEGORY = 120, 40


@dataclass(frozen=True)
class Details:
    """What a form says of a product, apart from its price and codes."""

    maker_id: int
    name: str
    category: str
    description: str
    unit_of_measure: str
    featured: bool
    wbp_made: bool
    service: bool
    one_of_a_kind: bool = False
    made_to_order: bool = False
    auction: bool = False
    brand: str = ""
    workshop: str = ""
    composition: str = ""
    net_weight: str = ""


def makers(person: Person) -> list[Unit]:
    """The UPT of the person's scope: those whose products they may enter."""
    return units.units_for(person, "upt")


def categories() -> list[str]:
    return list(db.session.scalars(sa.select(Product.category).distinct().order_by(Product.category)))


def usual_category(text: str) -> str:
    """The category as it is already written elsewhere, when only capitals differ."""
    return next((name for name in categories() if name.casefold() == text.casefold()), text)


def create(person: Person, details: Details, price: int, cost: int, code: Code | None, instead_of: int = 0) -> Product:
    """A new product with the factory's `code`, or else the maker's next own one.

    Where it is featured and its maker has two already, it is so `instead_of` one of those.
    """
    maker = _maker(person, details.maker_id)
    with atomic():
        services.hold()
        if code:
            refuse_taken(code, None)
        _refuse_twin(details, price)
        if details.featured:
            featured.make_room(person, maker.id, instead_of)
        values = vars(details) | {"category": usual_category(details.category)}
        del values["maker_id"]
        name, category = values.pop("name"), values.pop("category")
        barcode = (code.code, code.symbology) if code else None
        product = services.add_product(maker, name, category, price, cost=cost, by=person, barcode=barcode, **values)
        units.log("product.add", name, person, maker.id, product=product.id, price=price, cost=cost)
    return product


def update(person: Person, product_id: int, details: Details, instead_of: int = 0) -> Product:
    with atomic():
        services.hold()
        product = services.product_for(person, product_id)
        maker = _maker(person, details.maker_id)
        if details.featured and product.active and (not product.featured or product.maker_id != maker.id):
            featured.make_room(person, maker.id, instead_of)
        after = vars(details) | {"category": usual_category(details.category)}
        changes = {name: [getattr(product, name), new] for name, new in after.items() if getattr(product, name) != new}
        if changes:
            for name, (_, new) in changes.items():
                setattr(product, name, new)
            product.version = services.next_version()
            units.log("product.edit", product.name, person, maker.id, product=product.id, changes=changes)
    return product


def set_price(
    person: Person,
    product_id: int,
    amount: int,
    cost: int,
    from_at: datetime | None = None,
    more: pricing.More | None = None,
) -> Price:
    """A new price from `from_at` on (now when None, never earlier): the old ones stay as they were.

    The prices beside it go on as they are in force then where `more` says nothing of them.
    """
    with atomic() as session:
        product = services.product_for(person, product_id)
        now = clock.now()
        if from_at and from_at <= now:
            raise PosError("Harga tidak tersimpan.", fields={"from_day": N_("Tanggal ini sudah lewat.")})
        current = services.price_at(product.prices, from_at or now)
        more = pricing.More.of(current, amount) if more is None else more
        if wrong := pricing.problems(amount, more, product.unit_of_measure):
            raise PosError("Harga tidak tersimpan.", fields=wrong)
        if current and (current.amount, current.cost, pricing.More.of(current)) == (amount, cost, more):
            raise PosError("Harga tidak berubah.", fields={"amount": N_("Harga dan biaya ini sudah berlaku.")})
        price = Price(product_id=product.id, from_at=from_at or now, amount=amount, cost=cost, user_id=person.id)
        price.wholesale, price.wholesale_from, price.inside = more.wholesale, more.wholesale_from, more.inside
        session.add(price)
        product.version = services.next_version()
        units.log(
            "product.price",
            product.name,
            person,
            product.maker_id,
            product=product.id,
            before=[current.amount, current.cost] if current else None,
            after=[amount, cost],
            from_at=price.from_at.isoformat(),
            **{name: value for name, value in vars(more).items() if value is not None},
        )
    return price


def add_barcode(person: Person, product_id: int, code: Code | None) -> Barcode:
    """Add a factory's code, or (None) the maker's next own one. A code once given is never taken back."""
    with atomic() as session:
        product = services.product_for(person, product_id)
        services.hold()
        if code is None:
            code = Code(services.own_code(product.maker), "own")
        else:
            refuse_taken(code, product.id)
        barcode = Barcode(code=code.code, symbology=code.symbology, product_id=product.id)
        session.add(barcode)
        product.version = services.next_version()
        units.log("product.barcode", product.name, person, product.maker_id, product=product.id, code=code.code)
    return barcode


def archive(person: Person, product_id: int, active: bool) -> Product:
    """Take a product off the tills (or put it back); nothing that was sold changes.

    One that was featured comes back as a usual one where its maker has two featured products by now.
    """
    with atomic():
        services.hold()
        product = services.product_for(person, product_id)
        if product.active != active:
            if active and product.featured and len(featured.of_maker(product.maker_id)) >= featured.TARGET:
                product.featured = False
            product.active = active
            product.version = services.next_version()
            act = "product.restore" if active else "product.archive"
            units.log(act, product.name, person, product.maker_id, product=product.id)
    return product


def twins(code: str) -> tuple[str, ...]:
    """The ways scanners send one code: a UPC-A is the same as the EAN-13 with a nought before it."""
    if code.isdigit() and len(code) == 12:
        return code, "0" + code
    if code.isdigit() and len(code) == 13 and code[0] == "0":
        return code, code[1:]
    return (code,)


def refuse_taken(code: Code, product_id: int | None) -> None:
    """`PosError` on the field `code` if it is given already, or means another product than `product_id`."""
    for owner in db.session.scalars(sa.select(Barcode).where(Barcode.code.in_(twins(code.code)))):
        if owner.product_id != product_id or owner.code == code.code:
            text = N_("Kode ini sudah milik %(name)s (%(maker)s).")
            sentence = Sentence(text, name=owner.product.name, maker=owner.product.maker.name)
            raise PosError("Kode batang sudah dipakai.", fields={"code": sentence})


def _maker(person: Person, maker_id: int) -> Unit:
    maker = units.unit_for(person, maker_id)
    if maker.number is None:
        raise PosError("Pembuat harus UPT.", fields={"maker_id": N_("Pilih UPT yang membuat produk ini.")})
    return maker


def _refuse_twin(details: Details, price: int) -> None:
    same = sa.select(Product).where(Product.maker_id == details.maker_id, Product.name == details.name, Product.active)
    for product in db.session.scalars(same):
        current = services.price_at(product.prices, clock.now())
        if current and current.amount == price:
            text = N_("UPT ini sudah punya produk bernama sama seharga %(price)s.")
            raise PosError("Produk sudah ada.", fields={"name": Sentence(text, price=money.rupiah(price))})

"""The example's product files: brands and workshops, certificates that end sooner or later, prices beside the usual
one and for later, labels that hang on the shelf, and what the workshops brought in the last months."""

import random
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from pos import clock
from pos.catalog import services
from pos.catalog.models import Certificate, LabelPrint, Price, Product
from pos.db import atomic, db
from pos.reports.mapping import months_before
from pos.stock.models import StockMove
from pos.units.models import Gallery, Unit
from pos.units.services import person_named

WORKSHOPS = {
    "kuliner": "Dapur produksi",
    "kerajinan tangan": "Bengkel kerajinan",
    "agribisnis": "Kebun dan pertanian",
    "manufaktur": "Bengkel meubelair",
    "karya seni": "Sanggar seni",
    "konveksi": "Bengkel jahit",
    "jasa": "Unit jasa",
}
BRANDS = ("Karya Mandiri", "Bina Rasa", "Griya Karya", "Tunas Harapan", "Cipta Bakti")
COMPOSITIONS = {
    "keripik": "Pisang, minyak nabati, garam",
    "kopi": "Kopi bubuk",
    "abon": "Daging ikan, santan, bawang, gula, garam",
    "sambal": "Cabai, bawang, minyak nabati, garam",
    "kue": "Tepung terigu, telur, gula, mentega",
}


def build(chance: random.Random, now: datetime) -> None:
    """Fill in what a list of products does not say, with everything relative to `now`."""
    with atomic():
        products = list(db.session.scalars(sa.select(Product).where(Product.active).order_by(Product.id)))
        for product in products:
            _describe(product, chance)
        _certify([product for product in products if product.category == "kuliner"], chance, now)
        _trademarks([product for product in products if product.featured], chance, now)
        _medicine(products, now)
        _price([product for product in products if not product.service], chance, now)
        _receive([product for product in products if product.featured and not product.service], chance, now)
        version = services.next_version()
        for product in products:
            product.version = version
    with atomic():
        _label(chance, now)


def sells_how(now: datetime) -> None:
    """Before anything is sold: what is auctioned or made to order, and for a fifth the prices beside the usual one."""
    with atomic():
        goods = db.session.scalars(sa.select(Product).where(Product.active).order_by(Product.id)).all()
        version = services.next_version()
        for i, product in enumerate(goods):
            product.auction = "lelang" in product.name.lower()
            product.made_to_order = product.category == "manufaktur"
            product.version = version
            first = product.prices[0]
            if i % 5 or product.service or first.amount < 5_000:
                continue
            price = Price(
                product_id=product.id, from_at=now - timedelta(days=500), amount=first.amount, cost=first.cost
            )
            price.wholesale, price.wholesale_from = first.amount * 9 // 10 // 100 * 100, 10_000
            price.inside = first.amount * 19 // 20 // 100 * 100
            db.session.add(price)


def _describe(product: Product, chance: random.Random) -> None:
    product.workshop = WORKSHOPS.get(product.category, "Bengkel kerja")
    product.brand = "" if product.service else chance.choice(BRANDS)
    if product.category == "kuliner":
        known = (text for word, text in COMPOSITIONS.items() if word in product.name.lower())
        product.composition = next(known, "Bahan lokal pilihan")
        product.net_weight = chance.choice(("100 g", "200 g", "250 g"))


def _certify(foods: list[Product], chance: random.Random, now: datetime) -> None:
    """Most foods have a PIRT number, some end soon or have ended; half of those are halal."""
    for i, product in enumerate(foods):
        year = (now.year - 1, now.year, now.year + 1, now.year + 3, now.year + 4)[i % 5]
        if i % 6 == 5:
            continue
        number = f"2{chance.randrange(10**12):012d}-{year % 100:02d}"
        _enter(product, "pirt", number, date(year - 5, 3, 1), date(year, 12, 31), now)
        if i % 2 == 0:
            _enter(product, "halal", f"ID{chance.randrange(10**17):017d}", date(now.year - 1, 6, 1), None, now)


def _medicine(products: list[Product], now: datetime) -> None:
    """Ambon's eucalyptus oil is registered, for a few weeks more."""
    for product in products:
        if "kayu putih" in product.name.lower():
            day = now.date()
            _enter(product, "bpom", "TR 203612345", day - timedelta(days=5 * 365), day + timedelta(days=40), now)


def _trademarks(goods: list[Product], chance: random.Random, now: datetime) -> None:
    for product in goods[::4]:
        begun = date(now.year - chance.randrange(2, 9), 5, 1)
        number = f"IDM{chance.randrange(10**9):09d}"
        _enter(product, "merek", number, begun, begun.replace(year=begun.year + 10), now)


def _enter(product: Product, kind: str, number: str, since: date, until: date | None, now: datetime) -> None:
    entry = Certificate(product_id=product.id, kind=kind, number=number, issued_on=since, expires_on=until, at=now)
    db.session.add(entry)


def _price(goods: list[Product], chance: random.Random, now: datetime) -> None:
    """A third has a wholesale or an inside price; a few cost more from the first of next month on."""
    for product in goods:
        current = services.price_at(product.prices, now) or product.prices[0]
        at_home = product.maker.name == "Lapas Kelas IIA Ambon"  # where the example's staff see it
        if (at_home and product.category == "kuliner") or (chance.random() < 0.3 and current.amount >= 5_000):
            at = max(now, current.from_at)  # the list was read a moment after `now`
            price = Price(product_id=product.id, from_at=at, amount=current.amount, cost=current.cost)
            price.wholesale, price.wholesale_from = current.amount * 9 // 10 // 100 * 100, 10_000
            price.inside = current.amount * 19 // 20 // 100 * 100 if chance.random() < 0.5 else None
            db.session.add(price)
        elif (at_home and product.category == "kerajinan tangan") or chance.random() < 0.1:
            starts = (now.date().replace(day=1) + timedelta(days=32)).replace(day=1)
            at = datetime.combine(starts, time(), clock.ZONES[product.maker.zone])
            amount = -(-current.amount * 110 // 100 // 500) * 500
            db.session.add(Price(product_id=product.id, from_at=at, amount=amount, cost=current.cost))


def _receive(goods: list[Product], chance: random.Random, now: datetime) -> None:
    """Every second featured product came from its workshop in each of the last months, others now and then."""
    galleries: dict[int, int] = {}
    for unit_id, gallery_id in db.session.execute(sa.select(Gallery.unit_id, Gallery.id).order_by(Gallery.id.desc())):
        galleries[unit_id] = gallery_id
    for i, product in enumerate(goods):
        for month in months_before(now.date()):
            if i % 2 == 0 or chance.random() < 0.4:
                day = month + timedelta(days=chance.randrange(2, 26))
                at = datetime.combine(day, time(9), clock.ZONES[product.maker.zone])
                place = galleries.get(product.maker_id) or min(galleries.values())
                quantity = chance.randrange(1, 3) * 10_000
                note = "Kiriman bengkel kerja"
                move = StockMove(gallery_id=place, product_id=product.id, quantity=quantity, at=at, note=note)
                move.reason = "receive"
                db.session.add(move)


def _label(chance: random.Random, now: datetime) -> None:
    """The labels of Ambon hang there since last month; two of them still say what was asked before."""
    staff = person_named("petugas")
    mine = sa.select(Product).join(Unit).where(Unit.path.startswith(staff.path), Product.active).order_by(Product.id)
    for i, product in enumerate(db.session.scalars(mine)):
        current = services.price_at(product.prices, now) or product.prices[0]
        label = LabelPrint(product_id=product.id, name=product.name, amount=current.amount, copies=24)
        if i % 2 == 0:
            label.amount = current.amount * 9 // 10 // 500 * 500
        label.at = label.shows_at = now - timedelta(days=30)
        label.user_id = staff.id
        db.session.add(label)

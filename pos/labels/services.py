"""Which labels are wanted: products of the catalogue with what is true of them on the day of printing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import quote

import sqlalchemy as sa
from babel.dates import format_date
from sqlalchemy.orm import selectinload

from pos import clock, money
from pos.catalog import certificates
from pos.catalog.models import Barcode, Certificate, Price, Product
from pos.catalog.services import may_edit, price_at
from pos.db import db
from pos.errors import N_, NotFound, PosError
from pos.labels.design import PRICE, PRODUCT, Label
from pos.units.names import short_name
from pos.units.services import Person

MOST_PRODUCTS = 150  # in one job of the page, whose address carries them all
MOST_COPIES = 10_000
LONGEST_BATCH = 30  # characters of a production code
# What a certificate is called on a label; in Indonesian whatever the screen speaks, for that is what the law reads.
MARKS = {"pirt": "P-IRT No.", "halal": "Halal", "merek": "Merek terdaftar", "bpom": "BPOM RI", "sni": "SNI"}

_WHOLE = (selectinload(Product.prices), selectinload(Product.barcodes), selectinload(Product.maker))


@dataclass(frozen=True)
class Batch:
    """What was made together: its production code and the last day it is good."""

    code: str = ""
    expires: date | None = None

    @classmethod
    def read(cls, code: str, expires: str) -> "Batch":
        """From what was typed (`expires` as `2026-12-31`); `PosError` names the field that is wrong."""
        fields = {}
        code = " ".join(code.split())
        if len(code) > LONGEST_BATCH or not code.isprintable():
            fields["produksi"] = N_("Paling panjang 30 huruf.")
        try:
            day = date.fromisoformat(expires) if expires else None
        except ValueError:
            day, fields["kedaluwarsa"] = None, N_("Isi tanggal, misalnya 31-12-2026.")
        if fields:
            raise PosError("Keterangan produksi belum benar.", fields=fields)
        return cls(code, day)


@dataclass(frozen=True)
class Want:
    """One row of a job: labels of a product, of one batch; with the price that starts on `since` unless None."""

    product_id: int
    copies: int = 1
    batch: Batch = Batch()
    since: date | None = None


@dataclass(frozen=True)
class Chosen:
    """A wanted label; the instant whose price it shows where that lies ahead; today's price in rupiah, and those that
    it might show instead (by the day from which they hold, in the order of time)."""

    product: Product
    label: Label
    shows_at: datetime | None
    today: int
    coming: tuple[tuple[date, Price], ...]


@dataclass(frozen=True)
class Wish:
    """What labels should say beside name, price and code; `base` is where the program is found by the public."""

    level: str = PRICE
    batch: Batch = Batch()
    base: str = ""
    instant: datetime | None = None


def label_of(
    product: Product,
    copies: int,
    wish: Wish,
    marks: Sequence[Certificate] = (),
    barcode: Barcode | None = None,
    starts: date | None = None,
) -> Label:
    """The label of `product` with the price in force at the wished instant (which then `starts` on that day); with its
    first barcode unless told another, which is then the only one it may carry."""
    first = barcode or product.barcodes[0]
    price = price_at(product.prices, wish.instant or clock.now()) or product.prices[0]
    others = () if barcode else tuple((other.code, other.symbology) for other in product.barcodes[1:])
    ahead = f"Harga mulai {format_date(starts, 'd MMM yyyy', 'id')}" if starts else ""
    return Label(
        name=product.name,
        price=money.rupiah(price.amount),
        code=first.code,
        symbology=first.symbology,
        copies=copies,
        unit="" if product.unit_of_measure == "buah" else product.unit_of_measure,
        maker=short_name(product.maker.name),
        level=wish.level,
        brand=product.brand if wish.level == PRODUCT else "",
        facts=_facts(product, marks, wish.batch, ahead) if wish.level == PRODUCT else (),
        others=others,
        address=public_address(wish.base, first.code),
        starts=ahead,
    )


def public_address(base: str, code: str) -> str:
    """The product's public page, in capitals where its code allows: a QR code holds those in less room."""
    shown = quote(code, safe="")
    return f"{base.upper()}/P/{shown}" if shown == shown.upper() else f"{base}/p/{shown}"


def _facts(product: Product, marks: Sequence[Certificate], batch: Batch, ahead: str) -> tuple[tuple[str, ...], ...]:
    """Paragraphs of a product label; a mark stands there only with a number that is in force."""
    numbers = (f"{MARKS[mark.kind]} {_bare(mark)}" for mark in marks)
    made = f"Kode produksi: {batch.code}" if batch.code else ""
    good = f"Baik digunakan sebelum {format_date(batch.expires, 'd MMM yyyy', 'id')}" if batch.expires else ""
    place = [product.workshop, product.maker.name]
    if product.maker.city.lower() not in product.maker.name.lower():
        place.append(product.maker.city)
    paragraphs = (
        (f"Komposisi: {product.composition}" if product.composition else "",),
        (f"Berat bersih: {product.net_weight}" if product.net_weight else "", *numbers),
        (made, good),
        ("Diproduksi oleh " + ", ".join(part for part in place if part),),
        (ahead,),
    )
    said = (tuple(part for part in paragraph if part) for paragraph in paragraphs)
    return tuple(paragraph for paragraph in said if paragraph)


def _bare(mark: Certificate) -> str:
    """The number without the word that is printed before it."""
    return mark.number.removeprefix("SNI").strip() if mark.kind == "sni" else mark.number


def labels_for(codes: Iterable[tuple[str, int]], wish: Wish | datetime | None = None) -> list[Label]:
    """A label for each `(barcode, copies)`, carrying that very barcode; `NotFound` names a code nobody knows."""
    wish = wish if isinstance(wish, Wish) else Wish(instant=wish)
    wanted = [(code.strip(), copies) for code, copies in codes]
    known = _barcodes({code for code, _ in wanted})
    marks = _marks([barcode.product for barcode in known.values()], wish)
    labels = []
    for code, copies in wanted:
        if code not in known:
            raise NotFound("Tidak ada produk dengan kode %(code)s.", code=code)
        if not 1 <= copies <= MOST_COPIES:
            raise PosError("Jumlah label untuk %(code)s harus 1 sampai %(most)d.", code=code, most=MOST_COPIES)
        product = known[code].product
        labels.append(label_of(product, copies, wish, marks.get(product.id, ()), known[code]))
    return labels


def _barcodes(codes: Iterable[str]) -> dict[str, Barcode]:
    query = sa.select(Barcode).where(Barcode.code.in_(list(codes)))
    rows = db.session.scalars(query.options(selectinload(Barcode.product).options(*_WHOLE)))
    return {barcode.code: barcode for barcode in rows}


def _marks(products: Iterable[Product], wish: Wish) -> Mapping[int, Sequence[Certificate]]:
    """The certificates in force where each product is made, on its day of printing."""
    if wish.level != PRODUCT:
        return {}
    found: dict[int, Sequence[Certificate]] = {}
    by_zone: dict[str, list[int]] = {}
    for product in products:
        by_zone.setdefault(product.maker.zone, []).append(product.id)
    for zone, ids in by_zone.items():
        found |= certificates.in_force(ids, clock.today(zone))
    return found


def chosen(wanted: Sequence[Want], wish: Wish) -> list[Chosen]:
    """What is wanted, in that order, with its labels.

    Of any maker: every gallery may sell them, and whoever sells puts the price on the goods.
    """
    ids = {want.product_id for want in wanted}
    query = sa.select(Product).where(Product.id.in_(ids)).options(*_WHOLE)
    found = {product.id: product for product in db.session.scalars(query)}
    if len(found) < len(ids):
        raise NotFound("Produk ini tidak ada.")
    marks, now = _marks(found.values(), wish), clock.now()
    return [_choice(want, found[want.product_id], wish, marks.get(want.product_id, ()), now) for want in wanted]


def _choice(want: Want, product: Product, wish: Wish, marks: Sequence[Certificate], now: datetime) -> Chosen:
    coming = _coming(product, now)
    ahead = dict(coming).get(want.since) if want.since else None
    wish = replace(wish, batch=want.batch, instant=ahead.from_at if ahead else now)
    label = label_of(product, want.copies, wish, marks, starts=want.since if ahead else None)
    today = price_at(product.prices, now) or product.prices[0]
    return Chosen(product, label, ahead.from_at if ahead else None, today.amount, coming)


def _coming(product: Product, now: datetime) -> tuple[tuple[date, Price], ...]:
    """The prices set for later days; of those of one day the last."""
    zone = product.maker.zone
    later = {clock.day_of(price.from_at, zone): price for price in product.prices if price.from_at > now}
    return tuple(sorted(later.items(), key=lambda item: item[0]))


def search(person: Person, text: str, without: Sequence[int], most: int) -> tuple[list[tuple[Product, Label]], int]:
    """Products on sale in the person's scope whose name, category or code holds `text`; and how many there are."""
    query = sa.select(Product).where(may_edit(person), Product.active, Product.id.not_in(without))
    for word in text.split():
        query = query.where(
            Product.name.icontains(word, autoescape=True)
            | Product.category.icontains(word, autoescape=True)
            | Product.barcodes.any(Barcode.code.startswith(word, autoescape=True))
        )
    count = db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    rows = db.session.scalars(query.options(*_WHOLE).order_by(Product.name, Product.id).limit(most))
    wish = Wish(instant=clock.now())
    return [(product, label_of(product, 1, wish)) for product in rows], count


def products_with(codes: Iterable[str]) -> dict[str, int]:
    """The product of each of these very barcodes, of any maker: what scans mean. Codes nobody knows are left out."""
    query = sa.select(Barcode.code, Barcode.product_id).where(Barcode.code.in_([code.strip() for code in codes]))
    return {row.code: row.product_id for row in db.session.execute(query)}

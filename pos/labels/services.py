"""Which labels are wanted: products of the catalogue with the price in force now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from pos import clock, money
from pos.catalog.models import Barcode, Product
from pos.catalog.services import may_edit, price_at
from pos.db import db
from pos.errors import NotFound, PosError
from pos.labels.design import Label, short_name
from pos.units.services import Person

MOST_PRODUCTS = 150  # in one job of the page, whose address carries them all
MOST_COPIES = 10_000

_WHOLE = (selectinload(Product.prices), selectinload(Product.barcodes), selectinload(Product.maker))


def label_of(product: Product, copies: int, instant: datetime, barcode: Barcode | None = None) -> Label:
    """The label of `product` with the price in force at `instant`; with its first barcode unless told another."""
    barcode = barcode or product.barcodes[0]
    price = price_at(product.prices, instant) or product.prices[0]
    unit = "" if product.unit_of_measure == "buah" else product.unit_of_measure
    return Label(
        name=product.name,
        price=money.rupiah(price.amount),
        code=barcode.code,
        symbology=barcode.symbology,
        copies=copies,
        unit=unit,
        maker=short_name(product.maker.name),
    )


def labels_for(codes: Iterable[tuple[str, int]], instant: datetime | None = None) -> list[Label]:
    """A label for each `(barcode, copies)`, carrying that very barcode; `NotFound` names a code nobody knows."""
    wanted = [(code.strip(), copies) for code, copies in codes]
    query = (
        sa.select(Barcode)
        .where(Barcode.code.in_({code for code, _ in wanted}))
        .options(selectinload(Barcode.product).options(*_WHOLE))
    )
    known = {barcode.code: barcode for barcode in db.session.scalars(query)}
    labels = []
    for code, copies in wanted:
        if code not in known:
            raise NotFound("Tidak ada produk dengan kode %(code)s.", code=code)
        if not 1 <= copies <= MOST_COPIES:
            raise PosError("Jumlah label untuk %(code)s harus 1 sampai %(most)d.", code=code, most=MOST_COPIES)
        labels.append(label_of(known[code].product, copies, instant or clock.now(), known[code]))
    return labels


def chosen(person: Person, copies: Mapping[int, int]) -> list[tuple[Product, Label]]:
    """The products of the person's scope named in `copies`, in that order, with their labels."""
    query = sa.select(Product).where(Product.id.in_(list(copies)), may_edit(person)).options(*_WHOLE)
    found = {product.id: product for product in db.session.scalars(query)}
    if len(found) < len(copies):
        raise NotFound("Produk ini tidak ada atau di luar wewenang Anda.")
    instant = clock.now()
    return [(found[key], label_of(found[key], count, instant)) for key, count in copies.items()]


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
    instant = clock.now()
    return [(product, label_of(product, 1, instant)) for product in rows], count


def product_with(person: Person, code: str) -> int | None:
    """The product of the person's scope that carries exactly this barcode: what a scan means."""
    query = sa.select(Product.id).join(Barcode).where(Barcode.code == code.strip(), may_edit(person))
    return db.session.scalar(query)

"""The lines of a paper that moves stock: what people put on it, and what must be true of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.catalog.editing import twins
from pos.catalog.models import Barcode, Price, Product
from pos.catalog.services import price_id_at
from pos.db import db, search_words
from pos.errors import N_, PosError, Sentence
from pos.units.models import Unit

MOST_LINES = 200


@dataclass(frozen=True)
class Line:
    """So many thousandths of a product; what one cost to make (None where nobody says), and its batch."""

    product_id: int
    quantity: int
    unit_cost: int | None = None
    production_code: str = ""
    expires_on: date | None = None


def check(lines: Sequence[Line], active: bool = False) -> dict[int, Product]:
    """The products of `lines` by id; `PosError` (on `lines`) where a paper cannot be made of them."""
    if not lines:
        raise PosError("Belum ada barang.", fields={"lines": N_("Pindai atau cari barangnya dahulu.")})
    if len(lines) > MOST_LINES:
        text = Sentence(N_("Paling banyak %(most)d baris; buat dua catatan."), most=MOST_LINES)
        raise PosError("Terlalu banyak baris.", fields={"lines": text})
    query = sa.select(Product).where(Product.id.in_({line.product_id for line in lines}))
    products = {product.id: product for product in db.session.scalars(query)}
    for line in lines:
        product = products.get(line.product_id)
        if product is None or product.service or (active and not product.active):
            raise PosError("Jasa dan produk yang diarsipkan tidak punya stok untuk dicatat.")
        if line.quantity <= 0:
            raise PosError("Jumlah tidak sah.", fields={"lines": N_("Isi jumlah lebih dari nol.")})
    return products


def costs(product_ids: Sequence[int]) -> dict[int, int]:
    """Rupiah that making one of each costs now."""
    query = (
        sa.select(Product.id, Price.cost)
        .join(Price, Price.id == price_id_at(clock.now()))
        .where(Product.id.in_(product_ids))
    )
    return {product_id: int(cost) for product_id, cost in db.session.execute(query)}


def with_code(code: str) -> Product | None:
    """The product that a scanned `code` means, whoever makes it."""
    return db.session.scalar(sa.select(Product).join(Barcode).where(Barcode.code.in_(twins(code.strip()))).limit(1))


def search(text: str, most: int = 12) -> list[Any]:
    """Goods on sale (no services) whose name, maker or code holds the words: `id, name, unit_of_measure, maker`."""
    query = (
        sa.select(Product.id, Product.name, Product.unit_of_measure, Unit.name.label("maker"))
        .join(Unit, Unit.id == Product.maker_id)
        .where(Product.active, Product.service.is_(False))
    )
    for word in search_words(text):
        has_code = sa.exists().where(Barcode.product_id == Product.id, Barcode.code.startswith(word, autoescape=True))
        query = query.where(
            Product.name.icontains(word, autoescape=True) | Unit.name.icontains(word, autoescape=True) | has_code
        )
    return list(db.session.execute(query.order_by(sa.func.lower(Product.name), Product.id).limit(most)))


def first_codes(product_ids: Sequence[int]) -> Mapping[int, str]:
    """The barcode that each product's label carries."""
    query = sa.select(Barcode.product_id, Barcode.code).where(Barcode.product_id.in_(product_ids))
    codes: dict[int, str] = {}
    for product_id, code in db.session.execute(query.order_by(Barcode.id)):
        codes.setdefault(product_id, code)
    return codes

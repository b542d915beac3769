"""Putting goods on a paper, row by row: scanned, searched or typed; what was typed stays until it is right."""

import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Any

import sqlalchemy as sa
from flask import request
from flask_babel import gettext as _

from pos import clock, money, web
from pos.catalog import reading
from pos.catalog.models import DIVISIBLE, Product
from pos.db import db
from pos.errors import PosError
from pos.stock import goods, services
from pos.stock.document_models import LONGEST_CODE
from pos.stock.goods import MOST_LINES, Line
from pos.units.models import Unit

TIMES = re.compile(r"(\d{1,4}(?:,\d{1,3})?)\s*[*x×]\s*(.+)")  # `5*` before a code means five of it
NAMES = ("produk", "jumlah", "biaya", "produksi", "kedaluwarsa")


@dataclass
class Row:
    """A product as it stands on the paper, its cells as typed, and what is wrong with each."""

    product: Any
    quantity: str
    cost: str = ""
    production_code: str = ""
    expires_on: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def divisible(self) -> bool:
        return self.product.unit_of_measure in DIVISIBLE


@dataclass
class Entry:
    """The rows so far, what was looked for, and what is wrong with the whole."""

    rows: list[Row]
    search: str = ""
    found: list[Any] = field(default_factory=list)
    error: str = ""
    note: str = ""
    key: str | None = None  # of the paper that this form becomes: pressed twice it is one

    @property
    def full(self) -> bool:
        return len(self.rows) >= MOST_LINES


def entered() -> Entry:
    """What the form holds; at first, what the address names with `produk`."""
    lists = [_given().getlist(name)[:MOST_LINES] for name in NAMES]
    ids = _ids(lists[0])
    known = _named(ids)
    rows = []
    for product_id, *cells in zip_longest(ids, *lists[1:], fillvalue=""):
        if product_id in known:
            number, cost, code, day_text = (str(text).strip()[:LONGEST_CODE] for text in cells)
            rows.append(Row(known[product_id], number, cost, code, day_text))
    for row in rows:
        if request.method == "GET" and not row.quantity:
            row.quantity = "1"
    return Entry(rows, _given().get("cari", "").strip()[:80], key=key(request.form.get("kunci", "")))


def _given() -> Any:
    """What was typed, once the form is sent; before, what the address names."""
    return request.form if request.method == "POST" else request.args


def key(text: str) -> str:
    """What a form was given to be known by, or a new one."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return str(uuid.uuid4())


def _ids(texts: Sequence[str]) -> list[int]:
    return [int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0 for text in texts]


def _named(ids: Sequence[int]) -> dict[int, Any]:
    query = (
        sa.select(Product.id, Product.name, Product.unit_of_measure, Unit.name.label("maker"))
        .join(Unit, Unit.id == Product.maker_id)
        .where(Product.id.in_(ids), Product.service.is_(False))
    )
    return {row.id: row for row in db.session.execute(query)}


def changed(entry: Entry) -> bool:
    """Do what the pressed button asks of the rows; False where it asks to write the paper."""
    form = request.form
    if "hapus" in form:
        entry.rows = [row for i, row in enumerate(entry.rows) if str(i) != form["hapus"]]
        return True
    if "tambah" in form:
        text = form["tambah"]
        for product in _named(_ids([text])).values():
            _add(entry, product, "1")
        entry.search = ""
        return True
    if form.get("aksi") == "cari":
        _look(entry)
        return True
    return False


def _look(entry: Entry) -> None:
    """What a scan means, else what the words find."""
    times = TIMES.fullmatch(entry.search)
    number, text = times.groups() if times else ("1", entry.search)
    if not text:
        return
    product = goods.with_code(text)
    if product and not product.service:
        _add(entry, _named([product.id])[product.id], number)
        entry.search = ""
        return
    entry.found = goods.search(text)
    if not entry.found:
        entry.note = _("Tidak ada barang dengan kode atau nama “%(text)s”.", text=text)


def _add(entry: Entry, product: Any, number: str) -> None:
    for row in entry.rows:
        if row.product.id == product.id and not row.production_code and not row.expires_on:
            try:
                before = reading.quantity(row.quantity or "0", row.divisible)
                row.quantity = money.quantity_text(before + reading.quantity(number, row.divisible)).replace(".", "")
            except reading.Unreadable:
                pass  # it says so when the paper is written
            return
    if not entry.full:
        entry.rows.append(Row(product, number))


def lines(entry: Entry) -> list[Line] | None:
    """The rows as lines, or None: then each wrong cell says why."""
    read = [_line(row) for row in entry.rows]
    return None if any(row.errors for row in entry.rows) else [line for line in read if line]


def _line(row: Row) -> Line | None:
    values: dict[str, Any] = {"quantity": 0, "cost": None, "expires_on": None}
    try:
        values["quantity"] = reading.quantity(row.quantity, row.divisible)
        if values["quantity"] <= 0:
            row.errors["quantity"] = _("Isi jumlah lebih dari nol.")
    except reading.Unreadable as unreadable:
        row.errors["quantity"] = web.say(unreadable.reason).capitalize() + "."
    try:
        values["cost"] = reading.rupiah(row.cost) if row.cost else None
    except reading.Unreadable as unreadable:
        row.errors["cost"] = web.say(unreadable.reason).capitalize() + "."
    try:
        values["expires_on"] = date.fromisoformat(row.expires_on) if row.expires_on else None
    except ValueError:
        row.errors["expires_on"] = _("Bukan tanggal.")
    if row.errors:
        return None
    return Line(
        row.product.id, values["quantity"], values["cost"], web.one_line(row.production_code), values["expires_on"]
    )


def written(entry: Entry, said: dict[str, str], gallery_id: int, write: Callable[[list[Line]], Any]) -> Any:
    """What `write` makes of the lines, or None: then the entry and `said` (sentences by field) say what is wrong."""
    found = lines(entry)
    if not gallery_id:
        said["galeri"] = _("Pilih salah satu galeri.")
    if found is None or said:
        return None
    try:
        return write(found)
    except PosError as error:
        said |= put_errors(entry, error)
    return None


def put_errors(entry: Entry, error: PosError) -> dict[str, str]:
    """Show what a service refused; the sentences by the fields beside which the page shows them."""
    said = {name: web.say(sentence) for name, sentence in error.fields.items()}
    entry.error = said.pop("lines", "") or ("" if said else web.say(error.sentence))
    return said


def held(entry: Entry, gallery_id: int) -> dict[int, int]:
    """What the chosen gallery holds of the goods on the paper and of those that were found."""
    ids = [row.product.id for row in entry.rows] + [product.id for product in entry.found]
    return services.held(gallery_id, ids) if gallery_id and ids else {}


def chosen(name: str, galleries: Sequence[Any]) -> int:
    """The id of the gallery that the form or the address names, if it is one of these; the only one there is.

    A form that names another one is not written on the only one instead.
    """
    text = _given().get(name, "")
    asked = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if asked in {gallery.id for gallery in galleries}:
        return asked
    return galleries[0].id if len(galleries) == 1 and not (text and request.method == "POST") else 0


def day(text: str) -> date | None:
    """A day that has a midnight in every zone, else None."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if clock.BEGINNING <= found < clock.FOREVER else None


def number(name: str) -> int:
    """A number of the address, 0 for none."""
    return request.args.get(name, 0, type=web.number)


def note() -> str:
    """The form's note on one line."""
    return web.one_line(request.form.get("catatan", ""))[:200]

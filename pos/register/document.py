"""The sale document as it travels: read, checked for itself, and written in one canonical way.

Nothing here knows the database: a document either adds up or it does not. The arithmetic is the one of
`pos.money` and of `static/js/cart.js`.
"""

import json
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pos import clock, money
from pos.catalog.models import MAX_PRICE
from pos.errors import N_, PosError, Sentence
from pos.register.models import BUYERS, CHANNELS, MAX_ROUNDING, OWED, PAID_LATER, QRIS_LIMIT, TENDERS
from pos.units.models import Register

MOST_LINES = 500
MOST_PAYMENTS = 20
MAX_QUANTITY = 10**9  # a million pieces
MOST_COMPLAINTS = 20
ROUNDING_STEPS = (100, 500)  # rupiah; what cash may be rounded to
CODE = re.compile(r"[\x21-\x7e]{1,48}")
LONGEST_NUMBER = 20
STAFF_NUMBER = re.compile(r"[0-9A-Za-z]{1,20}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")


class InvalidDocument(PosError):
    code, status = "invalid_sale", 422


@dataclass(frozen=True)
class Line:
    product: str
    quantity: int
    unit_price: int
    discount: int
    amount: int


@dataclass(frozen=True)
class Tender:
    method: str
    tendered: int
    change: int
    reference: str


@dataclass(frozen=True)
class Document:
    """A sale document that adds up; `canonical` is the same text for the same content, whatever the key order."""

    id: str
    register: str
    number: int
    sold_at: datetime
    catalog_version: int
    buyer: str
    channel: str
    refund_of: str | None
    note: str
    lines: tuple[Line, ...]
    discount: int
    rounding: int
    total: int
    payments: tuple[Tender, ...]
    shift: str | None
    cashier: str  # a username; empty when it is who sends it
    approval: str | None
    buyer_ref: str  # the staff number of an officer; empty when it was not given
    canonical: str


def read(body: object) -> Document:
    """The document in `body` (parsed JSON), or `InvalidDocument` naming every field that is wrong."""
    reader = Reader()
    document = reader.document(body)
    if reader.wrong or document is None:
        raise InvalidDocument("Dokumen penjualan tidak benar.", fields=reader.wrong)
    if document.register.upper() == Register.TRAINING:
        raise InvalidDocument("Nota latihan tidak dicatat.", fields={"register": N_("Ini nota latihan.")})
    _add_up(document)
    return document


class Reader:
    """Takes fields out of JSON and remembers what is wrong with them."""

    def __init__(self) -> None:
        self.wrong: dict[str, str | Sentence] = {}

    def document(self, body: object) -> Document | None:
        if not isinstance(body, dict):
            self.wrong["document"] = N_("Harus berupa objek JSON.")
            return None
        self.no_others(body, "", DOCUMENT_KEYS)
        fields: dict[str, Any] = {
            "id": self.identity(body, "id"),
            "register": self.text(body, "register", 12),
            "number": self.whole(body, "number", 1, 2**31 - 1),
            "sold_at": self.instant(body, "sold_at"),
            "catalog_version": self.whole(body, "catalog_version", 0, 2**53, 0),
            "buyer": self.one_of(body, "buyer", BUYERS, "masyarakat"),
            "channel": self.one_of(body, "channel", CHANNELS, "galeri"),
            "refund_of": self.identity(body, "refund_of") if body.get("refund_of") is not None else None,
            "note": self.text(body, "note", 200, ""),
            "lines": tuple(self.line(*place) for place in self.rows(body, "lines", MOST_LINES, 1)),
            "discount": self.whole(body, "discount", 0, money.MAX_RUPIAH, 0),
            "rounding": self.whole(body, "rounding", -MAX_ROUNDING, MAX_ROUNDING, 0),
            "total": self.whole(body, "total", -money.MAX_RUPIAH, money.MAX_RUPIAH),
            "payments": tuple(self.tender(*place) for place in self.rows(body, "payments", MOST_PAYMENTS, 0)),
            "shift": self.identity(body, "shift") if body.get("shift") is not None else None,
            "cashier": self.text(body, "cashier", 40, ""),
            "approval": self.identity(body, "approval") if body.get("approval") is not None else None,
            "buyer_ref": self.staff_number(body),
        }
        return None if self.wrong else Document(**fields, canonical=_canonical(fields, str(body["sold_at"])))

    def line(self, body: dict[str, Any], place: str) -> Line:
        self.no_others(body, place, LINE_KEYS)
        return Line(
            self.text(body, "product", 48, place=place, pattern=CODE),
            self.whole(body, "quantity", -MAX_QUANTITY, MAX_QUANTITY, place=place),
            self.whole(body, "unit_price", 0, MAX_PRICE, place=place),
            self.whole(body, "discount", -money.MAX_RUPIAH, money.MAX_RUPIAH, 0, place=place),
            self.whole(body, "amount", -money.MAX_RUPIAH, money.MAX_RUPIAH, place=place),
        )

    def tender(self, body: dict[str, Any], place: str) -> Tender:
        self.no_others(body, place, PAYMENT_KEYS)
        return Tender(
            self.one_of(body, "method", TENDERS, place=place),
            self.whole(body, "tendered", -money.MAX_RUPIAH, money.MAX_RUPIAH, place=place),
            self.whole(body, "change", 0, money.MAX_RUPIAH, 0, place=place),
            self.text(body, "reference", 60, "", place=place),
        )

    def rows(self, body: dict[str, Any], name: str, most: int, least: int) -> list[tuple[dict[str, Any], str]]:
        value = body.get(name)
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.wrong[name] = N_("Harus berupa daftar.")
            return []
        if not least <= len(value) <= most:
            self.wrong[name] = Sentence(N_("Harus %(least)d sampai %(most)d baris."), least=least, most=most)
            return []
        return [(row, f"{name}.{i}.") for i, row in enumerate(value)]

    def whole(
        self, body: dict[str, Any], name: str, least: int, most: int, default: int | None = None, place: str = ""
    ) -> int:
        value = body.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong[place + name] = Sentence(
                N_("Harus bilangan bulat dari %(least)d sampai %(most)d."), least=least, most=most
            )
            return 0
        return value

    def text(
        self,
        body: dict[str, Any],
        name: str,
        most: int,
        default: str | None = None,
        place: str = "",
        pattern: re.Pattern[str] | None = None,
    ) -> str:
        value = body.get(name, default)
        if not isinstance(value, str) or len(value) > most or (default is None and not value) or not _printable(value):
            self.wrong[place + name] = Sentence(N_("Harus teks, paling banyak %(most)d huruf."), most=most)
            return ""
        if pattern and not pattern.fullmatch(value):
            self.wrong[place + name] = N_("Bukan kode produk.")
        return value

    def staff_number(self, body: dict[str, Any]) -> str:
        value = self.text(body, "buyer_ref", LONGEST_NUMBER, "")
        if value and not STAFF_NUMBER.fullmatch(value):
            self.wrong["buyer_ref"] = N_("Nomor pegawai hanya berisi angka dan huruf.")
        if value and body.get("buyer") != "petugas":
            self.wrong["buyer_ref"] = N_("Nomor pegawai hanya untuk pembeli petugas.")
        return value

    def one_of(
        self, body: dict[str, Any], name: str, choices: tuple[str, ...], default: str | None = None, place: str = ""
    ) -> str:
        value = body.get(name, default)
        if value not in choices:
            self.wrong[place + name] = Sentence(N_("Harus salah satu dari: %(choices)s."), choices=", ".join(choices))
            return choices[0]
        return str(value)

    def identity(self, body: dict[str, Any], name: str) -> str:
        try:
            return str(uuid.UUID(body.get(name)))
        except (TypeError, ValueError, AttributeError):
            self.wrong[name] = N_("Harus UUID.")
            return ""

    def instant(self, body: dict[str, Any], name: str) -> datetime:
        try:
            if not INSTANT.fullmatch(body.get(name, "")):
                raise ValueError("not a date, a T, a time and an offset")
            instant = clock.parse(body[name])
            if not 2000 < instant.year < 2200:
                raise ValueError("far from any sale")
            return instant
        except (TypeError, ValueError, OverflowError):
            self.wrong[name] = N_("Harus waktu ISO 8601 dengan zona, misalnya 2026-04-26T09:30:12.345+09:00.")
            return clock.now()

    def no_others(self, body: dict[str, Any], place: str, known: frozenset[str]) -> None:
        for name in body:
            if name not in known and len(self.wrong) < MOST_COMPLAINTS:
                self.wrong[place + str(name)[:40]] = N_("Bidang ini tidak dikenal.")


DOCUMENT_KEYS = frozenset(Document.__annotations__) - {"canonical"}
LINE_KEYS = frozenset(Line.__annotations__)
PAYMENT_KEYS = frozenset(Tender.__annotations__)


def _printable(text: str) -> bool:
    return all(char.isprintable() for char in text)


def _canonical(fields: dict[str, Any], sold_at: str) -> str:
    content = fields | {
        "sold_at": sold_at,
        "lines": [vars(line) for line in fields["lines"]],
        "payments": [vars(payment) for payment in fields["payments"]],
    }
    for name in ("shift", "cashier", "approval", "buyer_ref"):  # which documents did not have from the beginning
        if not content[name]:
            del content[name]
    return canonical(content)


def canonical(content: dict[str, Any]) -> str:
    """The same text for the same content."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def amounts(quantities_prices_discounts: list[tuple[int, int, int]], bill_discount: int) -> list[int]:
    """What each line of a sale comes to: gross less its discount less its part of the bill's discount."""
    net = [money.gross(quantity, price) - discount for quantity, price, discount in quantities_prices_discounts]
    return [n - part for n, part in zip(net, money.spread(bill_discount, net), strict=True)]


def _add_up(document: Document) -> None:
    wrong: dict[str, str | Sentence] = {}
    if document.refund_of is None:
        _lines_of_sale(document, wrong)
    else:
        _lines_of_refund(document, wrong)
    if document.total != sum(line.amount for line in document.lines) + document.rounding:
        wrong["total"] = Sentence(
            N_("Jumlah baris dan pembulatan adalah %(sum)s."),
            sum=money.rupiah(sum(line.amount for line in document.lines) + document.rounding),
        )
    _payments(document, wrong)
    if wrong:
        raise InvalidDocument("Dokumen penjualan tidak klop.", fields=wrong)


def _lines_of_sale(document: Document, wrong: dict[str, str | Sentence]) -> None:
    for i, line in enumerate(document.lines):
        if line.quantity <= 0:
            wrong[f"lines.{i}.quantity"] = N_("Harus lebih dari nol.")
        elif not 0 <= line.discount <= money.gross(line.quantity, line.unit_price):
            wrong[f"lines.{i}.discount"] = N_("Diskon tidak boleh melebihi harga.")
    if wrong:
        return
    parts = [(line.quantity, line.unit_price, line.discount) for line in document.lines]
    if document.discount > sum(money.gross(q, p) - d for q, p, d in parts):
        wrong["discount"] = N_("Diskon tidak boleh melebihi jumlah belanja.")
        return
    for i, (line, amount) in enumerate(zip(document.lines, amounts(parts, document.discount), strict=True)):
        if line.amount != amount:
            wrong[f"lines.{i}.amount"] = Sentence(N_("Seharusnya %(amount)s."), amount=money.rupiah(amount))


def _lines_of_refund(document: Document, wrong: dict[str, str | Sentence]) -> None:
    for i, line in enumerate(document.lines):
        if line.quantity >= 0:
            wrong[f"lines.{i}.quantity"] = N_("Retur berjumlah negatif.")
    if document.discount:
        wrong["discount"] = N_("Retur tidak punya diskon sendiri.")


def _payments(document: Document, wrong: dict[str, str | Sentence]) -> None:
    paid = sum(payment.tendered - payment.change for payment in document.payments)
    if paid != document.total:
        wrong["payments"] = Sentence(
            N_("Pembayaran dikurangi kembalian adalah %(paid)s, bukan %(total)s."),
            paid=money.rupiah(paid),
            total=money.rupiah(document.total),
        )
    for i, payment in enumerate(document.payments):
        place = f"payments.{i}."
        if document.refund_of is None and payment.tendered <= 0:
            wrong[place + "tendered"] = N_("Harus lebih dari nol.")
        if document.refund_of is None and payment.change > (payment.tendered if payment.method == "cash" else 0):
            wrong[place + "change"] = N_("Kembalian hanya dari uang tunai yang diterima.")
        if document.refund_of and (payment.tendered > 0 or (payment.tendered and payment.change)):
            wrong[place + "tendered"] = N_("Retur hanya mengembalikan uang.")
        if payment.method == "qris" and payment.tendered > QRIS_LIMIT:
            wrong[place + "tendered"] = Sentence(N_("QRIS paling banyak %(most)s."), most=money.rupiah(QRIS_LIMIT))
        if payment.method == OWED and document.refund_of is None:
            if document.channel not in PAID_LATER:
                wrong[place + "method"] = N_("Hanya pesanan dan titip jual yang boleh dibayar nanti.")
            if not payment.reference:
                wrong[place + "reference"] = N_("Tulis siapa yang akan membayar.")
    if document.rounding and document.refund_of is None and not _rounds_cash(document):
        wrong["rounding"] = N_("Pembulatan hanya untuk tunai, ke Rp100 atau Rp500 terdekat.")


def _rounds_cash(document: Document) -> bool:
    """Whether the rounding is one: of what a sale takes in cash, to the nearest step, no further than half of it."""
    cash = sum(payment.tendered - payment.change for payment in document.payments if payment.method == "cash")
    nearest = any(cash % step == 0 and 2 * abs(document.rounding) <= step for step in ROUNDING_STEPS)
    return cash > 0 and nearest

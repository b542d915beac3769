"""A training nota on the register's own printer: LATIHAN all over it, and nothing stored, not even a print job."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from babel.dates import format_datetime

from pos import clock, money
from pos.catalog.models import Barcode, Price, Product
from pos.catalog.pricing import More, lowest
from pos.catalog.services import price_id_at
from pos.db import db
from pos.receipts import drivers, escpos, text
from pos.receipts.drivers import Trouble
from pos.receipts.printers import columns_of, printer_of, target_of
from pos.receipts.slip import Item, Slip
from pos.register import document as documents
from pos.register.document import Document, Line, Tender
from pos.register.lookup import receipt_number
from pos.register.words import BUYER_NAMES, RATE_NAMES, TENDER_NAMES
from pos.units.models import Register, Unit
from pos.units.services import Person

ACROSS = Register.TRAINING
EVERY = 4  # rows of print between two that say so
NO_PROOF = "Bukan bukti pembayaran. Tidak tercatat di mana pun."


def print_training(register: Register, by: Person, body: Any) -> str:
    """Print what was practised; why it did not come out (a key of `drivers.TROUBLES`), empty when it did.

    No drawer opens. Raises `InvalidDocument` for what is no sale document.
    """
    real = {"register": register.code}  # its own series is refused wherever a document may be kept
    document = documents.read(body | real if isinstance(body, dict) else body)
    printer = printer_of(register)
    paper = escpos.Paper(register.paper_width, columns_of(printer, register), printer.cutter)
    content = escpos.rows(rows(_slip(register, by, document), paper.columns), paper)
    try:
        target = target_of(printer)
        db.session.rollback()  # nothing of the database is held while the printer prints
        drivers.deliver(target, content)
    except Trouble as trouble:
        return trouble.reason
    return ""


def rows(slip: Slip, columns: int) -> list[text.Row]:
    """The paper: between its rows, and above and below them, what makes it none that proves anything."""
    across = text.Row(" ".join([ACROSS] * ((columns + 1) // (len(ACROSS) + 1))).center(columns).rstrip(), strong=True)
    found = [across]
    for i, row in enumerate(text.rows_above_qr(slip, columns), 1):
        found += [row, across] if i % EVERY == 0 else [row]
    return [*found, *text.centred(NO_PROOF, columns), across]


def _slip(register: Register, by: Person, document: Document) -> Slip:
    goods = _goods([line.product for line in document.lines], document.sold_at)
    zone = register.gallery.unit.zone
    off = document.discount
    before = document.total - document.rounding + off
    sums = (("Jumlah", before), ("Diskon nota", -off), ("Pembulatan", document.rounding))
    return Slip(
        gallery=register.gallery.name,
        unit=register.gallery.unit.name,
        contact=(),
        receipt=receipt_number(ACROSS, document.number),
        when=f"{format_datetime(clock.local(document.sold_at, zone), 'd MMM yyyy HH.mm', locale='id')} {zone}",
        business_day="",
        cashier=by.name,
        buyer=BUYER_NAMES[document.buyer],
        refund_of="nota latihan" if document.refund_of else "",
        items=tuple(_item(document, line, goods.get(line.product)) for line in document.lines),
        sums=tuple(row for row in sums if row[1]) if off or document.rounding else (),
        total=document.total,
        paid=tuple(row for payment in document.payments for row in _paid(payment)),
        code="",
        address="",
        typed_at="",
        mark=ACROSS,
    )


def _goods(codes: list[str], instant: datetime) -> dict[str, Any]:
    """What these codes stand for, by code, with its prices at `instant`; the words of the paper are the catalogue's,
    not the sender's."""
    query = (
        sa.select(Barcode.code, Product.name, Unit.name.label("maker"), Product.auction)
        .add_columns(Price.amount, Price.wholesale, Price.wholesale_from, Price.inside)
        .join(Product, Product.id == Barcode.product_id)
        .join(Unit, Unit.id == Product.maker_id)
        .join(Price, Price.id == price_id_at(instant))
        .where(Barcode.code.in_(codes))
    )
    return {row.code: row for row in db.session.execute(query)}


def _rate(document: Document, line: Line, item: Any) -> str:
    """Which of its prices the line was sold at, as on a real nota."""
    if item.auction and document.channel == "lelang":
        return "auction" if line.unit_price >= item.amount else ""
    asked, rate = lowest(item.amount, More.of(item), line.quantity, document.buyer)
    return rate if line.unit_price == asked else ""


def _item(document: Document, line: Line, item: Any | None) -> Item:
    return Item(
        name=item.name if item else line.product,
        maker=item.maker if item else "-",
        rate=RATE_NAMES.get(_rate(document, line, item), "") if item else "",
        quantity=money.quantity_text(line.quantity),
        unit_price=line.unit_price,
        gross=money.gross(line.quantity, line.unit_price),
        discount=line.discount,
    )


def _paid(payment: Tender) -> list[tuple[str, int]]:
    if payment.tendered <= 0:
        return [(f"Dikembalikan {TENDER_NAMES[payment.method]}", payment.change - payment.tendered)]
    rest = [("Kembalian", payment.change)] if payment.change else []
    return [(TENDER_NAMES[payment.method], payment.tendered), *rest]

"""Whether the rows of every sale still say what its document said when it came."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from pos import clock, money
from pos.catalog.models import Barcode
from pos.db import db
from pos.errors import PosError
from pos.register import document as documents
from pos.register.document import Document, Line
from pos.register.lookup import receipt_number
from pos.register.models import Payment, Sale, SaleLine
from pos.units.models import Register, User

AT_A_TIME = 500
SAME_NAME = (
    *("id", "number", "sold_at", "buyer", "buyer_ref", "channel", "refund_of", "note"),
    *("discount", "rounding", "total"),
)

_SALES = (
    sa.select(
        *(getattr(Sale, name) for name in SAME_NAME),
        Sale.receipt,
        Sale.business_date,
        Sale.zone,
        Sale.gallery_id,
        Sale.document,
        Sale.shift_id,
        Sale.flags,
        Register.code.label("register"),
        User.username.label("cashier"),
    )
    .join(Register, Register.id == Sale.register_id)
    .join(User, User.id == Sale.cashier_id)
    .order_by(Sale.id)
)
_LINES = (
    sa.select(
        SaleLine.sale_id,
        SaleLine.position,
        SaleLine.barcode,
        SaleLine.quantity,
        SaleLine.unit_price,
        SaleLine.discount,
        SaleLine.amount,
        SaleLine.gallery_id,
        SaleLine.business_date,
        (SaleLine.product_id == Barcode.product_id).label("of_product"),
    )
    .outerjoin(Barcode, Barcode.code == SaleLine.barcode)
    .order_by(SaleLine.sale_id, SaleLine.position)
)
_PAYMENTS = sa.select(
    Payment.sale_id, Payment.position, Payment.method, Payment.tendered, Payment.change, Payment.reference
).order_by(Payment.sale_id, Payment.position)


def documents_equal_the_rows() -> Iterator[str]:
    """Each sale that differs from its document, and in what; a few hundred sales are held at a time."""
    sales = db.session.execute(_SALES.execution_options(yield_per=AT_A_TIME))
    for some in sales.partitions():
        first, last = some[0].id, some[-1].id
        lines = _by_sale(_LINES.where(SaleLine.sale_id.between(first, last)))
        payments = _by_sale(_PAYMENTS.where(Payment.sale_id.between(first, last)))
        for sale in some:
            wrong = list(_differences(sale, lines.get(sale.id, []), payments.get(sale.id, [])))
            if wrong:
                yield f"{sale.receipt}: {', '.join(wrong)}"


def _by_sale(query: Any) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {}
    for row in db.session.execute(query):
        rows.setdefault(row.sale_id, []).append(row)
    return rows


def _differences(sale: Any, lines: list[Any], payments: list[Any]) -> Iterator[str]:
    try:
        document = documents.read(json.loads(sale.document))
    except (ValueError, PosError):
        yield "document"
        return
    yield from (name for name in SAME_NAME if getattr(sale, name) != getattr(document, name))
    if sale.register != document.register:
        yield "register"
    if sale.receipt != receipt_number(document.register, document.number):
        yield "receipt"
    if sale.shift_id != (None if "shift_unknown" in sale.flags.split() else document.shift):
        yield "shift"
    if document.cashier and "cashier_unknown" not in sale.flags.split() and sale.cashier != document.cashier:
        yield "cashier"
    if not _lines_as_written(document, lines):
        yield "lines"
    if not _payments_as_written(document, payments):
        yield "payments"
    if not all(line.of_product for line in lines):
        yield "product"
    if any(line.gallery_id != sale.gallery_id for line in lines):
        yield "gallery"
    if not _on_its_day(sale, lines):
        yield "business_date"


def _lines_as_written(document: Document, lines: list[Any]) -> bool:
    written = [
        (i, n.product, n.quantity, n.unit_price, _discount(document, n), n.amount) for i, n in enumerate(document.lines)
    ]
    return written == [(n.position, n.barcode, n.quantity, n.unit_price, n.discount, n.amount) for n in lines]


def _discount(document: Document, line: Line) -> int:
    """A refunded line carries all that was taken off what comes back, the bill's part too, whatever it says itself."""
    return line.discount if document.refund_of is None else money.gross(line.quantity, line.unit_price) - line.amount


def _payments_as_written(document: Document, payments: list[Any]) -> bool:
    written = [(i, p.method, p.tendered, p.change, p.reference) for i, p in enumerate(document.payments)]
    return written == [(p.position, p.method, p.tendered, p.change, p.reference) for p in payments]


def _on_its_day(sale: Any, lines: list[Any]) -> bool:
    """The gallery's cut-off may have been another one then: the local day of the sale, or the one before."""
    if sale.zone not in clock.ZONES:
        return False
    earlier = clock.day_of(sale.sold_at, sale.zone) - sale.business_date
    return timedelta(0) <= earlier <= timedelta(days=1) and all(n.business_date == sale.business_date for n in lines)

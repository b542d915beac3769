"""What was sold, as a till needs to know it to take it back."""

from collections import Counter
from typing import Any

import sqlalchemy as sa

from pos import clock, money
from pos.db import db
from pos.errors import NotFound
from pos.register.lookup import sale_for
from pos.register.models import OWED, Payment, Sale
from pos.register.owed import left, left_of, settlements_of
from pos.register.refund import quantities_returned, rounding_returned
from pos.register.tills import register_for
from pos.register.ways import method_now, reference_now
from pos.units.models import Unit
from pos.units.services import Person

MOST_RECENT = 20


def facts(person: Person, receipt: str) -> dict[str, Any]:
    """One sale within the person's scope: what it says, and what is left of each line to give back."""
    sale = sale_for(person, receipt)
    original = db.session.get(Sale, sale.refund_of) if sale.refund_of else None
    returned = quantities_returned(db.session.connection(), sale.id)
    return {
        "id": sale.id,
        "receipt": sale.receipt,
        "register": sale.register.code,
        "unit": db.session.scalar(sa.select(Unit.name).where(Unit.id == sale.seller_id)),
        "gallery": sale.gallery_name,
        "sold_at": clock.local(sale.sold_at, sale.zone).isoformat(timespec="milliseconds"),
        "business_date": sale.business_date.isoformat(),
        "zone": sale.zone,
        "buyer": sale.buyer,
        "channel": sale.channel,
        "total": sale.total,
        "rounding": sale.rounding,
        "rounding_returned": -rounding_returned(db.session.connection(), sale.id),
        "refund_of": original.receipt if original else None,
        "lines": [_line(line, returned.get(line.position, 0)) for line in sale.lines],
        "paid": _paid(sale),
        "owed": left(sale),
    }


def _line(line: Any, returned: int) -> dict[str, Any]:
    return {
        "product_id": line.product_id,
        "product": line.barcode,
        "name": line.name,
        "unit_of_measure": line.unit_of_measure,
        "unit_price": line.unit_price,
        "quantity": line.quantity,
        "amount": line.amount,
        "returned": returned,
        "left": max(0, line.quantity - returned),
        "amount_left": money.portion(line.amount, returned, max(0, line.quantity - returned), abs(line.quantity)),
    }


def _paid(sale: Sale) -> list[dict[str, Any]]:
    """What was paid in each way, and how much of that went back the same way already."""
    net = Payment.tendered - Payment.change
    paid = sa.select(method_now(), reference_now(), net).where(Payment.sale_id == sale.id).order_by(Payment.position)
    back = sa.select(method_now(), -net).join(Sale, Sale.id == Payment.sale_id).where(Sale.refund_of == sale.id)
    gone: Counter[str] = Counter()
    for method, amount in db.session.execute(back):
        gone[method] += amount
    rows = []
    for method, reference, amount in db.session.execute(paid):
        returned = min(amount, gone[method]) if amount > 0 else 0
        gone[method] -= returned
        rows.append({"method": method, "reference": reference, "amount": amount, "returned": returned})
    return _with_settlements(sale, rows)


def _with_settlements(sale: Sale, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was paid off is owed no longer: it can come back the way it was paid."""
    for settlement in settlements_of(sale):
        rest = settlement.amount
        for row in (row for row in rows if row["method"] == OWED):
            part = min(rest, row["amount"] - row["returned"])
            row["returned"] += part
            rest -= part
        way = {"method": settlement.method, "reference": settlement.reference}
        rows.append(way | {"amount": settlement.amount, "returned": 0})
    return rows


def recent(person: Person, register: str) -> list[dict[str, Any]]:
    """The newest sales and refunds of a register in the person's scope, by number from the last."""
    place = register_for(person, register)
    if place is None:
        raise NotFound("Kasir %(register)s tidak ada atau di luar wewenang Anda.", register=register)
    query = sa.select(Sale).where(Sale.register_id == place.id).order_by(Sale.number.desc()).limit(MOST_RECENT)
    sales = list(db.session.scalars(query))
    ids = [sale.id for sale in sales]
    paid = sa.select(Payment.sale_id, method_now()).where(Payment.sale_id.in_(ids)).order_by(Payment.position)
    methods: dict[str, list[str]] = {}
    for sale_id, method in db.session.execute(paid):
        if method not in methods.setdefault(sale_id, []):
            methods[sale_id].append(method)
    back = sa.select(Sale.refund_of, sa.func.sum(Sale.total)).where(Sale.refund_of.in_(ids)).group_by(Sale.refund_of)
    owed = left_of(ids)
    returned = {sale_id: -int(total) for sale_id, total in db.session.execute(back)}
    return [
        {
            "id": sale.id,
            "receipt": sale.receipt,
            "number": sale.number,
            "sold_at": clock.local(sale.sold_at, sale.zone).isoformat(timespec="milliseconds"),
            "total": sale.total,
            "methods": methods.get(sale.id, []),
            "is_refund": sale.refund_of is not None,
            "returned": returned.get(sale.id, 0),
            "owed": owed.get(sale.id, 0),
        }
        for sale in sales
    ]

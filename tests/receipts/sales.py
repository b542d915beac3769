"""Sales to print, prove and look up."""

from typing import Any

from pos.catalog.services import add_product
from pos.db import atomic
from pos.register.lookup import sale_numbered
from pos.register.models import Sale
from pos.register.services import record
from pos.units import services as units
from tests import world

NASTY = "Tas \x1bp\x00\x19\xfa rajut \u202e\x07 ikat\n“Tanimbar” ×2 — naïve 袋 🛍"


def sold(app: Any, *who: str, **over: Any) -> tuple[str, str]:
    """(number, 16 characters) of a fresh sale."""
    with app.app_context():
        recorded = world.sell(*who, **over)
    return recorded.receipt, recorded.code


def refund(app: Any, receipt: str, pieces: int = 1) -> tuple[str, str]:
    """Give back `pieces` bags of that sale, in cash."""
    with app.app_context():
        amount = world.price("Tas rajut") * pieces
        body = world.sale(lines=[("Tas rajut", 1000)])
        body |= {"refund_of": sale_numbered(receipt).id, "total": -amount}
        body["payments"] = [{"method": "cash", "tendered": 0, "change": amount, "reference": ""}]
        body["lines"][0] |= {"quantity": -1000 * pieces, "amount": -amount}
        recorded = record(body, world.person("kasir"))
    return recorded.receipt, recorded.code


def sale_of(name: str, price: int = 12_500_000, quantity: int = 1000, **over: Any) -> Sale:
    """A sale of a product made for this test; call inside an application context."""
    with atomic():
        product = add_product(
            units.unit_named("Lapas Perempuan Kelas III Ambon"), name, "kuliner", price, from_at=world.LONG_AGO
        )
    code = product.barcodes[0].code
    body = world.sale(lines=[("Tas rajut", quantity)], **over)
    amount = price * quantity // 1000
    body["lines"][0] |= {"product": code, "unit_price": price, "amount": amount}
    body |= {"total": amount, "payments": [{"method": "debit", "tendered": amount, "change": 0, "reference": ""}]}
    return sale_numbered(record(body, world.person("kasir")).receipt)

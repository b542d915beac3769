"""What happens at a counter, for the tests of the till: a scanner, fingers, a new price, and what is on the books."""

import time
from typing import Any

import sqlalchemy as sa
from flask import Flask

from pos import clock
from pos.catalog.models import Price, Product
from pos.catalog.services import next_version
from pos.db import atomic, db
from pos.register.models import Payment, Sale, SaleLine

SALES = "**/api/sales"


def scan(page: Any, code: str, start: float | None = None) -> None:
    """What a scanner does: keys 5 ms apart by their own time stamps, however slow the test machine, and Enter.

    `start` is when it begins by those stamps, in seconds since 1970; else now.
    """
    keyboard = page.context.new_cdp_session(page)
    start = start or time.time()
    for i, key in enumerate([*code, "Enter"]):
        event = {"key": key, "timestamp": start + i * 0.005}
        event |= {"windowsVirtualKeyCode": 13, "text": "\r"} if key == "Enter" else {"text": key}
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyDown", **event})
        keyboard.send("Input.dispatchKeyEvent", {"type": "keyUp", **event, "text": ""})
    keyboard.detach()


def by_hand(page: Any, text: str) -> None:
    """What fingers do: keys with a pause after each."""
    page.keyboard.type(text, delay=120)
    page.wait_for_timeout(250)


def send_now(page: Any) -> None:
    """Press what sends the queue; unless the till was faster, for it sends by itself, and hid the button."""
    page.locator("#queue[open] #queue-send").dispatch_event("click")


def sales(app: Flask) -> list[dict[str, Any]]:
    """Every sale on the books, by number, with its lines as (name, thousandths, amount)."""
    with app.app_context():
        rows = db.session.scalars(sa.select(Sale).order_by(Sale.register_id, Sale.number)).all()
        found = []
        for row in rows:
            lines = db.session.scalars(sa.select(SaleLine).where(SaleLine.sale_id == row.id).order_by("position"))
            payments = db.session.scalars(sa.select(Payment).where(Payment.sale_id == row.id).order_by("position"))
            found.append(
                {
                    "receipt": row.receipt,
                    "total": row.total,
                    "buyer": row.buyer,
                    "channel": row.channel,
                    "flags": row.flags,
                    "day": row.business_date,
                    "lines": [(line.name, line.quantity, line.amount) for line in lines],
                    "payments": [(p.method, p.tendered, p.change, p.reference) for p in payments],
                }
            )
        return found


def set_price(app: Flask, name: str, amount: int, **more: int) -> None:
    with app.app_context(), atomic() as session:
        product = session.scalar(sa.select(Product).where(Product.name == name))
        session.add(Price(product_id=product.id, from_at=clock.now(), amount=amount, cost=50_000, **more))
        product.version = next_version()

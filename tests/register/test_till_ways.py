"""Goods that are sold in their own way: a piece at an auction, and what is made once it is ordered."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.catalog.models import Product
from pos.catalog.services import next_version
from pos.db import atomic, db
from pos.register.models import SaleLine
from pos.units.models import Gallery
from tests.receipts.paperboy import Paperboy
from tests.receipts.test_printing import connect
from tests.register.counter import sales, scan
from tests.waiting import until

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def test_a_bid_a_down_payment_and_a_printed_lesson(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    with app.app_context(), atomic() as session:
        version = next_version()
        for name, flag in (("Tas rajut", "auction"), ("Cuci motor", "made_to_order")):
            product = session.scalar(sa.select(Product).where(Product.name == name))
            setattr(product, flag, True)
            product.version = version
        session.execute(sa.update(Gallery).values(down_payment=30))
    printer = Paperboy()
    connect(app, printer.port, columns=32)
    page = till()
    scan(page, codes["Tas rajut"])
    page.locator("#bid-field").fill("79.000")
    page.keyboard.press("Enter")
    expect(page.locator("#bid-error")).to_contain_text("Rp80.000")
    page.locator("#bid-field").fill("95000")
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_have_text("Rp95.000")
    expect(page.locator(".line .line-rate")).to_have_text("lelang")
    page.keyboard.press("F4")
    page.locator("#pay-go").click()
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")

    scan(page, codes["Cuci motor"])
    expect(page.locator("#channel")).to_have_value("pesanan")
    page.keyboard.press("F4")
    page.get_by_role("button", name="Uang muka Rp5.000").click()  # 30% of Rp15.000, in whole thousands
    page.locator("#pay-go").click()
    page.locator("#pay-reference").fill("Ibu Maria")
    page.locator("#pay-go").click()
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000002")
    assert [(s["total"], s["channel"], s["flags"]) for s in sales(app)] == [
        (95_000, "lelang", ""),
        (15_000, "pesanan", ""),
    ]
    with app.app_context():
        assert db.session.scalars(sa.select(SaleLine.rate).order_by(SaleLine.amount)).all() == ["", "auction"]

    page.goto("/kasir?latihan")
    page.locator("#till").wait_for()
    scan(page, codes["Air mineral PIPAS"])
    expect(page.locator("#channel")).to_have_value("galeri")
    page.keyboard.press("F4")
    page.locator("#pay-go").click()
    page.locator("#print").click()
    expect(page.locator("#print-state")).to_have_text("Nota tercetak.")
    until(lambda: any("LATIHAN-000001" in row for row in printer.rows))
    assert len(sales(app)) == 2
    printer.close()

"""An officer who buys is asked the inside price and may leave a staff number; nobody else is."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.db import db
from pos.register.models import Sale
from tests.register.counter import sales, scan, set_price


@pytest.mark.browser
def test_an_officer_pays_the_inside_price_and_the_staff_number_goes_with_the_nota(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    set_price(app, "Tas rajut", 80_000, wholesale=70_000, wholesale_from=3_000, inside=75_000)
    page = till()
    scan(page, codes["Tas rajut"])
    rate, total = page.locator("#lines .line .line-rate"), page.locator("#total")
    expect(total).to_have_text("Rp80.000")
    expect(rate).to_be_hidden()
    expect(page.locator("#buyer-ref-line")).to_be_hidden()
    page.get_by_label("Petugas", exact=True).check()
    page.locator("#buyer-ref").fill("19800101 200501 1 001")
    expect(rate).to_have_text("harga dalam")
    expect(total).to_have_text("Rp75.000")
    page.keyboard.press("F8")
    expect(total).to_have_text("Rp0")
    page.keyboard.press("F8")
    page.locator(".held-cart").click()
    expect(rate).to_have_text("harga dalam")
    scan(page, codes["Tas rajut"])
    page.get_by_role("button", name="Tambah Tas rajut").click()
    expect(rate).to_have_text("grosir")
    expect(total).to_have_text("Rp210.000")
    page.get_by_role("button", name="Kurangi Tas rajut").click()
    expect(total).to_have_text("Rp150.000")
    set_price(app, "Tas rajut", 90_000, inside=76_000)
    page.keyboard.press("F4")
    page.locator("#pay-go").click()
    expect(page.locator("#say")).to_contain_text("Harga Tas rajut berubah dari Rp75.000 menjadi Rp76.000")
    page.keyboard.press("F4")
    page.locator("#pay-go").click()
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    [sale] = sales(app)
    assert (sale["buyer"], sale["lines"], sale["flags"]) == ("petugas", [("Tas rajut", 2000, 152_000)], "")
    with app.app_context():
        assert db.session.scalars(sa.select(Sale.buyer_ref)).all() == ["198001012005011001"]

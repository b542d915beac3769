"""Giving something away at the till, by keyboard and by thumb; above the limit somebody of the staff agrees."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.db import db
from pos.register.models import Sale, SaleLine
from tests.register.after import PIN, give_pin
from tests.register.counter import by_hand, is_kept, sales, scan

pytestmark = pytest.mark.browser
APPROVALS = "**/api/approvals"


@pytest.fixture(autouse=True)
def pins(app: Flask) -> None:
    with app.app_context():
        give_pin("petugas")


def discounts(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(sa.select(SaleLine.discount).order_by(SaleLine.sale_id, SaleLine.position)))


def half_price(page: Any, codes: dict[str, str]) -> None:
    """A bag in the cart for half of its Rp80.000, and F4."""
    page.locator("#agree").wait_for(state="attached")
    scan(page, codes["Tas rajut"])
    page.locator("#discount").fill("40.000")
    page.keyboard.press("F4")
    page.locator("#agree").wait_for()


def agree(page: Any, pin: str = PIN) -> None:
    page.locator("#agree-reason").fill("Barang pameran")
    page.locator("#agree-username").fill("petugas")
    page.locator("#agree-pin").fill(pin)
    page.keyboard.press("Enter")


def test_a_line_discount_by_keyboard_alone(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    scan(page, codes["Cuci motor"])
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Jumlah Cuci motor")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("d")
    expect(page.locator("#line-off-field")).to_be_focused()
    by_hand(page, "101%")
    page.keyboard.press("Enter")
    expect(page.locator("#line-off-error")).to_contain_text("persen bulat")
    page.keyboard.press("Control+a")
    by_hand(page, "10%")
    expect(page.locator("#line-off-left")).to_have_text("Rp72.000")
    page.keyboard.press("Enter")
    expect(page.locator(".line .line-amount")).to_have_text(["Rp72.000−8.000", "Rp15.000"])
    expect(page.locator("#sums")).to_have_text("Diskon barang−8.000")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("F4")
    expect(page.locator("#pay-total")).to_have_text("Rp87.000")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    expect(page.locator("#slip")).to_contain_text("1 buah × 80.00080.000Diskon−8.000")
    [sale] = sales(app)
    assert sale["lines"] == [("Tas rajut", 1000, 72_000), ("Cuci motor", 1000, 15_000)] and sale["flags"] == ""
    assert discounts(app) == [8_000, 0]


def test_a_line_discount_with_a_thumb_on_a_phone(till: Any, app: Flask, expect: Any) -> None:
    page = till(360, 740)
    page.get_by_role("option", name="Tas rajut").click()
    page.get_by_role("button", name="Rp80.000").click()
    page.locator("#line-off").wait_for()
    assert page.evaluate(
        "document.querySelector('#line-off').scrollWidth <= document.querySelector('#line-off').clientWidth"
    )
    small = """[...document.querySelectorAll('#line-off :is(button, :has(> input[type=radio]))')]
        .map((element) => [element.textContent, element.getBoundingClientRect()])
        .filter(([, box]) => box.height < 43.5 || box.width < 43.5).map(([name]) => name)"""
    assert page.evaluate(small) == []
    page.get_by_role("button", name="5%", exact=True).click()
    page.get_by_role("button", name="Beri diskon").click()
    expect(page.locator(".line .line-amount")).to_have_text("Rp76.000−4.000")
    page.locator(".line .line-amount").click()
    page.locator("#line-off-field").fill("80.001")
    expect(page.locator("#line-off-error")).to_have_text("Paling banyak Rp80.000, harga baris ini.")
    page.locator("#line-off-field").fill("3.500")
    page.get_by_role("button", name="Beri diskon").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    is_kept(page)
    page.reload()
    expect(page.locator("#total")).to_have_text("Rp76.500")
    page.get_by_role("button", name="Tunai").click()
    page.locator("#pay-go").click()
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    assert discounts(app) == [3_500]


def test_percent_of_the_bill_with_a_thumb_on_a_phone(till: Any, app: Flask, expect: Any) -> None:
    page = till(360, 740)
    page.locator("#more").click()
    expect(page.get_by_role("button", name="Persen dari jumlah belanja")).to_be_disabled()
    page.locator("#more").click()
    page.get_by_role("option", name="Tas rajut").click()
    page.get_by_role("button", name="Tambah Tas rajut").click()
    page.get_by_role("option", name="Cuci motor").click()
    page.locator("#more").click()
    page.get_by_role("button", name="Persen dari jumlah belanja").click()
    expect(page.locator("#line-off-title")).to_have_text("Diskon nota")
    expect(page.locator("#line-off-about")).to_have_text("Jumlah Rp175.000")
    page.locator("#line-off-field").fill("175.001")
    expect(page.locator("#line-off-error")).to_have_text("Paling banyak Rp175.000, jumlah belanja ini.")
    page.get_by_role("button", name="20%", exact=True).click()
    expect(page.locator("#line-off-left")).to_have_text("Rp140.000")
    page.get_by_role("button", name="Beri diskon").click()
    expect(page.locator("#discount")).to_have_value("35.000")
    page.get_by_role("button", name="Tunai").click()
    expect(page.locator("#agree-about")).to_contain_text("Rp35.000 dari barang senilai Rp175.000")
    agree(page)
    page.locator("#pay-go").click()
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    with app.app_context():
        sale = db.session.scalars(sa.select(Sale)).one()
        assert (sale.discount, sale.total, sale.flags) == (35_000, 140_000, "")


def test_no_discount_is_one_tap_away(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    for press, amount in (("50%", "Rp40.000−40.000"), ("Tanpa diskon", "Rp80.000")):
        page.locator(".line .line-amount").click()
        page.get_by_role("button", name=press).click()
        page.keyboard.press("Enter")
        expect(page.locator(".line .line-amount")).to_have_text(amount)


def test_above_the_limit_the_staff_agrees_by_pin(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    half_price(page, codes)
    expect(page.locator("#agree-about")).to_have_text(
        "Diskon Rp40.000 dari barang senilai Rp80.000 melebihi batas kasir, Rp8.000."
    )
    agree(page)
    expect(page.locator("#pay-total")).to_have_text("Rp40.000")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    assert sales(app)[0]["flags"] == ""
    with app.app_context():
        approval = db.session.scalars(sa.select(Sale)).one().approval
        assert approval and (approval.approver.username, approval.reason) == ("petugas", "Barang pameran")
        assert (approval.given, approval.goods) == (40_000, 80_000)


def test_what_was_agreed_holds_for_that_much_and_no_more(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till()
    half_price(page, codes)
    agree(page)
    expect(page.locator("#pay-total")).to_have_text("Rp40.000")
    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_be_focused()
    page.locator("#discount").fill("39.000")
    page.keyboard.press("F4")
    expect(page.locator("#pay-total")).to_have_text("Rp41.000")
    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_be_focused()
    page.locator("#discount").fill("40.001")
    page.keyboard.press("F4")
    expect(page.locator("#agree")).to_be_visible()


def test_a_wrong_pin_keeps_the_cart(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    half_price(page, codes)
    agree(page, "000000")
    expect(page.locator("#agree-error")).to_have_text("Nama atau PIN salah.")
    expect(page.locator("#agree-pin")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#agree")).to_be_hidden()
    expect(page.locator("#pay")).to_be_hidden()
    expect(page.locator("#total")).to_have_text("Rp40.000")
    expect(page.locator("#find")).to_be_focused()
    page.locator("#discount").fill("8.000")
    page.keyboard.press("F4")
    expect(page.locator("#pay-total")).to_have_text("Rp72.000")
    assert sales(app) == []


def test_without_the_server_it_goes_on_and_is_flagged(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    page.route(APPROVALS, lambda route: route.abort())
    half_price(page, codes)
    agree(page)
    expect(page.locator("#agree-error")).to_contain_text("nota ini akan ditandai")
    page.get_by_role("button", name="Lanjut tanpa persetujuan").click()
    expect(page.locator("#pay-total")).to_have_text("Rp40.000")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    assert sales(app)[0]["flags"] == "discount"


def test_the_staff_is_not_asked(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till(who="petugas")
    scan(page, codes["Tas rajut"])
    page.locator("#discount").fill("40.000")
    page.keyboard.press("F4")
    expect(page.locator("#pay-total")).to_have_text("Rp40.000")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    assert sales(app)[0]["flags"] == ""

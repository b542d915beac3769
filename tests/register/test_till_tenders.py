"""Paying in parts, with rounding, and carts that wait."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.db import atomic
from pos.units.models import Gallery
from tests.register.counter import by_hand, is_kept, sales, scan

pytestmark = pytest.mark.browser


def round_to(app: Flask, step: int) -> None:
    with app.app_context(), atomic() as session:
        session.execute(sa.update(Gallery).values(rounding_step=step))


def test_a_bill_is_paid_in_three_parts_by_keyboard(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.get_by_role("button", name="Rp100.000", exact=True).click()
    expect(page.locator("#pay-go")).to_be_focused()
    by_hand(page, "30000")  # it is another note after all
    expect(page.locator("#pay-go")).to_have_text("Terima Rp30.000, sisa Rp50.000")
    page.keyboard.press("Enter")
    expect(page.locator("#pay-taken")).to_contain_text("Rp30.000")
    expect(page.locator("#pay-reference")).to_be_focused()
    page.locator("#pay-part").fill("20000")
    page.locator("#pay-reference").fill("QR-1")
    page.keyboard.press("Enter")
    page.keyboard.press("F6")
    page.locator("#pay-part").fill("40000")
    page.locator("#pay-reference").fill("QR-2")
    page.keyboard.press("Enter")
    expect(page.locator("#pay-error")).to_have_text("Yang harus dibayar tinggal Rp30.000.")
    page.locator("#pay-part").fill("")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    [sale] = sales(app)
    assert sale["payments"] == [("qris", 20_000, 0, "QR-1"), ("qris", 30_000, 0, "QR-2"), ("cash", 30_000, 0, "")]


def test_a_part_waits_with_its_cart_and_can_be_given_back(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    by_hand(page, "10000")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#sums")).to_have_text("Sudah diterima10.000")
    page.keyboard.press("F8")
    expect(page.locator("#say")).to_contain_text("ditahan")
    is_kept(page)
    page.reload()
    expect(page.locator("#hold-text")).to_have_text("Ditahan (1)")
    page.keyboard.press("F8")
    expect(page.locator("#held-list")).to_contain_text("Sudah diterima Rp10.000 · 1 buah Tas rajut")
    page.keyboard.press("Enter")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#sure-text")).to_contain_text("Rp10.000 yang sudah diterima harus dikembalikan.")
    page.keyboard.press("Enter")
    page.keyboard.press("F4")
    expect(page.locator("#pay-taken li")).to_have_count(1)
    page.get_by_role("button", name="Batalkan pembayaran ini").click()
    expect(page.locator("#pay-taken li")).to_have_count(0)
    expect(page.get_by_role("button", name="Uang pas Rp80.000")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    [sale] = sales(app)
    assert sale["payments"] == [("cash", 80_000, 0, "")]


def test_cash_is_rounded_and_what_is_not_cash_is_not(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    round_to(app, 500)
    page = till()
    scan(page, codes["Tas rajut"])
    page.locator("#discount").fill("1.770")
    page.keyboard.press("F6")
    expect(page.locator("#pay-total")).to_have_text("Rp78.230")
    page.keyboard.press("F4")
    expect(page.locator("#pay-total")).to_have_text("Rp78.000")
    expect(page.locator("#pay-rounding")).to_have_text("Pembulatan −Rp230")
    page.keyboard.press("Enter")
    expect(page.locator("#slip")).to_contain_text("Pembulatan")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    [sale] = sales(app)
    assert sale["total"] == 78_000 and sale["lines"] == [("Tas rajut", 1000, 78_230)]


def test_the_cash_part_of_a_split_bill_is_what_is_rounded(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    round_to(app, 100)
    page = till()

    def pay(method: str, amount: str, reference: str = "") -> None:
        page.keyboard.press(method)
        page.locator("#pay-part:visible, #pay-amount:visible").fill(amount)
        if reference:
            page.locator("#pay-reference").fill(reference)
        page.locator("#pay-go").click()

    scan(page, codes["Tas rajut"])
    pay("F6", "12.345", "QR-1")
    expect(page.get_by_role("button", name="Uang pas Rp67.700")).to_be_visible()
    pay("F4", "7.001")
    pay("F4", "")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")

    scan(page, codes["Tas rajut"])
    page.locator("#discount").fill("251")
    pay("F4", "10.000")  # and what is not cash is paid to the rupiah
    expect(page.locator("#pay-part")).to_have_attribute("placeholder", "69.749")
    pay("F6", "", "QR-2")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000002")
    first, second = sales(app)
    paid = [("qris", 12_345, 0, "QR-1"), ("cash", 7_001, 0, ""), ("cash", 60_699, 0, "")]
    assert first["total"] == 80_045 and first["payments"] == paid
    assert second["total"] == 79_749 and second["payments"] == [("qris", 69_749, 0, "QR-2"), ("cash", 10_000, 0, "")]


def test_carts_wait_and_are_taken_up_again_in_any_order(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F8")
    expect(page.locator("#total")).to_have_text("Rp0")
    scan(page, codes["Cuci motor"])
    page.keyboard.press("F8")
    expect(page.locator("#hold-text")).to_have_text("Ditahan (2)")
    is_kept(page)
    page.reload()
    expect(page.locator("#hold-text")).to_have_text("Ditahan (2)")
    page.keyboard.press("F8")
    page.get_by_role("button", name="Tas rajut").click()
    expect(page.locator("#total")).to_have_text("Rp80.000")
    scan(page, codes["Air mineral PIPAS"])
    expect(page.locator("#held-count")).to_have_text("1")
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    page.keyboard.press("F8")
    page.keyboard.press("Enter")  # the only one that waits
    expect(page.locator("#total")).to_have_text("Rp15.000")
    expect(page.locator("#hold-text")).to_have_text("Tahan")
    [sale] = sales(app)  # the other has no number yet
    assert [name for name, *_ in sale["lines"]] == ["Tas rajut", "Air mineral PIPAS"]


def test_an_open_cart_changes_places_with_the_one_that_waits(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till(360, 740)
    page.get_by_role("option", name="Tas rajut").click()
    page.locator("#more").click()
    page.locator("#hold").click()
    expect(page.locator("#total")).to_have_text("Rp0")
    page.locator("#hold").click()
    page.get_by_role("button", name="Tas rajut").click()
    expect(page.locator("#total")).to_have_text("Rp80.000")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

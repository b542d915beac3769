"""Selling at the till in a real browser: by scanner, by keyboard alone, and with a thumb."""

import time
from typing import Any

import pytest
from flask import Flask

from tests.register.counter import by_hand, is_kept, sales, scan

pytestmark = pytest.mark.browser


def test_a_cash_sale_by_keyboard_alone(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    by_hand(page, "keripik")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Jumlah Keripik pisang")).to_be_focused()  # a kilogram product wants its weight
    by_hand(page, "1,5")
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_have_text("Rp155.000")
    page.keyboard.press("F3")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("F4")
    by_hand(page, "200000")
    expect(page.locator("#pay-change")).to_have_text("Rp45.000")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-giant")).to_have_text("Rp45.000")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    with page.context.expect_page() as opened:
        page.keyboard.press("p")
    opened.value.close()
    page.bring_to_front()
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("#total")).to_have_text("Rp0")
    expect(page.locator("#last")).to_contain_text("AMB-1-000001")
    [sale] = sales(app)
    assert sale["lines"] == [("Tas rajut", 1000, 80_000), ("Keripik pisang", 1500, 75_000)]
    assert sale["payments"] == [("cash", 200_000, 45_000, "")] and sale["buyer"] == "keluarga"


def test_a_sale_with_a_thumb_on_a_phone(till: Any, app: Flask, expect: Any) -> None:
    page = till(360, 740)
    page.get_by_role("option", name="Tas rajut").click()
    page.get_by_role("button", name="Tambah Tas rajut").click()
    page.locator("#more").click()
    page.get_by_label("Petugas", exact=True).check()
    page.locator("#more").click()
    page.get_by_role("button", name="Tunai").click()
    page.get_by_role("button", name="Rp200.000").click()
    page.get_by_role("button", name="Terima Rp200.000").click()
    expect(page.locator("#paid-giant")).to_have_text("Rp40.000")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.wait_for_timeout(800)
    page.get_by_role("button", name="Pembeli berikutnya").click()
    [sale] = sales(app)
    assert sale["lines"] == [("Tas rajut", 2000, 160_000)] and sale["buyer"] == "petugas"


def test_everything_is_seen_whole_and_large_enough_to_be_tapped(till: Any, expect: Any) -> None:
    page = till(360, 740)
    page.get_by_role("option", name="Tas rajut").click()
    page.get_by_role("option", name="Keripik pisang").click()
    for name, quantity in (("Tas rajut", "100.000"), ("Keripik pisang", "1234,567")):
        page.get_by_label(f"Jumlah {name}").fill(quantity)
        page.keyboard.press("Enter")
    expect(page.locator(".line .line-field").first).to_have_value("100000")
    cut = """() => [...document.querySelectorAll('.line :is(.line-field, .line-amount)')]
        .filter((element) => element.scrollWidth > element.clientWidth)
        .map((element) => element.value || element.textContent)"""
    for width in (1366, 1024, 360):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(cut) == []
    small = """within => [...document.querySelectorAll(within + ' :is(button, select, [role=option], :has(> input))')]
        .map((element) => [element.textContent.trim(), element.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < 43.5 || box.width < 43.5)).map(([name]) => name)"""
    assert page.evaluate(small, "body") == []
    page.locator("#more").click()
    assert page.evaluate(small, "#panel") == []


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1920, 1080)])
def test_the_frame_does_not_scroll(till: Any, codes: dict[str, str], width: int, height: int) -> None:
    page = till(width, height)
    for code in codes.values():
        scan(page, code)
        page.keyboard.press("F2")
    frame = page.evaluate("[document.documentElement.scrollHeight, document.body.scrollHeight, innerHeight]")
    assert frame == [height, height, height]


def test_five_times_before_a_scan_means_five(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till()
    by_hand(page, "5*")
    scan(page, codes["Tas rajut"])
    expect(page.get_by_label("Jumlah Tas rajut")).to_have_value("5")
    expect(page.locator("#find")).to_have_value("")
    by_hand(page, "1,5*tas")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("dijual utuh")
    expect(page.get_by_label("Jumlah Tas rajut")).to_have_value("5")


def test_thirty_scans_in_three_seconds_all_count(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till()
    start = time.time() + 60  # what follows comes just so, as its keys say, however slow the test machine
    for i in range(30):
        scan(page, codes["Cuci motor" if i % 2 else "Tas rajut"], start + i / 10)
    expect(page.get_by_label("Jumlah Tas rajut")).to_have_value("15")
    expect(page.get_by_label("Jumlah Cuci motor")).to_have_value("15")
    page.wait_for_timeout(200)
    expect(page.locator("#find")).to_have_value("")


def test_a_scan_never_lands_in_a_money_field(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    by_hand(page, "500000")
    scan(page, codes["Cuci motor"])
    expect(page.locator("#pay-amount")).to_have_value("500.000")
    expect(page.locator("#pay-total")).to_have_text("Rp95.000")
    page.locator("#pay-go").focus()  # a digit there would begin another amount
    scan(page, codes["Cuci motor"])
    expect(page.locator("#pay-total")).to_have_text("Rp110.000")
    expect(page.locator("#pay-amount")).to_have_value("500.000")
    assert page.locator("#pay").is_visible() and sales(app) == []


def test_an_amount_typed_very_fast_is_still_an_amount(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    expect(page.locator("#pay-amount")).to_be_focused()
    page.keyboard.type("1234")
    expect(page.locator("#pay-amount")).to_have_value("1.234")  # quick keys are withheld for a moment, never lost
    page.keyboard.press("ControlOrMeta+a")
    page.wait_for_timeout(200)
    page.keyboard.type("1000000")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-giant")).to_contain_text("20.000")


def test_a_scanner_that_stumbles_in_the_search_box_is_understood(till: Any, codes: dict[str, str], expect: Any) -> None:
    page, code = till(), codes["Tas rajut"]
    page.keyboard.type(code[:3])
    page.wait_for_timeout(400)
    page.keyboard.type(code[3:])
    page.keyboard.press("Enter")
    expect(page.locator("#lines .line")).to_have_count(1)


def test_an_unknown_code_keeps_the_cart_and_offers_the_search(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    scan(page, "99999999")
    expect(page.locator("#say")).to_contain_text("Kode 99999999 tidak dikenal")
    expect(page.locator("#total")).to_have_text("Rp80.000")
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("#find")).to_have_value("")


def test_a_product_is_found_by_part_of_its_name_maker_or_code(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till()
    for typed, name in [("rajut", "Tas rajut"), ("kendari", "Meja jati"), (codes["Miniatur kapal"][:6], "Miniatur")]:
        page.locator("#find").fill(typed)
        expect(page.locator("#grid [aria-selected=true]")).to_contain_text(name)
    page.locator("#find").fill("lapas ambon")
    expect(page.locator("#grid [role=option]")).to_have_count(5)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#grid [role=option]").nth(1)).to_have_attribute("aria-selected", "true")
    page.locator("#find").fill("tidak ada barang ini")
    expect(page.locator("#grid")).to_contain_text("Tidak ada produk yang cocok")


def test_the_cart_is_edited_and_cleared_after_asking(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    scan(page, codes["Cuci motor"])
    page.get_by_label("Jumlah Tas rajut").fill("12")
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_have_text("Rp975.000")
    page.get_by_label("Diskon").fill("75000")
    expect(page.locator("#total")).to_have_text("Rp900.000")
    page.get_by_role("button", name="Hapus Cuci motor").click()
    expect(page.locator("#total")).to_have_text("Rp885.000")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Tidak").click()
    expect(page.locator("#total")).to_have_text("Rp885.000")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")  # the answer that loses nothing comes first
    expect(page.locator("#total")).to_have_text("Rp885.000")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ya, kosongkan").click()
    expect(page.locator("#total")).to_have_text("Rp0")


def test_a_page_loaded_anew_goes_on_with_its_cart(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    expect(page.locator("#total")).to_have_text("Rp80.000")
    is_kept(page)
    page.reload()
    expect(page.locator("#total")).to_have_text("Rp80.000")


def test_qris_needs_its_reference_and_keeps_it(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F6")
    page.keyboard.press("Enter")
    expect(page.locator("#pay-error")).to_contain_text("nomor referensi")
    by_hand(page, "QR 7781")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    expect(page.locator("#paid-label")).to_have_text("Lunas")
    assert sales(app)[0]["payments"] == [("qris", 80_000, 0, "QR 7781")]


def test_qris_has_its_limit(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    page.locator("#find").fill("2*meja")
    page.keyboard.press("Enter")
    page.keyboard.press("F6")
    by_hand(page, "REF")
    page.keyboard.press("Enter")
    expect(page.locator("#pay-error")).to_contain_text("Rp10.000.000")
    assert sales(app) == []


def test_a_weight_that_is_still_being_typed_is_paid_for(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    scan(page, codes["Keripik pisang"])
    by_hand(page, "1,5")
    expect(page.locator("#total")).to_have_text("Rp75.000")
    page.keyboard.press("F4")
    expect(page.locator("#pay-total")).to_have_text("Rp75.000")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    expect(page.locator("#next")).to_be_focused()
    assert sales(app)[0]["payments"] == [("cash", 75_000, 0, "")]


def test_a_weight_has_at_most_three_decimals(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Keripik pisang"])
    by_hand(page, "1,2345")
    page.keyboard.press("F4")
    expect(page.locator("#say")).to_contain_text("paling banyak tiga angka")
    expect(page.locator("#pay")).to_be_hidden()


def test_part_of_a_code_is_no_product(till: Any, codes: dict[str, str], expect: Any) -> None:
    page, code = till(), codes["Tas rajut"]
    by_hand(page, code[:6])
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("tidak dikenal")
    expect(page.locator("#lines .line")).to_have_count(0)
    by_hand(page, code[:6])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#lines .line")).to_have_count(1)


def test_a_bill_discount_is_rupiah_at_once_and_the_column_adds_up(
    till: Any, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    page.get_by_label("Diskon").fill("10%")
    expect(page.locator("#discount-error")).to_contain_text("Scan barangnya dahulu")
    scan(page, codes["Tas rajut"])
    page.get_by_label("Diskon").fill("101%")
    expect(page.locator("#discount-error")).to_contain_text("persen bulat sampai seratus")
    expect(page.locator("#total")).to_have_text("Rp80.000")
    page.keyboard.press("F4")
    expect(page.locator("#pay")).to_be_hidden()
    page.get_by_label("Diskon").fill("10%")
    expect(page.get_by_label("Diskon")).to_have_value("8.000")
    expect(page.locator("#discount-error")).to_be_empty()
    page.keyboard.press("Enter")
    scan(page, codes["Cuci motor"])
    expect(page.locator("#total")).to_have_text("Rp87.000")  # what was given stays, like that of a line
    page.get_by_label("Diskon").fill("5000")
    expect(page.locator(".line .line-amount")).to_have_text(["Rp80.000", "Rp15.000"])
    expect(page.locator("#sums")).to_have_text("Jumlah95.000Diskon−5.000")
    expect(page.locator("#total")).to_have_text("Rp90.000")

"""After the sale at the till: a receipt is scanned, goods come back, money is given back; once, and approved."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.db import atomic
from pos.units.models import Gallery
from tests import world
from tests.register.after import PIN, give_back, give_pin
from tests.register.counter import SALES, by_hand, is_kept, sales, scan, send_now

pytestmark = pytest.mark.browser


@pytest.fixture
def sold(app: Flask) -> Any:
    """A sale of yesterday: three bags and a discount that does not divide by three."""
    with app.app_context():
        give_pin("petugas")
        return world.sell(lines=[("Tas rajut", 3000), ("Keripik pisang", 1500)], discount=10_000, at=earlier())


def earlier() -> str:
    return "2026-04-20T10:00:00+09:00"


def qr_of(sold: Any) -> str:
    return f"HTTPS://ETALASE.TEST/NOTA/{sold.receipt}-{sold.code}"


def agree(page: Any, pin: str = PIN) -> None:
    page.locator("#back-username").fill("petugas")
    page.locator("#back-pin").fill(pin)
    page.locator("#back-go").click()


def test_a_refund_by_scanning_the_receipt_with_the_pin_of_the_staff(
    till: Any, app: Flask, codes: dict[str, str], sold: Any, expect: Any
) -> None:
    page = till()
    scan(page, codes["Cuci motor"])
    scan(page, qr_of(sold))
    expect(page.locator("#back-title")).to_have_text("Retur nota AMB-1-000001")
    scan(page, codes["Tas rajut"])
    expect(page.get_by_label("Retur Tas rajut")).to_have_value("1")
    page.get_by_label("Retur Keripik pisang").fill("0,25")
    expect(page.locator("#back-total")).to_have_text("Rp89.563")
    page.get_by_role("button", name="Barang cacat").click()
    page.locator("#back-go").click()
    expect(page.locator("#back-error")).to_contain_text("nama masuk petugas")
    agree(page, "000000")
    expect(page.locator("#back-error")).to_contain_text("Nama atau PIN salah")
    assert len(sales(app)) == 1
    agree(page)
    expect(page.locator("#back-giant")).to_have_text("Rp89.563")
    expect(page.locator("#back-done-text")).to_contain_text("Retur AMB-1-000002 dari nota AMB-1-000001")
    page.keyboard.press("Enter")
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("#total")).to_have_text("Rp15.000")  # the open cart stayed
    refund = sales(app)[1]
    assert refund["flags"] == "" and refund["payments"] == [("cash", 0, 89_563, "")]
    assert [line[:2] for line in refund["lines"]] == [("Tas rajut", -1000), ("Keripik pisang", -250)]


@pytest.mark.parametrize("step", [0, 500])
def test_a_discounted_sale_comes_back_in_three_parts_to_the_rupiah(
    till: Any, app: Flask, sold: Any, expect: Any, step: int
) -> None:
    with app.app_context(), atomic() as session:
        session.execute(sa.update(Gallery).values(rounding_step=step))
    page = till()
    for part in range(3):
        page.keyboard.press("F9")
        expect(page.locator("#back-receipt")).to_be_focused()
        by_hand(page, "1")
        page.keyboard.press("Enter")
        expect(page.locator("#back-title")).to_have_text("Retur nota AMB-1-000001")
        if part < 2:
            page.get_by_label("Retur Tas rajut").fill("1")
        else:
            page.get_by_role("button", name="Retur semuanya").click()
        expect(page.locator("#back-rounding")).to_have_text(re.compile("Pembulatan" if step else "^$"))
        page.locator("#back-reason").fill("Jahitan lepas")
        agree(page)
        expect(page.locator("#back-done-text")).to_contain_text(f"Retur AMB-1-{part + 2:06d}")
        page.locator("#back-end").click()
    first, *refunds = sales(app)
    assert -sum(refund["total"] for refund in refunds) == first["total"] == 305_000
    assert {refund["flags"] for refund in refunds} == {""}
    assert {refund["total"] % 500 == 0 for refund in refunds} == {bool(step)}  # in coins there are
    page.keyboard.press("F9")
    expect(page.locator("#back-receipt")).to_be_focused()
    by_hand(page, "1")
    page.keyboard.press("Enter")
    expect(page.locator("#back-find-error")).to_contain_text("sudah diretur")


def test_no_more_comes_back_than_is_left(till: Any, sold: Any, app: Flask, expect: Any) -> None:
    with app.app_context():
        give_back(sold.receipt, {"Tas rajut": 2000})
    page = till()
    scan(page, sold.receipt)
    page.get_by_label("Retur Tas rajut").fill("2")
    expect(page.locator("#back-error")).to_contain_text("paling banyak 1 buah")
    page.locator("#back-reason").focus()
    expect(page.get_by_label("Retur Tas rajut")).to_have_value("1")
    assert page.get_by_role("button", name="Tambah Tas rajut").last.is_disabled()


def test_a_wrong_sale_is_void_in_two_taps(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till(who="petugas")
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    page.wait_for_timeout(800)
    page.get_by_role("button", name="Batalkan nota").click()
    page.get_by_role("button", name="Batalkan nota, kembalikan Rp80.000").click()
    expect(page.locator("#back-giant")).to_have_text("Rp80.000")
    page.keyboard.press("Enter")
    expect(page.locator("#find")).to_be_focused()
    assert [(sale["total"], sale["flags"]) for sale in sales(app)] == [(80_000, ""), (-80_000, "")]


def test_a_sale_of_the_list_is_void_with_a_pin(till: Any, app: Flask, sold: Any, expect: Any) -> None:
    page = till()
    page.get_by_role("button", name="Retur F9").click()
    row = page.locator("#back-recent li", has_text="AMB-1-000001")
    expect(row).to_contain_text("Tunai")
    assert row.get_by_role("link", name="Salinan").get_attribute("href").startswith("/penjualan/AMB-1-000001/cetak")
    row.get_by_role("button", name="Batal").click()
    agree(page)
    expect(page.locator("#back-giant")).to_have_text("Rp305.000")
    page.locator("#back-end").click()
    page.keyboard.press("F9")
    expect(row.first).to_contain_text("diretur semua")
    assert row.get_by_role("button").count() == 0
    with app.app_context():
        assert sales(app)[1]["flags"] == ""


def test_money_goes_back_as_it_was_paid(till: Any, app: Flask, expect: Any) -> None:
    with app.app_context():
        paid = [{"method": "qris", "tendered": 160_000, "change": 0, "reference": "QR 7"}]
        receipt = world.sell(at=earlier(), payments=paid).receipt
    page = till(who="petugas")
    scan(page, receipt)
    page.get_by_label("Retur Tas rajut").fill("1")
    page.get_by_label("Seperti dibayar (QRIS)").check()
    page.locator("#back-reason").fill("Salah warna")
    page.locator("#back-go").click()
    expect(page.locator("#back-done-text")).to_contain_text("QRIS 80.000")
    assert sales(app)[1]["payments"] == [("qris", -80_000, 0, "QR 7")]


def test_two_presses_return_once(till: Any, app: Flask, sold: Any, expect: Any) -> None:
    page = till(who="petugas")
    scan(page, sold.receipt)
    page.get_by_role("button", name="Retur semuanya").click()
    page.locator("#back-reason").fill("Salah barang")
    page.locator("#back-go").dblclick()
    expect(page.locator("#back-done-text")).to_contain_text("AMB-1-000002")
    assert len(sales(app)) == 2


def test_without_the_server_a_known_sale_comes_back_and_an_unknown_one_is_said(
    till: Any, app: Flask, codes: dict[str, str], sold: Any, expect: Any
) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000002")
    page.wait_for_timeout(800)
    page.context.set_offline(True)
    scan(page, sold.receipt)
    expect(page.locator("#back-find-error")).to_contain_text("tidak dikenal di perangkat ini")
    expect(page.locator("#back-offline")).to_be_visible()
    page.locator("#back-recent").get_by_role("button", name="Retur AMB-1-000002").click()
    expect(page.locator("#back-known")).to_be_visible()
    page.get_by_role("button", name="Retur semuanya").click()
    page.locator("#back-reason").fill("Tidak jadi")
    agree(page)
    expect(page.locator("#back-error")).to_contain_text("tanpa persetujuan")
    page.get_by_role("button", name="Retur Rp80.000 tanpa persetujuan").click()
    expect(page.locator("#back-done-text")).to_contain_text("tersimpan di perangkat ini")
    page.evaluate("() => { window.print = () => {}; }")
    page.locator("#back-print").click()
    expect(page.locator(".printout .slip-title")).to_have_text("RETUR")
    expect(page.locator(".printout .slip-facts").first).to_contain_text("Retur atas notaAMB-1-000002")
    page.locator("#back-end").click()
    scan(page, "AMB-1-000002")
    expect(page.locator("#back-find-error")).to_contain_text("sudah diretur")
    page.context.set_offline(False)
    page.locator("#back [data-close]").click()
    page.locator("#unsent").click()
    send_now(page)
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    assert [(s["receipt"], s["total"], s["flags"]) for s in sales(app)[1:]] == [
        ("AMB-1-000002", 80_000, ""),
        ("AMB-1-000003", -80_000, "not_approved"),
    ]


def test_a_sale_that_is_not_sent_yet_can_come_back_and_both_arrive(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till(who="petugas")
    page.route(SALES, lambda route: route.abort())
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-alarm")).to_be_visible()
    page.wait_for_timeout(800)
    page.get_by_role("button", name="Batalkan nota").click()
    page.locator("#back-go").click()
    expect(page.locator("#back-done-text")).to_contain_text("tersimpan di perangkat ini")
    page.locator("#back-end").click()
    page.unroute(SALES)
    page.locator("#unsent").click()
    expect(page.locator("#queue-body")).to_contain_text("-1 buah Tas rajut")
    send_now(page)
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    assert [(s["receipt"], s["total"]) for s in sales(app)] == [("AMB-1-000001", 80_000), ("AMB-1-000002", -80_000)]


def test_the_last_piece_that_somebody_else_returned_a_moment_ago_is_not_paid_twice(
    till: Any, app: Flask, sold: Any, expect: Any
) -> None:
    page = till(who="petugas")
    scan(page, sold.receipt)
    page.get_by_role("button", name="Retur semuanya").click()
    page.locator("#back-reason").fill("Salah barang")
    with app.app_context():
        give_back(sold.receipt, {"Tas rajut": 3000}, register="AMB-2")
    page.locator("#back-go").click()
    expect(page.locator("#back-error")).to_contain_text("jangan kembalikan uang")
    expect(page.locator("#back-error")).to_contain_text("tinggal 0")
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    assert len(sales(app)) == 2


def test_goods_of_another_unit_come_back_there(till: Any, app: Flask, expect: Any) -> None:
    with app.app_context():
        receipt = world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)]).receipt
    page = till()
    scan(page, receipt)
    expect(page.locator("#back-find-error")).to_contain_text("di luar wewenang")


def test_a_thumb_reaches_everything(till: Any, sold: Any) -> None:
    page = till(360, 740)
    scan(page, sold.receipt)
    page.locator("#back-lines").wait_for()
    small = """[...document.querySelectorAll('#back :is(button, input:not([type=radio]), a)')]
        .map((element) => [element.id || element.textContent, element.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < 39.5 || box.width < 43.5)).map(([name]) => name)"""
    assert page.evaluate(small) == []
    page.locator("#back-up").click()
    page.locator("#back-recent a").first.wait_for()
    assert page.evaluate(small) == []
    assert page.evaluate("document.querySelector('#back').scrollWidth <= document.querySelector('#back').clientWidth")


# -- an exchange, and what is sent ---------------------------------------------------------------------


def start_exchange(page: Any, sold: Any) -> None:
    scan(page, sold.receipt)
    page.get_by_label("Retur Tas rajut").fill("1")
    page.locator("#back-reason").fill("Minta yang lain")
    page.get_by_role("button", name="Tukar dengan barang lain").click()


def test_an_exchange_is_two_documents_and_one_difference(
    till: Any, app: Flask, codes: dict[str, str], sold: Any, expect: Any
) -> None:
    page = till(who="petugas")
    start_exchange(page, sold)
    expect(page.locator("#exchange")).to_contain_text("Tukar dari AMB-1-000001: Rp77.460")
    for _ in range(2):
        scan(page, codes["Kue kering kenari"])
    expect(page.locator("#exchange-net")).to_have_text("Tambah bayar Rp12.540")
    is_kept(page)
    page.reload()
    expect(page.locator("#exchange-net")).to_have_text("Tambah bayar Rp12.540")
    page.keyboard.press("F4")
    expect(page.locator("#pay-total")).to_have_text("Rp12.540")
    by_hand(page, "20000")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-giant")).to_have_text("Rp7.460")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000003")
    _, refund, sale = sales(app)
    assert (refund["total"], refund["payments"]) == (-77_460, [("cash", 0, 77_460, "")])
    assert (sale["total"], sale["payments"]) == (90_000, [("cash", 97_460, 7_460, "")])
    expect(page.locator("#exchange")).to_be_hidden()


def test_an_exchange_for_less_gives_the_difference_back(
    till: Any, app: Flask, codes: dict[str, str], sold: Any, expect: Any
) -> None:
    page = till(who="petugas")
    start_exchange(page, sold)
    scan(page, codes["Cuci motor"])
    expect(page.locator("#exchange-net")).to_have_text("Kembalikan Rp62.460")
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-giant")).to_have_text("Rp62.460")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000003")
    assert [sale["total"] for sale in sales(app)[1:]] == [-77_460, 15_000]
    assert sales(app)[2]["payments"] == [("cash", 15_000, 0, "")]


def test_an_exchange_that_is_dropped_has_not_happened(till: Any, app: Flask, sold: Any, expect: Any) -> None:
    page = till(who="petugas")
    start_exchange(page, sold)
    page.get_by_role("button", name="Batalkan penukaran").click()
    expect(page.locator("#exchange")).to_be_hidden()
    assert len(sales(app)) == 1


def test_the_receipt_is_sent_by_whatsapp(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    link = page.get_by_role("link", name="WhatsApp")
    text = parse_qs(urlsplit(link.get_attribute("href")).query)["text"][0]
    assert "Nota AMB-1-000001" in text and "1 buah Tas rajut: 80.000" in text and "/NOTA/AMB-1-000001-" in text
    assert link.get_attribute("rel") == "noopener"

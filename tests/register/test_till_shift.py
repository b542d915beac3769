"""A day at the till in a real browser: float, sales, cash out, handover, blind count, Z."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.db import atomic, db
from pos.register.models import Sale
from pos.register.shift_models import Shift, ShiftReport
from pos.units import pins
from pos.units.models import Gallery
from tests import world
from tests.register import drawer
from tests.register.counter import SALES, by_hand, sales, scan, send_now

pytestmark = pytest.mark.browser
PIN = "274916"


@pytest.fixture(autouse=True)
def bargains(app: Flask) -> None:
    """Cashiers may give away what they like: a coin more or less in the drawer is what matters here."""
    with app.app_context(), atomic() as session:
        session.execute(sa.update(Gallery).values(discount_limit=100))


def z(app: Flask) -> dict[str, Any]:
    with app.app_context():
        return dict(json.loads(db.session.scalars(sa.select(ShiftReport.content)).one()))


def cashiers(app: Flask) -> list[tuple[str, bool]]:
    """Who sold each nota, by number, and whether it is of a shift."""
    with app.app_context():
        rows = db.session.scalars(sa.select(Sale).order_by(Sale.number))
        return [(sale.cashier.username, sale.shift_id is not None) for sale in rows]


def open_with(page: Any, amount: str, expect: Any) -> None:
    page.keyboard.press("F10")
    expect(page.locator("#drawer-float")).to_be_focused()
    by_hand(page, amount)
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_be_hidden()


def sell_for_749(page: Any, code: str, expect: Any) -> None:
    """Goods for 749 rupiah, paid with a note of 1,000."""
    scan(page, code)
    page.locator("#discount").fill("14251")
    page.locator("#find").focus()
    expect(page.locator("#total")).to_have_text("Rp749")
    page.keyboard.press("F4")
    by_hand(page, "1000")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-giant")).to_have_text("Rp251")
    expect(page.locator("#paid-alarm")).to_be_hidden()
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")
    expect(page.locator("#find")).to_be_focused()


def pay_out_for_plastic(page: Any, expect: Any) -> None:
    page.keyboard.press("F10")
    page.get_by_role("button", name="Kas keluar").click()
    by_hand(page, "20000")
    page.get_by_label("Untuk apa").fill("beli plastik")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_have_text("Kas keluar Rp20.000 tercatat.")


def hand_over_to_petugas(page: Any, expect: Any) -> None:
    page.keyboard.press("F10")
    page.get_by_role("button", name="Serah terima").click()
    by_hand(page, "petugas")
    page.keyboard.press("Tab")
    by_hand(page, "111111")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-error")).to_have_text("Nama atau PIN salah.")
    page.locator("#drawer").get_by_label("PIN", exact=True).fill(PIN)
    page.keyboard.press("Enter")
    expect(page.locator("#shift")).to_contain_text("Shift #1 Petugas")


def count_149_too_little_and_close(page: Any, expect: Any) -> None:
    page.keyboard.press("F10")
    page.get_by_role("button", name="Hitung laci dan tutup").click()
    assert "160" not in page.locator("#drawer").inner_text()  # what should be there is not said before it is counted
    page.get_by_label("100.000").fill("1")
    page.get_by_label("50.000").fill("1")
    page.get_by_label("10.000").fill("1")
    page.get_by_label("200", exact=True).fill("3")
    expect(page.locator("#drawer-sum")).to_have_text("Rp160.600")
    page.get_by_role("button", name="Selesai menghitung").click()
    expect(page.locator("[data-step=close] [data-sum=expected]")).to_have_text("Rp160.749")
    expect(page.locator("[data-step=close] [data-sum=variance]")).to_have_text("-Rp149")
    page.get_by_role("button", name="Tutup giliran").click()
    expect(page.locator("#drawer-error")).to_have_text("Tulis alasan selisihnya.")
    by_hand(page, "receh hilang")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-title")).to_have_text("Giliran ditutup")


def close_without_a_mouse(page: Any, expect: Any) -> None:
    page.keyboard.press("F10")
    page.get_by_role("button", name="Hitung laci").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("100.000")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Tutup giliran")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Laporan Z")).to_be_focused()


def test_a_whole_day_with_a_handover_and_a_variance(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    with app.app_context():
        pins.set_own_pin(world.person("petugas"), world.PASSWORD, PIN)
    page = till()
    expect(page.locator("#no-shift")).to_be_visible()
    open_with(page, "100000", expect)
    expect(page.locator("#shift")).to_contain_text("Shift #1 Kasir")
    expect(page.locator("#no-shift")).to_be_hidden()
    sell_for_749(page, codes["Cuci motor"], expect)

    pay_out_for_plastic(page, expect)

    hand_over_to_petugas(page, expect)
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000002")
    page.wait_for_timeout(800)
    page.keyboard.press("Enter")

    count_149_too_little_and_close(page, expect)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Laporan Z").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Laporan Z AMB-1 #1")
    expect(opened.value.locator(".figures").last).to_contain_text("receh hilang")
    with page.expect_response("**/prints") as asked:
        page.locator("#drawer-print").click()
    assert "/laporan.pdf?lebar=58&cetak=" in asked.value.json()["page"]  # it prints by its browser

    assert cashiers(app) == [("kasir", True), ("petugas", True)]
    report = z(app)
    assert (report["expected"], report["counted"], report["reason"]) == (160_749, 160_600, "receh hilang")
    assert (report["receipts"], report["handovers"][0]["to"]) == ([[1, 2]], "Petugas")
    page.get_by_role("button", name="Tutup", exact=True).click()
    expect(page.locator("#shift")).to_contain_text("Tanpa giliran")

    open_with(page, "0", expect)  # and a drawer that fits is closed without a mouse
    close_without_a_mouse(page, expect)


def test_selling_never_waits_for_a_shift(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    page.get_by_role("button", name="Jual tanpa giliran").click()
    expect(page.locator("#no-shift")).to_be_hidden()
    sell_for_749(page, codes["Cuci motor"], expect)
    page.keyboard.press("F10")
    scan(page, codes["Tas rajut"])  # the dialog gives way to the next buyer
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page.locator("#total")).to_have_text("Rp80.000")
    assert cashiers(app) == [("kasir", False)]


def test_without_the_server_a_shift_says_so_and_sales_go_on_carrying_it(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    open_with(page, "0", expect)
    page.route("**/api/**", lambda route: route.abort())
    page.reload()
    expect(page.locator("#shift")).to_contain_text("Shift #1 Kasir")
    page.locator("#find").wait_for()
    page.keyboard.press("F10")
    page.get_by_role("button", name="Kas masuk").click()
    by_hand(page, "5000")
    page.get_by_label("Untuk apa").fill("receh")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-error")).to_contain_text("perlu koneksi ke server")
    page.keyboard.press("Escape")
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-alarm")).to_be_visible()
    page.unroute("**/api/**")
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    assert cashiers(app) == [("kasir", True)]


def test_an_act_whose_answer_was_lost_is_done_once(till: Any, app: Flask, expect: Any) -> None:
    page = till()
    open_with(page, "0", expect)

    def lose(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/events", lose, times=1)
    page.keyboard.press("F10")
    page.get_by_role("button", name="Kas masuk").click()
    by_hand(page, "5000")
    page.get_by_label("Untuk apa").fill("receh")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer-error")).to_contain_text("perlu koneksi ke server")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_have_text("Kas masuk Rp5.000 tercatat.")
    with app.app_context():
        assert [event.amount for event in db.session.scalars(sa.select(Shift)).one().events] == [5_000]


def test_a_shift_closed_elsewhere_gives_the_cart_back(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    open_with(page, "0", expect)
    with app.app_context():
        drawer.close({"id": db.session.scalars(sa.select(Shift.id)).one()}, 0)
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("Giliran nota ini sudah ditutup.")
    expect(page.locator("#total")).to_have_text("Rp80.000")
    expect(page.locator("#shift")).to_contain_text("Tanpa giliran")
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    assert cashiers(app) == [("kasir", False)]


def test_a_sale_of_a_shift_closed_meanwhile_goes_up_at_once_and_stands_beside_the_z(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    open_with(page, "0", expect)
    page.route(SALES, lambda route: route.abort())
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-alarm")).to_be_visible()
    with app.app_context():
        shift = db.session.scalars(sa.select(Shift.id)).one()
        drawer.close({"id": shift}, 0)
    page.unroute(SALES)
    page.locator("#unsent").click()
    send_now(page)
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    assert [sale["flags"] for sale in sales(app)] == [""]
    assert z(app)["notas"] == 0
    page.goto(f"/giliran/{shift}")
    expect(page.get_by_role("heading", name="Tambahan setelah tutup")).to_be_visible()
    expect(page.locator(".evidence").last).to_contain_text("000001")

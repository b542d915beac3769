"""The till in a real browser: a counter's day, by keyboard, by thumb, and when things go wrong."""

import gzip
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos import clock
from pos.catalog.models import Price, Product
from pos.catalog.services import next_version
from pos.db import atomic, db
from pos.register import services
from pos.register.models import Payment, Sale, SaleLine
from tests import world

pytestmark = pytest.mark.browser
SALES = "**/api/sales"
STATIC = Path(__file__).resolve().parents[2] / "static"


@pytest.fixture
def expect() -> Any:
    from playwright.sync_api import expect as playwright_expect

    playwright_expect.set_options(timeout=10_000)
    return playwright_expect


@pytest.fixture
def till(open_as: Callable[..., Any], app: Flask) -> Iterator[Callable[..., Any]]:
    """An open till at AMB-1, ready to sell; nothing may go wrong unseen on its page."""
    crashes: list[str] = []

    def open_till(width: int = 1366, height: int = 768, clock: bool = False) -> Any:
        page = open_as("kasir", "/nota", width=width, height=height)
        page.on("pageerror", lambda error: crashes.append(str(error)))
        if clock:
            page.clock.install()
        page.goto("/kasir")
        page.get_by_role("button", name="AMB-1").click()
        page.locator("#till").wait_for()
        return page

    yield open_till
    assert not crashes


@pytest.fixture
def codes(app: Flask) -> dict[str, str]:
    with app.app_context():
        return {name: world.code(name) for _, name, *_ in world.PRODUCTS}


def scan(page: Any, code: str) -> None:
    """What a scanner does: keys 5 ms apart by their own time stamps, however slow the test machine, and Enter."""
    keyboard = page.context.new_cdp_session(page)
    start = time.time()
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
                    "lines": [(line.name, line.quantity, line.amount) for line in lines],
                    "payments": [(p.method, p.tendered, p.change, p.reference) for p in payments],
                }
            )
        return found


def set_price(app: Flask, name: str, amount: int) -> None:
    with app.app_context(), atomic() as session:
        product = session.scalar(sa.select(Product).where(Product.name == name))
        session.add(Price(product_id=product.id, from_at=clock.now(), amount=amount, cost=50_000))
        product.version = next_version()


# -- selling -------------------------------------------------------------------------------------------


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
    assert page.locator("#print").get_attribute("href") == "/penjualan/AMB-1-000001/cetak?lebar=58&cetak=1"
    with page.context.expect_page() as opened:
        page.keyboard.press("p")
    opened.value.close()
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


def test_everything_to_be_tapped_is_large_enough(till: Any) -> None:
    page = till(360, 740)
    page.get_by_role("option", name="Tas rajut").click()
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
    for _ in range(15):
        scan(page, codes["Tas rajut"])
        scan(page, codes["Cuci motor"])
    expect(page.get_by_label("Jumlah Tas rajut")).to_have_value("15")
    expect(page.get_by_label("Jumlah Cuci motor")).to_have_value("15")


def test_a_scan_never_lands_in_a_money_field(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    by_hand(page, "500000")
    scan(page, codes["Cuci motor"])
    expect(page.locator("#pay-amount")).to_have_value("500.000")
    expect(page.locator("#pay-total")).to_have_text("Rp95.000")
    assert page.locator("#pay").is_visible() and sales(app) == []


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
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_have_text("Rp0")


def test_a_page_loaded_anew_goes_on_with_its_cart(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    expect(page.locator("#total")).to_have_text("Rp80.000")
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


# -- exactly once --------------------------------------------------------------------------------------


def test_a_double_click_and_a_double_enter_make_one_sale(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.locator("#pay-go").dblclick()
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    page.wait_for_timeout(800)
    scan(page, codes["Cuci motor"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000002")
    assert page.locator("#paid").is_visible()  # the second Enter did not hide the change
    assert [sale["receipt"] for sale in sales(app)] == ["AMB-1-000001", "AMB-1-000002"]


def test_an_answer_lost_after_the_commit_is_one_sale(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    lost = []

    def lose(route: Any) -> None:
        route.fetch()
        lost.append(route.request.post_data)
        if len(lost) < 3:
            route.abort()
        else:
            route.continue_()

    page.route(SALES, lose)
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#unsent")).to_have_text("1 belum terkirim")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    assert len(sales(app)) == 1 and len(lost) == 3 and len(set(lost)) == 1


def test_the_till_goes_on_while_the_server_fails_and_sends_everything_after(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    page.route(SALES, lambda route: route.fulfill(status=500, json={"error": {"code": "server_error"}}))
    for number, name in enumerate(("Tas rajut", "Cuci motor", "Air mineral PIPAS"), 1):
        scan(page, codes[name])
        page.keyboard.press("F4")
        page.keyboard.press("Enter")
        expect(page.locator("#paid-alarm")).to_be_visible()
        expect(page.locator("#paid-alarm")).to_contain_text("Tersimpan di perangkat ini")
        expect(page.locator("#unsent")).to_have_text(f"{number} belum terkirim")
    assert sales(app) == []
    page.reload()
    expect(page.locator("#unsent")).to_have_text("3 belum terkirim")
    page.unroute(SALES)
    page.locator("#unsent").click()
    expect(page.locator("#queue-body")).to_contain_text("Semua nota sudah diterima server.")
    assert [(s["receipt"], s["lines"][0][0]) for s in sales(app)] == [
        ("AMB-1-000001", "Tas rajut"),
        ("AMB-1-000002", "Cuci motor"),
        ("AMB-1-000003", "Air mineral PIPAS"),
    ]


def test_only_one_tab_sells_and_the_other_can_take_over(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    first = till()
    scan(first, codes["Tas rajut"])
    expect(first.locator("#total")).to_have_text("Rp80.000")
    second = first.context.new_page()
    second.goto("/kasir")
    expect(second.locator("#notice-title")).to_have_text("Kasir AMB-1 sudah terbuka di tab lain")
    second.get_by_role("button", name="Pakai di tab ini").click()
    expect(first.locator("#notice-title")).to_have_text("Kasir AMB-1 diambil alih tab lain")
    expect(second.locator("#total")).to_have_text("Rp80.000")
    second.keyboard.press("F4")
    second.keyboard.press("Enter")
    expect(second.locator("#slip-number")).to_have_text("AMB-1-000001")
    first.get_by_role("button", name="Pakai di tab ini").click()
    expect(first.locator("#total")).to_have_text("Rp0")
    assert len(sales(app)) == 1


# -- when the server says otherwise --------------------------------------------------------------------


def test_a_price_that_changed_brings_the_cart_back_with_the_new_price(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    by_hand(page, "2*")
    scan(page, codes["Tas rajut"])
    expect(page.locator("#total")).to_have_text("Rp160.000")
    set_price(app, "Tas rajut", 85_000)
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_contain_text("Harga Tas rajut berubah dari Rp80.000 menjadi Rp85.000")
    expect(page.locator("#total")).to_have_text("Rp170.000")
    assert sales(app) == []
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")  # the number was given back
    [sale] = sales(app)
    assert sale["total"] == 170_000 and sale["flags"] == ""


def test_a_number_taken_by_another_device_is_replaced(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    with app.app_context():
        for _ in range(3):
            services.record(world.sale(), world.person("kasir"))
    scan(page, codes["Cuci motor"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000004")
    assert len(sales(app)) == 4


def test_what_the_server_refuses_is_kept_in_red_and_the_rest_flows(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    refusal = {"error": {"code": "invalid_sale", "message": "Dokumen penjualan tidak benar.", "fields": {}}}
    page.route(SALES, lambda route: route.fulfill(status=422, json=refusal), times=1)
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-alarm")).to_contain_text("Dokumen penjualan tidak benar.")
    scan(page, codes["Cuci motor"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    expect(page.locator("#unsent")).to_contain_text("1 ditolak")
    page.locator("#unsent").click()
    page.get_by_role("button", name="Kirim lagi").click()
    expect(page.locator("#queue-body")).to_contain_text("Semua nota sudah diterima server.")
    assert [s["lines"][0][0] for s in sales(app)] == ["Cuci motor", "Tas rajut"]


def test_a_refused_sale_can_be_put_right_in_the_cart(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    refusal = {"error": {"code": "invalid_sale", "message": "Tidak klop.", "fields": {}}}
    page.route(SALES, lambda route: route.fulfill(status=422, json=refusal), times=1)
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#unsent")).to_contain_text("1 ditolak")
    page.locator("#unsent").click()
    page.get_by_role("button", name="Perbaiki di keranjang").click()
    expect(page.locator("#total")).to_have_text("Rp80.000")
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    assert len(sales(app)) == 1


def test_an_expired_sign_in_loses_nothing_and_says_so(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    page.context.clear_cookies()
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#sign-in")).to_be_visible()
    expect(page.locator("#unsent")).to_have_text("1 belum terkirim")
    with page.context.expect_page() as opened:
        page.locator("#sign-in").click()
    other = opened.value
    other.get_by_label("Nama masuk").fill("kasir")
    other.get_by_label("Kata sandi").fill(world.PASSWORD)
    other.get_by_role("button", name="Masuk").click()
    other.wait_for_url(lambda url: "/masuk" not in url)
    page.bring_to_front()
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")  # with the new session's token
    assert len(sales(app)) == 1


def test_a_sign_in_page_that_answers_200_is_no_receipt(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    page.route(SALES, lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>WiFi</h1>"), times=1)
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    assert len(sales(app)) == 1


def test_a_price_cannot_take_back_what_the_buyer_was_told_is_paid(
    till: Any, app: Flask, codes: dict[str, str], expect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = till(clock=True)
    scan(page, codes["Tas rajut"])
    page.route(SALES, lambda route: route.abort())
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-alarm")).to_be_visible()
    set_price(app, "Tas rajut", 85_000)
    page.unroute(SALES)
    page.locator("#unsent").click()
    expect(page.locator("#queue-body")).to_contain_text("Harga Tas rajut sekarang Rp85.000")
    monkeypatch.setattr(services, "LATE", timedelta(0))
    page.clock.fast_forward(130_000)
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    [sale] = sales(app)
    assert (sale["receipt"], sale["total"], sale["flags"]) == ("AMB-1-000001", 80_000, "")


def test_a_full_disk_is_said_and_nothing_is_paid(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    page.evaluate(
        """() => {
          const add = IDBObjectStore.prototype.add;
          IDBObjectStore.prototype.add = function () {
            IDBObjectStore.prototype.add = add;
            throw new DOMException('full', 'QuotaExceededError');
          };
        }"""
    )
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#pay-error")).to_contain_text("BELUM TERSIMPAN")
    assert sales(app) == []
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")  # the number was not used up


# -- the page itself -----------------------------------------------------------------------------------


def test_the_till_is_for_those_who_sell(as_cashier: Any, as_staff: Any, as_official: Any, as_stranger: Any) -> None:
    assert as_cashier.get("/kasir").status_code == as_staff.get("/kasir").status_code == 200
    assert as_official.get("/kasir").status_code == 403
    assert as_stranger.get("/kasir").location.startswith("/masuk")
    assert as_cashier.get("/api/session").json["username"] == "kasir"


def test_the_page_names_every_module_it_loads(as_cashier: Any) -> None:
    page = as_cashier.get("/kasir").text
    preloaded = set(re.findall(r'modulepreload" href="/static/js/(\w+)\.js', page))
    reached, ahead = set(), {"register"}
    while ahead:
        name = ahead.pop()
        reached.add(name)
        source = (STATIC / "js" / f"{name}.js").read_text()
        ahead |= set(re.findall(r"from '\./(\w+)\.js'", source)) - reached
    assert preloaded == reached - {"register"}


def test_the_page_is_small(as_cashier: Any) -> None:
    page = as_cashier.get("/kasir").text
    files = set(re.findall(r"/static/((?:js|css)/\w+\.(?:js|css))", page))
    sizes = [len(gzip.compress((STATIC / name).read_bytes())) for name in files]
    assert len(files) > 15 and sum(sizes) + len(gzip.compress(page.encode())) < 45_000

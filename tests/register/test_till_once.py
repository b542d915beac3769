"""One sale is one sale: double clicks, lost answers, two tabs, changed prices, refusals, a full disk."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from pos import clock
from pos.register import services
from tests import world
from tests.register.counter import SALES, by_hand, sales, scan, set_price

pytestmark = [pytest.mark.browser, pytest.mark.both]


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
        expect(page.locator("#share")).to_be_disabled()  # there is no PDF yet
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
    expect(page.locator("#paid-label")).to_have_text("Nota ditolak, belum tercatat")
    expect(page.locator("#paid-giant")).to_be_hidden()
    expect(page.locator("#slip-number")).to_have_text("ditolak")
    expect(page.locator("#mend")).to_be_focused()
    page.keyboard.press("Enter")
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
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    slow: list[Any] = []
    page.route(SALES, lambda route: slow.append(route), times=1)
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-alarm")).to_be_visible()
    set_price(app, "Tas rajut", 85_000)
    with page.expect_response(SALES) as refused:
        slow[0].continue_()
    assert refused.value.json()["error"]["code"] == "price_changed"  # it was sent before the buyer was told
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    [sale] = sales(app)
    assert (sale["receipt"], sale["total"], sale["flags"]) == ("AMB-1-000001", 80_000, "")  # the price of its instant


@pytest.mark.parametrize(("wrong", "flags"), [(timedelta(days=1), "clock_ahead"), (timedelta(days=-1), "clock_behind")])
def test_a_clock_that_is_wrong_by_a_day_stops_no_sale(
    till: Any, app: Flask, codes: dict[str, str], expect: Any, wrong: timedelta, flags: str
) -> None:
    page = till(clock=True)
    page.clock.set_system_time(clock.now() + wrong)
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    expect(page.locator("#paid-alarm")).to_contain_text("Betulkan jamnya")
    [sale] = sales(app)
    day = (clock.now() + wrong).astimezone(clock.ZONES["WIT"]).date()
    assert (sale["flags"], sale["day"]) == (flags, day)  # its day is the one that its nota says


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


@pytest.mark.parametrize("anew", [False, True])
def test_a_server_restored_from_a_backup_gets_back_what_it_lost(
    till: Any, app: Flask, codes: dict[str, str], expect: Any, anew: bool
) -> None:
    page = till()
    answers = [f"AMB-1-{number:06d}" for number in (1, 2)]  # of the server that was lost: these notas are printed

    def answer(route: Any) -> None:
        route.fulfill(status=201, json={"receipt": answers.pop(0)})

    page.route(SALES, answer)
    for name, receipt in (("Tas rajut", "AMB-1-000001"), ("Cuci motor", "AMB-1-000002")):
        scan(page, codes[name])
        page.keyboard.press("F4")
        page.keyboard.press("Enter")
        expect(page.locator("#slip-number")).to_have_text(receipt)
    page.unroute(SALES)
    if anew:
        page.reload()
        expect(page.locator("#find")).to_be_focused()  # the till is open again
        expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    scan(page, codes["Air mineral PIPAS"])
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000003")
    assert [(s["receipt"], s["lines"][0][0]) for s in sales(app)] == [
        ("AMB-1-000001", "Tas rajut"),
        ("AMB-1-000002", "Cuci motor"),
        ("AMB-1-000003", "Air mineral PIPAS"),
    ]

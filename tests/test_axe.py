"""axe finds nothing serious: on the till in each of its states, and on the pages that people use most."""

from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest
from flask import Flask

from tests import world
from tests.register.conftest import hears_keys
from tests.register.counter import SALES, scan

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
FIND = """async () => (await axe.run(document, { resultTypes: ['violations'] })).violations
    .filter((each) => ['serious', 'critical'].includes(each.impact))
    .map((each) => [each.id, ...each.nodes.map((node) => `${node.html.slice(0, 99)} ${node.any[0]?.message}`)])"""
FADED = """() => Promise.allSettled(document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().endTime < Infinity).map((each) => each.finished))"""
PAGES = {
    "petugas": [
        "/produk",
        "/produk/baru",
        "/pnbp",
        "/setoran/baru",
        "/penjualan",
        "/penjualan/AMB-1-000001",
        "/penjualan/AMB-1-000001/cetak",
        "/giliran",
        "/stok",
        "/penerimaan/baru?produk=1",
        "/opname",
        "/susulan/baru",
        "/paket",
    ],
    "pejabat-pusat": ["/kampanye/odop-2026/verifikasi", "/kampanye/odop-2026/deklarasi"],
    "pejabat": ["/kampanye", "/kampanye/odop-2026", "/setoran", "/pnbp/kas-negara", "/unit"],
    "admin": ["/pengguna", "/buku"],
    "": ["/masuk", "/nota"],
}


@pytest.fixture(params=["light", "dark"])
def looked_at(request: pytest.FixtureRequest, chromium: Any, served: str, app: Flask) -> Any:
    """Signs somebody in and opens pages; `page.serious()` is what axe finds on it."""
    context = chromium.new_context(
        base_url=served,
        viewport={"width": 1366, "height": 768},
        color_scheme=request.param,
        bypass_csp=True,
        service_workers="block",
    )
    context.set_default_timeout(30_000)
    page = context.new_page()

    def serious() -> list[list[str]]:
        page.wait_for_timeout(400)  # what comes of the last key is there
        page.evaluate(FADED)
        page.evaluate(AXE)
        found: list[list[str]] = page.evaluate(FIND)
        return found

    def sign_in(username: str) -> Any:
        context.clear_cookies()
        if username:
            page.goto("/masuk")
            page.get_by_label("Nama masuk").fill(username)
            page.get_by_label("Kata sandi").fill(world.PASSWORD)
            page.get_by_role("button", name="Masuk").click()
            page.wait_for_url(lambda url: "/masuk" not in url)
        return page

    page.serious = serious
    yield sign_in
    context.close()


def test_the_pages_have_nothing_serious(looked_at: Callable[..., Any], app: Flask) -> None:
    with app.app_context():
        world.sell(lines=[("Tas rajut", 2000), ("Keripik pisang", 1500)])
        world.sell(at="2026-04-20T10:00:00+09:00")
    found = {}
    for who, addresses in PAGES.items():
        page = looked_at(who)
        for address in addresses:
            assert page.goto(address).status == 200, address
            if serious := page.serious():
                found[f"{who} {address}"] = serious
    assert found == {}


def test_the_till_has_nothing_serious(looked_at: Callable[..., Any], app: Flask) -> None:
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)
    with app.app_context():
        bag, wash = world.code("Tas rajut"), world.code("Cuci motor")
    page = looked_at("kasir")
    page.goto("/kasir")
    found = {"choosing": page.serious()}
    page.get_by_role("button", name="AMB-1").click()
    page.locator("#till").wait_for()
    hears_keys(page)
    found["empty"] = page.serious()
    scan(page, bag)
    scan(page, wash)
    expect(page.locator("#total")).to_have_text("Rp95.000")
    page.locator("#discount").fill("500000")
    found["cart"] = page.serious()
    page.locator("#discount").fill("")
    page.locator("#find").fill("kering")
    found["search"] = page.serious()
    page.locator("#find").fill("")
    page.keyboard.press("F4")
    found["cash"] = page.serious()
    page.keyboard.press("F6")
    page.locator("#pay-go").click()
    found["qris"] = page.serious()
    page.keyboard.press("F4")
    page.locator("#pay-go").click()
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    found["paid"] = page.serious()
    page.keyboard.press("F9")
    expect(page.locator("#back-recent")).to_contain_text("AMB-1-000001")
    found["recent"] = page.serious()
    page.get_by_role("button", name="Retur AMB-1-000001").click()
    expect(page.locator("#back-sale")).to_be_visible()
    found["return"] = page.serious()
    page.locator("#back [data-close]").click()
    page.locator("#next").click()
    page.keyboard.press("F10")
    found["shift"] = page.serious()
    page.locator("#drawer [data-close]").click()
    refusal = {"error": {"code": "invalid_sale", "message": "Tidak klop.", "fields": {}}}
    page.route(SALES, lambda route: route.fulfill(status=422, json=refusal))
    scan(page, bag)
    expect(page.locator("#total")).to_have_text("Rp80.000")
    page.keyboard.press("F4")
    page.locator("#pay-go").click()
    expect(page.locator("#mend")).to_be_visible()
    found["refused"] = page.serious()
    page.locator("#unsent").click()
    found["queue"] = page.serious()
    assert {state: each for state, each in found.items() if each} == {}


def test_training_has_nothing_serious(looked_at: Callable[..., Any], app: Flask) -> None:
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)
    with app.app_context():
        bag = world.code("Tas rajut")
    page = looked_at("kasir")
    page.goto("/kasir?latihan")
    page.locator("#till").wait_for()
    hears_keys(page)
    scan(page, bag)
    expect(page.locator("#total")).to_have_text("Rp80.000")
    found = {"cart": page.serious()}
    page.keyboard.press("F4")
    found["cash"] = page.serious()
    page.locator("#pay-go").click()
    expect(page.locator("#slip-number")).to_have_text("LATIHAN-000001")
    found["paid"] = page.serious()
    assert {state: each for state, each in found.items() if each} == {}

"""The till without its server: opened cold, selling, killed, back again - and every sale arrives exactly once."""

import os
import shutil
import signal
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos import clock
from pos.db import db
from pos.register import carried
from pos.register.models import Sale
from tests import world
from tests.register.conftest import hears_keys
from tests.register.counter import SALES, sales, scan, send_now
from tests.register.own_server import OwnServer

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


@pytest.fixture
def server(app: Flask, database_url: str, tmp_path: Path) -> Iterator[OwnServer]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = OwnServer(database_url, tmp_path, port)
    running.start()
    yield running
    running.kill()


@pytest.fixture
def open_here(chromium: Any, server: OwnServer) -> Iterator[Open]:
    """A signed-in page in a browser that may keep the till."""
    contexts = []

    def open_page(username: str = "kasir", path: str = "/kasir") -> Any:
        context = chromium.new_context(base_url=server.address, viewport={"width": 1366, "height": 768})
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        sign_in(page, username)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Any, username: str) -> None:
    page.goto("/masuk")
    page.get_by_label("Nama masuk").fill(username)
    page.get_by_label("Kata sandi").fill(world.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(lambda url: "/masuk" not in url)


def kept(page: Any) -> Any:
    """The till at AMB-1, once this browser has kept its page."""
    page.get_by_role("button", name="AMB-1").click()
    page.locator("#till").wait_for()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    return page


def sell(page: Any, code: str) -> None:
    page.locator("#find").wait_for()
    hears_keys(page)
    scan(page, code)
    page.keyboard.press("F4")
    page.locator("#pay-go").click()
    page.locator("#paid").wait_for()


def days(app: Flask) -> list[str]:
    with app.app_context():
        return [f"{row.business_date} {row.flags}".strip() for row in db.session.scalars(sa.select(Sale))]


def test_the_till_opens_cold_without_its_server_sells_and_sends_once(
    open_here: Open, server: OwnServer, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = kept(open_here())
    context = page.context
    page.close()
    server.kill()
    page = context.new_page()
    page.goto("/kasir")
    expect(page.locator("#link-text")).to_have_text("tidak terhubung")
    expect(page.locator("#who")).to_have_text("Kasir")
    expect(page.locator("#age")).to_contain_text("katalog")
    sell(page, codes["Tas rajut"])
    expect(page.locator("#unsent")).to_have_text("1 belum terkirim")
    page.reload()
    sell(page, codes["Cuci motor"])
    expect(page.locator("#unsent")).to_have_text("2 belum terkirim")
    server.start()
    page.reload()
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    assert [(s["receipt"], s["lines"][0][0]) for s in sales(app)] == [
        ("AMB-1-000001", "Tas rajut"),
        ("AMB-1-000002", "Cuci motor"),
    ]


def test_a_browser_that_is_killed_with_unsent_sales_sends_them_once_it_is_back(
    chromium: Any, server: OwnServer, app: Flask, codes: dict[str, str], expect: Any, tmp_path: Path
) -> None:
    folder = str(tmp_path / "profile")

    def launch() -> Any:
        return chromium.browser_type.launch_persistent_context(
            folder, executable_path=executable(), args=["--no-sandbox", "--disable-gpu"], base_url=server.address
        )

    context = launch()
    page = context.pages[0]
    sign_in(page, "kasir")
    page.goto("/kasir")
    kept(page)
    server.kill()
    for name in ("Tas rajut", "Cuci motor"):
        sell(page, codes[name])
        page.locator("#next").click()
        page.locator("#find").wait_for()
    for process in processes_of(folder):
        os.kill(process, signal.SIGKILL)
    page.wait_for_event("close")
    context = launch()
    page = context.pages[0]
    page.goto("/kasir")
    expect(page.locator("#unsent")).to_have_text("2 belum terkirim")
    sell(page, codes["Air mineral PIPAS"])
    server.start()
    sign_in(page, "kasir")  # a killed browser has forgotten its sign-in
    page.goto("/kasir")
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    assert [s["receipt"] for s in sales(app)] == [f"AMB-1-00000{n}" for n in (1, 2, 3)]
    context.close()


def executable() -> str:
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""


def processes_of(folder: str) -> list[int]:
    """The browser that was started on this profile, and no other."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if f"--user-data-dir={folder}" in words:
            found.append(int(place.parent.name))
    assert found
    return found


def test_a_sale_made_before_midnight_and_sent_after_keeps_its_day(
    open_here: Open, server: OwnServer, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    midnight = datetime.combine(clock.today("WIT"), datetime.min.time(), clock.ZONES["WIT"])
    page = kept(open_here())
    page.clock.install(time=(midnight - timedelta(minutes=3)).astimezone(UTC))
    server.kill()
    page.goto("/kasir")
    expect(page.locator("#clock")).to_have_text("23.57 WIT")
    sell(page, codes["Tas rajut"])
    page.clock.fast_forward("10:00")
    expect(page.locator("#clock")).to_contain_text("00.0")
    page.clock.set_system_time(clock.now())
    server.start()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    assert days(app) == [str(midnight.date() - timedelta(days=1))]


def test_an_expired_sign_in_stops_no_sale_of_an_enrolled_register(
    open_here: Open, server: OwnServer, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    supervisor = open_here("petugas", "/kasir/daftarkan")
    supervisor.get_by_label("Kasir", exact=True).select_option(label="AMB-1 · Galeri Lapas Ambon")
    supervisor.get_by_label("Nama perangkat").fill("Tablet depan")
    supervisor.get_by_role("button", name="Daftarkan").click()
    expect(supervisor.get_by_role("status")).to_contain_text("sekarang kasir AMB-1")
    page = supervisor.context.new_page()
    supervisor.close()
    sign_in(page, "kasir")
    expect(page.locator("#place-code")).to_have_text("AMB-1")  # without being asked which
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.context.clear_cookies(name="session")
    page.goto("/kasir")
    sell(page, codes["Tas rajut"])
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    expect(page.locator("#link-text")).to_have_text("terhubung")
    expect(page.locator("#sign-in")).to_be_visible()
    with app.app_context():
        assert db.session.scalars(sa.select(Sale)).one().cashier.username == "kasir"


def test_a_sale_that_the_server_breaks_down_over_does_not_hold_up_the_others(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    broken = {"error": {"code": "server_error", "message": "Ada kesalahan di server.", "fields": {}}}
    poison = codes["Tas rajut"]

    def break_down(route: Any) -> None:
        fails = any(line["product"] == poison for line in route.request.post_data_json["lines"])
        return route.fulfill(status=500, json=broken) if fails else route.continue_()

    page.route(SALES, break_down)
    for name in ("Tas rajut", "Cuci motor", "Air mineral PIPAS"):
        scan(page, codes[name])
        page.keyboard.press("F4")
        page.keyboard.press("Enter")
        expect(page.locator("#paid")).to_be_visible()
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim · 1 ditolak")
    page.locator("#unsent").click()
    expect(page.locator("#queue-body .alarm")).to_contain_text("Ada kesalahan di server.")
    assert [s["lines"][0][0] for s in sales(app)] == ["Cuci motor", "Air mineral PIPAS"]
    page.unroute(SALES)
    page.reload()  # and a server that was mended gets it by itself
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    assert [(s["receipt"], s["lines"][0][0]) for s in sales(app)] == [
        ("AMB-1-000001", "Cuci motor"),
        ("AMB-1-000002", "Air mineral PIPAS"),
        ("AMB-1-000003", "Tas rajut"),
    ]


def test_unsent_sales_saved_to_a_file_are_brought_in_once_and_sent_once(
    open_here: Open, server: OwnServer, app: Flask, codes: dict[str, str], expect: Any, tmp_path: Path
) -> None:
    page = kept(open_here())
    server.kill()
    sell(page, codes["Tas rajut"])
    page.locator("#unsent").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Simpan ke berkas").click()
    assert saved.value.suggested_filename.startswith("nota-AMB-1-")
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    with app.app_context():
        done = carried.bring_in(carried.read(file.read_bytes()), world.person("petugas"), file.name)
        assert [(sale.receipt, sale.status) for sale in done] == [("AMB-1-000001", "recorded")]
    server.start()
    send_now(page)
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    assert [sale["receipt"] for sale in sales(app)] == ["AMB-1-000001"]


def test_who_signed_out_does_not_sell_on_without_the_server(open_here: Open, server: OwnServer, expect: Any) -> None:
    page = kept(open_here())
    page.locator(".till-menu summary").click()
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/masuk")
    page.goto("/kasir")
    page.wait_for_url("**/masuk?next=/kasir")
    server.kill()
    page.goto("/kasir")
    expect(page.locator("#notice-title")).to_have_text("Katalog belum bisa dibuka")
    expect(page.locator("#till")).to_be_hidden()


def test_a_page_without_a_secure_address_says_so_and_sells_online(
    chromium: Any, server: OwnServer, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    browser = chromium.browser_type.launch(
        executable_path=executable(),
        args=["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP galeri.test 127.0.0.1"],
    )
    page = browser.new_page(base_url=server.address.replace("localhost", "galeri.test"))
    sign_in(page, "kasir")
    page.goto("/kasir")
    page.get_by_role("button", name="AMB-1").click()
    expect(page.locator("#place-online")).to_be_visible()
    page.locator("#unsent").click()
    expect(page.locator("#device")).to_contain_text("bukan https")
    page.locator("#queue [data-close]").click()
    sell(page, codes["Tas rajut"])
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    browser.close()


def test_a_device_whose_memory_was_wiped_never_gives_a_number_twice(
    open_here: Open, server: OwnServer, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = kept(open_here())
    sell(page, codes["Tas rajut"])
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    wipe = page.context.new_cdp_session(page)
    page.goto("/nota")
    wipe.send("Storage.clearDataForOrigin", {"origin": server.address, "storageTypes": "indexeddb,local_storage"})
    page.goto("/kasir")
    page.get_by_role("button", name="AMB-1").click()
    sell(page, codes["Cuci motor"])
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000002")
    assert [sale["receipt"] for sale in sales(app)] == ["AMB-1-000001", "AMB-1-000002"]

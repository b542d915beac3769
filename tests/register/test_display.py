"""The buyer's display: another window of the till's browser, nobody's data in it, and no server needed."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.register.counter import by_hand, scan
from tests.register.test_till_qris import give_code, ready, shown


def test_the_page_is_nobodys(as_: Any) -> None:
    pages = [as_(who).get(path).text for who in ("", "kasir", "admin") for path in ("/kasir/layar", "/kasir/layar/id")]
    assert len(set(pages)) == 1
    assert "csrf" not in pages[0] and "/keluar" not in pages[0] and "bar-nav" not in pages[0]


def test_it_comes_in_both_languages_and_is_kept_with_the_till(as_stranger: FlaskClient) -> None:
    assert "Scan it with" in as_stranger.get("/kasir/layar/en").text
    assert as_stranger.get("/kasir/layar/fr").status_code == 404
    worker = as_stranger.get("/sw.js").text
    assert '"/kasir/layar": "/kasir/layar/id"' in worker and '"/static/js/display.js": "' in worker


# -- in a browser ------------------------------------------------------------------------------------------


def beside(page: Any, at: str = "/kasir/layar#AMB-1", width: int = 1366, height: int = 768) -> Any:
    """A display in the same browser, beside the till."""
    display = page.context.new_page()
    display.set_viewport_size({"width": width, "height": height})
    display.goto(at)
    page.bring_to_front()
    return display


@pytest.mark.browser
def test_it_follows_the_sale_from_the_first_scan_to_the_change(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = ready(till())
    display = beside(page)
    expect(display.get_by_role("heading", name="Galeri Lapas Ambon")).to_be_visible()
    scan(page, codes["Tas rajut"])
    expect(display.locator("#total")).to_have_text("Rp80.000")
    scan(page, codes["Tas rajut"])
    scan(page, codes["Cuci motor"])
    expect(display.locator("#total")).to_have_text("Rp175.000")
    expect(display.locator("#lines li")).to_contain_text(["Tas rajut2 buah × 80.000160.000", "Cuci motor"])
    page.locator("#discount").fill("5.000")
    expect(display.locator("#discount")).to_have_text("−5.000")
    expect(display.locator("#total")).to_have_text("Rp170.000")
    page.keyboard.press("F4")
    by_hand(page, "200000")
    page.keyboard.press("Enter")
    expect(display.get_by_role("heading", name="Terima kasih")).to_be_visible()
    expect(display.locator("#change")).to_have_text("Rp30.000")
    page.locator("#next").click()
    expect(page.locator("#till")).to_be_visible()
    expect(display.locator("#change")).to_be_visible()  # the buyer is still reading
    scan(page, codes["Cuci motor"])
    expect(display.locator("#total")).to_have_text("Rp15.000")


@pytest.mark.browser
def test_it_shows_the_code_until_there_is_proof(app: Flask, till: Any, codes: dict[str, str], expect: Any) -> None:
    give_code(app)
    page = ready(till())
    display = beside(page, width=800, height=480)
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F6")
    page.locator("#pay-part").fill("50.000")
    expect(display.locator("#amount")).to_have_text("Rp50.000")
    assert shown(display.locator("#code svg"))["54"] == "50000"
    expect(display.locator("#waits")).to_contain_text("Menunggu bukti")
    page.locator("#pay-reference").fill("RRN")
    expect(display.locator("#proved")).to_have_text("Bukti diterima")
    page.keyboard.press("Enter")  # the rest in cash
    expect(display.locator("#left")).to_have_text("Rp30.000")
    page.keyboard.press("Enter")
    expect(display.get_by_role("heading", name="Terima kasih")).to_be_visible()
    expect(display.locator("#paid")).to_have_text("Rp80.000")


@pytest.mark.browser
def test_a_till_without_a_display_tells_nobody(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = ready(till())
    page.evaluate(
        "() => { globalThis.heard = []; const ear = new BroadcastChannel('etalase-layar');"
        " ear.onmessage = ({ data }) => heard.push(data) }"
    )
    scan(page, codes["Tas rajut"])
    expect(page.locator("#total")).to_have_text("Rp80.000")
    page.wait_for_timeout(300)
    assert page.evaluate("heard") == []
    beside(page)
    page.wait_for_timeout(300)
    assert [each["mode"] for each in page.evaluate("heard") if "mode" in each] == ["cart"]


@pytest.mark.browser
def test_each_looks_at_its_own_till_and_finds_it_again(till: Any, codes: dict[str, str], expect: Any) -> None:
    page = ready(till())
    other, own = beside(page, "/kasir/layar#AMB-2"), beside(page)
    scan(page, codes["Tas rajut"])
    expect(own.locator("#total")).to_have_text("Rp80.000")
    expect(other.locator("#alone")).to_be_visible()
    own.reload()
    expect(own.locator("#total")).to_have_text("Rp80.000")
    page.goto("/nota")  # the till is closed, and the buyer sees nothing of it
    expect(own.locator("#total")).to_be_hidden()
    page.goto("/kasir")
    expect(own.locator("#total")).to_have_text("Rp80.000")


@pytest.mark.browser
def test_it_opens_from_the_tills_menu(till: Any, expect: Any) -> None:
    page = ready(till())
    page.locator(".till-menu summary").click()
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Layar pembeli").click()
    assert popup.value.url.endswith("/kasir/layar#AMB-1")
    expect(popup.value.get_by_role("heading", name="Galeri Lapas Ambon")).to_be_visible()


@pytest.mark.browser
def test_it_opens_while_the_server_is_off(open_as: Any, codes: dict[str, str], expect: Any) -> None:
    page = open_as("kasir", "/kasir", workers="allow")
    page.get_by_role("button", name="AMB-1").click()
    ready(page)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    ready(page)
    page.context.set_offline(True)
    display = beside(page)
    scan(page, codes["Tas rajut"])
    expect(display.locator("#total")).to_have_text("Rp80.000")


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(800, 480), (1366, 768), (1920, 1080), (480, 800)])
def test_nothing_is_cut_off_on_any_screen(app: Flask, till: Any, expect: Any, width: int, height: int) -> None:
    give_code(app)
    page = ready(till())
    display = beside(page, width=width, height=height)
    page.get_by_role("option", name="Meja jati").click()
    expect(display.locator("#total")).to_have_text("Rp6.500.000")
    inside(display, "#total", width, height)
    page.locator("[data-pay=qris]").click()
    for place in ("#code svg", "#amount", "#payee", "#waits"):
        inside(display, place, width, height)
    assert shown(display.locator("#code svg"))["54"] == "6500000"


def inside(display: Any, place: str, width: int, height: int) -> None:
    display.locator(place).wait_for()
    box = display.locator(place).bounding_box()
    assert box["x"] >= 0 and box["y"] >= 0 and box["x"] + box["width"] <= width and box["y"] + box["height"] <= height

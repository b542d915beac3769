"""The print page in a real browser: as wide as the roll, as long as the receipt, and gone when it is printed."""

from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from tests.receipts.sales import sold

pytestmark = pytest.mark.browser
MILLIMETRE = 96 / 25.4


@pytest.mark.parametrize("width", [58, 80])
def test_the_print_page_fits_the_paper_without_scaling(app: Any, open_as: Any, width: int) -> None:
    receipt, _ = sold(app, lines=[("Tas rajut", 2000, 500), ("Kue kering kenari", 1000)] * 12, discount=777)
    page = open_as("kasir", f"/penjualan/{receipt}/cetak?lebar={width}")
    page.locator("html[data-fitted]").wait_for()
    box = page.locator("[data-slip]").bounding_box()
    assert box["width"] == pytest.approx(width * MILLIMETRE, abs=0.5)
    within = page.locator("[data-slip] *").evaluate_all(
        "all => Math.max(...all.map(e => e.getBoundingClientRect().right))"
    )
    assert within <= box["x"] + box["width"] - 3.9 * MILLIMETRE
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1
    paper = printed.pages[0].mediabox
    assert float(paper.width) / 72 * 25.4 == pytest.approx(width, abs=0.5)
    assert float(paper.height) / 72 * 25.4 == pytest.approx(box["height"] / MILLIMETRE + 8, abs=1.5)
    assert "TOTAL" in printed.pages[0].extract_text() and "Kembali ke" not in printed.pages[0].extract_text()


def test_the_print_page_also_fits_a4(app: Any, open_as: Any) -> None:
    receipt, _ = sold(app)
    page = open_as("kasir", f"/penjualan/{receipt}/cetak?lebar=a4")
    page.locator("html[data-fitted]").wait_for()
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1 and float(printed.pages[0].mediabox.width) / 72 * 25.4 == pytest.approx(210, abs=0.5)


def test_the_qr_on_the_page_scans(app: Any, open_as: Any, served: str) -> None:
    receipt, code = sold(app)
    page = open_as("kasir", f"/penjualan/{receipt}/cetak")
    picture = Image.open(BytesIO(page.locator(".slip-qr").screenshot())).convert("L")
    found = zxingcpp.read_barcodes(picture.resize((picture.width * 3, picture.height * 3)))
    assert [symbol.text for symbol in found] == [f"{served.upper()}/NOTA/{receipt}-{code}"]


def test_the_tills_own_window_prints_at_once_and_closes_itself(app: Any, open_as: Any) -> None:
    receipt, _ = sold(app)
    page = open_as("kasir", "/penjualan")
    # Playwright's Chromium has no print dialog: stand in for it, and let it be dismissed.
    page.context.add_init_script("window.print = () => { window.dispatchEvent(new Event('afterprint')); }")
    with page.context.expect_page() as opened:
        page.evaluate(f"() => {{ window.open('/penjualan/{receipt}/cetak?lebar=58&cetak=1', 'nota', 'popup'); }}")
    popup = opened.value
    if not popup.is_closed():
        popup.wait_for_event("close")
    assert popup.is_closed() and not page.is_closed()


def test_a_print_page_opened_by_hand_stays_open(app: Any, open_as: Any) -> None:
    receipt, _ = sold(app)
    page = open_as("kasir", "/penjualan")
    page.context.add_init_script(
        "window.print = () => { document.title = 'dicetak'; window.dispatchEvent(new Event('afterprint')); }"
    )
    page.goto(f"/penjualan/{receipt}/cetak?cetak=1")
    page.locator("html[data-fitted]").wait_for()
    page.wait_for_timeout(200)
    assert page.title() == "dicetak" and not page.is_closed()


def test_nothing_on_these_pages_breaks_the_security_policy(app: Any, open_as: Any) -> None:
    receipt, code = sold(app)
    page = open_as("petugas", "/penjualan")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for path in (
        "/penjualan",
        f"/penjualan/{receipt}",
        f"/penjualan/{receipt}/cetak",
        f"/nota/{receipt}-{code}",
        "/nota",
    ):
        page.goto(path)
        page.wait_for_load_state("networkidle")
    assert said == []


@pytest.mark.parametrize("width", [360, 1366])
def test_no_page_scrolls_sideways(app: Any, open_as: Any, width: int) -> None:
    receipt, code = sold(app, lines=[("Meja jati", 99_000)])
    page = open_as("petugas", "/penjualan", width=width)
    for path in ("/penjualan", f"/penjualan/{receipt}", f"/nota/{receipt}-{code}", "/nota"):
        page.goto(path)
        across = page.locator("html").evaluate("html => [html.scrollWidth, html.clientWidth]")
        assert across[0] <= across[1], path

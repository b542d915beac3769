"""The print page in a real browser: as wide as the roll, as long as the receipt, and gone when it is printed."""

import uuid
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import sqlalchemy as sa
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from pos.db import atomic
from pos.receipts import printing
from pos.receipts.slip import PAPERS
from pos.register.lookup import sale_numbered
from pos.units.models import Register
from tests import world
from tests.receipts.sales import sale_of, sold

pytestmark = pytest.mark.browser
MILLIMETRE = 96 / 25.4
LONG = "Tas rajut motif tenun ikat Tanimbar ukuran besar dengan furing dan ritsleting ganda, HariBhaktiPemasyarakatan"


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
        page.evaluate("page => { window.open(page, 'nota', 'popup'); }", recorded(app, receipt))
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
    page.goto(f"/penjualan/{receipt}/cetak")
    page.locator("html[data-fitted]").wait_for()
    assert page.locator(".slip-title").inner_text() == "SALINAN"
    page.get_by_role("button", name="Cetak").click()  # counts it first
    page.wait_for_url("**/cetak?*langsung=1")
    page.locator("html[data-fitted]").wait_for()
    page.wait_for_timeout(200)
    assert page.title() == "dicetak" and not page.is_closed()
    assert page.locator(".slip-title").count() == 0


@pytest.mark.parametrize("width", [58, 80])
def test_long_names_and_large_figures_stay_on_the_paper(app: Any, open_as: Any, width: int) -> None:
    with app.app_context():
        receipt = sale_of(LONG, price=25_000_000, quantity=12_345_000).receipt
    page = open_as("kasir", f"/penjualan/{receipt}/cetak?lebar={width}")
    page.locator("html[data-fitted]").wait_for()
    left, right = ink(page.pdf(prefer_css_page_size=True))
    margin = (width - PAPERS[width]) / 2
    assert left >= margin - 0.5 and right <= width - margin + 0.5


def test_five_hundred_lines_print_whole(app: Any, open_as: Any) -> None:
    receipt, _ = sold(app, lines=[("Tas rajut", 1000)] * 500)
    page = open_as("kasir", f"/penjualan/{receipt}/cetak?lebar=58")
    page.locator("html[data-fitted]").wait_for()
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert {float(each.mediabox.width) for each in printed.pages} == {float(printed.pages[0].mediabox.width)}
    assert float(printed.pages[0].mediabox.width) / 72 * 25.4 == pytest.approx(58, abs=0.5)
    words = "".join(each.extract_text() for each in printed.pages)
    assert words.count("Tas rajut") == 500 and words.count("TOTAL") == 1 and len(printed.pages) <= 4


@pytest.mark.parametrize("width", [58, 80])
def test_the_ruler_of_the_test_page_is_true(app: Any, open_as: Any, width: int) -> None:
    with app.app_context(), atomic() as session:
        register = session.scalar(sa.select(Register).where(Register.code == "AMB-1"))
        register.paper_width = width
        path = f"/unit/kasir/{register.id}/printer"
    page = open_as("admin", path)
    page.get_by_role("button", name="Cetak halaman uji").click()
    page.locator("html[data-fitted]").wait_for()
    content = page.pdf(prefer_css_page_size=True)
    assert len(PdfReader(BytesIO(content)).pages) == 1
    left, right = ink(content)
    margin = (width - PAPERS[width]) / 2
    assert (left, right) == (pytest.approx(margin, abs=0.3), pytest.approx(width - margin, abs=0.3))


def recorded(app: Any, receipt: str) -> str:
    """The page of a print that was just counted."""
    with app.app_context():
        row = printing.record_print(sale_numbered(receipt), world.person("kasir"), "browser", str(uuid.uuid4()))
        return f"/penjualan/{receipt}/cetak?lebar=58&cetak={row.token}&langsung=1"


def ink(content: bytes) -> tuple[float, float]:
    """Where the leftmost and the rightmost ink of the first page is, in millimetres."""
    document = pypdfium2.PdfDocument(content)
    image = document[0].render(scale=300 / 72).to_pil().convert("L")
    document.close()
    left, _, right, _ = image.point(lambda value: 255 if value < 160 else 0).getbbox()
    return left / 300 * 25.4, right / 300 * 25.4


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

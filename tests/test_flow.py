"""The story: from the first scan to the campaign total, by three people in a real browser."""

import re
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from flask import Flask

from tests import world


@pytest.mark.windows
def test_from_the_first_scan_to_the_campaign_total(open_as: Any, tmp_path: Path, app: Flask) -> None:
    official = signed_in(open_as, "pejabat", "/kampanye/sepanjang-tahun")
    before = rupiah(official.locator("[data-figure=omzet]").first.inner_text())

    # Staff print a label; the scanner reads it.
    with app.app_context():
        code = world.code("Tas rajut")
    scanned = scan(print_label(signed_in(open_as, "petugas", "/label?layout=roll-33x15"), code))
    assert scanned == code

    # The cashier scans it, takes cash, sees the receipt.
    till = signed_in(open_as, "kasir", "/kasir")
    till.get_by_role("button", name="AMB-1").click()
    till.locator("#grid").get_by_text("Tas rajut").wait_for()
    till.keyboard.type(scanned)
    till.keyboard.press("Enter")
    till.locator("#lines").get_by_text("Tas rajut").wait_for()
    till.keyboard.press("F4")
    till.locator("#pay-amount").fill("100000")
    till.keyboard.press("Enter")
    receipt = "AMB-1-000001"
    till.locator("#slip").get_by_text(receipt).first.wait_for()
    assert rupiah(till.locator("#paid-giant").inner_text()) == 20_000

    # The official sees exactly that much more, and walks down to that receipt.
    official.reload()
    assert rupiah(official.locator("[data-figure=omzet]").first.inner_text()) == before + 80_000
    for name in ("Lapas Kelas IIA Ambon", "Galeri Lapas Ambon", re.compile(r"\d+ \w+ 20\d\d$"), receipt):
        official.locator("main table").get_by_role("link", name=name).first.click()
    assert receipt in official.get_by_role("heading", level=1).inner_text()
    assert "Tas rajut" in official.locator("main").inner_text()


def signed_in(open_as: Any, username: str, path: str) -> Any:
    """Somebody types name and password, and goes on to `path`."""
    page = open_as("", "/masuk")
    page.get_by_label("Nama masuk").fill(username)
    page.get_by_label("Kata sandi").fill(world.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(lambda url: "/masuk" not in url)
    page.goto(path)
    return page


def print_label(page: Any, code: str) -> bytes:
    """The PDF that the label page makes for one copy of `code`."""
    page.get_by_label("Pindai barcode atau cari produk").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "aksi" not in url and "produk" in url)
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Buat PDF").click()
    pdf: bytes = page.context.request.get(opened.value.url).body()
    return pdf


def scan(pdf: bytes) -> str:
    """What a scanner reads off the first label when a 203 dpi printer has printed it."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=203 / 72, grayscale=True).to_pil()
    (barcode,) = zxingcpp.read_barcodes(picture)
    return str(barcode.text)


def rupiah(text: str) -> int:
    """The first amount in a text: `Rp48.000.000` is 48000000."""
    found = re.search(r"Rp\s?([\d.]+)", text)
    assert found, text
    return int(found[1].replace(".", ""))

"""`make pictures`: the README's pictures, taken of the example galleries in a real browser."""

import re
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

import pypdfium2
import sqlalchemy as sa
import waitress.server
from playwright.sync_api import Browser, Page, sync_playwright

from pos import ROOT, demo
from pos.catalog.models import Barcode, Product
from pos.db import db
from pos.labels.layouts import layout_named
from pos.labels.pdf import labels_pdf
from pos.labels.services import labels_for
from pos.receipts.formats import receipt_bytes
from pos.register.lookup import sale_numbered

PICTURES = ROOT / "static" / "pictures"
SCANNED = ["Tas rajut benang nilon", "Minyak kayu putih 60 ml", "Kue kering kenari 250 g"]


def main() -> None:
    """A demo database of its own, a served program, four pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        app = demo.app(Path(folder) / "demo.db")
        server = waitress.server.create_server(app, host="127.0.0.1", port=0, threads=8)
        threading.Thread(target=server.run, daemon=True).start()
        address = f"http://127.0.0.1:{server.effective_port}"
        app.config["PUBLIC_URL"] = "https://etalase.example.go.id"
        with app.app_context():
            codes = {
                row.name: row.code for row in db.session.execute(sa.select(Product.name, Barcode.code).join(Barcode))
            }
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            receipt = till(browser, address, [codes[name] for name in SCANNED])
            board(browser, address)
            browser.close()
        with app.app_context():
            wanted = labels_for([(code, 3) for code in list(codes.values())[:7]])
            pdf = labels_pdf(wanted, layout_named("a4-l7160"))
            nota = receipt_bytes(sale_numbered(receipt), "pdf", 80, app.config["PUBLIC_URL"])
        picture_of(pdf, "label", crop=0.5)
        picture_of(nota, "nota")
        server.close()


def signed_in(browser: Browser, address: str, username: str) -> Page:
    page: Any = browser.new_context(
        base_url=address, viewport={"width": 1366, "height": 768}, locale="id-ID"
    ).new_page()
    page.goto("/masuk")
    page.get_by_label("Nama masuk").fill(username)
    page.get_by_label("Kata sandi").fill(demo.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.wait_for_url(lambda url: "/masuk" not in url)
    return page


def till(browser: Browser, address: str, codes: list[str]) -> str:
    """Rings up `codes`, takes the picture with the cart full, pays, and returns the receipt's number."""
    page = signed_in(browser, address, "kasir")
    page.goto("/kasir")
    page.get_by_role("button", name="AMB-1").click()
    page.locator("#grid [role=option]").first.wait_for()
    for count, code in enumerate(codes, start=1):
        page.locator("#find").fill(code)
        page.keyboard.press("Enter")
        page.locator("#lines .line").nth(count - 1).wait_for()
    page.screenshot(path=PICTURES / "kasir.png")
    page.keyboard.press("F4")
    page.locator("#pay-amount").fill("200000")
    page.keyboard.press("Enter")
    receipt = page.locator("#slip").get_by_text(re.compile(r"AMB-1-\d{6}")).first
    found = re.search(r"AMB-1-\d{6}", receipt.inner_text())
    assert found
    return found[0]


def board(browser: Browser, address: str) -> None:
    page = signed_in(browser, address, "pejabat")
    page.goto("/kampanye")
    page.get_by_role("link", name="One Day One Prison's Product").first.click()
    page.screenshot(path=PICTURES / "kampanye.png")


def picture_of(pdf: bytes, name: str, crop: float = 1.0) -> None:
    """The first page of `pdf` (its upper `crop`) as a picture of 900 pixels' width at most."""
    page = pypdfium2.PdfDocument(pdf)[0]
    image = page.render(scale=900 / page.get_width() if page.get_width() > 300 else 2.5).to_pil()
    image.crop((0, 0, image.width, int(image.height * crop))).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()

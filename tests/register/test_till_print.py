"""Printing from the till, in a real browser: by its dialog, by the register's own printer, and without the server."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader

from pos.db import db
from pos.receipts import drivers
from pos.receipts.models import SalePrint
from tests.receipts.paperboy import Paperboy, refusing_port
from tests.receipts.test_printing import connect
from tests.register.conftest import hears_keys
from tests.register.counter import SALES, by_hand, sales, scan
from tests.waiting import until

pytestmark = pytest.mark.browser
# Playwright's Chromium has no print dialog: stand in for it, and let it be confirmed at once.
DIALOG = "window.print = () => { window.printed = (window.printed ?? 0) + 1; dispatchEvent(new Event('afterprint')); }"

# Tells in which order a nota is kept on disk (with its number, and how), sent, shown as paid and printed.
ORDER = """() => {
  window.acts = []
  const { transaction } = IDBDatabase.prototype
  IDBDatabase.prototype.transaction = function (names, mode, options) {
    const begun = transaction.call(this, names, mode, options)
    const stores = [...begun.objectStoreNames]
    const keeps = mode === 'readwrite' && ['outbox', 'series'].every((each) => stores.includes(each))
    if (keeps) begun.addEventListener('complete', () => acts.push(options.durability))
    return begun
  }
  const { fetch } = window
  window.fetch = (path, ...rest) => {
    if (path === '/api/sales') acts.push('sent')
    return fetch(path, ...rest)
  }
  window.print = () => acts.push('printed')
  const paid = document.getElementById('paid')
  new MutationObserver(() => paid.hidden || acts.push('shown')).observe(paid, { attributeFilter: ['hidden'] })
}"""


@pytest.fixture
def printer() -> Iterator[Paperboy]:
    one = Paperboy()
    yield one
    one.close()


def pay(page: Any, code: str, expect: Any, receipt: str = "") -> None:
    """A bag for the exact money."""
    scan(page, code)
    page.keyboard.press("F4")
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")
    expect(page.locator("#paid")).to_be_visible()
    if receipt:
        expect(page.locator("#slip-number")).to_have_text(receipt)


def prints(app: Flask) -> list[tuple[int, str]]:
    with app.app_context():
        query = sa.select(SalePrint.copy, SalePrint.way).order_by(SalePrint.sale_id, SalePrint.copy)
        return [tuple(row) for row in db.session.execute(query)]


def test_the_first_print_is_the_original_and_the_next_a_copy(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    page.context.add_init_script(DIALOG.replace("dispatchEvent", "void "))  # the window stays, to be looked at
    pay(page, codes["Tas rajut"], expect, "AMB-1-000001")
    for expected in ([], ["SALINAN KE-1"]):
        with page.context.expect_page() as opened:
            page.keyboard.press("p")
        window = opened.value
        window.locator("html[data-fitted]").wait_for()
        assert window.locator(".slip-title").all_inner_texts() == expected
        assert window.evaluate("window.printed") == 1
        window.close()
        page.bring_to_front()
    with page.context.expect_page() as opened:
        page.locator("#pdf").click()
    opened.value.close()
    assert prints(app) == [(0, "browser"), (1, "browser"), (2, "pdf")]


def test_the_registers_printer_prints_by_itself_and_the_till_says_so(
    till: Any, app: Flask, codes: dict[str, str], expect: Any, printer: Paperboy
) -> None:
    connect(app, printer.port, automatic=True)
    page = till()
    pay(page, codes["Tas rajut"], expect, "AMB-1-000001")
    expect(page.locator("#print-state")).to_have_text("Nota tercetak.")
    assert printer.events == ["cut", "pulse"] and prints(app) == [(0, "printer")]
    page.locator("#print").click()
    until(lambda: printer.events == ["cut", "pulse", "cut"])
    assert "** SALINAN KE-1 **" in " ".join(printer.rows)


def test_what_is_paid_before_the_slow_line_has_brought_what_prints_is_printed_and_shared(
    till: Any, app: Flask, codes: dict[str, str], expect: Any, printer: Paperboy
) -> None:
    connect(app, printer.port, automatic=True)
    page, held = till(), []
    page.route(re.compile(r"/kasir/js/(print|handed)\."), lambda route: held.append(route))
    page.reload()
    page.locator("#till").wait_for()
    hears_keys(page)
    pay(page, codes["Tas rajut"], expect, "AMB-1-000001")
    for route in held:
        route.continue_()
    expect(page.locator("#print-state")).to_have_text("Nota tercetak.")
    expect(page.get_by_role("link", name="WhatsApp")).to_have_attribute("href", re.compile("AMB-1-000001"))
    assert prints(app) == [(0, "printer")]


def test_a_printer_out_of_paper_is_told_and_the_next_buyer_is_served(
    till: Any, app: Flask, codes: dict[str, str], expect: Any, printer: Paperboy
) -> None:
    connect(app, printer.port, automatic=True)
    printer.mood = "no_paper"
    page = till()
    pay(page, codes["Tas rajut"], expect, "AMB-1-000001")
    expect(page.locator("#print-state")).to_contain_text("Kertas printer habis")
    page.wait_for_timeout(700)
    page.keyboard.press("Enter")
    printer.mood = "good"
    pay(page, codes["Cuci motor"], expect, "AMB-1-000002")
    expect(page.locator("#print-state")).to_have_text("Nota tercetak.")
    assert [sale["receipt"] for sale in sales(app)] == ["AMB-1-000001", "AMB-1-000002"]
    page.goto("/cetakan?status=failed")
    page.get_by_role("button", name="Cetak lagi").click()
    until(lambda: printer.events == ["cut", "pulse"] * 2)
    page.goto("/cetakan?status=failed")
    expect(page.locator(".empty")).to_be_visible()


@pytest.mark.windows
def test_a_failed_print_can_be_tried_again_or_go_to_the_browser(
    till: Any, app: Flask, codes: dict[str, str], expect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drivers, "PATIENCE", 0.4)
    connect(app, refusing_port())
    page = till()
    pay(page, codes["Tas rajut"], expect, "AMB-1-000001")
    page.locator("#print").click()
    expect(page.locator("#print-state")).to_contain_text("tidak terjangkau")
    page.locator("#print-state").get_by_role("button", name="Cetak lagi").click()
    expect(page.locator("#print-state")).to_contain_text("tidak terjangkau")
    with page.context.expect_page() as opened:
        page.locator("#print-state").get_by_role("button", name="Lewat peramban").click()
    opened.value.locator("html[data-fitted]").wait_for()
    assert opened.value.locator(".slip-title").count() == 0, "it is the original still"
    assert prints(app) == [(0, "printer")]


def test_without_the_server_the_till_prints_the_nota_itself(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    page.evaluate(ORDER)
    page.route(SALES, lambda route: route.abort())
    scan(page, codes["Tas rajut"])
    by_hand(page, "keripik")
    page.keyboard.press("Enter")
    by_hand(page, "1,5")
    page.keyboard.press("Enter")
    page.keyboard.press("F4")
    by_hand(page, "200000")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-giant")).to_have_text("Rp45.000")
    page.locator("#print").click()
    expect(page.locator("#print-state")).to_contain_text("AMB-1-000001")
    acts = page.evaluate("acts")
    assert list(dict.fromkeys(acts)) == ["strict", "sent", "shown", "printed"] and acts.count("printed") == 1
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    words = " ".join(paper.pages[0].extract_text().split())
    assert len(paper.pages) == 1
    assert float(paper.pages[0].mediabox.width) / 72 * 25.4 == pytest.approx(58, abs=0.5)
    for said in ("AMB-1-000001", "Tas rajut", "1,5 kg × 50.000", "75.000", "Rp155.000", "Tunai", "45.000"):
        assert said in words, said
    assert "SALINAN" not in words and "Pembeli berikutnya" not in words
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.locator("#print").click()
    expect(page.locator(".printout .slip-title")).to_have_text("SALINAN KE-1")
    page.unroute(SALES)
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001", timeout=20_000)
    until(lambda: prints(app) == [(0, "slip"), (1, "slip")])
    assert sales(app)[0]["receipt"] == "AMB-1-000001"
    page.context.add_init_script("window.print = () => {}")  # else the window is gone once it has printed
    with page.context.expect_page() as opened:
        page.locator("#print").click()
    expect(opened.value.locator(".slip-title")).to_have_text("SALINAN KE-2")

"""The report page in a browser: choose, sort, walk down to the nota, take the file along; and the recap's text."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask

from pos.reports import sums
from pos.reports.sums import View
from tests import world
from tests.reports.test_sums import some_sales

APRIL = (date(2026, 4, 1), date(2026, 4, 30))


@pytest.mark.browser
def test_from_the_months_sum_to_one_nota_and_into_a_workbook(app: Flask, served: str, quick_chromium: Any) -> None:
    with app.app_context():
        some_sales()
        whole = sums.total(View(*APRIL))
    context = quick_chromium.new_context(
        base_url=served, locale="id-ID", service_workers="block", accept_downloads=True
    )
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.goto("/masuk?next=/laporan")
    page.fill("[name=username]", "pejabat-pusat")
    page.fill("[name=password]", world.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/laporan*")

    page.select_option("#periode", "rentang")
    page.fill("#dari", APRIL[0].isoformat())
    page.fill("#sampai", APRIL[1].isoformat())
    page.get_by_role("button", name="Tampilkan").click()
    page.wait_for_url("**dari=2026-04-01*")
    assert rupiah(page.locator(".figure.lead dd").first.inner_text()) == whole.omzet
    assert page.locator(".plot g title").count() == 30

    page.get_by_role("link", name="Produk", exact=True).last.click()
    page.wait_for_url("**per=produk*")
    for asked in ("urut=-pieces", "urut=pieces"):
        page.locator(".report-rows thead").get_by_role("link", name="Jumlah").click()
        page.wait_for_url(f"**{asked}*")
    pieces = [float(text.replace(",", ".")) for text in column(page, "Jumlah")]
    assert pieces == sorted(pieces)

    with page.expect_download() as waiting:
        page.get_by_role("link", name="XLSX").click()
    sheet = openpyxl.load_workbook(io.BytesIO(waiting.value.path().read_bytes())).worksheets[0]
    taken = [row[[cell.value for cell in sheet[1]].index("Omzet")].value for row in sheet.iter_rows(min_row=2)]
    assert taken[:-1] == [rupiah(text) for text in column(page, "Omzet")] and taken[-1] == whole.omzet

    page.locator(".report-rows tbody .row-link").last.click()
    page.wait_for_url("**per=nota*")
    page.locator("tbody .row-link").first.click()
    page.wait_for_url("**/penjualan/*")
    assert wrong == []
    context.close()


def column(page: Any, name: str) -> list[str]:
    heads = [text.strip(" ↓↑") for text in page.locator(".report-rows thead th").all_inner_texts()]
    return list(page.locator(f".report-rows tbody tr > :nth-child({heads.index(name) + 1})").all_inner_texts())


def rupiah(text: str) -> int:
    return int(text.replace("Rp", "").replace(".", ""))

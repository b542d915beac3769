"""Shifts on the screen and on paper: who sees which, what X and Z say, and that no line is too wide."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pypdf
import pytest
from flask import Flask

from pos import clock
from tests import world
from tests.register import drawer
from tests.register.drawer import act, close, count, open_shift, paid_749_with_1000

LONG = "beli kantong plastik, pita dan kardus besar untuk pesanan instansi"


@pytest.fixture
def shift(app: Flask) -> dict[str, Any]:
    """A closed shift of AMB-1: 749 in cash, something taken out, 249 missing, and a nota that came late."""
    with app.app_context():
        shift = open_shift(float=100_000)
        paid_749_with_1000(shift)
        act(shift, "cash_out", 20_000, reason=LONG)
        close(shift, 80_500, "salah kembalian")
        paid_749_with_1000(shift, at=(clock.now() - timedelta(minutes=5)).isoformat())
    return shift


def test_the_list_shows_the_shifts_in_scope_and_finds_them(shift: dict[str, Any], app: Flask, as_: Any) -> None:
    with app.app_context():
        open_shift(register="AMB-2")
    for username in ("kasir", "petugas", "pejabat", "pejabat-pusat", "admin"):
        page = as_(username).get("/giliran").text
        assert "AMB-1 #1" in page and "-Rp249" in page and "AMB-2 #1" in page and "terbuka" in page
    assert "Belum ada giliran" in as_("kasir-ptk").get("/giliran").text
    only = as_("kasir").get("/giliran?kasir=AMB-2").text
    assert "AMB-2 #1" in only and "AMB-1 #1" not in only
    assert "Tidak ada giliran yang cocok" in as_("kasir").get("/giliran?sampai=2020-01-01").text
    assert "AMB-1 #1" in as_("kasir").get("/giliran?dari=kemarin").text


def test_the_list_leaves_as_files_that_say_what_it_shows(shift: dict[str, Any], app: Flask, as_: Any) -> None:
    with app.app_context():
        open_shift(register="AMB-2")
    browser = as_("pejabat")
    assert "/giliran.xlsx?kasir=AMB-1" in browser.get("/giliran?kasir=AMB-1").text
    book = openpyxl.load_workbook(io.BytesIO(browser.get("/giliran.xlsx").data))
    still_open, closed = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert still_open[3:5] == ("AMB-2", 1) and still_open[8:] == ("terbuka", *[None] * 6)
    assert closed[3:6] == ("AMB-1", 1, "Kasir") and closed[9:] == (1, 749, 0, 80_749, 80_500, -249)
    one = browser.get("/giliran.csv?kasir=AMB-2").get_data(as_text=True)
    assert "AMB-2" in one and "AMB-1" not in one
    paper = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(browser.get("/giliran.pdf").data)).pages)
    assert "AMB-1 #1" in paper and "-Rp249" in paper and "terbuka" in paper
    assert as_("kasir-ptk").get("/giliran.csv").get_data(as_text=True).count("\r\n") == 1, "their own only"


def test_a_z_says_what_must_be_and_what_came_late(shift: dict[str, Any], as_cashier: Any) -> None:
    page = as_cashier.get(f"/giliran/{shift['id']}").text
    for text in ("Laporan Z", "Rp80.749", "Rp80.500", "-Rp249", "salah kembalian", LONG, "Tambahan setelah tutup"):
        assert text in page
    assert "000001" in page and "000002" in page


def test_an_x_does_not_say_what_must_be_in_the_drawer_before_it_is_counted(app: Flask, as_cashier: Any) -> None:
    with app.app_context():
        shift = open_shift(float=100_000)
        paid_749_with_1000(shift)
    for path in ("", "/laporan.txt"):
        assert "100.749" not in as_cashier.get(f"/giliran/{shift['id']}{path}").text
    with app.app_context():
        count(shift, 100_000)
    page = as_cashier.get(f"/giliran/{shift['id']}").text
    assert "Laporan X" in page and "100.749" in page


@pytest.mark.parametrize(("width", "columns"), [(58, 32), (80, 48)])
def test_no_line_of_the_paper_is_too_wide(shift: dict[str, Any], as_cashier: Any, width: int, columns: int) -> None:
    text = as_cashier.get(f"/giliran/{shift['id']}/laporan.txt?lebar={width}").text
    assert max(map(len, text.splitlines())) <= columns
    assert "Laporan Z AMB-1 #1" in text and "TAMBAHAN SETELAH TUTUP" in text
    assert LONG in " ".join(text.split())
    answer = as_cashier.get(f"/giliran/{shift['id']}/laporan.pdf?lebar={width}")
    [page] = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    assert round(float(page.mediabox.width) / 72 * 25.4) == width
    words = page.extract_text().split()
    assert {"SELISIH", "-Rp249", "Rp80.749"} <= set(words)
    again = as_cashier.get(f"/giliran/{shift['id']}/laporan.pdf?lebar={width}")
    assert again.data == answer.data and "SALINAN" in words and "** SALINAN **" in text


def test_the_first_print_of_a_z_is_the_original_and_the_next_are_counted(
    shift: dict[str, Any], as_cashier: Any
) -> None:
    def printed(token: str) -> str:
        asked = as_cashier.post(f"/api/shifts/{shift['id']}/prints", json={"id": token})
        return str(as_cashier.get(asked.json["page"].replace(".pdf", ".txt")).text)

    token = world.new_id()
    first = printed(token)
    assert "SALINAN" not in first and "Dicetak" in first and printed(token) == first
    again = as_cashier.post(f"/giliran/{shift['id']}/cetak", data={"token": world.new_id()})
    assert "** SALINAN KE-1 **" in as_cashier.get(again.location.replace(".pdf", ".txt")).text
    made_up = f"/giliran/{shift['id']}/laporan.txt?cetak={world.new_id()}"
    assert "** SALINAN **" in as_cashier.get(made_up).text


def test_other_papers_there_are_none(shift: dict[str, Any], as_cashier: Any) -> None:
    assert as_cashier.get(f"/giliran/{shift['id']}/laporan.pdf?lebar=70").status_code == 404


def test_what_is_done_in_a_shift_is_in_the_log(shift: dict[str, Any], as_admin: Any) -> None:
    page = as_admin.get("/catatan").text
    for text in ("Giliran dibuka", "Kas keluar laci", "Laci dihitung", "Giliran ditutup", "AMB-1 #1"):
        assert text in page


def test_nobody_acts_in_a_shift_outside_their_scope(shift: dict[str, Any], as_: Any) -> None:
    body = drawer.event("cash_in", 1_000)
    assert as_("kasir-ptk").post(f"/api/shifts/{shift['id']}/events", json=body).status_code == 404
    assert as_("kasir").post(f"/api/shifts/{world.new_id()}/events", json=body).status_code == 404
    assert as_("kasir").post("/api/shifts", data="[" * 100_000, content_type="application/json").status_code == 400

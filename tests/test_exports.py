"""What every list gives to take along: the filters kept, the scope kept, texts as they are read on the screen."""

import io
from datetime import date
from typing import Any

import openpyxl
import pypdf
import pytest
from flask import Flask

from pos.revenue.deposits import add_deposit
from pos.units.services import unit_named
from tests import world

AMBON, PONTIANAK = "Lapas Kelas IIA Ambon", "Lapas Kelas IIA Pontianak"
PDFS = ("/produk/ekspor.pdf", "/penjualan.pdf", "/kampanye/odop-2026/tabel.pdf", "/setoran/ekspor.pdf")


@pytest.fixture
def busy(app: Flask) -> Flask:
    """Two notas in Ambon, one in Pontianak, and deposits of both."""
    with app.app_context():
        world.sell(lines=[("Tas rajut", 2000), ("Keripik pisang", 1500)], at="2026-04-10T10:00:00+09:00")
        world.sell(lines=[("Tas rajut", 1000)], at="2026-04-11T10:00:00+09:00", buyer="petugas")
        world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)], at="2026-04-10T10:00:00+07:00")
        for unit, who, day, amount, letter, note in (
            (AMBON, "petugas", 20, 1_250_000, "A", "=HYPERLINK(0)"),
            (AMBON, "petugas", 22, 250_000, "B", "PNBP kampanye"),
            (PONTIANAK, "petugas-ptk", 21, 500_000, "C", ""),
        ):
            add_deposit(
                unit_named(unit),
                world.person(who),
                day=date(2026, 4, day),
                amount=amount,
                billing_code=f"0820260427123{day}",
                ntpn=letter * 16,
                note=note,
            )
    return app


def read(browser: Any, path: str) -> str:
    """The text of the PDF at `path`, in one line."""
    answer = browser.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def sheet(browser: Any, path: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(browser.get(path).data)).worksheets[0]


# -- deposits ------------------------------------------------------------------------------------------


def test_deposits_leave_as_xlsx_with_days_numbers_and_texts(busy: Flask, as_staff: Any) -> None:
    found = sheet(as_staff, "/setoran/ekspor.xlsx")
    rows = list(found.values)
    assert rows[0] == (
        *("Hari", "Unit", "NTPN", "Kode billing", "NTB", "Satker", "Akun", "Cara setor"),
        *("Keterangan", "Keadaan", "Jumlah (Rp)"),
    )
    assert [(row[0].date(), row[2][0], row[10]) for row in rows[1:]] == [
        (date(2026, 4, 22), "B", 250_000),
        (date(2026, 4, 20), "A", 1_250_000),
    ]
    assert rows[1][3] == "082026042712322"
    assert (found["I3"].value, found["I3"].data_type) == ("=HYPERLINK(0)", "s")


def test_deposits_leave_as_csv_without_formulas(busy: Flask, as_staff: Any) -> None:
    lines = as_staff.get("/setoran/ekspor.csv").data.decode("utf-8-sig").splitlines()
    assert lines[2] == f"2026-04-20;{AMBON};AAAAAAAAAAAAAAAA;082026042712320;;;;;'=HYPERLINK(0);berlaku;1250000"


def test_deposits_on_paper_with_their_sum(busy: Flask, as_staff: Any) -> None:
    text = read(as_staff, "/setoran/ekspor.pdf")
    for part in ("Setoran PNBP", "2 setoran", "20 Apr 2026", "A" * 16, "Rp1.250.000", "Jumlah Rp1.500.000"):
        assert part in text, part
    assert PONTIANAK not in text


@pytest.mark.parametrize(
    ("who", "query", "found"),
    [
        ("petugas", "", "BA"),
        ("petugas-ptk", "", "C"),
        ("pejabat-pusat", "", "BCA"),
        ("pejabat-pusat", "?unit=pontianak", "C"),
        ("pejabat-pusat", "?dari=2026-04-21&sampai=2026-04-21", "C"),
        ("pejabat-pusat", "?q=kampanye", "B"),
        ("petugas", "?unit=pontianak", ""),
    ],
)
def test_deposits_keep_filters_and_scope_in_every_kind(busy: Flask, as_: Any, who: str, query: str, found: str) -> None:
    browser = as_(who)
    rows = list(sheet(browser, f"/setoran/ekspor.xlsx{query}").values)[1:]
    assert "".join(row[2][0] for row in rows) == found
    csv, text = browser.get(f"/setoran/ekspor.csv{query}").text, read(browser, f"/setoran/ekspor.pdf{query}")
    for letter in "ABC":
        assert (letter * 16 in csv) == (letter * 16 in text) == (letter in found), letter


def test_the_list_of_deposits_offers_what_it_shows(busy: Flask, as_staff: Any) -> None:
    assert 'href="/setoran/ekspor.pdf?q=kampanye"' in as_staff.get("/setoran?q=kampanye&hal=1").text
    assert "/setoran/ekspor" not in as_staff.get("/setoran?q=zzz").text


# -- the other lists on paper ----------------------------------------------------------------------------


def test_products_on_paper_as_on_the_screen(busy: Flask, as_: Any) -> None:
    text = read(as_("petugas"), "/produk/ekspor.pdf?kategori=kuliner&sort=-harga")
    for part in ("Kategori: kuliner", "2 produk", "Rp50.000 kg -1,5", "bukan WBP"):
        assert part in text, part
    assert text.index("Keripik pisang") < text.index("Air mineral") and "Tas rajut" not in text
    assert "Rp30.000" not in text, "what it cost is not on the screen either"
    assert "Miniatur kapal" not in read(as_("petugas"), "/produk/ekspor.pdf")
    assert "Miniatur kapal" in read(as_("petugas"), "/produk/ekspor.pdf?semua=1")


def test_notas_on_paper_with_their_sum(busy: Flask, as_: Any) -> None:
    text = read(as_("kasir"), "/penjualan.pdf")
    for part in ("2 nota", "AMB-1-000001", "10 Apr 2026 10.00 WIT", "Tunai", "Jumlah Rp315.000"):
        assert part in text, part
    assert "PTK-1" not in text and "PTK-1-000001" in read(as_("pejabat-pusat"), "/penjualan.pdf")
    since = read(as_("kasir"), "/penjualan.pdf?dari=2026-04-11&sampai=2026-04-30")
    assert "11 Apr 2026 – 30 Apr 2026" in since and "AMB-1-000001" not in since and "Jumlah Rp80.000" in since


def test_a_campaign_on_paper_with_its_sum(busy: Flask, as_: Any) -> None:
    text = read(as_("pejabat-pusat"), "/kampanye/odop-2026/tabel.pdf?per=kanwil")
    for part in ("Per Kanwil", "Ditjenpas", "1 Apr 2026 – 26 Apr 2026", "Dilaporkan kasir; belum diverifikasi."):
        assert part in text, part
    assert "Kanwil Maluku Rp315.000 51,2% 4,5 2" in text and "Jumlah Rp615.000 5,5 3" in text
    notas = read(as_("pejabat"), "/kampanye/odop-2026/tabel.pdf?per=nota")
    assert "AMB-1-000002" in notas and "PTK-1" not in notas and "Jumlah Rp315.000" in notas


# -- all of them ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PDFS)
def test_paper_says_when_and_for_whom_in_their_language(busy: Flask, as_staff: Any, path: str) -> None:
    text = read(as_staff, path)
    assert "WIT oleh Petugas" in text and "Dicetak" in text and "Halaman 1 dari 1" in text and AMBON in text
    as_staff.post("/bahasa/en")
    answer = as_staff.get(path)
    assert "Page 1 of 1" in read(as_staff, path) and answer.headers["Cache-Control"] == "no-store"
    assert pypdf.PdfReader(io.BytesIO(answer.data)).trailer["/Root"]["/Lang"] == "en"


@pytest.mark.parametrize("path", ["/produk?arsip=1", "/penjualan?dari=2026-01-01", "/kampanye/odop-2026?per=produk"])
def test_every_list_has_its_button(busy: Flask, as_staff: Any, path: str) -> None:
    shown = as_staff.get(path).text
    kept = path.partition("?")[2]
    assert any(".pdf?" in line and kept in line and "PDF</a>" in line for line in shown.splitlines())


def test_an_empty_list_is_still_a_sheet(app: Flask, as_staff: Any) -> None:
    assert "0 setoran" in read(as_staff, "/setoran/ekspor.pdf")
    assert "0 nota" in read(as_staff, "/penjualan.pdf")

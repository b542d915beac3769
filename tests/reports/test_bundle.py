"""The auditor's bundle: what is in it adds up, is what its index says, and belongs to the reader's scope."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable

import openpyxl
import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from pos import jobs
from pos.db import db
from pos.register.models import Sale
from pos.reports import specials, sums
from pos.reports.bundle_tables import PARTS
from pos.reports.sums import View
from pos.units.models import AuditEntry, User
from tests import world
from tests.register import drawer
from tests.register.after import give_back
from tests.reports.test_sums import FIRST, LAST, some_sales
from tests.waiting import made

DAYS = {"periode": "rentang", "dari": FIRST.isoformat(), "sampai": LAST.isoformat()}


def bundle(browser: FlaskClient, **over: str) -> zipfile.ZipFile:
    asked = browser.post("/laporan/pemeriksaan", data=DAYS | over)
    assert asked.status_code == 302
    told = made(browser, asked.location)
    assert told["done"] == told["total"] >= len(PARTS)
    with browser.get(f"{asked.location}/unduh") as answer:
        assert hashlib.sha256(answer.data).hexdigest() in browser.get(asked.location).text
        return zipfile.ZipFile(io.BytesIO(answer.data))


def rows(files: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = files.read(f"{name}.csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_bundle_holds_every_part_and_each_is_what_the_index_says(
    app: Flask, as_: Callable[[str], FlaskClient]
) -> None:
    with app.app_context():
        some_sales()
    files = bundle(as_("pemeriksa"))
    for name, _title, _build in PARTS:
        sheet = openpyxl.load_workbook(io.BytesIO(files.read(f"{name}.xlsx"))).worksheets[0]
        lines = rows(files, name)
        assert sheet.max_row in (len(lines) + 1, len(lines) + 2), name
    said = dict(line.split("  ")[::-1] for line in files.read("SHA256SUMS.txt").decode().splitlines())
    assert set(said) == {n for n in files.namelist() if n not in ("SHA256SUMS.txt", "00-indeks.pdf")}
    index = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files.read("00-indeks.pdf"))).pages)
    for name, digest in said.items():
        assert hashlib.sha256(files.read(name)).hexdigest() == digest
        assert digest in index.replace("\n", "")
    with app.app_context():
        total = db.session.scalar(sa.select(sa.func.sum(Sale.total))) or 0
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "audit.bundle")).one()
        whole = sums.total(View(FIRST, LAST), True)
    assert entry.detail == {"since": "2026-03-25", "until": "2026-04-30", "notas": len(rows(files, "01-nota"))}
    assert sum(int(row["Total"]) for row in rows(files, "01-nota")) == total
    assert sum(int(row["Nilai"]) for row in rows(files, "02-baris-nota")) == whole.takings
    assert sum(int(row["Omzet"]) for row in rows(files, "03-penjualan-per-hari")) == whole.omzet
    assert sum(int(row["Dikembalikan"]) for row in rows(files, "05-retur")) == whole.refunds
    assert sum(int(row["Diskon"]) for row in rows(files, "06-diskon")) == whole.discount
    assert all(row["Nomor hilang sejak awal"] == "0" for row in rows(files, "04-nomor-nota"))
    assert all(row["Keadaan"] == "terpenuhi" for row in rows(files, "20-pemeriksaan-buku"))
    assert {"pemeriksa", "kasir-ptk"} <= {row["Nama masuk"] for row in rows(files, "17-pengguna")}


def test_shifts_are_in_it_with_their_reports_and_variances(app: Flask, as_: Callable[[str], FlaskClient]) -> None:
    with app.app_context():
        opened = drawer.open_shift()
        world.sell(lines=[("Tas rajut", 1000)], shift=opened["id"])
        drawer.act(opened, "cash_out", 20_000)
        drawer.close(opened, 150_000, "salah kembalian")
    files = bundle(as_("pejabat"), periode="hari")
    (z,) = rows(files, "12-laporan-z")
    assert (z["Seharusnya"], z["Dihitung"], z["Selisih"]) == ("160000", "150000", "-10000")
    assert [row["Kejadian"] for row in rows(files, "13-kejadian-laci")] == ["Kas keluar", "Hitung laci", "Tutup"]
    paper = pypdf.PdfReader(io.BytesIO(files.read("laporan-z/z-AMB-1-00001.pdf"))).pages[0].extract_text()
    assert "salah kembalian" in paper and "160.000" in paper


def test_who_asks_while_all_is_busy_is_told_and_finds_their_way_back(
    app: Flask, as_: Callable[[str], FlaskClient]
) -> None:
    reader, asked = as_("pemeriksa"), DAYS | {"unit": "Kanwil Maluku"}
    mine = [jobs.Path(f"mine-{n}") for n in range(jobs.MOST_OF_ONE)]
    with app.app_context():
        person_id = db.session.scalar(sa.select(User.id).where(User.username == "pemeriksa"))
    for path in mine:
        jobs.DESK.take(path, person_id)
    try:
        refused = reader.post("/laporan/pemeriksaan", data=asked)
        page = reader.get(refused.location).text
        assert "sebelumnya masih dibuat" in page and 'name="unit" value="Kanwil Maluku"' in page
        packs = reader.post(
            "/paket", data={"unit": "Kanwil Maluku", "from_day": DAYS["dari"], "until_day": DAYS["sampai"]}
        )
        page = reader.get(packs.location).text
        assert "sebelumnya masih dibuat" in page and f'value="{DAYS["sampai"]}"' in page
    finally:
        for path in mine:
            jobs.DESK.leave(path)
    bundle(reader)
    assert "siap diunduh" in reader.get("/laporan/pemeriksaan").text
    assert "siap diunduh" not in as_("pejabat").get("/laporan/pemeriksaan").text
    wrong = reader.post("/laporan/pemeriksaan", data=DAYS | {"dari": "kemarin dulu"})
    assert "Tulis tanggal" in reader.get(wrong.location).text


def test_a_bundle_that_cannot_be_made_says_why(
    app: Flask, as_: Callable[[str], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        some_sales()
    monkeypatch.setattr("pos.reports.bundle.MOST_NOTAS", 0)
    reader = as_("pemeriksa")
    asked = reader.post("/laporan/pemeriksaan", data=DAYS).location
    made(reader, asked, "failed")
    assert "Lebih dari 0 nota" in reader.get(asked).text and "tidak jadi" in reader.get("/laporan/pemeriksaan").text


def test_a_bundle_holds_nothing_from_outside(app: Flask, as_: Callable[[str], FlaskClient]) -> None:
    with app.app_context():
        some_sales()
    mine = bundle(as_("pejabat"))
    assert {row["Nota"][:4] for row in rows(mine, "01-nota")} == {"AMB-"}
    assert "kasir-ptk" not in {row["Nama masuk"] for row in rows(mine, "17-pengguna")}
    other = bundle(as_("pemeriksa"), unit="Kanwil Kalimantan Barat")
    assert {row["Nota"][:4] for row in rows(other, "01-nota")} == {"PTK-"}
    refused = as_("pejabat").get("/laporan/pemeriksaan", query_string={"unit": "Kanwil Kalimantan Barat"})
    assert refused.status_code == 422 and "Pilih satu unit" in refused.text


# -- the special reports -------------------------------------------------------------------------------


def test_special_reports_add_up_to_the_same_notas(ctx: Flask) -> None:
    some_sales()
    sold = world.sell(lines=[("Tas rajut", 1000)], at="2026-04-28T10:00:00+09:00")
    give_back(sold.receipt, sold_at="2026-04-28T11:30:00+09:00")
    view = View(FIRST, LAST)
    whole = sums.total(view, True)
    assert sum(int(row.off) for row in specials.discounts(view)) == whole.discount
    assert sum(int(row.total) for row in specials.returns(view)) == whole.refunds
    paid = [of for methods in specials.methods(view, Sale.gallery_id).values() for of in methods.values()]
    assert sum(of["sold"] - of["back"] for of in paid) == (db.session.scalar(sa.select(sa.func.sum(Sale.total))) or 0)
    busy = specials.hours(view)
    assert sum(notas for notas, _sum in busy.values()) == whole.sales
    assert busy[1, 10][0] == 1  # 28 April 2026 is a Tuesday; 10.00 on the wall in Ambon


@pytest.mark.parametrize("report", ["diskon", "retur", "persetujuan", "cara-bayar", "selisih-kas", "jam-ramai"])
def test_every_special_report_is_a_page_and_files(app: Flask, as_official: FlaskClient, report: str) -> None:
    with app.app_context():
        some_sales()
    page = as_official.get(f"/laporan/khusus/{report}", query_string=DAYS)
    assert page.status_code == 200
    book = as_official.get(f"/laporan/khusus/{report}/ekspor.xlsx", query_string=DAYS)
    assert openpyxl.load_workbook(io.BytesIO(book.data)).worksheets[0].max_row >= 1
    paper = as_official.get(f"/laporan/khusus/{report}/ekspor.pdf", query_string=DAYS)
    assert "KANTOR WILAYAH MALUKU" in pypdf.PdfReader(io.BytesIO(paper.data)).pages[0].extract_text()

"""Bringing a list on the page: look first, then all or nothing."""

import io
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from pos.catalog.models import Product
from pos.db import db

HEADER = "unit_name;product;category;price_rp;barcode\n"
GOOD = HEADER + "Lapas Kelas IIA Ambon;Sapu lidi;kerajinan tangan;Rp 12.500,-;\n"
BAD = GOOD + "Lapas Kelas IIA Amboon;Keset;kerajinan tangan;12,500;8,99E+12\n"


def upload(browser: Any, text: str) -> Any:
    return browser.post("/produk/impor", data={"file": (io.BytesIO(text.encode()), "C:\\unduhan\\daftar.csv")})


def fingerprint(page: str) -> str:
    return page.split('name="fingerprint" value="')[1].split('"')[0]


def names(app: Any) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Product.name)))


def test_a_list_is_shown_then_imported_once(app: Any, as_staff: Any) -> None:
    place = upload(as_staff, GOOD).location
    page = as_staff.get(place).text
    assert "daftar.csv" in page and "Rp12.500" in page and "Sapu lidi" not in names(app)
    done = as_staff.post(place, data={"fingerprint": fingerprint(page)}, follow_redirects=True)
    assert "Impor selesai: 1 produk baru" in done.text and names(app).count("Sapu lidi") == 1
    assert as_staff.post(place, data={"fingerprint": fingerprint(page)}).status_code == 404
    again = as_staff.get(upload(as_staff, GOOD).location).text
    assert "Tidak ada yang perlu diimpor" in again and 'name="fingerprint"' not in again


def test_a_bad_list_cannot_be_confirmed(app: Any, as_staff: Any) -> None:
    place = upload(as_staff, BAD).location
    page = as_staff.get(place).text
    assert "3 sel yang salah di 1 baris" in page and 'name="fingerprint"' not in page
    assert as_staff.post(place, data={"fingerprint": "x"}).status_code == 422
    assert "Sapu lidi" not in names(app)


def test_what_was_agreed_to_is_what_is_written(app: Any, as_staff: Any) -> None:
    first, second = upload(as_staff, GOOD).location, upload(as_staff, GOOD.replace("12.500", "13.000")).location
    agreed = fingerprint(as_staff.get(second).text)
    as_staff.post(first, data={"fingerprint": fingerprint(as_staff.get(first).text)})
    stale = as_staff.post(second, data={"fingerprint": agreed})
    assert stale.status_code == 409 and "Katalog berubah" in stale.text and "Rp13.000" in stale.text
    assert as_staff.post(second, data={"fingerprint": fingerprint(stale.text)}).status_code == 302


def test_a_kept_file_is_its_owners_alone(as_staff: Any, as_: Any) -> None:
    place = upload(as_staff, GOOD).location
    for username in ("petugas-ptk", "admin"):
        assert as_(username).get(place).status_code == 404
    assert as_staff.get("/produk/impor/..%2F..%2Fsecret").status_code == 404
    assert as_("kasir").get("/produk/impor").status_code == 403


def test_no_file_and_no_list_say_so_beside_the_field(as_staff: Any) -> None:
    nothing = as_staff.post("/produk/impor", data={})
    assert nothing.status_code == 422 and "Pilih berkasnya dahulu." in nothing.text
    other = upload(as_staff, "nama;harga\nTas;1\n")
    assert other.status_code == 422 and "tidak punya kolom" in other.text


def test_rows_are_filtered_by_what_happens_to_them(as_staff: Any) -> None:
    place = upload(as_staff, BAD).location
    only = as_staff.get(f"{place}?hanya=wrong").text
    assert "Keset" in only and "Sapu lidi" not in only


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_example_can_be_imported(as_staff: Any, kind: str) -> None:
    answer = as_staff.get(f"/produk/impor/contoh.{kind}")
    sent = as_staff.post("/produk/impor", data={"file": (io.BytesIO(answer.data), f"contoh.{kind}")})
    assert "Impor 2 produk" in as_staff.get(sent.location).text
    if kind == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(answer.data)).active["G3"].data_type == "s"


@pytest.mark.browser
def test_preview_in_a_browser(open_as: Any, app: Any) -> None:
    page = open_as("petugas", "/produk/impor", width=1366)
    choose = page.get_by_label("Berkas CSV atau XLSX")
    choose.set_input_files({"name": "daftar.csv", "mimeType": "text/csv", "buffer": BAD.encode()})
    page.get_by_role("button", name="Baca berkas").click()
    cell = page.locator("td.bad").filter(has_text="8,99E+12")
    assert "diubah Excel" in cell.inner_text()
    assert page.get_by_role("button", name="Impor").count() == 0
    page.get_by_role("link", name="Pilih berkas lain").click()
    choose.set_input_files({"name": "daftar.csv", "mimeType": "text/csv", "buffer": GOOD.encode()})
    page.get_by_role("button", name="Baca berkas").click()
    page.get_by_role("button", name="Impor 1 produk").click()
    page.get_by_text("Impor selesai: 1 produk baru").wait_for()
    page.get_by_role("link", name="Sapu lidi").click()
    assert page.locator("dl.figures").inner_text().count("Rp12.500") == 2
    assert "Sapu lidi" in names(app)

"""The price list: what is asked now and later, on the screen, as a table and for the wall."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
from pypdf import PdfReader

from pos import clock
from pos.catalog import editing, pricing
from pos.catalog.pricing import More
from tests import world
from tests.catalog.test_editing import product


def test_it_shows_all_prices_in_force_and_the_next_one(app: Any, as_: Any) -> None:
    with app.app_context():
        staff, day = world.person("petugas"), clock.today("WIT") + timedelta(days=7)
        editing.set_price(staff, product().id, 80_000, 50_000, None, More(70_000, 10_000, 78_000))
        editing.set_price(staff, product().id, 90_000, 50_000, pricing.start_of(day, "WIT"))
    page = as_("petugas").get("/harga").text
    assert all(text in page for text in ("Rp80.000", "Rp70.000", "mulai 10 buah", "Rp78.000", "Rp90.000"))
    only = as_("petugas").get("/harga?nanti=1").text
    assert "Tas rajut" in only and "Keripik" not in only
    assert "Miniatur kapal" not in page and "Miniatur kapal" in as_("admin").get("/harga").text
    rows = list(openpyxl.load_workbook(io.BytesIO(as_("petugas").get("/harga.xlsx?nanti=1").data)).active.values)
    assert rows[1][4:9] == (80_000, 70_000, "10", 78_000, 90_000) and rows[1][9].date() == day
    paper = PdfReader(io.BytesIO(as_("petugas").get("/harga.pdf").data)).pages[0].extract_text()
    assert "Rp70.000 (≥ 10)" in paper and "50.000" in paper and "LEMBAGA PEMASYARAKATAN" in paper
    plain = PdfReader(io.BytesIO(as_("petugas-ptk").get("/harga.pdf").data)).pages[0].extract_text()
    assert "Grosir" not in plain, "a column with nothing in it"


def test_prices_beside_the_usual_one_are_set_on_the_products_page(app: Any, as_staff: Any) -> None:
    with app.app_context():
        bag = product().id
    given = {"amount": "80.000", "wholesale": "85.000", "wholesale_from": "10", "inside": "75.000"}
    refused = as_staff.post(f"/produk/{bag}/harga", data=given)
    assert refused.status_code == 422 and "harus lebih murah" in refused.text and 'value="85.000"' in refused.text
    alone = as_staff.post(f"/produk/{bag}/harga", data=given | {"wholesale": ""})
    assert "diisi bersama" in alone.text
    done = as_staff.post(f"/produk/{bag}/harga", data=given | {"wholesale": "70.000"}, follow_redirects=True)
    assert "mulai 10 buah" in done.text and 'name="wholesale" type="text" value="70.000"' in done.text
    as_staff.post(f"/produk/{bag}/harga", data={"amount": "80.000"})
    with app.app_context():
        assert More.of(product().prices[-1]) == More()

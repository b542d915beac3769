"""The pages of products: found, edited, priced, coded, archived, exported; each by who may."""

import io
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from pos.catalog.models import Barcode, Price, Product
from pos.db import db
from tests import world

NEW = {"name": "Sapu lidi", "category": "kerajinan tangan", "unit_of_measure": "buah", "wbp_made": "y"}


def id_of(app: Any, name: str) -> int:
    with app.app_context():
        return db.session.scalars(sa.select(Product.id).where(Product.name == name)).one()


def maker_of(app: Any, name: str) -> int:
    with app.app_context():
        return db.session.scalars(sa.select(Product.maker_id).where(Product.name == name)).one()


def prices(app: Any, product_id: int) -> list[tuple[int, int]]:
    with app.app_context():
        query = sa.select(Price.amount, Price.cost).where(Price.product_id == product_id).order_by(Price.id)
        return [tuple(row) for row in db.session.execute(query)]


def test_the_list_shows_the_scope_and_on_request_everyone(as_staff: Any) -> None:
    own = as_staff.get("/produk").text
    assert "Tas rajut" in own and "Miniatur kapal" not in own
    assert "Miniatur kapal" in as_staff.get("/produk?semua=1").text


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("cari=keripik", "Keripik pisang", "Tas rajut"),
        (f"cari={world.FACTORY_CODE}", "Air mineral", "Tas rajut"),
        ("cari=perempuan+kering", "Kue kering kenari", "Tas rajut"),
        ("kategori=jasa", "Cuci motor", "Tas rajut"),
        ("unggulan=1", "Tas rajut", "Keripik"),
        ("sifat=bukan-wbp", "Air mineral", "Tas rajut"),
        ("sifat=wbp", "Tas rajut", "Air mineral"),
        ("sifat=jasa", "Cuci motor", "Tas rajut"),
        ("cari=100%25", "Tidak ada produk yang cocok", "Tas rajut"),
        ("arsip=1", "Tidak ada produk yang cocok", "Tas rajut"),
        ("page=x&upt=x&sort=x", "Tas rajut", "Belum ada"),
    ],
)
def test_search_and_filters(as_admin: Any, query: str, found: str, missing: str) -> None:
    page = as_admin.get(f"/produk?{query}").text
    assert found in page and missing not in page.split("<tbody>")[-1]


def test_sorting_by_price_both_ways(as_admin: Any) -> None:
    cheap = as_admin.get("/produk?sort=harga").text
    assert cheap.index("Air mineral PIPAS") < cheap.index("Tas rajut") < cheap.index("Meja jati")
    dear = as_admin.get("/produk?sort=-harga").text
    assert dear.index("Meja jati") < dear.index("Tas rajut") < dear.index("Air mineral PIPAS")


def test_the_list_sums_what_lies_in_the_scope(app: Any, as_: Any) -> None:
    bag = id_of(app, "Tas rajut")
    with app.app_context():
        gallery = db.session.scalar(sa.text("SELECT id FROM gallery WHERE name = 'Galeri Lapas Ambon'"))
    receipt = {"terima-gallery": gallery, "terima-quantity": "1.234", "terima-note": ""}
    assert as_("petugas").post(f"/produk/{bag}/terima", data=receipt).status_code == 302
    assert ">1.234<" in as_("petugas").get("/produk").text
    assert ">1.234<" not in as_("petugas-ptk").get("/produk?semua=1").text


def test_exports_hold_what_is_shown_with_real_numbers(as_staff: Any) -> None:
    answer = as_staff.get("/produk/ekspor.xlsx?kategori=kerajinan+tangan")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert [row[:4] for row in rows[1:]] == [("Lapas Kelas IIA Ambon", "Tas rajut", "kerajinan tangan", 80_000)]
    csv = as_staff.get("/produk/ekspor.csv?kategori=kuliner").data.decode("utf-8-sig")
    assert csv.splitlines()[0].startswith("unit_name;product;category;price_rp;cost_rp") and "Tas rajut" not in csv
    assert ";5000;3500;buah;8991002101418;tidak;tidak;0;dijual" in csv


def test_an_export_tells_the_cost_of_ones_own_products_only(as_: Any) -> None:
    csv = as_("petugas-ptk").get("/produk/ekspor.csv?semua=1").data.decode("utf-8-sig")
    own = {row.split(";")[0] for row in csv.splitlines()[1:] if row.split(";")[4]}
    assert own == {"Lapas Kelas IIA Pontianak"} and "Tas rajut;kerajinan tangan;80000;;" in csv


def test_a_new_product_from_what_people_type(app: Any, as_staff: Any) -> None:
    data = NEW | {"maker_id": maker_of(app, "Tas rajut"), "price": "Rp 12.500", "cost": "7.000,00"}
    answer = as_staff.post("/produk/baru", data=data, follow_redirects=True)
    assert answer.status_code == 200 and "ditambahkan dengan kode" in answer.text and "Rp12.500" in answer.text
    assert prices(app, id_of(app, "Sapu lidi")) == [(12_500, 7_000)]


def test_a_refused_form_keeps_what_was_typed_and_says_why(app: Any, as_staff: Any) -> None:
    data = NEW | {"maker_id": maker_of(app, "Tas rajut"), "price": "12,500", "code": "8991002101419", "name": ""}
    answer = as_staff.post("/produk/baru", data=data)
    assert answer.status_code == 422
    for text in ("Isi nama produk.", 'value="12,500"', "Bisa dibaca dua cara", 'value="8991002101419"', "berakhir 8"):
        assert text in answer.text


def test_the_same_product_twice_and_a_taken_code_are_refused(app: Any, as_staff: Any) -> None:
    maker = maker_of(app, "Tas rajut")
    twin = as_staff.post("/produk/baru", data=NEW | {"maker_id": maker, "name": "Tas rajut", "price": "80000"})
    assert twin.status_code == 422 and "bernama sama" in twin.text
    code = as_staff.post("/produk/baru", data=NEW | {"maker_id": maker, "price": "1000", "code": world.FACTORY_CODE})
    assert code.status_code == 422 and "Air mineral PIPAS" in code.text


def test_staff_cannot_make_products_for_another_unit(app: Any, as_staff: Any) -> None:
    data = NEW | {"maker_id": maker_of(app, "Miniatur kapal"), "price": "1000"}
    assert as_staff.post("/produk/baru", data=data).status_code == 422


def test_editing_pricing_coding_and_archiving(app: Any, as_staff: Any) -> None:
    bag = id_of(app, "Tas rajut")
    maker = maker_of(app, "Tas rajut")
    edited = as_staff.post(
        f"/produk/{bag}", data=NEW | {"maker_id": maker, "name": "Tas rajut biru"}, follow_redirects=True
    )
    assert "Tas rajut biru" in edited.text and "Perubahan disimpan." in edited.text
    assert "Rp90.000" in as_staff.post(f"/produk/{bag}/harga", data={"amount": "90.000"}, follow_redirects=True).text
    assert prices(app, bag)[-1] == (90_000, 50_000)
    coded = as_staff.post(f"/produk/{bag}/kode", data={"code": "8991234567891"}, follow_redirects=True)
    assert "8991234567891" in coded.text and "EAN-13" in coded.text
    archived = as_staff.post(f"/produk/{bag}/arsip", data={"active": "0"}, follow_redirects=True)
    assert "Jual lagi" in archived.text and "Tas rajut biru" not in as_staff.get("/produk").text
    assert "Tas rajut biru" in as_staff.get("/produk?arsip=1").text
    as_staff.post(f"/produk/{bag}/arsip", data={"active": "1"})
    assert "Tas rajut biru" in as_staff.get("/produk").text


def test_an_own_code_for_a_product_that_has_only_the_factorys(app: Any, as_staff: Any) -> None:
    water = id_of(app, "Air mineral PIPAS")
    assert "Beri kode sendiri" in as_staff.get(f"/produk/{water}").text
    as_staff.post(f"/produk/{water}/kode", data={"own": "1"})
    with app.app_context():
        kinds = db.session.scalars(sa.select(Barcode.symbology).where(Barcode.product_id == water).order_by(Barcode.id))
        assert list(kinds) == ["ean13", "own"]


def test_a_price_may_be_set_for_a_later_day_but_not_an_earlier_one(app: Any, as_staff: Any) -> None:
    bag = id_of(app, "Tas rajut")
    later = as_staff.post(
        f"/produk/{bag}/harga", data={"amount": "90.000", "from_day": "2099-01-01"}, follow_redirects=True
    )
    assert "terjadwal" in later.text and "1 Jan 2099 00.00 WIT" in later.text
    early = as_staff.post(f"/produk/{bag}/harga", data={"amount": "95.000", "from_day": "2020-01-01"})
    assert early.status_code == 422 and "sudah lewat" in early.text and 'value="95.000"' in early.text


def test_a_product_is_changed_by_its_unit_read_by_its_officials_and_unknown_to_others(app: Any, as_: Any) -> None:
    bag = id_of(app, "Tas rajut")
    people = {"petugas": (200, 302), "admin": (200, 302), "petugas-ptk": (404, 404), "admin-ptk": (404, 404)}
    people |= {"pejabat": (200, 403), "pemeriksa": (200, 403), "kasir": (403, 403)}
    for username, (read, changed) in people.items():
        page = as_(username).get(f"/produk/{bag}")
        assert page.status_code == read, username
        if changed != 302:
            assert 'method="post" action="/produk' not in page.text and "Koreksi jumlah" not in page.text
            for act in ("", "/harga", "/kode", "/arsip", "/foto", "/sertifikat"):
                assert as_(username).post(f"/produk/{bag}{act}", data={"active": "0"}).status_code == changed, act
    assert "Rp80.000" in as_("pejabat").get(f"/produk/{bag}").text


def test_officials_read_the_list_and_cashiers_do_not(as_: Any) -> None:
    page = as_("pejabat").get("/produk")
    assert page.status_code == 200 and "Tas rajut" in page.text and "/produk/baru" not in page.text
    assert as_("kasir").get("/produk").status_code == 403
    assert as_("").get("/produk").status_code == 302

"""Choosing labels: everything stands in the address, and what is refused stays as it was typed."""

import re
from typing import Any

import pytest

from pos.labels.layouts import LAYOUTS
from tests import world
from tests.labels import scan


def ids(page: str) -> dict[str, str]:
    """The products the page offers, by name."""
    return {name: id_ for id_, name in re.findall(r'name="tambah" value="(\d+)"[^>]*aria-label="Tambah ([^"]+)"', page)}


def chosen(page: str) -> list[tuple[str, str]]:
    """Product and copies of each row."""
    rows = re.findall(r'name="produk" value="(\d+)".*?name="jumlah"[^>]*value="([^"]*)"', page, re.S)
    return [(product, copies) for product, copies in rows]


def test_a_product_is_chosen_by_a_link(as_staff: Any) -> None:
    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    page = as_staff.get(f"/label?produk={bag}").text
    assert chosen(page) == [(bag, "1")] and "1 label, 1 lembar" in page and "Rp80.000" in page


def test_a_scan_chooses_a_product_and_a_second_scan_makes_it_two(as_staff: Any, app: Any) -> None:
    with app.app_context():
        code = world.code("Tas rajut")
    answer = as_staff.get("/label", query_string={"cari": code, "aksi": "cari"})
    assert answer.status_code == 302 and "aksi" not in answer.location and "cari" not in answer.location
    again = as_staff.get(answer.location + f"&cari={code}&aksi=cari", follow_redirects=True)
    assert [copies for _, copies in chosen(again.text)] == ["2"]


def test_rows_are_added_and_taken_out_and_the_rest_is_kept(as_staff: Any) -> None:
    known = ids(as_staff.get("/label").text)
    bag, chips = known["Tas rajut"], known["Keripik pisang"]
    state = f"produk={bag}&jumlah=7&layout=tj-107&dpi=300&mulai=4"
    page = as_staff.get(f"/label?{state}&tambah={chips}", follow_redirects=True)
    assert chosen(page.text) == [(bag, "7"), (chips, "1")]
    assert page.request.args.to_dict() | {"produk": "", "jumlah": ""} == {
        "produk": "",
        "jumlah": "",
        "layout": "tj-107",
        "dpi": "300",
        "mulai": "4",
    }
    page = as_staff.get(f"{page.request.full_path}&hapus={bag}", follow_redirects=True)
    assert chosen(page.text) == [(chips, "1")]
    page = as_staff.get("/label?semua=1&cari=a", follow_redirects=True)
    assert len(chosen(page.text)) == 4


@pytest.mark.parametrize("layout", ["a4-l7160", "roll-33x15"])
def test_the_pdf_holds_what_was_chosen(as_staff: Any, layout: str) -> None:
    known = ids(as_staff.get("/label").text)
    query = f"produk={known['Tas rajut']}&jumlah=2&produk={known['Air mineral PIPAS']}&jumlah=1&layout={layout}"
    answer = as_staff.get(f"/label/cetak?{query}")
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    read = [scan.zxing_reads(image) for image in scan.stickers(answer.data, LAYOUTS[layout], 203)][:3]
    assert read[0] == read[1] != read[2] == {world.FACTORY_CODE}


@pytest.mark.parametrize("copies", ["0", "-1", "", "dua", "1,5", "99999", "٣"])
def test_copies_that_are_no_number_are_refused_beside_the_field_and_kept(as_staff: Any, copies: str) -> None:
    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    answer = as_staff.get("/label/cetak", query_string={"produk": bag, "jumlah": copies, "layout": "a4-l7159"})
    assert answer.status_code == 422 and "Isi 1 sampai 10.000." in answer.text
    assert chosen(answer.text) == [(bag, copies)]
    assert re.search(r'value="a4-l7159" selected', answer.text)


def test_nothing_chosen_is_said(as_staff: Any) -> None:
    answer = as_staff.get("/label/cetak")
    assert answer.status_code == 422 and "paling sedikit 1" in answer.text


def test_a_code_too_long_for_the_label_is_said_at_its_row(as_staff: Any, app: Any) -> None:
    from pos.catalog.services import add_product
    from pos.db import atomic
    from pos.units.services import unit_named

    with app.app_context(), atomic():
        unit = unit_named("Lapas Kelas IIA Ambon")
        long = add_product(unit, "Lemari", "manufaktur", 1_000_000, barcode=("LEMARI-JATI-0001", "other")).id
    page = as_staff.get(f"/label?produk={long}&layout=roll-33x15").text
    assert "LEMARI-JATI-0001 terlalu panjang untuk label 33 x 15 mm" in page
    assert as_staff.get(f"/label/cetak?produk={long}&layout=roll-33x15").status_code == 422
    assert as_staff.get(f"/label/cetak?produk={long}&layout=a4-l7160").status_code == 200


@pytest.mark.parametrize("typed", ["11", "-10,5", "x", "nan"])
def test_a_correction_out_of_reach_is_refused_beside_its_field(as_staff: Any, typed: str) -> None:
    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    for path in ("/label/cetak", "/label/uji"):
        answer = as_staff.get(path, query_string={"produk": bag, "kanan": typed})
        assert answer.status_code == 422 and 'id="kanan-error"' in answer.text and f'value="{typed}"' in answer.text


def test_the_paper_of_the_last_print_is_remembered(as_staff: Any) -> None:
    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    as_staff.get(f"/label/cetak?produk={bag}&layout=tj-103&dpi=300&kanan=0,5")
    page = as_staff.get("/label").text
    assert 'value="tj-103" selected' in page and 'value="0,5"' in page
    assert 'value="0,5"' not in as_staff.get("/label?layout=a4-l7160").text


def test_the_picture_shows_the_label(as_staff: Any) -> None:
    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    answer = as_staff.get(f"/label/pratinjau.svg?produk={bag}&layout=roll-33x15")
    assert answer.mimetype == "image/svg+xml" and "Rp80.000" in answer.text and 'viewBox="0 0 33 15"' in answer.text


@pytest.mark.parametrize("path", ["/label", "/label/cetak", "/label/pratinjau.svg"])
def test_products_of_other_units_do_not_exist_here(as_staff: Any, as_: Any, path: str) -> None:
    ship = ids(as_("petugas-ptk").get("/label").text)["Miniatur kapal"]
    assert as_staff.get(f"{path}?produk={ship}").status_code == 404


@pytest.mark.parametrize(
    "query", ["produk=abc", "layout=x&dpi=7&mulai=999", "mulai=-1", "produk=99999999999999999999", "tambah=x", "dpi="]
)
def test_an_address_that_makes_no_sense_opens_the_page_all_the_same(as_staff: Any, query: str) -> None:
    assert as_staff.get(f"/label?{query}", follow_redirects=True).status_code == 200


def test_only_staff_print_labels(as_cashier: Any, as_official: Any, as_stranger: Any) -> None:
    for path in ("/label", "/label/cetak", "/label/uji", "/label/pratinjau.svg"):
        assert as_cashier.get(path).status_code == as_official.get(path).status_code == 403
        assert as_stranger.get(path).location.startswith("/masuk")


@pytest.mark.windows
@pytest.mark.browser
def test_a_person_scans_chooses_the_free_label_and_gets_the_pdf(open_as: Any, app: Any) -> None:
    with app.app_context():
        code = world.code("Tas rajut")
    page = open_as("petugas", "/label")
    for _ in range(2):
        page.get_by_label("Pindai barcode atau cari produk").fill(code)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "aksi" not in url and "produk" in url)
    page.get_by_role("button", name="Tambah Keripik pisang").click()
    page.get_by_label("Keripik pisang", exact=True).fill("3")
    page.get_by_label("Label 5: baris 2, kolom 2").check()
    page.get_by_text("5 label, 1 lembar").wait_for()
    assert page.locator(".slot.filled").count() == 5
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Buat PDF").click()
    pdf = page.context.request.get(opened.value.url).body()
    read = [scan.zxing_reads(image) for image in scan.stickers(pdf, LAYOUTS["a4-l7160"], 203)]
    assert read[:4] == [set()] * 4 and read[4] == read[5] == {code} and all(read[6:9]) and not any(read[9:])


@pytest.mark.browser
def test_another_paper_is_shown_at_once_and_a_sheet_is_filled_with_one_button(open_as: Any) -> None:
    page = open_as("petugas", "/label", width=360)
    page.get_by_role("button", name="Tambah Tas rajut").click()
    page.get_by_label("Ukuran label").select_option("tj-107")
    page.wait_for_url(lambda url: "layout=tj-107" in url)
    page.get_by_role("button", name="Penuhi").click()
    page.get_by_text("30 label, 1 lembar").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("#preview").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")

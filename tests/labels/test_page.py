"""Choosing labels: everything stands in the address, and what is refused stays as it was typed."""

import base64
import io
import os
import random
import re
import threading
import time
import zlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from babel.dates import format_date

from pos import clock, jobs
from pos.catalog import reprints
from pos.catalog.editing import set_price
from pos.catalog.models import Price
from pos.catalog.pricing import start_of
from pos.db import atomic
from pos.labels import printing
from pos.labels.layouts import LAYOUTS
from tests import world
from tests.catalog.test_editing import product
from tests.labels import scan
from tests.waiting import made

ODD = (rb"\ud800", rb"\u0000")  # what JSON can say and no address, page or database can


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
    state = f"produk={bag}&jumlah=7&layout=tj-107&printer=dpi-300&isi=kartu&mulai=4"
    page = as_staff.get(f"/label?{state}&tambah={chips}", follow_redirects=True)
    assert chosen(page.text) == [(bag, "7"), (chips, "1")]
    assert page.request.args.to_dict() | {"produk": "", "jumlah": ""} == {
        "produk": "",
        "jumlah": "",
        "layout": "tj-107",
        "printer": "dpi-300",
        "isi": "kartu",
        "mulai": "4",
    }
    page = as_staff.get(f"{page.request.full_path}&hapus=0", follow_redirects=True)
    assert chosen(page.text) == [(chips, "1")]
    page = as_staff.get("/label?semua=1&cari=a", follow_redirects=True)
    assert len(chosen(page.text)) == 4


def printed(client: Any, **form: Any) -> bytes:
    """The PDF that the button makes."""
    with client.post("/label/cetak", data=form, follow_redirects=True) as answer:
        assert answer.status_code == 200 and answer.mimetype == "application/pdf", answer.text
        return bytes(answer.data)


@pytest.mark.parametrize("layout", ["a4-l7160", "roll-33x15"])
def test_the_pdf_holds_what_was_chosen(as_staff: Any, layout: str) -> None:
    known = ids(as_staff.get("/label").text)
    goods = [known["Tas rajut"], known["Air mineral PIPAS"]]
    pdf = printed(as_staff, produk=goods, jumlah=["2", "1"], layout=layout)
    read = [scan.zxing_reads(image) for image in scan.stickers(pdf, LAYOUTS[layout], 203)][:3]
    assert read[0] == read[1] != read[2] == {world.FACTORY_CODE}


@pytest.mark.parametrize("copies", ["0", "-1", "", "dua", "1,5", "99999", "٣"])
def test_copies_that_are_no_number_are_refused_beside_the_field_and_kept(as_staff: Any, copies: str) -> None:
    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    answer = as_staff.post("/label/cetak", data={"produk": bag, "jumlah": copies, "layout": "a4-l7159"})
    assert answer.status_code == 422 and "Isi 1 sampai 10.000." in answer.text
    assert chosen(answer.text) == [(bag, copies)]
    assert re.search(r'value="a4-l7159" selected', answer.text)


def test_nothing_chosen_is_said(as_staff: Any) -> None:
    answer = as_staff.post("/label/cetak")
    assert answer.status_code == 422 and "paling sedikit 1" in answer.text


def test_a_code_too_long_for_the_label_is_said_at_its_row(as_staff: Any, app: Any) -> None:
    from pos.catalog.services import add_product
    from pos.db import atomic
    from pos.units.services import unit_named

    with app.app_context(), atomic():
        unit = unit_named("Lapas Kelas IIA Ambon")
        long = add_product(unit, "Lemari", "manufaktur", 1_000_000, barcode=("LEMARI-JATI-0001", "other")).id
    page = as_staff.get(f"/label?produk={long}&layout=roll-33x15").text
    assert "LEMARI-JATI-0001 terlalu panjang untuk label 33 × 15 mm" in page
    assert as_staff.post("/label/cetak", data={"produk": long, "layout": "roll-33x15"}).status_code == 422
    assert printed(as_staff, produk=long, layout="a4-l7160")


def test_the_paper_of_the_last_print_is_remembered(as_staff: Any) -> None:
    printed(as_staff, produk=ids(as_staff.get("/label").text)["Tas rajut"], layout="tj-103", printer="dpi-300")
    page = as_staff.get("/label").text
    assert 'value="tj-103" selected' in page and 'value="dpi-300" selected' in page


def test_the_picture_shows_the_label(as_staff: Any) -> None:
    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    answer = as_staff.get(f"/label/pratinjau.svg?produk={bag}&layout=roll-33x15")
    assert answer.mimetype == "image/svg+xml" and "Rp80.000" in answer.text and 'viewBox="0 0 33 15"' in answer.text


def test_a_scan_finds_what_another_unit_makes_for_every_gallery_may_sell_it(as_staff: Any, app: Any) -> None:
    with app.app_context():
        ship = world.code("Miniatur kapal")
    assert "Miniatur kapal" not in as_staff.get("/label?cari=miniatur").text
    page = as_staff.get(f"/label?cari={ship}&aksi=cari", follow_redirects=True)
    assert [copies for _, copies in chosen(page.text)] == ["1"] and "Miniatur kapal" in page.text


def test_a_link_from_a_receiving_brings_each_batch_in_a_row_of_its_own(as_staff: Any, app: Any) -> None:
    with app.app_context():
        chips, bag = world.code("Keripik pisang"), world.code("Tas rajut")
    batches = [(f"{chips}:30", "A12", "2030-12-31"), (f"{chips}:20", "A13", "2031-01-31"), (bag, "", "")]
    batches += [(f"{chips}:2", "A12", "2030-12-31"), ("00000000:1", "", "")]
    fields = ("kode", "produksi", "kedaluwarsa")
    query = {name: [batch[at] for batch in batches] for at, name in enumerate(fields)}
    page = as_staff.get("/label", query_string=query, follow_redirects=True)
    assert [copies for _, copies in chosen(page.text)] == ["32", "20", "1"] and "00000000" in page.text
    asked = page.request.args
    assert asked["isi"] == "produk" and asked.getlist("produksi") == ["A12", "A13", ""] and "kode" not in asked
    form = asked.to_dict(flat=False) | {"jumlah": ["1", "1", "1"], "layout": "tj-121"}
    with scan.opened(printed(as_staff, **form)) as pdf:
        text = pdf[0].get_textpage()
        said = " ".join(text.get_text_range().split())
        text.close()
    assert "A12 · Baik digunakan sebelum 31 Des 2030" in said and "A13 · Baik digunakan sebelum 31 Jan 2031" in said
    more = as_staff.get(f"{page.request.full_path}&rangkap=1", follow_redirects=True).request.args
    assert more.getlist("produksi") == ["A12", "A13", "", ""] and more.getlist("jumlah") == ["32", "20", "1", "1"]


def test_labels_for_a_coming_price_are_made_ahead_and_say_from_when_it_holds(as_staff: Any, app: Any) -> None:
    with app.app_context():
        bag = product().id
        later = start_of(clock.today("WIT") + timedelta(days=3), "WIT")
        reprints.printed(world.person("petugas"), {bag: 7})
        set_price(world.person("petugas"), bag, 90_000, 50_000, later)
        day = clock.today("WIT") + timedelta(days=3)
    assert "Ambil harga yang akan datang" in as_staff.get("/label").text
    page = as_staff.get("/label?antrean=nanti", follow_redirects=True)
    assert page.request.args["sejak"] == day.isoformat() and chosen(page.text) == [(str(bag), "7")]
    with scan.opened(printed(as_staff, **page.request.args.to_dict(flat=False))) as pdf:
        text = pdf[0].get_textpage()
        said = text.get_text_range()
        text.close()
    assert said.count("Rp90.000") == 7 == said.count(f"Harga mulai {format_date(day, 'd MMM yyyy', 'id')}")
    assert "Ambil harga" not in as_staff.get("/label").text
    lost = f"/label?produk={bag}&sejak={day + timedelta(days=1)}"
    assert "Tidak ada lagi harga yang mulai hari itu" in as_staff.get(lost).text
    past = as_staff.get(f"/label?produk={bag}&sejak=2020-01-01").text
    assert "labels-wrong" not in past and "Harga mulai" not in past


def test_what_is_printed_is_noted_and_a_new_price_puts_it_into_the_queue(as_staff: Any, app: Any) -> None:
    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    printed(as_staff, produk=bag, jumlah="7")
    assert "Ambil antrean" not in as_staff.get("/label").text
    with app.app_context(), atomic() as session:
        session.add(Price(product_id=int(bag), from_at=clock.now(), amount=90_000))
    assert "Ambil antrean" in as_staff.get("/label").text
    page = as_staff.get("/label?antrean=1", follow_redirects=True)
    assert chosen(page.text) == [(bag, "7")]
    printed(as_staff, produk=bag, jumlah="7")
    assert "Ambil antrean" not in as_staff.get("/label").text


def test_many_labels_are_made_while_one_watches_and_only_by_whom_they_were_asked(as_staff: Any, as_: Any) -> None:
    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    answer = as_staff.post("/label/cetak", data={"produk": bag, "jumlah": "10000", "layout": "roll-33x15"})
    where = answer.location
    assert answer.status_code == 302 and not where.endswith(".pdf")
    assert as_("petugas-ptk").get(where).status_code == 404
    assert made(as_staff, where)["total"] == 10_000
    with as_staff.get(where, follow_redirects=True) as pdf:
        assert pdf.headers["Content-Disposition"] == "inline; filename=label-roll-33x15.pdf"
        assert pdf.mimetype == "application/pdf" and len(pypdf.PdfReader(io.BytesIO(pdf.data)).pages) == 10_000


def test_work_that_a_restart_broke_off_says_so_and_leads_back(
    as_staff: Any, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    folder, gate = Path(app.instance_path) / "label", threading.Event()
    monkeypatch.setattr(printing, "labels_pdf", lambda *_args: b"%PDF" if gate.wait(20) else b"")
    form = {"produk": bag, "jumlah": "9000"}
    try:
        where, second = (as_staff.post("/label/cetak", data=form).location for _ in range(2))
        assert 'value="0"' in as_staff.get(where).text
        told = next(folder.glob(f"*{where.rpartition('/')[2]}.json"))
        os.utime(told, (0, time.time() - jobs.STOPPED_SECONDS - 1))
        page = as_staff.get(where).text
        assert "Tidak ada yang hilang" in page and f"produk={bag}&amp;jumlah=9000" in page
        busy = as_staff.post("/label/cetak", data=form)
        assert busy.status_code == 503 and "sebelumnya masih dibuat" in busy.text and chosen(busy.text)
        os.utime(told)  # here it lives after all
    finally:
        gate.set()
    for each in (where, second):
        made(as_staff, each)
    assert as_staff.get(second).status_code == 302
    os.utime(told, (1, 1))
    printed(as_staff, produk=bag)
    assert as_staff.get(where).status_code == 404  # cleared away after a day


@pytest.mark.parametrize(("name", "value"), [("produksi", "x" * 31), ("kedaluwarsa", "31/12/2030")])
def test_a_batch_that_cannot_be_read_is_told_beside_its_field(as_staff: Any, name: str, value: str) -> None:
    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    form = {"produk": bag, "isi": "produk", "layout": "tj-121", name: value}
    answer = as_staff.post("/label/cetak", data=form)
    assert answer.status_code == 422 and f'id="{name}-0-error"' in answer.text


def test_a_shelf_card_is_refused_while_its_page_is_not_public(as_staff: Any, app: Any) -> None:
    from pos.storefront.services import keep

    bag = ids(as_staff.get("/label").text)["Tas rajut"]
    form = {"produk": bag, "isi": "kartu", "layout": "tj-103"}
    assert "tidak tampil di etalase publik Lapas Ambon" in as_staff.post("/label/cetak", data=form).text
    with app.app_context():
        staff = world.person("petugas")
        keep(staff, staff.unit_id, open=True, intro="", whatsapp="08123456789", hours="", address="")
    water = ids(as_staff.get("/label").text)["Air mineral PIPAS"]  # never on the public shelf
    assert "tidak tampil" in as_staff.post("/label/cetak", data=form | {"produk": water}).text
    read = scan.zxing_reads(scan.stickers(printed(as_staff, **form), LAYOUTS["tj-103"], 203)[0])
    assert {text.lower() for text in read} == {f"https://etalase.test/p/{code_of(app)}"}


def code_of(app: Any) -> str:
    with app.app_context():
        return world.code("Tas rajut")


@pytest.mark.parametrize(
    "query",
    [
        "produk=abc",
        "layout=x&printer=7&isi=x&mulai=999",
        "kode=&kode=:&kode=x:y",
        "mulai=-1",
        "produk=99999999999999999999",
        "tambah=x",
        "dpi=",
    ],
)
def test_an_address_that_makes_no_sense_opens_the_page_all_the_same(as_staff: Any, query: str) -> None:
    assert as_staff.get(f"/label?{query}", follow_redirects=True).status_code == 200


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
    page.get_by_label("Label harga").check()
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Buat PDF").click()
    opened.value.wait_for_url("**/label/cetak/*/unduh")
    pdf = page.context.request.get(opened.value.url).body()
    read = [scan.zxing_reads(image) for image in scan.stickers(pdf, LAYOUTS["a4-l7160"], 203)]
    assert read[:4] == [set()] * 4 and read[4] == read[5] == {code} and all(read[6:9]) and not any(read[9:])


@pytest.mark.browser
def test_the_studio_follows_what_one_chooses_and_shows_long_work(open_as: Any) -> None:
    page = open_as("petugas", "/label/tata-letak/baru?dari=roll-40x30", width=360)
    page.get_by_label("Nama").fill("Gulungan koperasi")
    page.get_by_label("Lebar label").fill("45")
    page.locator("#drawing[src*='&width=45']").wait_for()
    page.get_by_role("button", name="Simpan").click()
    page.get_by_text("Label terakhir berakhir di 45 mm, padahal lebar kertas 40 mm.").wait_for()
    page.get_by_label("Lebar kertas").fill("45")
    page.get_by_role("button", name="Simpan").click()
    page.get_by_text("Gulungan koperasi disimpan").wait_for()
    page.get_by_role("button", name="Tambah Tas rajut").click()
    page.get_by_label("Tas rajut", exact=True).wait_for()  # the page with it is there
    page.wait_for_load_state()  # and its script listens
    page.get_by_label("Ukuran label").select_option("tj-107")
    page.wait_for_url(lambda url: "layout=tj-107" in url)
    page.get_by_role("button", name="Penuhi").click()
    page.get_by_text("30 label, 1 lembar").wait_for()
    page.get_by_label("Ukuran label").select_option(label="Gulungan koperasi 45 × 30 mm, 1 per baris")
    page.wait_for_url(lambda url: "layout=sendiri-" in url)
    page.get_by_label("Label produk").check()
    page.get_by_label("Kode produksi").fill("A12")
    page.locator("#preview[src*='produksi=A12']").wait_for()
    assert page.locator("#preview").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Tas rajut", exact=True).fill("10000")
    page.evaluate("document.querySelector('[formtarget=_blank]').removeAttribute('formtarget')")
    page.get_by_role("button", name="Buat PDF").click()
    page.wait_for_url("**/label/cetak/*")
    assert "csrf" not in page.url


def test_as_many_rows_as_there_may_be_with_a_batch_each_pass_a_proxy(as_staff: Any) -> None:
    """A proxy with buffers of 8 KB sees each request line of the way from the form to the file."""
    chips = ids(as_staff.get("/label").text)["Keripik pisang"]
    dice = random.Random(7)
    codes = ["".join(dice.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-", k=30)) for _row in range(150)]
    days = [(date(2031, 1, 1) + timedelta(days=dice.randrange(400))).isoformat() for _row in codes]
    copies = [str(dice.randrange(1, 5)) for _row in codes]
    form = {"produk": [chips] * 150, "jumlah": copies, "produksi": codes, "kedaluwarsa": days}
    paper = {"layout": "tj-121", "isi": "produk"}
    answer = as_staff.post("/label", data=form | paper)
    assert answer.status_code == 303 and len(answer.location) < 7000
    page = as_staff.get(answer.location).text
    assert [copies for _, copies in chosen(page)] == copies
    assert re.findall(r'name="produksi"[^>]* value="([^"]*)"', page) == codes
    assert re.findall(r'name="kedaluwarsa"[^>]* value="([^"]*)"', page) == days
    assert max(len(link) for link in re.findall(r'(?:href|src|action)="([^"]*)"', page)) < 7000
    taken = as_staff.post("/label", data=form | paper | {"hapus": "3"})
    assert len(chosen(as_staff.get(taken.location).text)) == 149
    cannot_be = [base64.urlsafe_b64encode(zlib.compress(b'{"kode": ["%s:1"]}' % text)).decode() for text in ODD]
    for bad in ("x", "eJw", "AAAA", answer.location.split("padat=")[1][:900].split("&")[0], *cannot_be):
        assert as_staff.get(f"/label?padat={bad}").status_code == 200

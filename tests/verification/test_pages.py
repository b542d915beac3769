"""The pages of verification: what a person sees and does, and what leaves as a file."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from click.testing import CliRunner
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader

from pos import cli
from pos.db import db
from pos.units import services as units
from pos.verification import declaring, late, proof
from pos.verification.minutes import minutes_pdf
from pos.verification.verify import verify
from tests import world
from tests.verification import filing
from tests.verification.filing import AMBON
from tests.waiting import made

HOME = "/kampanye/odop-2026"


@pytest.fixture
def ambon_id(app: Flask) -> int:
    with app.app_context():
        filing.sell_in_april()
        return units.unit_named(AMBON).id


def test_the_list_filters_and_leaves_as_files_that_say_the_same(app: Flask, as_: Any, ambon_id: int) -> None:
    with app.app_context():
        filing.verify(filing.submit())
    browser = as_("pejabat-pusat")
    page = browser.get(f"{HOME}/verifikasi").text
    assert "Rp535.000" in page and "Lapas Kelas IIA Kendari" in page
    kept = browser.get(f"{HOME}/verifikasi?keadaan=verified").text
    assert AMBON in kept and "Lapas Kelas IIA Kendari" not in kept
    book = load_workbook(io.BytesIO(browser.get(f"{HOME}/verifikasi.xlsx?keadaan=verified").data))
    assert [row[4:7] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == [(235_000, 235_000, None)]
    paper = PdfReader(io.BytesIO(browser.get(f"{HOME}/verifikasi.pdf?keadaan=verified").data))
    assert paper.pages[0].extract_text().count("Rp235.000") >= 2
    assert AMBON in as_("petugas").get(f"{HOME}/verifikasi").text
    assert "Pontianak" not in as_("petugas").get(f"{HOME}/verifikasi").text


def test_what_is_odd_about_a_nota_is_told_in_the_readers_language(app: Flask, as_: Any, ambon_id: int) -> None:
    with app.app_context():
        kept = json.loads(filing.submit().flags)
    assert [flag["kind"] for flag in kept] and all(isinstance(said, str) for _, said in kept[-1]["receipts"])
    browser, path = as_("petugas"), f"{HOME}/verifikasi/{ambon_id}"
    assert re.search(r"<small[^>]*>[\d.]+ jam</small>", browser.get(path).text)
    browser.post("/bahasa/en")
    assert re.search(r"<small[^>]*>[\d.]+ hours</small>", browser.get(path).text)


def test_a_figure_that_changed_under_ones_eyes_is_not_submitted(app: Flask, as_: Any, ambon_id: int) -> None:
    browser, path = as_("petugas"), f"{HOME}/verifikasi/{ambon_id}"
    seen = re.search(r'name="omzet" value="(\d+)"', browser.get(path).text)
    assert seen
    with app.app_context():
        world.sell(at="2026-04-21T10:00:00+09:00")
    answer = browser.post(f"{path}/ajukan", data={"omzet": seen[1], "note": "Sudah lengkap"})
    assert answer.status_code == 409 and "baru saja berubah" in answer.text and "Sudah lengkap" in answer.text


def test_a_late_nota_is_entered_with_its_photo_and_approved_on_its_page(app: Flask, as_: Any) -> None:
    with app.app_context():
        gallery_id = filing.late_draft().gallery_id
        code = world.code("Tas rajut")
    form = {
        "gallery_id": gallery_id,
        "written_number": "17",
        "sold_on": "2026-04-10",
        "buyer": "petugas",
        "channel": "bazar",
        "method": "cash",
        "rows-0-product": f"{code} Tas rajut",
        "rows-0-quantity": "2",
        "rows-0-unit_price": "75.000",
    }
    assert "data-smaller" in as_("petugas").get("/susulan/baru").text  # a phone's photo is made small before it is sent
    refused = as_("petugas").post("/susulan/baru", data=form | {"rows-0-quantity": "dua"})
    assert refused.status_code == 422 and "Isi jumlahnya" in refused.text and "Lampirkan foto" in refused.text
    sent = form | {"photo": (io.BytesIO(filing.picture()), "nota.png")}
    made = as_("petugas").post("/susulan/baru", data=sent)
    assert made.status_code == 302
    page = made.location
    wrong = as_("petugas").post(f"{page}/foto", data={"photo": (io.BytesIO(b"GIF89a"), "nota.gif")})
    assert wrong.status_code == 422 and "Ini bukan foto" in wrong.text and "Ganti foto" in wrong.text
    seen = as_("pejabat-upt").get(page).text
    assert "Ganti foto" not in seen
    better = {"photo": (io.BytesIO(filing.picture("Nota 17, jelas")), "nota.png")}
    assert as_("petugas").post(f"{page}/foto", data=better).location == page
    assert len(set(re.findall(r"foto-kecil.webp\?nama=(\w+)", as_("petugas").get(page).text))) == 2
    compared = re.search(r'name="foto" value="(\w+)"', seen)
    assert compared
    late_word = as_("pejabat-upt").post(f"{page}/putusan", data={"putusan": "setuju", "foto": compared[1]})
    assert late_word.status_code == 409 and "baru saja diganti" in late_word.text
    assert as_("petugas").post(f"{page}/putusan", data={"putusan": "setuju"}).status_code == 403
    with as_("pejabat-upt").get(f"{page}/foto-besar.webp") as photo:
        assert photo.data[8:12] == b"WEBP"
    assert as_("petugas-ptk").get(f"{page}/foto-besar.webp").status_code == 404
    as_("pejabat-upt").post(f"{page}/putusan", data={"putusan": "setuju"})
    assert "AMB-S-000001" in as_("petugas").get(page).text
    assert "Rp150.000" in as_("pejabat").get(HOME).text  # told apart on the board


def test_a_pack_is_made_behind_its_page(app: Flask, as_: Any, ambon_id: int, tmp_path: Path) -> None:
    with app.app_context():
        late.decide(world.person("pejabat-upt"), filing.enter(Path(app.instance_path) / "files" / "susulan"), True)
    browser = as_("petugas")
    assert browser.post("/paket", data={"unit": "Ditjenpas", "campaign": "odop-2026"}).status_code == 422  # not theirs
    backwards = {"unit": AMBON, "from_day": "2026-04-26", "until_day": "2026-04-01"}
    assert "Sebelum tanggal mulai" in browser.post("/paket", data=backwards).text
    assert "Isi nama unit" in browser.post("/paket", data={"unit": " ", "campaign": "odop-2026"}).text
    page = browser.post("/paket", data={"unit": AMBON, "campaign": "odop-2026"}).location
    made(browser, page)
    told = browser.get(page).text
    root = re.search(r"<strong>([0-9a-f ]{79})</strong>", told)
    assert root and "Rp480.000" in told
    path = tmp_path / "paket.zip"
    with browser.get(f"{page}/unduh") as file:
        path.write_bytes(file.data)
    assert [check.name for check in verify(path, root[1])[1] if not check.holds] == []
    with zipfile.ZipFile(path) as archive:
        assert "susulan/AMB-S-000001.webp" in archive.namelist()
    assert as_("pejabat-upt").get(page).status_code == 404  # each person's own


def test_the_berita_acara_says_what_was_declared_for_ever(app: Flask, as_: Any, ambon_id: int) -> None:
    with app.app_context():
        filing.verify(filing.submit())
        made = filing.declare(partial=True)
        root, before = made.root, minutes_pdf(made)
        world.sell(lines=[("Tas rajut", 1000)], at="2026-04-20T10:00:00+09:00")
        db.session.expire_all()
        assert minutes_pdf(made) == before
    data = as_("petugas").get(f"{HOME}/berita-acara.pdf").data
    text = "".join(PdfReader(io.BytesIO(data)).pages[0].extract_text().split())
    assert "Rp235.000" in text and proof.grouped(root).replace(" ", "") in text and "PAS-1/2026" in text
    whole = " ".join("".join(p.extract_text() for p in PdfReader(io.BytesIO(data)).pages).split())
    assert "Nama Pertama" in whole and "dua ratus tiga puluh lima ribu rupiah" in whole
    sheet = pypdfium2.PdfDocument(data)
    codes = zxingcpp.read_barcodes(sheet[0].render(scale=3).to_pil())
    sheet.close()
    assert [code.text for code in codes] == [root]


def test_names_stand_level_on_the_berita_acara_and_never_on_a_page_of_their_own(app: Flask, ambon_id: int) -> None:
    signers = (
        declaring.Signing("Nama Satu", "Direktur Jenderal", "19700101"),
        declaring.Signing("Nama Dua", "Kepala Kantor Wilayah yang jabatannya panjang sekali, " * 2),
        declaring.Signing("Nama Tiga", "Saksi"),
    )
    with app.app_context():
        filing.verify(filing.submit())
        draft = declaring.Draft("PAS-9", "Jakarta", signers, "Keterangan. " * 40, partial=True)
        made = declaring.declare(world.person("pejabat-pusat"), filing.campaign(), draft, now=filing.LATER)
        sheet = pypdfium2.PdfDocument(minutes_pdf(made))
    texts = [page.get_textpage() for page in sheet]
    signed = next(text for text in texts if "Nama Satu" in text.get_text_range())

    def bottom(words: str) -> float:
        found = signed.search(words).get_next()
        return round(signed.get_charbox(found[0])[1], 1)

    assert bottom("Nama Satu") == bottom("Nama Dua") > bottom("Nama Tiga")
    assert bottom("Direktur Jenderal") == bottom("Kepala Kantor")
    assert "bersifat tetap" in " ".join(signed.get_text_range().split())
    sheet.close()


def test_awards_leave_as_files(app: Flask, as_: Any, ambon_id: int) -> None:
    browser = as_("pemeriksa")
    assert "Sementara: dari angka yang dilaporkan" in browser.get(f"{HOME}/penghargaan?ukuran=pieces").text
    book = load_workbook(io.BytesIO(browser.get(f"{HOME}/penghargaan.xlsx?ukuran=omzet").data))
    rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [(row[1], row[4]) for row in rows] == [(1, 300_000), (2, 235_000)]


def test_the_commands_make_and_prove_a_pack(
    app: Flask, ambon_id: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_migrated", lambda: app)
    run, path = CliRunner(), str(tmp_path / "paket.zip")
    made = run.invoke(cli.pos, ["pack", AMBON, "--campaign", "odop-2026", "-o", path])
    assert made.exit_code == 0
    root = made.output.split("root ")[1].strip()
    good = run.invoke(cli.pos, ["verify", path, "--root", root])
    assert good.exit_code == 0 and good.output.count("OK ") == 10 and "Rp235.000" in good.output
    other = run.invoke(cli.pos, ["verify", path, "--root", "0" * 64])
    assert other.exit_code == 1 and "GAGAL" in other.output


@pytest.mark.browser
def test_from_the_unit_to_the_declaration_and_its_addendum(app: Flask, open_as: Any, ambon_id: int) -> None:
    unit = f"{HOME}/verifikasi/{ambon_id}"
    page = open_as("petugas", HOME)
    page.get_by_role("link", name="Verifikasi", exact=True).click()
    page.get_by_role("link", name=AMBON).click()
    page.get_by_role("button", name="Ajukan angka").click()
    page.get_by_text("Pejabat di atas Anda memeriksanya").wait_for()
    kanwil = open_as("pejabat", unit)
    kanwil.get_by_role("button", name="Kembalikan").click()
    kanwil.get_by_text("Tulis apa yang harus diperbaiki").wait_for()
    kanwil.get_by_role("link", name="AMB-1-000001").first.wait_for()  # a flag opens its receipts
    kanwil.get_by_role("button", name="Verifikasi", exact=True).click()
    kanwil.get_by_text("Angka diverifikasi.").wait_for()
    nation = open_as("pejabat-pusat", f"{HOME}/verifikasi")
    nation.get_by_role("link", name="Deklarasikan", exact=True).click()
    nation.get_by_label("Nomor Berita Acara").fill("PAS-7/2026")
    nation.get_by_label("Tempat").fill("Jakarta")
    nation.get_by_role("button", name="Deklarasikan").click()
    nation.get_by_text("Paling sedikit satu penanda tangan.").wait_for()
    nation.get_by_label("Jabatan").first.fill("Direktur Jenderal")
    nation.get_by_label("Nama").first.fill("Nama Pertama")
    nation.get_by_role("button", name="Deklarasikan").click()
    nation.get_by_text("1 unit punya nota tetapi belum diverifikasi. Centang").wait_for()
    assert nation.get_by_label("Nama").first.input_value() == "Nama Pertama"  # kept what was typed
    nation.get_by_label("Deklarasikan hanya yang sudah diverifikasi").check()
    nation.get_by_role("button", name="Deklarasikan").click()
    nation.get_by_text("Hasil kampanye dideklarasikan").wait_for()
    with app.app_context():
        world.sell(lines=[("Tas rajut", 1000)], at="2026-04-20T10:00:00+09:00")
    nation.reload()
    row = nation.get_by_role("row").filter(has=nation.get_by_role("link", name=AMBON))
    assert "Rp235.000" in row.inner_text() and "Rp80.000" in row.inner_text()
    page.goto(unit)
    page.get_by_text("datang sesudah angka ini diajukan: adendum").wait_for()
    assert page.get_by_role("button", name="Ajukan angka").count() == 0

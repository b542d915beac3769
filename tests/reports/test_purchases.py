"""Which officers bought: by staff number, for the eyes of their own unit, on documents that are otherwise as before."""

import io
import json
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from pos.campaigns.models import Officer
from pos.db import db
from pos.register import document as documents
from pos.register.models import Sale
from tests import world
from tests.reports.test_board import give_back

YOSEF, RINA, BENNY = "198001012005011001", "199002022015022002", "197503032000033003"
ROSTER = f"NIP;Nama\n19800101 200501 1 001; Yosef Manuputty\n{RINA}\tRina Latupeirissa\n{BENNY},Benny Siahaya"


def test_a_document_without_a_number_is_canonical_as_it_always_was(ctx: Any) -> None:
    body = world.sale(buyer="petugas")
    assert "buyer_ref" not in documents.read(body).canonical
    assert documents.read(body | {"buyer_ref": ""}).canonical == documents.read(body).canonical
    assert json.loads(documents.read(body | {"buyer_ref": YOSEF}).canonical)["buyer_ref"] == YOSEF
    for wrong in ({"buyer_ref": "19 80"}, {"buyer_ref": "1" * 21}, {"buyer_ref": YOSEF, "buyer": "wbp"}):
        with pytest.raises(documents.InvalidDocument) as refused:
            documents.read(body | wrong)
        assert "buyer_ref" in refused.value.fields


def test_who_has_bought_is_told_net_of_what_came_back(app: Flask, as_: Callable[[str], Any]) -> None:
    staff = as_("petugas")
    assert staff.post("/pegawai", data={"text": ROSTER}).status_code == 302
    with app.app_context():
        at = "2026-04-10T10:00:00+09:00"
        world.sell(lines=[("Tas rajut", 2000)], at=at, buyer="petugas", buyer_ref=YOSEF)
        returned = world.sell(lines=[("Tas rajut", 1000)], at=at, buyer="petugas", buyer_ref=RINA)
        give_back("kasir", returned, "2026-04-10T11:00:00+09:00")
        world.sell(at=at, buyer="petugas", buyer_ref="8888")
        world.sell(at="2026-05-10T10:00:00+09:00", buyer="petugas", buyer_ref=BENNY)  # after the campaign
        assert db.session.scalar(sa.select(Sale.buyer_ref).where(Sale.buyer_ref == YOSEF)) == YOSEF
    book = openpyxl.load_workbook(io.BytesIO(staff.get("/kampanye/odop-2026/petugas.xlsx").data))
    rows = list(book.worksheets[0].values)
    assert [row[:6] for row in rows[1:]] == [
        (BENNY, "Benny Siahaya", "belum membeli", 0, 0, 0),
        (RINA, "Rina Latupeirissa", "belum membeli", 1, 0, 0),
        (YOSEF, "Yosef Manuputty", "sudah membeli", 1, 2, 160_000),
    ]
    page = staff.get("/kampanye/odop-2026/petugas?yang=belum").text
    assert "1 / 3" in page and RINA in page and YOSEF not in page and "8888" in page
    assert YOSEF in as_("pejabat-upt").get("/kampanye/odop-2026/petugas").text


def test_another_unit_sees_neither_the_list_nor_a_number(app: Flask, as_: Callable[[str], Any]) -> None:
    as_("petugas").post("/pegawai", data={"text": ROSTER})
    with app.app_context():
        world.sell(at="2026-04-10T10:00:00+09:00", buyer="petugas", buyer_ref=YOSEF)
    assert YOSEF in as_("petugas").get("/penjualan/AMB-1-000001").text
    for username in ("petugas-ptk", "pejabat", "pejabat-pusat"):
        for path in ("/pegawai", "/kampanye/odop-2026/petugas", "/kampanye/odop-2026/petugas.csv"):
            assert b"Yosef" not in as_(username).get(path).data and YOSEF not in as_(username).get(path).text
    for username, path in (("pejabat-pusat", "/penjualan/AMB-1-000001"), ("kasir", "/penjualan/AMB-1-000001")):
        assert YOSEF not in as_(username).get(path).text
    assert YOSEF not in as_("pejabat").get("/api/sales/AMB-1-000001").text
    assert as_("petugas-ptk").post("/pegawai", data={"text": "12345;Adi"}).status_code == 302
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Officer)) == 4


def test_what_was_bought_elsewhere_is_told_to_nobody_but_that_it_was_to_the_officers_own_unit(
    app: Flask, as_: Callable[[str], Any]
) -> None:
    as_("petugas").post("/pegawai", data={"text": ROSTER})
    with app.app_context():
        at = "2026-04-10T10:00:00+07:00"
        world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)], at=at, buyer="petugas", buyer_ref=YOSEF)
        world.sell(at="2026-04-11T10:00:00+09:00", buyer="petugas", buyer_ref=RINA)

    def told(username: str) -> dict[str, list[str]]:
        text = as_(username).get("/kampanye/odop-2026/petugas.csv").data.decode("utf-8-sig")
        return {row.split(";")[0]: row.split(";")[2:] for row in text.splitlines()[1:]}

    assert told("petugas")[YOSEF] == ["sudah membeli", "0", "0,0", "0", "", "sudah membeli"]
    page = as_("petugas").get("/kampanye/odop-2026/petugas").text
    assert "di galeri unit lain" in page and "10 Apr 2026" not in page and "2 / 3" in page
    # Whoever puts somebody else's officer on a list learns what was bought at their own tills and nothing more.
    as_("petugas-ptk").post("/pegawai", data={"text": f"{YOSEF};Yosef\n{RINA};Rina"})
    assert told("petugas-ptk") == {
        YOSEF: ["sudah membeli", "1", "1,0", "300000", "2026-04-10", "tidak dihitung"],
        RINA: ["belum membeli", "0", "0,0", "0", "", "tidak dihitung"],
    }
    assert told("petugas")[YOSEF] == ["belum membeli", "0", "0,0", "0", "", "tidak dihitung"]


def test_a_list_with_a_bad_row_is_refused_whole_and_its_row_named(app: Flask, as_staff: Any) -> None:
    as_staff.post("/pegawai", data={"text": ROSTER})
    for text, sentence in (
        ("12;Adi", "Baris 1: NIP harus 4 sampai 20 angka atau huruf."),
        (f"{YOSEF};Adi\n\n{YOSEF};Budi", f"Baris 3: NIP {YOSEF} sudah ada di atas."),
        (f"{YOSEF};", "Baris 1: nama kosong."),
        ("", "Daftar pegawai tidak disimpan."),
    ):
        answer = as_staff.post("/pegawai", data={"text": text})
        assert (
            answer.status_code == 422 and sentence in answer.text and (not text or text.splitlines()[0] in answer.text)
        )
    book = openpyxl.Workbook()
    book.worksheets[0].append(["NIP", "Nama"])
    book.worksheets[0].append([198001012005011001, "Yosef"])
    file = io.BytesIO()
    book.save(file)
    answer = as_staff.post("/pegawai", data={"file": (io.BytesIO(file.getvalue()), "pegawai.xlsx")})
    assert answer.status_code == 422 and "tersimpan sebagai angka" in answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Officer)) == 3

"""The treasury's own rows: files as they are exported, and what matches them."""

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from pos import clock
from pos.db import db
from pos.treasury import importing
from pos.treasury.models import TreasuryRow
from tests.treasury import paid_in
from tests.treasury.test_pages import FORM, text_of


def test_a_file_of_the_treasury_is_looked_at_first_and_kept_once(sold: Flask, as_: Any) -> None:
    staff = as_("petugas")
    with sold.app_context():
        paid_in.deposit(45_000, ntpn="A" * 16)
        paid_in.deposit(18_000, ntpn="B" * 16)
    book = openpyxl.Workbook()
    for row in (
        ("No", "NTPN", "NTB", "Kode Billing", "Tgl Bayar", "Jumlah Setor", "Kode Satker", "Akun"),
        (1, "A" * 16, "000123456789", "820260427123456", date(2026, 4, 27), 45_000, 409123, "425119"),
        (2, "B" * 16, "", "", "28/04/2026", "17.000,00", "409123", 425119),
        (3, "C" * 16, "", "", "28 Apr 2026", "Rp 7.000", "", ""),
        (4, "pendek", "", "", "kemarin", "-5", "", ""),
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)

    def upload() -> str:
        answer = staff.post("/pnbp/kas-negara/impor", data={"file": (io.BytesIO(out.getvalue()), "omspan.xlsx")})
        return str(answer.location)

    path = upload()
    preview = staff.get(path).text
    for part in ("Catat 3 baris", "bukan “pendek”", "“kemarin”", "kita: Rp18.000", "1 baris ditolak"):
        assert part in preview, part
    assert as_("admin").get(path).status_code == 404
    assert staff.post(path).location == "/pnbp/kas-negara"
    assert "sudah ada" in staff.get(upload()).text
    with sold.app_context():
        rows = db.session.execute(sa.select(TreasuryRow.amount, TreasuryRow.day, TreasuryRow.satker)).all()
    assert [tuple(row) for row in rows] == [
        (45_000, date(2026, 4, 27), "409123"),
        (17_000, date(2026, 4, 28), "409123"),
        (7_000, date(2026, 4, 28), ""),
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(staff.get("/pnbp/kas-negara.xlsx").data)).active
    states = {row[2][0]: row[3:7] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert states["A"] == ("cocok", None, 45_000, 45_000) and states["B"][0] == "jumlah berbeda"
    assert states["C"] == ("tidak kita kenal", None, None, 7_000)
    found = re.search(r"/pnbp/kas-negara/\d+", staff.get("/pnbp/kas-negara?keadaan=unknown").text)
    assert found and staff.post(f"{found[0]}/catatan", data={"text": "Setoran titipan"}).status_code == 302
    assert "Setoran titipan" in staff.get("/pnbp/kas-negara.csv?keadaan=unknown").text
    assert "Rp45.000" in text_of(staff.get("/pnbp/kas-negara.pdf?keadaan=matched"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_an_export_is_read_under_its_title_and_over_its_sum(app: Flask, delimiter: str) -> None:
    """Real ones say above the table whose it is, with commas of their own, and sum up below it."""
    days = ("2026-04-27", "27/04/2026 10:15", "46139", "46139.0", "20260427", "27-APR-26", "27 April 2026")
    table = [["No", "NTPN", "Tgl Buku", "Nilai Setoran", "Kode Satker"]]
    table += [[str(i), str(i) * 16, day, "Rp. 45.000,-", "005123"] for i, day in enumerate(days)]
    out = io.StringIO()
    out.write("Daftar Penerimaan, Satker 005123, April 2026; TA 2026\n\n")
    csv.writer(out, delimiter=delimiter).writerows([*table, ["", "", "Jumlah", "315.000", ""]])
    with app.app_context():
        found = importing.read(out.getvalue().encode(), "omspan.csv")
    assert [row.number for row in found] == list(range(4, 4 + len(days)))
    for row in found:
        assert not row.problems
        assert (row.values["day"], row.values["amount"]) == (date(2026, 4, 27), 45_000)


def test_a_mistyped_ntpn_and_a_near_amount_are_pointed_at(sold: Flask, as_: Any) -> None:
    typo, right = "A" * 15 + "B", "A" * 16
    with sold.app_context():
        number = paid_in.deposit(45_000, ntpn=typo).id
        near = paid_in.deposit(18_000, {}, ntpn="C" * 16).id
        paid_in.deposit(45_000, {}, day=date(2026, 3, 2), ntpn="D" * 16)
        paid_in.bring_in(paid_in.csv((right, date(2026, 4, 28), 45_000), ("C" * 16, date(2026, 4, 27), 18_100)))
        row = db.session.scalar(sa.select(TreasuryRow.id).where(TreasuryRow.ntpn == right))
    staff = as_("petugas")
    assert "Kas negara mencatat Rp18.100, selisih Rp100." in staff.get(f"/setoran/{near}").text
    there, here = staff.get(f"/pnbp/kas-negara/{row}").text, staff.get(f"/setoran/{number}").text
    assert typo in there and "D" * 16 not in there, "that one is of another month"
    assert "Mungkin baris kas negara ini" in here
    fixed = staff.get(f"/setoran/{number}/koreksi?ntpn={right}").text
    assert f'value="{right}"' in fixed and "Wajib diisi" in fixed
    form = FORM | {"ntpn": right, "amount": "45.000", "reason": "Salah ketik"}
    assert staff.post(f"/setoran/{number}/koreksi", data=form).status_code == 302
    assert "Buka setorannya" in staff.get(f"/pnbp/kas-negara/{row}").text
    assert "koreksi?ntpn" not in as_("pejabat-upt").get(f"/setoran/{number}").text


def test_cells_of_a_workbook_are_held_to_the_same_as_what_is_typed(app: Flask) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["NTPN", "Tanggal", "Jumlah", "Satker"])
    today, text = clock.today("WIT"), "C" * 16
    for ntpn, day, amount in (
        (text, today, 5_000),
        (text, 46139, 5_000),
        (text, 46139.4, 5_000),
        (text, today + timedelta(days=2), 5_000),
        (text, date(1900, 3, 1), 5_000),
        (text, 99_999, 5_000),
        (text, today, 1e300),
        (1234567890123456, today, 5_000),
    ):
        sheet.append([ntpn, day, amount, 5123])
    out = io.BytesIO()
    book.save(out)
    with app.app_context():
        found = importing.read(out.getvalue(), "omspan.xlsx")
    assert [row.status for row in found] == ["new"] * 3 + ["refused"] * 5
    assert {row.values["day"] for row in found[1:3]} == {date(2026, 4, 27)} and found[0].values["satker"] == "005123"
    assert list(found[-1].values)[0] == "ntpn" and found[-1].values["ntpn"] is None, "its last digits are lost"
    for endless in (float("inf"), float("nan")):
        with pytest.raises(ValueError):
            importing.READERS["amount"](endless)

"""The list of notas and one nota as evidence: found, sorted, taken along, and seen only by whom they concern."""

import csv
import io
from typing import Any

import openpyxl
import pytest

from pos.register.services import OtherDocument, record
from tests import world
from tests.receipts.sales import refund, sold


@pytest.fixture
def three(app: Any) -> list[str]:
    """Three notas of Ambon on three days."""
    at = "2026-04-{}T10:00:00+09:00"
    with app.app_context():
        return [
            world.sell(lines=[("Tas rajut", 1000)], at=at.format("01")).receipt,
            world.sell("petugas", lines=[("Keripik pisang", 10_000)], at=at.format("10")).receipt,
            world.sell(register="AMB-2", lines=[("Kue kering kenari", 3000)], at=at.format("20")).receipt,
        ]


def shown(browser: Any, receipts: list[str], **query: Any) -> list[str]:
    """Which of `receipts` the list shows, in its order."""
    answer = browser.get("/penjualan", query_string=query)
    assert answer.status_code == 200
    places = {receipt: answer.text.find(f">{receipt}<") for receipt in receipts}
    return sorted((receipt for receipt, place in places.items() if place >= 0), key=lambda receipt: places[receipt])


def test_the_list_starts_with_the_newest(as_cashier: Any, three: list[str]) -> None:
    assert shown(as_cashier, three) == three[::-1]


def test_one_clock_that_runs_ahead_hides_nobodys_notas(app: Any, as_staff: Any) -> None:
    with app.app_context():
        today = world.sell(lines=[("Tas rajut", 1000)]).receipt
        ahead = world.sell(register="AMB-2", lines=[("Tas rajut", 1000)], at="2199-01-01T10:00:00+09:00").receipt
    assert shown(as_staff, [today, ahead]) == [ahead, today]


def test_notas_are_found_by_day_number_and_product(as_staff: Any, three: list[str]) -> None:
    first, second, third = three
    assert shown(as_staff, three, dari="2026-04-10", sampai="2026-04-19") == [second]
    assert shown(as_staff, three, sampai="2026-04-09") == [first]
    assert shown(as_staff, three, cari=third.lower()) == [third]
    assert shown(as_staff, three, cari="kenari") == [third]
    assert shown(as_staff, three, cari="%") == []


def test_notas_are_found_by_barcode(app: Any, as_staff: Any, three: list[str]) -> None:
    with app.app_context():
        code = world.code("Keripik pisang")
    assert shown(as_staff, three, cari=code) == [three[1]]


def test_the_list_sorts_by_total_both_ways(as_staff: Any, three: list[str]) -> None:
    first, second, third = three  # 80,000 500,000 135,000
    assert shown(as_staff, three, urut="total") == [first, third, second]
    assert shown(as_staff, three, urut="-total") == [second, third, first]
    assert shown(as_staff, three, urut="nonsense") == three[::-1]


def test_the_list_says_how_many_and_how_much(as_official: Any, three: list[str]) -> None:
    answer = as_official.get("/penjualan")
    assert "3 nota" in answer.text and "Rp715.000" in answer.text


def test_only_the_last_weeks_are_shown_until_more_is_asked_for(app: Any, as_cashier: Any, three: list[str]) -> None:
    old, _ = sold(app, at="2025-12-24T10:00:00+09:00")
    assert old not in shown(as_cashier, [*three, old])
    assert shown(as_cashier, [*three, old], dari="2025-12-01", sampai="2025-12-31") == [old]
    assert shown(as_cashier, [*three, old], cari=old) == [old]


def test_pages_hold_fifty_and_keep_the_filter(app: Any, as_cashier: Any) -> None:
    receipts = [sold(app)[0] for _ in range(52)]
    assert len(shown(as_cashier, receipts, cari="tas rajut")) == 50
    assert shown(as_cashier, receipts, cari="tas rajut", hal=2) == [receipts[1], receipts[0]]
    assert "cari=tas+rajut" in as_cashier.get("/penjualan?cari=tas rajut").text


def test_an_empty_list_says_why(as_cashier: Any, three: list[str]) -> None:
    assert "Hapus saringan" in as_cashier.get("/penjualan?cari=tidak-ada").text


def test_a_list_without_any_nota_says_so(as_cashier: Any) -> None:
    assert "Belum ada nota" in as_cashier.get("/penjualan").text


@pytest.mark.parametrize(
    ("query", "why"),
    [("dari=kemarin", "Tulis tanggal"), ("dari=2026-04-20&sampai=2026-04-01", "Sebelum tanggal mulai")],
)
def test_a_wrong_day_is_named_beside_its_field(as_cashier: Any, three: list[str], query: str, why: str) -> None:
    answer = as_cashier.get(f"/penjualan?{query}")
    assert answer.status_code == 422 and why in answer.text
    assert as_cashier.get(f"/penjualan.csv?{query}").status_code == 422


def test_any_other_query_is_harmless(as_cashier: Any, three: list[str]) -> None:
    query = "endpoint=x&kind=pdf&_external=1&galeri=zzz&hal=-5&_anchor=x&values=1"
    assert as_cashier.get(f"/penjualan?{query}").status_code == 200
    assert as_cashier.get(f"/penjualan.csv?{query}").status_code == 200


def test_the_list_is_taken_along_as_csv_and_xlsx(as_staff: Any, app: Any, three: list[str]) -> None:
    back, _ = refund(app, three[0])
    text = as_staff.get("/penjualan.csv?dari=2026-04-01&urut=nomor").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["Nomor"] for row in rows] == sorted([*three, back])
    assert {row["Nomor"]: row["Total"] for row in rows}[three[1]] == "500000"
    assert [row["Retur atas nota"] for row in rows if row["Nomor"] == back] == [three[0]]
    sheet = openpyxl.load_workbook(io.BytesIO(as_staff.get("/penjualan.xlsx?cari=kenari").data)).active
    header, line = list(sheet.values)
    cells = dict(zip(header, line, strict=True))
    assert (cells["Nomor"], cells["Total"], cells["Pembeli"], cells["Zona"]) == (three[2], 135_000, "Masyarakat", "WIT")


# -- one nota ------------------------------------------------------------------------------------------


def test_a_nota_is_evidence_down_to_the_shares_of_each_line(app: Any, as_official: Any) -> None:
    receipt, code = sold(
        app,
        lines=[("Tas rajut", 10_000), ("Air mineral PIPAS", 1000)],
        at="2026-04-26T00:30:00+09:00",
        buyer="instansi",
        channel="bazar",
        note="Pameran Hari Bhakti",
    )
    text = as_official.get(f"/penjualan/{receipt}").text
    for said in (
        receipt,
        "Tas rajut",
        "kerajinan tangan",
        "Buatan Lapas Kelas IIA Ambon",
        "bukan buatan WBP",
        "Rp800.000",
        "Rp500.000",  # cost
        "Rp300.000",  # base
        "Rp150.000",
        "Rp105.000",
        "Rp45.000",
        "Instansi",
        "Stan/bazar",
        "Pameran Hari Bhakti",
        "Minggu, 26 April 2026 (WIT)",
        "26 Apr 2026 00.30 WIT",
        "Tunai",
        "kembalian Rp5.000",
        code[:4],
    ):
        assert said in text, said


def test_a_cashier_does_not_see_costs_and_shares(app: Any, as_cashier: Any) -> None:
    receipt, _ = sold(app, lines=[("Tas rajut", 10_000)])
    text = as_cashier.get(f"/penjualan/{receipt}").text
    assert "Rp800.000" in text
    for hidden in ("Rp500.000", "Rp300.000", "Rp45.000", "Bagi hasil", "Premi"):
        assert hidden not in text, hidden


def test_a_nota_and_its_refund_lead_to_each_other(app: Any, as_staff: Any) -> None:
    receipt, _ = sold(app, lines=[("Tas rajut", 2000)])
    back, _ = refund(app, receipt)
    assert f'href="/penjualan/{back}"' in as_staff.get(f"/penjualan/{receipt}").text
    text = as_staff.get(f"/penjualan/{back}").text
    assert f'href="/penjualan/{receipt}"' in text and "-Rp4.500" in text
    assert "dikembalikan Rp80.000" in text


def test_what_was_odd_is_said_in_words(app: Any, as_staff: Any) -> None:
    with app.app_context():
        body = world.sale(lines=[("Tas rajut", 1000)], sold_at="2026-04-20T10:00:00+09:00")
        body["lines"][0] |= {"unit_price": 70_000, "amount": 70_000}
        body |= {"total": 70_000, "payments": [{"method": "cash", "tendered": 70_000, "change": 0, "reference": ""}]}
        receipt = record(body, world.person("kasir")).receipt
    assert "Harga berbeda dari harga yang berlaku saat itu" in as_staff.get(f"/penjualan/{receipt}").text
    assert "Harga berbeda" in as_staff.get("/penjualan").text


def test_a_document_that_claimed_the_same_nota_is_shown_to_those_who_check(
    app: Any, as_official: Any, as_cashier: Any
) -> None:
    with app.app_context():
        body = world.sale()
        receipt = record(body, world.person("kasir")).receipt
        with pytest.raises(OtherDocument):
            record(body | {"note": "lain"}, world.person("kasir"))
    assert "mengaku sebagai nota ini" in as_official.get(f"/penjualan/{receipt}").text
    assert "mengaku sebagai nota ini" not in as_cashier.get(f"/penjualan/{receipt}").text


PATHS = ("", "/cetak", "/nota.pdf", "/kwitansi.pdf")


@pytest.mark.parametrize("path", PATHS)
def test_a_nota_of_another_gallery_does_not_exist(app: Any, as_: Any, path: str) -> None:
    receipt, _ = sold(app)
    for username, status in (("kasir", 200), ("pejabat", 200), ("admin", 200), ("kasir-ptk", 404), ("admin-ptk", 404)):
        assert as_(username).get(f"/penjualan/{receipt}{path}").status_code == status, username
    assert as_("").get(f"/penjualan/{receipt}{path}").location.startswith("/masuk")


def test_another_gallery_is_not_in_the_list_or_its_export(app: Any, as_: Any, three: list[str]) -> None:
    stranger = as_("kasir-ptk")
    assert shown(stranger, three) == [] and shown(stranger, three, galeri=1) == []
    assert all(receipt not in stranger.get("/penjualan.csv?dari=2020-01-01").text for receipt in three)


@pytest.mark.parametrize("path", ["/cetak?lebar=57", "/nota.pdf?lebar=210", "/nota.pdf?lebar=x"])
def test_paper_that_does_not_exist_is_not_printed(app: Any, as_cashier: Any, path: str) -> None:
    receipt, _ = sold(app)
    status = as_cashier.get(f"/penjualan/{receipt}{path}").status_code
    assert status == (200 if path.endswith("=x") else 404)

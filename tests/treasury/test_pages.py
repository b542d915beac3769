"""The pages of the treasury: what is typed, what is refused, what leaves as files."""

import io
import re
from datetime import date, timedelta
from typing import Any

import openpyxl
import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask

from pos import clock
from pos.catalog.models import Product
from pos.catalog.services import next_version
from pos.db import atomic, db
from pos.errors import Conflict, PosError
from pos.revenue.models import Billing, Deposit, DepositDay
from pos.treasury import coverage, recap, targets
from pos.treasury.models import PnbpTarget
from pos.units import tree
from pos.units.services import unit_named
from tests import world
from tests.treasury import paid_in
from tests.treasury.paid_in import AMBON

FORM = {"day": "2026-04-27", "billing_code": "820260427123456", "ntpn": "AB12CD34EF56GH78", "unit": AMBON}


def cover(app: Flask) -> dict[int, int]:
    with app.app_context():
        rows = db.session.execute(sa.select(DepositDay.business_date, DepositDay.amount).order_by(DepositDay.id))
        return {day.day: amount for day, amount in rows}


def text_of(answer: Any) -> str:
    assert answer.mimetype == "application/pdf"
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages).split())


def test_the_form_proposes_what_is_due_and_covers_what_is_ticked(sold: Flask, as_staff: Any) -> None:
    page = as_staff.get("/setoran/baru").text
    assert 'value="72.000"' in page and page.count("data-left=") == 3
    ticked = FORM | {"terpilih": AMBON, "pilih-2026-04-01": "1", "hari-2026-04-01": "40.000", "pilih-2026-04-08": "1"}
    short = as_staff.post("/setoran/baru", data=ticked | {"amount": "45.000"})
    assert short.status_code == 422 and "berjumlah Rp49.000" in short.text and 'value="40.000"' in short.text
    wrong = as_staff.post("/setoran/baru", data=ticked | {"amount": "49.000", "hari-2026-04-01": "x"})
    assert wrong.status_code == 422 and "1 April 2026 bukan rupiah bulat" in wrong.text
    assert as_staff.post("/setoran/baru", data=ticked | {"amount": "49.000"}).location == "/setoran"
    assert cover(sold) == {1: 40_000, 8: 9_000}
    overview = as_staff.get("/pnbp?tahun=2026").text
    paid = re.search(r'href="(/setoran\?[^"]*)">Rp49.000<', overview)
    assert paid and "Rp49.000" in as_staff.get(paid[1].replace("&amp;", "&")).text
    assert "Terhitung Rp72.000 = ditutup setoran Rp49.000 + belum disetor Rp23.000" in overview
    assert "AB12CD34EF56GH78" in as_staff.get(day_path(overview, "2026-04-08")).text


def day_path(page: str, day: str) -> str:
    found = re.search(rf'href="(/pnbp/hari/\d+/{day})"', page)
    assert found
    return found[1]


def test_codes_are_checked_beside_their_fields(sold: Flask, as_staff: Any) -> None:
    bad = {"amount": "1.000", "satker": "12", "akun": "525111", "ntb": "!!", "ntpn": "X"}
    page = as_staff.post("/setoran/baru", data=FORM | bad)
    for sentence in ("satker 6 angka; ini 2", "dimulai dengan 4", "NTB paling banyak", "16 huruf atau angka; ini 1"):
        assert sentence in page.text, sentence


def test_a_correction_takes_the_old_entry_back_and_says_why(sold: Flask, as_: Any) -> None:
    staff = as_("petugas")
    staff.post("/setoran/baru", data=FORM | {"amount": "45.000"})
    with sold.app_context():
        path = f"/setoran/{db.session.scalar(sa.select(Deposit.id))}"
    assert "Wajib diisi" in staff.get(f"{path}/koreksi").text
    assert staff.post(f"{path}/koreksi", data=FORM | {"amount": "63.000"}).status_code == 422
    fixed = FORM | {"amount": "63.000", "reason": "Salah ketik"}
    assert staff.post(f"{path}/koreksi", data=fixed).status_code == 302
    assert "Dibatalkan oleh catatan lain: Salah ketik" in staff.get(path).text
    assert staff.get(f"{path}/koreksi").status_code == 409
    page = staff.get("/setoran").text
    assert "Rp63.000" in page and "-Rp45.000" in page and "pembatalan" in page
    with sold.app_context():
        last = db.session.scalar(sa.select(sa.func.max(Deposit.id)))
    assert staff.post(f"/setoran/{last}/koreksi", data={"reason": "Uang kembali", "only": "1"}).status_code == 302
    assert "ditutup setoran Rp0" in staff.get("/pnbp?tahun=2026").text


def test_a_billing_code_waits_warns_and_is_paid(sold: Flask, as_staff: Any) -> None:
    today = clock.today("WIT")
    made = {"unit": AMBON, "code": "8" * 15, "amount": "72.000", "issued_on": str(today - timedelta(days=6))}
    assert as_staff.post("/setoran/billing/baru", data=made).location == "/setoran/billing"
    assert "sudah dicatat" in as_staff.post("/setoran/billing/baru", data=made).text
    assert "berakhir besok" in as_staff.get("/setoran/billing").text
    assert "1 kode billing hampir atau sudah kedaluwarsa" in as_staff.get("/setoran").text
    assert "Rp0" in as_staff.get("/pnbp").text, "nothing is deposited before there is an NTPN"
    with sold.app_context():
        number = db.session.scalar(sa.select(Billing.id))
    page = as_staff.get(f"/setoran/baru?billing={number}").text
    assert f'value="{"8" * 15}"' in page and 'value="72.000"' in page
    paid = FORM | {"billing_code": "8" * 15, "amount": "72.000"}
    assert as_staff.post(f"/setoran/baru?billing={number}", data=paid).status_code == 302
    assert "sudah dibayar" in as_staff.get("/setoran/billing?keadaan=paid").text
    assert as_staff.get(f"/setoran/baru?billing={number}").status_code == 409
    assert as_staff.post(f"/setoran/billing/{number}/batal").status_code == 409


def test_a_billing_code_is_paid_by_its_own_unit_with_its_own_code_and_once(sold: Flask) -> None:
    code = "8" * 15
    with sold.app_context():
        today = clock.today("WIT")
        made = {"code": code, "amount": 5_000, "issued_on": today}
        billing = coverage.add_billing(unit_named(AMBON), world.person("petugas"), {}, **made)
        with pytest.raises(PosError) as refused:
            paid_in.deposit(5_000, {}, unit=paid_in.PONTIANAK, who="admin", billing=billing, billing_code=code)
        assert list(refused.value.fields) == ["unit"] and coverage.paid_by(billing) is None
        assert paid_in.deposit(5_000, {}, billing=billing, billing_code="9" * 15).billing_id is None
        row = paid_in.deposit(5_000, {}, billing=billing, billing_code=f"{code[:5]} {code[5:]}")
        assert row.billing_id == billing.id
        with pytest.raises(Conflict):
            paid_in.deposit(5_000, {}, billing=billing, billing_code=code)
        db.session.rollback()
        assert coverage.paid_by(billing) == row


def test_a_waiting_code_that_is_typed_is_paid_and_with_its_own_amount_only(sold: Flask, as_staff: Any) -> None:
    with sold.app_context():
        made = {"code": FORM["billing_code"], "amount": 5_000, "issued_on": clock.today("WIT")}
        coverage.add_billing(unit_named(AMBON), world.person("petugas"), {}, **made)
    near = as_staff.post("/setoran/baru", data=FORM | {"amount": "5.100"})
    assert near.status_code == 422 and "dibuat untuk Rp5.000" in near.text
    assert as_staff.post("/setoran/baru", data=FORM | {"amount": "5.000"}).status_code == 302
    assert FORM["billing_code"] in as_staff.get("/setoran/billing?keadaan=paid").text
    with sold.app_context():
        paid_in.deposit(1_000, {}, unit=paid_in.PONTIANAK, who="petugas-ptk", billing_code="7" * 15)
        with pytest.raises(PosError) as refused:  # it would wait for ever
            coverage.add_billing(unit_named(AMBON), world.person("petugas"), {}, **made | {"code": "7" * 15})
    assert str(refused.value.fields["code"]) == "Kode billing ini sudah dibayar pada 2026-04-27."


@pytest.mark.parametrize(("path", "more"), [("/setoran/baru", {}), ("/setoran/billing/baru", {"code": "8" * 15})])
def test_a_satker_that_is_not_the_units_own_is_asked_back(
    sold: Flask, as_staff: Any, path: str, more: dict[str, str]
) -> None:
    with sold.app_context():
        paid_in.satker("409123")
    form = FORM | {"amount": "5.000", "satker": "999999", "issued_on": "2026-04-27"} | more
    for typed in (form, form | {"satker_lain": "409124"}):
        asked = as_staff.post(path, data=typed)
        assert asked.status_code == 422 and "Satker unit ini 409123, bukan 999999." in asked.text
        assert 'name="satker_lain" value="999999"' in asked.text
    typed_wrong = as_staff.post(path, data=form | {"satker_lain": "999999", "amount": "0"})
    assert re.search('value="999999" +checked', typed_wrong.text), "what was ticked stays ticked"
    assert as_staff.post(path, data=form | {"satker_lain": "999999"}).status_code == 302
    if path == "/setoran/baru":
        with sold.app_context():
            number = db.session.scalar(sa.select(Deposit.id))
        assert "satker unit ini 409123" in as_staff.get(f"/setoran/{number}").text


def test_moving_and_renaming_a_unit_changes_no_earlier_file_to_the_byte(sold: Flask, as_: Any) -> None:
    head, kanwil = as_("pejabat-pusat"), as_("pejabat")
    paths = [f"/pnbp/{name}.csv?tahun=2026&bulan=4" for name in ("ekspor", "rekap", "premi")]
    with sold.app_context():
        paid_in.deposit(45_000)

    def files() -> list[bytes]:
        return [browser.get(path).data for browser in (head, kanwil) for path in paths]

    before = files()
    assert all(AMBON.encode() in file for file in (before[1], before[3], before[4], before[5]))
    with sold.app_context():
        unit, there = unit_named(AMBON), unit_named(paid_in.PONTIANAK).parent_id
        change = {"name": "Lapas Ambon Baru", "kanwil_id": there, "day": clock.today("WIT")}
        tree.change_unit(unit, world.person("admin"), **change)
    assert files() == before
    page = kanwil.get("/pnbp?tahun=2026&bulan=4").text
    assert AMBON in page and f">{AMBON}</a>" not in page, "it is told of, and no longer theirs to open"
    world_now = kanwil.get("/pnbp/rekap?tahun=2026&bulan=4").text
    assert "Rp72.000" in world_now and "upt=" not in world_now


def test_the_monthly_recap_leaves_as_numbers_and_days_and_on_paper(sold: Flask, as_: Any) -> None:
    head = as_("pejabat-pusat")
    sheet = openpyxl.load_workbook(io.BytesIO(head.get("/pnbp/rekap.xlsx?tahun=2026&bulan=4").data)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][3:] == tuple(f"{n} (Rp)" for n in ("Omzet", "Biaya", "Laba", "PNBP", "Premi", "Modal"))
    by_unit = {row[2]: row for row in rows[1:]}
    ambon = by_unit[AMBON]
    assert ambon[0].date() == date(2026, 4, 1) and ambon[1] == "Kanwil Maluku"
    assert ambon[3:] == (1_280_000, 800_000, 480_000, 72_000, 240_000, 168_000)
    assert ambon[5] == sum(ambon[6:]), "with no loss among them, the shares add up to the profit"
    text = text_of(head.get("/pnbp/rekap.pdf?tahun=2026&bulan=4"))
    for part in ("Rekapitulasi bulanan PNBP", "April 2026", AMBON, "1.280.000", "Jumlah", "DIREKTORAT JENDERAL"):
        assert part in text, part
    assert AMBON not in as_("petugas-ptk").get("/pnbp/rekap?tahun=2026").text
    with sold.app_context():
        makers = recap.months(world.person("pejabat-pusat"), "pembuat", date(2026, 4, 1), date(2026, 4, 30))
        assert sum(row.pnbp for row in makers) == sum(row[6] for row in rows[1:])


def test_a_kanwil_that_cannot_be_leaves_the_recap_whole(sold: Flask, as_: Any) -> None:
    for odd in ("9" * 40, "²", "-1"):
        file = as_("pejabat-pusat").get(f"/pnbp/rekap.csv?tahun=2026&kanwil={odd}")
        assert file.status_code == 200 and AMBON in file.text


def called(workshop: str) -> None:
    """From now on, the bags come from this workshop."""
    with atomic() as session:
        row = session.scalars(sa.select(Product).where(Product.name == "Tas rajut")).one()
        row.workshop, row.version = workshop, next_version()


def test_premi_is_told_by_the_workshop_that_goods_came_from_when_they_were_sold(sold: Flask, as_: Any) -> None:
    with sold.app_context():
        called("Bengkel rajut")
        world.sell(lines=[("Tas rajut", 2_000)], at="2026-03-09T10:00:00+09:00")
        before = as_("petugas").get("/pnbp/premi.csv?tahun=2026").data
        called("Bengkel baru")
        assert as_("petugas").get("/pnbp/premi.csv?tahun=2026").data == before, "renamed, and nothing earlier moved"
        world.sell(lines=[("Tas rajut", 1_000)], at="2026-03-10T10:00:00+09:00")
    page = as_("petugas").get("/pnbp/premi?tahun=2026&bulan=3").text
    assert page.count("Bengkel rajut") == page.count("Bengkel baru") == 1 and "Rp30.000" in page and "Rp15.000" in page
    sheet = openpyxl.load_workbook(
        io.BytesIO(as_("pejabat-pusat").get("/pnbp/premi.xlsx?tahun=2026&bulan=3").data)
    ).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert (AMBON, "Bengkel rajut", 2, 160_000, 30_000) in rows and len(rows) == 2
    assert "Bengkel rajut" in text_of(as_("petugas").get("/pnbp/premi.pdf?tahun=2026"))
    assert "Tidak ada premi" in as_("petugas").get("/pnbp/premi?tahun=2025").text


def test_the_premi_of_a_board_opens_to_its_workshops_and_on_to_their_goods(sold: Flask, as_: Any) -> None:
    for who in ("pejabat-pusat", "petugas"):
        board = as_(who).get("/kampanye/odop-2026").text
        found = re.search(r'href="([^"]*/premi[^"]*)" data-figure="premi">(Rp[\d.]+)<', board)
        assert found
        page = as_(who).get(found[1].replace("&amp;", "&"))
        assert page.status_code == 200 and page.text.count(found[2]) >= 2, "its sum is the board's figure"
        below = re.search(r'href="([^"]*pembuat=\d+[^"]*)"', page.text)
        assert below and "Tas rajut" in as_(who).get(below[1].replace("&amp;", "&")).text
    narrow = as_("pejabat-pusat").get("/kampanye/odop-2026/premi.csv?hari=2026-04-08").data.decode("utf-8-sig")
    assert narrow.splitlines()[1:] == [f"{AMBON};;2;160000;30000"]
    assert "Rp30.000" in text_of(as_("pejabat-pusat").get("/kampanye/odop-2026/premi.pdf?hari=2026-04-08"))


@pytest.mark.browser
def test_the_form_follows_ticks_and_shares_what_is_typed(sold: Flask, open_as: Any) -> None:
    page = open_as("petugas", "/setoran/baru", width=360)
    assert page.input_value("#amount") == "72.000"
    page.uncheck("#pilih-2026-04-08")
    assert page.input_value("#amount") == "63.000"
    page.fill("#amount", "50.000")
    assert page.input_value("[name=hari-2026-04-02]") == "5.000"
    page.fill("#amount", "80.000")
    assert "Sisa Rp8.000" in page.inner_text("[data-sum]")
    page.fill("#billing_code", "820260427123456")
    page.fill("#ntpn", "AB12CD34EF56GH78")
    page.click("button:text-is('Simpan')")
    page.wait_for_url("**/setoran")
    assert cover(sold) == {1: 45_000, 2: 18_000, 8: 9_000}
    assert "Rp8.000 dari setoran ini belum menutup" in page.inner_text("main")
    page.goto("/pnbp?tahun=2026")
    page.click("text=Tautkan ke pendapatan tertua")
    assert page.locator("tbody tr").count() == 1 and "/setoran/tautkan" in page.url


def test_every_list_leaves_in_three_kinds_with_what_it_shows(sold: Flask, as_: Any) -> None:
    with sold.app_context():
        paid_in.deposit(45_000)
    head = as_("pejabat-pusat")
    for path, found in (("/pnbp/ekspor", "Maluku"), ("/pnbp/target", AMBON), ("/setoran/ekspor", AMBON)):
        sheet = openpyxl.load_workbook(io.BytesIO(head.get(f"{path}.xlsx?tahun=2026").data)).active
        cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
        assert 45_000 in cells and any(found in str(cell) for cell in cells)
        assert found in head.get(f"{path}.csv?tahun=2026").text
        assert "Rp45.000" in text_of(head.get(f"{path}.pdf?tahun=2026"))
    signed = text_of(as_("petugas").get("/setoran/ekspor.pdf"))
    assert "Bendahara Penerimaan" in signed and f"Kepala {AMBON}" in signed
    days = openpyxl.load_workbook(io.BytesIO(as_("petugas").get("/pnbp/ekspor.xlsx?tahun=2026").data)).active
    rows = [tuple(row) for row in days.iter_rows(min_row=2, values_only=True)]
    assert [(row[0].day, *row[1:4]) for row in rows] == [
        (8, 9_000, 0, 9_000),
        (2, 18_000, 0, 18_000),
        (1, 45_000, 45_000, 0),
    ]
    assert rows[0][4].date() == date(2026, 4, 8) and rows[2][4] is None


def test_the_way_down_stays_within_the_readers_node(sold: Flask, as_: Any) -> None:
    head, kanwil, staff = as_("pejabat-pusat"), as_("pejabat"), as_("petugas")
    nation = head.get("/pnbp?tahun=2026").text
    step = re.search(r'href="(/pnbp\?[^"]*kanwil=\d+[^"]*)">Kanwil Maluku', nation)
    assert step
    below = head.get(step[1].replace("&amp;", "&")).text
    unit = re.search(rf'href="(/pnbp\?[^"]*upt=(\d+)[^"]*)">{AMBON}', below)
    assert unit and "1 Apr 2026" in head.get(unit[1].replace("&amp;", "&")).text
    assert AMBON in kanwil.get("/pnbp?tahun=2026").text and "Pontianak" not in kanwil.get("/pnbp?tahun=2026").text
    assert kanwil.get("/pnbp?kanwil=1").status_code == staff.get("/pnbp?kanwil=1").status_code == 404
    assert as_("petugas-ptk").get(f"/pnbp?upt={unit[2]}").status_code == 404


def test_targets_are_set_from_above_and_the_newest_holds(sold: Flask, as_: Any) -> None:
    kanwil, upt = as_("pejabat"), as_("pejabat-upt")
    form = {"unit": AMBON, "year": "2026", "amount": "17.000.000"}
    assert "Target ditetapkan oleh Kanwil" in upt.post("/pnbp/target/baru", data=form).text
    assert kanwil.post("/pnbp/target/baru", data=form | {"unit": "Lapas Kelas IIA Pontianak"}).status_code == 422
    for name, odd, told in (("amount", "9" * 5000, "Jumlah ini terlalu besar."), ("year", "9" * 30, "antara 2000 dan")):
        answer = kanwil.post("/pnbp/target/baru", data=form | {name: odd})
        assert answer.status_code == 422 and told in answer.text
    assert kanwil.post("/pnbp/target/baru", data=form).status_code == 302
    file = f"unit_name;year;amount\n{AMBON};2026;20.000.000\n".encode()
    assert as_("admin").post("/pnbp/target/impor", data={"file": (io.BytesIO(file), "t.csv")}).status_code == 302
    bad = file + b"Lapas Entah;2026;1\n"
    answer = as_("admin").post("/pnbp/target/impor", data={"file": (io.BytesIO(bad), "t.csv")})
    assert answer.status_code == 422 and "Baris 3: unit, tahun atau jumlah" in answer.text
    with sold.app_context():
        assert list(db.session.scalars(sa.select(PnbpTarget.amount).order_by(PnbpTarget.id))) == [
            17_000_000,
            20_000_000,
        ]
        paid_in.deposit(5_000_000, {})
    history = kanwil.get("/pnbp/target/baru", query_string={"unit": AMBON, "tahun": 2026}).text
    assert re.search("Rp20.000.000.*berlaku.*Rp17.000.000", history, re.S), "the old one stands below the new one"
    page = kanwil.get("/pnbp/target?tahun=2026").text
    assert "Rp20.000.000" in page and "25%" in page and "Rp17.000.000" not in page
    assert re.search(r'href="/pnbp\?upt=\d+&amp;tahun=2026">' + AMBON, page)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [("1.500.000", 1_500_000), ("Rp 1.500", 1_500), ("1500", 1_500), (1500.0, 1_500), ("1500.5", None)]
    + [(1500.5, None), ("1500.50", None), ("²", None), (float("inf"), None), ("9" * 30, None), ("-5", None)],
)
def test_a_target_with_a_fraction_is_refused_not_multiplied(ctx: Any, cell: Any, amount: int | None) -> None:
    if isinstance(cell, str):
        data, name = f"unit_name;year;amount\n{AMBON};2026;{cell}\n".encode(), "target.csv"
    else:
        book = openpyxl.Workbook()
        book.worksheets[0].append(["unit_name", "year", "amount"])
        book.worksheets[0].append([AMBON, 2026, cell])
        out = io.BytesIO()
        book.save(out)
        data, name = out.getvalue(), "target.xlsx"
    if amount is None:
        with pytest.raises(PosError):
            targets.read_file(data, name, world.person("admin"))
    else:
        assert list(targets.read_file(data, name, world.person("admin"))[1].values()) == [amount]


def test_rules_and_days_off_are_set_by_admins_and_shown_to_all(sold: Flask, as_: Any) -> None:
    admin = as_("admin")
    rule = {"unit": AMBON, "from_day": str(clock.today("WIT")), "period": "monthly", "month_day": "5", "weekday": "4"}
    assert "memerlukan izin" in admin.post("/pnbp/jatuh-tempo/aturan", data=rule).text
    assert (
        "antara 1 dan 31" in admin.post("/pnbp/jatuh-tempo/aturan", data=rule | {"month_day": "", "basis": "S-1"}).text
    )
    assert (
        admin.post("/pnbp/jatuh-tempo/aturan", data=rule | {"basis": "S-1/PB/2026", "satker": "409123"}).status_code
        == 302
    )
    day = {"unit": "Ditjenpas", "day": "2026-04-30", "name": "Cuti bersama khusus", "works": "off"}
    assert "antara tahun 2000" in admin.post("/pnbp/jatuh-tempo/hari", data=day | {"day": "1990-01-01"}).text
    assert admin.post("/pnbp/jatuh-tempo/hari", data=day).status_code == 302
    assert "sudah ada di daftar" in admin.post("/pnbp/jatuh-tempo/hari", data=day).text
    page = as_("petugas").get("/pnbp/jatuh-tempo?tahun=2026").text
    assert "Bulanan, tanggal 5" in page and "Cuti bersama khusus" in page and "Idul Fitri" in page
    assert 'value="409123"' in as_("petugas").get("/setoran/baru").text
    with sold.app_context():
        for _ in range(50):
            paid_in.satker("409124")
    first, last = (admin.get(f"/pnbp/jatuh-tempo?tahun=2026&hal={page}").text for page in (1, 2))
    assert (first.count("409124"), last.count("409124")) == (50, 0) and "Bulanan, tanggal 5" in last
    assert "tahun=2026&amp;hal=2" in first


def test_what_a_field_says_by_itself_is_said_in_the_readers_language(sold: Flask, as_: Any) -> None:
    """Most fields name their own faults; the rest is left to WTForms, which speaks no Indonesian."""
    browser = as_("petugas")
    wrong = {"unit": AMBON, "code": "8" * 41, "issued_on": "2026-02-30", "amount": "5.000"}
    told = browser.post("/setoran/billing/baru", data=wrong).text
    assert "Paling banyak 40 huruf." in told and "Tulis tanggal yang benar." in told
    deposit = {"unit": AMBON, "day": "2026-04-27", "amount": "5.000", "method": "bitcoin"}
    assert "Pilih salah satu dari daftar." in browser.post("/setoran/baru", data=deposit).text
    browser.post("/bahasa/en")
    assert "At most 40 characters." in browser.post("/setoran/billing/baru", data=wrong).text

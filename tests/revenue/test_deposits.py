"""Deposits: the treasury's own numbers, checked, once."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pos import clock
from pos.db import db
from pos.revenue.models import Deposit
from tests import world

FORM = {
    "unit": "Lapas Kelas IIA Ambon",
    "day": "2026-04-27",
    "amount": "1.250.000",
    "billing_code": "8202 6042 7123 456",
    "ntpn": "ab12cd34ef56gh78",
    "note": "PNBP kampanye",
}


def deposits(app: Any) -> list[Deposit]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Deposit)))


def test_a_deposit_is_recorded_as_the_treasury_writes_it(app: Any, as_staff: Any, as_official: Any) -> None:
    assert as_staff.post("/setoran/baru", data=FORM).location == "/setoran"
    [row] = deposits(app)
    assert (row.amount, row.billing_code, row.ntpn, row.day) == (
        1_250_000,
        "820260427123456",
        "AB12CD34EF56GH78",
        date(2026, 4, 27),
    )
    assert "AB12CD34EF56GH78" in as_official.get("/setoran").text


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"amount": ""}, "Isi jumlahnya."),
        ({"amount": "0"}, "lebih dari nol"),
        ({"amount": "-5"}, "rupiah bulat"),
        ({"amount": "12,50"}, "rupiah bulat"),
        ({"amount": "1.25.000"}, "rupiah bulat"),
        ({"amount": "9" * 30}, "terlalu besar"),
        ({"billing_code": "12345"}, "15 angka; ini 5"),
        ({"billing_code": "٨٢٠٢٦٠٤٢٧١٢٣٤٥٦"}, "15 angka"),
        ({"ntpn": "ABC"}, "16 huruf atau angka; ini 3"),
        ({"day": (clock.today("WIT") + timedelta(days=3)).isoformat()}, "belum tiba"),
        ({"day": "kemarin"}, "error"),
        ({"unit": "Lapas Kelas IIA Pontianak"}, "persis seperti tertulis"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(app: Any, as_staff: Any, over: dict[str, str], sentence: str) -> None:
    answer = as_staff.post("/setoran/baru", data=FORM | over)
    assert answer.status_code == 422 and sentence in answer.text and "PNBP kampanye" in answer.text
    assert deposits(app) == []


def test_one_ntpn_is_one_deposit_everywhere(app: Any, as_: Any) -> None:
    as_("petugas").post("/setoran/baru", data=FORM)
    again = as_("petugas-ptk").post(
        "/setoran/baru", data=FORM | {"unit": "Lapas Kelas IIA Pontianak", "ntpn": "AB12-CD34-EF56-GH78"}
    )
    assert again.status_code == 422 and "sudah dicatat pada 27 April 2026" in again.text
    other = as_("petugas").post("/setoran/baru", data=FORM | {"ntpn": "ZZ12CD34EF56GH78"})
    assert other.status_code == 422 and "satu kode dibayar sekali" in other.text
    assert len(deposits(app)) == 1


@pytest.mark.parametrize("who", ["kasir", "pejabat", "admin"])
def test_only_staff_record_deposits(as_: Any, who: str) -> None:
    assert as_(who).post("/setoran/baru", data=FORM).status_code == 403


def test_the_sum_is_of_what_is_shown_on_all_pages(as_: Any) -> None:
    staff = as_("petugas")
    for i in range(3):
        own = {"ntpn": f"AB12CD34EF56GH0{i}", "billing_code": f"82026042712345{i}"}
        staff.post("/setoran/baru", data=FORM | own | {"day": f"2026-04-2{i}", "amount": "100.000"})
    as_("petugas-ptk").post("/setoran/baru", data=FORM | {"unit": "Lapas Kelas IIA Pontianak"})
    assert "Rp300.000" in staff.get("/setoran").text
    assert "Rp200.000" in staff.get("/setoran?dari=2026-04-21").text
    assert "Rp1.550.000" in as_("pejabat-pusat").get("/setoran").text
    assert "Rp1.250.000" in as_("pejabat-pusat").get("/setoran?unit=pontianak").text
    assert "AB12CD34EF56GH01" not in as_("pejabat-pusat").get("/setoran?q=gh02").text
    assert "Tidak ada setoran yang cocok" in staff.get("/setoran?q=zzz").text


def test_the_database_keeps_a_deposit_as_it_was_written(ctx: Any) -> None:
    from pos.revenue.deposits import add_deposit
    from pos.units.services import unit_named

    unit = unit_named("Lapas Kelas IIA Ambon")
    add_deposit(unit, world.person("petugas"), day=clock.today("WIT"), amount=1, billing_code="1" * 15, ntpn="A" * 16)
    for statement in ("DELETE FROM deposit", "UPDATE deposit SET amount = 2"):
        with pytest.raises(sa.exc.DatabaseError, match="written once"), db.engine.begin() as connection:
            connection.execute(sa.text(statement))

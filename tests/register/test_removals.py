"""What was taken out of carts reaches the server once, and those over the gallery see it."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from pos.db import db
from pos.register.removal_models import Removal
from pos.units import devices
from pos.units.models import Register
from tests import world


@pytest.fixture
def bag(app: Flask) -> str:
    with app.app_context():
        return world.code("Tas rajut")


def removal(code: str, **over: Any) -> dict[str, Any]:
    at = "2026-04-26T09:30:12.345+09:00"
    facts = {"id": world.new_id(), "at": at, "kind": "line", "cashier": "kasir", "product": code}
    return facts | {"quantity": 2000, "amount": 160_000, "cart": world.new_id()} | over


def tell(browser: Any, *removals: Any, register: str = "AMB-1", **options: Any) -> Any:
    return browser.post("/api/removals", json={"register": register, "removals": list(removals)}, **options)


def rows(app: Flask) -> list[Removal]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Removal).order_by(Removal.id)))


def test_it_is_kept_once_however_often_it_is_told(app: Flask, as_cashier: Any, bag: str) -> None:
    first, second = removal(bag), removal(bag, kind="clear")
    assert tell(as_cashier, first).json == {"kept": [first["id"]], "refused": []}
    assert tell(as_cashier, first, second, second).status_code == 200
    tell(as_cashier, first | {"quantity": 1})
    kept = rows(app)
    assert [(r.id, r.kind, r.quantity, r.name) for r in kept] == [
        (first["id"], "line", 2000, "Tas rajut"),
        (second["id"], "clear", 2000, "Tas rajut"),
    ]
    assert str(kept[0].business_date) == "2026-04-26" and kept[0].zone == "WIT"


def test_it_is_booked_on_who_was_at_the_till(app: Flask, as_staff: Any, bag: str) -> None:
    tell(as_staff, removal(bag), removal(bag, cashier="kasir-ptk"), removal(bag, cashier=""))
    with app.app_context():
        kasir, petugas = world.person("kasir").id, world.person("petugas").id
    assert [(r.cashier_id, r.sent_by_id) for r in rows(app)] == [
        (kasir, petugas),
        (petugas, petugas),
        (petugas, petugas),
    ]


def test_what_cannot_be_read_does_not_hold_up_the_rest(app: Flask, as_cashier: Any, bag: str) -> None:
    bad = [
        removal(bag, quantity=0), removal(bag, amount=-1), removal(bag, kind="gift"), removal(bag, at="kemarin"),
        removal(bag, product="dua kata"), removal(bag, cart="x"), removal(bag, cheat=1),
    ]  # fmt: skip
    good = removal("12345670")  # nobody knows this code, but it was scanned
    answer = tell(as_cashier, *bad, {}, good).json
    assert answer == {"kept": [good["id"]], "refused": [*(each["id"] for each in bad), "None"]}
    assert [(r.barcode, r.name) for r in rows(app)] == [("12345670", "")]


@pytest.mark.parametrize(
    "body", [[], {}, {"register": "AMB-1"}, {"register": "AMB-1", "removals": [1]}, {"removals": [{}]}]
)
def test_what_is_no_list_is_refused(as_cashier: Any, body: Any) -> None:
    assert as_cashier.post("/api/removals", json=body).status_code == 422


def test_a_register_of_another_unit_is_out_of_reach(as_cashier: Any, bag: str) -> None:
    assert tell(as_cashier, removal(bag), register="PTK-1").status_code == 404


def test_an_enrolled_device_tells_without_a_sign_in(app: Flask, bag: str) -> None:
    with app.app_context():
        register = db.session.scalar(sa.select(Register).where(Register.code == "AMB-1"))
        secret = devices.enrol(register, "Tablet", world.person("petugas"))
    browser = app.test_client()
    assert tell(browser, removal(bag)).status_code == 401
    browser.set_cookie("perangkat", secret)
    headers = {"X-Outbox": "1", "X-Cashier": "kasir", "Sec-Fetch-Site": "same-origin"}
    assert tell(browser, removal(bag), headers=headers).status_code == 200
    assert tell(browser, removal(bag), headers=headers, register="AMB-2").status_code == 401
    assert len(rows(app)) == 1


def test_it_is_written_once(app: Flask, as_cashier: Any, bag: str) -> None:
    tell(as_cashier, removal(bag))
    with app.app_context():
        for statement in ("UPDATE removal SET quantity = 1", "DELETE FROM removal"):
            with pytest.raises(sa.exc.DatabaseError, match="written once"), db.engine.begin() as connection:
                connection.execute(sa.text(statement))


# -- the list ------------------------------------------------------------------------------------------


@pytest.fixture
def told(app: Flask, as_cashier: Any, as_: Any, bag: str) -> None:
    """Two removals in Ambon, on two days at two registers, and one in Pontianak."""
    with app.app_context():
        sold = world.sell()
    tell(as_cashier, removal(bag, cart=sold.id))
    late = removal(bag, kind="clear", at="2026-05-02T10:00:00+09:00", quantity=1000, amount=80_000)
    tell(as_cashier, late, register="AMB-2")
    tell(as_("kasir-ptk"), removal(bag, cashier="", amount=7), register="PTK-1")


def test_it_is_seen_by_those_over_the_gallery(as_: Any, told: None) -> None:
    mine = as_("petugas").get("/keranjang").text
    assert "AMB-1-000001" in mine and "tidak dibayar" in mine and "Rp240.000" in mine and "PTK-1" not in mine
    assert "PTK-1" in as_("pejabat-pusat").get("/keranjang").text
    assert "AMB-" not in as_("petugas-ptk").get("/keranjang").text


def test_the_list_is_filtered_by_register_day_and_kind(as_official: Any, told: None) -> None:
    for query in ("kasir=AMB-2", "dari=2026-05-01", "jenis=clear"):
        page = as_official.get(f"/keranjang?{query}").text
        assert "Rp80.000" in page and "Rp160.000" not in page
    assert "Tidak ada kejadian yang cocok" in as_official.get("/keranjang?sampai=2026-04-25").text
    assert as_official.get("/keranjang?dari=kemarin&jenis=x").status_code == 200


def test_an_empty_list_says_so(as_official: Any) -> None:
    assert "Belum ada barang yang dikeluarkan" in as_official.get("/keranjang").text


def test_the_list_leaves_as_a_file_with_what_it_shows(as_official: Any, told: None) -> None:
    with as_official.get("/keranjang.xlsx?kasir=AMB-1") as answer:
        sheet = openpyxl.load_workbook(BytesIO(answer.data)).active
        assert [row[6].value for row in sheet.iter_rows()] == ["Kejadian", "Baris dihapus"]
    with as_official.get("/keranjang.csv") as answer:
        assert answer.text.count("Tas rajut") == 2
    with as_official.get("/keranjang.pdf") as answer:
        assert answer.data.startswith(b"%PDF")

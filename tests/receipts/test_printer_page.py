"""Choosing a register's printer."""

from typing import Any

import pytest
import sqlalchemy as sa

from pos.db import atomic, db
from pos.receipts.models import Printer
from pos.units.models import AuditEntry, Register

NETWORK = {"kind": "network", "host": "192.168.1.50", "port": "9100", "columns": "32", "cutter": "y", "answers": "y"}


@pytest.fixture
def path(app: Any) -> str:
    with app.app_context():
        return f"/unit/kasir/{db.session.scalar(sa.select(Register.id).where(Register.code == 'AMB-1'))}/printer"


def printer(app: Any) -> Any:
    with app.app_context():
        return db.session.scalar(sa.select(Printer))


def test_the_printer_is_kept_and_logged_and_the_till_hears_of_it(
    app: Any, as_admin: Any, as_cashier: Any, path: str
) -> None:
    assert as_cashier.get("/api/registers/AMB-1/printer").json == {"kind": "browser", "automatic": False}
    assert as_admin.post(path, data=NETWORK | {"automatic": "y"}).status_code == 302
    row = printer(app)
    assert (row.kind, row.host, row.port, row.cutter, row.drawer) == ("network", "192.168.1.50", 9100, True, False)
    assert as_cashier.get("/api/registers/AMB-1/printer").json == {"kind": "network", "automatic": True}
    with app.app_context():
        entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.act == "printer.change"))
        assert entry.detail["kind"] == ["browser", "network"]
    assert path in as_admin.get(path.removesuffix("/printer")).text


def test_usb_numbers_are_read_as_they_are_written(app: Any, as_admin: Any, path: str) -> None:
    body = {"kind": "usb", "vendor_id": "04b8", "product_id": "0x0E15", "port": "9100", "columns": "32"}
    assert as_admin.post(path, data=body).status_code == 302
    assert (printer(app).vendor_id, printer(app).product_id) == (0x04B8, 0x0E15)
    assert 'value="04b8"' in as_admin.get(path).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"host": ""}, "Tulis alamat IP"),
        ({"host": "-oProxy a b"}, "Tulis alamat IP"),
        ({"host": "a..b"}, "Tulis alamat IP"),
        ({"port": "6379"}, "Port printer 9100 sampai 9109"),
        ({"port": "99999999999"}, "Isi port"),
        ({"columns": "48"}, "memuat 32 huruf sebaris"),
        ({"kind": "usb"}, "Isi nomor pembuat"),
        ({"kind": "usb", "vendor_id": "zz"}, "heksadesimal"),
        ({"kind": "queue"}, "Isi nama printer"),
    ],
)
def test_a_printer_that_cannot_be_is_refused_beside_its_field(
    app: Any, as_admin: Any, path: str, wrong: dict[str, str], said: str
) -> None:
    answer = as_admin.post(path, data=NETWORK | wrong)
    assert answer.status_code == 422 and said in answer.text
    assert printer(app) is None


def test_wide_paper_takes_forty_eight_letters(app: Any, as_admin: Any, path: str) -> None:
    with app.app_context(), atomic() as session:
        session.scalar(sa.select(Register).where(Register.code == "AMB-1")).paper_width = 80
    assert as_admin.post(path, data=NETWORK | {"columns": "48"}).status_code == 302
    assert printer(app).columns == 48


def test_a_browser_prints_its_own_test_page(app: Any, as_admin: Any, path: str) -> None:
    answer = as_admin.post(f"{path}/uji", follow_redirects=True)
    assert "HALAMAN UJI" in answer.text and "48 mm" in answer.text

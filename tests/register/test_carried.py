"""Unsent sales that travel as a file: read whole or not at all, each brought in exactly once."""

import io
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from pos import cli
from pos.db import db
from pos.register import carried
from pos.register.models import Sale
from pos.units.models import AuditEntry, User
from tests import world

LATE = {"sold_at": "2026-04-26T09:30:12.345+09:00"}


def file_of(*sales: tuple[str, Any]) -> bytes:
    head = {"kind": "etalase-sales", "version": 1, "register": "AMB-1", "made_at": "2026-04-26T01:00:00.000Z"}
    lines = [json.dumps(row) for row in [head, *({"cashier": who, "document": body} for who, body in sales)]]
    tail = {"count": len(sales), "crc32": f"{zlib.crc32(chr(10).join(lines).encode()):08x}"}
    return "\n".join([*lines, json.dumps(tail), ""]).encode()


def booked() -> list[tuple[str, str, str]]:
    query = sa.select(Sale.receipt, User.username, Sale.flags).join(User, User.id == Sale.cashier_id)
    return [tuple(row) for row in db.session.execute(query.order_by(Sale.number))]


def send(browser: FlaskClient, data: bytes) -> Any:
    return browser.post("/nota/impor", data={"file": (io.BytesIO(data), "nota.jsonl")})


def test_a_file_is_shown_first_and_brought_in_exactly_once(app: Flask, as_staff: FlaskClient) -> None:
    with app.app_context():
        data = file_of(("kasir", world.sale(number=1, **LATE)), ("kasir", world.sale(number=2, **LATE)))
    preview = send(as_staff, data).location
    page = as_staff.get(preview).text
    assert "AMB-1-000001" in page and "Catat 2 nota" in page
    with app.app_context():
        assert booked() == []
    assert "2 nota tercatat" in as_staff.post(preview).text
    assert "sudah ada" in as_staff.post(preview).text
    assert "Semua nota di berkas ini sudah ada." in as_staff.get(send(as_staff, data).location).text
    with app.app_context():
        assert booked() == [("AMB-1-000001", "kasir", ""), ("AMB-1-000002", "kasir", "")]
        assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.act == "sales.import")) == 2


def test_a_refused_sale_is_named_and_the_rest_flow(app: Flask, as_staff: FlaskClient) -> None:
    with app.app_context():
        good, bad = world.sale(number=1, **LATE), world.sale(number=2, **LATE) | {"total": 1}
        elsewhere = world.sale("PTK-1", number=1, **LATE)
        data = file_of(("kasir", bad), ("kasir", elsewhere), ("kasir", "teks"), ("kasir", good))
    page = as_staff.post(send(as_staff, data).location).text
    assert "1 nota tercatat" in page and "3 nota ditolak" in page
    assert "Jumlah baris dan pembulatan adalah Rp160.000." in page and "Kasir PTK-1 tidak ada" in page
    with app.app_context():
        assert booked() == [("AMB-1-000001", "kasir", "")]


def test_a_sale_of_an_unknown_person_is_booked_on_who_imports_and_flagged(app: Flask, as_staff: FlaskClient) -> None:
    with app.app_context():
        data = file_of(("kasir-ptk", world.sale(number=1, **LATE)))
    as_staff.post(send(as_staff, data).location)
    with app.app_context():
        assert booked() == [("AMB-1-000001", "petugas", "cashier_unknown")]


def test_another_sale_under_the_same_id_is_refused_and_kept(app: Flask, as_staff: FlaskClient) -> None:
    with app.app_context():
        body = world.sale(number=1, **LATE)
        data = file_of(("kasir", body), ("kasir", body | {"note": "lain"}))
    assert "isi lain" in as_staff.post(send(as_staff, data).location).text


@pytest.mark.parametrize("harm", ["cut", "digit", "other", "empty", "line", "binary", "list", "deep"])
def test_a_damaged_file_is_refused_whole(app: Flask, as_staff: FlaskClient, harm: str) -> None:
    with app.app_context():
        data = file_of(("kasir", world.sale(number=1, **LATE)), ("kasir", world.sale(number=2, **LATE)))
    lines = data.splitlines(keepends=True)
    harmed = {
        "cut": data[:-40],
        "digit": data.replace(b"160000", b"160001", 1),
        "other": b'{"kind": "produk"}\n{}\n',
        "empty": b"",
        "line": b"".join([lines[0], *lines[2:]]),
        "binary": b"\xff\xfe\x00",
        "list": b"[]\n[]\n",
        "deep": b"[" * 200_000,
    }[harm]
    answer = send(as_staff, harmed)
    assert answer.status_code == 422 and "Berkas ini" in answer.text


def test_a_file_that_an_editor_saved_with_other_line_ends_is_whole(app: Flask) -> None:
    with app.app_context():
        data = file_of(("kasir", world.sale(number=1, **LATE)))
    assert len(carried.read(b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"))) == 1


def test_the_command_brings_in_what_it_can_and_names_the_rest(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "_migrated", lambda: app)
    path = tmp_path / "nota.jsonl"
    with app.app_context():
        path.write_bytes(file_of(("kasir", world.sale(number=1, **LATE)), ("hilang", world.sale(number=2, **LATE))))
    first = CliRunner().invoke(cli.pos, ["sales", "import", str(path)])
    assert first.exit_code == 1 and "1 nota tercatat, 0 sudah ada, 1 ditolak." in first.output
    assert "AMB-1-000002: Penjual hilang tidak dikenal di kasir ini." in first.output
    again = CliRunner().invoke(cli.pos, ["sales", "import", str(path)])
    assert "0 nota tercatat, 1 sudah ada, 1 ditolak." in again.output
    with app.app_context():
        assert booked() == [("AMB-1-000001", "kasir", "")]

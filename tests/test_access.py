"""Every address as every kind of person: a new one must be given its line in `access.txt`.

The columns are strangers, cashiers, staff, officials (of the UPT, its Kanwil and the nation alike), admins and
auditors, all with Lapas Ambon in their scope; `outside` is what those get who would be let in but work in Pontianak
(`=`: the same, for the address names nothing that belongs to a unit). `in` is the way to the sign-in form. Forms are
sent empty.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from flask import Flask

from pos import clock
from pos.catalog import certificates
from pos.catalog.models import Product
from pos.consignment import acts
from pos.db import atomic, db
from pos.labels import settings as label_settings
from pos.labels.layouts import layout_named
from pos.receipts import printing
from pos.receipts.models import PrintJob
from pos.register.lookup import sale_numbered
from pos.stock import goods, opnames, receivings, transfers, write_offs
from pos.units import devices
from pos.units import services as units
from pos.units.models import Device, Gallery, Register
from tests import world
from tests.register import drawer
from tests.treasury import paid_in
from tests.verification import filing

TABLE = (Path(__file__).parent / "access.txt").read_text(encoding="utf-8")
PEOPLE = {  # username: (column, is it outside)
    "": ("nobody", False),
    "kasir": ("cashier", False),
    "petugas": ("staff", False),
    "pejabat-upt": ("official", False),
    "pejabat": ("official", False),
    "pejabat-pusat": ("official", False),
    "admin": ("admin", False),
    "pemeriksa": ("auditor", False),
    "kasir-ptk": ("cashier", True),
    "petugas-ptk": ("staff", True),
    "pejabat-ptk": ("official", True),
    "admin-ptk": ("admin", True),
}
NOT_OURS = {"static", "bootstrap.static"}  # files for everybody


class Line(NamedTuple):
    method: str
    rule: str
    statuses: dict[str, str]
    outside: str

    def expected(self, username: str) -> str:
        column, is_outside = PEOPLE[username]
        status = self.statuses[column]
        return self.outside if is_outside and self.outside != "=" and status != "403" else status


def lines() -> Iterator[Line]:
    header, *rows = (row for row in TABLE.splitlines() if row)
    columns = header.split("|")[1].split()
    for row in rows:
        where, statuses, outside = (part.strip() for part in row.split("|"))
        method, rule = where.split(" ", 1)
        yield Line(method, rule, dict(zip(columns, statuses.split(), strict=True)), outside)


LINES = list(lines())


@pytest.fixture
def places(app: Flask) -> dict[str, Any]:
    """What the places in the addresses stand for: things of Lapas Ambon."""
    with app.app_context():
        recorded = world.sell()
        code = f"{recorded.receipt}-{recorded.code}"
        ambon = units.unit_named("Lapas Kelas IIA Ambon")
        a_layout = replace(layout_named("roll-40x30"), title="Stiker")
        a_printer = label_settings.Printer(203, name="Gudang")
        found = {
            "unit_id": ambon.id,
            "gallery_id": db.session.scalar(sa.select(Gallery.id).where(Gallery.unit_id == ambon.id)),
            "register_id": db.session.scalar(sa.select(Register.id).where(Register.code == "AMB-2")),
            "product_id": db.session.scalar(sa.select(Product.id).where(Product.name == "Keripik pisang")),
            "user_id": units.add_user("kasir-lama", "Kasir lama", world.PASSWORD, "cashier", ambon).id,
            "receipt": recorded.receipt,
            "slug": "odop-2026",
            "name": "print",
            "report": "retur",
            "kind": "csv",
            "position": 0,
            "content": "0" * 32,
            "size": "kecil",
            "token": "0" * 32,
            "device_id": device_at("AMB-2"),
            "language": "en",
            "register": "AMB-2",
            "job_id": a_failed_job(recorded.receipt),
            "shift_id": drawer.open_shift()["id"],
            "note_id": filing.enter(Path(app.instance_path) / "files" / "susulan").id,
            "layout_id": label_settings.save_layout(world.person("petugas"), a_layout).id,
            "printer_id": label_settings.save_printer(world.person("petugas"), a_printer).id,
            "certificate_id": a_certificate(),
            "page": 1,
            "day": "2026-04-26",
            **paid_in.examples(ambon),
        }
        found |= consigned(ambon.id)
        found |= papers_of_stock(found["gallery_id"], found["product_id"])
        units.add_user(
            "pejabat-ptk", "Pejabat", world.PASSWORD, "official", units.unit_named("Lapas Kelas IIA Pontianak")
        )
    return found | {"code": code}


def a_certificate() -> int:
    chips = db.session.scalars(sa.select(Product).where(Product.name == "Keripik pisang")).one()
    given = certificates.Given("halal", "ID35110000012345678")
    return certificates.enter(world.person("petugas"), chips.id, given, Path()).id


def consigned(maker_id: int) -> dict[str, Any]:
    """Goods of Ambon that Kendari sold, and what it paid over for them."""
    seller_id = units.unit_named("Lapas Kelas IIA Kendari").id
    world.sell("kasir-kdi", "KDI-1", [("Tas rajut", 2000)])
    paid = acts.Paid(clock.today("WITA"), clock.today("WITA"), 100_000, "BRI 1")
    row = acts.settle(world.person("admin"), str(uuid.uuid4()), seller_id, maker_id, paid)
    return {"seller_id": seller_id, "maker_id": maker_id, "settlement_id": row.id}


def papers_of_stock(gallery_id: int, product_id: int) -> dict[str, Any]:
    """One of each paper that moves stock, between two galleries of Ambon."""
    staff, lines = world.person("petugas"), [goods.Line(product_id, 1000)]
    stand = units.add_gallery(units.unit_named("Lapas Kelas IIA Ambon"), "Stan Ambon")
    received = receivings.receive(staff, gallery_id, lines)
    sent = transfers.send(staff, gallery_id, stand.id, lines)
    gone = write_offs.write_off(staff, gallery_id, lines, "rusak")
    opname = opnames.begin(staff, gallery_id)
    return {
        "receiving_id": received.id,
        "transfer_id": sent.id,
        "write_off_id": gone.id,
        "opname_id": opname.id,
    }


def device_at(register: str) -> int:
    row = db.session.scalar(sa.select(Register).where(Register.code == register))
    devices.enrol(row, "Tablet", world.person("petugas"))
    return db.session.scalar(sa.select(Device.id)) or 0


def a_failed_job(receipt: str) -> int:
    """A print that waited for a server which has ended."""
    row = printing.record_print(sale_numbered(receipt), world.person("kasir"), "printer", str(uuid.uuid4()))
    with atomic() as session:
        session.execute(sa.update(PrintJob).values(moved_at=clock.now() - timedelta(hours=1)))
    job = printing.job_of(row)
    assert job is not None
    return job.id


def path_of(line: Line, places: dict[str, Any]) -> str:
    code = {"bahasa": "id", "api": places["register"]}.get(line.rule.split("/")[1], places["code"])
    names = places | {"code": code}
    names |= {"kind": "txt"} if line.rule.startswith("/giliran/") else {}
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda place: str(names[place[1]]), line.rule)


def ask(browser: Any, app: Flask, line: Line, places: dict[str, Any]) -> str:
    """What the answer is, in the words of the table."""
    body: dict[str, Any] = {"data": {}}
    if line.rule.startswith("/api/"):
        body = {"json": {}}
    if line.rule == "/api/sales":
        with app.app_context():
            body = {"json": world.sale()}
    if line.rule.startswith("/api/shifts"):
        body = {"json": drawer.event("cash_in", 1_000) if "events" in line.rule else drawer.opening("AMB-2")}
    if line.rule == "/api/removals":
        body = {"json": {"register": "AMB-1", "removals": [{}]}}
    if line.rule == "/api/approvals":
        body = {"json": {}}
    if line.method == "GET":
        body = {"query_string": {"register": "AMB-2"}} if line.rule == "/api/sales" else {}
    with browser.open(path_of(line, places), method=line.method, **body) as answer:
        to_sign_in = answer.status_code == 302 and str(answer.location).startswith("/masuk")
        return "in" if to_sign_in and line.rule != "/keluar" else str(answer.status_code)


@pytest.mark.parametrize("username", PEOPLE)
def test_everybody_gets_just_what_the_table_says(app: Flask, as_: Any, places: dict[str, Any], username: str) -> None:
    wrong = {}
    for line in LINES:
        answer, expected = ask(as_(username), app, line, places), line.expected(username)
        if answer != expected:
            wrong[f"{line.method} {line.rule}"] = f"{answer}, not {expected}"
    assert wrong == {}


def test_every_address_has_its_line(app: Flask) -> None:
    known = [(line.method, line.rule) for line in LINES]
    rules = {
        (method, str(rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in NOT_OURS
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert len(known) == len(set(known))
    assert set(known) - rules == set(), "these are gone"
    assert rules - set(known) == set(), "give these their lines"


@pytest.mark.parametrize("username", ["", "kasir", "admin"])
def test_no_form_is_taken_without_its_token(app: Flask, as_: Any, places: dict[str, Any], username: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for line in LINES:
        if line.method == "POST":
            assert ask(as_(username), app, line, places) == "400", line.rule


def test_an_address_answers_only_to_its_methods(app: Flask, as_admin: Any, places: dict[str, Any]) -> None:
    for line in LINES:
        if not any(other.rule == line.rule and other.method != line.method for other in LINES):
            method = "POST" if line.method == "GET" else "GET"
            with as_admin.open(path_of(line, places), method=method) as answer:
                assert answer.status_code in (404, 405), line.rule


def test_what_does_not_exist_is_like_what_is_out_of_scope(as_admin: Any, places: dict[str, Any]) -> None:
    nothing = {key: 999_999 if key.endswith("_id") else "TAK-ADA" for key in places}
    for line in LINES:
        if line.outside == "404" and "<" in line.rule and line.method == "GET" and line.statuses["admin"] != "403":
            with as_admin.get(path_of(line, nothing)) as answer:
                assert answer.status_code == 404, line.rule

"""An enrolled register: its sales arrive without a sign-in, and nothing else does."""

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from pos.db import db
from pos.register import door
from pos.register.models import Sale
from pos.units import devices
from pos.units.models import AuditEntry, Device, Register, User
from tests import world

OURS = {"X-Outbox": "1", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def enrolled(app: Flask) -> FlaskClient:
    """A browser that a supervisor enrolled as AMB-1, with nobody signed in."""
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        register = db.session.scalar(sa.select(Register).where(Register.code == "AMB-1"))
        secret = devices.enrol(register, "Tablet depan", world.person("petugas"))
    browser = app.test_client()
    browser.set_cookie(door.COOKIE, secret)
    return browser


def bring(app: Flask, browser: FlaskClient, register: str = "AMB-1", cashier: str = "kasir", **headers: str) -> Any:
    with app.app_context():
        body = world.sale(register)
    return browser.post("/api/sales", json=body, headers=OURS | {"X-Cashier": cashier} | headers)


def booked(app: Flask) -> list[tuple[str, str]]:
    """Who the sales are booked on, and their flags."""
    with app.app_context():
        query = sa.select(User.username, Sale.flags).join(Sale, Sale.cashier_id == User.id).order_by(Sale.id)
        return [tuple(row) for row in db.session.execute(query)]


def test_its_sale_is_recorded_without_a_sign_in_and_booked_on_who_sold(app: Flask, enrolled: FlaskClient) -> None:
    assert bring(app, enrolled).status_code == 201
    assert booked(app) == [("kasir", "")]


@pytest.mark.parametrize("cashier", ["", "tak-ada", "kasir-ptk", "pejabat", "k%C3%A9", "%FF"])
def test_who_may_not_sell_there_is_replaced_by_the_supervisor_and_flagged(
    app: Flask, enrolled: FlaskClient, cashier: str
) -> None:
    assert bring(app, enrolled, cashier=cashier).json["flags"] == ["cashier_unknown"]
    assert booked(app) == [("petugas", "cashier_unknown")]


def test_a_supervisor_who_left_stops_no_sale(app: Flask, enrolled: FlaskClient) -> None:
    with app.app_context():
        db.session.execute(sa.update(User).where(User.username == "petugas").values(active=False))
        db.session.commit()
    assert bring(app, enrolled, cashier="").status_code == 201


def test_another_register_needs_a_sign_in(app: Flask, enrolled: FlaskClient) -> None:
    assert bring(app, enrolled, "AMB-2").status_code == 400  # no token came along
    assert bring(app, enrolled, "PTK-1").status_code == 400
    assert booked(app) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Outbox": "0"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": ""},
        {"Sec-Fetch-Site": "", "Origin": "https://lain.test"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_a_request_from_elsewhere_is_refused(app: Flask, enrolled: FlaskClient, headers: dict[str, str]) -> None:
    assert bring(app, enrolled, **headers).status_code == 400
    assert booked(app) == []


def test_a_browser_that_does_not_say_where_from_must_send_our_origin(app: Flask, enrolled: FlaskClient) -> None:
    assert bring(app, enrolled, **{"Sec-Fetch-Site": "", "Origin": "http://localhost"}).status_code == 201


def test_what_is_no_json_is_refused(app: Flask, enrolled: FlaskClient) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json+x"):
        assert enrolled.post("/api/sales", data="{}", content_type=kind, headers=OURS).status_code == 400


def test_a_wrong_or_revoked_secret_opens_nothing(app: Flask, enrolled: FlaskClient) -> None:
    stranger = app.test_client()
    stranger.set_cookie(door.COOKIE, "0" * 64)
    assert bring(app, stranger).status_code == 400
    with app.app_context():
        devices.revoke(db.session.scalars(sa.select(Device)).one(), world.person("petugas"))
    assert bring(app, enrolled).status_code == 400
    assert enrolled.get("/api/catalog", headers=OURS).status_code == 401


def test_it_reads_the_catalogue_of_its_own_register(app: Flask, enrolled: FlaskClient) -> None:
    answer = enrolled.get("/api/catalog", headers=OURS)
    assert [(r["code"], r["enrolled"]) for r in answer.json["registers"]] == [("AMB-1", True)]
    assert enrolled.get("/api/catalog").status_code == 401  # not from the till's page
    assert enrolled.get("/api/catalog", headers=OURS | {"Sec-Fetch-Site": "cross-site"}).status_code == 401
    for path in ("/api/session", "/penjualan"):
        assert enrolled.get(path, headers=OURS).status_code in (302, 401)


def test_its_camera_is_read_without_a_sign_in(app: Flask, enrolled: FlaskClient) -> None:
    file = io.BytesIO()
    Image.new("L", (8, 8)).save(file, "JPEG")

    def look(browser: FlaskClient, **headers: str) -> Any:
        return browser.post("/api/codes", data=file.getvalue(), content_type="image/jpeg", headers=OURS | headers)

    assert (look(enrolled).status_code, look(enrolled).json) == (200, {"codes": []})
    assert look(enrolled, **{"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert look(enrolled, **{"X-Outbox": "0"}).status_code == 400
    assert look(app.test_client()).status_code == 400  # not enrolled, and no token came along


def test_only_the_hash_of_its_secret_is_kept(app: Flask, as_staff: FlaskClient) -> None:
    with app.app_context():
        register = db.session.scalar(sa.select(Register.id).where(Register.code == "AMB-2"))
    answer = as_staff.post("/kasir/daftarkan", data={"register": register, "name": "Tablet"})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith(door.COOKIE))
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Max-Age=34560000" in cookie
    assert "Secure" not in cookie
    secret = cookie.split(";")[0].split("=")[1]
    with app.app_context():
        device = db.session.scalars(sa.select(Device)).one()
        assert len(secret) == 64 and device.secret_hash != secret and device.register.code == "AMB-2"
        assert db.session.scalar(sa.select(AuditEntry.subject).where(AuditEntry.act == "device.enrol")) == "AMB-2"


def test_enrolling_a_browser_again_ends_what_it_was(app: Flask, as_staff: FlaskClient) -> None:
    with app.app_context():
        ids = dict(db.session.execute(sa.select(Register.code, Register.id)).all())
    for code in ("AMB-1", "AMB-2"):
        as_staff.post("/kasir/daftarkan", data={"register": ids[code], "name": "Tablet"})
    with app.app_context():
        rows = db.session.scalars(sa.select(Device).order_by(Device.id)).all()
        assert [(row.register.code, row.revoked_at is None) for row in rows] == [("AMB-1", False), ("AMB-2", True)]
    assert "Peramban ini terdaftar sebagai kasir AMB-2" in as_staff.get("/kasir/daftarkan").text


def test_a_register_out_of_scope_cannot_be_taken(app: Flask, as_staff: FlaskClient) -> None:
    with app.app_context():
        register = db.session.scalar(sa.select(Register.id).where(Register.code == "PTK-1"))
    assert as_staff.post("/kasir/daftarkan", data={"register": register, "name": "Tablet"}).status_code == 422


def test_an_admin_sees_and_revokes_devices_on_the_registers_page(
    app: Flask, enrolled: FlaskClient, as_admin: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        device = db.session.scalars(sa.select(Device)).one()
        page, revoke = f"/unit/kasir/{device.register_id}", f"/unit/perangkat/{device.id}/cabut"
    assert "Tablet depan" in as_admin.get(page).text
    assert as_admin.post(revoke).location.endswith(page)
    assert "Tablet depan" not in as_admin.get(page, follow_redirects=True).text.split("<h2>")[1]


def test_a_device_that_is_heard_of_is_seen(app: Flask, enrolled: FlaskClient) -> None:
    long_ago = world.LONG_AGO
    with app.app_context():
        db.session.execute(sa.update(Device).values(last_seen_at=long_ago))
        db.session.commit()
    assert bring(app, enrolled).status_code == 201
    enrolled.get("/api/catalog", headers=OURS)
    with app.app_context():
        assert db.session.scalars(sa.select(Device.last_seen_at)).one() > long_ago


def test_over_https_its_cookie_travels_over_https_alone(app: Flask, as_staff: FlaskClient) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True
    with app.app_context():
        register = db.session.scalar(sa.select(Register.id).where(Register.code == "AMB-1"))
    answer = as_staff.post("/kasir/daftarkan", data={"register": register, "name": "Tablet"})
    assert any(each.startswith(door.COOKIE) and "Secure" in each for each in answer.headers.getlist("Set-Cookie"))

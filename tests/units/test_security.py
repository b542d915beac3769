"""What every answer carries, and what signing in withstands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos import web
from pos.db import db
from pos.units.models import AuditEntry
from tests import world
from tests.conftest import app_on

RIGHT = {"username": "kasir", "password": world.PASSWORD}
WRONG = {"username": "kasir", "password": "salah"}


@pytest.fixture
def strict(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Any]:
    """The program as it is served: sign-in limits and all."""
    served = app_on(database_url, tmp_path, RATELIMIT_ENABLED=True)
    web.limiter.reset()
    yield served.test_client()
    web.limiter.reset()
    web.limiter.enabled = False
    with served.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("path", ["/masuk", "/tidak-ada", "/healthz", "/api/sales", "/kasir", "/unit/999999"])
def test_every_answer_carries_the_policy(as_admin: Any, path: str) -> None:
    headers = as_admin.get(path).headers
    assert headers["Content-Security-Policy"] == web.POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_the_policy_holds_when_the_program_itself_fails(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/rusak")
    def broken() -> str:
        raise ValueError("a secret detail")

    answer = app.test_client().get("/rusak")
    assert answer.status_code == 500 and "secret" not in answer.text
    assert answer.headers["Content-Security-Policy"] == web.POLICY


def test_the_policy_allows_nothing_inline_and_no_other_host() -> None:
    assert "unsafe" not in web.POLICY and "http" not in web.POLICY and "*" not in web.POLICY


def test_pages_of_signed_in_people_are_not_kept_by_the_browser(as_admin: Any) -> None:
    assert as_admin.get("/pengguna").headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(as_stranger: Any) -> None:
    cookie = as_stranger.post("/masuk", data=RIGHT).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_behind_https_the_cookie_is_secure(app: Flask) -> None:
    app.config["SESSION_COOKIE_SECURE"] = True
    assert "Secure" in app.test_client().post("/masuk", data=RIGHT).headers["Set-Cookie"]


def test_the_tenth_wrong_password_in_a_minute_is_the_last(strict: Any) -> None:
    answers = [strict.post("/masuk", data=WRONG).status_code for _ in range(12)]
    assert answers == [422] * 10 + [429] * 2
    refused = strict.post("/masuk", data=RIGHT)
    assert refused.status_code == 429 and "Terlalu banyak percobaan" in refused.text


def test_right_passwords_are_not_counted(strict: Any) -> None:
    assert {strict.post("/masuk", data=RIGHT).status_code for _ in range(12)} == {302}


def test_nothing_of_the_session_before_signing_in_survives(app: Flask, as_stranger: Any) -> None:
    with as_stranger.session_transaction() as session:
        session["planted"], session["language"], session["csrf_token"] = "by another", "en", "planted"
    as_stranger.post("/masuk", data=RIGHT)
    with as_stranger.session_transaction() as session:
        assert "planted" not in session and session.get("csrf_token") != "planted" and session["language"] == "en"


def test_signing_out_ends_it(as_cashier: Any) -> None:
    as_cashier.post("/keluar")
    assert as_cashier.get("/sandi").status_code == 302


def test_a_forged_or_stale_session_is_nobody(app: Flask) -> None:
    for forged in ("1.wrong", "1", "x.stamp", "1.", "-1.stamp", "99999.stamp"):
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = forged
        assert browser.get("/sandi").status_code == 302


def test_attempts_to_sign_in_are_logged_with_their_unit(app: Flask, as_stranger: Any) -> None:
    for form in (WRONG, RIGHT, {"username": "hantu", "password": "x"}):
        as_stranger.post("/masuk", data=form)
    with app.app_context():
        rows = db.session.execute(
            sa.select(AuditEntry.act, AuditEntry.subject, AuditEntry.unit_id.is_(None)).order_by(AuditEntry.id)
        )
        mine = [tuple(row) for row in rows if row.act.startswith("sign_in")]
    assert mine == [
        ("sign_in.refused", "kasir", False),
        ("sign_in", "kasir", False),
        ("sign_in.refused", "hantu", True),
    ]


def test_a_host_that_is_not_ours_is_refused_where_hosts_are_named(app: Flask) -> None:
    app.config["TRUSTED_HOSTS"] = ["etalase.test"]
    assert app.test_client().get("/masuk", headers={"Host": "evil.example"}).status_code == 400
    assert app.test_client().get("/masuk", headers={"Host": "etalase.test"}).status_code == 200


@pytest.mark.parametrize(
    "data", [{"username": "a\x00b", "password": "x"}, {"username": "x" * 100_000, "password": "x"}]
)
def test_odd_text_is_no_crash(as_stranger: Any, data: dict[str, str]) -> None:
    assert as_stranger.post("/masuk", data=data).status_code in (400, 422)
    assert as_stranger.get("/unit?q=a%00b").status_code == 400


def test_a_form_without_its_token_is_refused(app: Flask, as_admin: Any) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert as_admin.post("/pengguna/baru", data={"name": "x"}).status_code == 400
    answer = as_admin.post("/api/sales", json={})
    assert answer.status_code == 400 and answer.json["error"]["code"] == "csrf"


@pytest.mark.browser
def test_the_current_page_is_seen_in_the_menu_of_a_narrow_screen(open_as: Any) -> None:
    page = open_as("admin", "/pengguna", width=360)
    box = page.locator(".bar-nav [aria-current=page]").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
    page.locator(".bar-me summary").click()
    assert page.get_by_role("link", name="Ganti kata sandi").is_visible()
    page.keyboard.press("Escape")
    assert page.get_by_role("link", name="Ganti kata sandi").is_hidden()

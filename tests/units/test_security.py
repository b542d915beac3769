"""What every answer carries, and what signing in withstands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, request

from pos import sheets, web
from pos.db import db, search_words
from pos.units.models import AuditEntry, Gallery
from tests import world
from tests.grounds import app_on

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


def test_the_policy_holds_when_the_program_itself_fails(database_url: str, tmp_path: Path) -> None:
    app = app_on(database_url, tmp_path, PROPAGATE_EXCEPTIONS=False)

    @app.get("/rusak")
    def broken() -> str:
        raise ValueError("a secret detail")

    answer = app.test_client().get("/rusak")
    assert answer.status_code == 500 and "secret" not in answer.text
    assert answer.headers["Content-Security-Policy"] == web.POLICY
    with app.app_context():
        db.engine.dispose()


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


# -- addresses and forms as nobody of ours writes them -----------------------------------------------------


@pytest.mark.parametrize("there", ["//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "evil"])
def test_signing_in_leads_nowhere_else(as_stranger: Any, there: str) -> None:
    answer = as_stranger.post("/masuk", query_string={"next": there}, data=RIGHT)
    assert answer.status_code == 302 and answer.headers["Location"] == "/kasir"
    chosen = as_stranger.post("/bahasa/en", data={"next": there})
    assert chosen.status_code == 302 and chosen.headers["Location"] == "/"


def test_signing_in_leads_back_to_where_one_was(as_stranger: Any) -> None:
    answer = as_stranger.post("/masuk", query_string={"next": "/produk?cari=tas"}, data=RIGHT)
    assert answer.headers["Location"] == "/produk?cari=tas"


NINES = "9" * 30


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/%0A/", 404),
        (f"/unit/{NINES}", 404),
        ("/unit/2147483648", 404),
        (f"/penjualan?galeri={NINES}", 200),
        ("/penjualan?galeri=%C2%B2", 200),
        (f"/penjualan?hal={NINES}", 200),
        (f"/produk?upt={NINES}&page={NINES}", 200),
        ("/produk?_external=1&_scheme=ftp&endpoint=x&cari=tas", 200),
        ("/pengguna?_scheme=javascript&_anchor=x&endpoint=x&_external=1", 200),
        ("/catatan?dari=0001-01-01&sampai=0001-01-01", 200),
        ("/catatan?dari=9999-12-31&sampai=9999-12-31", 200),
        ("/catatan?q=" + "+".join("a" * 1000), 200),
        ("/pengguna?q=" + "+".join("a" * 1000), 200),
        ("/setoran?q=" + "+".join("a" * 1000), 200),
    ],
)
def test_no_address_is_a_crash(as_admin: Any, path: str, status: int) -> None:
    assert as_admin.get(path).status_code == status


def test_a_query_cannot_give_orders_to_the_links_of_a_page(app: Flask) -> None:
    with app.test_request_context("/unit/3?unit_id=9&_external=1&_scheme=javascript&endpoint=x&q=a&_anchor=z"):
        assert web.here() == "/unit/3?q=a"


def test_a_search_is_short() -> None:
    assert len(search_words("a " * 1000)) == 8 and sum(map(len, search_words("b" * 1000))) == 80


def test_json_is_no_form(as_admin: Any, as_stranger: Any) -> None:
    assert as_stranger.post("/masuk", json={"username": ["x"], "password": {}}).status_code == 415
    assert as_admin.post("/pengguna/baru", json={"name": 5}).status_code == 415


@pytest.mark.parametrize("name", ["windows-\u00b2-unit", "windows-\u0663-unit", "windows-" + "9" * 5000 + "-unit"])
def test_rows_of_a_form_are_numbered_in_plain_digits(as_admin: Any, name: str) -> None:
    assert as_admin.post("/kampanye/baru", data={name: "x"}).status_code == 400
    assert as_admin.post("/kampanye/baru", data={"remove": "\u00b2"}).status_code < 500


def test_text_holds_nothing_that_cannot_be_printed() -> None:
    assert web.one_line("\tSiti\u202e\x07\u00a0Aminah\r\n") == "Siti Aminah"


def test_a_table_that_leaves_holds_no_control_characters() -> None:
    assert sheets.to_csv(["a"], [["\x01=x\x1b\ufffe"]]).decode("utf-8-sig") == "a\r\n'=x\r\n"
    assert sheets.to_xlsx("T", ["a"], [["\x01=x\x1b\ufffe"]])


# -- whom the limits count ---------------------------------------------------------------------------------


def test_one_colleagues_mistakes_do_not_shut_out_the_office(strict: Any) -> None:
    assert [strict.post("/masuk", data=WRONG).status_code for _ in range(11)][-1] == 429
    assert strict.post("/masuk", data={"username": "petugas", "password": world.PASSWORD}).status_code == 302


def test_an_address_that_tries_every_name_is_stopped(strict: Any) -> None:
    answers = [strict.post("/masuk", data=WRONG | {"username": f"x{i}"}).status_code for i in range(61)]
    assert answers[:60] == [422] * 60 and answers[60] == 429


def test_behind_our_proxy_the_visitors_address_counts(app: Flask, database_url: str, tmp_path: Path) -> None:
    served = app_on(database_url, tmp_path, PROXIES=1)
    forwarded = {"X-Forwarded-For": "9.9.9.9, 10.1.2.3"}
    for one, seen in ((served, "10.1.2.3"), (app, "127.0.0.1")):
        browser = one.test_client()
        with browser:
            browser.get("/healthz", headers=forwarded)
            assert request.remote_addr == seen
    with served.app_context():
        db.engine.dispose()


def test_nothing_for_a_signed_in_person_is_kept(as_admin: Any, as_stranger: Any) -> None:
    assert as_admin.get("/penjualan.csv").headers["Cache-Control"] == "no-store"
    assert as_admin.get("/healthz").headers["Cache-Control"] == "no-store"
    with as_admin.get("/static/css/app.css") as picture:
        assert picture.headers["Cache-Control"] != "no-store"
    assert "Cache-Control" not in as_stranger.get("/healthz").headers


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


DEEP, HALF, NUL = "[" * 100_000, '{"username": "\\ud800", "id": "\\ud800"}', '{"username": "a\\u0000b"}'


@pytest.mark.parametrize(
    "path",
    ["/api/approvals", "/api/shifts", "/api/removals", "/api/opname/1/counts", "/api/receipts/AMB-1-000001/prints"],
)
def test_no_json_is_a_crash(as_cashier: Any, path: str) -> None:
    for body in (DEEP, HALF, NUL, "{", '{"a": "\xe9"}'.encode("latin-1")):
        answer = as_cashier.post(path, data=body, content_type="application/json")
        assert answer.status_code == 400 and answer.json["error"]["message"], body[:20]
    said = as_cashier.post(path, data='{"note": "tertulis \\\\u0000, \\ud83d\\ude42"}', content_type="application/json")
    assert said.status_code in (404, 422), "a backslash and a smile are what they are"


def test_unseen_letters_make_no_other_name_to_guess_at(strict: Any) -> None:
    names = ["ka" + "\u200b" * n + "sir" for n in range(12)]
    answers = [strict.post("/masuk", data=WRONG | {"username": name}).status_code for name in names]
    assert answers == [422] * 10 + [429] * 2


def test_what_the_forms_say_by_themselves_is_said_in_our_words(app: Flask, as_admin: Any) -> None:
    with app.app_context():
        gallery = db.session.scalar(sa.select(Gallery.id))
    form = {"discount_limit": "", "down_payment": "dua", "kind": "kios", "cutoff": "malam", "name": "x" * 300}
    said = as_admin.post(f"/unit/galeri/{gallery}", data=form).text
    wanted = ["Isi bilangan bulat", "Pilih salah satu dari daftar.", "Tulis jam yang benar", "Paling banyak 120 huruf."]
    assert [text for text in wanted if text not in said] == [] and "Not a valid" not in said and "cannot" not in said

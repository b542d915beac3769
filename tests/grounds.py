"""Databases with the small world in them, and the program on them, which tests share until one writes."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import argon2.profiles
import psycopg
import sqlalchemy as sa
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from pos import create_app, web
from pos import db as database
from pos.catalog.services import forget_snapshot
from pos.db import db
from pos.units.services import hasher

TEMPLATES = FileSystemBytecodeCache(tempfile.mkdtemp(prefix="templates"))
hasher._parameters = argon2.profiles.CHEAPEST  # a real hash takes a sixth of a second, and thousands are made here


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


def pg_url(server: Any, name: str) -> str:
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


def make_tables() -> None:
    """Every table, on whichever engine comes first.

    PostgreSQL is given the references of tables to each other in a circle by ALTER TABLE; SQLAlchemy then remembers
    at the constraint to leave it out of CREATE TABLE, and a SQLite made later in the same process would lack it.
    """
    db.create_all()
    for table in db.metadata.tables.values():
        for reference in table.foreign_key_constraints:
            reference._create_rule = None


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

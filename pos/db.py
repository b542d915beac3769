"""The database, and the only two doors through which anything is committed.

`atomic()` is for pages: the ORM session, one act, one commit. `write(job)` is for the checkout: plain
statements on a connection, no ORM; on SQLite the jobs that wait are committed together (each caller is
answered only after the bytes are on disk), on PostgreSQL each is one statement and one round trip.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from pos import fast
from pos.fast import Work
from pos.writer import GroupCommit, driver_errors

T = TypeVar("T")
BUSY_SECONDS = 20


def search_words(text: str) -> list[str]:
    """What a search looks for: few and short enough that no address makes a heavy query."""
    return text[:80].lower().split()[:8]


class Model(DeclarativeBase):
    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Model, session_options={"expire_on_commit": False})


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime: `timestamptz` on PostgreSQL, naive UTC text on SQLite."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name == "postgresql":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo:
            return value.astimezone(UTC) if value else None
        return value.replace(tzinfo=UTC)


BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Rupiah = sa.BigInteger
Thousandths = sa.BigInteger
Json = sa.JSON().with_variant(JSONB(), "postgresql")


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def hold_still() -> None:
    """Begin a new reading transaction in which every query sees the same instant."""
    db.session.rollback()
    if not is_sqlite():
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


# -- one act, one commit -------------------------------------------------------------------------------


@contextmanager
def atomic() -> Iterator[Any]:
    """One act in one transaction on the ORM session; nested uses join the outer one.

    Ends whatever read came before (a SQLite transaction that has read cannot begin to write), takes the
    write lock at once, commits at the end, rolls back on any error.
    """
    session = db.session()
    if session.info.get("atomic"):
        yield session
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows were changed before atomic()")
    session.rollback()
    with _write_lock():
        session.info["atomic"] = True
        try:
            session.connection(execution_options={"writes": True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info["atomic"] = False


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for a few look-ups by `fast.Query`, each seeing what is committed when it runs."""
    with db.engine.connect() as connection:
        if is_sqlite():
            yield connection
            return
        raw = fast.driver(connection)
        raw.autocommit = True
        try:
            yield connection
        finally:
            raw.autocommit = False


def write(job: Callable[[Work], T], reads: bool = False) -> T:
    """Run `job` in a transaction and return its result once it is on disk; its errors are raised here.

    On PostgreSQL all that it adds travels as one statement, which is its own transaction unless the job also
    `reads` what it goes by.
    """
    if is_sqlite():
        return _writer_of(db.engine).run(job)
    with reading() as connection, driver_errors(connection):
        with fast.driver(connection).transaction() if reads else nullcontext():
            work = Work(connection)
            result = job(work)
            work.finish()
        return result


def _write_lock() -> Any:
    return _writer_of(db.engine).lock if is_sqlite() else nullcontext()


_writers: dict[int, GroupCommit] = {}
_writers_lock = threading.Lock()


def _writer_of(target: Engine) -> GroupCommit:
    writer = _writers.get(id(target))
    if writer is None or writer.engine is not target:
        with _writers_lock:
            writer = _writers.get(id(target))
            if writer is None or writer.engine is not target:
                writer = _writers[id(target)] = GroupCommit(target)
    return writer


def close() -> None:
    """Give this app's connections back (tests and commands that end)."""
    writer = _writers.pop(id(db.engine), None)
    if writer:
        writer.close()
    db.session.remove()
    db.engine.dispose()


# -- how the engines are set up ------------------------------------------------------------------------


def prepare(target: Engine) -> None:
    """Durable, foreign keys on, explicit BEGIN: the same promises on both engines."""
    if target.dialect.name == "sqlite":
        event.listen(target, "connect", _sqlite_connect)
        event.listen(target, "begin", _sqlite_begin)


def engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False}, "pool_size": 40}
    return {
        "pool_size": 40,
        "max_overflow": 0,
        "pool_pre_ping": False,
        "connect_args": {"options": "-c plan_cache_mode=force_generic_plan -c timezone=UTC", "prepare_threshold": 2},
    }


def _sqlite_connect(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA recursive_triggers = ON")  # else INSERT OR REPLACE deletes without asking the guard
    cursor.execute("PRAGMA cache_size = -65536")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def write_once(table: sa.Table) -> None:
    """Make the database refuse to change or delete a row of `table`: what is written there is evidence."""
    event.listen(table, "after_create", lambda t, connection, **_: guard(connection, t.name))


def guard(connection: Connection, name: str) -> None:
    """Put the write-once guard on table `name` (also called by migrations)."""
    if connection.dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name}_no_{act.lower()} BEFORE {act} ON {name} "
                f"BEGIN SELECT RAISE(ABORT, '{name} is written once'); END"
            )
        return
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION written_once() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is written once', ERRCODE = '23514'; END $$"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {name}_written_once BEFORE UPDATE OR DELETE ON {name} "
        "FOR EACH ROW EXECUTE FUNCTION written_once()"
    )
    connection.exec_driver_sql(
        f"CREATE TRIGGER {name}_never_emptied BEFORE TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION written_once()"
    )

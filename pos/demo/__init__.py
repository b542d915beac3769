"""Example data: real units and products, three campaign years and the last weeks, sold through `record`."""

import random
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from pos import ROOT, clock, create_app
from pos import db as database
from pos.catalog import importing
from pos.catalog.services import forget_snapshot, items
from pos.db import atomic, db
from pos.demo import campaigns, catalog, officers, photos, reports, storefront, treasury
from pos.demo.selling import PLACES, sell
from pos.demo.stock import stock
from pos.demo.verification import verify_years
from pos.migrations import upgrade
from pos.revenue.services import add_default_scheme
from pos.units import services as units
from pos.units.loading import load_units
from pos.units.models import Installation, User

PASSWORD = "etalase-demo"
SEED = 20210427
SIGN_INS = {
    "kasir": "kasir di Galeri Lapas Ambon (AMB-1, AMB-2)",
    "petugas": "petugas Lapas Kelas IIA Ambon: produk, stok, label, setoran",
    "pejabat": "pejabat Ditjenpas: papan kampanye seluruh Indonesia",
    "admin": "admin Ditjenpas: unit, pengguna, kampanye",
    "pemeriksa": "pemeriksa Ditjenpas: membaca semuanya, tidak mengubah apa pun",
}


def app(path: Path) -> Flask:
    """The program on the example database at `path`, which is made first when it is not there."""
    if not path.exists():
        _make(path)
    served = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}"})
    with served.app_context():
        upgrade()
        campaigns.of_this_year()
    return served


def _make(path: Path) -> None:
    """Build beside `path` and move it there when it is whole: an interrupted build leaves nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    for leftover in path.parent.glob(part.name + "*"):
        leftover.unlink()
    building = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{part}"})
    with building.app_context():
        event.listen(db.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        upgrade()
        build(clock.now())
        forget_snapshot()
        db.session.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        database.close()
    part.replace(path)


def build(now: datetime) -> None:
    """Fill an empty database with everything up to `now`; the same `now` gives the same figures."""
    chance = random.Random(SEED)
    _units_and_people()
    preview = importing.read_products(*_file("demo_products.csv"), None)
    importing.apply(preview, None)
    today = now.date()
    years = [year for year in range(today.year - 3, today.year + 1) if date(year, 4, 27) <= today][-3:]
    officers.build()
    campaigns.build(years)
    catalog.sells_how(now)
    treasury.name_workshops()
    with db.engine.connect() as connection:
        goods = items(connection)
    sell(chance, goods, years, now)
    stock(random.Random(SEED + 1), now)
    catalog.build(random.Random(SEED), now)
    photos.build()
    treasury.pay_in(chance, now)
    verify_years(years)
    storefront.show()
    reports.build(PASSWORD)


def _file(name: str) -> tuple[bytes, str]:
    return (ROOT / "pos" / "data" / name).read_bytes(), name


def _units_and_people() -> None:
    load_units(*_file("units.csv"))
    nation = units.unit_named(units.NATION)
    for place in PLACES:
        unit = units.unit_named(place.unit)
        gallery = units.add_gallery(unit, place.name, kind=place.kind, address=place.address, phone="")
        for code in place.registers:
            units.add_register(gallery, code)
    ambon = units.unit_named("Lapas Kelas IIA Ambon")
    units.add_user("kasir", "Rina Latupeirissa", PASSWORD, "cashier", ambon)
    units.add_user("petugas", "Yosef Manuputty", PASSWORD, "staff", ambon)
    units.add_user("pejabat", "Sri Wahyuningsih", PASSWORD, "official", nation)
    units.add_user("admin", "Admin Etalase", PASSWORD, "admin", nation)
    units.add_user("pejabat.maluku", "Benny Siahaya", PASSWORD, "official", units.unit_named("Kanwil Maluku"))
    password_hash = db.session.scalar(sa.select(User.password_hash).where(User.username == "kasir"))
    others = [  # username, name, role, unit
        ("petugas.ambon", "Marthen Salampessy", "staff", "Lapas Kelas IIA Ambon"),
        ("pejabat.ambon", "Pejabat Lapas Kelas IIA Ambon", "official", "Lapas Kelas IIA Ambon"),
        ("pejabat.kdi", f"Pejabat {PLACES[2].unit}", "official", PLACES[2].unit),
    ]
    for place in PLACES[1:]:
        code = place.registers[0].split("-")[0].lower()
        others.append((f"kasir.{code}", f"Kasir {place.name}", "cashier", place.unit))
        others.append((f"petugas.{code}", f"Petugas {place.unit}", "staff", place.unit))
    with atomic() as session:
        session.add(Installation(id=1, unit_id=nation.id, made_at=clock.now(), demo=True))
        add_default_scheme(nation)
        for username, name, role, unit_name in others:
            kept = {"username": username, "role": role, "unit_id": units.unit_named(unit_name).id}
            session.add(User(name=name, session_stamp="demo", password_hash=password_hash, **kept))

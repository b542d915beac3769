"""A small world to test in: three Kanwil in three zones, galleries, people, products, one campaign."""

import itertools
import os
import time
import uuid
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.campaigns.models import Campaign
from pos.catalog.models import Barcode, Product
from pos.catalog.services import add_product
from pos.db import atomic, db
from pos.register import document as documents
from pos.register.lookup import next_number
from pos.register.services import record
from pos.revenue.services import add_default_scheme
from pos.units import services as units
from pos.units.loading import load_units
from pos.units.models import Installation, Register, User

UNITS = """kanwil,unit_name,kind,class,city,timezone
Maluku,Lapas Kelas IIA Ambon,Lapas,IIA,Ambon,WIT
Maluku,Lapas Perempuan Kelas III Ambon,LPP,III,Ambon,WIT
Sulawesi Tenggara,Lapas Kelas IIA Kendari,Lapas,IIA,Kendari,WITA
Kalimantan Barat,Lapas Kelas IIA Pontianak,Lapas,IIA,Pontianak,WIB
"""
GALLERIES = {
    "Lapas Kelas IIA Ambon": ("Galeri Lapas Ambon", ("AMB-1", "AMB-2")),
    "Lapas Kelas IIA Kendari": ("Galeri Lapas Kendari", ("KDI-1",)),
    "Lapas Kelas IIA Pontianak": ("Galeri Lapas Pontianak", ("PTK-1",)),
}
PEOPLE = {  # username: (role, unit)
    "kasir": ("cashier", "Lapas Kelas IIA Ambon"),
    "petugas": ("staff", "Lapas Kelas IIA Ambon"),
    "pejabat": ("official", "Kanwil Maluku"),
    "pejabat-upt": ("official", "Lapas Kelas IIA Ambon"),
    "pejabat-pusat": ("official", "Ditjenpas"),
    "admin": ("admin", "Ditjenpas"),
    "pemeriksa": ("auditor", "Ditjenpas"),
    "kasir-ptk": ("cashier", "Lapas Kelas IIA Pontianak"),
    "petugas-ptk": ("staff", "Lapas Kelas IIA Pontianak"),
    "kasir-kdi": ("cashier", "Lapas Kelas IIA Kendari"),
    "admin-ptk": ("admin", "Lapas Kelas IIA Pontianak"),
}
PASSWORD = "rahasia-galeri"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PRODUCTS: list[tuple[str, str, str, int, int, dict[str, Any]]] = [
    ("Lapas Kelas IIA Ambon", "Tas rajut", "kerajinan tangan", 80_000, 50_000, {"featured": True}),
    ("Lapas Kelas IIA Ambon", "Keripik pisang", "kuliner", 50_000, 30_000, {"unit_of_measure": "kg"}),
    ("Lapas Kelas IIA Ambon", "Air mineral PIPAS", "kuliner", 5_000, 3_500, {"wbp_made": False}),
    ("Lapas Kelas IIA Ambon", "Cuci motor", "jasa", 15_000, 4_000, {"service": True}),
    ("Lapas Perempuan Kelas III Ambon", "Kue kering kenari", "kuliner", 45_000, 25_000, {}),
    ("Lapas Kelas IIA Pontianak", "Miniatur kapal", "kerajinan tangan", 300_000, 180_000, {"featured": True}),
    ("Lapas Kelas IIA Kendari", "Meja jati", "manufaktur", 6_500_000, 4_000_000, {}),
]
FACTORY_CODE = "8991002101418"  # a factory EAN-13, on the mineral water


def build() -> None:
    """Fill an empty, migrated database; called once, tests work on copies."""
    load_units(UNITS.encode(), "units.csv")
    nation = units.unit_named("Ditjenpas")
    for unit_name, (gallery_name, codes) in GALLERIES.items():
        gallery = units.add_gallery(
            units.unit_named(unit_name), gallery_name, address="Jl. Contoh 1", phone="0911-000000"
        )
        for code in codes:
            units.add_register(gallery, code)
    password_hash = units.hash_password(PASSWORD)
    with atomic() as session:
        session.add(Installation(id=1, unit_id=nation.id, made_at=clock.now()))
        add_default_scheme(nation)
        for username, (role, unit_name) in PEOPLE.items():
            session.add(
                User(
                    username=username,
                    name=username.title(),
                    role=role,
                    password_hash=password_hash,
                    unit_id=units.unit_named(unit_name).id,
                    session_stamp="stamp",
                )
            )
        for maker, name, category, price, cost, details in PRODUCTS:
            barcode = (FACTORY_CODE, "ean13") if "PIPAS" in name else None
            add_product(
                units.unit_named(maker), name, category, price, cost=cost, barcode=barcode, from_at=LONG_AGO, **details
            )
        session.add(
            Campaign(
                slug="odop-2026",
                name="One Day One Prison's Product 2026",
                target=100_000_000,
                from_day=date(2026, 4, 1),
                until_day=date(2026, 4, 26),
            )
        )
        session.add(
            Campaign(
                slug="sepanjang-tahun",
                name="Bangga Produk WBP",
                from_day=date(2020, 1, 1),
                until_day=date(2099, 12, 31),
            )
        )


def person(username: str) -> units.Person:
    return units.person_named(username)


def code(name: str) -> str:
    """The barcode of the product called `name`."""
    found = db.session.scalar(sa.select(Barcode.code).join(Product).where(Product.name == name).order_by(Barcode.id))
    assert found, name
    return found


def price(name: str) -> int:
    return next(p[3] for p in PRODUCTS if p[1] == name)


_counter = itertools.count()


def new_id() -> str:
    """A UUIDv7: time first, so that keys grow."""
    milliseconds = time.time_ns() // 1_000_000
    raw = (
        (milliseconds << 80)
        | (0x7 << 76)
        | (next(_counter) % 4096 << 64)
        | (0b10 << 62)
        | int.from_bytes(os.urandom(7), "big")
    )
    return str(uuid.UUID(int=raw))


def sale(register: str = "AMB-1", lines: list[tuple[Any, ...]] | None = None, **over: Any) -> dict[str, Any]:
    """A document that adds up, sold now: `lines` are (name, thousandths[, line discount]); `over` overrides."""
    rows = [(name, quantity, *(rest or (0,))) for name, quantity, *rest in lines or [("Tas rajut", 2000)]]
    discount = over.pop("discount", 0)
    amounts = documents.amounts([(q, price(n), d) for n, q, d in rows], discount)
    total = sum(amounts) + over.get("rounding", 0)
    body = {
        "id": new_id(),
        "register": register,
        "number": over.pop("number", None) or number_of(register),
        "sold_at": clock.now().isoformat(),
        "catalog_version": 1,
        "buyer": "masyarakat",
        "channel": "galeri",
        "refund_of": None,
        "note": "",
        "discount": discount,
        "rounding": 0,
        "total": total,
        "lines": [
            {"product": code(n), "quantity": q, "unit_price": price(n), "discount": d, "amount": a}
            for (n, q, d), a in zip(rows, amounts, strict=True)
        ],
        "payments": [{"method": "cash", "tendered": total + 5_000, "change": 5_000, "reference": ""}],
    }
    return body | over


def number_of(register: str) -> int:
    return next_number(db.session.scalar(sa.select(Register.id).where(Register.code == register)) or 0)


def sell(
    username: str = "kasir",
    register: str = "AMB-1",
    lines: list[tuple[Any, ...]] | None = None,
    at: str | None = None,
    **over: Any,
) -> Any:
    """Record a sale as `username`; `at` is an ISO instant for one that already happened."""
    if at:
        over["sold_at"] = at
    body = sale(register, lines, **over)
    return record(body, person(username))

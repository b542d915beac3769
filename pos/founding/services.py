"""From an empty database to an installation, in one act."""

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.catalog.models import Product
from pos.db import atomic, db
from pos.errors import N_, Conflict, PosError
from pos.revenue.services import add_default_scheme
from pos.units import services as units
from pos.units.loading import load_units
from pos.units.models import Installation, Unit, User
from pos.units.services import NATION, Person

LIST = "units.csv"
# Where several units of a city would start their receipt numbers alike, the ones with galleries go first.
_FIRST_KINDS = ("Lapas", "LPP", "Lapas Perempuan", "Rutan", "LPKA")


class AlreadyFounded(Conflict):
    code = "already_founded"


@dataclass(frozen=True)
class Choice:
    """A unit that this installation may be, with what its gallery and first register could be called."""

    name: str
    city: str
    gallery: str
    code: str


@dataclass(frozen=True)
class Answers:
    """What the set-up page asks; the gallery may be empty above a UPT, the cashier everywhere."""

    name: str
    username: str
    password: str
    unit: str
    gallery: str = ""
    address: str = ""
    phone: str = ""
    code: str = ""
    cashier: str = ""
    cashier_password: str = ""


def is_empty() -> bool:
    """Nobody can sign in yet and nothing is set up."""
    return units.installation() is None and not db.session.scalar(sa.select(sa.exists().where(User.id > 0)))


def choices() -> list[Choice]:
    """Ditjenpas, every Kanwil and every UPT: of the loaded tree, or else of the list that comes along."""
    loaded = db.session.execute(sa.select(Unit.name, Unit.level, Unit.kind, Unit.city).order_by(Unit.name)).all()
    rows = [tuple(row) for row in loaded] or _bundled()
    rank = {"ditjenpas": 0, "kanwil": 1, "upt": 2}
    codes = suggested_codes((name, kind, city) for name, level, kind, city in rows if level == "upt")
    return [
        Choice(name, city, f"Galeri {name}" if level == "upt" else "", codes.get(name, ""))
        for name, level, _kind, city in sorted(rows, key=lambda row: (rank[row[1]], row[0]))
    ]


def suggested_codes(rows: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """For each (name, kind, city) the code of a first register: `AMB-1` in Ambon, no two alike."""
    taken: dict[str, int] = {}
    codes = {}
    order = {kind: i for i, kind in enumerate(_FIRST_KINDS)}
    for name, _kind, city in sorted(rows, key=lambda row: (order.get(row[1], len(order)), row[0])):
        letters = re.sub(r"[^A-Z]", "", re.sub(r"^(KOTA|KABUPATEN|KAB\.)\s", "", (city or name).upper()))[:3]
        taken[letters] = taken.get(letters, 0) + 1
        codes[name] = f"{letters}{taken[letters] if taken[letters] > 1 else ''}-1"
    return codes


def _bundled() -> list[tuple[Any, ...]]:
    rows = list(csv.DictReader(_list().decode().splitlines()))
    kanwils = dict.fromkeys(f"Kanwil {row['kanwil']}" for row in rows)
    return [
        (NATION, "ditjenpas", "", ""),
        *((name, "kanwil", "", "") for name in kanwils),
        *((row["unit_name"], "upt", row["kind"], row["city"]) for row in rows),
    ]


def _list() -> bytes:
    return resources.files("pos").joinpath("data", LIST).read_bytes()


def found(answers: Answers) -> Person:
    """Make the installation: tree, default scheme, first admin, gallery, register and perhaps a cashier.

    All or nothing; `PosError` names fields of `Answers`; `AlreadyFounded` when somebody else was faster.
    """
    try:
        with atomic() as session:
            if not is_empty():
                raise AlreadyFounded("Etalase sudah dipasang. Silakan masuk.")
            if not session.scalar(sa.select(sa.exists().where(Unit.id > 0))):
                load_units(_list(), LIST)
            unit = _unit(answers.unit)
            session.add(Installation(id=1, unit_id=unit.id, made_at=clock.now()))
            session.flush()  # the one row that two people racing cannot both write
            add_default_scheme(units.unit_named(NATION))
            units.add_user(answers.username, answers.name, answers.password, "admin", unit)
            _open_gallery(unit, answers)
            if answers.cashier:
                _naming(
                    {"username": "cashier", "password": "cashier_password"},
                    lambda: units.add_user(answers.cashier, "", answers.cashier_password, "cashier", unit),
                )
            person = units.person_named(answers.username)
            units.log("install", unit.name, person, unit.id)
    except IntegrityError:
        db.session.rollback()
        if is_empty():
            raise
        raise AlreadyFounded("Etalase sudah dipasang. Silakan masuk.") from None
    return person


def _unit(name: str) -> Unit:
    unit = db.session.scalar(sa.select(Unit).where(Unit.name == name.strip()))
    if unit is None:
        raise PosError(
            "Unit tidak ditemukan.", fields={"unit": N_("Pilih satu unit dari daftar, persis seperti tertulis.")}
        )
    return unit


def _open_gallery(unit: Unit, answers: Answers) -> None:
    if unit.level != "upt" and not answers.gallery:
        return
    gallery = _naming(
        {"name": "gallery"},
        lambda: units.add_gallery(unit, answers.gallery, address=answers.address, phone=answers.phone),
    )
    units.add_register(gallery, answers.code)


def _naming(fields: dict[str, str], act: Callable[[], Any]) -> Any:
    """Run `act`; what it refuses is named as the page names it."""
    try:
        return act()
    except PosError as error:
        raise PosError(
            error.sentence.text,
            fields={fields.get(name, name): text for name, text in error.fields.items()},
            **error.sentence.values,
        ) from error


@dataclass(frozen=True)
class Progress:
    """How much of what a gallery needs is there."""

    people: int
    products: int
    registers: list[str]


def progress(person: Person) -> Progress:
    mine = units.unit_ids(person)
    return Progress(
        db.session.scalar(
            sa.select(sa.func.count(User.id)).where(
                User.unit_id.in_(mine), User.active, User.role.in_(("cashier", "staff"))
            )
        )
        or 0,
        db.session.scalar(sa.select(sa.func.count(Product.id)).where(Product.maker_id.in_(mine))) or 0,
        [register.code for register in units.registers_for(person)],
    )

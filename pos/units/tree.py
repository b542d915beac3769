"""The tree as people tend it: finding units, renaming and moving them, their galleries and registers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, selectinload

from pos import clock
from pos.db import atomic, db, search_words
from pos.errors import N_, NotFound, PosError, Sentence
from pos.units.models import Gallery, Installation, Placement, Register, Unit
from pos.units.services import Person, log, names_upt, place, unit_for, unit_named, within

KINDS = {"galeri": N_("Galeri"), "stan": N_("Stan / bazar"), "online": N_("Pesanan daring")}
LEVEL_NAMES = {"ditjenpas": N_("Ditjenpas"), "kanwil": N_("Kanwil"), "upt": N_("UPT")}


# -- finding -------------------------------------------------------------------------------------------


@dataclass
class Branch:
    """A Kanwil (or Ditjenpas; None where it is above the person's scope) and those of its units that fit."""

    head: Unit | None
    units: list[Unit] = field(default_factory=list)


@dataclass(frozen=True)
class Tree:
    branches: list[Branch]
    galleries: dict[int, int]  # open galleries by unit id
    found: int  # UPT
    open: int  # galleries of what was found


def tree(person: Person, words: str = "", zone: str = "", kind: str = "", closed: bool = False) -> Tree:
    """The person's part of the tree; `words` are looked for in name and city, also of the Kanwil."""
    query = sa.select(Unit).where(within(person)).order_by(Unit.name)
    if not closed:
        query = query.where(Unit.active)
    everyone = list(db.session.scalars(query))
    heads = {unit.id: unit for unit in everyone if unit.level != "upt"}
    branches = {unit.id: Branch(unit) for unit in heads.values()}
    found = 0
    for unit in everyone:
        if unit.level != "upt" or (zone and unit.zone != zone) or (kind and unit.kind != kind):
            continue
        head = heads.get(unit.parent_id or 0)
        if all(w in f"{unit.name} {unit.city} {head.name if head else ''}".lower() for w in search_words(words)):
            branches.setdefault(unit.parent_id or 0, Branch(None)).units.append(unit)
            found += 1
    filtered = bool(words or zone or kind)
    shown = [b for b in branches.values() if b.units or not filtered]
    galleries = open_galleries(person)
    listed = [unit.id for b in shown for unit in (*b.units, *([b.head] if b.head and not filtered else []))]
    return Tree(sorted(shown, key=_order), galleries, found, sum(galleries.get(unit_id, 0) for unit_id in listed))


def _order(branch: Branch) -> tuple[bool, str]:
    return (branch.head is None or branch.head.level != "ditjenpas", branch.head.name if branch.head else "")


def open_galleries(person: Person) -> dict[int, int]:
    """How many open galleries each unit in scope has."""
    query = (
        sa.select(Gallery.unit_id, sa.func.count())
        .join(Unit)
        .where(within(person), Gallery.active)
        .group_by(Gallery.unit_id)
    )
    return dict(db.session.execute(query).all())


def kinds(person: Person) -> list[str]:
    query = sa.select(Unit.kind).where(within(person), Unit.kind != "").distinct().order_by(Unit.kind)
    return list(db.session.scalars(query))


def names(person: Person) -> list[str]:
    """What a unit field offers: every open unit in scope, from the top down."""
    depth = sa.case({"ditjenpas": 0, "kanwil": 1}, value=Unit.level, else_=2)
    return list(db.session.scalars(sa.select(Unit.name).where(within(person), Unit.active).order_by(depth, Unit.name)))


def chosen(person: Person, name: str, field_name: str = "unit") -> Unit:
    """The unit in scope that was typed or picked, or `PosError` beside the field."""
    try:
        return unit_for(person, unit_named(name).id)
    except PosError:
        raise PosError(
            "Unit tidak ditemukan.", fields={field_name: N_("Pilih satu unit dari daftar, persis seperti tertulis.")}
        ) from None


def kanwils(person: Person) -> list[Unit]:
    query = sa.select(Unit).where(within(person), Unit.level == "kanwil", Unit.active).order_by(Unit.name)
    return list(db.session.scalars(query))


@dataclass(frozen=True)
class Span:
    """How a unit was called and under which Kanwil it stood; `until` is None for how it stands now."""

    since: date | None
    until: date | None
    name: str
    kanwil: str


def history(unit: Unit) -> list[Span]:
    """The newest first; days at the beginning and the end of time are None."""
    above = aliased(Unit)
    query = (
        sa.select(Placement.from_day, Placement.until_day, Placement.name, above.name)
        .outerjoin(above, above.id == Placement.kanwil_id)
        .where(Placement.unit_id == unit.id)
        .order_by(Placement.from_day.desc())
    )
    return [
        Span(None if since == clock.BEGINNING else since, None if until == clock.FOREVER else until, name, kanwil or "")
        for since, until, name, kanwil in db.session.execute(query)
    ]


# -- changing a unit -----------------------------------------------------------------------------------


def change_unit(
    unit: Unit, by: Person, *, name: str, kanwil_id: int | None, day: date, active: bool = True, **details: Any
) -> None:
    """From `day` on the unit has this name and stands under this Kanwil (None: where it stands).

    Days before keep what was, and so do their totals. `details` are kind, class_name and city.
    """
    name = " ".join(name.split())
    _check_name(unit, name)
    kanwil = unit_for(by, kanwil_id) if kanwil_id and kanwil_id != unit.parent_id else None
    if kanwil and (unit.level != "upt" or kanwil.level != "kanwil"):
        raise PosError("Tidak bisa dipindahkan ke sana.", fields={"kanwil": N_("Pilih satu Kanwil.")})
    if unit.id == by.unit_id and not active:
        raise PosError("Unit Anda sendiri tidak bisa ditutup.", fields={"active": N_("Ini unit Anda sendiri.")})
    stands_anew = kanwil is not None or name != unit.name
    if stands_anew:
        _check_day(unit, day)
    before = {key: getattr(unit, key) for key in ("name", "active", *details)}
    with atomic() as session:
        moved = {"kanwil": [unit.parent.name if unit.parent else "", kanwil.name]} if kanwil else {}
        if kanwil:
            unit.parent_id, unit.path = kanwil.id, f"{kanwil.path}{unit.id}."
        unit.name, unit.active = name, active
        for key, value in details.items():
            setattr(unit, key, value)
        if stands_anew:
            place(unit, unit.parent_id if unit.level == "upt" else _own_kanwil(unit), name, day)
        session.execute(sa.update(Installation).values(tree_version=Installation.tree_version + 1))
        changed = {key: [old, getattr(unit, key)] for key, old in before.items() if getattr(unit, key) != old}
        since = {"since": day.isoformat()} if stands_anew else {}
        log("unit.change", name, by, unit.id, **since, **moved, **changed)


def _own_kanwil(unit: Unit) -> int | None:
    return unit.id if unit.level == "kanwil" else None


def _check_name(unit: Unit, name: str) -> None:
    if not name:
        raise PosError("Unit perlu nama.", fields={"name": N_("Isi nama unit.")})
    if unit.level == "upt" and name != unit.name and not names_upt(name):
        raise PosError(
            "Nama ini milik tingkat lain.",
            fields={"name": N_("UPT tidak boleh bernama Ditjenpas atau diawali Kanwil.")},
        )
    if db.session.scalar(sa.select(Unit.id).where(Unit.name == name, Unit.id != unit.id)):
        raise PosError("Nama unit sudah ada.", fields={"name": N_("Unit lain sudah bernama begini.")})


def _check_day(unit: Unit, day: date) -> None:
    since = db.session.scalar(
        sa.select(Placement.from_day).where(Placement.unit_id == unit.id, Placement.until_day == clock.FOREVER)
    )
    if day > clock.today(unit.zone):
        raise PosError("Hari berlaku belum tiba.", fields={"day": N_("Pilih hari ini atau hari yang sudah lewat.")})
    if since and day < since:
        text = Sentence(N_("Perubahan terakhir berlaku sejak %(day)s; pilih hari itu atau sesudahnya."), day=since)
        raise PosError("Hari berlaku terlalu awal.", fields={"day": text})


# -- galleries and registers ---------------------------------------------------------------------------


def galleries_of(unit: Unit) -> Sequence[Gallery]:
    query = (
        sa.select(Gallery)
        .where(Gallery.unit_id == unit.id)
        .options(selectinload(Gallery.registers))
        .order_by(Gallery.active.desc(), Gallery.name)
    )
    return db.session.scalars(query).all()


def change_gallery(gallery: Gallery, by: Person, *, name: str, **details: Any) -> None:
    """`details` are other columns of the gallery; receipts already written keep the old name."""
    name = " ".join(name.split())
    if not name:
        raise PosError("Galeri perlu nama.", fields={"name": N_("Isi nama galeri.")})
    twin = sa.select(Gallery.id).where(
        Gallery.unit_id == gallery.unit_id, Gallery.name == name, Gallery.id != gallery.id
    )
    if db.session.scalar(twin):
        raise PosError("Nama galeri sudah ada.", fields={"name": N_("Unit ini sudah punya galeri bernama sama.")})
    before = {key: getattr(gallery, key) for key in ("name", *details)}
    with atomic():
        for key, value in {"name": name, **details}.items():
            setattr(gallery, key, value)
        changed = {key: [old, getattr(gallery, key)] for key, old in before.items() if getattr(gallery, key) != old}
        log("gallery.change", name, by, gallery.unit_id, **changed)


def register_for(person: Person, register_id: int) -> Register:
    query = sa.select(Register).join(Gallery).join(Unit).where(Register.id == register_id, within(person))
    register = db.session.scalar(query)
    if register is None:
        raise NotFound("Kasir ini tidak ada atau di luar wewenang Anda.")
    return register


def change_register(register: Register, by: Person, paper_width: int, active: bool) -> None:
    """A register is closed, never deleted: its receipts carry its code."""
    with atomic():
        register.paper_width, register.active = paper_width, active
        log("register.change", register.code, by, register.gallery.unit_id, paper_width=paper_width, active=active)

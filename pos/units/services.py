"""Who may see what, signing in, and where units stand."""

import secrets
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from pos import clock
from pos.db import atomic, db, reading
from pos.errors import N_, NC_, NotFound, PosError, Sentence
from pos.fast import Query
from pos.stationery import Letterhead
from pos.units.models import ROLES, AuditEntry, Gallery, Installation, Placement, Register, RegisterKey, Unit, User

NATION = "Ditjenpas"
SHORTEST_PASSWORD = 10
ROLE_NAMES = {
    "cashier": N_("Kasir"),
    "staff": NC_("peran", "Petugas"),
    "official": N_("Pejabat"),
    "admin": N_("Admin"),
    "auditor": N_("Pemeriksa"),
}
hasher = PasswordHasher()


# -- people and scope ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """Someone signed in, as plain values: one role over one unit and all below it."""

    id: int
    username: str
    name: str
    role: str
    unit_id: int
    unit_name: str
    level: str
    path: str
    zone: str
    stamp: str

    is_authenticated = is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        return f"{self.id}.{self.stamp}"

    def may(self, *roles: str) -> bool:
        return self.role in roles

    def letterhead(self) -> Letterhead:
        """What stands on the sheets of the person's own unit."""
        from pos.units.letterheads import letterhead_of

        return letterhead_of(self.unit_id, self)


_PERSON = (
    sa.select(
        User.id,
        User.username,
        User.name,
        User.role,
        User.unit_id,
        Unit.name.label("unit_name"),
        Unit.level,
        Unit.path,
        Unit.zone,
        User.session_stamp.label("stamp"),
    )
    .join(Unit, Unit.id == User.unit_id)
    .where(User.active)
)
_PERSON_BY_ID = Query(_PERSON.where(User.id == sa.bindparam("id")))


def person_of(session_id: str) -> Person | None:
    """The person a session cookie speaks of, if still active and not signed out by a new password."""
    user_id, _, stamp = session_id.partition(".")
    if not (user_id.isascii() and user_id.isdecimal() and len(user_id) < 10):
        return None
    with reading() as connection:
        row = _PERSON_BY_ID.first(connection, id=int(user_id))
    return Person(**row) if row and row["stamp"] == stamp else None


def person_named(username: str) -> Person:
    row = db.session.execute(_PERSON.where(User.username == username.strip().lower())).first()
    if row is None:
        raise NotFound("Tidak ada pengguna bernama %(name)s.", name=username)
    return Person(**row._mapping)


def operator(unit: Unit) -> Person:
    """Whoever runs a command on the server itself: reads everything from this unit down, and is nobody signed in."""
    return Person(0, "", "Etalase", "auditor", unit.id, unit.name, unit.level, unit.path, unit.zone, "")


def sign_in(username: str, password: str) -> Person | None:
    """The person, or None; takes as long for a name that does not exist. Both are written into the log."""
    user = db.session.scalar(sa.select(User).where(User.username == username.strip().lower()))
    try:
        hasher.verify(user.password_hash if user else _nobody(), password)
    except Argon2Error:
        right = False
    else:
        right = user is not None and user.active
    person = person_named(user.username) if user and right else None
    with atomic():
        log(
            "sign_in" if right else "sign_in.refused",
            user.username if user else username.strip(),
            person,
            user.unit_id if user else None,
        )
    return person


@cache
def _nobody() -> str:
    return hasher.hash(secrets.token_hex())


def within(person: Person) -> Any:
    """Condition on `Unit`: the person's own node and everything under it."""
    return Unit.path.startswith(person.path, autoescape=True)


def unit_ids(person: Person) -> Any:
    """Subquery of the unit ids in the person's scope, for `column.in_(...)`."""
    return sa.select(Unit.id).where(within(person))


def unit_for(person: Person, unit_id: int) -> Unit:
    unit = db.session.scalar(sa.select(Unit).where(Unit.id == unit_id, within(person)))
    if unit is None:
        raise NotFound("Unit ini tidak ada atau di luar wewenang Anda.")
    return unit


def units_for(person: Person, level: str | None = None) -> list[Unit]:
    query = sa.select(Unit).where(within(person), Unit.active).order_by(Unit.path)
    if level:
        query = query.where(Unit.level == level).order_by(None).order_by(Unit.name)
    return list(db.session.scalars(query))


def galleries_for(person: Person) -> list[Gallery]:
    """The galleries in the person's scope with their units, by the names of these."""
    query = sa.select(Gallery).join(Gallery.unit).where(within(person)).order_by(Unit.name, Gallery.name)
    query = query.options(sa.orm.contains_eager(Gallery.unit))
    return list(db.session.scalars(query))


def gallery_for(person: Person, gallery_id: int) -> Gallery:
    query = sa.select(Gallery).join(Unit).where(Gallery.id == gallery_id, within(person))
    gallery = db.session.scalar(query)
    if gallery is None:
        raise NotFound("Galeri ini tidak ada atau di luar wewenang Anda.")
    return gallery


def registers_for(person: Person) -> list[Register]:
    """The registers the person may sell at, by code."""
    query = (
        sa.select(Register)
        .join(Gallery)
        .join(Unit)
        .where(within(person), Register.active, ~Register.late_notes, Gallery.active)
        .order_by(Register.code)
    )
    return list(db.session.scalars(query))


def log(act: str, subject: str, person: Person | None = None, unit_id: int | None = None, **detail: Any) -> None:
    """Write who did what; call inside the act's own `atomic()`."""
    db.session.add(
        AuditEntry(
            at=clock.now(),
            user_id=person.id if person else None,
            unit_id=unit_id or (person.unit_id if person else None),
            act=act,
            subject=subject[:120],
            detail=detail,
        )
    )


# -- people, galleries, registers: making them ----------------------------------------------------------


def check_role(role: str) -> None:
    if role not in ROLES:
        choose = N_("Pilih kasir, petugas, pejabat, admin atau pemeriksa.")
        raise PosError("Peran tidak dikenal.", fields={"role": choose})


def hash_password(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise PosError(
            "Kata sandi terlalu pendek.",
            fields={"password": Sentence(N_("Kata sandi paling sedikit %(least)d karakter."), least=SHORTEST_PASSWORD)},
        )
    return hasher.hash(password)


def add_user(username: str, name: str, password: str, role: str, unit: Unit, by: Person | None = None) -> User:
    username = username.strip().lower()
    check_role(role)
    if not username or len(username) > 40 or not username.replace(".", "").replace("-", "").replace("_", "").isalnum():
        raise PosError(
            "Nama masuk tidak sah.", fields={"username": N_("Hanya huruf, angka, titik, garis; paling banyak 40.")}
        )
    if db.session.scalar(sa.select(User.id).where(User.username == username)):
        raise PosError("Nama masuk sudah dipakai.", fields={"username": N_("Nama ini sudah dipakai orang lain.")})
    password_hash = hash_password(password)
    with atomic() as session:
        user = User(
            username=username,
            name=name.strip() or username,
            password_hash=password_hash,
            role=role,
            unit_id=unit.id,
            session_stamp=secrets.token_hex(8),
        )
        session.add(user)
        session.flush()
        log("user.add", username, by, unit.id, role=role)
    return user


def add_gallery(unit: Unit, name: str, by: Person | None = None, **details: Any) -> Gallery:
    name = name.strip()
    if not name:
        raise PosError("Galeri perlu nama.", fields={"name": N_("Isi nama galeri.")})
    if db.session.scalar(sa.select(Gallery.id).where(Gallery.unit_id == unit.id, Gallery.name == name)):
        raise PosError("Nama galeri sudah ada.", fields={"name": N_("Unit ini sudah punya galeri bernama sama.")})
    with atomic() as session:
        gallery = Gallery(unit_id=unit.id, name=name, **details)
        session.add(gallery)
        session.flush()
        log("gallery.add", name, by, unit.id)
    return gallery


def add_register(gallery: Gallery, code: str, by: Person | None = None, paper_width: int = 58) -> Register:
    """`code` starts every receipt number of this register: letters, digits and inner hyphens, at most 12."""
    code = code.strip().upper()
    if (
        not code
        or len(code) > 12
        or not code.replace("-", "").isalnum()
        or not code.isascii()
        or code != code.strip("-")
    ):
        raise PosError(
            "Kode kasir tidak sah.", fields={"code": N_("Huruf, angka dan garis, paling banyak 12, misalnya AMB-1.")}
        )
    if code == Register.TRAINING or db.session.scalar(sa.select(Register.id).where(Register.code == code)):
        raise PosError("Kode kasir sudah dipakai.", fields={"code": N_("Kode ini sudah dipakai kasir lain.")})
    with atomic() as session:
        register = Register(gallery_id=gallery.id, code=code, paper_width=paper_width)
        register.keys.append(RegisterKey(letter="A", secret=secrets.token_hex(32), made_at=clock.now()))
        session.add(register)
        session.flush()
        log("register.add", code, by, gallery.unit_id)
    return register


# -- the tree ------------------------------------------------------------------------------------------


def names_upt(name: str) -> bool:
    """Whether a UPT may be called so: not like the nation or a Kanwil."""
    return name.lower() != NATION.lower() and not name.lower().startswith("kanwil ")


def place(unit: Unit, kanwil_id: int | None, name: str, day: date) -> None:
    """From `day` on the unit stands under `kanwil_id` with `name`; days before keep what was."""
    current = db.session.scalar(
        sa.select(Placement).where(Placement.unit_id == unit.id, Placement.until_day == clock.FOREVER)
    )
    if current and current.from_day >= day:
        current.kanwil_id, current.name = kanwil_id, name
        return
    if current:
        current.until_day = day
        db.session.flush()
    db.session.add(Placement(unit_id=unit.id, from_day=day, kanwil_id=kanwil_id, name=name))


def unit_named(name: str) -> Unit:
    unit = db.session.scalar(sa.select(Unit).where(Unit.name == name.strip()))
    if unit is None:
        raise NotFound("Tidak ada unit bernama %(name)s.", name=name)
    return unit


def installation() -> Installation | None:
    return db.session.get(Installation, 1)

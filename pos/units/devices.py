"""Browsers bound to a register, so that an expired sign-in never stops its sales from arriving."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa

from pos import clock
from pos.db import atomic, db, reading
from pos.errors import N_, NotFound, PosError
from pos.fast import Query
from pos.units.models import Device, Gallery, Register, Unit, User
from pos.units.services import Person, log, person_named, within

SELLERS = ("cashier", "staff")
LONGEST_NAME = 60
SEEN_EVERY = timedelta(hours=1)  # how exactly it is known when a device was last heard of


@dataclass(frozen=True)
class Enrolled:
    """A device that may bring the sales of one register."""

    id: int
    register: str
    path: str  # of the register's unit
    enrolled_by: int
    last_seen_at: datetime


_ENROLLED = Query(
    sa.select(Device.id, Register.code.label("register"), Unit.path, Device.enrolled_by, Device.last_seen_at)
    .join(Register, Register.id == Device.register_id)
    .join(Gallery, Gallery.id == Register.gallery_id)
    .join(Unit, Unit.id == Gallery.unit_id)
    .where(Device.secret_hash == sa.bindparam("secret_hash"), Device.revoked_at.is_(None))
)


def enrolled(secret: str) -> Enrolled | None:
    """The device that holds this secret, unless it was revoked."""
    with reading() as connection:
        row = _ENROLLED.first(connection, secret_hash=_hash(secret))
    return Enrolled(**row) if row else None


def seller(device: Enrolled, username: str) -> tuple[Person, bool]:
    """Who sold at the device's register, and whether that is certain.

    It is the one it names, if that person may sell there; else the one who enrolled it, in the name of whom
    the sale is booked rather than lost. Either way the person's scope here is the register's unit.
    """
    person = named_seller(username, device.path)
    return (person, True) if person else (replace(_anyone(device.enrolled_by), path=device.path), False)


def named_seller(username: str, path: str) -> Person | None:
    """The person called so, if they sell and the unit at `path` is in their scope."""
    try:
        person = person_named(username)
    except NotFound:
        return None
    return person if person.may(*SELLERS) and path.startswith(person.path) else None


def _anyone(user_id: int) -> Person:
    """The person with this id, also one who was deactivated since."""
    user = db.session.get_one(User, user_id)
    unit = user.unit
    facts = (unit.id, unit.name, unit.level, unit.path, unit.zone)
    return Person(user.id, user.username, user.name, user.role, *facts, user.session_stamp)


def seen(device: Enrolled) -> bool:
    """Remember that the device was heard of; whether that was worth writing."""
    now = clock.now()
    if now - device.last_seen_at < SEEN_EVERY:
        return False
    with atomic() as session:
        session.execute(sa.update(Device).where(Device.id == device.id).values(last_seen_at=now))
    return True


# -- enrolling and revoking ------------------------------------------------------------------------------


def enrol(register: Register, name: str, by: Person, instead: Enrolled | None = None) -> str:
    """Bind a browser to `register` and return the secret that only it will know; `instead` is what it was before."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise PosError("Perangkat perlu nama.", fields={"name": N_("Isi nama perangkat, misalnya Tablet depan.")})
    secret, now = secrets.token_hex(32), clock.now()
    with atomic() as session:
        if instead:
            session.execute(sa.update(Device).where(Device.id == instead.id).values(revoked_at=now))
        session.add(
            Device(
                register_id=register.id,
                secret_hash=_hash(secret),
                name=name,
                enrolled_by=by.id,
                enrolled_at=now,
                last_seen_at=now,
            )
        )
        log("device.enrol", register.code, by, register.gallery.unit_id, device=name)
    return secret


def devices_at(registers: Sequence[Register]) -> list[Device]:
    """The devices that are bound to these registers, by register and name."""
    query = (
        sa.select(Device)
        .join(Register)
        .where(Device.register_id.in_([register.id for register in registers]), Device.revoked_at.is_(None))
        .order_by(Register.code, Device.name, Device.id)
    )
    return list(db.session.scalars(query))


def device_for(person: Person, device_id: int) -> Device:
    query = sa.select(Device).join(Register).join(Gallery).join(Unit).where(Device.id == device_id, within(person))
    device = db.session.scalar(query)
    if device is None:
        raise NotFound("Perangkat ini tidak ada atau di luar wewenang Anda.")
    return device


def revoke(device: Device, by: Person) -> None:
    """From now on the device needs a sign-in again; what it still holds is not lost by that."""
    register = device.register
    with atomic():
        device.revoked_at = device.revoked_at or clock.now()
        log("device.revoke", register.code, by, register.gallery.unit_id, device=device.name)


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()

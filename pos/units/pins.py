"""A person's PIN: six digits, typed at a till where somebody else is signed in."""

import re
from datetime import timedelta
from typing import NoReturn

import sqlalchemy as sa
from argon2.exceptions import Argon2Error

from pos import clock
from pos.db import atomic, db
from pos.errors import N_, PosError, Sentence
from pos.units.models import User
from pos.units.people import user_for
from pos.units.services import Person, hasher, log, person_named

PIN = re.compile(r"[0-9]{6}")
MOST_WRONG = 5  # tries in a row; then nothing is right until the lock is over
LOCKED = timedelta(minutes=15)


class WrongPin(PosError):
    code, status = "wrong_pin", 403


def set_own_pin(person: Person, password: str, pin: str) -> None:
    """Choose a new PIN; the password proves that it is the person, not somebody at an open screen."""
    user = user_for(person, person.id)
    try:
        hasher.verify(user.password_hash, password)
    except Argon2Error:
        raise PosError("Kata sandi salah.", fields={"password": N_("Kata sandi salah.")}) from None
    if not PIN.fullmatch(pin) or _guessed_first(pin):
        raise PosError("PIN ini tidak bisa dipakai.", fields={"pin": N_("Enam angka, bukan yang mudah ditebak.")})
    pin_hash = hasher.hash(pin)
    with atomic():
        user.pin_hash, user.pin_wrong = pin_hash, 0
        log("user.pin", user.username, person, user.unit_id)


def _guessed_first(pin: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in zip(pin, pin[1:], strict=False)}
    return steps in ({0}, {1}, {9})


def who_has_pin(username: str, pin: str, path: str, *roles: str) -> Person:
    """The person of that name, if the PIN is theirs and their scope holds the node at `path`.

    A try is counted before it is judged, so that many at once cannot guess faster. Raises `WrongPin` (403), which
    does not tell a wrong name from a wrong PIN; only that a colleague of that very unit never chose one is said, for
    nothing can be done with a PIN that is not there, and whoever waits at the counter must know what to do.
    """
    with atomic() as session:
        user = session.scalar(sa.select(User).where(User.username == username.strip().lower()).with_for_update())
        locked = user is not None and _is_locked(user)
        if user is not None and not locked:
            user.pin_wrong = 1 if user.pin_wrong >= MOST_WRONG else user.pin_wrong + 1
            user.pin_tried_at = clock.now()
    if locked:
        raise WrongPin("Terlalu banyak PIN salah. Coba lagi setelah 15 menit.", fields={"pin": N_("Terkunci.")})
    person = person_named(user.username) if user and user.active else None
    if user is None or person is None or not _is_right(user, pin):
        _refused(username, user, person if person and person.may(*roles) and person.path == path else None)
    if not person.may(*roles) or not path.startswith(person.path):
        raise WrongPin(
            "%(name)s tidak berwenang menyetujui di sini.",
            name=person.name,
            fields={"username": N_("Tidak berwenang.")},
        )
    with atomic():
        db.session.execute(sa.update(User).where(User.id == user.id).values(pin_wrong=0))
    return person


def _is_locked(user: User) -> bool:
    tried = user.pin_tried_at
    return user.pin_wrong >= MOST_WRONG and tried is not None and clock.now() - tried < LOCKED


def _is_right(user: User, pin: str) -> bool:
    try:
        return bool(user.pin_hash) and hasher.verify(user.pin_hash, pin)
    except Argon2Error:
        return False


def _refused(username: str, user: User | None, colleague: Person | None) -> NoReturn:
    with atomic():
        log("approve.refused", username.strip()[:40], None, user.unit_id if user else None)
    if user and colleague and not user.pin_hash:
        none_yet = N_("%(name)s belum punya PIN. Pasang dahulu dengan akunnya sendiri: menu › PIN saya.")
        raise WrongPin(none_yet, name=colleague.name, fields={"pin": Sentence(none_yet, name=colleague.name)})
    raise WrongPin("Nama atau PIN salah.", fields={"pin": N_("Nama atau PIN salah.")})

"""PINs: chosen by their person, asked for on the spot, and not to be guessed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from pos import clock
from pos.db import db
from pos.units import pins
from pos.units.models import AuditEntry, Unit
from pos.units.services import person_named
from tests import world

PIN = "274916"


@pytest.fixture
def ambon(ctx: Any) -> Iterator[str]:
    """The path of Lapas Ambon, where petugas has chosen a PIN."""
    pins.set_own_pin(person_named("petugas"), world.PASSWORD, PIN)
    yield db.session.query(Unit).filter_by(name="Lapas Kelas IIA Ambon").one().path


def test_a_pin_is_chosen_with_the_password_and_is_not_one_that_is_guessed_first(as_staff: Any) -> None:
    def choose(password: str, pin: str, again: str = "") -> Any:
        return as_staff.post("/pin", data={"password": password, "pin": pin, "again": again or pin})

    assert "Kata sandi salah." in choose("bukan-ini", PIN).text
    assert "Kedua PIN tidak sama." in choose(world.PASSWORD, PIN, "111222").text
    for pin in ("12345", "1234567", "123456", "987654", "000000", "89012a", "٢٧٤٩١٦"):
        assert choose(world.PASSWORD, pin).status_code == 422
    assert choose(world.PASSWORD, PIN).status_code == 302


def test_the_right_pin_names_its_person(ambon: str) -> None:
    assert pins.who_has_pin(" Petugas ", PIN, ambon, "staff", "admin").username == "petugas"


@pytest.mark.parametrize(("username", "pin"), [("petugas", "274917"), ("tak-ada", PIN), ("admin", ""), ("kasir", PIN)])
def test_a_wrong_pin_a_wrong_name_and_no_pin_sound_the_same(ambon: str, username: str, pin: str) -> None:
    with pytest.raises(pins.WrongPin, match=r"Nama atau PIN salah\."):
        pins.who_has_pin(username, pin, ambon, "staff", "admin")
    assert db.session.query(AuditEntry).filter_by(act="approve.refused", subject=username).count() == 1


def test_a_colleague_without_a_pin_is_told_where_to_choose_one(ambon: str) -> None:
    for _ in range(pins.MOST_WRONG):
        with pytest.raises(pins.WrongPin, match="belum punya PIN.*PIN saya"):
            pins.who_has_pin("kasir", PIN, ambon, "cashier", "staff")
    with pytest.raises(pins.WrongPin, match="15 menit"):  # it is a try like any other
        pins.who_has_pin("kasir", PIN, ambon, "cashier", "staff")
    pins.set_own_pin(person_named("kasir"), world.PASSWORD, PIN)
    assert pins.who_has_pin("kasir", PIN, ambon, "cashier", "staff").username == "kasir"


@pytest.mark.parametrize("elsewhere", ["petugas-ptk", "admin"])
def test_who_has_no_pin_is_nobody_elses_business(ambon: str, elsewhere: str) -> None:
    with pytest.raises(pins.WrongPin, match=r"Nama atau PIN salah\."):
        pins.who_has_pin(elsewhere, PIN, ambon, "staff", "admin")


def test_a_right_pin_of_the_wrong_role_or_place_is_refused(ambon: str) -> None:
    with pytest.raises(pins.WrongPin, match="tidak berwenang"):
        pins.who_has_pin("petugas", PIN, ambon, "admin")
    with pytest.raises(pins.WrongPin, match="tidak berwenang"):
        pins.who_has_pin("petugas", PIN, "1.", "staff")


def test_five_wrong_tries_lock_it_for_a_while(ambon: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(pins.MOST_WRONG):
        with pytest.raises(pins.WrongPin, match="Nama atau PIN"):
            pins.who_has_pin("petugas", "999111", ambon, "staff")
    with pytest.raises(pins.WrongPin, match="15 menit"):
        pins.who_has_pin("petugas", PIN, ambon, "staff")
    later = clock.now() + pins.LOCKED + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert pins.who_has_pin("petugas", PIN, ambon, "staff").username == "petugas"


def test_a_right_pin_forgets_the_wrong_ones(ambon: str) -> None:
    for pin in ("999111", "999112", "999113", "999114", PIN, "999115", PIN):
        if pin == PIN:
            assert pins.who_has_pin("petugas", pin, ambon, "staff")
        else:
            with pytest.raises(pins.WrongPin):
                pins.who_has_pin("petugas", pin, ambon, "staff")

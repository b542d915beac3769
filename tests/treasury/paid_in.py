"""Deposits, billing codes and rows of the treasury to test with."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.db import db
from pos.revenue import services
from pos.revenue.models import Deposit
from pos.treasury import coverage, importing, workdays
from pos.treasury.models import OffDay, TreasuryRow
from pos.units.models import Unit
from pos.units.services import unit_named
from tests import world

AMBON, PONTIANAK, KENDARI = "Lapas Kelas IIA Ambon", "Lapas Kelas IIA Pontianak", "Lapas Kelas IIA Kendari"
_numbers = count(1)


def ntpn() -> str:
    return f"{next(_numbers):016d}"


def code() -> str:
    return f"82026{next(_numbers):010d}"


def deposit(
    amount: int,
    chosen: Mapping[date, int] | None = None,
    unit: str = AMBON,
    day: date | None = None,
    who: str = "petugas",
    **more: Any,
) -> Deposit:
    """A deposit as the form records it; `chosen` None covers the oldest days."""
    given = {
        "billing_code": code(),
        "ntpn": ntpn(),
        "day": day or date(2026, 4, 27),
        "amount": amount,
    } | more
    return coverage.record(unit_named(unit), world.person(who), chosen, **given)


def satker(code: str, unit: str = AMBON) -> None:
    """From today on, the unit pays under this satker."""
    node, admin = unit_named(unit), world.person("admin")
    first = clock.today(node.zone)
    workdays.set_rule(node, admin, from_day=first, rule=workdays.DAILY, satker=code, akun="425119", basis="")


def csv(*rows: tuple[str, date, int], head: str = "NTPN;Tanggal;Jumlah") -> bytes:
    return "\n".join([head, *(f"{n};{day:%d/%m/%Y};{amount}" for n, day, amount in rows)]).encode()


def bring_in(data: bytes, who: str = "petugas") -> int:
    person = world.person(who)
    return importing.bring_in(importing.preview(importing.read(data, "omspan.csv"), person), person, "omspan.csv")


def examples(unit: Unit) -> dict[str, Any]:
    """One of each for `tests/test_access.py`: a deposit with something left over, a scheme that has not begun ..."""
    later = clock.today("WIT") + timedelta(days=30)
    everything = [services.Share("PNBP", "pnbp", 10_000, True)]
    scheme = services.new_scheme(unit, world.person("admin"), "Nanti", "laba", everything, later)
    row = deposit(10_000, {}, ntpn="A" * 16)
    billing = coverage.add_billing(
        unit, world.person("petugas"), {}, code="1" * 15, amount=5_000, issued_on=clock.today(unit.zone)
    )
    bring_in(csv(("B" * 16, date(2026, 4, 20), 7_000)))
    workdays.add_off_day(unit, world.person("admin"), date(2026, 12, 30), "Libur setempat", works=False)
    return {
        "scheme_id": scheme.id,
        "deposit_id": row.id,
        "billing_id": billing.id,
        "row_id": db.session.scalar(sa.select(TreasuryRow.id)),
        "off_day_id": db.session.scalar(sa.select(OffDay.id)),
    }

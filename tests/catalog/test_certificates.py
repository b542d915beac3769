"""Certificates: which are in force on a day, what the database refuses, and that nothing written is changed."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.catalog import certificates
from pos.catalog.models import Certificate, Price
from pos.db import atomic, db
from tests.catalog.test_editing import product

TODAY = date(2026, 4, 26)


def entry(name: str = "Keripik pisang", kind: str = "pirt", number: str = "2069471010012-30", **over: Any) -> None:
    given = {"product_id": product(name).id, "kind": kind, "number": number, "at": clock.now()}
    with atomic() as session:
        session.add(Certificate(**(given | over)))


def held(day: date = TODAY, name: str = "Keripik pisang") -> list[tuple[str, str]]:
    wanted = product(name).id
    found = certificates.in_force([wanted, product("Meja jati").id], day)
    assert set(found) <= {wanted}
    return [(row.kind, row.number) for row in found.get(wanted, [])]


def test_of_each_kind_the_last_entry_that_has_begun_is_in_force_until_its_last_day(ctx: Any) -> None:
    entry(kind="sni", number="SNI 1")
    entry(kind="halal", number="ID1", expires_on=TODAY)
    entry(kind="pirt", number="old", expires_on=date(2026, 12, 31))
    entry(kind="pirt", number="new", issued_on=date(2026, 6, 1), expires_on=date(2031, 12, 31))
    assert held() == [("pirt", "old"), ("halal", "ID1"), ("sni", "SNI 1")]
    assert held(date(2026, 6, 1)) == [("pirt", "new"), ("sni", "SNI 1")]
    entry(kind="sni", number="SNI 1", withdrawn=True)
    assert held(date(2032, 1, 1)) == []
    assert certificates.in_force([], TODAY) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "haram"},
        {"number": ""},
        {"issued_on": TODAY, "expires_on": date(2026, 4, 25)},
        {"scan": "abc"},
        {"scan_pages": 2},
    ],
)
def test_the_database_refuses_what_is_no_certificate(ctx: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        entry(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"wholesale": 900},
        {"wholesale_from": 1000},
        {"wholesale": 1_000, "wholesale_from": 5_000},
        {"wholesale": 900, "wholesale_from": 0},
        {"inside": -1},
    ],
)
def test_the_database_refuses_a_wholesale_price_that_is_none(ctx: Any, wrong: dict[str, Any]) -> None:
    bag = product().id
    with pytest.raises(IntegrityError), atomic() as session:
        session.add(Price(product_id=bag, from_at=clock.now(), amount=1_000, **wrong))


def test_a_certificate_is_never_edited(ctx: Any) -> None:
    entry()
    with pytest.raises(sa.exc.DBAPIError, match="written once"), atomic():
        db.session.execute(sa.update(Certificate).values(number="2069471010013-31"))

"""Each oddity that a checker should look at is shown with its receipts, and quiet notas show none."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.catalog.models import Price, Product
from pos.catalog.services import add_product, forget_snapshot
from pos.db import atomic, db
from pos.register.services import record
from pos.units import services as units
from pos.verification import flags, late
from pos.verification.scope import of_campaign
from tests import world
from tests.register.after import give_back
from tests.verification import filing

CUTOFF = clock.parse("2026-04-27T00:00:00+09:00")


def found() -> dict[str, list[str]]:
    scope = of_campaign(units.unit_named(filing.AMBON), filing.campaign(), own=True)
    return {flag.kind: [receipt for receipt, _ in flag.receipts] for flag in flags.flags_of(scope, CUTOFF)}


def sell(at: str, lines: Any = (("Tas rajut", 1000),), after: timedelta = timedelta(seconds=3), **over: Any) -> Any:
    """A nota that reached the server soon after it was sold."""
    told = over.pop("told", None)
    body = world.sale(lines=list(lines), sold_at=at, **over)
    if told:
        body["lines"] = told
    return record(body, world.person("kasir"), now=datetime.fromisoformat(at) + after)


def sell_at(price: int, at: str, quantity: int = 1000, name: str = "Tas rajut", **over: Any) -> Any:
    """A nota of one line that says another price."""
    amount = quantity * price // 1000
    line = {"product": world.code(name), "quantity": quantity, "unit_price": price, "discount": 0, "amount": amount}
    paid = {"method": "cash", "tendered": amount, "change": 0, "reference": ""}
    return sell(at, total=amount, payments=[paid], told=[line], after=timedelta(minutes=9), **over)


def many(count: int = 12) -> None:
    """Enough ordinary notas that none is a fifth of all."""
    for i in range(count):
        sell(f"2026-04-02T{9 + i // 3:02d}:{i % 3 * 15:02d}:00+09:00")


def test_ordinary_notas_raise_nothing(ctx: Any) -> None:
    many()
    assert found() == {}


def test_a_price_far_from_the_list(ctx: Any) -> None:
    many()
    sell("2026-04-03T10:00:00+09:00", [("Tas rajut", 1000, 24_000)])  # just 30% off
    odd = sell("2026-04-03T10:20:00+09:00", [("Tas rajut", 1000, 24_001)])
    assert found() == {"price": [odd.receipt]}


def test_every_listed_price_counts_and_what_is_older_than_the_first_is_compared_with_it(ctx: Any) -> None:
    many()
    tas, ambon = db.session.scalars(sa.select(Product).where(Product.name == "Tas rajut")).one(), filing.AMBON
    with atomic() as session:
        listed = {"wholesale": 40_000, "wholesale_from": 3_000, "inside": 50_000}
        session.add(Price(product_id=tas.id, from_at=clock.parse("2026-04-09T00:00:00+09:00"), amount=80_000, **listed))
        late_price = clock.parse("2026-04-12T00:00:00+09:00")
        add_product(units.unit_named(ambon), "Tas baru", "kerajinan tangan", 60_000, from_at=late_price)
    forget_snapshot()
    sell_at(40_000, "2026-04-10T10:00:00+09:00", 3000)
    sell_at(50_000, "2026-04-10T11:00:00+09:00", buyer="petugas")
    assert found() == {}
    odd = sell_at(50_000, "2026-04-10T12:00:00+09:00")  # neither is for the public
    early = sell_at(20_000, "2026-04-11T12:00:00+09:00", name="Tas baru")
    assert found() == {"price": [odd.receipt, early.receipt]}


def test_one_nota_of_more_than_a_fifth(ctx: Any) -> None:
    many()
    big = sell("2026-04-03T10:00:00+09:00", [("Tas rajut", 4000)])
    assert found() == {"big": [big.receipt]}
    many()  # now it is less
    assert found().get("big") is None


def test_a_sale_before_the_cut_off_that_is_given_back_after_it(ctx: Any) -> None:
    many()
    near, early = sell("2026-04-26T16:00:00+09:00"), sell("2026-04-20T16:00:00+09:00")
    give_back(near.receipt, sold_at="2026-04-28T10:00:00+09:00")
    give_back(early.receipt, sold_at="2026-04-28T10:00:00+09:00")
    assert found()["cutoff"] == [near.receipt]


def test_a_burst_of_notas(ctx: Any) -> None:
    many()
    first = [sell(f"2026-04-04T10:00:{second:02d}+09:00") for second in range(0, 60, 6)][0]
    assert found()["burst"] == [first.receipt]


def test_a_clock_that_jumps(ctx: Any) -> None:
    many()
    sell("2026-04-05T10:00:00+09:00")
    back = sell("2026-04-05T09:49:00+09:00")
    ahead = sell("2026-04-06T10:00:00+09:00", after=timedelta(minutes=-20))
    assert found() == {"clock": [back.receipt, ahead.receipt]}


def test_a_document_that_came_late(ctx: Any) -> None:
    many()
    sell("2026-04-05T10:00:00+09:00", after=timedelta(hours=23))
    late_one = sell("2026-04-05T11:00:00+09:00", after=timedelta(hours=25))
    assert found() == {"late": [late_one.receipt]}


def test_a_handwritten_nota(ctx: Any, tmp_path: Any) -> None:
    many()
    rows = [late.Row("Tas rajut", 1000, 80_000)]
    late.decide(world.person("pejabat-upt"), filing.enter(tmp_path, rows=rows), True)
    assert found() == {"susulan": ["AMB-S-000001"]}

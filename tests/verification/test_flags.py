"""Each oddity that a checker should look at is shown with its receipts, and quiet notas show none."""

from datetime import datetime, timedelta
from typing import Any

from pos import clock
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
    body = world.sale(lines=list(lines), sold_at=at, **over)
    return record(body, world.person("kasir"), now=datetime.fromisoformat(at) + after)


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

"""What is still there of what came in: first in, first out."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pos import clock
from pos.stock import batches, receivings, transfers
from pos.stock.goods import Line
from tests import world
from tests.stock.test_sums import place, product

OLD, NEW = date(2030, 1, 31), date(2030, 6, 30)
INFLOWS = st.lists(st.tuples(st.integers(1, 9), st.sampled_from("AB"), st.sampled_from([OLD, NEW, None])), max_size=6)


@given(held=st.integers(-5, 60), inflows=INFLOWS)
def test_batches_hold_no_more_than_came_and_no_more_than_lies_there(held: int, inflows: list[Any]) -> None:
    left = batches.remaining(held, inflows)
    assert sum(quantity for *_, quantity in left) <= max(0, held)
    for code, expires_on, quantity in left:
        assert 0 < quantity <= sum(n for n, *batch in inflows if batch == [code, expires_on])
    assert batches.remaining(10**6, inflows) == batches.remaining(sum(n for n, *_ in inflows), inflows)


def test_what_came_first_is_sold_first_and_a_date_travels_with_the_goods(ctx: Any) -> None:
    ambon, pontianak, cake = place("Galeri Lapas Ambon"), place("Galeri Lapas Pontianak"), product("Kue kering kenari")
    staff, days = world.person("petugas"), (NEW - clock.today("WIT")).days
    receivings.receive(staff, ambon.id, [Line(cake, 5000, production_code="A1", expires_on=OLD)])
    receivings.receive(staff, ambon.id, [Line(cake, 4000, production_code="A2", expires_on=NEW)])
    world.sell(lines=[("Kue kering kenari", 3000)])

    def lying(username: str = "petugas", within: int = days) -> list[Any]:
        return [(one.production_code, one.quantity) for one in batches.expiring(world.person(username), within)]

    assert lying() == [("A1", 2000), ("A2", 4000)]
    assert lying(within=(OLD - clock.today("WIT")).days) == [("A1", 2000)]
    goods = [Line(cake, 4000, production_code="A2", expires_on=NEW)]
    sent = transfers.send(staff, ambon.id, pontianak.id, goods)
    transfers.arrive(world.person("petugas-ptk"), sent.id, {0: 4000})
    assert lying() == [("A2", 2000)]
    assert lying("petugas-ptk") == [("A2", 4000)]

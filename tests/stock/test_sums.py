"""Sum of moves = on hand, whatever happens: random sales between the counts of an opname, random goods on the way."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos.catalog.models import Product
from pos.db import db
from pos.errors import Conflict, NotFound, PosError
from pos.stock import goods, opnames, receivings, services, transfers, write_offs
from pos.stock.document_models import OF_OVER, OF_SHORT
from pos.stock.models import StockMove
from pos.units import services as units
from pos.units.models import Gallery
from tests import world

FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = st.integers(1, 9).map(lambda n: n * 1000)
COUNTS = st.integers(0, 9).map(lambda n: n * 1000)


def place(name: str) -> Gallery:
    return db.session.scalars(sa.select(Gallery).where(Gallery.name == name)).one()


def product(name: str) -> int:
    return db.session.scalars(sa.select(Product.id).where(Product.name == name)).one()


def held(gallery: Gallery, product_id: int) -> int:
    return services.held(gallery.id, [product_id]).get(product_id, 0)


EVENTS = st.lists(
    st.one_of(st.tuples(st.just("sale"), PIECES), st.tuples(st.just("add"), PIECES), st.tuples(st.just("set"), COUNTS)),
    min_size=1,
    max_size=8,
)


@FEW
@given(events=EVENTS)
def test_an_opname_finds_what_was_counted_however_much_was_sold_meanwhile(ctx: Any, events: list[Any]) -> None:
    """`shelf` is what really lies there: the books must say just that in the end, minus what was sold since."""
    gallery, bag = place("Galeri Lapas Ambon"), product("Tas rajut")
    admin, staff = world.person("admin"), world.person("petugas")
    opname = opnames.begin(staff, gallery.id)
    counted, since, disturbed = None, 0, False
    for act, quantity in events:
        if act == "sale":
            world.sell(lines=[("Tas rajut", quantity)])
            since += quantity
            continue
        opnames.count(staff, opname.id, bag, quantity, act)
        disturbed = act == "add" and (disturbed or (counted is not None and since > 0))
        counted, since = quantity + (counted or 0 if act == "add" else 0), 0
    if counted is None or disturbed:
        try:
            opnames.approve(admin, opname.id)
        except Conflict:
            opnames.cancel(admin, opname.id, "dihitung lain kali")
            return
        raise AssertionError("approved what nobody can know")
    opnames.approve(admin, opname.id)
    assert held(gallery, bag) == counted - since


@FEW
@given(data=st.data())
def test_what_both_galleries_hold_and_what_is_on_the_way_never_changes_on_the_way(ctx: Any, data: Any) -> None:
    """Short, over, or in no paper at all; whatever is said of it, and by whom: only lost and foreign goods count."""
    ambon, pontianak = place("Galeri Lapas Ambon"), place("Galeri Lapas Pontianak")
    here, there = world.person("petugas"), world.person("petugas-ptk")
    named, unnamed = [product(name) for name in ("Tas rajut", "Kue kering kenari")], product("Miniatur kapal")
    lines = [goods.Line(one, data.draw(PIECES)) for one in named]
    before = {one: held(ambon, one) + held(pontianak, one) for one in (*named, unnamed)}
    gone = dict.fromkeys(before, 0)  # lost, less what came from elsewhere

    def balanced(row: Any) -> dict[int, int]:
        left = transfers.still_open(row)
        for line in row.lines:
            one = line.product_id
            assert held(ambon, one) + held(pontianak, one) + left[line.position] + gone[one] == before[one]
        return left

    row = transfers.send(here, ambon.id, pontianak.id, lines)
    assert balanced(row) == dict(enumerate(line.quantity for line in lines))
    counts = {i: data.draw(COUNTS) for i in range(len(lines))}
    besides = [goods.Line(unnamed, data.draw(PIECES))] if data.draw(st.booleans()) else []
    transfers.arrive(there, row.id, counts, "dihitung berdua", besides)
    for _step in range(data.draw(st.integers(0, 6))):
        left = {position: count for position, count in balanced(row).items() if count}
        if not left:
            break
        position = data.draw(st.sampled_from(sorted(left)))
        outcome = data.draw(st.sampled_from(OF_SHORT if left[position] > 0 else OF_OVER))
        part = data.draw(st.integers(1, abs(left[position]) // 1000)) * 1000
        says, other = (there, here) if outcome in transfers.AT_TARGET else (here, there)
        with pytest.raises(NotFound):  # each speaks for the own shelf
            transfers.decide(other, row.id, position, outcome, part, "dicari bersama")
        with pytest.raises(PosError):
            transfers.decide(says, row.id, position, outcome, abs(left[position]) + 1000, "dicari bersama")
        transfers.decide(says, row.id, position, outcome, part, "dicari bersama")
        gone[row.lines[position].product_id] += {"lost": part, "foreign": -part}.get(outcome, 0)
    balanced(row)


def test_more_than_the_paper_says_leaves_the_sender_once_the_sender_says_so(ctx: Any) -> None:
    ambon, pontianak = place("Galeri Lapas Ambon"), place("Galeri Lapas Pontianak")
    here, there = world.person("petugas"), world.person("petugas-ptk")
    bag, ship = product("Tas rajut"), product("Miniatur kapal")
    receivings.receive(here, ambon.id, [goods.Line(bag, 10_000), goods.Line(ship, 1000)])
    row = transfers.send(here, ambon.id, pontianak.id, [goods.Line(bag, 5000)])
    with pytest.raises(PosError) as refused:  # more came: it says whence
        transfers.arrive(there, row.id, {0: 5000}, besides=[goods.Line(ship, 1000)])
    assert "note" in refused.value.fields
    transfers.arrive(there, row.id, {0: 7000}, "satu dus lebih", [goods.Line(ship, 1000)])
    assert (held(ambon, bag), held(pontianak, bag), held(pontianak, ship)) == (5000, 7000, 1000)
    assert transfers.still_open(row) == {0: -2000, 1: -1000}
    transfers.decide(here, row.id, 0, "sent", 2000, "dus di rak memang kurang dua")
    transfers.decide(here, row.id, 1, "sent", 1000, "salah ambil")
    assert (held(ambon, bag), held(ambon, ship)) == (3000, 0)
    assert transfers.still_open(row) == {0: 0, 1: 0}


@FEW
@given(acts=st.lists(st.tuples(st.sampled_from(["receive", "write_off", "sale", "recall"]), PIECES), max_size=6))
def test_what_a_gallery_holds_is_the_sum_of_its_moves_below_nought_too(ctx: Any, acts: list[Any]) -> None:
    gallery, bag, staff = place("Galeri Lapas Ambon"), product("Tas rajut"), world.person("petugas")
    expected = held(gallery, bag)
    for act, quantity in acts:
        lines = [goods.Line(bag, quantity)]
        if act == "receive":
            receivings.receive(staff, gallery.id, lines)
        elif act == "write_off":
            write_offs.write_off(staff, gallery.id, lines, "rusak")
        elif act == "sale":
            world.sell(lines=[("Tas rajut", quantity)])
        else:
            sent = transfers.send(staff, gallery.id, place("Galeri Lapas Kendari").id, lines)
            transfers.recall(staff, sent.id, "tidak jadi")
        expected += {"receive": quantity, "recall": 0}.get(act, -quantity)
        assert held(gallery, bag) == expected == services.on_hand_within(staff, [bag]).get(bag, 0)
    moves = db.session.scalar(sa.select(sa.func.sum(StockMove.quantity)).where(StockMove.gallery_id == gallery.id))
    assert int(moves or 0) == sum(services.held(gallery.id).values())
    assert units.galleries_for(staff)[0].id == gallery.id

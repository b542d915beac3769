"""Sum of moves = on hand, whatever happens: random sales between the counts of an opname, random goods on the way."""

from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos.catalog.models import Product
from pos.db import db
from pos.errors import Conflict
from pos.stock import goods, opnames, receivings, services, transfers, write_offs
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
def test_goods_on_the_way_are_counted_found_or_lost_and_never_more(ctx: Any, data: Any) -> None:
    ambon, pontianak = place("Galeri Lapas Ambon"), place("Galeri Lapas Pontianak")
    names = ("Tas rajut", "Kue kering kenari")
    lines = [goods.Line(product(name), data.draw(PIECES)) for name in names]
    before = {one: (held(ambon, one), held(pontianak, one)) for one in (line.product_id for line in lines)}
    sent = transfers.send(world.person("petugas"), ambon.id, pontianak.id, lines)
    counts = {i: data.draw(COUNTS) for i in range(len(lines))}
    there = world.person("petugas-ptk")
    transfers.arrive(there, sent.id, counts, "lebih satu dus" if max(counts.values()) else "kosong")
    found = dict.fromkeys(counts, 0)
    back, lost = dict(found), dict(found)
    for position, line in enumerate(lines):
        missing = transfers.still_missing(sent)[position]
        assert missing == max(0, line.quantity - counts[position])
        while missing:
            outcome = data.draw(st.sampled_from(["arrived", "returned", "lost", "stop"]))
            if outcome == "stop":
                break
            part = data.draw(st.integers(1, missing // 1000)) * 1000
            person = there if outcome == "arrived" else world.person("petugas")
            transfers.decide(person, sent.id, position, outcome, part, "dicari bersama")
            {"arrived": found, "returned": back, "lost": lost}[outcome][position] += part
            missing -= part
        assert transfers.still_missing(sent)[position] == missing
        here, away = before[line.product_id]
        over = max(0, counts[position] - line.quantity)
        assert held(ambon, line.product_id) == here - line.quantity + back[position]
        assert held(pontianak, line.product_id) == away + counts[position] + found[position]
        gone = missing + lost[position]
        whole = held(ambon, line.product_id) + held(pontianak, line.product_id)
        assert whole + gone - over == here + away


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

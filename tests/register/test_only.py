"""Pieces of which there is only one: sold once, gone from every till, back when they are returned."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from pos import clock
from pos.catalog.models import Price, Product
from pos.catalog.services import next_version
from pos.db import atomic, db
from pos.register.services import record
from tests import world
from tests.register.after import refund_body
from tests.register.counter import sales, scan


def make_only(name: str) -> None:
    with atomic() as session:
        product = session.query(Product).filter_by(name=name).one()
        product.one_of_a_kind, product.version = True, next_version()


def on_shelf(client: Any) -> set[str]:
    return {product["name"] for product in client.get("/api/catalog").json["products"]}


def test_a_sold_piece_leaves_the_shelves_and_a_returned_one_is_back(app: Flask, as_cashier: Any) -> None:
    with app.app_context():
        make_only("Tas rajut")
        sold = world.sell(lines=[("Tas rajut", 1000), ("Cuci motor", 1000)])
        assert sold.flags == ()
        since = db.session.query(Product).filter_by(name="Tas rajut").one().version
    assert "Tas rajut" not in on_shelf(as_cashier) and "Cuci motor" in on_shelf(as_cashier)
    [gone] = as_cashier.get(f"/api/catalog?since={since - 1}").json["removed"]
    with app.app_context():
        assert db.session.get_one(Product, gone).name == "Tas rajut"
        record(refund_body(sold.receipt, {"Tas rajut": 1000}), world.person("petugas"))
    assert "Tas rajut" in on_shelf(as_cashier)


def test_a_code_that_no_till_sells_any_more_says_what_became_of_it(app: Flask, as_: Any, codes: dict[str, str]) -> None:
    def meant(person: str, name: str = "Tas rajut") -> Any:
        return as_(person).get(f"/api/goods/{codes[name]}").json

    with app.app_context():
        make_only("Tas rajut")
        assert meant("kasir")["sold"] is None and meant("kasir")["active"]
        receipt = world.sell(lines=[("Tas rajut", 1000)]).receipt
        with atomic() as session:
            session.query(Product).filter_by(name="Cuci motor").one().active = False
    sold = meant("kasir")["sold"]
    assert (sold["receipt"], sold["gallery"]) == (receipt, "Galeri Lapas Ambon")
    elsewhere = meant("kasir-kdi")["sold"]
    assert elsewhere == sold | {"receipt": None}
    assert meant("kasir", "Cuci motor") == {
        "code": codes["Cuci motor"],
        "name": "Cuci motor",
        "active": False,
        "sold": None,
    }


@pytest.mark.parametrize("late", [False, True])
def test_what_is_sold_twice_is_kept_and_flagged(ctx: Any, late: bool) -> None:
    make_only("Tas rajut")
    at = (clock.now() - timedelta(hours=1)).isoformat()
    world.sell(lines=[("Tas rajut", 1000)])
    with atomic() as session:
        session.query(Product).filter_by(name="Tas rajut").one().active = True  # another till has not heard of it
        next_version()
    again = world.sell(lines=[("Tas rajut", 1000)], **({"at": at} if late else {}))
    assert "sold_before" in again.flags
    assert "sold_before" in world.sell(register="AMB-2", lines=[("Tas rajut", 2000)], at=at).flags


def test_what_there_is_more_of_stays(ctx: Any) -> None:
    assert world.sell().flags == world.sell().flags == ()
    assert db.session.query(Product).filter_by(name="Tas rajut").one().active


@pytest.mark.browser
def test_the_till_sells_one_and_no_second(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    with app.app_context():
        make_only("Tas rajut")
    page = till()
    scan(page, codes["Tas rajut"])
    scan(page, codes["Tas rajut"])
    expect(page.locator("#say")).to_have_text("Tas rajut hanya ada satu, dan sudah di keranjang.")
    page.get_by_label("Jumlah Tas rajut").fill("3")
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_have_text("Rp80.000")
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    page.wait_for_timeout(800)
    for offline in (False, True):
        page.context.set_offline(offline)
        scan(page, codes["Tas rajut"])
        expect(page.locator("#say")).to_have_text(re.compile("^Tas rajut .* sudah terjual .*, nota AMB-1-000001.$"))
        scan(page, "99999999")
        expect(page.locator("#say")).to_contain_text("Kode 99999999 tidak dikenal")
    assert [sale["lines"] for sale in sales(app)] == [[("Tas rajut", 1000, 80_000)]]


@pytest.mark.browser
def test_a_price_set_for_later_comes_without_the_server(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    with app.app_context(), atomic() as session:
        product = session.query(Product).filter_by(name="Tas rajut").one()
        session.add(Price(product_id=product.id, from_at=clock.now() + timedelta(hours=2), amount=95_000, cost=50_000))
        product.version = next_version()
    page = till(clock=True)
    scan(page, codes["Tas rajut"])
    expect(page.locator("#total")).to_have_text("Rp80.000")
    page.context.set_offline(True)
    page.clock.fast_forward("03:00:00")
    expect(page.locator("#say")).to_contain_text("berubah dari Rp80.000 menjadi Rp95.000")
    expect(page.locator("#total")).to_have_text("Rp95.000")

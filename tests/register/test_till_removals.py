"""What is taken out of a cart after it was scanned is told to the server, once, and holds up no sale."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.db import db
from pos.register.models import Sale
from pos.register.removal_models import Removal
from tests.register.counter import by_hand, sales, scan

pytestmark = pytest.mark.browser
REMOVALS = "**/api/removals"


def told(app: Flask) -> list[tuple[str, str, int, int]]:
    with app.app_context():
        rows = db.session.scalars(sa.select(Removal).order_by(Removal.id))
        return [(row.kind, row.name, row.quantity, row.amount) for row in rows]


def all_told(page: Any) -> None:
    """Wait until the device has nothing left to tell."""
    left = """() => new Promise((resolve) => {
        indexedDB.open('etalase').onsuccess = ({ target: { result } }) => {
            const range = IDBKeyRange.bound('taken:', 'taken:~');
            result.transaction('state').objectStore('state').count(range).onsuccess = ({ target }) => {
                result.close();
                resolve(target.result);
            };
        };
    })"""
    for _ in range(100):
        if page.evaluate(left) == 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the device still has something to tell")


def test_a_line_fewer_pieces_and_a_whole_cart(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    with page.expect_response(REMOVALS) as answer:
        scan(page, codes["Tas rajut"])
        scan(page, codes["Cuci motor"])
        page.get_by_role("button", name="Hapus Tas rajut").click()
    assert answer.value.status == 200
    page.get_by_role("button", name="Tambah Cuci motor").click()
    page.get_by_role("button", name="Kurangi Cuci motor").click()
    page.get_by_label("Jumlah Cuci motor").fill("5")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    by_hand(page, "12")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    by_hand(page, "2")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    with page.expect_response(REMOVALS):
        page.get_by_role("button", name="Ya, kosongkan").click()
    all_told(page)
    assert told(app) == [
        ("line", "Tas rajut", 1000, 80_000),
        ("less", "Cuci motor", 1000, 15_000),
        ("less", "Cuci motor", 10_000, 150_000),
        ("clear", "Cuci motor", 2000, 30_000),
    ]


def test_a_weight_that_is_typed_is_no_removal(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    scan(page, codes["Keripik pisang"])
    by_hand(page, "0,5")
    page.keyboard.press("Enter")
    expect(page.locator("#total")).to_have_text("Rp25.000")
    with page.expect_response(REMOVALS):
        page.get_by_role("button", name="Hapus Keripik pisang").click()
    assert told(app) == [("line", "Keripik pisang", 500, 25_000)]


def test_an_answer_that_is_lost_does_not_count_twice(till: Any, app: Flask, codes: dict[str, str], expect: Any) -> None:
    page = till()
    answers = []

    def lose_the_first(route: Any) -> None:
        answers.append(route.fetch())
        if len(answers) == 1:
            route.abort()
        else:
            route.fulfill(response=answers[-1])

    page.route(REMOVALS, lose_the_first)
    scan(page, codes["Tas rajut"])
    with page.expect_event("requestfailed", lambda request: "removals" in request.url):
        page.get_by_role("button", name="Hapus Tas rajut").click()
    assert len(told(app)) == 1
    with page.expect_response(REMOVALS):
        page.evaluate("dispatchEvent(new Event('online'))")
    all_told(page)
    assert len(answers) == 2 and told(app) == [("line", "Tas rajut", 1000, 80_000)]


def test_a_server_that_does_not_listen_holds_up_no_sale_and_is_told_after_a_new_start(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    page.route(REMOVALS, lambda route: route.abort())
    scan(page, codes["Tas rajut"])
    scan(page, codes["Cuci motor"])
    with page.expect_event("requestfailed", lambda request: "removals" in request.url):
        page.get_by_role("button", name="Hapus Tas rajut").click()
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    assert [sale["total"] for sale in sales(app)] == [15_000] and told(app) == []
    page.unroute(REMOVALS)
    with page.expect_response(REMOVALS):
        page.reload()
    all_told(page)
    assert told(app) == [("line", "Tas rajut", 1000, 80_000)]
    with app.app_context():
        assert db.session.scalars(sa.select(Removal.cart_id)).one() == db.session.scalars(sa.select(Sale.id)).one()

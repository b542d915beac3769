"""The server is killed at every step of recording: what was acknowledged is there, once."""

import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.db import db
from pos.register.models import Sale
from pos.reports.audit import audit
from pos.units.models import Register
from tests import world
from tests.register.conftest import hears_keys
from tests.register.counter import SALES as ROUTE
from tests.register.counter import sales, scan
from tests.register.dying_server import Mortal

OTHERS = {"AMB-2": "petugas", "PTK-1": "kasir-ptk", "KDI-1": "kasir-kdi"}
SALES = 65  # of each of the others, at least
TRIES = 200
PAUSE = 0.05  # seconds between two of their buyers


@pytest.fixture
def server(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Mortal]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = Mortal(database_url, tmp_path, port)
    yield running
    if running.process.is_alive():
        running.end()


class Till:
    """A register that sends each of its documents until it is acknowledged."""

    def __init__(self, server: Mortal, cookie: str, register: str, template: dict[str, Any]) -> None:
        self.address, self.cookie, self.register, self.template = server.address, cookie, register, template
        self.number = 0
        self.acknowledged: list[str] = []
        self.statements = 0

    def sell(self, die: str = "", **over: Any) -> dict[str, Any]:
        self.number += 1
        body = self.template | {"id": world.new_id(), "number": self.number} | over
        headers = {"Content-Type": "application/json", "Cookie": f"session={self.cookie}"}
        for tries in range(TRIES):
            request = urllib.request.Request(
                f"{self.address}/api/sales",
                json.dumps(body).encode(),
                headers | ({"X-Die": die} if die and not tries else {}),
            )
            try:
                with urllib.request.urlopen(request, timeout=20) as answer:
                    assert not die or tries, f"{die}: it lives on"
                    self.statements = int(answer.headers["X-Statements"])
                    assert json.load(answer)["receipt"] == f"{self.register}-{self.number:06d}"
                    self.acknowledged.append(body["id"])
                    return body
            except urllib.error.HTTPError as refused:
                raise AssertionError(refused.read()) from refused
            except (OSError, HTTPException):
                time.sleep(0.02)
        raise AssertionError("nobody answers")


def give_back(sale: dict[str, Any]) -> dict[str, Any]:
    lines = [line | {"quantity": -line["quantity"], "amount": -line["amount"]} for line in sale["lines"]]
    paid = [{"method": "cash", "tendered": 0, "change": sale["total"], "reference": ""}]
    return {"refund_of": sale["id"], "lines": lines, "total": -sale["total"], "payments": paid}


def every_step(statements: int) -> list[str]:
    within = [f"{when}:{n}" for n in range(1, statements + 1) for when in ("before", "amid", "after")]
    return ["request", *within, "answer"]


def killed_everywhere(till: Till) -> int:
    """Sells and takes back while the server dies at each step of either in turn; how often it died."""
    sold = till.sell()
    steps = every_step(till.statements)
    assert len(steps) > 5
    for step in steps:
        till.sell(step)
    till.sell(**give_back(sold))
    steps_back = every_step(till.statements)
    for step in steps_back:
        till.sell(step, **give_back(till.sell()))
    return len(steps) + len(steps_back)


def sell_on(till: Till, over: threading.Event) -> None:
    while len(till.acknowledged) < SALES or not over.is_set():
        till.sell()
        time.sleep(PAUSE)


def test_kill_9_at_each_step_of_record(app: Flask, as_: Any, server: Mortal) -> None:
    def till(register: str, who: str, *lines: tuple[Any, ...]) -> Till:
        cookie = as_(who).get_cookie("session")
        with app.app_context():
            template = world.sale(register, list(lines))
        return Till(server, cookie.value, register, template)

    first = till("AMB-1", "petugas", ("Tas rajut", 2000), ("Keripik pisang", 1500))
    others = [till(register, who, ("Tas rajut", 1000)) for register, who in OTHERS.items()]
    over = threading.Event()
    with ThreadPoolExecutor(len(others)) as crowd:
        selling = [crowd.submit(sell_on, each, over) for each in others]
        try:
            kills = killed_everywhere(first)
        finally:
            over.set()
        for each in selling:
            each.result()
    assert server.end() == kills

    acknowledged = [sale for each in (first, *others) for sale in each.acknowledged]
    assert len(acknowledged) >= 200
    with app.app_context():
        assert set(db.session.scalars(sa.select(Sale.id))) == set(acknowledged)
        for code, count, last in db.session.execute(
            sa.select(Register.code, sa.func.count(), sa.func.max(Sale.number)).join(Sale).group_by(Register.code)
        ):
            assert count == last, code
        assert [rule.name for rule in audit() if not rule.holds] == []


@pytest.mark.browser
@pytest.mark.parametrize("step", ["before:4", "answer"])
def test_a_server_that_is_killed_during_payment_has_the_sale_once(
    app: Flask, chromium: Any, server: Mortal, codes: dict[str, str], expect: Any, step: str
) -> None:
    context = chromium.new_context(base_url=server.address, service_workers="block")
    page = context.new_page()
    page.goto("/masuk")
    page.get_by_label("Nama masuk").fill("kasir")
    page.get_by_label("Kata sandi").fill(world.PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.goto("/kasir")
    page.get_by_role("button", name="AMB-1").click()
    page.locator("#till").wait_for()
    hears_keys(page)
    deadly = [{"X-Die": step}]
    page.route(ROUTE, lambda r: r.continue_(headers=r.request.headers | (deadly.pop() if deadly else {})))
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F4")
    page.locator("#pay-go").click()
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    expect(page.locator("#unsent")).to_have_text("0 belum terkirim")
    scan(page, codes["Cuci motor"])
    page.keyboard.press("F4")
    page.locator("#pay-go").click()
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000002")
    context.close()
    assert server.end() == 1
    assert [sale["lines"][0][0] for sale in sales(app)] == ["Tas rajut", "Cuci motor"]

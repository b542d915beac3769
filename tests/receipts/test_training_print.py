"""A training nota on the register's own printer: recognisable, and kept nowhere."""

from typing import Any

from flask import Flask

from pos.receipts import text
from pos.receipts.training import rows
from tests import world
from tests.receipts.paperboy import Paperboy, refusing_port
from tests.receipts.test_paper import a_slip
from tests.receipts.test_printing import connect
from tests.register import test_training as books
from tests.register.counter import set_price

PATH = "/api/registers/AMB-1/training"


def practised(app: Flask, **over: Any) -> dict[str, Any]:
    with app.app_context():
        return world.sale(register="AMB-1", lines=[("Tas rajut", 2000), ("Keripik pisang", 1500)], **over) | {
            "register": "LATIHAN",
            "number": 7,
        }


def test_it_prints_without_a_trace(app: Flask, as_cashier: Any) -> None:
    printer = Paperboy()
    connect(app, printer.port, columns=32)
    set_price(app, "Tas rajut", 90_000, inside=80_000)
    body, before = practised(app, buyer="petugas"), books.rows(app)
    answer = as_cashier.post(PATH, json=body)
    assert answer.json == {"state": "done", "error": ""}
    paper = printer.rows
    assert "Harga dalam" in "".join(paper)  # said as on a real nota
    assert "LATIHAN-000007" in "".join(paper) and "Tas rajut" in paper and max(map(len, paper)) <= 32
    assert printer.events == ["cut"], "the drawer is not practised"
    assert books.rows(app) == before
    printer.close()


def test_what_does_not_come_out_says_why_and_keeps_nothing(app: Flask, as_cashier: Any) -> None:
    body, before = practised(app), books.rows(app)
    assert "peramban" in as_cashier.post(PATH, json=body).json["error"]  # it has no printer
    connect(app, refusing_port())
    before["printer"] += 1
    failed = as_cashier.post(PATH, json=body).json
    assert failed["state"] == "failed" and failed["error"]
    assert as_cashier.post(PATH, json=body | {"total": 1}).status_code == 422
    assert as_cashier.post(PATH, json=body | {"note": "x" * 70_000}).status_code == 413
    assert books.rows(app) == before


def test_no_piece_of_the_paper_can_be_cut_out_and_used() -> None:
    for columns in (32, 48):
        paper = [row.text for row in rows(a_slip(), columns)]
        marked = [i for i, row in enumerate(paper) if "LATIHAN" in row]
        assert marked[0] == 0 and marked[-1] == len(paper) - 1
        assert max(b - a for a, b in zip(marked, marked[1:], strict=False)) <= 6
        assert all(len(row) <= columns for row in paper) and text.CHECK not in " ".join(paper)

"""Every print is counted before it happens: one original, copies without a gap, and nothing by looking."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pos import clock
from pos.db import atomic, db
from pos.errors import Conflict
from pos.receipts import printing
from pos.receipts.models import SalePrint
from pos.register.lookup import sale_numbered
from tests import world
from tests.receipts.paperboy import refusing_port
from tests.receipts.printers import ask, connect, jobs, printed, settled
from tests.receipts.sales import sold
from tests.waiting import until


def test_the_same_press_twice_is_one_print(app: Any, as_cashier: Any) -> None:
    receipt, _ = sold(app)
    token = str(uuid.uuid4())
    first, again = (ask(as_cashier, receipt, token=token) for _ in range(2))
    other = ask(as_cashier, receipt)
    assert first.json == again.json and first.json["copy"] == 0 and first.json["way"] == "browser"
    assert (other.json["copy"], other.json["mark"]) == (1, "SALINAN KE-1")
    someone, _ = sold(app)
    assert ask(as_cashier, someone, token=token).status_code == 409


def test_copies_are_counted_without_a_gap_when_many_print_at_once(app: Any) -> None:
    receipt, _ = sold(app)
    gone: list[Exception] = []

    def press() -> None:
        with app.app_context():
            try:
                printing.record_print(sale_numbered(receipt), world.person("kasir"), "browser", str(uuid.uuid4()))
            except Conflict as conflict:
                gone.append(conflict)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        copies = db.session.scalars(sa.select(SalePrint.copy).order_by(SalePrint.copy)).all()
    assert not gone and list(copies) == [0, 1, 2, 3]


def test_a_print_is_written_once(app: Any) -> None:
    receipt, _ = sold(app)
    with app.app_context():
        printing.record_print(sale_numbered(receipt), world.person("kasir"), "browser", str(uuid.uuid4()))
        for statement in ("UPDATE sale_print SET copy = 7", "DELETE FROM sale_print"):
            with pytest.raises(sa.exc.DBAPIError, match="written once"), atomic() as session:
                session.execute(sa.text(statement))


def test_looking_at_a_nota_counts_nothing_and_is_never_the_original(app: Any, as_cashier: Any) -> None:
    receipt, _ = sold(app)
    for _ in range(2):
        assert "SALINAN<" in as_cashier.get(f"/penjualan/{receipt}/cetak").text
        as_cashier.get(f"/penjualan/{receipt}/nota.pdf")
    answer = as_cashier.post(f"/penjualan/{receipt}/cetak", data={"lebar": "80"})
    assert "lebar=80" in answer.location and "SALINAN" not in as_cashier.get(answer.location).text
    again = as_cashier.post(f"/penjualan/{receipt}/cetak", follow_redirects=True)
    assert "SALINAN KE-1" in again.text and "Cetakan asli" in as_cashier.get(f"/penjualan/{receipt}").text


def test_the_original_cannot_be_opened_again_later(app: Any, as_cashier: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt, _ = sold(app)
    page = ask(as_cashier, receipt).json["page"]
    assert "SALINAN" not in as_cashier.get(page).text
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "SALINAN<" in as_cashier.get(page).text


def test_a_failed_print_goes_to_the_browser_as_the_print_it_is(app: Any, as_cashier: Any, paperboy: Any) -> None:
    connect(app, refusing_port())
    receipt, _ = sold(app)
    job = printed(app, as_cashier, receipt)
    page = as_cashier.post(f"/api/prints/{job['id']}/browser").json["page"]
    assert "SALINAN" not in as_cashier.get(page).text and "data-at-once" in as_cashier.get(page).text
    assert jobs(app) == [("moved", "", 1)]
    as_cashier.post(f"/api/prints/{job['id']}/retry")
    assert jobs(app) == [("moved", "", 1)], "it is out of the printer's hands"


def test_an_official_prints_in_the_browser_and_never_at_a_distant_counter(
    app: Any, as_official: Any, paperboy: Any
) -> None:
    printer = paperboy()
    connect(app, printer.port)
    receipt, _ = sold(app)
    assert "Cetak di printer" not in as_official.get(f"/penjualan/{receipt}").text
    assert as_official.post(f"/penjualan/{receipt}/cetak", data={"cara": "printer"}).status_code == 403
    assert as_official.post(f"/penjualan/{receipt}/cetak").location.startswith(f"/penjualan/{receipt}/cetak?")
    assert jobs(app) == [] and printer.jobs == 0


def test_the_sale_page_sends_to_the_registers_printer(app: Any, as_cashier: Any, paperboy: Any) -> None:
    printer = paperboy()
    connect(app, printer.port)
    receipt, _ = sold(app)
    assert "Cetak di printer AMB-1" in as_cashier.get(f"/penjualan/{receipt}").text
    answer = as_cashier.post(f"/penjualan/{receipt}/cetak", data={"cara": "printer"}, follow_redirects=True)
    assert receipt in answer.text and "Dikirim ke printer" in answer.text
    until(lambda: settled(app))
    assert printer.events == ["cut", "pulse"]


def test_what_is_no_print_is_refused(app: Any, as_cashier: Any) -> None:
    receipt, _ = sold(app)
    for body in ({}, [], {"id": "x", "way": "till"}, {"id": str(uuid.uuid4()), "way": "printer"}, {"id": 7, "way": []}):
        assert as_cashier.post(f"/api/receipts/{receipt}/prints", json=body).status_code == 422, body
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SalePrint)) == 0

"""From a recorded sale to a printer of the server's: what it prints, what it refuses, and that no sale cares."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from pos import clock
from pos.db import atomic, db
from pos.errors import Conflict
from pos.receipts import drivers, escpos, printing, text
from pos.receipts.models import Printer, PrintJob, SalePrint
from pos.receipts.slip import Item
from pos.register.lookup import sale_numbered
from pos.units.models import Register
from tests import world
from tests.receipts.paperboy import Paper, Paperboy, refusing_port, until
from tests.receipts.sales import refund, sold
from tests.receipts.test_paper import a_slip
from tests.register import drawer

LONG = "Tas rajut motif tenun ikat Tanimbar ukuran besar dengan lapisan furing dan ritsleting ganda, edisi Hari Bhakti"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drivers, "PATIENCE", 0.4)


@pytest.fixture
def paperboy() -> Iterator[Callable[..., Paperboy]]:
    made: list[Paperboy] = []

    def make(mood: str = "good") -> Paperboy:
        made.append(Paperboy(mood))
        return made[-1]

    yield make
    for one in made:
        one.close()


def connect(app: Any, port: int, code: str = "AMB-1", width: int = 58, **over: Any) -> int:
    """Give the register a network printer; its id."""
    with app.app_context(), atomic() as session:
        register = session.scalar(sa.select(Register).where(Register.code == code))
        register.paper_width = width
        fields: dict[str, Any] = {
            "kind": "network",
            "host": "127.0.0.1",
            "port": port,
            "vendor_id": 0,
            "product_id": 0,
            "queue": "",
            "columns": 48,
            "cutter": True,
            "drawer": True,
            "automatic": False,
            "answers": True,
        }
        session.merge(Printer(register_id=register.id, **fields | over))
        return int(register.id)


def jobs(app: Any) -> list[tuple[str, str, int]]:
    """(state, error, tries) of each job, in order."""
    with app.app_context():
        rows = db.session.execute(sa.select(PrintJob.state, PrintJob.error, PrintJob.tries).order_by(PrintJob.id))
        return [tuple(row) for row in rows]


def settled(app: Any) -> bool:
    return all(state not in ("waiting", "printing") for state, *_ in jobs(app))


def ask(browser: Any, receipt: str, way: str = "till", token: str = "") -> Any:
    return browser.post(f"/api/receipts/{receipt}/prints", json={"id": token or str(uuid.uuid4()), "way": way})


def printed(app: Any, browser: Any, receipt: str) -> Any:
    """The answer to a print that has come to its end."""
    answer = ask(browser, receipt).json
    until(lambda: settled(app))
    return browser.get(f"/api/prints/{answer['job']['id']}").json


# -- on paper ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [58, 80])
def test_a_nota_comes_out_cut_and_the_drawer_opens_once(app: Any, as_cashier: Any, paperboy: Any, width: int) -> None:
    printer = paperboy()
    connect(app, printer.port, width=width)
    receipt, _ = sold(app)
    assert printed(app, as_cashier, receipt) == {"id": 1, "state": "done", "error": ""}
    assert receipt in " ".join(printer.rows) and "SALINAN" not in " ".join(printer.rows)
    assert printer.events == ["cut", "pulse"]
    assert all(len(row) <= text.COLUMNS[width] for row in printer.rows)
    assert all(across <= escpos.DOTS[width] for across, _ in printer.paper.rasters)


def test_a_copy_says_so_and_leaves_the_drawer_shut(app: Any, as_cashier: Any, paperboy: Any) -> None:
    printer = paperboy()
    connect(app, printer.port)
    receipt, _ = sold(app)
    for expected in ("", "SALINAN KE-1", "SALINAN KE-2"):
        printer.rows.clear()
        assert printed(app, as_cashier, receipt)["state"] == "done"
        assert (f"** {expected} **" in " ".join(printer.rows)) == bool(expected)
    assert printer.events == ["cut", "pulse", "cut", "cut"]


@pytest.mark.parametrize("width", [58, 80])
def test_x_and_z_come_out_and_a_second_z_says_so(app: Any, as_cashier: Any, paperboy: Any, width: int) -> None:
    printer = paperboy()
    connect(app, printer.port, width=width, columns=text.COLUMNS[width])
    with app.app_context():
        shift = drawer.open_shift()
        drawer.paid_749_with_1000(shift)

    def report(token: str = "") -> str:
        printer.rows.clear()
        answer = as_cashier.post(f"/api/shifts/{shift['id']}/prints", json={"id": token or world.new_id()}).json
        until(lambda: settled(app))
        assert as_cashier.get(f"/api/prints/{answer['job']['id']}").json["state"] == "done"
        assert all(len(row) <= text.COLUMNS[width] for row in printer.rows)
        return "\n".join(printer.rows)

    assert "Laporan X AMB-1 #1" in report() and "SALINAN" not in report()
    with app.app_context():
        drawer.close(shift, 100_749)
    once = world.new_id()
    first = report(once)
    assert "Laporan Z AMB-1 #1" in first and "SELISIH" in first and "SALINAN" not in first
    assert report(once) == ""  # asked twice it is one print
    assert "** SALINAN KE-1 **" in report()
    assert "pulse" not in printer.events and printer.events.count("cut") == 4
    assert "Z AMB-1 #1" in as_cashier.get("/cetakan").text
    assert "Cetak di AMB-1" in as_cashier.get(f"/giliran/{shift['id']}").text


def test_a_z_that_the_printer_did_not_print_goes_to_the_browser(app: Any, as_cashier: Any) -> None:
    connect(app, refusing_port())
    with app.app_context():
        shift = drawer.open_shift()
        drawer.close(shift, 100_000)
    answer = as_cashier.post(f"/giliran/{shift['id']}/cetak", data={"token": world.new_id()})
    assert answer.location == "/cetakan"
    until(lambda: settled(app))
    [(state, _, _)] = jobs(app)
    page = as_cashier.post("/api/prints/1/browser", json={}).json["page"]
    assert state == "failed" and page.startswith(f"/giliran/{shift['id']}/laporan.pdf")
    assert as_cashier.get(page).status_code == 200


def test_the_drawer_stays_shut_where_no_cash_changed_hands(app: Any, as_cashier: Any, paperboy: Any) -> None:
    printer = paperboy()
    connect(app, printer.port)
    paid = [{"method": "qris", "tendered": 160_000, "change": 0, "reference": "123"}]
    receipt, _ = sold(app, payments=paid)
    assert printed(app, as_cashier, receipt)["state"] == "done" and printer.events == ["cut"]
    back, _ = refund(app, receipt)
    assert printed(app, as_cashier, back)["state"] == "done" and printer.events == ["cut", "cut", "pulse"]


def test_a_printer_without_cutter_and_drawer_is_spared_both(app: Any, as_cashier: Any, paperboy: Any) -> None:
    printer = paperboy()
    connect(app, printer.port, cutter=False, drawer=False, columns=32, width=80)
    receipt, _ = sold(app)
    assert printed(app, as_cashier, receipt)["state"] == "done"
    assert printer.events == [] and max(map(len, printer.rows)) <= 32


@settings(max_examples=120, deadline=None)
@given(
    names=st.lists(st.text(max_size=120), min_size=1, max_size=4),
    price=st.integers(-(10**13), 10**13),
    width=st.sampled_from([58, 80]),
    columns=st.sampled_from([32, 48]),
    mark=st.sampled_from(["", "SALINAN", "SALINAN KE-1234567890123456789012345678901234567890123456789"]),
)
def test_no_printed_row_is_wider_than_the_paper(
    names: list[str], price: int, width: int, columns: int, mark: str
) -> None:
    columns = min(columns, text.COLUMNS[width])
    slip = a_slip(
        gallery=names[0],
        items=tuple(Item(name, name, "1.000 pasang", price, price, price) for name in [*names, LONG]),
        paid=((f"Transfer {names[-1]}", price),),
        total=price,
        mark=mark,
    )
    paper = Paper()
    paper.print(escpos.receipt(slip, escpos.Paper(width, columns)))
    assert max(map(len, paper.rows)) <= columns and paper.events == ["cut"]
    assert all(across <= escpos.DOTS[width] for across, _ in paper.rasters)


def test_five_hundred_lines_arrive_whole(app: Any, as_cashier: Any, paperboy: Any) -> None:
    printer = paperboy()
    connect(app, printer.port)
    receipt, _ = sold(app, lines=[("Tas rajut", 1000)] * 500)
    assert printed(app, as_cashier, receipt)["state"] == "done"
    assert printer.rows.count("Tas rajut") == 500 and printer.events == ["cut", "pulse"]


def test_the_test_page_fills_the_row_and_the_ruler_the_paper(app: Any, as_admin: Any, paperboy: Any) -> None:
    printer = paperboy()
    register_id = connect(app, printer.port, width=80)
    answer = as_admin.post(f"/unit/kasir/{register_id}/printer/uji", follow_redirects=True)
    assert "Halaman uji dikirim" in answer.text
    until(lambda: settled(app))
    assert jobs(app) == [("done", "", 1)]
    assert "-" * 48 in printer.rows and max(map(len, printer.rows)) == 48
    assert printer.paper.rasters[0][0] == 576 and printer.events == ["cut", "pulse"]
    assert "tercetak" in as_admin.get(f"/unit/kasir/{register_id}/printer").text


# -- printers that do not print ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        ("no_paper", "Kertas printer habis"),
        ("cover", "tutupnya terbuka"),
        ("mute", "tidak menjawab"),
        ("deaf", "tidak menjawab"),
        ("cut", "putus saat mencetak"),
        ("refusing", "tidak terjangkau"),
    ],
)
def test_a_printer_in_trouble_is_named_and_the_sale_stands(
    app: Any, as_cashier: Any, paperboy: Any, mood: str, said: str
) -> None:
    printer = None if mood == "refusing" else paperboy(mood)
    connect(app, printer.port if printer else refusing_port())
    receipt, _ = sold(app)
    outcome = printed(app, as_cashier, receipt)
    assert outcome["state"] == "failed"
    assert said in outcome["error"] or (mood == "cut" and "tidak menjawab" in outcome["error"])
    assert said in as_cashier.get("/cetakan?status=failed").text or mood == "cut"
    with app.app_context():
        assert as_cashier.post("/api/sales", json=world.sale()).status_code == 201


def test_a_retry_prints_once_and_opens_the_drawer_that_was_not_opened(app: Any, as_cashier: Any, paperboy: Any) -> None:
    printer = paperboy("no_paper")
    connect(app, printer.port)
    receipt, _ = sold(app)
    job = printed(app, as_cashier, receipt)
    assert job["state"] == "failed" and printer.events == []
    printer.mood = "good"
    for _ in range(3):  # an impatient finger
        assert as_cashier.post(f"/api/prints/{job['id']}/retry").status_code == 200
    until(lambda: settled(app))
    assert jobs(app) == [("done", "", 2)]
    assert printer.events == ["cut", "pulse"] and "SALINAN" not in " ".join(printer.rows)
    as_cashier.post(f"/cetakan/{job['id']}/lagi")
    assert jobs(app) == [("done", "", 2)], "what is printed is printed"


def test_a_drawer_that_may_have_opened_is_not_opened_again(app: Any, as_cashier: Any, paperboy: Any) -> None:
    printer = paperboy("cut")
    connect(app, printer.port)
    receipt, _ = sold(app)
    job = printed(app, as_cashier, receipt)
    assert job["state"] == "failed"
    printer.mood, before = "good", len(printer.events)
    as_cashier.post(f"/api/prints/{job['id']}/retry")
    until(lambda: settled(app))
    assert jobs(app)[0][0] == "done" and printer.events[before:] == ["cut"]


def test_a_printer_that_never_answers_prints_when_it_is_not_asked(app: Any, as_cashier: Any, paperboy: Any) -> None:
    printer = paperboy("mute")
    connect(app, printer.port, answers=False)
    receipt, _ = sold(app)
    assert printed(app, as_cashier, receipt)["state"] == "done"
    until(lambda: printer.events == ["cut", "pulse"])


def test_a_sale_is_recorded_while_a_printer_hangs(
    app: Any, as_cashier: Any, paperboy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drivers, "PATIENCE", 3.0)
    connect(app, paperboy("deaf").port)
    receipt, _ = sold(app)
    ask(as_cashier, receipt)
    until(lambda: jobs(app)[0][0] == "printing")
    for _ in range(5):
        with app.app_context():
            body = world.sale()
        assert as_cashier.post("/api/sales", json=body).status_code == 201
    assert jobs(app)[0][0] == "printing", "all of that while the printer was being waited for"
    until(lambda: settled(app))


def test_two_tills_that_share_a_printer_take_turns(app: Any, as_cashier: Any, paperboy: Any) -> None:
    printer = paperboy()
    for code in ("AMB-1", "AMB-2"):
        connect(app, printer.port, code)
    receipts = [sold(app, "kasir", code)[0] for code in ("AMB-1", "AMB-2") * 3]
    for receipt in receipts:
        ask(as_cashier, receipt)
    until(lambda: settled(app), 20)
    assert [state for state, *_ in jobs(app)] == ["done"] * 6
    assert printer.jobs == 6 and printer.events == ["cut", "pulse"] * 6


def test_what_a_server_left_behind_has_failed_and_does_not_come_out_by_surprise(
    app: Any, as_cashier: Any, paperboy: Any
) -> None:
    printer = paperboy()
    connect(app, printer.port)
    old, _ = sold(app)
    with app.app_context():
        printing.record_print(sale_numbered(old), world.person("kasir"), "printer", str(uuid.uuid4()))
        with atomic():
            db.session.execute(sa.update(PrintJob).values(moved_at=clock.now() - timedelta(hours=1)))
    assert "Server berhenti" in as_cashier.get("/cetakan?status=failed").text
    new, _ = sold(app)
    assert printed(app, as_cashier, new)["state"] == "done"
    assert jobs(app)[0][:2] == ("failed", "stopped") and old not in " ".join(printer.rows)
    as_cashier.post("/api/prints/1/retry")
    until(lambda: settled(app))
    assert old in " ".join(printer.rows)


# -- counting ------------------------------------------------------------------------------------------


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

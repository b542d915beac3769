"""From a recorded sale to a printer of the server's: what it prints, what it refuses, and that no sale cares."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from pos import clock
from pos.db import atomic, db
from pos.receipts import drivers, escpos, printing, text
from pos.receipts.models import PrintJob
from pos.receipts.slip import Item
from pos.register.lookup import sale_numbered
from tests import world
from tests.receipts.paperboy import Paper, refusing_port
from tests.receipts.printers import ask, connect, jobs, printed, settled
from tests.receipts.sales import refund, sold
from tests.receipts.test_paper import a_slip
from tests.register import drawer
from tests.waiting import until

LONG = "Tas rajut motif tenun ikat Tanimbar ukuran besar dengan lapisan furing dan ritsleting ganda, edisi Hari Bhakti"


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
    as_cashier.post(f"/api/shifts/{shift['id']}/prints", json={"id": world.new_id()})
    until(lambda: settled(app))
    [(state, _, tries)] = jobs(app)  # tried again it is no copy: nothing came out
    assert tries == 2
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
    until(lambda: settled(app) and len(printer.events) == 12, 20)
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

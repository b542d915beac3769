"""Shifts: one drawer, one cashier, counted blind, and a Z that never changes."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pos import clock
from pos.db import db
from pos.register import services, shifts
from pos.register.models import Sale
from pos.register.shift_models import Shift, ShiftEvent, ShiftReport
from pos.register.shift_reports import addendum, report
from pos.units import pins
from tests import world
from tests.register.drawer import act, close, count, event, open_shift, opening, paid_749_with_1000

PIN = "274916"


def z(number: int = 1) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        db.session.scalar(sa.select(ShiftReport.content).where(ShiftReport.number == number)) or "{}"
    )
    return content


def shift_row(shift: dict[str, Any]) -> Shift:
    return db.session.get_one(Shift, shift["id"])


def late(minutes: int = 5) -> str:
    return (clock.now() - timedelta(minutes=minutes)).isoformat()


# -- open ----------------------------------------------------------------------------------------------


def test_a_register_has_one_open_shift_whoever_opens_it(ctx: Any) -> None:
    first = open_shift()
    assert (first["number"], first["cashier"]) == (1, "kasir")
    with pytest.raises(shifts.ShiftIsOpen) as refused:
        open_shift("petugas")
    assert refused.value.data["shift"] == first
    assert open_shift(register="AMB-2")["number"] == 1


def test_ten_tills_that_open_at_once_open_one_shift(app: Any) -> None:
    with app.app_context():
        person, bodies = world.person("kasir"), [opening() for _ in range(10)]
    opened, refused = [], []

    def send(body: Any) -> None:
        with app.app_context():
            try:
                opened.append(shifts.open_shift(body, person))
            except shifts.ShiftIsOpen as open_already:
                refused.append(open_already)

    threads = [threading.Thread(target=send, args=(body,)) for body in bodies]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert (len(opened), len(refused)) == (1, 9)


def test_the_database_itself_refuses_a_second_open_shift_and_a_gap(ctx: Any) -> None:
    open_shift()
    row = dict(db.session.execute(sa.select(Shift.__table__)).mappings().one())
    for number, previous in ((1, None), (2, 1), (2, None), (3, 2)):
        with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
            values = {"id": world.new_id(), "number": number, "previous": previous}
            connection.execute(sa.insert(Shift).values(row | values))


def test_opening_twice_is_opening_once(ctx: Any) -> None:
    body, person = opening(), world.person("kasir")
    first, again = shifts.open_shift(body, person), shifts.open_shift(dict(reversed(body.items())), person)
    assert first.created and not again.created and first.answer == again.answer
    with pytest.raises(shifts.OtherAct):
        shifts.open_shift(body | {"float": 5}, person)


# -- the drawer ----------------------------------------------------------------------------------------


def test_749_paid_with_1000_raises_the_drawer_by_749(ctx: Any) -> None:
    shift = open_shift(float=200_000)
    paid_749_with_1000(shift)
    assert count(shift, 200_749)["variance"] == 0
    act(shift, "close")
    assert z()["methods"] == {"cash": {"sold": 749, "returned": 0}}
    assert (z()["expected"], z()["counted"]) == (200_749, 200_749)


def test_only_cash_moves_the_drawer(ctx: Any) -> None:
    shift = open_shift(float=0)
    payments = [
        {"method": "qris", "tendered": 50_000, "change": 0, "reference": "RRN 1"},
        {"method": "cash", "tendered": 50_000, "change": 20_000, "reference": ""},
    ]
    sold = world.sell(lines=[("Tas rajut", 1000)], payments=payments, shift=shift["id"])
    act(shift, "cash_in", 10_000)
    act(shift, "cash_out", 3_000)
    body = world.sale(lines=[("Tas rajut", 1000)])
    body["lines"][0] |= {"quantity": -1000, "amount": -80_000}
    back = [{"method": "cash", "tendered": 0, "change": 15_000, "reference": ""}]
    back += [{"method": "transfer", "tendered": -65_000, "change": 0, "reference": "BCA 1"}]
    refund = {"refund_of": sold.id, "total": -80_000, "payments": back, "shift": shift["id"]}
    services.record(body | refund, world.person("kasir"))
    assert count(shift, 0)["expected"] == 30_000 + 10_000 - 3_000 - 15_000
    close(shift, 22_000)
    figures = z()
    assert figures["methods"] == {
        "cash": {"sold": 30_000, "returned": 15_000},
        "qris": {"sold": 50_000, "returned": 0},
        "transfer": {"sold": 0, "returned": 65_000},
    }
    assert (figures["sold"], figures["returned"], figures["notas"], figures["returns"]) == (80_000, 80_000, 1, 1)
    assert (figures["cash_in"], figures["cash_out"], len(figures["counts"])) == (10_000, 3_000, 2)


def test_a_z_says_what_was_taken_off(ctx: Any) -> None:
    shift = open_shift(float=0)
    world.sell(lines=[("Tas rajut", 2000, 10_000), ("Cuci motor", 1000)], discount=5_000, shift=shift["id"])
    close(shift, 160_000)
    assert (z()["gross"], z()["discount"], z()["sold"]) == (175_000, 15_000, 160_000)


def test_sales_without_a_shift_are_in_none(ctx: Any) -> None:
    shift = open_shift(float=0)
    assert paid_749_with_1000(None).flags == ()
    assert count(shift, 0)["variance"] == 0


# -- who sells -----------------------------------------------------------------------------------------


def test_a_handover_needs_the_new_cashiers_own_pin(ctx: Any) -> None:
    shift = open_shift()
    with pytest.raises(pins.WrongPin):
        act(shift, "handover", username="petugas", pin=PIN)
    pins.set_own_pin(world.person("petugas"), world.PASSWORD, PIN)
    with pytest.raises(pins.WrongPin):
        act(shift, "handover", username="petugas", pin="999999")
    body = event("handover", username=" Petugas", pin=PIN)
    taken = shifts.act(shift["id"], body, world.person("kasir"))
    assert (taken.answer["cashier"], taken.answer["cashier_name"]) == ("petugas", "Petugas")
    again = shifts.act(shift["id"], body | {"pin": "000000"}, world.person("kasir"))
    assert not again.created and again.answer == taken.answer
    assert PIN not in (db.session.scalar(sa.select(ShiftEvent.document)) or "")


def test_nobody_takes_over_a_drawer_outside_their_scope(ctx: Any) -> None:
    pins.set_own_pin(world.person("kasir-ptk"), world.PASSWORD, PIN)
    with pytest.raises(pins.WrongPin):
        act(open_shift(), "handover", username="kasir-ptk", pin=PIN)


def test_a_sale_is_of_the_cashier_it_names_and_remembers_who_sent_it(ctx: Any) -> None:
    paid_749_with_1000(open_shift(), cashier="petugas")
    sale = db.session.scalars(sa.select(Sale)).one()
    assert (sale.cashier.username, sale.flags) == ("petugas", "")
    assert sale.recorded_by_id == world.person("kasir").id


@pytest.mark.parametrize("name", ["tidak-ada", "kasir-ptk", "pejabat-upt", "KASIR"])
def test_a_cashier_who_may_not_sell_here_is_flagged(ctx: Any, name: str) -> None:
    assert paid_749_with_1000(None, cashier=name).flags == ("cashier_unknown",)
    assert db.session.scalars(sa.select(Sale)).one().cashier.username == "kasir"


# -- close ---------------------------------------------------------------------------------------------


def test_a_close_goes_by_a_count_and_a_variance_needs_its_reason(ctx: Any) -> None:
    shift = open_shift(float=100_000)
    with pytest.raises(shifts.CountFirst):
        act(shift, "close")
    assert count(shift, 99_500)["variance"] == -500
    with pytest.raises(shifts.InvalidShift) as refused:
        act(shift, "close")
    assert "reason" in refused.value.fields
    closed = act(shift, "close", reason="salah kembalian")
    assert (closed["amount"], closed["expected"], closed["variance"]) == (99_500, 100_000, -500)
    assert (z()["reason"], z()["closed_by"]) == ("salah kembalian", "Kasir")


def test_money_that_moves_after_the_count_wants_another_count(ctx: Any) -> None:
    shift = open_shift(float=0)
    count(shift, 0)
    paid_749_with_1000(shift)
    with pytest.raises(shifts.CountFirst):
        act(shift, "close", reason="apa saja")
    close(shift, 749)
    assert z()["counted"] == 749


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"counts": {}}, "counts"),
        ({"counts": {"75000": 1}}, "counts.75000"),
        ({"counts": {"1000": -1}}, "counts.1000"),
        ({"counts": {"1000": 2}, "amount": 1_000}, "amount"),
        ({"counts": [1000]}, "counts"),
        ({"kind": "cash_out", "amount": 0, "reason": "x"}, "amount"),
        ({"kind": "cash_in", "amount": 5, "reason": " "}, "reason"),
        ({"kind": "handover", "pin": PIN}, "username"),
        ({"kind": "lain"}, "kind"),
        ({"at": "kemarin"}, "at"),
        ({"expected": 5}, "expected"),
    ],
)
def test_what_is_wrong_with_an_act_is_named(ctx: Any, over: dict[str, Any], field: str) -> None:
    shift = open_shift()
    with pytest.raises(shifts.InvalidShift) as refused:
        act(shift, **({"kind": "count"} | over))
    assert field in refused.value.fields


def test_a_closed_shift_never_changes_and_the_next_has_the_next_number(ctx: Any) -> None:
    shift = open_shift(float=0)
    close(shift, 0)
    for kind in ("cash_in", "count", "close"):
        with pytest.raises(shifts.ShiftClosed):
            act(shift, kind, 1_000, counts={"1000": 1})
    assert open_shift()["number"] == 2
    for statement in ("UPDATE shift_report SET content = ''", "DELETE FROM shift_event", "DELETE FROM shift"):
        with pytest.raises(sa.exc.DatabaseError, match="written once"), db.engine.begin() as connection:
            connection.execute(sa.text(statement))


def test_closing_twice_is_closing_once(ctx: Any) -> None:
    shift, person = open_shift(float=0), world.person("kasir")
    count(shift, 0)
    body = event("close")
    first, again = (shifts.act(shift["id"], body, person) for _ in range(2))
    assert first.created and not again.created and first.answer == again.answer
    with pytest.raises(shifts.OtherAct):
        shifts.act(shift["id"], body | {"reason": "lain"}, person)
    with pytest.raises(shifts.OtherAct):
        shifts.act(open_shift(register="AMB-2")["id"], body, person)


def test_a_sale_as_it_happens_needs_an_open_shift_of_its_register(ctx: Any) -> None:
    other, closed = open_shift(register="AMB-2"), open_shift(float=0)
    close(closed, 0)
    for shift in (other, closed, {"id": world.new_id()}):
        with pytest.raises(services.Conflict) as refused:
            paid_749_with_1000(shift)
        assert refused.value.code == "shift_closed"


def test_a_late_sale_keeps_its_shift_and_stands_beside_its_z(ctx: Any) -> None:
    shift = open_shift(float=0)
    paid_749_with_1000(shift)
    close(shift, 749)
    before = z()
    assert addendum(shift_row(shift)) is None
    assert paid_749_with_1000(shift, at=late()).flags == ()
    assert report(shift_row(shift)) == before == z()
    added = addendum(shift_row(shift))
    assert added and (added["notas"], added["receipts"]) == (1, [[2, 2]])
    assert added["methods"] == {"cash": {"sold": 749, "returned": 0}}
    body = world.sale(lines=[("Tas rajut", 1000)], shift=shift["id"])
    assert services.record(body, world.person("kasir"), told=True).flags == ()  # it is new, but has happened
    assert report(shift_row(shift)) == before


def test_a_late_sale_of_a_shift_that_nobody_knows_is_flagged(ctx: Any) -> None:
    assert paid_749_with_1000({"id": world.new_id()}, at=late()).flags == ("shift_unknown",)
    assert paid_749_with_1000(open_shift(register="AMB-2"), at=late()).flags == ("shift_unknown",)


def test_a_document_without_the_new_fields_is_what_it_was(ctx: Any) -> None:
    body = world.sale()
    plain = services.record(body, world.person("kasir"))
    document = db.session.scalar(sa.select(Sale.document)) or ""
    assert "shift" not in document and "cashier" not in document
    again = services.record(body | {"shift": None, "cashier": ""}, world.person("kasir"))
    assert not again.created and again.receipt == plain.receipt

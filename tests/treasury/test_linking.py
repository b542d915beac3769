"""Many deposits that cover nothing, linked in one act; and acts on one unit's deposits that meet."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.db import atomic, db
from pos.errors import Conflict, Forbidden
from pos.revenue import deposits
from pos.revenue.models import Billing, Deposit, DepositDay
from pos.treasury import coverage, linking, takings
from pos.units.services import unit_named
from tests import world
from tests.treasury import paid_in
from tests.treasury.paid_in import AMBON, PONTIANAK

LEFT = st.integers(-(10**9), 10**12).filter(bool)


@settings(deadline=None)
@given(left=st.lists(LEFT, max_size=8), amounts=st.lists(st.integers(1, 10**12), max_size=5))
def test_one_after_the_other_they_cover_the_oldest_and_never_more_than_is_open(
    left: list[int], amounts: list[int]
) -> None:
    open_days = [(date(2026, 4, 1) + timedelta(i), value) for i, value in enumerate(left)]
    parts = linking.share(open_days, amounts)
    over = dict(open_days)
    for amount, part in zip(amounts, parts, strict=True):
        assert sum(part.values()) <= amount
        assert all(0 < given <= over[day] or over[day] == given < 0 for day, given in part.items())
        assert part == coverage.propose([(day, value) for day, value in over.items() if value], amount)
        over = {day: value - part.get(day, 0) for day, value in over.items()}
    if parts and sum(parts[-1].values()) < amounts[-1]:
        assert all(value <= 0 for value in over.values()), "something was left, so nothing is open"


def still_open() -> list[takings.Day]:
    return takings.days(takings.Which(), is_open=True)


def old_deposits() -> None:
    """Ambon: two that cover nothing for three open days; Pontianak: one for one day, with something over."""
    for day in (1, 2, 3):
        world.sell(lines=[("Tas rajut", 4_000)], at=f"2026-04-{day:02d}T10:00:00+09:00")  # 18.000 each
    world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)], at="2026-04-03T11:00:00+07:00")  # 18.000
    for amount in (25_000, 20_000):
        paid_in.deposit(amount, {})
    paid_in.deposit(30_000, {}, unit=PONTIANAK, who="petugas-ptk")


def test_all_are_linked_as_they_were_shown_or_nothing_is(app: Any, as_: Any) -> None:
    with app.app_context():
        old_deposits()
        before = [tuple(row) for row in db.session.execute(sa.select(Deposit.__table__).order_by(Deposit.id))]
        shown = linking.plan(world.person("admin"))
        ambon = [(step.left, step.days) for step in shown.steps if step.unit == AMBON]
        april = [date(2026, 4, day) for day in (1, 2, 3)]
        assert ambon == [(25_000, {april[0]: 18_000, april[1]: 7_000}), (20_000, {april[1]: 11_000, april[2]: 9_000})]
        assert (shown.given, shown.left) == (63_000, 75_000)
    page = as_("admin").get("/setoran/tautkan").text
    assert "Rp63.000" in page and "Tetap lebih setor" in page and shown.mark in page
    assert PONTIANAK not in as_("petugas").get("/setoran/tautkan").text
    assert "belum menutup pendapatan hari mana pun" in as_("petugas").get("/setoran").text
    with app.app_context():
        paid_in.deposit(1_000, {})  # somebody else comes in between
    answer = as_("admin").post("/setoran/tautkan", data={"tanda": shown.mark})
    assert answer.status_code == 409 and "berubah sejak ditampilkan" in answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(DepositDay)) == 0
        mark = linking.plan(world.person("petugas")).mark
    assert as_("petugas").post("/setoran/tautkan", data={"tanda": mark}).status_code == 302
    assert as_("admin").get("/setoran/tautkan?unit=Entah").text.count("persis seperti tertulis") == 1
    with app.app_context():
        assert [day.unit_id for day in still_open()] == [
            unit_named(AMBON).id,
            unit_named(PONTIANAK).id,
        ]
        admin = world.person("admin")
        linking.link_all(admin, linking.plan(admin).mark)
        assert linking.plan(admin).links == [] and [day.outstanding for day in still_open()] == [8_000]
        after = [tuple(row) for row in db.session.execute(sa.select(Deposit.__table__).order_by(Deposit.id))]
        assert after[: len(before)] == before, "entries are added, none is edited"
        with pytest.raises(Forbidden):
            linking.link_all(world.person("pejabat"), "")


def test_a_plan_takes_whole_units_and_leaves_the_others_for_the_next(ctx: Any, monkeypatch: Any) -> None:
    old_deposits()
    monkeypatch.setattr(linking, "MOST_DAYS", 4)
    admin = world.person("admin")
    plan = linking.plan(admin)
    assert ({step.unit for step in plan.steps}, plan.later) == ({AMBON}, 1)
    linking.link_all(admin, plan.mark)
    plan = linking.plan(admin)
    assert ([step.unit for step in plan.links], plan.later) == ([PONTIANAK], 0)


# -- two at once ---------------------------------------------------------------------------------------


def meet(app: Any, first: Any, second: Any) -> list[Any]:
    """`first` holds its unit's lock until `second` has begun on a connection of its own; what each ended with."""
    inside, ended = threading.Event(), [None, None]

    def run(i: int, act: Any) -> None:
        with app.app_context():
            try:
                act()
            except Conflict as refused:
                ended[i] = str(refused)

    def hold() -> None:
        with atomic():
            first()
            inside.set()
            late.wait(0.3)

    late = threading.Event()
    threads = [threading.Thread(target=run, args=(0, hold)), threading.Thread(target=run, args=(1, second))]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    [thread.join(20) for thread in threads]
    return ended


def test_a_billing_code_is_paid_or_cancelled_never_both(app: Any) -> None:
    with app.app_context():
        staff, unit = world.person("petugas"), unit_named(AMBON)
        made = [
            coverage.add_billing(unit, staff, {}, code=digit * 15, amount=5_000, issued_on=date(2026, 4, 27)).id
            for digit in "78"
        ]

    def pay(number: int) -> None:
        billing = db.session.get_one(Billing, number)
        paid_in.deposit(5_000, {}, billing=billing, billing_code=billing.code)

    def cancel(number: int) -> None:
        coverage.cancel_billing(db.session.get_one(Billing, number), world.person("petugas"))

    assert meet(app, lambda: pay(made[0]), lambda: cancel(made[0])) == [None, "Kode billing ini sudah dibayar."]
    ended = meet(app, lambda: cancel(made[1]), lambda: pay(made[1]))
    assert ended[0] is None and "sudah dibatalkan" in str(ended[1])
    with app.app_context():
        paid, gone = (db.session.get_one(Billing, number) for number in made)
        assert (coverage.paid_by(paid) is not None, paid.cancelled_at) == (True, None)
        assert (coverage.paid_by(gone), gone.cancelled_at is None) == (None, False)


def test_a_deposit_that_is_taken_back_covers_nothing_though_it_is_linked_at_the_same_time(app: Any) -> None:
    with app.app_context():
        world.sell(lines=[("Tas rajut", 4_000)], at="2026-04-01T10:00:00+09:00")
        number = paid_in.deposit(18_000, {}).id

    def take_back() -> None:
        deposits.take_back(db.session.get_one(Deposit, number), world.person("petugas"), "Salah")

    def link() -> None:
        coverage.link(db.session.get_one(Deposit, number), world.person("petugas"))

    ended = meet(app, take_back, link)
    assert ended[0] is None and "tidak punya sisa" in str(ended[1])
    with app.app_context():
        assert [day.outstanding for day in still_open()] == [18_000]

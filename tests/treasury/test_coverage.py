"""Takings and what covers them: computed = covered + outstanding, after whatever happens."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from pos import clock, money
from pos.catalog import editing
from pos.catalog.models import Product
from pos.db import db, is_sqlite
from pos.errors import Conflict, PosError
from pos.register.models import SaleLine
from pos.revenue import deposits, services
from pos.revenue.models import SHARE_KINDS, Deposit, DepositDay
from pos.treasury import coverage, matching, overview, recap, takings
from pos.units import tree
from pos.units.models import Unit
from pos.units.services import unit_named
from tests import world
from tests.register.after import give_back
from tests.treasury import paid_in
from tests.treasury.paid_in import AMBON

APRIL = (date(2026, 4, 1), date(2026, 4, 30))
LEFT = st.integers(-(10**9), 10**12).filter(bool)


def on(day: int, hour: int = 10) -> str:
    return f"2026-04-{day:02d}T{hour:02d}:00:00+09:00"


def figures() -> dict[int, tuple[int, int]]:
    """Owed and covered by day of the month."""
    rows = takings.days(takings.Which([Unit.id == world.person("petugas").unit_id]))
    return {row.day.day: (row.owed, row.covered) for row in rows}


@settings(deadline=None)
@given(left=st.lists(LEFT, max_size=12), amount=st.integers(1, 10**12))
def test_a_proposal_covers_the_oldest_first_and_never_more(left: list[int], amount: int) -> None:
    open_days = [(date(2026, 4, 1) + timedelta(i), value) for i, value in enumerate(left)]
    chosen = coverage.propose(open_days, amount)
    by_day = dict(open_days)
    assert all(0 < part <= by_day[day] or by_day[day] == part < 0 for day, part in chosen.items())
    if chosen:
        enough = sum(left)
        assert sum(chosen.values()) == min(amount, enough)
        partly = [day for day, value in open_days if value > 0 and chosen.get(day, 0) < value]
        assert all(day not in chosen for day in partly[1:])


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_shares_of_any_scheme_add_up_exactly(data: st.DataObject) -> None:
    points = data.draw(st.lists(st.integers(0, 10_000), min_size=1, max_size=6).filter(lambda p: sum(p) > 0))
    spread = money.spread(10_000, points)
    taker = data.draw(st.integers(0, len(spread) - 1))
    shares = tuple(
        services.Share(f"Bagian {i}", data.draw(st.sampled_from(SHARE_KINDS)), part, i == taker)
        for i, part in enumerate(spread)
    )
    terms = services.Terms(1, "1.", date(2026, 1, 1), data.draw(st.sampled_from(("laba", "penjualan"))), shares)
    amount, cost = data.draw(st.integers(0, 10**12)), data.draw(st.integers(0, 10**12))
    split = services.split(terms, amount, cost, wbp_made=True)
    base = max(0, amount - cost if terms.base == "laba" else amount)
    assert split.base == base == sum(part for _, _, part in split.parts)
    over = [part[2] - base * s.basis_points // 10_000 for part, s in zip(split.parts, shares, strict=True)]
    assert over.pop(taker) < len(shares) and set(over) <= {0}


def test_computed_is_covered_and_outstanding_after_whatever_happens(ctx: Any) -> None:
    """Sales, refunds before and after a deposit, partial cover, one deposit too large, a correction, a link."""
    cut = overview.cut_for(world.person("petugas"), None, None)

    def agree() -> None:
        [row] = overview.lines(cut, *APRIL)
        shown = [takings.Ages(), *(one.ages() for one in takings.open_days(cut.which()))]
        assert row.computed == row.covered + row.outstanding
        assert row.computed == sum(owed for owed, _covered in figures().values())
        assert sum(ages.total for ages in shown) == row.outstanding == row.ages.total
        old = takings.ages(cut.which(), "kanwil_id").values()
        assert [sum(getattr(ages, name) for ages in old) for name in ("late", "credit", "not_due")] == [
            sum(getattr(ages, name) for ages in shown) for name in ("late", "credit", "not_due")
        ]
        lines = sa.select(sa.func.sum(SaleLine.pnbp)).where(SaleLine.wbp_made)
        assert row.computed == db.session.scalar(lines)

    first = world.sell(lines=[("Tas rajut", 10_000)], at=on(1))  # 45.000
    world.sell(lines=[("Tas rajut", 4_000)], at=on(2))  # 18.000
    agree()
    half = paid_in.deposit(30_000)
    assert figures() == {1: (45_000, 30_000), 2: (18_000, 0)}
    agree()
    give_back(first.receipt, {"Tas rajut": 2_000}, sold_at=on(3))  # -9.000 on the day of the refund
    agree()
    rest = paid_in.deposit(60_000)
    assert figures() == {1: (45_000, 45_000), 2: (18_000, 18_000), 3: (-9_000, -9_000)}
    assert coverage.surplus(rest) == 36_000
    agree()
    world.sell(lines=[("Tas rajut", 6_000)], at=on(4))  # 27.000
    assert coverage.link(rest, world.person("petugas")) == 27_000
    agree()
    deposits.take_back(half, world.person("petugas"), "Salah NTPN")
    assert figures()[1] == (45_000, 15_000)
    agree()
    [row] = overview.lines(cut, *APRIL)
    assert (row.deposited, row.ages.late) == (60_000, 30_000)


def test_no_day_is_covered_twice_nor_more_than_the_deposit_has(ctx: Any) -> None:
    world.sell(lines=[("Tas rajut", 10_000)], at=on(1))
    day = date(2026, 4, 1)
    for chosen, amount, field in (
        ({day: 45_001}, 50_000, "days"),
        ({day: 45_000}, 40_000, "amount"),
        ({day: -5}, 9, "days"),
    ):
        with pytest.raises(PosError) as refused:
            paid_in.deposit(amount, chosen)
        assert list(refused.value.fields) == [field]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Deposit)) == 0
    row = paid_in.deposit(45_000, {day: 45_000})
    with pytest.raises(PosError):
        paid_in.deposit(10, {day: 10})
    with pytest.raises(Conflict):
        coverage.link(row, world.person("petugas"))
    for table in ("deposit", "deposit_day"):
        with pytest.raises(sa.exc.DatabaseError, match="written once"), db.engine.begin() as connection:
            connection.execute(sa.text(f"DELETE FROM {table}"))


def test_a_correction_is_a_new_entry_and_frees_the_ntpn(ctx: Any) -> None:
    world.sell(lines=[("Tas rajut", 10_000)], at=on(1))
    wrong = paid_in.deposit(54_000, ntpn="N" * 16)
    with pytest.raises(PosError, match="NTPN"):
        paid_in.deposit(45_000, ntpn="N" * 16)
    right = coverage.record(
        unit_named(AMBON),
        world.person("petugas"),
        None,
        corrected=wrong,
        reason="Salah ketik jumlah",
        **{"billing_code": "1" * 15, "ntpn": "N" * 16, "day": wrong.day, "amount": 45_000},
    )
    rows = db.session.execute(sa.select(Deposit.amount, Deposit.attempt, Deposit.reason).order_by(Deposit.id)).all()
    assert [tuple(row) for row in rows] == [(54_000, 1, ""), (-54_000, 1, "Salah ketik jumlah"), (45_000, 2, "")]
    assert figures() == {1: (45_000, 45_000)} and coverage.surplus(right) == 0
    with pytest.raises(Conflict):
        deposits.take_back(wrong, world.person("petugas"), "sekali lagi")
    assert db.session.scalar(sa.select(sa.func.sum(DepositDay.amount))) == 45_000


def test_a_billing_code_is_paid_once_even_by_two_units_at_the_same_instant(app: Any, monkeypatch: Any) -> None:
    numbers = {AMBON: "A" * 16, paid_in.PONTIANAK: "B" * 16}
    answers: dict[str, Any] = {}
    ready, found_free, look = threading.Barrier(2), threading.Barrier(2), deposits._refuse_twins

    def looked(*asked: Any) -> None:
        look(*asked)
        if len(asked) == 1 and not is_sqlite():  # which lets nobody look while another writes
            found_free.wait(20)

    def pay(unit: str) -> None:
        with app.app_context():
            ready.wait(20)
            try:
                answers[unit] = paid_in.deposit(5_000, {}, unit, billing_code="7" * 15, ntpn=numbers[unit]).id
            except PosError as refused:
                answers[unit] = {name: str(text) for name, text in refused.fields.items()}

    monkeypatch.setattr(deposits, "_refuse_twins", looked)
    threads = [threading.Thread(target=pay, args=(unit,)) for unit in numbers]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    monkeypatch.undo()
    [refused] = [answer for answer in answers.values() if isinstance(answer, dict)]
    assert list(refused) == ["billing_code"] and "sudah dibayar pada 2026-04-27" in refused["billing_code"]
    [first] = [answer for answer in answers.values() if isinstance(answer, int)]
    with app.app_context():
        deposits.take_back(db.session.get_one(Deposit, first), world.person("petugas"), "Salah unit")
        again = paid_in.deposit(6_000, {}, billing_code="7" * 15)
        assert (again.attempt, again.code_attempt) == (1, 2)


def test_renaming_repricing_and_another_scheme_change_no_earlier_figure(ctx: Any) -> None:
    admin, staff = world.person("admin"), world.person("petugas")
    world.sell(lines=[("Tas rajut", 10_000), ("Keripik pisang", 1_500)], at=on(1))
    paid_in.deposit(20_000)
    cut = overview.cut_for(staff, None, None)

    def seen() -> Any:
        months = recap.months(staff, "penjual", *APRIL) + recap.months(staff, "pembuat", *APRIL)
        return [
            overview.lines(cut, *APRIL)[0].computed,
            figures(),
            [(m.unit, m.pnbp, m.premi, dict(m.shares)) for m in months],
        ]

    before = seen()
    unit = unit_named(AMBON)
    product = db.session.scalars(sa.select(Product).where(Product.name == "Tas rajut")).one()
    editing.set_price(admin, product.id, 90_000, 10_000)
    today = clock.today("WIT")
    everything = [services.Share("PNBP", "pnbp", 10_000, True)]
    services.new_scheme(unit, admin, "Semua PNBP", "penjualan", everything, today)
    tree.change_unit(unit, admin, name="Lapas Ambon Baru", kanwil_id=None, day=today)
    assert [m.unit for m in recap.months(staff, "penjual", *APRIL)] == [AMBON]
    assert seen() == before


def test_the_treasury_matches_by_ntpn_and_amount_each_row_once(ctx: Any) -> None:
    world.sell(lines=[("Tas rajut", 40_000)], at=on(1))
    day = date(2026, 4, 27)
    for letter, amount in (("A", 10_000), ("B", 20_000), ("C", 30_000), ("D", 40_000)):
        paid_in.deposit(amount, ntpn=letter * 16)
    rows = [("A" * 16, 10_000), ("B" * 16, 19_000), ("D" * 16, 15_000), ("D" * 16, 25_000), ("X" * 16, 7_000)]
    data = paid_in.csv(*((ntpn, day, amount) for ntpn, amount in rows))
    assert (paid_in.bring_in(data), paid_in.bring_in(data)) == (5, 0)

    def seen(who: str, **narrowed: Any) -> Any:
        keys = db.session.execute(matching.compared(matching.Asked(world.person(who), **narrowed), 100)).all()
        return matching.filled(keys)

    found = seen("pejabat")
    states = {row.ntpn[0]: (row.state, row.ours, row.theirs) for row in found}
    assert states == {
        "A": ("matched", 10_000, 10_000),
        "B": ("differs", 20_000, 19_000),
        "C": ("missing", 30_000, None),
        "D": ("matched", 40_000, 40_000),
        "X": ("unknown", None, 7_000),
    }
    assert not seen("petugas-ptk")
    counted = matching.counts(matching.Asked(world.person("pejabat")))
    for state, (count, amount) in counted.items():
        rows = seen("pejabat", state=state)
        assert (count, amount) == (len(rows), sum(row.ours or row.theirs or 0 for row in rows))
        assert rows == [row for row in found if row.state == state]
    assert [row.ntpn for row in seen("pejabat-pusat", words="ddd ambon", unit="ambon")] == ["D" * 16]
    [row] = overview.lines(overview.cut_for(world.person("petugas"), None, None), *APRIL)
    assert (row.deposited, row.matched) == (100_000, 50_000)

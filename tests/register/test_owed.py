"""Orders with a down payment and goods on consignment: sold now, paid later, never twice."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos import clock
from pos.db import db
from pos.errors import Conflict, NotFound, PosError
from pos.receipts.slip import slip_of
from pos.register import corrections, history, owed
from pos.register.document import InvalidDocument
from pos.register.lookup import sale_numbered
from pos.register.models import Settlement
from pos.register.owed import Money
from pos.register.services import Recorded, record
from pos.reports.audit import audit
from pos.units.models import Gallery
from tests import world
from tests.register.after import refund_body
from tests.register.counter import sales, scan
from tests.register.drawer import close, count, open_shift
from tests.register.test_till_qris import CODE


def order(down: int = 50_000, channel: str = "pesanan", who: str = "Ibu Maria 0811", **over: Any) -> Recorded:
    """Two bags, Rp160.000, of which `down` is paid in cash."""
    payments = [{"method": "cash", "tendered": down, "change": 0, "reference": ""}] if down else []
    payments.append({"method": "owed", "tendered": 160_000 - down, "change": 0, "reference": who})
    return world.sell(channel=channel, payments=payments, **over)


def pay(sold: Recorded, amount: int, method: str = "cash", reference: str = "", **over: Any) -> Settlement:
    paid = Money(amount, method, reference)
    where = {"register": "AMB-1", "settlement_id": world.new_id(), "person": world.person("kasir")} | over
    return owed.settle(receipt=sold.receipt, paid=paid, **where)


def left(sold: Recorded) -> int:
    return owed.left(sale_numbered(sold.receipt))


def give_back(sold: Recorded, pieces: int, payments: list[dict[str, Any]]) -> Recorded:
    return record(refund_body(sold.receipt, {"Tas rajut": pieces}, payments=payments), world.person("petugas"))


def less(amount: int) -> dict[str, Any]:
    return {"method": "owed", "tendered": -amount, "change": 0, "reference": "Ibu Maria 0811"}


def cash_back(amount: int) -> dict[str, Any]:
    return {"method": "cash", "tendered": 0, "change": amount, "reference": ""}


# -- sold now, paid later ------------------------------------------------------------------------------


def test_an_order_leaves_its_rest_owed_until_it_is_paid(ctx: Any) -> None:
    sold = order()
    assert (sold.flags, left(sold)) == ((), 110_000)
    pay(sold, 60_000)
    pay(sold, 50_000, "qris", "RRN 7")
    assert left(sold) == 0
    with pytest.raises(Conflict, match="lunas"):
        pay(sold, 1)


def test_consignment_may_leave_all_of_it_owed(ctx: Any) -> None:
    assert left(order(down=0, channel="titip")) == 160_000


@pytest.mark.parametrize(
    ("over", "field"), [({"channel": "galeri"}, "payments.1.method"), ({"who": ""}, "payments.1.reference")]
)
def test_only_orders_and_consignment_and_only_with_a_name(ctx: Any, over: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        order(**over)
    assert list(refused.value.fields) == [field]


def test_a_settlement_is_taken_once_and_never_more_than_is_owed(ctx: Any) -> None:
    sold, token = order(), world.new_id()
    first, again = (pay(sold, 10_000, settlement_id=token) for _ in range(2))
    assert first.id == again.id and left(sold) == 100_000
    with pytest.raises(Conflict):
        pay(sold, 20_000, settlement_id=token)
    for amount, method, reference, field in (
        (100_001, "qris", "RRN 1", "amount"),
        (0, "cash", "", "amount"),
        (-5, "cash", "", "amount"),
        (1, "owed", "", "method"),
        (1, "qris", "", "reference"),
        (1, "transfer", "x" * 61, "reference"),
    ):
        with pytest.raises(PosError) as refused:
            pay(sold, amount, method, reference)
        assert field in refused.value.fields
    with pytest.raises(NotFound):
        pay(sold, 1, register="PTK-1")
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(sa.update(Settlement).values(amount=1))


def test_what_is_owed_is_no_payment_to_correct(ctx: Any) -> None:
    sale = sale_numbered(order().receipt)
    with pytest.raises(PosError, match="pelunasannya"):
        corrections.correct(sale, 1, corrections.Way("cash", ""), "salah", world.person("petugas"))


# -- the drawer ----------------------------------------------------------------------------------------


def test_what_is_paid_off_in_cash_is_in_the_drawer_of_that_shift(ctx: Any) -> None:
    shift = open_shift(float=100_000)
    sold = order(shift=shift["id"])
    assert count(shift, 0)["expected"] == 150_000
    pay(sold, 30_000)
    pay(sold, 20_000, "transfer", "BCA 1")
    other = order(shift=shift["id"], down=159_251)
    pay(other, 1_000)  # a note for Rp749: the drawer gains what was owed
    assert count(shift, 340_000)["variance"] == 0
    close(shift, 340_000)
    pay(sold, 60_000)  # no shift is open: it is in nobody's drawer
    assert [row.shift_id for row in owed.settlements_of(sale_numbered(sold.receipt))] == [shift["id"]] * 2 + [None]


# -- what comes back -----------------------------------------------------------------------------------


def test_a_refund_takes_off_what_is_owed_before_money_goes_back(ctx: Any) -> None:
    sold = order()
    with pytest.raises(InvalidDocument, match="asalnya") as refused:
        give_back(sold, 1000, [cash_back(80_000)])
    assert "Rp110.000" in str(refused.value.fields["payments"])
    give_back(sold, 1000, [less(80_000)])
    assert left(sold) == 30_000
    give_back(sold, 1000, [less(30_000), cash_back(50_000)])
    assert left(sold) == 0


def test_what_was_paid_off_can_be_given_back(ctx: Any) -> None:
    sold = order()
    pay(sold, 110_000, "transfer", "BCA 1")
    facts = history.facts(world.person("kasir"), sold.receipt)
    assert facts["owed"] == 0
    assert [(way["method"], way["amount"] - way["returned"]) for way in facts["paid"]] == [
        ("cash", 50_000),
        ("owed", 0),
        ("transfer", 110_000),
    ]
    give_back(sold, 2000, [cash_back(160_000)])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(down=st.integers(1, 159_999), acts=st.lists(st.tuples(st.booleans(), st.integers(1, 90_000)), max_size=5))
def test_whatever_is_paid_and_returned_it_adds_up(ctx: Any, down: int, acts: list[tuple[bool, int]]) -> None:
    sold = order(down=down)
    expected, bags = 160_000 - down, 2
    for returns, amount in acts:
        if returns and bags:
            taken_off = min(expected, 80_000)
            rest = [cash_back(80_000 - taken_off)] if taken_off < 80_000 else []
            give_back(sold, 1000, ([less(taken_off)] if taken_off else []) + rest)
            expected, bags = expected - taken_off, bags - 1
        elif expected and not returns:
            expected -= pay(sold, min(amount, expected)).amount
        assert left(sold) == expected
    assert all(rule.holds for rule in audit())


# -- on pages and paper --------------------------------------------------------------------------------


def test_the_list_names_who_owes_and_how_long(app: Flask, as_cashier: Any, as_official: Any, as_: Any) -> None:
    with app.app_context():
        sold = order(at=(clock.now() - timedelta(days=40)).isoformat())
    for reader in (as_cashier, as_official):
        page = reader.get("/belum-dibayar").text
        assert sold.receipt in page and "Ibu Maria 0811" in page and "Rp110.000" in page and "40 hari" in page
    assert sold.receipt not in as_("petugas-ptk").get("/belum-dibayar").text
    assert "110000" in as_cashier.get("/belum-dibayar.csv").text
    assert as_cashier.get("/belum-dibayar.pdf").data.startswith(b"%PDF")
    with app.app_context():
        pay(sold, 110_000)
    assert sold.receipt not in as_cashier.get("/belum-dibayar").text


def test_the_money_is_taken_on_a_page(app: Flask, as_cashier: Any) -> None:
    with app.app_context():
        sold = order()
    address = f"/penjualan/{sold.receipt}/pelunasan"
    form = {"token": world.new_id(), "amount": "500.000", "method": "cash", "reference": "", "register": "AMB-1"}
    refused = as_cashier.post(address, data=form | {"method": "qris", "reference": "RRN 1"})
    assert refused.status_code == 422 and "tinggal Rp110.000" in refused.text and "500.000" in refused.text
    for _ in range(2):  # with notes: what is more than owed is given back
        paid = as_cashier.post(address, data=form, follow_redirects=True).text
        assert "Kembalian Rp390.000" in paid and "Pelunasan Rp110.000 tercatat" in paid
        assert "Masih belum dibayar</dt><dd>Rp0" in paid
    assert as_cashier.get(address).status_code == 302


def test_the_receipt_says_what_is_owed_and_what_was_paid_off(ctx: Any) -> None:
    sold = order()
    pay(sold, 110_000, "qris", "RRN 7")
    paid = slip_of(sale_numbered(sold.receipt), "https://etalase.test").paid
    assert paid[:2] == (("Tunai", 50_000), ("Belum dibayar Ibu Maria 0811", 110_000))
    assert paid[2][0].startswith("Pelunasan ") and paid[2][0].endswith("QRIS RRN 7") and paid[2][1] == 110_000


# -- at the till ---------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_down_payment_at_the_till_and_the_rest_later(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(sa.update(Gallery).values(qris=CODE))
    page = till()
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F7")
    expect(page.locator("#pay-owed")).to_be_hidden()
    page.keyboard.press("Escape")
    page.locator("#channel").select_option("pesanan")
    page.keyboard.press("F4")
    page.locator("#pay-amount").fill("30.000")
    page.keyboard.press("Enter")
    expect(page.locator("#pay-go")).to_have_text("Catat belum dibayar Rp50.000")
    page.keyboard.press("Enter")
    expect(page.locator("#pay-error")).to_have_text("Tulis siapa yang akan membayar.")
    page.get_by_label("Siapa yang akan membayar, dan teleponnya").fill("Ibu Maria 0811")
    page.keyboard.press("Enter")
    expect(page.locator("#paid-label")).to_have_text("Belum dibayar")
    expect(page.locator("#paid-giant")).to_have_text("Rp50.000")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    [sale] = sales(app)
    assert sale["payments"] == [("owed", 50_000, 0, "Ibu Maria 0811"), ("cash", 30_000, 0, "")]
    page.keyboard.press("F9")
    expect(page.locator("#back-recent")).to_contain_text("belum dibayar Rp50.000")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Terima pelunasan AMB-1-000001").click()
    form = opened.value
    expect(form.get_by_label("Uang diterima")).to_have_value("50.000")
    form.get_by_label("QRIS").check()
    expect(form.get_by_role("img", name="Bayar dengan QRIS Rp50.000")).to_be_visible()
    form.get_by_label("Tunai").check()
    form.get_by_label("Uang diterima").fill("100.000")
    expect(form.locator("#settle-change")).to_have_text("Kembalian Rp50.000")
    form.get_by_role("button", name="Catat pelunasan").click()
    expect(form.get_by_text("Kembalian Rp50.000.")).to_be_visible()
    expect(form.get_by_text("Pelunasan Rp50.000 tercatat.")).to_be_visible()


@pytest.mark.browser
def test_a_return_at_the_till_gives_no_money_that_was_never_paid(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    with app.app_context():
        order()
    page = till(who="petugas")
    page.keyboard.press("F9")
    page.get_by_role("button", name="Batal AMB-1-000001").click()
    expect(page.locator("#back-total")).to_have_text("Rp50.000")
    expect(page.locator("#back-swap")).to_be_hidden()
    page.locator("#back-go").click()
    expect(page.locator("#back-giant")).to_have_text("Rp50.000")
    expect(page.locator("#back-done-text")).to_contain_text("AMB-1-000002")
    refund = sales(app)[1]
    assert [payment[:3] for payment in refund["payments"]] == [("owed", -110_000, 0), ("cash", 0, 50_000)]

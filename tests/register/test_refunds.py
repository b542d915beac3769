"""What comes back: exactly what was paid, however it is parted, and never a piece more."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos import money
from pos.db import db
from pos.register.document import InvalidDocument
from pos.register.models import Sale, SaleLine
from pos.register.services import record
from tests import world
from tests.register.after import give_back, refund_body

GOODS = ("Tas rajut", "Air mineral PIPAS", "Kue kering kenari", "Cuci motor")
LINES = st.lists(
    st.tuples(st.sampled_from(GOODS), st.integers(1, 5), st.integers(0, 5_000)),
    min_size=1,
    max_size=4,
    unique_by=lambda line: line[0],
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES, st.integers(500, 4_000), st.integers(0, 5_000), st.sampled_from([1, 100, 500]), st.booleans(), st.data())
def test_any_refunds_of_any_sale_return_what_was_paid_and_no_more(
    ctx: Any, goods: list[tuple[str, int, int]], grams: int, discount: int, step: int, in_coins: bool, data: Any
) -> None:
    """Also in coins there are: never further from the goods on the way than a sale may be."""
    lines = [(name, pieces * 1000, off) for name, pieces, off in goods] + [("Keripik pisang", grams, 0)]
    over = world.sale(lines=lines, discount=discount)["total"] % step
    sold = world.sell(lines=lines, discount=discount, rounding=step - over if 2 * over >= step else -over)
    left = {name: quantity for name, quantity, _ in lines}
    while any(left.values()):
        part = {name: data.draw(_some(name, room), name) for name, room in left.items()}
        if not any(part.values()):
            part = dict(left)
        give_back(sold.receipt, part, step=step if in_coins else 0)
        left = {name: room - part[name] for name, room in left.items()}
        paid, back = _totals(sold.id)
        assert 0 <= back <= paid and 2 * abs(back - _goods_back(sold.id)) <= step
    assert back == paid
    with pytest.raises(InvalidDocument):
        record(_one_more(sold.id), world.person("petugas"))


def _some(name: str, room: int) -> Any:
    if name == "Keripik pisang":
        return st.integers(0, room)
    return st.integers(0, room // 1000).map(lambda pieces: pieces * 1000)


def _totals(sale_id: str) -> tuple[int, int]:
    paid = db.session.scalar(sa.select(Sale.total).where(Sale.id == sale_id)) or 0
    back = -(db.session.scalar(sa.select(sa.func.sum(Sale.total)).where(Sale.refund_of == sale_id)) or 0)
    both = sa.or_(Sale.id == sale_id, Sale.refund_of == sale_id)
    by_line = db.session.scalar(sa.select(sa.func.sum(SaleLine.amount)).join(Sale).where(both)) or 0
    assert by_line + (db.session.scalar(sa.select(sa.func.sum(Sale.rounding)).where(both)) or 0) == paid - back
    db.session.rollback()
    return paid, back


def _goods_back(sale_id: str) -> int:
    return -(
        db.session.scalar(sa.select(sa.func.sum(SaleLine.amount)).join(Sale).where(Sale.refund_of == sale_id)) or 0
    )


def _one_more(sale_id: str) -> dict[str, Any]:
    body = world.sale(lines=[("Keripik pisang", 1)], refund_of=sale_id, total=0, payments=[])
    body["lines"][0] |= {"quantity": -1, "amount": 0}
    return body


def test_rounding_gives_back_what_was_paid_and_may_be_left(ctx: Any) -> None:
    sold = world.sell(lines=[("Tas rajut", 2000, 40)], rounding=40)
    give_back(sold.receipt, {"Tas rajut": 1000}, step=100)
    assert _totals(sold.id) == (160_000, 80_000)  # for goods of 79.980
    last = refund_body(sold.receipt)
    assert (last["rounding"], last["total"]) == (-20, -80_000)
    for rounding, total in ((-21, 80_001), (480 + 21, 79_479)):
        with pytest.raises(InvalidDocument) as refused:
            give_back(sold.receipt, rounding=rounding, total=-total, payments=_cash(total))
        assert "rounding" in refused.value.fields
    record(last | {"rounding": 0, "total": -79_980, "payments": _cash(79_980)}, world.person("petugas"))
    assert _totals(sold.id) == (160_000, 159_980)  # a till that does not know of the other part


def test_rounding_keeps_near_the_goods_however_often(ctx: Any) -> None:
    sold = world.sell(lines=[("Tas rajut", 2000)])
    give_back(sold.receipt, {"Tas rajut": 1000}, rounding=400, total=-79_600, payments=_cash(79_600))
    with pytest.raises(InvalidDocument) as refused:
        give_back(sold.receipt, rounding=400, total=-79_600, payments=_cash(79_600))
    assert "tinggal Rp80.400" in str(refused.value.fields["rounding"])


def _cash(amount: int) -> list[dict[str, Any]]:
    return [{"method": "cash", "tendered": 0, "change": amount, "reference": ""}]


@given(st.integers(0, 10**12), st.lists(st.integers(1, 10**6), min_size=1, max_size=12))
def test_portions_taken_one_after_the_other_make_the_whole(whole: int, parts: list[int]) -> None:
    before, returned = 0, []
    for part in parts:
        returned.append(money.portion(whole, before, part, sum(parts)))
        before += part
    assert sum(returned) == whole and min(returned) >= 0


def test_two_refunds_of_the_same_last_piece_are_one(app: Any) -> None:
    with app.app_context():
        receipt = world.sell(lines=[("Tas rajut", 1000)]).receipt
        bodies = [refund_body(receipt, register=code) for code in ("AMB-1", "AMB-2")]
    answers: list[Any] = [None, None]
    ready = threading.Barrier(2)

    def send(i: int) -> None:
        with app.app_context():
            person = world.person("petugas")
            db.session.rollback()
            ready.wait()
            try:
                answers[i] = record(bodies[i], person)
            except InvalidDocument as refused:
                answers[i] = str(refused.fields["lines.0.quantity"])

    threads = [threading.Thread(target=send, args=(i,)) for i in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    refused = [answer for answer in answers if isinstance(answer, str)]
    assert len(refused) == 1 and "tinggal 0" in refused[0]


def test_what_is_left_is_told_line_by_line(app: Any, as_cashier: Any) -> None:
    with app.app_context():
        sold = world.sell(lines=[("Tas rajut", 3000, 1), ("Keripik pisang", 1500)], discount=10_000)
        give_back(sold.receipt, {"Tas rajut": 1000, "Keripik pisang": 500})
    facts = as_cashier.get(f"/api/sales/{sold.receipt}").json
    bag, crisps = facts["lines"]
    assert (bag["name"], bag["quantity"], bag["returned"], bag["left"]) == ("Tas rajut", 3000, 1000, 2000)
    assert (crisps["name"], crisps["left"]) == ("Keripik pisang", 1000)
    with app.app_context():
        body = refund_body(sold.receipt)
    assert bag["amount_left"] + crisps["amount_left"] == -body["total"]
    assert facts["paid"] == [
        {"method": "cash", "reference": "", "amount": facts["total"], "returned": facts["paid"][0]["returned"]}
    ]
    assert facts["total"] - facts["paid"][0]["returned"] == -body["total"]


def test_a_refund_itself_has_nothing_left(app: Any, as_cashier: Any) -> None:
    with app.app_context():
        sold = world.sell()
        back = give_back(sold.receipt)
    facts = as_cashier.get(f"/api/sales/{back.receipt}").json
    assert facts["refund_of"] == sold.receipt and {line["left"] for line in facts["lines"]} == {0}


def test_the_newest_sales_of_a_register(app: Any, as_cashier: Any) -> None:
    with app.app_context():
        world.sell(register="AMB-2")
        for _ in range(21):
            sold = world.sell()
        back = give_back(sold.receipt, {"Tas rajut": 1000})
    sales = as_cashier.get("/api/sales?register=AMB-1").json["sales"]
    assert len(sales) == 20 and [sale["number"] for sale in sales] == list(range(22, 2, -1))
    assert (sales[0]["receipt"], sales[0]["is_refund"], sales[0]["total"]) == (back.receipt, True, -80_000)
    assert (sales[1]["returned"], sales[1]["methods"]) == (80_000, ["cash"])
    assert as_cashier.get("/api/sales?register=PTK-1").status_code == 404

"""The one door: exactly once, to the rupiah, at its own day."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos import clock
from pos.campaigns.models import Turnover
from pos.catalog.models import Barcode, Price, Product
from pos.catalog.services import next_version
from pos.db import atomic, db
from pos.register import prices, services
from pos.register.models import Sale, SaleConflict, SaleLine
from tests import world


def totals() -> dict[str, int]:
    row = db.session.execute(
        sa.select(
            *[
                sa.func.coalesce(sa.func.sum(getattr(Turnover, n)), 0).label(n)
                for n in ("omzet", "pieces", "sales", "maker_sales", "pnbp", "premi")
            ]
        ).where(Turnover.wbp_made)
    ).one()
    return {k: int(v) for k, v in row._mapping.items()}


def test_a_sale_is_stored_with_the_shares_of_the_scheme(ctx: Any) -> None:
    recorded = world.sell(lines=[("Tas rajut", 10_000)])
    assert recorded.created and recorded.receipt == "AMB-1-000001" and recorded.flags == ()
    line = db.session.execute(sa.select(SaleLine)).scalar_one()
    assert (line.amount, line.cost, line.base, line.premi, line.other_shares, line.pnbp) == (
        800_000,
        500_000,
        300_000,
        150_000,
        105_000,
        45_000,
    )
    assert totals() == {
        "omzet": 800_000,
        "pieces": 10_000,
        "sales": 1,
        "maker_sales": 1,
        "pnbp": 45_000,
        "premi": 150_000,
    }


def test_the_same_document_twice_is_one_sale(ctx: Any) -> None:
    body = world.sale()
    first = services.record(body, world.person("kasir"))
    again = services.record(dict(reversed(body.items())), world.person("kasir"))
    assert first.created and not again.created
    assert (first.receipt, first.code, first.flags) == (again.receipt, again.code, again.flags)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Sale)) == 1


def test_the_same_id_with_another_body_is_kept_as_a_conflict(ctx: Any) -> None:
    body = world.sale()
    services.record(body, world.person("kasir"))
    for _ in range(2):
        with pytest.raises(services.OtherDocument):
            services.record(body | {"note": "lain"}, world.person("kasir"))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SaleConflict)) == 1


def test_ten_threads_with_one_document_make_one_sale(app: Any) -> None:
    with app.app_context():
        body, person = world.sale(), world.person("kasir")
    answers: list[services.Recorded] = []

    def send() -> None:
        with app.app_context():
            answers.append(services.record(body, person))

    threads = [threading.Thread(target=send) for _ in range(10)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert len({(a.id, a.receipt, a.code) for a in answers}) == 1 and sum(a.created for a in answers) == 1


def test_goods_not_made_by_wbp_owe_nothing_and_stay_out_of_omzet(ctx: Any) -> None:
    world.sell(lines=[("Air mineral PIPAS", 3000)])
    assert totals()["omzet"] == 0 and totals()["sales"] == 0


def test_a_nota_of_two_makers_is_one_for_the_seller_and_one_for_each_maker(ctx: Any) -> None:
    world.sell(lines=[("Air mineral PIPAS", 1000), ("Tas rajut", 1000), ("Miniatur kapal", 1000)])
    assert (totals()["sales"], totals()["maker_sales"]) == (1, 2)


@pytest.mark.parametrize(
    ("username", "register", "product", "at", "day"),
    [
        ("kasir", "AMB-1", "Tas rajut", "2026-04-25T23:59:00+09:00", "2026-04-25"),
        ("kasir-ptk", "PTK-1", "Miniatur kapal", "2026-04-26T00:10:00+07:00", "2026-04-26"),
        ("kasir-kdi", "KDI-1", "Meja jati", "2026-04-25T16:05:00Z", "2026-04-26"),
    ],
)
def test_a_sale_lands_on_its_sellers_own_day(
    ctx: Any, username: str, register: str, product: str, at: str, day: str
) -> None:
    assert world.sell(username, register, [(product, 1000)], at=at).business_date.isoformat() == day


def test_a_live_sale_whose_buyer_was_told_has_happened_but_may_still_be_given_another_number(
    app: Flask, as_cashier: Any
) -> None:
    with app.app_context():
        body = world.sale(lines=[("Tas rajut", 1000)])
    body["lines"][0] |= {"unit_price": 70_000, "amount": 70_000}
    body |= {"total": 70_000, "payments": [{"method": "cash", "tendered": 70_000, "change": 0, "reference": ""}]}
    told = {"X-Told": "1"}
    assert as_cashier.post("/api/sales", json=body).json["error"]["code"] == "price_changed"
    ahead = as_cashier.post("/api/sales", json=body | {"number": body["number"] + 1}, headers=told)
    assert ahead.json["error"]["code"] == "number_taken"
    answer = as_cashier.post("/api/sales", json=body, headers=told)
    assert (answer.status_code, answer.json["flags"]) == (201, ["price"])


def test_a_live_sale_at_an_old_price_is_shown_again_and_a_late_one_is_flagged(ctx: Any) -> None:
    body = world.sale(lines=[("Tas rajut", 1000)])
    body["lines"][0] |= {"unit_price": 70_000, "amount": 70_000}
    body |= {"total": 70_000, "payments": [{"method": "cash", "tendered": 70_000, "change": 0, "reference": ""}]}
    with pytest.raises(prices.PriceChanged) as refused:
        services.record(body, world.person("kasir"))
    assert refused.value.data == {"prices": {world.code("Tas rajut"): 80_000}}
    late = services.record(body | {"sold_at": "2026-04-20T10:00:00+09:00"}, world.person("kasir"))
    assert late.flags == ("price",)


@pytest.mark.parametrize(
    ("buyer", "quantity", "price", "taken"),
    [
        ("masyarakat", 11, 80_000, True),
        ("masyarakat", 11, 70_000, False),
        ("masyarakat", 12, 70_000, True),
        ("masyarakat", 12, 80_000, True),  # of a till whose page is older than the rule
        ("masyarakat", 12, 69_999, False),
        ("masyarakat", 12, 75_000, False),
        ("petugas", 1, 75_000, True),
        ("wbp", 1, 75_000, True),
        ("wbp", 12, 70_000, True),
        ("instansi", 1, 75_000, False),
    ],
)
def test_a_live_sale_may_ask_what_its_quantity_and_buyer_are_asked_and_nothing_below(
    ctx: Any, buyer: str, quantity: int, price: int, taken: bool
) -> None:
    with atomic() as session:
        product = session.scalar(sa.select(Product).where(Product.name == "Tas rajut"))
        more = {"wholesale": 70_000, "wholesale_from": 12_000, "inside": 75_000}
        product.prices.append(Price(from_at=clock.now(), amount=80_000, cost=50_000, **more))
        product.version = next_version()
    total = quantity * price
    body = world.sale(lines=[("Tas rajut", quantity * 1000)], buyer=buyer)
    body["lines"][0] |= {"unit_price": price, "amount": total}
    body |= {"total": total, "payments": [{"method": "cash", "tendered": total, "change": 0, "reference": ""}]}
    if taken:
        assert services.record(body, world.person("kasir")).flags == ()
        rate = {80_000: "", 70_000: "wholesale", 75_000: "inside"}[price]
        kept = sa.select(SaleLine.unit_price, SaleLine.amount, SaleLine.rate)
        assert db.session.execute(kept).one() == (price, total, rate)
        return
    with pytest.raises(prices.PriceChanged) as refused:
        services.record(body, world.person("kasir"))
    assert refused.value.data == {"prices": {world.code("Tas rajut"): 80_000}}
    if buyer == "instansi":
        late = services.record(body | {"sold_at": "2026-04-20T10:00:00+09:00"}, world.person("kasir"))
        assert "price" in late.flags


@pytest.mark.parametrize(
    ("channel", "bid", "taken"),
    [("lelang", 95_000, True), ("lelang", 80_000, True), ("lelang", 79_999, False), ("galeri", 95_000, False)],
)
def test_at_an_auction_a_piece_sells_at_what_was_bid_from_its_price_up(
    ctx: Any, channel: str, bid: int, taken: bool
) -> None:
    with atomic() as session:
        product = session.scalar(sa.select(Product).where(Product.name == "Tas rajut"))
        product.auction, product.version = True, next_version()
    body = world.sale(lines=[("Tas rajut", 1000)], channel=channel)
    body["lines"][0] |= {"unit_price": bid, "amount": bid}
    body |= {"total": bid, "payments": [{"method": "cash", "tendered": bid, "change": 0, "reference": ""}]}
    if not taken:
        with pytest.raises(prices.PriceChanged):
            services.record(body, world.person("kasir"))
        return
    assert services.record(body, world.person("kasir")).flags == ()
    line = body["lines"][0] | {"quantity": -1000, "amount": -bid}
    back = {"refund_of": body["id"], "id": world.new_id(), "number": body["number"] + 1, "total": -bid, "lines": [line]}
    given = [{"method": "cash", "tendered": 0, "change": bid, "reference": ""}]
    services.record(body | back | {"payments": given}, world.person("kasir"))
    assert set(db.session.scalars(sa.select(SaleLine.rate))) == {"auction"}


def test_refunds_in_three_parts_return_exactly_what_was_paid(ctx: Any) -> None:
    sold = world.sell(lines=[("Tas rajut", 3000, 1), ("Kue kering kenari", 1000)], discount=10_000)
    paid = db.session.execute(sa.select(SaleLine.amount).order_by(SaleLine.position)).scalars().first()
    returned = 0
    for part in range(3):
        whole = round(paid * (part + 1) / 3 + 1e-9)
        amount = -(int(paid * (part + 1) / 3 + 0.5) - int(paid * part / 3 + 0.5)) if part else -int(paid / 3 + 0.5)
        assert whole
        body = world.sale(lines=[("Tas rajut", 1000)])
        body |= {
            "refund_of": sold.id,
            "total": amount,
            "payments": [{"method": "cash", "tendered": 0, "change": -amount, "reference": ""}],
        }
        body["lines"][0] |= {"quantity": -1000, "amount": amount, "discount": 0}
        services.record(body, world.person("kasir"))
        returned += amount
    assert returned == -paid
    with pytest.raises(services.InvalidDocument) as refused:
        services.record(body | {"id": world.new_id(), "number": world.number_of("AMB-1")}, world.person("kasir"))
    assert "tinggal 0" in str(refused.value.fields["lines.0.quantity"])
    assert totals()["omzet"] == db.session.scalar(sa.select(sa.func.sum(SaleLine.amount)))


def test_the_database_refuses_to_change_or_delete_what_was_sold(ctx: Any) -> None:
    world.sell()
    for table in ("sale", "sale_line", "payment", "stock_move"):
        for statement in (
            f"DELETE FROM {table}",
            f"UPDATE {table} SET sale_id = sale_id" if table != "sale" else "UPDATE sale SET total = 1",
        ):
            with pytest.raises(sa.exc.DatabaseError, match="written once"), db.engine.begin() as connection:
                connection.execute(sa.text(statement))


def refund_of(sold: services.Recorded, quantity: int, amount: int, **over: Any) -> dict[str, Any]:
    """A document that gives back `quantity` thousandths of Tas rajut for `amount` rupiah."""
    body = world.sale(lines=[("Tas rajut", 1000)])
    body["lines"][0] |= {"quantity": -quantity, "amount": -amount, "discount": 0}
    paid = {"method": "cash", "tendered": 0, "change": amount, "reference": ""}
    return body | {"refund_of": sold.id, "total": -amount, "payments": [paid]} | over


def test_a_refund_gives_back_whole_pieces_and_is_not_rounded(ctx: Any) -> None:
    sold = world.sell(lines=[("Tas rajut", 1000)])
    with pytest.raises(services.InvalidDocument) as refused:
        services.record(refund_of(sold, 1, 80), world.person("kasir"))
    assert "utuh" in str(refused.value.fields["lines.0.quantity"])
    body = refund_of(sold, 1000, 80_000, rounding=-500, total=-80_500)
    body["payments"][0]["change"] = 80_500
    with pytest.raises(services.InvalidDocument) as refused:
        services.record(body, world.person("kasir"))
    assert "rounding" in refused.value.fields


@pytest.mark.parametrize(
    ("discount", "rounding", "fine"), [(50, 50, True), (40, -60, False), (0, -437, False), (150, -350, False)]
)
def test_cash_is_rounded_to_the_nearest_step_or_not_at_all(ctx: Any, discount: int, rounding: int, fine: bool) -> None:
    def sell() -> services.Recorded:
        recorded: services.Recorded = world.sell(lines=[("Tas rajut", 1000)], discount=discount, rounding=rounding)
        return recorded

    if fine:
        assert sell().created
        return
    with pytest.raises(services.InvalidDocument) as refused:
        sell()
    assert "rounding" in refused.value.fields


def test_of_a_split_bill_only_the_cash_is_rounded(ctx: Any) -> None:
    qris = {"method": "qris", "tendered": 12_345, "change": 0, "reference": "QR-1"}
    for cash, rounding, fine in [(67_700, 45, True), (67_655, 0, True), (67_600, -55, False), (67_710, 55, False)]:
        paid = [qris, {"method": "cash", "tendered": cash, "change": 0, "reference": ""}]
        body = world.sale(lines=[("Tas rajut", 1000)], rounding=rounding, payments=paid)
        if fine:
            assert services.record(body, world.person("kasir")).created
            continue
        with pytest.raises(services.InvalidDocument) as refused:
            services.record(body, world.person("kasir"))
        assert "rounding" in refused.value.fields


def test_a_refund_may_name_another_barcode_of_the_product(ctx: Any) -> None:
    sold = world.sell(lines=[("Tas rajut", 1000)])
    with atomic() as session:
        product = session.scalar(sa.select(Product).where(Product.name == "Tas rajut"))
        product.barcodes.append(Barcode(code="ABC-1", symbology="other"))
        product.version = next_version()
    body = refund_of(sold, 1000, 80_000)
    body["lines"][0]["product"] = "ABC-1"
    assert services.record(body, world.person("kasir")).created


def test_a_refund_dated_before_its_sale_is_flagged(ctx: Any) -> None:
    sold = world.sell(lines=[("Tas rajut", 1000)])
    body = refund_of(sold, 1000, 80_000, sold_at="2023-04-26T10:00:00+09:00")
    assert services.record(body, world.person("kasir")).flags == ("before_sale", "not_approved")


def test_a_clock_that_runs_ahead_is_flagged_and_sells_at_todays_price_and_cost(ctx: Any) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    with atomic() as session:
        product = session.scalar(sa.select(Product).where(Product.name == "Tas rajut"))
        product.prices.append(Price(from_at=clock.now() + timedelta(hours=12), amount=90_000, cost=60_000))
        product.version = next_version()
    sold = world.sell(lines=[("Tas rajut", 1000)], at=tomorrow.isoformat())
    assert sold.flags == ("clock_ahead",)
    assert db.session.execute(sa.select(SaleLine.cost, SaleLine.pnbp)).one() == (50_000, 4_500)


def test_a_late_number_far_ahead_cannot_stop_the_register(ctx: Any) -> None:
    with pytest.raises(services.NumberTaken):
        world.sell(at="2026-04-20T10:00:00+09:00", number=2_000_000_000)


def test_hostile_documents_get_a_400_or_a_422(as_cashier: Any) -> None:
    deep = "[" * 100_000
    assert as_cashier.post("/api/sales", data=deep, content_type="application/json").status_code == 400
    many = {f"x{i}": 1 for i in range(5_000)}
    refused = as_cashier.post("/api/sales", json=many)
    assert refused.status_code == 422 and len(refused.json["error"]["fields"]) < 60
    assert as_cashier.post("/api/sales", json={"note": "x" * 300_000}).status_code == 413
    for sold_at in ("2026-04-26 09:30:12", "2026-W17-1T09:00+09:00", "2026-04-26 09:30:00+09:00"):
        assert "sold_at" in as_cashier.post("/api/sales", json={"sold_at": sold_at}).json["error"]["fields"]

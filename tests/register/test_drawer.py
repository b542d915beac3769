"""Whatever is done in a shift, the drawer is what went in less what came out."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos.register import services
from pos.register.shift_reports import report, shift_for
from tests import world
from tests.register.drawer import act, close, count, open_shift

AMOUNT = st.integers(1, 2_000_000)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), st.integers(1, 15_000), st.integers(0, 100_000)),  # of a total; so much too much
        st.tuples(st.just("elsewhere"), st.integers(1, 15_000), st.just(0)),  # by QRIS
        st.tuples(st.just("return"), st.just(0), st.just(0)),
        st.tuples(st.just("cash_in"), AMOUNT, st.just(0)),
        st.tuples(st.just("cash_out"), AMOUNT, st.just(0)),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(opening_cash=st.integers(0, 1_000_000), acts=ACTS, counted=st.integers(0, 3_000_000))
def test_the_drawer_is_what_went_in_less_what_came_out(ctx: Any, opening_cash: int, acts: Any, counted: int) -> None:
    shift = open_shift(float=opening_cash)
    drawer, sold = opening_cash, []
    for kind, amount, over in acts:
        if kind in ("cash_in", "cash_out"):
            act(shift, kind, amount)
            drawer += amount if kind == "cash_in" else -amount
        elif kind == "return":
            drawer -= _return(shift, *sold.pop()) if sold else 0
        else:
            method = "cash" if kind == "sell" else "qris"
            sold.append((_sell(shift, method, amount, over), amount))
            drawer += (amount + over) - over if kind == "sell" else 0
    assert count(shift, counted)["variance"] == counted - drawer
    close(shift, counted, "dihitung ulang")
    figures = report(shift_for(world.person("kasir"), shift["id"]))
    assert figures["expected"] == drawer
    assert figures["sold"] == sum(m["sold"] for m in figures["methods"].values())
    assert figures["returned"] == sum(m["returned"] for m in figures["methods"].values())
    assert figures["gross"] - figures["discount"] + figures["rounding"] == figures["sold"]


def _sell(shift: Any, method: str, total: int, over: int) -> str:
    reference = "" if method == "cash" else "RRN 1"
    payments = [{"method": method, "tendered": total + over, "change": over, "reference": reference}]
    recorded = world.sell(lines=[("Cuci motor", 1000, 15_000 - total)], payments=payments, shift=shift["id"])
    return str(recorded.id)


def _return(shift: Any, sale_id: str, total: int) -> int:
    """Gives all of it back in cash, however it was paid."""
    body = world.sale(lines=[("Cuci motor", 1000)])
    body["lines"][0] |= {"quantity": -1000, "amount": -total}
    paid = [{"method": "cash", "tendered": 0, "change": total, "reference": ""}]
    refund = {"refund_of": sale_id, "total": -total, "payments": paid, "shift": shift["id"]}
    services.record(body | refund, world.person("kasir"))
    return total

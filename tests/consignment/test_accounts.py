"""Goods of one unit sold by another: each sale counts once for both, and what is owed adds up from either side."""

import threading
import uuid
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos import clock
from pos.consignment import acts, services
from pos.consignment.acts import Paid
from pos.db import db
from pos.errors import Conflict, Forbidden, NotFound, PosError
from pos.register.models import Sale, SaleLine
from pos.register.services import record
from pos.units import services as units
from tests import world

TILLS = {"AMB-1": "kasir", "PTK-1": "kasir-ptk", "KDI-1": "kasir-kdi"}
GOODS = ("Tas rajut", "Keripik pisang", "Miniatur kapal", "Kue kering kenari")
SALES = st.lists(
    st.tuples(st.sampled_from(sorted(TILLS)), st.sampled_from(GOODS), st.integers(1, 5), st.booleans()),
    min_size=1,
    max_size=8,
)
AMBON, PONTIANAK = "Lapas Kelas IIA Ambon", "Lapas Kelas IIA Pontianak"


def pair(seller: str = PONTIANAK, maker: str = AMBON) -> tuple[int, int]:
    return units.unit_named(seller).id, units.unit_named(maker).id


def settle(amount: int, reference: str = "BRI 1", username: str = "petugas-ptk", id_: str | None = None) -> Any:
    today = clock.today("WIB")
    return acts.settle(world.person(username), id_ or str(uuid.uuid4()), *pair(), Paid(today, today, amount, reference))


def give_back(sold: Any, register: str, name: str) -> None:
    body = world.sale(register, [(name, 1000)])
    price = world.price(name)
    body["lines"][0] |= {"quantity": -1000, "amount": -price}
    handed = [{"method": "cash", "tendered": 0, "change": price, "reference": ""}]
    record(body | {"refund_of": sold.id, "total": -price, "payments": handed}, world.person(TILLS[register]))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sales=SALES, commission=st.integers(0, 10_000))
def test_what_sellers_owe_is_what_makers_are_owed_is_what_the_lines_say(
    ctx: Any, sales: list[Any], commission: int
) -> None:
    acts.agree(world.person("petugas"), *pair(), commission, clock.today("WIB"))
    for register, name, pieces, returned in sales:
        sold = world.sell(TILLS[register], register, [(name, pieces * 1000)])
        if returned:
            give_back(sold, register, name)
    everyone = services.accounts(world.person("admin"))
    lines = sa.select(sa.func.coalesce(sa.func.sum(SaleLine.amount), 0)).join(Sale)
    assert sum(one.sold for one in everyone) == db.session.scalar(lines.where(SaleLine.maker_id != Sale.seller_id))
    units_ = units.units_for(world.person("admin"))
    for side in ("penjual", "pembuat"):  # each unit by itself, as its own people see it
        seen = [
            services.accounts(replace(world.person("admin"), path=unit.path), side) for unit in units_ if unit.number
        ]
        assert sum(one.due for found in seen for one in found) == sum(one.due for one in everyone)
    for one in everyone:
        assert one.commission >= 0 and one.due == one.sold - one.commission
        assert sum(one.ages) == max(0, one.outstanding)
        agreed = (one.seller_id, one.maker_id) == pair()
        assert agreed or one.commission == 0


def test_a_payment_is_counted_once_until_the_maker_denies_it(ctx: Any) -> None:
    world.sell("kasir-ptk", "PTK-1", [("Tas rajut", 3000)])
    seller, maker = (units.unit_named(name) for name in (PONTIANAK, AMBON))
    assert services.outstanding(seller, maker) == 240_000
    token = str(uuid.uuid4())
    assert settle(100_000, id_=token).id == settle(100_000, id_=token).id == token
    with pytest.raises(Conflict):
        settle(90_000, id_=token)
    assert services.outstanding(seller, maker) == 140_000
    with pytest.raises(PosError) as refused:
        settle(140_001)
    assert "amount" in refused.value.fields
    [account] = services.accounts(world.person("petugas"), "pembuat")
    assert (account.waiting, account.outstanding, account.ages) == (100_000, 140_000, (140_000, 0, 0))
    with pytest.raises(Forbidden):  # whoever paid does not confirm it
        acts.answer(world.person("petugas-ptk"), token, True)
    acts.answer(world.person("petugas"), token, False, "tidak ada di rekening")
    assert services.outstanding(seller, maker) == 240_000
    with pytest.raises(Conflict):
        acts.answer(world.person("petugas"), token, True)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_sale_does_not_wait_for_a_payment_that_is_being_written(ctx: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.sell("kasir-ptk", "PTK-1", [("Tas rajut", 1000)])
    owed = acts.outstanding

    def sell() -> None:
        with ctx.app_context():
            world.sell("kasir-ptk", "PTK-1", [("Tas rajut", 1000)])

    def sell_meanwhile(*units_: Any) -> int:
        till = threading.Thread(target=sell)
        till.start()
        till.join(20)
        assert not till.is_alive()
        return owed(*units_)

    monkeypatch.setattr(acts, "outstanding", sell_meanwhile)
    settle(160_000)


def test_terms_never_reach_back_and_the_maker_sets_them(ctx: Any) -> None:
    today = clock.today("WIB")
    with pytest.raises(PosError, match="belum benar"):
        acts.agree(world.person("petugas"), *pair(), 1000, today - timedelta(1))
    with pytest.raises(Forbidden):
        acts.agree(world.person("petugas-ptk"), *pair(), 1000, today)
    acts.agree(world.person("petugas"), *pair(), 1000, today)
    acts.agree(world.person("petugas"), *pair(), 750, today)  # a wrong one is corrected by another for the same day
    acts.agree(world.person("petugas"), *pair(), 5000, today + timedelta(1))
    world.sell("kasir-ptk", "PTK-1", [("Tas rajut", 1000)])
    world.sell("kasir-ptk", "PTK-1", [("Tas rajut", 1000)], at="2026-04-20T10:00:00+07:00")
    seller, maker = (units.unit_named(name) for name in (PONTIANAK, AMBON))
    assert services.account_of(seller, maker) == (160_000, 6_000)
    assert services.account_of(seller, maker, until=date(2026, 4, 30)) == (80_000, 0)


def test_what_is_old_is_owed_first(ctx: Any) -> None:
    for days in (5, 40, 90):
        at = clock.now() - timedelta(days)
        world.sell("kasir-ptk", "PTK-1", [("Tas rajut", 1000)], at=at.isoformat())
    [account] = services.accounts(world.person("petugas"), "pembuat")
    assert account.ages == (80_000, 80_000, 80_000)
    settle(100_000)
    [account] = services.accounts(world.person("petugas"), "pembuat")
    assert account.ages == (80_000, 60_000, 0)


def test_a_third_unit_sees_nothing_of_it(ctx: Any) -> None:
    world.sell("kasir-ptk", "PTK-1", [("Tas rajut", 1000)])
    with pytest.raises(NotFound):
        services.pair_for(world.person("kasir-kdi"), *pair())
    assert services.accounts(world.person("kasir-kdi")) == []


@pytest.mark.parametrize("typed", ["7,²", "²", "7,٣", "٧", "1000", "7,555", "-1", ""])
def test_a_commission_is_plain_digits(app: Any, as_staff: Any, typed: str) -> None:
    with app.app_context():
        world.sell("kasir-ptk", "PTK-1", [("Tas rajut", 2000)])
        address = "/titip-jual/{}/{}/komisi".format(*pair())
    form = {"commission": typed, "from_day": clock.today("WIB").isoformat()}
    assert as_staff.post(address, data=form).status_code == 422


def test_the_pages_take_a_payment_and_the_makers_word(app: Any, as_: Any) -> None:
    with app.app_context():
        world.sell("kasir-ptk", "PTK-1", [("Tas rajut", 2000)])
        address = "/titip-jual/{}/{}".format(*pair())
    seller, maker, today = as_("petugas-ptk"), as_("petugas"), clock.today("WIB").isoformat()
    form = {"token": str(uuid.uuid4()), "since": today, "until": today, "amount": "160.000", "reference": ""}
    assert "nomor bukti" in seller.post(f"{address}/bayar", data=form).text
    assert seller.post(f"{address}/bayar", data=form | {"reference": "BRI 77"}).status_code == 302
    assert "menunggu konfirmasi" in seller.get(address).text
    assert "Tulis mengapa" in maker.post(f"/titip-jual/terima/{form['token']}", data={"diterima": "0"}).text
    assert maker.post(f"/titip-jual/terima/{form['token']}", data={"diterima": "1"}).status_code == 302
    page = maker.post(f"{address}/komisi", data={"commission": "7,5", "from_day": today}, follow_redirects=True).text
    assert "7,5%" in page and "BRI 77" in page
    assert maker.post(f"{address}/komisi", data={"commission": "sepuluh", "from_day": today}).status_code == 422
    paper = maker.get(f"{address}/laporan.pdf")
    assert paper.mimetype == "application/pdf" and paper.data.startswith(b"%PDF")
    assert "160000" in maker.get("/titip-jual.csv").text

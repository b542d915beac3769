"""What a cashier may give away alone; above it somebody of the staff agrees, or the sale is flagged."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos import clock, money
from pos.db import atomic, db
from pos.errors import PosError
from pos.register import history
from pos.register.approvals import approve
from pos.register.services import record
from pos.units.models import AuditEntry, Gallery
from tests import world
from tests.register.after import PIN, give_back, give_pin, sale_row

BAG = "Tas rajut"  # Rp80.000


def limit(percent: int) -> None:
    with atomic() as session:
        session.execute(sa.update(Gallery).values(discount_limit=percent))


def agree(act: str = "discount", register: str = "AMB-1", given: int = 40_000, goods: int = 80_000) -> str:
    give_pin("petugas")
    return approve(world.person("kasir"), act, register, "petugas", PIN, "Pelanggan tetap", given, goods).id


def flags(username: str = "kasir", lines: Any = None, **over: Any) -> tuple[str, ...]:
    found: tuple[str, ...] = world.sell(username, lines=lines or [(BAG, 1000)], **over).flags
    return found


def test_up_to_the_limit_a_cashier_decides_alone(ctx: Any) -> None:
    assert flags(discount=8_000) == ()
    assert flags(lines=[(BAG, 1000, 8_000)]) == ()
    assert flags(lines=[(BAG, 2000, 8_000), ("Cuci motor", 1000)], discount=9_500) == ()


def test_above_it_the_sale_is_recorded_and_flagged(ctx: Any) -> None:
    assert flags(discount=8_001) == ("discount",)
    assert flags(lines=[(BAG, 1000, 8_001)]) == ("discount",)
    assert flags(lines=[(BAG, 1000, 4_001)], discount=4_000) == ("discount",)


@pytest.mark.parametrize(("percent", "given", "odd"), [(0, 0, False), (0, 1, True), (100, 80_000, False)])
def test_a_gallery_has_its_own_limit(ctx: Any, percent: int, given: int, odd: bool) -> None:
    limit(percent)
    over = {"payments": []} if given == 80_000 else {}
    assert flags(discount=given, **over) == (("discount",) if odd else ())


def test_the_staff_needs_nobody_else(ctx: Any) -> None:
    assert flags("petugas", discount=40_000) == ()


def test_with_an_approval_it_is_clean_and_names_who_agreed(ctx: Any) -> None:
    recorded = world.sell(discount=40_000, approval=agree())
    approval = sale_row(recorded.id).approval
    assert recorded.flags == () and approval is not None
    assert (approval.approver.username, approval.reason) == ("petugas", "Pelanggan tetap")


def test_an_approval_serves_one_sale_of_its_register_and_its_act(ctx: Any) -> None:
    once = agree()
    assert flags(discount=40_000, approval=once) == ()
    assert flags(discount=40_000, approval=once) == ("discount",)
    assert flags(discount=40_000, approval=agree(register="AMB-2")) == ("discount",)
    assert flags(discount=40_000, approval=agree("refund")) == ("discount",)
    later = (clock.now() + timedelta(hours=25)).isoformat()
    assert "discount" in flags(discount=40_000, approval=agree(), sold_at=later)


def test_an_approval_holds_for_what_was_shown_when_the_pin_was_entered(ctx: Any) -> None:
    assert flags(discount=39_000, approval=agree()) == ()
    assert flags(lines=[(BAG, 2000)], discount=40_000, approval=agree()) == ()
    assert flags(lines=[(BAG, 1000, 1)], discount=40_000, approval=agree()) == ("discount",)
    assert flags(discount=40_000, approval=agree(goods=160_000)) == ("discount",)
    assert flags(discount=8_001, approval=agree(given=0, goods=0)) == ("discount",)  # nobody said of what


def test_one_that_happened_offline_is_flagged_too_and_never_refused(ctx: Any) -> None:
    assert flags(at="2026-04-26T10:00:00+09:00", discount=80_000, payments=[]) == ("discount",)


def test_what_a_live_sale_gives_away_does_not_stop_it_being_sent_twice(ctx: Any) -> None:
    body = world.sale(lines=[(BAG, 1000, 30_000)])
    first, again = (record(body, world.person("kasir")) for _ in range(2))
    assert (first.created, again.created) == (True, False) and first.flags == again.flags == ("discount",)


def test_two_lines_of_a_product_come_back_for_what_each_was_paid(ctx: Any) -> None:
    sold = world.sell("petugas", lines=[(BAG, 1000, 16_000), (BAG, 2000, 1), ("Cuci motor", 1000)], discount=1_001)
    dear = history.facts(world.person("kasir"), sold.receipt)["lines"][1]
    db.session.rollback()
    back = money.portion(dear["amount"], 0, 1000, 2000)
    line = {"product": dear["product"], "quantity": -1000, "unit_price": 80_000, "discount": 0, "amount": -back}
    paid = [{"method": "cash", "tendered": 0, "change": back, "reference": ""}]
    body = world.sale() | {"refund_of": sold.id, "lines": [line], "total": -back, "payments": paid}
    record(body, world.person("petugas"))
    left = history.facts(world.person("kasir"), sold.receipt)["lines"]
    db.session.rollback()
    assert [each["left"] for each in left] == [1000, 1000, 1000]
    rest = give_back(sold.receipt)
    assert sale_row(rest.id).total - back == -sale_row(sold.id).total


# -- setting the limit ---------------------------------------------------------------------------------


def gallery_id(app: Flask) -> int:
    with app.app_context():
        return int(db.session.scalar(sa.select(Gallery.id).where(Gallery.name == "Galeri Lapas Ambon")) or 0)


def test_the_staff_sets_the_limit_and_tills_are_told(app: Flask, as_staff: Any, as_cashier: Any) -> None:
    address = f"/unit/galeri/{gallery_id(app)}/diskon"
    assert 'value="10"' in as_staff.get(address).text
    assert as_staff.post(address, data={"discount_limit": "25"}).location == "/keranjang"
    [first, _] = as_cashier.get("/api/catalog").json["registers"]
    assert first["discount_limit"] == 25
    assert "Galeri Lapas Ambon</a> 25%" in as_staff.get("/keranjang").text
    with app.app_context():
        entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.act == "gallery.change"))
        assert entry is not None and entry.detail == {"discount_limit": [10, 25]}


@pytest.mark.parametrize("typed", ["101", "-1", "", "sepuluh", "2,5"])
def test_a_limit_is_a_whole_percent(app: Flask, as_staff: Any, typed: str) -> None:
    answer = as_staff.post(f"/unit/galeri/{gallery_id(app)}/diskon", data={"discount_limit": typed})
    assert answer.status_code == 422 and "Tulis persen bulat dari 0 sampai 100." in answer.text


def test_the_admin_sets_it_with_the_rest_of_the_gallery(app: Flask, as_admin: Any) -> None:
    found = gallery_id(app)
    form = {"name": "Galeri Lapas Ambon", "kind": "galeri", "rounding_step": "0", "active": "y", "discount_limit": "5"}
    assert as_admin.post(f"/unit/galeri/{found}", data=form).status_code == 302
    assert as_admin.post(f"/unit/galeri/{found}", data=form | {"discount_limit": "x"}).status_code == 422
    with app.app_context():
        assert db.session.get_one(Gallery, found).discount_limit == 5


def test_the_database_keeps_the_limit_a_percentage(ctx: Any) -> None:
    for percent in (-1, 101):
        with pytest.raises(sa.exc.IntegrityError):
            limit(percent)


def test_a_line_discount_never_exceeds_the_line(ctx: Any) -> None:
    body = world.sale(lines=[(BAG, 1000, 80_000)], payments=[])
    body["lines"][0]["discount"] = 80_001
    with pytest.raises(PosError) as refused:
        record(body, world.person("kasir"))
    assert "lines.0.discount" in refused.value.fields

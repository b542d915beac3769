"""One change to many products: shown first, then all of it in one commit, and only what was shown."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from pos import clock
from pos.catalog import bulk, editing, pricing, services
from pos.catalog.bulk import Change
from pos.catalog.listing import Filters
from pos.catalog.models import Price, Product
from pos.catalog.pricing import STEPS, More, Step
from pos.db import atomic, db
from pos.units.models import AuditEntry
from tests import world
from tests.catalog.test_editing import product


def do(change: Change, username: str = "petugas", ids: list[int] | None = None) -> dict[str, int]:
    who = world.person(username)
    rows = bulk.plan(bulk.chosen(who, Filters(), ids), change)
    return bulk.apply(who, Filters(), ids, change, bulk.fingerprint(rows, change))


@settings(max_examples=200, deadline=None)
@given(
    price=st.integers(0, 10**9),
    percent=st.integers(-90, 900),
    amount=st.integers(-(10**6), 10**6),
    rounding=st.sampled_from(STEPS),
)
def test_a_moved_price_is_round_and_nearest_to_what_was_asked(
    price: int, percent: int, amount: int, rounding: int
) -> None:
    moved = Step(percent, amount, rounding).of(price)
    assert moved % rounding == 0
    assert abs(moved * 100 - (price * (100 + percent) + amount * 100)) <= 50 * rounding + 50
    assert Step(rounding=rounding).of(moved) == moved


def test_prices_move_together_with_those_beside_them_in_one_version(ctx: Any) -> None:
    staff, before = world.person("petugas"), services.current_version()
    editing.set_price(staff, product().id, 80_000, 50_000, None, More(70_000, 10_000, 78_000))
    assert do(Change("price", step=Step(percent=10, rounding=500))) == {"changed": 4, "same": 0, "wrong": 0}
    price = product().prices[-1]
    assert (price.amount, price.cost, More.of(price)) == (88_000, 50_000, More(77_000, 10_000, 86_000))
    assert product("Air mineral PIPAS").prices[-1].amount == 5_500
    assert product("Miniatur kapal").prices[-1].amount == 300_000, "another UPT's"
    assert services.current_version() == before + 2
    [entry] = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "products.bulk"))
    assert entry.detail["changes"][str(product().id)] == [80_000, 88_000]


def test_prices_of_a_later_day_begin_at_midnight_there_and_start_from_what_holds_then(ctx: Any) -> None:
    day = clock.today("WIT") + timedelta(days=10)
    noon = pricing.start_of(day - timedelta(days=1), "WIT")
    editing.set_price(world.person("petugas"), product().id, 100_000, 50_000, noon)
    do(Change("price", step=Step(amount=-500), starts=day), ids=[product().id])
    db.session.expire_all()
    price = product().prices[-1]
    assert (price.amount, price.from_at) == (99_500, pricing.start_of(day, "WIT"))
    assert services.price_at(product().prices, clock.now()).amount == 80_000


@pytest.mark.parametrize(
    ("step", "more"), [(Step(amount=-80_000), More()), (Step(rounding=1000), More(79_900, 2_000)), (Step(900), More())]
)
def test_what_would_be_no_price_is_left_out_and_named(ctx: Any, step: Step, more: More) -> None:
    amount = 500_000_000 if step.percent else 80_000
    editing.set_price(world.person("petugas"), product().id, amount, 1, None, more)
    [row] = bulk.plan(bulk.chosen(world.person("petugas"), Filters(), [product().id]), Change("price", step=step))
    assert row.status == "wrong" and str(row.problem)
    assert do(Change("price", step=step), ids=[product().id])["wrong"] == 1
    assert product().prices[-1].amount == amount


def test_texts_the_shelf_and_featured_products_change_for_many(ctx: Any) -> None:
    ids = [product(name).id for name in ("Tas rajut", "Keripik pisang", "Cuci motor", "Air mineral PIPAS")]
    assert do(Change("category", "KULINER"), ids=ids) == {"changed": 2, "same": 2, "wrong": 0}
    assert product().category == "kuliner", "as it is written elsewhere"
    do(Change("brand", "Ina"), ids=ids)
    assert do(Change("feature"), ids=ids) == {"changed": 1, "same": 1, "wrong": 2}
    assert do(Change("archive"), ids=ids)["changed"] == 4
    with atomic():
        db.session.execute(sa.update(Product).where(Product.id.in_(ids)).values(featured=True))
    assert do(Change("restore"), ids=ids)["changed"] == 4
    query = sa.select(Product.name).where(Product.id.in_(ids), Product.featured).order_by(Product.id)
    assert list(db.session.scalars(query)) == ["Tas rajut", "Keripik pisang"]
    assert do(Change("unfeature"), ids=ids)["changed"] == 2


def test_nobody_changes_the_products_of_another_unit(ctx: Any) -> None:
    ship = product("Miniatur kapal").id
    assert do(Change("archive"), ids=[ship]) == {"changed": 0, "same": 0, "wrong": 0}
    assert product("Miniatur kapal").active


def test_the_page_shows_then_saves_what_it_showed(app: Any, as_staff: Any) -> None:
    listed = as_staff.get("/produk?kategori=kuliner").text
    assert listed.count('name="pilih"') == 2
    address = "/produk/massal?kategori=kuliner&cakupan=semua&aksi=price&persen=10&bulat=500"
    page = as_staff.get(address).text
    assert "Rp55.000" in page and "Rp80.000" not in page
    shown = re.search(r'name="fingerprint" value="(\w+)"', page)
    assert shown
    with app.app_context():
        editing.set_price(world.person("petugas"), product("Keripik pisang").id, 60_000, 1)
    stale = as_staff.post(address, data={"fingerprint": shown[1]})
    assert stale.status_code == 409 and "Rp66.000" in stale.text
    again = re.search(r'name="fingerprint" value="(\w+)"', stale.text)
    assert again
    done = as_staff.post(address, data={"fingerprint": again[1]}, follow_redirects=True)
    assert "2 produk diubah, 0 tetap, 0 dilewati" in done.text and "Rp66.000" in done.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Price)) == len(world.PRODUCTS) + 3


def test_what_is_not_asked_rightly_is_said_beside_its_field(as_staff: Any) -> None:
    base = "/produk/massal?cakupan=semua&"
    for query, sentence in {
        "aksi=price&bulat=1": "Isi persen, tambahan, atau pembulatan.",
        "aksi=price&persen=9999": "Isi persen bulat dari -90 sampai 900.",
        "aksi=price&tambah=1,5": "dua cara",
        "aksi=category": "Isi kategori.",
        "aksi=brand&isi=" + "x" * 81: "Paling banyak 80 huruf.",
    }.items():
        page = as_staff.get(base + query).text
        assert sentence in page and 'name="fingerprint"' not in page, query
    assert "has-error" not in as_staff.get(base + "aksi=price").text, "nothing was asked yet"
    assert "Belum ada produk yang dipilih" in as_staff.get("/produk/massal").text


@pytest.mark.browser
def test_prices_rise_for_those_that_were_ticked(open_as: Any, app: Any) -> None:
    page = open_as("petugas", "/produk", width=1366)
    page.get_by_label("Centang semua di halaman ini").check()
    page.get_by_label("Pilih Cuci motor").uncheck()
    page.get_by_role("button", name="Ubah yang dicentang 3").click()
    assert page.get_by_label("Isi baru").is_hidden()
    page.get_by_label("Persen").fill("10")
    page.get_by_label("Dibulatkan").select_option(label="Rp500 terdekat")
    page.get_by_role("button", name="Lihat akibatnya").click()
    assert "Rp88.000" in page.get_by_role("row").filter(has_text="Tas rajut").inner_text()
    page.get_by_role("button", name="Simpan 3 perubahan").click()
    page.get_by_text("3 produk diubah").wait_for()
    assert "Rp15.000" in page.get_by_role("row").filter(has_text="Cuci motor").inner_text()
    with app.app_context():
        assert product().prices[-1].amount == 88_000

"""Changing a product keeps what was, takes a version, and is written down; registers hear of it."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pos import clock
from pos.catalog import editing, services
from pos.catalog.models import Barcode, Price, Product
from pos.catalog.pricing import More
from pos.catalog.reading import Code, barcode
from pos.db import atomic, db
from pos.errors import NotFound, PosError
from pos.units import services as units
from pos.units.models import AuditEntry
from tests import world


def product(name: str = "Tas rajut") -> Product:
    return db.session.scalars(sa.select(Product).where(Product.name == name)).one()


def details(**over: Any) -> editing.Details:
    ambon = units.unit_named("Lapas Kelas IIA Ambon").id
    given = {"maker_id": ambon, "name": "Sapu", "category": "Kuliner", "description": "", "unit_of_measure": "buah"}
    return editing.Details(**(given | {"featured": False, "wbp_made": True, "service": False} | over))


def changes(since: int, **later: float) -> dict[str, Any]:
    now = clock.now() + timedelta(**later)
    services.announce_due_prices(now)
    return services.change_set(db.session.connection(), since, now)


def acts() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEntry.act).where(AuditEntry.act.startswith("product."))))


def test_each_change_is_a_version_and_an_entry_in_the_log(ctx: Any) -> None:
    staff, bag = world.person("petugas"), product().id
    before = services.current_version()
    editing.create(staff, details(), 9_000, 4_000, None)
    editing.update(staff, bag, details(name="Tas rajut besar"))
    editing.set_price(staff, bag, 90_000, 50_000)
    editing.add_barcode(staff, bag, barcode("8991234567891"))
    editing.archive(staff, bag, False)
    editing.archive(staff, bag, True)
    assert services.current_version() == before + 6
    assert acts() == [f"product.{act}" for act in ("add", "edit", "price", "barcode", "archive", "restore")]


def test_saving_without_a_change_is_none(ctx: Any) -> None:
    staff, before = world.person("petugas"), services.current_version()
    bag = product()
    same = details(**{name: getattr(bag, name) for name in editing.Details.__annotations__})
    editing.update(staff, bag.id, same)
    editing.archive(staff, bag.id, True)
    assert services.current_version() == before and acts() == []


def test_a_category_is_spelt_as_it_is_already(ctx: Any) -> None:
    assert editing.create(world.person("petugas"), details(), 9_000, 0, None).category == "kuliner"


def test_a_price_is_never_edited_and_the_same_one_is_refused(ctx: Any) -> None:
    staff, bag = world.person("petugas"), product()
    editing.set_price(staff, bag.id, 90_000, 55_000)
    prices = db.session.execute(sa.select(Price.amount).where(Price.product_id == bag.id).order_by(Price.id)).scalars()
    assert list(prices) == [80_000, 90_000]
    with pytest.raises(PosError, match="tidak berubah"):
        editing.set_price(staff, bag.id, 90_000, 55_000)
    with pytest.raises(sa.exc.DatabaseError, match="written once"), atomic():
        db.session.execute(sa.update(Price).values(amount=1))


def test_a_code_means_one_product_for_ever(ctx: Any) -> None:
    staff, bag = world.person("petugas"), product()
    upc = barcode("036000291452")
    editing.add_barcode(staff, bag.id, upc)
    editing.add_barcode(staff, bag.id, Code("0036000291452", "ean13"))
    for code in (upc, Code("0036000291452", "ean13"), Code(world.FACTORY_CODE, "ean13")):
        with pytest.raises(PosError) as refused:
            editing.add_barcode(staff, product("Keripik pisang").id, code)
        assert "sudah milik" in str(refused.value.fields["code"])
    with pytest.raises(PosError):
        editing.create(staff, details(), 1, 0, upc)
    with pytest.raises(sa.exc.IntegrityError), atomic() as session:
        session.add(Barcode(code=upc.code, symbology="upca", product_id=product("Keripik pisang").id))


def test_own_codes_are_counted_and_step_over_a_factory_code_among_them(ctx: Any) -> None:
    ambon = units.unit_named("Lapas Kelas IIA Ambon")
    first, second, third = services.own_codes(ambon, 3)
    editing.add_barcode(world.person("petugas"), product().id, Code(second, "ean8"))
    assert services.own_codes(ambon, 2) == [first, third]
    assert all(len(code) == 8 and services.has_valid_check_digit(code) for code in (first, second, third))


def test_ten_at_once_get_ten_codes(app: Any) -> None:
    with app.app_context():
        staff, bag = world.person("petugas"), product().id

    def add() -> None:
        with app.app_context():
            editing.add_barcode(staff, bag, None)

    threads = [threading.Thread(target=add) for _ in range(10)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    with app.app_context():
        assert len({code.code for code in product().barcodes}) == 11


def test_nobody_edits_another_units_product_or_makes_one_for_it(ctx: Any) -> None:
    other, bag = world.person("petugas-ptk"), product().id
    for act in (
        lambda: editing.update(other, bag, details()),
        lambda: editing.set_price(other, bag, 1, 0),
        lambda: editing.add_barcode(other, bag, None),
        lambda: editing.archive(other, bag, False),
        lambda: editing.create(other, details(), 1, 0, None),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_unit_above_upt_makes_nothing(ctx: Any) -> None:
    maluku = units.unit_named("Kanwil Maluku").id
    with pytest.raises(PosError) as refused:
        editing.create(world.person("admin"), details(maker_id=maluku), 1, 0, None)
    assert "maker_id" in refused.value.fields


# -- what registers are told ---------------------------------------------------------------------------


def test_a_register_is_told_only_what_changed(ctx: Any) -> None:
    version = services.current_version()
    assert changes(version) == {"version": version, "products": [], "removed": []}
    editing.set_price(world.person("petugas"), product().id, 90_000, 50_000)
    editing.archive(world.person("petugas"), product("Cuci motor").id, False)
    told = changes(version)
    assert [(p["name"], p["price"]) for p in told["products"]] == [("Tas rajut", 90_000)]
    assert told["removed"] == [product("Cuci motor").id] and told["version"] == services.current_version()
    assert changes(0)["removed"] == [] and len(changes(0)["products"]) == len(world.PRODUCTS) - 1


def test_a_price_for_later_is_told_at_once_and_again_when_its_hour_comes(ctx: Any) -> None:
    staff, bag = world.person("petugas"), product()
    starts = clock.now() + timedelta(days=2)
    editing.set_price(staff, bag.id, 90_000, 50_000, starts, More(80_000, 12_000, 85_000))
    first = changes(0)
    told = next(p for p in first["products"] if p["id"] == bag.id)
    later = {"price": 90_000, "wholesale": 80_000, "wholesale_from": 12_000, "inside": 85_000}
    assert told["price"] == 80_000 and told["next_prices"] == [{"from_at": starts.isoformat()} | later]
    assert not {"wholesale", "wholesale_from", "inside"} & set(told)
    assert changes(first["version"], days=1)["products"] == []
    after = changes(first["version"], days=3)
    assert [(p["id"], p["next_prices"]) for p in after["products"]] == [(bag.id, [])]
    assert after["products"][0].items() >= later.items()
    assert changes(after["version"], days=3)["products"] == []


def test_a_price_that_comes_into_force_unasked_goes_with_the_next_change(ctx: Any, monkeypatch: Any) -> None:
    staff, bag = world.person("petugas"), product()
    later = clock.now() + timedelta(days=2)
    editing.set_price(staff, bag.id, 90_000, 50_000, later - timedelta(hours=1))
    version = services.current_version()
    monkeypatch.setattr(clock, "now", lambda: later)
    editing.archive(staff, product("Cuci motor").id, False)
    assert [p["id"] for p in changes(version)["products"]] == [bag.id]


def test_an_ordinary_price_makes_one_version_only(ctx: Any) -> None:
    editing.set_price(world.person("petugas"), product().id, 90_000, 50_000)
    version = services.current_version()
    assert changes(0)["version"] == changes(version)["version"] == version


def test_the_earlier_day_for_a_price_is_refused(ctx: Any) -> None:
    with pytest.raises(PosError) as refused:
        editing.set_price(world.person("petugas"), product().id, 1, 0, world.LONG_AGO)
    assert "from_day" in refused.value.fields


def test_an_older_database_put_back_under_this_process_is_read_again(ctx: Any) -> None:
    def known(version: int) -> services.Snapshot:
        return services.snapshot(db.session.connection(), version, 0)

    version = services.current_version()
    known(version + 5).by_code["gone"] = known(version + 5).by_id[product().id]
    assert "gone" not in known(version).by_code and product().id in known(version).by_id
    assert known(version).version == version

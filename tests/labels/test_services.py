"""A label says what the catalogue says now."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pos import clock
from pos.catalog.models import Barcode, Price, Product
from pos.db import atomic, db
from pos.errors import NotFound, PosError
from pos.labels.services import labels_for, products_with, search
from pos.units.names import short_name
from tests import world


def test_codes_become_labels_with_name_price_and_maker(ctx: Any) -> None:
    kilo, water = labels_for([(world.code("Keripik pisang"), 3), (world.FACTORY_CODE, 1)])
    assert (kilo.name, kilo.price, kilo.unit, kilo.copies, kilo.symbology) == (
        "Keripik pisang",
        "Rp50.000",
        "kg",
        3,
        "own",
    )
    assert (water.code, water.symbology, water.unit, water.maker) == (world.FACTORY_CODE, "ean13", "", "Lapas Ambon")


def test_the_price_on_a_label_is_the_one_in_force(ctx: Any) -> None:
    product = db.session.scalars(sa.select(Product).where(Product.name == "Tas rajut")).one()
    with atomic() as session:
        session.add(Price(product_id=product.id, from_at=clock.now() + timedelta(days=1), amount=95_000))
        session.add(Price(product_id=product.id, from_at=clock.now() - timedelta(days=1), amount=90_000))
    db.session.expire_all()
    code = world.code("Tas rajut")
    assert labels_for([(code, 1)])[0].price == "Rp90.000"
    assert labels_for([(code, 1)], datetime(2021, 1, 1, tzinfo=UTC))[0].price == "Rp80.000"


def test_a_label_carries_the_very_code_that_was_asked_for(ctx: Any) -> None:
    product = db.session.scalars(sa.select(Product).where(Product.name == "Tas rajut")).one()
    with atomic() as session:
        session.add(Barcode(code="96385074", symbology="ean8", product_id=product.id))
    assert labels_for([("96385074", 1)])[0].symbology == "ean8"


def test_an_unknown_code_is_named(ctx: Any) -> None:
    with pytest.raises(NotFound, match="12345670"):
        labels_for([(world.FACTORY_CODE, 1), ("12345670", 2)])
    with pytest.raises(PosError, match=world.FACTORY_CODE):
        labels_for([(world.FACTORY_CODE, 0)])


def test_staff_search_among_what_their_own_unit_makes(ctx: Any) -> None:
    staff, code = world.person("petugas"), world.code("Miniatur kapal")
    elsewhere = db.session.scalars(sa.select(Product.id).where(Product.name == "Miniatur kapal")).one()
    found, count = search(staff, "", [], 30)
    assert [product.name for product, _ in found] == ["Air mineral PIPAS", "Cuci motor", "Keripik pisang", "Tas rajut"]
    assert count == 4 and search(staff, "miniatur", [], 30) == ([], 0)
    assert products_with([code, "12345670"]) == {code: elsewhere}


@pytest.mark.parametrize("text", ["RAJUT tas", "kerajinan", "tas raj"])
def test_a_search_looks_into_names_and_categories(ctx: Any, text: str) -> None:
    assert [product.name for product, _ in search(world.person("petugas"), text, [], 30)[0]] == ["Tas rajut"]


def test_a_search_takes_wildcards_as_they_are(ctx: Any) -> None:
    assert search(world.person("petugas"), "%", [], 30) == ([], 0)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Lapas Kelas IIA Ambon", "Lapas Ambon"),
        ("Lapas Perempuan Kelas III Ambon", "Lapas Perempuan Ambon"),
        ("Lapas Khusus Kelas IIA Karanganyar Nusakambangan", "Lapas Khusus Karanganyar Nusakambangan"),
        ("RSU Pengayoman Cipinang", "RSU Pengayoman Cipinang"),
    ],
)
def test_a_maker_is_called_without_its_class(name: str, short: str) -> None:
    assert short_name(name) == short

"""The mapping of produk unggulan agrees with counting by hand, whoever looks and however it leaves the page."""

import io
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from pypdf import PdfReader

from pos import clock
from pos.catalog import certificates
from pos.catalog.models import Certificate, Product
from pos.catalog.services import add_product
from pos.db import atomic, db
from pos.reports import mapping
from pos.reports.mapping import Filters
from pos.stock.models import StockMove
from pos.units import services as units
from pos.units.models import Gallery, Unit
from tests import world

TODAY = date(2026, 3, 1)  # the months before: December to February
NUMBERS = {"pirt": "2061337010012-30", "halal": "ID35110000012345678", "merek": "IDM000123456"}


def fill(chance: random.Random) -> None:
    """More featured products, received and certified at random near the turns of months and days."""
    galleries = list(db.session.scalars(sa.select(Gallery.id)))
    with atomic() as session:
        for maker in session.scalars(sa.select(Unit).where(Unit.level == "upt")).all():
            for number in range(chance.randrange(4)):
                featured, active = chance.random() < 0.7, chance.random() < 0.8
                add_product(maker, f"Produk {number}", "kuliner", 1_000, featured=featured, active=active)
        for product in session.scalars(sa.select(Product)).all():
            for _ in range(chance.randrange(9)):
                month = chance.choice((11, 12, 1, 2, 3))
                turn = datetime(2025 if month > 10 else 2026, month, 1, tzinfo=UTC)
                at = turn + timedelta(hours=chance.choice((-10, -8.5, -7.5, -6.5, 0, 12, 200)))
                reason = chance.choice(("receive", "receive", "adjust"))
                move = {"product_id": product.id, "gallery_id": chance.choice(galleries), "reason": reason, "note": "x"}
                session.add(StockMove(**move, quantity=chance.choice((1_000, 5_000)), at=at))
            if chance.random() < 0.5:
                kind = chance.choice(list(NUMBERS))
                ends = chance.choice((None, TODAY, TODAY - timedelta(days=1)))
                entry = Certificate(product_id=product.id, kind=kind, number=NUMBERS[kind], expires_on=ends)
                entry.at = clock.now()
                session.add(entry)


def by_hand() -> dict[str, dict[str, tuple[list[bool], list[str]]]]:
    """UPT: featured product: received in which months, certificates of which kinds; one row after the other."""
    found: dict[str, dict[str, tuple[list[bool], list[str]]]] = {}
    for maker in db.session.scalars(sa.select(Unit).where(Unit.level == "upt")):
        found[maker.name] = {}
        for product in db.session.scalars(sa.select(Product).where(Product.maker_id == maker.id)):
            if not (product.featured and product.active):
                continue
            months = [False, False, False]
            for move in db.session.scalars(sa.select(StockMove).where(StockMove.product_id == product.id)):
                local = clock.local(move.at, maker.zone)
                for i, month in enumerate(((2025, 12), (2026, 1), (2026, 2))):
                    months[i] |= move.reason == "receive" and (local.year, local.month) == month
            entries = db.session.scalars(sa.select(Certificate).where(Certificate.product_id == product.id))
            kinds = [entry.kind for entry in entries if entry.expires_on is None or entry.expires_on >= TODAY]
            found[maker.name][product.name] = months, kinds
    return found


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_counting_by_hand_gives(ctx: Any, seed: int) -> None:
    fill(random.Random(seed))
    expected = by_hand()
    found = mapping.makers(world.person("admin"), TODAY)
    assert {
        maker.name: {one.name: (list(one.received), [e.kind for e in one.certificates]) for one in maker.products}
        for maker in found
    } == expected
    for shown, holds in {
        "belum": lambda goods: not goods,
        "satu": lambda goods: len(goods) == 1,
        "dua": lambda goods: len(goods) == 2,
        "lebih": lambda goods: len(goods) > 2,
        "tidak-rutin": lambda goods: goods and not all(all(months) for months, _ in goods.values()),
        "tanpa-sertifikat": lambda goods: goods and not all(kinds for _, kinds in goods.values()),
    }.items():
        names = {maker.name for maker in mapping.narrowed(found, Filters(shown=shown))}
        assert names == {name for name, goods in expected.items() if holds(goods)}, shown
    sums = mapping.by_kanwil(found, "-belum")
    assert [one.none for one in sums] == sorted((one.none for one in sums), reverse=True)
    assert sum(one.makers for one in sums) == len(expected) == mapping.total(found).makers
    assert sum(one.routine for one in sums) == sum(
        bool(goods) and all(all(months) for months, _ in goods.values()) for goods in expected.values()
    )


def test_the_months_are_the_last_full_ones() -> None:
    assert mapping.months_before(date(2026, 1, 31)) == [date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1)]
    assert mapping.months_before(date(2026, 12, 1))[-1] == date(2026, 11, 1)


def test_everybody_sees_their_own_part_and_the_files_what_the_page_shows(app: Any, as_: Any) -> None:
    with app.app_context():
        bag = db.session.scalar(sa.select(Product.id).where(Product.name == "Tas rajut")) or 0
        certificates.enter(world.person("petugas"), bag, certificates.Given("merek", "IDM000123456"), app.instance_path)
    nation = as_("pejabat-pusat")
    page = nation.get("/pemetaan").text
    assert "Kanwil Maluku" in page and "Tas rajut" not in page
    fewest = nation.get("/pemetaan.xlsx?sort=upt").data
    assert [row[1] for row in openpyxl.load_workbook(io.BytesIO(fewest)).active.values] == ["UPT", 1, 1, 2, 4]
    kanwil = nation.get("/pemetaan" + page.split('href="/pemetaan')[1:][-1].split('"')[0].replace("&amp;", "&"))
    assert kanwil.status_code == 200
    assert "Tas rajut" in nation.get("/pemetaan?per=upt").text
    lacking = nation.get("/pemetaan?tampil=belum").text
    assert "Lapas Perempuan Kelas III Ambon" in lacking and "Tas rajut" not in lacking
    maluku = as_("pejabat").get("/pemetaan").text
    assert "Lapas Kelas IIA Ambon" in maluku and "Pontianak" not in maluku
    assert "Miniatur kapal" in as_("petugas-ptk").get("/pemetaan").text
    rows = list(openpyxl.load_workbook(io.BytesIO(as_("pejabat").get("/pemetaan.xlsx").data)).active.values)
    assert [row[2] for row in rows[1:]] == ["Tas rajut", "belum ditetapkan"] and "IDM000123456" in rows[1]
    for query, words in (("", "Kanwil Maluku"), ("?tampil=satu", "Tas rajut")):
        paper = PdfReader(io.BytesIO(nation.get(f"/pemetaan.pdf{query}").data))
        text = " ".join(one.extract_text() for one in paper.pages)
        assert words in text and "PEMASYARAKATAN" in text.upper()


def test_a_third_featured_product_asks_which_one_it_replaces(app: Any, as_staff: Any) -> None:
    with app.app_context():
        ids = {row.name: row.id for row in db.session.scalars(sa.select(Product))}
        maker = units.unit_named("Lapas Kelas IIA Ambon").id
        with atomic():
            db.session.execute(sa.update(Product).where(Product.id == ids["Keripik pisang"]).values(featured=True))
    water = f"/produk/{ids['Air mineral PIPAS']}"
    form = {"maker_id": maker, "name": "Air mineral PIPAS", "category": "kuliner", "unit_of_measure": "buah"}
    refused = as_staff.post(water, data=form | {"featured": "y"})
    assert refused.status_code == 422 and "Pilih yang digantikan" in refused.text
    assert f'value="{ids["Tas rajut"]}"' in refused.text
    replaced = as_staff.post(water, data=form | {"featured": "y", "instead_of": ids["Tas rajut"]})
    assert replaced.status_code == 302
    with app.app_context():
        query = sa.select(Product.name).where(Product.featured, Product.maker_id == maker)
        assert set(db.session.scalars(query)) == {"Keripik pisang", "Air mineral PIPAS"}

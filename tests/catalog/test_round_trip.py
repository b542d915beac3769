"""What was exported comes back as it was: nothing changes, or only the cell that somebody changed."""

import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from pos import clock, sheets
from pos.catalog import editing, importing, listing, pricing
from pos.catalog.listing import EXPORT_COLUMNS, Filters
from pos.catalog.models import Price, Product
from pos.catalog.services import add_product
from pos.db import atomic, db
from pos.units import services as units
from tests import world
from tests.catalog.test_editing import product

AWKWARD: list[tuple[str, str, dict[str, Any]]] = [
    ("=1+1 rasa", "Kuliner", {"description": "baris satu\r\nbaris dua", "net_weight": "250 g", "brand": "-x"}),
    ("'=tanda petik", "kuliner", {"brand": "+62", "composition": '@gula; "garam", lada', "made_to_order": True}),
    ("Tas rajut", "KULINER", {"brand": "-", "one_of_a_kind": True, "auction": True, "wbp_made": False}),
    ("Kue  dua   spasi", "kuliner", {"unit_of_measure": "kg", "workshop": "Bengkel é 007", "description": "1.5"}),
    ("Cuci", "jasa", {"service": False}),
    ("0123", "2026-01-01", {"service": True, "featured": True}),
]


@pytest.fixture
def shop(ctx: Any) -> None:
    """Products with everything that a spreadsheet likes to change, some with all their prices, one archived."""
    maker = units.unit_named("Lapas Kelas IIA Ambon")
    with atomic():
        made = [add_product(maker, name, kind, 80_000, cost=1, **more) for name, kind, more in AWKWARD]
    staff = world.person("petugas")
    for row, (least, inside) in zip(made, [(1_000, 0), (10_000, None), (3_000, 5), (125, 90_000)], strict=False):
        editing.set_price(staff, row.id, 80_000, 1, None, pricing.More(79_999, least, inside))
    editing.set_price(staff, made[0].id, 90_000, 1, clock.now() + timedelta(days=3))
    editing.archive(staff, product("Air mineral PIPAS").id, False)


def exported(kind: str, **over: Any) -> bytes:
    rows = listing.export(world.person("petugas"), Filters(**over), {})
    if kind == "csv":
        return sheets.to_csv(EXPORT_COLUMNS, rows)
    return sheets.to_xlsx("produk", EXPORT_COLUMNS, rows)


def everything() -> Any:
    found = [db.session.execute(sa.select(*table.__table__.c).order_by(table.id)).all() for table in (Product, Price)]
    db.session.rollback()
    return found


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("archived", [False, True])
def test_an_export_imported_again_changes_nothing(shop: None, kind: str, archived: bool) -> None:
    before = everything()
    preview = importing.read_products(exported(kind, archived=archived), f"produk.{kind}", world.person("petugas"))
    assert preview.wrong == [] and [row.changes for row in preview.rows] == [{}] * len(preview.rows)
    assert importing.apply(preview, world.person("petugas")) == {
        "new": 0,
        "changed": 0,
        "same": 1 if archived else len(AWKWARD) + 3,
        "wrong": 0,
    }
    assert everything() == before


CHANGED: list[tuple[str, Any, str, Any]] = [
    ("product", "Tas rajut biru", "name", "Tas rajut biru"),
    ("category", "kriya", "category", "kriya"),
    ("price_rp", 81_000, "price", 81_000),
    ("cost_rp", 2, "cost", 2),
    ("unit_of_measure", "set", "unit_of_measure", "set"),
    ("featured", "tidak", "featured", False),
    ("wbp_made", "tidak", "wbp_made", False),
    ("description", "satu\ndua", "description", "satu\ndua"),
    ("brand", "Ina", "brand", "Ina"),
    ("workshop", "Bengkel rajut", "workshop", "Bengkel rajut"),
    ("composition", "benang", "composition", "benang"),
    ("net_weight", "1 kg", "net_weight", "1 kg"),
    ("wholesale_rp", 60_000, "wholesale", 60_000),
    ("wholesale_from", 12, "wholesale_from", 12_000),
    ("inside_rp", 75_000, "inside", 75_000),
    ("made_to_order", "ya", "made_to_order", True),
    ("one_of_a_kind", "ya", "one_of_a_kind", True),
    ("auction", "ya", "auction", True),
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_one_changed_cell_changes_only_that(ctx: Any, kind: str) -> None:
    staff = world.person("petugas")
    editing.set_price(staff, product().id, 80_000, 50_000, None, pricing.More(70_000, 10_000, 78_000))
    rows = listing.export(staff, Filters(), {})
    place = next(i for i, row in enumerate(rows) if row[1] == "Tas rajut")
    write = sheets.to_csv if kind == "csv" else lambda header, rows: sheets.to_xlsx("produk", header, rows)
    for column, cell, name, value in CHANGED:
        mine = [list(row) for row in rows]
        mine[place][EXPORT_COLUMNS.index(column)] = cell
        preview = importing.read_products(write(EXPORT_COLUMNS, mine), "produk", staff)
        assert preview.wrong == [], column
        changes = {row.values["product"]: row.changes for row in preview.rows if row.changes}
        [(only, change)] = changes.items()
        assert list(change) == [name] and change[name][1] == value, column
    importing.apply(preview, staff)
    assert product().auction and db.session.scalars(sa.select(Price.id).where(Price.product_id == product().id)).all()


def test_prices_beside_the_usual_one_go_on_are_taken_away_and_must_be_cheaper(ctx: Any) -> None:
    staff, bag = world.person("petugas"), product().id
    editing.set_price(staff, bag, 80_000, 50_000, None, pricing.More(70_000, 10_000, 78_000))

    def imported(price: int, **cells: Any) -> importing.Preview:
        values = {"unit_name": "Lapas Kelas IIA Ambon", "product": "Tas rajut", "category": "kerajinan tangan"}
        values |= {"price_rp": price} | cells
        return importing.read_products(sheets.to_xlsx("x", list(values), [list(values.values())]), "x.xlsx", staff)

    assert imported(75_000).rows[0].changes == {"price": (80_000, 75_000)}
    dropped = imported(60_000)
    assert dropped.rows[0].changes["wholesale"] == (70_000, None) and "dihapus" in str(dropped.warnings[0])
    assert [cell.column for cell in imported(60_000, wholesale_rp=65_000).wrong] == ["wholesale_rp"]
    assert [cell.column for cell in imported(80_000, wholesale_from=Decimal("1.5")).wrong] == ["wholesale_from"]
    importing.apply(imported(80_000, wholesale_rp="-", inside_rp="-"), staff)
    db.session.expire_all()
    assert pricing.More.of(product().prices[-1]) == pricing.More()


def test_a_list_with_a_third_featured_product_says_so_and_a_closed_upt_gets_no_new_ones(ctx: Any) -> None:
    header = ["unit_name", "product", "category", "price_rp", "featured"]
    rows = [["Lapas Kelas IIA Ambon", f"Produk {i}", "kuliner", 1_000, "ya"] for i in range(2)]
    preview = importing.read_products(sheets.to_csv(header, rows), "x.csv", None)
    assert [len(row.warnings) for row in preview.rows] == [0, 1]
    with atomic():
        units.unit_named("Lapas Kelas IIA Ambon").active = False
    again = importing.read_products(
        sheets.to_csv(header[:4], [rows[0][:4], [*rows[0][:1], "Tas rajut", "x", 5]]), "x", None
    )
    assert [cell.column for cell in again.wrong] == ["unit_name"] and again.rows[1].changes


def test_the_pages_bring_a_workbook_back_unchanged(as_staff: Any) -> None:
    book = as_staff.get("/produk/ekspor.xlsx").data
    sent = as_staff.post("/produk/impor", data={"file": (io.BytesIO(book), "produk.xlsx")})
    assert "Tidak ada yang perlu diimpor" in as_staff.get(sent.location).text
    assert [cell.value for cell in openpyxl.load_workbook(io.BytesIO(book)).active[1]] == list(EXPORT_COLUMNS)

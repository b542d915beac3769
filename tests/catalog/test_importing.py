"""A list of products is read as it is meant, shown before it is written, and written whole or not at all."""

import difflib
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pos
from pos import sheets
from pos.catalog import editing, importing, listing, services
from pos.catalog.models import Barcode, Price, Product
from pos.catalog.rows import COLUMNS
from pos.db import db
from pos.units import services as units
from pos.units.loading import load_units
from pos.units.models import AuditEntry
from tests import world
from tests.counting import statements

AMBON = "Lapas Kelas IIA Ambon"
REAL = Path(pos.__file__).parent / "data"


def read(*rows: str, person: Any = None, header: str = "unit_name;product;category;price_rp;barcode") -> Any:
    return importing.read_products("\n".join((header, *rows)).encode(), "daftar.csv", person)


def bring(*rows: str, **more: Any) -> dict[str, int]:
    return importing.apply(read(*rows, **more), more.get("person"))


def wrong(preview: Any) -> list[tuple[int, str]]:
    return [(cell.row, cell.column) for cell in preview.wrong]


def product(name: str) -> Product:
    return db.session.scalars(
        sa.select(Product).where(Product.name == name).execution_options(populate_existing=True)
    ).one()


def count(model: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_the_real_list_comes_in_with_its_variants_and_a_second_time_changes_nothing(ctx: Any) -> None:
    load_units((REAL / "units.csv").read_bytes(), "units.csv")
    data = (REAL / "products.csv").read_bytes()
    before = count(Product)
    preview = importing.read_products(data, "products.csv", None)
    assert preview.counts == {"new": 70, "changed": 0, "same": 0, "wrong": 0}
    assert (
        len(preview.warnings) == 6 and "baris 31" in str(preview.warnings[0]) and "baris 11" in str(preview.warnings[0])
    )
    importing.apply(preview, None)
    assert count(Product) == before + 70
    version, prices = services.current_version(), count(Price)
    again = importing.read_products(data, "products.csv", None)
    assert again.counts == {"new": 0, "changed": 0, "same": 70, "wrong": 0}
    importing.apply(again, None)
    assert (services.current_version(), count(Price)) == (version, prices)


def test_the_name_tells_the_measure_and_the_category_a_service(ctx: Any) -> None:
    bring(f"{AMBON};Ikan lele per kg;agribisnis;25.000;", f"{AMBON};Cuci karpet;jasa;20.000;")
    assert product("Ikan lele per kg").unit_of_measure == "kg"
    assert product("Cuci karpet").service and not product("Ikan lele per kg").service


def test_new_products_get_codes_of_their_maker_or_keep_the_factorys(ctx: Any) -> None:
    bring(f"{AMBON};Sapu;kerajinan;9000;", f"{AMBON};Keset;kerajinan;9500;", f"{AMBON};Kopi;kuliner;9000;8991234567891")
    number = str(units.unit_named(AMBON).number)
    codes = [product(name).barcodes[0] for name in ("Sapu", "Keset", "Kopi")]
    assert [(b.symbology, b.code[:3]) for b in codes] == [("own", number), ("own", number), ("ean13", "899")]
    assert services.has_valid_check_digit(codes[0].code) and codes[0].code != codes[1].code


def test_a_changed_price_is_a_new_price_and_blank_cells_change_nothing(ctx: Any) -> None:
    preview = read(f"{AMBON};Tas rajut;kerajinan tangan;Rp 85.000;;", header="upt;produk;kategori;harga;biaya;satuan")
    assert preview.rows[0].changes == {"price": (80_000, 85_000)}
    version = services.current_version()
    importing.apply(preview, None)
    bag = product("Tas rajut")
    assert [(p.amount, p.cost) for p in bag.prices] == [(80_000, 50_000), (85_000, 50_000)]
    assert bag.version == services.current_version() == version + 1
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "products.import")).one()
    assert entry.detail["changed"] == {str(bag.id): {"price": [80_000, 85_000]}}


def test_headings_may_be_indonesian(ctx: Any) -> None:
    header = "Pembuat;Nama;Kategori;Harga;Modal;Satuan;Kode;Unggulan;Buatan_WBP"
    preview = read(f"{AMBON};Keset;kerajinan;9500;4000;lembar;8991234567891;ya;tidak", header=header)
    values = preview.rows[0].values
    assert not preview.wrong and not preview.unknown_columns
    assert (values["price"], values["cost"], values["unit_of_measure"]) == (9500, 4000, "lembar")
    assert (values["barcode"].code, values["featured"], values["wbp_made"]) == ("8991234567891", True, False)


def test_of_two_headings_for_one_column_its_own_name_counts(ctx: Any) -> None:
    preview = read(f"{AMBON};Keset;k;9500;8991234567891;X7", header="upt;produk;kategori;harga;barcode;kode")
    assert preview.rows[0].values["barcode"].code == "8991234567891" and preview.unknown_columns == ["kode"]


def test_a_list_without_upt_is_of_the_only_upt_one_brings_products_of(ctx: Any) -> None:
    petugas = world.person("petugas")
    preview = read("Keset;kerajinan;9500", header="produk;kategori;harga", person=petugas)
    assert not preview.wrong and preview.rows[0].unit_id == units.unit_named(AMBON).id
    with pytest.raises(sheets.UnreadableFile, match="unit_name, category"):
        read("Keset;9500", header="produk;harga")


def test_a_known_barcode_means_its_product_even_under_a_reworded_name(ctx: Any) -> None:
    bring(f"{AMBON};Air mineral PIPAS 600 ml;kuliner;5000;{world.FACTORY_CODE}")
    assert product("Air mineral PIPAS 600 ml").barcodes[0].code == world.FACTORY_CODE


def test_a_new_barcode_joins_the_product_of_that_name(ctx: Any) -> None:
    bring(f"{AMBON};Tas rajut;kerajinan tangan;80000;8991234567891")
    assert [b.code for b in product("Tas rajut").barcodes] == [world.code("Tas rajut"), "8991234567891"]


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("Lapas Kelas IIA Amboon;Tas;k;1000;", "unit_name", "Lapas Kelas IIA Ambon"),
        ("Rumah Sakit;Tas;k;1000;", "unit_name", "tidak ada UPT"),
        ("Kanwil Maluku;Tas;k;1000;", "unit_name", "tidak ada UPT"),
        (";Tas;k;1000;", "unit_name", "kosong"),
        (f"{AMBON};;k;1000;", "product", "kosong"),
        (f"{AMBON};{'x' * 121};k;1000;", "product", "panjang"),
        (f"{AMBON};Tas;;1000;", "category", "kosong"),
        (f"{AMBON};Tas;{'k' * 41};1000;", "category", "panjang"),
        (f"{AMBON};Tas;k;;", "price_rp", "kosong"),
        (f"{AMBON};Tas;k;-5;", "price_rp", "negatif"),
        (f"{AMBON};Tas;k;12,500;", "price_rp", "dua cara"),
        (f"{AMBON};Tas;k;12.500,50;", "price_rp", "pecahan"),
        (f"{AMBON};Tas;k;1000;8,99E+12", "barcode", "Excel"),
        (f"{AMBON};Tas;k;1000;8991002101419", "barcode", "pemeriksa"),
        (f"{AMBON};Sandal;k;1000;{world.FACTORY_CODE}", "barcode", "Air mineral PIPAS"),
        (f"Lapas Kelas IIA Kendari;Air mineral PIPAS;k;1000;{world.FACTORY_CODE}", "barcode", "milik produk lain"),
        (f"{AMBON};Tas;k;1000;;;;lebih", "?", "kolom"),
    ],
)
def test_a_bad_cell_is_named_with_row_column_value_and_reason(ctx: Any, row: str, column: str, says: str) -> None:
    preview = read(f"{AMBON};Barang baik;k;1000;", row)
    assert wrong(preview) == [(3, column)]
    assert str(preview.wrong[0]).startswith(f"baris 3, kolom {column}: ") and says in str(preview.wrong[0])
    before = count(Product)
    with pytest.raises(importing.ImportRefused) as refused:
        importing.apply(preview, None)
    assert list(refused.value.fields) == [f"3.{column}"]
    assert count(Product) == before


def test_other_columns_are_checked_too(ctx: Any) -> None:
    header = "unit_name;product;category;price_rp;cost_rp;unit_of_measure;featured;wbp_made"
    preview = read(f"{AMBON};Tas;k;1000;2,5;karung;mungkin;?", header=header)
    assert wrong(preview) == [(2, name) for name in ("cost_rp", "unit_of_measure", "featured", "wbp_made")]


def test_a_price_that_fell_into_two_cells_is_not_taken_for_twelve_rupiah(ctx: Any) -> None:
    preview = read(f"{AMBON},Tas,k,12,500", header="unit_name,product,category,price_rp,barcode")
    assert wrong(preview) == [(2, "price_rp")]


def test_repetitions_within_the_file_are_named(ctx: Any) -> None:
    preview = read(
        f"{AMBON};Sapu;k;1000;",
        f"{AMBON};SAPU ;k;1.000;",
        f"{AMBON};Keset;k;1000;8991234567891",
        f"{AMBON};Kain;k;1000;8991234567891",
        f"{AMBON};Sapu;k;2000;",
    )
    assert wrong(preview) == [(3, "product"), (5, "barcode")]
    assert [w.text for w in preview.rows[4].warnings], "another price under one name is a variant, with a warning"


def test_one_code_as_upc_and_as_ean_is_one_code(ctx: Any) -> None:
    preview = read(f"{AMBON};A;k;1000;036000291452", f"{AMBON};B;k;1000;0036000291452")
    assert wrong(preview) == [(3, "barcode")]


def test_a_price_change_among_variants_wants_the_barcode(ctx: Any) -> None:
    bring(f"{AMBON};Kain;k;1000;", f"{AMBON};Kain;k;2000;")
    assert wrong(read(f"{AMBON};Kain;k;3000;")) == [(2, "product")]
    assert read(f"{AMBON};Kain;k;2000;").counts["same"] == 1
    dearer = db.session.scalar(sa.select(Barcode.code).join(Product).join(Price).where(Price.amount == 2000))
    assert read(f"{AMBON};Kain;k;3000;{dearer}").rows[0].changes == {"price": (2000, 3000)}


def test_an_archived_product_stays_as_it_is(ctx: Any) -> None:
    editing.archive(world.person("petugas"), product("Tas rajut").id, False)
    preview = read(f"{AMBON};Tas rajut;kerajinan tangan;99000;")
    assert preview.counts["same"] == 1 and "diarsipkan" in str(preview.warnings[0])


def test_nobody_imports_outside_their_scope(ctx: Any) -> None:
    preview = read(f"{AMBON};Sapu;k;1000;", person=world.person("petugas-ptk"))
    assert wrong(preview) == [(2, "unit_name")] and "wewenang" in str(preview.wrong[0])


def test_what_changed_since_the_preview_is_shown_again(ctx: Any) -> None:
    preview = read(f"{AMBON};Tas rajut;kerajinan tangan;85000;")
    bring(f"{AMBON};Tas rajut;kerajinan tangan;90000;")
    with pytest.raises(importing.ImportChanged):
        importing.apply(preview, None)
    assert product("Tas rajut").prices[-1].amount == 90_000


def test_an_export_is_an_import_that_changes_nothing(ctx: Any) -> None:
    bring(f"{AMBON};Kain;k;1000;", f"{AMBON};Kain;k;2000;", f"{AMBON};=Tas;k;2000;")
    lines = listing.export(world.person("admin"), listing.Filters(), {1: 1500})
    for data in (sheets.to_csv(listing.EXPORT_COLUMNS, lines), sheets.to_xlsx("Produk", listing.EXPORT_COLUMNS, lines)):
        preview = importing.read_products(data, "ekspor", None)
        assert preview.wrong == [] and preview.counts["same"] == len(lines) == count(Product)


def test_excels_own_types_are_understood(ctx: Any) -> None:
    rows = [[AMBON, "Sirup", "kuliner", 12_500.0, 9000, "liter", 8991234567891, True, 1]]
    preview = importing.read_products(sheets.to_xlsx("x", COLUMNS, rows), "x.xlsx", None)
    assert preview.wrong == []
    assert preview.rows[0].values | {"barcode": None} == {
        "product": "Sirup", "category": "kuliner", "price": 12_500, "cost": 9000, "unit_of_measure": "liter",
        "barcode": None, "featured": True, "wbp_made": True,
    }  # fmt: skip


def test_a_file_that_is_no_list_is_refused_as_a_whole(ctx: Any) -> None:
    for data in (b"produk;harga\nTas;1000\n", b"unit_name;product;category;price_rp\n"):
        with pytest.raises(sheets.UnreadableFile):
            importing.read_products(data, "x.csv", None)


def test_five_thousand_rows_are_read_in_few_queries(ctx: Any) -> None:
    rows = [f"{AMBON};Barang {i};kuliner;Rp {money};" for i, money in enumerate(range(1000, 6000))]
    with statements() as asked:
        preview = read(*rows)
    assert preview.counts["new"] == 5000 and len(asked) < 30
    importing.apply(preview, None)
    assert read(*rows).counts["same"] == 5000


cells = st.sampled_from(["", "1000", "Rp 12.500", "12,500", "-1", "x", "8991234567891", "8,99E+12", AMBON, "=1", "🧶"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from([AMBON, "?"]), cells, cells, cells, cells), min_size=1, max_size=6))
def test_whatever_is_brought_is_imported_whole_or_not_at_all(ctx: Any, table: list[tuple[str, ...]]) -> None:
    before = [count(model) for model in (Product, Price, Barcode)]
    preview = read(*(";".join(row) for row in table))
    if preview.wrong:
        with pytest.raises(importing.ImportRefused):
            importing.apply(preview, None)
        assert [count(model) for model in (Product, Price, Barcode)] == before
    else:
        counts = importing.apply(preview, None)
        assert count(Product) == before[0] + counts["new"]
        assert read(*(";".join(row) for row in table)).counts["same"] == len(preview.rows)
    assert db.session.scalar(sa.select(sa.func.count()).where(~Product.barcodes.any())) == 0


def test_unknown_units_are_compared_once_each_and_not_without_end(ctx: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sought: list[str] = []
    monkeypatch.setattr(difflib, "get_close_matches", lambda name, *_, **__: sought.append(name) or [])
    names = [f"Lapas {i}" for i in range(80)]
    preview = read(*(f"{name};Tas {i};kerajinan;9000;" for i in range(2) for name in names))
    assert len(sought) == 50 and preview.counts["wrong"] == 160


def test_a_code_brought_from_the_end_of_the_row_leaves_the_rest_to_be_given(ctx: Any) -> None:
    body = f"{units.unit_named(AMBON).number}9999"
    last = body + services.check_digit(body)
    bring(f"{AMBON};Sapu;kerajinan;9000;{last}")
    bring(f"{AMBON};Keset;kerajinan;9000;")
    assert [product(name).barcodes[0].symbology for name in ("Sapu", "Keset")] == ["own", "own"]
    assert product("Keset").barcodes[0].code < last

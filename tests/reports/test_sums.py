"""Every report, page and file equals a naive sum over the documents; nothing done later moves an earlier figure."""

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
import sqlalchemy as sa
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos import money
from pos.catalog import editing
from pos.catalog.models import Barcode, Product
from pos.db import atomic, db
from pos.register.models import Sale
from pos.reports import bundle_tables, evening, report_table, special_tables, sums, tables
from pos.reports.periods import Period
from pos.reports.report_asked import PER, Asked
from pos.reports.sums import BY, View
from pos.revenue import services as revenue
from pos.revenue.models import BASES, Scheme
from pos.units import services as units
from pos.units import tree as trees
from pos.units.models import Unit
from tests import world
from tests.register.after import give_back
from tests.reports.test_every_board import Truth, moves

TILLS = {"kasir": ("AMB-1", "+09:00"), "petugas": ("AMB-2", "+09:00")}
TILLS |= {"kasir-ptk": ("PTK-1", "+07:00"), "kasir-kdi": ("KDI-1", "+08:00")}
BASKETS = st.lists(
    st.tuples(st.sampled_from([p[1] for p in world.PRODUCTS]), st.integers(1, 4), st.integers(0, 4_000)),
    min_size=1,
    max_size=4,
    unique_by=lambda line: line[0],
)
# Who sells, on which day (in any order: late arrivals), what, the bill's discount, whether some of it comes back.
SALES = st.tuples(
    st.sampled_from(list(TILLS)),
    st.dates(date(2026, 3, 20), date(2026, 5, 10)),
    BASKETS,
    st.integers(0, 5_000),
    st.sampled_from(["", "", "one", "all"]),
    st.sampled_from([("petugas", "galeri"), ("instansi", "bazar"), ("keluarga", "kunjungan")]),
)
FIRST, LAST = date(2026, 3, 25), date(2026, 4, 30)
SCHEMES = st.dictionaries(st.dates(FIRST, LAST), st.tuples(st.sampled_from(BASES), st.integers(1, 5_000)), max_size=2)
NOTHING = dict.fromkeys((*sums.PLAIN, *sums.DETAILS), 0)
SHOWN = {"Omzet": "omzet", "Nota": "sales", "Jumlah": "pieces", "PNBP": "pnbp", "Premi": "premi", "Kotor": "gross"}
SHOWN |= {"Diskon": "discount", "Retur": "refunds", "Modal": "cost"}


def sell(who: str, day: date, basket: list[Any], discount: int, back: str, to: tuple[str, str]) -> None:
    register, zone = TILLS[who]
    lines = [(name, pieces * 1000, off) for name, pieces, off in basket]
    buyer, channel = to
    at = f"{day}T12:00:00{zone}"
    sold = world.sell(who, register, lines, at, discount=discount, buyer=buyer, channel=channel)
    if back:
        pieces = None if back == "all" else {lines[0][0]: 1000}
        give_back(sold.receipt, pieces, who, register=register, sold_at=at, buyer=buyer, channel=channel)


def lines_sold() -> list[tuple[dict[str, Any], dict[str, int], str]]:
    """Of each line of each document: what it is of, what it adds, and its nota where it sold something.

    Shares and cost are those that the line froze: no document has them.
    """
    products = {b.code: b.product for b in db.session.scalars(sa.select(Barcode))}
    found = []
    for sale in db.session.scalars(sa.select(Sale)):
        for line, kept in zip(json.loads(sale.document)["lines"], sale.lines, strict=True):
            product, sold = products[line["product"]], line["quantity"] > 0
            gross, wbp = money.gross(line["quantity"], line["unit_price"]), product.wbp_made
            adds = {
                "omzet": line["amount"] if wbp else 0,
                "other": 0 if wbp else line["amount"],
                "pieces": line["quantity"] if wbp else 0,
                "cost": kept.cost if wbp else 0,
                "pnbp": kept.pnbp,
                "premi": kept.premi,
                "gross": gross if sold else 0,
                "discount": gross - line["amount"] if sold else 0,
                "refunds": 0 if sold else -line["amount"],
            }
            found.append((facts_of(sale, product), adds, sale.id if sold else ""))
    return found


def naive(lines: list[Any], view: View, by: str) -> dict[str, dict[str, int]]:
    """The sums the slow way."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict(NOTHING))
    notas = defaultdict(set)
    for facts, adds, nota in lines:
        within = view.since <= facts["day"] <= view.until
        if within and all(facts[name] == value for name, value in view.given().items()):
            key = str(facts[by]) if by else ""
            notas[key] |= {nota} - {""}
            for name, value in adds.items():
                found[key][name] += value
    return {key: row | {"sales": len(notas[key])} for key, row in found.items()}


_truth: dict[str, Truth] = {}  # where units stood, in the one world of all examples


def facts_of(sale: Sale, product: Product) -> dict[str, Any]:
    unit, truth = sale.gallery.unit, _truth[str(db.engine.url)]
    return {
        "day": sale.business_date,
        "month": f"{sale.business_date:%Y%m}",
        "kanwil": truth.ids[truth.kanwil(unit.name, sale.business_date)],
        "upt": unit.id,
        "gallery": sale.gallery_id,
        "register": sale.register_id,
        "cashier": sale.cashier_id,
        "product": product.id,
        "category": product.category,
        "maker": product.maker_id,
        "buyer": sale.buyer,
        "channel": sale.channel,
    }


def figures(row: sums.Row) -> dict[str, int]:
    return {name: getattr(row, name) for name in (*sums.PLAIN, *sums.DETAILS)}


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(SALES, min_size=6, max_size=10), st.lists(moves, max_size=2), SCHEMES)
def test_every_sum_report_and_export_is_that_of_the_documents(
    app: Flask, ctx: Flask, sales: list[Any], moved: list[Any], schemes: dict[date, Any]
) -> None:
    truth = _truth.setdefault(str(db.engine.url), Truth())
    for unit, day, kanwil in moved:
        truth.move(unit, day, kanwil)
    for day, (base, points) in schemes.items():
        new_scheme(day, base, points)
    for one in sales:
        sell(*one)
    gallery = units.galleries_for(world.person("petugas"))[0]
    views = [View(FIRST, LAST), View(FIRST, LAST, kanwil=gallery.unit.parent_id), View(FIRST, LAST, gallery=gallery.id)]
    views += [View(FIRST, LAST, maker=gallery.unit_id), View(FIRST, FIRST, buyer="petugas")]
    lines = lines_sold()
    for view in views:
        expected = naive(lines, view, "").get("", NOTHING)
        assert figures(sums.total(view, True)) == expected
        plain = sums.total(view)
        assert {n: getattr(plain, n) for n in sums.PLAIN} == {n: expected[n] for n in sums.PLAIN}
        assert plain.cost is None and expected["gross"] - expected["discount"] - expected["refunds"] == plain.takings
        notas = db.session.execute(sums.notas(view)).all()
        assert sum(int(nota.omzet) for nota in notas) == plain.omzet
        for by in BY if view == views[0] else ("day", "product", "maker", "cashier"):
            wanted = naive(lines, view, by)
            assert {row.key: figures(row) for row in sums.breakdown(view, by, True)} == wanted
            quick = {row.key: (row.omzet, row.sales, row.pnbp) for row in sums.breakdown(view, by)}
            assert quick == {key: (row["omzet"], row["sales"], row["pnbp"]) for key, row in wanted.items()}
    with app.test_request_context():
        g.person = world.person("pejabat-pusat")
        for view in views[:2]:
            same_in_every_report(view, lines)
        same_in_the_bundle(views[0], lines)
        same_in_every_file(views[0], lines)
        for day, row in naive(lines, views[0], "day").items():
            one = date.fromisoformat(day)
            assert f"Omzet: *{money.rupiah(row['omzet'])}*" in evening.message(evening.recap(View(one, one), ""))


def new_scheme(day: date, base: str, points: int) -> None:
    """Another scheme of the nation's from that day on; it has one of a day at the most."""
    shares = [revenue.Share("PNBP", "pnbp", points, False), revenue.Share("Premi", "premi", 10_000 - points, True)]
    nation = db.session.scalars(sa.select(Unit).where(Unit.level == "ditjenpas")).one()
    if db.session.scalar(sa.select(Scheme.id).where(Scheme.unit_id == nation.id, Scheme.from_day == day)) is None:
        with atomic():
            revenue.add_scheme(nation, f"Skema {day}", base, shares, day)


def asked_for(view: View, per: str) -> Asked:
    return Asked(Period("rentang", view.since, view.until), view, per, "", True)


def column(table: Any, name: str) -> list[Any]:
    at = [col.name for col in table.columns].index(name)
    return [row[at] for row in table.rows]


def same_in_every_report(view: View, lines: list[Any]) -> None:
    whole = naive(lines, view, "").get("", NOTHING)
    for per in BY:
        table = report_table.table(asked_for(view, per))
        shown = sorted(zip(*(column(table, name) for name in SHOWN), strict=True))
        assert shown == sorted(tuple(row[of] for of in SHOWN.values()) for row in naive(lines, view, per).values()), per
        heads = [col.name for col in table.columns]
        assert {name: table.total[heads.index(name)] for name in SHOWN} == {n: whole[of] for n, of in SHOWN.items()}
    notas = report_table.notas_table(asked_for(view, "nota"))
    assert sum(column(notas, "Omzet")) == whole["omzet"] and sum(column(notas, "Premi")) == whole["premi"]
    for build in (special_tables.discounts_by_cashier, special_tables.discounts):
        assert sum(column(build(view), "Diskon")) == whole["discount"]
    for build in (special_tables.returns, special_tables.returns_by_cashier, special_tables.returns_by_reason):
        assert sum(column(build(view), "Dikembalikan")) == whole["refunds"]
    paid = whole["omzet"] + whole["other"]  # nothing is rounded here
    assert sum(column(special_tables.methods(view), "Bersih")) == paid
    for build in (special_tables.methods_by_day, special_tables.methods_by_gallery):
        assert sum(column(build(view), "Jumlah")) == paid
    assert sum(column(special_tables.busy_by_notas(view), "Jumlah") if whole["sales"] else []) == whole["sales"]
    taken = column(special_tables.busy_by_takings(view), "Jumlah") if whole["sales"] else []
    assert sum(taken) == whole["gross"] - whole["discount"]


def same_in_the_bundle(view: View, lines: list[Any]) -> None:
    whole = naive(lines, view, "").get("", NOTHING)
    parts = {table.name: table for table in bundle_tables.tables(view, g.person)}
    assert sum(column(parts["01-nota"], "Total")) == whole["omzet"] + whole["other"]
    assert sum(column(parts["02-baris-nota"], "PNBP")) == whole["pnbp"]
    days = parts["03-penjualan-per-hari"]
    assert dict(zip(column(days, "Hari"), column(days, "Omzet"), strict=True)) == {
        date.fromisoformat(day): row["omzet"] for day, row in naive(lines, view, "day").items()
    }
    assert sum(column(parts["05-retur"], "Dikembalikan")) == whole["refunds"]
    assert sum(column(parts["06-diskon"], "Diskon")) == whole["discount"]
    assert sum(column(parts["14-cara-bayar"], "Bersih")) == whole["omzet"] + whole["other"]


def same_in_every_file(view: View, lines: list[Any]) -> None:
    """What others read in a CSV, a workbook and a PDF."""
    table = report_table.table(asked_for(view, "maker"))
    wanted = sorted(row["omzet"] for row in naive(lines, view, "maker").values())
    whole = naive(lines, view, "").get("", NOTHING)["omzet"]
    content = tables.file(table, "xlsx").data
    head, *rows, total = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    at = head.index("Omzet")
    assert sorted(row[at] for row in rows) == wanted and total[at] == whole
    text = tables.file(table, "csv").data.decode("utf-8-sig")
    assert sorted(int(row["Omzet"]) for row in csv.DictReader(io.StringIO(text), delimiter=";")) == wanted
    pages = pypdf.PdfReader(io.BytesIO(tables.file(table, "pdf").data)).pages
    words = "\n".join(page.extract_text() for page in pages).split()
    assert {money.rupiah(omzet) for omzet in (*wanted, whole)} <= set(words)


# -- what was done later moves nothing -----------------------------------------------------------------


def some_sales() -> None:
    for n, day in enumerate(range(1, 25, 3)):
        who = list(TILLS)[n % 4]
        basket = [("Tas rajut", 2, 1_000), ("Air mineral PIPAS", 3, 0), ("Kue kering kenari", 1, 0)]
        sell(who, date(2026, 4, day), basket[: 1 + n % 3], 700 * n, "one" if n % 3 == 0 else "", ("petugas", "galeri"))


def address(per: str, kind: str = "") -> str:
    path = f"/laporan/ekspor.{kind}" if kind else "/laporan"
    return f"{path}?periode=rentang&dari=2026-04-01&sampai=2026-04-30&per={per}"


def said(as_: Callable[[str], FlaskClient]) -> dict[tuple[str, str], Any]:
    """What reports of April say: files to the byte, workbooks by cells, pages and papers by their words."""
    every = [("pejabat", per) for per in PER.values()] + [("pejabat-pusat", "kanwil"), ("pejabat-upt", "nota")]
    found: dict[tuple[str, str], Any] = {(name, per): as_(name).get(address(per, "csv")).data for name, per in every}
    official, april = as_("pejabat"), "periode=rentang&dari=2026-04-01&sampai=2026-04-30"
    for per in ("hari", "produk", "galeri", "nota"):  # a nota of a unit that has gone is no longer a link
        found["page", per] = re.sub(r"<[^>]*>", "", official.get(address(per)).text.split('id="rincian"')[1])
    for report, (_title, views) in special_tables.REPORTS.items():
        for view in views:
            found[report, view] = official.get(f"/laporan/khusus/{report}/ekspor.csv?lihat={view}&{april}").data
    book = openpyxl.load_workbook(io.BytesIO(official.get(address("produk", "xlsx")).data))
    found["xlsx", "produk"] = list(book.worksheets[0].values)
    paper = pypdf.PdfReader(io.BytesIO(official.get(address("galeri", "pdf")).data)).pages[0].extract_text()
    found["pdf", "galeri"] = [line for line in paper.splitlines() if not line.startswith("Dicetak")]
    recap = official.get("/laporan/rekap-sore?hari=2026-04-13").text
    found["rekap", "teks"] = recap[recap.index("<pre") : recap.index("</pre>")]
    found["rekap", "gambar"] = official.get("/laporan/rekap-sore/gambar.png?hari=2026-04-13").data
    return found


def test_renaming_repricing_moving_and_another_scheme_change_no_earlier_figure_to_the_byte(
    app: Flask, as_: Callable[[str], FlaskClient]
) -> None:
    with app.app_context():
        some_sales()

    before = said(as_)
    with app.app_context():
        admin, ambon = world.person("admin"), units.unit_named("Lapas Kelas IIA Ambon")
        bag = db.session.scalars(sa.select(Product).where(Product.name == "Tas rajut")).one()
        details = editing.Details(bag.maker_id, "Tas anyam", "fesyen", "", "buah", False, True, False)
        editing.update(admin, bag.id, details)
        editing.set_price(admin, bag.id, 95_000, 60_000)
        new_scheme(date(2026, 4, 2), "penjualan", 4_000)
        trees.change_gallery(ambon.galleries[0], admin, name="Galeri Pattimura")
        trees.change_unit(
            ambon,
            admin,
            name="Lapas Kelas I Ambon",
            kanwil_id=units.unit_named("Kanwil Kalimantan Barat").id,
            day=date(2026, 6, 1),
        )
    after = said(as_)
    assert {which for which, content in after.items() if content != before[which]} == set()
    assert b"Tas rajut" in before["pejabat", "produk"] and b"Galeri Lapas Ambon" in before["pejabat", "galeri"]


# -- files, read by others -----------------------------------------------------------------------------


def test_workbook_csv_and_pdf_say_what_the_page_says(app: Flask, as_official: FlaskClient) -> None:
    with app.app_context():
        some_sales()
    for per in ("bulan", "galeri", "kasir", "produk", "nota"):
        page = as_official.get(address(per)).text
        book = openpyxl.load_workbook(io.BytesIO(as_official.get(address(per, "xlsx")).data))
        head, *rows, total = book.worksheets[0].iter_rows(values_only=True)
        lines = list(
            csv.reader(io.StringIO(as_official.get(address(per, "csv")).data.decode("utf-8-sig")), delimiter=";")
        )
        pdf = pypdf.PdfReader(io.BytesIO(as_official.get(address(per, "pdf")).data))
        texts = "\n".join(sheet.extract_text() for sheet in pdf.pages)
        assert lines[0] == list(head) and len(lines) == len(rows) + 1
        first = next(i for i, name in enumerate(head) if name == "Omzet")
        for row, line in zip(rows, lines[1:], strict=True):
            assert all(isinstance(cell, int | float) for cell in row[first:])
            assert [Decimal(text.replace(",", ".")) for text in line[first:]] == [Decimal(str(c)) for c in row[first:]]
            assert money.rupiah(int(row[first])) in page and money.rupiah(int(row[first])) in texts
        for i, name in enumerate(head):
            if name in ("Omzet", "PNBP", "Premi", "Diskon"):
                assert total[i] == sum(row[i] for row in rows) and money.rupiah(total[i]) in texts
        assert "KANTOR WILAYAH MALUKU" in texts and "Mengetahui," in texts
        assert book.worksheets[0].freeze_panes == "A2" and "Kanwil Maluku" in str(book.worksheets[1]["A2"].value)
    assert book.worksheets[0].cell(2, first + 1).number_format == "#,##0"


def test_days_are_days_in_a_workbook(app: Flask, as_official: FlaskClient) -> None:
    with app.app_context():
        some_sales()
    book = openpyxl.load_workbook(io.BytesIO(as_official.get(address("hari", "xlsx")).data))
    assert book.worksheets[0]["A2"].value.date() == date(2026, 4, 1)
    assert book.worksheets[0]["A2"].number_format == "dd/mm/yyyy"


# -- the page ------------------------------------------------------------------------------------------


def test_cashiers_see_no_costs_and_nobody_sees_another_kanwil(app: Flask, as_: Callable[[str], FlaskClient]) -> None:
    with app.app_context():
        some_sales()
        pontianak = units.unit_named("Lapas Kelas IIA Pontianak")
        gallery = pontianak.galleries[0].id
    assert "Laba" in as_("petugas").get(address("hari")).text
    assert "Laba" not in as_("kasir").get(address("hari")).text
    assert "Laba" not in as_("kasir").get(address("hari", "csv")).text
    for narrowed in (f"galeri={gallery}", f"upt={pontianak.id}", f"kanwil={pontianak.parent_id}", "meja=999"):
        assert as_("pejabat").get(address("hari") + "&" + narrowed).status_code == 404, narrowed
        assert as_("pejabat").get(address("nota", "xlsx") + "&" + narrowed).status_code == 404, narrowed


def test_a_day_that_is_none_is_said_beside_its_field(as_official: FlaskClient) -> None:
    page = as_official.get("/laporan?periode=rentang&dari=2026-02-30&sampai=2026-03-01")
    assert page.status_code == 422 and "Tulis tanggal" in page.text
    page = as_official.get("/laporan?periode=rentang&dari=1900-01-01&sampai=2026-03-01")
    assert page.status_code == 422 and "antara tahun 1990 dan 2100" in page.text
    page = as_official.get("/laporan?periode=rentang&dari=2026-03-30&sampai=2026-03-01")
    assert page.status_code == 422 and "Sebelum tanggal mulai." in page.text

"""The board, its JSON and its exports: who may see what, and the way down to the nota."""

import html
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from pos.campaigns.models import Campaign
from pos.catalog.services import add_product
from pos.db import atomic, db
from pos.register.models import SaleConflict
from pos.register.services import OtherDocument, record
from pos.reports.audit import RULES
from pos.units import services as units
from tests import world
from tests.waiting import made

API = "/api/campaigns/odop-2026/totals"
AMBON, MALUKU, KALBAR = "Lapas Kelas IIA Ambon", "Kanwil Maluku", "Kanwil Kalimantan Barat"


@pytest.fixture
def sold(app: Flask) -> Flask:
    """Two notas in Maluku, one in Kalbar and one in Sultra, within the campaign."""
    with app.app_context():
        world.sell(lines=[("Tas rajut", 2000), ("Keripik pisang", 1500)], at="2026-04-10T10:00:00+09:00")
        world.sell(lines=[("Tas rajut", 1000)], at="2026-04-11T10:00:00+09:00", buyer="petugas")
        world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)], at="2026-04-10T10:00:00+07:00")
        world.sell("kasir-kdi", "KDI-1", [("Meja jati", 1000)], at="2026-04-12T10:00:00+08:00", buyer="instansi")
    return app


def ids(app: Flask, *names: str) -> list[int]:
    with app.app_context():
        return [units.unit_named(name).id for name in names]


def make_public(app: Flask) -> None:
    with app.app_context(), atomic():
        db.session.scalars(sa.select(Campaign).where(Campaign.slug == "odop-2026")).one().public = True


# -- the JSON ------------------------------------------------------------------------------------------


def test_the_json_is_what_others_rely_on(sold: Flask, as_admin: Any) -> None:
    answer = as_admin.get(API + "?by=kanwil")
    body = answer.json
    assert answer.status_code == 200 and list(body["rows"][0]) == sorted(
        ["key", "name", "omzet", "pieces", "sales", "pnbp"]
    )
    assert body["rows"][0]["name"] == "Kanwil Sulawesi Tenggara" and isinstance(body["rows"][0]["key"], str)
    wanted = {"campaign": "odop-2026", "omzet": 7_115_000, "pieces": 6500, "sales": 4, "deposited": 0}
    assert {name: body[name] for name in wanted} == wanted and body["verified_omzet"] == 0
    assert set(body) == {*wanted, "as_of", "pnbp", "premi", "verified_omzet", "rows"}
    assert sum(row["omzet"] for row in body["rows"]) == body["omzet"]


@pytest.mark.parametrize(
    ("dimension", "keys"),
    [
        ("day", {"2026-04-10", "2026-04-11", "2026-04-12"}),
        ("category", {"kerajinan tangan", "kuliner", "manufaktur"}),
        ("buyer", {"petugas", "masyarakat", "instansi"}),
        ("channel", {"galeri"}),
    ],
)
def test_keys_are_what_a_program_can_read(sold: Flask, as_admin: Any, dimension: str, keys: set[str]) -> None:
    assert {row["key"] for row in as_admin.get(f"{API}?by={dimension}").json["rows"]} == keys


def test_unchanged_totals_answer_304_and_a_sale_changes_them(sold: Flask, as_admin: Any) -> None:
    first = as_admin.get(API)
    tag = first.headers["ETag"]
    assert tag.startswith('"') and as_admin.get(API).data == first.data
    assert as_admin.get(API, headers={"If-None-Match": tag}).status_code == 304
    long = API + "?by=product"
    squeezed = as_admin.get(long, headers={"Accept-Encoding": "gzip"})
    again = {"Accept-Encoding": "gzip", "If-None-Match": squeezed.headers["ETag"]}
    assert squeezed.headers["Content-Encoding"] == "gzip" and as_admin.get(long, headers=again).status_code == 304
    with sold.app_context():
        world.sell(at="2026-04-12T10:00:00+09:00")
    later = as_admin.get(API, headers={"If-None-Match": tag})
    assert later.status_code == 200 and later.json["sales"] == 5 and later.headers["ETag"] != tag


def test_a_breakdown_that_does_not_exist_is_named(as_admin: Any) -> None:
    answer = as_admin.get(API + "?by=bulan")
    assert answer.status_code == 422 and "kanwil" in answer.json["error"]["fields"]["by"]


@pytest.mark.parametrize(
    ("username", "omzet", "rows"),
    [
        ("pejabat-pusat", 7_115_000, 3),
        ("pejabat", 315_000, 1),
        ("pejabat-upt", 315_000, 1),
        ("kasir", 315_000, 1),
        ("kasir-ptk", 300_000, 1),
        ("admin-ptk", 300_000, 1),
    ],
)
def test_everyone_sees_their_own_node(
    sold: Flask, as_: Callable[[str], Any], username: str, omzet: int, rows: int
) -> None:
    body = as_(username).get(API + "?by=kanwil").json
    assert (body["omzet"], len(body["rows"])) == (omzet, rows)


def test_nobody_gets_outside_their_own_node(sold: Flask, as_: Callable[[str], Any]) -> None:
    maluku, kalbar, pontianak = ids(sold, MALUKU, KALBAR, "Lapas Kelas IIA Pontianak")
    for username, query in (
        ("pejabat", f"kanwil={kalbar}"),
        ("pejabat", f"upt={pontianak}"),
        ("pejabat-upt", f"kanwil={maluku}"),
        ("kasir", f"upt={pontianak}"),
        ("admin", "kanwil=99999"),
        ("admin", "kanwil=x"),
        ("admin", "gallery=99999"),
        ("admin", "day=kemarin"),
        ("admin", "buyer=siapa"),
        ("admin", "product=99999"),
    ):
        assert as_(username).get(f"{API}?{query}").status_code == 404, query
    assert as_("pejabat").get(f"/kampanye/odop-2026?kanwil={kalbar}").status_code == 404
    assert as_("admin").get(f"{API}?kanwil={kalbar}&upt={ids(sold, AMBON)[0]}").status_code == 404


def test_strangers_see_only_public_campaigns_and_no_notas(sold: Flask, as_stranger: Any, as_admin: Any) -> None:
    assert as_stranger.get(API).status_code == as_stranger.get("/api/campaigns/tidak-ada/totals").status_code == 401
    assert as_stranger.get("/kampanye/odop-2026").location.startswith("/masuk")
    assert as_admin.get("/api/campaigns/tidak-ada/totals").status_code == 404
    make_public(sold)
    assert as_stranger.get(API).json["omzet"] == 7_115_000
    page = as_stranger.get("/kampanye/odop-2026")
    assert page.status_code == 200 and "Rp7.115.000" in page.text and "per=nota" not in page.text
    assert as_stranger.get("/kampanye/odop-2026?per=nota").location.startswith("/masuk")
    assert as_stranger.get("/kampanye/odop-2026/tabel.csv?per=nota").status_code == 302
    assert "/penjualan/" not in as_stranger.get("/kampanye/odop-2026?per=kategori").text


# -- the pages -----------------------------------------------------------------------------------------


def test_the_list_shows_running_campaigns_first_with_their_omzet(sold: Flask, as_official: Any) -> None:
    text = as_official.get("/kampanye").text
    assert text.index("Bangga Produk WBP") < text.index("One Day One Prison")
    assert text.count("Rp315.000") == 2 and "berjalan" in text and "selesai" in text


def test_the_target_stands_only_where_it_belongs(sold: Flask, as_admin: Any, as_official: Any) -> None:
    assert "dari target Rp100.000.000" in as_admin.get("/kampanye/odop-2026").text
    assert "dari target" not in as_official.get("/kampanye/odop-2026").text


PER = ["kanwil", "upt", "galeri", "hari", "pembuat", "produk", "kategori", "pembeli", "kanal", "nota"]


@pytest.mark.parametrize("per", PER)
def test_every_tab_opens_and_so_does_what_its_rows_open(sold: Flask, as_admin: Any, per: str) -> None:
    page = as_admin.get(f"/kampanye/odop-2026?per={per}")
    assert page.status_code == 200
    table = page.text.split('id="rincian"')[1]
    links = re.findall(r'class="row-link[^"]*" href="([^"]+)"', table)
    assert links
    for link in links:
        assert as_admin.get(link.replace("&amp;", "&")).status_code == 200


def test_the_title_names_the_place_below_the_nation(sold: Flask, as_admin: Any, as_official: Any) -> None:
    maluku, ambon = ids(sold, MALUKU, AMBON)
    for client, asked, title in (
        (as_admin, "", None),
        (as_admin, f"?kanwil={maluku}", MALUKU),
        (as_admin, f"?kanwil={maluku}&upt={ambon}", AMBON),
        (as_official, "", MALUKU),
    ):
        page = client.get(f"/kampanye/odop-2026{asked}").text
        heading = re.search("<h1>(.*?)</h1>", page)[1]  # type: ignore[index]
        assert f"<title>{heading} · Etalase</title>" in page
        assert heading.startswith(f"{title} · ") if title else " · " not in heading


def test_a_nota_leads_back_to_the_level_it_was_opened_from_and_nowhere_else(sold: Flask, as_official: Any) -> None:
    page = as_official.get("/kampanye/odop-2026?per=nota&urut=omzet").text
    opened = html.unescape(re.search(r'row-link mono" href="([^"]+)"', page)[1])  # type: ignore[index]
    back = re.search(r'<a href="([^"]+)">← Kampanye', as_official.get(opened).text)
    assert back and html.unescape(back[1]) == "/kampanye/odop-2026?per=nota&urut=omzet"
    for elsewhere in ("//evil.example/kampanye/", "https://evil.example/kampanye/", "javascript:1", "/keluar"):
        nota = as_official.get(opened.split("?")[0], query_string={"dari": elsewhere}).text
        assert "← Kampanye" not in nota and f'href="{elsewhere}"' not in nota


def test_a_product_opens_the_notas_that_hold_it(sold: Flask, as_official: Any) -> None:
    page = as_official.get("/kampanye/odop-2026?per=produk").text
    link = re.search(r'href="([^"]+)">Keripik pisang', page)
    assert link
    notas = as_official.get(link[1].replace("&amp;", "&")).text
    assert "AMB-1-000001" in notas and "AMB-1-000002" not in notas and "Rp75.000" in notas


def test_rows_sort_by_the_metric_that_is_named(sold: Flask, as_admin: Any) -> None:
    text = as_admin.get("/kampanye/odop-2026?per=kanwil&urut=pieces").text
    table = text.split('id="rincian"')[1]
    assert table.index(MALUKU) < table.index(KALBAR)


def test_an_empty_board_says_what_comes(as_official: Any) -> None:
    assert "Belum ada penjualan yang terhitung di sini." in as_official.get("/kampanye/odop-2026").text


# -- exports -------------------------------------------------------------------------------------------


def test_the_table_leaves_as_xlsx_with_real_numbers(sold: Flask, as_admin: Any) -> None:
    answer = as_admin.get("/kampanye/odop-2026/tabel.xlsx?per=produk")
    assert 'filename="odop-2026-produk.xlsx"' in answer.headers["Content-Disposition"]
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    assert rows[0][:5] == ("Produk", "Pembuat", "Omzet", "Bagian", "Jumlah")
    assert rows[1] == ("Meja jati", "Lapas Kelas IIA Kendari", 6_500_000, 91.4, 1, 1, 375_000, 1_250_000)
    assert ("Keripik pisang", AMBON, 75_000, 1.1, 1.5, 1, 4_500, 15_000) in rows
    assert rows[-1][:3] == ("Jumlah", None, sum(row[2] for row in rows[1:-1]))


def test_the_table_leaves_as_csv_that_excel_opens_here(sold: Flask, as_admin: Any) -> None:
    text = as_admin.get("/kampanye/odop-2026/tabel.csv?per=hari").data.decode("utf-8-sig")
    assert text.splitlines()[:2] == [
        "Hari;Omzet;Bagian;Jumlah;Nota;PNBP;Premi",
        "2026-04-10;535000;7,5;4,5;2;31500;105000",
    ]


def test_the_notas_leave_too_and_within_scope(sold: Flask, as_official: Any) -> None:
    answer = as_official.get("/kampanye/odop-2026/tabel.xlsx?per=nota")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].values)
    assert [row[0] for row in rows] == ["Nota", "AMB-1-000002", "AMB-1-000001", "Jumlah"] and rows[1][7] == 80_000
    assert as_official.get("/kampanye/odop-2026/tabel.pdfx").status_code == 404


def test_a_product_named_like_a_formula_stays_text(app: Flask, as_admin: Any) -> None:
    name = "=HYPERLINK(0)"
    with app.app_context():
        with atomic():
            add_product(units.unit_named(AMBON), name, "kerajinan tangan", 1_000, from_at=world.LONG_AGO)
        line = {"product": world.code(name), "quantity": 1000, "unit_price": 1000, "discount": 0, "amount": 1000}
        paid = [{"method": "cash", "tendered": 1000, "change": 0, "reference": ""}]
        body = world.sale() | {"lines": [line], "total": 1000, "payments": paid, "sold_at": "2026-04-10T10:00:00+09:00"}
        record(body, world.person("kasir"))
    cell = openpyxl.load_workbook(
        io.BytesIO(as_admin.get("/kampanye/odop-2026/tabel.xlsx?per=produk").data)
    ).worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == (name, "s")
    assert "\r\n'=HYPERLINK(0);" in as_admin.get("/kampanye/odop-2026/tabel.csv?per=produk").text


# -- the books -----------------------------------------------------------------------------------------


def test_the_books_show_every_rule_in_words_and_what_is_odd_in_scope(sold: Flask, as_: Callable[[str], Any]) -> None:
    with sold.app_context():
        body = world.sale(sold_at="2026-04-20T10:00:00+09:00", number=4)
        record(body, world.person("kasir"))
        with pytest.raises(OtherDocument):
            record(body | {"note": "lain"}, world.person("kasir"))
        record(world.sale(number=3, sold_at="2026-04-20T09:00:00+09:00"), world.person("kasir"))
    official = as_("pejabat")
    assert "belum diperiksa" in official.get("/buku").text
    asked = official.post("/buku").location
    made(official, asked)
    assert "Semua aturan terpenuhi" in official.get(asked).text
    with official.get(f"{asked}/unduh") as file:
        found = zipfile.ZipFile(io.BytesIO(file.data)).read("pemeriksaan-buku.csv").decode()
    assert found.count(";terpenuhi;0;") == len(RULES)
    text = official.get("/buku").text
    assert text.count("terpenuhi</span>") == len(RULES) and "Semua aturan terpenuhi" in text and "turnover" not in text
    assert "Nomor nota melompat" in text and text.count("AMB-1-000004") == 4
    assert "AMB-1-000004" not in as_("admin-ptk").get("/buku").text
    assert as_("kasir").get("/buku").status_code == 403
    with sold.app_context(), db.engine.begin() as connection:
        [one] = connection.execute(sa.select(SaleConflict.__table__).where(SaleConflict.id > 0)).mappings()
        more = [dict(one) | {"id": one["id"] + i, "digest": f"{i:064d}"} for i in range(1, 51)]
        connection.execute(sa.insert(SaleConflict), more)
    first, last = (official.get(f"/buku?bertentangan={page}").text for page in (1, 2))
    assert "bertentangan=2#bertentangan" in first and "bertentangan=1#bertentangan" in last
    assert [text.count("AMB-1-000004") > 10 for text in (first, last)] == [True, False]


# -- in a real browser ---------------------------------------------------------------------------------


@pytest.mark.browser
def test_an_official_walks_from_the_nation_down_to_the_nota(sold: Flask, open_as: Any) -> None:
    page = open_as("pejabat-pusat", "/kampanye/odop-2026")
    for name in (MALUKU, AMBON, "Galeri Lapas Ambon", "10 Apr 2026", "AMB-1-000001"):
        page.get_by_role("rowheader").get_by_role("link", name=name, exact=True).click()
    page.wait_for_url(lambda url: "/penjualan/AMB-1-000001?dari=" in url)
    page.go_back()
    crumbs = page.get_by_role("navigation", name="Lokasi")
    assert crumbs.get_by_role("listitem").all_inner_texts() == [
        "Kampanye", "Ditjenpas", MALUKU, AMBON, "Galeri Lapas Ambon", "10 Apr 2026",
    ]  # fmt: skip
    crumbs.get_by_role("link", name=MALUKU).click()
    page.get_by_role("heading", name="Per UPT").wait_for()


@pytest.mark.browser
def test_the_board_grows_by_itself_and_says_when_it_cannot(sold: Flask, open_as: Any) -> None:
    page = open_as("pejabat", "/kampanye/odop-2026?per=galeri")
    page.wait_for_timeout(300)  # the first answer: from here on only changes are sent
    with sold.app_context():
        world.sell(at="2026-04-12T10:00:00+09:00")
    page.locator("dl [data-figure=omzet]", has_text="Rp475.000").wait_for()
    page.locator("tr[data-key] [data-cell=omzet]", has_text="Rp475.000").wait_for()
    page.context.set_offline(True)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # it asks at once when it is looked at
    page.locator(".lost [data-age]", has_text="Sambungan terputus").wait_for()
    page.context.set_offline(False)
    page.locator("[data-age]", has_text="data baru saja").wait_for()

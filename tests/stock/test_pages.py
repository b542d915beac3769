"""The papers of stock as people fill them in: rows by scanning, errors beside the cell, one paper after another."""

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pos import clock
from pos.catalog.services import any_product, price_at
from pos.db import atomic, db
from pos.errors import Conflict
from pos.stock import opname_lists, opnames, services, shelves
from pos.stock.models import StockMove
from pos.stock.opname_models import OpnameCount
from pos.units import services as units
from pos.units.models import User
from tests import world
from tests.register.conftest import hears_keys
from tests.register.counter import by_hand, scan
from tests.stock.test_shelf import ids, moves
from tests.stock.test_sums import place, product
from tests.test_openapi import described


def rows(*products: int, **cells: Any) -> dict[str, Any]:
    return {"produk": list(products), "jumlah": ["2"] * len(products)} | cells


def test_goods_are_received_row_by_row_and_their_labels_are_one_click_away(app: Any, as_staff: Any) -> None:
    bag, gallery = ids(app, "Tas rajut")
    with app.app_context():
        code = world.code("Tas rajut")
    form: dict[str, Any] = {"galeri": gallery, "aksi": "cari", "cari": f"3*{code}"}
    page = as_staff.post("/penerimaan/baru", data=form).text
    assert re.search(rf'name="produk" value="{bag}"', page) and re.search(r'name="jumlah"[^>]* value="3"', page)
    page = as_staff.post("/penerimaan/baru", data=form | rows(bag, jumlah=["3"], cari=code)).text
    assert re.search(r'name="jumlah"[^>]* value="4"', page)
    wrong = {"jumlah": ["1,5"], "biaya": ["mahal"], "produksi": ["A1"], "kedaluwarsa": ["besok"], "aksi": "simpan"}
    page = as_staff.post("/penerimaan/baru", data=form | rows(bag, **wrong))
    assert page.status_code == 422 and moves(app) == []
    assert all(text in page.text for text in ("utuh", "Bukan harga.", "Bukan tanggal.", 'value="A1"'))
    page = as_staff.post("/penerimaan/baru", data=form | rows(bag) | {"hari": "2026-02-31", "aksi": "simpan"})
    assert page.status_code == 422 and "Bukan tanggal." in page.text and moves(app) == []
    right = {"jumlah": ["4"], "biaya": ["55.000"], "produksi": ["A1"], "kedaluwarsa": ["2030-01-31"], "harga": "1"}
    saved = as_staff.post("/penerimaan/baru", data=form | rows(bag, **right) | {"aksi": "simpan"})
    assert saved.status_code == 302 and moves(app) == [(4000, "receive", "")]
    page = as_staff.get(saved.location).text
    assert "Rp55.000" in page and "31 Jan 2030" in page
    labels = as_staff.get(f"{saved.location}/label").location
    assert f"{code}:4" in labels.replace("%3A", ":") and "produksi=A1" in labels and "kedaluwarsa=2030-01-31" in labels
    with app.app_context():
        price = price_at(any_product(bag).prices, clock.now())
        assert price and (price.amount, price.cost) == (80_000, 55_000)
    assert "Tas rajut" in as_staff.get("/stok/kedaluwarsa?hari=3650").text


def test_a_paper_sent_twice_is_one_and_a_form_is_saved_once(app: Any, as_staff: Any) -> None:
    bag, gallery = ids(app, "Tas rajut")
    _, pontianak = ids(app, "Tas rajut", "Pontianak")
    form = rows(bag) | {"galeri": gallery, "tujuan": pontianak, "sebab": "rusak", "aksi": "simpan"}
    for address in ("/penerimaan/baru", "/pindah/baru", "/penghapusan/baru"):
        key = re.search(r'name="kunci" value="([^"]+)"', as_staff.get(address).text)
        assert key
        first, again = (as_staff.post(address, data=form | {"kunci": key[1]}) for _time in range(2))
        assert first.status_code == 302 and first.location == again.location
        other = as_staff.post(address, data=form | {"kunci": key[1], "jumlah": ["7"]})
        assert other.status_code == 422 and "sudah disimpan sebagai #1" in other.text
    assert [move[0] for move in moves(app)] == [2000, -2000, -2000]


def test_goods_that_arrive_are_scanned_and_what_the_paper_does_not_name_is_added(app: Any, as_: Any) -> None:
    bag, ambon = ids(app, "Tas rajut")
    ship, pontianak = ids(app, "Miniatur kapal", "Pontianak")
    with app.app_context():
        codes = [world.code(name) for name in ("Tas rajut", "Miniatur kapal")]
    sender, receiver = as_("petugas"), as_("petugas-ptk")
    form: dict[str, Any] = {"galeri": ambon, "tujuan": pontianak, "aksi": "simpan"}
    address = sender.post("/pindah/baru", data=form | rows(bag, jumlah=["5"])).location
    page = receiver.post(f"{address}/tiba", data={"tiba-0": "4", "aksi": "cari", "cari": f"3*{codes[0]}"}).text
    assert re.search(r'name="tiba-0"[^>]* value="7"', page) and 'name="produk"' not in page
    page = receiver.post(f"{address}/tiba", data={"tiba-0": "7", "aksi": "cari", "cari": codes[1]}).text
    assert f'name="produk" value="{ship}"' in page and re.search(r'name="tiba-0"[^>]* value="7"', page)
    came = rows(ship, jumlah=["1"]) | {"tiba-0": "7", "aksi": "simpan"}
    refused = receiver.post(f"{address}/tiba", data=came)
    assert refused.status_code == 422 and "dari mana" in refused.text and 'value="7"' in refused.text
    assert receiver.post(f"{address}/tiba", data=came | {"catatan": "satu dus lain"}).status_code == 302
    assert "tidak tertulis" in sender.get(address).text and "tiba lebih 2" in sender.get("/stok").text
    assert "Lebih, belum jelas" in sender.get("/pindah?keadaan=over").text
    shown = as_("kasir").get("/stok").text  # who may not open the transfers is led to none
    assert "tiba lebih 2" in shown and "/pindah?" not in shown and "/pindah?" in sender.get("/stok").text
    said = {"kejadian": "sent", "jumlah": "1", "catatan": "memang kurang", "sisa": "-2000"}
    assert receiver.post(f"{address}/0/kurang", data=said).status_code == 404  # the sender's shelf
    assert sender.post(f"{address}/0/kurang", data=said | {"kejadian": "lost"}).status_code == 422
    assert [sender.post(f"{address}/0/kurang", data=said).status_code for _time in range(2)] == [302, 409]
    assert "Kiriman #1" in sender.get(f"/stok/kartu/{bag}").text
    expected = [(-5000, "sent"), (7000, "arrived"), (1000, "arrived"), (-1000, "sent")]
    assert [move[:2] for move in moves(app)] == expected


@pytest.mark.parametrize("address", ["/penerimaan/baru", "/pindah/baru", "/penghapusan/baru"])
def test_a_button_that_names_no_product_adds_none(as_staff: Any, address: str) -> None:
    for odd in ("²", "٣", "-1", "9" * 40):
        page = as_staff.post(address, data={"tambah": odd})
        assert page.status_code in (200, 422) and 'name="produk"' not in page.text


def test_goods_are_written_on_the_shelf_that_was_named_or_on_none(app: Any, as_: Any) -> None:
    bag, ambon = ids(app, "Tas rajut")
    form = rows(bag, jumlah=["3"]) | {"galeri": ambon, "aksi": "simpan"}
    refused = as_("petugas-ptk").post("/penerimaan/baru", data=form)  # who has one gallery, and not this one
    assert refused.status_code == 422 and "Pilih salah satu galeri." in refused.text
    assert moves(app) == []


def test_a_transfer_that_comes_short_stays_in_sight_until_somebody_says_where_it_is(app: Any, as_: Any) -> None:
    bag, ambon = ids(app, "Tas rajut")
    _, pontianak = ids(app, "Tas rajut", "Pontianak")
    sender, receiver = as_("petugas"), as_("petugas-ptk")
    form = rows(bag, jumlah=["5"]) | {"galeri": ambon, "tujuan": pontianak, "aksi": "simpan"}
    assert "Pilih galeri lain" in sender.post("/pindah/baru", data=form | {"tujuan": ambon}).text
    address = sender.post("/pindah/baru", data=form).location
    assert "Di jalan" in receiver.get("/pindah").text
    assert "masuk 5" in receiver.get("/stok").text and "keluar 5" in sender.get("/stok").text
    assert receiver.post(f"{address}/tiba", data={"tiba-0": ""}).status_code == 422
    assert sender.post(f"{address}/tiba", data={"tiba-0": "5"}).status_code == 404  # not the sender's shelf
    assert receiver.post(f"{address}/tiba", data={"tiba-0": "3"}).status_code == 302
    assert receiver.post(f"{address}/tiba", data={"tiba-0": "5"}).status_code == 409
    assert "Kurang, belum jelas" in sender.get("/pindah?keadaan=short").text
    found = {"kejadian": "arrived", "jumlah": "1", "catatan": "terselip"}
    assert receiver.post(f"{address}/0/kurang", data=found | {"jumlah": "3"}).status_code == 422
    assert receiver.post(f"{address}/0/kurang", data=found).status_code == 302
    lost = {"kejadian": "lost", "jumlah": "1", "catatan": "jatuh di dermaga"}
    assert receiver.post(f"{address}/0/kurang", data=lost).status_code == 404  # what is lost is the sender's
    assert sender.post(f"{address}/0/kurang", data=lost).status_code == 302
    assert "Diterima" in sender.get(address).text and "jatuh di dermaga" in sender.get(address).text
    assert [move[:2] for move in moves(app)] == [(-5000, "sent"), (3000, "arrived"), (1000, "arrived")]


def test_what_is_written_off_says_why(app: Any, as_staff: Any) -> None:
    bag, gallery = ids(app, "Tas rajut")
    form = rows(bag) | {"galeri": gallery, "aksi": "simpan"}
    assert "Pilih sebabnya." in as_staff.post("/penghapusan/baru", data=form).text
    assert "Tulis sebabnya." in as_staff.post("/penghapusan/baru", data=form | {"sebab": "lain"}).text
    address = f"/penghapusan/baru?produk={bag}&jumlah=1&sebab=hilang"  # what a link named is not asked for twice
    saved = as_staff.post(address, data=form | {"sebab": "rusak", "catatan": "robek"})
    assert "robek" in as_staff.get(saved.location).text and moves(app) == [(-2000, "write_off", "robek")]
    page = as_staff.get("/stok?keadaan=minus").text
    assert "-2" in page and "Tas rajut" in page
    card = as_staff.get(f"/stok/kartu/{bag}").text
    assert "Penghapusan #1" in card and re.search(r"Saldo galeri.*-2", card, re.S)


def test_a_gallery_that_has_less_than_its_minimum_is_listed(app: Any, as_staff: Any) -> None:
    bag, gallery = ids(app, "Tas rajut")
    assert as_staff.post(f"/stok/kartu/{bag}/minimum", data={f"minimum-{gallery}": "3"}).status_code == 302
    assert "kurang" in as_staff.get("/stok?keadaan=rendah").text
    as_staff.post(f"/stok/kartu/{bag}/minimum", data={f"minimum-{gallery}": ""})
    assert "Tidak ada barang yang cocok." in as_staff.get("/stok?keadaan=rendah").text


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-13-01"])
def test_a_card_of_days_that_no_clock_knows_shows_the_whole_card(app: Any, as_: Any, day: str) -> None:
    bag = ids(app, "Tas rajut")[0]
    for name in ("dari", "sampai"):
        assert as_("kasir").get(f"/stok/kartu/{bag}?{name}={day}").status_code == 200
        assert as_("kasir").get(f"/stok/kartu/{bag}/kartu.csv?{name}={day}").status_code == 200
        assert as_("petugas").get(f"/penghapusan?{name}={day}").status_code == 200


def test_minimums_of_several_galleries_are_kept_together_or_not_at_all(app: Any, as_staff: Any) -> None:
    bag, first = ids(app, "Tas rajut")
    with app.app_context():
        second = units.add_gallery(units.unit_named("Lapas Kelas IIA Ambon"), "Stan Ambon").id
    form = {f"minimum-{min(first, second)}": "5", f"minimum-{max(first, second)}": "-5"}
    assert as_staff.post(f"/stok/kartu/{bag}/minimum", data=form).status_code == 422
    with app.app_context():
        assert shelves.minimums(world.person("petugas"), bag) == {}


def test_a_count_is_kept_once_and_answers_as_described(app: Any, as_cashier: Any) -> None:
    bag, gallery = ids(app, "Tas rajut")
    with app.app_context():
        number = opnames.begin(world.person("petugas"), gallery).id
        with pytest.raises(Conflict):  # a gallery is counted once at a time
            opnames.begin(world.person("admin"), gallery)
        body = {"id": world.new_id(), "code": world.code("Tas rajut"), "quantity": 2000, "kind": "add"}
    address = f"/api/opname/{number}/counts"
    first, again = as_cashier.post(address, json=body), as_cashier.post(address, json=body)
    assert first.status_code == 200 and first.json == again.json and first.json["counted"] == 2000
    described("/api/opname/{opname_id}/counts", "post", 200).validate(first.json)
    found = as_cashier.get(f"/api/opname/{number}/goods?q=rajut").json
    described("/api/opname/{opname_id}/goods", "get", 200).validate(found)
    assert found["goods"][0]["id"] == bag
    wrong = [
        {"quantity": 1500},
        {"quantity": -1000},
        {"quantity": True},
        {"kind": "lain"},
        {"id": "x"},
        {"quantity": 0},
    ]
    for change in wrong:
        assert as_cashier.post(address, json=body | {"id": world.new_id()} | change).status_code == 422, change
    assert as_cashier.post(address, json=body | {"quantity": 3000}).status_code == 409
    assert as_cashier.post(address, json=body | {"id": world.new_id(), "code": "0"}).status_code == 404


@pytest.mark.parametrize("number", [10**30, 2**31, 0, -1, True])
def test_a_count_of_a_product_with_no_possible_number_finds_nothing(app: Any, as_cashier: Any, number: Any) -> None:
    with app.app_context():
        opname = opnames.begin(world.person("petugas"), ids(app, "Tas rajut")[1]).id
    body = {"id": world.new_id(), "quantity": 1000, "kind": "set", "product": number}
    assert as_cashier.post(f"/api/opname/{opname}/counts", json=body).status_code == 404


def test_who_counted_does_not_approve_unless_alone(ctx: Any) -> None:
    gallery, staff = place("Galeri Lapas Ambon"), world.person("petugas")
    row = opnames.begin(staff, gallery.id)
    opnames.count(staff, row.id, product("Tas rajut"), 1000)
    with pytest.raises(Conflict, match="sendiri"):
        opnames.approve(staff, row.id)
    with atomic() as session:
        session.execute(sa.update(User).where(User.username == "admin").values(active=False))
    opnames.approve(staff, row.id)
    db.session.expire_all()
    assert row.closing and row.closing.alone


def test_a_nota_that_comes_late_was_sold_before_the_count(ctx: Any) -> None:
    gallery, bag = place("Galeri Lapas Ambon"), product("Tas rajut")
    row = opnames.begin(world.person("petugas"), gallery.id)
    opnames.count(world.person("kasir"), row.id, bag, 5000, "set")
    earlier = (clock.now() - timedelta(minutes=5)).isoformat()
    world.sell(lines=[("Tas rajut", 2000)], at=earlier)
    opnames.approve(world.person("petugas"), row.id)
    assert services.held(gallery.id, [bag]) == {bag: 5000}
    world.sell(lines=[("Tas rajut", 1000)], at=earlier)
    db.session.expire_all()
    assert opname_lists.came_after(row) == [("Tas rajut", -1000)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_was_being_written_while_somebody_counted_is_counted_once(ctx: Any) -> None:
    """On PostgreSQL the move with the lower number may be committed last."""
    gallery, bag = place("Galeri Lapas Ambon"), product("Tas rajut")
    row = opnames.begin(world.person("petugas"), gallery.id)
    with db.engine.begin() as other:
        taken = {"gallery_id": gallery.id, "product_id": bag, "quantity": -2000, "reason": "adjust", "note": "rusak"}
        other.execute(sa.insert(StockMove).values(**taken, at=clock.now()))
        world.sell(lines=[("Tas rajut", 1000)])
        opnames.count(world.person("kasir"), row.id, bag, 5000)
    opnames.count(world.person("kasir"), row.id, bag, 1000)
    with pytest.raises(Conflict, match="Hitung ulang"):  # it came between two counts
        opnames.approve(world.person("petugas"), row.id)
    with db.engine.begin() as other:
        other.execute(sa.insert(StockMove).values(**taken, at=clock.now()))
        world.sell(lines=[("Tas rajut", 1000)])
        opnames.count(world.person("kasir"), row.id, bag, 5000, "set")
    opnames.approve(world.person("petugas"), row.id)
    assert services.held(gallery.id, [bag]) == {bag: 5000}
    assert opname_lists.came_after(row) == []


@pytest.mark.browser
def test_a_gallery_is_counted_by_scanning_on_a_phone_while_it_sells(app: Any, open_as: Any) -> None:
    bag, gallery = ids(app, "Tas rajut")
    with app.app_context():
        opnames.begin(world.person("petugas"), gallery)
        bag_code, water = world.code("Tas rajut"), world.code("Air mineral PIPAS")
    page = open_as("kasir", "/opname", width=360, height=740)
    page.get_by_role("link", name="Hitung").click()

    say = page.locator("#count-say")
    say.get_by_text("Siap memindai").wait_for()
    hears_keys(page)
    scan(page, bag_code)
    say.get_by_text("Tas rajut: 1 buah").wait_for()
    by_hand(page, "5*")
    scan(page, water)
    say.get_by_text("Air mineral PIPAS: 5 buah").wait_for()
    scan(page, "00000000")
    say.get_by_text("Tidak ada barang").wait_for()
    page.locator("#find").fill("kenari")
    page.keyboard.press("Enter")
    page.locator("#count-found").get_by_role("button").click()
    say.get_by_text("Kue kering kenari: 1 buah").wait_for()
    with app.app_context():
        world.sell(lines=[("Tas rajut", 1000)])
    scan(page, bag_code)
    say.get_by_text("Hitung ulang").wait_for()
    row = page.locator(f"#count-list [data-product='{bag}']")
    row.get_by_role("textbox").fill("7")
    row.get_by_role("button").click()
    say.get_by_text("Tas rajut: 7 buah").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    staff = open_as("petugas", "/opname")
    staff.get_by_role("link", name="Hasil").click()
    staff.get_by_role("button", name="Setujui").click()
    staff.get_by_text("Stok kini sama dengan hitungan").wait_for()
    with app.app_context():
        held = services.held(gallery)
        assert (held[bag], held[product("Air mineral PIPAS")], held[product("Kue kering kenari")]) == (7000, 5000, 1000)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OpnameCount)) == 5


@pytest.mark.browser
def test_what_is_scanned_while_the_form_is_fetched_anew_is_not_lost(app: Any, open_as: Any) -> None:
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)
    ids_of = ids(app, "Tas rajut")
    with app.app_context():
        code = world.code("Tas rajut")
    page = open_as("petugas", "/penerimaan/baru")
    hears_keys(page)
    for _time in range(3):
        scan(page, code)
    number = page.locator("input[name=jumlah]")
    expect(number).to_have_value("3")
    scan(page, "00000000")
    expect(page.locator("main")).to_contain_text("00000000")
    expect(number).to_have_value("3")
    page.locator("[name=aksi][value=simpan]").dblclick()
    page.wait_for_url(lambda url: not url.endswith("/baru"))
    assert moves(app) == [(3000, "receive", "")]
    with app.app_context():
        assert services.held(ids_of[1]) == {ids_of[0]: 3000}

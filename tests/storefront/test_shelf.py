"""The public shelf: closed until it is opened, the same for everybody, and nothing on it that is not for the public."""

import gzip
import io
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from PIL import Image

from pos import clock
from pos.catalog import photos
from pos.catalog.models import Certificate, Product
from pos.db import atomic, db
from pos.errors import NotFound, PosError
from pos.stock import services as stock
from pos.storefront import pages, services
from pos.units.models import Gallery
from pos.units.services import unit_named
from tests import world
from tests.catalog.test_editing import product

SAID = {"intro": "Buatan sendiri.", "whatsapp": "0812-3456-7890", "hours": "08.00-15.00", "address": "Jl. Contoh 1"}


def opened(app: Any, **over: Any) -> None:
    """The shelf of Lapas Ambon, open."""
    with app.app_context():
        staff = world.person("petugas")
        services.keep(staff, staff.unit_id, **{"open": True} | SAID | over)


def change(name: str, /, **over: Any) -> int:
    with atomic() as session:
        product = session.scalars(sa.select(Product).where(Product.name == name)).one()
        for key, value in over.items():
            setattr(product, key, value)
        return product.id


def test_a_shelf_is_closed_until_its_unit_opens_it(as_staff: Any, as_stranger: Any, app: Any) -> None:
    with app.app_context():
        code, ambon = world.code("Tas rajut"), unit_named("Lapas Kelas IIA Ambon").id
    addresses = ("/etalase/lapas-ambon", f"/p/{code}", f"/P/{code}", "/etalase/lapas-ambon/galeri-lapas-ambon")
    assert [as_stranger.get(address).status_code for address in addresses] == [404] * 4
    assert as_staff.post(f"/etalase-publik/{ambon}", data=SAID | {"open": "y"}).status_code == 302
    assert [as_stranger.get(address).status_code for address in addresses] == [200] * 4
    as_staff.post(f"/etalase-publik/{ambon}", data=SAID)
    assert [as_stranger.get(address).status_code for address in addresses] == [404] * 4


def test_it_shows_what_is_made_and_sold_here_the_featured_first_and_nothing_private(as_stranger: Any, app: Any) -> None:
    opened(app)
    with app.app_context():
        change("Keripik pisang", made_to_order=True)
        world.sell()
    page = as_stranger.get("/etalase/lapas-ambon").text
    assert page.index("Tas rajut") < page.index("Keripik pisang") and "Dibuat sesuai pesanan" in page
    assert "Rp80.000" in page and "Rp50.000<small>/kg</small>" in page and "Galeri Lapas Ambon" in page
    for private in ("PIPAS", "Miniatur", "50.000</", "30.000", "Kasir", "Petugas", "stok", "<script", "style="):
        assert private not in page, private
    with app.app_context():
        change("Tas rajut", active=False)
        with pytest.raises(NotFound):
            services.shelf_of_product(world.code("Tas rajut"))


def test_it_is_the_same_for_everybody_and_kept_by_caches(as_stranger: Any, as_staff: Any, app: Any) -> None:
    opened(app)
    answer = as_stranger.get("/etalase/lapas-ambon")
    assert "Set-Cookie" not in answer.headers and "Cookie" not in answer.headers.get("Vary", "")
    assert "public" in answer.headers["Cache-Control"]
    signed_in = as_staff.get("/etalase/lapas-ambon")
    assert signed_in.data == answer.data and "Set-Cookie" not in signed_in.headers
    again = as_stranger.get("/etalase/lapas-ambon", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and again.data == b""
    with app.app_context():
        change("Tas rajut", name="Tas rajut baru")
    assert as_stranger.get("/etalase/lapas-ambon", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_a_full_shelf_travels_in_less_than_fifty_kilobytes(as_stranger: Any, app: Any) -> None:
    from pos.catalog.services import add_product

    opened(app)
    with app.app_context(), atomic():
        for number in range(200):
            name = f"Kursi tamu ukir jati motif {number}"
            add_product(unit_named("Lapas Kelas IIA Ambon"), name, "manufaktur", 1_000 + number)
    page = as_stranger.get("/etalase/lapas-ambon").data
    linked = re.findall(r'href="(/static/[^"]+)"', page.decode())
    travels = [page]
    for path in linked:
        with as_stranger.get(path) as file:
            travels.append(file.data)
    assert len(linked) == 2 and sum(len(gzip.compress(part)) for part in travels) < 50_000


def test_marks_are_shown_only_while_they_are_in_force(as_stranger: Any, app: Any) -> None:
    opened(app)
    with app.app_context():
        product = change("Keripik pisang", composition="pisang")
        today = clock.today("WIT")
        for kind, number, until in (("pirt", "2063171010001-25", today - timedelta(1)), ("halal", "ID3111", None)):
            with atomic() as session:
                session.add(Certificate(product_id=product, kind=kind, number=number, expires_on=until, at=clock.now()))
        code = world.code("Keripik pisang")
    page = as_stranger.get(f"/p/{code}").text
    assert "ID3111" in page and "2063171010001-25" not in page and "pisang" in page
    link = re.search(r'href="(https://wa\.me/[^"]+)"', page)
    assert link
    address = urlsplit(link[1].replace("&amp;", "&"))
    assert address.path == "/6281234567890" and f"Keripik pisang (kode {code})" in parse_qs(address.query)["text"][0]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0812-3456-7890", "6281234567890"),
        ("+62 812 3456 7890", "6281234567890"),
        ("6281234567890", "6281234567890"),
        ("81234567890", "6281234567890"),
        ("+1 (202) 555-0123", "12025550123"),
        ("0812", ""),
        ("nomor saya", ""),
        ("081234567890123456", ""),
        ("٠٨١٢٣٤٥٦٧٨٩٠", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_whatsapp_number_is_what_people_write(typed: str, number: str) -> None:
    assert services.number_of(typed) == number


def test_what_cannot_be_ordered_from_is_not_opened_and_what_was_typed_stays(as_staff: Any, app: Any) -> None:
    with app.app_context():
        ambon = unit_named("Lapas Kelas IIA Ambon").id
    answer = as_staff.post(f"/etalase-publik/{ambon}", data={"open": "y", "intro": "Kami <b>", "whatsapp": "12x"})
    assert answer.status_code == 422 and "Kami &lt;b&gt;" in answer.text and 'value="12x"' in answer.text
    with app.app_context(), pytest.raises(PosError):
        services.keep(world.person("petugas"), ambon, open=True, intro="", whatsapp="", hours="", address="")


def test_an_address_stays_when_the_unit_is_renamed(app: Any, as_stranger: Any) -> None:
    opened(app)
    with app.app_context():
        with atomic():
            unit_named("Lapas Kelas IIA Ambon").name = "Lapas Kelas I Ambon"
        services.keep(world.person("petugas"), unit_named("Lapas Kelas I Ambon").id, open=True, **SAID)
    assert "Lapas Kelas I Ambon" in as_stranger.get("/etalase/lapas-ambon").text


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(target, "PNG")
    return target.getvalue()


def test_a_gallery_shows_what_it_sells_and_who_made_the_rest(app: Any, as_stranger: Any, as_staff: Any) -> None:
    opened(app)
    with app.app_context():
        gallery = db.session.scalars(sa.select(Gallery).where(Gallery.name == "Galeri Lapas Ambon")).one()
        staff = world.person("petugas")
        for name, quantity in (("Keripik pisang", 2_000), ("Meja jati", 1_000), ("Miniatur kapal", 1_000)):
            stock.move(gallery, product(name).id, quantity, "receive", staff)
        stock.move(gallery, product("Miniatur kapal").id, -1_000, "adjust", staff, "rusak")
        table, ship = world.code("Meja jati"), world.code("Miniatur kapal")
        at_gallery, at_maker = f"/etalase/lapas-ambon/galeri-lapas-ambon/{table}", f"/p/{table}"
    page = as_stranger.get("/etalase/lapas-ambon/galeri-lapas-ambon").text
    assert "Keripik pisang" in page and "Cuci motor" in page and at_gallery in page
    assert page.index("Keripik pisang") < page.index("Dari UPT lain") < page.index("Lapas Kendari")
    assert "Tas rajut" not in page and "Miniatur" not in page, "what is not there, and what is sold out"
    sold = as_stranger.get(at_gallery).text
    assert "Buatan Lapas Kendari" in sold and "wa.me/6281234567890" in sold
    assert as_stranger.get(at_maker).status_code == 404
    assert as_stranger.get(f"/etalase/lapas-ambon/galeri-lapas-ambon/{ship}").status_code == 404
    with app.app_context():
        change("Tas rajut", made_to_order=True)
        change("Meja jati", auction=True)
    page = as_stranger.get("/etalase/lapas-ambon/galeri-lapas-ambon").text
    assert "Tas rajut" in page and "Dilelang" in page
    archive = zipfile.ZipFile(io.BytesIO(as_staff.get(f"/etalase-publik/{staff.unit_id}/unduh.zip").data))
    assert f"produk-{table}.html" in archive.namelist()


def test_as_files_every_link_leads_somewhere_and_no_server_is_asked(app: Any, as_staff: Any, tmp_path: Path) -> None:
    opened(app)
    with app.app_context():
        staff = world.person("petugas")
        bag = db.session.scalar(sa.select(Product.id).where(Product.name == "Tas rajut")) or 0
        photos.set_photo(staff, bag, Path(app.instance_path) / "files" / "foto", picture())
    answer = as_staff.get(f"/etalase-publik/{staff.unit_id}/unduh.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    names = set(archive.namelist())
    assert {"index.html", "public.css", "galeri-galeri-lapas-ambon.html"} <= names
    assert sum(name.endswith(".webp") for name in names) == 2
    for name in names:
        if name.endswith(".html"):
            for link in re.findall(r'(?:href|src)="([^"]+)"', archive.read(name).decode()):
                assert link in names or link.startswith("https://wa.me/"), (name, link)
    with app.test_request_context():
        shelf = services.shelf_of_unit("Lapas Kelas IIA Ambon")
        count = pages.write(shelf, Path(app.instance_path) / "files" / "foto", tmp_path / "etalase")
    assert count == len(names) == len(list((tmp_path / "etalase").iterdir()))


def test_the_command_names_a_unit_whose_shelf_is_closed(app: Any, tmp_path: Path, monkeypatch: Any) -> None:
    from pos import cli

    monkeypatch.setattr(cli, "_migrated", lambda: app)
    with pytest.raises(NotFound):
        CliRunner().invoke(
            cli.pos, ["shelf", "export", "Lapas Kelas IIA Kendari", str(tmp_path)], catch_exceptions=False
        )
    opened(app)
    done = CliRunner().invoke(cli.pos, ["shelf", "export", "Lapas Kelas IIA Ambon", str(tmp_path / "x")])
    assert done.exit_code == 0 and (tmp_path / "x" / "index.html").is_file()


def test_the_list_filters_and_leaves_as_a_file(app: Any, as_admin: Any) -> None:
    opened(app)
    assert "Lapas Kelas IIA Kendari" not in as_admin.get("/etalase-publik?keadaan=buka").text
    sheet = as_admin.get("/etalase-publik/ekspor.csv?keadaan=buka").text
    assert "https://etalase.test/etalase/lapas-ambon" in sheet and "+6281234567890" in sheet


@pytest.mark.browser
def test_on_a_phone_one_finds_a_product_and_the_way_to_order_it(app: Any, open_as: Any) -> None:
    opened(app)
    with app.app_context():
        staff = world.person("petugas")
        bag = db.session.scalar(sa.select(Product.id).where(Product.name == "Tas rajut")) or 0
        photos.set_photo(staff, bag, Path(app.instance_path) / "files" / "foto", picture())
    page = open_as("", "/etalase/lapas-ambon", width=360)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="Tas rajut").click()
    page.get_by_role("heading", name="Tas rajut").wait_for()
    assert page.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 400
    assert page.get_by_role("link", name="Pesan lewat WhatsApp").get_attribute("href").startswith("https://wa.me/62812")
    assert page.context.cookies() == []

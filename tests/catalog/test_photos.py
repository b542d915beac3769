"""Photos of products: small, safe, shown at the till; whatever is no photo is refused with a sentence."""

import io
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from pos.catalog import photos
from pos.catalog.models import Product
from pos.db import db
from pos.errors import PosError


def picture(kind: str = "JPEG", size: tuple[int, int] = (1600, 1200), **more: Any) -> bytes:
    out = io.BytesIO()
    mode = "RGBA" if kind == "PNG" else "RGB"
    Image.new(mode, size, (200, 80, 20, 128)[: len(mode)]).save(out, kind, **more)
    return out.getvalue()


def with_a_place_and_a_turn() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright: 90 degrees to turn
    exif.get_ifd(0x8825)[1] = "S"  # where it was taken
    return picture(exif=exif)


@pytest.fixture
def bag(app: Flask) -> int:
    with app.app_context():
        return db.session.query(Product).filter_by(name="Tas rajut").one().id


def send(client: Any, product_id: int, data: bytes, name: str = "tas.jpg") -> Any:
    return client.post(f"/produk/{product_id}/foto", data={"photo": (io.BytesIO(data), name)})


def photo_of(app: Flask, product_id: int) -> str:
    with app.app_context():
        return db.session.get_one(Product, product_id).photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_made_small_and_shown_to_everybody(
    app: Flask, as_staff: Any, as_stranger: Any, bag: int, kind: str
) -> None:
    assert send(as_staff, bag, picture(kind)).status_code == 302
    name = photo_of(app, bag)
    for size, most in (("besar", 960), ("kecil", 160)):
        with as_stranger.get(f"/foto/{name}-{size}.webp") as answer:
            shown = Image.open(io.BytesIO(answer.data))
            assert (answer.mimetype, max(shown.size), len(answer.data) < 20_000) == ("image/webp", most, True)
            assert "immutable" in answer.headers["Cache-Control"] and "public" in answer.headers["Cache-Control"]
    assert f"/foto/{name}-besar.webp" in as_staff.get(f"/produk/{bag}").text
    assert f"/foto/{name}-kecil.webp" in as_staff.get("/produk").text


def test_it_stands_upright_and_says_nothing_of_where_it_was_taken(app: Flask, as_staff: Any, bag: int) -> None:
    send(as_staff, bag, with_a_place_and_a_turn())
    with as_staff.get(f"/foto/{photo_of(app, bag)}-besar.webp") as answer:
        shown = Image.open(io.BytesIO(answer.data))
        assert shown.size == (720, 960) and not dict(shown.getexif())


def test_the_till_hears_of_it(app: Flask, as_staff: Any, as_cashier: Any, bag: int) -> None:
    before = as_cashier.get("/api/catalog?since=0").json["version"]
    send(as_staff, bag, picture())
    [product] = as_cashier.get(f"/api/catalog?since={before}").json["products"]
    assert (product["name"], product["photo"]) == ("Tas rajut", photo_of(app, bag))
    assert as_staff.post(f"/produk/{bag}/foto", data={"gone": "1"}).status_code == 302
    assert photo_of(app, bag) == ""


def bomb() -> bytes:
    """A PNG of 50,000 x 50,000 pixels in a few kilobytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10_000)))
        + chunk(b"IEND", b"")
    )


def hostile() -> Iterator[tuple[str, bytes, str]]:
    yield "nothing", b"", "Ini bukan foto"
    yield (
        "a script in SVG",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "Ini bukan foto",
    )
    yield "a page called photo.jpg", b"<!doctype html><script>alert(1)</script>", "Ini bukan foto"
    yield "a GIF", picture("GIF"), "Ini bukan foto"
    yield "a PDF", b"%PDF-1.7\n" + picture(), "Ini bukan foto"
    yield "an archive with a photo behind it", b"PK\x03\x04" + picture(), "Ini bukan foto"
    yield "a program", b"MZ" + bytes(4_000), "Ini bukan foto"
    yield "half a photo", picture()[:4_000], "rusak"
    yield "a bomb", bomb(), "terlalu besar"


@pytest.mark.parametrize(
    ("what", "data", "why"), list(hostile()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_no_photo_is_refused_with_a_sentence(
    app: Flask, as_staff: Any, bag: int, what: str, data: bytes, why: str
) -> None:
    answer = send(as_staff, bag, data)
    assert answer.status_code == 422 and why in answer.text, what
    assert photo_of(app, bag) == ""


def test_a_second_file_within_a_photo_is_left_out(app: Flask, as_staff: Any, bag: int) -> None:
    script = b"<script>alert(1)</script><?php system($_GET[0]); ?>"
    assert send(as_staff, bag, picture(comment=script) + b"PK\x03\x04" + script).status_code == 302
    with as_staff.get(f"/foto/{photo_of(app, bag)}-besar.webp") as answer:
        assert b"script" not in answer.data and b"PK" not in answer.data


def test_a_scan_of_sixteen_bits_keeps_its_greys_and_a_large_one_is_read_small() -> None:
    out = io.BytesIO()
    Image.new("I;16", (5_000, 4_000), 30_000).save(out, "PNG")
    grey = photos.read(out.getvalue(), (960, 960))
    assert grey.size == (2_500, 2_000) and grey.getpixel((0, 0)) == (117, 117, 117)


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 31, "g" * 32, "..%2f..%2fpos"])
def test_an_address_reaches_no_other_file(as_stranger: Any, name: str) -> None:
    assert as_stranger.get(f"/foto/{name}-besar.webp").status_code == 404


def test_nobody_changes_the_photo_of_another_unit(as_: Any, bag: int) -> None:
    assert send(as_("petugas-ptk"), bag, picture()).status_code == 404


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    with pytest.raises(PosError) as refused:
        photos.keep(tmp_path, b"\xff\xd8" + os.urandom(photos.LARGEST_FILE))
    assert "12 MB" in str(refused.value.fields["photo"]) and not list(tmp_path.iterdir())


def test_a_photo_that_is_there_already_is_written_once(tmp_path: Path) -> None:
    assert photos.keep(tmp_path, picture()) == photos.keep(tmp_path, picture())
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.browser
def test_a_chosen_photo_is_made_small_saved_and_shown_at_the_till(open_as: Any, app: Flask, bag: int) -> None:
    folder = Path(app.instance_path) / "files" / "foto"
    out = io.BytesIO()
    Image.frombytes("RGB", (2_600, 1_300), os.urandom(2_600 * 1_300 * 3)).save(out, "JPEG", quality=95)
    staff = open_as("petugas", f"/produk/{bag}")
    form = staff.locator(".photo-card form")
    form.locator("p[role=status]").evaluate(
        """say => { window.said = [];
        new MutationObserver(() => said.push(say.textContent)).observe(say, {childList: true}); }"""
    )
    chosen = form.locator("input[type=file]")
    chosen.set_input_files({"name": "kamera.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()})
    form.locator("img.chosen-photo").wait_for()
    said = staff.evaluate("said.filter(Boolean)")
    assert said[0] == "Foto sedang dikecilkan…" and "siap disimpan" in said[-1]
    assert chosen.evaluate("input => input.files[0].size") < len(out.getvalue())
    form.get_by_role("button", name="Simpan foto").click()
    saved = staff.locator("img.photo")
    assert saved.evaluate("img => img.decode().then(() => [img.naturalWidth, img.naturalHeight])") == [960, 480]
    page = open_as("kasir", "/kasir")
    page.get_by_role("button", name="AMB-1").click()
    tile = page.get_by_role("option").filter(has_text="Tas rajut")
    tile.locator("img.tile-face").wait_for()
    assert tile.locator("img").evaluate("img => img.decode().then(() => img.naturalWidth)") == 160
    for file in folder.iterdir():
        file.unlink()
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.reload()
    tile.locator("span.tile-face").get_by_text("TR").wait_for()

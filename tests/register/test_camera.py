"""Scanning with a camera: the browser's own detector, or pictures that the server reads."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from pos import web
from pos.db import db
from pos.labels.layouts import LAYOUTS
from pos.labels.pdf import labels_pdf
from pos.units.services import person_named
from tests.conftest import SHELL, WHOLE, launched, sign_in
from tests.grounds import app_on
from tests.labels.scan import label, stickers
from tests.register.conftest import hears_keys
from tests.test_openapi import described
from tests.world import FACTORY_CODE

WIDTH, HEIGHT, RATE = 640, 480, 10
BLANK = Image.new("L", (WIDTH, HEIGHT), 190)


def seen(code: str, symbology: str = "own") -> Image.Image:
    """What a camera sees of a label that is held up to it."""
    layout = LAYOUTS["tj-103"]
    sheet = labels_pdf([label((code, symbology))], layout)
    picture = BLANK.copy()
    sticker = stickers(sheet, layout, 203)[0]
    picture.paste(sticker, ((WIDTH - sticker.width) // 2, (HEIGHT - sticker.height) // 2))
    return picture


def jpeg(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=70)
    return file.getvalue()


# -- what the server reads ---------------------------------------------------------------------------------


def test_the_server_reads_what_a_camera_sees(app: Flask, as_cashier: Any, codes: dict[str, str]) -> None:
    for picture, expected in [
        (seen(codes["Tas rajut"]), [codes["Tas rajut"]]),
        (seen(FACTORY_CODE, "ean13").rotate(7, fillcolor=190), [FACTORY_CODE]),
        (seen(codes["Tas rajut"]).rotate(90, expand=True), [codes["Tas rajut"]]),
        (BLANK, []),
    ]:
        answer = as_cashier.post("/api/codes", data=jpeg(picture), content_type="image/jpeg")
        assert (answer.status_code, answer.json) == (200, {"codes": expected})
        described("/api/codes", "post", 200).validate(answer.json)


def bomb(side: int) -> bytes:
    file = io.BytesIO()
    Image.new("1", (side, side)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"", 422), (b"\xff\xd8\xff", 422), (b"GIF89a" + bytes(60), 422), (jpeg(BLANK)[:300], 422), (bytes(600_000), 413)],
)
def test_what_is_no_picture_is_refused(as_cashier: Any, data: bytes, status: int) -> None:
    answer = as_cashier.post("/api/codes", data=data, content_type="image/jpeg")
    assert answer.status_code == status
    described("/api/codes", "post", status).validate(answer.json)


def test_a_picture_that_would_fill_the_memory_is_not_opened(as_cashier: Any) -> None:
    for side in (2_001, 30_000):
        assert as_cashier.post("/api/codes", data=bomb(side), content_type="image/png").status_code == 422


@pytest.fixture
def strict(app: Flask, database_url: str, tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    """Browsers of people of the program as it is served, limits and all."""
    served = app_on(database_url, tmp_path, RATELIMIT_ENABLED=True)
    web.limiter.reset()

    def client(username: str) -> Any:
        browser = served.test_client()
        with served.app_context(), browser.session_transaction() as session:
            session["_user_id"], session["_fresh"] = person_named(username).get_id(), True
        return browser

    yield client
    web.limiter.reset()
    web.limiter.enabled = False
    with served.app_context():
        db.engine.dispose()


def test_one_person_cannot_keep_the_server_busy(strict: Any) -> None:
    picture = jpeg(Image.new("L", (8, 8)))
    cashier, staff = strict("kasir"), strict("petugas")
    answers = [cashier.post("/api/codes", data=picture, content_type="image/jpeg") for _ in range(601)]
    assert [answer.status_code for answer in answers] == [200] * 600 + [429]
    described("/api/codes", "post", 429).validate(answers[-1].json)
    assert staff.post("/api/codes", data=picture, content_type="image/jpeg").status_code == 200


# -- in a browser ------------------------------------------------------------------------------------------


def film(path: Path, *pictures: Image.Image) -> Path:
    """Each picture for a second, over and over: what Chromium's own camera of tests plays."""
    frames = []
    for picture in pictures:
        grey = picture.tobytes() + bytes([128]) * (WIDTH * HEIGHT // 2)
        frames += [b"FRAME\n" + grey] * RATE
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{RATE}:1 Ip A1:1 C420jpeg\n".encode() + b"".join(frames))
    return path


@pytest.fixture(scope="module")
def camera(playwright: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    """A browser with a camera, and the film that it sees from the next time that it is switched on."""
    reel = film(tmp_path_factory.mktemp("camera") / "film.y4m", BLANK)
    flags = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    for browser in launched(playwright, SHELL, *WHOLE, flags=(*flags, f"--use-file-for-fake-video-capture={reel}")):
        yield browser, reel


@pytest.fixture
def seeing(camera: tuple[Any, Path], served: str) -> Iterator[Callable[..., Any]]:
    """`seeing(picture, ...)`: an open till whose camera sees these."""
    browser, reel = camera
    contexts = []

    def open_till(*pictures: Image.Image, width: int = 1366, height: int = 768, before: str = "") -> Any:
        film(reel, *pictures)
        context = browser.new_context(
            base_url=served, viewport={"width": width, "height": height}, locale="id-ID", service_workers="block"
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        sign_in(context.request, "kasir")
        page = context.new_page()
        if before:
            page.add_init_script(before)
        page.goto("/kasir")
        page.get_by_role("button", name="AMB-1").click()
        page.locator("#camera-open").wait_for()
        hears_keys(page)
        return page

    yield open_till
    for context in contexts:
        context.close()


NOTE = """id => {
  const element = document.getElementById(id);
  const said = ((globalThis.said ??= {})[id] = []);
  new MutationObserver(() => said.push(element.textContent)).observe(element, { childList: true, subtree: true });
}"""


def note(page: Any, *ids: str) -> None:
    """Note what these say from now on: the film goes on, however seldom the test gets to look."""
    for each in ids:
        page.evaluate(NOTE, each)


def has_said(page: Any, element: str, text: str) -> None:
    page.wait_for_function("([id, text]) => said[id].some((each) => each.includes(text))", arg=[element, text])


@pytest.mark.browser
def test_a_label_held_up_to_the_camera_is_one_piece(seeing: Any, codes: dict[str, str], expect: Any) -> None:
    page = seeing(seen(codes["Tas rajut"]))
    page.get_by_role("button", name="Scan dengan kamera").click()
    expect(page.locator("#camera-total")).to_have_text("Rp80.000")
    expect(page.locator("#camera-say")).to_have_text("Tas rajut: 1 buah")
    page.wait_for_timeout(3_000)  # it is still held up
    expect(page.locator("#camera-total")).to_have_text("Rp80.000")
    page.keyboard.press("Escape")
    expect(page.locator("#total")).to_have_text("Rp80.000")
    assert page.evaluate("document.getElementById('camera-video').srcObject") is None


@pytest.mark.browser
def test_one_after_the_other_and_again(seeing: Any, codes: dict[str, str], expect: Any) -> None:
    page = seeing(seen(codes["Tas rajut"]), BLANK, seen(FACTORY_CODE, "ean13"), BLANK)
    note(page, "total")
    page.get_by_role("button", name="Scan dengan kamera").click()
    has_said(page, "total", "Rp85.000")
    has_said(page, "total", "Rp170.000")  # shown a second time
    page.keyboard.press("F4")  # paying puts the camera away
    expect(page.locator("#camera")).to_be_hidden()
    expect(page.locator("#pay")).to_be_visible()


@pytest.mark.browser
def test_an_unknown_code_keeps_the_cart_and_goes_on(seeing: Any, codes: dict[str, str], expect: Any) -> None:
    page = seeing(seen("96385074", "ean8"), seen(codes["Tas rajut"]))
    note(page, "camera-say", "camera-total")
    page.get_by_role("button", name="Scan dengan kamera").click()
    has_said(page, "camera-say", "Kode 96385074 tidak dikenal")
    has_said(page, "camera-total", "Rp80.000")


@pytest.mark.browser
def test_what_wants_its_weight_takes_the_cameras_place(seeing: Any, codes: dict[str, str], expect: Any) -> None:
    page = seeing(seen(codes["Keripik pisang"]), width=360, height=740)
    page.get_by_role("button", name="Scan dengan kamera").click()
    expect(page.locator("#camera")).to_be_hidden()
    expect(page.get_by_label("Jumlah Keripik pisang")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


OWN_DETECTOR = """
globalThis.BarcodeDetector = class {
  static async getSupportedFormats() { return ['ean_13', 'code_128', 'qr_code']; }
  async detect() { return [{ rawValue: '%s' }]; }
};
"""


@pytest.mark.browser
def test_a_browser_that_reads_codes_itself_asks_nobody(seeing: Any, codes: dict[str, str], expect: Any) -> None:
    page = seeing(BLANK, before=OWN_DETECTOR % codes["Tas rajut"])
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/api/codes" in request.url else None)
    page.context.set_offline(True)
    page.get_by_role("button", name="Scan dengan kamera").click()
    expect(page.locator("#camera-total")).to_have_text("Rp80.000")
    assert asked == []


@pytest.mark.browser
def test_without_a_server_to_read_it_says_so_and_goes_on_afterwards(
    seeing: Any, codes: dict[str, str], expect: Any
) -> None:
    page = seeing(seen(codes["Tas rajut"]))
    page.context.set_offline(True)
    page.get_by_role("button", name="Scan dengan kamera").click()
    expect(page.locator("#camera-say")).to_contain_text("Server tidak terjangkau")
    page.context.set_offline(False)
    expect(page.locator("#camera-total")).to_have_text("Rp80.000")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("Object.defineProperty(globalThis, 'isSecureContext', { value: false })", "https"),
        (
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') }",
            "belum diizinkan",
        ),
        (
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError') }",
            "Kamera tidak ada",
        ),
    ],
)
def test_a_camera_that_cannot_be_used_says_why(seeing: Any, expect: Any, before: str, sentence: str) -> None:
    page = seeing(BLANK, before=before)
    page.get_by_role("button", name="Scan dengan kamera").click()
    expect(page.locator("#say:visible, #camera-say:visible").last).to_contain_text(sentence)

"""QRIS at the till: the gallery's code with the amount locked in, and a sale only when there is proof."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos import decoder
from pos.db import atomic
from pos.units import qris
from pos.units.models import Gallery
from tests.register.counter import sales, scan, set_price

pytestmark = pytest.mark.browser
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "qris.json").read_text())
CODE = VECTORS["locked"][0]["static"]


@pytest.fixture
def with_code(app: Flask) -> None:
    give_code(app)


def give_code(app: Flask, code: str = CODE) -> None:
    with app.app_context(), atomic() as session:
        session.execute(sa.update(Gallery).values(qris=code))


def shown(place: Any) -> dict[str, str]:
    """What a telephone reads from the screen, its check figure being right."""
    place.wait_for()
    [text] = decoder.read(place.screenshot(), decoder.QR)
    assert text[-4:] == qris.crc(text[:-4])
    return qris.fields(text) or {}


def ready(page: Any) -> Any:
    """The till, once it has fetched what it draws codes with."""
    page.locator("#pay-qris").wait_for(state="attached")
    return page


def test_a_telephone_reads_the_amount_and_the_payee(
    with_code: None, till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = ready(till())
    scan(page, codes["Tas rajut"])
    page.context.set_offline(True)
    page.keyboard.press("F6")
    found = shown(page.locator("#pay-qris svg"))
    assert (found["01"], found["54"], found["53"], found["59"]) == ("12", "80000", "360", "GALERI CONTOH UPT")
    expect(page.locator("#pay-qris")).to_contain_text("GALERI CONTOH UPT")
    expect(page.locator("#pay-qris [role=status]")).to_have_text("Menunggu bukti")
    page.keyboard.press("Enter")
    expect(page.locator("#pay-error")).to_have_text("Isi nomor referensi dari bukti bayar.")
    page.keyboard.type("RRN-77", delay=120)
    expect(page.locator("#pay-qris [role=status]")).to_have_text("Bukti dicatat")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    [sale] = sales(app)
    assert sale["payments"] == [("qris", 80_000, 0, "RRN-77")]


def test_a_part_by_code_asks_for_that_part(with_code: None, till: Any, codes: dict[str, str], expect: Any) -> None:
    page = ready(till())
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F6")
    page.locator("#pay-part").fill("30.000")
    assert shown(page.locator("#pay-qris svg"))["54"] == "30000"
    page.locator("#pay-part").fill("90.000")
    expect(page.locator("#pay-qris")).to_be_hidden()  # nobody is asked for more than is due
    page.locator("#pay-part").fill("30.000")
    page.locator("#pay-reference").fill("A")
    page.keyboard.press("Enter")
    expect(page.locator("#pay-taken")).to_contain_text("Rp30.000")
    page.keyboard.press("F6")
    assert shown(page.locator("#pay-qris svg"))["54"] == "50000"
    expect(page.locator("#pay-qris [role=status]")).to_have_text("Menunggu bukti")
    page.keyboard.press("F4")
    expect(page.locator("#pay-qris")).to_be_hidden()


def test_more_than_ten_million_is_asked_for_in_parts(
    with_code: None, till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    set_price(app, "Tas rajut", 10_000_001)
    page = ready(till())
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F6")
    expect(page.locator("#pay-qris")).to_be_hidden()
    page.locator("#pay-reference").fill("A")
    page.keyboard.press("Enter")
    expect(page.locator("#pay-error")).to_have_text("QRIS paling banyak Rp10.000.000 sekali bayar.")
    page.locator("#pay-part").fill("10000000")
    assert shown(page.locator("#pay-qris svg"))["54"] == "10000000"


def test_a_gallery_without_a_code_takes_qris_by_its_reference(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = ready(till())
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F6")
    expect(page.locator("#pay-qris")).to_be_hidden()
    page.locator("#pay-reference").fill("RRN-1")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    assert sales(app)[0]["payments"] == [("qris", 80_000, 0, "RRN-1")]


def test_a_scan_while_the_code_is_shown_asks_for_the_new_total(
    with_code: None, till: Any, codes: dict[str, str], expect: Any
) -> None:
    page = ready(till())
    scan(page, codes["Tas rajut"])
    page.keyboard.press("F6")
    assert shown(page.locator("#pay-qris svg"))["54"] == "80000"
    scan(page, codes["Cuci motor"])
    expect(page.locator("#pay-qris output")).to_have_text("Rp95.000")
    assert shown(page.locator("#pay-qris svg"))["54"] == "95000"


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1366, 768)])
def test_the_code_fits_where_it_is_shown(with_code: None, till: Any, expect: Any, width: int, height: int) -> None:
    page = ready(till(width, height))
    page.get_by_role("option", name="Meja jati").click()
    page.locator("[data-pay=qris]").click()
    assert shown(page.locator("#pay-qris svg"))["54"] == "6500000"
    dialog, box = page.locator("#pay").bounding_box(), page.locator("#pay-qris svg").bounding_box()
    assert box["width"] >= 200 and box["x"] >= dialog["x"] and box["x"] + box["width"] <= dialog["x"] + dialog["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width

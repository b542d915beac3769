"""Labels of scales at the till: weight or price in the code, and what is printed is what is paid."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.catalog.models import Barcode, Product
from pos.catalog.services import check_digit, next_version
from pos.db import atomic
from pos.units.models import Gallery
from tests.register.counter import by_hand, sales, scan

pytestmark = pytest.mark.browser
ITEM = "00042"


@pytest.fixture
def labelled(app: Flask, till: Any) -> Any:
    """An open till at a gallery whose scale prints labels of banana chips, Rp50.000 a kilogram."""
    with app.app_context(), atomic() as session:
        session.execute(sa.update(Gallery).values(scale="21=berat, 22=harga"))
        chips = session.scalar(sa.select(Product).where(Product.name == "Keripik pisang"))
        session.add(Barcode(code=ITEM, symbology="other", product_id=chips.id))
        chips.version = next_version()
    page = till()
    page.locator("#camera-open").wait_for()  # what is fetched later is here
    return page


def printed(prefix: int, value: int) -> str:
    body = f"{prefix}{ITEM}{value:05d}"
    return body + check_digit(body)


def test_a_weight_is_put_in_to_the_gram(labelled: Any, app: Flask, expect: Any) -> None:
    scan(labelled, printed(21, 1_234))
    expect(labelled.locator("#say")).to_have_text("Keripik pisang: 1,234 kg")
    expect(labelled.locator("#total")).to_have_text("Rp61.700")
    expect(labelled.locator("#find")).to_have_value("")
    scan(labelled, printed(21, 500))
    expect(labelled.locator("#total")).to_have_text("Rp86.700")
    pay(labelled, expect)
    [sale] = sales(app)
    assert sale["lines"] == [("Keripik pisang", 1_734, 86_700)]


def test_a_printed_price_is_paid_to_the_rupiah(labelled: Any, app: Flask, expect: Any) -> None:
    scan(labelled, printed(22, 12_345))
    expect(labelled.locator("#total")).to_have_text("Rp12.345")
    expect(labelled.locator(".line .line-amount")).to_have_text("Rp12.345−5")  # of the gram that is not whole
    pay(labelled, expect)
    [sale] = sales(app)
    assert (sale["total"], sale["lines"]) == (12_345, [("Keripik pisang", 247, 12_345)])
    assert not sale["flags"]


def test_a_label_typed_by_hand_counts_too(labelled: Any, expect: Any) -> None:
    by_hand(labelled, printed(22, 25_000))
    labelled.keyboard.press("Enter")
    expect(labelled.locator("#total")).to_have_text("Rp25.000")
    expect(labelled.locator(".line .line-field")).to_have_value("0,5")


def test_a_label_that_is_misread_or_of_nothing_here_keeps_the_cart(labelled: Any, expect: Any) -> None:
    scan(labelled, printed(21, 500))
    good = printed(21, 700)
    scan(labelled, good[:-1] + str((int(good[-1]) + 1) % 10))
    expect(labelled.locator("#say")).to_contain_text("tidak dikenal")
    scan(labelled, printed(23, 700))
    expect(labelled.locator("#say")).to_contain_text("tidak dikenal")
    expect(labelled.locator("#total")).to_have_text("Rp25.000")


def pay(page: Any, expect: Any) -> None:
    page.keyboard.press("F4")
    page.keyboard.press("Enter")
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")

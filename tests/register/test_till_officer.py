"""An officer who buys may leave a staff number, and nobody else is asked for one."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.db import db
from pos.register.models import Sale
from tests.register.counter import sales, scan


@pytest.mark.browser
def test_the_staff_number_of_an_officer_goes_with_the_nota(
    till: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    scan(page, codes["Tas rajut"])
    expect(page.locator("#buyer-ref-line")).to_be_hidden()
    page.get_by_label("Petugas", exact=True).check()
    page.locator("#buyer-ref").fill("19800101 200501 1 001")
    page.keyboard.press("F4")
    page.locator("#pay-go").click()
    expect(page.locator("#slip-number")).to_have_text("AMB-1-000001")
    assert [sale["buyer"] for sale in sales(app)] == ["petugas"]
    with app.app_context():
        assert db.session.scalars(sa.select(Sale.buyer_ref)).all() == ["198001012005011001"]

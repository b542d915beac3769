"""Lists ask the database as often for many rows as for few."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from pos.treasury import running
from pos.units import services as units
from tests import world
from tests.counting import statements
from tests.treasury.paid_in import AMBON, KENDARI, PONTIANAK, deposit

LISTS = ("/setoran", "/penjualan", "/laporan", "/belum-dibayar", "/kampanye/odop-2026", "/unit")
WITHOUT_GALLERY = "Lapas Perempuan Kelas III Ambon"


def test_a_list_asks_as_often_for_many_rows_as_for_few(
    app: Flask, as_admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "SETTLED", timedelta(0))  # nobody else writes: it need not look twice
    few = asked_for_each(app, as_admin, [AMBON])
    many = asked_for_each(app, as_admin, [WITHOUT_GALLERY, PONTIANAK, KENDARI])
    assert {url: (few[url], many[url]) for url in LISTS if many[url] > few[url]} == {}


def asked_for_each(app: Flask, browser: Any, more: Sequence[str]) -> dict[str, int]:
    """The statements of each list's second look, once these units have another gallery and another deposit."""
    found = {}
    with app.app_context():
        for day, place in enumerate(more, start=len(more)):
            units.add_gallery(units.unit_named(place), "Pameran")
            deposit(1_000, {}, place, who="admin")
            world.sell(at=f"2026-04-{day:02d}T10:00:00+09:00")
    for url in LISTS:
        assert browser.get(url).status_code == 200, url
    with app.app_context(), statements() as asked:
        for url in LISTS:
            before = len(asked)
            browser.get(url)
            found[url] = len(asked) - before
    return found

"""Labels whose name or price is no longer right wait to be printed again, and go when they are."""

import re
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.catalog import editing, reprints
from pos.catalog.models import LabelPrint, Product
from pos.db import db
from tests import world
from tests.catalog.test_editing import details, product


def waiting(username: str = "petugas") -> list[tuple[str, int, bool]]:
    rows = reprints.queue(world.person(username))
    return [(row.name, row.amount, row.ahead) for row in rows]


def test_labels_wait_after_a_price_or_a_name_changed_until_they_are_printed(ctx: Any) -> None:
    staff, bag, chips = world.person("petugas"), product().id, product("Keripik pisang").id
    editing.set_price(staff, bag, 70_000, 50_000)
    assert waiting() == []  # none of its labels hangs anywhere
    reprints.printed(staff, {bag: 12, chips: 3, product("Air mineral PIPAS").id: 0})
    assert waiting() == [] and db.session.scalar(sa.select(sa.func.count()).select_from(LabelPrint)) == 2
    editing.set_price(staff, bag, 90_000, 50_000)
    editing.update(staff, chips, details(name="Keripik pisang manis"))
    assert waiting() == [("Tas rajut", 90_000, False), ("Keripik pisang manis", 50_000, False)]
    assert [row.copies for row in reprints.queue(staff)] == [12, 3]
    reprints.printed(staff, {bag: 10})
    editing.archive(staff, chips, False)
    assert waiting() == []
    editing.set_price(staff, bag, 95_000, 50_000)
    editing.set_price(staff, bag, 90_000, 50_000)  # what the labels say after all
    assert waiting() == []


def test_labels_for_a_price_set_for_later_wait_ahead_and_may_be_printed_ahead(ctx: Any) -> None:
    staff, bag = world.person("petugas"), product().id
    tomorrow = clock.now() + timedelta(days=1)
    reprints.printed(staff, {bag: 5})
    editing.set_price(staff, bag, 99_000, 50_000, tomorrow)
    assert waiting() == [("Tas rajut", 99_000, True)]
    reprints.printed(staff, {bag: 5}, shows_at=tomorrow)
    assert waiting() == []
    editing.set_price(staff, bag, 101_000, 50_000, tomorrow + timedelta(days=1))
    assert waiting() == [("Tas rajut", 101_000, True)]
    editing.set_price(staff, bag, 70_000, 50_000)  # what hangs now is wrong at once; those made ahead are not
    assert waiting() == [("Tas rajut", 70_000, False), ("Tas rajut", 101_000, True)]
    reprints.printed(staff, {bag: 6})
    assert [(row.amount, row.printed_amount) for row in reprints.queue(staff)] == [(101_000, 99_000)]
    editing.update(staff, bag, details(name="Tas rajut besar"))
    assert waiting() == [("Tas rajut besar", 70_000, False), ("Tas rajut besar", 99_000, True)]


def test_who_prints_another_makers_label_notes_nothing_and_sees_only_their_own(ctx: Any) -> None:
    staff, ship = world.person("petugas"), product("Miniatur kapal").id
    reprints.printed(staff, {ship: 5})
    assert db.session.scalar(sa.select(LabelPrint.id)) is None
    reprints.printed(world.person("petugas-ptk"), {ship: 5})
    editing.set_price(world.person("petugas-ptk"), ship, 310_000, 0)
    assert waiting("petugas") == [] and len(waiting("admin")) == len(waiting("petugas-ptk")) == 1
    assert db.session.scalar(sa.select(Product.name).join(LabelPrint)) == "Miniatur kapal"


def test_the_queue_is_shown_handed_to_the_labels_and_ticked_off(app: Any, as_: Any) -> None:
    with app.app_context():
        staff, bag, chips = world.person("petugas"), product().id, product("Keripik pisang").id
        reprints.printed(staff, {bag: 12, chips: 3})
        editing.set_price(staff, bag, 90_000, 50_000)
        editing.set_price(staff, chips, 55_000, 30_000, clock.now() + timedelta(days=2))
    page = as_("petugas").get("/label/antrean").text
    assert f'/label?produk={bag}&amp;jumlah=12"' in page and f"produk={chips}&amp;jumlah=3&amp;sejak=" in page
    assert "Rp90.000" in page and "Rp55.000" in page and "mulai " in page
    assert "Keripik" not in as_("petugas").get("/label/antrean.csv?tampil=sekarang").get_data(as_text=True)
    assert "Tas" not in as_("petugas").get("/label/antrean.csv?tampil=nanti").get_data(as_text=True)
    assert "Tas" not in as_("petugas-ptk").get("/label/antrean").text
    ticks = re.findall(r'name="pilih" value="([^"]+)"', page)
    done = as_("petugas").post("/label/antrean", data={"pilih": ticks}, follow_redirects=True)
    assert "2 produk ditandai" in done.text and "Semua label yang pernah dicetak masih benar." in done.text

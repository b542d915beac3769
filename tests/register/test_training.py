"""Training: the whole till, on numbers of its own, and nothing of it on the books."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.db import Model, db
from pos.errors import PosError
from pos.register import carried
from pos.register.document import InvalidDocument
from pos.register.services import record
from pos.units import services as units
from pos.units.models import Gallery
from tests import world
from tests.register.conftest import hears_keys
from tests.register.counter import SALES, by_hand, sales, scan
from tests.waiting import until

browser = pytest.mark.browser
# A key that comes before the browser has told the page that the dialog is closed still goes to the button in it.
CLOSE_AND_F9 = """() => {
  const end = document.getElementById('back-end');
  end.click();
  end.dispatchEvent(new KeyboardEvent('keydown', { key: 'F9', bubbles: true }));
}"""
PRINTER = "window.print = () => (window.paper = document.querySelector('.printout').innerText)"


@pytest.mark.usefixtures("ctx")
class TestTheServer:
    def test_a_training_nota_is_refused(self) -> None:
        for series in ("LATIHAN", "latihan"):
            with pytest.raises(InvalidDocument, match="latihan"):
                record(world.sale() | {"register": series}, world.person("kasir"))

    def test_a_training_nota_in_a_file_is_refused_and_the_others_flow(self) -> None:
        bodies = [world.sale() | {"register": "LATIHAN"}, world.sale()]
        sold = [carried.Carried(i, "kasir", body) for i, body in enumerate(bodies, 2)]
        done = carried.bring_in(sold, world.person("petugas"), "nota.jsonl")
        assert [sale.status for sale in done] == ["refused", "recorded"]

    def test_no_register_takes_the_series_of_training(self) -> None:
        gallery = db.session.scalars(sa.select(Gallery)).first()
        assert gallery is not None
        with pytest.raises(PosError) as refused:
            units.add_register(gallery, " latihan ")
        assert "code" in refused.value.fields


def test_a_training_nota_is_refused_at_the_door(as_cashier: Any, app: Flask) -> None:
    with app.app_context():
        body = world.sale() | {"register": "LATIHAN", "number": 1}
    answer = as_cashier.post("/api/sales", json=body)
    assert answer.status_code == 422 and "register" in answer.json["error"]["fields"]
    assert sales(app) == []


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table of the books has."""
    with app.app_context():
        tables = Model.metadata.sorted_tables
        return {t.name: db.session.scalar(sa.select(sa.func.count()).select_from(t)) or 0 for t in tables}


@pytest.fixture
def training(till: Any, expect: Any) -> Any:
    """A till in training; what it asked of the server with anything but a look is in `page.wrote`."""

    def begin(page: Any) -> Any:
        page.wrote = []
        page.on("request", lambda request: request.method != "GET" and page.wrote.append(request.url))
        page.add_init_script(PRINTER)
        page.locator(".till-menu summary").click()
        page.get_by_role("link", name="Latihan").click()
        page.locator("#till").wait_for()
        hears_keys(page)
        expect(page.locator("#place-code")).to_have_text("LATIHAN")
        return page

    return begin


def pay(page: Any, expect: Any, receipt: str) -> None:
    expect(page.locator("#total")).not_to_have_text("Rp0")
    page.keyboard.press("F4")
    page.locator("#pay-go").click()
    expect(page.locator("#slip-number")).to_have_text(receipt)


@browser
def test_what_is_sold_in_training_counts_for_nothing(
    till: Any, training: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    scan(page, codes["Cuci motor"])
    pay(page, expect, "AMB-1-000001")
    scan(page, codes["Air mineral PIPAS"])  # a buyer who waits while somebody is shown how it goes
    expect(page.locator("#total")).to_have_text("Rp5.000")
    before = rows(app)

    training(page)
    expect(page.locator(".training-band")).to_contain_text("Tidak ada yang dicatat")
    expect(page.locator("#total")).to_have_text("Rp0")
    scan(page, codes["Tas rajut"])
    pay(page, expect, "LATIHAN-000001")
    page.reload()
    page.locator("#till").wait_for()
    hears_keys(page)
    scan(page, codes["Tas rajut"])
    pay(page, expect, "LATIHAN-000002")
    page.keyboard.press("p")
    expect(page.locator(".printout")).to_be_attached()
    paper = page.evaluate("window.paper")
    assert "LATIHAN-000002" in paper and "Bukan bukti pembayaran" in paper and paper.count("LATIHAN\n") >= 1
    assert "keaslian" not in paper and page.wrote == []

    page.get_by_role("link", name="Selesai latihan").click()
    expect(page.locator("#place-code")).to_have_text("AMB-1")
    expect(page.locator(".training-band")).to_have_count(0)
    expect(page.locator("#total")).to_have_text("Rp5.000")
    assert rows(app) == before
    hears_keys(page)
    pay(page, expect, "AMB-1-000002")
    assert [(s["receipt"], s["total"]) for s in sales(app)] == [("AMB-1-000001", 15_000), ("AMB-1-000002", 5_000)]


@browser
def test_a_return_is_practised_and_the_shift_is_left_alone(
    till: Any, training: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    before = rows(app)
    training(page)
    page.keyboard.press("F10")
    expect(page.locator("#say")).to_contain_text("Giliran dan laci tidak dilatih")
    scan(page, codes["Tas rajut"])
    pay(page, expect, "LATIHAN-000001")
    page.keyboard.press("F9")
    page.get_by_role("button", name="Retur LATIHAN-000001").click()
    page.locator("#back-all").click()
    page.get_by_role("button", name="Barang cacat").click()
    page.locator("#back-username").fill("petugas")
    page.locator("#back-pin").fill("12")
    page.locator("#back-go").click()
    expect(page.locator("#back-error")).to_contain_text("angka apa pun diterima")
    page.locator("#back-pin").fill("123456")
    page.locator("#back-go").click()
    expect(page.locator("#back-giant")).to_have_text("Rp80.000")
    expect(page.locator("#back-done-text")).to_contain_text("LATIHAN-000002")
    page.evaluate(CLOSE_AND_F9)
    expect(page.locator("#back-recent")).to_contain_text("diretur semua")
    by_hand(page, "AMB-1-000001")
    page.keyboard.press("Enter")
    expect(page.locator("#back-find-error")).to_contain_text("bukan nota latihan")
    assert rows(app) == before and page.wrote == []


@browser
def test_what_this_device_remembers_of_selling_is_left_alone_and_its_notas_go_on(
    till: Any, training: Any, app: Flask, codes: dict[str, str], expect: Any
) -> None:
    page = till()
    page.locator("#no-shift-skip").click()
    page.route(SALES, lambda route: route.abort())
    scan(page, codes["Cuci motor"])
    pay(page, expect, "belum terkirim")
    page.unroute(SALES)
    remembered = page.evaluate("() => JSON.stringify({ ...localStorage })")
    training(page)
    until(lambda: len(sales(app)) == 1)
    assert [(s["receipt"], s["total"]) for s in sales(app)] == [("AMB-1-000001", 15_000)]
    scan(page, codes["Tas rajut"])
    expect(page.locator("#total")).to_have_text("Rp80.000")
    page.keyboard.press("F8")  # put aside
    expect(page.locator("#total")).to_have_text("Rp0")
    page.locator("#channel").select_option("bazar")
    page.get_by_role("link", name="Selesai latihan").click()
    page.locator("#till").wait_for()
    expect(page.locator("#channel")).to_have_value("galeri")
    expect(page.locator("#hold")).to_be_disabled()
    assert page.evaluate("() => JSON.stringify({ ...localStorage })") == remembered

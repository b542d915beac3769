"""Schemes: shares that make a hundred percent, shown by an example, in force from a day on."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pos import clock
from pos.catalog.services import current_version
from pos.db import db
from pos.register.models import SaleLine
from pos.revenue import services
from pos.revenue.models import Scheme
from tests import world


def form(**over: str) -> dict[str, str]:
    usual = {
        "unit": "Lapas Kelas IIA Ambon",
        "from_day": clock.today("WIT").isoformat(),
        "name": "Kontrak 2026",
        "base": "penjualan",
        "remainder": "1",
    }
    for i, (name, kind, percent) in enumerate([("PNBP", "pnbp", "12,5"), ("Modal", "other", "87.50")]):
        usual |= {f"shares-{i}-name": name, f"shares-{i}-kind": kind, f"shares-{i}-percent": percent}
    for i in range(2, 6):
        usual |= {f"shares-{i}-name": "", f"shares-{i}-kind": "other", f"shares-{i}-percent": ""}
    return usual | {key.replace("__", "-"): value for key, value in over.items()}


def schemes(app: Any) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Scheme)) or 0


def test_the_default_scheme_is_shown_with_its_worked_example(as_admin: Any) -> None:
    page = as_admin.get("/skema").text
    for figure in ("Rp300.000", "Rp150.000", "Rp105.000", "Rp45.000"):
        assert figure in page
    assert "berlaku bagi Ditjenpas" in page


def test_a_new_scheme_holds_for_the_next_sale_and_changes_no_older_one(app: Any, as_admin: Any) -> None:
    with app.app_context():
        world.sell(lines=[("Tas rajut", 10_000)])
        version = current_version()
    assert as_admin.post("/skema/baru", data=form()).location == "/skema"
    with app.app_context():
        assert current_version() == version + 1
        world.sell(lines=[("Tas rajut", 10_000)])
        world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)])
        pnbp = db.session.scalars(sa.select(SaleLine.pnbp).join(SaleLine.sale).order_by(SaleLine.sale_id)).all()
    assert pnbp == [45_000, 100_000, 18_000]


def test_an_example_is_worked_out_before_anything_is_saved(app: Any, as_admin: Any) -> None:
    page = as_admin.post("/skema/baru", data=form(preview="1"))
    assert page.status_code == 200 and "Rp100.000" in page.text and "Rp700.000" in page.text
    assert schemes(app) == 1


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"shares__0__percent": "12"}, "harus 100%; sekarang 99,5%"),
        ({"shares__0__percent": "12,555"}, "dua angka"),
        ({"shares__0__percent": "-1"}, "dua angka"),
        ({"shares__0__name": ""}, "perlu nama dan persen"),
        ({"remainder": "4"}, "sisa pembulatan"),
        ({"remainder": "x"}, "sisa pembulatan"),
        ({"from_day": (clock.today("WIB") - timedelta(days=5)).isoformat()}, "Paling awal hari ini."),
        ({"unit": "Lapas"}, "persis seperti tertulis"),
        ({"name": ""}, "Isi nama skema."),
    ],
)
def test_a_scheme_that_does_not_add_up_is_refused(app: Any, as_admin: Any, over: dict[str, str], sentence: str) -> None:
    answer = as_admin.post("/skema/baru", data=form(**over))
    assert answer.status_code == 422 and sentence in answer.text
    assert schemes(app) == 1


def test_one_unit_has_one_scheme_a_day(as_admin: Any) -> None:
    assert as_admin.post("/skema/baru", data=form()).status_code == 302
    assert "sudah punya skema sejak hari itu" in as_admin.post("/skema/baru", data=form(name="Lain")).text


def test_an_admin_of_a_unit_sees_what_holds_and_changes_only_their_own(app: Any, as_: Any) -> None:
    mine = as_("admin-ptk")
    assert "berlaku bagi Lapas Kelas IIA Pontianak" in mine.get("/skema").text
    as_("admin").post("/skema/baru", data=form(name="Skema Ambon saja"))
    assert "Skema Ambon saja" not in mine.get("/skema").text
    assert mine.post("/skema/baru", data=form()).status_code == 422
    assert mine.post("/skema/baru", data=form(unit="Lapas Kelas IIA Pontianak")).status_code == 302


def test_a_scheme_of_a_product_goes_before_those_of_its_unit(app: Any, as_admin: Any) -> None:
    made = {"product": "tas rajut", "name": "Kontrak tas"}
    assert as_admin.post("/skema/baru", data=form(**made, unit="Lapas Kelas IIA Pontianak")).status_code == 422
    assert "tidak membuat produk" in as_admin.post("/skema/baru", data=form(**made | {"product": "xyz"})).text
    assert as_admin.post("/skema/baru", data=form(**made)).location == "/skema"
    page = as_admin.get("/skema").text
    assert "hanya Tas rajut" in page and "berlaku bagi Ditjenpas" in page
    with app.app_context():
        world.sell(lines=[("Tas rajut", 10_000), ("Keripik pisang", 1_000)])
        rows = db.session.execute(sa.select(SaleLine.base, SaleLine.pnbp).order_by(SaleLine.position)).all()
    assert [tuple(row) for row in rows] == [(800_000, 100_000), (20_000, 3_000)]


def test_a_sale_on_the_days_before_keeps_the_scheme_of_its_day(ctx: Any) -> None:
    tomorrow = clock.today("WIT") + timedelta(days=1)
    shares = [services.Share("PNBP", "pnbp", 10_000, True)]
    from pos.units.services import unit_named

    services.new_scheme(unit_named("Lapas Kelas IIA Ambon"), world.person("admin"), "Besok", "laba", shares, tomorrow)
    world.sell(lines=[("Tas rajut", 10_000)])
    assert db.session.scalar(sa.select(SaleLine.pnbp)) == 45_000


def test_a_scheme_that_has_begun_nowhere_can_be_withdrawn_and_its_day_is_free_again(app: Any, as_admin: Any) -> None:
    """Until its day comes in the east, and while no nota rests on it (of a register whose clock is ahead, say)."""
    today = clock.today("WIT")
    for days, name in ((0, "Sudah berlaku"), (1, "Salah ketik"), (2, "Terpakai")):
        as_admin.post("/skema/baru", data=form(from_day=(today + timedelta(days)).isoformat(), name=name))
    with app.app_context():
        ids = dict(db.session.execute(sa.select(Scheme.name, Scheme.id)).all())
        world.sell(lines=[("Tas rajut", 1_000)], at=f"{today + timedelta(2)}T10:00:00+09:00")
    page = as_admin.get("/skema").text
    assert [f"/skema/{ids[name]}/batalkan" in page for name in ("Sudah berlaku", "Salah ketik")] == [False, True]
    for name in ("Sudah berlaku", "Terpakai"):
        refused = as_admin.post(f"/skema/{ids[name]}/batalkan")
        assert refused.status_code == 409 and "Skema ini sudah berlaku" in refused.text
    assert as_admin.post(f"/skema/{ids['Salah ketik']}/batalkan").location == "/skema"
    assert "sudah dibatalkan" in as_admin.post(f"/skema/{ids['Salah ketik']}/batalkan").text
    assert "dibatalkan Admin" in as_admin.get("/skema").text
    tomorrow = (today + timedelta(1)).isoformat()
    with app.app_context():
        world.sell(lines=[("Tas rajut", 10_000)], at=f"{tomorrow}T10:00:00+09:00")
        assert (
            db.session.scalar(sa.select(SaleLine.scheme_id).where(SaleLine.quantity == 10_000)) == ids["Sudah berlaku"]
        )
        with pytest.raises(sa.exc.DatabaseError, match="written once"), db.engine.begin() as connection:
            connection.execute(sa.text("DELETE FROM scheme_withdrawal"))
    assert as_admin.post("/skema/baru", data=form(from_day=tomorrow, name="Yang benar")).status_code == 302

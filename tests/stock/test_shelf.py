"""What lies on the shelf: received, corrected, and seen by those who keep it."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from pos.catalog.models import Product
from pos.db import db
from pos.stock import services
from pos.stock.models import StockMove
from pos.units.models import AuditEntry, Gallery
from tests import world


def ids(app: Any, name: str, unit: str = "Ambon") -> tuple[int, int]:
    """The product, and the gallery of a unit."""
    with app.app_context():
        gallery = db.session.scalars(sa.select(Gallery.id).where(Gallery.name == f"Galeri Lapas {unit}")).one()
        return db.session.scalars(sa.select(Product.id).where(Product.name == name)).one(), gallery


def moves(app: Any) -> list[tuple[Any, ...]]:
    with app.app_context():
        query = sa.select(StockMove.quantity, StockMove.reason, StockMove.note).order_by(StockMove.id)
        return [tuple(row) for row in db.session.execute(query)]


def form(prefix: str, gallery: int, quantity: str, note: str = "") -> dict[str, Any]:
    return {f"{prefix}-gallery": gallery, f"{prefix}-quantity": quantity, f"{prefix}-note": note}


def test_receiving_and_correcting_move_the_stock_and_are_logged(app: Any, as_staff: Any) -> None:
    chips, gallery = ids(app, "Keripik pisang")
    page = as_staff.post(f"/produk/{chips}/terima", data=form("terima", gallery, "2,5"), follow_redirects=True)
    assert "Stok diterima." in page.text and "2,5 kg" in page.text
    page = as_staff.post(
        f"/produk/{chips}/koreksi", data=form("koreksi", gallery, "-0,5", "tumpah"), follow_redirects=True
    )
    assert "2 kg" in page.text and "tumpah" in page.text
    assert moves(app) == [(2500, "receive", ""), (-500, "adjust", "tumpah")]
    with app.app_context():
        logged = db.session.scalars(sa.select(AuditEntry.act).where(AuditEntry.act.startswith("stock.")))
        assert sorted(logged) == ["stock.adjust", "stock.receive"]


@pytest.mark.parametrize("act", ["terima", "koreksi"])
def test_a_form_sent_twice_is_one_move(app: Any, as_staff: Any, act: str) -> None:
    bag, gallery = ids(app, "Tas rajut")
    found = re.search(rf'name="({act}-key)" value="([^"]+)"', as_staff.get(f"/produk/{bag}/stok").text)
    assert found
    sent = form(act, gallery, "3", "salah hitung") | dict([found.groups()])
    assert [as_staff.post(f"/produk/{bag}/{act}", data=sent).status_code for _time in range(2)] == [302, 302]
    other = as_staff.post(f"/produk/{bag}/{act}", data=sent | {f"{act}-quantity": "4"})
    assert other.status_code == 409 and "sudah disimpan sebagai #1" in other.text
    assert [move[0] for move in moves(app)] == [3000]
    assert as_staff.post(f"/produk/{bag}/{act}", data=sent | {f"{act}-key": "x"}).status_code == 302
    assert len(moves(app)) == 2  # a form of its own


@pytest.mark.parametrize(
    ("product", "act", "quantity", "note", "says"),
    [
        ("Tas rajut", "terima", "", "", "Isi jumlahnya."),
        ("Tas rajut", "terima", "0", "", "lebih dari nol"),
        ("Tas rajut", "terima", "-3", "", "lebih dari nol"),
        ("Tas rajut", "terima", "1,5", "", "utuh"),
        ("Tas rajut", "terima", "banyak", "", "Bukan jumlah."),
        ("Keripik pisang", "terima", "1.500", "", "dua cara"),
        ("Tas rajut", "terima", "999999999999999", "", "paling banyak 1.000.000"),
        ("Tas rajut", "koreksi", "-1000001", "salah", "paling banyak 1.000.000"),
        ("Tas rajut", "koreksi", "-1", " ", "mengapa"),
        ("Tas rajut", "koreksi", "1", "x" * 201, "200 huruf"),
        ("Cuci motor", "terima", "1", "", "tidak punya stok"),
    ],
)
def test_what_cannot_be_moved_says_why(
    app: Any, as_staff: Any, product: str, act: str, quantity: str, note: str, says: str
) -> None:
    product_id, gallery = ids(app, product)
    answer = as_staff.post(f"/produk/{product_id}/{act}", data=form(act, gallery, quantity, note))
    assert answer.status_code == 422 and moves(app) == []
    assert says in answer.text


def test_goods_of_another_unit_are_received_into_ones_own_gallery_only(app: Any, as_: Any) -> None:
    bag, ambon = ids(app, "Tas rajut")
    _, pontianak = ids(app, "Tas rajut", "Pontianak")
    staff = as_("petugas-ptk")
    assert staff.get(f"/produk/{bag}/stok").status_code == 200
    assert staff.post(f"/produk/{bag}/terima", data=form("terima", ambon, "1")).status_code == 422
    assert staff.post(f"/produk/{bag}/terima", data=form("terima", pontianak, "1")).status_code == 302
    assert len(moves(app)) == 1
    assert "Galeri Lapas Pontianak" not in as_("petugas").get(f"/produk/{bag}/stok").text


def test_only_staff_and_admins_keep_the_shelf(app: Any, as_: Any) -> None:
    bag, gallery = ids(app, "Tas rajut")
    for username in ("kasir", "pejabat"):
        assert as_(username).get(f"/produk/{bag}/stok").status_code == 403
        assert as_(username).post(f"/produk/{bag}/terima", data=form("terima", gallery, "1")).status_code == 403
    assert as_("petugas").get("/produk/999999/stok").status_code == 404


def test_sales_and_receipts_add_up_within_a_scope(ctx: Any) -> None:
    world.sell(lines=[("Tas rajut", 2000)])
    world.sell("kasir-ptk", "PTK-1", [("Tas rajut", 1000)])
    bag = db.session.scalars(sa.select(Product.id).where(Product.name == "Tas rajut")).one()
    gallery = db.session.scalars(sa.select(Gallery).where(Gallery.name == "Galeri Lapas Ambon")).one()
    services.move(gallery, bag, 10_000, "receive", world.person("petugas"))
    assert services.on_hand_within(world.person("petugas"), [bag]) == {bag: 8000}
    assert services.on_hand_within(world.person("admin")) == {bag: 7000}
    assert [move.reason for move in services.recent(world.person("petugas"), bag)] == ["receive", "sale"]


def test_the_database_itself_refuses_a_quantity_whose_sum_could_overflow(ctx: Any) -> None:
    bag = db.session.scalars(sa.select(Product.id).where(Product.name == "Tas rajut")).one()
    gallery = db.session.scalars(sa.select(Gallery).where(Gallery.name == "Galeri Lapas Ambon")).one()
    services.move(gallery, bag, 10**9, "receive", world.person("petugas"))
    with pytest.raises(sa.exc.IntegrityError, match="stock_move_most"):
        services.move(gallery, bag, 10**9 + 1, "receive", world.person("petugas"))

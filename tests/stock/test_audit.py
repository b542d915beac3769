"""`pos check` names papers of stock that do not say what was moved."""

from typing import Any

import pytest
import sqlalchemy as sa

from pos.db import db
from pos.reports.audit import audit
from pos.stock import goods, opnames, receivings, transfers, write_offs
from tests import world
from tests.stock.test_sums import place, product

PAPERS, WAY = "papers of stock = their moves", "sent = arrived + on the way + lost"
OPNAME = "opname moves = counted - book"
TAMPERED = [  # table, what is set, the rule that must notice
    ("receiving_line", "quantity = quantity + 1", PAPERS),
    ("receiving", "gallery_id = (SELECT max(id) FROM gallery)", PAPERS),
    ("write_off_line", "quantity = quantity + 1", PAPERS),
    ("transfer_line", "product_id = (SELECT max(id) FROM product)", PAPERS),
    ("transfer_arrival_line", "counted = counted - 1", PAPERS),
    ("transfer_outcome", "quantity = quantity + 1", PAPERS),
    ("transfer_outcome", "quantity = 9000", WAY),
    ("transfer_outcome", "outcome = 'miscounted'", WAY),
    ("stock_move", "reason = 'write_off'", PAPERS),
    ("opname_line", "counted = counted + 1", OPNAME),
]


@pytest.fixture
def papers(ctx: Any) -> Any:
    """One of each, between Ambon and Pontianak; what a test does to them is rolled back."""
    gallery, bag, staff = place("Galeri Lapas Ambon"), product("Tas rajut"), world.person("petugas")
    lines = [goods.Line(bag, 6000)]
    receivings.receive(staff, gallery.id, lines)
    write_offs.write_off(staff, gallery.id, [goods.Line(bag, 1000)], "rusak")
    sent = transfers.send(staff, gallery.id, place("Galeri Lapas Pontianak").id, [goods.Line(bag, 3000)])
    cake = goods.Line(product("Kue kering kenari"), 2000)
    transfers.arrive(world.person("petugas-ptk"), sent.id, {0: 1000}, "kue ikut", [cake])
    transfers.decide(staff, sent.id, 0, "returned", 1000, "tertinggal")
    transfers.decide(staff, sent.id, 1, "sent", 1000, "salah ambil")
    opname = opnames.begin(staff, gallery.id)
    opnames.count(world.person("kasir"), opname.id, bag, 5000, "set")
    opnames.approve(staff, opname.id)
    yield
    db.session.rollback()


@pytest.mark.parametrize(("table", "change", "rule"), TAMPERED, ids=lambda part: str(part)[:30])
def test_a_changed_paper_is_noticed(papers: Any, table: str, change: str, rule: str) -> None:
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        for act in ("update", "delete"):
            db.session.execute(sa.text(f"DROP TRIGGER {table}_no_{act}"))
    else:
        db.session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    where = "WHERE reason = 'receive'" if table == "stock_move" else ""
    db.session.execute(sa.text(f"UPDATE {table} SET {change} {where}"))
    assert rule in {one.name for one in audit() if not one.holds}

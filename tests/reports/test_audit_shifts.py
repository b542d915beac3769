"""`pos check` on shifts: honest ones pass, and a Z or a nota that was changed behind the program's back is named."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from pos.db import db
from pos.register.shift_models import ShiftReport
from pos.reports.audit import audit
from tests import world
from tests.register.drawer import act, close, open_shift, paid_749_with_1000

Z, GAP, OPEN, DOCUMENTS = "Z = its notas", "Z numbers have no gap", "one open shift a register", "documents = rows"
GUARDED = ("sale", "payment", "shift", "shift_event", "shift_report")


@pytest.fixture
def closed(ctx: Any) -> Any:
    """Two closed shifts and an open one; what a test does to them is rolled back."""
    for _ in range(2):
        shift = open_shift(float=100_000)
        paid_749_with_1000(shift, cashier="petugas")
        payments = [{"method": "qris", "tendered": 80_000, "change": 0, "reference": "RRN 1"}]
        world.sell(lines=[("Tas rajut", 1000)], payments=payments, shift=shift["id"])
        act(shift, "cash_in", 5_000)
        close(shift, 105_749)
    yield open_shift()
    db.session.rollback()


def unguard() -> None:
    """Take the guards and the references away, in a transaction that the fixture rolls back."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        db.session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    for table in GUARDED:
        if db.engine.dialect.name == "sqlite":
            for act_ in ("update", "delete"):
                db.session.execute(sa.text(f"DROP TRIGGER {table}_no_{act_}"))
        else:
            db.session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))


def broken() -> set[str]:
    return {rule.name for rule in audit() if not rule.holds}


def test_honest_shifts_pass(closed: Any) -> None:
    assert broken() == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sold", 1),
        ("notas", 3),
        ("gross", 1),
        ("discount", 0),
        ("returned", 5),
        ("expected", 1),
        ("counted", 1),
        ("cash_in", 1),
        ("opening_cash", 1),
        ("receipts", [[1, 1]]),
        ("methods", {"cash": {"sold": 80_749, "returned": 0}}),
    ],
)
def test_a_changed_z_is_named_with_what_is_wrong(closed: Any, name: str, value: Any) -> None:
    unguard()
    first = sa.and_(ShiftReport.number == 1)
    content = json.loads(db.session.scalar(sa.select(ShiftReport.content).where(first)) or "")
    changed = json.dumps(content | {name: value})
    db.session.execute(sa.update(ShiftReport).where(first).values(content=changed))
    wrong = next(rule.wrong for rule in audit() if rule.name == Z)
    assert len(wrong) == 1 and wrong[0].startswith("AMB-1 #1: ")
    assert name in wrong[0] or name == "receipts"


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE shift_event SET amount = 6000 WHERE kind = 'cash_in'", Z),
        ("UPDATE shift SET opening_cash = 0 WHERE number = 1", Z),
        ("UPDATE sale SET shift_id = NULL WHERE number = 1", Z),
        ("UPDATE sale SET shift_id = NULL WHERE number = 1", DOCUMENTS),
        ("UPDATE sale SET cashier_id = recorded_by_id WHERE number = 1", DOCUMENTS),
    ],
)
def test_a_changed_row_is_noticed(closed: Any, statement: str, rule: str) -> None:
    unguard()
    assert db.session.execute(sa.text(statement)).rowcount
    assert rule in broken()


def test_a_missing_z_is_a_gap_and_a_second_open_shift(closed: Any) -> None:
    unguard()
    db.session.execute(sa.text("DELETE FROM shift_report WHERE number = 1"))
    assert {GAP, OPEN} <= broken()

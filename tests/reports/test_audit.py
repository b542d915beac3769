"""`pos check`: honest books pass, and whatever was changed behind the program's back is named."""

import json
from typing import Any

import pytest
import sqlalchemy as sa

from pos.db import db
from pos.register.models import Sale
from pos.register.services import record
from pos.reports import words
from pos.reports.audit import RULES, audit
from tests import world

DOCUMENTS, MOVES = "documents = rows", "stock moves = lines"
BASE, REFUNDS = "base = what the scheme says", "refunds <= what was sold"
GUARDED = ("sale", "sale_line", "payment", "stock_move")
SOLD, REFUND = "refund_of IS NULL", "refund_of IS NOT NULL"
FIRST_SOLD = "quantity > 0 AND position = 0"

TAMPERED = [  # table, what is set, which rows, the rule that must notice
    ("sale", "register_id = (SELECT id FROM register WHERE code = 'AMB-2')", SOLD, DOCUMENTS),
    ("sale", "number = 9", SOLD, DOCUMENTS),
    ("sale", "receipt = 'AMB-1-000009'", SOLD, DOCUMENTS),
    ("sale", "sold_at = '2026-04-20 03:00:01'", SOLD, DOCUMENTS),
    ("sale", "buyer = 'wbp'", SOLD, DOCUMENTS),
    ("sale", "channel = 'bazar'", SOLD, DOCUMENTS),
    ("sale", "refund_of = NULL, total = 0", REFUND, DOCUMENTS),
    ("sale", "note = 'lain'", SOLD, DOCUMENTS),
    ("sale", "discount = 1", SOLD, DOCUMENTS),
    ("sale", "rounding = 1", SOLD, DOCUMENTS),
    ("sale", "total = total + 1", SOLD, DOCUMENTS),
    ("sale", "document = '{}'", SOLD, DOCUMENTS),
    ("sale", "document = 'bukan JSON'", SOLD, DOCUMENTS),
    ("sale", "zone = 'WIB', business_date = '2026-04-22'", SOLD, DOCUMENTS),
    ("sale", "zone = '?'", SOLD, DOCUMENTS),
    ("sale", "business_date = '2026-04-19'", SOLD, DOCUMENTS),
    ("sale", "gallery_id = (SELECT max(id) FROM gallery)", SOLD, DOCUMENTS),
    ("sale_line", "position = 7", FIRST_SOLD, DOCUMENTS),
    ("sale_line", "barcode = 'lain'", FIRST_SOLD, DOCUMENTS),
    ("sale_line", "product_id = (SELECT max(id) FROM product)", FIRST_SOLD, DOCUMENTS),
    ("sale_line", "quantity = quantity + 1", FIRST_SOLD, DOCUMENTS),
    ("sale_line", "unit_price = unit_price + 1", FIRST_SOLD, DOCUMENTS),
    ("sale_line", "discount = discount + 1", FIRST_SOLD, DOCUMENTS),
    ("sale_line", "amount = amount + 1", FIRST_SOLD, DOCUMENTS),
    ("sale_line", "gallery_id = (SELECT max(id) FROM gallery)", FIRST_SOLD, DOCUMENTS),
    ("sale_line", "business_date = '2026-04-19'", FIRST_SOLD, DOCUMENTS),
    ("payment", "position = 3", "change = 5000", DOCUMENTS),
    ("payment", "method = 'transfer'", "tendered = 50000", DOCUMENTS),
    ("payment", "tendered = tendered + 1, change = change + 1", "change = 5000", DOCUMENTS),
    ("payment", "reference = 'lain'", "tendered > 0", DOCUMENTS),
    ("sale_line", "cost = cost + 1", FIRST_SOLD, BASE),
    ("sale_line", "base = 0, pnbp = 0, premi = 0, other_shares = 0, shares = '[]'", FIRST_SOLD, BASE),
    ("sale_line", "scheme_id = NULL", FIRST_SOLD, BASE),
    ("sale_line", "refund_position = NULL", "quantity < 0", REFUNDS),
    ("sale_line", "refund_position = 1", "quantity < 0", REFUNDS),
    ("sale_line", "refund_position = 0", FIRST_SOLD, REFUNDS),
    ("sale_line", "base = -99999, premi = -99999, pnbp = 0, other_shares = 0", "quantity < 0", REFUNDS),
    ("sale", "total = -999999", REFUND, REFUNDS),
    ("stock_move", "reason = 'refund'", "reason = 'sale'", MOVES),
    ("stock_move", "reason = 'sale'", "reason = 'refund'", MOVES),
]


@pytest.fixture
def books(ctx: Any) -> Any:
    """A sale of two lines paid in two ways, one bag of it returned; what a test does to them is rolled back."""
    payments = [
        {"method": "qris", "tendered": 50_000, "change": 0, "reference": "RRN 1"},
        {"method": "cash", "tendered": 145_000, "change": 5_000, "reference": ""},
    ]
    lines = [("Tas rajut", 2000, 20_000), ("Keripik pisang", 1000)]
    sold = world.sell(lines=lines, at="2026-04-20T12:00:00+09:00", payments=payments)
    body = world.sale(lines=[("Tas rajut", 1000)])
    body["lines"][0] |= {"quantity": -1000, "amount": -70_000, "discount": -10_000}
    handed = [{"method": "cash", "tendered": 0, "change": 70_000, "reference": ""}]
    record(body | {"refund_of": sold.id, "total": -70_000, "payments": handed}, world.person("kasir"))
    yield sold
    db.session.rollback()


def unguard() -> None:
    """Take the write-once guards away, in a transaction that the fixture rolls back."""
    db.session.rollback()
    for table in GUARDED:
        if db.engine.dialect.name == "sqlite":
            for act in ("update", "delete"):
                db.session.execute(sa.text(f"DROP TRIGGER {table}_no_{act}"))
        else:
            db.session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))


def broken() -> set[str]:
    return {rule.name for rule in audit() if not rule.holds}


def test_honest_books_pass_and_every_rule_has_a_name_on_the_screen(books: Any) -> None:
    assert broken() == set()
    assert set(words.RULE_NAMES) == set(RULES)


@pytest.mark.parametrize(("table", "change", "where", "rule"), TAMPERED, ids=lambda part: str(part)[:40])
def test_a_changed_row_is_noticed(books: Any, table: str, change: str, where: str, rule: str) -> None:
    unguard()
    assert db.session.execute(sa.text(f"UPDATE {table} SET {change} WHERE {where}")).rowcount
    assert rule in broken()


@pytest.mark.parametrize("table", ["sale_line", "payment"])
def test_a_row_that_is_gone_is_noticed(books: Any, table: str) -> None:
    unguard()
    db.session.execute(sa.text(f"DELETE FROM {table} WHERE position = 1"))
    assert DOCUMENTS in broken()


@pytest.mark.parametrize(
    ("name", "value"), [("id", "018e689a-ccd5-7ada-ae7c-e3e0ea002457"), ("register", "AMB-2"), ("number", 5)]
)
def test_a_changed_document_is_noticed_and_the_field_named(books: Any, name: str, value: Any) -> None:
    unguard()
    document = json.loads(db.session.scalar(sa.select(Sale.document).where(Sale.id == books.id)) or "")
    changed = json.dumps(document | {name: value})
    db.session.execute(sa.update(Sale).where(Sale.id == books.id).values(document=changed))
    wrong = next(rule.wrong for rule in audit() if rule.name == DOCUMENTS)
    assert len(wrong) == 1 and wrong[0].startswith(f"{books.receipt}: ") and name in wrong[0]


def test_goods_not_made_by_wbp_owe_nothing(ctx: Any) -> None:
    world.sell(lines=[("Air mineral PIPAS", 1000)])
    unguard()
    db.session.execute(sa.text("UPDATE sale_line SET wbp_made = NOT wbp_made, scheme_id = (SELECT id FROM scheme)"))
    assert BASE in broken()
    db.session.rollback()


def test_no_other_statement_slips_past_the_guard(books: Any) -> None:
    statements = {
        "sqlite": "INSERT OR REPLACE INTO payment SELECT * FROM payment",
        "postgresql": "TRUNCATE payment CASCADE",
    }
    with pytest.raises(sa.exc.DatabaseError, match="written once"), db.engine.begin() as connection:
        connection.execute(sa.text(statements[db.engine.dialect.name]))

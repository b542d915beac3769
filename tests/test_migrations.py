"""The migrations make exactly the tables of the models, on both engines."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from pos import db as database
from pos.db import Model, db
from pos.migrations import upgrade
from tests.conftest import ENGINES
from tests.grounds import app_on, pg_url

GUARDED = {
    "audit_entry",
    "book_audit",
    "price",
    "certificate",
    "label_print",
    "deposit",
    "deposit_day",
    "deposit_rule",
    "treasury_row",
    "treasury_note",
    "pnbp_target",
    "scheme_share",
    "scheme_withdrawal",
    "stock_move",
    "stock_correction",
    "sale",
    "sale_line",
    "payment",
    "sale_conflict",
    "settlement",
    "sale_print",
    "shift",
    "shift_event",
    "shift_report",
    "approval",
    "payment_correction",
    "removal",
    "late_note",
    "late_line",
    "late_photo",
    "late_verdict",
    "submission",
    "verdict",
    "declaration",
    "declared_unit",
    "signer",
    "receiving",
    "receiving_line",
    "transfer",
    "transfer_line",
    "transfer_arrival",
    "transfer_arrival_line",
    "transfer_outcome",
    "write_off",
    "write_off_line",
    "opname",
    "opname_count",
    "opname_closing",
    "opname_line",
    "consignment_terms",
    "consignment_settlement",
    "consignment_answer",
}


@pytest.fixture(params=ENGINES)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server = request.getfixturevalue("postgres")
    name = f"e{abs(hash(str(tmp_path))):x}"
    server.psql(f"CREATE DATABASE {name};")
    return pg_url(server, name)


def test_a_migrated_database_is_what_the_models_say(empty_url: str, tmp_path: Path) -> None:
    app = app_on(empty_url, tmp_path)
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, Model.metadata) == []
        database.close()


def test_a_migrated_database_guards_what_is_written_once(empty_url: str, tmp_path: Path) -> None:
    app = app_on(empty_url, tmp_path)
    with app.app_context():
        upgrade()
        assert guarded_tables(db.engine) == GUARDED
        database.close()


def test_the_models_guard_the_same_tables(ctx: Any) -> None:
    assert guarded_tables(db.engine) == GUARDED


def guarded_tables(engine: sa.Engine) -> set[str]:
    if engine.dialect.name == "sqlite":
        query = "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT event_object_table FROM information_schema.triggers"
    with engine.connect() as connection:
        return set(connection.execute(sa.text(query)).scalars())

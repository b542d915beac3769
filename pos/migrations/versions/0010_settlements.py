"""What a nota may leave owed, and what is paid of it afterwards.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

import pos.db
from pos.db import guard

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
METHODS = "'cash', 'qris', 'transfer', 'debit'"
NAME = "ck_payment_method"


def upgrade() -> None:
    _allow(f"{METHODS}, 'owed'", instead_of=METHODS)
    op.create_table(
        "settlement",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("sale_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("register_id", BIG, nullable=False),
        sa.Column("shift_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.CheckConstraint(f"method IN ({METHODS})", name=op.f("ck_settlement_method")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_settlement_amount")),
        sa.CheckConstraint("method <> 'qris' OR amount <= 10000000", name=op.f("ck_settlement_qris_limit")),
        sa.CheckConstraint("method = 'cash' OR reference <> ''", name=op.f("ck_settlement_reference")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_settlement_register_id")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_settlement_sale_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_settlement_shift_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_settlement_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement")),
    )
    op.create_index("ix_settlement_sale_id", "settlement", ["sale_id"])
    op.create_index("ix_settlement_shift_id", "settlement", ["shift_id"])
    guard(op.get_bind(), "settlement")


def _allow(methods: str, instead_of: str) -> None:
    """Change what a payment's method may be, in place: others point at `payment`, and it has its guards.

    For SQLite this is the way its manual gives for a CHECK that no row breaks ("Making Other Kinds Of Table Schema
    Changes"): the words of the schema are changed, and its version tells every connection to read them again.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f(NAME), "payment")
        op.create_check_constraint(op.f(NAME), "payment", f"method IN ({methods})")
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'payment' AND sql LIKE ?",
        (f"({instead_of})", f"({methods})", f"%{NAME}%({instead_of})%"),
    )
    if changed.rowcount != 1:
        raise RuntimeError("the table payment is not as the migrations before left it")
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def downgrade() -> None:
    op.drop_table("settlement")
    _allow(METHODS, instead_of=f"{METHODS}, 'owed'")

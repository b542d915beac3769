"""What a nota may leave owed, and what is paid of it afterwards.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

import pos.db
from pos.db import guard
from pos.migrations.checks import reword

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
METHODS = "'cash', 'qris', 'transfer', 'debit'"
NAME = "ck_payment_method"
WORDS = (f"method IN ({METHODS})", f"method IN ({METHODS}, 'owed')")


def upgrade() -> None:
    reword("payment", NAME, *WORDS)
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


def downgrade() -> None:
    op.drop_table("settlement")
    reword("payment", NAME, *reversed(WORDS))

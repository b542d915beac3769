"""Which labels were printed, and what they say; and what was received when, for the mapping of produk unggulan.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

import pos.db

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "label_print",
        sa.Column("id", KEY, nullable=False),
        sa.Column("product_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("shows_at", pos.db.Instant(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("copies > 0", name=op.f("ck_label_print_copies")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_label_print_product_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_label_print_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_print")),
    )
    op.create_index("ix_label_print_product_id", "label_print", ["product_id"])
    pos.db.guard(op.get_bind(), "label_print")
    received = sa.text("reason = 'receive'")
    op.create_index(
        "ix_stock_move_received",
        "stock_move",
        ["at", "product_id"],
        sqlite_where=received,
        postgresql_where=received,
    )


def downgrade() -> None:
    raise NotImplementedError("what was printed is evidence: restore a backup instead")

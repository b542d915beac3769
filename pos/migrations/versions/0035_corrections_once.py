"""The form that a count was corrected with: sent twice it is one move.

Revision ID: 0035
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

import pos.db

revision = "0035"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stock_correction",
        sa.Column("key", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("move_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["move_id"], ["stock_move.id"], name=op.f("fk_stock_correction_move_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_stock_correction")),
        sa.UniqueConstraint("move_id", name=op.f("uq_stock_correction_move_id")),
    )
    pos.db.guard(op.get_bind(), "stock_correction")


def downgrade() -> None:
    op.drop_table("stock_correction")

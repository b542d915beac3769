"""The workshop that a line was made in, and what a product's earlier lines, which do not say, are taken to be from.

Revision ID: 0038
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In place: a copied table would lose the guard that it is written once, and evidence is not rewritten either.
    op.add_column("sale_line", sa.Column("workshop", sa.String(length=80), nullable=True))
    op.add_column("product", sa.Column("first_workshop", sa.String(length=80), server_default="", nullable=False))
    op.execute("UPDATE product SET first_workshop = workshop")
    op.create_index(op.f("ix_deposit_billing_code"), "deposit", ["billing_code"])


def downgrade() -> None:
    raise NotImplementedError("lines are evidence: restore a backup instead")

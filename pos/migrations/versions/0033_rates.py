"""Which of a product's prices a line was sold at. Earlier lines do not say.

Revision ID: 0033
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In place, with its check: a copied table would lose the guard that it is written once.
    check = sa.CheckConstraint("rate IN ('', 'wholesale', 'inside', 'auction')", name=op.f("ck_sale_line_rate"))
    op.add_column("sale_line", sa.Column("rate", sa.String(length=9), check, server_default="", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("lines are evidence: restore a backup instead")

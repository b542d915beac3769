"""The staff number of the officer who bought, on a handwritten nota too.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("late_note", sa.Column("buyer_ref", sa.String(20), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("late_note", "buyer_ref")

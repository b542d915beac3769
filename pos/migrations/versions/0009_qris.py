"""A gallery's static QRIS code, and what the labels of its scales carry.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("gallery", sa.Column("qris", sa.String(512), server_default="", nullable=False))
    op.add_column("gallery", sa.Column("scale", sa.String(120), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("gallery", "scale")
    op.drop_column("gallery", "qris")

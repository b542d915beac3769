"""A PIN for every person.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

import pos.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("pin_hash", sa.String(length=200), server_default="", nullable=False))
    op.add_column("person", sa.Column("pin_wrong", sa.Integer(), server_default="0", nullable=False))
    op.add_column("person", sa.Column("pin_tried_at", pos.db.Instant(), nullable=True))


def downgrade() -> None:
    for name in ("pin_tried_at", "pin_wrong", "pin_hash"):
        op.drop_column("person", name)

"""Which days a submission is about: whatever becomes of the campaign, its pack can be made again.

Revision ID: 0031
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission", sa.Column("period", sa.String(21), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("submission", "period")

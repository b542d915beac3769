"""A photo for a product.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("product", sa.Column("photo", sa.String(length=32), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("product", "photo")

"""What an approval of a discount was shown: rupiah given away, and what the goods were worth.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("given", "goods"):
        op.add_column("approval", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    for name in ("goods", "given"):
        op.drop_column("approval", name)

"""Find a deposit by its NTPN, whether it stands or takes another back.

Revision ID: 0044
Revises: 0043
"""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_deposit_ntpn_amount", "deposit", ["ntpn", "amount"])


def downgrade() -> None:
    op.drop_index("ix_deposit_ntpn_amount", "deposit")

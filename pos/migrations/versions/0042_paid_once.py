"""A billing code is paid once, by the database's word; a scheme that has not begun can be withdrawn.

Revision ID: 0042
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0040"
branch_labels = None
depends_on = None

STANDS = sa.text("corrects_id IS NULL")


def upgrade() -> None:
    op.add_column("deposit", sa.Column("code_attempt", sa.Integer(), nullable=True))
    op.create_index(
        "uq_deposit_billing_code",
        "deposit",
        ["billing_code", "code_attempt"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def downgrade() -> None:
    op.drop_index("uq_deposit_billing_code", "deposit")
    op.drop_column("deposit", "code_attempt")

"""The usual down payment on an order, by gallery: half of it until somebody says otherwise.

Revision ID: 0036
Revises: 0035
"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE gallery ADD COLUMN down_payment INTEGER DEFAULT 50 NOT NULL "
        "CONSTRAINT ck_gallery_down_payment CHECK (down_payment BETWEEN 0 AND 90)"
    )


def downgrade() -> None:
    op.drop_column("gallery", "down_payment")

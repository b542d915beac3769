"""What cash is rounded to, by gallery.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE gallery ADD COLUMN rounding_step INTEGER DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_gallery_rounding_step CHECK (rounding_step IN (0, 100, 500))"
    )


def downgrade() -> None:
    op.drop_column("gallery", "rounding_step")

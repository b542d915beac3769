"""A certificate's entry may put another one right: it then speaks in that one's place.

Revision ID: 0028
Revises: 0026
"""

from alembic import op

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """With its constraints in the column: so a table that is written once is given it in place."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE certificate ADD COLUMN corrects_id {kind} "
        "CONSTRAINT ck_certificate_corrects_id CHECK (corrects_id < id) "
        "CONSTRAINT fk_certificate_corrects_id REFERENCES certificate (id)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE certificate DROP COLUMN corrects_id")

"""What the last check of the books found, so that its page need not read everything again.

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

import pos.db

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "book_audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.Column("wrong", pos.db.Json, nullable=False),
        sa.CheckConstraint("rules > 0", name=op.f("ck_book_audit_rules")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_book_audit_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_audit")),
    )
    pos.db.guard(op.get_bind(), "book_audit")


def downgrade() -> None:
    op.drop_table("book_audit")

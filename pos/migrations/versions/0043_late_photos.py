"""A better photo of a handwritten nota until its verdict, which says which of them was compared.

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op

import pos.db

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "late_photo",
        sa.Column("id", BIG, nullable=False),
        sa.Column("note_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("entered_by", BIG, nullable=False),
        sa.Column("photo", sa.String(32), nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("photo <> ''", name=op.f("ck_late_photo_photo")),
        sa.ForeignKeyConstraint(
            ["note_id", "entered_by"],
            ["late_note.id", "late_note.entered_by"],
            name=op.f("fk_late_photo_note_id_entered_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_photo")),
    )
    op.create_index(op.f("ix_late_photo_note_id"), "late_photo", ["note_id"])
    pos.db.guard(op.get_bind(), "late_photo")
    op.add_column("late_verdict", sa.Column("photo", sa.String(32), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("late_verdict", "photo")
    op.drop_table("late_photo")

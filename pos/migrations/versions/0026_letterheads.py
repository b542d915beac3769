"""Letterheads: what a unit prints above its official sheets, and who signs them; when recaps write themselves.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import pos.db

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "letterhead",
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("lines", sa.String(length=400), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("signers", JSON, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_letterhead_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_letterhead")),
    )
    op.create_table(
        "recap_schedule",
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("at_minute", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("changed_at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("at_minute BETWEEN 0 AND 1439", name=op.f("ck_recap_schedule_at_minute")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_recap_schedule_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_recap_schedule")),
    )
    op.create_table(
        "recap_run",
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("claimed_at", pos.db.Instant(), nullable=False),
        sa.Column("made_at", pos.db.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_recap_run_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "day", name=op.f("pk_recap_run")),
    )


def downgrade() -> None:
    op.drop_table("recap_run")
    op.drop_table("recap_schedule")
    op.drop_table("letterhead")

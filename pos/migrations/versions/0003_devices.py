"""Browsers that are bound to a register

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

import pos.db

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("register_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("enrolled_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrolled_at", pos.db.Instant(), nullable=False),
        sa.Column("last_seen_at", pos.db.Instant(), nullable=False),
        sa.Column("revoked_at", pos.db.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["enrolled_by"], ["person.id"], name=op.f("fk_device_enrolled_by")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_device_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_device_secret_hash")),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_register_id"), ["register_id"], unique=False)


def downgrade() -> None:
    op.drop_table("device")

"""Approvals by PIN, and corrections of how a sale was paid.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

import pos.db
from pos.db import guard

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _approvals()
    if op.get_bind().dialect.name == "sqlite":  # not by copying: everything points at `sale`, and it has its guards
        op.execute(
            "ALTER TABLE sale ADD COLUMN approval_id CHAR(32) CONSTRAINT fk_sale_approval_id REFERENCES approval (id)"
        )
    else:
        op.add_column("sale", sa.Column("approval_id", sa.Uuid(as_uuid=False), nullable=True))
        op.create_foreign_key(op.f("fk_sale_approval_id"), "sale", "approval", ["approval_id"], ["id"])
    op.create_index("uq_sale_approval_id", "sale", ["approval_id"], unique=True)
    _corrections()
    for name in ("approval", "payment_correction"):
        guard(op.get_bind(), name)


def _approvals() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("register_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("act IN ('discount', 'refund', 'correction')", name=op.f("ck_approval_act")),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name=op.f("fk_approval_approved_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_approval_asked_by")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_approval_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )


def _corrections() -> None:
    op.create_table(
        "payment_correction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sale_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("from_method", sa.String(length=8), nullable=False),
        sa.Column("from_reference", sa.String(length=60), nullable=False),
        sa.Column("to_method", sa.String(length=8), nullable=False),
        sa.Column("to_reference", sa.String(length=60), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("approval_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint(
            "to_method IN ('cash', 'qris', 'transfer', 'debit')", name=op.f("ck_payment_correction_to_method")
        ),
        sa.CheckConstraint(
            "from_method <> to_method OR from_reference <> to_reference", name=op.f("ck_payment_correction_changes")
        ),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name=op.f("fk_payment_correction_approval_id")),
        sa.ForeignKeyConstraint(
            ["sale_id", "position"],
            ["payment.sale_id", "payment.position"],
            name=op.f("fk_payment_correction_sale_id_position"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_payment_correction_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_correction")),
        sa.UniqueConstraint("approval_id", name=op.f("uq_payment_correction_approval_id")),
    )
    op.create_index("ix_payment_correction_sale_id_position", "payment_correction", ["sale_id", "position"])


def downgrade() -> None:
    op.drop_table("payment_correction")
    op.drop_index("uq_sale_approval_id", "sale")
    op.drop_column("sale", "approval_id")
    op.drop_table("approval")

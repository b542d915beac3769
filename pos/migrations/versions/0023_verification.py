"""What units say their figure is, what is judged of it, and what the nation declares.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

import pos.db
from pos.db import guard

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("submission", "verdict", "declaration", "declared_unit", "signer")


def _figures() -> list[sa.Column]:
    return [
        sa.Column("omzet", sa.BigInteger(), nullable=False),
        sa.Column("pieces", sa.BigInteger(), nullable=False),
        sa.Column("sales", sa.Integer(), nullable=False),
        sa.Column("pnbp", sa.BigInteger(), nullable=False),
        sa.Column("premi", sa.BigInteger(), nullable=False),
        sa.Column("late_omzet", sa.BigInteger(), nullable=False),
        sa.Column("streak", sa.Integer(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.Column("unit_name", sa.String(length=120), nullable=False),
        sa.Column("unit_class", sa.String(length=60), nullable=False),
        sa.Column("kanwil_name", sa.String(length=120), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("id", BIG, nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("kanwil_id", BIG, nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("numbers", sa.Text(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        *_figures(),
        sa.CheckConstraint("round > 0", name=op.f("ck_submission_round")),
        sa.CheckConstraint("length(root) = 64", name=op.f("ck_submission_root")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_submission_campaign_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_submission_unit_id")),
        sa.ForeignKeyConstraint(["kanwil_id"], ["unit.id"], name=op.f("fk_submission_kanwil_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_submission_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("campaign_id", "unit_id", "round", name=op.f("uq_submission_campaign_id_unit_id_round")),
    )
    op.create_index("ix_submission_unit_id", "submission", ["unit_id"])
    op.create_table(
        "verdict",
        sa.Column("submission_id", BIG, nullable=False),
        sa.Column("word", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("word IN ('verified', 'returned')", name=op.f("ck_verdict_word")),
        sa.CheckConstraint("word = 'verified' OR reason <> ''", name=op.f("ck_verdict_reason")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_verdict_submission_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_verdict_user_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_verdict_unit_id")),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_verdict")),
    )
    op.create_table(
        "declaration",
        sa.Column("id", BIG, nullable=False),
        sa.Column("campaign_id", BIG, nullable=False),
        sa.Column("campaign_name", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("zone", sa.String(length=4), nullable=False),
        sa.Column("period", sa.String(length=21), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("omzet", sa.BigInteger(), nullable=False),
        sa.Column("pieces", sa.BigInteger(), nullable=False),
        sa.Column("sales", sa.Integer(), nullable=False),
        sa.Column("pnbp", sa.BigInteger(), nullable=False),
        sa.Column("premi", sa.BigInteger(), nullable=False),
        sa.Column("late_omzet", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(root) = 64", name=op.f("ck_declaration_root")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_declaration_campaign_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_declaration_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_declaration_campaign_id")),
        sa.UniqueConstraint("number", name=op.f("uq_declaration_number")),
    )
    op.create_table(
        "declared_unit",
        sa.Column("declaration_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("kanwil_id", BIG, nullable=True),
        sa.Column("submission_id", BIG, nullable=False),
        *_figures(),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_declared_unit_declaration_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_declared_unit_unit_id")),
        sa.ForeignKeyConstraint(["kanwil_id"], ["unit.id"], name=op.f("fk_declared_unit_kanwil_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_declared_unit_submission_id")),
        sa.PrimaryKeyConstraint("declaration_id", "position", name=op.f("pk_declared_unit")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_declared_unit_submission_id")),
        sa.UniqueConstraint("declaration_id", "unit_id", name=op.f("uq_declared_unit_declaration_id_unit_id")),
    )
    op.create_index("ix_declared_unit_unit_id", "declared_unit", ["unit_id"])
    op.create_table(
        "signer",
        sa.Column("declaration_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("identity", sa.String(length=30), nullable=False),
        sa.CheckConstraint("name <> '' AND title <> ''", name=op.f("ck_signer_named")),
        sa.ForeignKeyConstraint(["declaration_id"], ["declaration.id"], name=op.f("fk_signer_declaration_id")),
        sa.PrimaryKeyConstraint("declaration_id", "position", name=op.f("pk_signer")),
    )
    for name in TABLES:
        guard(op.get_bind(), name)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)

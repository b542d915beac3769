"""Goods on consignment: terms, what was paid over, and the maker's word on it.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

import pos.db
from pos.db import guard

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GUARDED = ("consignment_terms", "consignment_settlement", "consignment_answer")


def upgrade() -> None:
    op.create_table(
        "consignment_settlement",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("seller_id", BIG, nullable=False),
        sa.Column("maker_id", BIG, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_consignment_settlement_reference")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_consignment_settlement_amount")),
        sa.CheckConstraint("from_day <= until_day", name=op.f("ck_consignment_settlement_period")),
        sa.CheckConstraint("seller_id <> maker_id", name=op.f("ck_consignment_settlement_ends")),
        sa.ForeignKeyConstraint(["maker_id"], ["unit.id"], name=op.f("fk_consignment_settlement_maker_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["unit.id"], name=op.f("fk_consignment_settlement_seller_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_consignment_settlement_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consignment_settlement")),
    )
    op.create_index(
        "ix_consignment_settlement_seller_id_maker_id",
        "consignment_settlement",
        ["seller_id", "maker_id"],
        unique=False,
    )
    op.create_table(
        "consignment_terms",
        sa.Column("id", BIG, nullable=False),
        sa.Column("seller_id", BIG, nullable=False),
        sa.Column("maker_id", BIG, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("commission", sa.Integer(), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("commission BETWEEN 0 AND 10000", name=op.f("ck_consignment_terms_commission")),
        sa.CheckConstraint("seller_id <> maker_id", name=op.f("ck_consignment_terms_ends")),
        sa.ForeignKeyConstraint(["maker_id"], ["unit.id"], name=op.f("fk_consignment_terms_maker_id")),
        sa.ForeignKeyConstraint(["seller_id"], ["unit.id"], name=op.f("fk_consignment_terms_seller_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_consignment_terms_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consignment_terms")),
    )
    op.create_index(
        "ix_consignment_terms_seller_id_maker_id_from_day",
        "consignment_terms",
        ["seller_id", "maker_id", "from_day"],
        unique=False,
    )
    op.create_table(
        "consignment_answer",
        sa.Column("settlement_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("received", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("received OR note <> ''", name=op.f("ck_consignment_answer_note")),
        sa.ForeignKeyConstraint(
            ["settlement_id"], ["consignment_settlement.id"], name=op.f("fk_consignment_answer_settlement_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_consignment_answer_user_id")),
        sa.PrimaryKeyConstraint("settlement_id", name=op.f("pk_consignment_answer")),
    )
    for table in GUARDED:
        guard(op.get_bind(), table)


def downgrade() -> None:
    op.drop_table("consignment_answer")
    op.drop_index("ix_consignment_terms_seller_id_maker_id_from_day", table_name="consignment_terms")
    op.drop_table("consignment_terms")
    op.drop_index("ix_consignment_settlement_seller_id_maker_id", table_name="consignment_settlement")
    op.drop_table("consignment_settlement")

"""When deposits are due, the treasury's own rows, and the yearly targets of PNBP.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

import pos.db
from pos.db import guard

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    product = sa.ForeignKey("product.id", name=op.f("fk_scheme_product_id"))
    op.add_column("scheme", sa.Column("product_id", BIG, product, nullable=True), inline_references=True)
    _rules()
    _rows()
    op.create_table(
        "pnbp_target",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("recorded_at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_pnbp_target_amount")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_pnbp_target_year")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_pnbp_target_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_pnbp_target_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pnbp_target")),
    )
    op.create_index("ix_pnbp_target_unit_id_year", "pnbp_target", ["unit_id", "year"])
    for name in ("deposit_rule", "treasury_row", "treasury_note", "pnbp_target"):
        guard(op.get_bind(), name)


def _rules() -> None:
    op.create_table(
        "deposit_rule",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("period", sa.String(length=8), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("month_day", sa.Integer(), nullable=True),
        sa.Column("satker", sa.String(length=6), nullable=False),
        sa.Column("akun", sa.String(length=6), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("recorded_at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("period IN ('daily', 'weekly', 'monthly')", name=op.f("ck_deposit_rule_period")),
        sa.CheckConstraint("(period = 'weekly') = (weekday IS NOT NULL)", name=op.f("ck_deposit_rule_weekday")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 4", name=op.f("ck_deposit_rule_weekday_range")),
        sa.CheckConstraint("(period = 'monthly') = (month_day IS NOT NULL)", name=op.f("ck_deposit_rule_month_day")),
        sa.CheckConstraint("month_day BETWEEN 1 AND 31", name=op.f("ck_deposit_rule_month_day_range")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_deposit_rule_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_deposit_rule_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_rule")),
    )
    op.create_index("ix_deposit_rule_unit_id", "deposit_rule", ["unit_id"])
    op.create_table(
        "off_day",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_off_day_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_off_day")),
        sa.UniqueConstraint("unit_id", "day", name=op.f("uq_off_day_unit_id_day")),
    )


def _rows() -> None:
    op.create_table(
        "treasury_row",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("ntpn", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("ntb", sa.String(length=20), nullable=False),
        sa.Column("billing_code", sa.String(length=15), nullable=False),
        sa.Column("satker", sa.String(length=6), nullable=False),
        sa.Column("akun", sa.String(length=6), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("recorded_at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_treasury_row_amount")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_treasury_row_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_treasury_row_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treasury_row")),
        sa.UniqueConstraint("ntpn", "amount", "day", name=op.f("uq_treasury_row_ntpn_amount_day")),
    )
    op.create_index("ix_treasury_row_unit_id", "treasury_row", ["unit_id"])
    op.create_index("ix_treasury_row_day", "treasury_row", ["day"])
    op.create_table(
        "treasury_note",
        sa.Column("id", BIG, nullable=False),
        sa.Column("deposit_id", BIG, nullable=True),
        sa.Column("row_id", BIG, nullable=True),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("(deposit_id IS NULL) <> (row_id IS NULL)", name=op.f("ck_treasury_note_about_one")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposit.id"], name=op.f("fk_treasury_note_deposit_id")),
        sa.ForeignKeyConstraint(["row_id"], ["treasury_row.id"], name=op.f("fk_treasury_note_row_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_treasury_note_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_treasury_note")),
    )
    op.create_index("ix_treasury_note_deposit_id", "treasury_note", ["deposit_id"])
    op.create_index("ix_treasury_note_row_id", "treasury_note", ["row_id"])


def downgrade() -> None:
    for name in ("treasury_note", "treasury_row", "pnbp_target", "off_day", "deposit_rule"):
        op.drop_table(name)
    op.drop_column("scheme", "product_id")

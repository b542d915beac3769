"""Billing codes, which takings a deposit covers, and deposits that can be taken back by an entry of their own.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

import pos.db
from pos.db import guard

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD = "id, unit_id, day, amount, billing_code, ntpn, note, user_id, recorded_at"
AMOUNT = "(corrects_id IS NULL AND amount > 0) OR (corrects_id IS NOT NULL AND amount < 0)"
REASON = "corrects_id IS NULL OR reason <> ''"
STANDING = sa.text("corrects_id IS NULL")


def upgrade() -> None:
    _billing()
    if op.get_bind().dialect.name == "sqlite":
        _copy_deposits()
    else:
        _alter_deposits()
    op.create_index(
        "uq_deposit_ntpn",
        "deposit",
        ["ntpn", "attempt"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index("ix_deposit_billing_id", "deposit", ["billing_id"])
    op.create_table(
        "deposit_day",
        sa.Column("id", BIG, nullable=False),
        sa.Column("deposit_id", BIG, nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_deposit_day_amount")),
        sa.ForeignKeyConstraint(["deposit_id"], ["deposit.id"], name=op.f("fk_deposit_day_deposit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_day")),
    )
    op.create_index("ix_deposit_day_deposit_id", "deposit_day", ["deposit_id"])
    op.create_index("ix_deposit_day_business_date", "deposit_day", ["business_date"])
    guard(op.get_bind(), "deposit_day")


def _billing() -> None:
    op.create_table(
        "billing",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("code", sa.String(length=15), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("satker", sa.String(length=6), nullable=False),
        sa.Column("akun", sa.String(length=6), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("recorded_at", pos.db.Instant(), nullable=False),
        sa.Column("cancelled_at", pos.db.Instant(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_billing_amount")),
        sa.CheckConstraint("issued_on <= expires_on", name=op.f("ck_billing_span")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_billing_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_billing_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_billing")),
    )
    op.create_index("ix_billing_unit_id", "billing", ["unit_id"])
    open_ones = sa.text("cancelled_at IS NULL")
    op.create_index(
        "uq_billing_code", "billing", ["code"], unique=True, sqlite_where=open_ones, postgresql_where=open_ones
    )
    op.create_table(
        "billing_day",
        sa.Column("billing_id", BIG, nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_billing_day_amount")),
        sa.ForeignKeyConstraint(["billing_id"], ["billing.id"], name=op.f("fk_billing_day_billing_id")),
        sa.PrimaryKeyConstraint("billing_id", "business_date", name=op.f("pk_billing_day")),
    )


def _copy_deposits() -> None:
    """SQLite cannot drop a UNIQUE: nothing points at the table yet, so it is copied and guarded anew."""
    op.create_table(
        "deposit_new",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("billing_code", sa.String(length=15), nullable=False),
        sa.Column("ntpn", sa.String(length=16), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("recorded_at", pos.db.Instant(), nullable=False),
        *_new_columns(),
        sa.CheckConstraint(AMOUNT, name=op.f("ck_deposit_amount")),
        sa.CheckConstraint(REASON, name=op.f("ck_deposit_reason")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_deposit_unit_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_deposit_user_id")),
        sa.ForeignKeyConstraint(["billing_id"], ["billing.id"], name=op.f("fk_deposit_billing_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["deposit_new.id"], name=op.f("fk_deposit_corrects_id")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_deposit_corrects_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit")),
    )
    op.execute(f"INSERT INTO deposit_new ({OLD}) SELECT {OLD} FROM deposit")
    op.drop_table("deposit")
    op.rename_table("deposit_new", "deposit")
    op.create_index("ix_deposit_day", "deposit", ["day"])
    op.create_index("ix_deposit_unit_id", "deposit", ["unit_id"])
    guard(op.get_bind(), "deposit")


def _alter_deposits() -> None:
    op.drop_constraint(op.f("uq_deposit_ntpn"), "deposit")
    op.drop_constraint(op.f("ck_deposit_amount"), "deposit")
    for column in _new_columns():
        op.add_column("deposit", column)
    op.create_check_constraint(op.f("ck_deposit_amount"), "deposit", AMOUNT)
    op.create_check_constraint(op.f("ck_deposit_reason"), "deposit", REASON)
    op.create_foreign_key(op.f("fk_deposit_billing_id"), "deposit", "billing", ["billing_id"], ["id"])
    op.create_foreign_key(op.f("fk_deposit_corrects_id"), "deposit", "deposit", ["corrects_id"], ["id"])
    op.create_unique_constraint(op.f("uq_deposit_corrects_id"), "deposit", ["corrects_id"])


def _new_columns() -> list[sa.Column]:
    return [
        sa.Column("ntb", sa.String(length=20), nullable=False, server_default=""),
        sa.Column("satker", sa.String(length=6), nullable=False, server_default=""),
        sa.Column("akun", sa.String(length=6), nullable=False, server_default=""),
        sa.Column("method", sa.String(length=12), nullable=False, server_default=""),
        sa.Column("billing_id", BIG, nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("corrects_id", BIG, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False, server_default=""),
    ]


def downgrade() -> None:
    raise NotImplementedError("what was taken back cannot be told apart in the older tables")

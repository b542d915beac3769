"""A billing code is paid once, by the database's word; a scheme that has not begun can be withdrawn.

Revision ID: 0042
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

import pos.db
from pos.migrations.checks import let_be_null

revision = "0042"
down_revision = "0040"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STANDS = sa.text("corrects_id IS NULL")


def upgrade() -> None:
    op.add_column("deposit", sa.Column("code_attempt", sa.Integer(), nullable=True))
    op.create_index(
        "uq_deposit_billing_code",
        "deposit",
        ["billing_code", "code_attempt"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )
    let_be_null("scheme", "from_day", "DATE")
    op.create_table(
        "scheme_withdrawal",
        sa.Column("scheme_id", BIG, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_scheme_withdrawal_scheme_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_scheme_withdrawal_user_id")),
        sa.PrimaryKeyConstraint("scheme_id", name=op.f("pk_scheme_withdrawal")),
    )
    pos.db.guard(op.get_bind(), "scheme_withdrawal")


def downgrade() -> None:
    raise NotImplementedError("a scheme that was withdrawn has no place in the tables before")

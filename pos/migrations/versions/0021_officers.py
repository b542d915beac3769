"""Which officer bought, by staff number, and the list of a unit's own officers.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None
GIVEN = sa.text("buyer_ref <> ''")


def upgrade() -> None:
    op.add_column("sale", sa.Column("buyer_ref", sa.String(20), server_default="", nullable=False))
    op.create_index(
        op.f("ix_sale_buyer_ref"), "sale", ["buyer_ref"], sqlite_where=GIVEN, postgresql_where=GIVEN
    )
    op.create_table(
        "officer",
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.CheckConstraint("number <> ''", name=op.f("ck_officer_number")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_officer_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", "number", name=op.f("pk_officer")),
    )


def downgrade() -> None:
    op.drop_table("officer")
    op.drop_index(op.f("ix_sale_buyer_ref"), "sale")
    op.drop_column("sale", "buyer_ref")

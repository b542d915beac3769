"""What a cashier may give away alone, by gallery; what was taken out of carts.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

import pos.db
from pos.db import guard

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE gallery ADD COLUMN discount_limit INTEGER DEFAULT 10 NOT NULL "
        "CONSTRAINT ck_gallery_discount_limit CHECK (discount_limit BETWEEN 0 AND 100)"
    )
    big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "removal",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("register_id", big_id, nullable=False),
        sa.Column("gallery_id", big_id, nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("received_at", pos.db.Instant(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=4), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("cart_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("cashier_id", big_id, nullable=False),
        sa.Column("sent_by_id", big_id, nullable=False),
        sa.Column("barcode", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("unit_of_measure", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('line', 'less', 'clear')", name=op.f("ck_removal_kind")),
        sa.CheckConstraint("quantity > 0 AND amount >= 0", name=op.f("ck_removal_amounts")),
        sa.ForeignKeyConstraint(["cashier_id"], ["person.id"], name=op.f("fk_removal_cashier_id")),
        sa.ForeignKeyConstraint(["gallery_id"], ["gallery.id"], name=op.f("fk_removal_gallery_id")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_removal_register_id")),
        sa.ForeignKeyConstraint(["sent_by_id"], ["person.id"], name=op.f("fk_removal_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal")),
    )
    op.create_index("ix_removal_gallery_id_business_date", "removal", ["gallery_id", "business_date"])
    guard(op.get_bind(), "removal")


def downgrade() -> None:
    op.drop_table("removal")
    op.drop_column("gallery", "discount_limit")

"""What a product's file says: brand, workshop, wholesale and inside prices, certificates.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

import pos.db

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = (("brand", 80), ("workshop", 80), ("composition", 500), ("net_weight", 40))
PRICES = (
    ("wholesale", "wholesale >= 0 AND wholesale < amount"),
    (
        "wholesale_from",
        "(wholesale IS NULL) = (wholesale_from IS NULL) AND (wholesale_from IS NULL OR wholesale_from > 0)",
    ),
    ("inside", "inside BETWEEN 0 AND 1000000000"),
)


def upgrade() -> None:
    for name in ("made_to_order", "auction"):
        op.add_column("product", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))
    for name, length in TEXTS:
        op.add_column("product", sa.Column(name, sa.String(length=length), server_default="", nullable=False))
    # In place, each with its check: a copied table would lose the guard that it is written once.
    for name, rule in PRICES:
        check = sa.CheckConstraint(rule, name=op.f(f"ck_price_{name}"))
        op.add_column("price", sa.Column(name, sa.BigInteger(), check, nullable=True))
    op.create_table(
        "certificate",
        sa.Column("id", KEY, nullable=False),
        sa.Column("product_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("scan", sa.String(length=32), nullable=False),
        sa.Column("scan_pages", sa.Integer(), nullable=False),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("kind IN ('pirt', 'halal', 'merek', 'bpom', 'sni')", name=op.f("ck_certificate_kind")),
        sa.CheckConstraint("number <> ''", name=op.f("ck_certificate_number")),
        sa.CheckConstraint("expires_on >= issued_on", name=op.f("ck_certificate_expires_on")),
        sa.CheckConstraint(
            "(scan = '') = (scan_pages = 0) AND scan_pages >= 0", name=op.f("ck_certificate_scan_pages")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_certificate_product_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_certificate_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    op.create_index("ix_certificate_product_id_kind", "certificate", ["product_id", "kind"])
    op.create_index("ix_certificate_expires_on", "certificate", ["expires_on"])
    pos.db.guard(op.get_bind(), "certificate")


def downgrade() -> None:
    raise NotImplementedError("certificates are evidence: restore a backup instead")

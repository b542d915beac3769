"""When a campaign's reports are due, what counts in it, its series, and targets for Kanwil and UPT.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

import pos.db

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaign", sa.Column("report_until", pos.db.Instant(), nullable=True))
    op.execute(
        "ALTER TABLE campaign ADD COLUMN report_zone VARCHAR(4) DEFAULT 'WIB' NOT NULL "
        "CONSTRAINT ck_campaign_report_zone CHECK (report_zone IN ('WIB', 'WITA', 'WIT'))"
    )
    for name in ("categories", "channels"):
        op.add_column("campaign", sa.Column(name, pos.db.Json, server_default="[]", nullable=False))
    op.add_column("campaign", sa.Column("series", sa.String(40), server_default="", nullable=False))
    op.create_index(op.f("ix_campaign_series"), "campaign", ["series"])
    op.create_table(
        "campaign_target",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_campaign_target_amount")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_target_campaign_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_campaign_target_unit_id")),
        sa.PrimaryKeyConstraint("campaign_id", "unit_id", name=op.f("pk_campaign_target")),
    )


def downgrade() -> None:
    op.drop_table("campaign_target")
    op.drop_index(op.f("ix_campaign_series"), "campaign")
    for name in ("series", "channels", "categories", "report_zone", "report_until"):
        op.drop_column("campaign", name)

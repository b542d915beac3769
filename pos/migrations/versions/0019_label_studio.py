"""Own label layouts, label printers, and the public shelf of a unit.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

import pos.db

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SIZES = (
    "page_width",
    "page_height",
    "width",
    "height",
    "columns",
    "row_count",
    "pitch_x",
    "pitch_y",
    "left_edge",
    "top_edge",
)


def upgrade() -> None:
    op.create_table(
        "label_layout",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("roll", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SIZES),
        sa.CheckConstraint(
            "width > 0 AND height > 0 AND left_edge >= 0 AND top_edge >= 0", name=op.f("ck_label_layout_sizes")
        ),
        sa.CheckConstraint(
            "columns BETWEEN 1 AND 20 AND row_count BETWEEN 1 AND 60", name=op.f("ck_label_layout_grid")
        ),
        sa.CheckConstraint(
            "(columns = 1 OR pitch_x >= width) AND (row_count = 1 OR pitch_y >= height)",
            name=op.f("ck_label_layout_no_overlap"),
        ),
        sa.CheckConstraint(
            "left_edge + (columns - 1) * pitch_x + width <= page_width "
            "AND top_edge + (row_count - 1) * pitch_y + height <= page_height",
            name=op.f("ck_label_layout_on_the_page"),
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_label_layout_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_layout")),
        sa.UniqueConstraint("unit_id", "name", name=op.f("uq_label_layout_unit_id_name")),
    )
    op.create_index("ix_label_layout_unit_id", "label_layout", ["unit_id"])
    op.create_table(
        "label_printer",
        sa.Column("id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("dpi", sa.Integer(), nullable=False),
        sa.Column("dx", sa.Integer(), nullable=False),
        sa.Column("dy", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(length=40), nullable=False),
        sa.CheckConstraint("dpi IN (203, 300, 600)", name=op.f("ck_label_printer_dpi")),
        sa.CheckConstraint(
            "dx BETWEEN -1000 AND 1000 AND dy BETWEEN -1000 AND 1000", name=op.f("ck_label_printer_offset")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_label_printer_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_printer")),
        sa.UniqueConstraint("unit_id", "name", name=op.f("uq_label_printer_unit_id_name")),
    )
    op.create_index("ix_label_printer_unit_id", "label_printer", ["unit_id"])
    op.create_table(
        "public_shelf",
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("intro", sa.String(length=600), nullable=False),
        sa.Column("whatsapp", sa.String(length=16), nullable=False),
        sa.Column("hours", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("changed_at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("slug <> ''", name=op.f("ck_public_shelf_slug")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_public_shelf_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_public_shelf")),
        sa.UniqueConstraint("slug", name=op.f("uq_public_shelf_slug")),
    )


def downgrade() -> None:
    op.drop_table("public_shelf")
    op.drop_table("label_printer")
    op.drop_table("label_layout")

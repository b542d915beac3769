"""Handwritten notas that are entered later, in a series of their own.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

import pos.db
from pos.db import guard

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("register", sa.Column("late_notes", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "late_note",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("gallery_id", BIG, nullable=False),
        sa.Column("unit_id", BIG, nullable=False),
        sa.Column("written_number", sa.String(length=30), nullable=False),
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("buyer", sa.String(length=10), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("method", sa.String(length=8), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("photo", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=150), nullable=False),
        sa.Column("entered_by", BIG, nullable=False),
        sa.Column("entered_at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint(
            "buyer IN ('petugas', 'wbp', 'keluarga', 'masyarakat', 'instansi', 'upt', 'reseller')",
            name=op.f("ck_late_note_buyer"),
        ),
        sa.CheckConstraint(
            "channel IN ('galeri', 'kunjungan', 'bazar', 'pesanan', 'titip', 'online', 'lelang')",
            name=op.f("ck_late_note_channel"),
        ),
        sa.CheckConstraint("method IN ('cash', 'qris', 'transfer', 'debit')", name=op.f("ck_late_note_method")),
        sa.CheckConstraint("total >= 0", name=op.f("ck_late_note_total")),
        sa.CheckConstraint("photo <> ''", name=op.f("ck_late_note_photo")),
        sa.ForeignKeyConstraint(["gallery_id"], ["gallery.id"], name=op.f("fk_late_note_gallery_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_late_note_unit_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_late_note_entered_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_note")),
        sa.UniqueConstraint("id", "entered_by", name=op.f("uq_late_note_id_entered_by")),
        sa.UniqueConstraint(
            "gallery_id", "written_number", "sold_on", name=op.f("uq_late_note_gallery_id_written_number_sold_on")
        ),
    )
    op.create_index("ix_late_note_unit_id", "late_note", ["unit_id"])
    op.create_table(
        "late_line",
        sa.Column("note_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("barcode", sa.String(length=48), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_late_line_quantity")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_late_line_unit_price")),
        sa.ForeignKeyConstraint(["note_id"], ["late_note.id"], name=op.f("fk_late_line_note_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_late_line_product_id")),
        sa.PrimaryKeyConstraint("note_id", "position", name=op.f("pk_late_line")),
    )
    op.create_table(
        "late_verdict",
        sa.Column("note_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("entered_by", BIG, nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.CheckConstraint("user_id <> entered_by", name=op.f("ck_late_verdict_second_person")),
        sa.CheckConstraint("approved OR reason <> ''", name=op.f("ck_late_verdict_reason")),
        sa.ForeignKeyConstraint(
            ["note_id", "entered_by"],
            ["late_note.id", "late_note.entered_by"],
            name=op.f("fk_late_verdict_note_id_entered_by"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_late_verdict_user_id")),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_late_verdict")),
    )
    for name in ("late_note", "late_line", "late_verdict"):
        guard(op.get_bind(), name)


def downgrade() -> None:
    for name in ("late_verdict", "late_line", "late_note"):
        op.drop_table(name)
    op.drop_column("register", "late_notes")

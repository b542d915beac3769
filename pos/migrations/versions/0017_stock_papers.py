"""The papers that move stock: receivings, transfers, write-offs, opnames; and minimums.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

import pos.db
from pos.db import guard
from pos.migrations.checks import reword

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
GUARDED = (
    "receiving",
    "receiving_line",
    "transfer",
    "transfer_line",
    "transfer_arrival",
    "transfer_arrival_line",
    "transfer_outcome",
    "write_off",
    "write_off_line",
    "opname",
    "opname_count",
    "opname_closing",
    "opname_line",
)
WORDS = (
    "reason IN ('sale', 'refund', 'receive', 'adjust')",
    "reason IN ('sale', 'refund', 'receive', 'adjust', 'sent', 'arrived', 'write_off', 'opname')",
)


def upgrade() -> None:
    reword("stock_move", "ck_stock_move_reason", *WORDS)
    op.create_table(
        "opname",
        sa.Column("id", BIG, nullable=False),
        sa.Column("gallery_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_opname_number")),
        sa.ForeignKeyConstraint(["gallery_id"], ["gallery.id"], name=op.f("fk_opname_gallery_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_opname_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opname")),
        sa.UniqueConstraint("gallery_id", "number", name=op.f("uq_opname_gallery_id_number")),
    )
    op.create_table(
        "receiving",
        sa.Column("gallery_id", BIG, nullable=False),
        sa.Column("workshop_id", BIG, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["gallery_id"], ["gallery.id"], name=op.f("fk_receiving_gallery_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_receiving_user_id")),
        sa.ForeignKeyConstraint(["workshop_id"], ["unit.id"], name=op.f("fk_receiving_workshop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiving")),
    )
    op.create_index(op.f("ix_receiving_gallery_id"), "receiving", ["gallery_id"], unique=False)
    op.create_table(
        "stock_minimum",
        sa.Column("gallery_id", BIG, nullable=False),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 1000000000", name=op.f("ck_stock_minimum_quantity")),
        sa.ForeignKeyConstraint(["gallery_id"], ["gallery.id"], name=op.f("fk_stock_minimum_gallery_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_stock_minimum_product_id")),
        sa.PrimaryKeyConstraint("gallery_id", "product_id", name=op.f("pk_stock_minimum")),
    )
    op.create_table(
        "transfer",
        sa.Column("from_id", BIG, nullable=False),
        sa.Column("to_id", BIG, nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_transfer_ends")),
        sa.ForeignKeyConstraint(["from_id"], ["gallery.id"], name=op.f("fk_transfer_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["gallery.id"], name=op.f("fk_transfer_to_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_transfer_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index(op.f("ix_transfer_from_id"), "transfer", ["from_id"], unique=False)
    op.create_index(op.f("ix_transfer_to_id"), "transfer", ["to_id"], unique=False)
    op.create_table(
        "write_off",
        sa.Column("gallery_id", BIG, nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("reason <> 'lain' OR note <> ''", name=op.f("ck_write_off_note")),
        sa.CheckConstraint(
            "reason IN ('rusak', 'kedaluwarsa', 'hilang', 'sampel', 'pakai', 'lain')", name=op.f("ck_write_off_reason")
        ),
        sa.ForeignKeyConstraint(["gallery_id"], ["gallery.id"], name=op.f("fk_write_off_gallery_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_write_off_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_off")),
    )
    op.create_index(op.f("ix_write_off_gallery_id"), "write_off", ["gallery_id"], unique=False)
    op.create_table(
        "opname_closing",
        sa.Column("opname_id", BIG, nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["opname_id"], ["opname.id"], name=op.f("fk_opname_closing_opname_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_opname_closing_user_id")),
        sa.PrimaryKeyConstraint("opname_id", name=op.f("pk_opname_closing")),
    )
    op.create_table(
        "opname_count",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("opname_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("book", sa.BigInteger(), nullable=False),
        sa.Column("last_move", sa.BigInteger(), nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.CheckConstraint("kind IN ('add', 'set')", name=op.f("ck_opname_count_kind")),
        sa.CheckConstraint(
            "quantity BETWEEN 0 AND 1000000000 AND (kind = 'set' OR quantity > 0)",
            name=op.f("ck_opname_count_quantity"),
        ),
        sa.ForeignKeyConstraint(["opname_id"], ["opname.id"], name=op.f("fk_opname_count_opname_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_opname_count_product_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_opname_count_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opname_count")),
        sa.UniqueConstraint("opname_id", "number", name=op.f("uq_opname_count_opname_id_number")),
    )
    op.create_index("ix_opname_count_opname_id_product_id", "opname_count", ["opname_id", "product_id"], unique=False)
    op.create_table(
        "transfer_arrival",
        sa.Column("transfer_id", BIG, nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("recalled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_arrival_transfer_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_transfer_arrival_user_id")),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_transfer_arrival")),
    )
    op.create_table(
        "opname_line",
        sa.Column("opname_id", BIG, nullable=False),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("book", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", pos.db.Instant(), nullable=False),
        sa.Column("last_move", sa.BigInteger(), nullable=False),
        sa.Column("move_id", BIG, nullable=True),
        sa.CheckConstraint("(counted = book) = (move_id IS NULL)", name=op.f("ck_opname_line_move")),
        sa.ForeignKeyConstraint(["move_id"], ["stock_move.id"], name=op.f("fk_opname_line_move_id")),
        sa.ForeignKeyConstraint(["opname_id"], ["opname_closing.opname_id"], name=op.f("fk_opname_line_opname_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_opname_line_product_id")),
        sa.PrimaryKeyConstraint("opname_id", "product_id", name=op.f("pk_opname_line")),
        sa.UniqueConstraint("move_id", name=op.f("uq_opname_line_move_id")),
    )
    op.create_table(
        "receiving_line",
        sa.Column("receiving_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_cost", sa.BigInteger(), nullable=True),
        sa.Column("move_id", BIG, nullable=False),
        sa.Column("production_code", sa.String(length=40), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.CheckConstraint("quantity BETWEEN 1 AND 1000000000", name=op.f("ck_receiving_line_quantity")),
        sa.CheckConstraint("unit_cost BETWEEN 0 AND 1000000000", name=op.f("ck_receiving_line_unit_cost")),
        sa.ForeignKeyConstraint(["move_id"], ["stock_move.id"], name=op.f("fk_receiving_line_move_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_receiving_line_product_id")),
        sa.ForeignKeyConstraint(["receiving_id"], ["receiving.id"], name=op.f("fk_receiving_line_receiving_id")),
        sa.PrimaryKeyConstraint("receiving_id", "position", name=op.f("pk_receiving_line")),
        sa.UniqueConstraint("move_id", name=op.f("uq_receiving_line_move_id")),
    )
    op.create_index("ix_receiving_line_product_id", "receiving_line", ["product_id"], unique=False)
    op.create_table(
        "transfer_line",
        sa.Column("transfer_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("move_id", BIG, nullable=False),
        sa.Column("production_code", sa.String(length=40), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.CheckConstraint("quantity BETWEEN 1 AND 1000000000", name=op.f("ck_transfer_line_quantity")),
        sa.ForeignKeyConstraint(["move_id"], ["stock_move.id"], name=op.f("fk_transfer_line_move_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_transfer_line_product_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_line_transfer_id")),
        sa.PrimaryKeyConstraint("transfer_id", "position", name=op.f("pk_transfer_line")),
        sa.UniqueConstraint("move_id", name=op.f("uq_transfer_line_move_id")),
    )
    op.create_index("ix_transfer_line_product_id", "transfer_line", ["product_id"], unique=False)
    op.create_table(
        "write_off_line",
        sa.Column("write_off_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", BIG, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit_cost", sa.BigInteger(), nullable=False),
        sa.Column("move_id", BIG, nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 1000000000", name=op.f("ck_write_off_line_quantity")),
        sa.CheckConstraint("unit_cost BETWEEN 0 AND 1000000000", name=op.f("ck_write_off_line_unit_cost")),
        sa.ForeignKeyConstraint(["move_id"], ["stock_move.id"], name=op.f("fk_write_off_line_move_id")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_write_off_line_product_id")),
        sa.ForeignKeyConstraint(["write_off_id"], ["write_off.id"], name=op.f("fk_write_off_line_write_off_id")),
        sa.PrimaryKeyConstraint("write_off_id", "position", name=op.f("pk_write_off_line")),
        sa.UniqueConstraint("move_id", name=op.f("uq_write_off_line_move_id")),
    )
    op.create_table(
        "transfer_arrival_line",
        sa.Column("transfer_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("move_id", BIG, nullable=True),
        sa.CheckConstraint("(counted = 0) = (move_id IS NULL)", name=op.f("ck_transfer_arrival_line_move")),
        sa.CheckConstraint("counted BETWEEN 0 AND 1000000000", name=op.f("ck_transfer_arrival_line_counted")),
        sa.ForeignKeyConstraint(["move_id"], ["stock_move.id"], name=op.f("fk_transfer_arrival_line_move_id")),
        sa.ForeignKeyConstraint(
            ["transfer_id", "position"],
            ["transfer_line.transfer_id", "transfer_line.position"],
            name=op.f("fk_transfer_arrival_line_transfer_id_position"),
        ),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer_arrival.transfer_id"], name=op.f("fk_transfer_arrival_line_transfer_id")
        ),
        sa.PrimaryKeyConstraint("transfer_id", "position", name=op.f("pk_transfer_arrival_line")),
        sa.UniqueConstraint("move_id", name=op.f("uq_transfer_arrival_line_move_id")),
    )
    op.create_table(
        "transfer_outcome",
        sa.Column("id", BIG, nullable=False),
        sa.Column("transfer_id", BIG, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("user_id", BIG, nullable=True),
        sa.Column("move_id", BIG, nullable=True),
        sa.CheckConstraint("(outcome = 'lost') = (move_id IS NULL)", name=op.f("ck_transfer_outcome_move")),
        sa.CheckConstraint("note <> ''", name=op.f("ck_transfer_outcome_note")),
        sa.CheckConstraint("outcome IN ('arrived', 'returned', 'lost')", name=op.f("ck_transfer_outcome_outcome")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 1000000000", name=op.f("ck_transfer_outcome_quantity")),
        sa.ForeignKeyConstraint(["move_id"], ["stock_move.id"], name=op.f("fk_transfer_outcome_move_id")),
        sa.ForeignKeyConstraint(
            ["transfer_id", "position"],
            ["transfer_arrival_line.transfer_id", "transfer_arrival_line.position"],
            name=op.f("fk_transfer_outcome_transfer_id_position"),
        ),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_outcome_transfer_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_transfer_outcome_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_outcome")),
        sa.UniqueConstraint("move_id", name=op.f("uq_transfer_outcome_move_id")),
    )
    op.create_index(
        "ix_transfer_outcome_transfer_id_position", "transfer_outcome", ["transfer_id", "position"], unique=False
    )
    for table in GUARDED:
        guard(op.get_bind(), table)


def downgrade() -> None:
    op.drop_index("ix_transfer_outcome_transfer_id_position", table_name="transfer_outcome")
    op.drop_table("transfer_outcome")
    op.drop_table("transfer_arrival_line")
    op.drop_table("write_off_line")
    op.drop_index("ix_transfer_line_product_id", table_name="transfer_line")
    op.drop_table("transfer_line")
    op.drop_index("ix_receiving_line_product_id", table_name="receiving_line")
    op.drop_table("receiving_line")
    op.drop_table("opname_line")
    op.drop_table("transfer_arrival")
    op.drop_index("ix_opname_count_opname_id_product_id", table_name="opname_count")
    op.drop_table("opname_count")
    op.drop_table("opname_closing")
    op.drop_index(op.f("ix_write_off_gallery_id"), table_name="write_off")
    op.drop_table("write_off")
    op.drop_index(op.f("ix_transfer_to_id"), table_name="transfer")
    op.drop_index(op.f("ix_transfer_from_id"), table_name="transfer")
    op.drop_table("transfer")
    op.drop_table("stock_minimum")
    op.drop_index(op.f("ix_receiving_gallery_id"), table_name="receiving")
    op.drop_table("receiving")
    op.drop_table("opname")
    reword("stock_move", "ck_stock_move_reason", *reversed(WORDS))

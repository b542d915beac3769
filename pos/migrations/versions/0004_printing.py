"""printers, prints and print jobs"""

import sqlalchemy as sa
from alembic import op

import pos.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "printer",
        sa.Column("register_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("host", sa.String(length=100), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("vendor_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(length=80), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("cutter", sa.Boolean(), nullable=False),
        sa.Column("drawer", sa.Boolean(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('browser', 'network', 'usb', 'queue')", name=op.f("ck_printer_kind")),
        sa.CheckConstraint("columns IN (32, 48)", name=op.f("ck_printer_columns")),
        sa.CheckConstraint("port BETWEEN 1 AND 65535", name=op.f("ck_printer_port")),
        sa.CheckConstraint("kind <> 'network' OR host <> ''", name=op.f("ck_printer_host")),
        sa.CheckConstraint(
            "vendor_id BETWEEN 0 AND 65535 AND product_id BETWEEN 0 AND 65535", name=op.f("ck_printer_usb_ids")
        ),
        sa.CheckConstraint("kind <> 'usb' OR vendor_id > 0", name=op.f("ck_printer_usb")),
        sa.CheckConstraint("kind <> 'queue' OR queue <> ''", name=op.f("ck_printer_queue")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_printer_register_id")),
        sa.PrimaryKeyConstraint("register_id", name=op.f("pk_printer")),
    )
    op.create_table(
        "sale_print",
        sa.Column("sale_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("copy", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("at", pos.db.Instant(), nullable=False),
        sa.Column("user_id", BIG, nullable=False),
        sa.CheckConstraint("copy >= 0", name=op.f("ck_sale_print_copy")),
        sa.CheckConstraint("way IN ('browser', 'printer', 'pdf', 'slip')", name=op.f("ck_sale_print_way")),
        sa.ForeignKeyConstraint(["sale_id"], ["sale.id"], name=op.f("fk_sale_print_sale_id")),
        sa.ForeignKeyConstraint(["user_id"], ["person.id"], name=op.f("fk_sale_print_user_id")),
        sa.PrimaryKeyConstraint("sale_id", "copy", name=op.f("pk_sale_print")),
        sa.UniqueConstraint("token", name=op.f("uq_sale_print_token")),
    )
    op.create_table(
        "print_job",
        sa.Column("id", BIG, nullable=False),
        sa.Column("register_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("sale_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column("base_url", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("error", sa.String(length=12), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("made_at", pos.db.Instant(), nullable=False),
        sa.Column("moved_at", pos.db.Instant(), nullable=False),
        sa.Column("sent_at", pos.db.Instant(), nullable=True),
        sa.Column("done_at", pos.db.Instant(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'printing', 'done', 'failed', 'moved')", name=op.f("ck_print_job_state")
        ),
        sa.CheckConstraint("(kind = 'receipt') = (sale_id IS NOT NULL)", name=op.f("ck_print_job_sale")),
        sa.CheckConstraint("kind IN ('receipt', 'test')", name=op.f("ck_print_job_kind")),
        sa.CheckConstraint("(state = 'failed') = (error <> '')", name=op.f("ck_print_job_error")),
        sa.CheckConstraint("(state IN ('done', 'moved')) = (done_at IS NOT NULL)", name=op.f("ck_print_job_done")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_print_job_register_id")),
        sa.ForeignKeyConstraint(
            ["sale_id", "copy"], ["sale_print.sale_id", "sale_print.copy"], name=op.f("fk_print_job_sale_id_copy")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_job")),
        sa.UniqueConstraint("sale_id", "copy", name=op.f("uq_print_job_sale_id_copy")),
    )
    with op.batch_alter_table("print_job", schema=None) as batch_op:
        batch_op.create_index("ix_print_job_made_at", ["made_at"], unique=False)
        batch_op.create_index("ix_print_job_register_id_state", ["register_id", "state"], unique=False)
    pos.db.guard(op.get_bind(), "sale_print")


def downgrade() -> None:
    raise NotImplementedError("every print of a nota is evidence: restore a backup instead")

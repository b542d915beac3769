"""Shifts: the opening, what happened in it, the Z; and to which one a sale belongs.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

import pos.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("register_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("previous", sa.Integer(), nullable=True),
        sa.Column("cashier_id", KEY, nullable=False),
        sa.Column("opened_at", pos.db.Instant(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=4), nullable=False),
        sa.Column("opening_cash", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.CheckConstraint("number > 0 AND coalesce(previous, 0) = number - 1", name=op.f("ck_shift_number")),
        sa.CheckConstraint("opening_cash >= 0", name=op.f("ck_shift_opening_cash")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_shift_register_id")),
        sa.ForeignKeyConstraint(["cashier_id"], ["person.id"], name=op.f("fk_shift_cashier_id")),
        sa.ForeignKeyConstraint(
            ["register_id", "previous"],
            ["shift_report.register_id", "shift_report.number"],
            name=op.f("fk_shift_previous"),
            use_alter=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
        sa.UniqueConstraint("register_id", "number", name=op.f("uq_shift_register_id_number")),
    )
    op.create_index(op.f("ix_shift_business_date"), "shift", ["business_date"])
    op.create_table(
        "shift_event",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("shift_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("recorded_at", pos.db.Instant(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("cashier_id", KEY, nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('cash_in', 'cash_out', 'handover', 'count', 'close')", name=op.f("ck_shift_event_kind")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_shift_event_amount")),
        sa.CheckConstraint(
            "kind NOT IN ('cash_in', 'cash_out') OR (amount > 0 AND reason <> '')", name=op.f("ck_shift_event_cash")
        ),
        sa.CheckConstraint("(kind = 'handover') = (cashier_id IS NOT NULL)", name=op.f("ck_shift_event_handover")),
        sa.CheckConstraint(
            "(kind IN ('count', 'close')) = (expected IS NOT NULL)", name=op.f("ck_shift_event_counted")
        ),
        sa.CheckConstraint("kind <> 'close' OR amount = expected OR reason <> ''", name=op.f("ck_shift_event_variance")),
        sa.ForeignKeyConstraint(["shift_id"], ["shift.id"], name=op.f("fk_shift_event_shift_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_shift_event_person_id")),
        sa.ForeignKeyConstraint(["cashier_id"], ["person.id"], name=op.f("fk_shift_event_cashier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_event")),
    )
    op.create_index(op.f("ix_shift_event_shift_id"), "shift_event", ["shift_id"])
    op.create_table(
        "shift_report",
        sa.Column("register_id", KEY, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["register_id", "number"], ["shift.register_id", "shift.number"],
            name=op.f("fk_shift_report_register_id_number"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["shift_event.id"], name=op.f("fk_shift_report_event_id")),
        sa.PrimaryKeyConstraint("register_id", "number", name=op.f("pk_shift_report")),
        sa.UniqueConstraint("event_id", name=op.f("uq_shift_report_event_id")),
    )
    if op.get_bind().dialect.name != "sqlite":  # which has it in the table already
        op.create_foreign_key(
            "fk_shift_previous", "shift", "shift_report", ["register_id", "previous"], ["register_id", "number"]
        )
    # In place, with its reference: a copied table would lose the guard that it is written once.
    for name, kind, refers in (("shift_id", sa.Uuid(as_uuid=False), "shift"), ("recorded_by_id", KEY, "person")):
        reference = sa.ForeignKey(f"{refers}.id", name=op.f(f"fk_sale_{name}"))
        op.add_column("sale", sa.Column(name, kind, reference, nullable=True), inline_references=True)
    op.create_index(op.f("ix_sale_shift_id"), "sale", ["shift_id"])
    for name in ("shift", "shift_event", "shift_report"):
        pos.db.guard(op.get_bind(), name)


def downgrade() -> None:
    raise NotImplementedError("shifts are evidence: restore a backup instead")

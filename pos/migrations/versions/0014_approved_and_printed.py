"""What an approval of a discount was shown: rupiah given away, and what the goods were worth; shifts on paper.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("given", "goods"):
        op.add_column("approval", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    with op.batch_alter_table("print_job") as batch:
        shift = sa.ForeignKey("shift.id", name=op.f("fk_print_job_shift_id"))
        batch.add_column(sa.Column("shift_id", sa.Uuid(as_uuid=False), shift, nullable=True))
        batch.add_column(sa.Column("token", sa.Uuid(as_uuid=False), nullable=True))
        batch.create_unique_constraint(op.f("uq_print_job_token"), ["token"])
        batch.drop_constraint(op.f("ck_print_job_kind"))
        batch.create_check_constraint(op.f("ck_print_job_kind"), "kind IN ('receipt', 'test', 'x', 'z')")
        batch.create_check_constraint(op.f("ck_print_job_shift"), "(kind IN ('x', 'z')) = (shift_id IS NOT NULL)")


def downgrade() -> None:
    op.execute("DELETE FROM print_job WHERE shift_id IS NOT NULL")
    with op.batch_alter_table("print_job") as batch:
        for name in ("ck_print_job_shift", "ck_print_job_kind", "uq_print_job_token", "fk_print_job_shift_id"):
            batch.drop_constraint(op.f(name))
        batch.drop_column("token")
        batch.drop_column("shift_id")
        batch.create_check_constraint(op.f("ck_print_job_kind"), "kind IN ('receipt', 'test')")
    for name in ("goods", "given"):
        op.drop_column("approval", name)

"""More came than was sent, or what nobody sent; papers sent twice are one; counts against what tills put later.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from pos.migrations.checks import let_be_null, reword

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None
PAPERS = ("receiving", "transfer", "write_off")
LINE = (
    "quantity BETWEEN 1 AND 1000000000",
    "quantity BETWEEN 0 AND 1000000000 AND (quantity = 0) = (move_id IS NULL)",
)
OUTCOME = (
    "outcome IN ('arrived', 'returned', 'lost')",
    "outcome IN ('arrived', 'returned', 'lost', 'sent', 'miscounted', 'foreign')",
)
MOVE = ("(outcome = 'lost') = (move_id IS NULL)", "(outcome IN ('lost', 'foreign')) = (move_id IS NULL)")


def upgrade() -> None:
    let_be_null("transfer_line", "move_id", "INTEGER")
    reword("transfer_line", "ck_transfer_line_quantity", *LINE)
    reword("transfer_outcome", "ck_transfer_outcome_outcome", *OUTCOME)
    reword("transfer_outcome", "ck_transfer_outcome_move", *MOVE)
    op.add_column("opname_count", sa.Column("ahead", sa.BigInteger(), server_default="0", nullable=False))
    for table in PAPERS:
        op.add_column(table, sa.Column("key", sa.Uuid(as_uuid=False), nullable=True))
        op.create_index(op.f(f"ix_{table}_key"), table, ["key"], unique=True)


def downgrade() -> None:
    raise NotImplementedError("what came without having been sent has no place in the tables before")

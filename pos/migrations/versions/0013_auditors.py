"""People who only read: auditors.

Revision ID: 0013
Revises: 0012
"""

from pos.migrations.checks import reword

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
WORDS = (
    "role IN ('cashier', 'staff', 'official', 'admin')",
    "role IN ('cashier', 'staff', 'official', 'admin', 'auditor')",
)


def upgrade() -> None:
    reword("person", "ck_person_role", *WORDS)


def downgrade() -> None:
    reword("person", "ck_person_role", *reversed(WORDS))

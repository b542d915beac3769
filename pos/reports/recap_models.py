"""When a unit's evening recap is written by itself, and on which days it was."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Instant, Model

LAST_MINUTE = 24 * 60 - 1


class RecapSchedule(Model):
    """The minute of the unit's own day from which its recap is due."""

    __tablename__ = "recap_schedule"
    __table_args__ = (sa.CheckConstraint(f"at_minute BETWEEN 0 AND {LAST_MINUTE}", name="at_minute"),)

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    at_minute: Mapped[int] = mapped_column()
    active: Mapped[bool] = mapped_column()
    changed_at: Mapped[datetime] = mapped_column(Instant)


class RecapRun(Model):
    """That the recap of a day is being written, or was: who puts the row in does it, and nobody else."""

    __tablename__ = "recap_run"

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    claimed_at: Mapped[datetime] = mapped_column(Instant)
    made_at: Mapped[datetime | None] = mapped_column(Instant)  # when its files were on the disk

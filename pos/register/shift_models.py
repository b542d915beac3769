"""A shift in tables, each row written once: its opening, what happened in it, and the report that closes it.

A shift is open while no report bears its number. The next one names the report of the one before, so the database
itself sees to it that a register has at most one open shift and that its Z numbers have no gap.
"""

import json
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pos.db import BigId, Instant, Model, Rupiah, write_once
from pos.units.models import Register, User

KINDS = ("cash_in", "cash_out", "handover", "count", "close")


class Shift(Model):
    """The opening of a drawer: where, when, by whom, with how much cash in it."""

    __tablename__ = "shift"
    __table_args__ = (
        sa.UniqueConstraint("register_id", "number"),
        sa.CheckConstraint("number > 0 AND coalesce(previous, 0) = number - 1", name="number"),
        sa.CheckConstraint("opening_cash >= 0", name="opening_cash"),
        sa.ForeignKeyConstraint(
            ["register_id", "previous"],
            ["shift_report.register_id", "shift_report.number"],
            name="fk_shift_previous",
            use_alter=True,
        ),
    )

    id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), primary_key=True)
    register_id: Mapped[int] = mapped_column(sa.ForeignKey("register.id"))
    number: Mapped[int] = mapped_column()
    previous: Mapped[int | None] = mapped_column()  # the Z before this shift; none before the first
    cashier_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(Instant)  # by the server's clock
    business_date: Mapped[date] = mapped_column(index=True)
    zone: Mapped[str] = mapped_column(sa.String(4))
    opening_cash: Mapped[int] = mapped_column(Rupiah)
    document: Mapped[str] = mapped_column(sa.Text)  # as it came, in canonical JSON

    register: Mapped[Register] = relationship()
    cashier: Mapped[User] = relationship()
    events: Mapped[list["ShiftEvent"]] = relationship(order_by="ShiftEvent.recorded_at, ShiftEvent.id")


class ShiftEvent(Model):
    """Cash put in or taken out, a handover, a blind count of the drawer, the close."""

    __tablename__ = "shift_event"
    __table_args__ = (
        sa.CheckConstraint(f"kind IN {KINDS}", name="kind"),
        sa.CheckConstraint("amount >= 0", name="amount"),
        sa.CheckConstraint("kind NOT IN ('cash_in', 'cash_out') OR (amount > 0 AND reason <> '')", name="cash"),
        sa.CheckConstraint("(kind = 'handover') = (cashier_id IS NOT NULL)", name="handover"),
        sa.CheckConstraint("(kind IN ('count', 'close')) = (expected IS NOT NULL)", name="counted"),
        sa.CheckConstraint("kind <> 'close' OR amount = expected OR reason <> ''", name="variance"),
    )

    id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), primary_key=True)
    shift_id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("shift.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))  # who was signed in
    cashier_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))  # who takes over
    amount: Mapped[int] = mapped_column(Rupiah)  # moved, or counted
    expected: Mapped[int | None] = mapped_column(Rupiah)  # what should have been in the drawer when it was counted
    reason: Mapped[str] = mapped_column(sa.String(200))
    document: Mapped[str] = mapped_column(sa.Text)  # as it came, in canonical JSON, without the PIN

    person: Mapped[User] = relationship(foreign_keys=[person_id])
    cashier: Mapped[User | None] = relationship(foreign_keys=[cashier_id])


class ShiftReport(Model):
    """The Z of a closed shift: what was so when it closed, for good."""

    __tablename__ = "shift_report"
    __table_args__ = (
        sa.ForeignKeyConstraint(["register_id", "number"], ["shift.register_id", "shift.number"]),
        sa.UniqueConstraint("event_id"),
    )

    register_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[str] = mapped_column(sa.Uuid(as_uuid=False), sa.ForeignKey("shift_event.id"))  # the close
    content: Mapped[str] = mapped_column(sa.Text)  # canonical JSON

    def read(self) -> dict[str, Any]:
        return dict(json.loads(self.content))


for _table in (Shift, ShiftEvent, ShiftReport):
    write_once(_table.__table__)  # type: ignore[arg-type]

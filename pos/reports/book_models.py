"""When all books were last checked, and what was wrong: a check reads everything, so it is not made for each reader."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import BigId, Instant, Json, Model, write_once


class BookAudit(Model):
    """One check of every rule. `wrong` has only the rules that do not hold: how often, and the first places."""

    __tablename__ = "book_audit"
    __table_args__ = (sa.CheckConstraint("rules > 0", name="rules"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    rules: Mapped[int] = mapped_column()
    wrong: Mapped[dict[str, Any]] = mapped_column(Json)


write_once(BookAudit.__table__)  # type: ignore[arg-type]

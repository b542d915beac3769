"""What a unit prints above its official sheets, and who usually signs them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from pos.db import Json, Model

LONGEST = {"lines": 400, "address": 300, "city": 80}


class UnitLetterhead(Model):
    """The letterhead of one unit; what is empty here comes from the nearest unit above that has it, or from names."""

    __tablename__ = "letterhead"

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    lines: Mapped[str] = mapped_column(sa.String(LONGEST["lines"]))  # one below the other, the unit's own the last
    address: Mapped[str] = mapped_column(sa.String(LONGEST["address"]))
    city: Mapped[str] = mapped_column(sa.String(LONGEST["city"]))
    logo: Mapped[bytes | None] = mapped_column(sa.LargeBinary)  # PNG, drawn anew by us
    signers: Mapped[list[dict[str, Any]]] = mapped_column(Json)  # the fields of `stationery.Signer`

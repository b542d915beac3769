"""What a sale says of its shift and its cashier, looked up in the one query of the checkout and judged."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos.errors import Conflict
from pos.register.document import Document
from pos.register.shift_models import Shift, ShiftReport
from pos.units.models import Register, Unit, User

_SELLER, _HOME = aliased(User), aliased(Unit)
_CLOSED = (
    sa.select(ShiftReport.number)
    .where(ShiftReport.register_id == Shift.register_id, ShiftReport.number == Shift.number)
    .exists()
)
LATE_NOTE = "susulan"  # the mark of a handwritten nota that a second person approved
# Columns beside those of the register (joined to its `Unit`): nothing is looked for where the sale names nothing.
MARKS = (
    Register.late_notes,
    sa.select(sa.case((_CLOSED, "closed"), else_="open"))
    .where(Shift.id == sa.bindparam("shift", type_=Shift.id.type), Shift.register_id == Register.id)
    .scalar_subquery()
    .label("shift_state"),
    sa.select(_SELLER.id)
    .join(_HOME, _HOME.id == _SELLER.unit_id)
    .where(
        _SELLER.username == sa.bindparam("cashier"),
        _SELLER.active,
        sa.or_(_SELLER.role == "cashier", _SELLER.role == "staff"),
        Unit.path.startswith(_HOME.path),
    )
    .scalar_subquery()
    .label("named_cashier"),
)


class ShiftClosed(Conflict):
    code = "shift_closed"


class LateSeries(Conflict):
    code = "late_series"


def odd_marks(document: Document, place: Any, live: bool, marks: Sequence[str]) -> list[str]:
    """Flags for a shift or a cashier that nobody knows; a live sale must name an open shift of its register.

    In a series of handwritten notas only approved ones are recorded, and these nowhere else.
    """
    flags = []
    if place.late_notes != (LATE_NOTE in marks):
        raise LateSeries("Kasir %(register)s hanya untuk nota susulan.", register=document.register)
    if document.shift and place.shift_state is None:
        if live:
            raise ShiftClosed("Giliran nota ini tidak dikenal di kasir %(register)s.", register=document.register)
        flags.append("shift_unknown")
    if live and document.shift and place.shift_state == "closed":
        raise ShiftClosed("Giliran nota ini sudah ditutup.")
    if document.cashier and place.named_cashier is None:
        flags.append("cashier_unknown")
    return flags

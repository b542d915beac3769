"""The registers a person may sell at, as a till needs to know them."""

from typing import Any

import sqlalchemy as sa

from pos.db import db
from pos.register.lookup import galleries_within
from pos.register.models import Sale
from pos.register.shift_reports import open_shifts
from pos.register.shifts import told
from pos.units import scale
from pos.units.models import Gallery, Register, Unit
from pos.units.services import Person, within


def tills(person: Person) -> list[dict[str, Any]]:
    """Open registers in the person's scope by code, each with its next receipt number and its open shift."""
    last = sa.select(sa.func.max(Sale.number)).where(Sale.register_id == Register.id).scalar_subquery()
    query = (
        sa.select(
            Register.code,
            Gallery.name.label("gallery"),
            (sa.func.coalesce(last, 0) + 1).label("next_number"),
            Unit.name.label("unit"),
            Unit.zone,
            Register.paper_width,
            Gallery.rounding_step,
            Gallery.discount_limit,
            Gallery.down_payment,
            Gallery.qris,
            Gallery.scale,
        )
        .join(Gallery, Gallery.id == Register.gallery_id)
        .join(Unit, Unit.id == Gallery.unit_id)
        .where(within(person), Register.active, ~Register.late_notes, Gallery.active)
        .order_by(Register.code)
    )
    rows = db.session.execute(query).mappings().all()
    opened = {row["register"]: told(row) for row in db.session.execute(_shifts(person)).mappings()}
    return [dict(row) | {"scale": scale.prefixes(row["scale"]), "shift": opened.get(row["code"])} for row in rows]


def _shifts(person: Person) -> Any:
    shifts = open_shifts()
    return (
        sa.select(Register.code.label("register"), *shifts.columns)
        .join(shifts, shifts.c.register_id == Register.id)
        .where(Register.gallery_id.in_(galleries_within(person)))
    )


def register_for(person: Person, code: str) -> Register | None:
    """The register of that code, in the person's scope."""
    query = sa.select(Register).join(Gallery).join(Unit).where(Register.code == code, within(person))
    return db.session.scalar(query)

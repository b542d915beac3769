"""Where a sale happens: the till it names, and what is so there at that moment."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pos.catalog.models import CatalogState
from pos.errors import NotFound
from pos.fast import Query
from pos.register.document import Document
from pos.register.models import Sale
from pos.register.shift_marks import MARKS
from pos.units.models import Gallery, Installation, Register, RegisterKey, Unit
from pos.units.services import Person


@dataclass(frozen=True)
class Place:
    """The register, its gallery and unit, how far its numbers are, and this very sale if it is here already."""

    register_id: int
    active: bool
    late_notes: bool  # a series of notas written by hand: they come approved, or not at all
    gallery_id: int
    gallery_name: str
    cutoff: int
    discount_limit: int  # percent that a cashier may give away alone
    unit_id: int
    unit_name: str
    zone: str
    path: str
    key_letter: str
    secret: str
    last: int
    version: int
    tree_version: int
    known: str | None
    shift_state: str | None  # of the shift that the sale names: open, closed, or none of this register
    named_cashier: int | None  # whom the sale names, if they may sell here


_LOOK = Query(
    sa.select(
        Register.id.label("register_id"),
        sa.and_(Register.active, Gallery.active).label("active"),
        Gallery.id.label("gallery_id"),
        Gallery.name.label("gallery_name"),
        Gallery.cutoff_minutes.label("cutoff"),
        Gallery.discount_limit,
        Unit.id.label("unit_id"),
        Unit.name.label("unit_name"),
        Unit.zone,
        Unit.path,
        RegisterKey.letter.label("key_letter"),
        RegisterKey.secret,
        sa.func.coalesce(
            sa.select(sa.func.max(Sale.number)).where(Sale.register_id == Register.id).scalar_subquery(), 0
        ).label("last"),
        sa.func.coalesce(sa.select(CatalogState.version).scalar_subquery(), 0).label("version"),
        sa.func.coalesce(sa.select(Installation.tree_version).scalar_subquery(), 0).label("tree_version"),
        sa.select(Sale.document).where(Sale.id == sa.bindparam("id")).scalar_subquery().label("known"),
        *MARKS,
    )
    .join(Gallery, Gallery.id == Register.gallery_id)
    .join(Unit, Unit.id == Gallery.unit_id)
    .join(RegisterKey, RegisterKey.register_id == Register.id)
    .where(Register.code == sa.bindparam("code"))
    .order_by(RegisterKey.letter.desc())
    .limit(1)
)


def look(connection: Connection, document: Document, person: Person) -> Place:
    marks = {"shift": document.shift, "cashier": document.cashier}
    row = _LOOK.first(connection, code=document.register, id=document.id, **marks)
    if row is None or not row["path"].startswith(person.path):
        raise NotFound("Kasir %(register)s tidak ada atau di luar wewenang Anda.", register=document.register)
    return Place(**row)

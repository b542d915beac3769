"""What a till tells of its carts: kept once each, however often it is sent, and shown to those over the gallery."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos import clock, money
from pos.catalog.models import Barcode, Product
from pos.db import db, write
from pos.errors import NotFound, PosError
from pos.fast import Insert
from pos.register.document import CODE, MAX_QUANTITY, Reader
from pos.register.lookup import galleries_within
from pos.register.models import Sale
from pos.register.removal_models import KINDS, Removal
from pos.register.tills import register_for
from pos.units.devices import named_seller
from pos.units.models import Gallery, Register, User
from pos.units.services import Person

MOST = 200  # in one request
KEYS = frozenset(("id", "at", "kind", "cashier", "product", "quantity", "amount", "cart"))


@dataclass(frozen=True)
class Kept:
    """Ids that the till may forget, and ids of what could not be read."""

    kept: list[str]
    refused: list[str]


def keep(body: object, person: Person) -> Kept:
    """Keep what the till at `register` tells; what is known already stays as it was first told.

    `PosError` (422) when there is no list, `NotFound` (404) for a register outside the person's scope. One that
    is wrong does not hold up the others.
    """
    reader = Reader()
    told = body if isinstance(body, dict) else {}
    code = reader.text(told, "register", 12)
    rows = [row for row, _ in reader.rows(told, "removals", MOST, 1)]
    if reader.wrong:
        raise PosError("Daftar ini tidak benar.", fields=reader.wrong)
    register = register_for(person, code)
    if register is None:
        raise NotFound("Kasir %(register)s tidak ada atau di luar wewenang Anda.", register=code)
    read = [(row, _read(row)) for row in rows]
    good = [fields for _, fields in read if fields]
    events = _rows(good, register, person)
    db.session.rollback()  # never a second connection in a request
    if events:
        write(lambda work: work.add(_KEEP, events))
    refused = [str(row.get("id"))[:40] for row, fields in read if not fields]
    return Kept([event["id"] for event in events], refused)


def _read(row: dict[str, Any]) -> dict[str, Any] | None:
    reader = Reader()
    reader.no_others(row, "", KEYS)
    fields = {
        "id": reader.identity(row, "id"),
        "at": reader.instant(row, "at"),
        "kind": reader.one_of(row, "kind", KINDS),
        "cashier": reader.text(row, "cashier", 40, ""),
        "barcode": reader.text(row, "product", 48, pattern=CODE),
        "quantity": reader.whole(row, "quantity", 1, MAX_QUANTITY),
        "amount": reader.whole(row, "amount", 0, money.MAX_RUPIAH),
        "cart_id": reader.identity(row, "cart"),
    }
    return None if reader.wrong else fields


def _rows(told: list[dict[str, Any]], register: Register, person: Person) -> list[dict[str, Any]]:
    gallery, now = register.gallery, clock.now()
    zone, path = gallery.unit.zone, gallery.unit.path
    names = _products(fields["barcode"] for fields in told)
    sellers = {name: named_seller(name, path) or person for name in {fields["cashier"] for fields in told}}
    rows = []
    for fields in told:
        name, unit_of_measure = names.get(fields["barcode"], ("", ""))
        seller = sellers[fields.pop("cashier")]
        rows.append(
            fields
            | {
                "register_id": register.id,
                "gallery_id": gallery.id,
                "received_at": now,
                "business_date": clock.day_of(fields["at"], zone, gallery.cutoff_minutes),
                "zone": zone,
                "cashier_id": seller.id,
                "sent_by_id": person.id,
                "name": name,
                "unit_of_measure": unit_of_measure,
            }
        )
    return rows


def _products(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    query = sa.select(Barcode.code, Product.name, Product.unit_of_measure).join(Product).where(Barcode.code.in_(codes))
    return {code: (name, unit) for code, name, unit in db.session.execute(query)}


_KEEP = Insert(Removal.__table__, merge=lambda insert: insert.on_conflict_do_nothing())


# -- shown to those who may ask ------------------------------------------------------------------------


def removals(
    person: Person, register: str = "", kind: str = "", since: date | None = None, until: date | None = None
) -> Any:
    """Query in the person's scope, the newest first; `receipt` is that of the sale the cart became, if it did."""
    query = (
        sa.select(
            Removal.at,
            Removal.zone,
            Removal.business_date,
            Removal.kind,
            Removal.name,
            Removal.barcode,
            Removal.unit_of_measure,
            Removal.quantity,
            Removal.amount,
            Register.code.label("register"),
            Gallery.name.label("gallery"),
            User.name.label("cashier"),
            Sale.receipt,
        )
        .join(Register, Register.id == Removal.register_id)
        .join(Gallery, Gallery.id == Removal.gallery_id)
        .join(User, User.id == Removal.cashier_id)
        .outerjoin(Sale, Sale.id == Removal.cart_id)
        .where(Removal.gallery_id.in_(galleries_within(person)))
        .order_by(Removal.at.desc(), Removal.id.desc())
    )
    if register:
        query = query.where(Register.code == register)
    if kind:
        query = query.where(Removal.kind == kind)
    if since:
        query = query.where(Removal.business_date >= since)
    return query.where(Removal.business_date <= until) if until else query


def registers(person: Person) -> list[str]:
    """The codes of registers in the person's scope where anything was taken out, for the list's filter."""
    query = removals(person).order_by(None).with_only_columns(Register.code).distinct()
    return sorted(db.session.scalars(query))


def worth(query: Any) -> int:
    """Rupiah of all that the query finds."""
    found = query.order_by(None).subquery()
    return int(db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(found.c.amount), 0))) or 0)

"""Notas found through a person's scope, shown as evidence, and proved genuine to anyone."""

import hmac
import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos import clock
from pos.db import db
from pos.register.lookup import galleries_within
from pos.register.models import Payment, Sale, SaleConflict, SaleLine
from pos.register.proof import verify_code, verify_code_of
from pos.register.ways import method_now
from pos.units.models import Placement, RegisterKey, Unit, User
from pos.units.services import Person

SORTS: dict[str, Any] = {
    "tanggal": Sale.sold_at,
    "nomor": Sale.receipt,
    "galeri": Sale.gallery_name,
    "kasir": User.name,
    "total": Sale.total,
}
BATCH = 1000  # ids in one statement
METERAI_ABOVE = 5_000_000  # rupiah: a kwitansi for more than this needs a meterai of Rp10.000


# -- finding notas -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """What the list of notas shows; both days are business dates and belong to it."""

    since: date | None = None
    until: date | None = None
    gallery_id: int | None = None
    text: str = ""
    sort: str = "-tanggal"


def notas(person: Person, search: Search) -> Any:
    """Query: a row for each nota that `search` finds within the person's scope; `refund_of` is a number."""
    original = aliased(Sale)
    column = SORTS[search.sort.removeprefix("-")]
    ordered = [column.desc(), Sale.id.desc()] if search.sort.startswith("-") else [column, Sale.id]
    query = sa.select(
        Sale.id,
        Sale.receipt,
        Sale.business_date,
        Sale.sold_at,
        Sale.zone,
        Sale.gallery_name,
        Sale.seller_name,
        User.name.label("cashier"),
        Sale.buyer,
        Sale.channel,
        Sale.total,
        original.receipt.label("refund_of"),
        Sale.flags,
    )
    query = query.join(User, User.id == Sale.cashier_id).outerjoin(original, original.id == Sale.refund_of)
    return _within(query, person, search).order_by(*ordered)


def every(person: Person, search: Search, most: int) -> list[Any]:
    """The rows of `notas`, not more than `most` of them."""
    return list(db.session.execute(notas(person, search).limit(most)).all())


def takings(person: Person, search: Search) -> int:
    """Rupiah of all that `search` finds, refunds taken off."""
    return int(db.session.scalar(_within(sa.select(sa.func.coalesce(sa.func.sum(Sale.total), 0)), person, search)) or 0)


def methods_of(sale_ids: list[str]) -> dict[str, list[str]]:
    """How each of these notas was paid as it holds today, every method once."""
    methods: dict[str, list[str]] = {sale_id: [] for sale_id in sale_ids}
    paid = sa.select(Payment.sale_id, method_now()).order_by(Payment.sale_id, Payment.position)
    for start in range(0, len(sale_ids), BATCH):
        batch = sale_ids[start : start + BATCH]
        for sale_id, method in db.session.execute(paid.where(Payment.sale_id.in_(batch))):
            if method not in methods[sale_id]:
                methods[sale_id].append(method)
    return methods


def newest_day(person: Person) -> date | None:
    """The last business date on which a gallery in the person's scope sold something, and that is not yet to come."""
    here = sa.select(sa.func.max(Sale.business_date)).where(Sale.gallery_id.in_(galleries_within(person)))
    return db.session.scalar(here.where(Sale.business_date <= clock.today("WIT")))  # where a day begins first


def _within(query: Any, person: Person, search: Search) -> Any:
    query = query.where(Sale.gallery_id.in_(galleries_within(person)))
    if search.since:
        query = query.where(Sale.business_date >= search.since)
    if search.until:
        query = query.where(Sale.business_date <= search.until)
    if search.gallery_id:
        query = query.where(Sale.gallery_id == search.gallery_id)
    if search.text:
        with_product = sa.select(SaleLine.sale_id).where(
            SaleLine.sale_id == Sale.id,
            sa.or_(SaleLine.name.icontains(search.text, autoescape=True), SaleLine.barcode == search.text),
        )
        query = query.where(sa.or_(Sale.receipt.icontains(search.text, autoescape=True), with_product.exists()))
    return query


# -- one nota as evidence ------------------------------------------------------------------------------


def original_of(sale: Sale) -> Sale | None:
    """The nota that `sale` returns, if it is a refund."""
    return db.session.get(Sale, sale.refund_of) if sale.refund_of else None


def refunds_of(sale: Sale) -> list[Sale]:
    """The refunds that point at `sale`, oldest first."""
    return list(db.session.scalars(sa.select(Sale).where(Sale.refund_of == sale.id).order_by(Sale.sold_at, Sale.id)))


def conflicts_of(sale: Sale) -> list[SaleConflict]:
    """Documents that were refused because they claimed this nota's id or number with other content."""
    query = sa.select(SaleConflict).where(SaleConflict.sale_id == sale.id).order_by(SaleConflict.received_at)
    return list(db.session.scalars(query))


def kanwil_of(unit_id: int, day: date) -> str:
    """The name of the Kanwil under which a unit stood on `day`; empty where it stood under none."""
    query = (
        sa.select(Unit.name)
        .join(Placement, Placement.kanwil_id == Unit.id)
        .where(Placement.unit_id == unit_id, Placement.from_day <= day, Placement.until_day > day)
    )
    return db.session.scalar(query) or ""


def needs_meterai(sale: Sale) -> bool:
    return abs(sale.total) > METERAI_ABOVE


# -- genuine or not ------------------------------------------------------------------------------------

# Number, key letter and 15 characters, however they were grouped.
_CODE = re.compile(r"(.+?)-?([A-Z](?:-?[A-Z0-9]){15})")
# Base32 has no 0, 1 and 8: who reads one on paper means the letter.
_LOOKS_LIKE = str.maketrans("018", "OIB")


def code_of(sale: Sale) -> str:
    """`AMB-1-000124-AXXXXXXXXXXXXXXX`: the number and what proves it."""
    names = ("id", "register_id", "receipt", "business_date", "total", "key_letter")
    return f"{sale.receipt}-{verify_code_of({name: getattr(sale, name) for name in names})}"


def grouped_proof(code: str) -> str:
    """The proving part of a code in fours, as people read it aloud: `XXXX XXXX XXXX XXXX`."""
    proof = code[-16:]
    return " ".join(proof[i : i + 4] for i in range(0, 16, 4))


def verify_address(base_url: str, code: str) -> str:
    """Where anyone may verify `code`, in upper case: a QR holds that in far fewer modules."""
    base = urlsplit(base_url.rstrip("/"))
    return f"{base.scheme.upper()}://{base.netloc.upper()}{base.path}/NOTA/{code}"


def read_code(text: str) -> tuple[str, str] | None:
    """(receipt number, proof) in what somebody typed: any case, spaces or hyphens; None if it is no code."""
    tidy = re.sub(r"[^A-Z0-9]+", "-", text[:100].upper()).strip("-")
    match = _CODE.fullmatch(tidy)
    return (match[1], match[2].replace("-", "").translate(_LOOKS_LIKE)) if match else None


def is_incomplete(text: str) -> bool:
    """Whether the number, the proof or a part of either is missing from what somebody typed."""
    parts = read_code(text)
    return parts is None or not parts[0][-1].isdigit()


def genuine(text: str) -> Sale | None:
    """The sale whose receipt carries this very code, or None; compares in constant time."""
    parts = read_code(text)
    if parts is None:
        return None
    receipt, proof = parts
    row = db.session.execute(
        sa.select(Sale, RegisterKey.secret)
        .join(RegisterKey, RegisterKey.register_id == Sale.register_id)
        .where(Sale.receipt == receipt, RegisterKey.letter == proof[0])
    ).first()
    if row is None:
        return None
    sale, secret = row
    signed = {name: getattr(sale, name) for name in ("id", "receipt", "business_date", "total")}
    return sale if hmac.compare_digest(verify_code(proof[0], secret, **signed), proof) else None

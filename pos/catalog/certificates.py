"""Certificates of products: which are in force, entering and withdrawing them, and those that expire soon."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.catalog import numbers, scans, services
from pos.catalog.models import CERTIFICATES, Certificate, Product
from pos.db import atomic, db, search_words
from pos.errors import N_, NotFound, PosError, Sentence
from pos.units import services as units
from pos.units.models import Unit
from pos.units.services import Person

NAMES = {"pirt": "PIRT", "halal": "Halal", "merek": N_("Merek/HAKI"), "bpom": "BPOM", "sni": "SNI"}
EXPIRING = ("bpom", "sni")  # kinds that always say until when they hold; the year of a PIRT is in its number
WARN_DAYS = 90
CHUNK = 900  # ids in one statement: SQLite's least limit is 999 variables
STATES = {
    "segera": N_("Segera habis"),
    "habis": N_("Sudah habis"),
    "berlaku": N_("Berlaku"),
    "nanti": N_("Belum mulai"),
}


def in_force(product_ids: Sequence[int], day: date) -> dict[int, list[Certificate]]:
    """The certificates each of the products holds on `day`, in the order of `CERTIFICATES`; none: no key.

    Of one kind it is the last entry standing that has begun by `day`, unless that one withdraws it or has expired.
    """
    ids = list(product_ids)
    entries: list[Certificate] = []
    for start in range(0, len(ids), CHUNK):
        query = sa.select(Certificate).where(Certificate.product_id.in_(ids[start : start + CHUNK]))
        entries += db.session.scalars(query.order_by(Certificate.id))
    last = {(entry.product_id, entry.kind): entry for entry in standing(entries) if has_begun(entry, day)}
    found: dict[int, list[Certificate]] = {}
    for entry in sorted(last.values(), key=lambda entry: CERTIFICATES.index(entry.kind)):
        if not entry.withdrawn and (entry.expires_on is None or entry.expires_on >= day):
            found.setdefault(entry.product_id, []).append(entry)
    return found


def standing(entries: Iterable[Certificate]) -> list[Certificate]:
    """What `entries` (the oldest first) come to: each as it was put right, at its place; none that was cancelled."""
    said: dict[int, Certificate] = {}
    for entry in entries:
        said[entry.corrects_id or entry.id] = entry
    return [entry for entry in said.values() if not (entry.withdrawn and entry.corrects_id)]


def has_begun(entry: Any, day: date) -> bool:
    return entry.issued_on is None or entry.issued_on <= day


def state_of(entry: Any, today: date) -> str:
    """`berlaku`, `segera` (ends within `WARN_DAYS`), `habis`, `nanti` (has not begun) or `dicabut`."""
    if entry.withdrawn:
        return "dicabut"
    if entry.expires_on and entry.expires_on < today:
        return "habis"
    if entry.issued_on and entry.issued_on > today:
        return "nanti"
    return "segera" if entry.expires_on and entry.expires_on <= today + timedelta(days=WARN_DAYS) else "berlaku"


def entries_of(product_id: int) -> list[Certificate]:
    """Everything ever entered for a product, the newest first."""
    query = sa.select(Certificate).where(Certificate.product_id == product_id).order_by(Certificate.id.desc())
    return list(db.session.scalars(query))


def held(entries: Sequence[Certificate], today: date) -> list[Certificate]:
    """Of entries (newest first) the last of each kind that has begun, and those to come, by `CERTIFICATES`."""
    found: dict[str, list[Certificate]] = {}
    for entry in standing(reversed(entries)):
        so_far = found.setdefault(entry.kind, [])
        if has_begun(entry, today):
            so_far.clear()
        so_far.append(entry)
    return [entry for kind in CERTIFICATES for entry in found.get(kind, [])]


def certificate_for(person: Person, certificate_id: int) -> Certificate:
    """An entry of a product whose maker is in the person's scope, or `NotFound`."""
    query = sa.select(Certificate).join(Product).where(Certificate.id == certificate_id, services.may_edit(person))
    entry = db.session.scalar(query)
    if entry is None:
        raise NotFound("Sertifikat ini tidak ada atau di luar wewenang Anda.")
    return entry


# -- entering ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """What a form says of a certificate; the number as it was typed."""

    kind: str
    number: str
    issued_on: date | None = None
    expires_on: date | None = None


def checked(given: Given) -> Given:
    """`given` with its number in one form and the last day that it tells; `PosError` beside the fields."""
    if given.kind not in CERTIFICATES:
        raise PosError("Sertifikat tidak disimpan.", fields={"kind": N_("Pilih jenisnya.")})
    try:
        number = numbers.read(given.kind, given.number)
    except numbers.WrongNumber as wrong:
        raise PosError("Sertifikat tidak disimpan.", fields={"number": wrong.reason}) from wrong
    told = numbers.expiry_of(given.kind, number)
    expires_on = given.expires_on or told
    if told and expires_on and expires_on.year != told.year:
        text = N_("Tahunnya tidak sama dengan dua angka terakhir nomor PIRT.")
        raise PosError("Sertifikat tidak disimpan.", fields={"expires_on": text})
    if expires_on is None and given.kind in EXPIRING:
        raise PosError("Sertifikat tidak disimpan.", fields={"expires_on": N_("Isi sampai kapan berlakunya.")})
    if expires_on and given.issued_on and expires_on < given.issued_on:
        text = N_("Habis sebelum mulai berlaku.")
        raise PosError("Sertifikat tidak disimpan.", fields={"expires_on": text})
    return Given(given.kind, number, given.issued_on, expires_on)


def enter(
    person: Person, product_id: int, given: Given, folder: Path, scan: bytes | None = None, corrects: int = 0
) -> Certificate:
    """Write a certificate down, with a scan kept in `folder`; it follows the product's last of its kind.

    With the id of an entry that it `corrects` it speaks in that one's place instead. Without a new scan that of the
    same number goes on. `PosError` beside `kind`, `number`, `expires_on`, `scan`.
    """
    services.product_for(person, product_id)
    given = checked(given)
    name, pages = scans.keep(folder, scan) if scan is not None else ("", 0)
    with atomic():
        product = services.product_for(person, product_id)
        now = standing(reversed(entries_of(product_id)))
        if corrects:
            before: Certificate | None = _standing_one(now, corrects)
        else:
            before = next((entry for entry in reversed(now) if entry.kind == given.kind), None)
            _refuse_before_it_begins(before, clock.today(product.maker.zone))
        if not name and before and before.number == given.number:
            name, pages = before.scan, before.scan_pages
        entry = Certificate(product_id=product.id, **vars(given), withdrawn=False, scan=name, scan_pages=pages)
        if before and _said(before) == _said(entry):
            raise PosError("Sertifikat ini sudah tercatat.", fields={"number": N_("Sudah tercatat, sama persis.")})
        if corrects and before:
            entry.corrects_id = before.corrects_id or before.id
        _write(entry, person, product, "product.certificate.correct" if corrects else "product.certificate")
    return entry


def withdraw(person: Person, certificate_id: int) -> Certificate:
    """Write down that a certificate no longer holds, or that one which has not begun never will.

    In the latter case the one before it goes on. `PosError` where another entry has taken its place.
    """
    with atomic():
        entry = certificate_for(person, certificate_id)
        now = standing(reversed(entries_of(entry.product_id)))
        last = [row for row in now if row.kind == entry.kind][-1:]
        if last != [_standing_one(now, entry.id)]:
            text = "Sertifikat ini sudah diganti atau dicabut. Perpanjangan yang belum mulai dibatalkan lebih dahulu."
            raise PosError(text)
        gone = Certificate(product_id=entry.product_id, kind=entry.kind, number=entry.number, withdrawn=True)
        gone.scan, gone.scan_pages = entry.scan, entry.scan_pages
        begun = has_begun(entry, clock.today(entry.product.maker.zone))
        gone.corrects_id = None if begun else entry.corrects_id or entry.id
        _write(gone, person, entry.product, f"product.certificate.{'withdraw' if begun else 'cancel'}")
    return gone


def _standing_one(now: Sequence[Certificate], certificate_id: int) -> Certificate:
    entry = next((row for row in now if row.id == certificate_id and not row.withdrawn), None)
    if entry is None:
        raise PosError("Sertifikat ini sudah diganti atau dicabut.")
    return entry


def _refuse_before_it_begins(last: Certificate | None, today: date) -> None:
    """Nothing follows what has not begun: whether it puts that right or comes after it must be said."""
    if last and not last.withdrawn and last.issued_on and last.issued_on > today:
        text = N_("%(number)s sudah tercatat dan baru mulai %(day)s. Betulkan atau batalkan yang itu dahulu.")
        sentence = Sentence(text, number=last.number, day=last.issued_on)
        raise PosError("Sertifikat tidak disimpan.", fields={"number": sentence})


def _said(entry: Certificate) -> tuple[Any, ...]:
    return entry.number, entry.issued_on, entry.expires_on, entry.withdrawn, entry.scan


def _write(entry: Certificate, person: Person, product: Product, act: str) -> None:
    entry.user_id, entry.at = person.id, clock.now()
    db.session.add(entry)
    db.session.flush()
    units.log(act, product.name, person, product.maker_id, product=product.id, kind=entry.kind, number=entry.number)


# -- what ends when ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What the address of the list says: of which state and kind, whose, in which order."""

    state: str = ""  # of `STATES`; empty for those that want looking after: soon and already over
    kind: str = ""
    maker: int = 0
    search: str = ""
    sort: str = "habis"


def listed(person: Person, filters: Filters, today: date) -> Any:
    """Query of the last entry standing of each kind of the products on sale in the person's scope."""
    query = (
        sa.select(
            Certificate.id,
            Certificate.kind,
            Certificate.number,
            Certificate.issued_on,
            Certificate.expires_on,
            Certificate.withdrawn,
            Certificate.scan_pages,
            Product.id.label("product_id"),
            Product.name,
            Unit.name.label("maker"),
        )
        .join(Product, Product.id == Certificate.product_id)
        .join(Unit, Unit.id == Product.maker_id)
        .where(*_last(), Certificate.withdrawn.is_(False), Product.active, services.may_edit(person))
        .where(_in_state(filters.state, today))
    )
    if filters.kind in CERTIFICATES:
        query = query.where(Certificate.kind == filters.kind)
    if filters.maker:
        query = query.where(Product.maker_id == filters.maker)
    for word in search_words(filters.search):
        columns = (Product.name, Unit.name, Certificate.number)
        query = query.where(sa.or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return _sorted(query, filters.sort)


def _last() -> tuple[Any, ...]:
    """Conditions on `Certificate`: the last of its product and kind that `standing` would give."""
    place = sa.func.coalesce(Certificate.corrects_id, Certificate.id)
    said = sa.select(sa.func.max(Certificate.id)).group_by(place)
    cancelled = sa.and_(Certificate.withdrawn, Certificate.corrects_id.is_not(None))
    columns = (Certificate.product_id, Certificate.kind, place.label("place"))
    stands = sa.select(*columns).where(Certificate.id.in_(said), sa.not_(cancelled)).subquery()
    last = sa.select(sa.func.max(stands.c.place)).group_by(stands.c.product_id, stands.c.kind)
    return Certificate.id.in_(said), place.in_(last)


def attention(person: Person, today: date) -> int:
    """How many certificates in the person's scope have expired or soon will."""
    query = listed(person, Filters(), today).order_by(None).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(query)) or 0


def _in_state(state: str, today: date) -> Any:
    soon, ends, begins = today + timedelta(days=WARN_DAYS), Certificate.expires_on, Certificate.issued_on
    begun = sa.or_(begins.is_(None), begins <= today)
    conditions = {
        "segera": sa.and_(begun, ends.between(today, soon)),
        "habis": ends < today,
        "berlaku": sa.and_(begun, sa.or_(ends.is_(None), ends > soon)),
        "nanti": begins > today,
        "semua": sa.true(),
    }
    return conditions.get(state, ends <= soon)


def _sorted(query: Any, sort: str) -> Any:
    columns = {
        "habis": sa.func.coalesce(Certificate.expires_on, clock.FOREVER),
        "produk": sa.func.lower(Product.name),
        "pembuat": Unit.name,
        "jenis": Certificate.kind,
    }
    column = columns.get(sort.lstrip("-"), columns["habis"])
    return query.order_by(column.desc() if sort.startswith("-") else column, columns["produk"], Certificate.id)

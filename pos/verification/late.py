"""Notas written by hand and entered later: entered with their photo, approved by a second person, then sold.

An approved one goes through `record` as every sale does, in the gallery's own late series, with the id it was
entered with: approving it again records nothing twice.
"""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from pos import clock, money
from pos.campaigns.officers import NUMBER
from pos.catalog.models import DIVISIBLE, MAX_PRICE, MAX_QUANTITY, Barcode, Product
from pos.db import atomic, db
from pos.errors import N_, Conflict, Forbidden, NotFound, PosError, Sentence
from pos.register.lookup import next_number
from pos.register.models import BUYERS, CHANNELS, Sale
from pos.register.services import NumberTaken, record
from pos.register.shift_marks import LATE_NOTE
from pos.register.ways import faults
from pos.units.models import Gallery, Register, Unit, User
from pos.units.services import Person, add_register, galleries_for, log, person_named, unit_ids, within
from pos.verification import late_photos
from pos.verification.models import LateLine, LateNote, LateVerdict

ENTERERS = ("staff", "official")
APPROVERS = ("staff", "official", "admin")
MOST_LINES = 40
TRIES = 20
SETTLED = timedelta(minutes=3)  # older than what `record` takes for a live sale
STATES = {
    "waiting": N_("menunggu persetujuan"),
    "approved": N_("disetujui"),
    "rejected": N_("ditolak"),
    "unrecorded": N_("disetujui, belum tercatat"),
}


@dataclass(frozen=True)
class Row:
    """A line as it was typed: a code or an exact name, thousandths, rupiah each."""

    product: str
    quantity: int | None
    unit_price: int | None


@dataclass(frozen=True)
class Draft:
    gallery_id: int
    written_number: str
    sold_on: date | None
    buyer: str
    channel: str
    method: str
    reference: str
    note: str
    rows: Sequence[Row]
    buyer_ref: str = ""  # the staff number of an officer who bought

    @property
    def staff_number(self) -> str:
        return self.buyer_ref.replace(" ", "")


def enter(person: Person, draft: Draft, photo: bytes | None, folder: Path, now: datetime | None = None) -> LateNote:
    """Keep what a handwritten nota says, for a second person to compare with its photo."""
    now = now or clock.now()
    if not person.may(*ENTERERS):
        raise Forbidden("Nota susulan dimasukkan petugas atau pejabat unit.")
    gallery = next((one for one in galleries_of(person) if one.id == draft.gallery_id), None)
    wrong = _wrong(draft, gallery, now)
    products = [_product(i, row, wrong) for i, row in enumerate(draft.rows)]
    picture = late_photos.read(photo, wrong)
    amounts = [money.gross(row.quantity or 0, row.unit_price or 0) for row in draft.rows]
    wrong |= faults(draft.method, draft.reference.strip(), sum(amounts))
    if wrong or picture is None or gallery is None:
        raise PosError("Nota susulan belum disimpan. Periksa isian yang ditandai.", fields=wrong)
    kept = zip(draft.rows, filter(None, products), amounts, strict=True)
    lines = [
        LateLine(position=i, product_id=found[0], barcode=found[1], amount=amount, **_figures(row))
        for i, (row, found, amount) in enumerate(kept)
    ]
    name = late_photos.keep(folder, picture)
    note = _note(person, draft, gallery, name, lines, now)
    try:
        with atomic() as session:
            session.add(note)
            session.flush()
            log("late.enter", note.written_number, person, note.unit_id, total=note.total, day=str(note.sold_on))
    except IntegrityError as error:
        twice = N_("Nota bernomor ini pada tanggal itu sudah dimasukkan.")
        raise PosError("Nota susulan belum disimpan.", fields={"written_number": twice}) from error
    return note


def _note(person: Person, draft: Draft, gallery: Gallery, photo: str, lines: list[LateLine], now: datetime) -> LateNote:
    return LateNote(
        id=str(uuid.uuid4()),
        gallery_id=gallery.id,
        unit_id=gallery.unit_id,
        written_number=draft.written_number.strip(),
        sold_on=draft.sold_on,
        buyer=draft.buyer,
        buyer_ref=draft.staff_number,
        channel=draft.channel,
        method=draft.method,
        reference=draft.reference.strip(),
        total=sum(line.amount for line in lines),
        photo=photo,
        note=draft.note.strip(),
        entered_by=person.id,
        entered_at=now,
        lines=lines,
    )


def _figures(row: Row) -> dict[str, int]:
    return {"quantity": row.quantity or 0, "unit_price": row.unit_price or 0}


def galleries_of(person: Person) -> list[Gallery]:
    """The galleries of the person's own unit: for no others does one enter notas."""
    return [gallery for gallery in galleries_for(person) if gallery.unit_id == person.unit_id]


def _wrong(draft: Draft, gallery: Gallery | None, now: datetime) -> dict[str, str | Sentence]:
    wrong: dict[str, str | Sentence] = {}
    if gallery is None:
        wrong["gallery_id"] = N_("Pilih galeri unit Anda sendiri.")
    if not draft.written_number.strip() or len(draft.written_number.strip()) > 30:
        wrong["written_number"] = N_("Tulis nomor pada nota, paling banyak 30 huruf.")
    if draft.sold_on is None or not clock.BEGINNING <= draft.sold_on <= clock.day_of(
        now, gallery.unit.zone if gallery else "WIT"
    ):
        wrong["sold_on"] = N_("Isi tanggal pada nota, paling akhir hari ini.")
    if draft.buyer not in BUYERS:
        wrong["buyer"] = N_("Pilih pembelinya.")
    if draft.staff_number and draft.buyer != "petugas":
        wrong["buyer_ref"] = N_("Nomor pegawai hanya untuk pembeli petugas.")
    elif draft.staff_number and not NUMBER.fullmatch(draft.staff_number):
        wrong["buyer_ref"] = N_("NIP 4 sampai 20 angka atau huruf.")
    if draft.channel not in CHANNELS:
        wrong["channel"] = N_("Pilih kanalnya.")
    if len(draft.note.strip()) > 150:
        wrong["note"] = Sentence(N_("Paling banyak %(most)d huruf."), most=150)
    if not 1 <= len(draft.rows) <= MOST_LINES:
        wrong["rows"] = N_("Isi paling sedikit satu barang.")
    return wrong


def _product(i: int, row: Row, wrong: dict[str, str | Sentence]) -> tuple[int, str] | None:
    """The product of a typed line and a barcode of it; what is wrong with the line goes into `wrong`."""
    text = row.product.strip()
    query = sa.select(Product.id, Barcode.code, Product.unit_of_measure).join(Barcode, Barcode.product_id == Product.id)
    by_code = db.session.execute(query.where(Barcode.code == text.split(" ")[0])).first()
    found = by_code or db.session.execute(query.where(Product.name == text).order_by(Barcode.id)).first()
    if found is None:
        wrong[f"rows.{i}.product"] = N_("Pilih produk dari daftar, atau tulis kodenya.")
    if row.quantity is None or not 0 < row.quantity <= MAX_QUANTITY:
        wrong[f"rows.{i}.quantity"] = N_("Isi jumlahnya, misalnya 2 atau 1,5.")
    elif found and row.quantity % money.THOUSAND and found.unit_of_measure not in DIVISIBLE:
        wrong[f"rows.{i}.quantity"] = N_("Barang ini dijual utuh.")
    if row.unit_price is None or row.unit_price > MAX_PRICE:
        wrong[f"rows.{i}.unit_price"] = N_("Isi harga satuan seperti tertulis.")
    return (found.id, found.code) if found else None


# -- the second person ---------------------------------------------------------------------------------


def may_decide(person: Person, note: LateNote) -> bool:
    """A second person of the unit itself, or an admin above it; never whoever entered it."""
    own = person.unit_id == note.unit_id or person.may("admin")
    return person.may(*APPROVERS) and own and person.id != note.entered_by


def decide(
    person: Person, note: LateNote, approved: bool, reason: str = "", now: datetime | None = None, photo: str = ""
) -> LateNote:
    """Approve the note, which makes it a sale at once, or reject it with a reason; the first word holds.

    `photo` is the one that was compared, if it is known: when it is no longer the last one, nothing is decided.
    """
    reason = reason.strip()
    if not approved and not reason:
        raise PosError("Belum ditolak.", fields={"reason": N_("Tulis mengapa ditolak.")})
    if len(reason) > 200:
        raise PosError("Terlalu panjang.", fields={"reason": Sentence(N_("Paling banyak %(most)d huruf."), most=200)})
    if not may_decide(person, note):
        raise Forbidden("Yang menyetujui harus orang kedua dari unit ini, bukan yang memasukkan.")
    said = db.session.get(LateVerdict, note.id)
    if said is None:
        with suppress(IntegrityError), atomic() as session:  # else somebody has said it a moment ago
            newest = late_photos.last_of(note)
            if photo and photo != newest:
                raise Conflict("Foto nota ini baru saja diganti. Bandingkan lagi dengan foto yang baru.")
            session.add(
                LateVerdict(
                    note_id=note.id,
                    entered_by=note.entered_by,
                    approved=approved,
                    reason=reason,
                    user_id=person.id,
                    at=now or clock.now(),
                    photo=newest,
                )
            )
            session.flush()
            log("late.approve" if approved else "late.reject", note.written_number, person, note.unit_id, reason=reason)
        said = db.session.get_one(LateVerdict, note.id, populate_existing=True)
    if said.approved != approved:
        raise Conflict("Nota ini sudah diputus orang lain. Muat ulang halaman.")
    if approved:
        _record(note, now)
    return note


def _record(note: LateNote, now: datetime | None) -> None:
    """Through the one door, in the gallery's late series; a number taken meanwhile is tried again."""
    if db.session.get(Sale, note.id) is not None:
        return
    register = _series_of(note.gallery)
    username = db.session.scalar(sa.select(User.username).where(User.id == note.entered_by, User.active))
    decided_by = sa.select(User.username).join(LateVerdict, LateVerdict.user_id == User.id)
    username = username or db.session.scalar(decided_by.where(LateVerdict.note_id == note.id)) or ""
    seller, sold_at = person_named(username), _sold_at(note, now or clock.now())
    for attempt in range(TRIES):
        try:
            body = _document(note, register.code, next_number(register.id), sold_at)
            record(body, seller, now=now, marks=[LATE_NOTE])
            return
        except NumberTaken:
            if attempt == TRIES - 1:
                raise


def _sold_at(note: LateNote, now: datetime) -> datetime:
    """Noon of its day; on today's note earlier, as far as it is a past sale for certain."""
    zone = clock.ZONES[note.gallery.unit.zone]
    begins = datetime.combine(note.sold_on, time(), tzinfo=zone) + timedelta(minutes=note.gallery.cutoff_minutes + 1)
    noon = datetime.combine(note.sold_on, time(12), tzinfo=zone)
    found = min(noon, now.astimezone(zone) - SETTLED)
    if found < begins:
        raise PosError("Nota ini terlalu baru. Setujui beberapa menit lagi.")
    return found


def _document(note: LateNote, register: str, number: int, sold_at: datetime) -> dict[str, Any]:
    paid = {"method": note.method, "tendered": note.total, "change": 0, "reference": note.reference}
    officer = {"buyer_ref": note.buyer_ref} if note.buyer_ref else {}
    return officer | {
        "id": note.id,
        "register": register,
        "number": number,
        "sold_at": sold_at.isoformat(timespec="milliseconds"),
        "buyer": note.buyer,
        "channel": note.channel,
        "note": f"Nota tulisan tangan {note.written_number}",
        "total": note.total,
        "lines": [
            {
                "product": n.barcode,
                "quantity": n.quantity,
                "unit_price": n.unit_price,
                "discount": 0,
                "amount": n.amount,
            }
            for n in note.lines
        ],
        "payments": [paid] if note.total else [],
    }


def _series_of(gallery: Gallery) -> Register:
    """The gallery's register for late notes, made on first use: `AMB-S` beside `AMB-1`."""
    query = sa.select(Register).where(Register.gallery_id == gallery.id, Register.late_notes)
    register = db.session.scalar(query)
    if register is not None:
        return register
    codes = set(db.session.scalars(sa.select(Register.code)))
    own = [one.code for one in gallery.registers] or [f"G{gallery.id}"]
    stem = own[0].rsplit("-", 1)[0][:9]
    code = next(c for c in (f"{stem}-S", *(f"{stem[:8]}-S{n}" for n in range(2, 1000))) if c not in codes)
    with atomic():
        register = add_register(gallery, code)
        register.late_notes = True
    return register


# -- finding -------------------------------------------------------------------------------------------


def notes(person: Person, state: str = "", words: str = "") -> Any:
    """SELECT of the late notas in the person's scope, the newest first: the note, its verdict, its receipt.

    `words` are looked for in its own number, its receipt and the names of its gallery and unit.
    """
    query = (
        sa.select(LateNote, LateVerdict, Sale.receipt)
        .outerjoin(LateVerdict, LateVerdict.note_id == LateNote.id)
        .outerjoin(Sale, Sale.id == LateNote.id)
        .join(Gallery, Gallery.id == LateNote.gallery_id)
        .join(Unit, Unit.id == LateNote.unit_id)
        .where(LateNote.unit_id.in_(unit_ids(person)))
        .options(joinedload(LateNote.gallery), joinedload(LateNote.unit), joinedload(LateNote.enterer))
        .order_by(LateNote.entered_at.desc(), LateNote.id)
    )
    kept = {
        "waiting": LateVerdict.note_id.is_(None),
        "approved": Sale.id.is_not(None),
        "rejected": sa.and_(LateVerdict.note_id.is_not(None), ~LateVerdict.approved),
        "unrecorded": sa.and_(LateVerdict.approved, Sale.id.is_(None)),
    }
    for word in words.split():
        named = (LateNote.written_number, Sale.receipt, Gallery.name, Unit.name)
        query = query.where(sa.or_(*(column.icontains(word, autoescape=True) for column in named)))
    return query.where(kept[state]) if state in kept else query


def state_of(verdict: LateVerdict | None, receipt: str | None) -> str:
    if verdict is None:
        return "waiting"
    if not verdict.approved:
        return "rejected"
    return "approved" if receipt else "unrecorded"


def note_for(person: Person, note_id: str) -> LateNote:
    """The note, entered for a unit in the person's scope, or `NotFound`."""
    query = (
        sa.select(LateNote)
        .join(Unit, Unit.id == LateNote.unit_id)
        .where(LateNote.id == note_id, within(person))
        .options(selectinload(LateNote.lines).joinedload(LateLine.product), joinedload(LateNote.gallery))
        .options(selectinload(LateNote.better))
        .execution_options(populate_existing=True)
    )
    note = db.session.scalar(query)
    if note is None:
        raise NotFound("Nota susulan ini tidak ada atau di luar wewenang Anda.")
    return note


def waiting(unit_id: int, first: date, last: date) -> int:
    """How many notas of these days still wait for their second person."""
    query = (
        sa.select(sa.func.count(LateNote.id))
        .outerjoin(LateVerdict, LateVerdict.note_id == LateNote.id)
        .where(LateNote.unit_id == unit_id, LateNote.sold_on.between(first, last), LateVerdict.note_id.is_(None))
    )
    return int(db.session.scalar(query) or 0)

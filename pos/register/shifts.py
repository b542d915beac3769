"""The acts of a shift: open the drawer, move cash, hand over, count blind, close. Each is done exactly once."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pos import clock, money
from pos.db import atomic, db
from pos.errors import N_, Conflict, NotFound, PosError
from pos.register.document import Reader, canonical
from pos.register.lookup import galleries_within
from pos.register.shift_marks import ShiftClosed
from pos.register.shift_models import KINDS, Shift, ShiftEvent, ShiftReport
from pos.register.shift_reports import figures, in_drawer, open_shifts, report_of, shift_for, takings
from pos.units.models import Register, User
from pos.units.pins import who_has_pin
from pos.units.services import Person, log

SELLERS = ("cashier", "staff")
MOVES = ("cash_in", "cash_out")
NOTES = (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 1)  # 1: what is left, in rupiah
MOST_PIECES = 1_000_000
OPEN_KEYS = frozenset({"id", "register", "float", "at"})
ACT_KEYS = frozenset({"id", "kind", "at", "amount", "reason", "counts", "username", "pin"})


class InvalidShift(PosError):
    code, status = "invalid_shift", 422


class ShiftIsOpen(Conflict):
    code = "shift_open"


class OtherAct(Conflict):
    code = "id_conflict"


class CountFirst(Conflict):
    code = "count_first"


@dataclass(frozen=True)
class Done:
    """What the till is told: the same for the first answer and for every repetition of it."""

    answer: dict[str, Any]
    created: bool


# -- opening -------------------------------------------------------------------------------------------


def open_shift(body: object, person: Person) -> Done:
    """Open a shift at a register of the person's scope, with the cash that lies in its drawer.

    Raises `ShiftIsOpen` (409, with the open one) when there is one already: the database holds one a register.
    """
    reader = Reader()
    fields = _open_fields(reader, body)
    _complain(reader)
    try:
        return _open(fields, person)
    except IntegrityError:  # somebody opened one at the same instant
        return _open(fields, person)


def _open_fields(reader: Reader, body: object) -> dict[str, Any]:
    content = _object(reader, body, OPEN_KEYS)
    return {
        "id": reader.identity(content, "id"),
        "register": reader.text(content, "register", 12),
        "float": reader.whole(content, "float", 0, money.MAX_RUPIAH),
        "at": reader.instant(content, "at").isoformat(),
    }


def _open(fields: dict[str, Any], person: Person) -> Done:
    with atomic() as session:
        register = session.scalar(
            sa.select(Register).where(
                Register.code == fields["register"], Register.gallery_id.in_(galleries_within(person))
            )
        )
        if register is None:
            raise NotFound("Kasir %(register)s tidak ada atau di luar wewenang Anda.", register=fields["register"])
        known = session.get(Shift, fields["id"])
        if known:
            return Done(_opened(_same(known, fields)), created=False)
        if not (register.active and register.gallery.active):
            raise ShiftClosed("Kasir %(register)s sudah ditutup.", register=register.code)
        now_open = _open_at(register)
        if now_open:
            text = "Giliran #%(number)d oleh %(name)s masih terbuka di kasir ini."
            values = {"number": now_open["number"], "name": now_open["cashier_name"]}
            raise ShiftIsOpen(text, data={"shift": told(now_open)}, **values)
        shift = _new(fields, register, person)
        session.add(shift)
        log("shift.open", f"{register.code} #{shift.number}", person, register.gallery.unit_id, float=fields["float"])
        session.flush()
        return Done(_opened(shift), created=True)


def _new(fields: dict[str, Any], register: Register, person: Person) -> Shift:
    now, zone = clock.now(), register.gallery.unit.zone
    last = db.session.scalar(sa.select(sa.func.max(Shift.number)).where(Shift.register_id == register.id))
    return Shift(
        id=fields["id"],
        register_id=register.id,
        number=(last or 0) + 1,
        previous=last,
        cashier_id=person.id,
        opened_at=now,
        business_date=clock.day_of(now, zone, register.gallery.cutoff_minutes),
        zone=zone,
        opening_cash=fields["float"],
        document=canonical(fields),
    )


def _open_at(register: Register) -> Any:
    shifts = open_shifts()
    return db.session.execute(sa.select(shifts).where(shifts.c.register_id == register.id)).mappings().first()


def told(shift: Any) -> dict[str, Any]:
    """An open shift (a row of `open_shifts`) as a till needs to know it."""
    names = ("id", "number", "cashier", "cashier_name")
    return {name: shift[name] for name in names} | {"opened_at": shift["opened_at"].isoformat()}


def _opened(shift: Shift) -> dict[str, Any]:
    cashier = db.session.get_one(User, shift.cashier_id)
    names = {"cashier": cashier.username, "cashier_name": cashier.name}
    return told({"id": shift.id, "number": shift.number, "opened_at": shift.opened_at} | names)


# -- acts in an open shift -----------------------------------------------------------------------------


def act(shift_id: str, body: object, person: Person) -> Done:
    """Do one thing in a shift of the person's scope, exactly once.

    Raises `InvalidShift` (422), `WrongPin` (403), `ShiftClosed`, `CountFirst` or `OtherAct` (409). Whatever is done
    waits for what is being done in the same shift, so that nothing slips past its Z.
    """
    reader = Reader()
    fields, pin = _act_fields(reader, body)
    _complain(reader)
    shift = shift_for(person, shift_id)
    if known := db.session.get(ShiftEvent, fields["id"]):
        return _again(known, shift, fields)
    taker = None
    if fields["kind"] == "handover":
        taker = who_has_pin(fields["username"], pin, shift.register.gallery.unit.path, *SELLERS)
    with atomic() as session:
        session.execute(sa.select(Shift.id).where(Shift.id == shift_id).with_for_update())
        shift = session.get_one(Shift, shift_id, populate_existing=True)
        if known := session.get(ShiftEvent, fields["id"]):
            return _again(known, shift, fields)
        if report_of(shift):
            raise ShiftClosed("Giliran #%(number)d sudah ditutup.", number=shift.number)
        event = _record(shift, fields, person, taker)
        unit_id = shift.register.gallery.unit_id
        detail = {"cashier": taker.username} if taker else {"amount": event.amount}
        log(f"shift.{event.kind}", f"{shift.register.code} #{shift.number}", person, unit_id, **detail)
        return Done(_answer(event), created=True)


def _record(shift: Shift, fields: dict[str, Any], person: Person, taker: Person | None) -> ShiftEvent:
    event = ShiftEvent(
        id=fields["id"],
        shift_id=shift.id,
        kind=fields["kind"],
        recorded_at=clock.now(),
        person_id=person.id,
        cashier_id=taker.id if taker else None,
        amount=fields["amount"],
        reason=fields["reason"],
        document=canonical(fields),
    )
    taken: dict[str, Any] = {}
    if event.kind in ("count", "close"):
        taken = takings(shift.id)
        event.expected = in_drawer(shift, taken)
    if event.kind == "close":
        _go_by_the_last_count(shift, event)
    db.session.add(event)
    db.session.flush()
    if event.kind == "close":
        content = canonical(figures(shift, taken, event))
        db.session.add(
            ShiftReport(register_id=shift.register_id, number=shift.number, event_id=event.id, content=content)
        )
        db.session.flush()
    return event


def _go_by_the_last_count(shift: Shift, event: ShiftEvent) -> None:
    """The drawer must not have moved since it was counted, and a variance needs its reason."""
    counted = [one for one in shift.events if one.kind == "count"]
    if not counted:
        raise CountFirst("Hitung dahulu uang di laci.")
    if event.expected != counted[-1].expected:
        raise CountFirst("Ada uang masuk atau keluar setelah laci dihitung. Hitung lagi.")
    event.amount = counted[-1].amount
    if event.amount != event.expected and not event.reason:
        raise InvalidShift("Laci selisih.", fields={"reason": N_("Tulis alasan selisihnya.")})


def _act_fields(reader: Reader, body: object) -> tuple[dict[str, Any], str]:
    """What is to be done, and the PIN, which is kept nowhere."""
    content = _object(reader, body, ACT_KEYS)
    kind = reader.one_of(content, "kind", KINDS)
    fields: dict[str, Any] = {
        "id": reader.identity(content, "id"),
        "kind": kind,
        "at": reader.instant(content, "at").isoformat(),
        "amount": reader.whole(content, "amount", 1 if kind in MOVES else 0, money.MAX_RUPIAH, 0),
        "reason": reader.text(content, "reason", 200, "").strip(),
        "counts": _counts(reader, content),
        "username": reader.text(content, "username", 40, None if kind == "handover" else "").strip().lower(),
    }
    if kind in MOVES and not fields["reason"]:
        reader.wrong.setdefault("reason", N_("Tulis untuk apa uang ini."))
    if kind == "count" and not content.get("counts"):
        reader.wrong.setdefault("counts", N_("Hitung uang di laci per pecahan."))
    if kind == "count" and fields["amount"] != sum(int(note) * many for note, many in fields["counts"].items()):
        reader.wrong.setdefault("amount", N_("Tidak sama dengan jumlah pecahannya."))
    return fields, reader.text(content, "pin", 6, None if kind == "handover" else "")


def _counts(reader: Reader, content: dict[str, Any]) -> dict[str, int]:
    """How many there are of each note and coin; a drawer may be empty."""
    counts = content.get("counts") or {}
    if not isinstance(counts, dict):
        reader.wrong["counts"] = N_("Harus berupa objek JSON.")
        return {}
    known = {str(note) for note in NOTES}
    reader.no_others(counts, "counts.", frozenset(known))
    return {note: reader.whole(counts, note, 0, MOST_PIECES, place="counts.") for note in counts if note in known}


def _answer(event: ShiftEvent) -> dict[str, Any]:
    """The event as the till is told of it: who sells from now on, what the drawer lacks or has too much."""
    taker = db.session.get_one(User, event.cashier_id) if event.cashier_id else None
    return {
        "id": event.id,
        "kind": event.kind,
        "recorded_at": event.recorded_at.isoformat(),
        "amount": event.amount,
        "expected": event.expected,
        "variance": None if event.expected is None else event.amount - event.expected,
        "cashier": taker.username if taker else None,
        "cashier_name": taker.name if taker else None,
    }


# -- the same again ------------------------------------------------------------------------------------


def _again(known: ShiftEvent, shift: Shift, fields: dict[str, Any]) -> Done:
    if known.shift_id != shift.id:
        raise OtherAct("Id ini sudah dipakai untuk tindakan lain.")
    return Done(_answer(_same(known, fields)), created=False)


def _same(known: Any, fields: dict[str, Any]) -> Any:
    if known.document != canonical(fields):
        raise OtherAct("Id ini sudah dipakai untuk tindakan lain.")
    return known


def _object(reader: Reader, body: object, keys: frozenset[str]) -> dict[str, Any]:
    if not isinstance(body, dict):
        reader.wrong["document"] = N_("Harus berupa objek JSON.")
        return {}
    reader.no_others(body, "", keys)
    return body


def _complain(reader: Reader) -> None:
    if reader.wrong:
        raise InvalidShift("Ada isian giliran yang tidak benar.", fields=reader.wrong)

"""What the treasury's own rows say of our deposits: the same NTPN and amount, another amount, or nothing."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.db import atomic, db, search_words
from pos.errors import N_, NotFound, PosError
from pos.revenue.deposits import standing
from pos.revenue.models import Deposit
from pos.treasury.models import TreasuryNote, TreasuryRow
from pos.units.models import Unit
from pos.units.services import Person, log, within

STATES = {
    "matched": N_("cocok"),
    "differs": N_("jumlah berbeda"),
    "missing": N_("belum ada di kas negara"),
    "unknown": N_("tidak kita kenal"),
}


def state() -> Any:
    """SQL: how a standing `Deposit` compares with the treasury. One NTPN may stand there in several rows."""
    theirs = _theirs()
    same = sa.exists().where(TreasuryRow.ntpn == Deposit.ntpn, TreasuryRow.amount == Deposit.amount)
    return sa.case(
        (sa.or_(same, theirs == Deposit.amount), "matched"), (theirs.is_not(None), "differs"), else_="missing"
    )


def _theirs() -> Any:
    whole = sa.select(sa.func.sum(TreasuryRow.amount)).where(TreasuryRow.ntpn == Deposit.ntpn)
    return sa.cast(whole.correlate(Deposit).scalar_subquery(), sa.BigInteger)


def compared(
    person: Person,
    wanted: str = "",
    words: str = "",
    unit: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Any:
    """Query of deposits that stand and rows that no deposit knows, in scope, the newest first.

    Columns: deposit_id, row_id, ntpn, day, unit, ours, theirs, state, note (the last one).
    """
    both = _both(person).subquery()
    query = sa.select(both).order_by(both.c.day.desc(), both.c.ntpn)
    query = query.where(both.c.day.between(since or date.min, until or date.max))
    if wanted in STATES:
        query = query.where(both.c.state == wanted)
    if unit:
        query = query.where(sa.func.lower(both.c.unit).contains(unit.lower(), autoescape=True))
    for word in search_words(words):
        query = query.where(sa.func.lower(both.c.ntpn + " " + both.c.unit).contains(word, autoescape=True))
    return query


def _both(person: Person) -> Any:
    """Our deposits that stand, and the treasury's rows without one."""
    none = sa.literal(None, sa.BigInteger)
    ours = sa.select(
        Deposit.id.label("deposit_id"),
        none.label("row_id"),
        Deposit.ntpn.label("ntpn"),
        Deposit.day.label("day"),
        Unit.name.label("unit"),
        Deposit.amount.label("ours"),
        _theirs().label("theirs"),
        state().label("state"),
        _last_note(TreasuryNote.deposit_id == Deposit.id).label("note"),
    ).join(Unit, Unit.id == Deposit.unit_id)
    known = sa.select(Deposit.id).where(Deposit.ntpn == TreasuryRow.ntpn, standing()).exists()
    theirs = sa.select(
        none,
        TreasuryRow.id,
        TreasuryRow.ntpn,
        TreasuryRow.day,
        Unit.name,
        none,
        TreasuryRow.amount,
        sa.literal("unknown"),
        _last_note(TreasuryNote.row_id == TreasuryRow.id),
    ).join(Unit, Unit.id == TreasuryRow.unit_id)
    return ours.where(standing(), within(person)).union_all(theirs.where(~known, within(person)))


def _last_note(about: Any) -> Any:
    newest = sa.select(TreasuryNote.text).where(about).order_by(TreasuryNote.id.desc()).limit(1)
    return sa.func.coalesce(newest.scalar_subquery(), "")


def counts(query: Any) -> dict[str, tuple[int, int]]:
    """How many of `compared` are in each state, and what they come to (ours, or theirs where it is not ours)."""
    rows = query.order_by(None).subquery()
    amount = sa.func.coalesce(rows.c.ours, rows.c.theirs)
    found = db.session.execute(sa.select(rows.c.state, sa.func.count(), sa.func.sum(amount)).group_by(rows.c.state))
    sums = {name: (count, int(whole)) for name, count, whole in found}
    return {name: sums.get(name, (0, 0)) for name in STATES}


def state_of(deposit: Deposit) -> str:
    return db.session.scalar(sa.select(state()).where(Deposit.id == deposit.id)) or "missing"


def rows_of(deposit: Deposit) -> list[TreasuryRow]:
    return list(
        db.session.scalars(sa.select(TreasuryRow).where(TreasuryRow.ntpn == deposit.ntpn).order_by(TreasuryRow.day))
    )


def standing_with(person: Person, ntpn: str) -> Deposit | None:
    """Our deposit of this NTPN, where it is in scope."""
    query = sa.select(Deposit).join(Unit, Unit.id == Deposit.unit_id)
    return db.session.scalar(query.where(Deposit.ntpn == ntpn, standing(), within(person)))


NEAR = timedelta(days=7)


def perhaps(about: Deposit | TreasuryRow, person: Person) -> list[Any]:
    """What `about` may be under a mistyped NTPN: unmatched, in scope, with its billing code, or its amount and days.

    Of a deposit the treasury's rows that no deposit knows, of a row the deposits that it does not have: the same
    billing code first, then the nearest day.
    """
    other: Any = TreasuryRow if isinstance(about, Deposit) else Deposit
    unmatched = (
        ~sa.select(Deposit.id).where(Deposit.ntpn == TreasuryRow.ntpn, standing()).exists()
        if other is TreasuryRow
        else sa.and_(standing(), state() == "missing")
    )
    near = sa.and_(other.amount == about.amount, other.day.between(about.day - NEAR, about.day + NEAR))
    same = sa.and_(other.billing_code == about.billing_code, other.billing_code != "")
    query = sa.select(other).join(Unit, Unit.id == other.unit_id).where(within(person), unmatched)
    found = db.session.scalars(query.where(sa.or_(near, same)).order_by(other.id).limit(50))
    return sorted(
        found, key=lambda one: (one.billing_code != about.billing_code, abs((one.day - about.day).days), one.id)
    )[:5]


def row_for(person: Person, row_id: int) -> TreasuryRow:
    row = db.session.scalar(
        sa.select(TreasuryRow)
        .join(Unit, Unit.id == TreasuryRow.unit_id)
        .where(TreasuryRow.id == row_id, within(person))
    )
    if row is None:
        raise NotFound("Baris kas negara ini tidak ada atau di luar wewenang Anda.")
    return row


def notes_of(about: Deposit | TreasuryRow) -> list[TreasuryNote]:
    column = TreasuryNote.deposit_id if isinstance(about, Deposit) else TreasuryNote.row_id
    return list(db.session.scalars(sa.select(TreasuryNote).where(column == about.id).order_by(TreasuryNote.id)))


def add_note(about: Deposit | TreasuryRow, by: Person, text: str) -> None:
    """What was found out about a mismatch; the mismatch itself stays to be seen."""
    text = " ".join(text.split())
    if not text:
        raise PosError("Catatan kosong.", fields={"text": N_("Tulis apa yang Anda temukan.")})
    key = "deposit_id" if isinstance(about, Deposit) else "row_id"
    with atomic() as session:
        session.add(TreasuryNote(**{key: about.id}, text=text, user_id=by.id, at=clock.now()))
        log("treasury.note", about.ntpn, by, about.unit_id, text=text)

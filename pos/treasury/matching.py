"""What the treasury's own rows say of our deposits: the same NTPN and amount, another amount, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
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
from pos.units.services import Person, log, unit_ids, within

NEAR = timedelta(days=7)
AT_ONCE = 500  # rows asked about at a time
STATES = {
    "matched": N_("cocok"),
    "differs": N_("jumlah berbeda"),
    "missing": N_("belum ada di kas negara"),
    "unknown": N_("tidak kita kenal"),
}


def state() -> Any:
    """SQL: how a standing `Deposit` compares with the treasury."""
    return sa.case((_is("matched"), "matched"), (_is("missing"), "missing"), else_="differs")


def _is(wanted: str) -> Any:
    """Condition on a standing `Deposit`. One NTPN may stand at the treasury in several rows, which then add up."""
    known = sa.exists().where(TreasuryRow.ntpn == Deposit.ntpn)
    agrees = sa.or_(_same(), sa.and_(known, _theirs() == Deposit.amount))  # in this order: the sum is seldom asked for
    return {"matched": agrees, "missing": ~known, "differs": sa.and_(known, ~agrees)}[wanted]


def _same() -> Any:
    return sa.exists().where(TreasuryRow.ntpn == Deposit.ntpn, TreasuryRow.amount == Deposit.amount)


def _theirs() -> Any:
    whole = sa.select(sa.func.sum(TreasuryRow.amount)).where(TreasuryRow.ntpn == Deposit.ntpn)
    return sa.cast(whole.correlate(Deposit).scalar_subquery(), sa.BigInteger)


@dataclass(frozen=True)
class Asked:
    """Whose deposits and rows are compared, and which of them."""

    person: Person
    state: str = ""
    words: str = ""
    unit: str = ""
    since: date | None = None
    until: date | None = None

    def of(self, model: Any, *columns: Any) -> Any:
        """SELECT of `columns` of the deposits that stand, or of the rows that no deposit knows."""
        known = sa.select(Deposit.id).where(Deposit.ntpn == TreasuryRow.ntpn, standing()).exists()
        query = sa.select(*columns).select_from(model)
        if self.unit or self.words:
            query = query.join(Unit, Unit.id == model.unit_id)
        query = query.where(standing() if model is Deposit else ~known)
        if self.person.level != "ditjenpas":
            query = query.where(model.unit_id.in_(unit_ids(self.person)))
        if self.since or self.until:
            query = query.where(model.day.between(self.since or date.min, self.until or date.max))
        if self.unit:
            query = query.where(sa.func.lower(Unit.name).contains(self.unit.lower(), autoescape=True))
        for word in search_words(self.words):
            query = query.where(sa.func.lower(model.ntpn + " " + Unit.name).contains(word, autoescape=True))
        return query


def compared(asked: Asked, most: int) -> Any:
    """Query of the newest `most` of deposits that stand and rows that no deposit knows: `deposit_id, row_id`.

    Each of both stops at so many, so that the database walks their days only as far as is shown.
    """
    none = sa.literal(None, sa.BigInteger)

    def of(model: Any, deposit_id: Any, row_id: Any) -> Any:
        return asked.of(model, deposit_id.label("deposit_id"), row_id.label("row_id"), model.ntpn, model.day)

    ours, theirs = of(Deposit, Deposit.id, none), of(TreasuryRow, none, TreasuryRow.id)
    if asked.state == "unknown":
        parts = [theirs]
    else:
        parts = [ours.where(_is(asked.state))] if asked.state in STATES else [ours, theirs]
    newest = [part.order_by(sa.desc("day"), "ntpn").limit(most).subquery() for part in parts]
    rows = sa.union_all(*map(sa.select, newest)).subquery().c
    return sa.select(rows.deposit_id, rows.row_id).order_by(rows.day.desc(), rows.ntpn).limit(most)


@dataclass(frozen=True)
class Compared:
    """One deposit beside what the treasury says, or a row that no deposit knows; `note` is the last one."""

    deposit_id: int | None
    row_id: int | None
    ntpn: str
    day: date
    unit: str
    ours: int | None
    theirs: int | None
    state: str
    note: str


def filled(keys: Sequence[Any]) -> list[Compared]:
    """What is to be told of these rows of `compared`, in their order."""
    found: dict[tuple[int | None, int | None], Compared] = {}
    none = sa.literal(None, sa.BigInteger)
    for start in range(0, len(keys), AT_ONCE):
        part = keys[start : start + AT_ONCE]
        mine, others = [key[0] for key in part if key[0]], [key[1] for key in part if key[1]]
        note = _last_note(TreasuryNote.deposit_id == Deposit.id)
        ours = sa.select(
            Deposit.id, none, Deposit.ntpn, Deposit.day, Unit.name, Deposit.amount, _theirs(), state(), note
        )
        ours = ours.join(Unit, Unit.id == Deposit.unit_id).where(Deposit.id.in_(mine))
        note = _last_note(TreasuryNote.row_id == TreasuryRow.id)
        about = (TreasuryRow.ntpn, TreasuryRow.day, Unit.name, none, TreasuryRow.amount, sa.literal("unknown"), note)
        theirs = sa.select(none, TreasuryRow.id, *about).join(Unit, Unit.id == TreasuryRow.unit_id)
        for query in (ours, theirs.where(TreasuryRow.id.in_(others))):
            for row in db.session.execute(query):
                found[row[0], row[1]] = Compared(*row)
    return [found[key[0], key[1]] for key in keys]


def _last_note(about: Any) -> Any:
    newest = sa.select(TreasuryNote.text).where(about).order_by(TreasuryNote.id.desc()).limit(1)
    return sa.func.coalesce(newest.scalar_subquery(), "")


def counts(asked: Asked) -> dict[str, tuple[int, int]]:
    """How many are in each state, whichever is asked for, and what they come to (theirs where it is not ours)."""

    def sums(model: Any, state: Any, *conditions: Any) -> Any:
        each = asked.of(model, state.label("state"), model.amount).where(*conditions).subquery().c
        return sa.select(each.state, sa.func.count(), sa.func.sum(each.amount)).group_by(each.state)

    ours, theirs = sums(Deposit, sa.literal("ours")), sums(TreasuryRow, sa.literal("unknown"))
    rest = sums(Deposit, state(), ~_same())  # few: most have one row of the same amount
    rows = db.session.execute(sa.union_all(ours, theirs, rest))
    found = dict.fromkeys((*STATES, "ours"), (0, 0)) | {row[0]: (row[1], int(row[2])) for row in rows}
    (whole, amount), missing, differs = found.pop("ours"), found["missing"], found["differs"]
    return found | {"matched": (whole - missing[0] - differs[0], amount - missing[1] - differs[1])}


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

"""PNBP paid to the treasury: recorded once, proved by its NTPN."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from pos import clock, money, sheets
from pos.db import atomic, db, search_words
from pos.errors import N_, Conflict, PosError, Sentence
from pos.revenue.models import Billing, Deposit, DepositDay
from pos.units.models import Unit
from pos.units.services import Person, log, within


def deposits(
    person: Person,
    words: str = "",
    since: date | None = None,
    until: date | None = None,
    unit: str = "",
    unlinked: bool = False,
) -> Any:
    """Query of `Deposit, Unit` in scope, the newest first; `words` are looked for in NTPN, billing code and note.

    `unlinked` are only those that stand and hold more than the takings they cover.
    """
    query = (
        sa.select(Deposit, Unit)
        .join(Unit, Unit.id == Deposit.unit_id)
        .where(within(person))
        .order_by(Deposit.day.desc(), Deposit.id.desc())
    )
    if since:
        query = query.where(Deposit.day >= since)
    if until:
        query = query.where(Deposit.day <= until)
    if unit:
        query = query.where(sa.func.lower(Unit.name).contains(unit.lower(), autoescape=True))
    if unlinked:
        covered = sa.select(sa.func.coalesce(sa.func.sum(DepositDay.amount), 0))
        mine = covered.where(DepositDay.deposit_id == Deposit.id).scalar_subquery()
        query = query.where(standing(), mine < Deposit.amount)
    for word in search_words(words):
        text = sa.func.lower(Deposit.ntpn + " " + Deposit.billing_code + " " + Deposit.note)
        query = query.where(text.contains(word, autoescape=True))
    return query


def every(query: Any) -> Sequence[Any]:
    """All that `query` (of `deposits`) finds, up to what a spreadsheet of ours holds."""
    rows = db.session.execute(query.limit(sheets.MAX_ROWS + 1)).all()
    if len(rows) > sheets.MAX_ROWS:
        raise PosError("Lebih dari %(most)d setoran. Saring dahulu, lalu unduh lagi.", most=sheets.MAX_ROWS)
    return rows


def total(query: Any) -> int:
    """Rupiah of everything that `query` (of `deposits`) finds, on all its pages."""
    amounts = query.order_by(None).with_only_columns(sa.func.coalesce(sa.func.sum(Deposit.amount), 0))
    return int(db.session.scalar(amounts) or 0)


# -- recording -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Proof:
    """What the receipt of the treasury says (*bukti penerimaan negara*), as it was typed."""

    day: date
    amount: int
    billing_code: str
    ntpn: str
    note: str = ""
    ntb: str = ""
    satker: str = ""
    akun: str = ""
    method: str = ""

    def tidy(self) -> "Proof":
        """The same with every number as the treasury writes it."""
        return replace(
            self,
            billing_code=plain(self.billing_code),
            ntpn=plain(self.ntpn).upper(),
            satker=plain(self.satker),
            akun=plain(self.akun),
            ntb=plain(self.ntb).upper(),
            note=self.note.strip(),
        )


def plain(text: str) -> str:
    """A number as the treasury writes it: without spaces, dots and dashes."""
    return re.sub(r"[\s.-]", "", text)


def add_deposit(
    unit: Unit, by: Person, *, corrected: Deposit | None = None, billing: Billing | None = None, **given: Any
) -> Deposit:
    """Record what the treasury received (`given`: the fields of `Proof`); `PosError` names each field that is wrong.

    `corrected` is an entry taken back in the same act, whose NTPN may therefore stand anew.
    """
    proof = Proof(**given).tidy()
    _check(unit, proof)
    try:
        with atomic() as session:
            row = Deposit(
                **asdict(proof),
                unit_id=unit.id,
                billing_id=billing.id if billing else None,
                attempt=_taken_back(Deposit.ntpn == proof.ntpn) + 1,
                code_attempt=_taken_back(Deposit.billing_code == proof.billing_code) + 1,
                user_id=by.id,
                recorded_at=clock.now(),
            )
            session.add(row)
            again = {"corrects": corrected.id} if corrected else {}
            log("deposit.add", proof.ntpn, by, unit.id, amount=proof.amount, day=proof.day.isoformat(), **again)
            session.flush()
    except IntegrityError:  # the same form sent twice at once, or somebody else's of the same billing code
        db.session.rollback()
        _refuse_twins(proof, corrected)
        raise _twice(None) from None
    return row


def take_back(deposit: Deposit, by: Person, reason: str) -> Deposit:
    """Undo an entry by one of its own: the same day and numbers, the opposite amount, and the takings open again."""
    reason = " ".join(reason.split())
    if not reason:
        raise PosError("Alasan belum diisi.", fields={"reason": N_("Tulis apa yang salah pada catatan ini.")})
    places = ("attempt", "code_attempt")
    numbers = ("unit_id", "day", "billing_code", "ntpn", "ntb", "satker", "akun", "method", "billing_id", *places)
    try:
        with atomic() as session:
            one_at_a_time(deposit.unit_id)  # nothing is linked to it in between
            if deposit.corrects_id is not None or not stands(deposit):
                raise Conflict("Catatan setoran ini sudah dikoreksi.")
            row = Deposit(
                **{name: getattr(deposit, name) for name in numbers},
                amount=-deposit.amount,
                corrects_id=deposit.id,
                reason=reason,
                user_id=by.id,
                recorded_at=clock.now(),
            )
            session.add(row)
            session.flush()
            for day, amount in covered_by(deposit).items():
                session.add(
                    DepositDay(deposit_id=row.id, business_date=day, amount=-amount, recorded_at=row.recorded_at)
                )
            log("deposit.take_back", deposit.ntpn, by, deposit.unit_id, amount=deposit.amount, reason=reason)
            session.flush()
    except IntegrityError:
        raise Conflict("Catatan setoran ini sudah dikoreksi.") from None
    return row


def one_at_a_time(*unit_ids: int) -> None:
    """No two acts on a unit's deposits look at what is open at the same time (SQLite writes one at a time anyway)."""
    query = sa.select(Unit.id).where(Unit.id.in_(unit_ids)).order_by(Unit.id)
    db.session.execute(query.with_for_update(key_share=True))


def stands(deposit: Deposit) -> bool:
    """Whether this entry has not been taken back."""
    return db.session.scalar(sa.select(Deposit.id).where(Deposit.corrects_id == deposit.id)) is None


def taken_back(ids: Sequence[int]) -> dict[int, Deposit]:
    """Of these entries, those that were taken back, with what took them back."""
    rows: list[Deposit] = []
    for start in range(0, len(ids), 500):
        rows += db.session.scalars(sa.select(Deposit).where(Deposit.corrects_id.in_(ids[start : start + 500])))
    return {row.corrects_id: row for row in rows if row.corrects_id}


def standing() -> Any:
    """Condition on `Deposit`: entries that neither take one back nor were taken back.

    The sign tells what takes one back. Asked whether `corrects_id` is null, SQLite would take the index that makes it
    unique for the shortest way to a deposit, and read them all.
    """
    back = aliased(Deposit)
    return sa.and_(Deposit.amount > 0, ~sa.exists().where(back.corrects_id == Deposit.id))


def covered_by(deposit: Deposit) -> dict[date, int]:
    """How much of each business day this deposit covers."""
    query = (
        sa.select(DepositDay.business_date, sa.func.sum(DepositDay.amount))
        .where(DepositDay.deposit_id == deposit.id)
        .group_by(DepositDay.business_date)
        .order_by(DepositDay.business_date)
    )
    return {day: int(amount) for day, amount in db.session.execute(query)}


def _taken_back(which: Any) -> int:
    """How many such entries were taken back: whoever sees as many as another asks for the same place beside them."""
    back = aliased(Deposit)
    count = sa.select(sa.func.count(Deposit.id)).join(back, back.corrects_id == Deposit.id)
    return db.session.scalar(count.where(which, Deposit.amount > 0)) or 0


def _check(unit: Unit, proof: Proof) -> None:
    wrong: dict[str, str | Sentence] = {}
    if not 0 < proof.amount <= money.MAX_RUPIAH:
        wrong["amount"] = (
            N_("Isi jumlah yang disetor, lebih dari nol.") if proof.amount <= 0 else N_("Jumlah ini terlalu besar.")
        )
    if proof.day > clock.today(unit.zone):
        wrong["day"] = N_("Hari setor belum tiba.")
    if proof.day < clock.BEGINNING:
        wrong["day"] = N_("Hari setor terlalu lama berlalu.")
    if not re.fullmatch(r"[0-9A-Z]{16}", proof.ntpn):
        wrong["ntpn"] = (
            N_("NTPN hanya huruf dan angka.")
            if len(proof.ntpn) == 16
            else Sentence(N_("NTPN 16 huruf atau angka; ini %(count)d."), count=len(proof.ntpn))
        )
    if not re.fullmatch(r"[0-9A-Z]{0,20}", proof.ntb):
        wrong["ntb"] = N_("NTB paling banyak 20 huruf atau angka.")
    wrong |= wrong_codes(proof.billing_code, proof.satker, proof.akun)
    if wrong:
        raise PosError("Setoran belum benar.", fields=wrong)
    _refuse_twins(proof)


def _refuse_twins(proof: Proof, but: Deposit | None = None) -> None:
    """`PosError` where an entry that stands (other than `but`) has this NTPN or this billing code."""
    others = sa.select(Deposit).where(standing(), Deposit.id != (but.id if but else 0))
    if twin := db.session.scalar(others.where(Deposit.ntpn == proof.ntpn)):
        raise _twice(twin.day)
    if same := db.session.scalar(others.where(Deposit.billing_code == proof.billing_code)):
        once = N_("Kode billing ini sudah dibayar pada %(day)s, dengan NTPN lain: satu kode dibayar sekali.")
        raise PosError("Kode billing sudah dipakai.", fields={"billing_code": Sentence(once, day=same.day)})


def wrong_codes(billing_code: str, satker: str, akun: str) -> dict[str, str | Sentence]:
    """What is wrong with the codes of a payment; satker and akun may be left out."""
    wrong: dict[str, str | Sentence] = {}
    if not re.fullmatch(r"\d{15}", billing_code, re.ASCII):
        wrong["billing_code"] = (
            N_("Kode billing hanya angka.")
            if len(billing_code) == 15
            else Sentence(N_("Kode billing 15 angka; ini %(count)d."), count=len(billing_code))
        )
    if satker and not re.fullmatch(r"\d{6}", satker, re.ASCII):
        wrong["satker"] = (
            N_("Kode satker hanya angka.")
            if len(satker) == 6
            else Sentence(N_("Kode satker 6 angka; ini %(count)d."), count=len(satker))
        )
    if akun and not re.fullmatch(r"4\d{5}", akun, re.ASCII):
        wrong["akun"] = N_("Akun PNBP 6 angka, dimulai dengan 4 (misalnya 425119).")
    return wrong


def _twice(day: date | None) -> PosError:
    text = (
        Sentence(N_("NTPN ini sudah dicatat pada %(day)s."), day=day)
        if day
        else Sentence(N_("NTPN ini sudah dicatat."))
    )
    return PosError("NTPN sudah dicatat.", fields={"ntpn": text})

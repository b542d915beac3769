"""PNBP paid to the treasury: recorded once, proved by its NTPN."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pos import clock, money, sheets
from pos.db import atomic, db, search_words
from pos.errors import N_, PosError, Sentence
from pos.revenue.models import Deposit
from pos.units.models import Unit
from pos.units.services import Person, log, within


def deposits(
    person: Person, words: str = "", since: date | None = None, until: date | None = None, unit: str = ""
) -> Any:
    """Query of `Deposit, Unit` in scope, the newest first; `words` are looked for in NTPN, billing code and note."""
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


def add_deposit(
    unit: Unit, by: Person, *, day: date, amount: int, billing_code: str, ntpn: str, note: str = ""
) -> Deposit:
    """Record what the treasury received; `PosError` names each field that is wrong."""
    billing_code, ntpn = re.sub(r"[\s.-]", "", billing_code), re.sub(r"[\s.-]", "", ntpn).upper()
    _check(unit, day, amount, billing_code, ntpn)
    try:
        with atomic() as session:
            row = Deposit(
                unit_id=unit.id,
                day=day,
                amount=amount,
                billing_code=billing_code,
                ntpn=ntpn,
                note=note.strip(),
                user_id=by.id,
                recorded_at=clock.now(),
            )
            session.add(row)
            log("deposit.add", ntpn, by, unit.id, amount=amount, day=day.isoformat())
            session.flush()
    except IntegrityError:  # the same form sent twice at once
        raise _twice(None) from None
    return row


def _check(unit: Unit, day: date, amount: int, billing_code: str, ntpn: str) -> None:
    wrong: dict[str, str | Sentence] = {}
    if not 0 < amount <= money.MAX_RUPIAH:
        wrong["amount"] = N_("Isi jumlah yang disetor, lebih dari nol.")
    if day > clock.today(unit.zone):
        wrong["day"] = N_("Hari setor belum tiba.")
    if day < clock.BEGINNING:
        wrong["day"] = N_("Hari setor terlalu lama berlalu.")
    if not re.fullmatch(r"\d{15}", billing_code, re.ASCII):
        wrong["billing_code"] = Sentence(N_("Kode billing 15 angka; ini %(count)d."), count=len(billing_code))
    if not re.fullmatch(r"[0-9A-Z]{16}", ntpn):
        wrong["ntpn"] = Sentence(N_("NTPN 16 huruf atau angka; ini %(count)d."), count=len(ntpn))
    if wrong:
        raise PosError("Setoran belum benar.", fields=wrong)
    if twin := db.session.scalar(sa.select(Deposit).where(Deposit.ntpn == ntpn)):
        raise _twice(twin.day)


def _twice(day: date | None) -> PosError:
    text = (
        Sentence(N_("NTPN ini sudah dicatat pada %(day)s."), day=day)
        if day
        else Sentence(N_("NTPN ini sudah dicatat."))
    )
    return PosError("NTPN sudah dicatat.", fields={"ntpn": text})

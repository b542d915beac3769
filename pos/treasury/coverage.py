"""Which takings a deposit covers: proposed oldest first, checked against what is open, written with the deposit."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pos import clock, money
from pos.db import atomic, db
from pos.errors import N_, Conflict, NotFound, PosError, Sentence
from pos.revenue import deposits
from pos.revenue.models import Billing, BillingDay, Deposit, DepositDay
from pos.treasury.doubts import check_satker
from pos.treasury.takings import Day, Which, days
from pos.treasury.workdays import Diary
from pos.units.models import Unit
from pos.units.services import Person, log, within

BILLING_DAYS = timedelta(days=7)


def propose(open_days: Sequence[tuple[date, int]], amount: int) -> dict[date, int]:
    """How `amount` rupiah cover what is open: days of refunds first (they give room), then the oldest days.

    Never more of a day than is open of it; together at most `amount`, and all of it while enough is open.
    """
    chosen = {day: left for day, left in open_days if left < 0}
    room = amount - sum(chosen.values())
    for day, left in open_days:
        if left > 0 and room > 0:
            chosen[day] = min(left, room)
            room -= chosen[day]
    return dict(sorted(chosen.items())) if any(left > 0 for left in chosen.values()) else {}


def due_now(unit: Unit, open_days: Sequence[tuple[date, int]]) -> dict[date, int]:
    """What a form proposes: all that is due by today; where nothing is, all that is open."""
    diary, today = Diary(), clock.today(unit.zone)
    due = [(day, left) for day, left in open_days if diary.due(unit.path, day, False) <= today]
    chosen = due or open_days
    return propose(chosen, sum(left for _day, left in chosen))


def outstanding(unit: Unit) -> list[Day]:
    """The unit's days that are not settled, the oldest first."""
    return days(Which([Unit.id == unit.id]), is_open=True)


def record(
    unit: Unit,
    by: Person,
    chosen: Mapping[date, int] | None,
    *,
    corrected: Deposit | None = None,
    reason: str = "",
    billing: Billing | None = None,
    sure_of: str = "",
    **given: Any,
) -> Deposit:
    """A deposit and the takings it covers, in one act; with `chosen` None the oldest ones that are open.

    `corrected` is taken back first, for `reason`. What is more than the takings chosen stays with the deposit,
    to be given to later days (*lebih setor*). `sure_of` is a satker that the receipt says, though not the unit's own.
    """
    with atomic():
        deposits.one_at_a_time(unit.id)
        if corrected is not None:
            deposits.take_back(corrected, by, reason)
            kept = corrected.billing
            billing = billing or (kept if kept and not kept.cancelled_at else None)
        billing = _paid_with(billing, unit, given["billing_code"], given["amount"])
        row = deposits.add_deposit(unit, by, corrected=corrected, billing=billing, **given)
        check_satker(unit, row.satker, sure_of)
        if chosen is None:
            chosen = propose([(day.day, day.outstanding) for day in outstanding(unit)], row.amount)
        _cover(unit, row, chosen, row.amount)
    return row


def _paid_with(billing: Billing | None, unit: Unit, code: str, amount: int) -> Billing | None:
    """The billing that a deposit pays: `billing` while the code is its own, else the unit's that waits under it."""
    if billing is None or deposits.plain(code) != billing.code:
        billing = _waiting(unit, deposits.plain(code))
    if billing is None:
        return None
    if billing.unit_id != unit.id:
        raise PosError("Setoran belum benar.", fields={"unit": N_("Kode billing ini milik unit lain.")})
    db.session.refresh(billing)  # as it is now that nobody else can touch it
    if billing.cancelled_at:
        raise Conflict("Kode billing ini sudah dibatalkan. Catat setorannya tanpa memilih kode billing itu.")
    if paid_by(billing):
        raise Conflict("Kode billing ini sudah dibayar.")
    if amount != billing.amount:
        made_for = Sentence(N_("Kode billing ini dibuat untuk %(amount)s."), amount=money.rupiah(billing.amount))
        raise PosError("Setoran belum benar.", fields={"amount": made_for})
    return billing


def _waiting(unit: Unit, code: str) -> Billing | None:
    """The unit's billing of this code that nobody has paid or cancelled."""
    waits = (Billing.unit_id == unit.id, Billing.code == code, Billing.cancelled_at.is_(None))
    billing = db.session.scalar(sa.select(Billing).where(*waits))
    return billing if billing and not paid_by(billing) else None


def link(deposit: Deposit, by: Person, chosen: Mapping[date, int] | None = None) -> int:
    """Give what is left of a deposit to takings (the oldest ones when none are chosen); returns how much it was."""
    unit = db.session.get_one(Unit, deposit.unit_id)
    with atomic():
        deposits.one_at_a_time(unit.id)
        left = surplus(deposit)
        if not deposits.stands(deposit) or left <= 0:
            raise Conflict("Setoran ini tidak punya sisa untuk ditautkan.")
        if chosen is None:
            chosen = propose([(day.day, day.outstanding) for day in outstanding(unit)], left)
        _cover(unit, deposit, chosen, left)
        given = sum(chosen.values())
        log("deposit.link", deposit.ntpn, by, unit.id, amount=given)
    return given


def surplus(deposit: Deposit) -> int:
    """What a deposit holds beyond the takings it covers."""
    return deposit.amount - sum(deposits.covered_by(deposit).values())


def _cover(unit: Unit, deposit: Deposit, chosen: Mapping[date, int], room: int) -> None:
    check(unit, chosen, room)
    now = clock.now()
    db.session.add_all(
        DepositDay(deposit_id=deposit.id, business_date=day, amount=amount, recorded_at=now)
        for day, amount in sorted(chosen.items())
    )
    db.session.flush()


def check(unit: Unit, chosen: Mapping[date, int], room: int) -> None:
    """`PosError` beside `days` or `amount` where more would be covered than is open, or than there is."""
    left = {day.day: day.outstanding for day in outstanding(unit)}
    for day, amount in chosen.items():
        has = left.get(day, 0)
        if not (0 < amount <= has or has <= amount < 0):
            sentence = Sentence(
                N_("Pendapatan %(day)s hanya tersisa %(left)s."), day=day, left=money.rupiah(max(0, has))
            )
            raise PosError("Hari yang ditutup belum benar.", fields={"days": sentence})
    whole = sum(chosen.values())
    if whole > room:
        raise PosError(
            "Jumlah hari melebihi setoran.",
            fields={
                "amount": Sentence(N_("Hari yang dipilih berjumlah %(sum)s, lebih dari ini."), sum=money.rupiah(whole))
            },
        )


# -- billing codes -------------------------------------------------------------------------------------


def add_billing(
    unit: Unit,
    by: Person,
    chosen: Mapping[date, int],
    *,
    code: str,
    amount: int,
    issued_on: date,
    sure_of: str = "",
    **more: str,
) -> Billing:
    """A billing code as it was made; it expires by itself after seven days. `sure_of`: as for `record`."""
    code = re.sub(r"[\s.-]", "", code)
    texts = {name: more.get(name, "").strip() for name in ("satker", "akun", "note")}
    _check_billing(unit, code, amount, issued_on, texts)
    check_satker(unit, texts["satker"], sure_of)
    _refuse_known(code)
    try:
        with atomic() as session:
            check(unit, chosen, amount)
            row = Billing(
                **texts,
                unit_id=unit.id,
                code=code,
                amount=amount,
                issued_on=issued_on,
                expires_on=issued_on + BILLING_DAYS,
                user_id=by.id,
                recorded_at=clock.now(),
            )
            row.days = [BillingDay(business_date=day, amount=part) for day, part in sorted(chosen.items())]
            session.add(row)
            log("billing.add", code, by, unit.id, amount=amount, expires=row.expires_on.isoformat())
            session.flush()
    except IntegrityError:
        db.session.rollback()
        _refuse_known(code)
        raise
    return row


def _refuse_known(code: str) -> None:
    """`PosError` beside `code` where it waits to be paid, at whatever unit, or has been paid."""
    if db.session.scalar(sa.select(Billing.id).where(Billing.code == code, Billing.cancelled_at.is_(None))):
        raise PosError("Kode billing sudah ada.", fields={"code": N_("Kode billing ini sudah dicatat.")})
    if paid := db.session.scalar(sa.select(Deposit.day).where(Deposit.billing_code == code, deposits.standing())):
        once = Sentence(N_("Kode billing ini sudah dibayar pada %(day)s."), day=paid)
        raise PosError("Kode billing sudah dipakai.", fields={"code": once})


def _check_billing(unit: Unit, code: str, amount: int, issued_on: date, texts: Mapping[str, str]) -> None:
    wrong = deposits.wrong_codes(code, texts["satker"], texts["akun"])
    wrong = {("code" if name == "billing_code" else name): text for name, text in wrong.items()}
    if not 0 < amount <= money.MAX_RUPIAH:
        wrong["amount"] = N_("Isi jumlah yang disetor, lebih dari nol.")
    if not clock.BEGINNING <= issued_on <= clock.today(unit.zone):
        wrong["issued_on"] = N_("Tanggal pembuatan belum tiba atau terlalu lama berlalu.")
    if wrong:
        raise PosError("Kode billing belum benar.", fields=wrong)


def billings(person: Person, state: str = "", words: str = "") -> Any:
    """Query of `Billing, Unit, paid` (the NTPN, or None) in scope, the newest first; `state` is one of `STATES`."""
    paid = (
        sa.select(Deposit.ntpn).where(Deposit.billing_id == Billing.id, deposits.standing()).limit(1).scalar_subquery()
    )
    query = (
        sa.select(Billing, Unit, paid.label("paid"))
        .join(Unit, Unit.id == Billing.unit_id)
        .where(within(person))
        .order_by(Billing.issued_on.desc(), Billing.id.desc())
    )
    today = clock.today(person.zone)
    conditions = {
        "open": (paid.is_(None), Billing.cancelled_at.is_(None), Billing.expires_on >= today),
        "expired": (paid.is_(None), Billing.cancelled_at.is_(None), Billing.expires_on < today),
        "paid": (paid.is_not(None),),
        "cancelled": (Billing.cancelled_at.is_not(None),),
    }
    for word in words[:80].lower().split()[:8]:
        query = query.where(
            sa.func.lower(Billing.code + " " + Billing.note + " " + Unit.name).contains(word, autoescape=True)
        )
    return query.where(*conditions.get(state, ()))


STATES = {
    "open": N_("menunggu dibayar"),
    "expired": N_("kedaluwarsa"),
    "paid": N_("sudah dibayar"),
    "cancelled": N_("dibatalkan"),
}


def expiring(person: Person) -> list[tuple[Billing, Unit]]:
    """Codes that wait to be paid and cannot be after tomorrow, or could not since last week."""
    today = clock.today(person.zone)
    near = Billing.expires_on.between(today - BILLING_DAYS, today + timedelta(days=1))
    found = db.session.execute(billings(person).where(near, Billing.cancelled_at.is_(None)))
    return [(row.Billing, row.Unit) for row in found if not row.paid]


def state_of(billing: Billing, paid: str | None, today: date) -> str:
    if paid:
        return "paid"
    if billing.cancelled_at:
        return "cancelled"
    return "expired" if billing.expires_on < today else "open"


def billing_for(person: Person, billing_id: int) -> Billing:
    row = db.session.scalar(
        sa.select(Billing).join(Unit, Unit.id == Billing.unit_id).where(Billing.id == billing_id, within(person))
    )
    if row is None:
        raise NotFound("Kode billing ini tidak ada atau di luar wewenang Anda.")
    return row


def cancel_billing(billing: Billing, by: Person) -> None:
    """Take a code back that nobody pays; whoever records its deposit at the same time waits, or is waited for."""
    with atomic() as session:
        deposits.one_at_a_time(billing.unit_id)
        session.refresh(billing)
        if paid_by(billing):
            raise Conflict("Kode billing ini sudah dibayar.")
        billing.cancelled_at = billing.cancelled_at or clock.now()
        log("billing.cancel", billing.code, by, billing.unit_id)


def paid_by(billing: Billing) -> Deposit | None:
    """The deposit that stands for this billing code."""
    return db.session.scalar(sa.select(Deposit).where(Deposit.billing_id == billing.id, deposits.standing()))


def deposit_for(person: Person, deposit_id: int) -> Deposit:
    row = db.session.scalar(
        sa.select(Deposit).join(Unit, Unit.id == Deposit.unit_id).where(Deposit.id == deposit_id, within(person))
    )
    if row is None:
        raise NotFound("Setoran ini tidak ada atau di luar wewenang Anda.")
    return row

"""The example's way to the treasury: deposits and what they cover, codes, the treasury's rows, targets and rules."""

import random
from collections import defaultdict
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from pos import clock
from pos.campaigns.models import Turnover
from pos.catalog.models import Product
from pos.db import atomic, db
from pos.demo.selling import PLACES
from pos.revenue import deposits
from pos.revenue.models import Billing, BillingDay, Deposit, DepositDay
from pos.treasury.coverage import BILLING_DAYS, propose
from pos.treasury.models import DepositRule, OffDay, PnbpTarget, TreasuryNote, TreasuryRow
from pos.treasury.workdays import Diary
from pos.units import services as units
from pos.units.models import Gallery, Unit
from pos.units.services import Person

MONTHLY = "Lapas Kelas IIA Ternate"  # is permitted to deposit once a month
SLOW = {"Kanwil Maluku": 0.25, "Lapas Kelas IIA Abepura": 0.12}  # how often they forget a day for good
UNLINKED = "Lapas Kelas IIA Kendari"  # whose treasurer has lately written down deposits without what they cover
AKUN = "425119"
LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
WORKSHOPS = {
    "agribisnis": "Bengkel pertanian",
    "jasa": "Unit jasa",
    "karya seni": "Bengkel lukis dan ukir",
    "kerajinan tangan": "Bengkel kerajinan",
    "kuliner": "Dapur produksi",
    "manufaktur": "Bengkel kayu dan las",
}
DAY = timedelta(days=1)


def pay_in(chance: random.Random, now: datetime) -> None:
    """Deposit what the sales of the example owe the state, as its treasurers would have: most of it, mostly in time."""
    petugas = units.person_named("petugas")
    today = now.date()
    places = [units.unit_named(place.unit) for place in PLACES]
    satker = {unit.id: f"{409_100 + i:06d}" for i, unit in enumerate(places)}
    with atomic():
        _rules(places, satker)
        db.session.flush()
        paid: list[Deposit] = []
        for unit, days in _owed(places):
            paid += _unit(chance, unit, days, satker[unit.id], petugas, today)
        _rows(chance, paid, satker, petugas, today)
        _targets(chance, places, today.year)
    _correction(petugas)


def _owed(places: list[Unit]) -> list[tuple[Unit, list[tuple[date, int]]]]:
    query = (
        sa.select(Gallery.unit_id, Turnover.business_date, sa.func.sum(Turnover.pnbp))
        .join(Gallery, Gallery.id == Turnover.gallery_id)
        .group_by(Gallery.unit_id, Turnover.business_date)
        .order_by(Turnover.business_date)
    )
    owed: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for unit_id, day, pnbp in db.session.execute(query):
        owed[unit_id].append((day, int(pnbp)))
    return [(unit, owed[unit.id]) for unit in places]


def _rules(places: list[Unit], satker: dict[int, str]) -> None:
    for unit in places:
        monthly = unit.name == MONTHLY
        db.session.add(
            DepositRule(
                unit_id=unit.id,
                from_day=date(2020, 1, 1),
                period="monthly" if monthly else "daily",
                month_day=5 if monthly else None,
                satker=satker[unit.id],
                akun=AKUN,
                basis="S-214/WPB.31/2019: jarak ke bank persepsi lebih dari 50 km" if monthly else "",
                recorded_at=_at(date(2020, 1, 1)),
            )
        )
    for unit, day, name in (
        (units.unit_named("Kanwil Maluku"), date(clock.today("WIT").year, 5, 15), "Hari Pattimura (libur setempat)"),
        (units.unit_named("Lapas Kelas IIA Kerobokan"), date(clock.today("WIT").year, 3, 31), "Libur setempat Bali"),
    ):
        db.session.add(OffDay(unit_id=unit.id, day=day, name=name, works=False))


def _unit(
    chance: random.Random, unit: Unit, days: list[tuple[date, int]], satker: str, by: Person, today: date
) -> list[Deposit]:
    """One deposit for all days that are due together; some come late, some never, the last ones are still open."""
    diary = Diary()
    due: dict[date, list[tuple[date, int]]] = defaultdict(list)
    for day, pnbp in days:
        if pnbp and chance.random() >= SLOW.get(unit.name, 0.01):
            due[diary.due(unit.path, day, True)].append((day, pnbp))
    paid = []
    for last, together in sorted(due.items()):
        late = chance.choice((0, 0, 0, 0, 0, 0, 1, 2, 9)) if unit.name in SLOW else 0
        paid_on, amount = last + late * DAY, sum(pnbp for _day, pnbp in together)
        if amount <= 0:
            continue
        chosen = propose(together, amount)
        if paid_on < today:
            recent = paid_on > today - timedelta(days=40)
            billing = _billing(chance, unit, paid_on - DAY, amount, satker, by, chosen) if recent else None
            unlinked = unit.name == UNLINKED and paid_on > today - timedelta(days=20)
            paid.append(_deposit(chance, unit, paid_on, amount, satker, by, {} if unlinked else chosen, billing))
        elif unit.name != MONTHLY:
            _billing(chance, unit, today - chance.choice((1, 6)) * DAY, amount, satker, by, chosen)
    return paid


def _deposit(
    chance: random.Random,
    unit: Unit,
    day: date,
    amount: int,
    satker: str,
    by: Person,
    chosen: dict[date, int],
    billing: Billing | None,
) -> Deposit:
    row = Deposit(
        unit_id=unit.id,
        day=day,
        amount=amount,
        billing_code=billing.code if billing else _code(chance),
        ntpn="".join(chance.choices(LETTERS, k=16)),
        ntb=f"{chance.randrange(10**12):012d}",
        satker=satker,
        akun=AKUN,
        method=chance.choice(("transfer", "transfer", "teller", "atm")),
        note="",
        user_id=by.id,
        recorded_at=_at(day),
        billing=billing,
        days=[DepositDay(business_date=when, amount=part, recorded_at=_at(day)) for when, part in chosen.items()],
    )
    db.session.add(row)
    return row


def _billing(
    chance: random.Random, unit: Unit, day: date, amount: int, satker: str, by: Person, chosen: dict[date, int]
) -> Billing:
    row = Billing(
        unit_id=unit.id,
        code=_code(chance),
        amount=amount,
        issued_on=day,
        expires_on=day + BILLING_DAYS,
        satker=satker,
        akun=AKUN,
        note="",
        user_id=by.id,
        recorded_at=_at(day),
        days=[BillingDay(business_date=when, amount=part) for when, part in chosen.items()],
    )
    db.session.add(row)
    return row


def _rows(chance: random.Random, paid: list[Deposit], satker: dict[int, str], by: Person, today: date) -> None:
    """What the treasury's list says: nearly all of it the same, a few amounts with a nought too many."""
    found = [row for row in paid if row.day < today - timedelta(days=4) and chance.random() > 0.012]
    for i, row in enumerate(found):
        typed_wrong = i % 157 == 78
        theirs = TreasuryRow(
            unit_id=row.unit_id,
            ntpn=row.ntpn,
            amount=row.amount * 10 if typed_wrong else row.amount,
            day=row.day,
            ntb=row.ntb,
            billing_code=row.billing_code,
            satker=row.satker,
            akun=AKUN,
            source=f"OMSPAN {row.day:%Y-%m}.xlsx #{i % 400 + 2}",
            user_id=by.id,
            recorded_at=_at(min(today, row.day + timedelta(days=4))),
        )
        db.session.add(theirs)
    db.session.flush()
    wrong = next(row for i, row in enumerate(found) if i % 157 == 78)
    text = "Salah ketik di loket bank; surat koreksi data sudah dikirim ke KPPN."
    db.session.add(TreasuryNote(deposit_id=wrong.id, text=text, user_id=by.id, at=_at(today - DAY)))
    _strange_rows(chance, satker, by, today)


def _strange_rows(chance: random.Random, satker: dict[int, str], by: Person, today: date) -> None:
    """Receipts that stand under our satker, and that none of us has written down."""
    strange = list(satker.items())[::3]
    for i, (unit_id, code) in enumerate(strange):
        day = today - timedelta(days=20 + 45 * i)
        db.session.add(
            TreasuryRow(
                unit_id=unit_id,
                ntpn="".join(chance.choices(LETTERS, k=16)),
                amount=chance.randrange(20, 400) * 1_000,
                day=day,
                ntb="",
                billing_code=_code(chance),
                satker=code,
                akun=AKUN,
                source=f"OMSPAN {day:%Y-%m}.xlsx #{500 + i}",
                user_id=by.id,
                recorded_at=_at(day + timedelta(days=4)),
            )
        )


def _targets(chance: random.Random, places: list[Unit], this_year: int) -> None:
    """Rp17 to 92 million a year, within reach of what the place sells."""
    year_of = sa.extract("year", Turnover.business_date)
    query = (
        sa.select(Gallery.unit_id, year_of, sa.func.sum(Turnover.pnbp))
        .join(Gallery, Gallery.id == Turnover.gallery_id)
        .group_by(Gallery.unit_id, year_of)
    )
    brought = {(unit_id, int(year)): int(pnbp) for unit_id, year, pnbp in db.session.execute(query)}
    for unit in places:
        for year in range(this_year - 2, this_year + 1):
            reach = brought.get((unit.id, year), 0) * chance.uniform(0.9, 2.6)
            amount = round(min(92_000_000, max(17_000_000, reach)), -5)
            db.session.add(
                PnbpTarget(unit_id=unit.id, year=year, amount=int(amount), recorded_at=_at(date(year, 1, 6)))
            )


def name_workshops() -> None:
    """Where goods name no workshop, the one that such goods come from: before any is sold."""
    with atomic() as session:
        for category, name in WORKSHOPS.items():
            nameless = sa.and_(Product.category == category, Product.workshop == "", Product.wbp_made)
            session.execute(sa.update(Product).where(nameless).values(workshop=name))


def _correction(by: Person) -> None:
    """One entry that was typed with a wrong NTPN: taken back, and entered anew with the same day and cover."""
    query = sa.select(Deposit).where(Deposit.unit_id == by.unit_id).order_by(Deposit.day.desc()).limit(1)
    wrong = db.session.scalars(query).one()
    chosen = deposits.covered_by(wrong)
    names = ("day", "amount", "billing_code", "ntb", "satker", "akun", "method")
    with atomic():
        deposits.take_back(wrong, by, "NTPN tertukar dengan bukti setor unit lain")
        right = deposits.add_deposit(
            units.unit_for(by, wrong.unit_id),
            by,
            corrected=wrong,
            billing=wrong.billing,
            ntpn=wrong.ntpn[::-1],
            **{name: getattr(wrong, name) for name in names},
        )
        db.session.add_all(
            DepositDay(deposit_id=right.id, business_date=day, amount=part, recorded_at=right.recorded_at)
            for day, part in chosen.items()
        )


def _code(chance: random.Random) -> str:
    return f"82{chance.randrange(10**13):013d}"


def _at(day: date) -> datetime:
    return datetime.combine(day, time(13, 30), tzinfo=clock.ZONES["WIB"])

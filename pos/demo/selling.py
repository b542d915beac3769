"""How the example sells: which till, when, what, to whom; every sale goes through `record`."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from tqdm import tqdm

from pos import clock
from pos.catalog.models import DIVISIBLE
from pos.catalog.services import Item
from pos.db import atomic, db
from pos.demo import officers
from pos.demo.drawers import Drawers
from pos.register.document import amounts
from pos.register.models import Approval
from pos.register.owed import Money, settle
from pos.register.services import record
from pos.units import services as units
from pos.units.models import Register
from pos.units.services import Person


@dataclass(frozen=True)
class Place:
    """A gallery of the example: its unit, name, registers, and how many notas a campaign day brings on average."""

    unit: str
    name: str
    kind: str
    address: str
    registers: tuple[str, ...]
    busy: float


PLACES = [
    Place("Lapas Kelas IIA Ambon", "Galeri Lapas Ambon", "galeri", "Jl. Leo Wattimena, Ambon", ("AMB-1", "AMB-2"), 14),
    Place("Kanwil Maluku", "Stan Bazar Hari Bhakti", "stan", "Lapangan Merdeka, Ambon", ("MAL-1",), 6),
    Place("Lapas Kelas IIA Kendari", "Galeri Lapas Kendari", "galeri", "Jl. Kapten Tendean, Kendari", ("KDI-1",), 9),
    Place("Lapas Kelas IIA Pontianak", "Galeri Lapas Pontianak", "galeri", "Jl. Adisucipto, Kubu Raya", ("PTK-1",), 11),
    Place("Lapas Kelas IIA Ternate", "Galeri Lapas Ternate", "galeri", "Jl. Pengayoman, Ternate", ("TTE-1",), 6),
    Place(
        "Lapas Kelas IIA Palangka Raya",
        "Galeri Lapas Palangka Raya",
        "galeri",
        "Jl. Tjilik Riwut, Palangka Raya",
        ("PKY-1",),
        7,
    ),
    Place("Lapas Kelas I Malang", "Galeri Lapas Malang", "galeri", "Jl. Asahan, Malang", ("MLG-1",), 16),
    Place(
        "Lapas Kelas IIA Kerobokan", "Galeri Lapas Kerobokan", "galeri", "Jl. Tangkuban Perahu, Badung", ("KBK-1",), 10
    ),
    Place(
        "Lapas Kelas I Cipinang", "Galeri Lapas Cipinang", "galeri", "Jl. Bekasi Timur Raya, Jakarta", ("CPN-1",), 12
    ),
    Place("Lapas Kelas IIA Abepura", "Galeri Lapas Abepura", "galeri", "Jl. Kesehatan, Jayapura", ("ABE-1",), 5),
    Place(
        "Lapas Kelas IIA Parepare", "Galeri Lapas Parepare", "galeri", "Jl. Lingkar Tassiso, Parepare", ("PRE-1",), 6
    ),
]
BUYERS = {"petugas": 30, "masyarakat": 30, "keluarga": 18, "wbp": 10, "instansi": 7, "upt": 3, "reseller": 2}
CHANNELS = {"galeri": 60, "kunjungan": 18, "bazar": 10, "pesanan": 6, "online": 6}
WITH_DRAWERS = ("AMB-1", "AMB-2")
NAMES = ("Maria", "Yosef", "Sari", "Rahman", "Dewi", "Agus")
METHODS = {"cash": 68, "qris": 24, "transfer": 6, "debit": 2}


def window(year: int) -> tuple[date, date]:
    """ODOP runs before Hari Bhakti Pemasyarakatan (27 April); its first day differs by year."""
    return (date(year, 4, 1) if year % 3 == 0 else date(year, 3, 23)), date(year, 4, 26)


@dataclass(frozen=True)
class Till:
    """A register of the example with its cashier, zone and how busy it is; `shelf` weighs what it sells."""

    code: str
    cashier: Person
    zone: str
    busy: float
    shelf: list[Item]
    weights: list[float]


def _tills(goods: list[Item]) -> list[Till]:
    tills = []
    for place in PLACES:
        unit = units.unit_named(place.unit)
        kanwil_path = unit.path if unit.level == "kanwil" else unit.parent.path if unit.parent else ""
        own = [8.0 if g.maker_id == unit.id else 4.0 if g.maker_path.startswith(kanwil_path) else 0.25 for g in goods]
        # What costs little is bought often; what costs millions, seldom.
        weights = [w * min(4.0, 60_000 / g.prices[0].amount) ** 0.7 for w, g in zip(own, goods, strict=True)]
        username = "kasir" if "Ambon" in place.name else f"kasir.{place.registers[0].split('-')[0].lower()}"
        for code in place.registers:
            tills.append(
                Till(code, units.person_named(username), unit.zone, place.busy / len(place.registers), goods, weights)
            )
    return tills


def _moments(
    chance: random.Random, tills: list[Till], years: list[int], now: datetime
) -> Iterator[tuple[datetime, Till]]:
    """When which till sells: campaign days are busy and grow from year to year, the last five weeks are ordinary."""
    days = [
        (first + timedelta(n), 1 + 0.25 * i)
        for i, year in enumerate(years)
        for first, last in [window(year)]
        for n in range((last - first).days + 1)
    ]
    days += [(now.date() - timedelta(n), 0.35) for n in range(35) if now.date() - timedelta(n) > days[-1][0]]
    moments = []
    for day, level in days:
        rush = 1.6 if day.month == 4 and day.day > 20 else 0.5 if day.weekday() == 6 else 1.0
        for till in tills:
            for _ in range(round(chance.gammavariate(4, till.busy * level * rush / 4))):
                opening = datetime.combine(day, time(8, 30), tzinfo=clock.ZONES[till.zone])
                moments.append((opening + timedelta(seconds=chance.triangular(0, 8 * 3600, 2 * 3600)), till))
    yield from sorted(((at, till) for at, till in moments if at < now), key=lambda m: m[0])


def sell(chance: random.Random, goods: list[Item], years: list[int], now: datetime) -> None:
    numbers = dict.fromkeys(db.session.scalars(sa.select(Register.code)), 0)
    returnable: list[dict[str, Any]] = []
    moments = list(_moments(chance, _tills(goods), years, now))
    drawers = Drawers(WITH_DRAWERS, now, len(moments))
    for at, till in tqdm(moments, desc="Data contoh", unit="nota", ncols=80):
        numbers[till.code] += 1
        body = _document(chance, till, at, numbers[till.code])
        body |= officers.staff_number(till.code, body["buyer"], numbers[till.code])
        body |= drawers.marks(till.code, till.zone, till.cashier, at)
        sold = record(body, till.cashier, now=at + timedelta(seconds=2))
        rest = body["payments"][-1]
        if rest["method"] == "owed":
            paid_at = at + timedelta(days=chance.randrange(1, 21))
            if paid_at < now and chance.random() < 0.95:
                money = Money(rest["tendered"], "transfer", f"BRI {chance.randrange(10**8):08d}")
                settle(till.cashier, sold.receipt, _uuid(chance, paid_at), till.code, money, now=paid_at)
        elif chance.random() < 0.01:
            returnable.append(body)
        if returnable and returnable[0]["register"] == till.code and chance.random() < 0.5:
            numbers[till.code] += 1
            later = at + timedelta(seconds=90)
            refund = _refund(chance, returnable.pop(0), later, numbers[till.code])
            refund |= drawers.marks(till.code, till.zone, till.cashier, at)
            refund["approval"] = _approved(chance, till, later, refund["note"])
            record(refund, till.cashier, now=at + timedelta(seconds=92))
    drawers.close_all()


def _document(chance: random.Random, till: Till, at: datetime, number: int) -> dict[str, Any]:
    picked = {
        item.id: item for item in chance.choices(till.shelf, till.weights, k=chance.choice((1, 1, 1, 2, 2, 3, 4)))
    }
    buyer, channel = _pick(chance, BUYERS), _channel(chance, list(picked.values()))
    lines = []
    for item in picked.values():
        usual = item.price(at)
        pieces = _pieces(chance, usual.amount) * (10 if buyer == "reseller" and usual.amount < 150_000 else 1)
        divisible = item.unit_of_measure in DIVISIBLE
        quantity = chance.choice((500, 1000, 1500, 2000)) if divisible else 1000 * pieces
        price, _ = usual.for_line(quantity, buyer)
        if item.auction and channel == "lelang":
            price += usual.amount * chance.randrange(5, 60) // 100 // 10_000 * 10_000
        off = quantity * price // 1000 // 10 // 1000 * 1000 if chance.random() < 0.03 else 0
        lines.append((item, quantity, price, off))
    parts = amounts([(quantity, price, off) for _, quantity, price, off in lines], 0)
    total = sum(parts)
    return {
        "id": _uuid(chance, at),
        "register": till.code,
        "number": number,
        "sold_at": at.isoformat(timespec="milliseconds"),
        "catalog_version": 1,
        "buyer": buyer,
        "channel": channel,
        "note": "",
        "lines": [
            {"product": item.barcodes[0], "quantity": quantity, "unit_price": price, "discount": off, "amount": amount}
            for (item, quantity, price, off), amount in zip(lines, parts, strict=True)
        ],
        "total": total,
        "payments": _order(chance, total) if channel == "pesanan" and total > 100_000 else [_payment(chance, total)],
    }


def _channel(chance: random.Random, goods: list[Item]) -> str:
    """A piece for auction is auctioned; half of what is made to order is ordered, the other half stood there."""
    if any(item.auction for item in goods):
        return "lelang"
    return "pesanan" if any(item.made_to_order for item in goods) and chance.random() < 0.5 else _pick(chance, CHANNELS)


def _order(chance: random.Random, total: int) -> list[dict[str, Any]]:
    """A third down, the rest when it is fetched."""
    down = total // 3 // 10_000 * 10_000
    who = f"{chance.choice(('Ibu', 'Bapak'))} {chance.choice(NAMES)}"
    paid = {"method": "cash", "tendered": down, "change": 0, "reference": ""}
    return [paid, {"method": "owed", "tendered": total - down, "change": 0, "reference": who}]


def _pieces(chance: random.Random, price: int) -> int:
    return 1 if price > 150_000 else chance.choice((1, 1, 1, 2, 2, 3) if price > 20_000 else (1, 2, 3, 5, 10))


def _payment(chance: random.Random, total: int) -> dict[str, Any]:
    method = _pick(chance, METHODS) if total <= 10_000_000 else "transfer"
    if method != "cash":
        return {"method": method, "tendered": total, "change": 0, "reference": f"{chance.randrange(10**11):012d}"}
    note = next(n for n in (1_000, 5_000, 10_000, 50_000, 100_000) if total <= 20 * n or n == 100_000)
    tendered = -(-total // note) * note
    return {"method": "cash", "tendered": tendered, "change": tendered - total, "reference": ""}


def _refund(chance: random.Random, sold: dict[str, Any], at: datetime, number: int) -> dict[str, Any]:
    line = sold["lines"][0]
    return sold | {
        "id": _uuid(chance, at),
        "number": number,
        "sold_at": at.isoformat(timespec="milliseconds"),
        "refund_of": sold["id"],
        "note": "Barang cacat",
        "total": -line["amount"],
        "lines": [line | {"quantity": -line["quantity"], "discount": -line["discount"], "amount": -line["amount"]}],
        "payments": [{"method": "cash", "tendered": 0, "change": line["amount"], "reference": ""}],
    }


def _approved(chance: random.Random, till: Till, at: datetime, reason: str) -> str:
    """The id of an approval of a refund, given at that instant."""
    approval_id = _uuid(chance, at)
    register_id = db.session.scalar(sa.select(Register.id).where(Register.code == till.code))
    people = {"asked_by": till.cashier.id, "approved_by": units.person_named("admin").id}
    with atomic() as session:
        session.add(Approval(id=approval_id, act="refund", register_id=register_id, at=at, reason=reason, **people))
    return approval_id


def _pick(chance: random.Random, choices: dict[str, int]) -> str:
    return chance.choices(list(choices), list(choices.values()))[0]


def _uuid(chance: random.Random, at: datetime) -> str:
    """A UUIDv7 of that instant, from the fixed seed."""
    value = (
        (int(at.timestamp() * 1000) << 80)
        | (7 << 76)
        | (chance.getrandbits(12) << 64)
        | (2 << 62)
        | chance.getrandbits(62)
    )
    return str(uuid.UUID(int=value))

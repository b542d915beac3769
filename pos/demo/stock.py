"""The stock of the example: what workshops brought, goods on the way, counts, minimums, and goods on consignment.

Written straight into the tables, for it lies in the past: the papers of three years in a second or two.
"""

import random
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.catalog.models import Price, Product
from pos.consignment.models import ConsignmentAnswer, ConsignmentSettlement, ConsignmentTerms
from pos.consignment.services import accounts
from pos.db import atomic, db
from pos.stock import opnames, transfers, write_offs
from pos.stock.document_models import Receiving, ReceivingLine
from pos.stock.goods import Line
from pos.stock.models import StockMinimum, StockMove
from pos.stock.services import held, start_of
from pos.units import services as units
from pos.units.models import Gallery, Unit

FOOD = ("kulin", "makan", "minum", "pangan", "kue")


def stock(chance: random.Random, now: datetime) -> None:
    """Everything about stock, after the example has sold."""
    _receivings(now)
    _minimums()
    _transfers()
    _write_off()
    _opnames(chance)
    _consignment(now)


# -- what the workshops brought ------------------------------------------------------------------------


def _receivings(now: datetime) -> None:
    """Each month, what a gallery sold in it came just before, a little more than was sold."""
    products = {row.id: row for row in db.session.execute(sa.select(Product.id, Product.maker_id, Product.category))}
    costs = {row.product_id: row.cost for row in db.session.execute(sa.select(Price.product_id, Price.cost))}
    zones = dict(db.session.execute(sa.select(Gallery.id, Unit.zone).join(Unit)).all())
    papers: list[dict[str, Any]] = []
    moves: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    lying: dict[tuple[int, int], int] = {}
    first_move = (db.session.scalar(sa.select(sa.func.max(StockMove.id))) or 0) + 1
    for (*_month, gallery_id, maker_id), month in sorted(_sold_by_month(products).items()):
        wanted = _wanted(gallery_id, month["goods"], lying)
        if not wanted:
            continue
        at, number = min(month["first"] - timedelta(days=1), now), len(papers) + 1
        day = clock.day_of(at, zones[gallery_id])
        common = {"gallery_id": gallery_id, "at": at, "note": "Kiriman bengkel kerja"}
        papers.append(common | {"id": number, "workshop_id": maker_id, "day": day})
        for position, (product_id, came) in enumerate(wanted.items()):
            line = {"product_id": product_id, "quantity": came}
            moves.append(common | line | {"id": first_move + len(moves), "reason": "receive"})
            line |= _batch(products[product_id].category, product_id, day)
            line |= {"receiving_id": number, "position": position, "unit_cost": costs[product_id]}
            lines.append(line | {"move_id": moves[-1]["id"]})
    with atomic() as session:
        session.execute(sa.insert(StockMove), moves)
        session.execute(sa.insert(Receiving), papers)
        session.execute(sa.insert(ReceivingLine), lines)


def _sold_by_month(products: dict[int, Any]) -> dict[tuple[int, int, int, int], dict[str, Any]]:
    """By year, month, gallery and maker: when the first was sold, and how much of each product."""
    months: dict[tuple[int, int, int, int], dict[str, Any]] = {}
    for row in db.session.execute(
        sa.select(StockMove.gallery_id, StockMove.product_id, StockMove.quantity, StockMove.at)
    ):
        key = (row.at.year, row.at.month, row.gallery_id, products[row.product_id].maker_id)
        month = months.setdefault(key, {"first": row.at, "goods": {}})
        month["first"] = min(month["first"], row.at)
        month["goods"][row.product_id] = month["goods"].get(row.product_id, 0) - row.quantity
    return months


def _wanted(gallery_id: int, sold: dict[int, int], lying: dict[tuple[int, int], int]) -> dict[int, int]:
    """What to bring of each product so that a few are left, in tens; `lying` is then what is left."""
    wanted = {}
    for product_id, quantity in sorted(sold.items()):
        shelf = (gallery_id, product_id)
        came = max(0, quantity + 3000 - lying.get(shelf, 0) + 9999) // 10_000 * 10_000
        lying[shelf] = lying.get(shelf, 0) + came - quantity
        if came:
            wanted[product_id] = came
    return wanted


def _batch(category: str, product_id: int, day: date) -> dict[str, Any]:
    """A production code for everything, a date for what is eaten."""
    eaten = any(word in category.lower() for word in FOOD)
    return {
        "production_code": f"{day:%y%m%d}-{product_id % 100:02d}",
        "expires_on": day + timedelta(days=60 + product_id % 4 * 30) if eaten else None,
    }


# -- minimums, papers ----------------------------------------------------------------------------


def _gallery(name: str) -> Gallery:
    return db.session.scalars(sa.select(Gallery).where(Gallery.name == name)).one()


def _most(gallery_id: int, count: int) -> list[int]:
    """The products of which most is held in whole pieces there."""
    lying = {product_id: quantity for product_id, quantity in held(gallery_id).items() if not quantity % 1000}
    return sorted((one for one in lying if lying[one] >= 4000), key=lambda one: -lying[one])[:count]


def _minimums() -> None:
    gallery = _gallery("Galeri Lapas Ambon")
    lying = sorted(held(gallery.id).items(), key=lambda item: item[1])
    with atomic() as session:
        for product_id, quantity in [*lying[:4], *lying[-6:]]:
            wanted = max(10_000, quantity // 2000 * 1000 if quantity > 20_000 else quantity + 5000)
            session.add(StockMinimum(gallery_id=gallery.id, product_id=product_id, quantity=wanted // 1000 * 1000))


def _transfers() -> None:
    """One whole, one short, one with more than its paper says and a product it does not name, one on its way now."""
    here, kendari = _gallery("Galeri Lapas Ambon"), _gallery("Galeri Lapas Kendari")
    stand = _gallery("Stan Bazar Hari Bhakti")
    mine, there = units.person_named("petugas"), units.person_named("petugas.kdi")
    goods = [Line(product_id, 2000) for product_id in _most(here.id, 4)]
    whole = transfers.send(mine, here.id, kendari.id, goods[:2], "Dibawa Pak Ruben, KM Sinabung")
    transfers.arrive(there, whole.id, {0: 2000, 1: 2000})
    short = transfers.send(mine, here.id, kendari.id, goods[1:3], "JNE 8812004417")
    transfers.arrive(there, short.id, {0: 1000, 1: 2000}, "Dus terbuka")
    over = transfers.send(mine, here.id, kendari.id, goods[:1], "Dititip Bu Ester")
    besides = [Line(goods[3].product_id, 1000)]
    transfers.arrive(there, over.id, {0: 3000}, "Dus kedua tidak tertulis di kiriman", besides)
    transfers.decide(mine, over.id, 1, "sent", 1000, "Ikut terbawa dari rak yang sama")
    transfers.send(mine, here.id, kendari.id, goods[2:], "Dititip kapal besok pagi")
    back = [Line(product_id, 1000) for product_id in _most(stand.id, 1)]
    if back:
        admin = units.person_named("admin")
        transfers.arrive(admin, transfers.send(admin, stand.id, here.id, back, "Sisa bazar").id, {0: 1000})


def _write_off() -> None:
    gallery = _gallery("Galeri Lapas Ambon")
    [product_id] = _most(gallery.id, 1)
    lines = [Line(product_id, 1000)]
    write_offs.write_off(units.person_named("petugas"), gallery.id, lines, "rusak", "Terkena air saat atap bocor")


def _opnames(chance: random.Random) -> None:
    """One that was counted by the cashier and approved, and one in which Kendari is being counted."""
    here, kendari = _gallery("Galeri Lapas Ambon"), _gallery("Galeri Lapas Kendari")
    cashier, staff = units.person_named("kasir"), units.person_named("petugas")
    done = opnames.begin(staff, here.id, "Opname bulanan")
    for product_id, quantity in list(held(here.id).items())[:12]:
        counted = max(0, quantity // 1000 * 1000 - chance.choice((0, 0, 0, 0, 1000, -1000)))
        opnames.count(cashier, done.id, product_id, counted, "set")
    opnames.approve(staff, done.id, "Dihitung berdua dengan kasir")
    still = opnames.begin(units.person_named("petugas.kdi"), kendari.id)
    for product_id, quantity in list(held(kendari.id).items())[:5]:
        if quantity > 0:
            opnames.count(units.person_named("kasir.kdi"), still.id, product_id, quantity // 1000 * 1000, "set")


def _consignment(now: datetime) -> None:
    """Ten percent agreed on between Ambon and Kendari; most sellers paid over what is older than two months."""
    staff = units.person_named("petugas")
    seller, maker = units.unit_named("Lapas Kelas IIA Kendari"), units.unit_named("Lapas Kelas IIA Ambon")
    terms = {"seller_id": seller.id, "maker_id": maker.id, "from_day": date(2020, 1, 1), "commission": 1000}
    with atomic() as session:
        session.add(ConsignmentTerms(**terms, user_id=staff.id, at=now))
    admin, paid, confirmed = units.person_named("admin"), [], []
    until = now.date() - timedelta(days=60)
    for number, account in enumerate(accounts(admin)):
        if account.ages[2] < 1000 or number % 7 == 3:
            continue
        one = {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"titip {number}")),
            "seller_id": account.seller_id,
            "maker_id": account.maker_id,
            "from_day": date(now.year - 3, 1, 1),
            "until_day": until,
            "amount": account.ages[2],
            "reference": f"BRI {number:06d}",
            "note": "",
            "user_id": admin.id,
            "at": start_of(until, "WIB", 10 + number % 20),
        }
        paid.append(one)
        if number % 5:
            said = {"settlement_id": one["id"], "received": True, "note": "", "user_id": staff.id}
            confirmed.append(said | {"at": start_of(until, "WIB", 32)})
    with atomic() as session:
        session.execute(sa.insert(ConsignmentSettlement), paid)
        session.execute(sa.insert(ConsignmentAnswer), confirmed)

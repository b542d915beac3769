"""`record`: the one door through which a sale enters, whoever brings it and however late."""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from pos import clock, money
from pos.campaigns.services import count
from pos.catalog.models import DIVISIBLE
from pos.catalog.services import Item, Snapshot, snapshot
from pos.db import atomic, db, reading, write
from pos.errors import N_, Conflict, Sentence
from pos.fast import Insert, Query, Work
from pos.register import approvals, only, owed
from pos.register import document as documents
from pos.register.document import Document, InvalidDocument
from pos.register.lookup import receipt_number
from pos.register.models import Payment, Sale, SaleConflict, SaleLine
from pos.register.place import Place, look
from pos.register.prices import check_prices
from pos.register.proof import signed, verify_code, verify_code_of
from pos.register.refund import lines_returned
from pos.register.shift_marks import odd_marks
from pos.revenue import services as revenue
from pos.stock.services import take
from pos.units.services import Person

LATE = timedelta(minutes=2)  # a sale older than this already happened: it is recorded and flagged, never refused
LONGEST_GAP = 10_000  # numbers that a late sale may run ahead of its register


class NumberTaken(Conflict):
    code = "number_taken"


class RegisterClosed(Conflict):
    code = "register_closed"


class OtherDocument(Conflict):
    code = "id_conflict"


@dataclass(frozen=True)
class Recorded:
    """What the register is told: the same for the first answer and for every repetition of it."""

    id: str
    receipt: str
    business_date: date
    code: str  # what proves the receipt: key letter and 15 characters
    flags: tuple[str, ...]
    created: bool


def record(
    body: object, person: Person, now: datetime | None = None, marks: Sequence[str] = (), told: bool = False
) -> Recorded:
    """Record one sale document (or refund) exactly once, on disk before this returns.

    Raises `InvalidDocument` (422) when it does not add up, `NotFound` (404) outside the person's scope, and
    the conflicts above (409). `now` is the server's instant, given only by those who replay the past;
    `marks` are flags that the caller knows of; a sale whose buyer was `told` that it is paid has happened, however new.
    """
    now = now or clock.now()
    document = documents.read(body)
    if db.session.registry.has():
        db.session.rollback()  # never a second connection in a request
    with reading() as connection:
        place = look(connection, document, person)
        if place.known:
            return _again(document, place, person, now)
        sale = _sale(document, place, person, now)
        live = not told and abs(now - document.sold_at) <= LATE
        flags = list(dict.fromkeys(_odd_clock_and_number(connection, document, place, now, live, marks)))
        known = snapshot(connection, place.version, place.tree_version)
        lines = [] if document.refund_of else _lines_sold(connection, document, place, sale, known, now, live, flags)
        flags += only.odd(connection, lines, known)

    def store(work: Work) -> None:
        nonlocal lines
        if document.refund_of:
            lines = lines_returned(work.connection, document, sale, _products(document, known))
            owed.check_refund(work.connection, document)
        approval, missing = approvals.judge(work.connection, document, place.register_id, place.discount_limit, person)
        flags.extend(missing)
        _add(work, document, sale | {"flags": " ".join(flags), "approval_id": approval}, lines)
        take(work, lines, "refund" if document.refund_of else "sale", person, document.sold_at)
        count(work, lines, bool(document.refund_of), now)

    try:
        write(store, reads=bool(document.refund_of or document.approval))
    except IntegrityError as refused:
        return _lost_the_race(document, person, now, refused)
    only.move(lines, known, person)
    code = verify_code(place.key_letter, place.secret, **signed(sale))
    return Recorded(document.id, sale["receipt"], sale["business_date"], code, tuple(flags), created=True)


def _products(document: Document, known: Snapshot) -> dict[str, int]:
    return {line.product: known.by_code[line.product].id for line in document.lines if line.product in known.by_code}


def _add(work: Work, document: Document, sale: dict[str, Any], lines: list[dict[str, Any]]) -> None:
    work.add(_INSERT_SALE, [sale])
    work.add(_INSERT_LINES, lines)
    paid = [{"sale_id": document.id, "position": i} | vars(each) for i, each in enumerate(document.payments)]
    work.add(_INSERT_PAYMENTS, paid)


# -- the sale and what is odd about it -----------------------------------------------------------------


def _sale(document: Document, place: Place, person: Person, now: datetime) -> dict[str, Any]:
    return {
        "id": document.id,
        "register_id": place.register_id,
        "number": document.number,
        "receipt": receipt_number(document.register, document.number),
        "gallery_id": place.gallery_id,
        "seller_id": place.unit_id,
        "cashier_id": place.named_cashier or person.id,
        "sold_at": document.sold_at,
        "recorded_at": now,
        "business_date": clock.day_of(document.sold_at, place.zone, place.cutoff),
        "zone": place.zone,
        "buyer": document.buyer,
        "buyer_ref": document.buyer_ref,
        "channel": document.channel,
        "refund_of": document.refund_of,
        "note": document.note,
        "discount": document.discount,
        "rounding": document.rounding,
        "total": document.total,
        "seller_name": place.unit_name,
        "gallery_name": place.gallery_name,
        "key_letter": place.key_letter,
        "document": document.canonical,
        "shift_id": document.shift if place.shift_state else None,
        "recorded_by_id": person.id,
    }


def _odd_clock_and_number(
    connection: Connection, document: Document, place: Place, now: datetime, live: bool, marks: Sequence[str]
) -> list[str]:
    flags = [*marks]
    if document.sold_at - now > LATE:
        flags.append("clock_ahead")
    if document.refund_of and _before_its_sale(connection, document):
        flags.append("before_sale")
    if not place.active:
        if live:
            raise RegisterClosed("Kasir %(register)s sudah ditutup.", register=document.register)
        flags.append("register_closed")
    if document.number > place.last + 1:
        new = abs(now - document.sold_at) <= LATE
        if new or document.number > place.last + LONGEST_GAP:  # the till gives it another one
            raise NumberTaken(
                "Nomor nota berikutnya adalah %(next)d.", next=place.last + 1, data={"next_number": place.last + 1}
            )
        flags.append("number_gap")
    return flags + odd_marks(document, place, live, marks)


def _before_its_sale(connection: Connection, document: Document) -> bool:
    original = _SOLD_AT.first(connection, id=document.refund_of)
    return original is not None and document.sold_at < original["sold_at"]


# -- lines of a sale -----------------------------------------------------------------------------------


def _lines_sold(
    connection: Connection,
    document: Document,
    place: Place,
    sale: dict[str, Any],
    known: Snapshot,
    now: datetime,
    live: bool,
    flags: list[str],
) -> list[dict[str, Any]]:
    """The lines with everything frozen on them that is true now."""
    terms = revenue.all_terms(connection, (place.version, place.tree_version))
    items = _items(document, known)
    instant = min(now, document.sold_at) if not live else now  # a clock that runs ahead sells at today's price
    rates = check_prices(document, items, instant, live, flags)
    lines = []
    for i, (line, item) in enumerate(zip(document.lines, items, strict=True)):
        cost = money.gross(line.quantity, item.price(instant).cost)
        scheme = revenue.in_force(terms, item.maker_path, sale["business_date"], item.id)
        split = revenue.split(scheme, line.amount, cost, item.wbp_made)
        lines.append(_frozen(sale, i, line, item) | {"rate": rates[i], "cost": cost} | _shared(split))
    return lines


def _frozen(sale: dict[str, Any], position: int, line: documents.Line, item: Item) -> dict[str, Any]:
    return {
        "sale_id": sale["id"],
        "position": position,
        "refund_position": None,
        "product_id": item.id,
        "barcode": line.product,
        "name": item.name,
        "category": item.category,
        "workshop": item.workshop,
        "unit_of_measure": item.unit_of_measure,
        "maker_id": item.maker_id,
        "maker_name": item.maker_name,
        "wbp_made": item.wbp_made,
        "stocked": not item.service,
        "gallery_id": sale["gallery_id"],
        "business_date": sale["business_date"],
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount": line.discount,
        "amount": line.amount,
    }


def _shared(split: revenue.Split) -> dict[str, Any]:
    return {
        "scheme_id": split.scheme_id,
        "base": split.base,
        "pnbp": split.of_kind("pnbp"),
        "premi": split.of_kind("premi"),
        "other_shares": split.of_kind("other"),
        "shares": split.as_json(),
    }


def _items(document: Document, known: Snapshot) -> list[Item]:
    wrong: dict[str, str | Sentence] = {}
    items = []
    for i, line in enumerate(document.lines):
        item = known.by_code.get(line.product)
        if item is None:
            wrong[f"lines.{i}.product"] = Sentence(N_("Kode %(code)s tidak dikenal."), code=line.product)
        elif line.quantity % money.THOUSAND and item.unit_of_measure not in DIVISIBLE:
            wrong[f"lines.{i}.quantity"] = Sentence(N_("%(name)s dijual utuh."), name=item.name)
        else:
            items.append(item)
    if wrong:
        raise InvalidDocument("Dokumen penjualan tidak benar.", fields=wrong)
    return items


# -- the same sale again, and conflicts ----------------------------------------------------------------


def _again(document: Document, place: Place, person: Person, now: datetime) -> Recorded:
    if place.known != document.canonical:
        _keep(document, document.id, person, now)
        raise OtherDocument("Nota dengan id ini sudah tercatat dengan isi lain.")
    sale = db.session.execute(sa.select(Sale.__table__).where(Sale.id == document.id)).one()._mapping
    return Recorded(
        document.id,
        sale["receipt"],
        sale["business_date"],
        verify_code_of(sale),
        tuple(sale["flags"].split()),
        created=False,
    )


def _lost_the_race(document: Document, person: Person, now: datetime, refused: IntegrityError) -> Recorded:
    """The database refused the rows: this sale arrived a moment ago, or its number belongs to another one."""
    with reading() as connection:
        place = look(connection, document, person)
    if place.known:
        return _again(document, place, person, now)
    holder = db.session.scalar(
        sa.select(Sale.id).where(Sale.register_id == place.register_id, Sale.number == document.number)
    )
    if holder is None:
        raise refused
    if abs(now - document.sold_at) > LATE:
        _keep(document, holder, person, now)
    raise NumberTaken(
        "Nomor %(number)s sudah dipakai nota lain; berikutnya %(next)d.",
        number=receipt_number(document.register, document.number),
        next=place.last + 1,
        data={"next_number": place.last + 1},
    )


def _keep(document: Document, sale_id: str, person: Person, now: datetime) -> None:
    """Keep a document that contradicts a recorded sale, once, for people to look at."""
    digest = hashlib.sha256(document.canonical.encode()).hexdigest()
    with suppress(IntegrityError), atomic() as session:  # someone else may be keeping the same one
        if not session.scalar(sa.select(SaleConflict.id).where(SaleConflict.digest == digest)):
            session.add(
                SaleConflict(
                    sale_id=sale_id,
                    digest=digest,
                    document=json.loads(document.canonical),
                    received_at=now,
                    user_id=person.id,
                )
            )


_SOLD_AT = Query(sa.select(Sale.sold_at).where(Sale.id == sa.bindparam("id", type_=Sale.id.type)))
_INSERT_SALE = Insert(Sale.__table__)
_INSERT_LINES = Insert(SaleLine.__table__)
_INSERT_PAYMENTS = Insert(Payment.__table__)

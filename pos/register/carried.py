"""Sales that come as a file instead of over the line: what static/js/carry.js wrote, brought in exactly once.

JSON lines: a head, a line a sale with the person who sold it, and a tail with the count and the CRC-32 of all lines
above. A damaged file is refused as a whole, for the device still has its sales; a refused sale is named, and the
others flow.
"""

import json
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pos.db import atomic, db
from pos.errors import N_, NotFound, PosError, Sentence
from pos.register import document as documents
from pos.register import services
from pos.register.document import Document
from pos.register.lookup import receipt_number
from pos.register.models import Sale
from pos.units.devices import named_seller
from pos.units.models import Gallery, Register, Unit
from pos.units.services import Person, log

KIND = "etalase-sales"
MOST_SALES = 20_000


class Unreadable(PosError):
    code = "unreadable_sales"


@dataclass(frozen=True)
class Carried:
    """One sale of a file: `status` is new, known (it is on the books already), recorded or refused."""

    line: int
    cashier: str
    body: Any
    status: str = "new"
    document: Document | None = None
    receipt: str = ""
    zone: str = "WIB"
    problems: tuple[Sentence, ...] = ()

    @property
    def sold_at(self) -> datetime | None:
        return self.document.sold_at if self.document else None


def read(data: bytes) -> list[Carried]:
    """The sales of a file as they stand there; `Unreadable` when it is none of ours, cut off or changed."""
    try:
        lines = data.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n").split("\n")
        head, tail = json.loads(lines[0]), json.loads(lines[-1])
        sales = [json.loads(line) for line in lines[1:-1]]
    except (ValueError, IndexError, RecursionError):
        raise Unreadable("Berkas ini bukan berkas nota dari halaman Kasir, atau terpotong.") from None
    if not isinstance(head, dict) or head.get("kind") != KIND or head.get("version") != 1:
        raise Unreadable("Berkas ini bukan berkas nota dari halaman Kasir.")
    whole = {"count": len(sales), "crc32": f"{zlib.crc32(chr(10).join(lines[:-1]).encode()):08x}"}
    if tail != whole or not all(isinstance(sale, dict) for sale in sales):
        raise Unreadable("Berkas ini rusak atau terpotong. Simpan ulang dari perangkat kasirnya.")
    if len(sales) > MOST_SALES:
        raise Unreadable("Paling banyak %(most)d nota sekali impor.", most=MOST_SALES)
    return [Carried(i, str(sale.get("cashier", "")), sale.get("document")) for i, sale in enumerate(sales, 2)]


def preview(carried: list[Carried], person: Person | None) -> list[Carried]:
    """What bringing them in would do, as far as can be seen without doing it; nothing is written."""
    return [_look(sale, person) for sale in carried]


def bring_in(carried: list[Carried], person: Person | None, filename: str) -> list[Carried]:
    """Record every sale exactly once, each in its own transaction; those already on the books stay as they are.

    Each is booked on the person who sold it, or on `person` when that one may not sell there. Without a `person`
    (a command on the server itself) such a sale is refused.
    """
    done = [_bring(sale, person) for sale in preview(carried, person)]
    with atomic():
        log("sales.import", filename, person, **counts(done))
    return done


def counts(carried: list[Carried]) -> dict[str, int]:
    statuses = [sale.status for sale in carried]
    return {status: statuses.count(status) for status in ("new", "recorded", "known", "refused")}


def _look(sale: Carried, person: Person | None) -> Carried:
    try:
        document = documents.read(sale.body)
        place = _place(document.register, person)
    except PosError as error:
        return _refused(sale, error)
    receipt = receipt_number(document.register, document.number)
    known = db.session.scalar(sa.select(Sale.document).where(Sale.id == document.id))
    status = "new" if known is None or known != document.canonical else "known"
    return replace(sale, document=document, receipt=receipt, zone=place.zone, status=status)


def _bring(sale: Carried, person: Person | None) -> Carried:
    if sale.document is None or sale.status != "new":
        return sale
    try:
        place = _place(sale.document.register, person)
        sold_by = named_seller(sale.cashier, place.path)
        by = replace(sold_by, path=place.path) if sold_by else person
        if by is None:
            raise NotFound("Penjual %(name)s tidak dikenal di kasir ini.", name=sale.cashier or "?")
        marks = () if sold_by else ("cashier_unknown",)
        recorded = services.record(sale.body, by, marks=marks)
    except PosError as error:
        return _refused(sale, error)
    return replace(sale, status="recorded" if recorded.created else "known", receipt=recorded.receipt)


def _place(register: str, person: Person | None) -> Unit:
    """The unit of the register with this code, in the person's scope."""
    unit = db.session.scalar(sa.select(Unit).join(Gallery).join(Register).where(Register.code == register))
    if unit is None or (person and not unit.path.startswith(person.path)):
        raise NotFound("Kasir %(register)s tidak ada atau di luar wewenang Anda.", register=register)
    return unit


def _refused(sale: Carried, error: PosError) -> Carried:
    fields = [Sentence(N_("%(field)s: %(what)s"), field=name, what=what) for name, what in error.fields.items()]
    return replace(sale, status="refused", problems=(error.sentence, *fields))

"""The auditor's bundle: everything of some days in one ZIP, with an index that says how much it is and its SHA-256."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO, Any

import sqlalchemy as sa
from flask_babel import force_locale

from pos import clock, money, sheets
from pos.db import atomic, db
from pos.errors import PosError
from pos.listing_pdf import Column, Listing, listing_pdf
from pos.receipts import printing, shift_paper
from pos.receipts.slip import day_text
from pos.register.models import Sale
from pos.register.shift_models import Shift
from pos.register.shift_reports import addendum, report
from pos.reports import board, bundle_tables, drill, specials, tables
from pos.reports.sums import View
from pos.reports.tables import Table
from pos.units import services as units
from pos.units.letterheads import letterhead_of
from pos.units.models import AuditEntry, Register, Unit
from pos.units.services import Person

MOST_NOTAS = 60_000
MOST_REPORTS = 1_000  # Z reports that are printed one by one; the list has all of them
MOST_IN_WORKBOOK = 10_000  # rows; what is longer comes as a CSV alone, for a workbook takes its seconds
MONEY = ("Total", "Nilai", "Omzet", "Dikembalikan", "Diskon", "Selisih", "Bersih", "Jumlah")
Z_WIDTH = 80


@dataclass(frozen=True)
class Part:
    """A file of the bundle."""

    name: str
    what: str
    rows: int
    total: int | None
    sha256: str


@dataclass(frozen=True)
class Counts:
    """How much there is, before it is gathered."""

    notas: int
    returns: int
    shifts: int
    entries: int


def at(person: Person, unit: Unit) -> Person:
    """The same reader, looking from a unit below their own."""
    return replace(person, unit_id=unit.id, unit_name=unit.name, level=unit.level, path=unit.path, zone=unit.zone)


def view_of(person: Person, since: Any, until: Any) -> View:
    return View(since, until, **drill.home(person).given())


def counts(view: View, person: Person) -> Counts:
    def count(query: Any) -> int:
        return int(db.session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0)

    notas = sa.select(Sale.id).select_from(Sale)
    entries = sa.select(AuditEntry.id).where(
        specials.within_days(view, AuditEntry.at, person.zone), AuditEntry.unit_id.in_(units.unit_ids(person))
    )
    return Counts(
        count(specials.of_sales(notas, view)),
        count(specials.of_sales(notas.where(Sale.refund_of.is_not(None)), view)),
        count(_shifts(view)),
        count(entries),
    )


def _shifts(view: View) -> Any:
    """Query of the ids of the shifts that began on these days."""
    query = sa.select(Shift.id, Shift.number, Register.code).select_from(Shift)
    query = query.join(Register, Register.id == Shift.register_id)
    query = query.where(Shift.business_date.between(view.since, view.until)).order_by(Register.code, Shift.number)
    return specials.placed(query, view, Register.gallery_id, Shift.business_date)


def write(
    view: View, person: Person, target: IO[bytes], progress: Callable[[int, int], None] = lambda _done, _of: None
) -> list[Part]:
    """Write the ZIP into `target`; always in Indonesian, and every table of one and the same instant.

    `progress` is told of every list and report that is in it.

    Raises `PosError` where the days hold more than one bundle carries.
    """
    board.hold_still()
    expected = counts(view, person)
    if expected.notas > MOST_NOTAS:
        raise PosError(
            "Lebih dari %(most)s nota pada hari-hari ini. Pilih rentang yang lebih pendek, atau satu unit.",
            most=money.grouped(MOST_NOTAS),
        )
    parts: list[Part] = []
    done, steps = 0, len(bundle_tables.PARTS) + min(expected.shifts, MOST_REPORTS)
    progress(done, steps)
    with force_locale("id"), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, content: bytes, what: str, rows: int, total: int | None = None) -> None:
            archive.writestr(name, content)
            parts.append(Part(name, what, rows, total, hashlib.sha256(content).hexdigest()))

        for table in bundle_tables.tables(view, person):
            for name, content in _files(table, view, person):
                put(name, content, table.title, len(table.rows), _money(table))
            progress(done := done + 1, steps)
        for name, content in _reports(view):
            put(name, content, "Laporan Z", 1)
            progress(done := min(done + 1, steps), steps)
        archive.writestr("SHA256SUMS.txt", "".join(f"{part.sha256}  {part.name}\n" for part in parts))
        archive.writestr("00-indeks.pdf", _index(parts, view, person))
    return parts


def _files(table: Table, view: View, person: Person) -> Iterator[tuple[str, bytes]]:
    """The table as a CSV, and as a workbook where one can hold it."""
    header, rows, total = tables.numbers(table)
    yield f"{table.name}.csv", sheets.to_csv(header, rows)
    if len(rows) <= MOST_IN_WORKBOOK:
        about = [table.title, *_about(view, person)]
        yield f"{table.name}.xlsx", sheets.to_xlsx(table.title, header, rows, total, about)


def _money(table: Table) -> int | None:
    """The sum that says how much money a table is about."""
    sums = {col.name: v for col, v in zip(table.columns, table.total, strict=False) if col.kind == "rupiah"}
    return next((sums[name] for name in MONEY if name in sums), None)


def _reports(view: View) -> Iterator[tuple[str, bytes]]:
    """Every Z on paper, with what reached its shift after the close; an X where the shift is still open."""
    found = db.session.execute(_shifts(view).limit(MOST_REPORTS)).all()
    texts = []
    for row in found:
        shift = db.session.get_one(Shift, row.id)
        content, late = report(shift), addendum(shift)
        kind, mark = ("z", printing.mark(None)) if content["closed_at"] else ("x", "")
        yield f"laporan-z/{kind}-{row.code}-{row.number:05d}.pdf", shift_paper.strip(content, late, Z_WIDTH, mark)
        texts.append(shift_paper.plain(content, late, Z_WIDTH, mark))
    if texts:
        yield "laporan-z/semua.txt", "\n\n".join(texts).encode()


def _about(view: View, person: Person) -> list[str]:
    return [person.unit_name, f"{day_text(view.since)} – {day_text(view.until)}"]


def _index(parts: list[Part], view: View, person: Person) -> bytes:
    """What the bundle holds, with letterhead; its own sum is the only one that cannot stand in it."""
    tables_only = [part for part in parts if not part.name.startswith("laporan-z/")]
    papers = [part for part in parts if part.name.startswith("laporan-z/")]
    rows = [
        (
            part.name,
            part.what,
            money.grouped(part.rows),
            "" if part.total is None else money.rupiah(part.total),
            part.sha256,
        )
        for part in (*tables_only, *papers)
    ]
    made = f"Disusun {_instant(person)} oleh {person.name}. Angka dilaporkan kasir; belum diverifikasi."
    note = "Cocokkan setiap berkas dengan SHA-256 di bawah ini (sha256sum -c SHA256SUMS.txt)."
    columns = [Column("Berkas"), Column("Isi"), Column("Baris", True), Column("Jumlah rupiah", True), Column("SHA-256")]
    head = letterhead_of(person.unit_id, person)
    return listing_pdf(
        Listing(
            "Berkas pemeriksaan",
            [*_about(view, person), made, note],
            columns,
            rows,
            page_of="Halaman {page} dari {pages}",
            letterhead=head,
            signers=head.signers,
            place_and_day=f"{head.city}, {day_text(clock.today(person.zone))}" if head.city else "",
        )
    )


def _instant(person: Person) -> str:
    return f"{clock.local(clock.now(), person.zone):%d-%m-%Y %H.%M} {person.zone}"


def remember(person: Person, view: View, parts: list[Part], by: Person | None) -> None:
    """That somebody took a bundle: who reads the log sees where figures went."""
    notas = next((part.rows for part in parts if part.name == "01-nota.csv"), 0)
    days = {"since": view.since.isoformat(), "until": view.until.isoformat()}
    with atomic():
        units.log("audit.bundle", person.unit_name, by, person.unit_id, notas=notas, **days)

"""The list of a unit's own officers: read from a file or from what was pasted, kept whole or not at all."""

import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from pos import sheets
from pos.campaigns.models import Officer
from pos.db import atomic, db
from pos.errors import N_, PosError, Sentence
from pos.units.services import Person, log

COLUMNS = ["nip", "nama"]
NUMBER = re.compile(r"[0-9A-Za-z]{4,20}")
MOST_DIGITS = 15  # that a spreadsheet keeps of a number
LONGEST_NAME = 80
MOST = 5_000
MOST_COMPLAINTS = 20

Rows = Iterable[tuple[int, Any, Any]]  # the row as people count it, number, name


def officers_of(person: Person) -> list[Officer]:
    """Those of the person's own unit, by name: nobody sees another unit's."""
    query = sa.select(Officer).where(Officer.unit_id == person.unit_id).order_by(Officer.name, Officer.number)
    return list(db.session.scalars(query))


def listed_elsewhere(person: Person) -> set[str]:
    """Numbers of the unit's list that another unit has on its own too."""
    own = sa.select(Officer.number).where(Officer.unit_id == person.unit_id)
    query = sa.select(Officer.number).where(Officer.unit_id != person.unit_id, Officer.number.in_(own))
    return set(db.session.scalars(query))


def from_file(data: bytes, filename: str) -> Rows:
    rows = sheets.read(data, filename)
    sheets.require(rows, COLUMNS, filename)
    return [(row.number, row.cells["nip"], row.cells["nama"]) for row in rows]


def from_text(text: str) -> Rows:
    """One line an officer, number and name apart by `;`, `,` or a tab; a heading is passed over."""
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        first, _sign, rest = re.sub(r"[\t,]", ";", line.strip()).partition(";")
        if line.strip() and first.strip().lower() not in ("nip", "nomor"):
            rows.append((number, first, rest))
    return rows


def replace(person: Person, rows: Rows) -> int:
    """Let the unit's list be these officers and no others; how many they are. `PosError` names each bad row."""
    wrong: list[Sentence] = []
    found: dict[str, str] = {}
    for row, number, name in rows:
        text, called = _number(number), " ".join(str(name or "").split())[:LONGEST_NAME]
        if text is None:
            wrong.append(
                Sentence(N_("Baris %(row)d: NIP tersimpan sebagai angka; ubah kolomnya menjadi teks."), row=row)
            )
        elif not NUMBER.fullmatch(text):
            wrong.append(Sentence(N_("Baris %(row)d: NIP harus 4 sampai 20 angka atau huruf."), row=row))
        elif not called:
            wrong.append(Sentence(N_("Baris %(row)d: nama kosong."), row=row))
        elif text in found:
            wrong.append(Sentence(N_("Baris %(row)d: NIP %(number)s sudah ada di atas."), row=row, number=text))
        else:
            found[text] = called
    if wrong or not found or len(found) > MOST:
        fields: dict[str, str | Sentence] = {f"row{i}": text for i, text in enumerate(wrong[:MOST_COMPLAINTS])}
        raise PosError("Daftar pegawai tidak disimpan. Perbaiki barisnya lalu kirim lagi.", fields=fields)
    with atomic() as session:
        session.execute(sa.delete(Officer).where(Officer.unit_id == person.unit_id))
        rows_kept = [{"unit_id": person.unit_id, "number": number, "name": name} for number, name in found.items()]
        session.execute(sa.insert(Officer), rows_kept)
        log("officers.replace", person.unit_name, person, count=len(found))
    return len(found)


def _number(cell: Any) -> str | None:
    """Without spaces and dots; None for a number that a spreadsheet has rounded already."""
    if isinstance(cell, int | float):
        text = str(int(cell))
        return text if len(text) <= MOST_DIGITS else None
    return re.sub(r"[\s.'-]", "", str(cell or ""))

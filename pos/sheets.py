"""Tables that people bring and take away: CSV as Excel writes it in Indonesia, and XLSX."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from pos.errors import PosError

MAX_ROWS = 50_000


class UnreadableFile(PosError):
    code = "unreadable_file"


@dataclass(frozen=True)
class Row:
    """One row: its number as the person's program shows it (the header is row 1), cells by column name."""

    number: int
    cells: dict[str, Any]


def read(data: bytes, filename: str) -> list[Row]:
    """Read a CSV (UTF-8 with or without BOM, or Windows-1252; `,` `;` or tab) or the first sheet of an XLSX.

    Column names are lower-cased and trimmed; CSV cells are `str`, XLSX cells keep Excel's type.
    """
    table = _xlsx(data) if data[:4] == b"PK\x03\x04" else _csv(data)
    if not table:
        raise UnreadableFile("Berkas %(file)s kosong.", file=filename)
    header = [str(cell or "").strip().lower() for cell in table[0]]
    rows = []
    for number, cells in enumerate(table[1:], start=2):
        if any(str(cell).strip() for cell in cells if cell is not None):
            rows.append(Row(number, dict(zip(header, list(cells) + [None] * len(header), strict=False))))
    if len(rows) > MAX_ROWS:
        raise UnreadableFile("Berkas %(file)s lebih dari %(most)d baris.", file=filename, most=MAX_ROWS)
    return rows


def require(rows: list[Row], columns: list[str], filename: str) -> None:
    """`UnreadableFile` naming the columns that are missing."""
    present = set(rows[0].cells) if rows else set()
    missing = [column for column in columns if column not in present]
    if missing:
        raise UnreadableFile(
            "Berkas %(file)s tidak punya kolom: %(columns)s.", file=filename, columns=", ".join(missing)
        )


def _csv(data: bytes) -> list[list[Any]]:
    if b"\x00" in data[:4096]:
        raise UnreadableFile("Berkas ini bukan CSV atau XLSX.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise UnreadableFile("Berkas CSV ini rusak: %(why)s.", why=str(error)) from error


def _xlsx(data: bytes) -> list[list[Any]]:
    import openpyxl
    from defusedxml import DefusedXmlException

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        return [list(row) for row in sheet.iter_rows(max_row=MAX_ROWS + 2, values_only=True)]
    except (DefusedXmlException, Exception) as error:
        raise UnreadableFile("Berkas XLSX ini tidak bisa dibaca.") from error

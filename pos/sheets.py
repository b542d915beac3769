"""Tables that people bring and take away: CSV as Excel writes it in Indonesia, and XLSX."""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import xlsxwriter
from defusedxml.ElementTree import fromstring

from pos.errors import PosError
from pos.money import grouped

MAX_ROWS = 50_000
MOST_TITLES = 10  # rows that may stand above the names of the columns
MAX_COLUMNS = 100
DELIMITERS = ";,\t"
MAX_UNPACKED = 40 * 1024 * 1024
WIDTHS_FROM = 200  # rows that say how wide a column is
LONGEST_CELL = 32_767  # characters of a text that a workbook can hold
ABOUT = "Keterangan"
MAX_PART = 8 * 1024 * 1024  # of a workbook's parts other than its sheets: those are read whole
TYPES = "[Content_Types].xml"  # of a workbook: what each of its parts is
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# How a workbook shows what it holds; a program set to Indonesian writes these with its own points and commas.
FORMATS: dict[type, str] = {
    datetime: "dd/mm/yyyy hh:mm",
    date: "dd/mm/yyyy",
    int: "#,##0",
    Decimal: "#,##0.###",
    float: "#,##0.###",
}


class UnreadableFile(PosError):
    code = "unreadable_file"


@dataclass(frozen=True)
class Row:
    """One row: its number as the person's program shows it (the header is row 1), cells by column name.

    `beyond` are the filled cells to the right of the last column that has a name.
    """

    number: int
    cells: dict[str, Any]
    beyond: tuple[Any, ...] = ()


# -- reading -------------------------------------------------------------------------------------------


def read(data: bytes, filename: str, under: frozenset[str] = frozenset()) -> list[Row]:
    """Read a CSV (UTF-8, UTF-16 or Windows-1252; `,` `;` or tab) or the first sheet of an XLSX.

    Column names are lower-cased and trimmed; CSV cells are `str`, XLSX cells keep Excel's type.
    Where `under` names columns, a title above the first row that has two of them is passed over.
    """
    table = _xlsx(data) if data[:4] == b"PK\x03\x04" else _csv(data, under)
    if not any(_filled(cell) for row in table for cell in row):
        raise UnreadableFile("Berkas %(file)s kosong.", file=filename)
    if len(table) > MAX_ROWS + 1:
        raise UnreadableFile("Berkas %(file)s lebih dari %(most)s baris.", file=filename, most=grouped(MAX_ROWS))
    top = _top(table, under) or 0
    header = _header(table[top])
    while header and not header[-1]:
        header.pop()
    twice = sorted({name for name, times in Counter(header).items() if name and times > 1})
    if twice:
        raise UnreadableFile(
            "Berkas %(file)s punya kolom bernama sama: %(columns)s.", file=filename, columns=", ".join(twice)
        )
    rows = []
    for number, cells in enumerate(table[top + 1 :], start=top + 2):
        if any(_filled(cell) for cell in cells):
            padded = list(cells) + [None] * (len(header) - len(cells))
            beyond = tuple(cell for cell in cells[len(header) :] if _filled(cell))
            rows.append(Row(number, dict(zip(header, padded, strict=False)), beyond))
    return rows


def _top(table: Sequence[Sequence[Any]], under: frozenset[str]) -> int | None:
    """Where the names of the columns stand: the first row that has two of `under`."""
    return next((i for i, row in enumerate(table[:MOST_TITLES]) if len(under & set(_header(row))) > 1), None)


def _header(row: Sequence[Any]) -> list[str]:
    return [str("" if cell is None else cell).strip().lower() for cell in row]


def require(rows: list[Row], columns: list[str], filename: str) -> None:
    """`UnreadableFile` naming the columns that are missing."""
    present = set(rows[0].cells) if rows else set()
    missing = [column for column in columns if column not in present]
    if missing:
        raise UnreadableFile(
            "Berkas %(file)s tidak punya kolom: %(columns)s.", file=filename, columns=", ".join(missing)
        )


def _filled(cell: Any) -> bool:
    return cell is not None and bool(str(cell).strip())


def _csv(data: bytes, under: frozenset[str]) -> list[list[Any]]:
    text = _decoded(data)
    first, _, rest = text.partition("\n")
    if first.strip().lower() in ("sep=;", "sep=,", "sep="):  # Excel's own hint; it does not count it as a row
        return _parted(rest, first.strip()[-1] if first.strip()[-1] != "=" else "\t", MAX_ROWS + 2)
    usual = sorted(DELIMITERS, key=first.count, reverse=True)
    if under:  # the first line may be a title, which says nothing of what parts the columns
        usual = [d for d in usual if _top(_parted(text, d, MOST_TITLES), under) is not None] or usual
    return _parted(text, usual[0], MAX_ROWS + 2)


def _parted(text: str, delimiter: str, most: int) -> list[list[Any]]:
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return [line[:MAX_COLUMNS] for line in islice(lines, most)]
    except csv.Error as error:
        raise UnreadableFile("Berkas CSV ini rusak: %(why)s.", why=str(error)) from error


def _decoded(data: bytes) -> str:
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnreadableFile("Ini berkas Excel lama (.xls). Simpan sebagai .xlsx atau .csv lalu coba lagi.")
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        if b"\x00" in data:
            raise UnreadableFile("Berkas ini bukan CSV atau XLSX.")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _xlsx(data: bytes) -> list[list[Any]]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size
        rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True)
        return [list(row) for row in islice(rows, MAX_ROWS + 2)]  # not all of them need say another number
    except UnreadableFile:
        raise
    except Exception as error:  # a damaged workbook fails anywhere inside the library
        raise UnreadableFile("Berkas XLSX ini tidak bisa dibaca.") from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """`UnreadableFile` where it unpacks to too much, or to too much of what is read whole.

    What a part is its type says, not where it lies: only sheets, and pictures that are nothing else, may be large.
    """
    sizes = {part.filename: part.file_size for part in archive.infolist()}
    if sum(sizes.values()) > MAX_UNPACKED or sizes.get(TYPES, 0) > MAX_PART:
        raise UnreadableFile("Berkas XLSX ini terlalu besar.")
    types = fromstring(archive.read(TYPES)) if TYPES in sizes else ()
    said = {part.get("PartName", "").lstrip("/"): part.get("ContentType", "") for part in types}
    for name, size in sizes.items():
        is_large = said[name].endswith(".worksheet+xml") if name in said else name.startswith("xl/media/")
        if size > MAX_PART and not is_large:
            raise UnreadableFile("Berkas XLSX ini terlalu besar.")


# -- writing -------------------------------------------------------------------------------------------


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with BOM and `;`, which Excel opens by a double click in Indonesia; numbers stay numbers.

    A text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_csv_cell(name) for name in header])
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    total: Sequence[Any] = (),
    about: Sequence[str] = (),
) -> bytes:
    """One sheet with a bold, frozen header; text is stored as text even where it looks like a formula.

    Numbers and days stay what they are, in the format in which people read them. `total` is a bold row below;
    `about` are lines on a second sheet, so that the first one holds nothing but the table.
    """
    out = io.BytesIO()
    lines = [list(row) for row in rows]
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        name = _sheet_name(title)
        sheet = _Sheet(book, name)
        sheet.paper.freeze_panes(1, 0)
        sheet.widen([list(header), *lines[:WIDTHS_FROM]])
        sheet.append(header, bold=True)
        for line in lines:
            sheet.append(line)
        if total:
            sheet.append(total, bold=True)
        if about:
            second = _Sheet(book, ABOUT if name.lower() != ABOUT.lower() else f"{ABOUT} 2")
            second.paper.set_column(0, 0, 80)
            for text in about:
                second.append([text])
    return out.getvalue()


class _Sheet:
    """A sheet that is written row by row and never read again."""

    def __init__(self, book: Any, name: str) -> None:
        self.book, self.paper, self.row = book, book.add_worksheet(name), 0
        self.formats: dict[tuple[str, bool, bool], Any] = {}

    def widen(self, lines: Sequence[Sequence[Any]]) -> None:
        """Make each column as wide as what stands in it."""
        for i, column in enumerate(zip(*lines, strict=True)):
            self.paper.set_column(i, i, min(max(len(str(cell)) for cell in column) + 2, 60))

    def append(self, cells: Iterable[Any], bold: bool = False) -> None:
        for column, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, str):
                is_formula = cell.startswith(FORMULA_STARTS)
                shown = "@" if is_formula or cell[:1].isdigit() else ""
                self.paper.write_string(
                    self.row, column, _visible(cell)[:LONGEST_CELL], self._format(shown, bold, is_formula)
                )
            elif isinstance(cell, bool):
                self.paper.write_boolean(self.row, column, cell, self._format("", bold))
            elif isinstance(cell, date):
                shown = FORMATS[datetime if isinstance(cell, datetime) else date]
                self.paper.write_datetime(self.row, column, cell, self._format(shown, bold))
            else:
                self.paper.write_number(self.row, column, cell, self._format(FORMATS[type(cell)], bold))
        self.row += 1

    def _format(self, shown: str, bold: bool, is_formula: bool = False) -> Any:
        """What is shown in this way, made once; nothing for what is shown as it is."""
        key = (shown, bold, is_formula)
        if key == ("", False, False):
            return None
        if key not in self.formats:
            wanted: dict[str, Any] = {"num_format": shown} if shown else {}
            wanted |= {"bold": True} if bold else {}
            wanted |= {"quote_prefix": True} if is_formula else {}
            self.formats[key] = self.book.add_format(wanted)
        return self.formats[key]


def _sheet_name(title: str) -> str:
    return "".join(char for char in title if char not in r"[]:*?/\'")[:31] or "Etalase"


def _csv_cell(cell: Any) -> Any:
    if isinstance(cell, Decimal | float):
        return str(cell).replace(".", ",")  # as a spreadsheet set to Indonesian reads it
    if isinstance(cell, str):
        cell = _visible(cell)
        return "'" + cell if cell.startswith(FORMULA_STARTS) else cell
    return cell


def _visible(text: str) -> str:
    """The text without what no spreadsheet can hold."""
    return text if text.isprintable() else "".join(char for char in text if char.isprintable() or char in "\t\n")

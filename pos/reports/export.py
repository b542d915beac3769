"""Tables that leave the house: CSV as Excel opens it in Indonesia, and XLSX with real numbers."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

Cell = str | int | float | date | datetime
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # no spreadsheet holds them
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Table:
    """A heading line, column names, and rows of texts, numbers and days."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write(table: Table, kind: str) -> bytes:
    """The file's bytes; `kind` is one of `FORMATS`."""
    return _csv(table) if kind == "csv" else _xlsx(table)


def _csv(table: Table) -> bytes:
    """UTF-8 with BOM and `;`: a double click opens it in columns where the comma is the decimal sign."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_plain(cell) for cell in row] for row in table.rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, float):
        return f"{cell:.3f}".rstrip("0").rstrip(".").replace(".", ",")
    if isinstance(cell, date):
        return cell.isoformat(sep=" ", timespec="minutes") if isinstance(cell, datetime) else cell.isoformat()
    if isinstance(cell, str):
        cell = UNSEEN.sub("", cell)
        return f"'{cell}" if cell.startswith(FORMULA) else cell  # never a formula, whoever named the product
    return cell


def _xlsx(table: Table) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "".join(char for char in table.title if char not in r"[]:*?/\'")[:31] or "Etalase"
    widths = [len(name) for name in table.columns]
    for r, row in enumerate([table.columns, *table.rows], start=1):
        for c, value in enumerate(row, start=1):
            cell = sheet.cell(r, c)
            cell.value = value = UNSEEN.sub("", value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"  # a text, also when it begins like a formula
                cell.quotePrefix = value.startswith(FORMULA)
            elif isinstance(value, float):
                cell.number_format = "#,##0.###"
            elif isinstance(value, int):
                cell.number_format = "#,##0"
            widths[c - 1] = max(
                widths[c - 1], len(str(value)) + (len(str(value)) // 3 if isinstance(value, int) else 0)
            )
    for c, width in enumerate(widths, start=1):
        sheet.cell(1, c).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(c)].width = min(60, width + 2)
    sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()

"""Tables of reports: the same rows as text on a page and on paper, and as numbers and days in a file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Response
from flask_babel import format_date, pgettext

from pos import clock, exports, money, sheets, web
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.stationery import Letterhead

NUMBERS = ("rupiah", "count", "quantity", "percent")


@dataclass(frozen=True)
class Col:
    """A heading, and what its cells hold.

    `text`; `rupiah`, `count`; `quantity` in thousandths; `percent` in tenths; `day`; `month` (its first day);
    `at` is (instant, zone). A cell may be None, which is shown as nothing.
    """

    name: str
    kind: str = "text"

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS


@dataclass(frozen=True)
class Table:
    """What a report says: `name` for its files, lines `about` it, its rows as values, and a row of sums or nothing."""

    name: str
    title: str
    about: Sequence[str]
    columns: Sequence[Col]
    rows: Sequence[Sequence[Any]]
    total: Sequence[Any] = ()


@dataclass(frozen=True)
class Field:
    """A column, and `of` what its cells come: the name of an attribute of what a row is about, or a function of it."""

    name: str
    of: str | Callable[[Any], Any]
    kind: str = "text"
    adds: bool = False  # whether its sum says something

    def cell(self, about: Any) -> Any:
        return getattr(about, self.of) if isinstance(self.of, str) else self.of(about)


@dataclass(frozen=True)
class Listed:
    """Columns and rows, and the places of those columns that add up."""

    columns: Sequence[Col]
    rows: Sequence[Sequence[Any]]
    adds: Sequence[int] = ()

    @property
    def total(self) -> list[Any]:
        """The row of sums; nothing where there is nothing to add."""
        if not self.rows or not self.adds:
            return []
        sums = [sum(row[i] or 0 for row in self.rows) if i in self.adds else None for i in range(len(self.columns))]
        return [pgettext("total", "Jumlah"), *sums[1:]]


def listed(fields: Sequence[Field], found: Iterable[Any]) -> Listed:
    """A row for each of `found`."""
    columns = [Col(field.name, field.kind) for field in fields]
    rows = [[field.cell(about) for field in fields] for about in found]
    return Listed(columns, rows, [i for i, field in enumerate(fields) if field.adds])


def instant(of: str, zone: str = "") -> Callable[[Any], tuple[datetime, str]]:
    """For a `Field` of kind `at`: the attribute `of` on the clock of `zone`, else of the row's own `zone`."""
    return lambda about: (getattr(about, of), zone or about.zone)


def shown(kind: str, value: Any) -> str:
    """A cell as people read it."""
    if value is None or value == "":
        return ""
    if kind == "text":
        return str(value)
    if kind == "at":
        return str(web.FILTERS["at"](*value))
    if kind in ("day", "month"):
        return str(format_date(value, "MMMM yyyy" if kind == "month" else "EEE, d MMM yyyy"))
    if kind == "percent":
        return f"{'-' if value < 0 else ''}{money.grouped(abs(value) // 10)},{abs(value) % 10}%"
    return {"rupiah": money.rupiah, "count": money.grouped, "quantity": money.quantity_text}[kind](value)


def plain(kind: str, value: Any) -> Any:
    """A cell as a spreadsheet holds it: numbers, days, and what the clock on the wall showed."""
    if value is None:
        return ""
    if kind == "quantity":
        return Decimal(value) / 1000 if value % 1000 else value // 1000
    if kind == "percent":
        return Decimal(value) / 10
    return wall(*value) if kind == "at" else value


def wall(instant: datetime, zone: str) -> datetime:
    return clock.local(instant, zone).replace(tzinfo=None, microsecond=0)


def file(table: Table, kind: str, letterhead: Letterhead | bool = True) -> Response:
    """The whole table as a CSV, an XLSX or a PDF with letterhead and signatures."""
    if len(table.rows) > sheets.MAX_ROWS:
        raise PosError(
            "Lebih dari %(most)d baris. Pilih periode yang lebih pendek, lalu unduh lagi.", most=sheets.MAX_ROWS
        )
    if kind == "pdf":
        columns = [Column(column.name, column.is_number) for column in table.columns]
        rows, total = texts(table)
        return exports.pdf(table.name, table.title, table.about, columns, rows, total, letterhead=letterhead)
    header, values, sums = numbers(table)
    return exports.sheet(table.name, kind, table.title, header, values, sums, table.about)


def texts(table: Table) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """The rows and the total as text."""
    kinds = [column.kind for column in table.columns]
    rows = [tuple(shown(kind, value) for kind, value in zip(kinds, row, strict=True)) for row in table.rows]
    return rows, tuple(_sum(kind, value, shown) for kind, value in zip(kinds, table.total, strict=False))


def numbers(table: Table) -> tuple[list[str], list[list[Any]], list[Any]]:
    """Header, rows and total as a spreadsheet holds them."""
    kinds = [column.kind for column in table.columns]
    rows = [[plain(kind, value) for kind, value in zip(kinds, row, strict=True)] for row in table.rows]
    total = [_sum(kind, value, plain) for kind, value in zip(kinds, table.total, strict=False)]
    return [column.name for column in table.columns], rows, total


def _sum(kind: str, value: Any, said: Any) -> Any:
    """A cell of the total: a word where its column has no sum."""
    return value if isinstance(value, str) else said(kind, value)


def day_of_month(key: str) -> date:
    """The first day of the month `202604`."""
    return date(int(key[:4]), int(key[4:]), 1)

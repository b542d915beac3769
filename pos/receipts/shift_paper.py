"""The report of a shift on the receipt printer's paper: the same rows as a PDF strip and as plain text.

Like the receipt it is in Indonesian whatever language the screen speaks. What is frozen in a Z prints the same for
ever; what reached its shift later stands at the end, marked.
"""

import textwrap
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_datetime

from pos import clock, money
from pos.paper import BOLD
from pos.receipts import text
from pos.receipts.pdf import SIZES, Roll
from pos.receipts.slip import day_text
from pos.receipts.text import COLUMNS, fold
from pos.register.words import METHOD_NAMES, TENDER_NAMES

MOVE_NAMES = {"cash_in": "Kas masuk", "cash_out": "Kas keluar"}


@dataclass(frozen=True)
class Row:
    """One row: a label with its value, or (without a value) a line of its own; "-" draws a rule."""

    label: str
    value: str = ""
    strong: bool = False


RULE = Row("-")


def title(report: dict[str, Any]) -> str:
    return f"Laporan {'Z' if report['closed_at'] else 'X'} {report['register']} #{report['number']}"


def rows(report: dict[str, Any], late: dict[str, Any] | None) -> list[Row]:
    """What the paper says below the head."""
    found = [Row("Dibuka", _at(report, "opened_at")), Row("Oleh", report["opened_by"])]
    if report["closed_at"]:
        found += [Row("Ditutup", _at(report, "closed_at")), Row("Oleh", report["closed_by"])]
    found += [Row("Serah terima", f"{_clock(report, one['at'])} {one['to']}") for one in report["handovers"]]
    found += [Row("Tanggal usaha", day_text(date.fromisoformat(report["business_date"]))), RULE]
    found += _takings(report) + [RULE]
    found += _drawer(report)
    if late:
        found += [RULE, Row("TAMBAHAN SETELAH TUTUP", strong=True), *_takings(late)]
    return found


def receipts_text(ranges: list[list[int]]) -> str:
    """`000001-000007, 000009`"""
    return ", ".join(f"{first:06d}" if first == last else f"{first:06d}-{last:06d}" for first, last in ranges) or "-"


def _takings(taken: dict[str, Any]) -> list[Row]:
    found = [Row("Nomor nota", receipts_text(taken["receipts"]))]
    found += [Row("Penjualan", f"{taken['notas']} nota"), Row("Kotor", money.grouped(taken["gross"]))]
    found += [Row("Diskon", money.grouped(-taken["discount"]))] if taken["discount"] else []
    found += [Row("Pembulatan", money.grouped(taken["rounding"]))] if taken["rounding"] else []
    found += [Row("JUMLAH", money.rupiah(taken["sold"]), strong=True)]
    if taken["returns"]:
        found += [Row(f"Retur ({taken['returns']} nota)", money.grouped(-taken["returned"]))]
    for method, sums in taken["methods"].items():
        name = TENDER_NAMES[method]
        found += [Row(name, money.grouped(sums["sold"]))] if sums["sold"] else []
        found += [Row(f"{name}, retur", money.grouped(-sums["returned"]))] if sums["returned"] else []
    if len(taken["cashiers"]) > 1:
        found += [Row(f"  {one['name']} ({one['notas']})", money.grouped(one["net"])) for one in taken["cashiers"]]
    return found


def _drawer(report: dict[str, Any]) -> list[Row]:
    settled = report.get("settled", {})
    found = [Row(f"Pelunasan, {METHOD_NAMES[method]}", money.grouped(amount)) for method, amount in settled.items()]
    found.append(Row("Uang awal", money.grouped(report["opening_cash"])))
    for move in report["moves"]:
        sign = 1 if move["kind"] == "cash_in" else -1
        found.append(Row(MOVE_NAMES[move["kind"]], money.grouped(sign * move["amount"])))
        found.append(Row(f"  {_clock(report, move['at'])} {move['reason']}"))
    if report["expected"] is None:
        return found
    variance = report["counted"] - report["expected"]
    found += [
        Row("Seharusnya di laci", money.rupiah(report["expected"])),
        Row("Terhitung", money.rupiah(report["counted"])),
        Row("SELISIH", _signed(variance), strong=True),
    ]
    return found + ([Row(f"Alasan: {report['reason']}")] if report["reason"] else [])


def _signed(variance: int) -> str:
    return f"+{money.rupiah(variance)}" if variance > 0 else money.rupiah(variance)


def stamp(instant: datetime, zone: str) -> str:
    """When a paper was printed: `26-04-2026 09.31`."""
    return f"{clock.local(instant, zone):%d-%m-%Y %H.%M}"


def _at(report: dict[str, Any], name: str) -> str:
    local = clock.local(clock.parse(report[name]), report["zone"])
    return f"{format_datetime(local, 'd MMM yyyy HH.mm', locale='id')} {report['zone']}"


def _clock(report: dict[str, Any], instant: str) -> str:
    return f"{clock.local(clock.parse(instant), report['zone']):%H.%M}"


# -- on paper ------------------------------------------------------------------------------------------


def strip(report: dict[str, Any], late: dict[str, Any] | None, width: int, mark: str, when: str = "") -> bytes:
    """The PDF on paper of `width` (58 or 80) millimetres; `mark` says which copy it is, `when` it was printed."""
    roll = Roll(width, SIZES[width])
    roll.centre(report["gallery"], roll.size * 1.35, BOLD)
    roll.centre(report["unit"])
    roll.gap(0.8)
    roll.centre(title(report), roll.size * 1.25, BOLD)
    if mark:
        roll.centre(mark, roll.size * 1.25, BOLD)
    roll.rule()
    for row in [*rows(report, late), *_when(when)]:
        if row == RULE:
            roll.rule()
        elif row.value:
            roll.pair(row.label, row.value, roll.size * 1.2 if row.strong else None, *([BOLD] if row.strong else []))
        else:
            roll.left(row.label.strip(), roll.size if row.strong else roll.size * 0.9, *([BOLD] if row.strong else []))
    return roll.pdf(title(report), report["gallery"])


def plain(report: dict[str, Any], late: dict[str, Any] | None, width: int, mark: str, when: str = "") -> str:
    """The same as text for `width` (58 or 80) millimetres, no line longer than the columns."""
    columns = COLUMNS[width]
    head = (report["gallery"].upper(), report["unit"], title(report), *([f"** {mark} **"] if mark else []))
    lines = [part.center(columns) for text in head for part in textwrap.wrap(fold(text), columns)]
    lines.append("-" * columns)
    for row in [*rows(report, late), *_when(when)]:
        lines += ["-" * columns] if row == RULE else _lines(row, columns)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def printed(report: dict[str, Any], late: dict[str, Any] | None, columns: int, mark: str, when: str) -> list[text.Row]:
    """The same for a receipt printer of so many columns."""
    head = [(report["gallery"].upper(), True), (report["unit"], False), (title(report), True)]
    head += [(f"** {mark} **", True)] if mark else []
    found = [row for line, strong in head for row in text.centred(line, columns, strong)]
    for row in [RULE, *rows(report, late), *_when(when)]:
        lines = ["-" * columns] if row == RULE else _lines(row, columns)
        found += [text.Row(line, row.strong) for line in lines]
    return found


def _when(when: str) -> list[Row]:
    return [RULE, Row("Dicetak", when)] if when else []


def _lines(row: Row, columns: int) -> list[str]:
    label, value = fold(row.label), fold(row.value)
    if value and len(label) + 1 + len(value) <= columns:
        return [label + value.rjust(columns - len(label))]
    indent = label[: len(label) - len(label.lstrip())]
    left = textwrap.wrap(label.strip(), columns, initial_indent=indent, subsequent_indent=indent)
    return left + [part.rjust(columns) for part in textwrap.wrap(value, columns)]

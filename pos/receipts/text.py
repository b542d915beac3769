"""The receipt in 32 or 48 columns of plain ASCII, which every receipt printer has."""

import textwrap
import unicodedata
from dataclasses import dataclass

from pos import money
from pos.receipts.slip import CHECK, THANKS, Item, Slip

COLUMNS = {58: 32, 80: 48}
_MEANT = {"×": "x", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "•": "*", "·": "-"}


@dataclass(frozen=True)
class Row:
    """One line of print: never longer than the columns; `strong` ones are printed bold and tall."""

    text: str
    strong: bool = False


def fold(text: str) -> str:
    """Printable ASCII only: accents dropped, what has no ASCII shown as `?`, control characters gone.

    A name must not be able to open the drawer or change the code page of a printer.
    """
    return "".join(map(_fold, text))


def _fold(char: str) -> str:
    if char in _MEANT:
        return _MEANT[char]
    if unicodedata.category(char)[0] in "CZM":  # control, space, combining mark
        return " " if char.isspace() else ""
    plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore").decode()
    return "".join(c for c in plain if " " <= c <= "~") or "?"


def plain(slip: Slip, width: int) -> str:
    """The whole receipt as text for `width` (58 or 80) millimetres, lines ending in a newline."""
    columns = COLUMNS[width]
    rows = [*rows_above_qr(slip, columns), *rows_below_qr(slip, columns)]
    address = [Row(part) for part in wrapped(slip.address, columns)]
    return "".join(f"{row.text.rstrip()}\n" for row in [*rows, *address])


def rows_above_qr(slip: Slip, columns: int) -> list[Row]:
    rule = Row("-" * columns)
    rows = centred(slip.gallery.upper(), columns, strong=True)
    for text in (slip.unit, *slip.contact):
        rows += centred(text, columns)
    rows += _mark(slip, columns)
    rows += [rule, *pair(slip.title, slip.receipt, columns, strong=bool(slip.refund_of))]
    if slip.refund_of:
        rows += pair("Atas nota", slip.refund_of, columns)
    rows += pair("Waktu", slip.when, columns)
    if slip.business_day:
        rows += pair("Tanggal usaha", slip.business_day, columns)
    rows += pair("Kasir", slip.cashier, columns) + pair("Pembeli", slip.buyer, columns) + [rule]
    for item in slip.items:
        rows += _item(item, columns)
    rows.append(rule)
    for label, amount in slip.sums:
        rows += pair(label, money.grouped(amount), columns)
    rows += pair("TOTAL", money.rupiah(slip.total), columns, strong=True)
    for label, amount in slip.paid:
        rows += pair(label, money.grouped(amount), columns)
    return [*rows, rule]


def rows_below_qr(slip: Slip, columns: int) -> list[Row]:
    rows = centred(CHECK, columns)
    for text in (slip.typed_at, slip.receipt, slip.code):
        rows += centred(text, columns)
    return [*rows, Row(""), *centred(THANKS, columns), *_mark(slip, columns)]


def _mark(slip: Slip, columns: int) -> list[Row]:
    return centred(f"** {slip.mark} **", columns, strong=True) if slip.mark else []


def _item(item: Item, columns: int) -> list[Row]:
    rows = [Row(part) for part in wrapped(item.name, columns)]
    rows += pair(f"  {item.quantity} x {money.grouped(item.unit_price)}", money.grouped(item.gross), columns)
    rows += [Row(f"  {item.rate}")] if item.rate else []
    if item.discount:
        rows += pair("  Diskon", money.grouped(-item.discount), columns)
    return rows + [Row(f"  {part}") for part in wrapped(f"Buatan {item.maker}", columns - 2)]


def pair(label: str, value: str, columns: int, strong: bool = False) -> list[Row]:
    """`label` to the left and `value` to the right; on lines of their own where both do not fit."""
    label, value = fold(label), fold(value)
    room = columns - len(label) - 1
    if len(value) <= room:
        return [Row(label + value.rjust(columns - len(label)), strong)]
    indent = label[: len(label) - len(label.lstrip())]
    above = [Row(indent + part, strong) for part in wrapped(label, columns - len(indent))]
    return above + [Row(part.rjust(columns), strong) for part in wrapped(value, columns)]


def centred(text: str, columns: int, strong: bool = False) -> list[Row]:
    """`text` in the middle, on as many rows as it takes."""
    return [Row(part.center(columns).rstrip(), strong) for part in wrapped(text, columns)]


def wrapped(text: str, columns: int) -> list[str]:
    return textwrap.wrap(fold(text), columns, break_on_hyphens=False)

"""Codes as whole printer dots: the modules of python-barcode and segno, and how wide each may be printed."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import segno
from barcode.codex import Code128
from barcode.ean import EAN8, EAN13
from barcode.upc import UPCA

from pos.catalog.services import has_valid_check_digit
from pos.errors import N_, PosError, Sentence

WIDEST, NARROWEST = 0.40, 0.25  # millimetres a module may be: readable at a glance, readable at all
EDGE = 0.5  # millimetres between a symbol's quiet zone and the edge of its label, for a roll that wanders
SQUARE_WIDEST, SQUARE_NARROWEST = 0.80, 0.33  # the same of a QR code, which a phone reads at arm's length
SQUARE_QUIET = 4  # modules
TINY = 1e-6


class Unprintable(PosError):
    """A code that cannot become a symbol."""

    code = "unprintable_code"


class TooWide(Unprintable):
    """A code whose symbol is wider than the label."""


@dataclass(frozen=True)
class Symbol:
    """A barcode in modules: `bars` are (start, width) from the first bar; the quiet zones stand beside it."""

    code: str
    bars: tuple[tuple[int, int], ...]
    width: int
    quiet_left: int
    quiet_right: int

    @property
    def total(self) -> int:
        """Modules with both quiet zones, which are part of the symbol and never shrink."""
        return self.quiet_left + self.width + self.quiet_right

    def dots(self, room: float, dpi: int) -> int | None:
        """Printer dots for each module on a label `room` millimetres wide; None when it does not fit."""
        dot = 25.4 / dpi
        fitting = int((room - 2 * EDGE) / dot) // self.total
        dots = min(fitting, int(WIDEST / dot))
        return dots if dots >= math.ceil(NARROWEST / dot) else None


@dataclass(frozen=True)
class Square:
    """A QR code in modules: its dark runs as (column, row, length), without the quiet zone round it."""

    text: str
    runs: tuple[tuple[int, int, int], ...]
    width: int

    @property
    def total(self) -> int:
        """Modules across with both quiet zones."""
        return self.width + 2 * SQUARE_QUIET

    def dots(self, room: float, dpi: int) -> int | None:
        """Printer dots for each module in a square of `room` millimetres; None when it does not fit."""
        dot = 25.4 / dpi
        dots = min(int(room / dot + TINY) // self.total, int(SQUARE_WIDEST / dot))
        return dots if dots >= math.ceil(SQUARE_NARROWEST / dot) else None


@lru_cache(maxsize=512)
def squares_for(text: str) -> tuple[Square, ...]:
    """QR codes that say `text`, the one that bears the most damage first."""
    found = []
    for level in ("m", "l"):
        rows = ["".join("1" if module else "0" for module in row) for row in segno.make_qr(text, error=level).matrix]
        runs = (
            (run.start(), y, run.end() - run.start()) for y, row in enumerate(rows) for run in re.finditer("1+", row)
        )
        found.append(Square(text, tuple(runs), len(rows)))
    return tuple(found)


class _Code128(Code128):
    """Code 128 that keeps a leading pair `99`, which upstream takes for a change of set and drops."""

    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        return encoded if self.code[:2].isdigit() else super()._try_to_optimize(encoded)


# symbology: class, digits, quiet zones in modules, name for people
_RETAIL: dict[str, tuple[Any, int, int, int, str]] = {
    "ean13": (EAN13, 13, 11, 7, "EAN-13"),
    "ean8": (EAN8, 8, 7, 7, "EAN-8"),
    "upca": (UPCA, 12, 9, 9, "UPC-A"),
}
OWN_DIGITS = 8
CODE128_QUIET = 10


@lru_cache(maxsize=4096)
def symbol_for(code: str, symbology: str) -> Symbol:
    """The symbol that says exactly `code`; `Unprintable` where the library would quietly say something else."""
    if symbology in _RETAIL:
        kind, digits, left, right, title = _RETAIL[symbology]
        _check_digits(code, digits, title)
        return _symbol(code, kind(code).build()[0], left, right)
    if symbology == "own":
        _check_digits(code, OWN_DIGITS, N_("galeri"))
    elif not re.fullmatch(r"[ -~]+", code):
        raise Unprintable("Kode %(code)s memuat tanda yang tidak bisa dijadikan barcode.", code=repr(code))
    return _symbol(code, _Code128(code).build()[0], CODE128_QUIET, CODE128_QUIET)


def _symbol(code: str, modules: str, left: int, right: int) -> Symbol:
    bars = tuple((run.start(), run.end() - run.start()) for run in re.finditer("1+", modules))
    return Symbol(code, bars, len(modules), left, right)


def _check_digits(code: str, digits: int, title: str) -> None:
    # `[0-9]`, not `\d`: the libraries take digits of other scripts, scanners do not.
    if not re.fullmatch(rf"[0-9]{{{digits}}}", code) or not has_valid_check_digit(code):
        raise Unprintable(
            "Kode %(code)s bukan kode %(title)s yang benar: harus %(digits)d angka dengan angka pemeriksa yang cocok.",
            code=code,
            title=Sentence(title),
            digits=digits,
        )

"""Paper that every printed page shares: sizes in millimetres, the bundled face, text that fits."""

import unicodedata
from functools import cache, lru_cache
from importlib import resources

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FACE, BOLD = "Roboto Condensed", "Roboto Condensed Bold"
A4 = (210.0, 297.0)  # millimetres
MM = mm  # points in a millimetre
LEADING = 1.1  # of the type size, from baseline to baseline in a block of wrapped text
SMALLEST = 2.5  # points; what is still smaller is not type

__all__ = [
    "A4",
    "BOLD",
    "FACE",
    "LEADING",
    "MM",
    "block_height",
    "fit",
    "legible",
    "load_fonts",
    "millimetres",
    "shrink",
    "width",
    "wrap",
]


@cache
def load_fonts() -> None:
    """Register the bundled faces with ReportLab, once."""
    for name, file in ((FACE, "RobotoCondensed-Regular.ttf"), (BOLD, "RobotoCondensed-Bold.ttf")):
        with resources.as_file(resources.files("pos").joinpath("fonts", file)) as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))


@lru_cache(maxsize=5_000)
def legible(text: str, face: str = FACE) -> str:
    """`text` with `?` for each character the face cannot draw (ReportLab would silently leave it out)."""
    load_fonts()
    glyphs = pdfmetrics.getFont(face).face.charToGlyph
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    missing = {char for char in composed if ord(char) not in glyphs}
    return "".join("?" if char in missing else char for char in composed) if missing else composed


def millimetres(value: float) -> str:
    """`66,04` for people: at most hundredths, a comma before them."""
    return f"{round(value, 2):g}".replace(".", ",")


def width(text: str, size: float, face: str = FACE) -> float:
    """The width of `text` in millimetres at `size` points."""
    return size * _width(text, face)


@lru_cache(maxsize=20_000)
def _width(text: str, face: str) -> float:
    """Millimetres at one point: type is as many times wider as it is larger, and text is as wide as its letters."""
    load_fonts()
    return float(pdfmetrics.stringWidth(text, face, 1)) / MM


def wrap(text: str, room: float, size: float, face: str = FACE) -> list[str]:
    """Lines no wider than `room` millimetres; a word longer than a line is broken."""
    lines = [""]
    used, space = 0.0, width(" ", size, face)
    for word in text.split():
        wide = width(word, size, face)
        if not lines[-1]:
            used = -space
        if used + space + wide <= room:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
            used += space + wide
            continue
        if lines[-1]:
            lines.append("")
        used = 0.0
        for char in word:
            wide = width(char, size, face)
            if used + wide > room:
                lines.append("")
                used = 0.0
            lines[-1] += char
            used += wide
    return [line for line in lines if line]


def shrink(text: str, room: float, lines: int, sizes: tuple[float, ...], face: str = FACE) -> tuple[float, list[str]]:
    """The largest of `sizes` (points) at which `text` wraps into `lines`; the smallest one if none does."""
    for size in sorted(sizes, reverse=True):
        wrapped = wrap(text, room, size, face)
        if len(wrapped) <= lines:
            return size, wrapped
    return size, wrapped


def block_height(lines: int, size: float) -> float:
    """How high `lines` of wrapped text at `size` points are, in millimetres, from cap height to descender."""
    return ((lines - 1) * LEADING + 0.94) * size / MM if lines else 0.0


def fit(
    text: str, room: float, height: float, largest: float, face: str = FACE, smallest: float = SMALLEST
) -> tuple[float, list[str]]:
    """The largest type (points, in quarters) in which `text` wraps into `room` x `height` millimetres.

    Where even `smallest` is too large, that: `block_height` then says more than `height`.
    A word is broken only where it would otherwise have to be set at half the size that breaking allows.
    """
    best: tuple[float, list[str]] | None = None
    size = largest
    while size >= smallest:
        wrapped = wrap(text, room, size, face)
        if block_height(len(wrapped), size) <= height:
            best = best or (size, wrapped)
            if max((width(word, size, face) for word in text.split()), default=0) <= room:
                return size, wrapped
            if size <= best[0] / 2:
                break
        size -= 0.25
    return best or (size + 0.25, wrapped)

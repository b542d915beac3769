"""Paper that every printed page shares: sizes in millimetres, the bundled face, text that fits."""

from functools import cache
from importlib import resources

from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FACE, BOLD = "Roboto Condensed", "Roboto Condensed Bold"
A4 = (210.0, 297.0)  # millimetres
MM = mm  # points in a millimetre

__all__ = ["A4", "BOLD", "FACE", "MM", "load_fonts", "shrink", "width", "wrap"]


@cache
def load_fonts() -> None:
    """Register the bundled faces with ReportLab, once."""
    for name, file in ((FACE, "RobotoCondensed-Regular.ttf"), (BOLD, "RobotoCondensed-Bold.ttf")):
        with resources.as_file(resources.files("pos").joinpath("fonts", file)) as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))


def width(text: str, size: float, face: str = FACE) -> float:
    """The width of `text` in millimetres at `size` points."""
    load_fonts()
    return float(pdfmetrics.stringWidth(text, face, size)) / MM


def wrap(text: str, room: float, size: float, face: str = FACE) -> list[str]:
    """Lines no wider than `room` millimetres; a word longer than a line is broken."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if width(joined, size, face) <= room:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for char in word:
            if width(lines[-1] + char, size, face) > room:
                lines.append("")
            lines[-1] += char
    return [line for line in lines if line]


def shrink(text: str, room: float, lines: int, sizes: tuple[float, ...], face: str = FACE) -> tuple[float, list[str]]:
    """The largest of `sizes` (points) at which `text` wraps into `lines`; the smallest one if none does."""
    for size in sorted(sizes, reverse=True):
        wrapped = wrap(text, room, size, face)
        if len(wrapped) <= lines:
            return size, wrapped
    return size, wrapped

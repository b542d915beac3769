"""The receipt as a PDF strip: as wide as the roll, as long as what is on it, and the same bytes every time."""

import io
from collections.abc import Callable
from functools import cache
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from pos import money, paper
from pos.paper import BOLD, FACE, MM
from pos.receipts import qr
from pos.receipts.slip import CHECK, PAPERS, THANKS, Item, Slip

SIZES = {58: 9.0, 80: 10.0}  # points
LEADING = 1.22
POINT = 25.4 / 72  # millimetres
ABOVE, BELOW = 3.0, 6.0  # millimetres free at both ends


def strip(slip: Slip, width: int) -> bytes:
    """The PDF of `slip` on paper of `width` (58 or 80) millimetres."""
    roll = Roll(width, SIZES[width])
    _head(roll, slip)
    for item in slip.items:
        _item(roll, item)
    roll.rule()
    _total(roll, slip)
    _proof(roll, slip)
    return roll.pdf(f"{slip.title.title()} {slip.receipt}", slip.gallery)


def _head(roll: "Roll", slip: Slip) -> None:
    roll.centre(slip.gallery, roll.size * 1.35, BOLD)
    roll.gap(0.4)
    for text in (slip.unit, *slip.contact):
        roll.centre(text)
    roll.rule()
    if slip.mark:
        roll.centre(slip.mark, roll.size * 1.5, BOLD)
    if slip.refund_of:
        roll.centre(slip.title, roll.size * 1.5, BOLD)
    roll.pair("Nomor", slip.receipt, face=BOLD)
    if slip.refund_of:
        roll.pair("Retur atas nota", slip.refund_of, face=BOLD)
    roll.pair("Waktu", slip.when)
    if slip.business_day:
        roll.pair("Tanggal usaha", slip.business_day)
    roll.pair("Kasir", slip.cashier)
    roll.pair("Pembeli", slip.buyer)
    roll.rule()


def _item(roll: "Roll", item: Item) -> None:
    roll.left(item.name, face=BOLD)
    roll.pair(f"{item.quantity} × {money.grouped(item.unit_price)}", money.grouped(item.gross))
    if item.rate:
        roll.left(item.rate)
    if item.discount:
        roll.pair("Diskon", money.grouped(-item.discount))
    roll.left(f"Buatan {item.maker}", roll.size * 0.88)
    roll.gap(0.9)


def _total(roll: "Roll", slip: Slip) -> None:
    for label, amount in slip.sums:
        roll.pair(label, money.grouped(amount))
    roll.pair("TOTAL", money.rupiah(slip.total), roll.size * 1.5, BOLD)
    roll.gap(0.4)
    for label, amount in slip.paid:
        roll.pair(label, money.grouped(amount))
    roll.rule()


def _proof(roll: "Roll", slip: Slip) -> None:
    roll.centre(f"{CHECK} {slip.typed_at}", roll.size * 0.94)
    roll.symbol(slip.address)
    roll.centre(slip.receipt, face=BOLD)
    roll.centre(slip.code, face=BOLD)
    roll.gap(1.6)
    roll.centre(THANKS, roll.size * 0.94)


class Roll:
    """Rows set one under the other; drawn when their length is known."""

    def __init__(self, width: int, size: float) -> None:
        paper.load_fonts()
        self.width, self.room, self.size = float(width), PAPERS[width], size
        self.margin = (self.width - self.room) / 2
        self.height = ABOVE
        self.drawings: list[Callable[[Any, float], None]] = []

    def left(self, text: str, size: float | None = None, face: str = FACE) -> None:
        self._lines(text, size or self.size, face, lambda canvas, y, line: canvas.drawString(self.margin * MM, y, line))

    def centre(self, text: str, size: float | None = None, face: str = FACE) -> None:
        middle = self.width / 2 * MM
        self._lines(text, size or self.size, face, lambda canvas, y, line: canvas.drawCentredString(middle, y, line))

    def right(self, text: str, size: float | None = None, face: str = FACE) -> None:
        edge = (self.margin + self.room) * MM
        self._lines(text, size or self.size, face, lambda canvas, y, line: canvas.drawRightString(edge, y, line))

    def pair(self, label: str, value: str, size: float | None = None, face: str = FACE) -> None:
        """Both on one line where they fit, else the value under the label."""
        size = size or self.size
        if paper.width(shown(f"{label}  {value}"), size, face) <= self.room:
            before = self.height
            self.left(label, size, face)
            self.height = before
        else:
            self.left(label, size, face)
        self.right(value, size, face)

    def rule(self) -> None:
        at = self.height + 1.2

        def draw(canvas: Any, height: float) -> None:
            canvas.setLineWidth(2 * qr.DOT * MM)
            y = (height - at) * MM
            canvas.line(self.margin * MM, y, (self.margin + self.room) * MM, y)

        self.drawings.append(draw)
        self.height += 2.4

    def gap(self, millimetres: float) -> None:
        self.height += millimetres

    def symbol(self, address: str) -> None:
        """The QR in the middle, on the printer's dots in both directions."""
        top = round(self.height / qr.DOT) * qr.DOT
        side = symbol_side(address)
        left = round((self.width - side) / 2 / qr.DOT) * qr.DOT
        self.drawings.append(lambda canvas, height: draw_symbol(canvas, address, left, height - top - side))
        self.height = top + side

    def pdf(self, title: str, author: str) -> bytes:
        height = -(-(self.height + BELOW) // qr.DOT) * qr.DOT
        buffer = io.BytesIO()
        canvas = canvas_for(buffer, self.width, height, title, author)
        for draw in self.drawings:
            draw(canvas, height)
        canvas.save()
        return buffer.getvalue()

    def _lines(self, text: str, size: float, face: str, put: Callable[[Any, float, str], None]) -> None:
        for line in paper.wrap(shown(text), self.room, size, face):
            baseline = self.height + size * POINT

            def draw(canvas: Any, height: float, line: str = line, baseline: float = baseline) -> None:
                canvas.setFont(face, size)
                put(canvas, (height - baseline) * MM, line)

            self.drawings.append(draw)
            self.height += size * LEADING * POINT


# -- shared with the kwitansi --------------------------------------------------------------------------


def canvas_for(buffer: io.BytesIO, width: float, height: float, title: str, author: str) -> Any:
    """A canvas in millimetres' points whose file depends on nothing but what is drawn."""
    paper.load_fonts()
    canvas = Canvas(
        buffer, pagesize=(width * MM, height * MM), invariant=1, lang="id-ID", initialFontName=FACE, pageCompression=1
    )
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setCreator("Etalase")
    canvas.setViewerPreference("PrintScaling", "None")
    return canvas


MODULE = qr.DOTS * qr.DOT  # millimetres


def symbol_side(address: str, module: float = MODULE) -> float:
    return qr.side(qr.modules(address)) * module


def draw_symbol(canvas: Any, address: str, left: float, bottom: float, module: float = MODULE) -> None:
    """The QR with its quiet zone, lower left corner and module in millimetres; one path."""
    rows = qr.modules(address)
    path = canvas.beginPath()
    top = bottom + qr.side(rows) * module
    for x, y, length in qr.runs(rows):
        path.rect(
            (left + (x + qr.QUIET) * module) * MM,
            (top - (y + qr.QUIET + 1) * module) * MM,
            length * module * MM,
            module * MM,
        )
    canvas.drawPath(path, stroke=0, fill=1)


def shown(text: str) -> str:
    """`text` with `?` for what the face cannot draw, which ReportLab would drop without a word."""
    return "".join(char if char.isspace() or ord(char) in _glyphs() else "?" for char in text)


@cache
def _glyphs() -> frozenset[int]:
    paper.load_fonts()
    return frozenset(pdfmetrics.getFont(FACE).face.charToGlyph)

"""What official papers here have in common: letterhead, tables, the root in groups and as a QR code, page numbers."""

import io
from collections.abc import Sequence
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

import segno
from reportlab.lib.colors import HexColor, black
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from pos import paper
from pos.paper import BOLD, FACE, MM
from pos.stationery import Numbered
from pos.verification import proof

RULE, SHADE, MUTED = HexColor("#9aa6a6"), HexColor("#eceeec"), HexColor("#51666c")
QUIET = 4  # modules round a QR code
WIDTH = 170.0  # millimetres between the margins
ALIGN = {"left": TA_LEFT, "center": TA_CENTER, "justify": TA_JUSTIFY}


def say(text: str, size: float = 10.5, face: str = FACE, align: str = "left", after: float = 0) -> Paragraph:
    style = ParagraphStyle(
        "", fontName=face, fontSize=size, leading=size * 1.35, alignment=ALIGN[align], spaceAfter=after * MM
    )
    return Paragraph(escape(paper.legible(text, face)), style)


def gap(height: float) -> Spacer:
    return Spacer(1, height * MM)


def letterhead(*names: str) -> list[Flowable]:
    """The ministry's directorate, and below it who writes; the last and largest is the node itself."""
    *above, last = ("Direktorat Jenderal Pemasyarakatan", *(name for name in names if name not in ("", "Ditjenpas")))
    head: list[Flowable] = [say(name.upper(), 10, align="center") for name in above]
    return [*head, say(last.upper(), 15, BOLD, "center"), gap(1.5), Line(0.9), gap(0.8), Line(0.25), gap(6)]


class Line(Flowable):
    """A rule across the page, `weight` points thick."""

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = weight

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        return width, self.weight

    def draw(self) -> None:
        self.canv.setLineWidth(self.weight)
        self.canv.line(0, 0, self.width, 0)


class Code(Flowable):
    """A QR code of `side` millimetres holding `text`."""

    def __init__(self, text: str, side: float) -> None:
        super().__init__()
        self.rows, self.side = [bytes(row) for row in segno.make_qr(text, error="m").matrix], side

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        return self.side * MM, self.side * MM

    def draw(self) -> None:
        module = self.side * MM / (len(self.rows) + 2 * QUIET)
        path = self.canv.beginPath()
        for y, row in enumerate(self.rows):
            for x, dark in enumerate(row):
                if dark:
                    path.rect((x + QUIET) * module, (len(self.rows) - 1 - y + QUIET) * module, module, module)
        self.canv.setFillColor(black)
        self.canv.drawPath(path, stroke=0, fill=1)


def root_block(root: str, what: str, command: str = "") -> Table:
    """The root for people (groups of four) and for cameras, side by side."""
    groups = proof.grouped(root).split()
    lines = [say(" ".join(groups[i : i + 8]), 11.5, BOLD) for i in (0, 8)]
    cells = [[Code(root, 32), [say(what, 9.5), *([say(command, 9.5)] if command else []), gap(1), *lines]]]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("BOX", (0, 0), (-1, -1), 0.5, RULE),
        ("PADDING", (0, 0), (-1, -1), 6),
    ]
    return Table(cells, [36 * MM, (WIDTH - 36) * MM], style=style)


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], numbers: int, total: bool = True
) -> Table:
    """Columns from the `numbers`-th on stand to the right; the last row is the total. Long texts wrap."""
    cells: list[list[Any]] = [[say(name, 8.5, BOLD) if i < numbers else name for i, name in enumerate(head)]]
    for n, row in enumerate(rows):
        face = BOLD if total and n == len(rows) - 1 else FACE
        cells.append([say(cell, 9, face) if i < numbers else cell for i, cell in enumerate(row)])
    last = (0, -1), (-1, -1)
    style: list[tuple[Any, ...]] = [
        ("FONT", (0, 0), (-1, -1), FACE, 9),
        ("FONT", (0, 0), (-1, 0), BOLD, 8.5),
        ("BACKGROUND", (0, 0), (-1, 0), SHADE),
        ("ALIGN", (numbers, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, RULE),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        *([("FONT", *last, BOLD, 9), ("LINEABOVE", *last, 0.9, black)] if total else []),
    ]
    return Table(cells, [width * MM for width in widths], repeatRows=1, style=style)


def build(title: str, parts: Sequence[Flowable], foot: str) -> bytes:
    """A4 upright with numbered pages; the same content makes the same bytes."""
    paper.load_fonts()
    out = io.BytesIO()
    side = (paper.A4[0] - WIDTH) / 2
    document = SimpleDocTemplate(
        out,
        pagesize=(paper.A4[0] * MM, paper.A4[1] * MM),
        leftMargin=side * MM - 6,
        rightMargin=side * MM - 6,
        topMargin=14 * MM,
        bottomMargin=18 * MM,
        title=title,
        author="Etalase",
        creator="Etalase",
        lang="id-ID",
        invariant=1,
    )
    document.build(list(parts), canvasmaker=partial(Numbered, partial(_foot, foot)))
    return out.getvalue()


def _foot(text: str, canvas: Canvas, page: int, pages: int) -> None:
    canvas.setFont(FACE, 8)
    canvas.setFillColor(MUTED)
    canvas.drawString(20 * MM, 10 * MM, paper.legible(text))
    canvas.drawRightString(190 * MM, 10 * MM, f"Halaman {page} dari {pages}")

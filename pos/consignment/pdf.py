"""The statement of goods on consignment on A4: what was sold of a maker's goods, what is due, and room to sign."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import HRFlowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from pos import money, paper
from pos.paper import BOLD, FACE, MM

MARGIN = 20.0  # millimetres
WIDTHS = (66.0, 22.0, 22.0, 30.0, 30.0)  # of the table's columns, in millimetres


@dataclass(frozen=True)
class Statement:
    """Everything as it is printed; `rows` are goods (name, sold, returned, rupiah sold, rupiah returned)."""

    seller: str
    kanwil: str  # above the seller; empty where it is one itself
    address: str
    maker: str
    period: str
    rows: Sequence[Sequence[str]]
    sums: Sequence[tuple[str, str]]
    due: int
    place_and_day: str


def statement_pdf(one: Statement) -> bytes:
    """The letterhead of the seller, the goods, the sums and two places to sign."""
    paper.load_fonts()
    out = io.BytesIO()
    width, height = paper.A4
    document = SimpleDocTemplate(
        out,
        pagesize=(width * MM, height * MM),
        leftMargin=MARGIN * MM,
        rightMargin=MARGIN * MM,
        topMargin=14 * MM,
        bottomMargin=16 * MM,
        title=f"Titip jual {one.maker} di {one.seller}",
        author="Etalase",
        lang="id-ID",
        invariant=1,
    )
    document.build([*_letterhead(one), *_body(one), KeepTogether(_foot(one))])
    return out.getvalue()


def _text(text: str, size: float = 10.5, face: str = FACE, centred: bool = False) -> Paragraph:
    style = ParagraphStyle("", fontName=face, fontSize=size, leading=size * 1.3)
    if centred:
        style.alignment = TA_CENTER
    return Paragraph(escape(paper.legible(text, face)), style)


def _letterhead(one: Statement) -> list[Any]:
    lines = [("DIREKTORAT JENDERAL PEMASYARAKATAN", 10.0, FACE), (one.kanwil.upper(), 10.0, FACE)]
    lines += [(one.seller.upper(), 14.0, BOLD), (one.address, 9.5, FACE)]
    head: list[Any] = [_text(text, size, face, True) for text, size, face in lines if text]
    rules = [HRFlowable("100%", 0.8 * MM, color="black", spaceBefore=4, spaceAfter=1), HRFlowable("100%", 0.6)]
    return [*head, *rules, Spacer(1, 5 * MM)]


def _body(one: Statement) -> list[Any]:
    head = [_text("LAPORAN TITIP JUAL", 15, BOLD, True), _text(one.period, 10.5, FACE, True), Spacer(1, 4 * MM)]
    said = f"Barang buatan {one.maker} yang dijual di galeri {one.seller}:"
    names = ("Barang", "Terjual", "Kembali", "Penjualan (Rp)", "Retur (Rp)")
    cells = [names, *([_text(row[0], 9.5), *row[1:]] for row in one.rows)]
    style = [
        ("FONT", (0, 0), (-1, -1), FACE, 9.5),
        ("FONT", (0, 0), (-1, 0), BOLD, 9.5),
        ("ALIGN", (1, 0), (-1, -1), "RIGHT"),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 1, "black"),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, "grey"),
    ]
    table = Table(cells, [width * MM for width in WIDTHS], style=style, repeatRows=1)
    return [*head, _text(said), Spacer(1, 2 * MM), table, Spacer(1, 3 * MM)]


def _foot(one: Statement) -> list[Any]:
    style = [
        ("FONT", (0, 0), (-1, -1), FACE, 10.5),
        ("FONT", (0, -1), (-1, -1), BOLD, 13),
        ("ALIGN", (1, 0), (1, -1), "RIGHT"),
        ("LINEABOVE", (0, -1), (-1, -1), 0.8, "black"),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ]
    sums = Table([list(row) for row in one.sums], [110 * MM, 60 * MM], style=style)
    words = f"Terbilang: {money.words(one.due)}"
    blank = "." * 46
    signs = [
        [_text(one.place_and_day, 10.5, FACE, True), ""],
        [_text("Pihak penjual,", 10.5, FACE, True), _text("Pihak pembuat,", 10.5, FACE, True)],
        [Spacer(1, 22 * MM), ""],
        [_text(f"( {blank} )", 10.5, FACE, True), _text(f"( {blank} )", 10.5, FACE, True)],
        [_text(one.seller, 9.5, FACE, True), _text(one.maker, 9.5, FACE, True)],
    ]
    return [sums, Spacer(1, 2 * MM), _text(words), Spacer(1, 10 * MM), Table(signs, [85 * MM, 85 * MM])]

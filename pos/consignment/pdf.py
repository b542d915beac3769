"""The statement of goods on consignment on A4: what was sold of a maker's goods, what is due, and room to sign."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table

from pos import money, paper, stationery
from pos.paper import BOLD, FACE, MM
from pos.stationery import Letterhead, Signer

MARGIN = 20.0  # millimetres
WIDTHS = (58.0, 26.0, 26.0, 30.0, 30.0)  # of the table's columns, in millimetres
FRAME = 6.0  # points that ReportLab keeps free within each margin
FLUSH = [("LEFTPADDING", (0, 0), (0, -1), 0), ("RIGHTPADDING", (-1, 0), (-1, -1), 0)]  # text under the rules' ends


@dataclass(frozen=True)
class Statement:
    """Everything as it is printed; `rows` are goods (name, sold, returned, rupiah sold, rupiah returned)."""

    letterhead: Letterhead  # the seller's
    seller: str
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
        leftMargin=MARGIN * MM - FRAME,
        rightMargin=MARGIN * MM - FRAME,
        topMargin=14 * MM,
        bottomMargin=16 * MM,
        title=f"Titip jual {one.maker} di {one.seller}",
        author="Etalase",
        lang="id-ID",
        invariant=1,
    )
    head = stationery.head(one.letterhead, width - 2 * MARGIN)
    document.build([*head, *_body(one), KeepTogether(_foot(one))])
    return out.getvalue()


def _text(text: str, size: float = 10.5, face: str = FACE, centred: bool = False) -> Paragraph:
    style = ParagraphStyle("", fontName=face, fontSize=size, leading=size * 1.3)
    if centred:
        style.alignment = TA_CENTER
    return Paragraph(escape(paper.legible(text, face)), style)


def _body(one: Statement) -> list[Any]:
    head = [_text("LAPORAN TITIP JUAL", 15, BOLD, True), _text(one.period, 10.5, FACE, True), Spacer(1, 4 * MM)]
    said = f"Barang buatan {one.maker} yang dijual di galeri {one.seller}:"
    names = ("Barang", "Terjual", "Kembali", "Penjualan (Rp)", "Retur (Rp)")
    cells = [names, *([_text(row[0], 9.5), *row[1:]] for row in one.rows)]
    style = [
        *FLUSH,
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
        *FLUSH,
        ("FONT", (0, 0), (-1, -1), FACE, 10.5),
        ("FONT", (0, -1), (-1, -1), BOLD, 13),
        ("ALIGN", (1, 0), (1, -1), "RIGHT"),
        ("LINEABOVE", (0, -1), (-1, -1), 0.8, "black"),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ]
    sums = Table([list(row) for row in one.sums], [110 * MM, 60 * MM], style=style)
    words = f"Terbilang: {money.words(one.due)}"
    signers = [Signer(one.seller, heading="Pihak penjual,"), Signer(one.maker, heading="Pihak pembuat,")]
    signs = stationery.signatures(signers, one.place_and_day, paper.A4[0] - 2 * MARGIN)
    return [sums, Spacer(1, 2 * MM), _text(words), *signs]

"""A list on A4, as long as it is: what it shows, its rows as on the screen, its total, numbered pages."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

from pos import paper, stationery
from pos.errors import PosError
from pos.paper import BOLD, FACE, MM
from pos.stationery import Letterhead, Numbered, Signer

MOST_ROWS = 5000  # above a hundred sheets; nobody prints more, and a spreadsheet holds it
MARGIN, FOOT = 12.0, 9.0  # millimetres: beside and above the list, and from the foot line to the edge
SIZES = (9.0, 8.0, 7.0, 6.0)  # points
WIDEST, LONGEST = 60.0, 34.0  # millimetres that a column of texts asks for, and that a word is kept whole in
GAP = 1.7  # millimetres on each side of a cell
PADDINGS = (1.8, 0.9)  # millimetres above and below a row's text together: the closer one where it saves a sheet
LEADING = 1.2  # of the type size
RULE_FROM = 50  # rows that say how high rows are as a rule
LONGEST_LINE = 400  # characters of what somebody searched for
FRAME = 6.0  # points that ReportLab's frame keeps free on each side
WITH_SIGNATURES = 3  # rows at least that stand on the page on which one signs
INK, MUTED, RULE, SHADE = HexColor("#16323a"), HexColor("#51666c"), HexColor("#c9d2d2"), HexColor("#e9eeed")


class TooLong(PosError):
    code = "too_long"


@dataclass(frozen=True)
class Column:
    """Its heading; numbers stand to the right and are never broken."""

    name: str
    is_number: bool = False


@dataclass(frozen=True)
class Listing:
    """Everything is text as people read it; `about` are lines under the title, `total` is a row or nothing.

    `page_of` has the places `{page}` and `{pages}`.
    """

    title: str
    about: Sequence[str]
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    total: Sequence[str] = ()
    page_of: str = "{page} / {pages}"
    language: str = "id-ID"
    letterhead: Letterhead | None = None
    signers: Sequence[Signer] = ()
    place_and_day: str = ""  # above the last of the signatures


def listing_pdf(listing: Listing) -> bytes:
    """The list upright where its columns fit beside one another, else on its side."""
    if len(listing.rows) > MOST_ROWS:
        raise TooLong(
            "Lebih dari %(most)s baris terlalu panjang untuk PDF. Saring dahulu, atau unduh XLSX.",
            most=f"{MOST_ROWS:,}".replace(",", "."),
        )
    paper.load_fonts()
    rows = [
        [paper.legible(text) for text in row] for row in (*listing.rows, *([listing.total] if listing.total else ()))
    ]
    names = [paper.legible(column.name) for column in listing.columns]
    sheet, size, widths = _layout(listing.columns, names, rows)
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=(sheet[0] * MM, sheet[1] * MM),
        leftMargin=MARGIN * MM - FRAME,
        rightMargin=MARGIN * MM - FRAME,
        topMargin=MARGIN * MM - FRAME,
        bottomMargin=(FOOT + 5) * MM,
        title=listing.title,
        author="Etalase",
        creator="Etalase",
        lang=listing.language,
        invariant=1,
    )
    wide = (document.width - 2 * FRAME) / MM
    head = stationery.head(listing.letterhead, wide) if listing.letterhead else []
    head.append(Paragraph(escape(paper.legible(listing.title, BOLD)), _style(BOLD, 15, INK)))
    head += [Paragraph(escape(paper.legible(line)[:LONGEST_LINE]), _style(FACE, 9.5, MUTED)) for line in listing.about]
    head.append(Spacer(1, 3 * MM))
    room = document.height - 2 * FRAME
    taken = sum(_height(part, wide, room) for part in head)
    foot = stationery.signatures(listing.signers, listing.place_and_day, wide) if listing.signers else []
    last = room - sum(_height(part, wide, room) for part in foot)
    body = _tables(listing, [names, *rows], widths, size, (room - taken, room, last))
    document.build([*head, *body, *foot], canvasmaker=partial(Numbered, partial(_foot, listing)))
    return out.getvalue()


def _height(part: Any, wide: float, room: float) -> float:
    high = part.wrap(wide * MM, room)[1]
    return float(high + part.getSpaceBefore() + part.getSpaceAfter())


def _style(face: str, size: float, color: Any) -> ParagraphStyle:
    return ParagraphStyle("", fontName=face, fontSize=size, leading=size * 1.3, textColor=color)


# -- how wide --------------------------------------------------------------------------------------------


def _layout(
    columns: Sequence[Column], names: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[tuple[float, float], float, list[float]]:
    """The sheet (millimetres), the size of the type and the widths of the columns (millimetres)."""
    upright, lying = paper.A4, paper.A4[::-1]
    largest: tuple[float, list[float]] | None = None  # of the types in which every word is whole
    texts = [{row[i] for row in rows} for i in range(len(columns))]
    for size in SIZES:
        wanted, least = [], []
        for column, name, cells in zip(columns, names, texts, strict=True):
            full = max((paper.width(text, size, BOLD) for text in {name, *cells}), default=0) + 2 * GAP
            words = {word for text in {name, *cells} for word in text.split()}
            word = max((paper.width(word, size, BOLD) for word in words), default=0) + 2 * GAP
            wanted.append(full if column.is_number else min(full, WIDEST))
            least.append(full if column.is_number else min(word, LONGEST, wanted[-1]))
        if size == SIZES[0] and sum(wanted) <= upright[0] - 2 * MARGIN:
            return upright, size, _shared(wanted, wanted, upright[0] - 2 * MARGIN)
        widths = _shared(least, wanted, lying[0] - 2 * MARGIN)
        if sum(least) <= lying[0] - 2 * MARGIN:
            largest = largest or (size, widths)
            if _is_calm(rows, widths, size):
                return lying, size, widths
    return lying, *(largest or (size, widths))


def _is_calm(rows: Sequence[Sequence[str]], widths: Sequence[float], size: float) -> bool:
    """Whether rows take two lines at the most, as a rule; smaller type reads better than columns of single words."""
    few = rows[:: max(1, len(rows) // RULE_FROM)]
    high = [
        max(len(paper.wrap(text, width - 2 * GAP + 0.01, size, BOLD)) for text, width in zip(row, widths, strict=True))
        for row in few
    ]
    return sum(high) <= 2 * len(high)


def _shared(least: list[float], wanted: list[float], room: float) -> list[float]:
    """Widths that fill `room`: from what is needed towards what is wanted, the same part of the way for all."""
    low, high = sum(least), sum(wanted)
    if high <= room or low >= room:
        return [width * room / (high if high <= room else low) for width in (wanted if high <= room else least)]
    part = (room - low) / (high - low)
    return [a + (b - a) * part for a, b in zip(least, wanted, strict=True)]


# -- the table -------------------------------------------------------------------------------------------


def _tables(
    listing: Listing,
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    size: float,
    room: tuple[float, float, float],
) -> list[Any]:
    """A table for each page, under the headings (the first of `rows`); `room` is that of the first, of the others,
    and of one on which somebody signs.

    Every text is wrapped once and the pages are cut here: ReportLab's own way takes a time that grows with the square.
    """
    wrapped: dict[tuple[str, float], str] = {}
    for row in rows:
        for text, width in zip(row, widths, strict=True):
            if (text, width) not in wrapped:
                wrapped[text, width] = "\n".join(paper.wrap(text, width - 2 * GAP + 0.01, size, BOLD))
    cells = [[wrapped[text, width] for text, width in zip(row, widths, strict=True)] for row in rows]
    parts: list[Any] = []
    padding, heights, pages = _paged(cells, size, room, bool(listing.total))
    for start, end in pages:
        style = _style_of(listing.columns, size, padding, with_total=bool(listing.total) and end == len(cells))
        part = Table(
            [cells[0], *cells[start:end]],
            [width * MM for width in widths],
            [heights[0], *heights[start:end]],
            style=style,
        )
        parts += [part, PageBreak()]
    return parts[:-1]


def _paged(
    cells: Sequence[Sequence[str]], size: float, room: tuple[float, float, float], with_total: bool
) -> tuple[float, list[float], list[tuple[int, int]]]:
    """How close rows stand, how high each is, and the pages: the widest of the spacings that need the fewest."""
    lines = [max(text.count("\n") for text in row) + 1 for row in cells]
    found = []
    for padding in PADDINGS:
        heights = [count * size * LEADING + padding * MM for count in lines]
        found.append((padding, heights, _cut(heights, room, with_total)))
    return min(found, key=lambda one: len(one[2]))


def _cut(heights: Sequence[float], room: tuple[float, float, float], with_total: bool) -> list[tuple[int, int]]:
    """From where to where the rows of each page go; neither a total nor a signature stands alone."""
    pages, start, left = [], 1, room[0] - heights[0]
    for i, height in enumerate(heights[1:], start=1):
        if height > left and i > start:
            before = i - 1 if with_total and i == len(heights) - 1 and i - 1 > start else i
            pages.append((start, before))
            start, left = before, room[1] - heights[0] - sum(heights[before:i])
        left -= height
    apart = max(start + 1, len(heights) - WITH_SIGNATURES)
    if left < room[1] - room[2] and apart < len(heights):
        pages.append((start, apart))
        start = apart
    return [*pages, (start, len(heights))]


def _style_of(columns: Sequence[Column], size: float, padding: float, with_total: bool) -> list[tuple[Any, ...]]:
    everything, heading, total = ((0, 0), (-1, -1)), ((0, 0), (-1, 0)), ((0, -1), (-1, -1))
    style: list[tuple[Any, ...]] = [
        ("FONT", *everything, FACE, size, size * LEADING),
        ("FONT", *heading, BOLD, size, size * LEADING),
        ("TEXTCOLOR", *everything, INK),
        ("BACKGROUND", *heading, SHADE),
        ("VALIGN", *everything, "TOP"),
        ("VALIGN", *heading, "BOTTOM"),
        ("LEFTPADDING", *everything, GAP * MM),
        ("RIGHTPADDING", *everything, GAP * MM),
        ("TOPPADDING", *everything, padding * MM * 0.4),
        ("BOTTOMPADDING", *everything, padding * MM * 0.6),
        ("LINEBELOW", *everything, 0.4, RULE),
        ("LINEBELOW", *heading, 0.9, INK),
        *(("ALIGN", (i, 0), (i, -1), "RIGHT") for i, column in enumerate(columns) if column.is_number),
    ]
    if with_total:
        style += [("FONT", *total, BOLD, size, size * LEADING), ("LINEABOVE", *total, 0.9, INK)]
    return style


def _foot(listing: Listing, canvas: Canvas, page: int, pages: int) -> None:
    left, right = MARGIN * MM, canvas._pagesize[0] - MARGIN * MM
    number = listing.page_of.format(page=page, pages=pages)
    canvas.setFont(FACE, 8)
    canvas.setFillColor(MUTED)
    canvas.drawRightString(right, FOOT * MM, number)
    room = (right - left) / MM - paper.width(number, 8) - 5
    canvas.drawString(left, FOOT * MM, (paper.wrap(paper.legible(listing.title), room, 8) or [""])[0])

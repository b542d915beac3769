"""What makes a sheet official: the letterhead above, below it who signs, where and when, and which sheet it is."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import HRFlowable, Image, Paragraph, Spacer, Table

from pos import paper
from pos.paper import BOLD, FACE, MM

LOGO = 20.0  # millimetres, at most, on each side
MOST_SIGNERS = 3
SPACE_TO_SIGN = 17.0  # millimetres
BLANK = "." * 44  # where a name is written by hand
INK, MUTED = HexColor("#16323a"), HexColor("#51666c")


@dataclass(frozen=True)
class Signer:
    """Who signs: what stands above (`Mengetahui,`), the position, and the name and NIP where they are known."""

    position: str
    name: str = ""
    number: str = ""
    heading: str = ""


@dataclass(frozen=True)
class Letterhead:
    """Lines from the ministry down to the unit, whose own is the last; where to find it; and who usually signs."""

    lines: Sequence[str]
    address: Sequence[str] = ()
    city: str = ""
    logo: bytes = b""
    signers: Sequence[Signer] = ()


def head(letterhead: Letterhead, width: float) -> list[Any]:
    """The letterhead as ReportLab's flowables, `width` millimetres wide, with its double rule."""
    *above, own = [paper.legible(line.upper(), BOLD) for line in letterhead.lines] or [""]
    parts = [Paragraph(escape(line), _style(FACE, 11, centred=True)) for line in above]
    parts.append(Paragraph(escape(own), _style(BOLD, 13.5, centred=True)))
    parts += [
        Paragraph(escape(paper.legible(line)), _style(FACE, 8.5, MUTED, centred=True)) for line in letterhead.address
    ]
    side = LOGO + 4
    logo = _logo(letterhead.logo) if letterhead.logo else ""
    table = Table(
        [[logo, parts, ""]],
        [side * MM, (width - 2 * side) * MM, side * MM],
        style=[
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 0),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
        ],
    )
    rules = [
        HRFlowable(width="100%", thickness=thick, color=INK, spaceBefore=0, spaceAfter=after)
        for thick, after in ((1.6, 1.2), (0.5, 4 * MM))
    ]
    return [table, *rules]


def signatures(signers: Sequence[Signer], place_and_day: str, width: float) -> list[Any]:
    """The block in which `signers` sign, side by side, the last under `place_and_day`; one row, so never parted."""
    shown = list(signers[:MOST_SIGNERS])
    shown = [Signer(""), *shown] if len(shown) == 1 else shown  # one alone signs on the right
    last = len(shown) - 1
    cells = [_signer(signer, place_and_day if i == last else "") for i, signer in enumerate(shown)]
    table = Table([cells], [width * MM / len(shown)] * len(shown), style=[("VALIGN", (0, 0), (-1, -1), "TOP")])
    return [Spacer(1, 8 * MM), table]


def _signer(signer: Signer, above: str) -> list[Any]:
    if not (signer.position or signer.name or signer.heading):
        return []
    plain = _style(FACE, 9.5, centred=True)
    lines = [above, signer.heading, *signer.position.splitlines()]
    parts: list[Any] = [Paragraph(escape(paper.legible(line)) or "&nbsp;", plain) for line in lines]
    parts.append(Spacer(1, SPACE_TO_SIGN * MM))
    name = paper.legible(signer.name, BOLD)
    parts.append(
        Paragraph(f"<u>{escape(name)}</u>", _style(BOLD, 9.5, centred=True)) if name else Paragraph(BLANK, plain)
    )
    parts.append(Paragraph(f"NIP {escape(paper.legible(signer.number))}", plain))
    return parts


def _logo(content: bytes) -> Any:
    wide, high = ImageReader(io.BytesIO(content)).getSize()
    scale = LOGO * MM / max(wide, high)
    return Image(io.BytesIO(content), wide * scale, high * scale)


def _style(face: str, size: float, color: Any = INK, centred: bool = False) -> ParagraphStyle:
    return ParagraphStyle(
        "", fontName=face, fontSize=size, leading=size * 1.25, textColor=color, alignment=1 if centred else 0
    )


class Numbered(Canvas):
    """Keeps the pages until it knows how many there are, then has `foot` write each one's (canvas, page, pages)."""

    def __init__(self, foot: Callable[[Canvas, int, int], None], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.foot = foot
        self.kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # ReportLab calls it so
        self.kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for page, state in enumerate(self.kept, start=1):
            self.__dict__.update(state)
            self.foot(self, page, len(self.kept))
            super().showPage()
        super().save()

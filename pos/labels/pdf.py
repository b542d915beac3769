"""Labels as PDF: true millimetres, bars in whole printer dots, each product drawn once.

Everything that repeats is said once: a product's type and bars are Form XObjects, size and resources stand
on the page tree, and pages with the same labels share one stream. Ten thousand labels stay small and flat.
"""

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from pos import paper
from pos.errors import N_, PosError, Sentence
from pos.labels.design import Drawing, Label, draw
from pos.labels.layouts import Layout
from pos.labels.symbols import RESOLUTIONS
from pos.paper import MM

MOST = 20_000  # labels in one file
FARTHEST = 10  # millimetres that a printer may feed askew
INSET = 5  # a bar is drawn in by a fifth of a dot at each edge, so every renderer fills exactly its dots


def labels_pdf(
    wanted: Sequence[Label],
    layout: Layout,
    start: int = 1,
    dpi: int = 203,
    offset: tuple[float, float] = (0.0, 0.0),
) -> bytes:
    """`wanted`, in order, each `copies` times, on pages of `layout` from the `start`th label of the first on.

    `offset` (millimetres right, down) answers a printer that feeds askew. The same request gives the same bytes.
    """
    _check(wanted, layout, start, dpi)
    sheet = _Sheet(layout, dpi, offset)
    marks = [sheet.add(draw(label, layout, dpi)) for label in wanted]
    numbers = (mark for mark, label in zip(marks, wanted, strict=True) for _ in range(label.copies))
    for page in _pages(numbers, layout.count, start):
        sheet.page(page)
    return sheet.finish()


def calibration_pdf(layout: Layout, offset: tuple[float, float] = (0.0, 0.0)) -> bytes:
    """One page with the outline of each label, to be held against a real sheet before labels are wasted."""
    sheet = _Sheet(layout, RESOLUTIONS[0], offset)
    wide, high = layout.width * MM, layout.height * MM
    corners = ((x * MM, y * MM) for x, y in sheet.cells)
    outlines = " ".join(f"{x:.3f} {y:.3f} {wide:.3f} {high:.3f} re" for x, y in corners)
    sheet.raw(f"0.4 w {outlines} S")
    return sheet.finish()


def _check(wanted: Sequence[Label], layout: Layout, start: int, dpi: int) -> None:
    if dpi not in RESOLUTIONS:
        raise PosError("Resolusi printer harus 203 atau 300 dpi.", fields={"dpi": N_("Pilih 203 atau 300 dpi.")})
    if not 1 <= start <= layout.count:
        sentence = Sentence(N_("Mulai dari label 1 sampai %(count)d."), count=layout.count)
        raise PosError("Tidak ada label ke-%(start)d di lembar ini.", start=start, fields={"start": sentence})
    if not wanted or any(label.copies < 1 for label in wanted):
        raise PosError("Isi berapa label yang dicetak, paling sedikit 1.")
    if sum(label.copies for label in wanted) > MOST:
        raise PosError("Paling banyak %(most)d label sekali cetak.", most=MOST)


def _pages(numbers: Iterable[int], count: int, start: int) -> Iterator[list[int | None]]:
    page: list[int | None] = [None] * (start - 1)
    for number in numbers:
        page.append(number)
        if len(page) == count:
            yield page
            page = []
    if any(number is not None for number in page):
        yield page


class _Page(pdfdoc.PDFObject):
    """A page that names only its stream; all else it inherits."""

    __RefOnly__ = 1
    __slots__ = ("contents", "__InternalName__")

    def __init__(self, contents: Any) -> None:
        self.contents = contents

    def format(self, document: Any) -> bytes:
        parent = document.Reference(document.Pages).format(document)
        return b"<</Type/Page/Parent %b/Contents %b>>" % (parent, self.contents.format(document))


class _PageTree(pdfdoc.PDFPages):
    """The page tree with what all its pages share."""

    __NoDefault__ = (*pdfdoc.PDFPages.__NoDefault__, "MediaBox", "Resources")
    MediaBox: Any = None
    Resources: Any = None


class _Sheet:
    """The file being made."""

    def __init__(self, layout: Layout, dpi: int, offset: tuple[float, float]) -> None:
        paper.load_fonts()
        self.layout, self.dot = layout, 25.4 / dpi
        self.canvas = Canvas(io.BytesIO(), pdfVersion=(1, 6), invariant=1, pageCompression=1, lang="id-ID")
        self.canvas.setTitle(f"Label {layout.name}")
        self.canvas.setCreator("Etalase")
        self.canvas.setViewerPreference("PrintScaling", "None")
        self.document = self.canvas._doc
        self.tree = self.document.Pages = self.document.Catalog.Pages = _PageTree()
        self.tree.MediaBox = pdfdoc.PDFArrayCompact([0, 0, _page_width(layout.page[0], self.dot), layout.page[1] * MM])
        self.forms: dict[str, Any] = {}
        self.firsts: list[float] = []  # millimetres from a label's left edge to its first bar
        self.drawn: dict[Drawing, int] = {}
        self.streams: dict[tuple[int | None, ...], Any] = {}
        self.placed: dict[tuple[int, int], str] = {}
        height = layout.page[1] - layout.height
        self.cells = [(x + offset[0], height - y - offset[1]) for x, y in layout.cells()]

    def add(self, drawing: Drawing) -> int:
        """Keep what a label looks like, once; its number."""
        if drawing not in self.drawn:
            number = self.drawn[drawing] = len(self.firsts)
            self.firsts.append(drawing.bars.x)
            self.forms[f"T{number}"] = self._form(self._type(drawing))
            self.forms[f"B{number}"] = self._form(self._bars(drawing))
        return self.drawn[drawing]

    def page(self, numbers: list[int | None]) -> None:
        key = tuple(numbers)
        if key not in self.streams:
            lines = (self._place(number, cell) for cell, number in enumerate(numbers) if number is not None)
            self.streams[key] = self._stream("\n".join(lines))
        self.tree.addPage(_Page(self.streams[key]))

    def raw(self, operators: str) -> None:
        """A page of PDF operators."""
        self.tree.addPage(_Page(self._stream(operators)))

    def finish(self) -> bytes:
        fonts = pdfdoc.PDFObjectReference(pdfdoc.BasicFonts)
        self.tree.Resources = pdfdoc.PDFDictionary({"Font": fonts, "XObject": pdfdoc.PDFDictionary(self.forms)})
        data: bytes = self.canvas.getpdfdata()
        return data

    def _place(self, number: int, cell: int) -> str:
        """A label put into its place: its type truly there, its first bar on the nearest printer dot."""
        if (number, cell) not in self.placed:
            x, y = self.cells[cell]
            first = x + self.firsts[number]
            nudge = round(first / self.dot) * self.dot - x
            self.placed[number, cell] = (
                f"q 1 0 0 1 {_points(x)} {_points(y)} cm /T{number} Do 1 0 0 1 {_points(nudge)} 0 cm /B{number} Do Q"
            )
        return self.placed[number, cell]

    def _type(self, drawing: Drawing) -> str:
        """The text operators of a label, from its lower left corner."""
        written = self.canvas.beginText()
        for text in drawing.texts:
            written.setFont(text.face, text.size)
            written.setTextOrigin(text.x * MM, (self.layout.height - text.y) * MM)
            written.textOut(text.text)
        return str(written.getCode())

    def _bars(self, drawing: Drawing) -> str:
        """The symbol as one path of whole numbers: fifths of a dot, from its first bar's left edge."""
        bars = drawing.bars
        fifth = self.dot / INSET
        bottom, height = round((self.layout.height - bars.y - bars.height) / fifth), round(bars.height / fifth)
        scale = f"{fifth * MM:.10f}"
        module = bars.dots * INSET
        path = " ".join(
            f"{start * module + 1} {bottom} {wide * module - 2} {height} re" for start, wide in bars.symbol.bars
        )
        return f"{scale} 0 0 {scale} 0 0 cm {path} f"

    def _form(self, operators: str) -> Any:
        box = pdfdoc.PDFArrayCompact([0, 0, *(round(side * MM, 3) for side in (self.layout.width, self.layout.height))])
        head = {"Type": pdfdoc.PDFName("XObject"), "Subtype": pdfdoc.PDFName("Form"), "BBox": box}
        head["Resources"] = pdfdoc.PDFDictionary({"Font": pdfdoc.PDFObjectReference(pdfdoc.BasicFonts)})
        return self._stream(operators, head)

    def _stream(self, operators: str, head: dict[str, Any] | None = None) -> Any:
        stream = pdfdoc.PDFStream(pdfdoc.PDFDictionary(head or {}), operators.encode("latin-1"), [pdfdoc.PDFZCompress])
        return self.document.Reference(stream)


def _page_width(width: float, dot: float) -> float:
    """Points. Renderers stretch a page up to whole pixels, which would carry bars off the grid: where that is
    more than half a dot, the page gives up the broken dot (0.06 mm) instead.
    """
    whole, broken = divmod(width, dot)
    return math.floor((whole * dot if broken <= dot / 2 else width) * MM * 1000) / 1000


def _points(millimetres: float) -> str:
    return f"{millimetres * MM:.4f}".rstrip("0").rstrip(".")

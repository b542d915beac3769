"""Labels as PDF: true millimetres, bars in whole printer dots, each product drawn once.

Everything that repeats is said once: type and bars of a label that comes often are Form XObjects (one that comes
once stands on its page itself), size and resources stand on the page tree, and pages with the same labels share one
stream. Ten thousand labels stay small and flat.
"""

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from pos import paper
from pos.errors import N_, PosError, Sentence
from pos.jobs import Progress
from pos.labels.contents import draw
from pos.labels.design import Bars, Code, Drawing, Label
from pos.labels.layouts import Layout
from pos.labels.models import RESOLUTIONS
from pos.labels.packing import pack
from pos.paper import MM

MOST = 20_000  # labels in one file
INSET = 5  # a bar is drawn in by a fifth of a dot at each edge, so every renderer fills exactly its dots
PLACED = 90  # percent of the work that are done when all labels stand in their places
FEW = 2  # copies that are drawn where they stand: a form costs more than saying it twice
DRAWING = 10  # drawing a label takes as long as placing this many


def labels_pdf(
    wanted: Sequence[Label],
    layout: Layout,
    start: int = 1,
    dpi: int = 203,
    offset: tuple[float, float] = (0.0, 0.0),
    progress: Progress | None = None,
) -> bytes:
    """`wanted`, in order, each `copies` times, on pages of `layout` from the `start`th label of the first on.

    `offset` (millimetres right, down) answers a printer that feeds askew. The same request gives the same bytes.
    `progress` is told now and then for how many labels' worth the work is done, and of how many.
    """
    _check(wanted, layout, start, dpi)
    sheet = Sheet(layout, dpi, offset)
    counter = _Counter(len(wanted) * DRAWING, sum(label.copies for label in wanted), progress)
    marks = []
    for label in wanted:
        marks.append(sheet.add(draw(label, layout, dpi), label.copies))
        counter.add(DRAWING)
    numbers = (mark for mark, label in zip(marks, wanted, strict=True) for _ in range(label.copies))
    for page in _pages(numbers, layout.count, start):
        sheet.page(page)
        counter.add(len(page))
    return sheet.finish()


class _Counter:
    """Tells how far the work is, at most a hundred times, as so many labels of all."""

    def __init__(self, before: int, labels: int, tell: Progress | None) -> None:
        self.total, self.labels, self.tell, self.done, self.told = before + labels, labels, tell, 0, 0

    def add(self, steps: int) -> None:
        self.done += steps
        percent = min(PLACED, PLACED * self.done // self.total)
        if self.tell and percent > self.told:
            self.told = percent
            self.tell(self.labels * percent // 100, self.labels)


def _check(wanted: Sequence[Label], layout: Layout, start: int, dpi: int) -> None:
    if dpi not in RESOLUTIONS:
        known = ", ".join(map(str, RESOLUTIONS))
        raise PosError("Resolusi printer harus salah satu dari %(known)s dpi.", known=known)
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


class Sheet:
    """The file being made."""

    def __init__(self, layout: Layout, dpi: int, offset: tuple[float, float]) -> None:
        paper.load_fonts()
        self.fonts = {face: pdfmetrics.getFont(face) for face in (paper.FACE, paper.BOLD)}
        self.layout, self.dot = layout, 25.4 / dpi
        self.canvas = Canvas(io.BytesIO(), pdfVersion=(1, 6), invariant=1, pageCompression=1, lang="id-ID")
        self.canvas.setTitle(f"Label {layout.title}")
        self.canvas.setCreator("Etalase")
        self.canvas.setViewerPreference("PrintScaling", "None")
        self.document = self.canvas._doc
        self.tree = self.document.Pages = self.document.Catalog.Pages = _PageTree()
        self.high = _whole_dots(layout.page[1], self.dot)
        self.tree.MediaBox = pdfdoc.PDFArrayCompact([0, 0, _whole_dots(layout.page[0], self.dot), self.high])
        self.forms: dict[str, Any] = {}
        self.drawings: list[Drawing] = []
        self.drawn: dict[Drawing, int] = {}
        self.copies: list[int] = []
        self.operators: dict[int, tuple[str, str]] = {}  # that set a label's type, and that fill its symbol
        self.streams: dict[tuple[int | None, ...], Any] = {}
        self.placed: dict[tuple[int, int], str] = {}
        self.set: dict[tuple[str, str], list[tuple[int, str]]] = {}  # of a face and text: subsets of the face, strings
        self.cells = [(x + offset[0], y + offset[1]) for x, y in layout.cells()]

    def add(self, drawing: Drawing, copies: int = 1) -> int:
        """Keep what a label looks like, once, and how often it will be wanted; its number."""
        if drawing not in self.drawn:
            self.drawn[drawing] = len(self.drawings)
            self.drawings.append(drawing)
            self.copies.append(0)
        number = self.drawn[drawing]
        self.copies[number] += copies
        return number

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
        return pack(data, self.document, _Page)

    def written(self, x: float, y: float, size: float, text: str, face: str = paper.FACE) -> str:
        """The operators that write `text` with its left end and baseline at `x`, `y` mm from the page's top left."""
        written = self.canvas.beginText()
        written.setFont(face, size)
        written.setTextOrigin(x * MM, self.high - y * MM)
        written.textOut(text)
        return str(written.getCode())

    def _place(self, number: int, cell: int) -> str:
        """A label put into its place: its type truly there, its symbol's corner on the nearest printer dot."""
        if (number, cell) in self.placed:
            return self.placed[number, cell]
        mark = _mark_of(self.drawings[number])
        x, y = self.cells[cell]
        bottom = self.high - (y + self.layout.height) * MM
        nudge_x = (round((x + mark.x) / self.dot) * self.dot - x) * MM
        nudge_y = self.high - round((y + mark.y) / self.dot) * self.dot * MM - bottom
        set_type, fill = self._operators(number)
        placed = (
            f"q 1 0 0 1 {_short(x * MM)} {_short(bottom)} cm {set_type} "
            f"1 0 0 1 {_short(nudge_x)} {_short(nudge_y)} cm {fill} Q"
        )
        if self.copies[number] > 1:
            self.placed[number, cell] = placed
        return placed

    def _operators(self, number: int) -> tuple[str, str]:
        """What sets a label's type and what fills its symbol: there and then, or as forms when it comes often."""
        if number not in self.operators:
            drawing = self.drawings[number]
            said = self._type(drawing), self._mark(_mark_of(drawing))
            if self.copies[number] <= FEW:
                return said
            self.forms[f"T{number}"], self.forms[f"B{number}"] = self._form(said[0], 0), self._form(said[1], -1)
            self.operators[number] = f"/T{number} Do", f"/B{number} Do"
        return self.operators[number]

    def _type(self, drawing: Drawing) -> str:
        """The text operators of a label, from its lower left corner."""
        parts, x, y = ["BT"], 0.0, 0.0
        for text in drawing.texts:
            right, up = round(text.x * MM, 3), round((self.layout.height - text.y) * MM, 3)
            parts.append(f"{_short(right - x)} {_short(up - y)} Td")
            x, y = right, up
            for subset, string in self._set(text.face, text.text):
                name = self.fonts[text.face].getSubsetInternalName(subset, self.document)
                parts.append(f"{name} {_short(text.size)} Tf ({string}) Tj")
        return " ".join((*parts, "ET"))

    def _set(self, face: str, text: str) -> list[tuple[int, str]]:
        """`text` in the letters of the embedded face: of each stretch its subset and its string."""
        if (face, text) not in self.set:
            parts = self.fonts[face].splitString(text, self.document)
            self.set[face, text] = [(subset, self.canvas._escape(string)) for subset, string in parts]
        return self.set[face, text]

    def _mark(self, mark: Bars | Code) -> str:
        """The symbol as one path of whole numbers: fifths of a dot, from its first module's top left corner down."""
        fifth = self.dot / INSET
        scale = f"{fifth * MM:.10f}"
        module = mark.dots * INSET
        if isinstance(mark, Bars):
            height = round(mark.height / fifth)
            shapes = [(start * module + 1, -height, wide * module - 2, height) for start, wide in mark.symbol.bars]
        else:
            shapes = [
                (column * module + 1, -(row + 1) * module + 1, wide * module - 2, module - 2)
                for column, row, wide in mark.symbol.runs
            ]
        path = " ".join(f"{x} {y} {wide} {high} re" for x, y, wide, high in shapes)
        return f"{scale} 0 0 {scale} 0 0 cm {path} f"

    def _form(self, operators: str, up: int) -> Any:
        """A form as large as a label, `up` labels above the point it is put at."""
        wide, high = (round(side * MM, 3) for side in (self.layout.width, self.layout.height))
        box = pdfdoc.PDFArrayCompact([0, up * high, wide, (up + 1) * high])
        head = {"Type": pdfdoc.PDFName("XObject"), "Subtype": pdfdoc.PDFName("Form"), "BBox": box}
        head["Resources"] = pdfdoc.PDFDictionary({"Font": pdfdoc.PDFObjectReference(pdfdoc.BasicFonts)})
        return self._stream(operators, head)

    def _stream(self, operators: str, head: dict[str, Any] | None = None) -> Any:
        stream = pdfdoc.PDFStream(pdfdoc.PDFDictionary(head or {}), operators.encode("latin-1"), [pdfdoc.PDFZCompress])
        return self.document.Reference(stream)


def _mark_of(drawing: Drawing) -> Bars | Code:
    mark = drawing.bars or drawing.square
    if mark is None:
        raise ValueError("a label without a code")
    return mark


def _whole_dots(side: float, dot: float) -> float:
    """A side of the page in points. Renderers stretch a page up to whole pixels, which would carry bars off the grid:
    where that is more than half a dot, the page gives up the broken dot (0.06 mm) instead.
    """
    whole, broken = divmod(side, dot)
    return math.floor((whole * dot if broken <= dot / 2 else side) * MM * 1000) / 1000


def _short(points: float) -> str:
    return f"{points:.4f}".rstrip("0").rstrip(".")

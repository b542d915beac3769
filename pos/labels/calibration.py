"""A test sheet: is the printer true to size, and how far does it print askew?"""

from pos import paper
from pos.labels.layouts import Layout
from pos.labels.pdf import Sheet
from pos.labels.settings import Printer
from pos.paper import MM


def marks_of(layout: Layout) -> tuple[float, float]:
    """Millimetres from the left and the top edge of the page at which the measuring lines are meant to be."""
    return tuple(20.0 if side >= 100 else 5.0 for side in layout.page)  # type: ignore[return-value]


def ruler_of(layout: Layout) -> int:
    """Millimetres the ruler is long."""
    return min(100, int((layout.page[0] - 8) // 10 * 10)) or 10


def calibration_pdf(layout: Layout, printer: Printer) -> bytes:
    """One page with the outline of each label, a ruler, and two lines whose distance from the edges is measured.

    All of it is moved as labels would be, so a second sheet shows whether the printer is right now.
    """
    sheet = Sheet(layout, printer.dpi, printer.offset)
    wide, high = layout.width * MM, layout.height * MM
    corners = [(x * MM, sheet.high - (y + layout.height) * MM) for x, y in sheet.cells]
    outlines = " ".join(f"{x:.3f} {y:.3f} {wide:.3f} {high:.3f} re" for x, y in corners)
    parts = (f"0.4 w 0.55 G {outlines} S 0 G", _lines(sheet, layout, printer), _ruler(sheet, layout, printer))
    sheet.raw("\n".join(parts))
    return sheet.finish()


def _lines(sheet: Sheet, layout: Layout, printer: Printer) -> str:
    """The two measuring lines, and the corners of the page in case the edges are printed."""
    (left, top), (dx, dy) = marks_of(layout), printer.offset
    page_wide, page_high = layout.page
    across = _stroke(sheet, [(dx, top + dy, page_wide + dx, top + dy), (left + dx, dy, left + dx, page_high + dy)], 0.5)
    arm = min(5.0, page_high / 4)
    corners = [
        part
        for x, inward in ((0.0, arm), (page_wide, -arm))
        for y, down in ((0.0, arm), (page_high, -arm))
        for part in ((x + dx, y + dy, x + inward + dx, y + dy), (x + dx, y + dy, x + dx, y + down + dy))
    ]
    size = 8.0 if page_high >= 60 else 5.0
    texts = [
        sheet.written(left + dx + 1, top + dy - 0.8, size, f"B: {paper.millimetres(top)} mm dari atas"),
        sheet.written(left + dx + 1, top + dy + 0.6 + size / MM, size, f"A: {paper.millimetres(left)} mm dari kiri"),
    ]
    return "\n".join((across, _stroke(sheet, corners, 0.8), *texts))


def _ruler(sheet: Sheet, layout: Layout, printer: Printer) -> str:
    """A ruler in millimetres that must be true: a shorter one means that the print dialog scales."""
    length = ruler_of(layout)
    large = layout.page[1] >= 60
    y = layout.page[1] * (0.5 if large else 0.72) + printer.offset[1]
    x = (layout.page[0] - length) / 2 + printer.offset[0]
    unit = 1.0 if large else 0.5
    ticks = [(x, y, x + length, y)]
    for tick in range(length + 1):
        ticks.append((x + tick, y, x + tick, y - unit * (4.0 if tick % 10 == 0 else 2.5 if tick % 5 == 0 else 1.5)))
    size = 8.0 if large else 5.0
    words = sheet.written(x, y + 1 + size / MM, size, f"{length} mm")
    return "\n".join((_stroke(sheet, ticks, 0.4), words))


def _stroke(sheet: Sheet, lines: list[tuple[float, float, float, float]], width: float) -> str:
    """Lines from point to point in millimetres from the page's top left."""

    def point(x: float, y: float) -> str:
        return f"{x * MM:.3f} {sheet.high - y * MM:.3f}"

    return f"{width} w " + " ".join(f"{point(x1, y1)} m {point(x2, y2)} l" for x1, y1, x2, y2 in lines) + " S"

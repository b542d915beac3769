"""Ten thousand labels: ours against ReportLab's own barcode widget drawing the same ones.

`python -m bench.labels` prints labels a second of both sides, bytes a label and peak memory. Both make the same
A4 sheets with name, price, code and a Code 128 symbol on each label, in turns in one process.
"""

import io
import time
import tracemalloc
from collections.abc import Callable
from statistics import median

from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.pdfgen.canvas import Canvas

from pos import paper
from pos.catalog.services import check_digit
from pos.labels.design import Label
from pos.labels.layouts import LAYOUTS, Layout
from pos.labels.pdf import labels_pdf
from pos.paper import MM

GOAL = 40.0
MOST_BYTES = 70
ROUNDS = 3
LAYOUT = LAYOUTS["a4-l7160"]


def wanted(products: int, copies: int) -> list[Label]:
    """`copies` labels of each of `products` products."""
    bodies = [str(1_000_000 + 37 * n) for n in range(products)]
    return [
        Label(f"Tas rajut motif {body[-3:]}", "Rp80.000", body + check_digit(body), "own", copies, "", "Lapas Ambon")
        for body in bodies
    ]


def ours(labels: list[Label], layout: Layout = LAYOUT) -> bytes:
    return labels_pdf(labels, layout)


def widget(labels: list[Label]) -> bytes:
    """The same sheets as one would make them with ReportLab alone."""
    paper.load_fonts()
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=[side * MM for side in LAYOUT.page], pageCompression=1)
    cells = [(x * MM, (LAYOUT.page[1] - y - LAYOUT.height) * MM) for x, y in LAYOUT.cells()]
    place = 0
    for label in labels:
        for _ in range(label.copies):
            if place == len(cells):
                canvas.showPage()
                place = 0
            x, y = cells[place]
            place += 1
            drawing = createBarcodeDrawing("Code128", value=label.code, barHeight=14 * MM, barWidth=0.375 * MM)
            drawing.drawOn(canvas, x + 10 * MM, y + 10 * MM)
            canvas.setFont(paper.BOLD, 13)
            canvas.drawString(x + 3 * MM, y + 32 * MM, label.name)
            canvas.setFont(paper.BOLD, 21)
            canvas.drawRightString(x + 60 * MM, y + 3 * MM, label.price)
            canvas.setFont(paper.FACE, 8)
            canvas.drawString(x + 3 * MM, y + 3 * MM, label.code)
    canvas.save()
    return file.getvalue()


def rate(make: Callable[[list[Label]], bytes], labels: list[Label]) -> float:
    """Labels a second."""
    begun = time.perf_counter()
    make(labels)
    return sum(label.copies for label in labels) / (time.perf_counter() - begun)


def compare(products: int, copies: int) -> tuple[float, float]:
    """Labels a second of ours and of the widget: medians of `ROUNDS` turns, of one where each takes its time."""
    labels = wanted(products, copies)
    turns = [(rate(ours, labels), rate(widget, labels)) for _ in range(ROUNDS if products * copies <= 1000 else 1)]
    return median(turn[0] for turn in turns), median(turn[1] for turn in turns)


def bytes_a_label(layout: Layout, products: int = 50) -> float:
    """What one more copy of a label adds to the file."""
    return (len(ours(wanted(products, 200), layout)) - len(ours(wanted(products, 20), layout))) / (products * 180)


def peak_megabytes(make: Callable[[list[Label]], bytes], labels: list[Label]) -> float:
    tracemalloc.start()
    make(labels)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def ratios() -> list[tuple[str, float, str]]:
    """`(what, ratio, explanation)` for `make bench`."""
    ours(wanted(1, 1)), widget(wanted(1, 1))  # fonts are read once
    found = []
    for what, products, copies in (("labels, 50 products x 200", 50, 200), ("labels, 1,000 products x 1", 1000, 1)):
        mine, theirs = compare(products, copies)
        goal = f", goal {GOAL:.0f}" if copies > 1 else ""
        found.append((what, mine / theirs, f"{mine:,.0f}/s against {theirs:,.0f}/s of ReportLab's widget{goal}"))
    for name in (LAYOUT.name, "roll-33x15-3", "roll-33x15"):
        extra = bytes_a_label(LAYOUTS[name])
        found.append((f"bytes a label, {name}", extra / MOST_BYTES, f"{extra:.0f} bytes, goal at most {MOST_BYTES}"))
    few, many = wanted(50, 20), wanted(50, 200)
    small, large, theirs = peak_megabytes(ours, few), peak_megabytes(ours, many), peak_megabytes(widget, many)
    found.append(("memory, 10,000 / 1,000 labels", large / small, f"{large:.1f} MB against {small:.1f} MB at the peak"))
    found.append(("memory, 10,000 labels", large / theirs, f"{large:.1f} MB against {theirs:.1f} MB of the widget"))
    return found


if __name__ == "__main__":
    for what, ratio, explanation in ratios():
        print(f"{what:32} {ratio:8.2f}   {explanation}")

"""The price tag: name, bars, code and price."""

from pos import paper
from pos.labels.design import (
    CAP,
    DESCENT,
    POINT,
    SMALLEST,
    Bars,
    Column,
    Drawing,
    Label,
    Text,
    TooMuch,
    bars_between,
    between,
    foot_of,
    insets,
    name_too_long,
    price_ending,
    price_width,
    smallest_name,
    symbol_on,
)
from pos.labels.layouts import LEAST_BARS_SMALL, Layout
from pos.labels.symbols import EDGE, TooWide

LARGEST_BESIDE = 12.0  # points, of a price beside the bars


def draw_price(label: Label, layout: Layout, dpi: int) -> Drawing:
    """Name above, bars in the middle, the code and the price below; refused when they do not fit.

    A long name first takes room from price and bars (never below what a scanner needs), then from the price, which
    moves beside the bars; on a tiny label it is set in smaller type in the end. It is never cut.
    """
    symbol_on(label, layout, dpi, layout.width)
    refused: TooMuch | None = None
    for smallest in sorted({SMALLEST, smallest_name(layout)}, reverse=True):
        try:
            if drawing := _stacked(label, layout, dpi, smallest):
                return drawing
        except TooMuch as error:
            refused = error
        if drawing := _beside(label, layout, dpi, smallest):
            return drawing
    raise refused or name_too_long(label, layout)


def _stacked(label: Label, layout: Layout, dpi: int, smallest: float) -> Drawing | None:
    code, symbol, dots = symbol_on(label, layout, dpi, layout.width)
    inset = insets(layout)
    gap = _gap(layout)
    for bars, price in ((layout.least_bars, 21.0), (LEAST_BARS_SMALL, 9.0)):
        foot, foot_top = foot_of(label, code, layout, inset, price)
        if head := _head(label, layout, inset, foot_top - gap - bars - gap - inset[1], smallest):
            drawn = bars_between(symbol, dots, dpi, layout, head.y + gap, foot_top - gap)
            return Drawing((*head.texts, *foot), drawn)
    return None


def _beside(label: Label, layout: Layout, dpi: int, smallest: float) -> Drawing | None:
    """The bars at the right of the foot, their code over the price at the left of them."""
    inset, gap = insets(layout), _gap(layout)
    try:
        needed = inset[0] + price_width(label, SMALLEST) - EDGE
        code, symbol, dots = symbol_on(label, layout, dpi, layout.width - needed)
    except TooWide:
        return None
    dot = 25.4 / dpi
    left, bottom = layout.width - EDGE - symbol.total * dots * dot, layout.height - inset[1]
    head = _head(label, layout, inset, bottom - inset[1] - gap - LEAST_BARS_SMALL, smallest)
    if head is None or paper.width(code, SMALLEST) > left - inset[0]:
        return None
    top = head.y + gap
    size = LARGEST_BESIDE
    while size > SMALLEST and price_width(label, size) > left - inset[0]:
        size -= 0.25
    baseline = bottom - DESCENT * size * POINT
    texts = [Text(inset[0], top + CAP * SMALLEST * POINT, SMALLEST, paper.FACE, code)]
    texts += price_ending(label, inset[0] + price_width(label, size), baseline, size)
    x = left + symbol.quiet_left * dots * dot
    return Drawing((*head.texts, *texts), Bars(symbol, x, top, bottom - top, dots, dpi))


def _gap(layout: Layout) -> float:
    """Millimetres over and under the bars."""
    return between((layout.height - 12) * 0.06, 0.35, 1.6)


def _head(label: Label, layout: Layout, inset: tuple[float, float], room: float, smallest: float) -> Column | None:
    """Name, and the maker under it where that leaves the name large enough; None when the name does not fit.

    Where the price does not hold yet the day from which it does stands there instead, always.
    """
    wide = layout.width - 2 * inset[0]
    name = paper.legible(label.name)
    largest = between(layout.height * 0.38, 7.0, 13.0)
    below_size = between(layout.height * 0.2, SMALLEST, 7.5)
    below = label.starts or _whole_words(label.maker, wide, below_size)
    air = 0.25 * below_size * POINT
    kept = paper.block_height(1, below_size) + air if below else 0.0
    size, lines = paper.fit(name, wide, room - kept, largest, paper.BOLD, smallest)
    crowded = size < below_size + 1.5 or paper.block_height(len(lines), size) > room - kept
    if below and crowded and not label.starts:
        below, kept = "", 0.0
        size, lines = paper.fit(name, wide, room, largest, paper.BOLD, smallest)
    if paper.block_height(len(lines), size) > room - kept:
        return None
    column = Column(*inset)
    column.block(lines, size, paper.BOLD)
    if below:
        column.y += air
        column.block([below], below_size, paper.BOLD if label.starts else paper.FACE)
    return column


def _whole_words(text: str, room: float, size: float) -> str:
    """As many whole words of `text` as fit (the maker is a courtesy here; the name is never cut)."""
    words = paper.legible(text).split()
    while words and paper.width(" ".join(words), size) > room:
        words.pop()
    return " ".join(words)

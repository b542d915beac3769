"""The product label: what the law wants said of food, the price, and the bars."""

from collections.abc import Iterator, Sequence

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
    price_ending,
    price_width,
    size_of,
    symbol_on,
)
from pos.labels.layouts import Layout
from pos.labels.symbols import EDGE, TooWide

LARGEST, GOOD_FACTS = 8.5, 7.0  # points, of the facts
HIGHEST_BARS = 16.0  # millimetres
LARGEST_PRICE, GOOD_PRICE = 18.0, 8.0
CODE_SIZE = 6.0
AIR = 0.3  # millimetres between paragraphs


def draw_product(label: Label, layout: Layout, dpi: int) -> Drawing:
    """Facts above bars and price, some of them beside the bars; or all stacked.

    Little to say leaves room for wide and high bars; the more there is, the more these give way.
    """
    half, good, least = layout.width * 0.5, price_width(label, GOOD_PRICE), price_width(label, SMALLEST)
    high = between(layout.height * 0.4, layout.least_bars, HIGHEST_BARS)
    ways = (
        (good, high, GOOD_FACTS),
        (half, high, GOOD_FACTS),
        *((room, 0.0, SMALLEST) for room in (half, good, least)),
    )
    for reserved, bars, smallest in ways:
        if drawing := _side_by_side(label, layout, dpi, reserved, bars or layout.least_bars, smallest):
            return drawing
    if drawing := _stacked(label, layout, dpi):
        return drawing
    raise TooMuch(
        "Isi label produk %(name)s tidak muat di label %(width)s × %(height)s mm dengan huruf yang terbaca.",
        name=label.name,
        **size_of(layout),
    )


def _side_by_side(
    label: Label, layout: Layout, dpi: int, reserved: float, high: float, smallest: float
) -> Drawing | None:
    """Facts above; bars (`high` mm) over their code at the right, at least `reserved` mm for facts and price at the
    left; no type of the facts is less than `smallest`."""
    inset = insets(layout)
    dot = 25.4 / dpi
    try:
        code, symbol, dots = symbol_on(label, layout, dpi, layout.width - inset[0] - reserved + EDGE)
    except TooWide:
        return None
    left = layout.width - EDGE - symbol.total * dots * dot
    bottom = layout.height - inset[1]
    top = bottom - paper.block_height(1, CODE_SIZE) - 0.2 - high
    texts = _set(label, layout, inset, (left - inset[0], top - 0.4), smallest)
    if texts is None:
        return None
    x = left + symbol.quiet_left * dots * dot
    middle = x + symbol.width * dots * dot / 2 - paper.width(code, CODE_SIZE) / 2
    texts.append(Text(middle, bottom - DESCENT * CODE_SIZE * POINT, CODE_SIZE, paper.FACE, code))
    return Drawing(tuple(texts), Bars(symbol, x, top, high, dots, dpi))


def _set(
    label: Label, layout: Layout, inset: tuple[float, float], low: tuple[float, float], smallest: float
) -> list[Text] | None:
    """All type of a label whose lower part is only so many mm wide, from so many mm down on (`low`), or None."""
    beside, until = low
    bottom = layout.height - inset[1]
    paragraphs = _paragraphs(label)
    for size, bold in _sizes(smallest):
        price = _price_size(label, beside, min(LARGEST_PRICE, size * 2))
        if price < SMALLEST:
            return None
        price_top = bottom - (CAP + DESCENT) * price * POINT
        for kept in range(len(paragraphs), -1, -1):
            column = _facts(label, paragraphs[:kept], layout.width - 2 * inset[0], inset, (size, bold))
            if column.y > until:
                continue
            column.y += AIR
            _add(column, paragraphs[kept:], beside, size)
            if column.y <= price_top - AIR:
                baseline = bottom - DESCENT * price * POINT
                right = inset[0] + price_width(label, price)
                return [*column.texts, *price_ending(label, right, baseline, price)]
            break
    return None


def _price_size(label: Label, room: float, largest: float) -> float:
    size = largest
    while size >= SMALLEST and price_width(label, size) > room:
        size -= 0.25
    return size


def _stacked(label: Label, layout: Layout, dpi: int) -> Drawing | None:
    """Facts above, bars in the middle, code and price below, as on a price tag."""
    inset = insets(layout)
    code, symbol, dots = symbol_on(label, layout, dpi, layout.width)
    foot, foot_top = foot_of(label, code, layout, inset)
    bottom = foot_top - 0.5
    for sizes in _sizes(SMALLEST):
        column = _facts(label, _paragraphs(label), layout.width - 2 * inset[0], inset, sizes)
        if column.y <= bottom - layout.least_bars - 0.5:
            bars = bars_between(symbol, dots, dpi, layout, bottom - layout.least_bars, bottom)
            return Drawing((*column.texts, *foot), bars)
    return None


def _paragraphs(label: Label) -> list[str]:
    return [paper.legible(" · ".join(fact)) for fact in label.facts]


def _facts(
    label: Label,
    paragraphs: Sequence[str],
    wide: float,
    inset: tuple[float, float],
    sizes: tuple[float, float],
) -> Column:
    """Brand, name and paragraphs from the top of the label down."""
    size, bold = sizes
    column = Column(*inset)
    if label.brand:
        column.block(paper.wrap(paper.legible(label.brand), wide, size), size)
        column.y += AIR
    column.block(paper.wrap(paper.legible(label.name), wide, bold, paper.BOLD), bold, paper.BOLD)
    _add(column, paragraphs, wide, size)
    return column


def _add(column: Column, paragraphs: Sequence[str], wide: float, size: float) -> None:
    for paragraph in paragraphs:
        column.y += AIR
        column.block(paper.wrap(paragraph, wide, size), size)


def _sizes(smallest: float) -> Iterator[tuple[float, float]]:
    """Type of the facts and of the name, from the largest down."""
    size = LARGEST
    while size >= smallest:
        yield from ((size, size * 1.45), (size, size * 1.15))
        size -= 0.5

"""How much a label says: price tag, product label, shelf card; and which of these a layout has room for."""

from collections.abc import Callable
from functools import lru_cache

from pos import paper
from pos.errors import NC_, PosError
from pos.labels.design import (
    CAP,
    CARD,
    DESCENT,
    POINT,
    PRICE,
    PRODUCT,
    SMALLEST,
    Code,
    Column,
    Drawing,
    Label,
    Text,
    between,
    draw_price,
    insets,
    name_too_long,
    price_ending,
    price_width,
    size_of,
)
from pos.labels.layouts import Layout
from pos.labels.product import draw_product
from pos.labels.symbols import EDGE, Square, Unprintable, squares_for

LEVELS = {
    PRICE: NC_("label", "Label harga"),
    PRODUCT: NC_("label", "Label produk"),
    CARD: NC_("label", "Kartu rak"),
}


def draw(label: Label, layout: Layout, dpi: int) -> Drawing:
    """The label on `layout` for a printer of `dpi`; a `PosError` names the product and says what to choose instead."""
    return _DRAWN[label.level](label, layout, dpi)


@lru_cache(maxsize=512)
def levels_of(layout: Layout, dpi: int) -> tuple[str, ...]:
    """The levels of content for which the layout has room when little is to be said."""
    return tuple(level for level in LEVELS if _has_room(level, layout, dpi))


def _has_room(level: str, layout: Layout, dpi: int) -> bool:
    facts = (("Komposisi: pisang, gula, garam",), ("Berat bersih: 250 g", "P-IRT No. 2063171010001-30"))
    label = Label(
        "Keripik pisang",
        "Rp50.000",
        "41270936",
        "own",
        maker="Lapas Ambon",
        level=level,
        facts=(*facts, ("Kode produksi: A1", "Baik digunakan sebelum 31-12-2030"), ("Diproduksi oleh Lapas Ambon",)),
        address="HTTPS://ETALASE.EXAMPLE.GO.ID/P/41270936",
    )
    try:
        draw(label, layout, dpi)
    except PosError:
        return False
    return True


# -- shelf card ----------------------------------------------------------------------------------------


def draw_card(label: Label, layout: Layout, dpi: int) -> Drawing:
    """Name and a large price at the left, a QR code that opens the product's page at the right."""
    square, dots = _square_on(label, layout, dpi)
    inset = insets(layout)
    dot = 25.4 / dpi
    side = square.total * dots * dot
    quiet = (side - square.width * dots * dot) / 2
    left = layout.width - EDGE - side
    wide = left - inset[0]
    drawn = Code(square, left + quiet, (layout.height - side) / 2 + quiet, dots, dpi)
    return Drawing(tuple(_card_texts(label, layout, inset, wide)), square=drawn)


def _square_on(label: Label, layout: Layout, dpi: int) -> tuple[Square, int]:
    room = min(layout.height, layout.width * 0.5) - 2 * EDGE
    for square in squares_for(label.address):
        if dots := square.dots(room, dpi):
            return square, dots
    raise Unprintable(
        "%(name)s: kode QR tidak muat di label %(width)s × %(height)s mm. Pilih label yang lebih besar.",
        name=label.name,
        **size_of(layout),
    )


def _card_texts(label: Label, layout: Layout, inset: tuple[float, float], wide: float) -> list[Text]:
    size = between(layout.height * 0.75, SMALLEST, 34.0)
    while price_width(label, size) > wide and size >= SMALLEST:
        size -= 0.25
    price_high = (CAP + DESCENT) * size * POINT
    room = layout.height - 2 * inset[1] - price_high - 0.6
    maker_size = between(layout.height * 0.2, SMALLEST, 8.0)
    largest = between(layout.height * 0.4, 7.0, 16.0)
    notes = [paper.legible(text) for text in (label.maker, label.code) if text]
    for kept in range(len(notes), -1, -1):
        lines = [line for note in notes[:kept] for line in paper.wrap(note, wide, maker_size)]
        below = paper.block_height(len(lines), maker_size) + (0.5 if lines else 0.0)
        name_size, name = paper.fit(paper.legible(label.name), wide, room - below, largest, paper.BOLD, SMALLEST)
        if paper.block_height(len(name), name_size) <= room - below and (name_size >= maker_size or not kept):
            break
    else:
        raise name_too_long(label, layout)
    if size < SMALLEST:
        raise name_too_long(label, layout)
    column = Column(*inset)
    column.block(name, name_size, paper.BOLD)
    column.y += 0.5
    column.block(lines, maker_size)
    baseline = layout.height - inset[1] - DESCENT * size * POINT
    return [*column.texts, *price_ending(label, inset[0] + price_width(label, size), baseline, size)]


_DRAWN: dict[str, Callable[[Label, Layout, int], Drawing]] = {
    PRICE: draw_price,
    PRODUCT: draw_product,
    CARD: draw_card,
}

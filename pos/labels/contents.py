"""How much a label says: price tag, product label, shelf card; and which of these a layout has room for."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from pos import paper
from pos.errors import N_, NC_, PosError, Sentence
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
    TooMuch,
    between,
    insets,
    name_too_long,
    price_ending,
    price_width,
    size_of,
)
from pos.labels.layouts import LAYOUTS, Layout
from pos.labels.price_tag import draw_price
from pos.labels.product import draw_product
from pos.labels.symbols import EDGE, Square, TooWide, squares_for

LEVELS = {
    PRICE: NC_("label", "Label harga"),
    PRODUCT: NC_("label", "Label produk"),
    CARD: NC_("label", "Kartu rak"),
}


def draw(label: Label, layout: Layout, dpi: int) -> Drawing:
    """The label on `layout` for a printer of `dpi`; a `PosError` names the product and says what to choose instead."""
    if label.copies != 1:
        label = replace(label, copies=1)
    return _drawn(label, layout, dpi)


@lru_cache(maxsize=512)
def _drawn(label: Label, layout: Layout, dpi: int) -> Drawing:
    try:
        return _DRAWN[label.level](label, layout, dpi)
    except (TooMuch, TooWide) as error:
        fits = _enough(label, layout, dpi)
        if fits:
            advice = Sentence(N_("Muat di %(layout)s."), layout=_called(fits))
        elif label.level == PRODUCT:
            advice = Sentence(N_("Cetak label harga saja, atau pendekkan isinya."))
        else:
            advice = Sentence(N_("Tidak ada kertas yang cukup: pendekkan namanya."))
        raise type(error)("%(problem)s %(advice)s", problem=error.sentence, advice=advice) from None


def _enough(label: Label, layout: Layout, dpi: int) -> Layout | None:
    """The smallest layout that has room for the label, one of the same kind (sheet or roll) where there is one."""
    others = sorted(LAYOUTS.values(), key=lambda other: (other.roll != layout.roll, other.width * other.height))
    return next((other for other in others if _has_room(label, other, dpi)), None)


def _called(layout: Layout) -> Sentence:
    title = Sentence(layout.title)
    return Sentence(N_("%(title)s %(width)s × %(height)s mm"), title=title, **size_of(layout))


@lru_cache(maxsize=512)
def levels_of(layout: Layout, dpi: int) -> tuple[str, ...]:
    """The levels of content for which the layout has room when little is to be said."""
    return tuple(level for level in LEVELS if _has_room(replace(LITTLE, level=level), layout, dpi))


def _has_room(label: Label, layout: Layout, dpi: int) -> bool:
    try:
        _DRAWN[label.level](label, layout, dpi)
    except PosError:
        return False
    return True


LITTLE = Label(
    "Keripik pisang",
    "Rp50.000",
    "41270936",
    "own",
    maker="Lapas Ambon",
    facts=(
        ("Komposisi: pisang, gula, garam",),
        ("Berat bersih: 250 g", "P-IRT No. 2063171010001-30"),
        ("Kode produksi: A1", "Baik digunakan sebelum 31-12-2030"),
        ("Diproduksi oleh Lapas Ambon",),
    ),
    address="HTTPS://ETALASE.EXAMPLE.GO.ID/P/41270936",
)


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
    raise TooWide(
        "%(name)s: kode QR tidak muat di label %(width)s × %(height)s mm.",
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
    notes = [paper.legible(text) for text in (label.starts, label.maker, label.code) if text]
    least = 1 if label.starts else 0
    for kept in range(len(notes), least - 1, -1):
        lines = [line for note in notes[:kept] for line in paper.wrap(note, wide, maker_size)]
        below = paper.block_height(len(lines), maker_size) + (0.5 if lines else 0.0)
        name_size, name = paper.fit(paper.legible(label.name), wide, room - below, largest, paper.BOLD, SMALLEST)
        if paper.block_height(len(name), name_size) <= room - below and (name_size >= maker_size or kept == least):
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

"""What stands where on one label, in millimetres; the PDF and the picture on the screen both draw this."""

import re
from dataclasses import dataclass

from pos import paper
from pos.labels.layouts import Layout
from pos.labels.symbols import Symbol, Unprintable, symbol_for

POINT = 1 / paper.MM  # millimetres in a point
CAP, DESCENT = 0.72, 0.22  # of the type size: how high capitals are, how deep a "p" hangs


@dataclass(frozen=True)
class Label:
    """What one sticker says and how often it is wanted. `price` is text; `unit` is empty for single pieces."""

    name: str
    price: str
    code: str
    symbology: str
    copies: int = 1
    unit: str = ""
    maker: str = ""


@dataclass(frozen=True)
class Text:
    """A line of type: its left end and baseline in millimetres from the label's top left corner."""

    x: float
    y: float
    size: float
    face: str
    text: str

    @property
    def width(self) -> float:
        return paper.width(self.text, self.size, self.face)


@dataclass(frozen=True)
class Bars:
    """The symbol: the left edge of its first bar, top and height in millimetres; each module `dots` wide."""

    symbol: Symbol
    x: float
    y: float
    height: float
    dots: int
    dpi: int


@dataclass(frozen=True)
class Drawing:
    texts: tuple[Text, ...]
    bars: Bars


def draw(label: Label, layout: Layout, dpi: int) -> Drawing:
    """Name above, bars in the middle, the code and the price below; `Unprintable` when the bars do not fit."""
    symbol = symbol_for(label.code, label.symbology)
    dots = symbol.dots(layout.width, dpi)
    if dots is None:
        raise Unprintable(
            "Kode %(code)s terlalu panjang untuk label %(width)s x %(height)s mm. Pilih label yang lebih lebar.",
            code=label.code,
            width=f"{layout.width:g}".replace(".", ","),
            height=f"{layout.height:g}".replace(".", ","),
        )
    inset = (_between(layout.width * 0.045, 1.0, 3.0), _between((layout.height - 8) * 0.08, 0.7, 2.4))
    foot, foot_top = _foot(label, layout, inset)
    gap = _between((layout.height - 12) * 0.06, 0.35, 1.6)
    head_room = foot_top - gap - layout.least_bars - gap - inset[1]
    head, head_bottom = _head(label, layout, inset, head_room)
    top = head_bottom + gap
    height = foot_top - gap - top
    spare = max(0.0, height - _tallest(layout))
    width = symbol.total * dots * 25.4 / dpi
    x = (layout.width - width) / 2 + symbol.quiet_left * dots * 25.4 / dpi
    return Drawing((*head, *foot), Bars(symbol, x, top + spare / 2, height - spare, dots, dpi))


def _tallest(layout: Layout) -> float:
    """Millimetres up to which bars grow into free space; what is left then is air above and below them."""
    return max(layout.least_bars * 1.1, layout.height * 0.36)


def _between(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)


def _head(label: Label, layout: Layout, inset: tuple[float, float], room: float) -> tuple[list[Text], float]:
    """Name, and the maker under it where that leaves the name large enough; and where they end."""
    wide = layout.width - 2 * inset[0]
    name = paper.legible(label.name)
    largest = _between(layout.height * 0.38, 7.0, 13.0)
    maker_size = _between(layout.height * 0.2, 5.5, 7.5)
    maker = _cut(label.maker, wide, maker_size)
    air = 0.25 * maker_size * POINT
    maker_room = paper.block_height(1, maker_size) + air if maker else 0.0
    size, lines = paper.fit(name, wide, max(0.0, room - maker_room), largest, face=paper.BOLD)
    if maker and size < maker_size + 1.5:
        maker, maker_room = "", 0.0
        size, lines = paper.fit(name, wide, room, largest, face=paper.BOLD)
    y = inset[1]
    texts = []
    for line in lines:
        texts.append(Text(inset[0], y + CAP * size * POINT, size, paper.BOLD, line))
        y += paper.LEADING * size * POINT
    bottom = inset[1] + paper.block_height(len(lines), size)
    if maker:
        texts.append(Text(inset[0], bottom + air + CAP * maker_size * POINT, maker_size, paper.FACE, maker))
        bottom += maker_room
    return texts, bottom


def _foot(label: Label, layout: Layout, inset: tuple[float, float]) -> tuple[list[Text], float]:
    """The code a person can type at the left, the price at the right; and where they begin."""
    wide = layout.width - 2 * inset[0]
    size = _between((layout.height - 5) * 0.64, 9.0, 21.0)
    code_size = _between(size * 0.45, 6.0, 8.5)
    unit = f"/{label.unit}" if label.unit else ""

    def width(price_size: float, small: float) -> float:
        return (
            paper.width(label.price, price_size, paper.BOLD)
            + paper.width(unit, price_size * 0.6)
            + paper.width(label.code, small)
        )

    while width(size, code_size) > wide - 1.5 and size > 5:
        size -= 0.25
        code_size = max(4.5, min(code_size, size))
    baseline = layout.height - inset[1] - DESCENT * size * POINT
    unit_x = layout.width - inset[0] - paper.width(unit, size * 0.6)
    price_x = unit_x - paper.width(label.price, size, paper.BOLD)
    texts = [
        Text(inset[0], baseline, code_size, paper.FACE, label.code),
        Text(price_x, baseline, size, paper.BOLD, label.price),
    ]
    if unit:
        texts.append(Text(unit_x, baseline, size * 0.6, paper.FACE, unit))
    return texts, baseline - CAP * size * POINT


def _cut(text: str, room: float, size: float) -> str:
    """As many whole words of `text` as fit (the maker is a courtesy here; the name is never cut)."""
    words = paper.legible(text).split()
    while words and paper.width(" ".join(words), size) > room:
        words.pop()
    return " ".join(words)


def short_name(unit_name: str) -> str:
    """`Lapas Ambon` for `Lapas Kelas IIA Ambon`."""
    return re.sub(r"\s+Kelas\s+[IVX]+[A-C]?\b", "", unit_name)

"""What stands where on one label, in millimetres; the PDF and the picture on the screen both draw this.

This is what all levels of content share; each has a module of its own, and `contents` chooses.
"""

from dataclasses import dataclass, field
from typing import Any

from pos import paper
from pos.errors import PosError
from pos.labels.layouts import Layout
from pos.labels.symbols import Square, Symbol, TooWide, symbol_for

POINT = 1 / paper.MM  # millimetres in a point
CAP, DESCENT = 0.72, 0.22  # of the type size: how high capitals are, how deep a "p" hangs
SMALLEST = 5.5  # points: the least that is read on a shelf
SMALLEST_TINY = 4.5  # the same of a long name on a tiny label, which is read in the hand: letters 0.8 mm high
TINY = 1000.0  # square millimetres that a tiny label has at most
PRICE, PRODUCT, CARD = "harga", "produk", "kartu"


class TooMuch(PosError):
    """What a label should say does not fit on it in type that can be read."""

    code = "label_too_small"


@dataclass(frozen=True)
class Label:
    """What one sticker says and how often it is wanted. `price` is text; `unit` is empty for single pieces.

    `facts` are paragraphs of short statements (a product label prints them), `others` are further barcodes of the
    product as (code, symbology), taken where the first does not fit; `address` is its public page (on a shelf card).
    `starts` says from when the price holds where that is not yet so: it is never left out.
    """

    name: str
    price: str
    code: str
    symbology: str
    copies: int = 1
    unit: str = ""
    maker: str = ""
    level: str = PRICE
    brand: str = ""
    facts: tuple[tuple[str, ...], ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    address: str = ""
    starts: str = ""


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
class Code:
    """A square code: the left and top edge of its first module in millimetres; each module `dots` wide and high."""

    symbol: Square
    x: float
    y: float
    dots: int
    dpi: int


@dataclass(frozen=True)
class Drawing:
    texts: tuple[Text, ...]
    bars: Bars | None = None
    square: Code | None = None


@dataclass
class Column:
    """Lines of type set one under the other from `y` on."""

    x: float
    y: float
    texts: list[Text] = field(default_factory=list)

    def block(self, lines: list[str], size: float, face: str = paper.FACE) -> None:
        for number, line in enumerate(lines):
            baseline = self.y + (CAP + number * paper.LEADING) * size * POINT
            self.texts.append(Text(self.x, baseline, size, face, line))
        self.y += paper.block_height(len(lines), size)


def between(value: float, least: float, most: float) -> float:
    return min(max(value, least), most)


def size_of(layout: Layout) -> dict[str, Any]:
    """Width and height for a sentence."""
    return {"width": paper.millimetres(layout.width), "height": paper.millimetres(layout.height)}


def insets(layout: Layout) -> tuple[float, float]:
    """Millimetres that stay free at the sides, and above and below."""
    return between(layout.width * 0.045, 1.0, 3.0), between((layout.height - 8) * 0.08, 0.7, 2.4)


def smallest_name(layout: Layout) -> float:
    """Points that the name must have at the very least."""
    return SMALLEST_TINY if layout.width * layout.height <= TINY else SMALLEST


def symbol_on(label: Label, layout: Layout, dpi: int, room: float) -> tuple[str, Symbol, int]:
    """The code to print, its symbol and its dots a module on `room` millimetres; the widest one that fits.

    Where the product's own barcode is too wide, the same digits in a narrower symbology, then its other codes.
    """
    for code, symbology in ((label.code, label.symbology), *label.others):
        kinds = (symbology, "ean8") if symbology == "own" else (symbology,)
        for kind in kinds:
            symbol = symbol_for(code, kind)
            if dots := symbol.dots(room, dpi):
                return code, symbol, dots
    raise TooWide(
        "%(name)s: kode %(code)s terlalu panjang untuk label %(width)s × %(height)s mm.",
        name=label.name,
        code=label.code,
        **size_of(layout),
    )


def bars_between(symbol: Symbol, dots: int, dpi: int, layout: Layout, top: float, bottom: float) -> Bars:
    """The bars in the middle of the label, as high as the room allows and looks good."""
    height = bottom - top
    spare = max(0.0, height - max(layout.least_bars * 1.1, layout.height * 0.36))
    width = symbol.total * dots * 25.4 / dpi
    x = (layout.width - width) / 2 + symbol.quiet_left * dots * 25.4 / dpi
    return Bars(symbol, x, top + spare / 2, height - spare, dots, dpi)


def name_too_long(label: Label, layout: Layout) -> TooMuch:
    return TooMuch(
        "Nama %(name)s tidak muat di label %(width)s × %(height)s mm tanpa menjadi terlalu kecil untuk dibaca.",
        name=label.name,
        **size_of(layout),
    )


def foot_of(
    label: Label, code: str, layout: Layout, inset: tuple[float, float], largest: float = 21.0
) -> tuple[list[Text], float]:
    """The code a person can type at the left, the price (of at most `largest` points) at the right; and their top."""
    wide = layout.width - 2 * inset[0]
    size = between((layout.height - 5) * 0.64, 9.0, largest)
    code_size = between(size * 0.45, 6.0, 8.5)
    while _foot_width(label, code, size, code_size) > wide - 1.5:
        size -= 0.25
        code_size = max(SMALLEST, min(code_size, size))
        if size < SMALLEST:
            raise TooMuch(
                "%(name)s: kode dan harga %(price)s tidak muat berdampingan di label %(width)s × %(height)s mm.",
                name=label.name,
                price=label.price,
                **size_of(layout),
            )
    baseline = layout.height - inset[1] - DESCENT * size * POINT
    texts = [Text(inset[0], baseline, code_size, paper.FACE, code)]
    texts += price_ending(label, layout.width - inset[0], baseline, size)
    return texts, baseline - CAP * size * POINT


def _foot_width(label: Label, code: str, size: float, code_size: float) -> float:
    return price_width(label, size) + paper.width(code, code_size)


def unit_size(size: float) -> float:
    """The type of `/kg` beside a price in type of `size`."""
    return max(size * 0.6, SMALLEST)


def price_width(label: Label, size: float) -> float:
    unit = paper.width(f"/{label.unit}", unit_size(size)) if label.unit else 0.0
    return paper.width(label.price, size, paper.BOLD) + unit


def price_ending(label: Label, right: float, baseline: float, size: float) -> list[Text]:
    """The price and what it is for, ending at `right`."""
    x = right - price_width(label, size)
    texts = [Text(x, baseline, size, paper.BOLD, label.price)]
    if label.unit:
        x += paper.width(label.price, size, paper.BOLD)
        texts.append(Text(x, baseline, unit_size(size), paper.FACE, f"/{label.unit}"))
    return texts

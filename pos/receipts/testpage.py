"""What a test page shows: whether the paper is as wide as was said, each letter arrives, and nothing is cut off."""

from PIL import Image, ImageDraw

from pos import money
from pos.receipts import qr, text
from pos.receipts.text import Row

SAMPLE = "ETALASE: HALAMAN UJI"
LONG = "Tas rajut motif tenun ikat Tanimbar ukuran besar dengan lapisan furing"
LARGE = 25_000_000
LETTERS = "".join(map(chr, range(ord("!"), ord("~") + 1)))


def head(about: str, columns: int) -> list[Row]:
    """`about` says which register and when."""
    rows = [Row(part, True) for part in text.wrapped("HALAMAN UJI", columns)]
    return rows + [Row(part) for part in text.wrapped(about, columns)] + [Row("Penggaris, milimeter:")]


def rows(columns: int, cutter: bool, drawer: bool) -> list[Row]:
    """Below the ruler: a row of exactly `columns` letters and what a receipt is made of."""
    numbers = "".join(str(at % 10) for at in range(1, columns + 1))
    tens = "".join(str(at // 10) if at % 10 == 0 else " " for at in range(1, columns + 1))
    last = [f"Pemotong: {'ya' if cutter else 'tidak ada'}", f"Laci: {'dibuka' if drawer else 'tidak ada'}"]
    return [
        Row(f"{columns} huruf sebaris:"),
        Row(tens.rstrip()),
        Row(numbers),
        Row("-" * columns),
        *(Row(LETTERS[at : at + columns]) for at in range(0, len(LETTERS), columns)),
        *(Row(part) for part in text.wrapped(LONG, columns)),
        *text.pair(f"  1 x {money.grouped(LARGE)}", money.grouped(LARGE), columns),
        *text.pair("TOTAL", money.rupiah(LARGE), columns, strong=True),
        *map(Row, last),
    ]


def ruler(dots: int) -> Image.Image:
    """A millimetre scale as wide as the print head, `dots` across: its first and last dot are black."""
    image = Image.new("1", (dots, 56), 1)
    draw = ImageDraw.Draw(image)
    draw.line((0, 0, dots - 1, 0), fill=0, width=2)
    for millimetre in range(int(dots * qr.DOT) + 1):
        at = round(millimetre / qr.DOT)
        if at < dots:
            draw.line((at, 0, at, 32 if millimetre % 10 == 0 else 22 if millimetre % 5 == 0 else 12), fill=0, width=2)
        if millimetre % 10 == 0 and millimetre > 0 and at + 8 < dots:
            draw.text((at - 6, 36), str(millimetre), fill=0, font_size=18)
    for edge in (0, dots - 2):
        draw.line((edge, 0, edge, 40), fill=0, width=3)
    return image

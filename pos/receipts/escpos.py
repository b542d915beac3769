"""Receipts and the test page as bytes for a thermal printer: ASCII rows, pictures as rasters, a cut, a pulse."""

from dataclasses import dataclass

from escpos.printer import Dummy
from PIL import Image

from pos.receipts import qr, testpage, text
from pos.receipts.slip import Slip

DOTS = {58: 384, 80: 576}  # across
PROFILES = {58: "NT-5890K", 80: "TM-T20II"}
TO_TEAR = 4  # rows of paper fed after the last one
DRAWER_PIN = 2


@dataclass(frozen=True)
class Paper:
    """The roll and what the printer does at its end; the drawer stays shut unless it is asked to open."""

    width: int  # millimetres: 58 or 80
    columns: int
    cutter: bool = True
    drawer: bool = False


def job(slip: Slip, width: int) -> bytes:
    """ESC/POS for paper of `width` (58 or 80) millimetres, for any printer of that width."""
    return receipt(slip, Paper(width, text.COLUMNS[width]))


def receipt(slip: Slip, paper: Paper) -> bytes:
    printer = _begin(paper)
    _print(printer, text.rows_above_qr(slip, paper.columns))
    _picture(printer, _raster(slip.address))
    _print(printer, text.rows_below_qr(slip, paper.columns))
    return _end(printer, paper)


def rows(printed: list[text.Row], paper: Paper) -> bytes:
    """A paper of nothing but rows."""
    printer = _begin(paper)
    _print(printer, printed)
    return _end(printer, paper)


def test_page(about: str, paper: Paper) -> bytes:
    """A ruler in millimetres, one in columns, the letters, the QR; then the cut and the drawer."""
    printer = _begin(paper)
    _print(printer, testpage.head(about, paper.columns))
    printer.image(testpage.ruler(DOTS[paper.width]), impl="bitImageRaster")
    _print(printer, testpage.rows(paper.columns, paper.cutter, paper.drawer))
    _picture(printer, _raster(testpage.SAMPLE))
    return _end(printer, paper)


def _begin(paper: Paper) -> Dummy:
    printer = Dummy(profile=PROFILES[paper.width])
    printer.hw("INIT")
    return printer


def _end(printer: Dummy, paper: Paper) -> bytes:
    printer.print_and_feed(TO_TEAR)
    if paper.cutter:
        printer.cut(feed=False)  # the one form of it that python-escpos writes whatever the profile says
    if paper.drawer:
        printer.cashdraw(DRAWER_PIN)
    return bytes(printer.output)


def _print(printer: Dummy, rows: list[text.Row]) -> None:
    for row in rows:
        if row.strong:
            printer.set(bold=True, double_height=True)
        printer.text(f"{row.text}\n")
        if row.strong:
            printer.set(bold=False, normal_textsize=True)


def _picture(printer: Dummy, image: Image.Image) -> None:
    printer.set(align="center")
    printer.image(image, impl="bitImageRaster")
    printer.set(align="left")


def _raster(address: str) -> Image.Image:
    """The QR in printer dots, black on white: any printer can set it, not only those that know QR."""
    rows = qr.modules(address)
    side = qr.side(rows) * qr.DOTS
    image = Image.new("1", (side, side), 1)
    for x, y, length in qr.runs(rows):
        left, top = (x + qr.QUIET) * qr.DOTS, (y + qr.QUIET) * qr.DOTS
        image.paste(0, (left, top, left + length * qr.DOTS, top + qr.DOTS))
    return image

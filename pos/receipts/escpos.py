"""The receipt as bytes for a thermal printer: ASCII rows, the QR as a raster, a cut. It never opens the drawer."""

from escpos.printer import Dummy
from PIL import Image

from pos.receipts import qr, text
from pos.receipts.slip import Slip

PROFILES = {58: "NT-5890K", 80: "TM-T20II"}  # 384 dots and 576 dots across


def job(slip: Slip, width: int) -> bytes:
    """ESC/POS for paper of `width` (58 or 80) millimetres."""
    columns = text.COLUMNS[width]
    printer = Dummy(profile=PROFILES[width])
    printer.hw("INIT")
    _print(printer, text.rows_above_qr(slip, columns))
    printer.set(align="center")
    printer.image(_raster(slip.address), impl="bitImageRaster")
    printer.set(align="left")
    _print(printer, text.rows_below_qr(slip, columns))
    printer.print_and_feed(4)
    printer.cut(feed=False)  # the one form of it that is written for printers without a cutter too
    return bytes(printer.output)


def _print(printer: Dummy, rows: list[text.Row]) -> None:
    for row in rows:
        if row.strong:
            printer.set(bold=True, double_height=True)
        printer.text(f"{row.text}\n")
        if row.strong:
            printer.set(bold=False, normal_textsize=True)


def _raster(address: str) -> Image.Image:
    """The QR in printer dots, black on white: any printer can set it, not only those that know QR."""
    rows = qr.modules(address)
    side = qr.side(rows) * qr.DOTS
    image = Image.new("1", (side, side), 1)
    for x, y, length in qr.runs(rows):
        left, top = (x + qr.QUIET) * qr.DOTS, (y + qr.QUIET) * qr.DOTS
        image.paste(0, (left, top, left + length * qr.DOTS, top + qr.DOTS))
    return image

"""What a photograph says: the QR codes and barcodes in an image that somebody sends, read with care."""

import io

import zxingcpp
from PIL import Image

from pos.errors import PosError

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_MEGAPIXELS = 25  # of a telephone's photo
LONGEST_SIDE = 2_000  # pixels; a telephone's photo has more than a code needs
LONGEST_TEXT = 1_000
QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
ON_GOODS = zxingcpp.BarcodeFormats(
    [zxingcpp.BarcodeFormat.AllRetail, zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.QRCode]
)


def read(data: bytes, formats: zxingcpp.BarcodeFormats, megapixels: int = MOST_MEGAPIXELS) -> list[str]:
    """The texts of the codes in an image, the clearest first; `PosError` for what is no image or too large."""
    found = zxingcpp.read_barcodes(_grey(data, megapixels), formats=formats)
    return [code.text for code in found if code.text and len(code.text) <= LONGEST_TEXT]


def _grey(data: bytes, megapixels: int) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > megapixels * 1_000_000:
                raise PosError("Foto terlalu besar. Paling besar %(most)d juta titik.", most=megapixels)
            image.draft("L", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read no finer than is needed
            grey = image.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PosError("Ini bukan foto JPEG, PNG atau WEBP yang utuh.") from None
    grey.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return grey

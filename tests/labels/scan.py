"""Printing and scanning in software: one-bit rasters at a printer's resolution, two independent decoders."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2
import zxingcpp
from PIL import ImageFilter, ImageOps
from PIL.Image import Image, Resampling

from pos.catalog.services import check_digit
from pos.labels.design import Label
from pos.labels.layouts import Layout
from tests.conftest import cannot_run

LONG_NAME = "Kursi tamu ukir jati motif burung cenderawasih lengkap dengan meja dan bantal"


def zbar() -> Any:
    """The second decoder; skipped loudly where its library is not installed."""
    try:
        from pyzbar import pyzbar
    except ImportError:
        cannot_run("zbar is not on this machine (apt-get install libzbar0)")
    return pyzbar


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    yield document
    document.close()


def raster(pdf: bytes, dpi: int) -> list[Image]:
    """Each page as a printer of `dpi` blackens it: dots, nothing between."""
    with opened(pdf) as document:
        pages = [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in document]
    return [page.point(lambda level: 255 if level > 127 else 0) for page in pages]


def stickers(pdf: bytes, layout: Layout, dpi: int) -> list[Image]:
    """Every label position on every page, peeled off."""
    dots = dpi / 25.4
    return [
        page.crop((int(x * dots), int(y * dots), int((x + layout.width) * dots), int((y + layout.height) * dots)))
        for page in raster(pdf, dpi)
        for x, y in layout.cells()
    ]


def seen(image: Image, degrees: float = 0.0, blur: float = 0.0) -> Image:
    """A sticker as a camera sees it: two pixels a dot, held askew, `blur` dots out of focus, on white."""
    large = image.resize((image.width * 2, image.height * 2), Resampling.NEAREST)
    shown = ImageOps.expand(large, 20, 255).rotate(degrees, Resampling.BILINEAR, fillcolor=255)
    return shown.filter(ImageFilter.GaussianBlur(2 * blur)) if blur else shown


def zxing_reads(image: Image) -> set[str]:
    return {result.text for result in zxingcpp.read_barcodes(image)}


def zbar_reads(image: Image) -> set[str]:
    return {result.data.decode() for result in zbar().decode(image)}


def with_check_digit(body: str) -> str:
    return body + check_digit(body)


OWN, EAN13, EAN8, UPCA, OTHER = (
    ("41270936", "own"),
    ("8991002101418", "ean13"),
    ("96385074", "ean8"),
    ("036000291452", "upca"),
    ("99AB-1", "other"),
)
SYMBOLOGIES = (OWN, EAN13, EAN8, UPCA, OTHER)


FACTS = (
    ("Komposisi: pisang kepok, minyak kelapa, gula aren, garam",),
    ("Berat bersih: 250 g", "P-IRT No. 2063171010001-30", "Halal ID31110000123456789"),
    ("Kode produksi: A1-2026", "Baik digunakan sebelum 31 Des 2026"),
    ("Diproduksi oleh Bengkel Boga, Lapas Kelas IIA Ambon",),
)
ADDRESS = "HTTPS://ETALASE.EXAMPLE.GO.ID/P/41270936"


def label(code: tuple[str, str] = OWN, **over: Any) -> Label:
    known = {"name": "Tas rajut", "price": "Rp80.000", "maker": "Lapas Ambon"} | over
    return Label(code=code[0], symbology=code[1], **known)


def said(code: tuple[str, str]) -> set[str]:
    """What a decoder may answer: a UPC-A is the EAN-13 with a zero before it."""
    return {code[0], f"0{code[0]}"} if code[1] == "upca" else {code[0]}

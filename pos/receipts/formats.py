"""A receipt as bytes in the form that is asked for; needs no request."""

from collections.abc import Callable

from pos.errors import PosError
from pos.receipts import escpos, pdf, text
from pos.receipts.slip import PAPERS, Slip, slip_of
from pos.register.models import Sale

FORMATS: dict[str, Callable[[Slip, int], bytes]] = {
    "pdf": pdf.strip,
    "escpos": escpos.job,
    "text": lambda slip, width: text.plain(slip, width).encode("ascii"),
}


def receipt_bytes(sale: Sale, format: str, width: int, base_url: str) -> bytes:
    """The receipt of `sale` as `pdf`, `escpos` or `text` on paper of `width` (58 or 80) millimetres.

    `base_url` is the public address of this installation: the QR leads there.
    """
    if format not in FORMATS:
        raise PosError("Bentuk nota harus salah satu dari: %(names)s.", names=", ".join(FORMATS))
    if width not in PAPERS:
        raise PosError("Lebar kertas harus 58 atau 80.")
    return FORMATS[format](slip_of(sale, base_url), width)

"""Scans of certificates: pages drawn anew from pictures and PDF; what is neither is refused with a sentence."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from pos.catalog import scans
from pos.errors import PosError
from tests.catalog.test_photos import bomb, picture


def pdf(pages: int = 1, size: tuple[float, float] = (595, 842)) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size)
    for page in range(pages):
        canvas.rect(50, 50, 200, 100 + page, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def written(change: Any) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


LOCKED = written(lambda writer: writer.encrypt("rahasia"))
LOADED = written(lambda writer: writer.add_attachment("program.exe", b"MZ" + bytes(100)))


def refusal(tmp_path: Path, data: bytes) -> str:
    with pytest.raises(PosError) as refused:
        scans.keep(tmp_path, data)
    assert not list(tmp_path.iterdir())
    return str(refused.value.fields["scan"])


@pytest.mark.parametrize(
    ("data", "count"),
    [(pdf(2), 2), (pdf(1, (14_400, 14_400)), 1), (picture("JPEG"), 1), (picture("PNG", (3000, 400)), 1)],
    ids=["two pages", "a wall", "photo", "strip"],
)
def test_each_page_becomes_a_picture_of_a_size_that_is_read(tmp_path: Path, data: bytes, count: int) -> None:
    name, pages = scans.keep(tmp_path, data)
    assert pages == len(list(tmp_path.iterdir())) == count
    with Image.open(scans.path_of(tmp_path, name, 1)) as shown:
        assert shown.format == "WEBP" and max(shown.size) >= 1000
        assert shown.width <= scans.LARGEST[0] and shown.height <= scans.LARGEST[1]


def test_nothing_of_what_a_pdf_carries_but_its_picture_is_kept(tmp_path: Path) -> None:
    plain, loaded = scans.keep(tmp_path, pdf()), scans.keep(tmp_path, LOADED + b"PK\x03\x04<script>alert(1)</script>")
    assert plain == loaded and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "bukan PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "bukan PDF"),
        (b"GIF89a;%PDF-1.4" + bytes(200), "bukan PDF"),
        (b"PK\x03\x04" + pdf(), "bukan PDF"),
        (picture()[:3_000], "rusak"),
        (bomb(), "terlalu besar"),
        (b"%PDF-1.7\n" + bytes(2_000), "rusak"),
        (pdf()[:400], "rusak"),
        (LOCKED, "terkunci"),
        (pdf(7), "Paling banyak 6 halaman"),
    ],
    ids=["nothing", "svg", "gif and pdf", "zip and pdf", "half", "bomb", "hollow", "cut", "locked", "seven"],
)
def test_what_is_no_scan_is_refused_with_a_sentence(tmp_path: Path, data: bytes, why: str) -> None:
    assert why in refusal(tmp_path, data)


def test_a_pdf_that_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "DRAWING_SECONDS", 0.01)
    assert "terlalu rumit" in refusal(tmp_path, pdf(6))

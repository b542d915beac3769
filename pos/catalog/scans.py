"""Scans of certificates: pictures like photos, and PDF drawn page by page; what was sent is never kept or shown.

A PDF is drawn in a process of its own, with little time and memory, for its makers may be strangers; what that hands
back is read again like any picture.
"""

import subprocess
import sys
import tempfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image

from pos.catalog import pdf_pages, photos
from pos.errors import N_, PosError, Sentence

LARGEST = (1600, 2263)  # pixels: an A4 page that is read well on a screen
DRAWING_SECONDS = 25


def keep(folder: Path, data: bytes) -> tuple[str, int]:
    """Write the pages of the scan in `data` into `folder`; the name they go by and how many there are."""
    pages = [_webp(picture) for picture in (_drawn(data) if data[:5] == b"%PDF-" else [_read(data)])]
    name = sha256(b"".join(sha256(page).digest() for page in pages)).hexdigest()[:32]
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(pages, start=1):
        photos.write(path_of(folder, name, number), page)
    return name, len(pages)


def path_of(folder: Path, name: str, page: int) -> Path:
    return folder / f"{name}-{page}.webp"


def _read(data: bytes) -> Image.Image:
    try:
        return photos.read(data, LARGEST)
    except PosError as refused:
        reason = refused.fields["photo"]
        if reason.text == photos.NO_PICTURE:
            reason = Sentence(N_("Ini bukan PDF, dan bukan foto JPEG, PNG atau WebP."))
        raise PosError("Pindaian tidak disimpan.", fields={"scan": reason}) from refused


def _drawn(data: bytes) -> list[Image.Image]:
    """The pages of a PDF as pictures."""
    if len(data) > photos.LARGEST_FILE:
        raise _refused(N_("PDF ini lebih dari 12 MB. Kecilkan dahulu."))
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-I", pdf_pages.__file__, place, *map(str, LARGEST)]
        try:
            done = subprocess.run(command, input=data, capture_output=True, timeout=DRAWING_SECONDS, check=False)
        except subprocess.TimeoutExpired as late:
            raise _refused(N_("PDF ini terlalu rumit untuk dibaca. Kirim fotonya saja.")) from late
        if done.returncode == pdf_pages.LOCKED:
            raise _refused(N_("PDF ini terkunci kata sandi. Simpan tanpa kata sandi dahulu."))
        if done.returncode == pdf_pages.TOO_MANY:
            raise PosError(
                "Pindaian tidak disimpan.",
                fields={"scan": Sentence(N_("Paling banyak %(most)d halaman."), most=pdf_pages.MOST_PAGES)},
            )
        files = sorted(Path(place).glob("*.png"))
        if done.returncode or not files:
            raise _refused(N_("PDF ini rusak atau kosong. Kirim fotonya saja."))
        return [_read(file.read_bytes()) for file in files]


def _webp(picture: Image.Image) -> bytes:
    picture.thumbnail(LARGEST)
    out = BytesIO()
    picture.save(out, "WEBP", quality=72, method=4)
    return out.getvalue()


def _refused(reason: str) -> PosError:
    return PosError("Pindaian tidak disimpan.", fields={"scan": reason})

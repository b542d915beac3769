"""`python pdf_pages.py FOLDER WIDTH HEIGHT < FILE.pdf`: draws each page into FOLDER, no larger than that many pixels.

Run apart from the program (`pos.catalog.scans`), which it does not import: should a file break it, nothing else breaks.
"""

import sys
from contextlib import suppress
from pathlib import Path

MOST_PAGES = 6
LOCKED, TOO_MANY = 3, 4  # how it ends where it is not simply broken
MEMORY = 1024 * 1024 * 1024
PASSWORD = 4  # PDFium's word for a file that wants one


def main(folder: str, width: int, height: int) -> int:
    import pypdfium2

    _limit()
    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
    except pypdfium2.PdfiumError as error:
        return LOCKED if getattr(error, "err_code", None) == PASSWORD or "password" in str(error).lower() else 1
    if len(document) > MOST_PAGES:
        return TOO_MANY
    for number, page in enumerate(document):
        across, down = page.get_size()
        picture = page.render(scale=min(width / max(across, 1), height / max(down, 1), 4)).to_pil()
        picture.convert("RGB").save(Path(folder) / f"{number:02d}.png")
    return 0


def _limit() -> None:
    with suppress(ImportError, ValueError, OSError):  # a system that knows no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
        resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024 * 1024,) * 2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))

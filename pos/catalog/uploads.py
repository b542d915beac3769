"""Files kept between a preview and its confirmation: in the instance folder, for one person, for a day."""

import re
import secrets
import time
from pathlib import Path

from pos.errors import NotFound
from pos.units.services import Person

KEPT_SECONDS = 24 * 3600
LONGEST_NAME = 100


def tidy(filename: str | None) -> str:
    """The last part of the name a browser sent, for people to recognise."""
    name = re.split(r"[/\\]", filename or "")[-1]
    return "".join(c for c in name if c.isprintable())[-LONGEST_NAME:] or "produk"


def keep(folder: str, person: Person, data: bytes, filename: str) -> str:
    """Keep an uploaded file and return the token that brings it back to the same person."""
    place = Path(folder) / "imports"
    place.mkdir(parents=True, exist_ok=True)
    for old in place.glob("*.upload"):
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            old.unlink(missing_ok=True)
    token = secrets.token_urlsafe(16)
    _path(folder, person, token).write_bytes(filename.encode() + b"\n" + data)
    return token


def kept(folder: str, person: Person, token: str) -> tuple[bytes, str]:
    """The file and its name, or `NotFound` when it is another person's, imported already, or too old."""
    try:
        name, _, data = _path(folder, person, token).read_bytes().partition(b"\n")
    except OSError as error:
        raise NotFound("Berkas impor ini sudah tidak ada. Unggah lagi.") from error
    return data, name.decode()


def forget(folder: str, person: Person, token: str) -> None:
    _path(folder, person, token).unlink(missing_ok=True)


def _path(folder: str, person: Person, token: str) -> Path:
    safe = re.sub(r"[^A-Za-z0-9_-]", "", token)
    return Path(folder) / "imports" / f"{person.id}-{safe}.upload"

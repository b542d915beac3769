"""Files of labels that are being made: how far they are, and where they lie until they are fetched.

Each has a line of state beside it in the instance folder, so that any process can answer for it. They are copies of
what stands in the address of their page: what a restart leaves half done is made again with one press.
"""

import json
import secrets
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pos.errors import NotFound
from pos.labels.pdf import Progress
from pos.units.services import Person

KEPT_SECONDS = 24 * 3600
SILENT_SECONDS = 30  # without a word after which the work is taken for dead
TELL_SECONDS = 0.2
MAKING, DONE, FAILED, BROKEN_OFF = "dibuat", "jadi", "gagal", "terputus"


@dataclass(frozen=True)
class Making:
    """One file: `part` of it is done, from 0 to 1; `back` is the address it was asked for at."""

    token: str
    person_id: int
    name: str
    labels: int
    back: str
    state: str = MAKING
    part: float = 0.0


def begin(folder: Path, person: Person, name: str, labels: int, back: str) -> Making:
    """A file that will be made, called `name`; old ones are cleared away."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            old.unlink(missing_ok=True)
    job = Making(secrets.token_hex(12), person.id, name, labels, back)
    _tell(folder, job)
    return job


def make(folder: Path, job: Making, work: Callable[[Progress], bytes]) -> None:
    """Do the work here and now; it tells how far it is."""
    told = [time.monotonic()]

    def progress(part: float) -> None:
        if time.monotonic() - told[0] >= TELL_SECONDS:
            told[0] = time.monotonic()
            _tell(folder, replace(job, part=part))

    try:
        _write(pdf_of(folder, job), work(progress))
    except BaseException:
        _tell(folder, replace(job, state=FAILED))
        raise
    _tell(folder, replace(job, state=DONE, part=1.0))


def make_behind(folder: Path, job: Making, work: Callable[[Progress], bytes]) -> None:
    """Do the work while the person watches."""
    threading.Thread(target=make, args=(folder, job, work), name=f"labels {job.token}", daemon=True).start()


def state_of(folder: Path, person: Person, token: str) -> Making:
    """How far the person's file is, or `NotFound`."""
    path = folder / f"{token}.json"
    if token.isalnum() and path.is_file():
        job = Making(**json.loads(path.read_text()))
        if job.person_id == person.id:
            silent = time.time() - path.stat().st_mtime > SILENT_SECONDS
            return replace(job, state=BROKEN_OFF) if job.state == MAKING and silent else job
    raise NotFound("Berkas label ini sudah tidak ada. Buat lagi dari halaman label.")


def pdf_of(folder: Path, job: Making) -> Path:
    return folder / f"{job.token}.pdf"


def _tell(folder: Path, job: Making) -> None:
    _write(folder / f"{job.token}.json", json.dumps(asdict(job)).encode())


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        part.write(content)
    Path(part.name).replace(path)

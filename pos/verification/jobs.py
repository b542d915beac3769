"""Packs that are made behind a page: in a thread of their own, their progress and result in files for a day.

Files, because the next question may reach another process of the same server.
"""

import json
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from pos.errors import NotFound, PosError
from pos.verification.pack import Progress, Proven

KEPT_SECONDS = 24 * 3600
STOPPED_SECONDS = 180  # without a sign of life the process that made it is gone
AT_ONCE = threading.BoundedSemaphore(2)
TOLD_SECONDS = 0.4


@dataclass
class Job:
    """`state` is waiting, working, done, failed or stopped; what is told of a finished pack."""

    title: str
    filename: str
    state: str = "waiting"
    done: int = 0
    total: int = 0
    root: str = ""
    omzet: int = 0
    size: int = 0
    problem: str = ""


def start(folder: Path, person_id: int, job: Job, make: Callable[[Path, Progress], Proven]) -> str:
    """Make a pack in the background; the token brings its progress and the file back to the same person."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            old.unlink(missing_ok=True)
    token = secrets.token_urlsafe(16)
    path = _path(folder, person_id, token)
    _tell(path, job)
    threading.Thread(target=_work, args=(path, job, make), daemon=True).start()
    return token


def _work(path: Path, job: Job, make: Callable[[Path, Progress], Proven]) -> None:
    told = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal told
        job.done, job.total = done, total
        if time.monotonic() - told > TOLD_SECONDS:
            told = time.monotonic()
            _tell(path, job)

    with AT_ONCE:
        job.state = "working"
        _tell(path, job)
        try:
            proven = make(path.with_suffix(".zip"), progress)
        except PosError as error:
            job.state, job.problem = "failed", str(error)
        except Exception:
            job.state = "failed"
            _tell(path, job)
            raise
        else:
            job.state, job.root, job.omzet = "done", proven.root, proven.tally.whole.omzet
            job.size = path.with_suffix(".zip").stat().st_size
        _tell(path, job)


def found(folder: Path, person_id: int, token: str) -> Job:
    """How far the person's pack is, or `NotFound` when it is another's or too old."""
    path = _path(folder, person_id, token)
    try:
        job = Job(**json.loads(path.read_text()))
        silent = time.time() - path.stat().st_mtime
    except OSError as error:
        raise NotFound("Paket ini sudah tidak ada. Buat lagi.") from error
    if job.state == "working" and silent > STOPPED_SECONDS:
        job.state = "stopped"
    return job


def file_of(folder: Path, person_id: int, token: str) -> Path:
    return _path(folder, person_id, token).with_suffix(".zip")


def _tell(path: Path, job: Job) -> None:
    part = path.with_suffix(f".{secrets.token_hex(4)}")
    part.write_text(json.dumps(asdict(job)))
    part.replace(path)


def _path(folder: Path, person_id: int, token: str) -> Path:
    return folder / f"{person_id}-{re.sub(r'[^A-Za-z0-9_-]', '', token)}.json"

"""Files that are made behind a page: by few threads, their progress and result in files for a day.

Files, because the next question may reach another process of the same server. Each is touched while its process
lives, so that one which waited or worked when the server ended is known to have stopped.
"""

import json
import logging
import os
import re
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from pos.errors import NotFound, PosError

Progress = Callable[[int, int], None]
Work = Callable[[Path, Progress], dict[str, Any]]  # writes the file, returns the facts that its page tells

KEPT_SECONDS = 24 * 3600
ALIVE_SECONDS = 10  # how often a job that waits or works shows that its process lives
STOPPED_SECONDS = 30  # without a sign of life the process is gone
TOLD_SECONDS = 0.4
AT_ONCE = 2
MOST_WAITING = 8  # of everybody; whoever comes then is asked to wait
MOST_OF_ONE = 2  # that one person may have unfinished


class TooBusy(PosError):
    code, status = "too_busy", 503


@dataclass
class Job:
    """`state` is waiting, working, done, failed or stopped; `facts` are what is told of a finished file, `back` is the
    address at which it was asked for."""

    title: str
    filename: str
    back: str = ""
    state: str = "waiting"
    done: int = 0
    total: int = 0
    size: int = 0
    problem: str = ""
    ahead: int = 0  # how many were to be made before it when it was asked for
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "working")


class Desk:
    """The threads of this process, what they have to make, and the clock that shows they live."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = threading.Lock()
        self.open: dict[Path, int] = {}  # whose it is
        self.waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.threads = 0

    def take(self, path: Path, person_id: int) -> int:
        """A place in the queue; how many stand before it."""
        with self.lock:
            if list(self.open.values()).count(person_id) >= MOST_OF_ONE:
                raise TooBusy("Berkas Anda yang sebelumnya masih dibuat. Tunggu sampai selesai, lalu coba lagi.")
            if len(self.open) >= AT_ONCE + MOST_WAITING:
                raise TooBusy("Sedang banyak berkas dibuat. Tunggu beberapa menit, lalu coba lagi.")
            ahead = max(0, len(self.open) - AT_ONCE + 1)
            if not self.open:
                threading.Thread(target=self._live, name=f"{self.name}-alive", daemon=True).start()
            self.open[path] = person_id
        return ahead

    def work(self, job: Callable[[], None]) -> None:
        self.waiting.put(job)
        with self.lock:
            if self.threads < min(AT_ONCE, len(self.open)):  # daemons: a server that ends waits for none of them
                self.threads += 1
                threading.Thread(target=self._serve, name=f"{self.name}-{self.threads}", daemon=True).start()

    def _serve(self) -> None:
        while True:
            self.waiting.get()()

    def leave(self, path: Path) -> None:
        with self.lock:
            self.open.pop(path, None)

    def _live(self) -> None:
        while True:
            time.sleep(ALIVE_SECONDS)
            with self.lock:
                paths = list(self.open)
                if not paths:
                    return
            for path in paths:
                with suppress(OSError):
                    os.utime(path)


DESK = Desk("jobs")
QUICK = Desk("quick")  # for what takes seconds: it does not stand behind what takes minutes


def start(folder: Path, person_id: int, job: Job, make: Work, desk: Desk = DESK) -> str:
    """Have a file made in the background; the token brings its progress and the file back to the same person.

    Raises `TooBusy` where the person or the server has enough to make already.
    """
    token, path = _new(folder, person_id)
    job.ahead = desk.take(path, person_id)
    try:
        _tell(path, job)
        desk.work(lambda: _work(path, job, make, desk))
    except BaseException:
        desk.leave(path)
        raise
    return token


def at_once(folder: Path, person_id: int, job: Job, make: Work) -> str:
    """Make a file before this returns, for what takes no time worth watching; what `make` raises is the caller's."""
    token, path = _new(folder, person_id)
    _make(path, job, make, lambda _done, _total: None)
    _tell(path, job)
    return token


def _new(folder: Path, person_id: int) -> tuple[str, Path]:
    """A token and the place of its state; what is older than a day goes. Another process may be clearing too."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        with suppress(OSError):
            if old.stat().st_mtime < time.time() - KEPT_SECONDS:
                old.unlink()
    token = secrets.token_urlsafe(16)
    return token, _path(folder, person_id, token)


def _work(path: Path, job: Job, make: Work, desk: Desk) -> None:
    told = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal told
        job.done, job.total = done, total
        if time.monotonic() - told > TOLD_SECONDS:
            told = time.monotonic()
            _tell(path, job)

    try:
        job.state = "working"
        _tell(path, job)
        _make(path, job, make, progress)
    except PosError as error:
        job.state, job.problem = "failed", str(error)
    except Exception:
        job.state = "failed"
        logging.getLogger(__name__).exception("%s could not be made", job.filename)
    finally:
        desk.leave(path)
        _tell(path, job)


def _make(path: Path, job: Job, make: Work, progress: Progress) -> None:
    target = _file(path, job)
    job.facts = make(target, progress)
    job.size, job.state = target.stat().st_size, "done"


def found(folder: Path, person_id: int, token: str) -> Job:
    """How far the person's file is, or `NotFound` when it is another's or too old."""
    path = _path(folder, person_id, token)
    try:
        job = Job(**json.loads(path.read_text()))
        silent = time.time() - path.stat().st_mtime
    except (OSError, ValueError, TypeError) as error:
        raise NotFound("Berkas ini sudah tidak ada. Buat lagi.") from error
    if job.is_open and silent > STOPPED_SECONDS:
        job.state = "stopped"
    return job


def all_of(folder: Path, person_id: int) -> list[tuple[str, Job]]:
    """The person's files of the last day and their tokens, the latest first."""
    paths = []
    for path in folder.glob(f"{person_id}-*.json"):
        with suppress(OSError):
            paths.append((path.stat().st_mtime, path.stem.partition("-")[2]))
    jobs = []
    for _at, token in sorted(paths, reverse=True):
        with suppress(NotFound):
            jobs.append((token, found(folder, person_id, token)))
    return jobs


def file_of(folder: Path, person_id: int, token: str) -> Path:
    """The finished file, or `NotFound`."""
    job = found(folder, person_id, token)
    path = _file(_path(folder, person_id, token), job)
    if job.state != "done" or not path.is_file():
        raise NotFound("Berkas ini belum jadi.")
    return path


def _file(path: Path, job: Job) -> Path:
    return path.with_suffix(Path(job.filename).suffix)


def _tell(path: Path, job: Job) -> None:
    part = path.with_suffix(f".{secrets.token_hex(4)}")
    part.write_text(json.dumps(asdict(job)))
    part.replace(path)


def _path(folder: Path, person_id: int, token: str) -> Path:
    return folder / f"{person_id}-{re.sub(r'[^A-Za-z0-9_-]', '', token)}.json"

"""Answers that many ask for and few change: made once for all who look, and again only when something was sold.

Whoever asks again first pays one small read, the `version`. An answer is kept as long as its version stands. Two
things a version cannot see are healed by time: a sale whose transaction ends after a later one's (until `SETTLED`
after the last change, answers are made anew), and what is changed by hand, such as a target (after `OLD`). Nothing
is made more than once in `STEP`, however many ask: that and the pause between two questions are how late a figure
on a wall can be.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from pos import clock

STEP = 0.5  # seconds
SETTLED = timedelta(seconds=5)
OLD = 30.0  # seconds
MOST = 2_000  # answers kept


@dataclass(frozen=True)
class Version:
    """What tells whether an answer may still stand: when anything was last recorded, and whatever else it hangs on."""

    changed_at: datetime | None
    other: Hashable = None


@dataclass(frozen=True)
class Kept:
    """An answer's bytes with their tag, and what it was made from."""

    body: bytes
    etag: str
    version: Version
    made_at: datetime
    made: float  # by the clock that never jumps

    def stands(self, version: Version, old: float) -> bool:
        changed_at = version.changed_at
        settled = changed_at is None or self.made_at >= changed_at + SETTLED
        return self.version == version and settled and time.monotonic() < self.made + old


class Fresh:
    """The answers of one process, by key: so many of them, kept no longer than `old` seconds (or `OLD`)."""

    def __init__(self, most: int = MOST, old: float | None = None) -> None:
        self.most, self.old = most, old
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._locks: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()
        self.made = 0  # how many answers were made, for those who measure

    def answer(self, key: Hashable, version: Callable[[], Version], make: Callable[[], bytes]) -> Kept:
        """The answer at `key`, made by one caller while the others wait for it."""
        asked = time.monotonic()
        found = self._kept.get(key)
        if found and asked < found.made + STEP:
            return found
        now = version()
        if found and found.stands(now, OLD if self.old is None else self.old):
            return found
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            newer = self._kept.get(key)
            if newer and newer is not found and newer.made > asked - STEP:
                return newer
            made, made_at = time.monotonic(), clock.now()
            body = make()
            kept = Kept(body, sha256(body).hexdigest()[:32], now, made_at, made)
            self._keep(key, kept)
        return kept

    def _keep(self, key: Hashable, kept: Kept) -> None:
        with self._lock:
            self.made += 1
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > self.most:
                old, _ = self._kept.popitem(last=False)
                self._locks.pop(old, None)

"""Files made behind a page: few at a time, bounded, and honest about a server that ended."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos import jobs
from pos.errors import NotFound, PosError
from tests.waiting import until


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Everything that `slow` makes waits for it; at the end nothing is left in the queue."""
    opened = threading.Event()
    yield opened
    opened.set()
    until(lambda: not jobs.DESK.open)


def asked(folder: Path, person_id: int, gate: threading.Event, problem: Exception | None = None) -> str:
    def slow(target: Path, progress: jobs.Progress) -> dict[str, Any]:
        progress(1, 2)
        gate.wait()
        if problem:
            raise problem
        target.write_bytes(b"ZIP")
        return {"root": "ab"}

    return jobs.start(folder, person_id, jobs.Job("Paket", "paket.zip"), slow)


def state(folder: Path, person_id: int, token: str) -> str:
    return jobs.found(folder, person_id, token).state


def test_few_are_made_at_once_and_the_queue_has_an_end(tmp_path: Path, gate: threading.Event) -> None:
    first, second = asked(tmp_path, 1, gate), asked(tmp_path, 1, gate)
    with pytest.raises(jobs.TooBusy, match="sebelumnya"):
        asked(tmp_path, 1, gate)
    others = [asked(tmp_path, person, gate) for person in range(2, 2 + jobs.MOST_WAITING)]
    with pytest.raises(jobs.TooBusy, match="banyak"):
        asked(tmp_path, 99, gate)
    until(lambda: state(tmp_path, 1, second) == "working")
    assert [state(tmp_path, i, token) for i, token in enumerate(others, start=2)] == ["waiting"] * len(others)
    assert [jobs.found(tmp_path, i, token).ahead for i, token in enumerate(others, start=2)] == [*range(1, 9)]
    assert sum(1 for one in threading.enumerate() if one.name.startswith("jobs-") and one.name[5:].isdigit()) == 2
    gate.set()
    until(lambda: not jobs.DESK.open)
    done = jobs.found(tmp_path, 1, first)
    assert (done.state, done.facts, done.size) == ("done", {"root": "ab"}, 3)
    assert jobs.file_of(tmp_path, 1, first).read_bytes() == b"ZIP"
    with pytest.raises(NotFound):
        jobs.found(tmp_path, 2, first)


def test_what_waited_or_worked_when_the_server_ended_has_stopped(tmp_path: Path, gate: threading.Event) -> None:
    tokens = [asked(tmp_path, person, gate) for person in (1, 2, 3)]
    until(lambda: state(tmp_path, 2, tokens[1]) == "working")
    assert state(tmp_path, 3, tokens[2]) == "waiting"
    for old in tmp_path.glob("*.json"):
        os.utime(old, (0, time.time() - jobs.STOPPED_SECONDS - 1))
    assert [state(tmp_path, i, token) for i, token in enumerate(tokens, start=1)] == ["stopped"] * 3
    with pytest.raises(NotFound):
        jobs.file_of(tmp_path, 3, tokens[2])


def test_a_file_that_cannot_be_made_says_so(tmp_path: Path, gate: threading.Event, caplog: Any) -> None:
    gate.set()
    refused = asked(tmp_path, 1, gate, PosError("Kampanye ini tidak ada."))
    broken = asked(tmp_path, 2, gate, RuntimeError("disk"))
    until(lambda: not jobs.DESK.open)
    until(lambda: state(tmp_path, 2, broken) == "failed")
    assert jobs.found(tmp_path, 1, refused).problem == "Kampanye ini tidak ada."
    assert "paket.zip could not be made" in caplog.text

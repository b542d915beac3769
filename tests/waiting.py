"""Waiting for what happens in the background, never longer than it takes."""

import time
from collections.abc import Callable
from typing import Any


def until(holds: Callable[[], object], seconds: float = 20) -> None:
    """Until it holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def made(browser: Any, page: str, state: str = "done") -> dict[str, Any]:
    """What the page of a job tells of it once it is no longer in the making; that it ended in `state`."""
    told: dict[str, Any] = {}

    def ended() -> bool:
        told.update(browser.get(f"{page}/kemajuan").json)
        return told["state"] not in ("waiting", "working")

    until(ended, 30)
    assert told["state"] == state, told
    return told

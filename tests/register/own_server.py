"""A server in a process of its own, that a test can stop, kill and start again on the same books and port."""

import time
import urllib.request
from pathlib import Path
from typing import Any

import waitress

from tests import forks


class OwnServer:
    def __init__(self, url: str, folder: Path, port: int) -> None:
        self.arguments = url, str(folder), str(port)
        self.address = f"http://localhost:{port}"
        self.process: Any = None

    def start(self) -> None:
        self.process = forks.process(serve, *self.arguments)
        wait_for(self.address)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.join()
            self.process = None


def wait_for(address: str) -> None:
    """Until somebody serves there."""
    for _ in range(1000):
        try:
            urllib.request.urlopen(f"{address}/healthz").close()
        except OSError:
            time.sleep(0.03)
        else:
            return
    raise AssertionError("the server does not start")


def serve(url: str, folder: str, port: str) -> Any:
    from tests.grounds import app_on

    app = app_on(url, Path(folder), WTF_CSRF_ENABLED=True, PUBLIC_URL=f"http://localhost:{port}")
    waitress.serve(app, host="127.0.0.1", port=int(port), threads=8)

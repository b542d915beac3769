"""A server in a process of its own, that a test can stop, kill and start again on the same books and port."""

import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import waitress

ROOT = Path(__file__).resolve().parents[2]


class OwnServer:
    def __init__(self, url: str, folder: Path, port: int) -> None:
        self.arguments = [url, str(folder), str(port)]
        self.address = f"http://localhost:{port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "tests.register.own_server", *self.arguments], cwd=ROOT)
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{self.address}/healthz").close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server does not start")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def main(url: str, folder: str, port: str) -> Any:
    from tests.conftest import app_on

    app = app_on(url, Path(folder), WTF_CSRF_ENABLED=True, PUBLIC_URL=f"http://localhost:{port}")
    waitress.serve(app, host="127.0.0.1", port=int(port), threads=8)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A server that is killed, as by `kill -9`, at whatever step of a request its client names, and is up again at once.

A request names the step in `X-Die`: `request`, `before:3`,
`amid:3` or `after:3` (of its statements), or `answer`. Each answer says in `X-Statements` how many it took.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import waitress

from pos import fast
from tests import forks
from tests.register.own_server import wait_for

AMID = 0.0002  # seconds that a statement is given before its process dies under it


class Steps:
    """Where the request that is being served has come to, and where it ends."""

    def __init__(self) -> None:
        self.done, self.end = 0, ""

    def begin(self, end: str) -> None:
        self.done, self.end = 0, end
        self.reached("request")

    def reached(self, step: str) -> None:
        if self.end == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def execute(self, run: Callable[..., Any], *arguments: Any) -> Any:
        self.done += 1
        number = self.done
        self.reached(f"before:{number}")
        if self.end == f"amid:{number}":
            threading.Timer(AMID, os.kill, (os.getpid(), signal.SIGKILL)).start()
        result = run(*arguments)
        if self.end == f"amid:{number}":
            time.sleep(60)
        self.reached(f"after:{number}")
        return result


steps = Steps()


class Watched:
    """A driver's connection whose statements are counted."""

    def __init__(self, raw: Any) -> None:
        self.__dict__["raw"] = raw

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self.raw, name, value)

    def execute(self, *arguments: Any) -> Any:
        return steps.execute(self.raw.execute, *arguments)


def watched(app: Any) -> Callable[..., Iterable[bytes]]:
    """The program as WSGI, one request at a time, which ends where its client says."""
    alone = threading.Lock()

    def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        def counted(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, ("X-Statements", str(steps.done))], *more)

        with alone:
            steps.begin(environ.get("HTTP_X_DIE", ""))
            body = list(app(environ, counted))
            steps.reached("answer")
            return body

    return serve


class Mortal:
    """The supervisor in a process of its own: whenever the server dies, another takes its place."""

    def __init__(self, url: str, folder: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.deaths = folder / "deaths"
        self.process = forks.process(supervise, url, str(folder), str(port), str(self.deaths))
        wait_for(self.address)

    def end(self) -> int:
        """Ends the supervisor too; how often the server was killed."""
        self.process.terminate()
        self.process.join(20)
        return int(self.deaths.read_text())


def supervise(url: str, folder: str, port: str, said: str) -> None:
    """The program is built once, so that a life begins within milliseconds; ends when it is told to."""
    from tests.grounds import app_on

    driver = fast.driver
    fast.driver = lambda connection: Watched(driver(connection))
    program = watched(app_on(url, Path(folder)))
    child, deaths, over = 0, 0, False

    def end(*_: Any) -> None:
        nonlocal over
        over = True
        if child:
            os.kill(child, signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    while not over:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            waitress.serve(program, host="127.0.0.1", port=int(port), threads=8)
        _, status = os.waitpid(child, 0)
        deaths += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if not os.WIFSIGNALED(status):
            raise SystemExit("the server ended by itself")
    Path(said).write_text(str(deaths))

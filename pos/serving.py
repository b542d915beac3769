"""Serving over HTTP: one process on SQLite, one a core on PostgreSQL.

Python runs one thread at a time, so a hub that has cores to spare uses them as processes. SQLite has one writer, and
knows best who is next while all of them are in one process. HTTP itself is granian's, outside of Python's lock.
"""

import gc
import multiprocessing
import os
import socket
import threading

from flask import Flask
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from pos import INSTANCE, create_app
from pos.errors import PosError
from pos.reports import recaps
from pos.treasury import running

MOST_PROCESSES = 4  # of 16 threads each, within PostgreSQL's usual 100 connections
SECONDS_TO_END = 10


def processes_for(url: str) -> int:
    return 1 if url.startswith("sqlite") else min(os.cpu_count() or 1, MOST_PROCESSES)


def serve(url: str, host: str, port: int, threads: int, processes: int) -> None:
    """Serve the database at `url` until told to stop; a process that dies is replaced."""
    address = _claimed(host, port)
    os.environ["POS_DATABASE_URL"] = url  # how the processes know
    Granian(
        "pos.serving:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=address,
        port=port,
        workers=processes,
        blocking_threads=threads,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_END,
    ).serve()


def _claimed(host: str, port: int) -> str:
    """The address behind `host`, once nobody else serves there: granian would share the port with them."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family) as door:
            return str(door.getsockname()[0])
    except OSError as error:
        raise PosError(
            "%(host)s:%(port)d tidak bisa dipakai: %(reason)s",
            host=host,
            port=port,
            reason=os.strerror(error.errno or 0),
        ) from None


def application() -> Flask:
    """The program in one of the serving processes."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    INSTANCE.mkdir(parents=True, exist_ok=True)
    app = create_app()
    gc.collect()
    gc.freeze()  # the program itself stays: no later collection need look through it for what a request left behind
    for keep in (recaps.keep, running.keep):
        threading.Thread(target=keep, args=(app,), daemon=True).start()
    return app


def _end_with_parent() -> None:
    """No serving process outlives the one that started it, however that ended."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)

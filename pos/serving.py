"""Serving over HTTP: one process on SQLite, one a core on PostgreSQL.

Python runs one thread at a time, so a hub that has cores to spare uses them as processes. SQLite has one writer, and
knows best who is next while all of them are in one process.
"""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import waitress
from flask import Flask

from pos import db

MOST_PROCESSES = 4  # of 16 threads each, within PostgreSQL's usual 100 connections


def serve(
    app: Flask, again: Callable[[], Flask], host: str, port: int, threads: int, processes: int | None = None
) -> None:
    """Serve `app` until told to stop, in as many `processes` as this machine has cores for; `again` makes it anew."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # more tills than threads is no event
    with app.app_context():
        alone = db.is_sqlite() or not hasattr(os, "fork")
        db.close()
    processes = 1 if alone else processes or min(os.cpu_count() or 1, MOST_PROCESSES)
    if processes == 1:
        _run(app, threads, host=host, port=port)
        return
    door = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=1024)
    _tend([lambda: _run(again(), threads, sockets=[door])] * processes)


def _run(app: Flask, threads: int, **where: Any) -> None:
    proxied = app.config["PROXIES"]  # then its headers are ProxyFix's to judge
    waitress.serve(
        app, threads=threads, ident="etalase", channel_timeout=30, clear_untrusted_proxy_headers=not proxied, **where
    )


def _tend(works: list[Callable[[], None]]) -> None:
    """Keep a process for each of `works`: one that dies is replaced, and none outlives this one."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    reading, writing = os.pipe()  # the system closes our end when we die, however we die
    running = {_start(work, reading, writing): work for work in works}
    try:
        while True:
            died, _ = os.wait()
            time.sleep(1)
            work = running.pop(died)
            running[_start(work, reading, writing)] = work
    except KeyboardInterrupt:
        os.close(writing)
        with suppress(ChildProcessError):
            while True:
                os.wait()


def _start(work: Callable[[], None], reading: int, writing: int) -> int:
    if pid := os.fork():
        return pid
    try:
        os.close(writing)
        threading.Thread(target=_end_with_parent, args=[reading], daemon=True).start()
        work()
    except KeyboardInterrupt:
        pass
    except Exception:
        logging.getLogger(__name__).exception("a serving process ended")
    finally:
        os._exit(0)


def _end_with_parent(reading: int) -> None:
    os.read(reading, 1)
    os.kill(os.getpid(), signal.SIGINT)

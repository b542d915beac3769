"""Processes of their own that have the program loaded when they begin: each is a fork of one that loaded it."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.loaded"])


def process(work: Callable[..., Any], *arguments: Any) -> Any:
    """`work(*arguments)` under way in a process that ends with the tests, if nobody ends it before."""
    started = FORKS.Process(target=work, args=arguments, daemon=True)
    started.start()
    return started


def command(arguments: list[str], environment: Mapping[str, str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """`pos` with these arguments, over."""
    out, err = folder / "stdout", folder / "stderr"
    running = process(_command, arguments, dict(environment), str(out), str(err))
    running.join(120)
    if running.exitcode is None:
        running.kill()
        raise AssertionError(f"pos {arguments} does not end: {err.read_text()}")
    return subprocess.CompletedProcess(arguments, running.exitcode, out.read_text(), err.read_text())


def _command(arguments: list[str], environment: dict[str, str], out: str, err: str) -> None:
    from pos.cli import main

    for number, name in ((1, out), (2, err)):
        os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["pos", *arguments]
    main()

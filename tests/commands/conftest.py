"""The command `pos` as a process of its own, on a database of the small world."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests import forks


@pytest.fixture
def pos(
    database_url: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[..., Any]:
    """`pos("check")`: the finished process; its database is a copy of the small world."""
    environment = os.environ | {"POS_DATABASE_URL": database_url, "POS_PASSWORD": "sandi-panjang-sekali"}
    if not database_url.startswith("sqlite"):
        environment["POS_PG_BIN"] = str(request.getfixturevalue("postgres").bin_path)

    def run(*arguments: str, cold: bool = False, **over: str) -> "subprocess.CompletedProcess[str]":
        if not cold:
            return forks.command(list(arguments), environment | over, tmp_path_factory.mktemp("said"))
        command = [sys.executable, "-c", "from pos.cli import main; main()", *arguments]
        return subprocess.run(command, env=environment | over, capture_output=True, text=True, timeout=120)

    return run

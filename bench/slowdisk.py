"""SQLite on a slow disk: the program's group commit against one commit a sale, each fsync 5 ms longer.

`python -m bench.slowdisk [--seconds N] [--rounds N]`
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench import world
from bench.checkout import Served, databases
from bench.raw import RawSqlite, sample
from pos import ROOT

DELAY_MS = 5
GOAL = 6.0
SOURCE = f"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

static int slowly(const char *name, int file) {{
    struct timespec delay = {{0, {DELAY_MS} * 1000000L}};
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    nanosleep(&delay, 0);
    return real(file);
}}

int fsync(int file) {{ return slowly("fsync", file); }}
int fdatasync(int file) {{ return slowly("fdatasync", file); }}
"""


def shim(folder: Path) -> Path | None:
    """A library that makes each fsync slower, to be preloaded; None where it cannot be built."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if not compiler or sys.platform != "linux":
        return None
    (folder / "slow.c").write_text(SOURCE)
    subprocess.run([compiler, "-shared", "-fPIC", "-o", folder / "slow.so", folder / "slow.c", "-ldl"], check=True)
    return folder / "slow.so"


def measure(clients: int, seconds: float, rounds: int) -> tuple[list[float], list[float]] | None:
    """Checkouts a second over HTTP, and raw with a commit each, in turns; None where it cannot be measured."""
    with tempfile.TemporaryDirectory(prefix="bench-slow") as name, databases("sqlite", Path(name)) as copy:
        library = shim(Path(name))
        if library is None:
            print("SKIPPED: the slow disk needs Linux and gcc", file=sys.stderr)
            return None
        slow = {"LD_PRELOAD": str(library)}
        served = Served(copy("served"), **slow)
        grouped, single = [], []
        try:
            served.load(clients, 1)
            for turn in range(rounds):
                seen = served.load(clients, seconds)
                if set(seen["statuses"]) != {"201"}:
                    raise AssertionError(f"not every checkout was answered with 201: {seen['statuses']}")
                grouped.append(len(seen["acknowledged"]) / seen["took"])
                single.append(_raw(copy(f"raw{turn}"), seconds, slow))
        finally:
            served.close()
        served.verify()
    return grouped, single


def _raw(url: str, seconds: float, environment: dict[str, str]) -> float:
    ran = subprocess.run(
        [sys.executable, "-m", "bench.slowdisk", "--raw", url, "--seconds", str(seconds)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(json.loads(ran.stdout))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--raw", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.raw:
        rows = sample(given.raw)
        print(RawSqlite(Path(given.raw.removeprefix("sqlite:///")), rows).per_second(1, given.seconds))
    elif found := measure(world.CLIENTS, given.seconds, given.rounds):
        print(f"{median(found[0]):.0f}/s grouped, {median(found[1]):.0f}/s one by one")

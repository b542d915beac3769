"""Checkouts over HTTP against the database's own limit on the same statements, in turns.

`python -m bench.checkout [--seconds N] [--rounds N] [--clients 1,8,32] [--engine sqlite|postgresql]`
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

from bench import world
from bench.load import basket, new_id
from bench.raw import PgBench, RawSqlite, sample
from pos import ROOT, clock
from pos.register import services
from pos.units.services import person_named

GOALS = {("postgresql", 8): 0.35, ("postgresql", 32): 0.45, ("sqlite", 8): 0.35, ("sqlite", 32): 0.40}
MOST_P99 = 5.0  # times p50, at 32 clients
MOST_TURNOVER = 0.10


@dataclass
class Measure:
    """Rounds of one engine at so many clients."""

    engine: str
    clients: int
    http: list[float] = field(default_factory=list)  # checkouts a second
    raw: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)  # of every request
    statuses: dict[str, int] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return median(a / b for a, b in zip(self.http, self.raw, strict=True))

    def percentile(self, part: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000

    @property
    def errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if status != "201")


class Served:
    """`pos serve` on a database, in a process of its own."""

    def __init__(
        self, url: str, people: dict[str, str] = world.PEOPLE, options: Sequence[str] = (), **environment: str
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url, self.host = url, "127.0.0.1"
        self.tills = world.tills(url, people)
        with world.opened(url):
            self.products = world.prices()
        command = [sys.executable, "-c", "from pos.cli import main; main()", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, *options],
            env=os.environ | {"POS_DATABASE_URL": url} | environment,
            stdout=subprocess.DEVNULL,
        )
        self._wait()
        self.acknowledged: set[str] = set()

    def _wait(self) -> None:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://{self.host}:{self.port}/healthz", timeout=5).close()
                return
            except (urllib.error.URLError, ConnectionError):
                if self.process.poll() is not None:
                    raise RuntimeError("the server did not start") from None
                time.sleep(0.1)
        raise TimeoutError("the server does not answer")

    def load(self, clients: int, seconds: float) -> dict[str, Any]:
        """What the load generator saw: took, seconds, statuses, acknowledged."""
        with world.opened(self.url):
            numbers = world.last_numbers()
        plan = {
            "host": self.host,
            "port": self.port,
            "agent": world.AGENT,
            "seconds": seconds,
            "products": self.products,
            "tills": [vars(till) | {"number": numbers.get(till.register, 0)} for till in self.tills[:clients]],
        }
        ran = subprocess.run(
            [sys.executable, "-m", "bench.load"], cwd=ROOT, input=json.dumps(plan), stdout=subprocess.PIPE, text=True
        )
        if ran.returncode:
            raise RuntimeError("the load generator failed")
        seen: dict[str, Any] = json.loads(ran.stdout)
        self.acknowledged |= set(seen["acknowledged"])
        for problem in seen["problems"]:
            print(f"    {problem}", file=sys.stderr)
        return seen

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def verify(self) -> None:
        """Every acknowledged sale is stored, nothing else is, and the books agree."""
        with world.opened(self.url):
            stored, broken = world.stored(), world.broken()
        if stored != self.acknowledged:
            raise AssertionError(f"acknowledged {len(self.acknowledged)}, stored {len(stored)}")
        if broken:
            raise AssertionError(f"the books do not agree: {broken}")


@contextmanager
def databases(engine: str, folder: Path) -> Iterator[Callable[[str], str]]:
    """A function that gives the address of a fresh copy of the bench's world."""
    if engine == "sqlite":
        world.build(f"sqlite:///{folder / 'world.db'}")

        def copy(name: str) -> str:
            shutil.copy(folder / "world.db", folder / f"{name}.db")
            return f"sqlite:///{folder / name}.db"

        yield copy
        return
    with world.postgres() as server:
        server.psql("CREATE DATABASE world;")
        world.build(world.postgres_url(server, "world"))

        def create(name: str) -> str:
            server.psql(f"CREATE DATABASE {name} TEMPLATE world;")
            return world.postgres_url(server, name)

        yield create


def measure(engine: str, clients: list[int], seconds: float, rounds: int) -> list[Measure]:
    """Rounds of HTTP and raw in turns at each number of clients."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        with databases(engine, folder) as copy:
            limit = _limit(engine, copy("raw"), folder)
            served = Served(copy("served"))
            measures = [Measure(engine, n) for n in clients]
            try:
                served.load(max(clients), 1)  # statements prepared, catalogue remembered
                limit.per_second(1, 1)
                for _ in range(rounds):
                    for one in measures:
                        _round(one, served, limit, seconds)
            finally:
                served.close()
            served.verify()
            return measures
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _limit(engine: str, url: str, folder: Path) -> Any:
    rows = sample(url)
    return RawSqlite(folder / "raw.db", rows) if engine == "sqlite" else PgBench(url, rows, folder)


def _round(one: Measure, served: Served, limit: Any, seconds: float) -> None:
    seen = served.load(one.clients, seconds)
    one.http.append(seen["statuses"].get("201", 0) / seen["took"])
    one.seconds += seen["seconds"]
    for status, count in seen["statuses"].items():
        one.statuses[status] = one.statuses.get(status, 0) + count
    one.raw.append(limit.per_second(one.clients, seconds))


def turnover_share(engine: str, sales: int = 300, rounds: int = 5) -> float:
    """The part of `record` (no HTTP) that keeping turnover takes: in turns with and without it."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    took: dict[bool, list[float]] = {True: [], False: []}
    try:
        with databases(engine, folder) as copy, world.opened(copy("turnover")):
            products, person, number = world.prices(), person_named("kasir-1"), 0
            for turn in range(2 * rounds + 2):
                kept = turn % 2 == 0
                with mock.patch.object(services, "count", services.count if kept else lambda *_: None):
                    start = time.perf_counter()
                    for _ in range(sales):
                        number += 1
                        body = basket(products, number) | {"id": new_id(), "register": "B-1", "number": number}
                        services.record(body | {"sold_at": clock.now().isoformat()}, person)
                    if turn > 1:
                        took[kept].append(time.perf_counter() - start)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 - median(took[False]) / median(took[True])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", default="1,8,32")
    parser.add_argument("--engine", choices=world.ENGINES)
    given = parser.parse_args()
    for engine in [given.engine] if given.engine else world.ENGINES:
        for m in measure(engine, [int(n) for n in given.clients.split(",")], given.seconds, given.rounds):
            print(
                f"{engine:10} {m.clients:2} clients  http {median(m.http):6.0f}/s  raw {median(m.raw):6.0f}/s  "
                f"ratio {m.ratio:.2f}  p50 {m.percentile(0.5):.1f}  p99 {m.percentile(0.99):.1f} ms  errors {m.errors}",
                flush=True,
            )

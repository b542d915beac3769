"""`python -m bench.wall`: what a change on the wall costs as the books grow, and how soon 600 units see what they sold.

The first part fills databases with 1 thousand, 1 million and 5 million sale lines, sells one nota more, and measures
what the wall makes of it: milliseconds of the program's processor and of the clock, the sizes in turn so that a slow
moment hits them all, and what the database did for it, which no other program on the machine can disturb (SQLite:
steps of its machine; PostgreSQL: rows read). The second serves the program in a process of its own: every unit sells
at its own till and watches its own wall, which asks every other second, while an official watches the nation's. What
counts is the time from the answer "recorded" to the answer of the wall that holds the sale.

    python -m bench.wall --units 0                        # the first part alone, a few minutes
    python -m bench.wall --sizes '' --engine postgresql   # the second alone
"""

import argparse
import asyncio
import gc
import json
import random
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from bench import totals, world
from bench.checkout import Served
from bench.load import BASKETS, basket, new_id
from pos import clock
from pos.campaigns.models import Campaign, Turnover
from pos.campaigns.services import rows_of
from pos.db import atomic, db, is_sqlite
from pos.register.models import Sale, SaleLine
from pos.reports import held, running, wall
from pos.reports.board import Cut
from pos.units.models import Gallery, Register

SIZES = (1_000, 1_000_000, 5_000_000)
MOST_GROWTH = 1.2  # times what it costs the processor at the smallest size
UNITS, SECONDS, EVERY, POLL = 600, 60.0, 20.0, 2.0
SOON = 3.0  # seconds
ROUNDS, TURNS = 7, 5


# -- what a change costs -------------------------------------------------------------------------------


@dataclass
class Cost:
    """Of making the wall after one sale more, and of finding that nothing changed: a number of each measurement."""

    cpu: list[float] = field(default_factory=list)  # seconds
    elapsed: list[float] = field(default_factory=list)
    unchanged: list[float] = field(default_factory=list)
    work: list[int] = field(default_factory=list)  # steps or rows of the database


def costs(urls: dict[int, str]) -> dict[int, Cost]:
    """At each size, on databases that `totals.fill` made."""
    found = {size: Cost() for size in urls}
    running.STEP = held.HELD = 0.0  # who measures does not wait
    for number in range(ROUNDS):
        for size, url in urls.items():
            with totals.campaign_at(url) as campaign:
                _measure(campaign, found[size], number)
    return found


def _measure(campaign: Campaign, cost: Cost, number: int) -> None:
    today, facts = campaign.until_day, held.facts_of(campaign)

    def made() -> bytes:
        return json.dumps(wall.wall(campaign, Cut(), "omzet", today, facts=facts)).encode()

    made()  # the first look adds everything up
    for turn in range(1 + TURNS):
        _sell_one(campaign, number * TURNS + turn)
        if not turn:
            cost.work.append(_counted(made))
            continue
        gc.collect()
        began, started = time.process_time(), time.perf_counter()
        made()
        cost.cpu.append(time.process_time() - began)
        cost.elapsed.append(time.perf_counter() - started)
        started = time.perf_counter()
        wall.version(campaign, Cut(), today, facts.standing)
        cost.unchanged.append(time.perf_counter() - started)


def _counted(made: Callable[[], bytes]) -> int:
    """What the database does for one wall: steps of SQLite's machine, or rows that PostgreSQL reads in it."""
    if not is_sqlite():
        made()  # all in one transaction, which is still open
        read = "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
        return int(db.session.execute(sa.text(read)).scalar_one())
    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    def listen(_connection: Any, cursor: Any, *_: Any) -> None:
        cursor.connection.set_progress_handler(step, 1)

    sa.event.listen(db.engine, "before_cursor_execute", listen)
    made()
    sa.event.remove(db.engine, "before_cursor_execute", listen)
    db.session.connection().connection.driver_connection.set_progress_handler(None, 1)  # type: ignore[union-attr]
    return steps


def _sell_one(campaign: Campaign, number: int) -> None:
    """One nota more on the campaign's last day, like one that was sold before, with its turnover."""
    with atomic() as session:
        days = Sale.business_date.between(campaign.from_day, campaign.until_day)
        model = session.scalars(sa.select(Sale).where(Sale.gallery_id == 1 + number % 200, days).limit(1)).one()
        lines = session.scalars(sa.select(SaleLine).where(SaleLine.sale_id == model.id)).all()
        now, sale_id, unlike = clock.now(), str(uuid.uuid4()), 1_000_000_000 + random.randrange(10**9)
        told = {"id": sale_id, "number": unlike, "receipt": f"N-{unlike}", "sold_at": now, "recorded_at": now}
        session.execute(sa.insert(Sale), [_row(model) | told | {"business_date": campaign.until_day}])
        rows = [_row(line) | {"sale_id": sale_id, "business_date": campaign.until_day} for line in lines]
        session.execute(sa.insert(SaleLine), rows)
        for row in rows_of(rows, is_refund=False):
            key = {name: row[name] for name in ("business_date", "gallery_id", "maker_id", "wbp_made")}
            kept = session.get(Turnover, tuple(key.values()))
            if kept is None:
                session.add(Turnover(**row, changed_at=now))
                continue
            for name in row.keys() - key.keys():
                setattr(kept, name, getattr(kept, name) + row[name])
            kept.changed_at = now


def _row(one: Any) -> dict[str, Any]:
    return {column.key: getattr(one, column.key) for column in one.__table__.columns}


# -- how soon everyone sees it -------------------------------------------------------------------------


@dataclass
class Seen:
    """What the units saw: seconds from recorded to shown, and how their walls were answered."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    sold: int = 0

    def percentile(self, part: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("inf")


class Connection:
    """One kept connection of one signed-in browser."""

    def __init__(self, port: int, till: world.Till) -> None:
        self.port, self.till = port, till
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        lines = {"Host": f"127.0.0.1:{self.port}", "Cookie": f"session={self.till.cookie}"} | headers
        lines |= {"User-Agent": world.AGENT, "X-CSRFToken": self.till.csrf, "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        top = (await reader.readuntil(b"\r\n\r\n")).decode()
        found = {name.lower(): value for name, _, value in (line.partition(": ") for line in top.split("\r\n")[1:])}
        return int(top[9:12]), found, await reader.readexactly(int(found.get("content-length", "0")))


async def _unit(port: int, till: world.Till, products: list[Any], until: float, every: float, seen: Seen) -> None:
    """Sell now and then, and watch the own wall: each sale is timed until the wall counts it."""
    seller, screen = Connection(port, till), Connection(port, till)
    waiting: list[tuple[int, float]] = []  # the count that holds a sale, and when it was recorded
    counted, etag = 0, ""

    async def sell() -> None:
        nonlocal counted
        await asyncio.sleep(random.uniform(0, every))
        number = 0
        while time.perf_counter() < until - SOON - POLL:
            number += 1
            told = {"id": new_id(), "register": till.register, "number": number, "sold_at": clock.now().isoformat()}
            body = json.dumps(told | basket(products, number % BASKETS)).encode()
            status, _, answer = await seller.ask("POST", "/api/sales", body, **{"Content-Type": "application/json"})
            if status != 201:
                raise RuntimeError(f"{status} {answer[:200]!r}")
            counted, seen.sold = counted + 1, seen.sold + 1
            waiting.append((counted, time.perf_counter()))
            await asyncio.sleep(random.uniform(0.5, 1.5) * every)

    selling = asyncio.create_task(sell())
    await asyncio.sleep(random.uniform(0, POLL))
    while time.perf_counter() < until or (waiting and time.perf_counter() < until + 30):
        asked = {"If-None-Match": etag} if etag else {}
        status, found, answer = await screen.ask("GET", "/api/campaigns/bench/wall", **asked)
        seen.statuses[status] = seen.statuses.get(status, 0) + 1
        if status == 200:
            etag, sales = found["etag"], json.loads(answer)["sales"]
            now = time.perf_counter()
            seen.seconds += [now - at for count, at in waiting if count <= sales]
            waiting = [(count, at) for count, at in waiting if count > sales]
        await asyncio.sleep(POLL)
    seen.seconds += [float("inf")] * len(waiting)
    await selling


def load(engine: str, units: int = UNITS, seconds: float = SECONDS, every: float = EVERY) -> Seen:
    """So many units, each selling once in `every` seconds on average and watching its wall."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-wall")))
        url = f"sqlite:///{folder / 'wall.db'}"
        if engine == "postgresql":
            server = stack.enter_context(world.postgres())
            server.psql("CREATE DATABASE wall;")
            url = world.postgres_url(server, "wall")
        world.build(url, units)
        with world.opened(url), atomic() as session:
            today = clock.today("WIB")
            days = {"from_day": today - timedelta(days=10), "until_day": today + timedelta(days=10)}
            session.add(Campaign(slug="bench", name="Bench", wbp_only=False, **days))
            assert session.scalar(sa.select(sa.func.count()).select_from(Register).join(Gallery)) == units
        served = Served(url, {f"B-{i}": f"kasir-{i}" for i in range(1, units + 1)})
        stack.callback(served.close)
        seen = Seen()

        async def everyone() -> None:
            nation = world.tills(url, {"-": "kasir-0"})[0]
            until = time.perf_counter() + seconds
            units_ = [_unit(served.port, till, served.products, until, every, seen) for till in served.tills]
            await asyncio.gather(*units_, _watch(served.port, nation, until))

        asyncio.run(everyone())
        return seen


async def _watch(port: int, till: world.Till, until: float) -> None:
    """The nation's wall, on as many screens as there are Kanwil."""
    screens = [Connection(port, till) for _ in range(33)]
    tags = [""] * len(screens)
    while time.perf_counter() < until:
        started = time.perf_counter()
        for i, screen in enumerate(screens):
            asked = {"If-None-Match": tags[i]} if tags[i] else {}
            status, found, _ = await screen.ask("GET", "/api/campaigns/bench/wall", **asked)
            tags[i] = found["etag"] if status == 200 else tags[i]
        await asyncio.sleep(max(0.0, POLL - (time.perf_counter() - started)))


# -- telling -------------------------------------------------------------------------------------------


def growth(sizes: tuple[int, ...] = SIZES, engine: str = "sqlite") -> dict[int, Cost]:
    """The cost of a change at each size."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-wall")))
        server = stack.enter_context(world.postgres()) if engine == "postgresql" else None
        urls = {}
        for size in sizes:
            urls[size] = f"sqlite:///{folder / f'{size}.db'}"
            if server:
                server.psql(f"CREATE DATABASE wall_{size};")
                urls[size] = world.postgres_url(server, f"wall_{size}")
            started = time.perf_counter()
            totals.fill(urls[size], size)
            print(f"{engine}: {size:>9,} lines made in {time.perf_counter() - started:.0f} s", flush=True)
        return costs(urls)


def told(engine: str, found: dict[int, Cost]) -> Iterator[str]:
    """A line for each size, beside the smallest."""
    smallest = found[min(found)]
    for size, cost in found.items():
        times = ", ".join(
            f"{name} {median(getattr(cost, part)) * 1000:5.2f} ms ({_beside(cost, smallest, part):.2f} x)"
            for name, part in (("processor", "cpu"), ("clock", "elapsed"), ("unchanged", "unchanged"))
        )
        unit = "steps" if engine == "sqlite" else "rows"
        work = f"{median(cost.work):,.0f} {unit} ({_beside(cost, smallest, 'work'):.2f} x)"
        yield f"{engine}: wall after one sale at {size:>9,} lines: {times}; {work}"


def _beside(cost: Cost, smallest: Cost, part: str) -> float:
    return median(getattr(cost, part)) / median(getattr(smallest, part))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", choices=world.ENGINES, default="sqlite")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--units", type=int, default=UNITS)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--every", type=float, default=EVERY)
    asked = parser.parse_args()
    sizes = tuple(int(size) for size in asked.sizes.split(",") if size)
    for line in told(asked.engine, growth(sizes, asked.engine)) if sizes else ():
        print(line, flush=True)
    if asked.units:
        seen = load(asked.engine, asked.units, asked.seconds, asked.every)
        parts = ", ".join(f"p{part * 100:.0f} {seen.percentile(part):.2f} s" for part in (0.5, 0.95, 1.0))
        within = sum(seconds <= SOON for seconds in seen.seconds) / max(1, len(seen.seconds))
        print(f"{asked.engine}: {asked.units} units, {seen.sold} sales, shown after {parts}; {within:.1%} in {SOON} s")
        print(f"walls answered: {seen.statuses}")


if __name__ == "__main__":
    main()

"""`make bench`: every ratio with its goal beside it; `python -m bench --quick` for a machine that is in a hurry.

Both sides of a ratio run in turns on this machine; compare ratios, never the numbers of different days.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench import checkout, labels, slowdisk, till, totals, wall, world

Row = tuple[str, float, str]  # what, ratio, explanation with its goal at the end


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs, small databases")
    quick = parser.parse_args().quick
    print(f"{'what':38} {'ratio':>8}  {'goal':14} how", flush=True)
    for part in (_checkouts, _slow_disk, _totals, _wall, _labels, _till):
        for what, ratio, explanation in part(quick):
            how, _, goal = explanation.rpartition(", goal ")
            print(f"{what:38} {ratio:8.2f}  {goal if how else '':14} {how or goal}", flush=True)


def _checkouts(quick: bool) -> Iterator[Row]:
    seconds, rounds, clients = (1.0, 1, [8]) if quick else (5.0, 3, [1, 8, 32])
    for engine in world.ENGINES:
        limit = "raw sqlite3" if engine == "sqlite" else "pgbench"
        for m in checkout.measure(engine, clients, seconds, rounds):
            goal = checkout.GOALS.get((engine, m.clients))
            yield (
                f"checkouts, {engine}, {m.clients} clients",
                m.ratio,
                f"{median(m.http):,.0f}/s over HTTP, {limit} {median(m.raw):,.0f}/s, p50 {m.percentile(0.5):.0f} ms, "
                f"p99 {m.percentile(0.99):.0f} ms, {m.errors} errors" + (f", goal >= {goal}" if goal else ""),
            )
            if m.clients == max(clients):
                spread = m.percentile(0.99) / m.percentile(0.5)
                yield (f"p99 / p50, {engine}, {m.clients} clients", spread, f"waiting, goal <= {checkout.MOST_P99:.0f}")
        share = checkout.turnover_share(engine, *((50, 2) if quick else (300, 5)))
        yield (f"turnover's share, {engine}", share, f"of recording a sale, goal <= {checkout.MOST_TURNOVER}")


def _slow_disk(quick: bool) -> Iterator[Row]:
    if found := slowdisk.measure(world.CLIENTS, *((1.0, 1) if quick else (4.0, 3))):
        grouped, single = (median(rates) for rates in found)
        yield (
            f"slow disk, sqlite, {world.CLIENTS} clients",
            median(a / b for a, b in zip(*found, strict=True)),
            f"{grouped:,.0f}/s over HTTP, {single:,.0f}/s with an fsync a sale, "
            f"fsync + {slowdisk.DELAY_MS} ms, goal >= {slowdisk.GOAL:.0f}",
        )


def _totals(quick: bool) -> Iterator[Row]:
    sizes = totals.SIZES[:2] if quick else totals.SIZES
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-totals")))
        server = stack.enter_context(world.postgres())
        for engine in world.ENGINES:
            urls = {size: f"sqlite:///{folder / f'{size}.db'}" for size in sizes}
            if engine == "postgresql":
                for size in sizes:
                    server.psql(f"CREATE DATABASE totals_{size};")
                urls = {size: world.postgres_url(server, f"totals_{size}") for size in sizes}
            for size, url in urls.items():
                totals.fill(url, size)
            yield from _growth(engine, totals.measure(urls), sizes)


def _growth(engine: str, times: dict[tuple[int, str | None], list[float]], sizes: tuple[int, ...]) -> Iterator[Row]:
    small, large = sizes[-2], sizes[-1]
    for way in totals.WAYS:
        before, after = (median(times[size, way]) * 1000 for size in (small, large))
        yield (
            f"campaign {'by ' + way if way else 'total'}, {engine}",
            after / before,
            f"{after:.1f} ms at {large:,} lines, {before:.1f} ms at {small:,}, goal "
            + ("<= 1.2" if way is None else "<= 250 ms"),
        )


def _wall(quick: bool) -> Iterator[Row]:
    found = wall.growth(wall.SIZES[:2] if quick else wall.SIZES)
    for (size, cost), line in zip(found.items(), wall.told("sqlite", found), strict=True):
        growth = median(cost.cpu) / median(found[min(found)].cpu)
        yield (f"wall after one sale, {size:,} lines", growth, f"{line.partition(': ')[2]}, goal <= {wall.MOST_GROWTH}")
    seen = wall.load("postgresql", *((60, 15.0, 5.0) if quick else ()))
    for part in (0.5, 0.95, 1.0):
        how = f"s from recorded to shown, {seen.sold} sales, answers {seen.statuses}, goal <= {wall.SOON:.0f}"
        yield (f"wall, units see their sale p{part * 100:.0f}", seen.percentile(part), how)


def _labels(_quick: bool) -> Iterator[Row]:
    yield from labels.ratios()


def _till(quick: bool) -> Iterator[Row]:
    times, loads = till.measure(*((16, 1) if quick else (80, 5)))
    for part in (0.5, 0.95):
        how = f"ms from a scan to its line, {till.PRODUCTS:,} products, processor {till.SLOWER} x slower"
        yield (f"till, scan p{part * 100:.0f}", till.percentile(times, part), f"{how}, goal <= {till.MOST_SCAN}")
    yield ("till, first load", median(load.size for load in loads) / 1000, f"KB, goal <= {till.MOST_BYTES // 1000}")
    painted = median(load.painted for load in loads)
    yield ("till, painted on slow 3G", painted, f"ms, goal <= {till.MOST_PAINT}")
    yield ("till, sells on slow 3G", median(load.ready for load in loads), "ms from an empty browser")


if __name__ == "__main__":
    main()

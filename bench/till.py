"""The till in a real browser, on a slow machine and on a slow line.

`python -m bench.till [--scans N] [--loads N]`. The program is really served; for the scans the browser is given a
catalogue of 20,000 products in place of the server's 60.
"""

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench import world
from bench.checkout import Served

PRODUCTS = 20_000
SLOWER = 4  # times, the processor
BASKET = 8  # scans to a buyer
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # bytes a second
KEY = 0.01  # seconds between two keys: a cheap USB scanner is asked every 8 ms, and a key is two answers
MOST_SCAN = 50  # milliseconds, for 95 of 100 scans
MOST_BYTES = 60_000
MOST_PAINT = 2500  # milliseconds
PEOPLE = {"B-1": "kasir-1"}
# From the Enter of a scanner, by the time it arrived at the browser, to the picture that shows its line.
WATCH = """
  window.shown = [];
  let enter = 0;
  addEventListener('keydown', (event) => { if (event.key === 'Enter') enter = event.timeStamp; }, true);
  addEventListener('DOMContentLoaded', () => {
    const painted = new MessageChannel();
    painted.port1.onmessage = () => {
      if (enter) window.shown.push(performance.now() - enter);
      enter = 0;
    };
    new MutationObserver(() => requestAnimationFrame(() => painted.port2.postMessage(0)))
      .observe(document.getElementById('total'), { childList: true, characterData: true, subtree: true });
    const ready = new MutationObserver(() => {
      if (document.getElementById('till').hidden) return;
      window.ready ??= performance.now();
      ready.disconnect();
    });
    ready.observe(document.getElementById('till'), { attributes: true });
  });
"""


@dataclass(frozen=True)
class Load:
    """One first load, on an empty browser."""

    size: int  # bytes that travelled before the till could sell
    painted: float  # milliseconds to the first picture
    ready: float  # milliseconds until it sells


@asynccontextmanager
async def browser() -> AsyncIterator[Any]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        one = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield one
        await one.close()


async def page_of(one: Any, served: Served) -> tuple[Any, Any]:
    """A signed-in page that has seen nothing yet, and its protocol."""
    context = await one.new_context(
        base_url=f"http://{served.host}:{served.port}",
        viewport={"width": 1366, "height": 768},
        service_workers="block",
        user_agent=world.AGENT,
    )
    cookie = {"name": "session", "value": served.tills[0].cookie, "url": f"http://{served.host}:{served.port}"}
    await context.add_cookies([cookie])
    page = await context.new_page()
    await page.add_init_script(WATCH)
    return page, await context.new_cdp_session(page)


# -- the scans -----------------------------------------------------------------------------------------


def catalogue(answer: dict[str, Any]) -> dict[str, Any]:
    """The server's answer, its products repeated under other names and codes."""
    known = answer["products"]
    products = []
    for i in range(PRODUCTS):
        like = known[i % len(known)]
        products.append(like | {"id": i + 1, "name": f"{like['name']} {i}", "barcodes": [f"{2 * 10**7 + i}"]})
    return answer | {"products": products}


async def scan_times(served: Served, scans: int) -> list[float]:
    """Milliseconds from the end of each scan to its line on the screen."""
    async with browser() as one:
        page, protocol = await page_of(one, served)

        async def many(route: Any) -> None:
            answer = await route.fetch()
            await route.fulfill(response=answer, json=catalogue(await answer.json()))

        await page.route("**/api/catalog?since=0", many)
        await page.goto("/kasir")
        await page.locator("#till:not([hidden])").wait_for(timeout=60_000)
        await page.wait_for_timeout(2_000)  # what comes later is there
        await protocol.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        for i in range(scans):
            seen = await page.evaluate("shown.length")
            await scan(protocol, str(2 * 10**7 + (i * 397) % PRODUCTS))
            while await page.evaluate("shown.length") == seen:
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.2)
            if i % BASKET == BASKET - 1:
                await page.locator("#clear").click()
                await page.locator("#sure [value=yes]").click()
                await asyncio.sleep(0.3)
        return list(await page.evaluate("shown"))


async def scan(protocol: Any, code: str) -> None:
    """Keys as a scanner sends them: it does not wait for anybody."""
    sent = []
    for key in [*code, "Enter"]:
        event = {"key": key, "windowsVirtualKeyCode": 13, "text": "\r"} if key == "Enter" else {"key": key, "text": key}
        for kind in ("keyDown", "keyUp"):
            act = event | {"type": kind} | ({"text": ""} if kind == "keyUp" else {})
            sent.append(asyncio.ensure_future(protocol.send("Input.dispatchKeyEvent", act)))
        await asyncio.sleep(KEY)
    await asyncio.gather(*sent)


# -- the first load ------------------------------------------------------------------------------------


async def first_load(served: Served) -> Load:
    sizes: list[int] = []
    async with browser() as one:
        page, protocol = await page_of(one, served)
        await protocol.send("Network.enable")
        await protocol.send("Network.emulateNetworkConditions", SLOW_3G)
        protocol.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
        await page.goto("/kasir", wait_until="commit")
        await page.locator("#till:not([hidden])").wait_for(timeout=60_000)
        size = sum(sizes)
        paint, ready = await page.evaluate(
            "[performance.getEntriesByName('first-contentful-paint')[0].startTime, window.ready]"
        )
        return Load(size, paint, ready)


def measure(scans: int, loads: int) -> tuple[list[float], list[Load]]:
    with tempfile.TemporaryDirectory(prefix="bench-till") as folder:
        url = f"sqlite:///{Path(folder) / 'till.db'}"
        world.build(url, clients=1)
        served = Served(url, PEOPLE)
        try:
            return sorted(asyncio.run(scan_times(served, scans))), [
                asyncio.run(first_load(served)) for _ in range(loads)
            ]
        finally:
            served.process.terminate()
            served.process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=int, default=60)
    parser.add_argument("--loads", type=int, default=3)
    options = parser.parse_args()
    times, loads = measure(options.scans, options.loads)
    for load in loads:
        print(f"{load.size:,} bytes, painted {load.painted:.0f} ms, sells {load.ready:.0f} ms")
    print(f"p50 {median(times):.0f} ms, p95 {percentile(times, 0.95):.0f} ms")


def percentile(times: list[float], part: float) -> float:
    return times[min(len(times) - 1, int(len(times) * part))]


if __name__ == "__main__":
    main()

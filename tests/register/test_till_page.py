"""The till's page: for whom it is, and how much it weighs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

STATIC = Path(__file__).resolve().parents[2] / "static"


def test_the_till_is_for_those_who_sell(as_cashier: Any, as_staff: Any, as_official: Any, as_stranger: Any) -> None:
    assert as_cashier.get("/kasir").status_code == as_staff.get("/kasir").status_code == 200
    assert as_official.get("/kasir").status_code == 403
    assert as_stranger.get("/kasir").location.startswith("/masuk")
    assert as_cashier.get("/api/session").json["username"] == "kasir"


def test_the_page_names_every_module_it_loads(as_cashier: Any) -> None:
    page = as_cashier.get("/kasir").text
    preloaded = set(re.findall(r'modulepreload" href="/static/js/(\w+)\.js', page))
    reached, ahead = set(), {"register"}
    while ahead:
        name = ahead.pop()
        reached.add(name)
        source = (STATIC / "js" / f"{name}.js").read_text()
        ahead |= set(re.findall(r"from '\./(\w+)\.js'", source)) - reached
    assert preloaded == reached - {"register"}


def test_each_word_is_there_before_it_is_said(as_cashier: Any) -> None:
    page, dialogs = as_cashier.get("/kasir").text, as_cashier.get("/kasir/dialog/id").text
    first = {"register", *re.findall(r'modulepreload" href="/static/js/(\w+)\.js', page)}
    everything = {path.stem for path in (STATIC / "js").glob("*.js")}
    assert said(first) <= words(page) and said(everything) <= words(page) | words(dialogs)
    assert len(said(first)) > 40 and not words(page) & words(dialogs)


def said(names: set[str]) -> set[str]:
    sources = [(STATIC / "js" / f"{name}.js").read_text() for name in names]
    return {word for source in sources for word in re.findall(r"[^\w]say\('(\w+)'", source)}


def words(page: str) -> set[str]:
    found = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    return set(json.loads(found[1])) if found else set()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # of compressed files, which the last reference closes
def test_the_first_load_is_small(as_cashier: Any) -> None:
    """HTML, scripts and styles as they travel to a browser that takes them compressed."""
    page = as_cashier.get("/kasir").text
    page = re.sub(r'<link rel="prefetch"[^>]*>', "", page)  # fetched once the till is there
    files = set(re.findall(r'(?:href|src)="([^"]+\.(?:js|css))"', page))
    sizes = [travelling(as_cashier, path) for path in ("/kasir", *files)]
    assert len(files) > 25 and sum(sizes) <= 60_000, sum(sizes)


def travelling(browser: Any, path: str) -> int:
    with browser.get(path, headers={"Accept-Encoding": "gzip, deflate, br, zstd"}) as answer:
        return len(answer.data)

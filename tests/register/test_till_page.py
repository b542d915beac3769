"""The till's page: for whom it is, and how much it weighs."""

import gzip
import re
from pathlib import Path
from typing import Any

from pos.register.views import LATER

STATIC = Path(__file__).resolve().parents[2] / "static"


def test_the_till_is_for_those_who_sell(as_cashier: Any, as_staff: Any, as_official: Any, as_stranger: Any) -> None:
    assert as_cashier.get("/kasir").status_code == as_staff.get("/kasir").status_code == 200
    assert as_official.get("/kasir").status_code == 403
    assert as_stranger.get("/kasir").location.startswith("/masuk")
    assert as_cashier.get("/api/session").json["username"] == "kasir"


def test_the_page_names_every_module_it_loads(as_cashier: Any) -> None:
    page = as_cashier.get("/kasir").text
    preloaded = set(re.findall(r'modulepreload" href="/static/js/(\w+)\.js', page))
    assert preloaded == reached("register") - {"register"}
    assert set(LATER) == reached("back") - preloaded


def reached(first: str) -> set[str]:
    """The modules that `first` imports, however far away, and itself."""
    found, ahead = set(), {first}
    while ahead:
        name = ahead.pop()
        found.add(name)
        source = (STATIC / "js" / f"{name}.js").read_text()
        ahead |= set(re.findall(r"from '\./(\w+)\.js'", source)) - found
    return found


def test_the_page_is_small(as_cashier: Any) -> None:
    page = as_cashier.get("/kasir").text
    files = set(re.findall(r"/static/((?:js|css)/\w+\.(?:js|css))", page)) - {"css/app.css"}  # which every page shares
    sizes = [len(gzip.compress((STATIC / name).read_bytes())) for name in files]
    assert len(files) > 15 and sum(sizes) + len(gzip.compress(page.encode())) < 53_000

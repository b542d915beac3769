"""The till's page: for whom it is, and how much it weighs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pos.register.bundle import lean

STATIC = Path(__file__).resolve().parents[2] / "static"
WITH_WORDS_OF_THEIR_OWN = {"wall", "wallboard", "replay", "opname"}  # pages other than the till


def test_the_till_is_for_those_who_sell(as_cashier: Any, as_staff: Any, as_official: Any, as_stranger: Any) -> None:
    assert as_cashier.get("/kasir").status_code == as_staff.get("/kasir").status_code == 200
    assert as_official.get("/kasir").status_code == 403
    assert as_stranger.get("/kasir").location.startswith("/masuk")
    assert as_cashier.get("/api/session").json["username"] == "kasir"


def test_the_first_file_holds_every_module_that_is_needed_at_once(as_cashier: Any) -> None:
    reached, ahead = set(), {"register"}
    while ahead:
        name = ahead.pop()
        reached.add(name)
        ahead |= set(re.findall(r"from '\./(\w+)\.js'", source(name))) - reached
    assert first(as_cashier) == reached and len(reached) > 20


def test_what_is_fetched_later_takes_from_the_first_file_what_is_there_already(as_cashier: Any) -> None:
    page = as_cashier.get("/kasir").text
    names = re.findall(r'rel="later" href="/kasir/js/(\w+)\.js', page)
    together = first(as_cashier)
    exported = [name for module in together for name in exports(module)]
    assert names and len(exported) == len(set(exported))
    for name in names:
        asked = re.findall(r"from '\./(\w+)\.js'", as_cashier.get(f"/kasir/js/{name}.js").text)
        assert not set(asked) & (together - {"register"})
        for wanted, module in re.findall(r"^import \{([^}]*)\} from '\./(\w+)\.js'", source(name), re.M):
            assert {each.strip() for each in wanted.split(",") if each.strip()} <= exports(module)


def test_comments_and_indentation_stay_on_the_server(as_cashier: Any) -> None:
    text = """// What it is.\nconst A = 'https://a'; // why\n  const b = `// ${A}`; // it's b\n"""
    assert lean(text) == """const A = 'https://a';\nconst b = `// ${A}`; // it's b\n"""
    served = as_cashier.get("/kasir/js/register.js").text
    assert not re.search(r"^(//| )", served, re.M) and "export const {" in served


def test_no_other_file_is_given_as_a_module(as_cashier: Any) -> None:
    for name in ("dom", "board", "..%2fcss%2fapp", "nothing"):
        assert as_cashier.get(f"/kasir/js/{name}.js").status_code == 404


def test_each_word_is_there_before_it_is_said(as_cashier: Any) -> None:
    page, dialogs = as_cashier.get("/kasir").text, as_cashier.get("/kasir/dialog/id").text
    everything = {path.stem for path in (STATIC / "js").glob("*.js")} - WITH_WORDS_OF_THEIR_OWN
    at_once = first(as_cashier)
    assert said(at_once) <= words(page) and said(everything) <= words(page) | words(dialogs)
    assert len(said(at_once)) > 40 and not words(page) & words(dialogs)


def first(browser: Any) -> set[str]:
    """The modules of the file that the page loads."""
    text = browser.get("/kasir/js/register.js").text
    return {"register", *re.findall(r"^const \$(\w+) = \(\(\) =>", text, re.M)}


def source(name: str) -> str:
    return (STATIC / "js" / f"{name}.js").read_text()


def exports(name: str) -> set[str]:
    return set(re.findall(r"^export (?:async )?(?:function|const|class) ([\w$]+)", source(name), re.M))


def said(names: set[str]) -> set[str]:
    """The words asked for by name, also where one of two is chosen."""
    calls = [call for name in names for call in re.findall(r"[^\w]say\(((?:[^(),]|\(\))*)", source(name))]
    return {word for call in calls for word in re.findall(r"(?:^|[?:] )'(\w+)'", call)}


def words(page: str) -> set[str]:
    found = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    return set(json.loads(found[1])) if found else set()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # of compressed files, which the last reference closes
def test_the_first_load_is_small(as_cashier: Any) -> None:
    """HTML, scripts and styles as they travel to a browser that takes them compressed."""
    page = as_cashier.get("/kasir").text
    page = re.sub(r'<link rel="later"[^>]*>', "", page)  # fetched once the till is there
    files = set(re.findall(r'(?:href|src)="([^"]+\.(?:js|css))"', page))
    sizes = [travelling(as_cashier, path) for path in ("/kasir", *files)]
    assert len(files) == 3 and sum(sizes) <= 52_000


def travelling(browser: Any, path: str) -> int:
    with browser.get(path, headers={"Accept-Encoding": "gzip, deflate, br, zstd"}) as answer:
        return len(answer.data)

"""The till as a browser keeps it: the page without anybody's data, the files it loads, and a name for this build."""

import json
import re
from collections.abc import Callable, Mapping, Set
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

from flask import current_app, g, request, url_for
from flask.globals import request_ctx
from flask_babel import force_locale
from werkzeug.exceptions import HTTPException

from pos.register import trim

LINK = re.compile(r'(?:href|src)="([^"?#]+)"')
ANY_IMPORT = re.compile(r"(?:from |import\()'\./(\w+)\.js'")
IMPORT = re.compile(r"^(?:import .*|\} )from '\./(\w+)\.js'", re.M)
FRAMEWORK = "static/bootstrap5/css/bootstrap.min.css"


def page(language: str, draw: Callable[[], str]) -> str:
    """The till's page in `language`, the same for everybody: `draw` makes it as if nobody were signed in."""
    g.person, g.language = None, language
    with force_locale(language):
        return draw()


def build(pages: Mapping[str, tuple[str, str]], made: Mapping[str, str]) -> dict[str, Any]:
    """What makes up this build: the SHA-256 of each page and of each file that one loads, and a name for all.

    `pages` are what stands for an address while the server is off: where it is kept, and its content. `made` are the
    files that a view makes, by its endpoint.
    """
    contents: dict[str, bytes] = {}
    for address, page in pages.values():
        contents |= {address: page.encode()} | _files(page, made)
    files = {path: sha256(content).hexdigest() for path, content in contents.items()}
    version = sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
    return {"pages": {path: address for path, (address, _) in pages.items()}, "files": files, "version": version}


def _files(page: str, made: Mapping[str, str]) -> dict[str, bytes]:
    found = {}
    for address in LINK.findall(page):
        endpoint, values = _endpoint(address)
        if endpoint == "static":
            found[address] = Path(str(current_app.static_folder), values["filename"]).read_bytes()
        elif endpoint in made:
            found[address] = made[endpoint].encode()
    return found


def _endpoint(address: str) -> tuple[str, Any]:
    adapter = request_ctx.url_adapter
    try:
        return adapter.match(address.removeprefix(request.script_root), "GET") if adapter else ("", {})
    except HTTPException:
        return "", {}


@cache
def modules() -> tuple[str, ...]:
    """What register.js imports, and what that imports: the browser is told to fetch all of it at once."""
    return tuple(sorted(_reached({"register"}, IMPORT) - {"register"}))


@cache
def display_modules() -> tuple[str, ...]:
    """The same of the buyer's display."""
    return tuple(sorted(_reached({"display"}, IMPORT) - {"display"}))


@cache
def later() -> tuple[str, ...]:
    """What these ask for when it is needed: the browser fetches it when it has nothing better to do."""
    first = {"register", *modules()}
    return tuple(sorted(_reached(first, ANY_IMPORT) - first))


def _reached(names: Set[str], pattern: re.Pattern[str]) -> set[str]:
    found: set[str] = set()
    ahead = list(names)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += pattern.findall(_script(name).read_text())
    return found


def _script(name: str) -> Path:
    return Path(str(current_app.static_folder), "js", f"{name}.js")


def styles() -> str:
    """The part of Bootstrap and of our own app.css that the till uses, by the words in its templates and modules."""
    sources = [*Path(str(current_app.template_folder), "register").glob("*.html")]
    sources += [Path(str(current_app.template_folder), "base.html")]
    sources += [_script(name) for name in ("register", *modules(), *later())]
    used = trim.words(*(source.read_text() for source in sources))
    sheets = (
        resources.files("flask_bootstrap").joinpath(FRAMEWORK),
        Path(str(current_app.static_folder), "css/app.css"),
    )
    others = (sheet.read_text() for sheet in Path(str(current_app.static_folder), "css").glob("*.css"))
    return trim.without_idle("".join(trim.trim(sheet.read_text(), used) for sheet in sheets), *others)


def manifest() -> str:
    """What a browser needs to install the till as an app of its own; the same in every language."""
    icon = {"src": url_for("static", filename="icon.svg"), "type": "image/svg+xml", "sizes": "any"}
    content = {
        "name": "Etalase Kasir",
        "short_name": "Kasir",
        "description": "Kasir galeri pemasyarakatan",
        "lang": "id",
        "id": url_for("register.till"),
        "start_url": url_for("register.till"),
        "scope": url_for("units.home"),
        "display": "standalone",
        "background_color": "#faf7f0",
        "theme_color": "#0b2f38",
        "icons": [icon | {"purpose": "any"}, icon | {"purpose": "maskable"}],
    }
    return json.dumps(content)

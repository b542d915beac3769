"""The till as a browser keeps it: the page without anybody's data, the files it loads, and a name for this build."""

import json
import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any

from flask import current_app, g, request, url_for
from flask.globals import request_ctx
from flask_babel import force_locale
from werkzeug.exceptions import HTTPException

from pos.register import bundle, trim

Made = Mapping[str, Callable[..., str | None]]
LINK = re.compile(r'(?:href|src)="([^"?#]+)"')
FRAMEWORK = "static/bootstrap5/css/bootstrap.min.css"
PAGES = ("enrol", "import", "carried")  # of this room, with the sheets that every page has


def page(language: str, draw: Callable[[], str]) -> str:
    """The till's page in `language`, the same for everybody: `draw` makes it as if nobody were signed in."""
    g.person, g.language = None, language
    with force_locale(language):
        return draw()


def build(pages: Mapping[str, tuple[str, str]], made: Made) -> dict[str, Any]:
    """What makes up this build: the SHA-256 of each page and of each file that one loads, and a name for all.

    `pages` are what stands for an address while the server is off: where it is kept, and its content. `made` makes
    the files that a view answers with, by its endpoint.
    """
    contents: dict[str, bytes] = {}
    for address, page in pages.values():
        contents |= {address: page.encode()} | _files(page, made)
    files = {path: sha256(content).hexdigest() for path, content in contents.items()}
    version = sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()[:16]
    return {"pages": {path: address for path, (address, _) in pages.items()}, "files": files, "version": version}


def _files(page: str, made: Made) -> dict[str, bytes]:
    found = {}
    for address in LINK.findall(page):
        endpoint, values = _endpoint(address)
        if endpoint == "static":
            found[address] = Path(str(current_app.static_folder), values["filename"]).read_bytes()
        elif endpoint in made:
            found[address] = (made[endpoint](**values) or "").encode()
    return found


def _endpoint(address: str) -> tuple[str, Any]:
    adapter = request_ctx.url_adapter
    try:
        return adapter.match(address.removeprefix(request.script_root), "GET") if adapter else ("", {})
    except HTTPException:
        return "", {}


def styles() -> str:
    """The part of Bootstrap and of our own sheets that the till uses, by the words in its templates and modules."""
    folder = Path(str(current_app.template_folder))
    templates = [path for path in (folder / "register").glob("*.html") if path.stem not in PAGES]
    templates += [folder / "base.html"]
    scripts = [bundle.source(name) for name in (*bundle.first(), *bundle.later())]
    used = trim.words(*(template.read_text() for template in templates), *scripts)
    own = [Path(str(current_app.static_folder), "css", name) for name in ("app.css", "till.css")]
    sheets = (resources.files("flask_bootstrap").joinpath(FRAMEWORK), *own)
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

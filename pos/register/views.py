"""The till, and the JSON door through which its sales come in."""

from functools import cache
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, jsonify, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import RequestEntityTooLarge

from pos import clock, web
from pos.catalog.services import announce_due_prices, change_set
from pos.db import db
from pos.errors import N_, PosError
from pos.register import (
    after_pages,
    bundle,
    camera_pages,
    device_pages,
    door,
    import_pages,
    removal_door,
    services,
    shell,
)
from pos.register.shifts import NOTES
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES, TENDER_NAMES

bp = Blueprint("register", __name__)
LARGEST_DOCUMENT = 256 * 1024  # bytes


@bp.get("/kasir")
@web.require("cashier", "staff")
def till() -> Any:
    return _page()


def _page() -> str:
    """The till's page: the same for everybody, who sells is asked by it."""
    return render_template(
        "register/till.html",
        later=bundle.later(),
        buyers=BUYER_NAMES,
        channels=CHANNEL_NAMES,
        methods=TENDER_NAMES,
    )


@bp.get("/kasir/layar")
def display() -> Any:
    """The buyer's display: nobody's, so that a sign-in form never stands before a buyer."""
    return shell.page(web.language(), _display)


def _display() -> str:
    return render_template("register/display.html", modules=bundle.needed("display")[:-1])


# -- what a browser keeps, to open the till while the server is off ---------------------------------------


@bp.get("/kasir/halaman/<any(id, en):language>")
def kept_page(language: str) -> Any:
    return shell.page(language, _page)


@bp.get("/kasir/layar/<any(id, en):language>")
def kept_display(language: str) -> Any:
    return shell.page(language, _display)


@bp.get("/kasir/dialog/<any(id, en):language>")
def dialogs(language: str) -> Any:
    return _file(_dialogs(language), "text/html")


def _dialogs(language: str) -> str:
    return shell.page(language, lambda: render_template("register/dialogs.html", notes=NOTES))


@bp.get("/kasir/js/<name>.js")
def script(name: str) -> Any:
    content = bundle.script(name)
    return abort(404) if content is None else _file(content, "text/javascript")


@bp.get("/kasir/dasar.css")
def styles() -> Response:
    return _file(shell.styles(), "text/css")


@bp.get("/kasir/etalase.webmanifest")
def manifest() -> Response:
    return _file(shell.manifest(), "application/manifest+json")


@bp.get("/sw.js")
def worker() -> Response:
    """The service worker: another one for each build and language, so that a browser sees what is new."""
    language = web.language()
    made: shell.Made = {
        "register.styles": shell.styles,
        "register.manifest": shell.manifest,
        "register.dialogs": _dialogs,
        "register.script": bundle.script,
    }
    pages = {
        url_for("register.till"): (url_for("register.kept_page", language=language), shell.page(language, _page)),
        url_for("register.display"): (
            url_for("register.kept_display", language=language),
            shell.page(language, _display),
        ),
    }
    build = shell.build(pages, made)
    answer = _file(render_template("register/sw.js", build=build), "text/javascript")
    answer.headers["Service-Worker-Allowed"] = url_for("units.home")
    return answer


def _file(content: str, kind: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(sha256(content.encode()).hexdigest()[:32])
    answer.make_conditional(request)
    return answer


@bp.get("/api/session")
@web.require("cashier", "staff")
def session() -> Any:
    """Who is signed in, and a token that fits this session: for a till whose page is older than the sign-in."""
    person = g.person
    facts = {"username": person.username, "name": person.name, "unit": person.unit_name, "role": person.role}
    return jsonify(facts | {"csrf_token": generate_csrf()})


@bp.post("/api/sales")
@web.csrf.exempt  # `who_sold` asks for the token, but of an enrolled register
def sell() -> Any:
    device = door.asking_device()
    if device is None:
        door.ask_for_sign_in()
    body = _body()
    person, marks = door.who_sold(device, body.get("register") if isinstance(body, dict) else None)
    recorded = services.record(body, person, marks=(*marks, *door.odd_clock(clock.now())), told=door.was_told())
    return jsonify(
        {
            "id": recorded.id,
            "receipt": recorded.receipt,
            "business_date": recorded.business_date.isoformat(),
            "verify_url": f"{_public_base()}{_verify_path(request.script_root)}{recorded.receipt}-{recorded.code}",
            "flags": list(recorded.flags),
        }
    ), 201 if recorded.created else 200


def _body() -> Any:
    if (request.content_length or 0) > LARGEST_DOCUMENT:
        raise RequestEntityTooLarge
    return request.get_json()


@bp.get("/api/catalog")
def catalog() -> Any:
    """What changed in the catalogue after version `since`, and the registers the caller may sell at."""
    places = door.open_tills()
    since = request.args.get("since", "0")
    if not (since.isascii() and since.isdigit() and len(since) <= 16):
        raise PosError("Versi katalog tidak benar.", fields={"since": N_("Harus bilangan bulat dari nol.")})
    now = clock.now()
    announce_due_prices(now)
    answer = jsonify(change_set(db.session.connection(), int(since), now) | {"registers": places})
    answer.set_etag(sha256(answer.get_data()).hexdigest()[:32], weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


def _public_base() -> str:
    base: str = current_app.config["PUBLIC_URL"]
    return base or f"{request.scheme}://{request.host}"


@cache
def _verify_path(script_root: str) -> str:
    """Where receipts are verified, for a program mounted at `script_root`: built once, as every sale asks."""
    return url_for("receipts.verify", code="_").removesuffix("_")


for path, view, methods in (
    *after_pages.PAGES,
    *camera_pages.PAGES,
    *device_pages.PAGES,
    *import_pages.PAGES,
    *removal_door.PAGES,
):
    bp.add_url_rule(path, view_func=view, methods=methods)

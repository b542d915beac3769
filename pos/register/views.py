"""The till, and the JSON door through which its sales come in."""

from functools import cache
from hashlib import sha256
from typing import Any

from flask import Blueprint, current_app, g, jsonify, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from pos import clock, web
from pos.catalog.services import announce_due_prices, change_set
from pos.db import db
from pos.errors import N_, PosError
from pos.register import after_pages, services
from pos.register.tills import tills
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES, METHOD_NAMES

bp = Blueprint("register", __name__)
LARGEST_DOCUMENT = 256 * 1024  # bytes
# What register.js imports, so that the browser fetches all of it at once.
MODULES = (
    ("after", "api", "basket", "cart", "catalog", "checkout", "discount", "dom", "exchange", "handed", "keys", "lines")
    + ("money", "notice", "outbox", "paid", "pay", "queue", "receiptno", "scanner")
    + ("share", "shelf", "sound", "state", "status", "store", "tab", "uuid")
)  # fmt: skip
LATER = ("back", "backlines", "device", "recent", "refund")  # what it fetches once it is painted


@bp.get("/kasir")
@web.require("cashier", "staff")
def till() -> Any:
    return render_template(
        "register/till.html",
        modules=MODULES,
        buyers=BUYER_NAMES,
        channels=CHANNEL_NAMES,
        methods=METHOD_NAMES,
        print_url=url_for("receipts.print_page", receipt="RECEIPT", lebar="WIDTH", cetak=1),
        pdf_url=url_for("receipts.strip", receipt="RECEIPT", lebar="WIDTH"),
    )


@bp.get("/api/session")
@web.require("cashier", "staff")
def session() -> Any:
    """Who is signed in, and a token that fits this session: for a till whose page is older than the sign-in."""
    return jsonify({"username": g.person.username, "name": g.person.name, "csrf_token": generate_csrf()})


@bp.post("/api/sales")
@web.require("cashier", "staff")
def sell() -> Any:
    recorded = services.record(_body(), g.person)
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
    try:
        return request.get_json()
    except RecursionError:
        raise BadRequest from None


@bp.get("/api/catalog")
@web.require("cashier", "staff", "admin")
def catalog() -> Any:
    """What changed in the catalogue after version `since`, and the registers the caller may sell at."""
    since = request.args.get("since", "0")
    if not (since.isascii() and since.isdigit() and len(since) <= 16):
        raise PosError("Versi katalog tidak benar.", fields={"since": N_("Harus bilangan bulat dari nol.")})
    now = clock.now()
    announce_due_prices(now)
    answer = jsonify(change_set(db.session.connection(), int(since), now) | {"registers": tills(g.person)})
    answer.set_etag(sha256(answer.get_data()).hexdigest()[:32], weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


def public_url(endpoint: str, **values: Any) -> str:
    """A full address under `POS_PUBLIC_URL`, or under the host that was asked."""
    return _public_base() + url_for(endpoint, **values)


def _public_base() -> str:
    base: str = current_app.config["PUBLIC_URL"]
    return base or f"{request.scheme}://{request.host}"


@cache
def _verify_path(script_root: str) -> str:
    """Where receipts are verified, for a program mounted at `script_root`: built once, as every sale asks."""
    return url_for("receipts.verify", code="_").removesuffix("_")


for path, view, methods in after_pages.PAGES:
    bp.add_url_rule(path, view_func=view, methods=methods)

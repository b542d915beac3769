"""The JSON door through which a till tells what was taken out of its carts."""

from collections.abc import Callable
from typing import Any

from flask import jsonify, request

from pos import web
from pos.register import door, removals


@web.csrf.exempt  # as for sales: `who_sold` asks for the token, but of an enrolled register
def tell() -> Any:
    device = door.asking_device()
    if device is None:
        door.ask_for_sign_in()
    body = request.get_json()
    person, _ = door.who_sold(device, body.get("register") if isinstance(body, dict) else None)
    return jsonify(vars(removals.keep(body, person)))


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (("/api/removals", tell, ["POST"]),)

"""Reads barcodes for tills whose browser cannot: it sends what its camera sees, and is told what that says."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from flask import g, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from pos import decoder, web
from pos.register import door

LARGEST_FRAME = 512 * 1024  # bytes
MOST_MEGAPIXELS = 4


PICTURES = ("image/jpeg", "image/png", "image/webp")


def _who() -> str:
    device = request.cookies.get(door.COOKIE, "")
    return f"camera {g.person.id if g.person else sha256(device.encode()).hexdigest()}"


@web.csrf.exempt  # asked for here, but of an enrolled register
@web.limiter.limit("600/minute", key_func=_who)
def read_frame() -> Any:
    if door.asking_device(*PICTURES) is None:
        door.ask_for_sign_in()
    if (request.content_length or 0) > LARGEST_FRAME:
        raise RequestEntityTooLarge
    return jsonify({"codes": decoder.read(request.get_data(), decoder.ON_GOODS, MOST_MEGAPIXELS)})


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (("/api/codes", read_frame, ["POST"]),)

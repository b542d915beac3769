"""Reads barcodes for tills whose browser cannot: it sends what its camera sees, and is told what that says."""

from collections.abc import Callable
from typing import Any

from flask import g, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from pos import decoder, web

LARGEST_FRAME = 512 * 1024  # bytes
MOST_MEGAPIXELS = 4


@web.require("cashier", "staff")
@web.limiter.limit("600/minute", key_func=lambda: f"camera {g.person.id}")
def read_frame() -> Any:
    if (request.content_length or 0) > LARGEST_FRAME:
        raise RequestEntityTooLarge
    return jsonify({"codes": decoder.read(request.get_data(), decoder.ON_GOODS, MOST_MEGAPIXELS)})


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (("/api/codes", read_frame, ["POST"]),)

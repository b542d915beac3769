"""The door through which a till in training reaches its register's printer; it keeps nothing."""

from typing import Any

from flask import abort, g, jsonify, request
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from pos import web
from pos.receipts.drivers import TROUBLES
from pos.receipts.print_pages import AT_THE_COUNTER, POST
from pos.receipts.training import print_training
from pos.units import services as units

LARGEST = 64 * 1024  # bytes


@web.require(*AT_THE_COUNTER)
def till_training(code: str) -> Any:
    """Print a training document on the register's own printer, and answer when it is out or why it is not."""
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge
    register = next((one for one in units.registers_for(g.person) if one.code == code), None)
    if register is None:
        abort(404)
    reason = print_training(register, g.person, request.get_json())
    return jsonify({"state": "failed" if reason else "done", "error": _(TROUBLES[reason]) if reason else ""})


PAGES = (("/api/registers/<code>/training", till_training, POST),)

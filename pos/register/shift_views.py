"""The JSON doors through which a till opens its shift and does what is done in one."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, jsonify, request

from pos import web
from pos.register import shifts

bp = Blueprint("drawer", __name__)


@bp.post("/api/shifts")
@web.require("cashier", "staff")
def open_shift() -> Any:
    return _told(shifts.open_shift(request.get_json(), g.person))


@bp.post("/api/shifts/<uuid:shift_id>/events")
@web.require("cashier", "staff")
def act(shift_id: UUID) -> Any:
    return _told(shifts.act(str(shift_id), request.get_json(), g.person))


def _told(done: shifts.Done) -> Any:
    return jsonify(done.answer), 201 if done.created else 200

"""The till, and the JSON door through which its sales come in."""

from typing import Any

from flask import Blueprint, current_app, g, jsonify, request, url_for

from pos import web
from pos.register import services

bp = Blueprint("register", __name__)


@bp.get("/kasir")
@web.require("cashier", "staff")
def till() -> Any:
    return ""


@bp.post("/api/sales")
@web.require("cashier", "staff")
def sell() -> Any:
    recorded = services.record(request.get_json(), g.person)
    return jsonify(
        {
            "id": recorded.id,
            "receipt": recorded.receipt,
            "business_date": recorded.business_date.isoformat(),
            "verify_url": public_url("receipts.verify", code=f"{recorded.receipt}-{recorded.code}"),
            "flags": list(recorded.flags),
        }
    ), 201 if recorded.created else 200


def public_url(endpoint: str, **values: Any) -> str:
    """A full address under `POS_PUBLIC_URL`, or under the host that was asked."""
    base = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
    return base + url_for(endpoint, **values)

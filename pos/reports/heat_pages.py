"""Who sells every day, and who has not reported: two lists of UPT over the same sums."""

from typing import Any

from flask import Blueprint

bp = Blueprint("streaks", __name__)


@bp.get("/kampanye/<slug>/melapor")
def reporters(slug: str) -> Any:
    return slug

from flask import Blueprint

bp = Blueprint("labels", __name__)


@bp.get("/label")
def choose() -> str:
    return ""

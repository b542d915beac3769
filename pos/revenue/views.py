from flask import Blueprint

bp = Blueprint("revenue", __name__)


@bp.get("/setoran")
def deposits() -> str:
    return ""

from flask import Blueprint

bp = Blueprint("reports", __name__)


@bp.get("/kampanye")
def campaigns() -> str:
    return ""


@bp.get("/buku")
def books() -> str:
    return ""

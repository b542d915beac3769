from flask import Blueprint

bp = Blueprint("catalog", __name__)


@bp.get("/produk")
def products() -> str:
    return ""

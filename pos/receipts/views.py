from typing import Any

from flask import Blueprint

bp = Blueprint("receipts", __name__)


@bp.get("/nota/<code>")
def verify(code: str) -> Any:
    return ""


@bp.get("/penjualan")
def sales() -> str:
    return ""

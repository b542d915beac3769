"""Proof that a receipt is genuine: what its register's key makes of what it says."""

import base64
import hmac
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos.db import db
from pos.units.models import RegisterKey


def verify_code(letter: str, secret: str, *, id: str, receipt: str, business_date: date, total: int) -> str:
    """The key's letter and 15 base32 characters (75 bits) of an HMAC over what the receipt says."""
    content = f"{id}|{receipt}|{business_date.isoformat()}|{total}"
    digest = hmac.digest(bytes.fromhex(secret), content.encode(), "sha256")
    return letter + base64.b32encode(digest[:10])[:15].decode()


def verify_code_of(sale: Any) -> str:
    """The code of a stored sale (a row or mapping of `sale`), from its register's key."""
    secret = db.session.scalar(
        sa.select(RegisterKey.secret).where(
            RegisterKey.register_id == sale["register_id"], RegisterKey.letter == sale["key_letter"]
        )
    )
    return verify_code(sale["key_letter"], secret or "", **signed(sale))


def signed(sale: Any) -> dict[str, Any]:
    return {name: sale[name] for name in ("id", "receipt", "business_date", "total")}

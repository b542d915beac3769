"""After the sale, for the till: what was sold, what is left to give back, and who agrees to it."""

from collections.abc import Callable
from typing import Any

from flask import g, jsonify, request

from pos import web
from pos.errors import N_, PosError
from pos.money import MAX_RUPIAH
from pos.register import approvals, history, only


@web.require("cashier", "staff")
def recent_sales() -> Any:
    """The newest sales of the register named in the address."""
    return jsonify({"sales": history.recent(g.person, request.args.get("register", ""))})


@web.require()
def sale_facts(receipt: str) -> Any:
    """One sale, and what is left of it to give back."""
    return jsonify(history.facts(g.person, receipt))


@web.require("cashier", "staff")
def goods_meant(code: str) -> Any:
    """What a code means that the till does not know, or knows no longer."""
    return jsonify(only.meaning(g.person, code))


@web.require("cashier", "staff")
def approve() -> Any:
    """Somebody of the staff types a PIN at the till of the person who is signed in."""
    body = request.get_json()
    names = ("act", "register", "username", "pin", "reason")
    values = [body.get(name) if isinstance(body, dict) else None for name in names]
    wrong = {name: N_("Harus teks.") for name, value in zip(names, values, strict=True) if not isinstance(value, str)}
    shown = [body.get(name, 0) if isinstance(body, dict) else 0 for name in ("given", "goods")]
    wrong |= {
        name: N_("Harus bilangan bulat.")
        for name, value in zip(("given", "goods"), shown, strict=True)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_RUPIAH
    }
    if wrong:
        raise PosError("Permintaan persetujuan tidak benar.", fields=wrong)
    act, register, username, pin, reason = map(str, values)
    approval = approvals.approve(g.person, act, register, username, pin, reason, *shown)
    return jsonify({"id": approval.id, "by": approval.by}), 201


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/api/sales", recent_sales, ["GET"]),
    ("/api/sales/<receipt>", sale_facts, ["GET"]),
    ("/api/goods/<code>", goods_meant, ["GET"]),
    ("/api/approvals", approve, ["POST"]),
)

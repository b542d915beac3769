"""After the sale, for tests: refund documents, approvals, PINs."""

from typing import Any

from pos import money
from pos.db import atomic, db
from pos.register import history
from pos.register.models import Sale
from pos.register.services import Recorded, record
from pos.units.models import User
from pos.units.services import hasher
from tests import world

PIN = "314159"


def give_pin(username: str, pin: str = PIN) -> None:
    with atomic() as session:
        session.query(User).filter_by(username=username).one().pin_hash = hasher.hash(pin)


def refund_body(receipt: str, pieces: dict[str, int] | None = None, step: int = 0, **over: Any) -> dict[str, Any]:
    """A document that gives back `pieces` (name: thousandths) of a sale, or all that is left, in cash to `step`."""
    facts = history.facts(world.person("admin"), receipt)
    db.session.rollback()
    lines = []
    for line in facts["lines"]:
        now = line["left"] if pieces is None else pieces.get(line["name"], 0)
        if now:
            amount = -money.portion(line["amount"], line["returned"], now, line["quantity"])
            rest = {"unit_price": line["unit_price"], "discount": 0, "amount": amount}
            lines.append({"product": line["product"], "quantity": -now} | rest)
    rounding = -_rounding_back(facts, lines, step)
    total = sum(line["amount"] for line in lines) + rounding
    paid = [{"method": "cash", "tendered": 0, "change": -total, "reference": ""}]
    body = world.sale(over.pop("register", "AMB-1"))
    return (
        body | {"refund_of": facts["id"], "total": total, "rounding": rounding, "lines": lines, "payments": paid} | over
    )


def _rounding_back(facts: dict[str, Any], lines: list[dict[str, Any]], step: int) -> int:
    goods, left = sum(line["amount"] for line in facts["lines"]), sum(line["amount_left"] for line in facts["lines"])
    last = sum(line["left"] for line in facts["lines"]) == -sum(line["quantity"] for line in lines)
    now = -sum(line["amount"] for line in lines)
    return money.rounding_back(goods, facts["rounding"], goods - left, facts["rounding_returned"], now, last, step)


def give_back(receipt: str, pieces: dict[str, int] | None = None, who: str = "petugas", **over: Any) -> Recorded:
    return record(refund_body(receipt, pieces, **over), world.person(who))


def sale_row(sale_id: str) -> Sale:
    row = db.session.get(Sale, sale_id)
    assert row is not None
    return row

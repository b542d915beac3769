"""What is done at a drawer, for the tests of shifts."""

from typing import Any

from pos import clock
from pos.register import shifts
from tests import world


def opening(register: str = "AMB-1", float: int = 100_000, **over: Any) -> dict[str, Any]:
    return {"id": world.new_id(), "register": register, "float": float, "at": clock.now().isoformat()} | over


def event(kind: str, amount: int = 0, **over: Any) -> dict[str, Any]:
    body = {"id": world.new_id(), "kind": kind, "at": clock.now().isoformat(), "amount": amount}
    reason = {"reason": "belanja plastik"} if kind in ("cash_in", "cash_out") else {}
    return body | reason | over


def open_shift(username: str = "kasir", **over: Any) -> dict[str, Any]:
    return shifts.open_shift(opening(**over), world.person(username)).answer


def act(shift: dict[str, Any], kind: str, amount: int = 0, **over: Any) -> dict[str, Any]:
    return shifts.act(shift["id"], event(kind, amount, **over), world.person("kasir")).answer


def count(shift: dict[str, Any], amount: int) -> dict[str, Any]:
    """A count that finds `amount` rupiah, in as few pieces as there can be."""
    counts, left = {}, amount
    for note in shifts.NOTES:
        counts[str(note)], left = divmod(left, note)
    return act(shift, "count", amount, counts=counts)


def close(shift: dict[str, Any], amount: int, reason: str = "") -> dict[str, Any]:
    count(shift, amount)
    return act(shift, "close", reason=reason)


def paid_749_with_1000(shift: dict[str, Any] | None, **over: Any) -> Any:
    """Goods for 749 rupiah, paid with a note of 1,000."""
    payments = [{"method": "cash", "tendered": 1_000, "change": 251, "reference": ""}]
    marks = {"shift": shift["id"]} if shift else {}
    return world.sell(lines=[("Keripik pisang", 15, 1)], payments=payments, **marks, **over)

"""How much of the goods' value a cashier may give away alone: above that somebody of the staff agrees."""

from collections.abc import Iterable

from pos import money
from pos.register.document import Document


def above_limit(document: Document, limit: int) -> bool:
    """Whether the sale's own figures give away more than `limit` percent of what its goods are worth."""
    goods, given = _of(document)
    return document.refund_of is None and given > money.percent(goods, limit)


def covered(document: Document, given: int, goods: int) -> bool:
    """Whether the sale gives away no more than `given` rupiah, of no less than `goods` rupiah."""
    worth, off = _of(document)
    return off <= given and worth >= goods


def _of(document: Document) -> tuple[int, int]:
    return given_away([(line.quantity, line.unit_price, line.discount) for line in document.lines], document.discount)


def given_away(quantities_prices_discounts: Iterable[tuple[int, int, int]], bill_discount: int) -> tuple[int, int]:
    """What the goods are worth, and what is given away of that on the lines and on the bill; both in rupiah."""
    parts = list(quantities_prices_discounts)
    goods = sum(money.gross(quantity, price) for quantity, price, _ in parts)
    return goods, sum(discount for *_, discount in parts) + bill_discount

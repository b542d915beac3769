"""How much of the goods' value a cashier may give away alone: above that somebody of the staff agrees."""

from collections.abc import Iterable

from pos import money
from pos.register.document import Document


def above_limit(document: Document, limit: int) -> bool:
    """Whether the sale's own figures give away more than `limit` percent of what its goods are worth."""
    parts = [(line.quantity, line.unit_price, line.discount) for line in document.lines]
    goods, given = given_away(parts, document.discount)
    return document.refund_of is None and given > money.percent(goods, limit)


def given_away(quantities_prices_discounts: Iterable[tuple[int, int, int]], bill_discount: int) -> tuple[int, int]:
    """What the goods are worth, and what is given away of that on the lines and on the bill; both in rupiah."""
    parts = list(quantities_prices_discounts)
    goods = sum(money.gross(quantity, price) for quantity, price, _ in parts)
    return goods, sum(discount for *_, discount in parts) + bill_discount

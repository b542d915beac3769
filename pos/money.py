"""Whole rupiah and thousandths: the only arithmetic that money goes through.

Every amount is an `int` of rupiah, every quantity an `int` of thousandths (1500 = 1,5 kg).
`static/js/cart.js` holds the same functions; `tests/vectors/` is run by both.
"""

from collections.abc import Sequence

THOUSAND = 1000
MAX_RUPIAH = 10**15  # far above any takings, far below 2**63 and JavaScript's exact integers (2**53)


def half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, halves away from zero."""
    quotient, rest = divmod(abs(numerator), denominator)
    rounded = quotient + (2 * rest >= denominator)
    return rounded if numerator >= 0 else -rounded


def gross(quantity: int, unit_price: int) -> int:
    """Rupiah for `quantity` thousandths at `unit_price` rupiah each."""
    return half_up(quantity * unit_price, THOUSAND)


def percent(amount: int, per_hundred: int) -> int:
    """Rupiah that `per_hundred` percent of `amount` come to."""
    return half_up(amount * per_hundred, 100)


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` in proportion to `weights` (none negative) by largest remainder; ties go to the first.

    The parts add up to `total` exactly; with all weights zero everything goes to the first part.
    """
    if not weights:
        return []
    if total < 0:
        return [-part for part in spread(-total, weights)]
    whole = sum(weights)
    if whole == 0:
        return [total] + [0] * (len(weights) - 1)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def portion(whole: int, before: int, now: int, of: int) -> int:
    """What falls to `now` of `of` pieces of `whole`, when `before` have had their part already.

    Parts taken one after the other until `of` is reached add up to `whole` exactly, which is how the
    refund of a discounted line in several steps returns precisely what was paid.
    """
    return half_up(whole * (before + now), of) - half_up(whole * before, of)


def rounding_back(goods: int, rounding: int, before: int, undone: int, now: int, last: bool, step: int = 0) -> int:
    """What goes back on top of `now` rupiah of goods when a sale of `goods` was rounded by `rounding` in cash.

    `before` rupiah of its goods and `undone` of its rounding went back already. What has gone back in cash is a
    multiple of `step` on the way (0: to the rupiah), never above what was paid; the `last` part makes it just that.
    """
    paid = goods + rounding
    back = half_up(before + now, step) * step if step else before + now
    if back <= before + undone:  # never down to nothing
        back = before + now
    whole = paid if last else min(back, paid)
    return max(0, whole - before - undone) - now


def rupiah(amount: int) -> str:
    """`Rp48.000.000`, the way it is written in Indonesia and the same on screen and on paper."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{grouped(abs(amount))}"


def grouped(number: int) -> str:
    """`48.000.000`"""
    return f"{number:,}".replace(",", ".")


def quantity_text(thousandths: int) -> str:
    """`2` for 2000, `1,5` for 1500, `0,125` for 125; whole parts are grouped."""
    sign = "-" if thousandths < 0 else ""
    whole, rest = divmod(abs(thousandths), THOUSAND)
    decimals = f",{rest:03d}".rstrip("0") if rest else ""
    return f"{sign}{grouped(whole)}{decimals}"


def words(amount: int) -> str:
    """The amount in words (*terbilang*), as a kwitansi states it: `delapan puluh ribu rupiah`."""
    from num2words import num2words

    text: str = num2words(abs(amount), lang="id")
    return f"{'minus ' if amount < 0 else ''}{text} rupiah"

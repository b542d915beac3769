"""`python -m tests.vectors.refunds`: writes refund.json, what `pos.register.refund` says of refunds one after another.

Each case is a sale's lines (product, price, thousandths, amount), then refunds (thousandths of each line) with the
amounts that go back, then what cash was rounded by, what goes back on top of the goods with each refund, and what cash
that goes back is rounded to on the way; `static/js/refund.js` must come to the same.
"""

import json
from pathlib import Path
from typing import Any

from pos import money
from pos.register.document import Line
from pos.register.document import amounts as sold_for
from pos.register.refund import FROZEN, line_with_room, undo

PATH = Path(__file__).with_name("refund.json")
CASES: list[tuple[list[tuple[int, int, int, int]], list[list[int]]]] = [
    ([(1, 80_000, 1000, 80_000)], [[1000]]),
    ([(1, 80_000, 3000, 229_999), (2, 45_000, 1000, 45_000)], [[1000, 0], [1000, 1000], [1000, 0]]),
    ([(1, 50_000, 1500, 70_001)], [[1], [499], [500], [500]]),
    ([(1, 3333, 3000, 10_000)], [[1000], [2000]]),
    ([(1, 80_000, 1000, 75_000), (1, 80_000, 2000, 151_000)], [[0, 1000], [1000, 0], [0, 1000]]),
    ([(1, 80_000, 1000, 75_000), (1, 79_000, 2000, 151_000)], [[0, 1000], [1000, 1000]]),
    ([(7, 0, 2000, 0)], [[1000], [1000]]),
    ([(1, 25_000_000, 10**9, 24_999_999_999_999)], [[1000], [333_333_000], [666_666_000]]),
]
# The same with what was given away: a line is (product, price, thousandths, its discount), then the bill's discount.
DISCOUNTED: list[tuple[list[tuple[int, int, int, int]], int, list[list[int]]]] = [
    ([(1, 80_000, 3000, 8_000)], 0, [[1000], [1000], [1000]]),
    ([(1, 80_000, 2000, 16_000), (1, 80_000, 2000, 1)], 0, [[0, 1000], [1000, 1000], [1000, 0]]),
    ([(1, 80_000, 1000, 80_000), (1, 80_000, 1000, 0)], 0, [[0, 1000], [1000, 0]]),
    (
        [(1, 3333, 3000, 1000), (2, 50_000, 1500, 7_501), (1, 3333, 3000, 999)],
        10_001,
        [[1000, 333, 2000], [2000, 1167, 1000]],
    ),
]
# Cash that was rounded, up or down, even by more than the last part is worth.
ROUNDED: list[tuple[list[tuple[int, int, int, int]], int, list[list[int]]]] = [
    ([(1, 10_030, 3000, 30_090)], 10, [[3000]]),
    ([(1, 10_030, 3000, 30_090)], 10, [[1000], [1000], [1000]]),
    ([(1, 10_010, 3000, 30_030), (2, 190, 1000, 190)], -20, [[1000, 1000], [1000, 0], [1000, 0]]),
    ([(1, 20_000, 1000, 20_000), (2, 15, 1000, 15), (3, 3, 1000, 3)], -18, [[1000, 0, 0], [0, 1000, 0], [0, 0, 1000]]),
    ([(1, 20_249, 1000, 20_249), (2, 0, 1000, 0)], -249, [[1000, 0], [0, 1000]]),
    ([(1, 80_250, 2000, 160_500)], 250, [[1000]]),
]
# The same in coins there are: never above what was paid, never down to nothing, and to the rupiah what was paid.
IN_COINS: list[tuple[list[tuple[int, int, int, int]], int, list[list[int]], int]] = [
    ([(1, 10_030, 3000, 30_090)], 10, [[1000], [1000], [1000]], 100),
    ([(1, 12_345, 2000, 24_690), (2, 40, 2000, 80)], 30, [[1000, 0], [0, 1000], [1000, 0], [0, 1000]], 100),
    ([(1, 15_060, 2000, 30_120)], -20, [[1000], [1000]], 100),
    ([(1, 200, 3000, 600), (2, 333, 1000, 333)], 67, [[1000, 0], [1000, 0], [1000, 1000]], 500),
    ([(1, 20_249, 1000, 20_249), (2, 1, 1000, 1)], -250, [[1000, 0], [0, 1000]], 500),
    ([(1, 12_345, 2000, 24_690)], 0, [[1000], [1000]], 100),
]


def paid(lines: list[tuple[int, int, int, int]], bill: int) -> list[tuple[int, int, int, int]]:
    """The lines with what each came to instead of its discount."""
    came_to = sold_for([(quantity, price, discount) for _, price, quantity, discount in lines], bill)
    return [(*line[:3], amount) for line, amount in zip(lines, came_to, strict=True)]


def amounts(lines: list[tuple[int, int, int, int]], refunds: list[list[int]]) -> list[list[int]]:
    """Rupiah of every line of every refund, as `lines_returned` makes them."""
    sold = [_sold(i, *line) for i, line in enumerate(lines)]
    returned: dict[int, int] = {}
    answers = []
    for quantities in refunds:
        answers.append([])
        for row, now in zip(sold, quantities, strict=True):
            if now:
                own = money.portion(row["amount"], returned.get(row["position"], 0), now, row["quantity"])
                asked = Line("", -now, row["unit_price"], 0, -own)
                found = line_with_room(sold, returned, asked, row["product_id"])
                before = returned.get(found["position"], 0)
                answers[-1].append(undo(found, before, now)["amount"])
                returned[found["position"]] = before + now
    return answers


def rounded_back(
    lines: list[tuple[int, int, int, int]], rounding: int, refunds: list[list[int]], step: int
) -> list[int]:
    """Rupiah that go back on top of the goods with every refund."""
    goods, left = sum(line[3] for line in lines), sum(line[2] for line in lines)
    before, answers = 0, []
    for quantities, back in zip(refunds, amounts(lines, refunds), strict=True):
        left -= sum(quantities)
        answers.append(money.rounding_back(goods, rounding, before, sum(answers), -sum(back), left == 0, step))
        before -= sum(back)
    return answers


def _sold(position: int, product: int, price: int, quantity: int, amount: int) -> dict[str, Any]:
    frozen = dict.fromkeys(FROZEN)
    row = {"position": position, "product_id": product, "unit_price": price, "quantity": quantity, "amount": amount}
    return frozen | row | {"unit_of_measure": "kg", "cost": 0, "base": 0, "shares": "[]"}


def text() -> str:
    cases = [(lines, 0, refunds, 0) for lines, refunds in CASES]
    cases += [(paid(lines, bill), 0, refunds, 0) for lines, bill, refunds in DISCOUNTED]
    cases += [(*case, 0) for case in ROUNDED] + IN_COINS
    rows = [
        json.dumps([lines, refunds, amounts(lines, refunds), rounding, rounded_back(*case), case[3]])
        for case in cases
        for lines, rounding, refunds, _ in [case]
    ]
    return "[\n  " + ",\n  ".join(rows) + "\n]\n"


if __name__ == "__main__":
    PATH.write_text(text())

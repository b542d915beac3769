"""`python -m tests.vectors.make`: writes cart.json, what `pos.money` and `static/js/` must both say of a fixed list."""

import json
from pathlib import Path
from typing import Any

from pos import money
from pos.catalog.pricing import More, lowest
from pos.register.discounts import given_away
from pos.register.document import amounts

PATH = Path(__file__).with_name("cart.json")
BIG = money.MAX_RUPIAH

GROSS = [
    (1000, 80_000), (2000, 80_000), (1500, 50_000), (500, 1), (499, 1), (501, 1), (1, 500), (1, 499), (333, 10_001),
    (2250, 90_000), (125, 2_900), (10**9, 1_000_000_000), (999_999_999, 999_999_999), (-1500, 50_001), (-500, 1),
]  # fmt: skip
SPREAD: list[tuple[int, list[int]]] = [
    (0, []), (5, []), (10, [1]), (10, [1, 1, 1]), (1, [1, 1, 1]), (2, [3, 3, 3]), (100, [0, 0]), (7, [0, 5, 0]),
    (-10, [1, 1, 1]), (10_000, [160_000, 75_000]), (999, [1, 2, 3, 4, 5, 6, 7]), (1, [2, 1, 3]),
    (BIG - 1, [BIG, 1, BIG]), (BIG, [3, 7, 11, 13]), (123_456_789, [999_999_999_937, 1, 500_000_000_003]),
]  # fmt: skip
PORTION = [(100, 0, 1, 3), (100, 1, 1, 3), (100, 2, 1, 3), (-79_999, 0, 500, 3000), (BIG, 1, 10**9 - 1, 10**9)]
PERCENT = [
    (80_000, 10),
    (12_345, 10),
    (12_344, 10),
    (5, 10),
    (4, 10),
    (1, 50),
    (999_999, 33),
    (0, 10),
    (BIG, 100),
    (BIG - 1, 99),
]
AMOUNTS: list[tuple[list[tuple[int, int, int]], int]] = [
    ([(2000, 80_000, 0), (1500, 50_000, 0)], 0),
    ([(2000, 80_000, 0), (1500, 50_000, 0)], 10_000),
    ([(3000, 80_000, 1), (1000, 45_000, 0)], 10_000),
    ([(1000, 3333, 0), (1000, 3333, 0), (1000, 3334, 0)], 1000),
    ([(1000, 5000, 5000), (1000, 5000, 0)], 2500),
    ([(333, 10_001, 0), (667, 10_001, 0)], 10_001),
    ([(1000, 0, 0)], 0),
    ([(10**9, 1_000_000_000, 0), (1000, 900, 0)], 7),
    ([(2000, 80_000, 8_000), (1000, 80_000, 1), (1500, 50_000, 7_500)], 10_001),
    ([(3000, 3333, 1000), (3000, 3333, 999)], 7),
    ([(1000, 45_000, 45_000), (1000, 45_000, 0)], 0),
]
PRICES: list[tuple[int, int | None, int | None, int | None, int, str]] = [
    (80_000, None, None, None, 12_000, "petugas"),
    (80_000, 70_000, 12_000, 75_000, 1000, "masyarakat"),
    (80_000, 70_000, 12_000, 75_000, 11_999, "masyarakat"),
    (80_000, 70_000, 12_000, 75_000, 12_000, "masyarakat"),
    (80_000, 70_000, 12_000, 75_000, 1000, "petugas"),
    (80_000, 70_000, 12_000, 75_000, 1000, "wbp"),
    (80_000, 70_000, 12_000, 75_000, 1000, "instansi"),
    (80_000, 70_000, 12_000, 75_000, 12_000, "wbp"),
    (80_000, 70_000, 12_000, 65_000, 12_000, "wbp"),
    (80_000, 70_000, 12_000, 70_000, 12_000, "wbp"),
    (80_000, None, None, 85_000, 1000, "petugas"),
    (80_000, None, None, 0, 1000, "petugas"),
    (80_000, 0, 1, None, 1, "masyarakat"),
]
TEXT = [0, 1, 10, 125, 999, 1000, 1500, 2000, 12_345, 1_000_000, 1_234_567_890, -1500, -48_000_000]
CLOCK = [
    ("2026-04-25T14:59:59.999Z", "WIT", "2026-04-25T23:59:59.999+09:00"),
    ("2026-04-25T17:10:00.000Z", "WIB", "2026-04-26T00:10:00.000+07:00"),
    ("2026-12-31T16:00:00.001Z", "WITA", "2027-01-01T00:00:00.001+08:00"),
]


def vectors() -> dict[str, Any]:
    return {
        "gross": [[q, p, money.gross(q, p)] for q, p in GROSS],
        "spread": [[total, weights, money.spread(total, weights)] for total, weights in SPREAD],
        "portion": [[*parts, money.portion(*parts)] for parts in PORTION],
        "amounts": [[lines, discount, amounts(lines, discount)] for lines, discount in AMOUNTS],
        "percent": [[*parts, money.percent(*parts)] for parts in PERCENT],
        "given_away": [[lines, discount, *given_away(lines, discount)] for lines, discount in AMOUNTS],
        "lowest": [[*p, lowest(p[0], More(*p[1:4]), *p[4:])] for p in PRICES],
        "rupiah": [[amount, money.rupiah(amount)] for amount in TEXT],
        "quantity_text": [[quantity, money.quantity_text(quantity)] for quantity in TEXT],
        "stamp": CLOCK,
    }


def text() -> str:
    rows = (
        f'  "{name}": [\n' + ",\n".join(f"    {json.dumps(case)}" for case in cases) + "\n  ]"
        for name, cases in vectors().items()
    )
    return "{\n" + ",\n".join(rows) + "\n}\n"


if __name__ == "__main__":
    PATH.write_text(text())

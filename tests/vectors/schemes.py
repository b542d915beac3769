"""`python -m tests.vectors.schemes`: writes scheme.json, how server and browser both share a base out."""

import json
from pathlib import Path

from pos import money
from pos.revenue.services import share_out

PATH = Path(__file__).with_name("scheme.json")
CASES: list[tuple[int, list[int], int]] = [
    (300_000, [5000, 3500, 1500], 1),
    (300_001, [5000, 3500, 1500], 1),
    (1, [5000, 3500, 1500], 1),
    (0, [5000, 5000], 0),
    (99_999, [3333, 3333, 3334], 2),
    (7, [1250, 8750], 0),
    (123_456_789, [1, 9_999], 1),
    (12_345, [10_000], 0),
    (54_321, [0, 10_000], 0),
    (money.MAX_RUPIAH - 1, [1667, 1667, 1666, 5000], 3),
]


def text() -> str:
    rows = [[base, points, taker, share_out(base, points, taker)] for base, points, taker in CASES]
    return "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n"


if __name__ == "__main__":
    PATH.write_text(text())

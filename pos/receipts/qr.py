"""The verification QR: five printer dots a module, level M, four modules of quiet round it."""

import segno

DOTS = 5  # a module, at 203 dpi
QUIET = 4
DOT = 25.4 / 203  # millimetres: the dots of a receipt printer


def modules(address: str) -> list[str]:
    """The symbol without its quiet zone: a string of `0` and `1` per row, from the top."""
    symbol = segno.make_qr(address, error="m", boost_error=False)
    return ["".join("1" if module else "0" for module in row) for row in symbol.matrix]


def runs(rows: list[str]) -> list[tuple[int, int, int]]:
    """The dark bars as (column, row, length): far fewer shapes than modules, and no seams between them."""
    bars = []
    for y, row in enumerate(rows):
        x = 0
        for part in row.replace("01", "0 1").replace("10", "1 0").split():
            if part[0] == "1":
                bars.append((x, y, len(part)))
            x += len(part)
    return bars


def side(rows: list[str]) -> int:
    """Modules across, quiet zone included."""
    return len(rows) + 2 * QUIET


def svg_path(rows: list[str]) -> str:
    """The `d` of a path in module units, quiet zone included."""
    return "".join(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z" for x, y, length in runs(rows))

"""The evening's recap as a picture of 1080 x 1350 pixels, upright as telephones show it."""

from functools import cache
from importlib import resources
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from pos import money
from pos.reports.evening import UNVERIFIED, Best, Drive, Recap, amount_of, change, drive_day, long_day

SIZE = (1080, 1350)
EDGE = 64
INK, SOFT, PAPER, CARD, LINE = "#0e2f36", "#56706f", "#faf7f0", "#fffdf8", "#ddd5c4"
BAR, AMBER, TEAL, GREEN, RED, LIGHT = "#0b2f38", "#f2a541", "#0e5a66", "#7fd4a8", "#ffb0a8", "#cfdcda"
Draw = ImageDraw.ImageDraw


def png(found: Recap) -> bytes:
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    _head(draw, found)
    top = _figures(draw, found, 562)
    top = _best(draw, found, top + 30)
    top = _methods(draw, found, top + 4)
    if found.drive:
        _campaign(draw, found.drive, 1152)
    _foot(draw)
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _head(draw: Draw, found: Recap) -> None:
    """Dark, with the one figure that matters in the largest type."""
    draw.rectangle((0, 0, SIZE[0], 528), fill=BAR)
    draw.rectangle((0, 522, SIZE[0], 528), fill=AMBER)
    _text(draw, (EDGE, 58), "REKAP SORE", 34, AMBER, bold=True)
    _text(draw, (SIZE[0] - EDGE, 58), "Etalase", 34, LIGHT, right=True)
    _fitted(draw, (EDGE, 116), found.place, 62, "#ffffff", SIZE[0] - 2 * EDGE, bold=True)
    _text(draw, (EDGE, 196), long_day(found.day), 38, LIGHT)
    _text(draw, (EDGE, 276), "Omzet", 36, LIGHT)
    _fitted(draw, (EDGE, 306), money.rupiah(found.whole.omzet), 128, "#ffffff", SIZE[0] - 2 * EDGE, bold=True)
    changed = change(found.whole.omzet, found.day_before)
    if changed:
        width = _text(draw, (EDGE, 456), changed, 36, RED if changed.startswith("-") else GREEN, bold=True)
        _text(draw, (EDGE + width + 14, 456), "dari kemarin", 36, LIGHT)


def _figures(draw: Draw, found: Recap, top: int) -> int:
    """Three cards beside one another."""
    whole, room, gap = found.whole, SIZE[0] - 2 * EDGE, 24
    cards = (
        ("Nota", money.grouped(whole.sales)),
        ("Terjual", money.quantity_text(whole.pieces)),
        ("PNBP terhitung", money.rupiah(whole.pnbp)),
    )
    width = (room - 2 * gap) // 3
    for i, (name, value) in enumerate(cards):
        left = EDGE + i * (width + gap)
        draw.rounded_rectangle((left, top, left + width, top + 138), 16, fill=CARD, outline=LINE, width=2)
        _text(draw, (left + 24, top + 20), name, 30, SOFT)
        _fitted(draw, (left + 24, top + 62), value, 52, INK, width - 48, bold=True)
    return top + 138


def _best(draw: Draw, found: Recap, top: int) -> int:
    """What sold most, each with a bar as long as its part of the first."""
    _text(draw, (EDGE, top), "Terlaris", 34, INK, bold=True)
    top += 50
    if not found.best:
        _text(draw, (EDGE, top), "Belum ada penjualan hari ini.", 34, SOFT)
        return top + 60
    shown = list(found.best)[: 4 if found.drive else 5]
    for best in shown:
        _product(draw, best, top, best.amount / shown[0].amount)
        top += 73
    return top


def _product(draw: Draw, best: Best, top: int, part: float) -> None:
    amount, room = money.rupiah(best.amount), SIZE[0] - 2 * EDGE
    width = _width(amount, 34, bold=True)
    _text(draw, (SIZE[0] - EDGE, top), amount, 34, INK, right=True, bold=True)
    many = amount_of(best)
    beside = _width(many, 30) + 18
    taken = _fitted(draw, (EDGE, top), best.name, 34, INK, room - width - beside - 36)
    _text(draw, (EDGE + taken + 18, top + 4), many, 30, SOFT)
    draw.rounded_rectangle((EDGE, top + 48, SIZE[0] - EDGE, top + 57), 4, fill="#e8e1d2")
    draw.rounded_rectangle((EDGE, top + 48, EDGE + max(9, int(room * part)), top + 57), 4, fill=TEAL)


def _methods(draw: Draw, found: Recap, top: int) -> int:
    if not found.methods:
        return top
    parts, room = [f"{name} {money.rupiah(net)}" for name, net in found.methods if net], SIZE[0] - 2 * EDGE
    while len(parts) > 1 and _width("   ".join(parts), 28) > room:
        parts.pop()  # a sum is never cut short
    _fitted(draw, (EDGE, top), "   ".join(parts), 32, SOFT, room)
    return top + 48


def _campaign(draw: Draw, drive: Drive, top: int) -> None:
    room = SIZE[0] - 2 * EDGE
    draw.line((EDGE, top - 22, SIZE[0] - EDGE, top - 22), fill=LINE, width=2)
    day = drive_day(drive)
    _fitted(draw, (EDGE, top - 6), drive.name, 32, INK, room - _width(day, 30) - 24, bold=True)
    _text(draw, (SIZE[0] - EDGE, top - 4), day, 30, SOFT, right=True)
    taken = _text(draw, (EDGE, top + 36), money.rupiah(drive.omzet), 48, INK, bold=True)
    if drive.target:
        _fitted(draw, (EDGE + taken + 18, top + 50), f"dari {money.rupiah(drive.target)}", 30, SOFT, room - taken - 150)
        _text(draw, (SIZE[0] - EDGE, top + 42), f"{drive.percent}%", 40, INK, right=True, bold=True)
    done = min(1.0, (drive.omzet / drive.target) if drive.target else drive.day / drive.days)
    draw.rounded_rectangle((EDGE, top + 104, SIZE[0] - EDGE, top + 120), 8, fill="#e3dccc")
    draw.rounded_rectangle((EDGE, top + 104, EDGE + max(16, int(room * max(0.0, done))), top + 120), 8, fill=AMBER)


def _foot(draw: Draw) -> None:
    _text(draw, (EDGE, SIZE[1] - 58), UNVERIFIED, 28, SOFT)


# -- type ----------------------------------------------------------------------------------------------


@cache
def _face(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = f"RobotoCondensed-{'Bold' if bold else 'Regular'}.ttf"
    with resources.as_file(resources.files("pos").joinpath("fonts", name)) as path:
        return ImageFont.truetype(str(path), size)


def _width(text: str, size: int, bold: bool = False) -> int:
    return int(_face(size, bold).getlength(text)) + 1


def _text(
    draw: Draw, at: tuple[int, int], text: str, size: int, fill: str, right: bool = False, bold: bool = False
) -> int:
    """Write one line from its top left (or right) corner; its width."""
    draw.text(at, text, font=_face(size, bold), fill=fill, anchor="ra" if right else "la")
    return _width(text, size, bold)


def _fitted(draw: Draw, at: tuple[int, int], text: str, size: int, fill: str, room: int, bold: bool = False) -> int:
    """The same within `room` pixels: smaller type first, then cut short; it keeps its base line."""
    least, chosen = max(24, size * 6 // 10), size
    while chosen > least and _width(text, chosen, bold) > room:
        chosen -= 2
    while len(text) > 1 and _width(text, chosen, bold) > room:
        text = text[:-2].rstrip() + "…"
    base = (at[0], at[1] + _face(size, bold).getmetrics()[0])
    draw.text(base, text, font=_face(chosen, bold), fill=fill, anchor="ls")
    return _width(text, chosen, bold)

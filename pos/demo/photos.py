"""Drawn pictures in the place of photos, so that shelves, lists and tiles of the example show goods."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from PIL import Image, ImageDraw

from pos.catalog import photos
from pos.catalog.models import Product
from pos.db import atomic, db
from pos.units.models import Unit

SIDE = 480  # pixels of a drawing
AT = (
    "Lapas Kelas IIA Ambon",
    "Lapas Perempuan Kelas III Ambon",
    "Lapas Kelas IIA Kendari",
    "Lapas Kelas IIA Pontianak",
)
Pen = ImageDraw.ImageDraw


def build() -> None:
    """Give the goods of the example's own galleries the picture of their kind; a drawing is kept once."""
    folder = Path(current_app.instance_path) / "files" / "foto"
    kept: dict[str, str] = {}
    with atomic():
        query = sa.select(Product).join(Unit).where(Unit.name.in_(AT), Product.active).order_by(Product.id)
        for product in db.session.scalars(query):
            word = next((word for word in DRAWINGS if word in product.name.lower()), "")
            if word and word not in kept:
                kept[word] = photos.keep(folder, _drawn(word))
            product.photo = kept.get(word, "")


def _drawn(word: str) -> bytes:
    paper, draw = DRAWINGS[word]
    picture = Image.new("RGB", (SIDE * 2, SIDE * 2), paper)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((150, 780, 810, 880), fill=_darker(paper))  # what it stands on
    draw(pen)
    inner = SIDE * 3 // 4  # what a shelf cuts off above and below is paper
    sheet = Image.new("RGB", (SIDE, SIDE), paper)
    sheet.paste(picture.resize((inner, inner), Image.Resampling.BOX), ((SIDE - inner) // 2, (SIDE - inner) // 2))
    out = BytesIO()
    sheet.save(out, "JPEG", quality=90)
    return out.getvalue()


def _darker(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[at : at + 2], 16) * 88 // 100 for at in (1, 3, 5))
    return red, green, blue


def _bag(pen: Pen) -> None:
    pen.arc((300, 120, 660, 640), 180, 360, fill="#7a3b2e", width=34)
    pen.polygon([(200, 380), (760, 380), (820, 830), (140, 830)], fill="#b5533c")
    for i in range(7):
        for j in range(6):
            at, turn = 215 + i * 78 + (j % 2) * 20, 410 + j * 68
            pen.ellipse((at, turn, at + 46, turn + 46), fill="#d98a6a")


def _chips(pen: Pen) -> None:
    pen.rounded_rectangle((230, 120, 730, 840), 40, fill="#2f6f4f")
    pen.rectangle((230, 170, 730, 200), fill="#f2e3b3")
    for at in ((300, 300), (450, 270), (560, 380), (350, 470), (520, 540), (380, 640)):
        pen.ellipse((*at, at[0] + 130, at[1] + 110), fill="#f1c14f", outline="#c98f22", width=10)


def _bottle(pen: Pen, glass: str, cap: str, label: str) -> None:
    pen.rectangle((430, 110, 530, 190), fill=cap)
    pen.polygon([(440, 190), (520, 190), (520, 270), (620, 370), (340, 370), (440, 270)], fill=glass)
    pen.rounded_rectangle((340, 360, 620, 840), 40, fill=glass)
    pen.rectangle((340, 500, 620, 700), fill=label)
    pen.ellipse((430, 545, 530, 655), fill=glass)


def _oil(pen: Pen) -> None:
    _bottle(pen, "#3f7d58", "#20402f", "#f4ecd2")


def _water(pen: Pen) -> None:
    _bottle(pen, "#8cc4dd", "#2a6f97", "#f5fafc")


def _aloe(pen: Pen) -> None:
    _bottle(pen, "#a7c957", "#386641", "#fefae0")


def _cookies(pen: Pen) -> None:
    pen.rounded_rectangle((210, 300, 750, 840), 60, fill="#e8c48c")
    pen.rounded_rectangle((190, 220, 770, 320), 30, fill="#9c2f3a")
    for i in range(12):
        left, top = 250 + i % 4 * 118, 370 + i // 4 * 145
        pen.ellipse((left, top, left + 100, top + 100), fill="#c88a45")
        pen.ellipse((left + 35, top + 30, left + 65, top + 60), fill="#7b4a1e")


def _chair(pen: Pen) -> None:
    for left in (270, 660):
        pen.rectangle((left, 160, left + 46, 840), fill="#7d4f2b")
    for top in (190, 300, 410):
        pen.rectangle((270, top, 706, top + 44), fill="#a06a3c")
    pen.polygon([(240, 540), (736, 540), (790, 640), (180, 640)], fill="#b98350")
    for left in (190, 740):
        pen.rectangle((left, 630, left + 40, 850), fill="#7d4f2b")


def _jar(pen: Pen) -> None:
    pen.rounded_rectangle((270, 290, 690, 840), 60, fill="#c97b3d")
    pen.rounded_rectangle((250, 190, 710, 300), 30, fill="#3a3f44")
    pen.rectangle((270, 450, 690, 700), fill="#fbf3df")
    pen.polygon([(340, 575), (440, 510), (560, 575), (440, 640)], fill="#2a6f97")
    pen.polygon([(540, 575), (620, 520), (620, 630)], fill="#2a6f97")


def _cloth(pen: Pen) -> None:
    pen.rectangle((180, 200, 780, 820), fill="#6b2437")
    for i in range(6):
        for j in range(6):
            left, top = 200 + i * 96, 215 + j * 100
            corners = [(left + 40, top), (left + 80, top + 45), (left + 40, top + 90), (left, top + 45)]
            pen.polygon(corners, fill="#e2b04a")
            pen.ellipse((left + 25, top + 30, left + 55, top + 60), fill="#6b2437")
    pen.rectangle((180, 780, 780, 820), fill="#e2b04a")


DRAWINGS: dict[str, tuple[str, Callable[[Pen], None]]] = {  # a word of the product's name: paper and drawing
    "tas rajut": ("#f3e4d7", _bag),
    "keripik": ("#fbefcf", _chips),
    "kayu putih": ("#e3efe4", _oil),
    "air mineral": ("#e4f1f7", _water),
    "lidah buaya": ("#eef5dc", _aloe),
    "kue kering": ("#f8ead8", _cookies),
    "kursi teras": ("#efe6da", _chair),
    "abon": ("#fbe8d3", _jar),
    "batik": ("#f4e6dc", _cloth),
}

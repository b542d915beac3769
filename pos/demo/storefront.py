"""Example shelves for the public, a measured printer, a layout of a unit's own, and labels printed long ago."""

from datetime import datetime

import sqlalchemy as sa

from pos.catalog.models import LabelPrint, Product
from pos.catalog.services import price_at
from pos.db import atomic, db
from pos.labels import settings
from pos.labels.layouts import Layout
from pos.storefront.services import keep
from pos.units import services as units

OPEN = {  # unit: its number, hours, address
    "Lapas Kelas IIA Ambon": ("0812-4700-1100", "Senin–Jumat 08.00–15.00 WIT", "Jl. Leo Wattimena, Ambon"),
    "Lapas Kelas IIA Pontianak": ("0812-5600-2200", "Senin–Sabtu 08.00–14.00 WIB", "Jl. Adisucipto, Kubu Raya"),
    "Lapas Kelas I Malang": ("0813-3300-3300", "Setiap hari 09.00–16.00 WIB", "Jl. Asahan, Malang"),
    "Lapas Kelas IIA Kerobokan": ("0813-3800-4400", "Senin–Jumat 08.00–15.00 WITA", "Jl. Tangkuban Perahu, Badung"),
    "Lapas Kelas IIA Kendari": ("0852-4100-5500", "Senin–Jumat 08.00–15.00 WITA", "Jl. Kapten Tendean, Kendari"),
}
INTRO = "Buatan warga binaan di bengkel kerja {unit}. Setiap pembelian mendukung pembinaan kemandirian."


def show(now: datetime) -> None:
    """Open some shelves, and give Ambon what its staff print labels with."""
    admin, petugas = units.person_named("admin"), units.person_named("petugas")
    for name, (number, hours, address) in OPEN.items():
        unit = units.unit_named(name)
        keep(admin, unit.id, open=True, intro=INTRO.format(unit=name), whatsapp=number, hours=hours, address=address)
    roll = settings.Printer(203, name="Xprinter gudang", offset=(-0.4, 0.6), layout="roll-33x15-3")
    office = settings.Printer(600, name="Laser kantor", offset=(0.3, -0.2), layout="a4-l7160")
    for printer in (roll, office):
        settings.save_printer(petugas, printer)
    sticker = Layout("", "Stiker koperasi 60 × 40", 60, 40, (210, 297), 3, 7, (65, 40), (10, 8))
    settings.save_layout(petugas, sticker)
    _printed(petugas.unit_id, petugas.id, now)


def _printed(unit_id: int, user_id: int, now: datetime) -> None:
    """Labels that were stuck on when each product was new: where the price has changed since, they wait."""
    products = db.session.scalars(sa.select(Product).where(Product.maker_id == unit_id, Product.active)).all()
    with atomic() as session:
        for product in products:
            at = product.prices[0].from_at
            price = price_at(product.prices, at)
            if price and not product.service:
                label = LabelPrint(product_id=product.id, name=product.name, amount=price.amount, copies=24)
                label.shows_at, label.at, label.user_id = at, min(at, now), user_id
                session.add(label)

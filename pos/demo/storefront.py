"""Example shelves for the public, measured printers, and a layout of a unit's own."""

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


def show() -> None:
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

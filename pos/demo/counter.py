"""What the example's counter needs besides goods and sales: a PIN for who sells or agrees, somebody to hand the drawer
over to, the gallery's QRIS code, and pieces of which there is only one."""

from datetime import datetime

import sqlalchemy as sa

from pos.catalog.services import add_product
from pos.db import atomic, db
from pos.stock.models import StockMove
from pos.units import services as units
from pos.units.models import Gallery, User

AMBON = "Lapas Kelas IIA Ambon"
PIN = "270427"
WITH_PIN = ("kasir", "kasir2", "petugas", "petugas.ambon")
QRIS = (  # nobody's: a payee that does not exist
    "00020101021126680016ID.CO.CONTOH.WWW011893600000000000000102150000000000000010303UMI"
    "51440014ID.CO.QRIS.WWW0215ID00000000000010303UMI5204594753033605802ID5917"
    "GALERI CONTOH UPT6005AMBON6105972336304191B"
)
PIECES = (("Ukiran perahu belang", 1_250_000, 600_000), ("Lukisan teluk Ambon, cat minyak", 2_400_000, 900_000))


def build(password: str, now: datetime) -> None:
    ambon = units.unit_named(AMBON)
    units.add_user("kasir2", "Dewi Tuhumury", password, "cashier", ambon)
    pin_hash = units.hasher.hash(PIN)
    with atomic() as session:
        session.execute(sa.update(User).where(User.username.in_(WITH_PIN)).values(pin_hash=pin_hash))
        galleries = db.session.scalars(sa.select(Gallery).where(Gallery.unit_id == ambon.id)).all()
        for gallery in galleries:
            gallery.qris = QRIS
        for name, price, cost in PIECES:
            piece = add_product(ambon, name, "karya seni", price, cost=cost, from_at=now, one_of_a_kind=True)
            session.flush()
            session.add(
                StockMove(
                    gallery_id=galleries[0].id,
                    product_id=piece.id,
                    quantity=1000,
                    at=now,
                    reason="receive",
                    note="Kiriman bengkel kerja",
                )
            )

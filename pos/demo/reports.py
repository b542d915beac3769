"""What reports need in the example: an auditor, letterheads, and recaps that write themselves."""

from datetime import time

from pos.reports import recaps
from pos.stationery import Signer
from pos.units import letterheads
from pos.units import services as units

AMBON = "Lapas Kelas IIA Ambon"


def build(password: str) -> None:
    nation, ambon = units.unit_named(units.NATION), units.unit_named(AMBON)
    units.add_user("pemeriksa", "Hendra Wijaya", password, "auditor", nation)
    admin = units.person_named("admin")
    letterheads.change(
        nation,
        admin,
        lines=f"{letterheads.MINISTRY}\nDirektorat Jenderal Pemasyarakatan",
        address="Jl. Veteran No. 11, Jakarta Pusat",
        city="Jakarta",
        signers=[],
    )
    letterheads.change(
        ambon,
        admin,
        lines="",
        address="Jl. Leo Wattimena, Ambon",
        city="Ambon",
        signers=[
            Signer("Kepala Lapas Kelas IIA Ambon", "Frans Tahapary", "19720814 199603 1 002", "Mengetahui,"),
            Signer("Bendahara Penerimaan", "Yosef Manuputty", "19880302 201012 1 004"),
        ],
    )
    recaps.change(units.person_named("petugas"), time(17, 30), True)

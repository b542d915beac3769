"""Officers of Lapas Ambon in the example, and which of them stands behind a nota of its tills."""

from pos.campaigns import officers
from pos.units.services import person_named

FIRST = ("Yosef", "Maria", "Agus", "Dewi", "Rahman", "Sari", "Benny", "Rina", "Thomas", "Fatimah")
LAST = ("Manuputty", "Latuconsina", "Siahaya", "Pattiasina")
ROSTER = [
    (f"19{70 + i % 29}{1 + i % 12:02d}{1 + i % 28:02d}{2000 + i % 24}{1 + i % 12:02d}1{i:03d}", f"{first} {last}")
    for i, (first, last) in enumerate((first, last) for last in LAST for first in FIRST)
]
BUYING = 34  # the others have not bought yet
UNASKED = 4  # at every so-manieth nota nobody asked for the number


def build() -> None:
    rows = [(i, number, name) for i, (number, name) in enumerate(ROSTER, start=1)]
    officers.replace(person_named("petugas"), rows)


def staff_number(register: str, buyer: str, number: int) -> dict[str, str]:
    """What the document of this nota says of the officer who bought: nothing elsewhere, and of other buyers."""
    if buyer != "petugas" or not register.startswith("AMB") or number % UNASKED == 0:
        return {}
    return {"buyer_ref": ROSTER[number * 7 % BUYING][0]}

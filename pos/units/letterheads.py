"""The letterhead of a unit: its own, what it inherits from above, and its name where nobody has set one."""

import warnings
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO

import sqlalchemy as sa
from PIL import Image, UnidentifiedImageError

from pos.db import atomic, db
from pos.errors import N_, PosError
from pos.stationery import Letterhead, Signer
from pos.units.letterhead_models import LONGEST, UnitLetterhead
from pos.units.models import Unit
from pos.units.services import NATION, Person, log

# Until the nation sets its own lines.
MINISTRY = "Kementerian Imigrasi dan Pemasyarakatan Republik Indonesia"
IN_FULL = {
    NATION: "Direktorat Jenderal Pemasyarakatan",
    "Kanwil": "Kantor Wilayah",
    "Lapas": "Lembaga Pemasyarakatan",
    "Rutan": "Rumah Tahanan Negara",
    "LPKA": "Lembaga Pembinaan Khusus Anak",
    "Bapas": "Balai Pemasyarakatan",
}
LARGEST_LOGO = 2 * 1024 * 1024  # bytes
MOST_PIXELS = 25_000_000
LOGO_SIZE = (480, 480)  # pixels, at most: 20 mm at 600 dpi


def letterhead_of(unit_id: int, person: Person | None = None) -> Letterhead:
    """What stands on this unit's sheets; `person` signs as who made them where the unit has named nobody."""
    unit = db.session.get_one(Unit, unit_id)
    chain = [int(step) for step in unit.path.split(".") if step]
    names = {row.id: row.name for row in db.session.execute(sa.select(Unit.id, Unit.name).where(Unit.id.in_(chain)))}
    found = db.session.scalars(sa.select(UnitLetterhead).where(UnitLetterhead.unit_id.in_(chain)))
    rows = {row.unit_id: row for row in found}
    below: list[str] = []
    lines = [MINISTRY]
    for step in reversed(chain):
        if step in rows and rows[step].lines:
            lines = rows[step].lines.splitlines()
            break
        below.insert(0, in_full(names[step]))
    upwards = [rows[step] for step in reversed(chain) if step in rows]
    own = rows.get(unit_id)
    return Letterhead(
        [*lines, *below],
        own.address.splitlines() if own else [],
        (own.city if own else "") or unit.city or next((row.city for row in upwards if row.city), ""),
        next((row.logo for row in upwards if row.logo), b""),
        [Signer(**signer) for signer in own.signers] if own and own.signers else _usual(unit, person),
    )


def in_full(name: str) -> str:
    """`Lapas Kelas IIA Ambon` as a letterhead has it."""
    first, _, rest = name.partition(" ")
    return f"{IN_FULL.get(first, first)} {rest}".strip()


def _usual(unit: Unit, person: Person | None) -> list[Signer]:
    """Always in the language of the office."""
    head = "Direktur Jenderal Pemasyarakatan" if unit.level == "ditjenpas" else f"Kepala {unit.name}"
    made_by = [Signer("", person.name, heading="Dibuat oleh,")] if person else []
    return [Signer(head, heading="Mengetahui,"), *made_by]


def stored(unit: Unit) -> UnitLetterhead | None:
    return db.session.get(UnitLetterhead, unit.id)


def change(
    unit: Unit,
    person: Person,
    *,
    lines: str,
    address: str,
    city: str,
    signers: Sequence[Signer],
    logo: bytes | None = None,
    no_logo: bool = False,
) -> None:
    """Set the unit's own letterhead; `logo` replaces the picture, `no_logo` takes it away."""
    texts = {"lines": _tidy(lines), "address": _tidy(address), "city": city.strip()}
    for name, text in texts.items():
        if len(text) > LONGEST[name]:
            raise PosError("Kop surat tidak disimpan.", fields={name: N_("Terlalu panjang.")})
    picture = _png(logo) if logo is not None else None
    with atomic() as session:
        row = stored(unit)
        if row is None:
            session.add(row := UnitLetterhead(unit_id=unit.id, logo=None))
        for name, text in texts.items():
            setattr(row, name, text)
        row.signers = [asdict(signer) for signer in signers]
        if picture is not None or no_logo:
            row.logo = picture
        log("unit.letterhead", unit.name, person, unit.id, **texts)


def _tidy(text: str) -> str:
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))


def _png(data: bytes) -> bytes:
    """The picture drawn anew and small; nothing else of what was sent is kept."""
    if len(data) > LARGEST_LOGO:
        raise _refused(N_("Gambar ini lebih dari 2 MB. Kecilkan dahulu."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=("PNG", "JPEG", "WEBP"))
            if picture.width * picture.height > MOST_PIXELS:
                raise _refused(N_("Gambar ini terlalu besar."))
            drawn = picture.convert("RGBA")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _refused(N_("Gambar ini terlalu besar.")) from bomb
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as unknown:
        raise _refused(N_("Ini bukan gambar PNG, JPEG atau WebP yang utuh.")) from unknown
    drawn.thumbnail(LOGO_SIZE)
    paper = Image.new("RGB", drawn.size, "white")
    paper.paste(drawn, mask=drawn.getchannel("A"))
    out = BytesIO()
    paper.save(out, "PNG", optimize=True)
    return out.getvalue()


def _refused(reason: str) -> PosError:
    return PosError("Kop surat tidak disimpan.", fields={"logo": reason})

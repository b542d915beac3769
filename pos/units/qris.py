"""A gallery's static QRIS code as text: EMVCo's list of fields, each two digits of tag, two of length and the value.

The same list is read by static/js/qris.js, which locks the amount in; both are held to tests/vectors/qris.json.
"""

from binascii import crc_hqx
from dataclasses import dataclass

from pos.errors import N_, PosError, Sentence

LONGEST = 512
ACCOUNTS = range(26, 52)  # the tags under which a payee may stand
NATIONAL = "51"  # the payee as the national repository knows it; its tag 02 is the NMID
TAIL = "6304"  # the tag and length of the check figure, which cover themselves


@dataclass(frozen=True)
class Merchant:
    """Who is paid, as the payer's telephone will show it."""

    name: str
    city: str
    nmid: str

    def __str__(self) -> str:
        return " · ".join(part for part in (self.name, self.city, self.nmid) if part)


def check(text: str) -> Merchant | None:
    """Whose static code `text` is, None for no code at all; raises `PosError` with a sentence for `qris`."""
    if not text:
        return None
    wrong = _wrong(text)
    if wrong:
        raise PosError("Kode QRIS tidak bisa dipakai.", fields={"qris": wrong})
    return merchant(text)


def merchant(text: str) -> Merchant:
    """Whose code this is, of one that has been checked."""
    found = fields(text) or {}
    return Merchant(
        found.get("59", ""), found.get("60", ""), (fields(found.get(NATIONAL, "")) or {}).get("02", "").strip()
    )


def fields(text: str) -> dict[str, str] | None:
    """Values by tag, in the order of the code; None where the text is no such list, or names a tag twice."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        tag, length = text[at : at + 2], text[at + 2 : at + 4]
        if not (len(tag + length) == 4 and (tag + length).isascii() and (tag + length).isdigit()) or tag in found:
            return None
        found[tag] = text[at + 4 : at + 4 + int(length)]
        if len(found[tag]) != int(length):
            return None
        at += 4 + int(length)
    return found


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE in four capital hexadecimal digits."""
    return f"{crc_hqx(text.encode(), 0xFFFF):04X}"


def _wrong(text: str) -> str | Sentence:
    """What is wrong with the code, in a sentence; empty when it can be used."""
    if len(text) > LONGEST:
        return Sentence(N_("Teks QRIS paling panjang %(most)d huruf."), most=LONGEST)
    if not text.startswith("000201"):
        return N_("Ini bukan teks QRIS: harus diawali 000201.")
    found = fields(text)
    if found is None or list(found)[-1] != "63" or text[-8:-4] != TAIL:
        return N_("Teks QRIS ini tidak utuh. Salin semuanya, dari 000201 sampai huruf terakhir.")
    if crc(text[:-4]) != found["63"].upper():
        return N_("Angka periksa di akhir kode tidak cocok: ada huruf yang salah atau hilang.")
    if found.get("01") != "11":
        return N_("Ini QRIS untuk satu pembayaran saja. Pakai QRIS statis, yang dicetak untuk ditempel di galeri.")
    if found.get("53") != "360":
        return N_("Mata uang kode ini bukan rupiah.")
    if found.get("58") != "ID":
        return N_("Kode ini bukan QRIS dari Indonesia.")
    if not any(f"{tag:02d}" in found for tag in ACCOUNTS):
        return N_("Kode ini tidak memuat penerima pembayaran.")
    return "" if found.get("59", "").strip() else N_("Kode ini tidak memuat nama pedagang.")

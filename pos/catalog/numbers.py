"""Numbers of certificates: read as people write them, kept in one form, refused with an example of a right one."""

import re
from collections.abc import Callable
from datetime import date

from pos.errors import N_, Sentence

LONGEST = 40


class WrongNumber(ValueError):
    """Not a number of this kind; `reason` says what one looks like."""

    def __init__(self, text: str) -> None:
        self.reason = Sentence(text)
        super().__init__(text)


def read(kind: str, text: str) -> str:
    """The number of a certificate of `kind` in its one form, or `WrongNumber`."""
    return _READERS[kind](" ".join(text.upper().split()))


def expiry_of(kind: str, number: str) -> date | None:
    """The last day that the number itself tells: a PIRT number ends with its year."""
    return date(2000 + int(number[-2:]), 12, 31) if kind == "pirt" else None


def _pirt(text: str) -> str:
    digits = re.sub(r"^P[ .-]?IRT\W*(?:(?:NO|NOMOR)\b\W*)?|[\s.-]", "", text)
    if not re.fullmatch(r"[0-9]{15}", digits):
        raise WrongNumber(N_("Nomor PIRT berisi 13 angka lalu 2 angka tahun habisnya, misalnya 2061337010012-30."))
    return f"{digits[:13]}-{digits[13:]}"


def _halal(text: str) -> str:
    bare = re.sub(r"[\s.-]", "", text)
    if not re.fullmatch(r"ID[0-9]{11,20}", bare):
        raise WrongNumber(
            N_("Nomor sertifikat halal diawali ID, misalnya ID35110000012345678; bukan nomor ketetapan (KH).")
        )
    return bare


def _merek(text: str) -> str:
    bare = re.sub(r"[\s.-]", "", text)
    if not re.fullmatch(r"IDM[0-9]{6,12}|[DJR](?:ID|[0-9]{2})20[0-9]{2}[0-9]{6}|EC00(?:19|20)[0-9]{2}[0-9]{5,8}", bare):
        raise WrongNumber(
            N_("Nomor merek diawali IDM, misalnya IDM000123456; nomor permohonan DID2026012345, ciptaan EC00202612345.")
        )
    return bare


def _bpom(text: str) -> str:
    bare = re.sub(r"^(?:BPOM|POM)(?:\W*RI)?\b\W*|[\s.-]", "", text)
    if not re.fullmatch(r"M[DL][0-9]{12}|N[A-E][0-9]{11}|(?:TR|TI|TL|SD|SI)[0-9]{9}", bare):
        raise WrongNumber(
            N_("Nomor BPOM diawali MD atau ML lalu 12 angka, misalnya MD 867031003082; kosmetik NA lalu 11 angka.")
        )
    return f"{bare[:2]} {bare[2:]}"


def _sni(text: str) -> str:
    bare = re.sub(r"\s*([.:/-])\s*", r"\1", text)
    if not re.fullmatch(r"SNI (?:ISO |IEC |ISO/IEC )?[0-9]{2,5}(?:[.-][0-9]{1,5}){0,4}[:-][12][0-9]{3}", bare):
        raise WrongNumber(N_("Nomor SNI berakhir dengan tahunnya, misalnya SNI 01-2891-1992 atau SNI 8664:2018."))
    return bare


_READERS: dict[str, Callable[[str], str]] = {
    "pirt": _pirt,
    "halal": _halal,
    "merek": _merek,
    "bpom": _bpom,
    "sni": _sni,
}

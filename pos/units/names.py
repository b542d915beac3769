"""What units are called where there is little room, and in addresses."""

import re
import unicodedata


def short_name(unit_name: str) -> str:
    """`Lapas Ambon` for `Lapas Kelas IIA Ambon`."""
    return re.sub(r"\s+Kelas\s+[IVX]+[A-C]?\b", "", unit_name)


def slug(text: str, longest: int = 60) -> str:
    """`lapas-ambon` for `Lapas Ambon`: what an address says of a name; empty where nothing of it can be said."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].strip("-")

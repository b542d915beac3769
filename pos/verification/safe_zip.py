"""Opening a pack that a stranger brought: what it may hold, how much, and nothing that could harm."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pos import sheets
from pos.errors import PosError

NAMES = re.compile(
    r"BACA-SAYA\.txt|manifest\.json|rekap\.(pdf|xlsx)|dokumen/[A-Z0-9-]{1,12}\.jsonl|susulan/[A-Z0-9-]{1,24}\.webp"
)
DECLARED = re.compile(r"BACA-SAYA\.txt|manifest\.json|berita-acara\.pdf|deklarasi\.xlsx|unit/\d{4,6}\.zip")
NEEDED = ("manifest.json", "rekap.pdf", "rekap.xlsx")
NEEDED_DECLARED = ("manifest.json", "berita-acara.pdf", "deklarasi.xlsx")
MOST_MEMBERS = 50_000
MOST_BYTES = 16 * 1024**3  # unpacked, all together; it is read as a stream
LARGEST = 256 * 1024**2  # of what is read whole: the manifest
LARGEST_PAPER = 32 * 1024**2
TIGHTEST = 300  # times smaller than unpacked; text like ours packs 10 to 40 times
FREE = 4 * 1024**2  # bytes that may be packed as tightly as one likes
LONGEST_LINE = 4 * 1024**2


class HostilePack(PosError):
    code = "hostile_pack"


def is_of_declaration(path: Path) -> bool:
    """Whether this is the pack of a declaration, by the paper in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "berita-acara.pdf" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def opened(path: Path) -> zipfile.ZipFile:
    """The archive, when its list of members is one that a pack can have."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise HostilePack("Berkas ini bukan paket verifikasi: ZIP-nya tidak terbaca.") from error
    members = archive.infolist()
    names = [member.filename for member in members]
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_BYTES:
        raise HostilePack("Paket ini terlalu besar untuk diperiksa.")
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        raise HostilePack("Paket ini berisi dua berkas bernama sama: %(name)s.", name=_shown(twice))
    declared = "berita-acara.pdf" in names
    for member in members:
        if not (DECLARED if declared else NAMES).fullmatch(member.filename):
            raise HostilePack("Paket ini berisi berkas yang bukan bagiannya: %(name)s.", name=_shown(member.filename))
        if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise HostilePack("Berkas %(name)s dikemas dengan cara yang tidak dikenal.", name=member.filename)
        if member.file_size > FREE and member.file_size > TIGHTEST * max(1, member.compress_size):
            raise HostilePack("Berkas %(name)s mengembang tidak wajar; tidak dibuka.", name=member.filename)
    for name in NEEDED_DECLARED if declared else NEEDED:
        if name not in names:
            raise HostilePack("Paket ini tidak lengkap: %(name)s tidak ada.", name=name)
    return archive


def whole(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member of a size that fits into memory."""
    most = LARGEST if name == "manifest.json" else LARGEST_PAPER
    if archive.getinfo(name).file_size > most:
        raise HostilePack("Berkas %(name)s terlalu besar untuk diperiksa.", name=name)
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        raise HostilePack("Berkas %(name)s rusak.", name=name) from error


def digest_of(archive: zipfile.ZipFile, name: str) -> str:
    """SHA-256 of a member of any size."""
    sha = hashlib.sha256()
    try:
        with archive.open(name) as member:
            while data := member.read(1 << 20):
                sha.update(data)
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        raise HostilePack("Berkas %(name)s rusak.", name=name) from error
    return sha.hexdigest()


def unpacked_fits(workbook: bytes, name: str) -> None:
    """`HostilePack` where a workbook would grow beyond what is opened."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        if sum(part.file_size for part in parts.infolist()) > sheets.MAX_UNPACKED:
            raise HostilePack("Berkas %(name)s mengembang tidak wajar; tidak dibuka.", name=name)


def lines(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A member line by line, each with its end."""
    try:
        with archive.open(name) as member:
            while line := member.readline(LONGEST_LINE + 1):
                if len(line) > LONGEST_LINE:
                    raise HostilePack("Berkas %(name)s punya baris yang terlalu panjang.", name=name)
                yield line
    except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
        raise HostilePack("Berkas %(name)s rusak.", name=name) from error


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)[:80]

"""`pos verify`: proves any pack, one of documents or one of a declaration. Needs no database."""

import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl

from pos import money
from pos.errors import N_
from pos.verification import proof, recap, verify
from pos.verification.safe_zip import HostilePack, is_of_declaration, opened, unpacked_fits, whole
from pos.verification.verify import BADLY_FORMED, Check

Bar = Callable[[int, int], None]
SHAPES = {"units": list, "files": dict, "sums": dict, "root": str, "campaign": str}


def prove(path: Path, root: str | None = None, progress: Bar | None = None) -> tuple[str, list[Check], str]:
    """What the pack is about in one line, each check in order, and the root that its content makes.

    `HostilePack` when it is none that can be checked.
    """
    if is_of_declaration(path):
        return _declaration(path, root, progress)
    manifest, checks, found = verify.verify(path, root, progress)
    return verify.told(manifest), checks, found


def _declaration(path: Path, root: str | None, progress: Bar | None) -> tuple[str, list[Check], str]:
    with opened(path) as archive:
        manifest = _manifest(archive)
        try:
            found = proof.declaration_root(manifest["campaign"], manifest["units"])
            checks = [verify.check(name, wrong) for name, wrong in _all(archive, manifest, found, progress)]
            line = _told(archive, manifest)
        except BADLY_FORMED as error:
            raise HostilePack("manifest.json tidak lengkap: %(name)s.", name=type(error).__name__) from error
    if root is not None:
        printed = verify.same(proof.read_root(root), found)
        checks.append(Check(N_("akar sama dengan yang tercetak di Berita Acara"), printed))
    return line, checks, found


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest = verify.read_json(archive)
    if manifest.get("format") != proof.DECLARED:
        raise HostilePack("Paket ini bukan dari program ini, atau versinya tidak dikenal.")
    for name, shape in SHAPES.items():
        if not isinstance(manifest.get(name), shape):
            raise HostilePack("manifest.json tidak lengkap: %(name)s.", name=name)
    for row in manifest["units"]:
        if not isinstance(row, dict) or set(row) != set(proof.DECLARED_ROW):
            raise HostilePack("manifest.json tidak lengkap: %(name)s.", name="units")
    return manifest


def _all(
    archive: zipfile.ZipFile, manifest: Mapping[str, Any], found: str, progress: Bar | None
) -> Iterator[tuple[str, Iterable[str]]]:
    yield N_("berkas sama dengan yang didaftar"), verify.files(archive, manifest, {})
    yield N_("akar manifest sama dengan akar semua unit"), verify.same(manifest["root"], found)
    yield N_("setiap unit dideklarasikan satu kali"), _twice(manifest["units"])
    yield N_("jumlah sama dengan jumlah semua unit"), _sums(manifest)
    yield N_("jumlah di deklarasi.xlsx sama dengan manifest"), _workbook(archive, manifest)
    yield N_("paket tiap unit membuktikan angka yang dideklarasikan"), _packs(archive, manifest, progress)


def _twice(rows: list[dict[str, Any]]) -> Iterator[str]:
    ids = [row["unit_id"] for row in rows]
    yield from (str(row["unit_name"]) for i, row in enumerate(rows) if row["unit_id"] in ids[:i])


def _sums(manifest: Mapping[str, Any]) -> Iterator[str]:
    for name in proof.DECLARED_SUMS:
        whole_sum = sum(row[name] for row in manifest["units"])
        if manifest["sums"].get(name) != whole_sum:
            yield f"{recap.NAMES[name]}: {manifest['sums'].get(name)} / {whole_sum}"


def _workbook(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> Iterator[str]:
    data = whole(archive, "deklarasi.xlsx")
    try:
        unpacked_fits(data, "deklarasi.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        shown = [tuple(row) for row in book["Per unit"].iter_rows(min_row=2, max_col=12, values_only=True)]
        if shown != recap.declared_cells(manifest):
            yield "Per unit"
        said = {row[0]: row[1] for row in book["Deklarasi"].iter_rows(max_col=2, values_only=True)}
        if said.get("Akar (root)") != manifest["root"]:
            yield "Deklarasi, akar"
        yield from (
            f"Deklarasi, {recap.NAMES[name]}"
            for name in proof.DECLARED_SUMS
            if said.get(recap.NAMES[name]) != manifest["sums"].get(name)
        )
    except HostilePack:
        raise
    except Exception:  # a damaged workbook fails anywhere inside the library
        yield "deklarasi.xlsx tidak terbaca"


def _packs(archive: zipfile.ZipFile, manifest: Mapping[str, Any], progress: Bar | None) -> Iterator[str]:
    """What is wrong with the packs of units that are here, against their declared rows."""
    rows = {f"unit/{i:04d}.zip": row for i, row in enumerate(manifest["units"], start=1)}
    there = sorted(name for name in archive.namelist() if name.startswith("unit/"))
    yield from (f"{name}: unit ini tidak dideklarasikan" for name in there if name not in rows)
    listed = sum(int(rows[name]["documents"]) for name in there if name in rows)
    done = 0
    for name in there:
        if name in rows:
            yield from _pack(archive, name, rows[name], manifest["campaign"], _from(progress, done, listed))
            done += int(rows[name]["documents"])


def _pack(
    archive: zipfile.ZipFile, name: str, row: Mapping[str, Any], campaign: str, progress: Bar | None
) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "unit.zip"
        try:
            with archive.open(name) as packed, path.open("wb") as out:
                shutil.copyfileobj(packed, out)
            proved = verify.proved(path, row["root"], progress)
        except (HostilePack, zipfile.BadZipFile, OSError, EOFError) as error:
            yield f"{row['unit_name']}: {error}"
            return
    yield from (f"{row['unit_name']}: {check.name}" for check in proved.checks if not check.holds)
    header = proved.manifest["header"]
    if (header.get("unit"), header.get("campaign")) != (row["unit_id"], campaign):
        yield f"{row['unit_name']}: paket unit atau kampanye lain"
    sums = proved.tally.whole.told() | {"streak": proved.tally.streak}
    yield from (
        f"{row['unit_name']}: {what} {row[what]} / {sums[what]}" for what in proof.PROVED if row[what] != sums[what]
    )


def _from(progress: Bar | None, before: int, total: int) -> Bar | None:
    if progress is None:
        return None
    return lambda done, _of: progress(before + done, total)


def _told(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> str:
    packs = sum(1 for name in archive.namelist() if name.startswith("unit/"))
    omzet = manifest["sums"].get("omzet")
    text = f"Berita Acara {manifest.get('number')} | {manifest.get('title')} | "
    text += f"omzet {money.rupiah(omzet) if isinstance(omzet, int) else '?'} | "
    return verify.plain(text + f"nota dari {packs} dari {len(manifest['units'])} unit ada di sini")

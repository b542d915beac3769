"""`pos verify`: whether a pack's sums follow from its documents, and whether these are the ones of its root.

Needs no database: everything that is compared is in the pack, except the root that somebody reads off paper.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pos import money
from pos.errors import N_
from pos.verification import proof, recap
from pos.verification.follows import wrong_with
from pos.verification.proof import FORMATS
from pos.verification.safe_zip import HostilePack, digest_of, lines, opened, unpacked_fits, whole
from pos.verification.tally import SUMS, Tally, gaps

MOST_SHOWN = 5
BADLY_FORMED = (KeyError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError, OverflowError)


@dataclass(frozen=True)
class Check:
    """One thing that must hold, and where it does not (empty when it does)."""

    name: str
    wrong: list[str]

    @property
    def holds(self) -> bool:
        return not self.wrong


@dataclass
class _Read:
    """What was found while the documents were read once."""

    tally: Tally
    tree: proof.Tree = field(default_factory=proof.Tree)
    hashes: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    sold: dict[str, list[bytes]] = field(default_factory=dict)
    returned: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    pictures: dict[str, str] = field(default_factory=dict)
    count: int = 0


@dataclass(frozen=True)
class Proved:
    """What a pack says of itself, what holds, the root that its documents make, and what they come to."""

    manifest: Mapping[str, Any]
    checks: list[Check]
    root: str
    tally: Tally


def verify(
    path: Path, root: str | None = None, progress: Callable[[int, int], None] | None = None
) -> tuple[Mapping[str, Any], list[Check], str]:
    """What the pack says of itself, each check in order, and the root that its documents make."""
    done = proved(path, root, progress)
    return done.manifest, done.checks, done.root


def proved(path: Path, root: str | None = None, progress: Callable[[int, int], None] | None = None) -> Proved:
    """`HostilePack` when it is none that can be checked."""
    with opened(path) as archive:
        manifest = _manifest(archive)
        found = _documents(archive, manifest, progress)
        try:
            checks = [check(name, wrong) for name, wrong in _all(archive, manifest, found)]
        except BADLY_FORMED as error:
            raise HostilePack("manifest.json tidak lengkap: %(name)s.", name=type(error).__name__) from error
    if root is not None:
        printed = same(proof.read_root(root), found.tree.root)
        checks.append(Check(N_("akar nota sama dengan yang tercetak"), printed))
    return Proved(manifest, checks, found.tree.root, found.tally)


def check(name: str, wrong: Iterable[str]) -> Check:
    return Check(name, [plain(text) for text in wrong])


def _all(archive: zipfile.ZipFile, manifest: Mapping[str, Any], found: "_Read") -> Iterator[tuple[str, Iterable[str]]]:
    yield N_("berkas sama dengan yang didaftar"), files(archive, manifest, found.hashes)
    yield N_("tidak ada nota yang diubah, ditambah atau hilang dari daftar"), found.altered
    yield N_("setiap nota cocok dengan hitungannya sendiri"), found.odd
    yield N_("retur cocok dengan nota asalnya"), _refunds(found)
    yield N_("nomor nota berurutan; setiap lompatan disebut"), _numbers(manifest, found.tally)
    yield N_("jumlah di manifest sama dengan jumlah nota"), _sums(manifest, found.tally)
    yield N_("jumlah di rekap.xlsx sama dengan jumlah nota"), _recap(archive, found)
    yield N_("foto nota susulan sama dengan yang disetujui"), _photos(archive, found)
    yield N_("akar manifest sama dengan akar nota"), same(manifest["root"], found.tree.root)


def plain(text: str) -> str:
    """What a pack says of itself may hold anything; a terminal gets none of it but letters."""
    return "".join(char if char.isprintable() else "?" for char in text)[:160]


def same(said: object, found: str) -> list[str]:
    return [] if said == found else [f"{said} / {found}"]


def read_json(archive: zipfile.ZipFile) -> dict[str, Any]:
    """The manifest, whatever it says."""
    try:
        manifest = json.loads(whole(archive, "manifest.json"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise HostilePack("manifest.json bukan JSON yang benar.") from error
    if not isinstance(manifest, dict):
        raise HostilePack("Paket ini bukan dari program ini, atau versinya tidak dikenal.")
    return manifest


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest = read_json(archive)
    header = manifest.get("header")
    known = manifest.get("format") in FORMATS
    if not known or not isinstance(header, dict) or header.get("format") != manifest["format"]:
        raise HostilePack("Paket ini bukan dari program ini, atau versinya tidak dikenal.")
    rule = manifest["header"].get("counts")
    shapes = {"documents": list, "files": dict, "sums": dict, "per": dict, "numbers": dict, "gaps": list, "root": str}
    if not isinstance(rule, dict) or set(rule) != {"wbp_only", "categories", "channels"}:
        raise HostilePack("manifest.json tidak lengkap: %(name)s.", name="counts")
    for name, shape in shapes.items():
        if not isinstance(manifest.get(name), shape):
            raise HostilePack("manifest.json tidak lengkap: %(name)s.", name=name)
    return manifest


def _no_constant(text: str) -> None:
    raise ValueError(text)


# -- the documents, read once ----------------------------------------------------------------------------


def _documents(
    archive: zipfile.ZipFile, manifest: Mapping[str, Any], progress: Callable[[int, int], None] | None
) -> _Read:
    found = _Read(Tally(manifest["header"]["counts"]))
    found.tree.add(proof.leaf(proof.canonical(manifest["header"]).encode()))
    listed: list[Any] = manifest["documents"]
    for name in sorted(n for n in archive.namelist() if n.startswith("dokumen/")):
        sha = hashlib.sha256()
        for line in lines(archive, name):
            sha.update(line)
            _document(found, name, line, listed, manifest["header"])
            if progress and found.count % 200 == 0:
                progress(found.count, len(listed))
        found.hashes[name] = sha.hexdigest()
    if found.rows != listed:
        found.altered = list(_unlike(found.rows, listed)) or ["urutan nota lain dari daftar"]
    return found


def _unlike(rows: list[dict[str, str]], listed: list[Any]) -> Iterator[str]:
    """What tells the documents from the manifest's list, each by its number: one left out moves all that follow."""
    told = {str(row["id"]): row for row in listed if isinstance(row, dict) and "id" in row}
    there = {row["id"] for row in rows}
    for row in rows:
        if row["id"] not in told:
            yield f"{row['receipt']} tidak ada di daftar"
        elif told[row["id"]] != row:
            yield f"{row['receipt']} diubah"
    for row in listed:
        if not isinstance(row, dict) or str(row.get("id")) not in there:
            yield f"{_receipt(row)} tidak ada di paket"
    if len(rows) > len(there):
        yield f"{len(rows) - len(there)} nota berulang"


def _document(found: _Read, name: str, line: bytes, listed: list[Any], header: Mapping[str, Any]) -> None:
    data = line.removesuffix(b"\n")
    found.tree.add(proof.leaf(data))
    row = listed[found.count] if found.count < len(listed) else None
    found.count += 1
    try:
        text = data.decode()
        content = json.loads(text, parse_constant=_no_constant)
        if set(content) != {"document", "evidence"} or proof.canonical(content) != text:
            raise ValueError("not as it was written")
        document, evidence = content["document"], content["evidence"]
        receipt = str(evidence["receipt"])
        found.rows.append({"id": str(document["id"]), "receipt": receipt, "sha256": proof.digest(data)})
        if name != f"dokumen/{document['register']}.jsonl":
            found.odd.append(f"{receipt}: berkas meja kasir lain")
        found.odd += [f"{receipt}: {what}" for what in wrong_with(document, evidence, header)]
        _remember(found, document, evidence, receipt)
        found.tally.add(document, evidence)
    except (*BADLY_FORMED, RecursionError):
        found.rows.append({"id": str(row.get("id")) if isinstance(row, dict) else "", "receipt": _receipt(row)})
        found.odd.append(f"{_receipt(row)}: isinya tidak terbaca")


def _remember(found: _Read, document: Mapping[str, Any], evidence: Mapping[str, Any], receipt: str) -> None:
    """What checks across documents need of this one."""
    if document["id"] in found.ids:
        found.odd.append(f"{receipt}: id dipakai dua kali")
    found.ids.add(document["id"])
    if document["refund_of"] is None:
        pairs = zip(document["lines"], evidence["lines"], strict=True)
        found.sold[document["id"]] = [_short(line, frozen) for line, frozen in pairs]
    else:
        found.returned += [(document["refund_of"], receipt, frozen["of"]) for frozen in evidence["lines"]]
    if evidence["late"]:
        found.pictures[receipt] = evidence["late"]["photo"]


def _short(line: Mapping[str, Any], frozen: Mapping[str, Any]) -> bytes:
    parts = [line["quantity"], line["amount"], frozen["cost"], frozen["base"], frozen["shares"]]
    return hashlib.sha256(proof.canonical(parts).encode()).digest()[:12]


def _receipt(row: object) -> str:
    return str(row["receipt"])[:30] if isinstance(row, dict) and "receipt" in row else "?"


# -- what must agree -------------------------------------------------------------------------------------


def files(archive: zipfile.ZipFile, manifest: Mapping[str, Any], hashes: dict[str, str]) -> Iterator[str]:
    there = set(archive.namelist()) - {"manifest.json"}
    yield from (f"{name} tidak didaftar" for name in sorted(there - set(manifest["files"])))
    yield from (f"{name} tidak ada" for name in sorted(set(manifest["files"]) - there))
    for name in sorted(there & set(manifest["files"])):
        if (hashes.get(name) or digest_of(archive, name)) != manifest["files"][name]:
            yield f"{name} berubah"


def _refunds(found: _Read) -> Iterator[str]:
    """Lines that came back of another line than was sold; the sale itself may lie outside of the pack."""
    for sale_id, receipt, of in found.returned:
        lines_sold = found.sold.get(sale_id)
        if lines_sold is None:
            continue
        place = of["position"]
        if not 0 <= place < len(lines_sold) or lines_sold[place] != _short(of, of):
            yield receipt


def _numbers(manifest: Mapping[str, Any], tally: Tally) -> Iterator[str]:
    if manifest["numbers"] != tally.ranges:
        yield "daftar nomor"
    named = {(gap.get("register"), gap.get("from"), gap.get("to")) for gap in manifest["gaps"] if isinstance(gap, dict)}
    for code, ranges in tally.ranges.items():
        yield from (f"{code} {a}-{b}" for a, b in gaps(ranges) if (code, a, b) not in named)
        yield from (f"{code} {b[0]}" for a, b in zip(ranges, ranges[1:], strict=False) if b[0] <= a[1])
    for gap in manifest["gaps"]:
        if isinstance(gap, dict) and gap.get("why") != "outside":
            yield f"{gap.get('register')} {gap.get('from')}-{gap.get('to')}: tidak tercatat di server"


def _sums(manifest: Mapping[str, Any], tally: Tally) -> Iterator[str]:
    for name in SUMS:
        if manifest["sums"].get(name) != getattr(tally.whole, name):
            yield f"{recap.NAMES[name]}: {manifest['sums'].get(name)} / {getattr(tally.whole, name)}"
    yield from (recap.SHEETS[per] for per in tally.parts if manifest["per"].get(per) != tally.rows(per))


def _recap(archive: zipfile.ZipFile, found: _Read) -> Iterator[str]:
    import openpyxl

    data = whole(archive, "rekap.xlsx")
    try:
        unpacked_fits(data, "rekap.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        said = {row[0]: row[1] for row in book["Rekap"].iter_rows(max_col=2, values_only=True)}
        for name in SUMS:
            if said.get(recap.NAMES[name]) != getattr(found.tally.whole, name):
                yield f"Rekap, {recap.NAMES[name]}"
        if said.get("Akar (root)") != found.tree.root:
            yield "Rekap, akar"
        for per, title in recap.SHEETS.items():
            rows = [tuple(row.values()) for row in found.tally.rows(per)]
            rows.append((None, "Jumlah", *found.tally.whole.told().values()))
            shown = [tuple(row) for row in book[title].iter_rows(min_row=2, max_col=len(SUMS) + 2, values_only=True)]
            if shown != rows:
                yield title
    except HostilePack:
        raise
    except Exception:  # a damaged workbook fails anywhere inside the library
        yield "rekap.xlsx tidak terbaca"


def _photos(archive: zipfile.ZipFile, found: _Read) -> Iterator[str]:
    there = set(archive.namelist())
    for receipt, name in found.pictures.items():
        member = f"susulan/{receipt}.webp"
        if member not in there:
            yield f"{receipt}: foto tidak ada"
        elif proof.digest(whole(archive, member))[:32] != name:
            yield f"{receipt}: foto lain"


def told(manifest: Mapping[str, Any]) -> str:
    """One line on what the pack is about, for people."""
    header, sums = manifest["header"], manifest["sums"]
    what = manifest.get("title") or f"{header.get('from')} - {header.get('until')}"
    omzet = money.rupiah(sums["omzet"]) if isinstance(sums.get("omzet"), int) else "?"
    return plain(f"{manifest.get('node')} | {what} | omzet {omzet}")

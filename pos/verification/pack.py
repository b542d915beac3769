"""The *paket verifikasi*: one ZIP with all documents of a scope, what proves them, and the recap they make.

The same content makes the same bytes: names are sorted, times fixed. Documents stream from the database into the
archive; what stays in memory is the sums and one hash a level of the tree.
"""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pos.db import db
from pos.jobs import Progress
from pos.register.models import Sale
from pos.reports import board
from pos.units.models import Installation, Register, Unit
from pos.verification import evidence, proof, recap
from pos.verification.scope import Scope
from pos.verification.tally import Tally, gaps

README = """PAKET VERIFIKASI ETALASE

dokumen/*.jsonl   satu nota sebaris, urut nomor, per meja kasir: dokumen asli dan bukti bekunya
susulan/*.webp    foto nota tulisan tangan yang dimasukkan kemudian
rekap.pdf, .xlsx  jumlah yang dibuktikan; di PDF tercetak akar (root) semua nota
manifest.json     daftar nota dengan SHA-256-nya, jumlah, lompatan nomor, dan berkas

Periksa di komputer mana pun yang punya Etalase, tanpa basis data:
    pos verify PAKET.zip --root "AKAR YANG TERCETAK"
"""


@dataclass(frozen=True)
class Proven:
    """What the documents of a scope come to, and the root over them."""

    scope: Scope
    tally: Tally
    root: str


def prove(scope: Scope) -> Proven:
    """Read every document of the scope and count; nothing is written."""
    board.hold_still()
    tally, tree = _begin(scope)
    for code, register_id in evidence.registers_in(scope):
        for entry in evidence.entries_of(scope, register_id, code):
            tree.add(proof.leaf(entry.text.encode()))
            tally.add(entry.document, entry.evidence)
    return Proven(scope, tally, tree.root)


def make(scope: Scope, target: Path, photos: Path, now: datetime, progress: Progress | None = None) -> Proven:
    """Write the pack to `target`, whole or not at all; `photos` is the folder of the late notas' pictures."""
    board.hold_still()
    tally, tree = _begin(scope)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        with zipfile.ZipFile(part, "w") as archive, tempfile.TemporaryFile("w+", encoding="utf-8") as listed:
            files = Files(archive)
            files.add("BACA-SAYA.txt", README.encode())
            pictures = _documents(scope, files, tally, tree, listed, progress)
            proven = Proven(scope, tally, tree.root)
            about = _about(proven, now)
            papers = {"rekap.pdf": recap.pdf(about, tally), "rekap.xlsx": recap.xlsx(about, tally)}
            papers |= dict(_pictures(photos, pictures))
            for name, content in papers.items():
                files.note(name, content)
            _manifest(files, about, tally, listed)
            for name in sorted(papers):
                files.write(name, papers[name])
        part.replace(target)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    return proven


def _begin(scope: Scope) -> tuple[Tally, proof.Tree]:
    tree = proof.Tree()
    tree.add(proof.leaf(proof.canonical(scope.header).encode()))
    return Tally(scope.rule), tree


def _documents(
    scope: Scope, files: "Files", tally: Tally, tree: proof.Tree, listed: Any, progress: Progress | None
) -> dict[str, str]:
    """Write the documents and, line by line, what the manifest says of each; photos by receipt."""
    done, total, pictures = 0, evidence.count(scope) if progress else 0, {}
    for code, register_id in evidence.registers_in(scope):
        with files.stream(f"dokumen/{code}.jsonl") as write:
            for entry in evidence.entries_of(scope, register_id, code):
                data = entry.text.encode()
                write(data + b"\n")
                tree.add(proof.leaf(data))
                tally.add(entry.document, entry.evidence)
                row = {"id": entry.id, "receipt": entry.receipt, "sha256": proof.digest(data)}
                listed.write(("," if done else "") + "\n  " + json.dumps(row))
                if entry.evidence["late"]:
                    pictures[entry.receipt] = entry.evidence["late"]["photo"]
                done += 1
                if progress and done % 200 == 0:
                    progress(done, total)
    if progress:
        progress(done, max(done, total))
    return pictures


def _pictures(folder: Path, pictures: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    for receipt, name in pictures.items():
        path = folder / f"{name}-besar.webp"
        if path.is_file():
            yield f"susulan/{receipt}.webp", path.read_bytes()


def _about(proven: Proven, now: datetime) -> dict[str, Any]:
    """What the manifest and the recap say of the pack, apart from its rows."""
    scope = proven.scope
    here = db.session.scalar(sa.select(Unit.name).join(Installation, Installation.unit_id == Unit.id))
    parent = sa.select(Unit.parent_id).where(Unit.id == scope.unit_id, Unit.level == "upt").scalar_subquery()
    over = scope.unit_name if scope.gallery else db.session.scalar(sa.select(Unit.name).where(Unit.id == parent))
    return {
        "format": scope.format,
        "header": scope.header,
        "above": over or "",
        "node": scope.node_name,
        "title": scope.title,
        "as_submitted": scope.only is not None,
        "made_at": now.isoformat(timespec="seconds"),
        "made_by": here or "",
        "root": proven.root,
        "sums": proven.tally.whole.told(),
    }


def _manifest(files: "Files", about: dict[str, Any], tally: Tally, listed: Any) -> None:
    """Write the manifest: small parts as they are, the list of documents from where it was kept."""
    rest = about | {
        "per": {per: tally.rows(per) for per in tally.parts},
        "numbers": tally.ranges,
        "gaps": list(_gaps(tally)),
        "files": files.hashes,
    }
    with files.stream("manifest.json", hashed=False) as write:
        head = json.dumps(rest, indent=1, sort_keys=True, ensure_ascii=False)
        write((head.rstrip().removesuffix("}").rstrip() + ',\n "documents": [').encode())
        listed.seek(0)
        while text := listed.read(1 << 20):
            write(text.encode())
        write(b"\n ]\n}\n")


def _gaps(tally: Tally) -> Iterator[dict[str, Any]]:
    """Numbers that a series leaves out between its ends, and whether they are notas of another day or not here."""
    for code, ranges in sorted(tally.ranges.items()):
        for first, last in gaps(ranges):
            query = sa.select(sa.func.count(Sale.id)).join(Register, Register.id == Sale.register_id)
            query = query.where(Register.code == code, Sale.number.between(first, last))
            known = db.session.scalar(query) or 0
            why = "outside" if known == last - first + 1 else "unknown"
            yield {"register": code, "from": first, "to": last, "why": why}


class Files:
    """The archive's members with fixed times, and the hash of each."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.hashes: dict[str, str] = {}

    def add(self, name: str, content: bytes) -> None:
        self.note(name, content)
        self.write(name, content)

    def note(self, name: str, content: bytes) -> None:
        self.hashes[name] = proof.digest(content)

    def write(self, name: str, content: bytes) -> None:
        self.archive.writestr(_member(name), content)

    def copy(self, name: str, path: Path) -> None:
        """A file that is packed already, as it is."""
        member = _member(name)
        member.compress_type, member.file_size = zipfile.ZIP_STORED, path.stat().st_size
        sha = hashlib.sha256()
        with path.open("rb") as content, self.archive.open(member, "w") as out:
            while data := content.read(1 << 20):
                sha.update(data)
                out.write(data)
        self.hashes[name] = sha.hexdigest()

    def stream(self, name: str, hashed: bool = True) -> "_Stream":
        return _Stream(self, name, hashed)


class _Stream:
    """A member written piece by piece."""

    def __init__(self, files: Files, name: str, hashed: bool) -> None:
        self.files, self.name, self.sha = files, name, hashlib.sha256() if hashed else None

    def __enter__(self) -> Callable[[bytes], None]:
        self.out = self.files.archive.open(_member(self.name), "w")
        return self._write

    def _write(self, data: bytes) -> None:
        self.out.write(data)
        if self.sha:
            self.sha.update(data)

    def __exit__(self, *_: object) -> None:
        self.out.close()
        if self.sha:
            self.files.hashes[self.name] = self.sha.hexdigest()


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_STORED if name.endswith(".webp") else zipfile.ZIP_DEFLATED
    member.create_system, member.external_attr = 3, 0o644 << 16
    return member


def photo_folder(instance: str) -> Path:
    return Path(instance) / "files" / "susulan"

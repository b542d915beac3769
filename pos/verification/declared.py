"""The pack of a declaration: what was declared of each unit, the packs that prove it, and the Berita Acara.

Its root is the one that the Berita Acara prints. It is the Merkle root (RFC 6962, `pos.verification.proof`) over

1. `{"format": "etalase-declaration-1", "campaign": SLUG, "units": HOW MANY}`, then for each unit in the order declared
2. `{unit_id, unit_name, kanwil_name, omzet, pieces, sales, pnbp, premi, late_omzet, streak, documents, root}`,

each as canonical JSON (sorted keys, no spaces, UTF-8). `root` in a row is the root of that unit's own pack as it was
submitted and verified: those packs lie under `unit/`, so the Berita Acara's root proves every nota behind it.
The same declaration makes the same bytes.
"""

import json
import zipfile
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pos.campaigns.models import Campaign
from pos.campaigns.verification_models import Declaration, Submission
from pos.campaigns.verified import declaration_of
from pos.db import db
from pos.errors import NotFound
from pos.jobs import Progress
from pos.units.models import Unit
from pos.verification import pack, proof, recap
from pos.verification.minutes import minutes_pdf
from pos.verification.scope import of_submission

README = """PAKET DEKLARASI ETALASE

berita-acara.pdf  Berita Acara deklarasi, dengan akar (root) semua angkanya
deklarasi.xlsx    angka yang dideklarasikan per unit
unit/*.zip        paket verifikasi tiap unit seperti yang diajukan dan diverifikasi, menurut nomor urutnya
manifest.json     angka yang dideklarasikan, akar paket tiap unit, dan berkas

Periksa di komputer mana pun yang punya Etalase, tanpa basis data:
    pos verify PAKET.zip --root "AKAR YANG TERCETAK DI BERITA ACARA"
Tiap paket di unit/ dapat pula diperiksa sendiri, dengan akarnya di deklarasi.xlsx.
"""


def of_campaign(campaign: Campaign) -> Declaration:
    found = declaration_of(campaign)
    if found is None:
        raise NotFound("Kampanye ini belum dideklarasikan.")
    return found


def units_below(unit: Unit) -> set[int]:
    """The ids of a unit and of all under it."""
    return set(db.session.scalars(sa.select(Unit.id).where(Unit.path.startswith(unit.path))))


def filename(declaration: Declaration) -> str:
    return f"deklarasi-{declaration.campaign.slug}.zip"


def make(
    declaration: Declaration, within: Collection[int], target: Path, photos: Path, progress: Progress | None = None
) -> None:
    """Write the pack to `target`, whole or not at all, with the documents of the units whose ids are `within`."""
    told = manifest(declaration)
    rows = [row for row in declaration.units if row.unit_id in within]
    bound = [(f"unit/{row.position + 1:04d}.zip", row.submission_id, row.documents) for row in rows]
    papers = {
        "BACA-SAYA.txt": README.encode(),
        "berita-acara.pdf": minutes_pdf(declaration),
        "deklarasi.xlsx": recap.declared_xlsx(told),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    part, inner = target.with_name(target.name + ".part"), target.with_name(target.name + ".unit")
    try:
        with zipfile.ZipFile(part, "w") as archive:
            files = pack.Files(archive)
            for name, content in papers.items():
                files.add(name, content)
            done, total = 0, sum(documents for *_, documents in bound)
            for name, submission_id, documents in bound:
                _unit(submission_id, inner, photos, _from(progress, done, total))
                files.copy(name, inner)
                done += documents
            told["files"] = files.hashes
            files.write("manifest.json", json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False).encode())
        part.replace(target)
    finally:
        for left in (part, inner):
            with suppress(OSError):
                left.unlink()


def _unit(submission_id: int, target: Path, photos: Path, progress: Progress | None) -> None:
    """The unit's pack as it was submitted; made at that instant, so that it is the same whenever it is made."""
    submission = db.session.get_one(Submission, submission_id)
    pack.make(of_submission(submission), target, photos, submission.at, progress)


def _from(progress: Progress | None, before: int, total: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done, _of: progress(before + done, total)


def manifest(declaration: Declaration) -> dict[str, Any]:
    """What the pack says of itself, but for its files."""
    slug = declaration.campaign.slug
    rows = [proof.declared_row(row) for row in declaration.units]
    return {
        "format": proof.DECLARED,
        "campaign": slug,
        "title": declaration.campaign_name,
        "number": declaration.number,
        "place": declaration.place,
        "declared_at": declaration.at.isoformat(timespec="seconds"),
        "period": declaration.period,
        "note": declaration.note,
        "signers": [[one.name, one.title, one.identity] for one in declaration.signers],
        "sums": {name: getattr(declaration, name) for name in proof.DECLARED_SUMS},
        "units": rows,
        "root": proof.declaration_root(slug, rows),
    }

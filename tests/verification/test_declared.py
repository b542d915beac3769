"""A declaration proves itself from the root that its Berita Acara prints, down to every nota."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from pos.campaigns.verification_models import Declaration
from pos.db import atomic, db
from pos.units import services as units
from pos.units.models import Gallery
from pos.verification import declared, pack, proof
from pos.verification.proving import prove
from pos.verification.safe_zip import HostilePack
from pos.verification.scope import campaign_at, of_campaign, place_named
from tests import world
from tests.verification import filing
from tests.verification.filing import AMBON, PONTIANAK

PACKS = "paket tiap unit membuktikan angka yang dideklarasikan"


def declaration() -> Declaration:
    filing.sell_in_april()
    for unit in (AMBON, PONTIANAK):
        filing.verify(filing.submit(unit))
    return filing.declare(partial=True)


def packed(made: Declaration, path: Path, unit: str = "Ditjenpas") -> Path:
    declared.make(made, declared.units_below(units.unit_named(unit)), path, path.parent)
    return path


def broken(path: Path, root: str | None = None) -> list[str]:
    return [check.name for check in prove(path, root)[1] if not check.holds]


def retold(path: Path, changes: dict[str, Callable[[bytes], bytes | None]]) -> Path:
    """A copy with these members changed (None: left out), and a manifest that knows the hash of each."""
    out = path.with_name("lain.zip")
    with zipfile.ZipFile(path) as archive:
        content: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    content |= {name: change(content.get(name) or b"") for name, change in changes.items()}
    manifest = json.loads(content["manifest.json"] or b"")
    manifest["files"] = {n: proof.digest(data) for n, data in content.items() if data is not None and n[0] != "m"}
    content["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(out, "w") as other:
        for name, data in content.items():
            if data is not None:
                other.writestr(name, data)
    return out


def told(change: Callable[[Any], object]) -> Callable[[bytes], bytes]:
    def changed(data: bytes) -> bytes:
        manifest = json.loads(data)
        change(manifest)
        return json.dumps(manifest).encode()

    return changed


def test_the_printed_root_proves_what_was_declared_and_whoever_touches_it_is_found(ctx: Any, tmp_path: Path) -> None:
    made = declaration()
    path = packed(made, tmp_path / "deklarasi.zip")
    again = packed(made, tmp_path / "lagi.zip")
    assert path.read_bytes() == again.read_bytes()
    with zipfile.ZipFile(path) as archive:
        paper = PdfReader(io.BytesIO(archive.read("berita-acara.pdf")))
        book = load_workbook(io.BytesIO(archive.read("deklarasi.xlsx")))
        first = archive.read("unit/0001.zip")
    printed = "".join("".join(page.extract_text() for page in paper.pages).split())
    assert proof.grouped(made.root).replace(" ", "") in printed
    assert [row[3] for row in book["Per unit"].iter_rows(min_row=2, values_only=True)] == [
        *(unit.omzet for unit in made.units),
        made.omzet,
    ]
    line, _checks, found = prove(path, proof.grouped(made.root))
    assert broken(path, made.root) == [] and found == made.root and "2 dari 2 unit" in line

    def found_in(**changes: Callable[[bytes], bytes | None]) -> list[str]:
        names = {"manifest": "manifest.json", "book": "deklarasi.xlsx", "first": "unit/0001.zip"}
        return broken(retold(path, {names[key]: change for key, change in changes.items()}), made.root)

    root = {"akar manifest sama dengan akar semua unit", "akar sama dengan yang tercetak di Berita Acara"}
    assert root | {PACKS} <= set(found_in(manifest=told(lambda m: m["units"][0].update(omzet=1))))
    assert root <= set(found_in(manifest=told(lambda m: m["units"].pop())))
    assert root <= set(found_in(manifest=told(lambda m: m["units"].reverse())))
    assert found_in(manifest=told(lambda m: m["sums"].update(omzet=1))) == [
        "jumlah sama dengan jumlah semua unit",
        "jumlah di deklarasi.xlsx sama dengan manifest",
    ]
    assert found_in(first=lambda data: data.replace(b"dokumen/", b"dokumem/")) == [PACKS]
    assert found_in(book=lambda _: b"bukan xlsx") == ["jumlah di deklarasi.xlsx sama dengan manifest"]
    with zipfile.ZipFile(path) as archive:
        other = archive.read("unit/0002.zip")
    assert other != first and found_in(first=lambda _: other) == [PACKS]
    for change in (lambda m: m["units"][0].pop("root"), lambda m: m["units"][0].update(omzet="x")):
        with pytest.raises(HostilePack):
            prove(retold(path, {"manifest.json": told(change)}))


def test_it_holds_the_notas_of_whose_units_one_sees_and_says_so(ctx: Any, tmp_path: Path) -> None:
    made = declaration()
    path = packed(made, tmp_path / "deklarasi.zip", "Kanwil Maluku")
    assert "1 dari 2 unit" in prove(path, made.root)[0] and broken(path, made.root) == []


def test_what_was_submitted_is_proved_though_the_campaign_was_changed_since(ctx: Any, tmp_path: Path) -> None:
    made = declaration()
    with atomic() as session:
        campaign = campaign_at("odop-2026")
        campaign.until_day, campaign.wbp_only = campaign.from_day, False
        session.flush()
    world.sell(at="2026-04-01T10:00:00+09:00")
    path = packed(made, tmp_path / "deklarasi.zip")
    assert broken(path, made.root) == []


def test_a_gallery_is_packed_alone_and_holds_no_document_of_another(ctx: Any, tmp_path: Path) -> None:
    filing.sell_in_april()
    stand = units.add_gallery(units.unit_named(AMBON), "Stan Ambon")
    units.add_register(stand, "STAN-1")
    world.sell(register="STAN-1", lines=[("Tas rajut", 5000)], at="2026-04-05T10:00:00+09:00")
    unit, gallery = place_named(f"{AMBON} > Stan Ambon")
    assert isinstance(gallery, Gallery) and place_named("Stan Ambon") == (unit, gallery)
    scope = of_campaign(unit, campaign_at("odop-2026")).at(gallery)
    made = pack.make(scope, tmp_path / "stan.zip", tmp_path, filing.LATER)
    assert (made.tally.whole.documents, made.tally.whole.omzet) == (1, 400_000)
    line, _checks, _root = prove(tmp_path / "stan.zip", made.root)
    assert broken(tmp_path / "stan.zip", made.root) == [] and line.startswith("Stan Ambon")

    def moved(data: bytes) -> bytes:
        return told(lambda m: m["header"].update(gallery=99))(data)

    assert "setiap nota cocok dengan hitungannya sendiri" in broken(
        retold(tmp_path / "stan.zip", {"manifest.json": moved}), made.root
    )
    whole = pack.prove(of_campaign(unit, campaign_at("odop-2026")))
    assert db.session.get_one(Gallery, gallery.id) and whole.tally.whole.documents == 3

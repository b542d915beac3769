"""A pack proves its sums on another machine, and whoever touches it is found out."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook
from pypdf import PdfReader

from pos import clock
from pos.catalog.editing import set_price
from pos.catalog.models import Product
from pos.db import atomic, db
from pos.register.services import record
from pos.reports import board
from pos.reports.board import Cut
from pos.revenue.services import Share, new_scheme
from pos.units import services as units
from pos.units import tree
from pos.verification import evidence, pack, proof
from pos.verification.safe_zip import HostilePack
from pos.verification.scope import campaign_at, of_campaign, of_days
from pos.verification.verify import verify
from tests import world
from tests.register.after import give_back

AMBON = "Lapas Kelas IIA Ambon"
NOW = clock.parse("2026-05-02T08:00:00+07:00")


def sell_some() -> None:
    """Sales with discounts and rounded cash, goods that do not count, and refunds, in two units."""
    first = world.sell(
        lines=[("Tas rajut", 3000, 10_000), ("Keripik pisang", 1500)], discount=7_777, at="2026-04-02T10:00:00+09:00"
    )
    world.sell(lines=[("Air mineral PIPAS", 2000)], at="2026-04-03T10:00:00+09:00")
    world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000), ("Tas rajut", 1000)], at="2026-04-03T11:00:00+07:00")
    world.sell(register="AMB-2", lines=[("Kue kering kenari", 4000)], at="2026-04-04T12:00:00+09:00")
    give_back(first.receipt, {"Tas rajut": 1000}, sold_at="2026-04-05T10:00:00+09:00")
    give_back(first.receipt, {"Tas rajut": 2000}, sold_at="2026-04-06T10:00:00+09:00")
    rounded = world.sell(lines=[("Tas rajut", 1000, 40)], rounding=40, at="2026-04-07T10:00:00+09:00")
    give_back(rounded.receipt, sold_at="2026-04-07T11:00:00+09:00")


def made(path: Path, node: str = AMBON) -> pack.Proven:
    scope = of_campaign(units.unit_named(node), campaign_at("odop-2026"))
    return pack.make(scope, path, path.parent, NOW)


def broken(path: Path, root: str | None = None) -> list[str]:
    return [check.name for check in verify(path, root)[1] if not check.holds]


def test_a_pack_proves_what_the_board_says_of_every_node(ctx: Any, tmp_path: Path) -> None:
    sell_some()
    kept = campaign_at("odop-2026")
    for node in (AMBON, "Kanwil Maluku", "Kanwil Kalimantan Barat", "Ditjenpas"):
        path = tmp_path / "paket.zip"
        proven = made(path, node)
        assert broken(path, proof.grouped(proven.root).upper()) == []
        shown = board.totals(kept, proven.scope.cut)
        sums = proven.tally.whole
        assert (sums.omzet, sums.pieces, sums.sales, sums.pnbp, sums.premi) == (
            shown.omzet, shown.pieces, shown.sales, shown.pnbp, shown.premi
        )  # fmt: skip
        assert proven.root == pack.prove(proven.scope).root


def test_officers_numbers_stay_with_their_unit_but_an_older_pack_is_still_proved(ctx: Any, tmp_path: Path) -> None:
    bought = world.sale(buyer="petugas", buyer_ref="197001012000011000", sold_at="2026-04-02T10:00:00+09:00")
    record(bought, world.person("kasir"))
    path, scope = tmp_path / "paket.zip", of_campaign(units.unit_named(AMBON), campaign_at("odop-2026"))
    roots = set()
    for form, told in ((proof.FORMAT, False), (proof.FIRST_FORMAT, True)):
        proven = pack.make(replace(scope, format=form), path, path.parent, NOW)
        roots.add(proven.root)
        assert broken(path, proven.root) == []
        with zipfile.ZipFile(path) as archive:
            assert (b"197001012000011000" in archive.read("dokumen/AMB-1.jsonl")) is told
    assert len(roots) == 2


def test_the_same_content_makes_the_same_bytes(ctx: Any, tmp_path: Path) -> None:
    sell_some()
    made(tmp_path / "a.zip")
    made(tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


# -- what changes afterwards ---------------------------------------------------------------------------

changes = st.lists(st.sampled_from(["product", "price", "unit", "move", "scheme", "gallery"]), min_size=1)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes)
def test_no_later_change_moves_an_earlier_figure_by_a_byte(ctx: Any, tmp_path: Path, later: list[str]) -> None:
    if not db.session.scalar(sa.text("SELECT count(*) FROM sale")):
        sell_some()
    before = {node: documents(node) for node in (AMBON, "Ditjenpas")}
    for change in later:
        CHANGES[change]()
    assert {node: documents(node) for node in before} == before


def test_a_pack_made_after_all_of_it_has_changed_holds_the_same_documents(ctx: Any, tmp_path: Path) -> None:
    sell_some()
    before = packed(tmp_path, AMBON)
    for change in CHANGES.values():
        change()
    assert packed(tmp_path, ambon()[0].name) == before
    assert broken(tmp_path / "paket.zip", before[0]) == []


def documents(node: str) -> tuple[str, list[str]]:
    """The root and the text of every document of the node, by the name that it has today."""
    unit = ambon()[0] if node == AMBON else units.unit_named(node)
    scope = of_campaign(unit, campaign_at("odop-2026"))
    places = evidence.registers_in(scope)
    texts = [entry.text for code, key in places for entry in evidence.entries_of(scope, key, code)]
    return pack.prove(scope).root, texts


def packed(folder: Path, node: str) -> tuple[str, dict[str, bytes]]:
    root = made(folder / "paket.zip", node).root
    with zipfile.ZipFile(folder / "paket.zip") as archive:
        return root, {n: archive.read(n) for n in archive.namelist() if n.startswith("dokumen/")}


def ambon() -> Any:
    unit = db.session.scalars(sa.select(units.Unit).where(units.Unit.number == 100)).one()
    return unit, unit.parent_id


def rename_product() -> None:
    with atomic() as session:
        for product in session.scalars(sa.select(Product)):
            product.name, product.category, product.wbp_made = product.name + " baru", "lain", not product.wbp_made


def reprice() -> None:
    product_id = db.session.scalar(sa.select(Product.id).where(Product.name.startswith("Tas rajut")))
    dearest = db.session.scalar(sa.text("SELECT max(amount) FROM price WHERE product_id = :id"), {"id": product_id})
    set_price(world.person("admin"), product_id, dearest + 1_000, 1_000)


def rename_unit() -> None:
    unit, _ = ambon()
    tree.change_unit(unit, world.person("admin"), name=unit.name + "!", kanwil_id=None, day=clock.today("WIT"))


def move_unit() -> None:
    unit, kanwil_id = ambon()
    other = {"Kanwil Maluku", "Kanwil Sulawesi Tenggara"} - {unit.parent.name}
    day = clock.today("WIT")
    tree.change_unit(unit, world.person("admin"), name=unit.name, kanwil_id=units.unit_named(other.pop()).id, day=day)


def change_scheme() -> None:
    shares = [Share("Negara", "pnbp", 9_000, True), Share("Premi", "premi", 1_000, False)]
    if not db.session.scalar(sa.text("SELECT count(*) FROM scheme WHERE base = 'penjualan'")):
        new_scheme(
            units.unit_named("Ditjenpas"), world.person("admin"), "Baru", "penjualan", shares, clock.today("WIB")
        )


def rename_gallery() -> None:
    gallery = units.galleries_for(world.person("kasir"))[0]
    tree.change_gallery(gallery, world.person("admin"), name=gallery.name + "!")


CHANGES: dict[str, Callable[[], object]] = {
    "product": rename_product,
    "price": reprice,
    "unit": rename_unit,
    "move": move_unit,
    "scheme": change_scheme,
    "gallery": rename_gallery,
}


# -- whoever touches it is found out -------------------------------------------------------------------


def retold(path: Path, name: str, change: Callable[[bytes], bytes | None], honest: bool = False) -> Path:
    """A copy of the pack with one member changed (None: left out); `honest` tells the manifest of its hash."""
    out = path.with_name("lain.zip")
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as other:
        content: dict[str, bytes | None] = {n: archive.read(n) for n in archive.namelist()}
        content[name] = change(content.get(name) or b"")
        if honest:
            manifest = json.loads(content["manifest.json"] or b"")
            manifest["files"][name] = proof.digest(content[name] or b"")
            content["manifest.json"] = json.dumps(manifest).encode()
        for member, data in content.items():
            if data is not None:
                other.writestr(member, data)
    return out


def edit(data: bytes, row: int, change: Callable[[Any], None]) -> bytes:
    rows = data.splitlines()
    content = json.loads(rows[row])
    change(content)
    rows[row] = proof.canonical(content).encode()
    return b"".join(line + b"\n" for line in rows)


def test_whatever_is_altered_added_or_left_out_is_found(ctx: Any, tmp_path: Path) -> None:
    sell_some()
    path, name = tmp_path / "paket.zip", "dokumen/AMB-1.jsonl"
    root = made(path).root
    listed, own, back = (
        "tidak ada nota yang diubah, ditambah atau hilang dari daftar",
        "setiap nota cocok dengan hitungannya sendiri",
        "retur cocok dengan nota asalnya",
    )

    def found(change: Callable[[bytes], bytes | None], member: str = name) -> list[str]:
        return broken(retold(path, member, change, honest=True), root)

    def with_line(row: int, **over: Any) -> Callable[[bytes], bytes]:
        return lambda data: edit(data, row, lambda c: c["document"]["lines"][0].update(over))

    def with_frozen(row: int, **over: Any) -> Callable[[bytes], bytes]:
        return lambda data: edit(data, row, lambda c: c["evidence"]["lines"][0].update(over))

    printed = "akar nota sama dengan yang tercetak"
    assert {own, listed, printed} <= set(found(with_line(0, amount=1)))
    assert {own, listed, printed} <= set(found(with_line(0, quantity=9000)))
    assert {own, listed} <= set(found(with_frozen(0, shares=[["PNBP", "pnbp", 1]])))
    assert {own, listed} <= set(found(with_frozen(0, cost=0)))
    assert {listed, printed} <= set(found(with_frozen(0, name="Tas lain")))
    assert {own, back} <= set(found(lambda d: edit(d, 2, lambda c: c["evidence"]["lines"][0]["of"].update(amount=9))))
    assert {listed, printed} <= set(found(lambda data: b"".join(data.splitlines(True)[1:])))
    assert {listed, printed} <= set(found(lambda data: data + data.splitlines(True)[0]))
    assert {listed, own} <= set(found(lambda data: data + b"bukan json\n"))
    assert {listed, printed} <= set(found(lambda data: b"".join(reversed(data.splitlines(True)))))
    assert found(lambda data: data + b" ", "rekap.xlsx") == []  # told of; a space after a ZIP changes no sum
    assert broken(retold(path, "rekap.pdf", lambda data: data + b" ")) == ["berkas sama dengan yang didaftar"]


def test_a_forger_who_tells_everything_anew_is_found_by_the_printed_root(ctx: Any, tmp_path: Path) -> None:
    sell_some()
    path = tmp_path / "paket.zip"
    root = made(path).root
    world.sell(lines=[("Tas rajut", 1000)], at="2026-04-07T10:00:00+09:00")
    made(path)
    assert broken(path) == []
    assert broken(path, root) == ["akar nota sama dengan yang tercetak"]


def test_sums_that_do_not_follow_are_found(ctx: Any, tmp_path: Path) -> None:
    sell_some()
    path = tmp_path / "paket.zip"
    made(path)

    def told(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
        def changed(data: bytes) -> bytes:
            manifest = json.loads(data)
            change(manifest)
            return json.dumps(manifest).encode()

        return changed

    sums = "jumlah di manifest sama dengan jumlah nota"
    assert broken(retold(path, "manifest.json", told(lambda m: m["sums"].update(omzet=1)))) == [sums]
    assert broken(retold(path, "manifest.json", told(lambda m: m["per"]["day"][0].update(pnbp=1)))) == [sums]
    assert "akar manifest sama dengan akar nota" in broken(
        retold(path, "manifest.json", told(lambda m: m["header"]["counts"].update(wbp_only=False)))
    )

    def dearer(data: bytes) -> bytes:
        book = load_workbook(io.BytesIO(data))
        book["Per unit"]["C2"] = 1
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    assert broken(retold(path, "rekap.xlsx", dearer, True)) == ["jumlah di rekap.xlsx sama dengan jumlah nota"]


def test_a_number_that_is_left_out_is_named(ctx: Any, tmp_path: Path) -> None:
    for day in ("2026-04-02", "2026-05-15", "2026-04-03"):
        world.sell(at=f"{day}T10:00:00+09:00")
    path = tmp_path / "paket.zip"
    made(path)
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["numbers"] == {"AMB-1": [[1, 1], [3, 3]]}
    assert manifest["gaps"] == [{"register": "AMB-1", "from": 2, "to": 2, "why": "outside"}]
    assert broken(path) == []


def test_a_hostile_pack_is_refused_with_a_sentence(ctx: Any, tmp_path: Path) -> None:
    world.sell(at="2026-04-02T10:00:00+09:00")
    good = tmp_path / "paket.zip"
    made(good)
    replaced: dict[str, tuple[str, Callable[[bytes], bytes | None]]] = {
        "json": ("manifest.json", lambda _: b"{" * 10),
        "deep": ("manifest.json", lambda _: b"[" * 100_000),
        "another": ("manifest.json", lambda _: b'{"format": "lain"}'),
        "shapes": ("manifest.json", lambda data: data.replace(b'"sums": {', b'"sums": 7, "x": {')),
        "unhashable": ("manifest.json", lambda data: data.replace(b'"gaps": []', b'"gaps": [{"from": []}]')),
        "nothing": ("rekap.pdf", lambda _: None),
        "bomb": ("dokumen/AMB-1.jsonl", lambda _: b" " * 40_000_000),
        "foreign": ("virus.exe", lambda _: b"x"),
        "above": ("../../etc/passwd", lambda _: b"x"),
    }
    for name, (member, change) in replaced.items():
        with pytest.raises(HostilePack):
            verify(retold(good, member, change))
            pytest.fail(name)
    with zipfile.ZipFile(good, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("manifest.json", b"x")
    with pytest.raises(HostilePack):
        verify(good)
    good.write_bytes(b"PK bukan zip")
    with pytest.raises(HostilePack):
        verify(good)


# -- read by others ------------------------------------------------------------------------------------


def test_the_recap_says_the_same_in_every_form(ctx: Any, tmp_path: Path) -> None:
    sell_some()
    path = tmp_path / "paket.zip"
    proven = made(path, "Ditjenpas")
    shown = board.totals(campaign_at("odop-2026"), Cut(), "upt")
    with zipfile.ZipFile(path) as archive:
        book = load_workbook(io.BytesIO(archive.read("rekap.xlsx")))
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(archive.read("rekap.pdf"))).pages)
    rows = {row[1]: row[2] for row in book["Per unit"].iter_rows(min_row=2, values_only=True)}
    assert rows == {row.name: row.omzet for row in shown.rows} | {"Jumlah": shown.omzet}
    assert dict(book["Rekap"].iter_rows(max_col=2, values_only=True))["Akar (root)"] == proven.root
    for amount in (shown.omzet, *rows.values()):
        assert f"{amount:,}".replace(",", ".") in text
    assert proof.grouped(proven.root).replace(" ", "") in "".join(text.split())


def test_plain_days_can_be_packed_too(ctx: Any, tmp_path: Path) -> None:
    sell_some()
    scope = of_days(units.unit_named(AMBON), date(2026, 4, 2), date(2026, 4, 3))
    proven = pack.make(scope, tmp_path / "paket.zip", tmp_path, NOW)
    assert broken(tmp_path / "paket.zip", proven.root) == [] and proven.tally.whole.documents == 2
    assert proven.tally.whole.omzet == 3 * 80_000 - 10_000 + 75_000 - 7_777

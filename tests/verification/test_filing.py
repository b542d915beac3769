"""A unit submits, the Kanwil verifies or returns, the nation declares; nothing said is ever changed."""

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError

from pos.campaigns.services import standing
from pos.campaigns.verification_models import DeclaredUnit, Submission, Verdict
from pos.db import atomic, db
from pos.errors import Conflict, Forbidden, PosError
from pos.register.models import Sale
from pos.reports import board
from pos.reports.board import Cut
from pos.units import services as units
from pos.units import tree
from pos.units.services import add_user
from pos.verification import awards, declaring, late, late_photos, pack, proof, services
from pos.verification.scope import of_campaign
from pos.verification.standing import standings
from pos.verification.verify import verify
from tests import world
from tests.verification import filing
from tests.verification.filing import AMBON, PONTIANAK


def row(name: str = AMBON) -> Any:
    whole = standings(filing.campaign(), world.person("pejabat-pusat"))
    return next(one for one in whole.rows if one.name == name)


def test_a_figure_goes_from_the_unit_to_the_nation(ctx: Any) -> None:
    filing.sell_in_april()
    first = filing.submit()
    assert (first.omzet, first.sales, first.streak, first.round) == (235_000, 2, 2, 1)
    services.judge(world.person("pejabat"), first, "returned", "Nota 2 kurang")
    assert row().state == "returned" and row().verified is None
    second = filing.submit()
    assert second.round == 2 and second.root == first.root
    filing.verify(second, "pejabat")
    filing.verify(filing.submit(PONTIANAK))
    assert board.totals(filing.campaign(), Cut()).verified_omzet == 535_000
    assert board.totals(filing.campaign(), Cut(kanwil=units.unit_named("Kanwil Maluku").id)).verified_omzet == 235_000
    assert board.totals(filing.campaign(), Cut(day=date(2026, 4, 2))).verified_omzet is None
    assert standing(filing.campaign()).key == "provisional"
    made = filing.declare()
    assert (made.omzet, made.sales, len(made.units)) == (535_000, 3, 2)
    assert standing(filing.campaign()).key == "declared"
    assert (row().state, row().declared.omzet, row().after) == ("declared", 235_000, 0)


def test_what_comes_later_is_an_addendum_and_changes_nothing(ctx: Any) -> None:
    filing.sell_in_april()
    submission = filing.submit()
    filing.verify(submission)
    made = filing.declare(partial=True)
    told = (made.omzet, made.root, [(unit.omzet, unit.root) for unit in made.units])
    world.sell(lines=[("Tas rajut", 1000)], at="2026-04-20T10:00:00+09:00")
    with atomic() as session:
        session.get_one(units.Unit, submission.unit_id).name = "Lapas Baru"
    db.session.expire_all()
    whole = standings(filing.campaign(), world.person("pejabat-pusat"))
    ambon = next(one for one in whole.rows if one.declared)
    assert (ambon.reported.omzet, ambon.declared.omzet, ambon.after) == (315_000, 235_000, 80_000)
    assert (whole.addendum_omzet, whole.left_out_omzet) == (80_000, 300_000)  # Pontianak was not in it
    assert [nota.receipt for nota in services.later_than(submission)] == ["AMB-1-000003"]
    db.session.refresh(made)
    assert (made.omzet, made.root, [(unit.omzet, unit.root) for unit in made.units]) == told
    assert proof.declaration_root("odop-2026", [proof.declared_row(row) for row in made.units]) == made.root
    with pytest.raises(services.AlreadyDeclared):
        filing.submit(PONTIANAK)
    with pytest.raises(services.AlreadyDeclared):
        filing.declare(True, number="PAS-2/2026")


def test_a_submitted_pack_can_be_made_again_after_more_has_come(ctx: Any, tmp_path: Path) -> None:
    filing.sell_in_april()
    submission = filing.submit()
    world.sell(lines=[("Tas rajut", 1000)], at="2026-04-20T10:00:00+09:00")
    unit = units.unit_named(AMBON)
    now = pack.prove(of_campaign(unit, filing.campaign()))
    then = pack.prove(of_campaign(unit, filing.campaign(), json.loads(submission.numbers), own=True))
    assert (then.root, then.tally.whole.omzet) == (submission.root, submission.omzet) and now.root != then.root


def test_more_may_be_submitted_until_it_is_declared(ctx: Any) -> None:
    filing.sell_in_april()
    filing.verify(filing.submit())
    with pytest.raises(services.WrongState):
        filing.submit()  # nothing new
    world.sell(lines=[("Tas rajut", 1000)], at="2026-04-20T10:00:00+09:00")
    again = filing.submit()
    assert (row().state, row().verified.omzet, row().after) == ("submitted", 235_000, 80_000)
    with pytest.raises(services.WrongState):
        filing.submit()  # one waits
    filing.verify(again)
    assert (row().state, row().verified.omzet) == ("verified", 315_000)


def test_everyone_speaks_for_their_own_part_only(ctx: Any) -> None:
    filing.sell_in_april()
    unit = units.unit_named(AMBON)
    for who in ("kasir", "pejabat", "admin", "pemeriksa", "petugas-ptk"):
        with pytest.raises(Forbidden):
            services.submit(world.person(who), filing.campaign(), unit)
    submission = filing.submit()
    for who in ("petugas", "pejabat-upt", "admin", "pemeriksa", "kasir"):
        with pytest.raises(Forbidden):
            services.judge(world.person(who), submission, "verified")
    filing.verify(submission, "pejabat")
    with pytest.raises(services.WrongState):
        services.judge(world.person("pejabat-pusat"), submission, "returned", "terlambat")
    for who in ("pejabat", "admin", "pemeriksa", "pejabat-upt"):
        with pytest.raises(Forbidden):
            declaring.declare(world.person(who), filing.campaign(), declaring.Draft("1", "Ambon", filing.SIGNERS))


def test_a_return_needs_its_reason_and_a_declaration_its_signers(ctx: Any) -> None:
    filing.sell_in_april()
    submission = filing.submit()
    with pytest.raises(PosError) as refused:
        services.judge(world.person("pejabat"), submission, "returned", "")
    assert set(refused.value.fields) == {"reason"}
    person = world.person("pejabat-pusat")
    with pytest.raises(PosError) as refused:
        declaring.declare(person, filing.campaign(), declaring.Draft("", "", (declaring.Signing("A", ""),)))
    assert set(refused.value.fields) == {"number", "place", "signers.0.title", "partial"}  # all at once
    with pytest.raises(PosError) as refused:
        declaring.declare(person, filing.campaign(), declaring.Draft("1", "Jakarta", filing.SIGNERS))
    assert set(refused.value.fields) == {"partial"}


def test_the_database_itself_keeps_what_was_said(ctx: Any) -> None:
    filing.sell_in_april()
    filing.verify(filing.submit())
    filing.declare(partial=True)
    for table in (Submission, Verdict, DeclaredUnit):
        with pytest.raises(DatabaseError), atomic() as session:
            session.execute(sa.delete(table))
    with pytest.raises(IntegrityError), atomic() as session:
        old = session.scalars(sa.select(Submission)).one()
        columns = {c.name: getattr(old, c.name) for c in Submission.__table__.columns if c.name != "id"}
        session.add(Submission(**columns))


def test_after_the_cut_off_a_submission_is_marked_late(ctx: Any) -> None:
    filing.sell_in_april()
    with atomic():
        filing.campaign().report_until = filing.LATER
    assert not filing.submit(now=filing.LATER).is_late
    world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)], at="2026-04-04T11:00:00+07:00")
    assert filing.submit(PONTIANAK, now=filing.LATER.replace(hour=5)).is_late


def test_awards_rank_within_a_class_by_a_named_measure(ctx: Any) -> None:
    filing.sell_in_april()
    kept, nation = filing.campaign(), world.person("pejabat-pusat")
    found = awards.ranking(kept, "omzet", standings(kept, nation))
    assert found.basis == "reported"
    assert [(p.rank, p.name, p.value) for p in found.lists["Lapas IIA"]] == [
        (1, PONTIANAK, 300_000),
        (2, AMBON, 235_000),
    ]
    assert [p.value for p in awards.ranking(kept, "streak", standings(kept, nation)).lists["Lapas IIA"]] == [2, 1]
    filing.verify(filing.submit())
    assert [p.name for p in awards.ranking(kept, "pieces", standings(kept, nation)).lists["Lapas IIA"]] == [AMBON]
    filing.declare(partial=True)
    unit = units.unit_named(AMBON)
    day = kept.from_day
    tree.change_unit(unit, world.person("admin"), name=unit.name, kanwil_id=None, day=day, kind="Rutan", class_name="I")
    found = awards.ranking(kept, "streak", standings(kept, nation))
    assert found.basis == "declared" and [p.value for p in found.lists["Lapas IIA"]] == [2]


# -- handwritten notas ---------------------------------------------------------------------------------


def test_a_late_nota_counts_when_a_second_person_has_approved_it(ctx: Any, tmp_path: Path) -> None:
    note = filing.enter(tmp_path)
    kept = filing.campaign()
    assert board.totals(kept, Cut()).omzet == 0 and late.waiting(note.unit_id, kept.from_day, kept.until_day) == 1
    for who in ("petugas", "pejabat", "kasir", "pemeriksa"):
        with pytest.raises(Forbidden):
            late.decide(world.person(who), note, True)
    late.decide(world.person("pejabat-upt"), note, True)
    late.decide(world.person("pejabat-upt"), note, True)  # an answer that was lost
    found = board.totals(kept, Cut())
    assert (found.omzet, found.sales) == (245_000, 1) and board.late_omzet(kept, Cut()) == 245_000
    assert board.late_omzet(kept, Cut(channel="bazar")) == 245_000
    sold = db.session.execute(sa.text("SELECT receipt, flags FROM sale")).one()
    assert sold.receipt == "AMB-S-000001" and set(sold.flags.split()) == {"price", "susulan"}
    submission = filing.submit()
    assert (submission.omzet, submission.late_omzet) == (245_000, 245_000)
    proven = pack.make(of_campaign(units.unit_named(AMBON), kept), tmp_path / "p.zip", tmp_path, filing.LATER)
    assert proven.tally.whole.late_sales == 1


def test_the_officer_of_a_late_nota_is_known_to_the_unit(ctx: Any, tmp_path: Path) -> None:
    for wrong in ({"buyer_ref": "19700101"}, {"buyer_ref": "?", "buyer": "petugas"}):
        with pytest.raises(PosError) as refused:
            filing.enter(tmp_path, **{"buyer": "masyarakat"} | wrong)
        assert set(refused.value.fields) == {"buyer_ref"}
    note = filing.enter(tmp_path, buyer_ref="19700101 200001 1 000")
    late.decide(world.person("pejabat-upt"), note, True)
    sale = db.session.get_one(Sale, note.id)
    assert (sale.buyer, sale.buyer_ref) == ("petugas", "197001012000011000")
    for words, found in (("17 ambon", 1), (sale.receipt, 1), ("17%", 0), ("pontianak", 0)):
        assert len(db.session.execute(late.notes(world.person("pejabat-pusat"), words=words)).all()) == found


def test_a_late_series_is_no_till(ctx: Any, tmp_path: Path) -> None:
    late.decide(world.person("pejabat-upt"), filing.enter(tmp_path), True)
    with pytest.raises(PosError):
        world.sell("petugas", "AMB-S", at="2026-04-11T10:00:00+09:00")
    assert "AMB-S" not in [register.code for register in units.registers_for(world.person("petugas"))]


def test_a_rejected_nota_stays_and_sells_nothing(ctx: Any, tmp_path: Path) -> None:
    note = filing.enter(tmp_path)
    with pytest.raises(PosError):
        late.decide(world.person("pejabat-upt"), note, False, "")
    late.decide(world.person("pejabat-upt"), note, False, "Tidak terbaca")
    with pytest.raises(PosError):
        late.decide(world.person("admin"), note, True)
    rows = db.session.execute(late.notes(world.person("pemeriksa"))).all()
    assert [late.state_of(verdict, receipt) for _, verdict, receipt in rows] == ["rejected"]
    assert board.totals(filing.campaign(), Cut()).omzet == 0


def test_what_is_wrong_with_a_late_nota_is_said_beside_its_field(ctx: Any, tmp_path: Path) -> None:
    filing.enter(tmp_path)
    with pytest.raises(PosError) as refused:
        filing.enter(tmp_path)
    assert set(refused.value.fields) == {"written_number"}
    rows = [late.Row("barang asing", None, 1), late.Row("Tas rajut", 1500, None)]
    draft = filing.late_draft(written_number="", sold_on=date(2099, 1, 1), rows=rows, method="qris")
    with pytest.raises(PosError) as refused:
        late.enter(world.person("petugas"), draft, b"no picture", tmp_path)
    assert str(refused.value.fields["photo"]).startswith("Ini bukan foto")
    assert set(refused.value.fields) == {
        "written_number", "sold_on", "photo", "reference",
        "rows.0.product", "rows.0.quantity", "rows.1.quantity", "rows.1.unit_price",
    }  # fmt: skip


def test_the_second_person_approves_the_photo_that_was_compared(ctx: Any, tmp_path: Path) -> None:
    """A wrong one is replaced by whoever entered it until then; it stays, and the pack carries the approved one."""
    note = filing.enter(tmp_path)
    petugas, second = world.person("petugas"), world.person("pejabat-upt")
    with pytest.raises(Forbidden):
        late_photos.replace(second, note, filing.picture("Nota lain"), tmp_path)
    for data, told in ((filing.picture(), "sama"), (b"%PDF-1.7", "bukan foto"), (None, "Lampirkan")):
        with pytest.raises(PosError) as refused:
            late_photos.replace(petugas, note, data, tmp_path)
        assert told in str(refused.value.fields["photo"])
    better = late_photos.replace(petugas, note, filing.picture("Nota 17, jelas"), tmp_path).photo
    with pytest.raises(Conflict, match="baru saja diganti"):
        late.decide(second, note, True, photo=note.photo)
    assert db.session.get(Sale, note.id) is None
    late.decide(second, note, True, photo=better)
    with pytest.raises(Conflict, match="sudah diputus"):
        late_photos.replace(petugas, note, filing.picture("Terlambat"), tmp_path)
    again = late.note_for(second, note.id)
    assert again.photos == [note.photo, better] and again.judged_photo == better
    with pytest.raises(sa.exc.DatabaseError, match="written once"), db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM late_photo"))
    db.session.rollback()
    pack.make(of_campaign(units.unit_named(AMBON), filing.campaign()), tmp_path / "p.zip", tmp_path, filing.LATER)
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert proof.digest(archive.read("susulan/AMB-S-000001.webp"))[:32] == better
    assert [check.name for check in verify(tmp_path / "p.zip")[1] if not check.holds] == []


def test_nobody_enters_notas_of_another_unit(ctx: Any, tmp_path: Path) -> None:
    add_user("petugas-kdi", "Petugas", world.PASSWORD, "staff", units.unit_named("Lapas Kelas IIA Kendari"))
    for who in ("pejabat", "petugas-kdi"):
        with pytest.raises(PosError) as refused:
            late.enter(world.person(who), filing.late_draft(), filing.picture(), tmp_path)
        assert set(refused.value.fields) == {"gallery_id"}

"""The tree as people tend it, in scope, with its past kept."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pos import clock
from pos.db import atomic, db
from pos.errors import NotFound, PosError
from pos.units import services, tree
from pos.units.loading import load_units
from pos.units.models import AuditEntry, Gallery, Installation, Placement, Register, Unit
from tests import world

AMBON, PONTIANAK = "Lapas Kelas IIA Ambon", "Lapas Kelas IIA Pontianak"


def unit_id(app: Any, name: str) -> int:
    with app.app_context():
        return services.unit_named(name).id


def gallery_id(app: Any, name: str = "Galeri Lapas Ambon") -> int:
    with app.app_context():
        return db.session.scalar(sa.select(Gallery.id).where(Gallery.name == name)) or 0


def change(unit: Unit, username: str = "admin", **over: Any) -> None:
    usual = {"name": unit.name, "kanwil_id": unit.parent_id, "day": clock.today(unit.zone)}
    tree.change_unit(unit, world.person(username), **(usual | over))


def spans(unit: Unit) -> list[tuple[str, str]]:
    return [(span.name, span.kanwil) for span in tree.history(unit)]


def test_a_renamed_and_moved_unit_keeps_its_past(ctx: Any) -> None:
    unit, other = services.unit_named(AMBON), services.unit_named("Kanwil Kalimantan Barat")
    before = db.session.scalar(sa.select(Installation.tree_version)) or 0
    yesterday = clock.today("WIT") - timedelta(days=1)
    change(unit, name="Lapas Kelas I Ambon", kanwil_id=other.id, day=yesterday)
    assert spans(unit) == [("Lapas Kelas I Ambon", "Kanwil Kalimantan Barat"), (AMBON, "Kanwil Maluku")]
    assert unit.path == f"{other.path}{unit.id}."
    assert db.session.scalar(sa.select(Installation.tree_version)) == before + 1
    with pytest.raises(NotFound):
        services.unit_for(world.person("pejabat"), unit.id)
    assert services.unit_for(world.person("pejabat-upt"), unit.id)  # who works there goes along


def test_days_before_a_move_stay_with_the_old_kanwil(ctx: Any) -> None:
    unit, other = services.unit_named(AMBON), services.unit_named("Kanwil Sulawesi Tenggara")
    today = clock.today("WIT")
    change(unit, kanwil_id=other.id)
    on = sa.select(Placement.kanwil_id).where(
        Placement.unit_id == unit.id,
        Placement.from_day <= sa.bindparam("day"),
        Placement.until_day > sa.bindparam("day"),
    )
    assert db.session.scalars(on, {"day": today}).all() == [other.id]
    assert db.session.scalars(on, {"day": today - timedelta(days=1)}).all() == [services.unit_named("Kanwil Maluku").id]


def test_a_kanwil_keeps_standing_for_itself_when_it_is_renamed(ctx: Any) -> None:
    kanwil = services.unit_named("Kanwil Maluku")
    change(kanwil, name="Kanwil Maluku Raya", kanwil_id=None)
    assert spans(kanwil)[0] == ("Kanwil Maluku Raya", "Kanwil Maluku Raya")


def test_other_facts_change_without_a_new_span(ctx: Any) -> None:
    unit = services.unit_named(AMBON)
    change(unit, city="Kota Ambon", class_name="I", day=date(1900, 1, 1))
    assert (unit.city, unit.class_name, len(spans(unit))) == ("Kota Ambon", "I", 1)


@pytest.mark.parametrize(
    ("username", "over", "field"),
    [
        ("admin", {"name": " "}, "name"),
        ("admin", {"name": PONTIANAK}, "name"),
        ("admin", {"name": "Baru", "day": clock.today("WIT") + timedelta(days=1)}, "day"),
        ("admin", {"name": "Baru", "day": date(1900, 1, 1)}, "day"),
        ("admin-ptk", {"active": False}, "active"),
    ],
)
def test_what_may_not_change_is_named(ctx: Any, username: str, over: dict[str, Any], field: str) -> None:
    unit = services.unit_named(PONTIANAK if username == "admin-ptk" else AMBON)
    with pytest.raises(PosError) as refused:
        change(unit, username, **over)
    assert list(refused.value.fields) == [field]


def test_an_admin_moves_a_unit_only_within_their_own_scope(ctx: Any) -> None:
    with pytest.raises(NotFound):
        change(services.unit_named(PONTIANAK), "admin-ptk", kanwil_id=services.unit_named("Kanwil Maluku").id)
    with pytest.raises(PosError):
        change(services.unit_named(PONTIANAK), kanwil_id=services.unit_named(AMBON).id)


def test_the_tree_is_searched_by_name_city_and_kanwil(ctx: Any) -> None:
    admin = world.person("admin")
    assert tree.tree(admin).found == 4
    assert [b.head.name for b in tree.tree(admin, "perempuan ambon").branches if b.head] == ["Kanwil Maluku"]
    assert tree.tree(admin, "kalimantan").found == 1
    assert tree.tree(admin, zone="WITA").branches[0].units[0].name == "Lapas Kelas IIA Kendari"
    assert tree.tree(world.person("pejabat")).found == 2
    mine = tree.tree(world.person("admin-ptk"))
    assert mine.found == 1 and mine.branches[0].head is None


def test_a_closed_unit_is_listed_only_when_asked_for(ctx: Any) -> None:
    change(services.unit_named("Lapas Perempuan Kelas III Ambon"), active=False)
    admin = world.person("admin")
    assert (tree.tree(admin).found, tree.tree(admin, closed=True).found) == (3, 4)


def test_the_page_of_a_unit_shows_galleries_registers_and_its_past(as_admin: Any, app: Any) -> None:
    page = as_admin.get(f"/unit/{unit_id(app, AMBON)}").text
    assert "Galeri Lapas Ambon" in page and "AMB-1" in page and "Tambah kasir" in page


def test_an_official_looks_and_does_not_touch(as_official: Any, app: Any) -> None:
    page = as_official.get(f"/unit/{unit_id(app, AMBON)}").text
    assert "AMB-1" in page and "Tambah kasir" not in page and "Ubah unit" not in page


def test_a_gallery_and_its_register_are_opened_on_pages(as_admin: Any, app: Any) -> None:
    form = {"name": "Stan Alun-alun", "kind": "stan", "cutoff": "02:00"}
    where = as_admin.post(f"/unit/{unit_id(app, AMBON)}/galeri", data=form).location
    assert where == f"/unit/galeri/{gallery_id(app, 'Stan Alun-alun')}/kasir"
    assert as_admin.post(where, data={"code": "amb-9", "paper_width": "80"}).status_code == 302
    with app.app_context():
        register = db.session.scalars(sa.select(Register).where(Register.code == "AMB-9")).one()
        assert (register.paper_width, register.gallery.cutoff_minutes, register.gallery.kind) == (80, 120, "stan")
    assert as_admin.post(where, data={"code": "AMB-9", "paper_width": "80"}).status_code == 422


def test_a_gallery_is_closed_and_not_deleted(as_admin: Any, as_cashier: Any, app: Any) -> None:
    path = f"/unit/galeri/{gallery_id(app)}"
    assert as_admin.post(path, data={"name": "Galeri Ambon", "kind": "galeri", "cutoff": "00:00"}).status_code == 302
    with app.app_context():
        gallery = db.session.scalars(sa.select(Gallery).where(Gallery.name == "Galeri Ambon")).one()
        assert not gallery.active and services.registers_for(world.person("kasir")) == []
        assert db.session.scalar(sa.select(AuditEntry.detail).where(AuditEntry.act == "gallery.change"))["active"] == [
            True,
            False,
        ]


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": "", "kind": "galeri"}, "Isi nama galeri."),
        ({"name": "Galeri Lapas Ambon", "kind": "galeri"}, "bernama sama"),
        ({"name": "Siang", "kind": "galeri", "cutoff": "13:00"}, "12.00"),
    ],
)
def test_a_gallery_that_is_refused_says_why(as_admin: Any, app: Any, form: dict[str, str], sentence: str) -> None:
    answer = as_admin.post(f"/unit/{unit_id(app, AMBON)}/galeri", data=form)
    assert answer.status_code == 422 and sentence in answer.text


def test_a_register_is_closed_and_sells_no_more(as_admin: Any, app: Any) -> None:
    with app.app_context():
        register_id = db.session.scalar(sa.select(Register.id).where(Register.code == "AMB-1"))
    assert as_admin.post(f"/unit/kasir/{register_id}", data={"paper_width": "80"}).status_code == 302
    with app.app_context():
        assert [r.code for r in services.registers_for(world.person("kasir"))] == ["AMB-2"]


def test_a_list_is_loaded_on_a_page_with_its_counts(as_admin: Any) -> None:
    more = world.UNITS + "Maluku Utara,Lapas Kelas IIA Ternate,Lapas,IIA,Ternate,WIT\n"
    answer = as_admin.post("/unit/muat", data={"file": (io.BytesIO(more.encode()), "unit.csv")})
    assert answer.status_code == 200 and "1 unit baru, 0 berubah, 4 tetap." in answer.text


def test_a_list_with_a_bad_cell_names_it_and_changes_nothing(as_admin: Any, app: Any) -> None:
    bad = world.UNITS + "Papua,Lapas Kelas IIA Jayapura,Lapas,IIA,Jayapura,WIX\n"
    answer = as_admin.post("/unit/muat", data={"file": (io.BytesIO(bad.encode()), "unit.csv")})
    assert answer.status_code == 422 and "baris 6: zona waktu &#39;WIX&#39;" in answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(Unit.id).where(Unit.name == "Kanwil Papua")) is None


def test_only_the_nations_admin_loads_the_nations_list(as_: Any) -> None:
    assert as_("admin-ptk").get("/unit/muat").status_code == 404


@pytest.mark.parametrize("name", ["Ditjenpas", "ditjenpas", "Kanwil Papua"])
def test_a_upt_is_not_named_like_what_stands_above(as_admin: Any, app: Any, name: str) -> None:
    with app.app_context():
        row = services.unit_named(AMBON)
        with pytest.raises(PosError) as refused:
            tree.change_unit(row, world.person("admin"), name=name, kanwil_id=None, day=clock.today("WIT"))
    assert "name" in refused.value.fields


@pytest.mark.parametrize(
    "row",
    ["Papua,Ditjenpas", "Papua,Kanwil Maluku", "Papua,kanwil baru", "Palsu,Lapas A"],
)
def test_a_list_takes_no_unit_for_one_of_another_level(ctx: Any, row: str) -> None:
    with atomic():
        services.unit_named("Lapas Kelas IIA Kendari").name = "Kanwil Palsu"
    before = dict(db.session.execute(sa.select(Unit.id, Unit.path)).all())
    with pytest.raises(PosError) as refused:
        load_units(f"{world.UNITS.splitlines()[0]}\n{row},Lapas,I,Kota,WIT\n".encode(), "u.csv")
    assert [name.split(".")[0] for name in refused.value.fields] == ["2"]
    db.session.expire_all()
    assert dict(db.session.execute(sa.select(Unit.id, Unit.path)).all()) == before

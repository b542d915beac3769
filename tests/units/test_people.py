"""People, their passwords, and the log of who did what."""

import ast
from typing import Any

import pytest
import sqlalchemy as sa

from pos import ROOT
from pos.catalog.models import Product
from pos.db import db
from pos.register.shift_models import KINDS
from pos.stock.document_models import OUTCOMES
from pos.units import log_words, people, services
from pos.units.models import User
from tests import world

NEW = {
    "name": "Sarah Pattiasina",
    "username": "sarah",
    "password": "rahasia-sarah",
    "role": "cashier",
    "unit": "Lapas Kelas IIA Ambon",
}


def id_of(app: Any, username: str) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(User.id).where(User.username == username)) or 0


def test_a_new_person_signs_in_at_once(as_admin: Any, as_stranger: Any) -> None:
    assert as_admin.post("/pengguna/baru", data=NEW).location == "/pengguna"
    answer = as_stranger.post("/masuk", data={"username": "sarah", "password": NEW["password"]})
    assert answer.location == "/kasir"


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"username": "kasir"}, "sudah dipakai"),
        ({"username": "a b"}, "Hanya huruf"),
        ({"password": "pendek"}, "paling sedikit 10"),
        ({"unit": "Lapas"}, "persis seperti tertulis"),
        ({"role": "raja"}, "error"),
        ({"name": ""}, "Isi nama orangnya."),
    ],
)
def test_who_is_refused_stays_typed_with_the_reason(as_admin: Any, over: dict[str, str], sentence: str) -> None:
    answer = as_admin.post("/pengguna/baru", data=NEW | over)
    assert answer.status_code == 422 and sentence in answer.text and (NEW | over)["username"] in answer.text


def test_nobody_is_put_above_or_beside_ones_own_node(as_: Any) -> None:
    for unit in ("Ditjenpas", "Kanwil Kalimantan Barat", "Lapas Kelas IIA Ambon"):
        assert as_("admin-ptk").post("/pengguna/baru", data=NEW | {"unit": unit}).status_code == 422


def test_the_list_shows_scope_and_finds_by_words(as_: Any) -> None:
    mine = as_("admin-ptk").get("/pengguna").text
    assert "petugas-ptk" in mine and "kasir-kdi" not in mine
    found = as_("admin").get("/pengguna?q=kendari&peran=cashier").text
    assert "kasir-kdi" in found and "kasir-ptk" not in found
    assert "Tidak ada pengguna" in as_("admin").get("/pengguna?q=tak-ada").text


def test_who_is_deactivated_is_out_at_once_and_stays_in_the_list(app: Any, as_admin: Any, as_cashier: Any) -> None:
    form = {"name": "Kasir", "role": "cashier", "unit": "Lapas Kelas IIA Ambon"}
    assert as_cashier.get("/sandi").status_code == 200
    assert as_admin.post(f"/pengguna/{id_of(app, 'kasir')}", data=form).status_code == 302
    assert as_cashier.get("/sandi").status_code == 302
    assert ">kasir<" not in as_admin.get("/pengguna").text and ">kasir<" in as_admin.get("/pengguna?nonaktif=1").text
    with app.app_context():
        assert services.sign_in("kasir", world.PASSWORD) is None


def test_an_admin_can_neither_deactivate_nor_demote_themselves(app: Any, as_admin: Any) -> None:
    mine = f"/pengguna/{id_of(app, 'admin')}"
    form = {"name": "Admin", "role": "admin", "unit": "Ditjenpas", "active": "y"}
    assert "akun Anda sendiri" in as_admin.post(mine, data={k: v for k, v in form.items() if k != "active"}).text
    assert as_admin.post(mine, data=form | {"role": "cashier"}).status_code == 422
    assert as_admin.post(mine, data=form | {"name": "Admin Pusat"}).status_code == 302


def test_a_new_role_holds_from_the_next_click(app: Any, as_admin: Any, as_cashier: Any) -> None:
    assert as_cashier.get("/setoran").status_code == 403
    form = {"name": "Kasir", "role": "staff", "unit": "Lapas Kelas IIA Ambon", "active": "y"}
    as_admin.post(f"/pengguna/{id_of(app, 'kasir')}", data=form)
    assert as_cashier.get("/setoran").status_code == 200


def test_a_new_password_signs_out_everywhere(app: Any, as_admin: Any, as_cashier: Any, as_stranger: Any) -> None:
    form = {"password": "kata-sandi-baru", "again": "kata-sandi-baru"}
    assert as_admin.post(f"/pengguna/{id_of(app, 'kasir')}/sandi", data=form).status_code == 302
    assert as_cashier.get("/sandi").status_code == 302
    assert as_stranger.post("/masuk", data={"username": "kasir", "password": world.PASSWORD}).status_code == 422
    assert as_stranger.post("/masuk", data={"username": "kasir", "password": "kata-sandi-baru"}).status_code == 302


def test_ones_own_password_needs_the_old_one_and_keeps_this_device(as_: Any) -> None:
    here, elsewhere = as_("kasir"), as_("kasir")
    form = {"old": "salah-sekali", "password": "kata-sandi-baru", "again": "kata-sandi-baru"}
    assert "Kata sandi lama salah." in here.post("/sandi", data=form).text
    assert "tidak sama" in here.post("/sandi", data=form | {"again": "x"}).text
    assert here.post("/sandi", data=form | {"old": world.PASSWORD}).status_code == 302
    assert here.get("/sandi").status_code == 200 and elsewhere.get("/sandi").status_code == 302


def test_what_people_do_is_in_the_log_within_scope(app: Any, as_: Any) -> None:
    as_("admin").post("/pengguna/baru", data=NEW)
    as_("").post("/masuk", data={"username": "kasir", "password": "salah"})
    as_("").post("/masuk", data={"username": "tidak-ada", "password": "salah"})
    nation, region, other = (as_(who).get("/catatan").text for who in ("admin", "pejabat", "admin-ptk"))
    assert "Pengguna ditambah" in region and "sarah" in region and "Gagal masuk" in region
    assert "tidak-ada" in nation and "tidak-ada" not in region and "sarah" not in other
    assert "sarah" not in as_("admin").get("/catatan?jenis=sign_in.refused").text
    assert "Tidak ada catatan" in as_("admin").get("/catatan?sampai=2020-01-01").text
    assert "sarah" in as_("admin").get("/catatan?q=SARAH&dari=2020-01-01").text


def test_the_log_speaks_of_changes_in_words(app: Any, as_admin: Any) -> None:
    form = {"name": "Kasir", "role": "staff", "unit": "Lapas Kelas IIA Ambon", "active": "y"}
    as_admin.post(f"/pengguna/{id_of(app, 'kasir')}", data=form)
    assert "peran: Kasir → Petugas" in as_admin.get("/catatan?jenis=user.change").text


def test_the_log_is_written_once(ctx: Any) -> None:
    services.sign_in("kasir", "salah")
    for statement in ("DELETE FROM audit_entry", "UPDATE audit_entry SET act = 'x'"):
        with pytest.raises(sa.exc.DatabaseError, match="written once"), db.engine.begin() as connection:
            connection.execute(sa.text(statement))


def test_long_lists_are_paged_and_keep_their_filter(app: Any, as_admin: Any) -> None:
    with app.app_context():
        unit = services.unit_named("Lapas Kelas IIA Ambon")
        with db.session.no_autoflush:
            for i in range(60):
                db.session.add(
                    User(
                        username=f"orang{i:02}",
                        name=f"Orang {i:02}",
                        password_hash="x",
                        role="cashier",
                        unit_id=unit.id,
                        session_stamp="s",
                    )
                )
            db.session.commit()
    first, last = as_admin.get("/pengguna?q=orang").text, as_admin.get("/pengguna?q=orang&hal=99").text
    assert "Orang 00" in first and "Orang 59" not in first and "Orang 59" in last
    assert "/pengguna?q=orang&amp;hal=2" in first


def test_every_act_that_the_rooms_log_is_told_in_words() -> None:
    acts, facts = set[str](), set[str]()
    for file in (ROOT / "pos").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("log", "units.log"):
                acts |= _texts(node.args[0])
                facts |= {each.arg for each in node.keywords if each.arg}
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "act":
                acts |= {text for text in _texts(node.value) if "." in text}
    made_up = {f"stock.{word}" for word in ("receive", "adjust", *OUTCOMES)}
    made_up |= {f"shift.{word}" for word in KINDS} | {"figure.verified", "figure.returned"}
    assert len(acts) > 70 and (acts | made_up) - set(people.ACTS) == set()
    assert facts - set(log_words.DETAILS) - {*log_words.HIDDEN, "after"} == set()


def _texts(node: ast.AST) -> set[str]:
    """The texts that stand in an expression, but for those that are put together."""
    if isinstance(node, ast.JoinedStr):
        return set()
    own = {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()
    return own.union(*(_texts(child) for child in ast.iter_child_nodes(node)))


def test_the_log_tells_what_was_and_what_became_of_it(app: Any, as_staff: Any, as_official: Any) -> None:
    with app.app_context():
        product = db.session.scalar(sa.select(Product.id).where(Product.name == "Tas rajut"))
    as_staff.post(f"/produk/{product}/harga", data={"amount": "90.000", "cost": "55.000"})
    price = "harga: Rp80.000 → Rp90.000; biaya: Rp50.000 → Rp55.000; berlaku sejak: "
    shown = as_official.get("/catatan?jenis=product.price").text
    assert price in shown and "WIT" in shown and "nomor produk" not in shown and "from_at" not in shown
    lines = as_official.get("/catatan.csv?jenis=product.price").get_data(as_text=True).splitlines()
    assert len(lines) == 2 and price in lines[1] and "Harga diganti" in lines[1]
    assert (
        as_official.get("/catatan.xlsx").mimetype.endswith("sheet")
        and as_official.get("/catatan.pdf").data[:4] == b"%PDF"
    )

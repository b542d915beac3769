"""From an empty database to a signed-in admin, once and only once."""

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.db import db
from pos.founding import services
from pos.revenue.models import Scheme
from pos.units.loading import load_units
from pos.units.models import AuditEntry, Gallery, Installation, Register, Unit, User

FORM = {
    "name": "Rina Latuconsina",
    "username": "Rina.Ambon",
    "password": "rahasia-galeri",
    "again": "rahasia-galeri",
    "unit": "Lapas Kelas IIA Ambon",
    "gallery": "Galeri Lapas Ambon",
    "address": "Jl. Raya Passo 1",
    "phone": "0911-1",
    "code": "amb-1",
    "cashier": "kasir",
    "cashier_password": "rahasia-kasir",
}


def count(model: Any) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def nothing(app: Flask) -> bool:
    with app.app_context():
        return not any(count(m) for m in (Unit, User, Gallery, Register, Scheme, Installation, AuditEntry))


@pytest.mark.parametrize("path", ["/", "/kasir", "/masuk", "/unit", "/nota/X", "/tidak-ada"])
def test_on_an_empty_database_every_page_leads_to_the_set_up(as_stranger: Any, path: str) -> None:
    assert as_stranger.get(path).location == "/pasang"


def test_health_and_styles_answer_before_anything_is_set_up(as_stranger: Any) -> None:
    assert as_stranger.get("/healthz").status_code == 200
    with as_stranger.get("/static/css/app.css") as style:
        assert style.status_code == 200
    assert as_stranger.post("/api/sales", json={}).status_code == 401


def test_one_form_makes_everything_and_signs_the_admin_in(app: Flask, as_stranger: Any) -> None:
    answer = as_stranger.post("/pasang", data=FORM)
    assert answer.location == "/mulai"
    page = as_stranger.get("/mulai")
    assert page.status_code == 200 and "AMB-1" in page.text and "Lapas Kelas IIA Ambon" in page.text
    with app.app_context():
        assert count(Unit) > 640 and count(Scheme) == 1
        people = dict(db.session.execute(sa.select(User.username, User.role)).all())
        assert people == {"rina.ambon": "admin", "kasir": "cashier"}
        assert db.session.scalars(sa.select(Register.code)).all() == ["AMB-1"]
        assert "install" in db.session.scalars(sa.select(AuditEntry.act)).all()


def test_when_it_is_set_up_the_page_is_gone(as_stranger: Any, as_: Any) -> None:
    as_stranger.post("/pasang", data=FORM)
    assert as_stranger.get("/pasang").status_code == 404
    assert as_("").post("/pasang", data=FORM | {"username": "lain"}).status_code == 404
    assert as_("").get("/").location == "/masuk"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"unit": "Lapas Antah Berantah"}, "persis seperti tertulis"),
        ({"again": "lain"}, "Kedua kata sandi tidak sama."),
        ({"password": "pendek", "again": "pendek"}, "paling sedikit 10"),
        ({"code": "A B"}, "misalnya AMB-1"),
        ({"gallery": ""}, "Isi nama galeri."),
        ({"username": "rina!"}, "Hanya huruf, angka"),
        ({"cashier": "rina.ambon"}, "Nama ini sudah dipakai orang lain."),
        ({"cashier_password": "pendek"}, "paling sedikit 10"),
    ],
)
def test_what_is_refused_is_named_and_nothing_is_half_written(
    app: Flask, as_stranger: Any, change: dict[str, str], sentence: str
) -> None:
    answer = as_stranger.post("/pasang", data=FORM | change)
    assert answer.status_code == 422 and sentence in answer.text
    assert 'value="Rina Latuconsina"' in answer.text  # what was typed stays
    assert nothing(app)


def test_a_kanwil_needs_no_gallery(app: Flask, as_stranger: Any) -> None:
    answer = as_stranger.post("/pasang", data=FORM | {"unit": "Kanwil Maluku", "gallery": "", "code": ""})
    assert answer.location == "/mulai"
    with app.app_context():
        assert count(Gallery) == 0 and count(Installation) == 1


def test_two_people_racing_make_one_installation(app: Flask) -> None:
    answers = [
        services.Answers(f"Orang {i}", f"orang{i}", "rahasia-galeri", FORM["unit"], "Galeri", code="AMB-1")
        for i in (1, 2)
    ]
    outcome: list[str] = []

    def start(mine: services.Answers) -> None:
        with app.app_context():
            try:
                outcome.append(services.found(mine).username)
            except services.AlreadyFounded:
                outcome.append("too late")

    threads = [threading.Thread(target=start, args=(mine,)) for mine in answers]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert sorted(outcome)[-1] == "too late" and len(set(outcome)) == 2
    with app.app_context():
        assert (count(User), count(Installation), count(Gallery), count(Scheme)) == (1, 1, 1, 1)


def test_who_made_a_person_by_command_is_not_asked_again(app: Flask, as_stranger: Any) -> None:
    from pos.units import services as units

    with app.app_context():
        load_units(b"kanwil,unit_name,kind,class,city,timezone\nMaluku,Lapas A,Lapas,I,Ambon,WIT\n", "u.csv")
        assert services.is_empty()
        units.add_user("admin", "Admin", "rahasia-galeri", "admin", units.unit_named("Lapas A"))
    assert as_stranger.get("/").location == "/masuk"


def test_every_unit_is_offered_its_own_register_code() -> None:
    rows = [(n, k, c) for n, level, k, c in services._bundled() if level == "upt"]
    codes = services.suggested_codes(rows)
    assert len(rows) == 614 and len(set(codes.values())) == 614
    assert codes["Lapas Kelas IIA Ambon"] == "AMB-1"
    assert all(len(code) <= 12 and code.replace("-", "").isalnum() for code in codes.values())


@pytest.mark.browser
def test_setting_up_in_a_real_browser(open_as: Any) -> None:
    page = open_as("", "/")
    page.wait_for_url("**/pasang")
    page.get_by_label("Unit", exact=True).fill("Lapas Kelas IIA Ambon")
    assert page.get_by_label("Nama galeri").input_value() == "Galeri Lapas Kelas IIA Ambon"
    assert page.get_by_label("Kode kasir pertama").input_value() == "AMB-1"
    page.get_by_label("Nama lengkap").fill("Rina")
    page.get_by_label("Nama masuk", exact=True).fill("rina")
    page.get_by_label("Kata sandi", exact=True).fill("rahasia-galeri")
    page.get_by_label("Kata sandi, sekali lagi").fill("rahasia-galeri")
    page.get_by_role("button", name="Pasang").dblclick()
    page.wait_for_url("**/mulai")
    assert page.get_by_role("heading", name="Langkah berikutnya").is_visible()
    page.get_by_role("link", name="Tambah pengguna").click()
    assert page.get_by_role("combobox", name="Unit").input_value() == "Lapas Kelas IIA Ambon"

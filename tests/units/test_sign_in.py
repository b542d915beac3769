"""Signing in, as everyone does it."""

from typing import Any

from tests import world


def test_a_person_signs_in_with_the_form_and_lands_at_their_work(as_stranger: Any) -> None:
    answer = as_stranger.post("/masuk", data={"username": "Kasir", "password": world.PASSWORD})
    assert answer.status_code == 302 and answer.location == "/kasir"


def test_a_wrong_password_is_refused_beside_the_field_and_the_name_is_kept(as_stranger: Any) -> None:
    answer = as_stranger.post("/masuk", data={"username": "kasir", "password": "salah"})
    assert answer.status_code == 422
    assert "Nama masuk atau kata sandi salah." in answer.text and 'value="kasir"' in answer.text


def test_who_is_not_signed_in_is_sent_to_the_form_and_back(as_stranger: Any) -> None:
    assert as_stranger.get("/kasir?a=1").location == "/masuk?next=/kasir?a%3D1"
    answer = as_stranger.post("/masuk?next=/kasir", data={"username": "kasir", "password": world.PASSWORD})
    assert answer.location == "/kasir"


def test_nobody_is_sent_to_another_site(as_stranger: Any) -> None:
    answer = as_stranger.post("/masuk?next=//evil.example", data={"username": "kasir", "password": world.PASSWORD})
    assert answer.location == "/kasir"


def test_the_json_door_says_401_and_403(as_stranger: Any, as_official: Any) -> None:
    assert as_stranger.post("/api/sales", json={}).status_code == 401
    assert as_official.post("/api/sales", json={}).json["error"]["code"] == "forbidden"


def test_the_form_works_in_a_real_browser(open_as: Any) -> None:
    page = open_as("pejabat", "/masuk")
    assert page.get_by_role("button", name="Masuk").is_visible()

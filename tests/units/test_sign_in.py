"""Signing in, as everyone does it."""

from typing import Any

import pytest

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


@pytest.mark.browser
def test_what_was_refused_is_in_sight_and_under_the_cursor(open_as: Any) -> None:
    from playwright.sync_api import expect

    expect.set_options(timeout=30_000)
    page = open_as("", "/masuk", width=360, height=740)
    expect(page.get_by_label("Nama masuk")).to_be_focused()
    page.get_by_label("Nama masuk").fill("petugas")
    page.get_by_label("Kata sandi").fill("salah")
    page.keyboard.press("Enter")
    expect(page.get_by_text("kata sandi salah")).to_be_visible()
    expect(page.get_by_label("Kata sandi")).to_be_focused()
    page.keyboard.type(world.PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Tas rajut").click()
    price = page.get_by_label("Harga baru")  # far down on a phone
    price.fill("-5")
    price.press("Enter")
    expect(page.get_by_text("Harga tidak boleh negatif.")).to_be_in_viewport()
    expect(price).to_be_focused()
    expect(price).to_have_value("-5")

"""Screens speak Indonesian, and English by choice: no sentence is left behind."""

import re
from typing import Any

from tests.words import catalogue, sentences

PLACE = re.compile(r"%\(\w+\)[sd]")


def test_every_sentence_has_its_english() -> None:
    english = {(m.id, m.context): m.string for m in catalogue() if m.id}
    missing = [m.id for m in sentences() if m.id and not english.get((m.id, m.context))]
    assert not missing, missing


def test_no_english_is_left_over() -> None:
    written = {(m.id, m.context) for m in sentences() if m.id}
    assert [m.id for m in catalogue() if m.id and (m.id, m.context) not in written] == []


def test_both_languages_fill_the_same_places() -> None:
    for message in catalogue():
        if message.id and isinstance(message.id, str):
            assert set(PLACE.findall(message.id)) == set(PLACE.findall(str(message.string))), message.id


def test_a_page_fills_every_percent_sign_it_writes() -> None:
    written = [m.id for m in sentences() if m.id and any(file.startswith("templates/") for file, _ in m.locations)]
    assert [text for text in written if "%" in PLACE.sub("", str(text)).replace("%%", "")] == []


def test_a_person_may_choose_english(as_stranger: Any) -> None:
    assert "Kata sandi" in as_stranger.get("/masuk").text
    as_stranger.post("/bahasa/en")
    assert "Password" in as_stranger.get("/masuk").text

"""Anyone may ask whether a receipt is genuine; only its own code says yes, and it tells nothing about people."""

from pathlib import Path
from typing import Any

import pytest

from pos import clock, web
from pos import db as database
from pos.db import atomic
from pos.receipts import services
from pos.units.models import RegisterKey
from tests import world
from tests.grounds import app_on
from tests.receipts.sales import refund, sold


def test_a_genuine_receipt_shows_what_was_sold_and_nobody(app: Any, as_stranger: Any) -> None:
    receipt, code = sold(app, lines=[("Tas rajut", 2000), ("Kue kering kenari", 1000)], buyer="petugas")
    answer = as_stranger.get(f"/nota/{receipt}-{code}")
    assert answer.status_code == 200
    for shown in (
        "Nota ini asli",
        receipt,
        "Galeri Lapas Ambon",
        "Lapas Kelas IIA Ambon",
        "Rp205.000",
        "Tas rajut",
        "Buatan Lapas Perempuan Kelas III Ambon",
    ):
        assert shown in answer.text, shown
    for private in ("Kasir", "petugas", "Petugas", "Premi", "PNBP", "50.000"):
        assert private not in answer.text, private


@pytest.mark.parametrize(
    "typed",
    [
        lambda receipt, code: f"{receipt}-{code}".lower(),
        lambda receipt, code: f"{receipt} {code[:4]} {code[4:8]} {code[8:12]} {code[12:]}",
        lambda receipt, code: f" {receipt} - {'-'.join((code[:4], code[4:8], code[8:12], code[12:]))} ",
        lambda receipt, code: f"{receipt}{code}",
        lambda receipt, code: (
            f"{receipt} / " + code[0] + code[1:].replace("O", "0").replace("I", "1").replace("B", "8")
        ),
    ],
)
def test_a_code_is_known_however_it_was_typed(app: Any, as_stranger: Any, typed: Any) -> None:
    receipt, code = sold(app)
    answer = as_stranger.get("/nota", query_string={"kode": typed(receipt, code)}, follow_redirects=True)
    assert answer.status_code == 200 and "Nota ini asli" in answer.text


def test_the_address_in_the_qr_is_in_upper_case(app: Any, as_stranger: Any) -> None:
    receipt, code = sold(app)
    assert as_stranger.get(f"/NOTA/{receipt}-{code}").status_code == 200


def test_every_altered_character_is_refused(app: Any, as_stranger: Any) -> None:
    receipt, code = sold(app)
    sold(app)
    for place in range(16):
        altered = code[:place] + ("C" if code[place] != "C" else "D") + code[place + 1 :]
        answer = as_stranger.get(f"/nota/{receipt}-{altered}")
        assert answer.status_code == 404 and "tidak asli" in answer.text, place
    assert as_stranger.get(f"/nota/AMB-1-000002-{code}").status_code == 404
    assert as_stranger.get(f"/nota/KDI-1-000001-{code}").status_code == 404


@pytest.mark.parametrize("nonsense", ["x", "AMB-1-000001", "-" * 50, "<script>alert(1)</script>", "a" * 3000, "%20"])
def test_nonsense_is_not_genuine_and_is_answered_kindly(as_stranger: Any, nonsense: str) -> None:
    answer = as_stranger.get("/nota", query_string={"kode": nonsense}, follow_redirects=True)
    assert answer.status_code in (200, 404, 422) and "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "typed", ["AMB-1-000946", "AU5Z H74G WVZQ GCHE", "AMB-1-000946 AU5Z", "AMB-1-000946 AU5Z H74G"]
)
def test_what_is_not_typed_to_the_end_is_no_forgery(as_stranger: Any, typed: str) -> None:
    for answer, status in (
        (as_stranger.get("/nota", query_string={"kode": typed}), 422),
        (as_stranger.get(f"/nota/{typed}"), 404),
    ):
        assert answer.status_code == status and "tidak asli" not in answer.text
        assert "Belum lengkap: ketik nomor dan kode" in answer.text and f'value="{typed}"' in answer.text


def test_a_refunded_receipt_says_so(app: Any, as_stranger: Any) -> None:
    receipt, code = sold(app, lines=[("Tas rajut", 2000)])
    back, back_code = refund(app, receipt)
    assert "Sudah diretur: Rp80.000" in as_stranger.get(f"/nota/{receipt}-{code}").text
    assert f"atas nota {receipt}" in as_stranger.get(f"/nota/{back}-{back_code}").text


def test_guessing_is_slowed_down(database_url: str, tmp_path: Path) -> None:
    app = app_on(database_url, tmp_path, RATELIMIT_ENABLED=True)
    try:
        stranger = app.test_client()
        answers = [stranger.get("/nota/AMB-1-000001-AAAAAAAAAAAAAAAA").status_code for _ in range(31)]
        assert answers == [404] * 30 + [429]
    finally:
        web.limiter.reset()
        with app.app_context():
            database.close()


def test_the_form_takes_a_code_by_hand(as_stranger: Any) -> None:
    answer = as_stranger.get("/nota")
    assert answer.status_code == 200 and 'name="kode"' in answer.text


def test_a_code_of_an_older_key_goes_on_verifying(app: Any, ctx: Any) -> None:
    first = world.sell()
    with atomic() as session:
        register_id = services.genuine(f"{first.receipt}-{first.code}").register_id
        session.add(RegisterKey(register_id=register_id, letter="B", secret="ab" * 32, made_at=clock.now()))
    second = world.sell()
    assert (first.code[0], second.code[0]) == ("A", "B")
    assert services.genuine(f"{first.receipt}-{first.code}") and services.genuine(f"{second.receipt}-{second.code}")

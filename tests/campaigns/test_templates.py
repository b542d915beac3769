"""A campaign begins from a template, counts what it says, and has targets for Kanwil and UPT."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.campaigns import planning, templates
from pos.campaigns.models import Campaign
from pos.campaigns.planning import Draft, Target, Window
from pos.db import db
from tests import world
from tests.campaigns.test_edit import TYPED


def last_year(**over: Any) -> Campaign:
    days = {"from_day": date(2025, 4, 1), "until_day": date(2025, 4, 26)}
    draft = Draft("ODOP 2025", "odop-2025", **days, target=900, wbp_only=True, public=False, series="odop", **over)
    return planning.save(world.person("admin"), draft)


@pytest.mark.parametrize(
    ("year", "first", "last", "due"),
    [
        (2021, "2021-04-01", "2021-04-26", "2021-04-25T03:00"),  # 10.00 WIB
        (2022, "2022-03-22", "2022-04-24", "2022-04-23T03:00"),
        (2023, "2023-03-23", "2023-05-02", "2023-05-01T03:00"),
        (2027, "2027-04-01", "2027-04-26", "2027-04-25T03:00"),
    ],
)
def test_odop_has_its_days_of_each_year(ctx: Any, year: int, first: str, last: str, due: str) -> None:
    draft = templates.draft("odop", year)
    assert draft and draft.report_until and (str(draft.from_day), str(draft.until_day)) == (first, last)
    assert draft.report_until.astimezone(UTC).isoformat()[:16] == due
    assert (draft.slug, draft.series, draft.targets, draft.windows) == (f"odop-{year}", "odop", (), ())


def test_targets_and_other_dates_come_along_by_choice_as_far_from_the_ends_as_they_were(ctx: Any) -> None:
    windows = (Window("Kanwil Maluku", date(2025, 4, 6), date(2025, 4, 24)),)
    last_year(windows=windows, targets=(Target("Kanwil Maluku", 120_000_000),))
    draft = templates.draft("odop", 2027, targets=True, windows=True)
    assert draft and draft.target == 900 and draft.targets == (Target("Kanwil Maluku", 120_000_000),)
    assert draft.windows == (Window("Kanwil Maluku", date(2027, 4, 6), date(2027, 4, 24)),)
    again = templates.draft("seperti-odop-2025", 2026)
    assert again and (again.name, again.slug, str(again.from_day)) == ("ODOP 2026", "odop-2026", "2026-04-01")
    assert templates.draft("seperti-tidak-ada", 2026) is templates.draft("odop", 12) is None


def test_a_template_fills_the_form_and_what_is_sent_is_kept(app: Flask, as_admin: Any) -> None:
    with app.app_context():
        last_year(targets=(Target("Kanwil Maluku", 120_000_000),))
    page = as_admin.get("/kampanye/baru?templat=odop&tahun=2027&target=1").text
    assert 'value="2027-04-01"' in page and 'value="2027-04-25T10:00"' in page
    assert "Kanwil Maluku; 120.000.000" in page and 'value="odop"' in page
    assert "Templat atau tahun ini tidak ada." in as_admin.get("/kampanye/baru?templat=odop&tahun=9").text
    sent = TYPED | {
        "report_until": "2027-04-25T10:00",
        "report_zone": "WIT",
        "series": "odop",
        "categories": ["kuliner"],
        "channels": ["bazar", "galeri"],
        "targets": "Kanwil Maluku\t120.000.000\n\nLapas Kelas IIA Ambon; Rp 45000000",
    }
    assert as_admin.post("/kampanye/baru", data=sent).status_code == 302
    with app.app_context():
        kept = db.session.scalars(sa.select(Campaign).where(Campaign.slug.startswith("one-day"))).one()
        assert kept.report_until == datetime(2027, 4, 25, 1, tzinfo=UTC) and kept.report_zone == "WIT"
        assert (kept.categories, kept.channels, kept.series) == (["kuliner"], ["bazar", "galeri"], "odop")
        amounts = {target.unit.name: target.amount for target in kept.targets}
        assert amounts == {"Kanwil Maluku": 120_000_000, "Lapas Kelas IIA Ambon": 45_000_000}
        address = f"/kampanye/{kept.slug}/ubah"
    again = as_admin.get(address).text
    assert 'value="2027-04-25T10:00"' in again and "Lapas Kelas IIA Ambon; 45.000.000" in again


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"targets": "Kanwil Atlantis; 5"}, "Baris 1: tidak ada Kanwil atau UPT bernama Kanwil Atlantis."),
        ({"targets": "Kanwil Maluku; 5\nKanwil Maluku; 6"}, "Baris 2: Kanwil Maluku sudah punya target di atas."),
        ({"targets": "Kanwil Maluku; banyak"}, "Baris 1: target Kanwil Maluku tidak masuk akal."),
        ({"report_until": "besok"}, "Tulis tanggal dan jam yang benar."),
        ({"report_until": "2027-03-01T10:00"}, "Batas lapor lebih awal dari hari pertama."),
        ({"series": "Odop Raya"}, "misalnya odop."),
        ({"channels": ["toko"]}, "Pilih kanal dari daftar."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    app: Flask, as_admin: Any, wrong: dict[str, Any], sentence: str
) -> None:
    answer = as_admin.post("/kampanye/baru", data=TYPED | wrong)
    assert answer.status_code == 422 and sentence in answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Campaign)) == 2

"""The evening's recap: the same figures as the reports, sent on, and written once a day by itself."""

import io
import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from pos import db as database
from pos import money
from pos.db import atomic, db
from pos.reports import evening, recaps, sums
from pos.reports.recap_models import RecapRun, RecapSchedule
from pos.reports.sums import View
from pos.units import services as units
from tests import world
from tests.register.after import give_back

DAY = date(2026, 4, 12)


def a_day() -> None:
    world.sell(lines=[("Tas rajut", 2000)], at="2026-04-11T10:00:00+09:00")
    sold = world.sell(lines=[("Tas rajut", 3000), ("Air mineral PIPAS", 1000)], at="2026-04-12T10:00:00+09:00")
    give_back(sold.receipt, {"Tas rajut": 1000}, sold_at="2026-04-12T11:00:00+09:00")
    world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)], at="2026-04-12T10:00:00+07:00")


def test_the_message_says_what_the_report_says(app: Flask, as_: Callable[[str], FlaskClient]) -> None:
    with app.app_context():
        a_day()
        whole = sums.total(View(DAY, DAY, upt=units.unit_named("Lapas Kelas IIA Ambon").id), True)
    page = as_("kasir").get("/laporan/rekap-sore?hari=2026-04-12").text
    text = page.partition('class="recap-message" tabindex="0">')[2].partition("</pre>")[0]
    assert whole.omzet == 160_000 and f"Omzet: *{money.rupiah(whole.omzet)}*" in text
    for said in (
        "Minggu, 12 April 2026",
        "Di luar WBP: Rp5.000",
        "Retur: Rp80.000",
        "1. Tas rajut: 2 buah, Rp160.000",
        "Tunai: Rp165.000",
        "hari 12 dari 26",
        "Sampai hari ini: *Rp320.000*",
    ):
        assert said in text, said
    assert "Miniatur" not in text and "(+0%" not in text


def test_names_cannot_change_how_a_message_looks(ctx: Flask) -> None:
    assert evening.plain("Tas *rajut*_\n~baru~`") == "Tas rajutbaru"


def test_the_picture_is_one_and_the_sheet_has_its_letterhead(app: Flask, as_official: FlaskClient) -> None:
    with app.app_context():
        a_day()
    answer = as_official.get("/laporan/rekap-sore/gambar.png?hari=2026-04-12")
    picture = Image.open(io.BytesIO(answer.data))
    assert (picture.format, picture.size) == ("PNG", (1080, 1350))
    nothing = as_official.get("/laporan/rekap-sore/gambar.png?hari=2026-01-01").data
    assert nothing != answer.data and Image.open(io.BytesIO(nothing)).size == (1080, 1350)
    sheet = pypdf.PdfReader(io.BytesIO(as_official.get("/laporan/rekap-sore/rekap.pdf?hari=2026-04-12").data))
    assert "KANTOR WILAYAH MALUKU" in sheet.pages[0].extract_text()


# -- by itself -----------------------------------------------------------------------------------------


def schedule(unit: str, at: str, since: datetime) -> None:
    hour, minute = map(int, at.split("."))
    with atomic() as session:
        row = {"at_minute": hour * 60 + minute, "active": True, "changed_at": since}
        session.add(RecapSchedule(unit_id=units.unit_named(unit).id, **row))


def test_a_recap_is_due_from_its_minute_on_where_the_unit_is_and_written_once(ctx: Flask, tmp_path: Path) -> None:
    a_day()
    schedule("Lapas Kelas IIA Ambon", "17.00", datetime(2026, 4, 12, 0, 0, tzinfo=UTC))
    five_there = datetime(2026, 4, 12, 8, 0, tzinfo=UTC)  # 17.00 WIT
    assert recaps.run(tmp_path, five_there - timedelta(minutes=1)) == []
    files = recaps.run(tmp_path, five_there)
    assert sorted(path.suffix for path in files) == [".pdf", ".png", ".txt"]
    assert "Rp160.000" in next(path for path in files if path.suffix == ".txt").read_text()
    assert recaps.run(tmp_path, five_there + timedelta(hours=3)) == []
    # a server that was off on the next evening makes up for it, and never for what was before the schedule
    later = recaps.run(tmp_path, datetime(2026, 4, 13, 20, 0, tzinfo=UTC))
    assert {path.name[:16] for path in later} == {"rekap-2026-04-13"}
    assert {run.day for run in recaps.latest_runs(units.unit_named("Lapas Kelas IIA Ambon").id)} == {
        DAY,
        DAY + timedelta(1),
    }


def test_many_at_once_write_it_once(app: Flask, tmp_path: Path) -> None:
    now = datetime(2026, 4, 12, 9, 0, tzinfo=UTC)
    with app.app_context():
        schedule("Ditjenpas", "10.00", datetime(2026, 4, 12, 0, 0, tzinfo=UTC))
        unit_id = units.unit_named("Ditjenpas").id
        database.db.session.remove()
    won, start = [], threading.Barrier(6)

    def look() -> None:
        with app.app_context():
            start.wait()
            won.append(recaps.claim(unit_id, DAY, now))

    threads = [threading.Thread(target=look) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 5 + [True]
    with app.app_context():  # whoever had it has gone without finishing
        assert recaps.due(now + timedelta(minutes=5)) == []
        assert [day for _unit, day in recaps.due(now + timedelta(minutes=11))] == [DAY]
        assert recaps.claim(unit_id, DAY, now + timedelta(minutes=11))
        assert not recaps.claim(unit_id, DAY, now + timedelta(minutes=12))


def test_what_could_not_be_written_is_tried_again(ctx: Flask, tmp_path: Path) -> None:
    schedule("Ditjenpas", "10.00", datetime(2026, 4, 12, 0, 0, tzinfo=UTC))
    now, blocked = datetime(2026, 4, 12, 9, 0, tzinfo=UTC), tmp_path / "rekap"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(OSError):
        recaps.run(blocked, now)
    assert db.session.query(RecapRun).count() == 0
    blocked.unlink()
    assert len(recaps.run(blocked, now)) == 3


def test_the_staff_sets_when_and_nobody_where(app: Flask, as_staff: FlaskClient) -> None:
    answer = as_staff.post("/laporan/rekap-sore/jadwal", data={"at": "16:30", "active": "1", "folder": "/etc"})
    assert answer.status_code == 302
    with app.app_context():
        row = recaps.schedule_of(units.unit_named("Lapas Kelas IIA Ambon").id)
        assert row is not None and (row.at_minute, row.active) == (990, True)
    assert 'value="16:30"' in as_staff.get("/laporan/rekap-sore/jadwal").text


def test_a_day_that_is_none_is_said_beside_its_field(as_official: FlaskClient) -> None:
    wrong = as_official.get("/laporan/rekap-sore?hari=2026-13-01")
    assert wrong.status_code == 422 and 'id="hari-error"' in wrong.text and 'value="2026-13-01"' in wrong.text


# -- by command ----------------------------------------------------------------------------------------


def test_commands_write_a_recap_and_a_bundle(database_url: str, tmp_path: Path, app: Flask, pos: Any) -> None:
    with app.app_context():
        a_day()
        database.db.session.remove()
    done = pos("recap", "--unit", "Lapas Kelas IIA Ambon", "--day", "2026-04-12", "-o", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".pdf", ".png", ".txt"]
    file = tmp_path / "berkas.zip"
    done = pos("audit-bundle", "--from", "2026-04-01", "--until", "2026-04-30", "-o", str(file))
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(file) as bundle:
        assert bundle.read("01-nota.csv").decode("utf-8-sig").count("\r\n") == 1 + 4

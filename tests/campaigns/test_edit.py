"""An admin of the whole country makes and changes campaigns."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos.campaigns import planning
from pos.campaigns.models import Campaign
from pos.campaigns.services import all_campaigns
from pos.db import db
from pos.units.models import AuditEntry
from tests import world

TYPED = {
    "name": "One Day One Prison's Product 2027",
    "slug": "",
    "from_day": "2027-04-01",
    "until_day": "2027-04-26",
    "target": "Rp 100.000.000",
    "wbp_only": "y",
}
WINDOW = {
    "windows-0-unit": "Kanwil Maluku",
    "windows-0-from_day": "2027-03-22",
    "windows-0-until_day": "2027-04-24",
}


def saved(app: Flask, slug: str = "one-day-one-prisons-product-2027") -> Campaign:
    with app.app_context():
        campaign = db.session.scalars(sa.select(Campaign).where(Campaign.slug == slug)).one()
        _ = [window.unit for window in campaign.windows]
        return campaign


def test_a_campaign_is_made_as_people_write_it(app: Flask, as_admin: Any) -> None:
    answer = as_admin.post("/kampanye/baru", data=TYPED | WINDOW)
    assert answer.location == "/kampanye/one-day-one-prisons-product-2027"
    campaign = saved(app)
    assert (campaign.from_day, campaign.until_day) == (date(2027, 4, 1), date(2027, 4, 26))
    assert (campaign.target, campaign.wbp_only, campaign.public) == (100_000_000, True, False)
    assert [(w.unit.name, w.from_day) for w in campaign.windows] == [("Kanwil Maluku", date(2027, 3, 22))]
    assert "disimpan" in as_admin.get(answer.location).text


def test_a_change_keeps_the_address_and_is_logged(app: Flask, as_admin: Any) -> None:
    page = as_admin.get("/kampanye/odop-2026/ubah").text
    assert 'value="100.000.000"' in page and 'value="2026-04-26"' in page and 'name="slug"' not in page
    changed = TYPED | WINDOW | {"name": "ODOP 2026", "slug": "lain", "target": ""}
    assert as_admin.post("/kampanye/odop-2026/ubah", data=changed).location == "/kampanye/odop-2026"
    campaign = saved(app, "odop-2026")
    assert (campaign.name, campaign.target, len(campaign.windows)) == ("ODOP 2026", 0, 1)
    with app.app_context():
        entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.act == "campaign.edit")).one()
        assert entry.subject == "odop-2026" and entry.detail["changed"]["target"] == [100_000_000, 0]
    assert as_admin.get("/kampanye/odop-2026/ubah").text.count('value="Kanwil Maluku"') == 2  # its row, and the list
    as_admin.post("/kampanye/odop-2026/ubah", data=changed | WINDOW | {"windows-0-from_day": "2027-03-23"})
    assert saved(app, "odop-2026").windows[0].from_day == date(2027, 3, 23)
    as_admin.post("/kampanye/odop-2026/ubah", data=TYPED)
    assert saved(app, "odop-2026").windows == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "Isi nama kampanye."),
        ({"slug": "Odop 2027"}, "Huruf kecil, angka dan garis"),
        ({"slug": "baru"}, "Huruf kecil, angka dan garis"),
        ({"slug": "odop-2026"}, "Alamat ini sudah dipakai kampanye lain."),
        ({"from_day": ""}, "Isi tanggal."),
        ({"until_day": "31/12/2027"}, "Tulis tanggal yang benar."),
        ({"until_day": "2027-03-31"}, "Hari terakhir lebih awal dari hari pertama."),
        ({"target": "seratus juta"}, "Tulis rupiah bulat"),
        (WINDOW | {"windows-0-unit": "Kanwil Atlantis"}, "Pilih Kanwil atau UPT dari daftar."),
        (WINDOW | {"windows-0-unit": "Ditjenpas"}, "Pilih Kanwil atau UPT dari daftar."),
        (WINDOW | {"windows-0-until_day": ""}, "Isi tanggal."),
        (WINDOW | {k.replace("0", "1"): v for k, v in WINDOW.items()}, "Unit ini sudah punya jadwal di atas."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    app: Flask, as_admin: Any, wrong: dict[str, str], sentence: str
) -> None:
    answer = as_admin.post("/kampanye/baru", data=TYPED | wrong)
    assert answer.status_code == 422 and 'class="error"' in answer.text and sentence in answer.text
    for name, value in wrong.items():
        assert name == "until_day" or f'value="{value}"' in answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Campaign)) == 2


def test_what_cannot_be_read_and_what_cannot_be_kept_are_said_together(as_admin: Any) -> None:
    wrong = {"name": "", "target": "seratus", "until_day": "besok", "targets": "Kanwil Mars; 5"}
    page = as_admin.post("/kampanye/baru", data=TYPED | wrong).text
    for sentence in ("Isi nama kampanye.", "Tulis rupiah bulat", "Tulis tanggal yang benar.", "Baris 1: tidak ada"):
        assert sentence in page
    assert "Isi tanggal." not in page


def test_rows_of_other_windows_come_and_go_without_saving(app: Flask, as_admin: Any) -> None:
    more = as_admin.post("/kampanye/baru", data=TYPED | WINDOW | {"add": "1"})
    assert more.status_code == 200 and 'name="windows-1-unit"' in more.text and 'class="error"' not in more.text
    second = {k.replace("0-", "1-", 1): v for k, v in WINDOW.items()} | {"windows-1-unit": "Lapas Kelas IIA Ambon"}
    fewer = as_admin.post("/kampanye/baru", data=TYPED | WINDOW | second | {"remove": "0"})
    assert fewer.text.count('value="Lapas Kelas IIA Ambon"') == 2 and fewer.text.count('value="Kanwil Maluku"') == 1
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Campaign)) == 2


@pytest.mark.parametrize("username", ["kasir", "petugas", "pejabat-pusat", "admin-ptk"])
def test_only_an_admin_of_the_whole_country_edits(as_: Callable[[str], Any], username: str) -> None:
    for path in ("/kampanye/baru", "/kampanye/odop-2026/ubah"):
        assert as_(username).get(path).status_code == 403
        assert as_(username).post(path, data=TYPED).status_code == 403
    assert "/kampanye/baru" not in as_(username).get("/kampanye").text


def test_campaigns_come_running_first_then_coming_then_past(ctx: Any) -> None:
    draft = planning.Draft("Lusa", "lusa", date(2026, 6, 1), date(2026, 6, 2), 0, True, False)
    planning.save(world.person("admin"), draft)
    slugs = [campaign.slug for campaign in all_campaigns(date(2026, 5, 1))]
    assert slugs == ["sepanjang-tahun", "lusa", "odop-2026"]


def test_an_address_is_made_from_the_name() -> None:
    assert planning.slug_of("  Hari Bhakti \N{EN DASH} Pemasyarakatan ke-62! ") == "hari-bhakti-pemasyarakatan-ke-62"

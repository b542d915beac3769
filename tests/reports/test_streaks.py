"""Who sells every day, who is silent, and how a campaign compares with the year before."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask

from pos.campaigns.models import Campaign, CampaignWindow
from pos.db import atomic, db
from pos.reports import compare, streaks
from pos.reports.board import Cut
from pos.units import services as units
from tests import world
from tests.reports.test_board import give_back

AMBON = "Lapas Kelas IIA Ambon"


def campaign(slug: str = "odop-2026") -> Campaign:
    return db.session.scalars(sa.select(Campaign).where(Campaign.slug == slug)).one()


def strip(today: date) -> streaks.Strip:
    found = streaks.strips(campaign(), Cut(), today)
    return next(one for one in found if one.name == AMBON)


def sell_on(*days: int) -> Any:
    for day in days:
        sold = world.sell(lines=[("Tas rajut", 1000)], at=f"2026-04-{day:02d}T10:00:00+09:00")
    return sold


@pytest.mark.parametrize(
    ("sold", "today", "streak", "longest", "days_sold"),
    [
        ((1, 2, 3), 3, 3, 3, 3),
        ((1, 2, 3), 4, 3, 3, 3),  # the day is not over yet
        ((1, 2, 3), 5, 0, 3, 3),
        ((1, 2, 4), 4, 1, 2, 3),
        ((25, 26), 30, 2, 2, 2),  # the campaign is over: its last day counts
        ((25,), 30, 0, 1, 1),
    ],
)
def test_a_streak_is_days_in_a_row_up_to_now(
    ctx: Any, sold: tuple[int, ...], today: int, streak: int, longest: int, days_sold: int
) -> None:
    sell_on(*sold)
    found = strip(date(2026, 4, today))
    assert (found.streak, found.longest, found.days_sold) == (streak, longest, days_sold)


def test_a_day_whose_sale_came_back_does_not_count_and_a_unit_has_its_own_days(ctx: Any) -> None:
    give_back("kasir", sell_on(1, 2), "2026-04-02T11:00:00+09:00")
    found = strip(date(2026, 4, 2))
    assert (found.longest, found.days_sold, found.missed, found.reported) == (1, 1, [date(2026, 4, 2)], True)
    with atomic():
        window = {"from_day": date(2026, 4, 2), "until_day": date(2026, 4, 5)}
        kept = campaign()
        kept.windows.append(CampaignWindow(unit_id=units.unit_named(AMBON).id, **window))
    found = strip(date(2026, 4, 30))
    assert (len(found.days), found.days_sold, found.last) == (4, 0, date(2026, 4, 5))


def test_the_lists_filter_sort_and_leave_with_what_they_show(app: Flask, as_: Any) -> None:
    with app.app_context():
        sell_on(1, 2)
        world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)], at="2026-04-02T10:00:00+07:00")
    nation = as_("pejabat-pusat")
    heat = nation.get("/kampanye/odop-2026/harian").text
    assert heat.index(AMBON) < heat.index("Lapas Kelas IIA Pontianak") < heat.index("Lapas Kelas IIA Kendari")
    silent = nation.get("/kampanye/odop-2026/melapor?yang=belum&cari=maluku").text
    assert "Lapas Perempuan Kelas III Ambon" in silent and f">{AMBON}<" not in silent and "Kendari" not in silent
    assert "Tidak ada UPT yang cocok" in nation.get("/kampanye/odop-2026/melapor?cari=sabang").text
    book = nation.get("/kampanye/odop-2026/harian.xlsx?urut=terpanjang&yang=sudah")
    rows = list(openpyxl.load_workbook(io.BytesIO(book.data)).worksheets[0].values)
    assert [row[:2] + row[3:6] for row in rows[1:]] == [
        (AMBON, "Kanwil Maluku", 2, 2, 26),
        ("Lapas Kelas IIA Pontianak", "Kanwil Kalimantan Barat", 1, 1, 26),
    ]
    for kind in ("csv", "pdf"):
        assert nation.get(f"/kampanye/odop-2026/melapor.{kind}").status_code == 200
    within = as_("pejabat").get("/kampanye/odop-2026/melapor.csv").data.decode("utf-8-sig")
    assert AMBON in within and "Pontianak" not in within


def test_years_stand_side_by_side_on_the_same_campaign_day(app: Flask, as_official: Any, as_stranger: Any) -> None:
    with app.app_context():
        sell_on(1, 3)
        world.sell(lines=[("Tas rajut", 4000)], at="2025-03-23T10:00:00+09:00")
        world.sell(lines=[("Tas rajut", 1000)], at="2025-03-24T10:00:00+09:00")
        with atomic() as session:
            kept = campaign()
            kept.series, kept.public = "odop", True
            days = {"from_day": date(2025, 3, 23), "until_day": date(2025, 4, 26)}
            session.add(Campaign(slug="odop-2025", name="ODOP 2025", series="odop", **days))
        found = compare.years(campaign(), Cut(), world.person("admin"), date(2026, 4, 3))
        assert [year.by_day[:3] for year in found] == [[80_000, 0, 80_000], [320_000, 80_000, 0]]
        gain = compare.gain(found)
        assert gain and (gain.day, gain.now, gain.before, gain.percent) == (3, 160_000, 400_000, -60)
        late = date(2026, 4, 3) + timedelta(days=90)
        over = compare.gain(compare.years(campaign(), Cut(), None, late))
        assert over is None  # a stranger sees no campaign that is not public
    text = as_official.get("/kampanye/odop-2026/banding.csv").data.decode("utf-8-sig").splitlines()
    assert text[1:4] == ["1;80000;80000;320000;320000", "2;0;80000;80000;400000", "3;80000;160000;0;400000"]
    page = as_official.get("/kampanye/odop-2026/banding").text
    assert "odop-2025?hari=2025-03-24" in page.replace("&amp;", "&").replace("upt=", "") or "hari=2025-03-24" in page
    assert "Dibanding tahun lalu" in as_official.get("/kampanye/odop-2026").text
    assert "Dibanding tahun lalu" not in as_stranger.get("/kampanye/odop-2026").text

"""The wall: cheap to ask, never wrong about its age, and walked down from to the line of a nota."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from pos import clock, money
from pos.campaigns.models import Campaign, CampaignTarget
from pos.db import atomic, db
from pos.fast import Query
from pos.register.services import record
from pos.reports import fresh, held, running, wall
from pos.reports.board import Cut
from pos.reports.fresh import Fresh, Version
from pos.units import services as units
from tests import world
from tests.treasury import paid_in
from tests.verification import filing

STATIC = Path(__file__).resolve().parents[2] / "static" / "js"
WALL = "/api/campaigns/sepanjang-tahun/wall"  # it runs today, so that what is sold now is on it
AMBON, MALUKU = "Lapas Kelas IIA Ambon", "Kanwil Maluku"


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "STEP", 0)
    monkeypatch.setattr(held, "HELD", 0)


# -- what many look at is made once --------------------------------------------------------------------


class Answers:
    """An answer that counts how often it was made, at a time that the test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds, self.made, self.fresh = 1000.0, 0, Fresh()
        self.version = Version(self.at)
        monkeypatch.setattr(fresh.time, "monotonic", lambda: self.seconds)
        monkeypatch.setattr(clock, "now", lambda: self.at)

    @property
    def at(self) -> datetime:
        return datetime(2026, 4, 1, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def ask_after(self, seconds: float) -> bytes:
        def make() -> bytes:
            self.made += 1
            return str(self.made).encode()

        self.seconds += seconds
        return self.fresh.answer("key", lambda: self.version, make).body


def test_an_answer_is_kept_while_nothing_is_sold_and_made_anew_when_something_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = Answers(monkeypatch)
    answers.version = Version(answers.at - timedelta(minutes=1))
    assert [answers.ask_after(seconds) for seconds in (0, 0.1, 2, 10)] == [b"1"] * 4
    answers.version = Version(answers.at)
    assert answers.ask_after(0.1) == b"2"


def test_a_sale_that_ended_after_a_later_one_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Answers(monkeypatch)
    # The first two are made so soon after the last change that another may still have come before it.
    assert [answers.ask_after(seconds) for seconds in (0, 2, 4, 4)] == [b"1", b"2", b"3", b"3"]
    assert answers.ask_after(fresh.OLD) == b"4"  # and what was changed by hand shows too


def test_an_unchanged_wall_costs_one_small_read(app: Flask, as_official: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        world.sell(at="2026-04-10T10:00:00+09:00")
    monkeypatch.setattr(fresh, "SETTLED", timedelta(0))
    first = as_official.get(WALL)
    monkeypatch.setattr(fresh, "STEP", 0)
    monkeypatch.setattr(held, "HELD", 60)
    as_official.get(WALL)
    read: list[str] = []
    straight = Query.first
    monkeypatch.setattr(
        Query, "first", lambda *args, **values: (read.append(str(args[0].statement)), straight(*args, **values))[1]
    )
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: read.append(args[2]))
    again = as_official.get(WALL, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    who, figures = (text for text in read if text != "BEGIN")
    assert "FROM person" in who and "max(sale.recorded_at)" in figures
    with app.app_context():
        world.sell()
    changed = as_official.get(WALL, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200 and changed.json["omzet"] == 320_000


def test_the_wall_of_a_upt_is_not_made_anew_by_what_others_sell(app: Flask, as_: Callable[[str], Any]) -> None:
    with app.app_context():
        world.sell(at="2026-04-10T10:00:00+09:00")
        campaign = db.session.scalars(sa.select(Campaign).where(Campaign.slug == "sepanjang-tahun")).one()
        today, ambon = clock.today("WIT"), Cut(upt=units.unit_named(AMBON).id)
        before = wall.version(campaign, ambon, today)
        world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)])
        assert wall.version(campaign, ambon, today) == before != wall.version(campaign, Cut(), today)
        world.sell()
        assert wall.version(campaign, ambon, today) != before


def test_a_sale_shows_at_once_though_the_clock_was_ahead_before(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        campaign = db.session.scalars(sa.select(Campaign).where(Campaign.slug == "sepanjang-tahun")).one()
        today, straight = clock.today("WIT"), clock.now
        monkeypatch.setattr(clock, "now", lambda: straight() + timedelta(days=400))
        world.sell(at="2026-04-10T10:00:00+09:00")
        monkeypatch.setattr(clock, "now", straight)
        before, first = wall.version(campaign, Cut(), today), wall.wall(campaign, Cut(), "omzet", today)
        for omzet in (320_000, 480_000):
            world.sell(at="2026-04-11T10:00:00+09:00")
            assert wall.version(campaign, Cut(), today) != before
            assert wall.wall(campaign, Cut(), "omzet", today)["omzet"] == omzet == first["omzet"] * omzet // 160_000


def test_a_day_is_played_again_from_what_is_kept_until_something_of_it_arrives(
    app: Flask, as_official: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh, "STEP", 0)
    day = "/api/campaigns/odop-2026/replay?day=2026-04-10"
    with app.app_context():
        world.sell(at="2026-04-10T10:00:00+09:00")
    first = as_official.get(day)
    with app.app_context():
        world.sell(at="2026-04-11T10:00:00+09:00")  # another day
    assert as_official.get(day, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert app.extensions["replays"].made == 1
    with app.app_context():
        world.sell(lines=[("Tas rajut", 1000), ("Keripik pisang", 500)], at="2026-04-10T11:00:00+09:00")
    late = as_official.get(day, headers={"If-None-Match": first.headers["ETag"]})
    assert late.status_code == 200
    assert [(nota["product"], nota["more"]) for nota in late.json["notas"]] == [("Tas rajut", 0), ("Tas rajut", 1)]


# -- what stands on it ---------------------------------------------------------------------------------


def test_the_wall_names_the_metric_the_silent_and_the_last_notas(app: Flask, as_: Callable[[str], Any]) -> None:
    with app.app_context():
        maluku, ambon = (units.unit_named(name).id for name in (MALUKU, AMBON))
        for day in (10, 11, 13):
            world.sell(at=f"2026-04-{day}T10:00:00+09:00")
        world.sell(
            "kasir-ptk", "PTK-1", [("Miniatur kapal", 1000), ("Tas rajut", 1000)], at="2026-04-10T10:00:00+07:00"
        )
        with atomic() as session:
            campaign = session.scalars(sa.select(Campaign).where(Campaign.slug == "odop-2026")).one()
            session.add(CampaignTarget(campaign_id=campaign.id, unit_id=maluku, amount=1_000_000))
    feed = "/api/campaigns/odop-2026/wall"
    found = as_("pejabat-pusat").get(f"{feed}?metric=target").json
    assert (found["omzet"], found["target"], found["sales"]) == (860_000, 100_000_000, 4)
    assert [(row["name"], row["value"]) for row in found["ranking"]["rows"]] == [(MALUKU, 48)]
    silent = ["Lapas Kelas IIA Kendari", "Lapas Perempuan Kelas III Ambon"]
    assert (found["reporting"]["sold"], found["reporting"]["of"]) == (2, 4)
    assert [unit["name"] for unit in found["reporting"]["silent"]] == silent
    nota = found["notas"][0]
    assert (nota["unit"], nota["product"], nota["more"], nota["amount"]) == (
        "Lapas Kelas IIA Pontianak", "Miniatur kapal", 1, 380_000,
    )  # fmt: skip
    streak = as_("pejabat").get(f"{feed}?metric=streak").json
    assert streak["target"] == 1_000_000 and [row["value"] for row in streak["ranking"]["rows"]] == [0]
    with app.app_context():
        campaign = db.session.scalars(sa.select(Campaign).where(Campaign.slug == "odop-2026")).one()
        on_that_day = wall.wall(campaign, Cut(), "streak", date(2026, 4, 12))
        assert {row["key"]: row["value"] for row in on_that_day["ranking"]["rows"]}[str(ambon)] == 2
    assert as_("pejabat-upt").get(feed).json["reporting"] is None


def test_each_word_of_the_wall_is_on_its_page(as_official: Any) -> None:
    page = as_official.get("/kampanye/odop-2026/papan").text
    words = json.loads(page.split('id="words" type="application/json">')[1].split("</script>")[0])
    scripts = "".join((STATIC / f"{name}.js").read_text() for name in ("wall", "wallboard", "replay"))
    assert set(re.findall(r"say\('(\w+)'", scripts)) <= set(words) and "provisional" in words


def test_a_declared_wall_shows_what_was_declared_and_what_came_later_beside_it(
    app: Flask, as_: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh, "STEP", 0)
    feed, page = "/api/campaigns/odop-2026/wall", "/kampanye/odop-2026/papan"
    with app.app_context():
        filing.sell_in_april()
        filing.verify(filing.submit())
    assert as_("pejabat-pusat").get(feed).json["declared"] is None
    assert 'data-figure="omzet">Rp535.000<' in as_("pejabat-pusat").get(page).text
    with app.app_context():
        filing.declare(partial=True)  # Pontianak's 300.000 was not verified
        world.sell(lines=[("Tas rajut", 1000)], at="2026-04-20T10:00:00+09:00")
        ambon = units.unit_named(AMBON)
        galleries = {gallery.name: gallery.id for gallery in units.galleries_for(world.person("pejabat-upt"))}
    for who, declared, omzet, since in (
        ("pejabat-pusat", 235_000, 615_000, "+ Rp380.000"),
        ("pejabat-upt", 235_000, 315_000, "+ Rp80.000"),
        ("petugas-ptk", 0, 300_000, "+ Rp300.000"),
    ):
        found, shown = as_(who).get(feed).json, as_(who).get(page).text
        assert (found["standing"]["key"], found["declared"], found["omzet"]) == ("declared", declared, omzet)
        assert "Omzet dideklarasikan</span>" in shown and f"{since} di luar deklarasi</p>" in shown
        assert f'data-figure="omzet">{money.rupiah(declared)}<' in shown
    one = f"?upt={ambon.id}&gallery={next(iter(galleries.values()))}"
    assert as_("pejabat-upt").get(feed + one).json["declared"] is None  # a gallery is declared nowhere


def test_a_public_wall_names_no_notas_and_opens_none(app: Flask, as_stranger: Any) -> None:
    with app.app_context():
        world.sell(at="2026-04-10T10:00:00+09:00")
        with atomic() as session:
            session.scalars(sa.select(Campaign).where(Campaign.slug == "odop-2026")).one().public = True
    assert as_stranger.get("/kampanye/odop-2026/setoran").location.startswith("/masuk")
    found = as_stranger.get("/api/campaigns/odop-2026/wall").json
    assert found["omzet"] == 160_000 and [nota["receipt"] for nota in found["notas"]] == [""]
    page = as_stranger.get("/kampanye/odop-2026/papan").text
    assert "Rp160.000" in page and "/penjualan" not in page and "AMB-1" not in page
    for path in ("harian", "melapor", "banding"):
        assert as_stranger.get(f"/kampanye/odop-2026/{path}").status_code == 200
    assert as_stranger.get("/kampanye/sepanjang-tahun/papan").location.startswith("/masuk")


def test_the_pnbp_that_was_deposited_opens_down_to_the_ntpn_that_prove_it(
    app: Flask, as_: Callable[[str], Any]
) -> None:
    with app.app_context():
        filing.sell_in_april()
        inside, before = (
            (deposit.id, deposit.ntpn)
            for deposit in (paid_in.deposit(9_000, day=date(2026, 4, 24)), paid_in.deposit(1_000, day=date(2026, 3, 2)))
        )
    for who in ("pejabat-pusat", "pejabat", "petugas"):
        wall_, page = (as_(who).get(f"/kampanye/odop-2026/{name}").text for name in ("papan", "setoran"))
        assert re.search(r'/kampanye/odop-2026/setoran"[^>]*data-figure="deposited">Rp9.000<', wall_)
        assert f'/setoran/{inside[0]}">{inside[1]}</a>' in page and before[1] not in page
        for kind in ("csv", "xlsx", "pdf"):
            assert as_(who).get(f"/kampanye/odop-2026/setoran.{kind}").status_code == 200
    assert inside[1] not in as_("petugas-ptk").get("/kampanye/odop-2026/setoran.csv").text
    assert "/setoran" not in as_("kasir").get("/kampanye/odop-2026/papan").text
    pages = ("/kampanye/odop-2026", "/kampanye/odop-2026/papan", "/kampanye/odop-2026/setoran")
    assert not any("di luar kampanye ini" in as_("pejabat").get(page).text for page in pages)
    with app.app_context(), atomic():
        filing.campaign().channels = ["galeri"]  # a deposit covers a day's takings of every channel
    assert all("di luar kampanye ini" in as_("pejabat").get(page).text for page in pages)


# -- in a real browser ---------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_wall_shows_a_sale_by_itself_says_when_it_is_cut_off_and_plays_a_day(app: Flask, open_as: Any) -> None:
    with app.app_context():
        world.sell(at="2026-04-10T10:00:00+09:00")
        world.sell(lines=[("Tas rajut", 1000)], at="2026-04-10T11:30:00+09:00")
    page = open_as("pejabat", "/kampanye/sepanjang-tahun/papan", width=1920, height=1080)
    omzet, age = page.locator(".w-omzet"), page.locator("[data-age]")
    age.get_by_text("data baru saja").wait_for()
    page.locator("[data-notas] li").nth(1).wait_for()
    assert omzet.inner_text() == "Rp240.000" and page.locator("[data-notas] li").count() == 2
    with app.app_context():
        world.sell(lines=[("Keripik pisang", 1500)])
    omzet.get_by_text("Rp315.000").wait_for(timeout=10_000)
    page.locator("[data-notas] li").first.get_by_text("Keripik pisang").wait_for()
    page.context.set_offline(True)
    page.locator(".lost [data-age]", has_text="Sambungan terputus").wait_for()
    assert omzet.inner_text() == "Rp315.000"
    page.context.set_offline(False)
    age.get_by_text("data baru saja").wait_for()
    bar = page.locator("[data-bar] .bar-value").last  # of the days that are shown the highest, though not of all
    assert bar.get_attribute("height") == "100.00"
    page.locator("[data-pick]").fill("2026-04-10")
    age.get_by_text("Pilih hari dari").wait_for()
    page.locator("[data-pick]").evaluate("field => { field.min = ''; field.value = '2026-04-10'; }")
    page.locator("[data-pick]").dispatch_event("change")
    page.get_by_text("memutar ulang 10 Apr 2026").wait_for()
    page.locator("[data-at]").evaluate("slider => { slider.value = slider.max; }")
    page.locator("[data-at]").dispatch_event("input")
    assert omzet.inner_text() == "Rp240.000" and page.get_by_text("Omzet 10 Apr 2026 sampai").count() == 1
    page.get_by_role("button", name="Kembali ke langsung").click()
    omzet.get_by_text("Rp315.000").wait_for()


@pytest.mark.browser
def test_every_figure_opens_down_to_the_line_by_seller_and_by_maker(app: Flask, open_as: Any) -> None:
    with app.app_context():
        body = world.sale("PTK-1", [("Tas rajut", 3000), ("Miniatur kapal", 1000)])
        record(body | {"sold_at": "2026-04-10T10:00:00+07:00"}, world.person("kasir-ptk"))
        world.sell(at="2026-04-10T10:00:00+09:00")
    page = open_as("pejabat-pusat", "/kampanye/odop-2026/papan")
    page.locator(".w-ranking .r-number", has_text="2").wait_for()
    page.get_by_label("menurut").select_option("sales")
    page.locator(".w-ranking .r-number", has_text="1").nth(1).wait_for()  # one nota each: both are first
    page.locator(".w-ranking a", has_text="Kalimantan Barat").click()
    for name in ("Lapas Kelas IIA Pontianak", "Galeri Lapas Pontianak", "10 Apr 2026", "PTK-1-000001"):
        page.get_by_role("rowheader").get_by_role("link", name=name, exact=True).click()
    page.get_by_role("cell", name="Rp240.000").first.wait_for()  # the line: three bags at Rp80.000
    page.get_by_role("link", name="← Kampanye").click()
    page.goto("/kampanye/odop-2026?per=pembuat")
    for name in (AMBON, "Tas rajut", "PTK-1-000001"):
        page.get_by_role("rowheader").get_by_role("link", name=name, exact=True).click()
    page.get_by_text("Tas rajut").first.wait_for()

"""Every board equals a sum over the documents, made line by line in Python; and what happens later moves none."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings

from pos import clock
from pos.campaigns.models import Campaign, CampaignWindow
from pos.catalog import editing
from pos.catalog.models import Barcode, Product
from pos.db import atomic, db
from pos.register.models import Sale, SaleLine
from pos.reports import board, compare, drill, notas, replay, running, streaks, wall
from pos.reports.board import BY, Cut
from pos.units import services as units
from pos.units import tree
from pos.units.models import Gallery, Installation, Register, Unit
from tests import world
from tests.reports.test_board import TILLS, ZONES, give_back

FIRST = date(2026, 4, 1)
KANWIL = ("Kanwil Maluku", "Kanwil Sulawesi Tenggara", "Kanwil Kalimantan Barat")
UPT = tuple(world.GALLERIES)
CUTOFF = 120  # minutes after midnight at which a day ends in Kendari
SUMS = ("omzet", "pieces", "sales", "pnbp")

days = st.integers(-3, 30).map(lambda n: FIRST + timedelta(days=n))
baskets = st.lists(
    st.tuples(st.sampled_from([p[1] for p in world.PRODUCTS]), st.integers(1, 3)), min_size=1, max_size=3
)
sales = st.tuples(
    st.sampled_from(list(TILLS)),
    days,
    st.sampled_from(["00:30:00", "12:00:00", "23:30:00"]),
    baskets,
    st.booleans(),
    st.sampled_from(["galeri", "bazar"]),
)
moves = st.tuples(st.sampled_from(UPT), days, st.sampled_from(KANWIL))
windows = st.dictionaries(st.sampled_from([*KANWIL, *UPT]), st.tuples(days, st.integers(0, 20)), max_size=3)
counted = st.tuples(st.booleans(), st.sampled_from([[], ["kuliner"]]), st.sampled_from([[], ["bazar"]]))


class Truth:
    """What the test knows without asking a board: where units stood, what the documents say."""

    def __init__(self) -> None:
        self.stood: dict[str, list[tuple[date, str]]] = {}
        for unit, parent in db.session.execute(sa.select(Unit.name, Unit.parent_id).where(Unit.level == "upt")):
            self.stood[unit] = [(clock.BEGINNING, db.session.get_one(Unit, parent).name)]
        self.ids = {name: key for key, name in db.session.execute(sa.select(Unit.id, Unit.name))}
        query = (
            sa.select(Barcode.code, Product.id, Product.category, Product.wbp_made, Unit.name)
            .join(Product, Product.id == Barcode.product_id)
            .join(Unit, Unit.id == Product.maker_id)
        )
        self.goods = {row[0]: row[1:] for row in db.session.execute(query)}
        tills = sa.select(Register.code, Gallery.id, Gallery.cutoff_minutes, Unit.name, Unit.zone)
        tills = tills.join(Gallery, Gallery.id == Register.gallery_id).join(Unit, Unit.id == Gallery.unit_id)
        self.tills = {row[0]: row[1:] for row in db.session.execute(tills)}

    def move(self, unit: str, day: date, kanwil: str) -> None:
        stood = self.stood[unit]
        with atomic():
            units.place(units.unit_named(unit), self.ids[kanwil], unit, day)
            db.session.execute(sa.update(Installation).values(tree_version=Installation.tree_version + 1))
        if stood[-1][0] >= day:
            stood[-1] = (stood[-1][0], kanwil)
        else:
            stood.append((day, kanwil))

    def kanwil(self, unit: str, day: date) -> str:
        return next(kanwil for since, kanwil in reversed(self.stood[unit]) if since <= day)

    def lines(self, kept: Campaign) -> Iterator[dict[str, Any]]:
        """Every line of every document that counts, with all it can be cut by."""
        spans = {w.unit_id: (w.from_day, w.until_day) for w in kept.windows}
        pnbp = {
            (s, p): v for s, p, v in db.session.execute(sa.select(SaleLine.sale_id, SaleLine.position, SaleLine.pnbp))
        }
        for text in db.session.scalars(sa.select(Sale.document)):
            nota = json.loads(text)
            gallery, cutoff, unit, zone = self.tills[nota["register"]]
            at = clock.parse(nota["sold_at"]).astimezone(clock.ZONES[zone]) - timedelta(minutes=cutoff)
            day = at.date()
            kanwil = self.ids[self.kanwil(unit, day)]
            first, last = spans.get(self.ids[unit]) or spans.get(kanwil) or (kept.from_day, kept.until_day)
            for i, line in enumerate(nota["lines"]):
                product, category, wbp_made, maker = self.goods[line["product"]]
                if not first <= day <= last or (kept.wbp_only and not wbp_made):
                    continue
                if kept.categories and category not in kept.categories:
                    continue
                if kept.channels and nota["channel"] not in kept.channels:
                    continue
                keys = {"kanwil": kanwil, "upt": self.ids[unit], "gallery": gallery, "day": day, "product": product}
                keys |= {"maker": self.ids[maker], "category": category}
                figures = {"omzet": line["amount"], "pieces": line["quantity"], "pnbp": pnbp[nota["id"], i]}
                yield keys | figures | {"buyer": nota["buyer"], "channel": nota["channel"], "nota": nota}

    def sums(self, kept: Campaign, *by: str) -> dict[Any, dict[str, int]]:
        found: dict[Any, dict[str, Any]] = defaultdict(lambda: {"omzet": 0, "pieces": 0, "pnbp": 0, "notas": set()})
        for line in self.lines(kept):
            row = found[tuple(str(line[name]) for name in by)]
            for name in ("omzet", "pieces", "pnbp"):
                row[name] += line[name]
            if line["nota"]["refund_of"] is None:
                row["notas"].add(line["nota"]["id"])
        return {key: {"sales": len(row.pop("notas")), **row} for key, row in found.items()}


def figures(found: Any) -> dict[str, int]:
    return {name: found[name] if isinstance(found, dict) else getattr(found, name) for name in SUMS}


_truth: dict[str, Truth] = {}


@pytest.fixture(autouse=True)
def _looked_at_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "STEP", 0)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(moves, max_size=2), st.lists(sales, min_size=1, max_size=4), windows, counted)
def test_every_board_equals_the_naive_sum_over_the_documents(
    ctx: Flask, moved: list[Any], sold: list[Any], spans: dict[str, Any], what: tuple[bool, list[str], list[str]]
) -> None:
    url = str(db.engine.url)
    if url not in _truth:  # one world for all examples: what one sold, the next ones count too
        with atomic():
            db.session.execute(
                sa.update(Gallery).where(Gallery.name == "Galeri Lapas Kendari").values(cutoff_minutes=CUTOFF)
            )
        _truth[url] = Truth()
    truth = _truth[url]
    for unit, day, kanwil in moved:
        truth.move(unit, day, kanwil)
    kept = campaign()
    with atomic():
        kept.wbp_only, kept.categories, kept.channels = what
        kept.windows.clear()
        db.session.flush()
        for name, (first, length) in spans.items():
            window = {"from_day": first, "until_day": first + timedelta(days=length)}
            kept.windows.append(CampaignWindow(unit_id=truth.ids[name], **window))
    wall.wall(kept, Cut(), "omzet", FIRST)  # from here on its sums are only kept up with what is sold
    for username, day, time, basket, refunded, channel in sold:
        at = f"{day.isoformat()}T{time}{ZONES[username]}"
        lines = [(name, pieces * 1000) for name, pieces in basket]
        nota = world.sell(username, TILLS[username], lines, at=at, channel=channel, buyer="instansi")
        if refunded:
            give_back(username, nota, at)
    _check(campaign(), truth)


def _check(kept: Campaign, truth: Truth) -> None:
    nothing = dict.fromkeys(SUMS, 0)
    whole = truth.sums(kept).get((), nothing)
    for per in BY:
        found = board.totals(kept, Cut(), per)
        assert figures(found) == whole
        assert {(row.key,): figures(row) for row in found.rows} == truth.sums(kept, per), per
        for row in found.rows[:2]:  # what a row says is what one finds behind it
            assert figures(board.totals(kept, drill.deeper(Cut(), per, row.key))) == figures(row), per
    today = kept.until_day + timedelta(days=30)
    by_kanwil, by_upt_day = truth.sums(kept, "kanwil"), truth.sums(kept, "upt", "day")
    shown = wall.wall(kept, Cut(), "omzet", today)
    assert figures(shown) == whole
    assert {(row["day"],): row["omzet"] for row in shown["by_day"]} == _omzet(truth.sums(kept, "day"))
    assert {(row["key"],): row["value"] for row in shown["ranking"]["rows"]} == _omzet(by_kanwil)
    newest = [line["nota"]["id"] for line in truth.lines(kept)]
    receipts = dict(db.session.execute(sa.select(Sale.receipt, Sale.id)).all())
    assert {receipts[nota["receipt"]] for nota in shown["notas"]} <= set(newest)
    assert len(shown["notas"]) == min(notas.LAST_NOTAS, len(set(newest)))
    unit_walls = [wall.wall(kept, Cut(upt=truth.ids[name]), "pieces", today) for name in UPT]
    by_upt = truth.sums(kept, "upt")
    assert [figures(one) for one in unit_walls] == [by_upt.get((str(truth.ids[name]),), nothing) for name in UPT]
    for strip in streaks.strips(kept, Cut(), today):
        for day, on in strip.by_day.items():
            row = by_upt_day.pop((str(strip.unit_id), day.isoformat()))
            assert (on.omzet, on.pieces, on.sales) == (row["omzet"], row["pieces"], row["sales"])
    assert not by_upt_day
    assert sum(compare._year(kept, Cut(), today).by_day) == whole["omzet"]
    for (day,), row in truth.sums(kept, "day").items():
        played = replay.replay(kept, Cut(), date.fromisoformat(day))
        sums = [sum(minute[i] for minute in played["minutes"]) for i in (2, 3, 4, 5)]
        assert sums == [row["omzet"], row["pieces"], row["sales"], row["pnbp"]]
        assert {(minute[1],) for minute in played["minutes"]} == {
            (kanwil,) for kanwil, when in truth.sums(kept, "kanwil", "day") if when == day
        }


def _omzet(sums: dict[Any, dict[str, int]]) -> dict[Any, int]:
    return {key: row["omzet"] for key, row in sums.items()}


def campaign() -> Campaign:
    return db.session.scalars(sa.select(Campaign).where(Campaign.slug == "odop-2026")).one()


# -- what happens later ---------------------------------------------------------------------------------

PAGES = [
    *(f"/api/campaigns/odop-2026/totals?by={per}" for per in BY),
    *(f"/api/campaigns/odop-2026/wall?metric={metric}" for metric in wall.METRICS),
    *(f"/kampanye/odop-2026/{name}.csv" for name in ("tabel", "harian", "melapor", "banding")),
    "/kampanye/odop-2026/tabel.csv?per=nota",
    "/api/campaigns/odop-2026/replay?day=2026-04-10",
]


def test_renaming_repricing_and_moving_change_no_earlier_figure_to_the_byte(app: Flask, as_admin: Any) -> None:
    with app.app_context():
        world.sell(lines=[("Tas rajut", 2000), ("Keripik pisang", 1500)], at="2026-04-10T10:00:00+09:00")
        world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000)], at="2026-04-10T10:00:00+07:00")
    before = {path: as_admin.get(path).data for path in PAGES}
    with app.app_context():
        admin, ambon = world.person("admin"), units.unit_named("Lapas Kelas IIA Ambon")
        kalbar = units.unit_named("Kanwil Kalimantan Barat")
        kalbar_id = str(kalbar.id)
        tree.change_unit(ambon, admin, name="Lapas Kelas I Ambon", kanwil_id=kalbar.id, day=clock.today("WIT"))
        bag = db.session.scalars(sa.select(Product).where(Product.name == "Tas rajut")).one()
        with atomic():
            bag.name, bag.category = "Tas anyam", "anyaman"
        editing.set_price(admin, bag.id, 95_000, 60_000)
    app.extensions.pop("walls")
    for path in PAGES:
        assert as_admin.get(path).data == before[path], path
    with app.app_context():
        moved = drill.cut_for(world.person("admin"), {"kanwil": kalbar_id})
        assert board.totals(campaign(), moved).omzet == 300_000

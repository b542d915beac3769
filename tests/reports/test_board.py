"""Every figure of a campaign is a sum over notas, wherever one looks from and however it is cut."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pos import clock
from pos.campaigns.models import Campaign, CampaignWindow, Turnover
from pos.db import atomic, db
from pos.register.models import SaleLine
from pos.register.services import record
from pos.reports import board, drill
from pos.reports.board import Cut
from pos.revenue.models import Deposit
from pos.units import services as units
from pos.units.loading import load_units
from pos.units.models import Gallery
from tests import world

ODOP = "odop-2026"
TILLS = {"kasir": "AMB-1", "kasir-ptk": "PTK-1", "kasir-kdi": "KDI-1"}
ZONES = {"kasir": "+09:00", "kasir-ptk": "+07:00", "kasir-kdi": "+08:00"}
NAMES = [product[1] for product in world.PRODUCTS]


def campaign(slug: str = ODOP) -> Campaign:
    return db.session.scalars(sa.select(Campaign).where(Campaign.slug == slug)).one()


def unit_id(name: str) -> int:
    return units.unit_named(name).id


def by(dimension: str, cut: Cut | None = None, slug: str = ODOP) -> dict[str, tuple[int, int]]:
    """Omzet and notas by the name of the row."""
    found = board.totals(campaign(slug), cut or Cut(), dimension)
    return {row.name: (row.omzet, row.sales) for row in found.rows}


def give_back(username: str, sold: Any, at: str) -> None:
    """Return the whole first line of a nota."""
    line = db.session.scalars(sa.select(SaleLine).where(SaleLine.sale_id == sold.id, SaleLine.position == 0)).one()
    returned = {"product": line.barcode, "quantity": -line.quantity, "unit_price": line.unit_price}
    body = world.sale(TILLS[username]) | {
        "refund_of": sold.id,
        "sold_at": at,
        "lines": [returned | {"discount": 0, "amount": -line.amount}],
        "total": -line.amount,
        "payments": [{"method": "cash", "tendered": 0, "change": line.amount, "reference": ""}],
    }
    record(body, world.person(username))


def sell(username: str, day: date, basket: list[tuple[str, int]], refunded: bool, buyer: str) -> None:
    at = f"{day.isoformat()}T12:00:00{ZONES[username]}"
    who = {"a": "petugas", "b": "instansi", "c": "masyarakat"}[buyer]
    lines = [(name, pieces * 1000) for name, pieces in basket]
    sold = world.sell(username, TILLS[username], lines, at=at, buyer=who, channel="bazar" if buyer == "a" else "galeri")
    if refunded:
        give_back(username, sold, at)


def test_the_notas_behind_a_cut_add_up_to_its_omzet(ctx: Any) -> None:
    sell("kasir", date(2026, 4, 3), [("Tas rajut", 2), ("Air mineral PIPAS", 1), ("Keripik pisang", 1)], True, "a")
    sell("kasir-ptk", date(2026, 4, 3), [("Miniatur kapal", 1), ("Tas rajut", 1)], False, "c")
    for cut in (Cut(), Cut(category="kerajinan tangan"), Cut(day=date(2026, 4, 3)), Cut(buyer="petugas")):
        rows, count = drill.notas(campaign(), cut, world.person("admin"))
        whole = board.totals(campaign(), cut)
        assert count == len(rows) and sum(n.omzet for n in rows) == whole.omzet != 0
        assert sum(not n.is_refund for n in rows) == whole.sales


# -- how notas and days are counted --------------------------------------------------------------------


def test_a_nota_of_two_makers_is_one_for_its_seller_and_the_nation_and_one_for_each_maker(ctx: Any) -> None:
    world.sell("kasir-ptk", "PTK-1", [("Miniatur kapal", 1000), ("Tas rajut", 1000)], at="2026-04-10T10:00:00+07:00")
    assert board.totals(campaign(), Cut()).sales == 1
    assert by("kanwil") == {"Kanwil Kalimantan Barat": (380_000, 1)}
    assert by("maker") == {"Lapas Kelas IIA Pontianak": (300_000, 1), "Lapas Kelas IIA Ambon": (80_000, 1)}


def test_goods_not_made_by_wbp_count_only_where_the_campaign_says_so(ctx: Any) -> None:
    world.sell(lines=[("Air mineral PIPAS", 2000)], at="2026-04-10T10:00:00+09:00")
    assert board.totals(campaign(), Cut()).omzet == 0
    with atomic():
        campaign().wbp_only = False
    found = board.totals(campaign(), Cut())
    assert (found.omzet, found.sales, found.pnbp) == (10_000, 1, 0)


@pytest.mark.parametrize(
    ("username", "at", "day"),
    [
        ("kasir", "2026-04-26T23:59:00+09:00", "2026-04-26"),
        ("kasir", "2026-04-27T00:01:00+09:00", None),
        ("kasir-ptk", "2026-04-01T00:10:00+07:00", "2026-04-01"),
        ("kasir-ptk", "2026-03-31T23:50:00+07:00", None),
    ],
)
def test_a_sale_counts_on_its_sellers_own_day(ctx: Any, username: str, at: str, day: str | None) -> None:
    world.sell(username, TILLS[username], [("Tas rajut", 1000)], at=at)
    assert list(by("day")) == ([day] if day else [])


def test_the_nearest_window_up_the_tree_holds(ctx: Any, as_: Any) -> None:
    for username in TILLS:
        sell(username, date(2026, 3, 25), [("Tas rajut", 1)], False, "a")
        sell(username, date(2026, 4, 10), [("Tas rajut", 1)], False, "a")
    with atomic():
        kept = campaign()
        for name, first, last in (
            ("Kanwil Maluku", date(2026, 3, 20), date(2026, 3, 31)),
            ("Kanwil Sulawesi Tenggara", date(2026, 3, 20), date(2026, 4, 26)),
            ("Lapas Kelas IIA Kendari", date(2026, 4, 1), date(2026, 4, 5)),
        ):
            kept.windows.append(CampaignWindow(unit_id=unit_id(name), from_day=first, until_day=last))
    assert by("upt") == {"Lapas Kelas IIA Ambon": (80_000, 1), "Lapas Kelas IIA Pontianak": (80_000, 1)}
    assert by("day") == {"2026-03-25": (80_000, 1), "2026-04-10": (80_000, 1)}
    maluku = Cut(kanwil=unit_id("Kanwil Maluku"))
    theirs, own = (date(2026, 3, 20), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 5))
    assert board.window_of(campaign(), maluku) == theirs
    for name, window in (("Lapas Kelas IIA Ambon", theirs), ("Lapas Kelas IIA Kendari", own)):
        assert board.window_of(campaign(), Cut(upt=unit_id(name))) == window  # as its own people look at it
    report, ambon = "/laporan?periode=odop-2026", unit_id("Lapas Kelas IIA Ambon")
    official, of_all = as_("pejabat-pusat"), "juga yang punya tanggal sendiri"
    page = official.get(f"{report}&kanwil={maluku.kanwil}&upt={ambon}").text
    assert "20 Mar 2026 – 31 Mar 2026" in page and "Rp80.000" in page and of_all not in page
    assert of_all in official.get(report).text


def test_moving_a_unit_changes_no_earlier_figure(ctx: Any) -> None:
    sell("kasir", date(2026, 4, 10), [("Tas rajut", 1)], False, "a")
    before = by("kanwil")
    moved = world.UNITS.replace("Maluku,Lapas Kelas IIA Ambon", "Kalimantan Barat,Lapas Kelas IIA Ambon")
    load_units(moved.encode(), "units.csv", today=date(2026, 4, 15))
    assert by("kanwil") == before == {"Kanwil Maluku": (80_000, 1)}
    sell("kasir", date(2026, 4, 16), [("Tas rajut", 2)], False, "a")
    assert by("kanwil") == {"Kanwil Kalimantan Barat": (160_000, 1), "Kanwil Maluku": (80_000, 1)}
    ambon = str(unit_id("Lapas Kelas IIA Ambon"))
    maluku = drill.cut_for(world.person("pejabat"), {"upt": ambon})
    assert board.totals(campaign(), maluku).omzet == 80_000
    rows, _ = drill.notas(campaign(), maluku, world.person("pejabat"))
    assert [nota.may_open for nota in rows] == [False]


def test_a_unit_is_called_what_it_was_called_then(ctx: Any) -> None:
    sell("kasir", date(2026, 4, 10), [("Tas rajut", 1)], False, "a")
    with atomic():
        ambon = units.unit_named("Lapas Kelas IIA Ambon")
        units.place(ambon, ambon.parent_id, "Lapas Kelas I Ambon", date(2026, 6, 1))
        ambon.name = "Lapas Kelas I Ambon"
    assert list(by("upt")) == ["Lapas Kelas IIA Ambon"]


def test_deposits_are_those_of_the_units_within_the_days(ctx: Any) -> None:
    for number, (name, day, amount) in enumerate(
        [
            ("Lapas Kelas IIA Ambon", date(2026, 4, 10), 45_000),
            ("Lapas Kelas IIA Ambon", date(2026, 5, 2), 7_000),
            ("Lapas Kelas IIA Pontianak", date(2026, 4, 26), 5_000),
        ]
    ):
        with atomic() as session:
            session.add(
                Deposit(
                    unit_id=unit_id(name),
                    day=day,
                    amount=amount,
                    billing_code=f"{number:015d}",
                    ntpn=f"NTPN{number:012d}",
                    recorded_at=clock.now(),
                )
            )
    assert board.totals(campaign(), Cut()).deposited == 50_000
    assert board.totals(campaign(), Cut(kanwil=unit_id("Kanwil Maluku"))).deposited == 45_000
    assert board.totals(campaign(), Cut(upt=unit_id("Lapas Kelas IIA Pontianak"))).deposited == 5_000
    gallery = db.session.scalars(sa.select(Gallery.id)).first()
    assert board.totals(campaign(), Cut(gallery=gallery)).deposited is None


def test_nothing_but_lines_is_read_for_what_turnover_can_answer(ctx: Any) -> None:
    sell("kasir", date(2026, 4, 10), [("Tas rajut", 1)], False, "a")
    read: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *args: read.append(args[2]))
    for dimension in ("kanwil", "upt", "gallery", "day", "maker"):
        board.totals(campaign(), Cut(), dimension)
    assert read and not any("sale_line" in statement for statement in read)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Turnover)) == 1


def test_who_has_reported_is_counted_among_all_who_could(ctx: Any) -> None:
    sell("kasir", date(2026, 4, 10), [("Tas rajut", 1)], False, "a")
    assert board.reporting(campaign(), Cut()) == (1, 4)
    assert board.reporting(campaign(), Cut(kanwil=unit_id("Kanwil Maluku"))) == (1, 2)


def test_what_was_recorded_after_the_cutoff_is_told_apart(ctx: Any, as_: Any) -> None:
    world.sell(at="2026-04-10T10:00:00+09:00")
    for days, more in ((1, 0), (0, 110_000)):
        with atomic():
            campaign().report_until = clock.now() + timedelta(days=days)
        world.sell(lines=[("Keripik pisang", 1000)], at="2026-04-11T10:00:00+09:00")
        world.sell("kasir-ptk", "PTK-1", [("Keripik pisang", 1200)], at="2026-04-12T10:00:00+07:00")
        assert board.omzet_after_cutoff(campaign(), Cut()) == more
    assert board.omzet_after_cutoff(campaign(), Cut(upt=unit_id("Lapas Kelas IIA Ambon"))) == 50_000
    assert board.omzet_after_cutoff(campaign(), Cut(kanwil=unit_id("Kanwil Maluku"), channel="bazar")) == 0
    assert board.omzet_after_cutoff(campaign(), Cut(day=date(2026, 4, 12))) == 60_000
    assert board.omzet_after_cutoff(campaign(), Cut(day=date(2026, 4, 10))) == 0
    db.session.rollback()
    said = "Termasuk Rp50.000 tercatat sesudah batas lapor."
    assert said in as_("pejabat").get(f"/kampanye/{ODOP}").text
    assert said not in as_("pejabat").get(f"/kampanye/{ODOP}?hari=2026-04-10").text

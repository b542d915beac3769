"""Certificates: which are in force on a day, what the database refuses, and that nothing written is changed."""

import io
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.catalog import certificates
from pos.catalog.models import Certificate, Price
from pos.db import atomic, db
from pos.errors import PosError
from pos.units.models import AuditEntry
from tests import world
from tests.catalog.test_editing import product
from tests.catalog.test_photos import picture

TODAY = date(2026, 4, 26)


def entry(name: str = "Keripik pisang", kind: str = "pirt", number: str = "2069471010012-30", **over: Any) -> None:
    given = {"product_id": product(name).id, "kind": kind, "number": number, "at": clock.now()}
    with atomic() as session:
        session.add(Certificate(**(given | over)))


def held(day: date = TODAY, name: str = "Keripik pisang") -> list[tuple[str, str]]:
    wanted = product(name).id
    found = certificates.in_force([wanted, product("Meja jati").id], day)
    assert set(found) <= {wanted}
    return [(row.kind, row.number) for row in found.get(wanted, [])]


def test_of_each_kind_the_last_entry_that_has_begun_is_in_force_until_its_last_day(ctx: Any) -> None:
    entry(kind="sni", number="SNI 1")
    entry(kind="halal", number="ID1", expires_on=TODAY)
    entry(kind="pirt", number="old", expires_on=date(2026, 12, 31))
    entry(kind="pirt", number="new", issued_on=date(2026, 6, 1), expires_on=date(2031, 12, 31))
    assert held() == [("pirt", "old"), ("halal", "ID1"), ("sni", "SNI 1")]
    assert held(date(2026, 6, 1)) == [("pirt", "new"), ("sni", "SNI 1")]
    entry(kind="sni", number="SNI 1", withdrawn=True)
    assert held(date(2032, 1, 1)) == []
    assert certificates.in_force([], TODAY) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "haram"},
        {"number": ""},
        {"issued_on": TODAY, "expires_on": date(2026, 4, 25)},
        {"scan": "abc"},
        {"scan_pages": 2},
    ],
)
def test_the_database_refuses_what_is_no_certificate(ctx: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        entry(**wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"wholesale": 900},
        {"wholesale_from": 1000},
        {"wholesale": 1_000, "wholesale_from": 5_000},
        {"wholesale": 900, "wholesale_from": 0},
        {"inside": -1},
    ],
)
def test_the_database_refuses_a_wholesale_price_that_is_none(ctx: Any, wrong: dict[str, Any]) -> None:
    bag = product().id
    with pytest.raises(IntegrityError), atomic() as session:
        session.add(Price(product_id=bag, from_at=clock.now(), amount=1_000, **wrong))


def test_a_certificate_is_never_edited(ctx: Any) -> None:
    entry()
    with pytest.raises(sa.exc.DBAPIError, match="written once"), atomic():
        db.session.execute(sa.update(Certificate).values(number="2069471010013-31"))


# -- entering, and the pages ---------------------------------------------------------------------------


def given(**over: Any) -> certificates.Given:
    return certificates.Given(**({"kind": "pirt", "number": "2061337010012-30"} | over))


def test_a_certificate_is_replaced_and_withdrawn_by_entries_of_their_own(ctx: Any, tmp_path: Path) -> None:
    staff, chips = world.person("petugas"), product("Keripik pisang").id
    first = certificates.enter(staff, chips, given(number="P-IRT 206133701001230"), tmp_path, picture())
    assert (first.number, first.expires_on, first.scan_pages) == ("2061337010012-30", date(2030, 12, 31), 1)
    with pytest.raises(PosError, match="sudah tercatat"):
        certificates.enter(staff, chips, given(), tmp_path)
    later = certificates.enter(staff, chips, given(issued_on=date(2026, 1, 1)), tmp_path)
    assert later.scan == first.scan, "the scan of the same number goes on"
    renewed = certificates.enter(staff, chips, given(number="2061337010012-35"), tmp_path)
    assert renewed.scan == "" and held() == [("pirt", "2061337010012-35")]
    with pytest.raises(PosError, match="sudah diganti"):
        certificates.withdraw(staff, first.id)
    certificates.withdraw(staff, renewed.id)
    assert held() == [] and len(certificates.entries_of(chips)) == 4
    assert db.session.scalars(sa.select(AuditEntry.act).where(AuditEntry.act.contains("certificate"))).all() == [
        *["product.certificate"] * 3,
        "product.certificate.withdraw",
    ]


def test_a_renewal_put_right_never_held_as_it_was_and_one_cancelled_leaves_the_first(ctx: Any, tmp_path: Path) -> None:
    staff, chips, today = world.person("petugas"), product("Keripik pisang").id, clock.today("WIT")
    wrong_day, right_day = today + timedelta(days=30), today + timedelta(days=60)
    old = certificates.enter(staff, chips, given(number="ID11111111111", kind="halal"), tmp_path, picture())
    renewal = given(number="ID22222222222", kind="halal", issued_on=wrong_day)
    wrong = certificates.enter(staff, chips, renewal, tmp_path)
    with pytest.raises(PosError) as refused:
        certificates.enter(staff, chips, given(number="ID33333333333", kind="halal", issued_on=right_day), tmp_path)
    assert "Betulkan atau batalkan" in refused.value.fields["number"].text
    with pytest.raises(PosError, match="dibatalkan lebih dahulu"):
        certificates.withdraw(staff, old.id)
    again = given(number="ID33333333333", kind="halal", issued_on=right_day)
    right = certificates.enter(staff, chips, again, tmp_path, corrects=wrong.id)
    for day in (today, wrong_day, right_day - timedelta(days=1)):
        assert held(day) == [("halal", "ID11111111111")]
    assert held(right_day) == [("halal", "ID33333333333")]
    with pytest.raises(PosError, match="sudah diganti"):
        certificates.enter(staff, chips, again, tmp_path, corrects=wrong.id)
    put_right = certificates.enter(
        staff, chips, given(number="ID44444444444", kind="halal", issued_on=right_day), tmp_path, corrects=right.id
    )
    assert put_right.corrects_id == right.corrects_id == wrong.id
    shown = [entry.number for entry in certificates.held(certificates.entries_of(chips), today)]
    assert shown == ["ID11111111111", "ID44444444444"]
    listed = certificates.listed(staff, certificates.Filters(state="semua"), today)
    assert [row.number for row in db.session.execute(listed)] == ["ID44444444444"]
    certificates.withdraw(staff, put_right.id)
    assert held(right_day) == [("halal", "ID11111111111")]
    assert [row.number for row in db.session.execute(listed)] == ["ID11111111111"]
    certificates.enter(staff, chips, given(number="2061337010012-30"), tmp_path, corrects=old.id)
    assert held() == [("pirt", "2061337010012-30")], "even its kind"
    with pytest.raises(IntegrityError):
        entry(corrects_id=99_999)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"kind": "haram"}, "kind"),
        ({"number": "123"}, "number"),
        ({"expires_on": date(2029, 12, 31)}, "expires_on"),
        ({"issued_on": date(2031, 1, 1)}, "expires_on"),
        ({"kind": "bpom", "number": "MD 867031003082"}, "expires_on"),
    ],
)
def test_a_wrong_certificate_is_refused_beside_its_field(over: dict[str, Any], field: str) -> None:
    with pytest.raises(PosError) as refused:
        certificates.checked(given(**over))
    assert list(refused.value.fields) == [field]


def test_a_certificate_is_entered_on_the_product_and_its_scan_shown_within_scope(app: Any, as_: Any) -> None:
    staff = as_("petugas")
    with app.app_context():
        chips = product("Keripik pisang").id
    data = {"kind": "pirt", "number": "123", "scan": (io.BytesIO(picture()), "pirt.jpg")}
    refused = staff.post(f"/produk/{chips}/sertifikat", data=data)
    assert refused.status_code == 422 and "misalnya 2061337010012-30" in refused.text and 'value="123"' in refused.text
    svg = {"kind": "pirt", "number": "2061337010012-30", "scan": (io.BytesIO(b"<svg/>"), "pirt.svg")}
    assert "bukan PDF" in staff.post(f"/produk/{chips}/sertifikat", data=svg).text
    data = {"kind": "pirt", "number": "2061337010012-30", "scan": (io.BytesIO(picture()), "pirt.jpg")}
    page = staff.post(f"/produk/{chips}/sertifikat", data=data, follow_redirects=True).text
    form = staff.get(page.split('href="')[page[: page.index("betulkan=")].count('href="')].split("#")[0]).text
    assert 'name="corrects"' in form and 'value="2061337010012-30"' in form and "Simpan pembetulan" in form
    place = page.split('href="/sertifikat/')[1].split('"')[0]
    for username, status in {"petugas": 200, "pejabat": 200, "petugas-ptk": 404, "kasir": 403}.items():
        with as_(username).get(f"/sertifikat/{place}") as answer:
            assert answer.status_code == status, username
            if status == 200:
                assert (answer.mimetype, answer.headers["X-Content-Type-Options"]) == ("image/webp", "nosniff")
                assert "no-store" in answer.headers["Cache-Control"] or "no-cache" in answer.headers["Cache-Control"]


def test_those_that_end_soon_are_warned_of_and_listed(app: Any, as_: Any) -> None:
    with app.app_context():
        today = clock.today("WIT")
        entry(kind="sni", number="SNI 1:2020", expires_on=today + timedelta(days=certificates.WARN_DAYS))
        entry(kind="halal", number="ID00000000000001", expires_on=today - timedelta(days=1))
        entry(kind="merek", number="IDM000000003")
        entry("Miniatur kapal", kind="merek", number="IDM000000004", expires_on=today)
    staff = as_("petugas")
    assert "2 sertifikat sudah habis" in staff.get("/produk").text
    shown = {
        "": {"SNI 1:2020", "ID00000000000001"},
        "?tampil=segera": {"SNI 1:2020"},
        "?tampil=habis": {"ID00000000000001"},
        "?tampil=berlaku": {"IDM000000003"},
        "?tampil=semua": {"SNI 1:2020", "ID00000000000001", "IDM000000003"},
        "?tampil=semua&jenis=halal": {"ID00000000000001"},
        "?tampil=semua&cari=idm": {"IDM000000003"},
        "?tampil=nanti": set(),
    }
    everything = {"SNI 1:2020", "ID00000000000001", "IDM000000003", "IDM000000004"}
    for query, numbers in shown.items():
        for path in ("/sertifikat", "/sertifikat.csv"):
            page = staff.get(path + query).get_data(as_text=True)
            assert {number for number in everything if number in page} == numbers, path + query
    assert "IDM000000004" in as_("admin").get("/sertifikat").text

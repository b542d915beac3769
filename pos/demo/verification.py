"""The example's verification: earlier years declared with an addendum, the latest one in every state."""

import io
import uuid
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path

import sqlalchemy as sa
from flask import current_app
from PIL import Image, ImageDraw, ImageFont

from pos.campaigns.models import Campaign
from pos.catalog.models import Barcode, Price, Product
from pos.db import atomic, db
from pos.demo.selling import PLACES, window
from pos.register.lookup import next_number
from pos.register.services import record
from pos.units import services as units
from pos.units.models import Unit
from pos.verification import declaring, late, services
from pos.verification.scope import campaign_at

SUBMITTED_LAST = {"Lapas Kelas IIA Ambon": "waiting", "Lapas Kelas IIA Pontianak": "returned"}
NEVER = ("Lapas Kelas IIA Abepura", "Lapas Kelas IIA Parepare")  # have not reported in the latest year
SIGNERS = (
    declaring.Signing("Sri Wahyuningsih", "Pejabat Ditjenpas (contoh)"),
    declaring.Signing("Benny Siahaya", "Kepala Kantor Wilayah Maluku (contoh)"),
)


def verify_years(years: list[int]) -> None:
    """Submissions, verdicts, declarations and late notas of the ODOP years, after they were sold."""
    for year in years:
        latest = year == years[-1]
        with atomic():
            campaign = campaign_at(f"odop-{year}")
            due = datetime.combine(date(year, 4, 27), time(3), tzinfo=UTC)  # 10.00 WIB
            campaign.report_until = due
        _late_nota("Lapas Kelas IIA Ambon", year, 20, f"{year % 100}/017", due - timedelta(hours=6), "approved")
        if latest:
            _late_nota("Lapas Kelas IIA Ambon", year, 22, f"{year % 100}/018", due - timedelta(hours=5), "waiting")
            _late_nota("Lapas Kelas IIA Ambon", year, 24, f"{year % 100}/019", due - timedelta(hours=4), "rejected")
        if latest:
            _big_order(due)
        _figures(campaign, due, latest)
        if not latest:
            draft = declaring.Draft(f"PAS-{year % 100}.PK.01.04.01", "Jakarta", SIGNERS, partial=True)
            declaring.declare(units.person_named("pejabat"), campaign, draft, now=due + timedelta(days=4))
            _late_nota("Lapas Kelas IIA Kendari", year, 18, f"{year % 100}/101", due + timedelta(days=9), "approved")


def _code(register: str) -> str:
    return register.split("-")[0].lower()


def _submitter(unit: str) -> units.Person:
    place = next(place for place in PLACES if place.unit == unit)
    return units.person_named("petugas" if place is PLACES[0] else f"petugas.{_code(place.registers[0])}")


def _figures(campaign: Campaign, due: datetime, latest: bool) -> None:
    """Every unit submits within a day; whoever is above checks it two days later."""
    nation, maluku = units.person_named("pejabat"), units.person_named("pejabat.maluku")
    for i, name in enumerate(dict.fromkeys(place.unit for place in PLACES)):
        if latest and name in NEVER:
            continue
        unit = units.unit_named(name)
        at = due + timedelta(hours=3 if i == 7 else -i)
        submission = services.submit(_submitter(name), campaign, unit, "", now=at)
        state = SUBMITTED_LAST.get(name, "verified") if latest else "verified"
        judge = maluku if services.may_judge(maluku, unit) else nation
        if state == "returned":
            reason = "Nota besar tanggal 24 belum ada bukti bayarnya. Lengkapi lalu ajukan lagi."
            services.judge(judge, submission, "returned", reason, now=due + timedelta(days=2))
        elif state == "verified":
            services.judge(judge, submission, "verified", now=due + timedelta(days=2, hours=i))


def _late_nota(unit_name: str, year: int, day: int, number: str, at: datetime, state: str) -> None:
    unit = units.unit_named(unit_name)
    goods = _goods(unit)
    rows = [late.Row(code, 2000 if i == 0 else 1000, price) for i, (code, _, price) in enumerate(goods)]
    sold_on = min(date(year, 4, day), window(year)[1])
    gallery = next(g for g in unit.galleries if g.kind == "galeri")
    draft = late.Draft(gallery.id, number, sold_on, "masyarakat", "bazar", "cash", "", "Listrik padam di stan", rows)
    folder = Path(current_app.instance_path) / "files" / "susulan"
    lines = [
        f"{(row.quantity or 0) // 1000}  {name[:26]}  {row.unit_price:,}"
        for row, (_, name, _p) in zip(rows, goods, strict=True)
    ]
    note = late.enter(_submitter(unit_name), draft, _paper(number, sold_on, lines), folder, now=at)
    second = units.person_named("pejabat.ambon" if unit_name == PLACES[0].unit else "pejabat.kdi")
    if state != "waiting":
        reason = "" if state == "approved" else "Foto tidak menunjukkan jumlahnya."
        late.decide(second, note, state == "approved", reason, now=at + timedelta(minutes=40))


def _big_order(due: datetime) -> None:
    """An order of a fifth of a unit's omzet, far below the list and two days late: what a checker asks about."""
    seller = units.person_named("kasir.ptk")
    register = units.registers_for(seller)[0]
    code, _, price = _goods(units.unit_named("Lapas Kelas IIA Pontianak"))[-1]
    price = price * 65 // 100 // 500 * 500
    pieces = 45_000_000 // price
    sold_at = due - timedelta(days=3)
    body = {
        "id": str(uuid.UUID(int=(int(sold_at.timestamp() * 1000) << 80) | (7 << 76) | (2 << 62) | 17)),
        "register": register.code,
        "number": next_number(register.id),
        "sold_at": sold_at.isoformat(timespec="milliseconds"),
        "buyer": "instansi",
        "channel": "pesanan",
        "total": pieces * price,
        "lines": [{"product": code, "quantity": pieces * 1000, "unit_price": price, "amount": pieces * price}],
        "payments": [{"method": "transfer", "tendered": pieces * price, "change": 0, "reference": "BRI 20418877"}],
    }
    record(body, seller, now=due - timedelta(hours=12))


def _goods(unit: Unit) -> list[tuple[str, str, int]]:
    """Code, name and first price of two products of the unit that are sold whole."""
    query = (
        sa.select(sa.func.min(Barcode.code), Product.name, sa.func.min(Price.amount))
        .join(Barcode, Barcode.product_id == Product.id)
        .join(Price, Price.product_id == Product.id)
        .where(Product.maker_id == unit.id, Product.unit_of_measure == "buah", Product.wbp_made)
        .group_by(Product.id, Product.name)
        .order_by(sa.func.min(Price.amount))
        .limit(2)
    )
    return [(code, name, price) for code, name, price in db.session.execute(query)]


def _paper(number: str, day: date, lines: list[str]) -> bytes:
    """A photo of a handwritten nota, as far as a computer writes one."""
    sheet = Image.new("RGB", (900, 1200), "#f3ecd9")
    draw = ImageDraw.Draw(sheet)
    with resources.as_file(resources.files("pos").joinpath("fonts", "RobotoCondensed-Regular.ttf")) as path:
        big, plain = ImageFont.truetype(str(path), 64), ImageFont.truetype(str(path), 44)
    draw.text((70, 70), "NOTA CONTOH", font=big, fill="#1b2a6b")
    draw.text((70, 170), f"No. {number}      {day:%d-%m-%Y}", font=plain, fill="#1b2a6b")
    for i in range(9):
        draw.line((60, 320 + i * 80, 840, 320 + i * 80), fill="#b9ad8f", width=2)
    for i, text in enumerate(lines):
        draw.text((80, 260 + i * 80), text, font=plain, fill="#1b2a6b")
    out = io.BytesIO()
    sheet.rotate(2, fillcolor="#6d6a63", expand=True).save(out, "JPEG", quality=80)
    return out.getvalue()

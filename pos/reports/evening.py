"""The evening's recap: what a place sold on a day, as figures and as the message that is sent on.

The message and the picture are in Indonesian whatever language the screen speaks: they are read by others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from babel.dates import format_date

from pos import money
from pos.campaigns.models import Campaign
from pos.db import db
from pos.register.models import SaleLine
from pos.register.words import TENDER_NAMES
from pos.reports import board, specials, sums
from pos.reports.board import Cut
from pos.reports.sums import Row, View
from pos.units.models import Gallery, Placement, Unit

MOST_PRODUCTS = 5
UNVERIFIED = "Dilaporkan kasir; belum diverifikasi."


@dataclass(frozen=True)
class Best:
    """A product that sold: `quantity` in thousandths."""

    name: str
    quantity: int
    unit_of_measure: str
    amount: int


@dataclass(frozen=True)
class Drive:
    """The campaign that runs: which of its days this is, and what the place has sold in it up to the evening."""

    name: str
    day: int
    days: int
    omzet: int
    target: int  # 0 where none is set, or where the place is not the whole nation

    @property
    def percent(self) -> int | None:
        return self.omzet * 100 // self.target if self.target else None


@dataclass(frozen=True)
class Recap:
    place: str
    day: date
    whole: Row
    day_before: int  # omzet
    best: Sequence[Best]
    methods: Sequence[tuple[str, int]]  # net rupiah by the Indonesian name
    places: Sequence[tuple[str, int]]  # the galleries that sold most, where there are several
    drive: Drive | None


def recap(view: View, place: str) -> Recap:
    """The day's figures within `view`, which is of one day."""
    day = view.since
    paid = specials.methods(view).get("", {})
    galleries = [] if view.gallery or view.register else sums.breakdown(view, "gallery")
    return Recap(
        place,
        day,
        sums.total(view, True),
        sums.total(view.on(day - timedelta(1), day - timedelta(1))).omzet,
        _best(view),
        [(TENDER_NAMES[name], of["sold"] - of["back"]) for name, of in paid.items()],
        [(row.name, row.takings) for row in galleries[:MOST_PRODUCTS]] if len(galleries) > 1 else [],
        _drive(view, day),
    )


def _best(view: View) -> list[Best]:
    query = (
        sums.counted(view, "product")
        .with_only_columns(
            sa.func.max(SaleLine.name).label("name"),
            sa.func.max(SaleLine.unit_of_measure).label("unit_of_measure"),
            sa.func.sum(SaleLine.quantity).label("quantity"),
            sa.func.sum(SaleLine.amount).label("amount"),
        )
        .where(SaleLine.wbp_made)
        .group_by(SaleLine.product_id)
        .having(sa.func.sum(SaleLine.amount) > 0)
        .order_by(sa.func.sum(SaleLine.amount).desc(), sa.func.max(SaleLine.name), SaleLine.product_id)
        .limit(MOST_PRODUCTS)
    )
    return [
        Best(row.name, int(row.quantity), row.unit_of_measure, int(row.amount)) for row in db.session.execute(query)
    ]


def _drive(view: View, day: date) -> Drive | None:
    """The shortest of the campaigns that run on this day where one looks: a drive, not the whole year."""
    cut = Cut(view.kanwil, view.upt, view.gallery)
    if view.gallery is not None and view.upt is None:
        unit_id = db.session.scalar(sa.select(Gallery.unit_id).where(Gallery.id == view.gallery))
        cut = Cut(upt=unit_id, gallery=view.gallery)
    if cut.upt is not None and cut.kanwil is None:  # its Kanwil's window holds where the UPT has none of its own
        cut = Cut(_kanwil_of(cut.upt, day), cut.upt, cut.gallery)
    running = []
    for campaign in db.session.scalars(sa.select(Campaign)):
        first, last = board.window_of(campaign, cut)
        if first <= day <= last:
            running.append(((last - first).days, campaign.id, campaign, first))
    if not running:
        return None
    length, _id, campaign, first = min(running, key=lambda one: one[:2])
    omzet = sum(row.omzet for row in board.breakdown(campaign, cut, "day") if row.key <= day.isoformat())
    target = campaign.target if cut == Cut() else 0
    return Drive(campaign.name, (day - first).days + 1, length + 1, omzet, target)


def _kanwil_of(unit_id: int, day: date) -> int | None:
    unit = db.session.get_one(Unit, unit_id)
    if unit.level != "upt":
        return None
    placed = sa.select(Placement.kanwil_id).where(Placement.unit_id == unit_id, *sums.standing(day))
    return db.session.scalar(placed) or unit.parent_id


# -- as text -------------------------------------------------------------------------------------------


def message(found: Recap) -> str:
    """The recap as people send it on WhatsApp: `*` makes bold, `_` slanted."""
    whole = found.whole
    lines = [f"*REKAP SORE · {plain(found.place)}*", long_day(found.day), ""]
    lines.append(f"Omzet: *{money.rupiah(whole.omzet)}*{_against(whole.omzet, found.day_before)}")
    if whole.other:
        lines.append(f"Di luar WBP: {money.rupiah(whole.other)}")
    lines.append(
        f"Nota: {money.grouped(whole.sales)} · Terjual: {money.quantity_text(whole.pieces)} · "
        f"Rata-rata: {money.rupiah(whole.average)}"
    )
    gone = [("Diskon", whole.discount), ("Retur", whole.refunds)]
    gone_text = " · ".join(f"{name}: {money.rupiah(value)}" for name, value in gone if value)
    lines += [gone_text] if gone_text else []
    if found.best:
        lines += ["", "*Terlaris*"]
        lines += [
            f"{i}. {plain(best.name)}: {amount_of(best)}, {money.rupiah(best.amount)}"
            for i, best in enumerate(found.best, 1)
        ]
    if found.places:
        lines += ["", "*Galeri*"]
        lines += [f"{i}. {plain(name)}: {money.rupiah(takings)}" for i, (name, takings) in enumerate(found.places, 1)]
    if found.methods:
        lines += ["", "*Cara bayar*", *(f"{name}: {money.rupiah(net)}" for name, net in found.methods)]
    lines += ["", f"PNBP terhitung: {money.rupiah(whole.pnbp)} · Premi: {money.rupiah(whole.premi)}"]
    if found.drive:
        lines += [
            "",
            f"*{plain(found.drive.name)}*, {drive_day(found.drive)}",
            f"Sampai hari ini: *{drive_sum(found.drive)}*",
        ]
    return "\n".join([*lines, "", f"_{UNVERIFIED}_"])


def plain(name: str) -> str:
    """A name that cannot turn the rest of a message bold, slanted or crossed out."""
    return "".join(char for char in name if char not in "*_~`\n")


def long_day(day: date) -> str:
    return str(format_date(day, "EEEE, d MMMM yyyy", locale="id"))


def amount_of(best: Best) -> str:
    return f"{money.quantity_text(best.quantity)} {best.unit_of_measure}"


def drive_day(drive: Drive) -> str:
    return f"hari {drive.day} dari {drive.days}"


def drive_sum(drive: Drive) -> str:
    goal = f" ({drive.percent}% dari target {money.rupiah(drive.target)})" if drive.target else ""
    return f"{money.rupiah(drive.omzet)}{goal}"


def change(now: int, then: int) -> str:
    """`+12%`, or nothing where there is nothing to compare with."""
    if then <= 0:
        return ""
    percent = money.half_up((now - then) * 100, then)
    return f"{'+' if percent > 0 else ''}{money.grouped(percent) if percent >= 0 else '-' + money.grouped(-percent)}%"


def _against(now: int, then: int) -> str:
    changed = change(now, then)
    return f" ({changed} dari kemarin)" if changed else ""


def rows(found: Recap) -> list[tuple[str, Any]]:
    """The recap as lines with a value, for a sheet of paper."""
    whole = found.whole
    lines: list[tuple[str, Any]] = [
        ("Omzet", money.rupiah(whole.omzet)),
        ("Omzet kemarin", money.rupiah(found.day_before)),
        ("Penjualan di luar WBP", money.rupiah(whole.other)),
        ("Nota", money.grouped(whole.sales)),
        ("Terjual", money.quantity_text(whole.pieces)),
        ("Rata-rata nota", money.rupiah(whole.average)),
        ("Diskon", money.rupiah(whole.discount or 0)),
        ("Retur", money.rupiah(whole.refunds or 0)),
        ("PNBP terhitung", money.rupiah(whole.pnbp)),
        ("Premi", money.rupiah(whole.premi)),
    ]
    lines += [(f"Dibayar {name.lower() if name != 'QRIS' else name}", money.rupiah(net)) for name, net in found.methods]
    lines += [
        (f"Terlaris {i}: {best.name} ({amount_of(best)})", money.rupiah(best.amount))
        for i, best in enumerate(found.best, 1)
    ]
    lines += [(f"Galeri: {name}", money.rupiah(takings)) for name, takings in found.places]
    if found.drive:
        lines.append((f"{found.drive.name}, {drive_day(found.drive)}", drive_sum(found.drive)))
    return lines

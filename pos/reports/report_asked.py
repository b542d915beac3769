"""What the address of a report page asks for: days, what narrows them, the breakdown, its order."""

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from flask import g, request
from flask_babel import gettext as _

from pos import clock, exports, web
from pos.catalog.models import Product
from pos.db import db
from pos.register.models import SaleLine
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES
from pos.reports import drill, periods, sums
from pos.reports.board import Cut, window_of
from pos.reports.periods import Period
from pos.reports.report_words import COLUMNS, DIMENSIONS
from pos.reports.sums import View
from pos.stationery import Letterhead
from pos.units import services as units
from pos.units.letterheads import letterhead_of
from pos.units.models import Register, Unit, User

PARAMS = {
    "kanwil": "kanwil",
    "upt": "upt",
    "gallery": "galeri",
    "register": "meja",
    "cashier": "kasir",
    "maker": "pembuat",
    "product": "produk",
    "category": "kategori",
    "buyer": "pembeli",
    "channel": "kanal",
}
PER = {"day": "hari", "month": "bulan", **PARAMS, "nota": "nota"}
MOST_GALLERIES = 60  # in a list to choose from
SHORT = 92  # days: so much is drawn by days, and its details are added up without being asked for


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    period: Period
    view: View
    per: str
    sort: str  # a column, with `-` before it for the largest first; empty for the usual order
    details: bool


def asked() -> Asked:
    """`PosError` (422) where a day is none, `NotFound` for what is outside the reader's scope."""
    given = {name: value.strip() for name, value in request.args.items()}
    period, view = period_and_view(given)
    names = {param: name for name, param in PER.items()}
    per = names.get(given.get("per", ""), "")
    if per not in tabs(view):
        per = _usual(view)
    sort = given.get("urut", "")
    details = given.get("rinci", "1" if period.days <= SHORT else "") == "1"
    return Asked(period, view, per, sort if sort.removeprefix("-") in COLUMNS else "", details)


def period_and_view(given: dict[str, str]) -> tuple[Period, View]:
    period = periods.asked(given, clock.today(g.person.zone))
    view = view_of(period, {name: given[param] for name, param in PARAMS.items() if given.get(param)})
    if period.campaign:  # a unit with days of its own is asked about on them
        place = Cut(kanwil=view.kanwil, upt=view.upt)
        since, until = window_of(period.campaign, place)
        period, view = replace(period, since=since, until=until), view.on(since, until)
    return period, view


def view_of(period: Period, narrowed: dict[str, str]) -> View:
    """The view that `narrowed` (texts by field of `View`) names within the reader's own node, or `NotFound`."""
    finer: dict[str, Any] = {name: number(narrowed[name]) for name in ("register", "cashier") if name in narrowed}
    rest = {name: text for name, text in narrowed.items() if name not in finer}
    if "register" in finer:
        row = db.session.get(Register, finer["register"])
        if row is None or rest.setdefault("gallery", str(row.gallery_id)) != str(row.gallery_id):
            raise drill.nowhere()
    cut = drill.cut_for(g.person, rest)
    return replace(View(period.since, period.until, **cut.given()), **finer)


def number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _usual(view: View) -> str:
    open_ = tabs(view)
    return next(name for name in ("kanwil", "upt", "day", "gallery", "nota") if name in open_)


def tabs(view: View) -> list[str]:
    """The breakdowns that still say something here."""
    hidden = set(view.given())
    for finer, wider in (("register", "gallery"), ("gallery", "upt"), ("upt", "kanwil")):
        if finer in hidden:
            hidden.add(wider)
    if view.product is not None:
        hidden |= {"category", "maker"}
    if view.since == view.until:
        hidden |= {"day", "month"}
    return [name for name in PER if name not in hidden]


def given() -> dict[str, Any]:
    """What the address asks for, to be asked for again."""
    names = ("periode", "dari", "sampai", "per", "urut", "rinci", "lihat", *PARAMS.values())
    return {name: request.args[name] for name in names if request.args.get(name)}


def toolbar(period: Period | None = None, view: View | None = None, errors: Any = None) -> dict[str, Any]:
    """What the form above a report offers; without a period where what was asked for is none."""
    named = [(name, web.tr(text)) for name, text in periods.NAMED.items()]
    drives = [(one.slug, one.name) for one in periods.campaigns()]
    return {
        "periods": [*named, *drives, (periods.OF_DATES, _("Dari – sampai"))],
        "period_name": period.name if period else periods.OF_DATES,
        "errors": errors or {},
        "galleries": _galleries(),
        "chips": chips(view) if view else [],
        "kept": [name for name in ("per", "urut", "rinci", "lihat", *PARAMS.values()) if name != "galeri"],
        "days": exports.period(period.since, period.until) if period else "",
    }


def _galleries() -> list[tuple[int, str]]:
    found = units.galleries_for(g.person)
    if not 1 < len(found) <= MOST_GALLERIES:
        return []
    return [(one.id, one.full_name) for one in found]


def chips(view: View) -> list[tuple[str, str, str]]:
    """What narrows the view (its kind, its name, the address without it)."""
    top = drill.home(g.person)
    return [
        (web.tr(DIMENSIONS[name]), name_of(view, name, value), web.here(**{PARAMS[name]: None}))
        for name, value in view.given().items()
        if getattr(top, name, None) != value and request.args.get(PARAMS[name])
    ]


def name_of(view: View, field: str, value: Any) -> str:
    """What people call this value of a field of `View`."""
    if field in ("kanwil", "upt", "maker"):
        return sums.unit_names([value], view.until)[value]
    if field == "gallery":
        return sums.gallery_names([value], view.since, view.until)[value][0]
    if field == "register":
        return str(db.session.get_one(Register, value).code)
    if field == "cashier":  # only who has sold within the reader's view is named
        whole = sums.total(view, True)
        return str(db.session.get_one(User, value).name) if whole.gross or whole.refunds else "–"
    if field == "product":
        sold_as = sa.select(sa.func.max(SaleLine.name)).where(SaleLine.product_id == value)
        return str(db.session.scalar(sold_as) or db.session.get_one(Product, value).name)
    return web.tr({"buyer": BUYER_NAMES, "channel": CHANNEL_NAMES}.get(field, {}).get(value, str(value)))


def about(period: Period, view: View) -> list[str]:
    """Where and when, for the head of a file."""
    narrowed = [f"{kind}: {name}" for kind, name, _url in chips(view)]
    campaign = period.campaign.name if period.campaign else ""
    days = exports.period(period.since, period.until)
    return [" · ".join([g.person.unit_name, *narrowed]), " · ".join(filter(None, (campaign, days)))]


def letterhead(view: View) -> Letterhead | bool:
    """That of the unit the report is about where the reader is over it, else the reader's own."""
    unit_id = view.upt or view.kanwil
    over = unit_id and db.session.scalar(sa.select(Unit.id).where(Unit.id == unit_id, units.within(g.person)))
    return letterhead_of(over, g.person) if over else True

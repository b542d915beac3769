"""Who sells every day, and who has not reported: two lists of UPT over the same sums, with their exports."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import gettext as _

from pos import clock, exports, money, web
from pos.campaigns.models import Campaign
from pos.campaigns.services import campaign_for, standing
from pos.db import search_words
from pos.errors import N_
from pos.listing_pdf import Column
from pos.reports import drill
from pos.reports.board import Cut, hold_still
from pos.reports.frame import PARAMS, board_url, crumbs, days_of, title
from pos.reports.streaks import NOTHING, Strip, days_of_all, strips

bp = Blueprint("streaks", __name__)
ROWS = 50
MOST_DAYS = 62  # columns of the heat map; an export has them all in words
LEVELS = (0.5, 0.2, 0.05, 0)  # of the best day of all: how deep a day is coloured
ORDERS: dict[str, tuple[str, Callable[[Strip], Any]]] = {
    "streak": (N_("Berturut-turut kini"), lambda s: (-s.streak, -s.longest, -s.days_sold, s.name)),
    "terpanjang": (N_("Terpanjang"), lambda s: (-s.longest, -s.days_sold, s.name)),
    "hari": (N_("Hari berjualan"), lambda s: (-s.days_sold, -s.pieces, s.name)),
    "omzet": (N_("Omzet"), lambda s: (-s.omzet, s.name)),
    "nama": (N_("Nama"), lambda s: s.name),
}
ONLY = {"": N_("Semua UPT"), "sudah": N_("Sudah melapor"), "belum": N_("Belum melapor")}


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    cut: Cut
    words: str
    only: str
    order: str

    def shown(self, found: list[Strip]) -> list[Strip]:
        wanted = search_words(self.words)
        kept = [
            strip
            for strip in found
            if all(word in f"{strip.name} {strip.kanwil}".lower() for word in wanted)
            and (not self.only or strip.reported == (self.only == "sudah"))
        ]
        return sorted(kept, key=ORDERS[self.order][1])


@bp.get("/kampanye/<slug>/harian")
def heat(slug: str) -> Any:
    """Every UPT day by day."""
    campaign, asked = _asked(slug, "streak")
    found, kept = _found(campaign, asked)
    days = days_of_all(campaign, found)[-MOST_DAYS:]
    best = max((sold.pieces for strip in found for sold in strip.by_day.values()), default=0)
    return render_template(
        "reports/heat.html",
        days=days,
        level=lambda sold: _level(sold.pieces, best),
        nothing=NOTHING,
        day_url=lambda strip, day: board_url(slug, _of(asked.cut, strip, day)),
        unbroken=sum(bool(strip.days) and not strip.missed for strip in found),
        **_frame(campaign, asked, found, kept, "streaks.heat"),
    )


@bp.get("/kampanye/<slug>/melapor")
def reporters(slug: str) -> Any:
    """Which UPT have sold anything, and which are silent."""
    campaign, asked = _asked(slug, "nama")
    found, kept = _found(campaign, asked)
    return render_template(
        "reports/reporters.html",
        silent=sum(not strip.reported for strip in found),
        sold_today=sum(strip.sold_today for strip in found),
        running=days_of(campaign, asked.cut)["name"] == "running",
        **_frame(campaign, asked, found, kept, "streaks.reporters"),
    )


@bp.get("/kampanye/<slug>/harian.<any(csv, xlsx, pdf):kind>")
def export_heat(slug: str, kind: str) -> Response:
    campaign, asked = _asked(slug, "streak")
    kept = _found(campaign, asked)[1]
    columns = [
        Column(_("UPT")),
        Column(_("Kanwil")),
        Column(_("Berturut-turut kini"), True),
        Column(_("Terpanjang"), True),
        Column(_("Hari berjualan"), True),
        Column(_("Hari yang sudah lewat"), True),
        Column(_("Hari tanpa penjualan")),
    ]
    rows = [
        [s.name, s.kanwil, s.streak, s.longest, s.days_sold, len(s.days), ", ".join(_spans(s.missed))] for s in kept
    ]
    return _leave(campaign, asked, kind, "harian", _("Berjualan setiap hari"), columns, rows)


@bp.get("/kampanye/<slug>/melapor.<any(csv, xlsx, pdf):kind>")
def export_reporters(slug: str, kind: str) -> Response:
    campaign, asked = _asked(slug, "nama")
    kept = _found(campaign, asked)[1]
    columns = [
        Column(_("UPT")),
        Column(_("Kanwil")),
        Column(_("Galeri"), True),
        Column(_("Nota"), True),
        Column(_("Omzet (Rp)"), True),
        Column(_("Terakhir berjualan")),
    ]
    rows = [[s.name, s.kanwil, s.galleries, s.sales, s.omzet, s.last_sale or ""] for s in kept]
    return _leave(campaign, asked, kind, "melapor", _("UPT melapor"), columns, rows)


def _spans(days: Sequence[date]) -> list[str]:
    """Days one after another as `first – last`: a UPT that was silent for weeks takes one line."""
    spans: list[list[date]] = []
    for day in days:
        if spans and day - spans[-1][1] == timedelta(days=1):
            spans[-1][1] = day
        else:
            spans.append([day, day])
    shown = web.FILTERS["day"]
    return [shown(first) if first == last else exports.period(first, last) for first, last in spans]


# -- what was asked, and what both pages share ---------------------------------------------------------


def _zone() -> str:
    return g.person.zone if g.person else "WIB"


def _asked(slug: str, order: str) -> tuple[Campaign, Asked]:
    campaign = campaign_for(g.person, slug)
    named = {name: request.args[PARAMS[name]] for name in ("kanwil", "upt") if request.args.get(PARAMS[name])}
    cut = drill.cut_for(g.person, named)
    only, given = request.args.get("yang", ""), request.args.get("urut", order)
    return campaign, Asked(
        cut,
        request.args.get("cari", "").strip()[:80],
        only if only in ONLY else "",
        given if given in ORDERS else order,
    )


def _found(campaign: Campaign, asked: Asked) -> tuple[list[Strip], list[Strip]]:
    """All UPT of the place, and those that the filters leave, in order."""
    hold_still()
    found = strips(campaign, asked.cut, clock.today(_zone()))
    return found, asked.shown(found)


def _frame(campaign: Campaign, asked: Asked, found: list[Strip], kept: list[Strip], endpoint: str) -> dict[str, Any]:
    pages = max(1, -(-len(kept) // ROWS))
    page = min(max(1, request.args.get("hal", 1, web.number)), pages)
    way = crumbs(campaign, asked.cut)
    query: dict[str, Any] = {
        name: value for name, value in request.args.items() if name in ("kanwil", "upt", "cari", "yang", "urut")
    }
    return {
        "campaign": campaign,
        "title": title(campaign, asked.cut),
        "crumbs": way,
        "standing": standing(campaign),
        "asked": asked,
        "orders": {key: name for key, (name, _key) in ORDERS.items()},
        "only": ONLY,
        "found": found,
        "count": len(kept),
        "rows": kept[(page - 1) * ROWS : page * ROWS],
        "page": page,
        "pages": pages,
        "page_url": lambda number: web.here(hal=number),
        "place": {PARAMS[name]: request.args[PARAMS[name]] for name in ("kanwil", "upt") if PARAMS[name] in query},
        "unit_url": lambda strip: board_url(campaign.slug, _of(asked.cut, strip)),
        "export_url": lambda kind: url_for(
            "streaks.export_heat" if endpoint == "streaks.heat" else "streaks.export_reporters",
            slug=campaign.slug,
            kind=kind,
            **query,
        ),
    }


def _of(cut: Cut, strip: Strip, day: date | None = None) -> Cut:
    """The UPT of a row, by way of its Kanwil where the reader stands above it."""
    kanwil = cut.kanwil if cut.kanwil is not None else (strip.kanwil_id if drill.home(g.person) == Cut() else None)
    return Cut(kanwil=kanwil, upt=strip.unit_id, day=day)


def _level(pieces: int, best: int) -> int:
    """0 for a day without sales, 1 to 4 for one with: by how it compares with the best day of all."""
    if pieces <= 0 or best <= 0:
        return 0
    return next(4 - i for i, part in enumerate(LEVELS) if pieces > best * part)


def _leave(
    campaign: Campaign, asked: Asked, kind: str, name: str, what: str, columns: list[Column], rows: list[list[Any]]
) -> Response:
    file = f"{campaign.slug}-{name}"
    header = [column.name for column in columns]
    if kind != "pdf":
        return exports.sheet(file, kind, what, header, rows)
    now = days_of(campaign, asked.cut)
    about = [
        title(campaign, asked.cut),
        exports.period(now["first"], now["last"]),
        exports.asked({_("Cari"): asked.words, _("Yang ditampilkan"): web.tr(ONLY[asked.only]) if asked.only else ""}),
        web.tr(standing(campaign).word),
    ]
    cells = [[_cell(cell) for cell in row] for row in rows]
    return exports.pdf(file, f"{campaign.name} · {what}", about, columns, cells, letterhead=bool(g.person))


def _cell(cell: Any) -> str:
    if isinstance(cell, date):
        return str(web.FILTERS["day"](cell))
    return money.grouped(cell) if isinstance(cell, int) else str(cell)

"""What every page of a campaign shares: what its address asks for, where one stands, what things are called there."""

from datetime import date, timedelta
from typing import Any

from flask import g, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from pos import clock, money, web
from pos.campaigns import planning
from pos.campaigns.models import Campaign
from pos.campaigns.services import standing, state, target_of
from pos.campaigns.verified import declared_omzet, verified_omzet
from pos.errors import N_, NC_, NotSignedIn
from pos.menu import READERS
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES
from pos.reports import board as boards
from pos.reports import compare, drill
from pos.reports.board import Cut, Row
from pos.reports.words import DIMENSION_NAMES

# How the page's own address names what the JSON names in English.
PARAMS = {
    "kanwil": "kanwil",
    "upt": "upt",
    "gallery": "galeri",
    "day": "hari",
    "maker": "pembuat",
    "product": "produk",
    "category": "kategori",
    "buyer": "pembeli",
    "channel": "kanal",
}
PER = PARAMS | {"nota": "nota"}
SORTS = {"omzet": N_("Omzet"), "pieces": N_("Jumlah"), "sales": NC_("daftar", "Nota"), "pnbp": N_("PNBP")}
ROW_KEYS = ("key", "name", "omzet", "pieces", "sales", "pnbp")
CHART_DAYS = 92
ROWS_SHOWN = 100


def asked_for(campaign: Campaign) -> tuple[Cut, str, str]:
    """The cut, the breakdown and the order that the address names."""
    asked = {name: request.args[param] for name, param in PARAMS.items() if request.args.get(param)}
    cut = drill.cut_for(g.person, asked)
    names = {param: name for name, param in PER.items()}
    per = names.get(request.args.get("per", ""), drill.next_step(cut))
    if per == "nota" and g.person is None:
        raise NotSignedIn("Silakan masuk untuk melihat nota.")
    sort = request.args.get("urut", "")
    return cut, per, sort if sort in SORTS else ""


def tabs(cut: Cut) -> list[str]:
    """The breakdowns that still say something here: nothing that is fixed already, nor what lies above it."""
    hidden = set(cut.given())
    if cut.gallery is not None:
        hidden |= {"kanwil", "upt"}
    if cut.upt is not None:
        hidden.add("kanwil")
    return [name for name in PER if name not in hidden and (name != "nota" or g.person)]


def board_url(slug: str, cut: Cut, per: str | None = None) -> str:
    asked = {PARAMS[name]: value for name, value in cut.given().items() if getattr(drill.home(g.person), name) != value}
    return url_for("reports.board", slug=slug, **asked, per=PER[per] if per else None)


def wall_url(slug: str, cut: Cut, endpoint: str = "walls.wall", **asked: Any) -> str:
    """The wall (or another page that knows only places) of where one stands."""
    home = drill.home(g.person)
    places = {PARAMS[name]: getattr(cut, name) for name in drill.STEPS[:3] if getattr(cut, name) != getattr(home, name)}
    return url_for(endpoint, slug=slug, **places, **asked)


def row_url(slug: str, cut: Cut, per: str, row: Row) -> str | None:
    """Where a row opens; None for strangers where only notas lie below."""
    deeper = drill.deeper(cut, per, row.key)
    return None if g.person is None and drill.next_step(deeper) == "nota" else board_url(slug, deeper)


def table_url(slug: str, cut: Cut, per: str, sort: str, kind: str) -> str:
    asked = {PARAMS[name]: value for name, value in cut.given().items()}
    return url_for("reports.table", slug=slug, kind=kind, **asked, per=PER[per], urut=sort or None)


def api_url(slug: str, cut: Cut, by: str) -> str:
    return url_for("reports.totals", slug=slug, by=by, **cut.given())


def crumbs(campaign: Campaign, cut: Cut) -> list[tuple[str, str]]:
    way = drill.way(campaign, g.person, cut)
    above = [(_("Kampanye"), url_for("reports.campaigns"))] if g.person else []
    return above + [(said(name), board_url(campaign.slug, passed)) for name, passed in way]


def title(campaign: Campaign, cut: Cut) -> str:
    """The campaign's name, after that of the place looked at: its figure must not pass for the nation's."""
    given = cut.given()
    units = [name for name in drill.STEPS[:3] if name in given]
    shown = [*units[-1:], *(name for name in given if name not in units)]
    return " · ".join([*(said(drill.name_of(campaign, name, given[name])) for name in shown), campaign.name])


def said(name: str) -> str:
    """A name on the page: a word of ours in the reader's language, a day as people write it, else as it is."""
    try:
        return str(format_date(date.fromisoformat(name), "d MMM yyyy"))
    except ValueError:
        return web.tr(name)


def row_name(row: Row) -> str:
    return f"{web.tr(row.name)} ({web.tr(row.detail)})" if row.detail == boards.OWN_GALLERY else web.tr(row.name)


def page_url(number: int) -> str:
    return web.here(hal=number)


def ordered(rows: list[Row], sort: str) -> list[Row]:
    return sorted(rows, key=lambda row: -getattr(row, sort)) if sort else rows


def days_of(campaign: Campaign, cut: Cut) -> dict[str, Any]:
    """Which day of how many it is where one looks from."""
    first, last = window = boards.window_of(campaign, cut)
    today = clock.today(g.person.zone if g.person else "WIB")
    length = (last - first).days + 1
    elapsed = min(max((today - first).days + 1, 0), length)
    return {"name": state(window, today), "day": elapsed, "days": length, "first": first, "last": last}


def chart(campaign: Campaign, cut: Cut) -> list[dict[str, Any]]:
    """A bar for each day of the window that has come, at most `CHART_DAYS`; heights in hundredths."""
    sold = {row.key: row for row in boards.breakdown(campaign, Cut(**cut.given() | {"day": None}), "day")}
    first, last = boards.reach(campaign)
    last = max([min(last, clock.today("WIT")), first, *map(date.fromisoformat, sold)])
    first = max(first, last - timedelta(days=CHART_DAYS - 1))
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    highest = max([row.omzet for row in sold.values()], default=0) or 1
    bars = []
    for day in days:
        row = sold.get(day.isoformat())
        omzet, sales = (row.omzet, row.sales) if row else (0, 0)
        bars.append({"day": day, "omzet": omzet, "sales": sales, "height": max(0, omzet * 100 / highest)})
    return bars


def frame(campaign: Campaign, cut: Cut) -> dict[str, Any]:
    """What stands round the table, whichever it is."""
    return {
        "campaign": campaign,
        "cut": cut,
        "title": title(campaign, cut),
        "days": chart(campaign, cut),
        "crumbs": crumbs(campaign, cut),
        "tabs": [(name, DIMENSION_NAMES[name], board_url(campaign.slug, cut, name)) for name in tabs(cut)],
        "state": days_of(campaign, cut),
        "reporting": boards.reporting(campaign, cut) if set(cut.given()) <= {"kanwil"} else None,
        "may_edit": planning.may_edit(g.person),
        "national": drill.home(g.person) == Cut() and not cut.given(),
        "zone": g.person.zone if g.person else "WIB",
        "page_url": page_url,
        "said": said,
        "wall_url": wall_url(campaign.slug, cut) if set(cut.given()) <= {*drill.STEPS[:3]} else None,
        "reporters_url": wall_url(campaign.slug, cut, "streaks.reporters"),
        "paid_url": paid_url(campaign, cut),
        "premi_url": premi_url(campaign, cut),
        "pack_url": pack_url(campaign, cut),
        "heat_url": wall_url(campaign.slug, cut, "streaks.heat") if set(cut.given()) <= {"kanwil", "upt"} else None,
        "standing": standing(campaign),
        "how_final": how_final(campaign, cut),
        "late": boards.late_omzet(campaign, cut),
        "after_cutoff": boards.omzet_after_cutoff(campaign, cut),
        **beside_other_years(campaign, cut),
        "target": target_of(campaign, *boards.place_of(cut)),
        "sorts": SORTS,
        "buyers": BUYER_NAMES,
        "channels": CHANNEL_NAMES,
    }


def pack_url(campaign: Campaign, cut: Cut) -> str | None:
    """Where the pack that proves this place's figures is made, for those who may."""
    if g.person is None or not g.person.may(*READERS) or not set(cut.given()) <= {*drill.STEPS[:3]}:
        return None
    return url_for("packs.choose", kampanye=campaign.slug, unit_id=cut.upt or cut.kanwil, galeri=cut.gallery)


def paid_url(campaign: Campaign, cut: Cut) -> str | None:
    """The NTPN behind the deposited PNBP, for those who may see them."""
    if g.person is None or not g.person.may(*READERS) or not set(cut.given()) <= {"kanwil", "upt", "day"}:
        return None
    more = {"hari": cut.day} if cut.day else {}
    return wall_url(campaign.slug, cut, "paid.deposits", **more)


def premi_url(campaign: Campaign, cut: Cut) -> str | None:
    """The workshops behind the premi, for those who may see them."""
    if g.person is None or not g.person.may(*READERS):
        return None
    home = drill.home(g.person)
    given = {PARAMS[name]: value for name, value in cut.given().items() if getattr(home, name) != value}
    return url_for("premi.workshops", slug=campaign.slug, **given)


def how_final(campaign: Campaign, cut: Cut) -> str:
    """What is to be said of a reported figure: whether somebody verified or declared one."""
    if set(cut.given()) <= {"kanwil", "upt"}:
        declared = declared_omzet(campaign, cut.kanwil, cut.upt)
        if declared is not None:
            return _("Dilaporkan kasir sampai sekarang; dideklarasikan %(sum)s.", sum=money.rupiah(declared))
        checked = verified_omzet(campaign, cut.kanwil, cut.upt)
        if checked:
            return _("Dilaporkan kasir; diverifikasi %(sum)s.", sum=money.rupiah(checked))
    return _("Dilaporkan kasir; belum diverifikasi.")


def beside_other_years(campaign: Campaign, cut: Cut) -> dict[str, Any]:
    """The same campaign day of earlier years, for a nation, Kanwil or UPT; empty for what is finer."""
    places = set(cut.given()) <= {"kanwil", "upt"}
    found = compare.years(campaign, cut, g.person, clock.today("WIT")) if places else []
    return {
        "years": found,
        "curves": compare.curves(found),
        "gain": compare.gain(found),
        "years_url": wall_url(campaign.slug, cut, "years.beside") if found else "",
    }

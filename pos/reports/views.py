"""The campaign board and its way down to the nota, its JSON, its exports, and the audited books."""

from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request, url_for
from flask_babel import format_date, pgettext
from flask_babel import gettext as _

from pos import clock, exports, money, web
from pos.campaigns import planning
from pos.campaigns.models import Campaign
from pos.campaigns.services import all_campaigns, campaign_for, state
from pos.errors import N_, NC_, NotSignedIn, PosError, Sentence
from pos.listing_pdf import Column
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES, FLAG_NAMES
from pos.reports import board as boards
from pos.reports import books as booking
from pos.reports import drill, export
from pos.reports.audit import audit
from pos.reports.board import BY, Cut, Row, Totals
from pos.reports.words import DIMENSION_NAMES, RULE_NAMES

bp = Blueprint("reports", __name__)
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


@bp.get("/kampanye")
@web.require()
def campaigns() -> Any:
    today = clock.today(g.person.zone)
    cut = drill.home(g.person)
    cards = [
        {"campaign": one, "totals": boards.totals(one, cut), "state": _state(one, cut)} for one in all_campaigns(today)
    ]
    return render_template(
        "reports/campaigns.html", cards=cards, may_edit=planning.may_edit(g.person), national=cut == Cut()
    )


@bp.get("/kampanye/<slug>")
def board(slug: str) -> Any:
    campaign = campaign_for(g.person, slug)
    cut, per, sort = _asked(campaign)
    found = boards.totals(campaign, cut, per if per in BY else None)
    rows, page, pages = _page_of(campaign, cut, per, sort, found)
    return render_template(
        "reports/board.html",
        totals=found,
        rows=rows,
        page=page,
        pages=pages,
        per=per,
        sort=sort,
        dimension=DIMENSION_NAMES[per],
        poll=_api_url(slug, cut, "day"),
        poll_rows=_api_url(slug, cut, per) if per in BY else "",
        row_url=lambda row: _row_url(slug, cut, per, row),
        table_url=lambda kind: _table_url(slug, cut, per, sort, kind),
        **_frame(campaign, cut),
    )


def _page_of(campaign: Campaign, cut: Cut, per: str, sort: str, found: Totals) -> tuple[Sequence[Any], int, int]:
    """The rows of the open table on the page asked for, that page's number, and how many there are."""
    page = max(1, request.args.get("hal", 1, web.number))
    if per == "nota":
        notas, count = drill.notas(campaign, cut, g.person, page, sort)
        return notas, page, -(-count // drill.PER_PAGE)
    rows = _sorted(found.rows, sort)
    return rows[(page - 1) * ROWS_SHOWN : page * ROWS_SHOWN], page, -(-len(rows) // ROWS_SHOWN)


def _frame(campaign: Campaign, cut: Cut) -> dict[str, Any]:
    """What stands round the table, whichever it is."""
    return {
        "campaign": campaign,
        "cut": cut,
        "title": _title(campaign, cut),
        "days": _chart(campaign, cut),
        "crumbs": _crumbs(campaign, cut),
        "tabs": [(name, DIMENSION_NAMES[name], _url(campaign.slug, cut, name)) for name in _tabs(cut)],
        "state": _state(campaign, cut),
        "reporting": boards.reporting(campaign, cut) if set(cut.given()) <= {"kanwil"} else None,
        "may_edit": planning.may_edit(g.person),
        "national": drill.home(g.person) == Cut() and not cut.given(),
        "zone": g.person.zone if g.person else "WIB",
        "page_url": _page_url,
        "said": _said,
        "wall": request.args.get("layar") == "dinding",
        "sorts": SORTS,
        "buyers": BUYER_NAMES,
        "channels": CHANNEL_NAMES,
    }


@bp.get("/kampanye/<slug>/tabel.<kind>")
def table(slug: str, kind: str) -> Any:
    """The table that the page shows, all of its rows, as CSV, XLSX or PDF."""
    if kind not in (*export.FORMATS, "pdf"):
        raise drill.nowhere()
    campaign = campaign_for(g.person, slug)
    cut, per, sort = _asked(campaign)
    if kind == "pdf":
        return _listing(campaign, cut, per, sort)
    if per == "nota":
        made = _nota_table(campaign, cut, sort)
    else:
        made = _row_table(campaign, per, _sorted(boards.breakdown(campaign, cut, per), sort))
    name = f"{campaign.slug}-{PER[per]}.{kind}"
    return Response(
        export.write(made, kind),
        mimetype=export.FORMATS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@bp.get("/api/campaigns/<slug>/totals")
def totals(slug: str) -> Any:
    campaign = campaign_for(g.person, slug)
    by = request.args.get("by", "kanwil")
    if by not in BY:
        sentence = Sentence(N_("Harus salah satu dari: %(choices)s."), choices=", ".join(BY))
        raise PosError("Rincian ini tidak ada.", fields={"by": sentence})
    cut = drill.cut_for(g.person, {name: request.args[name] for name in PARAMS if request.args.get(name)})
    found = boards.totals(campaign, cut, by)
    answer = jsonify(
        vars(found)
        | {
            "as_of": found.as_of.isoformat() if found.as_of else None,
            "rows": [{name: getattr(row, name) for name in ROW_KEYS} for row in found.rows],
        }
    )
    answer.set_etag(sha256(answer.get_data()).hexdigest()[:32])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.add("Cookie")
    return answer.make_conditional(request)


@bp.get("/buku")
@web.require("admin", "official", "auditor")
def books() -> Any:
    """The audit of the whole database, and what in the reader's scope somebody should look at."""
    rules = audit()
    return render_template(
        "reports/books.html",
        rules=rules,
        words=RULE_NAMES,
        names_places=g.person.level == "ditjenpas",
        conflicts=web.paged(booking.conflicts(g.person)),
        flagged=web.paged(booking.flagged(g.person)),
        flags=FLAG_NAMES,
        page_url=_page_url,
    )


# -- what was asked ------------------------------------------------------------------------------------


def _asked(campaign: Campaign) -> tuple[Cut, str, str]:
    """The cut, the breakdown and the order that the address names."""
    asked = {name: request.args[param] for name, param in PARAMS.items() if request.args.get(param)}
    cut = drill.cut_for(g.person, asked)
    names = {param: name for name, param in PER.items()}
    per = names.get(request.args.get("per", ""), drill.next_step(cut))
    if per == "nota" and g.person is None:
        raise NotSignedIn("Silakan masuk untuk melihat nota.")
    sort = request.args.get("urut", "")
    return cut, per, sort if sort in SORTS else ""


def _tabs(cut: Cut) -> list[str]:
    """The breakdowns that still say something here: nothing that is fixed already, nor what lies above it."""
    hidden = set(cut.given())
    if cut.gallery is not None:
        hidden |= {"kanwil", "upt"}
    if cut.upt is not None:
        hidden.add("kanwil")
    return [name for name in PER if name not in hidden and (name != "nota" or g.person)]


def _url(slug: str, cut: Cut, per: str | None = None) -> str:
    asked = {PARAMS[name]: value for name, value in cut.given().items() if getattr(drill.home(g.person), name) != value}
    return url_for("reports.board", slug=slug, **asked, per=PER[per] if per else None)


def _row_url(slug: str, cut: Cut, per: str, row: Row) -> str | None:
    """Where a row opens; None for strangers where only notas lie below."""
    deeper = drill.deeper(cut, per, row.key)
    return None if g.person is None and drill.next_step(deeper) == "nota" else _url(slug, deeper)


def _table_url(slug: str, cut: Cut, per: str, sort: str, kind: str) -> str:
    asked = {PARAMS[name]: value for name, value in cut.given().items()}
    return url_for("reports.table", slug=slug, kind=kind, **asked, per=PER[per], urut=sort or None)


def _api_url(slug: str, cut: Cut, by: str) -> str:
    return url_for("reports.totals", slug=slug, by=by, **cut.given())


def _crumbs(campaign: Campaign, cut: Cut) -> list[tuple[str, str]]:
    way = drill.way(campaign, g.person, cut)
    above = [(_("Kampanye"), url_for("reports.campaigns"))] if g.person else []
    return above + [(_said(name), _url(campaign.slug, passed)) for name, passed in way]


def _title(campaign: Campaign, cut: Cut) -> str:
    """The campaign's name, after that of the place looked at: its figure must not pass for the nation's."""
    given = cut.given()
    units = [name for name in drill.STEPS[:3] if name in given]
    shown = [*units[-1:], *(name for name in given if name not in units)]
    return " · ".join([*(_said(drill.name_of(campaign, name, given[name])) for name in shown), campaign.name])


def _said(name: str) -> str:
    """A name on the page: a word of ours in the reader's language, a day as people write it, else as it is."""
    try:
        return str(format_date(date.fromisoformat(name), "d MMM yyyy"))
    except ValueError:
        return web.tr(name)


def _row_name(row: Row) -> str:
    return f"{web.tr(row.name)} ({web.tr(row.detail)})" if row.detail == boards.OWN_GALLERY else web.tr(row.name)


def _page_url(number: int) -> str:
    return web.here(hal=number)


def _sorted(rows: list[Row], sort: str) -> list[Row]:
    return sorted(rows, key=lambda row: -getattr(row, sort)) if sort else rows


def _state(campaign: Campaign, cut: Cut) -> dict[str, Any]:
    """Which day of how many it is where one looks from."""
    first, last = window = boards.window_of(campaign, cut)
    today = clock.today(g.person.zone if g.person else "WIB")
    length = (last - first).days + 1
    elapsed = min(max((today - first).days + 1, 0), length)
    return {"name": state(window, today), "day": elapsed, "days": length, "first": first, "last": last}


def _chart(campaign: Campaign, cut: Cut) -> list[dict[str, Any]]:
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


# -- on paper ------------------------------------------------------------------------------------------


def _listing(campaign: Campaign, cut: Cut, per: str, sort: str) -> Response:
    """The table as the page shows it, with its total."""
    found = boards.totals(campaign, cut, per if per in BY else None)
    now = _state(campaign, cut)
    about = [
        " › ".join(_said(name) for name, _passed in drill.way(campaign, g.person, cut)),
        exports.period(now["first"], now["last"]) + (" · " + _("hanya buatan WBP") if campaign.wbp_only else ""),
        _("Dilaporkan kasir; belum diverifikasi."),
    ]
    if per == "nota":
        columns, rows, total = _notas_shown(campaign, cut, sort, found)
        about.append(_("Omzet di sini hanya dari baris yang terhitung dalam kampanye; total nota bisa lebih besar."))
        what = _("Daftar nota")
    else:
        columns, rows, total = _rows_shown(per, _sorted(found.rows, sort), found)
        if per in ("product", "category", "maker"):
            about.append(
                _("Nota berisi beberapa macam barang terhitung di setiap barisnya, dan satu kali pada jumlahnya.")
            )
        dimension = web.tr(DIMENSION_NAMES[per])
        what = _("Per %(what)s", what=dimension if per in ("upt", "kanwil") else dimension.lower())
    return exports.pdf(f"{campaign.slug}-{PER[per]}", f"{campaign.name} · {what}", about, columns, rows, total)


Shown = tuple[list[Column], list[tuple[str, ...]], tuple[str, ...]]  # columns, rows and the total


def _rows_shown(per: str, rows: list[Row], found: Totals) -> Shown:
    detail = {"gallery": _("UPT"), "product": _("Pembuat")}.get(per)
    columns = [Column(web.tr(DIMENSION_NAMES[per])), *([Column(detail)] if detail else [])]
    figures = (_("Omzet"), _("Bagian"), web.tr(SORTS["pieces"]), web.tr(SORTS["sales"]), _("PNBP"), _("Premi"))
    cells = [
        (_said(_row_name(row)), *([row.detail] if detail else []), *_figures(row, _percent(row.omzet, found.omzet)))
        for row in rows
    ]
    total = (pgettext("total", "Jumlah"), *([""] if detail else []), *_figures(found, ""))
    return columns + [Column(name, True) for name in figures], cells, total


def _figures(row: Row | Totals, share: str) -> tuple[str, ...]:
    pieces, sales = money.quantity_text(row.pieces), money.grouped(row.sales)
    return (money.rupiah(row.omzet), share, pieces, sales, money.rupiah(row.pnbp), money.rupiah(row.premi))


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.1f}%".replace(".", ",") if whole > 0 else "0%"


def _notas_shown(campaign: Campaign, cut: Cut, sort: str, found: Totals) -> Shown:
    rows, _count = drill.notas(campaign, cut, g.person, None, sort)
    texts = (pgettext("daftar", "Nota"), _("Waktu"), _("Galeri"), _("UPT"), _("Pembeli"), _("Kanal"))
    cells: list[tuple[str, ...]] = [
        (
            row.receipt,
            web.FILTERS["at"](row.sold_at, row.zone),
            row.gallery,
            row.seller,
            web.tr(BUYER_NAMES[row.buyer]),
            web.tr(CHANNEL_NAMES[row.channel]),
            money.rupiah(row.omzet),
            money.quantity_text(row.pieces),
            money.rupiah(row.pnbp),
        )
        for row in rows
    ]
    total = (money.rupiah(found.omzet), money.quantity_text(found.pieces), money.rupiah(found.pnbp))
    columns = [Column(name) for name in texts]
    columns += [Column(name, True) for name in (_("Omzet"), web.tr(SORTS["pieces"]), _("PNBP"))]
    return columns, cells, (pgettext("total", "Jumlah"), *[""] * 5, *total)


# -- exports -------------------------------------------------------------------------------------------


def _row_table(campaign: Campaign, per: str, rows: list[Row]) -> export.Table:
    detail = {"gallery": N_("UPT"), "product": N_("Pembuat")}.get(per)
    columns = [
        DIMENSION_NAMES[per],
        *([detail] if detail else []),
        N_("Omzet (Rp)"),
        SORTS["pieces"],
        SORTS["sales"],
        N_("PNBP (Rp)"),
        N_("Premi (Rp)"),
    ]
    cells = [
        (
            date.fromisoformat(row.key) if per == "day" else _row_name(row),
            *([row.detail] if detail else []),
            row.omzet,
            row.pieces / 1000,
            row.sales,
            row.pnbp,
            row.premi,
        )
        for row in rows
    ]
    return export.Table(campaign.name, [web.tr(column) for column in columns], cells)


def _nota_table(campaign: Campaign, cut: Cut, sort: str) -> export.Table:
    rows, _count = drill.notas(campaign, cut, g.person, None, sort)
    columns = ["Nota", "Waktu", "Zona", "UPT", "Galeri", "Pembeli", "Kanal", "Omzet (Rp)", "Jumlah", "PNBP (Rp)"]
    cells = [
        (
            row.receipt,
            clock.local(row.sold_at, row.zone).replace(tzinfo=None, microsecond=0),
            row.zone,
            row.seller,
            row.gallery,
            web.tr(BUYER_NAMES[row.buyer]),
            web.tr(CHANNEL_NAMES[row.channel]),
            row.omzet,
            row.pieces / 1000,
            row.pnbp,
        )
        for row in rows
    ]
    return export.Table(campaign.name, [web.tr(column) for column in columns], cells)

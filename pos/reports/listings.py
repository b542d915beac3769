"""The tables of a campaign as they leave the pages: CSV and XLSX to go on with, PDF to put on a table."""

from datetime import date

from flask import Response, g
from flask_babel import gettext as _
from flask_babel import pgettext

from pos import clock, exports, money, web
from pos.campaigns.models import Campaign
from pos.errors import N_
from pos.listing_pdf import Column
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES
from pos.reports import board as boards
from pos.reports import drill, export
from pos.reports.board import BY, Cut, Row, Totals
from pos.reports.frame import PER, SORTS, days_of, how_final, ordered, row_name, said
from pos.reports.words import DIMENSION_NAMES


def listing(campaign: Campaign, cut: Cut, per: str, sort: str) -> Response:
    """The table as the page shows it, with its total."""
    found = boards.totals(campaign, cut, per if per in BY else None)
    now = days_of(campaign, cut)
    about = [
        " › ".join(said(name) for name, _passed in drill.way(campaign, g.person, cut)),
        exports.period(now["first"], now["last"]) + (" · " + _("hanya buatan WBP") if campaign.wbp_only else ""),
        how_final(campaign, cut),
    ]
    if per == "nota":
        columns, rows, total = _notas_shown(campaign, cut, sort, found)
        about.append(_("Omzet di sini hanya dari baris yang terhitung dalam kampanye; total nota bisa lebih besar."))
        what = _("Daftar nota")
    else:
        columns, rows, total = _rows_shown(per, ordered(found.rows, sort), found)
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
        (said(row_name(row)), *([row.detail] if detail else []), *_figures(row, percent(row.omzet, found.omzet)))
        for row in rows
    ]
    total = (pgettext("total", "Jumlah"), *([""] if detail else []), *_figures(found, ""))
    return columns + [Column(name, True) for name in figures], cells, total


def _figures(row: Row | Totals, share: str) -> tuple[str, ...]:
    pieces, sales = money.quantity_text(row.pieces), money.grouped(row.sales)
    return (money.rupiah(row.omzet), share, pieces, sales, money.rupiah(row.pnbp), money.rupiah(row.premi))


def percent(part: int, whole: int) -> str:
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


def row_table(campaign: Campaign, per: str, rows: list[Row]) -> export.Table:
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
            date.fromisoformat(row.key) if per == "day" else row_name(row),
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


def nota_table(campaign: Campaign, cut: Cut, sort: str) -> export.Table:
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

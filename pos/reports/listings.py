"""The tables of a campaign as they leave the pages: CSV and XLSX to go on with, PDF to put on a table."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import pgettext

from pos import exports, money, web
from pos.campaigns.models import Campaign
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES
from pos.reports import board as boards
from pos.reports import drill
from pos.reports.board import BY, Cut
from pos.reports.frame import PER, SORTS, days_of, how_final, ordered, row_name, said
from pos.reports.tables import Field, Table, instant, listed
from pos.reports.words import DIMENSION_NAMES


def listing(campaign: Campaign, cut: Cut, per: str, sort: str) -> Table:
    """What the page shows, all of it, with its total."""
    found = boards.totals(campaign, cut, per if per in BY else None)
    dimension = web.tr(DIMENSION_NAMES[per])
    rows: Sequence[Any]
    if per == "nota":
        what, fields = _("Daftar nota"), _fields_of_notas()
        rows, _count = drill.notas(campaign, cut, g.person, None, sort)
    else:
        what = _("Per %(what)s", what=dimension if per in ("upt", "kanwil") else dimension.lower())
        fields, rows = _fields_of(per, dimension, found.omzet), ordered(found.rows, sort)
    table = listed(fields, rows)
    total = [field.cell(found) if field.adds else None for field in fields]
    name, title = f"{campaign.slug}-{PER[per]}", f"{campaign.name} · {what}"
    total[0] = pgettext("total", "Jumlah")
    return Table(name, title, _about(campaign, cut, per), table.columns, table.rows, total)


def _about(campaign: Campaign, cut: Cut, per: str) -> list[str]:
    now = days_of(campaign, cut)
    about = [
        " › ".join(said(name) for name, _passed in drill.way(campaign, g.person, cut)),
        exports.period(now["first"], now["last"]) + (" · " + _("hanya buatan WBP") if campaign.wbp_only else ""),
        how_final(campaign, cut),
    ]
    if per == "nota":
        about.append(_("Omzet di sini hanya dari baris yang terhitung dalam kampanye; total nota bisa lebih besar."))
    elif per in ("product", "category", "maker"):
        about.append(_("Nota berisi beberapa macam barang terhitung di setiap barisnya, dan satu kali pada jumlahnya."))
    return about


def _fields_of(per: str, dimension: str, whole: int) -> list[Field]:
    """The columns of a breakdown; those that add up are figures of the board's total too."""
    detail = {"gallery": _("UPT"), "product": _("Pembuat")}.get(per)
    first = (
        Field(dimension, lambda row: date.fromisoformat(row.key), "day")
        if per == "day"
        else Field(dimension, lambda row: said(row_name(row)))
    )
    return [
        first,
        *([Field(detail, "detail")] if detail else []),
        Field(_("Omzet"), "omzet", "rupiah", True),
        Field(_("Bagian"), lambda row: share(row.omzet, whole), "percent"),
        Field(web.tr(SORTS["pieces"]), "pieces", "quantity", True),
        Field(web.tr(SORTS["sales"]), "sales", "count", True),
        Field(_("PNBP"), "pnbp", "rupiah", True),
        Field(_("Premi"), "premi", "rupiah", True),
    ]


def share(part: int, whole: int) -> int:
    """The part of a whole in tenths of a percent."""
    return money.half_up(part * 1000, whole) if whole > 0 else 0


def _fields_of_notas() -> list[Field]:
    return [
        Field(pgettext("daftar", "Nota"), "receipt"),
        Field(_("Waktu"), instant("sold_at"), "at"),
        Field(_("Zona"), "zone"),
        Field(_("Galeri"), "gallery"),
        Field(_("UPT"), "seller"),
        Field(_("Pembeli"), lambda nota: web.tr(BUYER_NAMES[nota.buyer])),
        Field(_("Kanal"), lambda nota: web.tr(CHANNEL_NAMES[nota.channel])),
        Field(_("Omzet"), "omzet", "rupiah", True),
        Field(web.tr(SORTS["pieces"]), "pieces", "quantity", True),
        Field(_("PNBP"), "pnbp", "rupiah", True),
    ]

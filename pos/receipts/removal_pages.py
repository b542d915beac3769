"""Pages of what was taken out of carts after it had been scanned: the list and its files."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from pos import clock, exports, money, sheets, web
from pos.db import db
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.register import removals as taken
from pos.register.words import REMOVAL_NAMES
from pos.units import services as units

bp = Blueprint("removals", __name__)
FILTERS = ("kasir", "jenis", "dari", "sampai")


@bp.get("/keranjang")
@web.require("staff", "official", "admin", "auditor")
def removals() -> Any:
    asked = _asked()
    query = _found(asked)
    return render_template(
        "receipts/removals.html",
        page=web.paged(query),
        worth=taken.worth(query),
        asked=asked,
        filtered=any(asked.values()),
        registers=taken.registers(g.person),
        galleries=units.galleries_for(g.person) if g.person.may("staff", "admin") else [],
        kinds=REMOVAL_NAMES,
        export_link=lambda kind: url_for("removals.export", kind=kind, **_given(asked)),
        page_link=lambda number: web.here(hal=number),
    )


@bp.get("/keranjang.<any(csv, xlsx, pdf):kind>")
@web.require("staff", "official", "admin", "auditor")
def export(kind: str) -> Any:
    """Everything that the list shows, on all its pages."""
    asked = _asked()
    query = _found(asked)
    rows = db.session.execute(query.limit(sheets.MAX_ROWS + 1)).all()
    if len(rows) > sheets.MAX_ROWS:
        raise PosError(
            "Lebih dari %(most)d baris. Saring per bulan atau per kasir, lalu unduh lagi.", most=sheets.MAX_ROWS
        )
    title, name = _("Dikeluarkan dari keranjang"), f"keranjang-{clock.today(g.person.zone)}"
    if kind == "pdf":
        return _listing(name, title, rows, taken.worth(query), asked)
    header = [_("Tanggal usaha"), _("Waktu"), _("Zona"), _("Galeri"), _("Meja kasir"), _("Kasir"), _("Kejadian")]
    header += [_("Produk"), _("Kode"), _("Jumlah"), _("Satuan"), _("Nilai (Rp)"), _("Nota")]
    cells = [
        [
            row.business_date,
            f"{clock.local(row.at, row.zone):%H.%M.%S}",
            row.zone,
            row.gallery,
            row.register,
            row.cashier,
            web.tr(REMOVAL_NAMES[row.kind]),
            row.name,
            row.barcode,
            money.quantity_text(row.quantity),
            row.unit_of_measure,
            row.amount,
            row.receipt or "",
        ]
        for row in rows
    ]
    return exports.sheet(name, kind, title, header, cells)


def _listing(name: str, title: str, rows: Sequence[Any], worth: int, asked: dict[str, str]) -> Any:
    head = (_("Waktu"), _("Meja kasir"), _("Kasir"), _("Kejadian"), _("Produk"), _("Nota"))
    cells = [
        (
            web.FILTERS["at"](row.at, row.zone),
            row.register,
            row.cashier,
            web.tr(REMOVAL_NAMES[row.kind]),
            f"{money.quantity_text(row.quantity)} {row.unit_of_measure} {row.name or row.barcode}",
            row.receipt or "",
            money.rupiah(row.amount),
        )
        for row in rows
    ]
    about = [
        g.person.unit_name,
        exports.period(_day(asked["dari"]), _day(asked["sampai"])),
        exports.asked({_("Meja kasir"): asked["kasir"], _("Kejadian"): web.tr(REMOVAL_NAMES.get(asked["jenis"], ""))}),
        _("%(count)s kejadian", count=money.grouped(len(rows))),
    ]
    total = (pgettext("total", "Jumlah"), *[""] * 5, money.rupiah(worth))
    return exports.pdf(name, title, about, [*map(Column, head), Column(_("Nilai"), True)], cells, total)


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").strip() for name in FILTERS}


def _given(asked: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value}


def _found(asked: dict[str, str]) -> Any:
    kind = asked["jenis"] if asked["jenis"] in REMOVAL_NAMES else ""
    return taken.removals(g.person, asked["kasir"], kind, _day(asked["dari"]), _day(asked["sampai"]))


def _day(text: str) -> date | None:
    """What was asked for; nothing where it is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""The table and the chart of the report page, from the sums."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import g
from flask_babel import format_date, pgettext
from flask_babel import gettext as _

from pos import money, sheets, web
from pos.db import db
from pos.errors import N_
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES
from pos.reports import report_asked, sums, tables
from pos.reports.periods import Period
from pos.reports.report_asked import PER, SHORT, Asked
from pos.reports.report_words import COLUMNS, COSTED, DETAILED, DIMENSIONS
from pos.reports.sums import Row
from pos.reports.tables import Col, Table

ROLES_WITH_COSTS = ("staff", "official", "admin", "auditor")
KINDS = {"sales": "count", "pieces": "quantity"}  # of columns; the others are rupiah
KEYS = {"day": "day", "month": "month"}
DETAIL_NAMES = {"gallery": N_("Unit"), "register": N_("Galeri"), "cashier": N_("Nama masuk"), "product": N_("Pembuat")}
OF_NOTAS = ("omzet", "other", "pieces", "pnbp", "premi")


def columns_of(asked: Asked, whole: Row) -> list[str]:
    """The columns that say something here and that the reader may see."""
    left_out = set() if asked.details else {*DETAILED, *COSTED}
    if not g.person.may(*ROLES_WITH_COSTS):
        left_out |= set(COSTED)
    if whole.other == 0:
        left_out.add("other")
    return [name for name in COLUMNS if name not in left_out]


def rows_of(asked: Asked) -> list[Row]:
    """The rows of the breakdown in the order asked for."""
    rows = sums.breakdown(asked.view, asked.per, asked.details)
    column = asked.sort.removeprefix("-")
    if not column and asked.per not in KEYS:  # by what stands first; goods not made by WBP come last, by what they took
        return sorted(rows, key=lambda row: (-row.omzet, -row.takings))
    if not column or not rows or getattr(rows[0], column) is None:
        return rows
    return sorted(rows, key=lambda row: getattr(row, column), reverse=asked.sort.startswith("-"))


def key_of(per: str, row: Row) -> Any:
    """What the first cell of a row holds: a day is a day, a month its first."""
    if per == "day":
        return date.fromisoformat(row.key)
    return tables.day_of_month(row.key) if per == "month" else web.tr(row.name)


def cell(column: str, row: Any) -> str:
    return tables.shown(KINDS.get(column, "rupiah"), int(getattr(row, column)))


def table(asked: Asked) -> Table:
    """The breakdown as files have it, every row."""
    whole = sums.total(asked.view, asked.details)
    rows, columns = rows_of(asked), columns_of(asked, whole)
    dimension, with_detail = web.tr(DIMENSIONS[asked.per]), any(row.detail for row in rows)
    cols = [Col(dimension, KEYS.get(asked.per, "text"))]
    if with_detail:
        cols.append(Col(web.tr(DETAIL_NAMES[asked.per])))
    cols += [Col(web.tr(COLUMNS[name]), KINDS.get(name, "rupiah")) for name in columns]
    return Table(
        f"laporan-{PER[asked.per]}-{asked.period.since}-{asked.period.until}",
        _("Laporan per %(what)s", what=dimension if asked.per in ("upt", "kanwil") else dimension.lower()),
        _about(asked),
        cols,
        [[key_of(asked.per, row), *([row.detail] if with_detail else []), *_figures(row, columns)] for row in rows],
        [pgettext("total", "Jumlah"), *([None] if with_detail else []), *_figures(whole, columns)],
    )


def notas_table(asked: Asked) -> Table:
    """Every nota of the view, as far as it counts there."""
    found = db.session.execute(sums.notas(asked.view).limit(sheets.MAX_ROWS + 1)).all()
    heads = [pgettext("daftar", "Nota"), _("Tanggal usaha"), _("Waktu"), _("Galeri"), _("Unit")]
    heads += [_("Kasir"), _("Pembeli"), _("Kanal")]
    kinds = ["text", "day", "at", *["text"] * 5]
    cols = [Col(name, kind) for name, kind in zip(heads, kinds, strict=True)]
    cols += [Col(web.tr(COLUMNS[name]), KINDS.get(name, "rupiah")) for name in OF_NOTAS]
    rows = [
        [
            row.receipt,
            row.business_date,
            (row.sold_at, row.zone),
            row.gallery_name,
            row.seller_name,
            row.cashier,
            web.tr(BUYER_NAMES[row.buyer]),
            web.tr(CHANNEL_NAMES[row.channel]),
            *_figures(row, OF_NOTAS),
        ]
        for row in found
    ]
    total = [pgettext("total", "Jumlah"), *[None] * 7, *_figures(sums.total(asked.view), OF_NOTAS)]
    name = f"laporan-nota-{asked.period.since}-{asked.period.until}"
    return Table(name, _("Daftar nota"), _about(asked), cols, rows, total)


def _figures(row: Any, columns: Sequence[str]) -> list[int]:
    return [int(getattr(row, name)) for name in columns]


def _about(asked: Asked) -> list[str]:
    lines = [*report_asked.about(asked.period, asked.view), _("Dilaporkan kasir; belum diverifikasi.")]
    if asked.per in sums.SHARED:
        lines.append(_("Nota berisi beberapa macam barang terhitung di setiap barisnya, dan satu kali pada jumlahnya."))
    return lines


# -- the chart -----------------------------------------------------------------------------------------


def chart(asked: Asked) -> dict[str, Any]:
    """Takings of each day or month of the period, those without any too."""
    period, per = asked.period, "day" if asked.period.days <= SHORT else "month"
    sold = {row.key: row for row in sums.breakdown(asked.view, per)}
    points: list[dict[str, Any]] = []
    for key in _days(period) if per == "day" else _months(period):
        row = sold.get(key) or Row(key, "", "", *[0] * 6)
        name = tables.shown(per, key_of(per, row))
        title = f"{name}: {money.rupiah(row.takings)}, {_('%(count)s nota', count=money.grouped(row.sales))}"
        points.append({"name": _short(per, key), "value": row.takings, "title": title})
    highest = max((point["value"] for point in points), default=0)
    label = _("Penjualan per hari") if per == "day" else _("Penjualan per bulan")
    return {"points": points if len(points) > 1 else [], "label": label, "top": money.rupiah(highest)}


def _days(period: Period) -> list[str]:
    return [(period.since + timedelta(n)).isoformat() for n in range(period.days)]


def _months(period: Period) -> list[str]:
    first, last = (day.year * 12 + day.month - 1 for day in (period.since, period.until))
    return [f"{month // 12}{month % 12 + 1:02d}" for month in range(first, last + 1)]


def _short(per: str, key: str) -> str:
    day = date.fromisoformat(key) if per == "day" else tables.day_of_month(key)
    return str(format_date(day, "d MMM" if per == "day" else "MMM yyyy"))

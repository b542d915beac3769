"""The special reports as tables: each has a few views of the same rows, and perhaps a chart."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import g, url_for
from flask_babel import format_date, pgettext
from flask_babel import gettext as _

from pos import money, web
from pos.errors import N_, NC_
from pos.register.models import TENDERS, Sale
from pos.register.words import FLAG_NAMES, TENDER_NAMES
from pos.reports import specials, sums
from pos.reports.sums import View
from pos.reports.tables import Col

A_MONDAY = date(2024, 1, 1)
ACTS = {"discount": N_("Diskon"), "refund": N_("Retur"), "correction": N_("Koreksi cara bayar")}


@dataclass(frozen=True)
class Special:
    """What one view of a report shows: columns, rows, which columns add up, links of rows, and points of a chart."""

    columns: Sequence[Col]
    rows: Sequence[Sequence[Any]]
    adds: Sequence[int] = ()
    links: Sequence[str] = ()
    chart: int | None = None  # the column that is drawn
    heat: dict[str, Any] = field(default_factory=dict)

    @property
    def total(self) -> list[Any]:
        if not self.rows or not self.adds:
            return []
        sums: list[Any] = [None] * len(self.columns)
        for i in self.adds:
            sums[i] = sum(row[i] or 0 for row in self.rows)
        return [pgettext("total", "Jumlah"), *sums[1:]]


# -- discounts -----------------------------------------------------------------------------------------


def discounts_by_cashier(view: View) -> Special:
    sold = {row.key: row for row in sums.breakdown(view, "cashier", True)}
    found: dict[int, list[Any]] = defaultdict(list)
    for row in specials.discounts(view):
        found[row.cashier_id].append(row)
    rows = []
    for cashier_id, notas in found.items():
        gross, off = (sum(int(getattr(nota, name)) for nota in notas) for name in ("gross", "off"))
        all_gross = sold[str(cashier_id)].gross or 0
        beyond = sum("discount" in nota.flags.split() for nota in notas)
        agreed = sum(nota.approver is not None for nota in notas)
        rows.append([notas[0].cashier, len(notas), agreed, beyond, gross, off, _tenths(off, all_gross)])
    columns = [
        Col(pgettext("layar", "Kasir")),
        Col(_("Nota berdiskon"), "count"),
        Col(_("Disetujui"), "count"),
        Col(_("Di atas batas"), "count"),
        Col(_("Kotor"), "rupiah"),
        Col(_("Diskon"), "rupiah"),
        Col(_("Dari seluruh penjualannya"), "percent"),
    ]
    rows.sort(key=lambda row: (-row[5], row[0]))
    return Special(columns, rows, (1, 2, 3, 4, 5), chart=5)


def discounts(view: View) -> Special:
    found = specials.discounts(view)
    columns = [
        Col(pgettext("daftar", "Nota")),
        Col(_("Waktu"), "at"),
        Col(_("Galeri")),
        Col(pgettext("layar", "Kasir")),
        Col(_("Kotor"), "rupiah"),
        Col(_("Diskon"), "rupiah"),
        Col(_("Bagian"), "percent"),
        Col(_("Disetujui oleh")),
        Col(_("Alasan")),
        Col(_("Catatan")),
    ]
    rows = [
        [
            row.receipt,
            (row.sold_at, row.zone),
            row.gallery_name,
            row.cashier,
            int(row.gross),
            int(row.off),
            _tenths(int(row.off), int(row.gross)),
            row.approver,
            row.reason,
            _flags(row.flags, "discount"),
        ]
        for row in found
    ]
    return Special(columns, rows, (4, 5), _receipts(found))


# -- returns -------------------------------------------------------------------------------------------


def returns(view: View) -> Special:
    found = specials.returns(view)
    columns = [
        Col(_("Retur")),
        Col(_("Waktu"), "at"),
        Col(_("Atas nota")),
        Col(_("Setelah")),
        Col(_("Galeri")),
        Col(pgettext("layar", "Kasir")),
        Col(_("Alasan")),
        Col(_("Disetujui oleh")),
        Col(_("Catatan")),
        Col(_("Dikembalikan"), "rupiah"),
    ]
    rows = [
        [
            row.receipt,
            (row.sold_at, row.zone),
            row.of,
            after(row.sold_at - row.first_sold_at),
            row.gallery_name,
            row.cashier,
            row.note,
            row.approver,
            _flags(row.flags, "not_approved", "before_sale"),
            int(row.total),
        ]
        for row in found
    ]
    return Special(columns, rows, (9,), _receipts(found))


def returns_by_cashier(view: View) -> Special:
    return _returns_by(view, pgettext("layar", "Kasir"), lambda row: row.cashier)


def returns_by_reason(view: View) -> Special:
    return _returns_by(view, _("Alasan"), lambda row: row.note or _("tanpa alasan"))


def _returns_by(view: View, name: str, key: Callable[[Any], str]) -> Special:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in specials.returns(view):
        found[key(row)].append(row)
    rows: list[list[Any]] = [
        [text, len(notas), sum(nota.approver is None for nota in notas), sum(int(nota.total) for nota in notas)]
        for text, notas in found.items()
    ]
    rows.sort(key=lambda row: (-row[3], row[0]))
    columns = [Col(name), Col(_("Retur"), "count"), Col(_("Tanpa persetujuan"), "count")]
    return Special([*columns, Col(_("Dikembalikan"), "rupiah")], rows, (1, 2, 3), chart=3)


def after(span: timedelta) -> str:
    """How long after the sale: `12 menit`, `3 jam`, `2 hari`."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("%(count)s menit", count=minutes)
    return _("%(count)s jam", count=minutes // 60) if minutes < 2880 else _("%(count)s hari", count=minutes // 1440)


# -- approvals -----------------------------------------------------------------------------------------


def approvals(view: View) -> Special:
    found = specials.approvals(view, g.person.zone)
    columns = [
        Col(_("Waktu"), "at"),
        Col(_("Untuk")),
        Col(_("Meja kasir")),
        Col(_("Diminta oleh")),
        Col(_("Disetujui oleh")),
        Col(_("Alasan")),
        Col(pgettext("daftar", "Nota")),
        Col(_("Total nota"), "rupiah"),
    ]
    rows = [
        [
            (row.at, g.person.zone),
            web.tr(ACTS[row.act]),
            row.register,
            row.asked,
            row.agreed,
            row.reason,
            row.receipt or _("tidak dipakai"),
            row.total,
        ]
        for row in found
    ]
    return Special(columns, rows, links=_receipts(found))


def approvals_by_person(view: View) -> Special:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in specials.approvals(view, g.person.zone):
        found[row.approved_by].append(row)
    rows = [
        [given[0].agreed, *(sum(row.act == act for row in given) for act in ACTS), len(given)]
        for given in found.values()
    ]
    rows.sort(key=lambda row: (-int(row[-1]), str(row[0])))
    columns = [Col(_("Disetujui oleh")), *(Col(web.tr(text), "count") for text in ACTS.values())]
    return Special([*columns, Col(pgettext("total", "Jumlah"), "count")], rows, (1, 2, 3, 4), chart=4)


# -- ways of paying ------------------------------------------------------------------------------------


def methods(view: View) -> Special:
    paid = specials.methods(view).get("", {})
    settled = specials.settled(view, g.person.zone)
    columns = [
        Col(_("Cara bayar")),
        Col(_("Pembayaran"), "count"),
        Col(_("Penjualan"), "rupiah"),
        Col(_("Dikembalikan"), "rupiah"),
        Col(_("Bersih"), "rupiah"),
        Col(_("Pelunasan diterima"), "rupiah"),
    ]
    rows = []
    for name in TENDERS:
        of = paid.get(name)
        if of or name in settled:
            of = of or {"count": 0, "sold": 0, "back": 0}
            sums_of = [of["count"], of["sold"], of["back"], of["sold"] - of["back"], settled.get(name, 0)]
            rows.append([web.tr(TENDER_NAMES[name]), *sums_of])
    return Special(columns, rows, (1, 2, 3, 4, 5), chart=4)


def methods_by_day(view: View) -> Special:
    found = specials.methods(view, Sale.business_date)
    return _methods_by(found, Col(_("Hari"), "day"), lambda key: key, chart=len(TENDERS) + 1)


def methods_by_gallery(view: View) -> Special:
    found = specials.methods(view, Sale.gallery_id)
    names = sums.gallery_names(list(found), view.since, view.until)
    return _methods_by(found, Col(_("Galeri")), lambda key: names[key][0])


def _methods_by(found: dict[Any, Any], first: Col, name: Callable[[Any], Any], chart: int | None = None) -> Special:
    """A column for each way of paying, net of what was given back."""
    rows = []
    for key, paid in found.items():
        net = [paid[method]["sold"] - paid[method]["back"] if method in paid else 0 for method in TENDERS]
        rows.append([name(key), *net, sum(net)])
    columns = [first, *(Col(web.tr(TENDER_NAMES[method]), "rupiah") for method in TENDERS)]
    adds = range(1, len(TENDERS) + 2)
    return Special([*columns, Col(pgettext("total", "Jumlah"), "rupiah")], rows, adds, chart=chart)


# -- cash variances ------------------------------------------------------------------------------------


def variances(view: View) -> Special:
    found = specials.variances(view)
    columns = [
        Col(_("Laporan Z")),
        Col(_("Tanggal usaha"), "day"),
        Col(_("Galeri")),
        Col(_("Dibuka oleh")),
        Col(_("Ditutup oleh")),
        Col(_("Ditutup"), "at"),
        Col(_("Seharusnya"), "rupiah"),
        Col(_("Dihitung"), "rupiah"),
        Col(_("Selisih"), "rupiah"),
        Col(_("Alasan")),
    ]
    rows = [
        [
            f"{row.register} #{row.number}",
            row.business_date,
            row.gallery,
            row.opened_by,
            row.closed_by,
            (row.closed_at, row.zone),
            row.expected,
            row.counted,
            row.counted - row.expected,
            row.reason,
        ]
        for row in found
    ]
    links = [url_for("shifts.shift", shift_id=row.id) for row in found]
    return Special(columns, rows, (6, 7, 8), links)


def variances_by_cashier(view: View) -> Special:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in specials.variances(view):
        found[row.person_id].append(row)
    rows = []
    for shifts in found.values():
        gaps = [row.counted - row.expected for row in shifts]
        over, short = sum(gap for gap in gaps if gap > 0), sum(gap for gap in gaps if gap < 0)
        rows.append([shifts[0].closed_by, len(shifts), sum(gap != 0 for gap in gaps), over, short, over + short])
    rows.sort(key=lambda row: (int(row[4]), str(row[0])))
    columns = [Col(_("Ditutup oleh")), Col(_("Giliran"), "count"), Col(_("Berselisih"), "count")]
    columns += [Col(_("Lebih"), "rupiah"), Col(_("Kurang"), "rupiah"), Col(_("Selisih"), "rupiah")]
    return Special(columns, rows, (1, 2, 3, 4, 5))


# -- busy hours ----------------------------------------------------------------------------------------


def busy_by_notas(view: View) -> Special:
    return _busy(view, 0, "count")


def busy_by_takings(view: View) -> Special:
    return _busy(view, 1, "rupiah")


def _busy(view: View, which: int, kind: str) -> Special:
    found = specials.hours(view)
    if not found:
        return Special([Col(_("Hari"))], [])
    first, last = min(hour for _day, hour in found), max(hour for _day, hour in found)
    span = range(first, last + 1)
    names = [f"{hour:02d}.00" for hour in span]
    values = [[found.get((day, hour), (0, 0))[which] for hour in span] for day in range(7)]
    days = [str(format_date(A_MONDAY + timedelta(day), "EEEE")) for day in range(7)]
    rows = [[day, *of, sum(of)] for day, of in zip(days, values, strict=True)]
    columns = [Col(_("Hari")), *(Col(name, kind) for name in names), Col(pgettext("total", "Jumlah"), kind)]
    shown = money.rupiah if kind == "rupiah" else money.grouped
    cells = [
        [
            {
                "value": value,
                "text": ("" if not value else _short(value) if kind == "rupiah" else shown(value)),
                "title": f"{day} {name}: {shown(value)}",
            }
            for name, value in zip(names, of, strict=True)
        ]
        for day, of in zip(days, values, strict=True)
    ]
    return Special(columns, rows, range(1, len(columns)), heat={"rows": days, "columns": names, "cells": cells})


def _short(rupiah: int) -> str:
    """`1,2 jt` or `350 rb`, for a cell."""
    if rupiah >= 999_500:
        return _("%(count)s jt", count=f"{rupiah / 1_000_000:.1f}".replace(".", ","))
    return _("%(count)s rb", count=round(rupiah / 1000))


# -- shared --------------------------------------------------------------------------------------------


def _tenths(part: int, whole: int) -> int:
    return money.half_up(part * 1000, whole) if whole > 0 else 0


def _flags(flags: str, *wanted: str) -> str:
    return "; ".join(web.tr(FLAG_NAMES[flag]) for flag in flags.split() if flag in wanted)


def _receipts(found: Sequence[Any]) -> list[str]:
    return [url_for("receipts.sale", receipt=row.receipt) if row.receipt else "" for row in found]


Builder = Callable[[View], Special]
# The reports by address: name, and the views of each by address; the first is shown unless another is asked for.
REPORTS: dict[str, tuple[str, dict[str, tuple[str, Builder]]]] = {
    "diskon": (N_("Diskon"), {"kasir": (N_("Per kasir"), discounts_by_cashier), "nota": (N_("Per nota"), discounts)}),
    "retur": (
        N_("Retur"),
        {
            "nota": (N_("Per nota"), returns),
            "kasir": (N_("Per kasir"), returns_by_cashier),
            "alasan": (N_("Per alasan"), returns_by_reason),
        },
    ),
    "persetujuan": (
        N_("Persetujuan"),
        {"daftar": (N_("Daftar"), approvals), "petugas": (N_("Per petugas"), approvals_by_person)},
    ),
    "cara-bayar": (
        N_("Cara bayar"),
        {
            "cara": (N_("Per cara bayar"), methods),
            "hari": (N_("Per hari"), methods_by_day),
            "galeri": (N_("Per galeri"), methods_by_gallery),
        },
    ),
    "selisih-kas": (
        N_("Selisih kas"),
        {"giliran": (N_("Per giliran"), variances), "kasir": (N_("Per kasir"), variances_by_cashier)},
    ),
    "jam-ramai": (
        N_("Jam ramai"),
        {"nota": (NC_("daftar", "Nota"), busy_by_notas), "uang": (N_("Penjualan"), busy_by_takings)},
    ),
}

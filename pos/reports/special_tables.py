"""The special reports as tables: each has a few views of the same rows, and perhaps a chart."""

from collections.abc import Callable, Iterable, Sequence
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
from pos.reports.tables import Col, Field, Listed, instant, listed

A_MONDAY = date(2024, 1, 1)
ACTS = {"discount": N_("Diskon"), "refund": N_("Retur"), "correction": N_("Koreksi cara bayar")}


@dataclass(frozen=True)
class Special(Listed):
    """What one view of a report shows: columns, rows, which columns add up, links of rows, and points of a chart."""

    links: Sequence[str] = ()
    chart: int | None = None  # the column that is drawn
    heat: dict[str, Any] = field(default_factory=dict)


def _special(
    fields: Sequence[Field], found: Iterable[Any], links: Sequence[str] = (), chart: int | None = None
) -> Special:
    table = listed(fields, found)
    return Special(table.columns, table.rows, table.adds, links, chart)


def _groups(found: Iterable[Any], key: Callable[[Any], Any], order: Callable[[list[Any]], Any]) -> list[list[Any]]:
    """The rows that have one key together, the groups by `order`."""
    groups: dict[Any, list[Any]] = {}
    for row in found:
        groups.setdefault(key(row), []).append(row)
    return sorted(groups.values(), key=order)


def _sum(of: str) -> Callable[[list[Any]], int]:
    return lambda group: sum(int(getattr(row, of)) for row in group)


def _first(of: str) -> Callable[[list[Any]], Any]:
    return lambda group: getattr(group[0], of)


def _whole(of: str) -> Callable[[Any], int]:
    """A sum that the database made: PostgreSQL answers with a Decimal."""
    return lambda row: int(getattr(row, of))


# -- discounts -----------------------------------------------------------------------------------------


def discounts_by_cashier(view: View) -> Special:
    sold = {row.key: row.gross or 0 for row in sums.breakdown(view, "cashier", True)}
    gross, off, cashier = _sum("gross"), _sum("off"), _first("cashier")
    fields = [
        Field(_("Kasir"), cashier),
        Field(_("Nota berdiskon"), len, "count", True),
        Field(_("Disetujui"), lambda notas: sum(nota.approver is not None for nota in notas), "count", True),
        Field(_("Di atas batas"), lambda notas: sum("discount" in n.flags.split() for n in notas), "count", True),
        Field(_("Kotor"), gross, "rupiah", True),
        Field(_("Diskon"), off, "rupiah", True),
        Field(
            _("Dari seluruh penjualannya"),
            lambda notas: _tenths(off(notas), sold[str(notas[0].cashier_id)]),
            "percent",
        ),
    ]
    found = specials.discounts(view)
    groups = _groups(found, lambda nota: nota.cashier_id, lambda notas: (-off(notas), cashier(notas)))
    return _special(fields, groups, chart=5)


def discounts(view: View) -> Special:
    found = specials.discounts(view)
    fields = [
        Field(pgettext("daftar", "Nota"), "receipt"),
        Field(_("Waktu"), instant("sold_at"), "at"),
        Field(_("Galeri"), "gallery_name"),
        Field(_("Kasir"), "cashier"),
        Field(_("Kotor"), _whole("gross"), "rupiah", True),
        Field(_("Diskon"), _whole("off"), "rupiah", True),
        Field(_("Bagian"), lambda nota: _tenths(int(nota.off), int(nota.gross)), "percent"),
        Field(_("Disetujui oleh"), "approver"),
        Field(_("Alasan"), "reason"),
        Field(_("Catatan"), lambda nota: _flags(nota.flags, "discount")),
    ]
    return _special(fields, found, _receipts(found))


# -- returns -------------------------------------------------------------------------------------------


def returns(view: View) -> Special:
    found = specials.returns(view)
    fields = [
        Field(_("Retur"), "receipt"),
        Field(_("Waktu"), instant("sold_at"), "at"),
        Field(_("Atas nota"), "of"),
        Field(_("Setelah"), lambda nota: after(nota.sold_at - nota.first_sold_at)),
        Field(_("Galeri"), "gallery_name"),
        Field(_("Kasir"), "cashier"),
        Field(_("Alasan"), "note"),
        Field(_("Disetujui oleh"), "approver"),
        Field(_("Catatan"), lambda nota: _flags(nota.flags, "not_approved", "before_sale")),
        Field(_("Dikembalikan"), _whole("total"), "rupiah", True),
    ]
    return _special(fields, found, _receipts(found))


def returns_by_cashier(view: View) -> Special:
    return _returns_by(view, _("Kasir"), lambda nota: nota.cashier)


def returns_by_reason(view: View) -> Special:
    return _returns_by(view, _("Alasan"), lambda nota: nota.note or _("tanpa alasan"))


def _returns_by(view: View, name: str, key: Callable[[Any], str]) -> Special:
    total = _sum("total")
    fields = [
        Field(name, lambda notas: key(notas[0])),
        Field(_("Retur"), len, "count", True),
        Field(_("Tanpa persetujuan"), lambda notas: sum(nota.approver is None for nota in notas), "count", True),
        Field(_("Dikembalikan"), total, "rupiah", True),
    ]
    groups = _groups(specials.returns(view), key, lambda notas: (-total(notas), key(notas[0])))
    return _special(fields, groups, chart=3)


def after(span: timedelta) -> str:
    """How long after the sale: `12 menit`, `3 jam`, `2 hari`."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("%(count)s menit", count=minutes)
    return _("%(count)s jam", count=minutes // 60) if minutes < 2880 else _("%(count)s hari", count=minutes // 1440)


# -- approvals -----------------------------------------------------------------------------------------


def approvals(view: View) -> Special:
    found = specials.approvals(view, g.person.zone)
    fields = [
        Field(_("Waktu"), instant("at", g.person.zone), "at"),
        Field(_("Untuk"), lambda given: web.tr(ACTS[given.act])),
        Field(_("Meja kasir"), "register"),
        Field(_("Diminta oleh"), "asked"),
        Field(_("Disetujui oleh"), "agreed"),
        Field(_("Alasan"), "reason"),
        Field(pgettext("daftar", "Nota"), lambda given: given.receipt or _("tidak dipakai")),
        Field(_("Total nota"), "total", "rupiah"),
    ]
    return _special(fields, found, _receipts(found))


def approvals_by_person(view: View) -> Special:
    def times(act: str) -> Callable[[list[Any]], int]:
        return lambda given: sum(one.act == act for one in given)

    agreed = _first("agreed")
    fields = [
        Field(_("Disetujui oleh"), agreed),
        *(Field(web.tr(text), times(act), "count", True) for act, text in ACTS.items()),
        Field(pgettext("total", "Jumlah"), len, "count", True),
    ]
    found = specials.approvals(view, g.person.zone)
    groups = _groups(found, lambda one: one.approved_by, lambda given: (-len(given), agreed(given)))
    return _special(fields, groups, chart=4)


# -- ways of paying ------------------------------------------------------------------------------------


def methods(view: View) -> Special:
    nothing = {"count": 0, "sold": 0, "back": 0}
    paid, settled = specials.methods(view).get("", {}), specials.settled(view, g.person.zone)
    used = [(name, paid.get(name, nothing)) for name in TENDERS if name in paid or name in settled]
    fields = [
        Field(_("Cara bayar"), lambda used: web.tr(TENDER_NAMES[used[0]])),
        Field(_("Pembayaran"), lambda used: used[1]["count"], "count", True),
        Field(_("Penjualan"), lambda used: used[1]["sold"], "rupiah", True),
        Field(_("Dikembalikan"), lambda used: used[1]["back"], "rupiah", True),
        Field(_("Bersih"), lambda used: used[1]["sold"] - used[1]["back"], "rupiah", True),
        Field(_("Pelunasan diterima"), lambda used: settled.get(used[0], 0), "rupiah", True),
    ]
    return _special(fields, used, chart=4)


def methods_by_day(view: View) -> Special:
    found = specials.methods(view, Sale.business_date)
    return _methods_by(found, Field(_("Hari"), lambda row: row[0], "day"))


def methods_by_gallery(view: View) -> Special:
    found = specials.methods(view, Sale.gallery_id)
    names = sums.gallery_names(list(found), view.since, view.until)
    return _methods_by(found, Field(_("Galeri"), lambda row: names[row[0]][0]))


def _methods_by(found: dict[Any, Any], first: Field) -> Special:
    """A column for each way of paying, net of what was given back."""

    def net(method: str) -> Callable[[tuple[Any, Any]], int]:
        return lambda row: row[1][method]["sold"] - row[1][method]["back"] if method in row[1] else 0

    ways = [net(method) for method in TENDERS]
    fields = [
        first,
        *(Field(web.tr(TENDER_NAMES[name]), way, "rupiah", True) for name, way in zip(TENDERS, ways, strict=True)),
        Field(pgettext("total", "Jumlah"), lambda row: sum(way(row) for way in ways), "rupiah", True),
    ]
    return _special(fields, found.items(), chart=len(TENDERS) + 1)


# -- cash variances ------------------------------------------------------------------------------------


def variances(view: View) -> Special:
    found = specials.variances(view)
    names = sums.gallery_names(list({shift.gallery_id for shift in found}), view.since, view.until)
    fields = [
        Field(_("Laporan Z"), lambda shift: f"{shift.register} #{shift.number}"),
        Field(_("Tanggal usaha"), "business_date", "day"),
        Field(_("Galeri"), lambda shift: names[shift.gallery_id][0]),
        Field(_("Dibuka oleh"), "opened_by"),
        Field(_("Ditutup oleh"), "closed_by"),
        Field(_("Ditutup"), instant("closed_at"), "at"),
        Field(_("Seharusnya"), "expected", "rupiah", True),
        Field(_("Dihitung"), "counted", "rupiah", True),
        Field(_("Selisih"), _gap, "rupiah", True),
        Field(_("Alasan"), "reason"),
    ]
    return _special(fields, found, [url_for("shifts.shift", shift_id=row.id) for row in found])


def variances_by_cashier(view: View) -> Special:
    def gaps(wanted: Callable[[int], bool]) -> Callable[[list[Any]], int]:
        return lambda shifts: sum(gap for gap in map(_gap, shifts) if wanted(gap))

    short, closed_by = gaps(lambda gap: gap < 0), _first("closed_by")
    fields = [
        Field(_("Ditutup oleh"), closed_by),
        Field(_("Giliran"), len, "count", True),
        Field(_("Berselisih"), lambda shifts: sum(_gap(shift) != 0 for shift in shifts), "count", True),
        Field(_("Lebih"), gaps(lambda gap: gap > 0), "rupiah", True),
        Field(_("Kurang"), short, "rupiah", True),
        Field(_("Selisih"), gaps(bool), "rupiah", True),
    ]
    groups = _groups(
        specials.variances(view), lambda shift: shift.person_id, lambda shifts: (short(shifts), closed_by(shifts))
    )
    return _special(fields, groups)


def _gap(shift: Any) -> int:
    """Rupiah that were in the drawer beyond what should have been."""
    return int(shift.counted - shift.expected)


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
        millions = f"{rupiah / 1_000_000:.1f}".replace(".", ",")
        return _("%(count)s jt", count=millions)
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

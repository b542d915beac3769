"""The list of shifts as a file: what the page shows, on all its pages."""

from collections.abc import Sequence
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import pgettext

from pos import clock, exports, money, web
from pos.listing_pdf import Column


def sheet(kind: str, name: str, rows: Sequence[Any]) -> Any:
    header = [_("Tanggal usaha"), _("Galeri"), _("Unit"), _("Meja kasir"), _("Giliran"), _("Kasir"), _("Zona")]
    header += [_("Dibuka"), _("Ditutup"), _("Nota"), _("Penjualan (Rp)"), _("Retur (Rp)")]
    header += [_("Seharusnya di laci (Rp)"), _("Terhitung (Rp)"), _("Selisih (Rp)")]
    return exports.sheet(name, kind, _("Giliran"), header, [_cells(row) for row in rows])


def _cells(row: Any) -> list[Any]:
    """An open shift says no sums: whoever counts its drawer must not know them."""
    shift, z = row.Shift, _frozen(row)
    opened = clock.local(shift.opened_at, shift.zone).replace(tzinfo=None, microsecond=0)
    told: list[Any] = [shift.business_date, row.Gallery.name, row.Gallery.unit.name, shift.register.code, shift.number]
    told += [row.cashier, shift.zone, opened]
    if z is None:
        return [*told, _("terbuka"), *[None] * 6]
    closed = clock.local(clock.parse(z["closed_at"]), shift.zone).replace(tzinfo=None, microsecond=0)
    sums = [z["notas"] + z["returns"], z["sold"], -z["returned"], z["expected"], z["counted"]]
    return [*told, closed, *sums, z["counted"] - z["expected"]]


def listing(name: str, rows: Sequence[Any], about: Sequence[str]) -> Any:
    texts = (_("Giliran"), _("Galeri"), _("Dibuka"), _("Ditutup"), _("Kasir"))
    numbers = (_("Nota"), _("Penjualan"), _("Retur"), _("Selisih"))
    columns = [*map(Column, texts), *(Column(text, True) for text in numbers)]
    closed = [z for z in map(_frozen, rows) if z]
    total = [pgettext("total", "Jumlah"), "", "", "", "", money.grouped(sum(z["notas"] + z["returns"] for z in closed))]
    total += [money.rupiah(sum(z["sold"] for z in closed)), money.rupiah(-sum(z["returned"] for z in closed))]
    total += [money.rupiah(sum(z["counted"] - z["expected"] for z in closed))]
    return exports.pdf(name, _("Giliran"), about, columns, [_told(row) for row in rows], total)


def _told(row: Any) -> list[str]:
    shift, z, at = row.Shift, _frozen(row), web.FILTERS["at"]
    told = [f"{shift.register.code} #{shift.number}", row.Gallery.name, at(shift.opened_at, shift.zone)]
    if z is None:
        return [*told, _("terbuka"), row.cashier, *[""] * 4]
    told += [at(clock.parse(z["closed_at"]), shift.zone), row.cashier, money.grouped(z["notas"] + z["returns"])]
    back = money.rupiah(-z["returned"]) if z["returned"] else ""
    variance = z["counted"] - z["expected"]
    return [*told, money.rupiah(z["sold"]), back, f"{'+' if variance > 0 else ''}{money.rupiah(variance)}"]


def about(register: str, days: str, count: int) -> list[str]:
    """Whose they are, which were asked for, and how many."""
    how_many = _("%(count)s giliran", count=money.grouped(count))
    return [g.person.unit_name, days, exports.asked({_("Meja kasir"): register}), how_many]


def _frozen(row: Any) -> dict[str, Any] | None:
    return row.ShiftReport.read() if row.ShiftReport else None

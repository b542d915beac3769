"""The overview of PNBP and its way down to the notas; the addresses of all pages of the treasury."""

from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from pos import clock, exports, money, web
from pos.errors import N_, NotFound
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.treasury import (
    asking,
    billing_pages,
    deposit_pages,
    due_pages,
    link_pages,
    matching,
    recap_pages,
    scheme_pages,
    takings,
    target_pages,
    treasury_pages,
)
from pos.treasury import (
    overview as figures,
)
from pos.treasury.overview import Cut, Line
from pos.units.models import Unit
from pos.units.services import unit_for

bp = Blueprint("treasury", __name__)
MOST_DAYS = 400
AGE_NAMES = {
    "not_due": N_("belum jatuh tempo"),
    "week": N_("lewat 1–7 hari"),
    "month": N_("lewat 8–30 hari"),
    "quarter": N_("lewat 31–90 hari"),
    "older": N_("lewat > 90 hari"),
}


@bp.get("/pnbp")
@web.require(*READERS)
def overview() -> Any:
    cut, year, month = _asked()
    first, last = _period(year, month)
    rows = figures.lines(cut, first, last)
    chart = figures.by_month(cut, year)
    return render_template(
        "treasury/overview.html",
        cut=cut,
        rows=rows,
        days=_days(cut, first, last),
        whole=figures.whole(rows),
        unlinked=figures.unlinked(cut),
        chart=chart,
        highest=max(max(owed, covered) for _m, owed, covered in chart),
        year=year,
        month=month,
        years=asking.years(),
        months=range(1, 13),
        month_name=asking.month_name,
        ages=AGE_NAMES,
        way=_way(cut),
        export_link=lambda kind: url_for("treasury.export_overview", kind=kind, **_given(cut, year, month)),
        below=lambda row: web.here(**{cut.by: row.key}),
        paid_url=_list_url("treasury.deposits", cut, first, last),
        matched_url=_list_url("treasury.compared", cut, first, last, keadaan="matched"),
    )


@bp.get("/pnbp/ekspor.<any(csv, xlsx, pdf):kind>")
@web.require(*READERS)
def export_overview(kind: str) -> Any:
    cut, year, month = _asked()
    first, last = _period(year, month)
    title, name = _("Ringkasan PNBP"), f"pnbp-{year}"
    if cut.by == "day":
        return _export_days(kind, title, name, cut, first, last)
    head = [_("Terhitung"), _("Ditutup setoran"), _("Belum disetor"), _("Disetor"), _("Cocok"), _("Lewat jatuh tempo")]
    rows = figures.lines(cut, first, last)
    label = _("Kanwil") if cut.by == "kanwil" else _("Unit")
    if kind != "pdf":
        cells = [(row.name, *_amounts(row)) for row in rows]
        return exports.sheet(name, kind, title, [label, *(f"{text} (Rp)" for text in head)], cells)
    texts = [(row.name, *map(money.rupiah, _amounts(row))) for row in rows]
    total = (pgettext("total", "Jumlah"), *map(money.rupiah, _amounts(figures.whole(rows))))
    about = [_name(cut), exports.period(first, last)]
    columns = [Column(label), *(Column(text, True) for text in head)]
    return exports.pdf(name, title, about, columns, texts, total, letterhead=True)


def _amounts(row: Line) -> tuple[int, ...]:
    return row.computed, row.covered, row.outstanding, row.deposited, row.matched, row.ages.late


def _export_days(kind: str, title: str, name: str, cut: Cut, first: date, last: date) -> Any:
    rows = figures.day_rows(cut, first, last)
    head = [_("Tanggal usaha"), _("Terhitung"), _("Ditutup setoran"), _("Belum disetor"), _("Jatuh tempo")]
    if kind != "pdf":
        cells = [(day.day, day.owed, day.covered, day.outstanding, _due(one)) for day, one in rows]
        return exports.sheet(name, kind, title, head, cells)
    texts = [
        (web.FILTERS["day"](day.day), *map(money.rupiah, (day.owed, day.covered, day.outstanding)))
        + (web.FILTERS["day"](due) if (due := _due(one)) else "",)
        for day, one in rows
    ]
    sums = [sum(getattr(day, key) for day, _one in rows) for key in ("owed", "covered", "outstanding")]
    total = (pgettext("total", "Jumlah"), *map(money.rupiah, sums), "")
    columns = [Column(head[0]), *(Column(text, True) for text in head[1:4]), Column(head[4])]
    about = [_name(cut), exports.period(first, last)]
    return exports.pdf(name, title, about, columns, texts, total, letterhead=True)


def _due(one: takings.Open | None) -> date | None:
    return min((part.due for part in one.parts), default=None) if one else None


def _asked() -> tuple[Cut, int, int]:
    cut = figures.cut_for(
        g.person, request.args.get("kanwil", type=web.number), request.args.get("upt", type=web.number)
    )
    month = request.args.get("bulan", 0, web.number)
    return cut, asking.year(request.args.get("tahun", "")), month if month in range(1, 13) else 0


def _given(cut: Cut, year: int, month: int) -> dict[str, Any]:
    asked = {"tahun": year, "bulan": month, "kanwil": cut.kanwil or 0, "upt": cut.upt or 0}
    own = {"upt": ("upt",), "kanwil": ("kanwil",)}.get(g.person.level, ())
    return {key: value for key, value in asked.items() if value and key not in own}


def _period(year: int, month: int) -> tuple[date, date]:
    if not month:
        return date(year, 1, 1), date(year, 12, 31)
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), date.fromordinal(after.toordinal() - 1)


def _list_url(endpoint: str, cut: Cut, first: date, last: date, **more: str) -> str | None:
    """The list whose sum is the figure: of the reader's own node or of a unit (a Kanwil's stood there day by day)."""
    given: dict[str, Any] = {"dari": first, "sampai": last, **more}
    if cut.upt and g.person.level != "upt":
        return url_for(endpoint, unit=_name(cut), **given)
    return None if cut.kanwil else url_for(endpoint, **given)


def _days(cut: Cut, first: date, last: date) -> list[Any]:
    return figures.day_rows(cut, first, last)[:MOST_DAYS] if cut.by == "day" else []


def _name(cut: Cut) -> str:
    return unit_for(g.person, cut.upt or cut.kanwil or g.person.unit_id).name


def _way(cut: Cut) -> list[tuple[str, str]]:
    """Crumbs from the reader's own node down to the cut."""
    crumbs = [(g.person.unit_name, web.here(kanwil=None, upt=None))]
    if cut.kanwil and g.person.level == "ditjenpas":
        crumbs.append((unit_for(g.person, cut.kanwil).name, web.here(upt=None)))
    if cut.upt and g.person.level != "upt":
        crumbs.append((unit_for(g.person, cut.upt).name, ""))
    return crumbs


@bp.get("/pnbp/hari/<int:unit_id>/<day>")
@web.require(*READERS)
def takings_of_day(unit_id: int, day: str) -> Any:
    """What a unit took on a day: before and after 12.00, its notas, and the deposits that cover it."""
    unit, when = unit_for(g.person, unit_id), asking.day(day)
    if when is None:
        raise NotFound("Halaman ini tidak ada.")
    [found] = takings.days(takings.Which([Unit.id == unit.id]), when, when) or [takings.Day(unit.id, when, 0, 0)]
    return render_template(
        "treasury/day.html",
        unit=unit,
        day=found,
        parts=takings.parts_of(found),
        notas=figures.notas_of(unit.id, when),
        covering=figures.covering(unit.id, when),
        today=clock.today(unit.zone),
        match_names=matching.STATES,
    )


_ROOM = (deposit_pages, link_pages, billing_pages, recap_pages, treasury_pages, target_pages, due_pages, scheme_pages)
for _pages in _ROOM:
    for _rule, _view, _methods in _pages.PAGES:
        bp.add_url_rule(_rule, view_func=_view, methods=_methods)

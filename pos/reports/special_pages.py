"""Pages of the special reports: discounts, returns, approvals, ways of paying, cash variances, busy hours."""

from typing import Any

from flask import Blueprint, g, render_template, request, url_for

from pos import web
from pos.errors import NotFound, PosError
from pos.reports import report_asked, specials, tables
from pos.reports.periods import Period
from pos.reports.special_tables import REPORTS, Special
from pos.reports.sums import View
from pos.reports.tables import Table

bp = Blueprint("specials", __name__, url_prefix="/laporan/khusus")
ROLES = ("staff", "official", "admin", "auditor")
FIRST = "cara-bayar"
ROWS_SHOWN = 100
MOST_BARS = {"day": 92}  # of anything else: as many as can be named beside one another
FEW = 8


@bp.get("")
@bp.get("/<report>")
@web.require(*ROLES)
def page(report: str = FIRST) -> Any:
    title, views = _report(report)
    try:
        period, view = _asked()
    except PosError as error:
        if error.status != 422:
            raise
        frame = _frame(report, "", **report_asked.toolbar(errors=error.fields))
        return render_template("reports/special.html", special=None, **frame), 422
    shown = _shown(views)
    special = views[shown][1](view)
    count = max(1, -(-len(special.rows) // ROWS_SHOWN))
    number = min(max(1, request.args.get("hal", 1, web.number)), count)
    part = slice((number - 1) * ROWS_SHOWN, number * ROWS_SHOWN)
    texts, total = tables.texts(_table(report, special, period, view))
    return render_template(
        "reports/special.html",
        special=special,
        rows=texts[part],
        values=special.rows[part],
        links=special.links[part],
        total=total,
        points=_points(special, texts),
        highest=_highest(special),
        number=number,
        count=count,
        page_url=lambda n: web.here(hal=n),
        export_link=lambda kind: url_for("specials.export", report=report, kind=kind, **report_asked.given()),
        **_frame(report, shown, **report_asked.toolbar(period, view)),
    )


@bp.get("/<report>/ekspor.<any(csv, xlsx, pdf):kind>")
@web.require(*ROLES)
def export(report: str, kind: str) -> Any:
    _title, views = _report(report)
    period, view = _asked()
    special = views[_shown(views)][1](view)
    return tables.file(_table(report, special, period, view), kind, report_asked.letterhead(view))


def _report(name: str) -> tuple[str, dict[str, Any]]:
    if name not in REPORTS:
        raise NotFound("Laporan ini tidak ada.")
    return REPORTS[name]


def _shown(views: dict[str, Any]) -> str:
    asked = request.args.get("lihat", "")
    return asked if asked in views else next(iter(views))


def _asked() -> tuple[Period, View]:
    """Only places narrow these reports: what else the address says is left out."""
    given = {name: value.strip() for name, value in request.args.items()}
    other = {param for name, param in report_asked.PARAMS.items() if name not in specials.OF_PLACES}
    return report_asked.period_and_view({name: value for name, value in given.items() if name not in other})


def _table(name: str, special: Special, period: Period, view: View) -> Table:
    title, views = REPORTS[name]
    shown = _shown(views)
    words = f"{web.tr(title)} · {web.tr(views[shown][0])}"
    file = f"{name}-{shown}-{period.since}-{period.until}"
    return Table(file, words, report_asked.about(period, view), special.columns, special.rows, special.total)


def _points(special: Special, texts: Any) -> list[dict[str, Any]]:
    """A bar for each row, where they are days or so few that each can be named."""
    at = special.chart
    if at is None or not 1 < len(special.rows) <= MOST_BARS.get(special.columns[0].kind, FEW):
        return []
    return [
        {"name": text[0], "value": row[at], "title": f"{text[0]}: {text[at]}"}
        for text, row in zip(texts, special.rows, strict=True)
    ]


def _highest(special: Special) -> int:
    """What a thin bar in each row is a part of; 0 where days stand in the rows, or nothing is drawn."""
    if special.chart is None or special.columns[0].kind == "day":
        return 0
    return max((row[special.chart] for row in special.rows), default=0)


def _frame(name: str, shown: str, **toolbar: Any) -> dict[str, Any]:
    title, views = REPORTS[name]
    kept = {key: value for key, value in report_asked.given().items() if key not in ("per", "urut", "lihat", "rinci")}
    return toolbar | {
        "title": title,
        "reports": [
            (one, text, url_for("specials.page", report=one, **kept)) for one, (text, _views) in REPORTS.items()
        ],
        "name": name,
        "views": [(one, text, web.here(lihat=one)) for one, (text, _builder) in views.items()],
        "view_name": shown,
        "unit_name": g.person.unit_name,
    }

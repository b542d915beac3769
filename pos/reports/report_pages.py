"""Reports: any days, by anything, with a chart and a table under it, down to the nota; and the same as files."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, g, render_template, request, url_for

from pos import exports, web
from pos.errors import PosError
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES
from pos.reports import periods, report_asked, report_table, sums, tables
from pos.reports.report_asked import PARAMS, PER, Asked
from pos.reports.report_table import ROLES_WITH_COSTS
from pos.reports.report_words import COLUMNS, DIMENSIONS
from pos.reports.sums import Row
from pos.units import services as units

bp = Blueprint("report", __name__, url_prefix="/laporan")
DEEPER = {  # what a row of a breakdown opens into
    "kanwil": "upt",
    "upt": "gallery",
    "gallery": "day",
    "register": "day",
    "cashier": "day",
    "maker": "product",
    "category": "product",
}
ROWS_SHOWN = 100


@bp.get("")
@web.require()
def page() -> Any:
    try:
        asked = report_asked.asked()
    except PosError as error:
        if error.status != 422:
            raise
        return render_template("reports/report.html", asked=None, **report_asked.toolbar(errors=error.fields)), 422
    rows = report_table.rows_of(asked) if asked.per != "nota" else []
    count = max(1, -(-len(rows) // ROWS_SHOWN))
    number = min(max(1, request.args.get("hal", 1, web.number)), count)
    return render_template(
        "reports/report.html",
        asked=asked,
        rows=rows[(number - 1) * ROWS_SHOWN : number * ROWS_SHOWN],
        highest=max((row.omzet for row in rows), default=0),
        notas=web.paged(sums.notas(asked.view)) if asked.per == "nota" else None,
        number=number,
        count=count,
        page_url=lambda n: web.here(hal=n),
        row_url=lambda row: _row_url(asked, row),
        **_figures(asked),
        with_costs=g.person.may(*ROLES_WITH_COSTS),
        **report_asked.toolbar(asked.period, asked.view),
        **_words(asked),
    )


@bp.get("/ekspor.<any(csv, xlsx, pdf):kind>")
@web.require()
def export(kind: str) -> Any:
    """The table of the page, all of its rows."""
    asked = report_asked.asked()
    made = report_table.notas_table(asked) if asked.per == "nota" else report_table.table(asked)
    return tables.file(made, kind, report_asked.letterhead(asked.view))


def _figures(asked: Asked) -> dict[str, Any]:
    before = asked.period.before()
    whole = sums.total(asked.view, asked.details)
    return {
        "whole": whole,
        "before": sums.total(asked.view.on(*before)),
        "before_days": exports.period(*before),
        "columns": report_table.columns_of(asked, whole),
        "chart": report_table.chart(asked),
    }


def _words(asked: Asked) -> dict[str, Any]:
    per = asked.per
    return {
        "names": COLUMNS,
        "buyers": BUYER_NAMES,
        "channels": CHANNEL_NAMES,
        "openable": {one.id for one in units.galleries_for(g.person)},
        "shown": lambda row, column: report_table.cell(column, row),
        "row_name": lambda row: tables.shown(report_table.KEYS.get(per, "text"), report_table.key_of(per, row)),
        "tabs": [(n, DIMENSIONS[n], web.here(per=PER[n], urut=None)) for n in report_asked.tabs(asked.view)],
        "dimension": DIMENSIONS[per],
        "export_link": lambda kind: url_for("report.export", kind=kind, **report_asked.given()),
        "shared": per in sums.SHARED,
    }


def _row_url(asked: Asked, row: Row) -> str:
    """Where a row opens: the same page, narrowed by it."""
    view, per = asked.view, asked.per
    if per == "month":
        first = tables.day_of_month(row.key)
        last = (first + timedelta(32)).replace(day=1) - timedelta(1)
        return _days_url(max(first, view.since), min(last, view.until), "day")
    if per == "day":
        day = date.fromisoformat(row.key)
        alone = {"gallery", "register"} & view.given().keys()
        return _days_url(day, day, "nota" if alone else "gallery")
    following = DEEPER.get(per, "nota")
    if following == "day" and view.since == view.until:
        following = "nota"
    return web.here(**{PARAMS[per]: row.key}, per=PER[following], urut=None)


def _days_url(since: date, until: date, per: str) -> str:
    return web.here(periode=periods.OF_DATES, dari=since, sampai=until, per=PER[per], urut=None)

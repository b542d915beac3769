"""The auditor's page: which days, how much that is, and all of it in one ZIP."""

import tempfile
from typing import Any

from flask import Blueprint, Response, g, render_template, request, send_file, url_for
from flask_wtf import FlaskForm

from pos import clock, web
from pos.errors import PosError
from pos.reports import bundle, periods, report_asked
from pos.reports.bundle_tables import PARTS
from pos.reports.periods import Period
from pos.reports.sums import View
from pos.units import tree as trees
from pos.units.services import Person

bp = Blueprint("bundle", __name__, url_prefix="/laporan/pemeriksaan")
ROLES = ("auditor", "official", "admin")
KEPT_IN_MEMORY = 4 * 1024 * 1024  # bytes; a larger bundle waits on the disk


@bp.get("")
@web.require(*ROLES)
def page() -> Any:
    frame = {"form": FlaskForm(), "parts": PARTS, "units": trees.names(g.person), "given": report_asked.given()}
    try:
        period, reader, view = _asked(request.args)
    except PosError as error:
        toolbar = report_asked.toolbar(errors=error.fields)
        return render_template("reports/bundle.html", counts=None, unit="", **frame, **toolbar), 422
    return render_template(
        "reports/bundle.html",
        counts=bundle.counts(view, reader),
        most=bundle.MOST_NOTAS,
        most_rows=bundle.MOST_IN_WORKBOOK,
        reader=reader,
        unit=request.args.get("unit", ""),
        since=view.since,
        until=view.until,
        action=url_for("bundle.download"),
        **frame,
        **report_asked.toolbar(period),
    )


@bp.post("")
@web.require(*ROLES)
def download() -> Response:
    """The bundle itself. It is written to the log, so it is asked for by a form; nothing else changes."""
    _period, reader, view = _asked(request.form)
    file = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 (it is read after this has returned)
    try:
        parts = bundle.write(view, reader, file)
        bundle.remember(reader, view, parts, g.person)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    name = f"pemeriksaan-{view.since}-{view.until}.zip"
    answer = send_file(file, "application/zip", as_attachment=True, download_name=name)
    answer.call_on_close(file.close)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked(given: Any) -> tuple[Period, Person, View]:
    """The days, and the reader as they look from the unit that they named."""
    period = periods.asked({name: text.strip() for name, text in given.items()}, clock.today(g.person.zone))
    named = given.get("unit", "").strip()
    reader = bundle.at(g.person, trees.chosen(g.person, named)) if named else g.person
    return period, reader, bundle.view_of(reader, period.since, period.until)

"""The auditor's page: which days, how much that is, and all of it in one ZIP."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask_wtf import FlaskForm

from pos import clock, jobs, web
from pos.errors import PosError
from pos.job_pages import JobPages
from pos.reports import bundle, periods, report_asked
from pos.reports.bundle_tables import PARTS
from pos.reports.periods import Period
from pos.reports.sums import View
from pos.units import tree as trees
from pos.units.services import Person

bp = Blueprint("bundle", __name__, url_prefix="/laporan/pemeriksaan")
ROLES = ("auditor", "official", "admin")
ASKED = ("periode", "dari", "sampai", "unit")
PAGES = JobPages(bp, "", ROLES, "pemeriksaan", "reports/bundle_job.html")


@bp.get("")
@web.require(*ROLES)
def page() -> Any:
    frame = {"form": FlaskForm(), "parts": PARTS, "units": trees.names(g.person), "given": report_asked.given()}
    frame |= {"own": PAGES.own()}
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
        action=url_for("bundle.make"),
        **frame,
        **report_asked.toolbar(period),
    )


@bp.post("")
@web.require(*ROLES)
def make() -> Any:
    """Have the bundle made. It is written to the log, so it is asked for by a form; nothing else changes."""
    asked: dict[str, Any] = {name: request.form[name] for name in ASKED if request.form.get(name)}
    back = url_for("bundle.page", **asked)
    try:
        _period, reader, view = _asked(request.form)
    except PosError:  # the page says at which field
        return redirect(back)
    app, by = current_app._get_current_object(), replace(g.person)  # type: ignore[attr-defined]

    def work(target: Path, progress: jobs.Progress) -> dict[str, Any]:
        with app.test_request_context(), target.open("w+b") as file:
            g.person = reader
            parts = bundle.write(view, reader, file, progress)
            bundle.remember(reader, view, parts, by)
            file.seek(0)
            return {"files": len(parts), "sha256": hashlib.file_digest(file, "sha256").hexdigest()}

    days = " – ".join(web.FILTERS["day"](day) for day in dict.fromkeys((view.since, view.until)))
    wanted = jobs.Job(f"{reader.unit_name} · {days}", f"pemeriksaan-{view.since}-{view.until}.zip")
    return PAGES.begin(wanted, work, back)


def _asked(given: Any) -> tuple[Period, Person, View]:
    """The days, and the reader as they look from the unit that they named."""
    period = periods.asked({name: text.strip() for name, text in given.items()}, clock.today(g.person.zone))
    named = given.get("unit", "").strip()
    reader = bundle.at(g.person, trees.chosen(g.person, named)) if named else g.person
    return period, reader, bundle.view_of(reader, period.since, period.until)

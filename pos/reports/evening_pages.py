"""The page of the evening's recap: to look at, to send on, as a picture and on paper."""

from datetime import time
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, TimeField
from wtforms.validators import InputRequired

from pos import clock, web
from pos.errors import PosError
from pos.reports import drill, evening, evening_picture, periods, recaps, report_asked, specials, sums
from pos.reports.periods import Period
from pos.reports.sums import View

USUAL_MINUTE = 17 * 60
bp = Blueprint("evening", __name__, url_prefix="/laporan/rekap-sore")


@bp.get("")
@web.require()
def page() -> Any:
    try:
        view = _asked()
    except PosError as error:
        if error.status != 422:
            raise
        return render_template("reports/evening.html", recap=None, **_form(errors=error.fields)), 422
    found = evening.recap(view, _place(view))
    text = evening.message(found)
    link = {"hari": view.since.isoformat(), **_narrowed()}
    name = f"rekap-{view.since}"
    return render_template(
        "reports/evening.html",
        recap=found,
        text=text,
        whatsapp=f"https://wa.me/?text={quote(text, safe='')}",
        picture=url_for("evening.picture", **link),
        paper=url_for("evening.paper", **link),
        full=url_for("report.page", periode="rentang", dari=view.since, sampai=view.since, **_narrowed()),
        name=name,
        **_form(view.since.isoformat()),
    )


def _form(day: str = "", errors: Any = None) -> dict[str, Any]:
    """What the form above the recap offers; without a day what was asked for stays in it."""
    return {
        "day": day or request.args.get("hari", ""),
        "error": (errors or {}).get("dari"),
        "galleries": report_asked.toolbar()["galleries"],
        "kept": [param for param in ("kanwil", "upt") if request.args.get(param)],
        "today": clock.today(g.person.zone),
    }


@bp.get("/gambar.png")
@web.require()
def picture() -> Any:
    view = _asked()
    return _file(evening_picture.png(evening.recap(view, _place(view))), "image/png", f"rekap-{view.since}.png")


@bp.get("/rekap.pdf")
@web.require()
def paper() -> Any:
    view = _asked()
    chosen = report_asked.letterhead(view)
    head = g.person.letterhead() if isinstance(chosen, bool) else chosen
    content = recaps.sheet(evening.recap(view, _place(view)), head)
    return _file(content, "application/pdf", f"rekap-{view.since}.pdf")


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, content_type=kind, headers=headers)


class ScheduleForm(FlaskForm):
    at = TimeField(_l("Ditulis setiap hari pukul"), [InputRequired(_l("Pilih jamnya."))])
    active = BooleanField(_l("Tulis rekap setiap hari"))


@bp.route("/jadwal", methods=["GET", "POST"])
@web.require("staff", "admin")
def schedule() -> Any:
    """When the recap of the reader's own unit writes itself; where to, only the server's operator decides."""
    row = recaps.schedule_of(g.person.unit_id)
    at = time(*divmod(row.at_minute if row else USUAL_MINUTE, 60))
    form = ScheduleForm(at=at, active=row.active if row else True) if request.method == "GET" else ScheduleForm()
    if form.validate_on_submit():
        recaps.change(g.person, form.at.data, form.active.data)
        flash(_("Jadwal rekap disimpan."))
        return redirect(url_for("evening.schedule"))
    runs = recaps.latest_runs(g.person.unit_id)
    page = render_template("reports/schedule.html", form=form, row=row, runs=runs, zone=g.person.zone)
    return page, 422 if form.errors else 200


def _asked() -> View:
    """The day and the place that the address names; today where it names no day."""
    given = {name: value.strip() for name, value in request.args.items()}
    today = clock.today(g.person.zone)
    dates = {"dari": given["hari"], "sampai": given["hari"]} if given.get("hari") else {}
    period = periods.asked(dates, today) if dates else Period("hari", today, today)
    narrowed = {n: given[p] for n, p in report_asked.PARAMS.items() if n in specials.OF_PLACES[:3] and given.get(p)}
    return report_asked.view_of(period, narrowed)


def _narrowed() -> dict[str, Any]:
    return {param: request.args[param] for param in ("kanwil", "upt", "galeri") if request.args.get(param)}


def _place(view: View) -> str:
    top, given = drill.home(g.person), view.given()
    for name in ("gallery", "upt", "kanwil"):
        if name in given and getattr(top, name) != given[name]:
            return report_asked.name_of(view, name, given[name])
    own = top.upt or top.kanwil
    return sums.unit_names([own], view.until)[own] if own else recaps.NATION

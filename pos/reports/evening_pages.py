"""The page of the evening's recap: to look at, to send on, as a picture and on paper."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, g, render_template, request, url_for
from flask_babel import gettext as _

from pos import clock, web
from pos.reports import drill, evening, evening_picture, periods, report_asked, specials, sums, tables
from pos.reports.evening import Recap
from pos.reports.periods import Period
from pos.reports.sums import View
from pos.reports.tables import Col, Table

bp = Blueprint("evening", __name__, url_prefix="/laporan/rekap-sore")


@bp.get("")
@web.require()
def page() -> Any:
    view = _asked()
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
        day=view.since,
        galleries=report_asked.toolbar()["galleries"],
        kept=[param for param in ("kanwil", "upt") if request.args.get(param)],
        today=clock.today(g.person.zone),
    )


@bp.get("/gambar.png")
@web.require()
def picture() -> Any:
    view = _asked()
    content = evening_picture.png(evening.recap(view, _place(view)))
    headers = {"Content-Disposition": f'inline; filename="rekap-{view.since}.png"', "Cache-Control": "no-store"}
    return Response(content, content_type="image/png", headers=headers)


@bp.get("/rekap.pdf")
@web.require()
def paper() -> Any:
    view = _asked()
    return tables.file(table(evening.recap(view, _place(view))), "pdf", report_asked.letterhead(view))


def table(found: Recap) -> Table:
    about = [found.place, evening.long_day(found.day), evening.UNVERIFIED]
    columns = [Col("Keterangan"), Col("Nilai", "right")]
    return Table(f"rekap-{found.day}", "Rekap sore", about, columns, evening.rows(found))


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
    return sums.unit_names([own], view.until)[own] if own else _("Nasional")

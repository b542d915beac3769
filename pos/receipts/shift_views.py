"""Pages of shifts: the list, and the report of one on the screen and on paper."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, Response, abort, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Form, SelectField
from wtforms.validators import Optional

from pos import clock, exports, sheets, web
from pos.db import db
from pos.errors import PosError
from pos.receipts import printing, shift_exports, shift_paper
from pos.receipts.printers import printer_of
from pos.receipts.slip import PAPERS
from pos.register.shift_models import Shift
from pos.register.shift_reports import addendum, registers_with_shifts, report, shift_for, shifts_for
from pos.register.shifts import NOTES
from pos.register.words import TENDER_NAMES

bp = Blueprint("shifts", __name__)


class SearchForm(Form):
    kasir = SelectField(_l("Meja kasir"), validate_choice=False)
    dari = DateField(_l("Dari tanggal"), [Optional()])
    sampai = DateField(_l("Sampai tanggal"), [Optional()])


@bp.get("/giliran")
@web.require()
def shifts() -> Any:
    form, asked = _asked()
    codes = registers_with_shifts(g.person)
    form.kasir.choices = [("", _("Semua kasir"))] + [(code, code) for code in codes]
    page = web.paged(shifts_for(g.person, *asked))
    return render_template(
        "receipts/shifts.html",
        form=form,
        page=page,
        filtered=any(asked),
        read=_frozen,
        when=clock.parse,
        export_link=lambda kind: url_for("shifts.export", kind=kind, **_given()),
        page_link=lambda number: web.here(hal=number),
    )


@bp.get("/giliran.<any(csv, xlsx, pdf):kind>")
@web.require()
def export(kind: str) -> Any:
    _form, asked = _asked()
    rows = db.session.execute(shifts_for(g.person, *asked).limit(sheets.MAX_ROWS + 1)).all()
    if len(rows) > sheets.MAX_ROWS:
        raise PosError(
            "Lebih dari %(most)d baris. Saring per bulan atau per kasir, lalu unduh lagi.", most=sheets.MAX_ROWS
        )
    name = f"giliran-{clock.today(g.person.zone)}"
    if kind == "pdf":
        register, *days = asked
        return shift_exports.listing(name, rows, shift_exports.about(register, exports.period(*days), len(rows)))
    return shift_exports.sheet(kind, name, rows)


def _asked() -> tuple[SearchForm, tuple[str, date | None, date | None]]:
    """The form, and what is asked for: the register, the first and the last day."""
    form = SearchForm(request.args)
    form.kasir.choices = []
    form.validate()
    return form, (form.kasir.data or "", _day(form.dari), _day(form.sampai))


def _given() -> dict[str, Any]:
    return {name: request.args[name] for name in ("kasir", "dari", "sampai") if request.args.get(name)}


def _day(field: Any) -> date | None:
    """What was asked for; nothing where it is no day."""
    return None if field.errors else field.data


def _frozen(row: Any) -> dict[str, Any] | None:
    return row.ShiftReport.read() if row.ShiftReport else None


@bp.get("/giliran/<uuid:shift_id>")
@web.require()
def shift(shift_id: UUID) -> Any:
    found = shift_for(g.person, str(shift_id))
    content = report(found)
    return render_template(
        "receipts/shift.html",
        shift=found,
        prints=g.person.may("cashier", "staff", "admin"),
        printer=printer_of(found.register).kind != "browser",
        token=uuid4(),
        report=content,
        late=addendum(found),
        at=lambda instant: web.FILTERS["at"](clock.parse(instant), content["zone"]),
        time=lambda instant: web.FILTERS["clock"](clock.parse(instant), content["zone"]),
        receipts=shift_paper.receipts_text,
        day=date.fromisoformat(content["business_date"]),
        methods=TENDER_NAMES,
        notes=NOTES,
    )


@bp.get("/giliran/<uuid:shift_id>/laporan.<any(pdf, txt):kind>")
@web.require()
def paper(shift_id: UUID, kind: str) -> Response:
    found = shift_for(g.person, str(shift_id))
    width = request.args.get("lebar", found.register.paper_width, web.number)
    if width not in PAPERS:
        abort(404)
    content, late, mark, when = report(found), addendum(found), "", ""
    if content["closed_at"]:  # looking counts nothing: what was not recorded as a print says that it is a copy
        job = printing.shift_print(found, request.args.get("cetak", ""), clock.now())
        mark = printing.mark(job.copy if job and job.kind == "z" else None)
        when = shift_paper.stamp(job.made_at, content["zone"]) if job else ""
    else:
        when = shift_paper.stamp(clock.now(), content["zone"])
    if kind == "txt":
        return Response(shift_paper.plain(content, late, width, mark, when), content_type="text/plain; charset=utf-8")
    name = f"{_name(found)}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(
        shift_paper.strip(content, late, width, mark, when), content_type="application/pdf", headers=headers
    )


def _name(shift: Shift) -> str:
    return f"giliran-{shift.register.code}-{shift.number}"

"""Own layouts and label printers: their lists, their forms, the live drawing, the test sheet."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from pos import web
from pos.errors import PosError
from pos.labels import settings
from pos.labels.asked import DEFAULT, job_of
from pos.labels.calibration import calibration_pdf, marks_of, ruler_of
from pos.labels.forms import LayoutForm, PrinterForm
from pos.labels.layouts import LAYOUTS, Layout
from pos.labels.models import LabelLayout, LabelPrinter

MOST_DRAWN = 1200  # cells of a drawing


# -- layouts -------------------------------------------------------------------------------------------


@web.require("staff")
def layouts() -> str:
    known = settings.layouts_for(g.person)
    own = [(row, settings.as_layout(row)) for row in settings.own_layouts(g.person)]
    return render_template("labels/layouts.html", own=own, builtin=LAYOUTS.values(), others=_from_above(known, own))


def _from_above(known: dict[str, Layout], own: list[tuple[LabelLayout, Layout]]) -> list[Layout]:
    mine = {layout.name for _row, layout in own}
    return [layout for layout in known.values() if layout.own and layout.name not in mine]


@web.require("staff")
def add_layout() -> Any:
    known = settings.layouts_for(g.person)
    source = known.get(request.args.get("dari", "")) or LAYOUTS[DEFAULT]
    name = _("Salinan %(name)s", name=web.tr(source.title))[:40] if "dari" in request.args else ""
    return _layout_page(LayoutForm.of(source, name), None)


@web.require("staff")
def change_layout(layout_id: int) -> Any:
    row = settings.own_layout(g.person, layout_id)
    return _layout_page(LayoutForm.of(settings.as_layout(row), row.name), row)


def _layout_page(form: LayoutForm, row: LabelLayout | None) -> Any:
    if form.validate_on_submit() and (layout := form.layout()):
        try:
            kept = settings.save_layout(g.person, layout, row)
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Tata letak %(name)s disimpan. Cetak lembar uji sebelum memakainya.", name=kept.name))
            return redirect(url_for("labels.choose", layout=settings.as_layout(kept).name))
    return render_template(
        "labels/layout_form.html", form=form, row=row, drawn=form.layout()
    ), 422 if form.errors else 200


@web.require("staff")
def forget_layout(layout_id: int) -> Any:
    settings.forget_layout(g.person, layout_id)
    flash(_("Tata letak dihapus."))
    return redirect(url_for("labels.layouts"))


@web.require("staff")
def drawing() -> Response:
    """The sheet that the form describes, as far as it can be drawn; what does not fit is red."""
    form = LayoutForm(request.args, meta={"csrf": False})
    form.validate()
    layout = form.layout()
    picture = render_template("labels/layout.svg", layout=layout if layout and layout.count <= MOST_DRAWN else None)
    return Response(picture, mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})


# -- printers ------------------------------------------------------------------------------------------


@web.require("staff")
def printers() -> str:
    known = settings.layouts_for(g.person)
    return render_template("labels/printers.html", printers=settings.kept_printers(g.person), layouts=known)


@web.require("staff")
def add_printer() -> Any:
    return _printer_page(PrinterForm(dx=0.0, dy=0.0), None)


@web.require("staff")
def change_printer(printer_id: int) -> Any:
    row = settings.kept_printer(g.person, printer_id)
    dx, dy = settings.as_printer(row).offset
    return _printer_page(PrinterForm(name=row.name, dpi=row.dpi, dx=dx, dy=dy), row)


def _printer_page(form: PrinterForm, row: LabelPrinter | None) -> Any:
    layout = _paper_of(row)
    if row is None:  # there is nothing to measure yet
        del form.seen_x, form.seen_y
    if form.validate_on_submit():
        offset = (form.dx.data, form.dy.data)
        printer = settings.Printer(form.dpi.data, name=form.name.data, offset=offset, layout=layout.name)
        found = (form.seen_x.data, form.seen_y.data) if row else (None, None)
        try:
            kept = settings.save_printer(g.person, settings.measured(printer, marks_of(layout), found), row)
        except PosError as error:
            web.put_errors(form, error)
        else:
            again = found != (None, None)
            flash(
                _("Geseran dihitung dan disimpan. Cetak lembar uji sekali lagi: kedua garis harus tepat.")
                if again
                else _("Printer %(name)s disimpan. Cetak lembar uji dan ukur.", name=kept.name)
            )
            return redirect(url_for("labels.change_printer", printer_id=kept.id, layout=layout.name))
    page = render_template(
        "labels/printer_form.html",
        form=form,
        row=row,
        layout=layout,
        layouts=settings.layouts_for(g.person),
        marks=marks_of(layout),
        ruler=ruler_of(layout),
    )
    return page, 422 if form.errors else 200


def _paper_of(row: LabelPrinter | None) -> Layout:
    """The paper that the test sheet is printed on."""
    known = settings.layouts_for(g.person)
    return known.get(request.values.get("layout", "")) or known.get(row.layout if row else "") or LAYOUTS[DEFAULT]


@web.require("staff")
def forget_printer(printer_id: int) -> Any:
    settings.forget_printer(g.person, printer_id)
    flash(_("Printer dihapus dari daftar."))
    return redirect(url_for("labels.printers"))


@web.require("staff")
def calibration() -> Response:
    """One sheet with a ruler and two lines, to be measured on the real paper."""
    job = job_of(request.args)
    headers = {"Content-Disposition": f'inline; filename="uji-{job.layout.name}.pdf"'}
    return Response(calibration_pdf(job.layout, job.printer), mimetype="application/pdf", headers=headers)


PAGES: tuple[tuple[str, Any, list[str]], ...] = (
    ("/label/tata-letak", layouts, ["GET"]),
    ("/label/tata-letak/baru", add_layout, ["GET", "POST"]),
    ("/label/tata-letak/gambar.svg", drawing, ["GET"]),
    ("/label/tata-letak/<int:layout_id>", change_layout, ["GET", "POST"]),
    ("/label/tata-letak/<int:layout_id>/hapus", forget_layout, ["POST"]),
    ("/label/printer", printers, ["GET"]),
    ("/label/printer/baru", add_printer, ["GET", "POST"]),
    ("/label/printer/<int:printer_id>", change_printer, ["GET", "POST"]),
    ("/label/printer/<int:printer_id>/hapus", forget_printer, ["POST"]),
    ("/label/uji", calibration, ["GET"]),
)


def add_pages(bp: Blueprint) -> None:
    for rule, view, methods in PAGES:
        bp.add_url_rule(rule, view.__name__, view, methods=methods)

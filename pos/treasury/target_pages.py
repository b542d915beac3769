"""Pages of the yearly targets: against what was computed, deposited and matched; setting and importing them."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField
from wtforms.validators import DataRequired, InputRequired, NumberRange

from pos import exports, money, web
from pos.catalog import uploads
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.treasury import asking, targets
from pos.units import tree


class TargetForm(FlaskForm):
    unit = web.TextField(
        _l("Unit"), [DataRequired(_l("Pilih unitnya."))], render_kw={"list": "units", "autocomplete": "off"}
    )
    year = IntegerField(
        _l("Tahun"),
        [InputRequired(_l("Isi tahunnya.")), NumberRange(2000, 2100, _l("Isi tahun antara 2000 dan 2100."))],
    )
    amount = web.RupiahField(_l("Target PNBP setahun"), [InputRequired(_l("Isi jumlahnya."))])


class TargetFileForm(FlaskForm):
    file = FileField(
        _l("Berkas CSV atau XLSX"), [FileRequired(_l("Pilih berkas dahulu."))], render_kw={"accept": ".csv,.xlsx"}
    )


@web.require(*READERS)
def target_list() -> Any:
    year, words = asking.year(request.args.get("tahun", "")), request.args.get("q", "").strip()[:80]
    rows = targets.realised(g.person, year, words)
    return render_template(
        "treasury/targets.html",
        rows=_sorted(rows),
        whole=targets.whole(rows),
        year=year,
        words=words,
        sort=request.args.get("urut", ""),
        years=asking.years(),
        may_set=targets.may_set(g.person),
        export_link=lambda kind: url_for(
            "treasury.export_targets", kind=kind, tahun=year, **asking.given({"q": words})
        ),
    )


def _sorted(rows: list[targets.Realised]) -> list[targets.Realised]:
    """By name; or the least reached first, where there is a target."""
    if request.args.get("urut") != "capaian":
        return rows
    return sorted(rows, key=lambda row: (row.percent is None, row.percent or 0, row.unit))


@web.require(*READERS)
def export_targets(kind: str) -> Any:
    year, words = asking.year(request.args.get("tahun", "")), request.args.get("q", "").strip()[:80]
    rows = targets.realised(g.person, year, words)
    title, name = _("Target dan realisasi PNBP %(year)s", year=year), f"target-pnbp-{year}"
    head = [_("Unit"), _("Target"), _("Terhitung"), _("Disetor"), _("Cocok"), _("Capaian")]
    if kind != "pdf":
        cells = [(row.unit, row.target, row.computed, row.deposited, row.matched, row.percent) for row in rows]
        return exports.sheet(name, kind, title, [head[0], *(f"{text} (Rp)" for text in head[1:5]), "%"], cells)
    whole = targets.whole(rows)
    texts = [_texts(row, row.unit) for row in rows]
    columns = [Column(head[0]), *(Column(text, True) for text in head[1:])]
    total = _texts(whole, pgettext("total", "Jumlah"))
    return exports.pdf(name, title, [g.person.unit_name], columns, texts, total, letterhead=True)


def _texts(row: targets.Realised, name: str) -> tuple[str, ...]:
    target = "" if row.target is None else money.rupiah(row.target)
    percent = "" if row.percent is None else f"{money.grouped(row.percent)}%"
    return (name, target, *map(money.rupiah, (row.computed, row.deposited, row.matched)), percent)


@web.require("official", "admin")
def set_target() -> Any:
    form = TargetForm(unit=request.args.get("unit", ""), year=asking.year(request.args.get("tahun", "")))
    if form.validate_on_submit():
        try:
            unit = tree.chosen(g.person, form.unit.data)
            targets.set_targets(g.person, form.year.data, {unit.id: form.amount.data or 0})
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Target %(unit)s %(year)s dicatat.", unit=unit.name, year=form.year.data))
            return redirect(url_for("treasury.target_list", tahun=form.year.data))
    return _target_page(form, TargetFileForm(formdata=None))


@web.require("official", "admin")
def import_targets() -> Any:
    form = TargetFileForm()
    if form.validate_on_submit():
        try:
            data, filename = form.file.data.read(), uploads.tidy(form.file.data.filename)
            year, amounts = targets.read_file(data, filename, g.person)
            changed = targets.set_targets(g.person, year, amounts)
        except PosError as error:
            form.file.errors = [web.say(error.sentence)]
        else:
            flash(_("%(count)s target %(year)s dicatat.", count=changed, year=year))
            return redirect(url_for("treasury.target_list", tahun=year))
    return _target_page(TargetForm(formdata=None, year=asking.year("")), form)


def _target_page(form: TargetForm, file_form: TargetFileForm) -> Any:
    page = render_template(
        "treasury/target_form.html",
        form=form,
        file_form=file_form,
        units=tree.names(g.person),
        may_set=targets.may_set(g.person),
        history=_history(form),
    )
    wrong = form.errors or form.form_errors or file_form.errors
    return page, 422 if wrong else 200


def _history(form: TargetForm) -> Any:
    """What was set for the unit and year of the form before."""
    if not form.unit.data or form.year.errors:
        return []
    try:
        return targets.history(tree.chosen(g.person, form.unit.data), form.year.data)
    except PosError:
        return []


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/pnbp/target", target_list, ["GET"]),
    ("/pnbp/target.<any(csv, xlsx, pdf):kind>", export_targets, ["GET"]),
    ("/pnbp/target/baru", set_target, ["GET", "POST"]),
    ("/pnbp/target/impor", import_targets, ["POST"]),
)

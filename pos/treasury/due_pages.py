"""The page of when deposits are due: rules of the units, and days on which offices and banks are closed."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from pos import clock, web
from pos.errors import N_, PosError
from pos.menu import READERS
from pos.revenue.deposits import wrong_codes
from pos.treasury import asking, workdays
from pos.treasury.workdays import Rule
from pos.units import tree

PERIOD_NAMES = {"daily": N_("Harian"), "weekly": N_("Mingguan"), "monthly": N_("Bulanan")}
WEEKDAYS = (N_("Senin"), N_("Selasa"), N_("Rabu"), N_("Kamis"), N_("Jumat"))


class RuleForm(FlaskForm):
    unit = web.TextField(
        _l("Unit"), [DataRequired(_l("Pilih unitnya."))], render_kw={"list": "units", "autocomplete": "off"}
    )
    from_day = DateField(_l("Mulai"), [InputRequired(_l("Pilih harinya."))])
    period = SelectField(_l("Setoran"))
    weekday = SelectField(_l("Hari (bila mingguan)"), coerce=int)
    month_day = IntegerField(
        _l("Tanggal (bila bulanan)"), [Optional(), NumberRange(1, 31, _l("Isi tanggal antara 1 dan 31."))]
    )
    satker = web.TextField(_l("Kode satker"), [Length(max=12)], render_kw={"inputmode": "numeric"})
    akun = web.TextField(_l("Akun"), [Length(max=12)], render_kw={"inputmode": "numeric"})
    basis = web.TextField(_l("Dasar izin"), [Length(max=200)])

    def agreed(self) -> Rule:
        codes = wrong_codes("0" * 15, self.satker.data, self.akun.data)
        if codes:
            raise PosError("Kode belum benar.", fields=codes)
        if self.period.data == "weekly":
            return Rule("weekly", weekday=self.weekday.data)
        if self.period.data == "monthly":
            if not self.month_day.data:
                raise PosError("Tanggal belum diisi.", fields={"month_day": N_("Isi tanggal antara 1 dan 31.")})
            return Rule("monthly", month_day=self.month_day.data)
        return Rule()


class OffDayForm(FlaskForm):
    unit = web.TextField(
        _l("Berlaku bagi"), [DataRequired(_l("Pilih unitnya."))], render_kw={"list": "units", "autocomplete": "off"}
    )
    day = DateField(_l("Hari"), [InputRequired(_l("Pilih harinya."))])
    name = web.TextField(_l("Nama"), [InputRequired(_l("Isi namanya.")), Length(max=80)])
    works = SelectField(_l("Hari itu"))


@web.require(*READERS)
def due_rules() -> Any:
    return _page(None, None)


@web.require("admin")
def set_rule() -> Any:
    form = _rule_form()
    if form.validate_on_submit():
        try:
            unit = tree.chosen(g.person, form.unit.data)
            workdays.set_rule(
                unit,
                g.person,
                from_day=form.from_day.data,
                rule=form.agreed(),
                satker=form.satker.data,
                akun=form.akun.data,
                basis=form.basis.data,
            )
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Aturan setor %(unit)s dicatat.", unit=unit.name))
            return redirect(url_for("treasury.due_rules"))
    return _page(form, None)


@web.require("admin")
def add_off_day() -> Any:
    form = _off_form()
    if form.validate_on_submit():
        try:
            unit = tree.chosen(g.person, form.unit.data)
            workdays.add_off_day(unit, g.person, form.day.data, form.name.data, form.works.data == "works")
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Hari %(name)s dicatat.", name=form.name.data))
            return redirect(url_for("treasury.due_rules", tahun=form.day.data.year))
    return _page(None, form)


@web.require("admin")
def remove_off_day(off_day_id: int) -> Any:
    row = workdays.remove_off_day(g.person, off_day_id)
    flash(_("Hari %(name)s dihapus.", name=row.name))
    return redirect(url_for("treasury.due_rules", tahun=row.day.year))


def _rule_form() -> RuleForm:
    form = RuleForm(unit=g.person.unit_name, from_day=clock.today(g.person.zone), period="daily", weekday=4)
    form.period.choices = [(key, web.tr(name)) for key, name in PERIOD_NAMES.items()]
    form.weekday.choices = [(i, web.tr(name)) for i, name in enumerate(WEEKDAYS)]
    return form


def _off_form() -> OffDayForm:
    form = OffDayForm(unit=g.person.unit_name, works="off")
    form.works.choices = [("off", _("libur")), ("works", _("tetap hari kerja"))]
    return form


def _page(rule_form: RuleForm | None, off_form: OffDayForm | None) -> Any:
    year = asking.year(request.args.get("tahun", ""))
    page = render_template(
        "treasury/due.html",
        rules=web.paged(workdays.rules_for(g.person)),
        rules_url=lambda number: url_for("treasury.due_rules", tahun=year, hal=number),
        off_days=workdays.off_days_for(g.person, year),
        national=sorted(workdays.national(year).items()),
        year=year,
        years=asking.years(),
        periods=PERIOD_NAMES,
        weekdays=WEEKDAYS,
        rule_form=rule_form or _fresh(_rule_form),
        off_form=off_form or _fresh(_off_form),
        units=tree.names(g.person),
        today=clock.today(g.person.zone),
        open_form="rule" if rule_form else "off" if off_form else "",
    )
    wrong = [form for form in (rule_form, off_form) if form and (form.errors or form.form_errors)]
    return page, 422 if wrong else 200


def _fresh(make: Callable[[], Any]) -> Any:
    """A form as it is before anything was sent (its sibling on the page may have been)."""
    form = make()
    if form.is_submitted():
        form.process(
            formdata=None, unit=g.person.unit_name, from_day=clock.today(g.person.zone), period="daily", weekday=4
        )
    return form


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/pnbp/jatuh-tempo", due_rules, ["GET"]),
    ("/pnbp/jatuh-tempo/aturan", set_rule, ["POST"]),
    ("/pnbp/jatuh-tempo/hari", add_off_day, ["POST"]),
    ("/pnbp/jatuh-tempo/hari/<int:off_day_id>/hapus", remove_off_day, ["POST"]),
)

"""Pages of billing codes: those that wait to be paid, and making a note of a new one."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, pgettext
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms.validators import DataRequired, InputRequired, Length

from pos import clock, exports, money, sheets, web
from pos.db import db
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.treasury import asking, coverage, workdays
from pos.treasury.deposit_pages import MOST_DAYS
from pos.units import tree
from pos.units.services import unit_for


class BillingForm(FlaskForm):
    unit = web.TextField(
        _l("Unit"), [DataRequired(_l("Pilih unitnya."))], render_kw={"list": "units", "autocomplete": "off"}
    )
    code = web.TextField(
        _l("Kode billing"),
        [InputRequired(_l("Isi kode billing.")), Length(max=40)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    issued_on = DateField(_l("Dibuat pada"), [InputRequired(_l("Pilih harinya."))])
    amount = web.RupiahField(lazy_pgettext("uang", "Jumlah"), [InputRequired(_l("Isi jumlahnya."))])
    satker = web.TextField(_l("Kode satker"), [Length(max=12)], render_kw={"inputmode": "numeric"})
    akun = web.TextField(_l("Akun"), [Length(max=12)], render_kw={"inputmode": "numeric"})
    note = web.TextField(_l("Keterangan"), [Length(max=200)])
    days = web.TextField(_l("Pendapatan yang akan ditutup"))

    def code_as_made(self) -> dict[str, Any]:
        names = ("code", "issued_on", "satker", "akun", "note")
        return {"amount": self.amount.data or 0, **{name: self[name].data for name in names}}


@web.require(*READERS)
def billings() -> Any:
    asked = asking.asked("q", "keadaan")
    page = web.paged(coverage.billings(g.person, asked["keadaan"], asked["q"]))
    today = clock.today(g.person.zone)
    return render_template(
        "treasury/billings.html",
        page=page,
        rows=[(row, unit, paid, coverage.state_of(row, paid, today)) for row, unit, paid in page.rows],
        asked=asked,
        states=coverage.STATES,
        today=today,
        export_link=lambda kind: url_for("treasury.export_billings", kind=kind, **asking.given(asked)),
    )


@web.require(*READERS)
def export_billings(kind: str) -> Any:
    asked = asking.asked("q", "keadaan")
    query = coverage.billings(g.person, asked["keadaan"], asked["q"])
    rows = db.session.execute(query.limit(sheets.MAX_ROWS)).all()
    today = clock.today(g.person.zone)
    title, name = _("Kode billing"), f"kode-billing-{today}"
    head = [_("Kode billing"), _("Unit"), _("Dibuat"), _("Berlaku sampai"), _("Keadaan"), _("NTPN"), _("Jumlah")]
    cells = [
        (row.code, unit.name, row.issued_on, row.expires_on)
        + (web.tr(coverage.STATES[coverage.state_of(row, paid, today)]), paid or "", row.amount)
        for row, unit, paid in rows
    ]
    if kind != "pdf":
        return exports.sheet(name, kind, title, head, cells)
    day = web.FILTERS["day"]
    texts = [(*line[:2], day(line[2]), day(line[3]), *line[4:6], money.rupiah(line[6])) for line in cells]
    total = (pgettext("total", "Jumlah"), *[""] * 5, money.rupiah(sum(line[6] for line in cells)))
    columns = [*map(Column, head[:-1]), Column(head[-1], True)]
    return exports.pdf(name, title, [g.person.unit_name], columns, texts, total)


@web.require("staff")
def add_billing() -> Any:
    unit = unit_for(g.person, request.args.get("unit", g.person.unit_id, web.number))
    rule = workdays.rule_of(unit, clock.today(unit.zone))
    form = BillingForm(
        unit=unit.name,
        issued_on=clock.today(unit.zone),
        satker=rule.satker if rule else "",
        akun=rule.akun if rule else "",
    )
    days = _open_of(unit)
    if form.validate_on_submit():
        try:
            unit = tree.chosen(g.person, form.unit.data)
            days = _open_of(unit)
            chosen = asking.chosen_days(days, unit.name)
            if chosen is None:
                chosen = coverage.propose(days, form.amount.data or 0)
            row = coverage.add_billing(unit, g.person, chosen, sure_of=asking.sure_of(), **form.code_as_made())
        except PosError as error:
            db.session.rollback()
            web.put_errors(form, error)
        else:
            last = _day(row.expires_on)
            flash(_("Kode billing %(code)s dicatat: bayar paling lambat %(day)s.", code=row.code, day=last))
            return redirect(url_for("treasury.billings"))
    proposed = coverage.due_now(unit, days[:MOST_DAYS])
    if not form.is_submitted():
        form.amount.data = sum(proposed.values()) or None
    page = render_template(
        "treasury/billing_form.html",
        form=form,
        units=tree.names(g.person),
        days=asking.typed_days(days[:MOST_DAYS], proposed, unit.name),
        more=max(0, len(days) - MOST_DAYS),
        shown=unit.name,
        other=asking.other_satker(form.satker),
    )
    return page, 422 if form.errors or form.form_errors else 200


@web.require("staff")
def cancel_billing(billing_id: int) -> Any:
    row = coverage.billing_for(g.person, billing_id)
    coverage.cancel_billing(row, g.person)
    flash(_("Kode billing %(code)s dibatalkan.", code=row.code))
    return redirect(url_for("treasury.billings"))


def _open_of(unit: Any) -> list[Any]:
    return [(day.day, day.outstanding) for day in coverage.outstanding(unit)]


def _day(day: Any) -> str:
    return str(web.FILTERS["day"](day))


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/setoran/billing", billings, ["GET"]),
    ("/setoran/billing/ekspor.<any(csv, xlsx, pdf):kind>", export_billings, ["GET"]),
    ("/setoran/billing/baru", add_billing, ["GET", "POST"]),
    ("/setoran/billing/<int:billing_id>/batal", cancel_billing, ["POST"]),
)

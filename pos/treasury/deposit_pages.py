"""Pages of deposits: the list, recording one with the takings it covers, correcting one."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, pgettext
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length

from pos import clock, exports, money, web
from pos.db import db
from pos.errors import NC_, Conflict, PosError
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.revenue import deposits as recorded
from pos.revenue.models import Billing, Deposit
from pos.treasury import asking, coverage, doubts, linking, matching, overview, workdays
from pos.units import tree
from pos.units.models import Unit
from pos.units.services import unit_for

MOST_DAYS = 120  # open days that one form shows, the oldest first
METHODS = {
    "": "",
    "teller": NC_("cara setor", "Teller bank atau pos"),
    "transfer": NC_("cara setor", "Transfer / internet banking"),
    "atm": NC_("cara setor", "ATM atau EDC"),
    "qris": "QRIS",
    "lain": NC_("cara setor", "Lainnya"),
}
STANDS = {"": NC_("setoran", "berlaku"), "back": NC_("setoran", "dibatalkan"), "entry": NC_("setoran", "pembatalan")}


class DepositForm(FlaskForm):
    unit = web.TextField(
        _l("Unit"), [DataRequired(_l("Pilih unitnya."))], render_kw={"list": "units", "autocomplete": "off"}
    )
    day = DateField(_l("Hari setor"), [InputRequired(_l("Pilih harinya."))])
    amount = web.RupiahField(lazy_pgettext("uang", "Jumlah"), [InputRequired(_l("Isi jumlahnya."))])
    billing_code = web.TextField(
        _l("Kode billing"),
        [InputRequired(_l("Isi kode billing.")), Length(max=40)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    ntpn = web.TextField(
        _l("NTPN"),
        [InputRequired(_l("Isi NTPN dari bukti setor.")), Length(max=40)],
        render_kw={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"},
    )
    ntb = web.TextField(_l("NTB"), [Length(max=40)], render_kw={"autocomplete": "off", "spellcheck": "false"})
    satker = web.TextField(_l("Kode satker"), [Length(max=12)], render_kw={"inputmode": "numeric"})
    akun = web.TextField(_l("Akun"), [Length(max=12)], render_kw={"inputmode": "numeric", "list": "akun"})
    method = SelectField(_l("Cara setor"), validate_choice=True)
    note = web.TextField(_l("Keterangan"), [Length(max=200)])
    days = web.TextField(_l("Pendapatan yang ditutup"))  # only a place for what is wrong with the days
    reason = web.TextField(_l("Alasan koreksi"), [Length(max=200)])

    def proof(self) -> dict[str, Any]:
        names = ("billing_code", "ntpn", "note", "ntb", "satker", "akun", "method")
        return {"day": self.day.data, "amount": self.amount.data or 0, **{name: self[name].data for name in names}}


# -- the list ------------------------------------------------------------------------------------------


@web.require(*READERS)
def deposits() -> Any:
    asked = asking.asked("q", "unit", "dari", "sampai", "sisa")
    query = _found(asked)
    # Before the rows are read: it begins a new reading transaction, after which each of them would be read again.
    unlinked = overview.unlinked(overview.Cut(g.person)) if g.person.may(*linking.LINKERS) else 0
    page = web.paged(query)
    return render_template(
        "treasury/deposits.html",
        page=page,
        states=_states([row for row, _unit in page.rows]),
        total=recorded.total(query),
        asked=asked,
        expiring=coverage.expiring(g.person),
        unlinked=unlinked,
        export_link=lambda kind: url_for("treasury.export_deposits", kind=kind, **asking.given(asked)),
    )


@web.require(*READERS)
def export_deposits(kind: str) -> Any:
    """Everything that the list shows, on all its pages."""
    asked = asking.asked("q", "unit", "dari", "sampai", "sisa")
    query = _found(asked)
    rows = recorded.every(query)
    title, name = _("Setoran PNBP"), f"setoran-{clock.today(g.person.zone)}"
    if kind == "pdf":
        return _listing(name, title, rows, recorded.total(query), asked)
    header = [_("Hari"), _("Unit"), _("NTPN"), _("Kode billing"), _("NTB"), _("Satker"), _("Akun"), _("Cara setor")]
    header += [_("Keterangan"), _("Keadaan"), _("Jumlah (Rp)")]
    states = _states([row for row, _unit in rows])
    cells = [
        (row.day, unit.name, row.ntpn, row.billing_code, row.ntb, row.satker, row.akun, web.tr(METHODS[row.method]))
        + (row.note or row.reason, web.tr(STANDS[states[row.id]]), row.amount)
        for row, unit in rows
    ]
    return exports.sheet(name, kind, title, header, cells)


def _listing(name: str, title: str, rows: Any, total: int, asked: dict[str, str]) -> Any:
    head = (_("Hari"), _("Unit"), _("NTPN"), _("Kode billing"), _("NTB"), _("Akun"), _("Keterangan"))
    cells = [
        (web.FILTERS["day"](row.day), unit.name, row.ntpn, row.billing_code, row.ntb, row.akun, row.note or row.reason)
        + (money.rupiah(row.amount),)
        for row, unit in rows
    ]
    about = [
        g.person.unit_name,
        exports.period(asking.day(asked["dari"]), asking.day(asked["sampai"])),
        exports.asked({_("Cari"): asked["q"], _("Unit"): asked["unit"]}),
        _("%(count)s setoran", count=money.grouped(len(rows))),
    ]
    whole = (pgettext("total", "Jumlah"), *[""] * 6, money.rupiah(total))
    columns = [*map(Column, head), Column(pgettext("uang", "Jumlah"), True)]
    return exports.pdf(name, title, about, columns, cells, whole, letterhead=True, signers=asking.signers())


def _found(asked: dict[str, str]) -> Any:
    since, until = asking.day(asked["dari"]), asking.day(asked["sampai"])
    return recorded.deposits(g.person, asked["q"], since, until, asked["unit"], unlinked=bool(asked["sisa"]))


def _states(rows: list[Deposit]) -> dict[int, str]:
    """By id: `` for one that stands, `back` for one that was taken back, `entry` for what took it back."""
    back = recorded.taken_back([row.id for row in rows])
    return {row.id: "entry" if row.corrects_id else "back" if row.id in back else "" for row in rows}


# -- one of them ---------------------------------------------------------------------------------------


@web.require(*READERS)
def deposit(deposit_id: int) -> Any:
    row = coverage.deposit_for(g.person, deposit_id)
    state = _states([row])[row.id]
    twin = recorded.taken_back([row.id]).get(row.id)
    match = matching.state_of(row) if not state else ""
    return render_template(
        "treasury/deposit.html",
        row=row,
        state=state,
        twin=twin,
        covered=recorded.covered_by(row),
        surplus=coverage.surplus(row) if not state else 0,
        treasury=matching.rows_of(row),
        match=match,
        perhaps=matching.perhaps(row, g.person) if match == "missing" else [],
        match_names=matching.STATES,
        notes=matching.notes_of(row),
        methods=METHODS,
        own_satker=doubts.own_satker(row.unit),
    )


@web.require("staff")
def add_deposit() -> Any:
    billing = None
    if text := request.args.get("billing", type=web.number):
        billing = coverage.billing_for(g.person, text)
        if coverage.paid_by(billing):
            raise Conflict("Kode billing ini sudah dibayar.")
        if billing.cancelled_at:
            raise Conflict("Kode billing ini sudah dibatalkan. Catat setorannya tanpa memilih kode billing itu.")
    asked = request.args.get("unit", g.person.unit_id, web.number)
    unit = billing.unit if billing else unit_for(g.person, asked)
    rule = workdays.rule_of(unit, clock.today(unit.zone))
    form = _form(
        unit=unit.name,
        day=clock.today(unit.zone),
        billing_code=billing.code if billing else "",
        satker=(billing.satker if billing else "") or (rule.satker if rule else ""),
        akun=(billing.akun if billing else "") or (rule.akun if rule else ""),
        note=billing.note if billing else "",
    )
    return _deposit_form(form, unit, billing=billing)


@web.require("staff")
def correct_deposit(deposit_id: int) -> Any:
    row = coverage.deposit_for(g.person, deposit_id)
    if row.corrects_id or not recorded.stands(row):
        raise Conflict("Catatan setoran ini sudah dikoreksi.")
    names = ("day", "amount", "billing_code", "ntpn", "ntb", "satker", "akun", "method", "note")
    usual = {name: getattr(row, name) for name in names} | asking.given(asking.asked("ntpn"))
    form = _form(unit=row.unit.name, **usual)
    if request.method == "POST" and "only" in request.form:
        try:
            recorded.take_back(row, g.person, form.reason.data)
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Catatan %(ntpn)s dibatalkan; pendapatan yang ditutupnya terbuka lagi.", ntpn=row.ntpn))
            return redirect(url_for("treasury.deposit", deposit_id=row.id))
    return _deposit_form(form, row.unit, corrected=row)


@web.require("staff")
def link_deposit(deposit_id: int) -> Any:
    row = coverage.deposit_for(g.person, deposit_id)
    amount = coverage.link(row, g.person)
    if amount:
        flash(_("%(amount)s ditautkan ke pendapatan tertua yang belum disetor.", amount=money.rupiah(amount)))
    else:
        flash(_("Tidak ada pendapatan yang belum disetor; sisanya tetap sebagai lebih setor."))
    return redirect(url_for("treasury.deposit", deposit_id=row.id))


def _form(**usual: Any) -> DepositForm:
    form = DepositForm(**usual)
    form.method.choices = [(key, web.tr(text) or "–") for key, text in METHODS.items()]
    if not form.is_submitted():
        form.method.data = usual.get("method", "")
    form.method.data = form.method.data or ""
    return form


def _deposit_form(
    form: DepositForm, unit: Unit, billing: Billing | None = None, corrected: Deposit | None = None
) -> Any:
    days = _open_of(unit, corrected)
    if not form.errors and "only" not in request.form and form.validate_on_submit():
        try:
            chosen_unit = unit if corrected else tree.chosen(g.person, form.unit.data)
            days, unit = _open_of(chosen_unit, corrected), chosen_unit
            row = coverage.record(
                chosen_unit,
                g.person,
                asking.chosen_days(days, chosen_unit.name),
                corrected=corrected,
                reason=form.reason.data,
                billing=billing,
                sure_of=asking.sure_of(),
                **form.proof(),
            )
        except PosError as error:
            db.session.rollback()
            web.put_errors(form, error)
        else:
            _tell(row)
            return redirect(url_for("treasury.deposits"))
    proposed = _proposed(days, unit, billing, corrected)
    if not form.is_submitted() and not corrected:
        form.amount.data = billing.amount if billing else sum(proposed.values()) or None
    page = render_template(
        "treasury/deposit_form.html",
        form=form,
        units=tree.names(g.person),
        days=asking.typed_days(days[:MOST_DAYS], proposed, unit.name),
        shown=unit.name,
        more=max(0, len(days) - MOST_DAYS),
        corrected=corrected,
        billing=billing,
        other=asking.other_satker(form.satker),
    )
    return page, 422 if form.errors or form.form_errors else 200


def _open_of(unit: Unit, corrected: Deposit | None) -> list[tuple[Any, int]]:
    """Days that are open, with what the corrected entry covers open again."""
    left = {day.day: day.outstanding for day in coverage.outstanding(unit)}
    for day, amount in (recorded.covered_by(corrected) if corrected else {}).items():
        left[day] = left.get(day, 0) + amount
    return sorted((day, amount) for day, amount in left.items() if amount)


def _proposed(days: Any, unit: Unit, billing: Billing | None, corrected: Deposit | None) -> dict[Any, int]:
    if corrected:
        return recorded.covered_by(corrected)
    if billing and billing.days:
        left = dict(days)
        return {part.business_date: part.amount for part in billing.days if left.get(part.business_date)}
    if billing:
        return coverage.propose(days, billing.amount)
    return dict(coverage.due_now(unit, days[:MOST_DAYS]))


def _tell(row: Deposit) -> None:
    left = coverage.surplus(row)
    flash(_("Setoran %(ntpn)s dicatat.", ntpn=row.ntpn))
    if left:
        flash(_("%(amount)s dari setoran ini belum menutup pendapatan apa pun.", amount=money.rupiah(left)))


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/setoran", deposits, ["GET"]),
    ("/setoran/ekspor.<any(csv, xlsx, pdf):kind>", export_deposits, ["GET"]),
    ("/setoran/baru", add_deposit, ["GET", "POST"]),
    ("/setoran/<int:deposit_id>", deposit, ["GET"]),
    ("/setoran/<int:deposit_id>/koreksi", correct_deposit, ["GET", "POST"]),
    ("/setoran/<int:deposit_id>/tautkan", link_deposit, ["POST"]),
)

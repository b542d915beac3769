"""Pages of people: who they are, their passwords, and the log."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_user
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from pos import clock, exports, sheets, web
from pos.db import db
from pos.errors import N_, PosError
from pos.listing_pdf import Column
from pos.units import log_words, pins, services, tree
from pos.units import people as everyone
from pos.units.models import User

ROLE_HELP = {
    "cashier": N_("melayani penjualan di kasir"),
    "staff": N_("mengurus produk, stok, label dan setoran"),
    "official": N_("melihat dan memeriksa omzet"),
    "admin": N_("mengatur unit, galeri dan pengguna"),
    "auditor": N_("membaca semuanya, tidak mengubah apa pun"),
}


class NewPasswordForm(FlaskForm):
    password = PasswordField(
        _l("Kata sandi baru"), [InputRequired(_l("Isi kata sandi."))], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(
        _l("Kata sandi baru, sekali lagi"),
        [EqualTo("password", _l("Kedua kata sandi tidak sama."))],
        render_kw={"autocomplete": "new-password"},
    )


class OwnPasswordForm(NewPasswordForm):
    old = PasswordField(
        _l("Kata sandi lama"),
        [InputRequired(_l("Isi kata sandi lama."))],
        render_kw={"autocomplete": "current-password"},
    )


class PersonForm(FlaskForm):
    name = web.TextField(_l("Nama lengkap"), [DataRequired(_l("Isi nama orangnya.")), Length(max=80)])
    role = RadioField(_l("Peran"), [InputRequired(_l("Pilih satu peran."))])
    unit = web.TextField(
        _l("Unit"), [DataRequired(_l("Pilih unitnya."))], render_kw={"list": "units", "autocomplete": "off"}
    )


class NewPersonForm(PersonForm):
    username = web.TextField(
        _l("Nama masuk"),
        [DataRequired(_l("Isi nama masuk.")), Length(max=40)],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Kata sandi"), [InputRequired(_l("Isi kata sandi."))], render_kw={"autocomplete": "new-password"}
    )


class ChangePersonForm(PersonForm):
    active = BooleanField(_l("Boleh masuk"))


# -- people --------------------------------------------------------------------------------------------


@web.require("admin")
def people() -> Any:
    asked = {name: request.args.get(name, "").strip() for name in ("q", "peran")}
    closed = bool(request.args.get("nonaktif"))
    page = web.paged(everyone.people(g.person, asked["q"], asked["peran"], closed))
    return render_template("units/people.html", page=page, asked=asked, closed=closed, roles=services.ROLE_NAMES)


@web.require("admin")
def add_person() -> Any:
    form = NewPersonForm(unit=g.person.unit_name)
    _fill(form)
    if form.validate_on_submit():
        try:
            unit = tree.chosen(g.person, form.unit.data)
            row = services.add_user(
                form.username.data, form.name.data, form.password.data, form.role.data, unit, g.person
            )
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("%(name)s bisa masuk dengan nama %(username)s.", name=row.name, username=row.username))
            return redirect(url_for("units.people"))
    return _person_page(form, None)


@web.require("admin")
def change_person(user_id: int) -> Any:
    row = everyone.user_for(g.person, user_id)
    form = ChangePersonForm(name=row.name, role=row.role, unit=row.unit.name, active=row.active)
    _fill(form)
    if form.validate_on_submit():
        try:
            unit = tree.chosen(g.person, form.unit.data)
            everyone.change_user(
                row, g.person, name=form.name.data, role=form.role.data, unit=unit, active=form.active.data
            )
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("%(name)s disimpan.", name=row.name))
            return redirect(url_for("units.people"))
    return _person_page(form, row)


def _fill(form: PersonForm) -> None:
    form.role.choices = [
        SelectChoice(role, f"{web.tr(name)}: {web.tr(ROLE_HELP[role])}") for role, name in services.ROLE_NAMES.items()
    ]


def _person_page(form: PersonForm, row: User | None) -> Any:
    page = render_template("units/person_form.html", form=form, user=row, units=tree.names(g.person))
    return page, 422 if form.errors else 200


# -- passwords -----------------------------------------------------------------------------------------


@web.require("admin")
def set_password(user_id: int) -> Any:
    row = everyone.user_for(g.person, user_id)
    if row.id == g.person.id:
        return redirect(url_for("units.own_password"))
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            everyone.set_password(row, g.person, form.password.data)
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Kata sandi %(name)s diganti; ia keluar dari semua perangkat.", name=row.name))
            return redirect(url_for("units.people"))
    return render_template("units/password.html", form=form, user=row), 422 if form.errors else 200


@web.require()
@web.limiter.limit("10/minute", methods=["POST"], deduct_when=lambda response: response.status_code == 422)
def own_password() -> Any:
    form = OwnPasswordForm()
    if form.validate_on_submit():
        try:
            everyone.change_own_password(g.person, form.old.data, form.password.data)
        except PosError as error:
            web.put_errors(form, error)
        else:
            login_user(services.person_named(g.person.username))
            flash(_("Kata sandi Anda diganti. Perangkat lain yang masih masuk sudah dikeluarkan."))
            return redirect(url_for("units.home"))
    return render_template("units/password.html", form=form, user=None), 422 if form.errors else 200


class PinForm(FlaskForm):
    password = PasswordField(
        _l("Kata sandi Anda"),
        [InputRequired(_l("Isi kata sandi Anda."))],
        render_kw={"autocomplete": "current-password"},
    )
    pin = PasswordField(
        _l("PIN baru"),
        [InputRequired(_l("Isi enam angka."))],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "maxlength": 6},
    )
    again = PasswordField(
        _l("PIN baru, sekali lagi"),
        [EqualTo("pin", _l("Kedua PIN tidak sama."))],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "maxlength": 6},
    )


@web.require()
@web.limiter.limit("10/minute", methods=["POST"], deduct_when=lambda response: response.status_code == 422)
def own_pin() -> Any:
    form = PinForm()
    if form.validate_on_submit():
        try:
            pins.set_own_pin(g.person, form.password.data, form.pin.data)
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("PIN Anda disimpan."))
            return redirect(url_for("units.home"))
    return render_template("units/pin.html", form=form), 422 if form.errors else 200


# -- the log -------------------------------------------------------------------------------------------

LOG_ASKED = ("q", "jenis", "dari", "sampai")


@web.require("admin", "official", "auditor")
def audit_log() -> Any:
    asked, query = _log_asked()
    return render_template(
        "units/log.html",
        page=web.paged(query, 100),
        asked=asked,
        names=everyone.ACTS,
        acts=everyone.acts(g.person),
        spoken=log_words.spoken,
        export_link=_log_link,
    )


@web.require("admin", "official", "auditor")
def export_log(kind: str) -> Any:
    asked, query = _log_asked()
    rows = db.session.execute(query.limit(sheets.MAX_ROWS + 1)).all()
    if len(rows) > sheets.MAX_ROWS:
        raise PosError("Lebih dari %(most)d baris. Saring per hari, lalu unduh lagi.", most=sheets.MAX_ROWS)
    title, name = _("Catatan: siapa melakukan apa"), f"catatan-{clock.today(g.person.zone)}"
    header = [_("Waktu"), _("Siapa"), _("Perbuatan"), _("Hal"), _("Rincian")]
    cells = [
        [
            entry.at,
            who or "",
            web.tr(everyone.ACTS.get(entry.act, entry.act)),
            entry.subject,
            "; ".join(log_words.spoken(entry)),
        ]
        for entry, who in rows
    ]
    if kind == "pdf":
        at = web.FILTERS["at"]
        told = [[at(when, g.person.zone), *texts] for when, *texts in cells]
        period = exports.period(_day(asked["dari"]), _day(asked["sampai"]))
        words = exports.asked({_("Cari"): asked["q"], _("Perbuatan"): web.tr(everyone.ACTS.get(asked["jenis"], ""))})
        return exports.pdf(name, title, [g.person.unit_name, period, words], [*map(Column, header)], told)
    local = [[clock.local(when, g.person.zone).replace(tzinfo=None, microsecond=0), *texts] for when, *texts in cells]
    header[0] = f"{header[0]} ({g.person.zone})"
    return exports.sheet(name, kind, title, header, local)


def _log_link(kind: str) -> str:
    asked: dict[str, Any] = {name: request.args[name] for name in LOG_ASKED if request.args.get(name)}
    return url_for("units.export_log", kind=kind, **asked)


def _log_asked() -> tuple[dict[str, str], Any]:
    asked = {name: request.args.get(name, "").strip() for name in LOG_ASKED}
    return asked, everyone.entries(g.person, asked["q"], asked["jenis"], _day(asked["dari"]), _day(asked["sampai"]))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


BOTH = ["GET", "POST"]
PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/pengguna", people, ["GET"]),
    ("/pengguna/baru", add_person, BOTH),
    ("/pengguna/<int:user_id>", change_person, BOTH),
    ("/pengguna/<int:user_id>/sandi", set_password, BOTH),
    ("/sandi", own_password, BOTH),
    ("/pin", own_pin, BOTH),
    ("/catatan", audit_log, ["GET"]),
    ("/catatan.<any(csv, xlsx, pdf):kind>", export_log, ["GET"]),
)

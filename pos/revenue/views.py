"""Pages of deposits and of the schemes that split money."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, pgettext
from flask_wtf import FlaskForm
from wtforms import DateField, FieldList, FormField, RadioField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from pos import clock, exports, money, web
from pos.errors import N_, PosError
from pos.listing_pdf import Column
from pos.revenue import deposits as treasury
from pos.revenue import services
from pos.revenue.services import Share, Terms
from pos.units import tree

bp = Blueprint("revenue", __name__)
SHARE_ROWS = 6
BASE_NAMES = {"laba": N_("Laba (penjualan dikurangi biaya)"), "penjualan": N_("Penjualan")}
KIND_NAMES = {"premi": N_("Premi"), "pnbp": N_("PNBP"), "other": N_("Lainnya")}
# Ten bags at Rp80.000 that cost Rp500.000 to make.
EXAMPLE = {"quantity": 10, "price": 80_000, "amount": 800_000, "cost": 500_000}


# -- deposits ------------------------------------------------------------------------------------------


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
    note = web.TextField(_l("Keterangan"), [Length(max=200)])


@bp.get("/setoran")
@web.require("staff", "official", "admin", "auditor")
def deposits() -> Any:
    asked = _asked()
    query = _found(asked)
    page = web.paged(query)
    return render_template(
        "revenue/deposits.html",
        page=page,
        total=treasury.total(query),
        asked=asked,
        export_link=lambda kind: url_for("revenue.export", kind=kind, **_given(asked)),
    )


@bp.get("/setoran/ekspor.<any(csv, xlsx, pdf):kind>")
@web.require("staff", "official", "admin", "auditor")
def export(kind: str) -> Any:
    """Everything that the list shows, on all its pages."""
    asked = _asked()
    query = _found(asked)
    rows = treasury.every(query)
    title, name = _("Setoran PNBP"), f"setoran-{clock.today(g.person.zone)}"
    if kind == "pdf":
        return _listing(name, title, rows, treasury.total(query), asked)
    header = [_("Hari"), _("Unit"), _("NTPN"), _("Kode billing"), _("Keterangan"), _("Jumlah (Rp)")]
    cells = [(row.day, unit.name, row.ntpn, row.billing_code, row.note, row.amount) for row, unit in rows]
    return exports.sheet(name, kind, title, header, cells)


def _listing(name: str, title: str, rows: Sequence[Any], total: int, asked: dict[str, str]) -> Any:
    head = [Column(_("Hari")), Column(_("Unit")), Column(_("NTPN")), Column(_("Kode billing")), Column(_("Keterangan"))]
    cells = [
        (web.FILTERS["day"](row.day), unit.name, row.ntpn, row.billing_code, row.note, money.rupiah(row.amount))
        for row, unit in rows
    ]
    about = [
        g.person.unit_name,
        exports.period(_day(asked["dari"]), _day(asked["sampai"])),
        exports.asked({_("Cari"): asked["q"], _("Unit"): asked["unit"]}),
        _("%(count)s setoran", count=money.grouped(len(rows))),
    ]
    whole = (pgettext("total", "Jumlah"), "", "", "", "", money.rupiah(total))
    return exports.pdf(name, title, about, [*head, Column(pgettext("uang", "Jumlah"), True)], cells, whole)


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").strip() for name in ("q", "unit", "dari", "sampai")}


def _given(asked: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value}


def _found(asked: dict[str, str]) -> Any:
    return treasury.deposits(g.person, asked["q"], _day(asked["dari"]), _day(asked["sampai"]), asked["unit"])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@bp.route("/setoran/baru", methods=["GET", "POST"])
@web.require("staff")
def add_deposit() -> Any:
    form = DepositForm(unit=g.person.unit_name, day=clock.today(g.person.zone))
    if form.validate_on_submit():
        try:
            row = treasury.add_deposit(
                tree.chosen(g.person, form.unit.data),
                g.person,
                day=form.day.data,
                amount=form.amount.data or 0,
                billing_code=form.billing_code.data,
                ntpn=form.ntpn.data,
                note=form.note.data,
            )
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Setoran %(ntpn)s dicatat.", ntpn=row.ntpn))
            return redirect(url_for("revenue.deposits"))
    page = render_template("revenue/deposit_form.html", form=form, units=tree.names(g.person))
    return page, 422 if form.errors else 200


# -- schemes -------------------------------------------------------------------------------------------


class PercentField(StringField):
    """`12,5` percent as a person writes it; the data is hundredths of a percent (1250) or None."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data / 100:g}".replace(".", ",")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip().rstrip("%").strip() if valuelist else ""
        if not text:
            return
        if not re.fullmatch(r"\d{1,3}([,.]\d{1,2})?", text, re.ASCII):
            raise ValueError(_("Tulis persen, paling banyak dua angka di belakang koma."))
        whole, _comma, hundredths = text.replace(".", ",").partition(",")
        self.data = int(whole) * 100 + int(hundredths.ljust(2, "0"))


class ShareForm(PlainForm):
    name = web.TextField(_l("Nama bagian"), [Length(max=40)])
    kind = SelectField(_l("Untuk"))
    percent = PercentField(_l("Persen"), render_kw={"inputmode": "decimal", "autocomplete": "off"})


class SchemeForm(FlaskForm):
    unit = web.TextField(
        _l("Unit"), [DataRequired(_l("Pilih unitnya."))], render_kw={"list": "units", "autocomplete": "off"}
    )
    from_day = DateField(_l("Berlaku sejak"), [InputRequired(_l("Pilih harinya."))])
    name = web.TextField(_l("Nama skema"), [DataRequired(_l("Isi nama skema.")), Length(max=120)])
    base = RadioField(_l("Yang dibagi"), [InputRequired(_l("Pilih yang dibagi."))])
    shares = FieldList(FormField(ShareForm), min_entries=SHARE_ROWS, max_entries=SHARE_ROWS)
    remainder = RadioField(_l("Sisa pembulatan masuk ke"), coerce=int, validate_choice=False)

    def agreed(self) -> list[Share]:
        """The shares that were filled in, or `PosError` on `remainder` or `shares`."""
        filled = [(i, row.form) for i, row in enumerate(self.shares) if row.form.name.data or row.form.percent.data]
        if any(not row.name.data or row.percent.data is None for _i, row in filled):
            raise PosError("Setiap bagian perlu nama dan persen.")
        whole = sum(row.percent.data for _i, row in filled)
        if whole != 10_000:
            percent = f"{whole / 100:g}".replace(".", ",")
            raise PosError("Jumlah semua bagian harus 100%%; sekarang %(percent)s%%.", percent=percent)
        if self.remainder.data not in [i for i, _row in filled]:
            raise PosError(
                "Sisa pembulatan belum ada penerimanya.",
                fields={"remainder": N_("Pilih bagian yang menerima sisa pembulatan.")},
            )
        return [
            Share(" ".join(row.name.data.split()), row.kind.data, row.percent.data, i == self.remainder.data)
            for i, row in filled
        ]


@bp.get("/skema")
@web.require("admin")
def schemes() -> Any:
    rows = services.schemes_for(g.person)
    return render_template(
        "revenue/schemes.html",
        schemes=[(row, _example(services.terms_of(row))) for row in rows],
        now=services.in_force_for(g.person, rows),
        today=clock.today(g.person.zone),
        beginning=clock.BEGINNING,
        bases=BASE_NAMES,
        kinds=KIND_NAMES,
        example=EXAMPLE,
    )


@bp.route("/skema/baru", methods=["GET", "POST"])
@web.require("admin")
def add_scheme() -> Any:
    form = _scheme_form()
    example = None
    if form.validate_on_submit():
        try:
            unit, shares = tree.chosen(g.person, form.unit.data), form.agreed()
            example = _example(Terms(0, "", form.from_day.data, form.base.data, tuple(shares)))
            if "preview" not in request.form:
                services.new_scheme(unit, g.person, form.name.data, form.base.data, shares, form.from_day.data)
                flash(_("Skema %(name)s berlaku bagi %(unit)s.", name=form.name.data, unit=unit.name))
                return redirect(url_for("revenue.schemes"))
        except PosError as error:
            web.put_errors(form, error)
    page = render_template(
        "revenue/scheme_form.html", form=form, example=example, figures=EXAMPLE, units=tree.names(g.person)
    )
    return page, 422 if form.errors else 200


def _scheme_form() -> SchemeForm:
    """Filled with the default scheme until something was typed."""
    usual = [{"name": s.name, "kind": s.kind, "percent": s.basis_points} for s in services.DEFAULT_SHARES]
    taker = next(i for i, s in enumerate(services.DEFAULT_SHARES) if s.takes_remainder)
    form = SchemeForm(
        unit=g.person.unit_name,
        from_day=clock.today(g.person.zone),
        base="laba",
        remainder=taker,
        shares=usual + [{"kind": "other"}] * (SHARE_ROWS - len(usual)),
    )
    form.base.choices = [SelectChoice(key, web.tr(text)) for key, text in BASE_NAMES.items()]
    form.remainder.choices = [SelectChoice(i, str(i + 1)) for i in range(SHARE_ROWS)]
    for row in form.shares:
        row.form.kind.choices = [SelectChoice(key, web.tr(text)) for key, text in KIND_NAMES.items()]
    return form


def _example(terms: Terms) -> services.Split:
    return services.split(terms, EXAMPLE["amount"], EXAMPLE["cost"], wbp_made=True)

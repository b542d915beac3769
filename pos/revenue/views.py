"""Pages of the schemes that split money."""

import re
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, FieldList, FormField, RadioField, SelectField, StringField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from pos import clock, web
from pos.errors import N_, PosError
from pos.menu import READERS
from pos.revenue import services
from pos.revenue.models import Scheme
from pos.revenue.services import Share, Terms
from pos.units import tree

bp = Blueprint("revenue", __name__)
SHARE_ROWS = 6
BASE_NAMES = {"laba": N_("Laba (penjualan dikurangi biaya)"), "penjualan": N_("Penjualan")}
KIND_NAMES = {"premi": N_("Premi"), "pnbp": N_("PNBP"), "other": N_("Lainnya")}
# Ten bags at Rp80.000 that cost Rp500.000 to make.
EXAMPLE = {"quantity": 10, "price": 80_000, "amount": 800_000, "cost": 500_000}


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
    product = web.TextField(_l("Hanya untuk produk"), [Length(max=120)], render_kw={"autocomplete": "off"})
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
@web.require(*READERS)
def schemes() -> Any:
    rows = services.schemes_for(g.person)
    return render_template(
        "revenue/schemes.html",
        schemes=[(row, _example(services.terms_of(row))) for row in rows],
        now=services.in_force_for(g.person, rows),
        may_withdraw=_may_withdraw(rows),
        today=clock.today(g.person.zone),
        beginning=clock.BEGINNING,
        bases=BASE_NAMES,
        kinds=KIND_NAMES,
        example=EXAMPLE,
    )


def _may_withdraw(rows: list[Scheme]) -> set[int]:
    """Those of the reader's own units whose day has come nowhere yet."""
    if not g.person.may("admin"):
        return set()
    own = (row for row in rows if row.unit.path.startswith(g.person.path))
    return {row.id for row in own if row.from_day and row.from_day > clock.today("WIT")}


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
                product = services.product_made_by(unit, form.product.data)
                services.new_scheme(unit, g.person, form.name.data, form.base.data, shares, form.from_day.data, product)
                whose = product.name if product else unit.name
                told = {"name": form.name.data, "unit": whose, "day": web.FILTERS["day"](form.from_day.data)}
                flash(_("Skema %(name)s berlaku bagi %(unit)s sejak %(day)s.", **told))
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

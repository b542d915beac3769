"""The pages where an admin makes and changes a campaign."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, FieldList, Form, FormField, StringField
from wtforms.validators import Optional

from pos import web
from pos.campaigns import planning
from pos.campaigns.models import Campaign
from pos.campaigns.services import campaign_for
from pos.db import db
from pos.errors import PosError
from pos.units.models import Unit

bp = Blueprint("campaigns", __name__)
NOT_A_DAY = _l("Tulis tanggal yang benar.")


class DayField(DateField):
    def process_formdata(self, valuelist: list[str]) -> None:
        """An empty day is the service's to judge; what cannot be read is said here."""
        self.data = None
        if not any(valuelist):
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(NOT_A_DAY)) from None


class WindowForm(Form):
    unit = StringField(_l("Kanwil atau UPT"), render_kw={"list": "units", "autocomplete": "off"})
    from_day = DayField(_l("Mulai"))
    until_day = DayField(_l("Sampai"))


class CampaignForm(FlaskForm):
    name = StringField(_l("Nama kampanye"), render_kw={"maxlength": 120})
    slug = StringField(_l("Alamat"), render_kw={"maxlength": 60, "autocapitalize": "none"})
    from_day = DayField(_l("Hari pertama"))
    until_day = DayField(_l("Hari terakhir"))
    target = web.RupiahField(_l("Target omzet nasional"), [Optional()])
    wbp_only = BooleanField(_l("Hanya produk buatan WBP yang dihitung"), default=True)
    public = BooleanField(_l("Siapa pun boleh melihat papan omzetnya"))
    windows = FieldList(FormField(WindowForm), max_entries=700)

    def draft(self) -> planning.Draft:
        windows = [
            planning.Window((w.unit.data or "").strip(), w.from_day.data, w.until_day.data) for w in self.filled()
        ]
        return planning.Draft(
            name=self.name.data or "",
            slug=self.slug.data or "",
            from_day=self.from_day.data,
            until_day=self.until_day.data,
            target=self.target.data or 0,
            wbp_only=self.wbp_only.data,
            public=self.public.data,
            windows=tuple(windows),
        )

    def filled(self) -> list[WindowForm]:
        """The rows of per-unit windows that are not wholly empty."""
        return [w.form for w in self.windows if any(field.raw_data and field.raw_data[0] for field in w.form)]


@bp.route("/kampanye/baru", methods=["GET", "POST"])
@web.require("admin")
def new() -> Any:
    planning.guard(g.person)
    return _edited(None)


@bp.route("/kampanye/<slug>/ubah", methods=["GET", "POST"])
@web.require("admin")
def edit(slug: str) -> Any:
    planning.guard(g.person)
    return _edited(campaign_for(g.person, slug))


def _edited(campaign: Campaign | None) -> Any:
    form = CampaignForm(obj=None if request.method == "POST" else campaign)
    if campaign and request.method == "GET":
        for row, window in zip(form.windows, campaign.windows, strict=True):
            row.form.unit.data = window.unit.name
        form.target.data = campaign.target or None
    status = 200
    if _rows_changed(form):
        pass
    elif form.validate_on_submit():
        try:
            saved = planning.save(g.person, form.draft(), campaign)
        except PosError as error:
            _put(form, error)
            status = 422
        else:
            flash(_("Kampanye %(name)s disimpan.", name=saved.name))
            return redirect(url_for("reports.board", slug=saved.slug))
    elif request.method == "POST":
        status = 422
    names = db.session.scalars(
        sa.select(Unit.name).where(Unit.level.in_(("kanwil", "upt")), Unit.active).order_by(Unit.level, Unit.name)
    ).all()
    return render_template("campaigns/edit.html", form=form, campaign=campaign, units=names), status


def _rows_changed(form: CampaignForm) -> bool:
    """Add or take away a row of per-unit windows when its button was pressed; nothing is saved by that."""
    if request.method != "POST" or not ("add" in request.form or "remove" in request.form):
        return False
    removed = request.form.get("remove", "")
    if removed.isascii() and removed.isdecimal() and len(removed) < 5 and int(removed) < len(form.windows.entries):
        kept = [w.data for i, w in enumerate(form.windows.entries) if i != int(removed)]
        while form.windows.entries:
            form.windows.pop_entry()
        for data in kept:
            form.windows.append_entry(data)
    if "add" in request.form:
        form.windows.append_entry()
    return True


def _put(form: CampaignForm, error: PosError) -> None:
    web.put_errors(form, error)
    rows = form.filled()
    for name, sentence in error.fields.items():
        if name.startswith("windows."):
            _list, row, field = name.split(".")
            target = rows[int(row)][field]
            target.errors = [*target.errors, web.say(sentence)]

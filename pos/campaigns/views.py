"""The pages where an admin makes and changes a campaign."""

import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    FieldList,
    Form,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from pos import clock, money, web
from pos.campaigns import planning, templates
from pos.campaigns.models import Campaign
from pos.campaigns.services import campaign_for
from pos.campaigns.words import CHANNEL_NAMES
from pos.catalog.editing import categories
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


class MomentField(DateTimeLocalField):
    data: datetime | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """As the days: what cannot be read is said here."""
        self.data = None
        if not any(valuelist):
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_("Tulis tanggal dan jam yang benar."))) from None


class SomeField(SelectMultipleField):
    """Any of a few, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


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
    series = StringField(
        _l("Seri"), render_kw={"maxlength": 40, "autocapitalize": "none", "list": "series", "autocomplete": "off"}
    )
    report_until = MomentField(_l("Batas lapor"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])
    report_zone = SelectField(_l("Zona batas lapor"), choices=list(clock.ZONES), default="WIB")
    categories = SomeField(_l("Kategori yang dihitung"), validate_choice=False)
    channels = SomeField(_l("Kanal yang dihitung"), validate_choice=False)
    targets = TextAreaField(_l("Target per Kanwil dan UPT"), render_kw={"rows": 6, "spellcheck": "false"})
    windows = FieldList(FormField(WindowForm), max_entries=700)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [*categories(), *(self.categories.data or [])]
        self.categories.choices = [(name, name) for name in dict.fromkeys(known)]
        self.channels.choices = [(key, web.tr(name)) for key, name in CHANNEL_NAMES.items()]

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
            report_until=self.due(),
            report_zone=self.report_zone.data or "WIB",
            categories=tuple(self.categories.data or ()),
            channels=tuple(self.channels.data or ()),
            series=self.series.data or "",
            targets=tuple(_target(line) for line in (self.targets.data or "").splitlines() if line.strip()),
        )

    def due(self) -> datetime | None:
        """The instant that was typed as the wall clock of the zone beside it."""
        typed = self.report_until.data
        return typed.replace(tzinfo=clock.ZONES[self.report_zone.data or "WIB"]) if typed else None

    def show(self, shown: "Campaign | planning.Draft") -> None:
        """Put what a form cannot take from its object by name."""
        self.target.data = shown.target or None
        if shown.report_until:
            self.report_until.data = clock.local(shown.report_until, shown.report_zone).replace(tzinfo=None)
        named = [(_name(target.unit), target.amount) for target in list[Any](shown.targets)]
        self.targets.data = "\n".join(f"{name}; {money.grouped(amount)}" for name, amount in sorted(named))
        for row, window in zip(self.windows, list[Any](shown.windows), strict=True):
            row.form.unit.data = _name(window.unit)

    def filled(self) -> list[WindowForm]:
        """The rows of per-unit windows that are not wholly empty."""
        return [w.form for w in self.windows if any(field.raw_data and field.raw_data[0] for field in w.form)]


def _name(unit: Any) -> str:
    return unit if isinstance(unit, str) else str(unit.name)


def _target(line: str) -> planning.Target:
    """`Kanwil Maluku; Rp120.000.000`, as typed or as pasted from two columns; what is no amount counts as 0."""
    name, _sign, amount = re.sub(r"[\t:]", ";", line.strip()).rpartition(";")
    digits = re.sub(r"^rp|[.\s]", "", amount.strip(), flags=re.I)
    return planning.Target(name.strip() or line.strip(), int(digits) if re.fullmatch(r"[0-9]{1,15}", digits) else 0)


@bp.route("/kampanye/baru", methods=["GET", "POST"])
@web.require("admin")
def new() -> Any:
    planning.guard(g.person)
    asked = request.args
    proposed = None
    if asked.get("templat"):
        year = asked.get("tahun", 0, web.number)
        proposed = templates.draft(asked["templat"], year, "target" in asked, "jadwal" in asked)
        if proposed is None:
            flash(_("Templat atau tahun ini tidak ada."))
    return _edited(None, proposed)


@bp.route("/kampanye/<slug>/ubah", methods=["GET", "POST"])
@web.require("admin")
def edit(slug: str) -> Any:
    planning.guard(g.person)
    return _edited(campaign_for(g.person, slug))


def _edited(campaign: Campaign | None, proposed: planning.Draft | None = None) -> Any:
    shown = None if request.method == "POST" else campaign or proposed
    form = CampaignForm(obj=shown)
    if shown:
        form.show(shown)
    status = 200
    if _rows_changed(form):
        pass
    elif request.method == "POST":
        saved, status = _saved(form, campaign), 422
        if saved:
            flash(_("Kampanye %(name)s disimpan.", name=saved.name))
            return redirect(url_for("reports.board", slug=saved.slug))
    names = db.session.scalars(
        sa.select(Unit.name).where(Unit.level.in_(("kanwil", "upt")), Unit.active).order_by(Unit.level, Unit.name)
    ).all()
    return render_template(
        "campaigns/edit.html",
        form=form,
        campaign=campaign,
        units=names,
        series=db.session.scalars(sa.select(Campaign.series).where(Campaign.series != "").distinct()).all(),
        templates=[] if campaign else templates.choices(),
        next_year=clock.today("WIB").year + 1,
    ), status


def _saved(form: CampaignForm, campaign: Campaign | None) -> Campaign | None:
    """The campaign as it was kept; None when anything is wrong, with all of it said beside the fields at once."""
    readable = form.validate()
    try:
        if readable:
            return planning.save(g.person, form.draft(), campaign)
        planning.check(form.draft(), campaign)
    except PosError as error:
        _put(form, error)
    return None


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
    known = {name for name, field in form._fields.items() if field.errors}  # unreadable: an empty day is no news
    error.fields = {name: sentence for name, sentence in error.fields.items() if name not in known}
    web.put_errors(form, error)
    rows = form.filled()
    for name, sentence in error.fields.items():
        if name.startswith("windows."):
            _list, row, field = name.split(".")
            target = rows[int(row)][field]
            target.errors = target.errors or [web.say(sentence)]

"""Pages of the paket verifikasi: what is wanted, how far it is, and the file."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, current_app, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField

from pos import clock, web
from pos.campaigns.models import Campaign
from pos.campaigns.services import all_campaigns, campaign_for
from pos.campaigns.verification_models import Submission
from pos.db import db
from pos.errors import NotFound, PosError
from pos.menu import READERS
from pos.units import tree
from pos.units.models import Unit
from pos.units.services import unit_ids
from pos.verification import jobs, pack, proof
from pos.verification.scope import Scope, of_campaign, of_days

bp = Blueprint("packs", __name__)


class PackForm(FlaskForm):
    unit = StringField(_l("Unit"), render_kw={"list": "units", "autocomplete": "off"})
    campaign = SelectField(_l("Kampanye"), validate_choice=False)
    from_day = StringField(_l("Dari"), render_kw={"type": "date"})
    until_day = StringField(_l("Sampai"), render_kw={"type": "date"})


@bp.get("/paket")
@web.require(*READERS)
def choose() -> Any:
    form = PackForm(formdata=None)
    form.unit.data = request.args.get("unit") or g.person.unit_name
    form.campaign.data = request.args.get("kampanye", "")
    return _page(form)


def _page(form: PackForm) -> str:
    campaigns = all_campaigns(clock.today(g.person.zone))
    form.campaign.choices = [("", _("Masa lain, tulis tanggalnya")), *((c.slug, c.name) for c in campaigns)]
    return render_template("verification/pack.html", form=form, units=tree.names(g.person))


@bp.post("/paket")
@web.require(*READERS)
def make() -> Any:
    form = PackForm()
    try:
        wanted = _wanted(form)
    except PosError as error:
        web.put_errors(form, error)
        return _page(form), error.status
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    photos = pack.photo_folder(app.instance_path)
    unit_id, slug, days = wanted.unit_id, wanted.campaign.slug, (wanted.from_day, wanted.until_day)
    only, own = wanted.only, wanted.level == "upt"

    def work(target: Path, progress: pack.Progress) -> pack.Proven:
        with app.app_context():
            unit = db.session.get_one(Unit, unit_id)
            if slug:
                campaign = db.session.scalars(sa.select(Campaign).where(Campaign.slug == slug)).one()
                scope = of_campaign(unit, campaign, only, own)
            else:
                scope = of_days(unit, *days)
            return pack.make(scope, target, photos, clock.now(), progress)

    title = f"{wanted.unit_name} · {wanted.title or ' – '.join(map(web.FILTERS['day'], days))}"
    token = jobs.start(_folder(), g.person.id, jobs.Job(title, wanted.filename), work)
    return redirect(url_for("packs.job", token=token))


def _wanted(form: PackForm) -> Scope:
    """The scope that the form names within the reader's own; or that of a submission, as it was submitted."""
    if asked := request.form.get("pengajuan", 0, web.number):
        return _submitted(asked)
    unit = tree.chosen(g.person, form.unit.data or "")
    if form.campaign.data:
        return of_campaign(unit, campaign_for(g.person, form.campaign.data))
    return of_days(unit, _day(form.from_day.data), _day(form.until_day.data))


def _submitted(submission_id: int) -> Scope:
    query = sa.select(Submission).where(Submission.id == submission_id, Submission.unit_id.in_(unit_ids(g.person)))
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("Pengajuan ini tidak ada.")
    return of_campaign(row.unit, row.campaign, json.loads(row.numbers), own=True)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


@bp.get("/paket/<token>")
@web.require(*READERS)
def job(token: str) -> Any:
    found = jobs.found(_folder(), g.person.id, token)
    return render_template("verification/pack_job.html", job=found, token=token, root=proof.grouped(found.root))


@bp.get("/paket/<token>/kemajuan")
@web.require(*READERS)
def progress(token: str) -> Any:
    """How far it is, for the page that waits."""
    found = jobs.found(_folder(), g.person.id, token)
    return {"state": found.state, "done": found.done, "total": found.total}


@bp.get("/paket/<token>/unduh")
@web.require(*READERS)
def download(token: str) -> Any:
    found = jobs.found(_folder(), g.person.id, token)
    path = jobs.file_of(_folder(), g.person.id, token)
    if found.state != "done" or not path.is_file():
        raise NotFound("Paket ini belum jadi.")
    return send_file(path, mimetype="application/zip", as_attachment=True, download_name=found.filename, max_age=0)


def _folder() -> Path:
    return Path(current_app.instance_path) / "paket"

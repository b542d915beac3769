"""Pages of the paket verifikasi: what is wanted, how far it is, and the file."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, current_app, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField

from pos import clock, jobs, web
from pos.campaigns.services import all_campaigns, campaign_for
from pos.campaigns.verification_models import Declaration, Submission
from pos.db import db
from pos.errors import NotFound, PosError
from pos.job_pages import JobPages
from pos.menu import READERS
from pos.units import tree
from pos.units.models import Gallery, Unit
from pos.units.services import unit_ids, within
from pos.verification import declared, pack, proof
from pos.verification.scope import Scope, called, campaign_at, of_campaign, of_days, of_submission, place_named, places

bp = Blueprint("packs", __name__)
PAGES = JobPages(
    bp,
    "/paket",
    READERS,
    "paket",
    "verification/pack_job.html",
    lambda job: {"root": proof.grouped(job.facts.get("root", ""))},
)


class PackForm(FlaskForm):
    unit = StringField(_l("Unit atau galeri"), render_kw={"list": "units", "autocomplete": "off"})
    campaign = SelectField(_l("Kampanye"), validate_choice=False)
    from_day = StringField(_l("Dari"), render_kw={"type": "date"})
    until_day = StringField(_l("Sampai"), render_kw={"type": "date"})


@bp.get("/paket")
@web.require(*READERS)
def choose() -> Any:
    form = PackForm(formdata=None)
    form.unit.data = request.args.get("unit") or _place_of_link() or g.person.unit_name
    form.campaign.data = request.args.get("kampanye", "")
    form.from_day.data, form.until_day.data = request.args.get("dari", ""), request.args.get("sampai", "")
    return _page(form)


def _place_of_link() -> str:
    """The name of the unit or gallery that a link from the board means by its id; nothing outside the scope."""
    gallery_id, unit_id = (request.args.get(name, 0, web.number) for name in ("galeri", "unit_id"))
    gallery = db.session.get(Gallery, gallery_id) if gallery_id else None
    found = gallery.unit_id if gallery else unit_id
    unit = db.session.scalar(sa.select(Unit).where(Unit.id == found, within(g.person)))
    return "" if unit is None else called(gallery.name, unit.name) if gallery else unit.name


def _page(form: PackForm) -> str:
    campaigns = all_campaigns(clock.today(g.person.zone))
    form.campaign.choices = [("", _("Masa lain, tulis tanggalnya")), *((c.slug, c.name) for c in campaigns)]
    offered = [*tree.names(g.person), *places(within(g.person))]
    return render_template("verification/pack.html", form=form, units=offered, own=PAGES.own())


@bp.post("/paket")
@web.require(*READERS)
def make() -> Any:
    form = PackForm()
    try:
        scope_now = _recipe(form)
        wanted = scope_now()
    except PosError as error:
        web.put_errors(form, error)
        return _page(form), error.status
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    photos = pack.photo_folder(app.instance_path)

    def work(target: Path, progress: jobs.Progress) -> dict[str, Any]:
        with app.app_context():
            made = pack.make(scope_now(), target, photos, clock.now(), progress)
        return {"root": made.root, "omzet": made.tally.whole.omzet}

    days = " – ".join(web.FILTERS["day"](day) for day in (wanted.from_day, wanted.until_day))
    title = f"{wanted.node_name} · {wanted.title or days}"
    asked = {"unit": form.unit.data, "kampanye": form.campaign.data, "dari": form.from_day.data}
    here, came = url_for("packs.choose"), web.came_from() or ""
    form_again = url_for("packs.choose", **asked, sampai=form.until_day.data)
    back = form_again if not came or came.startswith(here) else came  # a unit's own page has the button too
    return PAGES.begin(jobs.Job(title, wanted.filename), work, back)


@bp.post("/kampanye/<slug>/deklarasi/paket")
@web.require(*READERS)
def make_declared(slug: str) -> Any:
    """What was declared, with the documents of the units that the reader may see."""
    made = declared.of_campaign(campaign_for(g.person, slug))
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    photos, seen = pack.photo_folder(app.instance_path), set(db.session.scalars(unit_ids(g.person)))
    declaration_id, facts = made.id, {"root": made.root, "omzet": made.omzet, "declared": slug}

    def work(target: Path, progress: jobs.Progress) -> dict[str, Any]:
        with app.app_context():
            declared.make(db.session.get_one(Declaration, declaration_id), seen, target, photos, progress)
        return facts

    title = _("Deklarasi %(campaign)s", campaign=made.campaign_name)
    return PAGES.begin(jobs.Job(title, declared.filename(made)), work, url_for("declarations.declaration", slug=slug))


def _recipe(form: PackForm) -> Callable[[], Scope]:
    """What makes the scope that the form names within the reader's own, here and again in another thread.

    The scope of a submission is the one that was submitted.
    """
    if asked := request.form.get("pengajuan", 0, web.number):
        submission_id = _submission_in_scope(asked)
        return lambda: of_submission(db.session.get_one(Submission, submission_id))
    try:
        unit, gallery = place_named(form.unit.data or "", within(g.person))
    except NotFound as error:
        raise PosError("Unit tidak ditemukan.", fields={"unit": error.sentence}) from None
    unit_id, gallery_id, slug = unit.id, gallery.id if gallery else 0, form.campaign.data
    days = _day(form.from_day.data), _day(form.until_day.data)
    if slug:
        campaign_for(g.person, slug)

    def scope_now() -> Scope:
        place = db.session.get_one(Unit, unit_id)
        whole = of_campaign(place, campaign_at(slug)) if slug else of_days(place, *days)
        return whole.at(db.session.get(Gallery, gallery_id))

    return scope_now


def _submission_in_scope(submission_id: int) -> int:
    query = sa.select(Submission.id).where(Submission.id == submission_id, Submission.unit_id.in_(unit_ids(g.person)))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("Pengajuan ini tidak ada.")
    return found


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None

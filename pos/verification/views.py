"""Reported, verified and declared side by side; a unit's page where it submits and is judged."""

import json
import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from pos import exports, money, web
from pos.campaigns.models import Campaign
from pos.campaigns.services import campaign_for
from pos.campaigns.verification_models import Submission
from pos.campaigns.verified import declaration_of
from pos.db import db, search_words
from pos.errors import NotFound, PosError
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.units.models import Unit
from pos.units.services import unit_for
from pos.verification import declaring, flags, late, services
from pos.verification.scope import of_campaign
from pos.verification.standing import STATES, Standing, Whole, standings

bp = Blueprint("verification", __name__)
ROWS_SHOWN = 50
SORTS = {
    "unit": lambda row: (row.kanwil, row.name),
    "dilaporkan": lambda row: -row.reported.omzet,
    "diverifikasi": lambda row: -(row.verified.omzet if row.verified else -1),
    "dideklarasikan": lambda row: -(row.declared.omzet if row.declared else -1),
    "sesudahnya": lambda row: -abs(row.after),
    "tanda": lambda row: -row.flag_count,
}


class SubmitForm(FlaskForm):
    note = TextAreaField(render_kw={"rows": 2, "maxlength": 300})


class JudgeForm(FlaskForm):
    reason = TextAreaField(render_kw={"rows": 2, "maxlength": 300})


@bp.get("/kampanye/<slug>/verifikasi")
@web.require(*READERS)
def overview(slug: str) -> Any:
    campaign = campaign_for(g.person, slug)
    whole = standings(campaign, g.person)
    asked, rows = _asked(whole)
    page = max(1, request.args.get("hal", 1, web.number))
    return render_template(
        "verification/overview.html",
        campaign=campaign,
        whole=whole,
        rows=rows[(page - 1) * ROWS_SHOWN : page * ROWS_SHOWN],
        found=len(rows),
        page=page,
        pages=-(-len(rows) // ROWS_SHOWN),
        page_link=lambda number: web.here(hal=number),
        asked=asked,
        kanwils=sorted({row.kanwil for row in whole.rows}),
        states=STATES,
        may_declare=declaring.may_declare(g.person),
        export_link=lambda kind: url_for("verification.export", slug=slug, kind=kind, **_given(asked)),
    )


def _asked(whole: Whole) -> tuple[dict[str, str], list[Standing]]:
    """What the address asks for, and the rows that fit in the order it asks for."""
    asked = {name: request.args.get(name, "").strip() for name in ("q", "keadaan", "kanwil", "urut")}
    words = search_words(asked["q"])
    rows = [
        row
        for row in whole.rows
        if (not asked["keadaan"] or row.state == asked["keadaan"])
        and (not asked["kanwil"] or row.kanwil == asked["kanwil"])
        and all(word in f"{row.name} {row.kanwil} {row.unit_class}".lower() for word in words)
    ]
    return asked, sorted(rows, key=SORTS.get(asked["urut"], SORTS["dilaporkan"]))


def _given(asked: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value}


@bp.get("/kampanye/<slug>/verifikasi.<any(csv, xlsx, pdf):kind>")
@web.require(*READERS)
def export(slug: str, kind: str) -> Any:
    """Everything that the list shows, on all its pages."""
    campaign = campaign_for(g.person, slug)
    whole = standings(campaign, g.person)
    asked, rows = _asked(whole)
    name, title = f"verifikasi-{slug}", f"{campaign.name} · {_('Verifikasi')}"
    texts = (_("Unit"), _("Kanwil"), _("Kelas"), _("Keadaan"))
    figures = (_("Dilaporkan"), _("Diverifikasi"), _("Dideklarasikan"), _("Sesudahnya"))
    if kind == "pdf":
        return _listing(name, title, asked, rows, texts, figures)
    cells = [
        [*_texts(row), row.reported.omzet, *(part.omzet if part else None for part in _held(row)), row.after]
        for row in rows
    ]
    return exports.sheet(name, kind, title, [*texts, *(f"{figure} (Rp)" for figure in figures)], cells)


def _listing(
    name: str, title: str, asked: dict[str, str], rows: list[Standing], texts: Sequence[str], figures: Sequence[str]
) -> Any:
    cells = [
        (
            *_texts(row),
            *(money.rupiah(part.omzet) if part else "–" for part in (row.reported, *_held(row))),
            _after(row),
        )
        for row in rows
    ]
    kept = Whole(rows, None)
    sums = [money.rupiah(kept.total("omzet", of)) for of in ("reported", "verified", "declared")]
    about = [
        g.person.unit_name,
        exports.asked({_("Cari"): asked["q"], _("Kanwil"): asked["kanwil"], _("Keadaan"): _state(asked["keadaan"])}),
    ]
    total = (pgettext("total", "Jumlah"), "", "", "", *sums, money.rupiah(sum(row.after for row in rows)))
    columns = [*map(Column, texts), *(Column(figure, True) for figure in figures)]
    return exports.pdf(name, title, about, columns, cells, total, letterhead=True)


def _texts(row: Standing) -> tuple[str, ...]:
    return (row.name, row.kanwil, row.unit_class, _state(row.state))


def _state(state: str) -> str:
    return web.tr(STATES[state]) if state in STATES else ""


def _held(row: Standing) -> tuple[Any, Any]:
    return row.verified, row.declared


def _after(row: Standing) -> str:
    return money.rupiah(row.after) if row.after else ""


# -- one unit ------------------------------------------------------------------------------------------


@bp.get("/kampanye/<slug>/verifikasi/<int:unit_id>")
@web.require(*READERS)
def unit(slug: str, unit_id: int) -> Any:
    return _unit_page(campaign_for(g.person, slug), unit_for(g.person, unit_id))


@bp.post("/kampanye/<slug>/verifikasi/<int:unit_id>/ajukan")
@web.require(*services.SUBMITTERS)
def submit(slug: str, unit_id: int) -> Any:
    campaign, place = campaign_for(g.person, slug), unit_for(g.person, unit_id)
    form = SubmitForm()
    seen = request.form.get("omzet", "")
    try:
        if not re.fullmatch(r"-?[0-9]{1,15}", seen):
            raise PosError("Muat ulang halaman ini, lalu ajukan lagi.")
        services.submit(g.person, campaign, place, (form.note.data or "").strip(), seen=int(seen))
    except PosError as error:
        if error.status == 403:
            raise
        web.put_errors(form, error)
        return _unit_page(campaign, place, submit_form=form), error.status
    flash(_("Angka diajukan. Pejabat di atas Anda memeriksanya."))
    return redirect(url_for("verification.unit", slug=slug, unit_id=unit_id))


@bp.post("/kampanye/<slug>/verifikasi/<int:unit_id>/putusan")
@web.require("official")
def judge(slug: str, unit_id: int) -> Any:
    campaign, place = campaign_for(g.person, slug), unit_for(g.person, unit_id)
    form = JudgeForm()
    asked = request.form.get("pengajuan", 0, web.number)
    query = sa.select(Submission).where(Submission.campaign_id == campaign.id, Submission.unit_id == place.id)
    submission = db.session.scalar(query.where(Submission.id == asked))
    if submission is None:
        raise NotFound("Pengajuan ini tidak ada.")
    word = request.form.get("putusan", "")
    try:
        services.judge(g.person, submission, word, (form.reason.data or "").strip())
    except PosError as error:
        if error.status == 403:
            raise
        web.put_errors(form, error)
        return _unit_page(campaign, place, judge_form=form), error.status
    flash(_("Angka diverifikasi.") if word == "verified" else _("Angka dikembalikan dengan alasannya."))
    return redirect(url_for("verification.unit", slug=slug, unit_id=unit_id))


def _unit_page(campaign: Campaign, place: Unit, **forms: Any) -> str:
    rounds = services.rounds_of(campaign, place.id)
    newest = rounds[0] if rounds else None
    whole = standings(campaign, g.person)
    row = next((one for one in whole.rows if one.unit_id == place.id), None)
    if row is None:
        raise NotFound("Unit ini tidak ikut kampanye ini.")
    declaration = declaration_of(campaign)
    scope = of_campaign(place, campaign, own=True)
    held = row.holds
    since = newest if newest and (not held or newest.root == held.root) else row.verified
    return render_template(
        "verification/unit.html",
        campaign=campaign,
        unit=place,
        row=row,
        states=STATES,
        rounds=rounds,
        newest=newest,
        declaration=declaration,
        scope=scope,
        cutoff=services.cutoff_of(campaign, place),
        zone=campaign.report_zone if campaign.report_until else place.zone,
        found=flags.flags_of(scope, services.cutoff_of(campaign, place)) if newest else [],
        flag_names=flags.NAMES,
        flag_help=flags.HELP,
        then={flag["kind"]: flag["count"] for flag in json.loads(newest.flags)} if newest else {},
        later=services.later_than(since) if since else [],
        waiting=late.waiting(place.id, scope.from_day, scope.until_day),
        may_submit=services.may_submit(g.person, place) and _open(declaration, newest),
        may_judge=services.may_judge(g.person, place) and _pending(declaration, newest),
        submit_form=forms.get("submit_form") or SubmitForm(formdata=None),
        judge_form=forms.get("judge_form") or JudgeForm(formdata=None),
    )


def _open(declaration: Any, newest: Submission | None) -> bool:
    return declaration is None and (newest is None or newest.verdict is not None)


def _pending(declaration: Any, newest: Submission | None) -> bool:
    return declaration is None and newest is not None and newest.verdict is None

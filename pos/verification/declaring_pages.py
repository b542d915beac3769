"""The declaration: its form, what was declared with its addendum, the Berita Acara, and the awards."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, StringField, TextAreaField

from pos import clock, exports, web
from pos.campaigns.services import campaign_for
from pos.campaigns.verified import declaration_of
from pos.errors import NotFound, PosError
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.reports import board
from pos.verification import awards, declaring, proof
from pos.verification.minutes import minutes_pdf
from pos.verification.standing import Whole, standings

bp = Blueprint("declarations", __name__)
SIGNERS_SHOWN = 4


class SignerForm(Form):
    title = StringField(_l("Jabatan"), render_kw={"maxlength": 120, "autocomplete": "off"})
    name = StringField(_l("Nama"), render_kw={"maxlength": 80, "autocomplete": "off"})
    identity = StringField(_l("NIP (bila ada)"), render_kw={"maxlength": 30, "autocomplete": "off"})


class DeclareForm(FlaskForm):
    number = StringField(_l("Nomor Berita Acara"), render_kw={"maxlength": 60, "autocomplete": "off"})
    place = StringField(_l("Tempat"), render_kw={"maxlength": 60})
    note = TextAreaField(_l("Keterangan (bila ada)"), render_kw={"rows": 2, "maxlength": 500})
    partial = BooleanField(_l("Deklarasikan hanya yang sudah diverifikasi; unit lain tidak ikut"))
    signers = FieldList(FormField(SignerForm), min_entries=SIGNERS_SHOWN, max_entries=declaring.MOST_SIGNERS)

    nobody_signs = ""  # what is wrong with all rows of signers together

    def filled(self) -> list[SignerForm]:
        return [row.form for row in self.signers if any((field.data or "").strip() for field in row.form)]

    def draft(self) -> declaring.Draft:
        signers = [
            declaring.Signing(row.name.data or "", row.title.data or "", row.identity.data or "")
            for row in self.filled()
        ]
        return declaring.Draft(
            self.number.data or "",
            self.place.data or "",
            tuple(signers),
            self.note.data or "",
            bool(self.partial.data),
        )


@bp.route("/kampanye/<slug>/deklarasi")
@web.require(*READERS)
def declaration(slug: str) -> Any:
    return _page(slug, DeclareForm(formdata=None))


@bp.post("/kampanye/<slug>/deklarasi")
@web.require("official")
def declare(slug: str) -> Any:
    campaign = campaign_for(g.person, slug)
    form = DeclareForm()
    try:
        declaring.declare(g.person, campaign, form.draft())
    except PosError as error:
        if error.status == 403:
            raise
        _put(form, error)
        return _page(slug, form), error.status
    flash(_("Hasil kampanye dideklarasikan. Angkanya tetap; yang datang kemudian menjadi adendum."))
    return redirect(url_for("declarations.declaration", slug=slug))


def _put(form: DeclareForm, error: PosError) -> None:
    web.put_errors(form, error)
    rows = form.filled()
    for name, sentence in error.fields.items():
        if name == "signers":
            form.nobody_signs = web.say(sentence)
        elif name.startswith("signers."):
            _list, row, field = name.split(".")
            target = rows[int(row)][field]
            target.errors = [*target.errors, web.say(sentence)]


def _page(slug: str, form: DeclareForm) -> str:
    campaign = campaign_for(g.person, slug)
    made, whole = declaration_of(campaign), standings(campaign, g.person)
    last = board.reach(campaign)[1]
    return render_template(
        "verification/declaration.html",
        campaign=campaign,
        declaration=made,
        whole=whole,
        units=_in_scope(made, whole),
        root=proof.grouped(made.root) if made else "",
        form=form,
        running=last if last >= clock.today(g.person.zone) else None,
        may_declare=declaring.may_declare(g.person),
        left=[row for row in whole.rows if row.reported.sales and row.verified is None],
    )


def _in_scope(made: Any, whole: Whole) -> list[Any]:
    """The declared rows of units that the reader may see."""
    seen = {row.unit_id for row in whole.rows}
    return [unit for unit in made.units if unit.unit_id in seen] if made else []


@bp.get("/kampanye/<slug>/berita-acara.pdf")
@web.require(*READERS)
def minutes(slug: str) -> Any:
    made = declaration_of(campaign_for(g.person, slug))
    if made is None:
        raise NotFound("Kampanye ini belum dideklarasikan.")
    headers = {"Content-Disposition": f'inline; filename="berita-acara-{slug}.pdf"', "Cache-Control": "no-store"}
    return Response(minutes_pdf(made), content_type="application/pdf", headers=headers)


# -- awards --------------------------------------------------------------------------------------------


@bp.get("/kampanye/<slug>/penghargaan")
@web.require(*READERS)
def prizes(slug: str) -> Any:
    campaign = campaign_for(g.person, slug)
    metric, unit_class = _metric(), request.args.get("kelas", "")
    ranking = awards.ranking(campaign, metric, standings(campaign, g.person))
    lists = {name: rows for name, rows in ranking.lists.items() if unit_class in ("", name)}
    return render_template(
        "verification/awards.html",
        campaign=campaign,
        metric=metric,
        metrics=awards.METRICS,
        ranking=ranking,
        lists=lists,
        unit_class=unit_class,
        shown=awards.SHOWN if not unit_class else None,
        basis=awards.BASES[ranking.basis],
        export_link=lambda kind: url_for(
            "declarations.prizes_file", slug=slug, kind=kind, ukuran=metric, kelas=unit_class or None
        ),
    )


@bp.get("/kampanye/<slug>/penghargaan.<any(csv, xlsx, pdf):kind>")
@web.require(*READERS)
def prizes_file(slug: str, kind: str) -> Any:
    campaign = campaign_for(g.person, slug)
    metric, unit_class = _metric(), request.args.get("kelas", "")
    ranking = awards.ranking(campaign, metric, standings(campaign, g.person))
    named = web.tr(awards.METRICS[metric])
    rows = [
        (name, place.rank, place.name, place.kanwil, place.value)
        for name, places in ranking.lists.items()
        if unit_class in ("", name)
        for place in places
    ]
    title = f"{campaign.name} · {_('Penghargaan')} · {named}"
    head = (_("Kelas"), _("Peringkat"), _("Unit"), _("Kanwil"), named)
    if kind != "pdf":
        cells = [[*row[:4], awards.plain(metric, row[4])] for row in rows]
        return exports.sheet(f"penghargaan-{slug}-{metric}", kind, title, head, cells)
    cells_shown = [(row[0], str(row[1]), row[2], row[3], awards.shown(metric, row[4])) for row in rows]
    columns = [Column(head[0]), Column(head[1], True), Column(head[2]), Column(head[3]), Column(head[4], True)]
    about = [g.person.unit_name, web.tr(awards.BASES[ranking.basis])]
    return exports.pdf(f"penghargaan-{slug}-{metric}", title, about, columns, cells_shown, letterhead=True)


def _metric() -> str:
    asked = request.args.get("ukuran", "")
    return asked if asked in awards.METRICS else "omzet"

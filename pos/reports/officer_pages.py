"""Pages of a unit's own officers: the list, and who has bought in a campaign. Nobody else's unit is ever shown."""

from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import TextAreaField

from pos import exports, money, web
from pos.campaigns import officers
from pos.campaigns.services import campaign_for
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.reports.purchases import Bought, purchases

bp = Blueprint("officers", __name__)


class RosterForm(FlaskForm):
    file = FileField(_l("Berkas CSV atau XLSX dengan kolom nip dan nama"))
    text = TextAreaField(_l("Atau tempel di sini"), render_kw={"rows": 8, "spellcheck": "false"})


@bp.route("/pegawai", methods=["GET", "POST"])
@web.require("staff", "official")
def roster() -> Any:
    """The unit's list of officers; its staff replaces it."""
    form, status = RosterForm(), 200
    if request.method == "POST":
        web.admit("staff")
        try:
            if not form.validate_on_submit():
                raise PosError("Daftar pegawai tidak disimpan. Perbaiki barisnya lalu kirim lagi.")
            file = form.file.data
            rows = (
                officers.from_file(file.read(), file.filename or "")
                if file
                else officers.from_text(form.text.data or "")
            )
            count = officers.replace(g.person, rows)
        except PosError as error:
            form.form_errors.extend([web.say(error.sentence), *map(web.say, error.fields.values())])
            status = 422
        else:
            flash(_("%(count)s pegawai tersimpan.", count=money.grouped(count)))
            return redirect(url_for("officers.roster"))
    return render_template("reports/roster.html", form=form, officers=officers.officers_of(g.person)), status


@bp.get("/kampanye/<slug>/petugas")
@web.require("staff", "official")
def bought(slug: str) -> Any:
    campaign = campaign_for(g.person, slug)
    listed, others = purchases(campaign, g.person)
    only = request.args.get("yang", "")
    return render_template(
        "reports/officers.html",
        campaign=campaign,
        listed=_shown(listed, only),
        others=others,
        only=only,
        enough=sum(one.enough for one in listed),
        count=len(listed),
    )


@bp.get("/kampanye/<slug>/petugas.<any(csv, xlsx, pdf):kind>")
@web.require("staff", "official")
def export(slug: str, kind: str) -> Response:
    campaign = campaign_for(g.person, slug)
    listed = _shown(purchases(campaign, g.person)[0], request.args.get("yang", ""))
    header = [_("NIP"), _("Nama"), _("Keadaan"), _("Nota"), _("Jumlah"), _("Omzet (Rp)"), _("Terakhir membeli")]
    header.append(_("Di galeri lain"))
    words = {True: _("sudah membeli"), False: _("belum membeli")}
    rows = [
        [b.number, b.name, words[b.enough], b.notas, b.pieces / 1000, b.omzet, b.last or "", _elsewhere(b)]
        for b in listed
    ]
    file, what = f"{campaign.slug}-petugas", _("Pembelian petugas")
    if kind != "pdf":
        return exports.sheet(file, kind, what, header, rows)
    cells = [
        [*row[:3], str(row[3]), money.quantity_text(one.pieces), money.rupiah(one.omzet)]
        + [web.FILTERS["day"](one.last) if one.last else "", row[7]]
        for row, one in zip(rows, listed, strict=True)
    ]
    columns = [Column(name, i in (3, 4, 5)) for i, name in enumerate(header)]
    return exports.pdf(file, f"{campaign.name} · {what}", [g.person.unit_name], columns, cells, letterhead=True)


def _elsewhere(one: Bought) -> str:
    return _("sudah membeli") if one.elsewhere else _("tidak dihitung") if one.shared else ""


def _shown(listed: list[Bought], only: str) -> list[Bought]:
    return [one for one in listed if not only or one.enough == (only == "sudah")]

"""The page on which a unit's letterhead is set, and an example of it on paper."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, FormField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import Length

from pos import exports, web
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.stationery import Signer
from pos.units import letterheads, services
from pos.units.letterhead_models import LONGEST

FIELDS = ("heading", "position", "name", "number")


class SignerForm(PlainForm):
    heading = web.TextField(_l("Di atasnya"), [Length(max=60)], render_kw={"placeholder": _l("Mengetahui,")})
    position = web.TextField(_l("Jabatan"), [Length(max=100)])
    name = web.TextField(_l("Nama"), [Length(max=80)])
    number = web.TextField(_l("NIP"), [Length(max=30)], render_kw={"inputmode": "numeric"})

    def signer(self) -> Signer | None:
        given = {name: self[name].data for name in FIELDS}
        return Signer(**given) if any(given.values()) else None


class LetterheadForm(FlaskForm):
    lines = TextAreaField(_l("Baris kop"), [Length(max=LONGEST["lines"])], render_kw={"rows": 4})
    address = TextAreaField(_l("Alamat di bawahnya"), [Length(max=LONGEST["address"])], render_kw={"rows": 2})
    city = web.TextField(_l("Kota di atas tanda tangan"), [Length(max=LONGEST["city"])])
    logo = FileField(_l("Logo"), render_kw={"accept": "image/png,image/jpeg,image/webp"})
    no_logo = BooleanField(_l("Hapus logo yang sekarang"))
    left = FormField(SignerForm)
    right = FormField(SignerForm)


@web.require("admin")
def letterhead(unit_id: int) -> Any:
    unit = services.unit_for(g.person, unit_id)
    row = letterheads.stored(unit)
    form = LetterheadForm(obj=row, **_signers_of(row)) if request.method == "GET" else LetterheadForm()
    if form.validate_on_submit():
        try:
            letterheads.change(
                unit,
                g.person,
                lines=form.lines.data or "",
                address=form.address.data or "",
                city=form.city.data,
                signers=[signer for part in (form.left, form.right) if (signer := part.form.signer())],
                logo=form.logo.data.read() if form.logo.data else None,
                no_logo=form.no_logo.data,
            )
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Kop surat %(name)s disimpan.", name=unit.name))
            return redirect(url_for("units.letterhead", unit_id=unit_id))
    shown = letterheads.letterhead_of(unit.id, g.person)
    page = render_template("units/letterhead.html", form=form, unit=unit, shown=shown, has_logo=bool(row and row.logo))
    return page, 422 if form.errors else 200


def _signers_of(row: Any) -> dict[str, dict[str, str]]:
    signers = list(row.signers) if row else []
    return dict(zip(("left", "right"), signers, strict=False))


@web.require("admin")
def letterhead_example(unit_id: int) -> Any:
    unit = services.unit_for(g.person, unit_id)
    columns = [Column(_("Produk")), Column(_("Jumlah"), True), Column(_("Omzet"), True)]
    rows = [("Tas rajut", "2", "Rp160.000"), ("Keripik pisang", "1,5", "Rp75.000")]
    title, about = _("Contoh kop surat"), [_("Angka di bawah ini hanya contoh.")]
    shown = letterheads.letterhead_of(unit.id, g.person)
    return exports.pdf("contoh-kop", title, about, columns, rows, ("", "", "Rp235.000"), letterhead=shown)


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/unit/<int:unit_id>/kop", letterhead, ["GET", "POST"]),
    ("/unit/<int:unit_id>/kop/contoh.pdf", letterhead_example, ["GET"]),
)

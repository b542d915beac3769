"""The page on which a payment that was written down in the wrong way is put right."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField
from wtforms.validators import DataRequired, InputRequired, Length

from pos import web
from pos.errors import PosError
from pos.register import corrections
from pos.register.approvals import APPROVERS
from pos.register.corrections import Way
from pos.register.lookup import sale_for
from pos.register.words import METHOD_NAMES


class CorrectionForm(FlaskForm):
    method = RadioField(_l("Cara bayar yang benar"), [InputRequired(_l("Pilih cara bayarnya."))])
    reference = web.TextField(
        _l("Nomor referensi"),
        [Length(max=60, message=_l("Paling banyak 60 huruf."))],
        render_kw={"autocomplete": "off"},
    )
    reason = web.TextField(_l("Alasan"), [DataRequired(_l("Tulis alasannya.")), Length(max=200)])


class AskedCorrectionForm(CorrectionForm):
    """A cashier's: somebody of the staff agrees to it."""

    username = web.TextField(
        _l("Nama masuk petugas"),
        [DataRequired(_l("Isi nama masuk petugas."))],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    pin = PasswordField(
        _l("PIN petugas"),
        [DataRequired(_l("Isi PIN petugas."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 6},
    )


@web.require("cashier", "staff")
def correct(receipt: str, position: int) -> Any:
    sale = sale_for(g.person, receipt)
    now = corrections.ways_of(sale).get(position)
    if now is None:
        abort(404)
    form = CorrectionForm() if g.person.may(*APPROVERS) else AskedCorrectionForm()
    form.method.choices = [(value, web.tr(name)) for value, name in METHOD_NAMES.items()]
    if form.validate_on_submit() and _corrected(sale, position, form):
        flash(_("Cara bayar dikoreksi. Uangnya tidak berubah."))
        return redirect(url_for("receipts.sale", receipt=sale.receipt))
    payment = next(each for each in sale.payments if each.position == position)
    page = render_template(
        "receipts/correct.html", form=form, sale=sale, payment=payment, now=now, methods=METHOD_NAMES
    )
    return page, 422 if form.is_submitted() else 200


def _corrected(sale: Any, position: int, form: CorrectionForm) -> bool:
    asked = (form.username.data, form.pin.data) if isinstance(form, AskedCorrectionForm) else None
    try:
        to = Way(form.method.data, form.reference.data)
        corrections.correct(sale, position, to, form.reason.data, g.person, asked)
    except PosError as error:
        web.put_errors(form, error)
        return False
    return True


PAGES = (("/penjualan/<receipt>/bayar/<int:position>", correct, ["GET", "POST"]),)

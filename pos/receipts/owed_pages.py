"""Pages of what is still owed: the list, and taking the money."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import UUID, InputRequired, Length

from pos import clock, exports, money, sheets, web
from pos.db import db
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.register import owed
from pos.register.lookup import sale_for
from pos.register.models import Sale, Settlement
from pos.register.owed import Money
from pos.register.words import CHANNEL_NAMES, METHOD_NAMES


class SettleForm(FlaskForm):
    token = HiddenField(validators=[UUID()])  # the settlement's id: pressed twice it is one
    amount = web.RupiahField(_l("Uang diterima"), [InputRequired(_l("Tulis jumlah uangnya."))])
    method = RadioField(_l("Cara bayar"), [InputRequired(_l("Pilih cara bayarnya."))])
    reference = web.TextField(
        _l("Nomor referensi"),
        [Length(max=60, message=_l("Paling banyak 60 huruf."))],
        render_kw={"autocomplete": "off"},
    )
    register = SelectField(_l("Diterima di meja kasir"))


@web.require()
def unpaid() -> Any:
    """The notas that are still owed, the oldest first."""
    found = owed.open_notas(g.person)
    return render_template(
        "receipts/unpaid.html",
        page=web.paged(found),
        total=owed.total(found),
        channels=CHANNEL_NAMES,
        age=_age,
        page_link=lambda number: web.here(hal=number),
    )


@web.require()
def export_unpaid(kind: str) -> Any:
    rows = db.session.execute(owed.open_notas(g.person).limit(sheets.MAX_ROWS)).all()
    header = [_("Nomor"), _("Tanggal usaha"), _("Galeri"), _("Unit"), _("Kanal"), _("Yang membayar")]
    header += [_("Total"), _("Belum dibayar"), _("Umur (hari)")]
    table = [
        [row.receipt, row.business_date, row.gallery_name, row.seller_name, web.tr(CHANNEL_NAMES[row.channel])]
        + [row.who, row.total, int(row.owed), _age(row)]
        for row in rows
    ]
    title = _("Belum dibayar")
    if kind == "pdf":
        columns = [Column(name, i > 5) for i, name in enumerate(header)]
        cells = [
            [row[0], web.FILTERS["day"](row[1]), *row[2:6], money.rupiah(row[6]), money.rupiah(row[7]), str(row[8])]
            for row in table
        ]
        sums = (pgettext("total", "Jumlah"), *[""] * 6, money.rupiah(sum(row[7] for row in table)), "")
        return exports.pdf("belum-dibayar", title, [g.person.unit_name], columns, cells, sums)
    return exports.sheet("belum-dibayar", kind, title, header, table)


def _age(row: Any) -> int:
    return (clock.local(clock.now(), row.zone).date() - row.business_date).days


@web.require("cashier", "staff")
def settle(receipt: str) -> Any:
    sale = sale_for(g.person, receipt)
    rest = owed.left(sale)
    form = SettleForm(token=str(uuid.uuid4()), amount=rest, method="cash")
    form.method.choices = [(value, web.tr(name)) for value, name in METHOD_NAMES.items()]
    registers = owed.registers_for(g.person, sale)
    form.register.choices = [(one.code, one.code) for one in registers]
    codes = {one.code: one.gallery.qris for one in registers if one.gallery.qris}
    if request.method == "GET" and not rest:
        return redirect(url_for("receipts.sale", receipt=sale.receipt))
    if form.validate_on_submit() and (settlement := _settled(sale, form)):
        flash(_("Pelunasan %(amount)s tercatat.", amount=money.rupiah(settlement.amount)))
        if change := (form.amount.data or 0) - settlement.amount:
            flash(_("Kembalian %(change)s.", change=money.rupiah(change)))
        return redirect(url_for("receipts.sale", receipt=sale.receipt))
    page = render_template("receipts/settle.html", form=form, sale=sale, rest=rest, codes=codes)
    return page, 422 if form.is_submitted() else 200


def _settled(sale: Sale, form: SettleForm) -> Settlement | None:
    try:
        paid = Money(form.amount.data or 0, form.method.data, form.reference.data)
        return owed.settle(g.person, sale.receipt, form.token.data, form.register.data, paid)
    except PosError as error:
        web.put_errors(form, error)
        return None


PAGES = (
    ("/belum-dibayar", unpaid, ["GET"]),
    ("/belum-dibayar.<any(csv, xlsx, pdf):kind>", export_unpaid, ["GET"]),
    ("/penjualan/<receipt>/pelunasan", settle, ["GET", "POST"]),
)

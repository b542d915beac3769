"""Pages of late handwritten notas: the list, entering one with its photo, and the second person's word."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import FieldList, Form, FormField, SelectField, StringField, TextAreaField

from pos import exports, money, sheets, web
from pos.catalog.forms import PICTURES, SMALLER
from pos.catalog.models import Barcode, Product
from pos.catalog.photos import path_of
from pos.db import db
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.register.models import Sale
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES, METHOD_NAMES
from pos.units.models import Unit
from pos.verification import late, late_photos, pack

bp = Blueprint("late", __name__)
ROWS_SHOWN = 6
PHOTO = {"accept": PICTURES} | SMALLER


class RowForm(Form):
    product = StringField(_l("Produk"), render_kw={"list": "products", "autocomplete": "off"})
    quantity = StringField(_l("Jumlah"), render_kw={"inputmode": "decimal", "autocomplete": "off"})
    unit_price = web.RupiahField(_l("Harga satuan"))


class NoteForm(FlaskForm):
    gallery_id = SelectField(_l("Galeri"), coerce=int, validate_choice=False)
    written_number = StringField(_l("Nomor pada nota"), render_kw={"maxlength": 30, "autocomplete": "off"})
    sold_on = StringField(_l("Tanggal pada nota"), render_kw={"type": "date"})
    buyer = SelectField(_l("Pembeli"), validate_choice=False, default="masyarakat")
    buyer_ref = StringField(
        _l("NIP petugas (tidak wajib)"), render_kw={"maxlength": 30, "inputmode": "numeric", "autocomplete": "off"}
    )
    channel = SelectField(_l("Kanal"), validate_choice=False)
    method = SelectField(_l("Cara bayar"), validate_choice=False)
    reference = StringField(_l("Referensi (bila bukan tunai)"), render_kw={"maxlength": 60, "autocomplete": "off"})
    note = StringField(_l("Keterangan (bila ada)"), render_kw={"maxlength": 150})
    photo = FileField(_l("Foto nota"), render_kw=PHOTO)
    rows = FieldList(FormField(RowForm), min_entries=ROWS_SHOWN, max_entries=late.MOST_LINES)

    def filled(self) -> list[RowForm]:
        return [
            row.form for row in self.rows if any(field.raw_data and field.raw_data[0].strip() for field in row.form)
        ]

    def draft(self) -> late.Draft:
        rows = [
            late.Row(row.product.data or "", _thousandths(row.quantity.data or ""), row.unit_price.data)
            for row in self.filled()
        ]
        return late.Draft(
            gallery_id=self.gallery_id.data or 0,
            written_number=web.one_line(self.written_number.data or ""),
            sold_on=_day(self.sold_on.data or ""),
            buyer=self.buyer.data or "",
            channel=self.channel.data or "",
            method=self.method.data or "",
            reference=web.one_line(self.reference.data or ""),
            note=web.one_line(self.note.data or ""),
            rows=rows,
            buyer_ref=web.one_line(self.buyer_ref.data or ""),
        )


def _thousandths(text: str) -> int | None:
    """`1,5` as people write it; None where it is no quantity."""
    found = re.fullmatch(r"(\d{1,6})(?:[.,](\d{1,3}))?", text.strip(), re.ASCII)
    return int(found[1]) * 1000 + int((found[2] or "0").ljust(3, "0")) if found else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class VerdictForm(FlaskForm):
    reason = TextAreaField(render_kw={"rows": 2, "maxlength": 200})


@bp.get("/susulan")
@web.require(*READERS)
def notes() -> Any:
    state, words = request.args.get("keadaan", ""), _words()
    return render_template(
        "verification/late_notes.html",
        page=web.paged(late.notes(g.person, state, words)),
        state=state,
        words=words,
        states=late.STATES,
        state_of=late.state_of,
        may_enter=_galleries() != [] and g.person.may(*late.ENTERERS),
        page_link=lambda number: web.here(hal=number),
        export_link=lambda kind: url_for("late.export", kind=kind, keadaan=state or None, q=words or None),
    )


def _words() -> str:
    return web.one_line(request.args.get("q", ""))[:60]


@bp.get("/susulan.<any(csv, xlsx, pdf):kind>")
@web.require(*READERS)
def export(kind: str) -> Any:
    state = request.args.get("keadaan", "")
    rows = db.session.execute(late.notes(g.person, state, _words()).limit(sheets.MAX_ROWS)).all()
    texts = (_("Nomor pada nota"), _("Tanggal pada nota"), _("Unit"), _("Galeri"), _("Keadaan"), _("Nota"))
    cells = [
        (
            note.written_number,
            note.sold_on if kind != "pdf" else web.FILTERS["day"](note.sold_on),
            note.unit.name,
            note.gallery.name,
            web.tr(late.STATES[late.state_of(verdict, receipt)]),
            receipt or "",
            note.total if kind != "pdf" else money.rupiah(note.total),
        )
        for note, verdict, receipt in rows
    ]
    title = _("Nota susulan")
    if kind != "pdf":
        return exports.sheet("nota-susulan", kind, title, [*texts, _("Total (Rp)")], cells)
    total = (pgettext("total", "Jumlah"), *[""] * 5, money.rupiah(sum(note.total for note, _verdict, _receipt in rows)))
    about = [
        g.person.unit_name,
        exports.asked({_("Cari"): _words(), _("Keadaan"): web.tr(late.STATES[state]) if state in late.STATES else ""}),
    ]
    return exports.pdf("nota-susulan", title, about, [*map(Column, texts), Column(_("Total"), True)], cells, total)


def _galleries() -> list[tuple[int, str]]:
    return [(gallery.id, gallery.name) for gallery in late.galleries_of(g.person)]


@bp.get("/susulan/baru")
@web.require(*late.ENTERERS)
def new() -> Any:
    return _form(NoteForm(formdata=None))


@bp.post("/susulan/baru")
@web.require(*late.ENTERERS)
def enter() -> Any:
    form = NoteForm()
    file = form.photo.data
    try:
        form.validate()
        note = late.enter(g.person, form.draft(), file.read() if file else None, _folder())
    except PosError as error:
        if error.status == 403:
            raise
        _put(form, error)
        return _form(form), error.status
    flash(_("Nota disimpan. Orang kedua dari unit ini membandingkannya dengan fotonya, lalu menyetujui."))
    return redirect(url_for("late.note", note_id=note.id))


def _put(form: NoteForm, error: PosError) -> None:
    web.put_errors(form, error)
    rows = form.filled()
    for name, sentence in error.fields.items():
        if name.startswith("rows."):
            _list, row, field = name.split(".")
            target = rows[int(row)][field]
            target.errors = [*target.errors, web.say(sentence)]
        elif name == "rows":
            form.form_errors.append(web.say(sentence))


def _form(form: NoteForm) -> str:
    form.gallery_id.choices = _galleries()
    for field, names in ((form.buyer, BUYER_NAMES), (form.channel, CHANNEL_NAMES), (form.method, METHOD_NAMES)):
        field.choices = [(key, web.tr(name)) for key, name in names.items()]
    return render_template("verification/late_new.html", form=form, products=_products())


def _products() -> list[str]:
    """What the product fields offer: code and name, own goods first."""
    own = sa.case((Product.maker_id == g.person.unit_id, 0), else_=1)
    query = (
        sa.select(sa.func.min(Barcode.code), Product.name)
        .join(Barcode, Barcode.product_id == Product.id)
        .join(Unit, Unit.id == Product.maker_id)
        .group_by(Product.id, Product.name, Product.maker_id)
        .order_by(own, Product.name)
        .limit(500)
    )
    return [f"{code} {name}" for code, name in db.session.execute(query)]


@bp.get("/susulan/<uuid:note_id>")
@web.require(*READERS)
def note(note_id: Any) -> Any:
    return _note_page(late.note_for(g.person, str(note_id)), VerdictForm(formdata=None))


@bp.post("/susulan/<uuid:note_id>/putusan")
@web.require(*late.APPROVERS)
def decide(note_id: Any) -> Any:
    kept = late.note_for(g.person, str(note_id))
    form = VerdictForm()
    approved = request.form.get("putusan") == "setuju"
    try:
        late.decide(g.person, kept, approved, form.reason.data or "", photo=request.form.get("foto", ""))
    except PosError as error:
        if error.status == 403:
            raise
        web.put_errors(form, error)
        return _note_page(late.note_for(g.person, str(note_id)), form), error.status
    flash(_("Nota susulan disetujui dan tercatat sebagai penjualan.") if approved else _("Nota susulan ditolak."))
    return redirect(url_for("late.note", note_id=note_id))


class PhotoForm(FlaskForm):
    photo = FileField(_l("Foto yang benar"), render_kw=PHOTO)


@bp.post("/susulan/<uuid:note_id>/foto")
@web.require(*late.ENTERERS)
def replace_photo(note_id: Any) -> Any:
    kept = late.note_for(g.person, str(note_id))
    form = PhotoForm()
    file = form.photo.data
    try:
        form.validate()
        late_photos.replace(g.person, kept, file.read() if file else None, _folder())
    except PosError as error:
        if error.status != 422:
            raise
        web.put_errors(form, error)
        return _note_page(kept, VerdictForm(formdata=None), form), error.status
    flash(_("Foto diganti. Yang sebelumnya tetap tersimpan di bawahnya."))
    return redirect(url_for("late.note", note_id=note_id))


def _note_page(kept: late.LateNote, form: VerdictForm, photo_form: PhotoForm | None = None) -> str:
    receipt = db.session.scalar(sa.select(Sale.receipt).where(Sale.id == kept.id))
    state = late.state_of(kept.verdict, receipt)
    return render_template(
        "verification/late_note.html",
        note=kept,
        receipt=receipt,
        state=state,
        states=late.STATES,
        zone=kept.gallery.unit.zone,
        form=form,
        buyers=BUYER_NAMES,
        channels=CHANNEL_NAMES,
        methods=METHOD_NAMES,
        may_decide=late.may_decide(g.person, kept) and state in ("waiting", "unrecorded"),
        own=kept.entered_by == g.person.id,
        photo_form=photo_form or PhotoForm(formdata=None),
        may_replace=state == "waiting" and late_photos.may_replace(g.person, kept),
        staff_number=kept.buyer_ref if kept.unit_id == g.person.unit_id and g.person.may("staff", "official") else "",
    )


@bp.get("/susulan/<uuid:note_id>/foto-<any(besar, kecil):size>.webp")
@web.require(*READERS)
def photo(note_id: Any, size: str) -> Any:
    """The nota's photo (`?nama=`: one of those it had), for whoever may see the nota."""
    kept = late.note_for(g.person, str(note_id))
    name = request.args.get("nama", kept.judged_photo)
    path = path_of(_folder(), name, size)
    if name not in kept.photos or not path.is_file():
        abort(404)
    return send_file(path, mimetype="image/webp", max_age=0)


def _folder() -> Path:
    return pack.photo_folder(current_app.instance_path)

"""Pages of the tree: units, their galleries and registers."""

from collections.abc import Callable
from datetime import time
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from pos import clock, decoder, money, web
from pos.errors import N_, NotFound, PosError
from pos.units import devices, services
from pos.units import tree as trees
from pos.units.loading import load_units
from pos.units.models import ROUNDING_STEPS, Gallery, Register, Unit

LONGEST_CUTOFF = 720  # minutes
USUAL_DISCOUNT, USUAL_DOWN_PAYMENT = 10, 50  # percent


class UnitForm(FlaskForm):
    name = web.TextField(_l("Nama"), [Length(max=120)])
    kanwil = SelectField(_l("Kanwil"), coerce=int)
    day = DateField(_l("Nama dan Kanwil berlaku sejak"), [InputRequired(_l("Pilih hari mulai berlaku."))])
    kind = web.TextField(_l("Jenis"), [Length(max=40)])
    class_name = web.TextField(_l("Kelas"), [Length(max=10)])
    city = web.TextField(_l("Kota / kabupaten"), [Length(max=80)])
    active = BooleanField(_l("Unit ini masih buka"))


class DiscountForm(FlaskForm):
    discount_limit = IntegerField(
        _l("Batas diskon kasir"),
        [NumberRange(0, 100, _l("Tulis persen bulat dari 0 sampai 100."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )


class GalleryForm(DiscountForm):
    name = web.TextField(_l("Nama galeri"), [Length(max=120)])
    kind = SelectField(_l("Jenis"))
    address = web.TextField(_l("Alamat"), [Length(max=200)])
    phone = web.TextField(_l("Telepon"), [Length(max=40)], render_kw={"inputmode": "tel"})
    cutoff = TimeField(_l("Hari usaha berakhir pukul"), [Optional()])
    rounding_step = RadioField(_l("Pembulatan tunai"), coerce=int, default=0)
    down_payment = IntegerField(
        _l("Uang muka pesanan"),
        [NumberRange(0, 90, _l("Tulis persen bulat dari 0 sampai 90."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    qris = web.TextField(
        _l("Teks QRIS statis"), render_kw={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
    )
    qris_photo = FileField(_l("Atau foto kode QR-nya"), render_kw={"accept": "image/jpeg,image/png,image/webp"})
    scale = web.TextField(_l("Kode timbangan"), [Length(max=120)], render_kw={"placeholder": "21=berat, 22=harga"})
    active = BooleanField(_l("Galeri ini masih buka"))

    def details(self) -> dict[str, Any]:
        """What `add_gallery` and `change_gallery` take besides the name."""
        at = self.cutoff.data or time()
        minutes = at.hour * 60 + at.minute
        if minutes > LONGEST_CUTOFF:
            raise PosError("Terlalu siang.", fields={"cutoff": N_("Paling siang pukul 12.00.")})
        return {
            "kind": self.kind.data,
            "address": self.address.data,
            "phone": self.phone.data,
            "cutoff_minutes": minutes,
            "rounding_step": self.rounding_step.data,
            "discount_limit": self.discount_limit.data,
            "down_payment": self.down_payment.data,
            "qris": self._qris(),
            "scale": self.scale.data,
        }

    def _qris(self) -> str:
        """The text in the field, or what the photo shows, which then stands in the field."""
        if self.qris_photo.data:
            found = decoder.read(self.qris_photo.data.read(), decoder.QR)
            if not found:
                text = N_("Tidak ada kode QR yang terbaca di foto ini. Foto lebih dekat, lurus dan terang.")
                raise PosError("Foto tidak terbaca.", fields={"qris_photo": text})
            self.qris.data = found[0]
        return self.qris.data


class RegisterForm(FlaskForm):
    code = web.TextField(_l("Kode kasir"), [Length(max=12)], render_kw={"autocapitalize": "characters"})
    paper_width = RadioField(
        _l("Lebar kertas struk"), coerce=int, choices=[SelectChoice(58, "58 mm"), SelectChoice(80, "80 mm")], default=58
    )
    active = BooleanField(_l("Kasir ini masih dipakai"), default=True)


class UnitsFileForm(FlaskForm):
    file = FileField(_l("Berkas CSV atau XLSX"), [FileRequired(_l("Pilih berkas dahulu."))])


# -- units ---------------------------------------------------------------------------------------------


@web.require("admin", "official", "auditor")
def tree() -> Any:
    asked = {name: request.args.get(name, "").strip() for name in ("q", "zona", "jenis")}
    closed = bool(request.args.get("tutup"))
    found = trees.tree(g.person, asked["q"], asked["zona"], asked["jenis"], closed)
    return render_template(
        "units/tree.html",
        tree=found,
        asked=asked,
        closed=closed,
        open=bool(any(asked.values())) or len(found.branches) <= 2,
        zones=list(clock.ZONES),
        kinds=trees.kinds(g.person),
    )


@web.require("admin", "official", "auditor")
def unit(unit_id: int) -> Any:
    row = services.unit_for(g.person, unit_id)
    return render_template(
        "units/unit.html",
        unit=row,
        galleries=trees.galleries_of(row),
        history=trees.history(row),
        kinds=trees.KINDS,
        levels=trees.LEVEL_NAMES,
    )


@web.require("admin")
def change_unit(unit_id: int) -> Any:
    row = services.unit_for(g.person, unit_id)
    form = UnitForm(obj=row, day=clock.today(row.zone)) if request.method == "GET" else UnitForm()
    if row.level != "upt":
        del form.kanwil
    else:
        form.kanwil.choices = _kanwils(row)
        form.kanwil.data = row.parent_id if request.method == "GET" else form.kanwil.data
    if form.validate_on_submit():
        try:
            trees.change_unit(
                row,
                g.person,
                name=form.name.data,
                kanwil_id=form.kanwil.data if "kanwil" in form else None,
                day=form.day.data,
                active=form.active.data,
                kind=form.kind.data,
                class_name=form.class_name.data,
                city=form.city.data,
            )
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("%(name)s disimpan.", name=row.name))
            return redirect(url_for("units.unit", unit_id=unit_id))
    return render_template("units/unit_form.html", form=form, unit=row), 422 if form.errors else 200


def _kanwils(row: Unit) -> list[SelectChoice]:
    """Where the unit may stand: the Kanwil in scope, and always where it stands."""
    choices = {kanwil.id: kanwil.name for kanwil in trees.kanwils(g.person)}
    if row.parent:
        choices.setdefault(row.parent.id, row.parent.name)
    return [SelectChoice(key, name) for key, name in choices.items()]


@web.require("admin")
def load() -> Any:
    """Only who is over the whole nation may load the nation's list."""
    if g.person.level != "ditjenpas":
        raise NotFound("Halaman ini tidak ada.")
    form, loaded, error = UnitsFileForm(), None, None
    if form.validate_on_submit():
        file = form.file.data
        try:
            loaded = load_units(file.read(), file.filename or "units.csv")
        except PosError as refused:
            error = refused
    status = 422 if form.errors or error else 200
    return render_template("units/load.html", form=form, loaded=loaded, error=error), status


# -- galleries and registers ---------------------------------------------------------------------------


@web.require("admin")
def add_gallery(unit_id: int) -> Any:
    row = services.unit_for(g.person, unit_id)
    form = _gallery_form(None)
    if form.validate_on_submit():
        try:
            gallery = services.add_gallery(row, form.name.data, g.person, **form.details())
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("%(name)s dibuka. Tambahkan kasirnya.", name=gallery.name))
            _tell_payee(gallery)
            return redirect(url_for("units.add_register", gallery_id=gallery.id))
    return render_template("units/gallery_form.html", form=form, unit=row, gallery=None), 422 if form.errors else 200


@web.require("admin")
def change_gallery(gallery_id: int) -> Any:
    row = services.gallery_for(g.person, gallery_id)
    form, before = _gallery_form(row), row.qris
    if form.validate_on_submit():
        try:
            trees.change_gallery(row, g.person, name=form.name.data, active=form.active.data, **form.details())
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("%(name)s disimpan.", name=row.name))
            if row.qris != before:
                _tell_payee(row)
            return redirect(url_for("units.unit", unit_id=row.unit_id))
    return render_template(
        "units/gallery_form.html", form=form, unit=row.unit, gallery=row
    ), 422 if form.errors else 200


@web.require("staff", "admin")
def discount_limit(gallery_id: int) -> Any:
    """What cashiers may give away alone: the one thing of a gallery that its staff decides too."""
    row = services.gallery_for(g.person, gallery_id)
    form = DiscountForm(obj=row)
    if form.validate_on_submit():
        trees.change_gallery(row, g.person, name=row.name, discount_limit=form.discount_limit.data)
        flash(_("%(name)s disimpan.", name=row.name))
        return redirect(url_for("removals.removals"))
    return render_template("units/discount_limit.html", form=form, gallery=row), 422 if form.errors else 200


def _tell_payee(gallery: Gallery) -> None:
    """Whom a code that was just put in pays: the moment to see that it is the wrong one."""
    if payee := gallery.payee:
        flash(_("Uang QRIS akan masuk ke %(payee)s. Cocokkan dengan kode yang ditempel di galeri.", payee=payee))


def _gallery_form(row: Gallery | None) -> GalleryForm:
    minutes = row.cutoff_minutes if row else 0
    usual = {"discount_limit": USUAL_DISCOUNT, "down_payment": USUAL_DOWN_PAYMENT}
    form = GalleryForm(obj=row, cutoff=time(minutes // 60, minutes % 60), **usual)
    form.kind.choices = [SelectChoice(key, web.tr(text)) for key, text in trees.KINDS.items()]
    form.rounding_step.choices = [
        SelectChoice(step, _("ke %(step)s terdekat", step=money.rupiah(step)) if step else _("tidak dibulatkan"))
        for step in ROUNDING_STEPS
    ]
    return form


@web.require("admin")
def add_register(gallery_id: int) -> Any:
    gallery = services.gallery_for(g.person, gallery_id)
    form = RegisterForm()
    if form.validate_on_submit():
        try:
            row = services.add_register(gallery, form.code.data, g.person, form.paper_width.data)
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Kasir %(code)s siap dipakai.", code=row.code))
            return redirect(url_for("units.unit", unit_id=gallery.unit_id))
    return _register_page(form, gallery, None)


@web.require("admin")
def change_register(register_id: int) -> Any:
    row = trees.register_for(g.person, register_id)
    form = RegisterForm(obj=row)
    if form.validate_on_submit():
        trees.change_register(row, g.person, form.paper_width.data, form.active.data)
        flash(_("Kasir %(code)s disimpan.", code=row.code))
        return redirect(url_for("units.unit", unit_id=row.gallery.unit_id))
    return _register_page(form, row.gallery, row)


def _register_page(form: RegisterForm, gallery: Gallery, row: Register | None) -> Any:
    bound = devices.devices_at([row]) if row else []
    page = render_template("units/register_form.html", form=form, gallery=gallery, register=row, devices=bound)
    return page, 422 if form.errors else 200


@web.require("staff", "admin")
def revoke_device(device_id: int) -> Any:
    device = devices.device_for(g.person, device_id)
    devices.revoke(device, g.person)
    flash(_("%(name)s dicabut: perangkat itu perlu masuk lagi untuk mengirim nota.", name=device.name))
    if g.person.may("admin"):
        return redirect(url_for("units.change_register", register_id=device.register_id))
    return redirect(url_for("register.enrol"))


BOTH = ["GET", "POST"]
PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/unit", tree, ["GET"]),
    ("/unit/muat", load, BOTH),
    ("/unit/<int:unit_id>", unit, ["GET"]),
    ("/unit/<int:unit_id>/ubah", change_unit, BOTH),
    ("/unit/<int:unit_id>/galeri", add_gallery, BOTH),
    ("/unit/galeri/<int:gallery_id>", change_gallery, BOTH),
    ("/unit/galeri/<int:gallery_id>/diskon", discount_limit, BOTH),
    ("/unit/galeri/<int:gallery_id>/kasir", add_register, BOTH),
    ("/unit/kasir/<int:register_id>", change_register, BOTH),
    ("/unit/perangkat/<int:device_id>/cabut", revoke_device, ["POST"]),
)

"""One product: a new one, its data, prices, codes, certificates, photo; and the pictures themselves."""

import re
from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, flash, g, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from pos import clock, web
from pos.catalog import certificates, editing, featured, listing, photos, pricing, scans, services
from pos.catalog.forms import (
    BarcodeForm,
    CertificateForm,
    NewProductForm,
    PhotoForm,
    PriceForm,
    ProductForm,
    beside,
)
from pos.catalog.models import Certificate, Product
from pos.menu import READERS

FOR_EVER = 365 * 24 * 3600  # seconds: another photo has another name


@web.require("staff", "admin")
def new() -> Any:
    makers = editing.makers(g.person)
    form = NewProductForm().offer(makers)
    if form.validate_on_submit():
        with beside(form):
            cost = form.cost.data or 0
            details = form.offer_instead(featured.of_maker(form.maker_id.data)).details()
            price, instead_of = form.price.data or 0, form.instead_of.data
            product = editing.create(g.person, details, price, cost, form.code.data, instead_of)
            flash(_("%(name)s ditambahkan dengan kode %(code)s.", name=product.name, code=product.barcodes[0].code))
            return redirect(url_for("catalog.product", product_id=product.id))
    page = render_template("catalog/new.html", form=form, makers=makers, names=listing.names_in_use(g.person))
    return page, 422 if form.errors else 200


@web.require(*READERS)
def product(product_id: int) -> Any:
    """The product's whole file; whoever may change it finds the forms for that in it."""
    if request.method == "POST":
        web.admit("staff", "admin")
    row = services.product_for(g.person, product_id)
    form = ProductForm(obj=row).offer(editing.makers(g.person), row.maker)
    if form.validate_on_submit():
        with beside(form):
            form.offer_instead(featured.of_maker(form.maker_id.data))
            editing.update(g.person, product_id, form.details(), form.instead_of.data)
            return _done(product_id, _("Perubahan disimpan."))
    return _product_page(row, form=form)


@web.require("staff", "admin")
def price(product_id: int) -> Any:
    row = services.product_for(g.person, product_id)
    form = PriceForm()
    if form.validate_on_submit():
        with beside(form):
            current = services.price_at(row.prices, clock.now())
            cost = form.cost.data if form.cost.data is not None else current.cost if current else 0
            starts = pricing.start_of(form.from_day.data, row.maker.zone)
            editing.set_price(g.person, product_id, form.amount.data or 0, cost, starts, form.more())
            return _done(product_id, _("Harga baru disimpan."))
    return _product_page(row, price_form=form)


@web.require("staff", "admin")
def barcode(product_id: int) -> Any:
    """Add a factory's code, or one of our own when the button for that was pressed."""
    row = services.product_for(g.person, product_id)
    form = BarcodeForm()
    own = "own" in request.form
    if own or form.validate_on_submit():
        with beside(form):
            added = editing.add_barcode(g.person, product_id, None if own else form.code.data)
            return _done(product_id, _("Kode %(code)s ditambahkan.", code=added.code))
    return _product_page(row, barcode_form=form)


@web.require("staff", "admin")
def archive(product_id: int) -> Any:
    active = request.form.get("active") == "1"
    was_featured = services.product_for(g.person, product_id).featured
    row = editing.archive(g.person, product_id, active)
    if was_featured and not row.featured:
        return _done(product_id, _("Produk dijual lagi, bukan lagi sebagai unggulan: UPT ini sudah punya dua."))
    return _done(
        product_id, _("Produk dijual lagi.") if active else _("Produk diarsipkan: kasir tidak menjualnya lagi.")
    )


@web.require("staff", "admin")
def photo(product_id: int) -> Any:
    """Take the form's photo, or none any more when the button for that was pressed."""
    row = services.product_for(g.person, product_id)
    form = PhotoForm()
    gone = "gone" in request.form
    if gone or form.validate_on_submit():
        with beside(form):
            photos.set_photo(g.person, product_id, _photos(), None if gone else form.photo.data.read())
            return _done(product_id, _("Foto dihapus.") if gone else _("Foto disimpan."))
    return _product_page(row, photo_form=form)


@web.require("staff", "admin")
def certificate(product_id: int) -> Any:
    """Write down a certificate that follows the last of its kind, or puts another one right."""
    row = services.product_for(g.person, product_id)
    form = CertificateForm()
    if form.validate_on_submit():
        with beside(form):
            scan = form.scan.data.read() if form.scan.data else None
            certificates.enter(g.person, product_id, form.given(), _scans(), scan, form.corrects.data)
            return _done(product_id, _("Sertifikat dibetulkan.") if form.corrects.data else _("Sertifikat dicatat."))
    return _product_page(row, certificate_form=form)


@web.require("staff", "admin")
def withdraw(certificate_id: int) -> Any:
    gone = certificates.withdraw(g.person, certificate_id)
    if gone.corrects_id:
        return _done(gone.product_id, _("Sertifikat yang belum mulai dibatalkan; yang sebelumnya tetap berlaku."))
    return _done(gone.product_id, _("Sertifikat dicabut: tidak lagi dicetak di label."))


@web.require(*READERS)
def scan(certificate_id: int, page: int) -> Response:
    """A page of a certificate's scan, drawn anew; for those in whose scope its maker is."""
    entry = certificates.certificate_for(g.person, certificate_id)
    path = scans.path_of(_scans(), entry.scan, page)
    if not 1 <= page <= entry.scan_pages or not path.is_file():
        abort(404)
    return send_file(path, mimetype="image/webp")


def picture(content: str, size: str) -> Response:
    """A photo by the name of its content: for anybody, like the goods on the shelf, and for ever the same."""
    path = photos.path_of(_photos(), content, size)
    if not re.fullmatch(r"[0-9a-f]{32}", content) or not path.is_file():
        abort(404)
    answer = send_file(path, mimetype="image/webp", max_age=FOR_EVER)
    answer.cache_control.public = answer.cache_control.immutable = True
    return answer


def _photos() -> Path:
    return Path(current_app.instance_path) / "files" / "foto"


def _scans() -> Path:
    return Path(current_app.instance_path) / "files" / "sertifikat"


def _done(product_id: int, sentence: str) -> Any:
    flash(sentence)
    return redirect(url_for("catalog.product", product_id=product_id))


def _product_page(row: Product, **forms: Any) -> Any:
    now, today = clock.now(), clock.today(row.maker.zone)
    current = services.price_at(row.prices, now)
    entries = certificates.entries_of(row.id)
    certificate_form = forms.get("certificate_form") or _certificate_form(entries)
    page = render_template(
        "catalog/product.html",
        product=row,
        current=current,
        now=now,
        form=forms.get("form") or ProductForm(obj=row, formdata=None).offer(editing.makers(g.person), row.maker),
        price_form=forms.get("price_form") or _price_form(current),
        barcode_form=forms.get("barcode_form") or BarcodeForm(formdata=None),
        photo_form=forms.get("photo_form") or PhotoForm(formdata=None),
        certificate_form=certificate_form,
        names=listing.names_in_use(g.person),
        entries=entries,
        held=[(entry, certificates.state_of(entry, today)) for entry in certificates.held(entries, today)],
        wrong=next((entry for entry in entries if entry.id == certificate_form.corrects.data), None),
        may_edit=g.person.may("staff", "admin"),
        kinds=certificates.NAMES,
        warn_days=certificates.WARN_DAYS,
        panel=current_app.extensions["shelves"].panel(g.person, row),
    )
    return page, 422 if any(form.errors for form in forms.values()) else 200


def _price_form(current: Any) -> PriceForm:
    """Filled with the prices beside the usual one, which go on as they stand there."""
    return PriceForm(formdata=None, data=vars(pricing.More.of(current)))


def _certificate_form(entries: list[Certificate]) -> CertificateForm:
    """Empty, or filled with the entry that the address asks to put right."""
    asked = request.args.get("betulkan", 0, type=web.number)
    wrong = next((entry for entry in certificates.standing(reversed(entries)) if entry.id == asked), None)
    if wrong is None or wrong.withdrawn:
        return CertificateForm(formdata=None)
    return CertificateForm(formdata=None, obj=wrong, corrects=wrong.id)


PAGES = (
    ("/produk/baru", new, ["GET", "POST"]),
    ("/produk/<int:product_id>", product, ["GET", "POST"]),
    ("/produk/<int:product_id>/harga", price, ["POST"]),
    ("/produk/<int:product_id>/kode", barcode, ["POST"]),
    ("/produk/<int:product_id>/arsip", archive, ["POST"]),
    ("/produk/<int:product_id>/foto", photo, ["POST"]),
    ("/produk/<int:product_id>/sertifikat", certificate, ["POST"]),
    ("/sertifikat/<int:certificate_id>/cabut", withdraw, ["POST"]),
    ("/sertifikat/<int:certificate_id>/pindaian-<int:page>.webp", scan, ["GET"]),
    ("/foto/<content>-<any(besar, kecil):size>.webp", picture, ["GET"]),
)

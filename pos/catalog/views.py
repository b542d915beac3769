"""Products: the list, one product with its prices and codes, and bringing in a list."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import pgettext

from pos import clock, exports, money, sheets, web
from pos.catalog import editing, importing, listing, photos, rows, services, uploads
from pos.catalog.forms import BarcodeForm, NewProductForm, PhotoForm, PriceForm, ProductForm, UploadForm
from pos.catalog.listing import Filters
from pos.catalog.models import Product
from pos.errors import PosError
from pos.listing_pdf import Column

bp = Blueprint("catalog", __name__)
ROWS_SHOWN = 250
FOR_EVER = 365 * 24 * 3600  # seconds: another photo has another name
STATUSES = ("new", "changed", "same", "wrong")


# -- the list ------------------------------------------------------------------------------------------


@bp.get("/produk")
@web.require("staff", "admin", "official", "auditor")
def products() -> Any:
    filters = _filters()
    found, count = listing.page_of(g.person, filters)
    return render_template(
        "catalog/products.html",
        rows=found,
        count=count,
        pages=-(-count // listing.PAGE),
        filters=filters,
        on_hand=_shelves().on_hand_within(g.person, [row.id for row in found]),
        makers=editing.makers(g.person),
        categories=editing.categories(),
        link=_link,
        page_link=lambda page: _link(page=page),
        sort_link=lambda name: _link(sort=f"-{name}" if filters.sort == name else name, page=1),
        may_edit=g.person.may("staff", "admin"),
    )


@bp.get("/produk/ekspor.<any(csv, xlsx, pdf):kind>")
@web.require("staff", "admin", "official", "auditor")
def export(kind: str) -> Response:
    filters, on_hand = _filters(), _shelves().on_hand_within(g.person)
    if kind == "pdf":
        return _listing(filters, on_hand)
    return _table("produk", kind, listing.EXPORT_COLUMNS, listing.export(g.person, filters, on_hand))


def _listing(filters: Filters, on_hand: Mapping[int, int]) -> Response:
    found = listing.every(g.person, filters)
    columns = [Column(_("Produk")), Column(_("Kode")), Column(_("Pembuat")), Column(_("Kategori"))]
    columns += [Column(_("Harga"), True), Column(_("Satuan")), Column(_("Stok"), True), Column(_("Keterangan"))]
    cells = [
        (
            row.name,
            row.code or "",
            row.maker,
            row.category,
            money.rupiah(row.price),
            row.unit_of_measure,
            _("jasa") if row.service else money.quantity_text(on_hand.get(row.id, 0)),
            ", ".join(_remarks(row)),
        )
        for row in found
    ]
    maker = next((unit.name for unit in editing.makers(g.person) if unit.id == filters.maker), "")
    made = {"ya": _("Buatan WBP"), "tidak": _("Bukan WBP")}.get(filters.wbp, "")
    ticked = ((filters.featured, _("Unggulan")), (filters.archived, _("Arsip")), (filters.everyone, _("Semua UPT")))
    named = {_("Cari"): filters.search, _("Kategori"): filters.category, _("Pembuat"): maker}
    about = [
        g.person.unit_name,
        " · ".join(filter(None, [exports.asked(named), made, *(name for on, name in ticked if on)])),
        _("%(count)s produk", count=money.grouped(len(found))),
    ]
    name = f"produk-{clock.today(g.person.zone)}"
    return exports.pdf(name, pgettext("daftar", "Produk"), about, columns, cells)


def _remarks(row: Any) -> Iterator[str]:
    if row.featured:
        yield _("unggulan")
    if not row.wbp_made:
        yield _("bukan WBP")
    if not row.active:
        yield _("diarsipkan")


def _filters() -> Filters:
    args = request.args
    return Filters(
        search=args.get("cari", "")[:80],
        category=args.get("kategori", ""),
        maker=args.get("upt", 0, type=web.number),
        featured=args.get("unggulan") == "1",
        wbp=args.get("wbp", ""),
        archived=args.get("arsip") == "1",
        everyone=args.get("semua") == "1",
        sort=args.get("sort", "nama"),
        page=max(1, min(args.get("page", 1, type=int), 100_000)),
    )


ASKED = ("cari", "kategori", "upt", "unggulan", "wbp", "arsip", "semua", "sort", "page")


def _link(endpoint: str = "catalog.products", **over: Any) -> str:
    """The list as it is addressed now, but for `over`."""
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if value and name in ASKED}
    return url_for(endpoint, **(kept | over))


def _table(name: str, kind: str, header: Any, lines: Any) -> Response:
    return exports.sheet(f"{name}-{clock.today(g.person.zone)}", kind, name, header, lines)


def _shelves() -> Any:
    """What the stock room, which stands above this one, offers to these pages (see `pos.stock.views`)."""
    return current_app.extensions["shelves"]


# -- one product ---------------------------------------------------------------------------------------


@bp.route("/produk/baru", methods=["GET", "POST"])
@web.require("staff", "admin")
def new() -> Any:
    makers = editing.makers(g.person)
    form = NewProductForm().offer(makers)
    if form.validate_on_submit():
        with _beside(form):
            cost = form.cost.data or 0
            product = editing.create(g.person, form.details(), form.price.data or 0, cost, form.code.data)
            flash(_("%(name)s ditambahkan dengan kode %(code)s.", name=product.name, code=product.barcodes[0].code))
            return redirect(url_for("catalog.product", product_id=product.id))
    page = render_template("catalog/new.html", form=form, makers=makers, categories=editing.categories())
    return page, 422 if form.errors else 200


@bp.route("/produk/<int:product_id>", methods=["GET", "POST"])
@web.require("staff", "admin")
def product(product_id: int) -> Any:
    row = services.product_for(g.person, product_id)
    form = ProductForm(obj=row).offer(editing.makers(g.person), row.maker)
    if form.validate_on_submit():
        with _beside(form):
            editing.update(g.person, product_id, form.details())
            return _done(product_id, _("Perubahan disimpan."))
    return _product_page(row, form=form)


@bp.post("/produk/<int:product_id>/harga")
@web.require("staff", "admin")
def price(product_id: int) -> Any:
    row = services.product_for(g.person, product_id)
    form = PriceForm()
    if form.validate_on_submit():
        with _beside(form):
            current = services.price_at(row.prices, clock.now())
            cost = form.cost.data if form.cost.data is not None else current.cost if current else 0
            starts = _start_of(form.from_day.data, row.maker.zone)
            editing.set_price(g.person, product_id, form.amount.data or 0, cost, starts)
            return _done(product_id, _("Harga baru disimpan."))
    return _product_page(row, price_form=form)


@bp.post("/produk/<int:product_id>/kode")
@web.require("staff", "admin")
def barcode(product_id: int) -> Any:
    """Add a factory's code, or one of our own when the button for that was pressed."""
    row = services.product_for(g.person, product_id)
    form = BarcodeForm()
    own = "own" in request.form
    if own or form.validate_on_submit():
        with _beside(form):
            added = editing.add_barcode(g.person, product_id, None if own else form.code.data)
            return _done(product_id, _("Kode %(code)s ditambahkan.", code=added.code))
    return _product_page(row, barcode_form=form)


@bp.post("/produk/<int:product_id>/arsip")
@web.require("staff", "admin")
def archive(product_id: int) -> Any:
    active = request.form.get("active") == "1"
    editing.archive(g.person, product_id, active)
    return _done(
        product_id, _("Produk dijual lagi.") if active else _("Produk diarsipkan: kasir tidak menjualnya lagi.")
    )


@bp.post("/produk/<int:product_id>/foto")
@web.require("staff", "admin")
def photo(product_id: int) -> Any:
    """Take the form's photo, or none any more when the button for that was pressed."""
    row = services.product_for(g.person, product_id)
    form = PhotoForm()
    gone = "gone" in request.form
    if gone or form.validate_on_submit():
        with _beside(form):
            photos.set_photo(g.person, product_id, _photos(), None if gone else form.photo.data.read())
            return _done(product_id, _("Foto dihapus.") if gone else _("Foto disimpan."))
    return _product_page(row, photo_form=form)


@bp.get("/foto/<content>-<any(besar, kecil):size>.webp")
def picture(content: str, size: str) -> Response:
    """A photo by the name of its content: for anybody, like the goods on the shelf, and for ever the same."""
    path = photos.path_of(_photos(), content, size)
    if not re.fullmatch(r"[0-9a-f]{32}", content) or not path.is_file():
        abort(404)
    answer = send_file(path, mimetype="image/webp", max_age=FOR_EVER)
    answer.cache_control.public = answer.cache_control.immutable = True
    return answer


def _photos() -> Path:
    return Path(_folder()) / "files" / "foto"


def _start_of(day: date | None, zone: str) -> datetime | None:
    """Midnight of a later day in the maker's zone; today and no day mean now."""
    if day is None or day == clock.today(zone):
        return None
    return datetime.combine(day, time(), clock.ZONES[zone])


def _done(product_id: int, sentence: str) -> Any:
    flash(sentence)
    return redirect(url_for("catalog.product", product_id=product_id))


def _product_page(row: Product, **forms: Any) -> Any:
    now = clock.now()
    current = services.price_at(row.prices, now)
    page = render_template(
        "catalog/product.html",
        product=row,
        current=current,
        now=now,
        form=forms.get("form") or ProductForm(obj=row, formdata=None).offer(editing.makers(g.person), row.maker),
        price_form=forms.get("price_form") or PriceForm(formdata=None),
        barcode_form=forms.get("barcode_form") or BarcodeForm(formdata=None),
        categories=editing.categories(),
        photo_form=forms.get("photo_form") or PhotoForm(formdata=None),
        panel=_shelves().panel(g.person, row),
    )
    return page, 422 if any(form.errors for form in forms.values()) else 200


class _beside:
    """Puts the sentences of a `PosError` beside the fields of `form` they speak of."""

    def __init__(self, form: Any) -> None:
        self.form = form

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        if not isinstance(error, PosError) or not any(name in self.form for name in error.fields):
            return False
        for name, sentence in error.fields.items():
            if name in self.form:
                self.form[name].errors = [web.say(sentence)]
        return True


# -- bringing in a list --------------------------------------------------------------------------------


@bp.route("/produk/impor", methods=["GET", "POST"])
@web.require("staff", "admin")
def upload() -> Any:
    form = UploadForm()
    if form.validate_on_submit():
        data, filename = form.file.data.read(), uploads.tidy(form.file.data.filename)
        try:
            importing.read_products(data, filename, g.person)
        except sheets.UnreadableFile as unreadable:
            form.file.errors = [web.say(unreadable.sentence)]
        else:
            token = uploads.keep(_folder(), g.person, data, filename)
            return redirect(url_for("catalog.preview", token=token))
    page = render_template("catalog/import.html", form=form, required=rows.REQUIRED, optional=rows.OPTIONAL)
    return page, 422 if form.errors else 200


@bp.get("/produk/impor/<token>")
@web.require("staff", "admin")
def preview(token: str) -> Any:
    return _preview_page(token)


@bp.post("/produk/impor/<token>")
@web.require("staff", "admin")
def confirm(token: str) -> Any:
    shown = importing.read_products(*uploads.kept(_folder(), g.person, token), g.person)
    try:
        counts = importing.apply(shown, g.person, request.form.get("fingerprint", ""))
    except (importing.ImportChanged, importing.ImportRefused) as refused:
        return _preview_page(token, web.say(refused.sentence)), refused.status
    uploads.forget(_folder(), g.person, token)
    flash(_("Impor selesai: %(new)d produk baru, %(changed)d berubah, %(same)d tetap.", **counts))
    return redirect(url_for("catalog.products"))


@bp.get("/produk/impor/contoh.<any(csv, xlsx):kind>")
@web.require("staff", "admin")
def template(kind: str) -> Response:
    units = editing.makers(g.person)
    unit = units[0].name if units else "Lapas Kelas IIA Ambon"
    lines = [
        [unit, _("Tas rajut (contoh)"), "kerajinan tangan", 80_000, 50_000, "buah", "", "ya", "ya"],
        [unit, _("Keripik pisang (contoh)"), "kuliner", 50_000, 30_000, "kg", "8991234567891", "tidak", "ya"],
    ]
    return _table("contoh-produk", kind, rows.COLUMNS, lines)


def _preview_page(token: str, refused: str = "") -> str:
    found = importing.read_products(*uploads.kept(_folder(), g.person, token), g.person)
    only = request.args.get("hanya", "")
    chosen = [row for row in found.rows if only not in STATUSES or row.status == only]
    page = max(1, request.args.get("page", 1, type=web.number))

    def link(**over: Any) -> str:
        return url_for("catalog.preview", **({"token": token, "hanya": only or None} | over))

    return render_template(
        "catalog/preview.html",
        preview=found,
        counts=found.counts,
        rows=chosen[(page - 1) * ROWS_SHOWN : page * ROWS_SHOWN],
        columns=[name for name in rows.COLUMNS if name in found.rows[0].cells],
        only=only,
        page=page,
        pages=-(-len(chosen) // ROWS_SHOWN),
        link=link,
        page_link=lambda number: link(page=number),
        refused=refused,
    )


def _folder() -> str:
    return current_app.instance_path

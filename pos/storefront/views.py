"""The public pages, and the page on which a unit opens and closes its shelf."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Length

from pos import exports, web
from pos.db import db
from pos.errors import NotFound, PosError
from pos.listing_pdf import Column
from pos.storefront import pages, services
from pos.storefront.models import PublicShelf
from pos.units.models import Gallery

bp = Blueprint("storefront", __name__)
FRESH_SECONDS = 300  # after which a browser asks again whether a page has changed


# -- for everybody -------------------------------------------------------------------------------------


@bp.get("/etalase/<slug>")
def unit(slug: str) -> Response:
    shelf = services.shelf_called(slug)
    return _public(pages.unit_page(shelf, pages.Served(shelf)))


@bp.get("/etalase/<slug>/<name>")
def gallery(slug: str, name: str) -> Response:
    shelf, found = _gallery(slug, name)
    return _public(pages.gallery_page(shelf, pages.Served(shelf), name, found))


@bp.get("/etalase/<slug>/<name>/<code>")
def sold(slug: str, name: str, code: str) -> Response:
    """What another unit made and this gallery sells: to be ordered here."""
    shelf, found = _gallery(slug, name)
    good = next((good for good in pages.goods_in(shelf, found) if good.maker and good.code == code), None)
    if good is None:
        raise NotFound("Barang ini tidak ada lagi di galeri ini.")
    return _public(pages.product_page(shelf, good, pages.Served(shelf)))


def _gallery(slug: str, name: str) -> tuple[PublicShelf, Gallery]:
    shelf = services.shelf_called(slug)
    found = services.galleries_of(shelf).get(name)
    if found is None:
        raise NotFound("Galeri ini tidak ada di etalase.")
    return shelf, found


@bp.get("/p/<path:code>")
@bp.get("/P/<path:code>")
def product(code: str) -> Response:
    """What the QR code of a shelf card opens; in capitals, where such a code keeps an address in less room."""
    shelf, good = services.shelf_of_product(code)
    return _public(pages.product_page(shelf, good, pages.Served(shelf)))


def _public(page: str) -> Response:
    """The same for everybody: kept by any cache for a while, no cookie asked for or set."""
    answer = Response(page, content_type="text/html; charset=utf-8")
    answer.cache_control.public, answer.cache_control.max_age = True, FRESH_SECONDS
    answer.set_etag(sha256(page.encode()).hexdigest()[:32], weak=True)
    g.for_all = True
    answer.make_conditional(request)
    return answer


# -- for the unit --------------------------------------------------------------------------------------


class ShelfForm(FlaskForm):
    open = BooleanField(_l("Etalase dibuka untuk umum"))
    intro = TextAreaField(_l("Perkenalan"), [Length(max=600)], render_kw={"rows": 4})
    whatsapp = web.TextField(_l("Nomor WhatsApp"), [Length(max=30)], render_kw={"inputmode": "tel"})
    hours = web.TextField(_l("Jam buka"), [Length(max=120)])
    address = web.TextField(_l("Alamat"), [Length(max=200)])


def _asked() -> tuple[str, str]:
    state = request.args.get("keadaan", "")
    return " ".join(request.args.get("q", "")[:80].split()), state if state in ("buka", "tutup") else ""


@bp.get("/etalase-publik")
@web.require("staff", "official", "admin", "auditor")
def shelves() -> Any:
    if g.person.level == "upt" and g.person.may("staff"):
        return redirect(url_for("storefront.change", unit_id=g.person.unit_id))
    search, state = _asked()
    page = web.paged(services.shelves_for(g.person, search, state))
    return render_template("storefront/shelves.html", page=page, search=search, state=state)


@bp.get("/etalase-publik/ekspor.<any(csv, xlsx, pdf):kind>")
@web.require("staff", "official", "admin", "auditor")
def export(kind: str) -> Response:
    search, state = _asked()
    rows = [
        [unit.name, _("dibuka") if shelf and shelf.open else _("ditutup"), goods, _address(shelf), _number(shelf)]
        for unit, shelf, goods in db.session.execute(services.shelves_for(g.person, search, state))
    ]
    header = [_("Unit"), _("Keadaan"), _("Produk"), _("Alamat halaman"), _("Nomor WhatsApp")]
    if kind != "pdf":
        return exports.sheet("etalase-publik", kind, _("Etalase publik"), header, rows)
    shown = {"buka": _("dibuka"), "tutup": _("ditutup")}.get(state, "")
    about = [g.person.unit_name, exports.asked({_("Cari"): search, _("Keadaan"): shown})]
    columns = [Column(name, name == header[2]) for name in header]
    return exports.pdf("etalase-publik", _("Etalase publik"), about, columns, [[str(c) for c in row] for row in rows])


def _address(shelf: PublicShelf | None) -> str:
    base = current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/")
    return f"{base}{url_for('storefront.unit', slug=shelf.slug)}" if shelf and shelf.open else ""


def _number(shelf: PublicShelf | None) -> str:
    return f"+{shelf.whatsapp}" if shelf and shelf.whatsapp else ""


@bp.route("/etalase-publik/<int:unit_id>", methods=["GET", "POST"])
@web.require("staff", "admin")
def change(unit_id: int) -> Any:
    shelf = services.shelf_for(g.person, unit_id)
    form = ShelfForm(obj=shelf)
    if request.method == "GET":
        form.whatsapp.data = _number(shelf)
    if form.validate_on_submit():
        said = {name: value for name, value in form.data.items() if name != "csrf_token"}
        try:
            kept = services.keep(g.person, unit_id, **said | {"intro": form.intro.data.strip()})
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(
                _("Etalase dibuka: siapa pun bisa melihatnya.") if kept.open else _("Etalase disimpan, dan tertutup.")
            )
            return redirect(url_for("storefront.change", unit_id=unit_id))
    page = render_template(
        "storefront/change.html", form=form, shelf=shelf, unit=shelf.unit, address=_address(shelf), goods=_counts(shelf)
    )
    return page, 422 if form.errors else 200


def _counts(shelf: PublicShelf) -> dict[str, int]:
    goods = services.goods_of(shelf)
    return {
        "all": len(goods),
        "featured": sum(good.featured for good in goods),
        "bare": sum(not good.photo for good in goods),
    }


@bp.get("/etalase-publik/<int:unit_id>/unduh.zip")
@web.require("staff", "admin")
def download(unit_id: int) -> Response:
    """The shelf as files, to be put on any web host."""
    shelf = services.shelf_for(g.person, unit_id)
    if not shelf.open:
        raise PosError("Buka etalase dahulu, lalu unduh halamannya.")
    language = g.get("language")
    content = pages.zipped(shelf, Path(current_app.instance_path) / "files" / "foto")
    g.language = language
    headers = {"Content-Disposition": f'attachment; filename="etalase-{shelf.slug}.zip"'}
    return Response(content, mimetype="application/zip", headers=headers)

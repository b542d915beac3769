"""The shelf of one product: what lies in each gallery, receiving from the workshop, correcting a count."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length

from pos import web
from pos.catalog import reading
from pos.catalog.models import DIVISIBLE, Product
from pos.catalog.services import any_product, mine
from pos.errors import PosError
from pos.stock import (
    entry,
    opname_pages,
    receiving_pages,
    receivings,
    services,
    shelf_pages,
    transfer_pages,
    write_off_pages,
)
from pos.stock.goods import Line
from pos.stock.words import REASON_NAMES
from pos.units.services import Person, gallery_for

bp = Blueprint("stock", __name__)
CHOOSE = _l("Pilih salah satu galeri.")
MOST_EMPTY = 12  # in a wider scope only galleries that hold (or held) the product are listed


class MoveForm(FlaskForm):
    key = HiddenField(default=lambda: entry.key(""))
    gallery = SelectField(_l("Galeri"), coerce=int, invalid_choice_message=CHOOSE, invalid_value_message=CHOOSE)
    quantity = StringField(_l("Jumlah"), [InputRequired(_l("Isi jumlahnya."))], render_kw={"autocomplete": "off"})
    note = StringField(_l("Catatan"), [Length(max=200, message=_l("Paling banyak 200 huruf."))])


def _forms(person: Person) -> dict[str, MoveForm]:
    choices = [SelectChoice(gallery.id, f"{gallery.name} · {gallery.unit}") for gallery in services.galleries(person)]
    forms = {}
    for reason, prefix in (("receive", "terima-"), ("adjust", "koreksi-")):
        form = forms[reason] = MoveForm(prefix=prefix)
        form.gallery.choices = choices
    return forms


@bp.get("/produk/<int:product_id>/stok")
@web.require("staff", "admin")
def shelf(product_id: int) -> Any:
    return _page(any_product(product_id), _forms(g.person))


@bp.post("/produk/<int:product_id>/terima")
@web.require("staff", "admin")
def receive(product_id: int) -> Any:
    return _move(product_id, "receive", _("Stok diterima."))


@bp.post("/produk/<int:product_id>/koreksi")
@web.require("staff", "admin")
def adjust(product_id: int) -> Any:
    return _move(product_id, "adjust", _("Stok dikoreksi."))


def _move(product_id: int, reason: str, done: str) -> Any:
    product = any_product(product_id)
    if product.service or not product.active:
        raise PosError("Jasa dan produk yang diarsipkan tidak punya stok untuk dicatat.")
    forms = _forms(g.person)
    form = forms[reason]
    if form.validate_on_submit():
        try:
            gallery, key = gallery_for(g.person, form.gallery.data), entry.key(form.key.data or "")
            quantity = reading.quantity(form.quantity.data, product.unit_of_measure in DIVISIBLE)
            if reason == "receive":
                line = Line(product.id, quantity)
                receivings.receive(g.person, gallery.id, [line], note=(form.note.data or "").strip(), key=key)
            else:
                services.move(gallery, product.id, quantity, reason, g.person, form.note.data, key)
            flash(done)
            return redirect(url_for("stock.shelf", product_id=product.id))
        except reading.Unreadable as unreadable:
            form.quantity.errors = [web.say(unreadable.reason).capitalize() + "."]
        except PosError as error:
            for name, sentence in error.fields.items():
                form[{"lines": "quantity"}.get(name, name)].errors = [web.say(sentence)]
            if not error.fields:
                raise
    return _page(product, forms), 422


def _page(product: Product, forms: dict[str, MoveForm]) -> str:
    return render_template(
        "stock/shelf.html", product=product, panel=_panel(g.person, product, forms), mine=mine(g.person, product)
    )


def _panel(person: Person, product: Product, forms: dict[str, MoveForm] | None = None) -> Markup:
    """What lies where, the two forms and the last moves, to stand in a page."""
    hand = services.on_hand(product.id)
    galleries = services.galleries(person)
    few = len(galleries) <= MOST_EMPTY
    return Markup(
        render_template(
            "stock/panel.html",
            product=product,
            rows=[(gallery, hand.get(gallery.id, 0)) for gallery in galleries if few or gallery.id in hand],
            moves=services.recent(person, product.id),
            forms=forms or _forms(person),
            reasons=REASON_NAMES,
        )
    )


class Shelves:
    """What the pages of the catalogue and of the public shelf, rooms below, may show of the stock."""

    held = staticmethod(services.held)
    on_hand_within = staticmethod(services.on_hand_within)
    panel = staticmethod(_panel)


@bp.record_once
def _offer(state: BlueprintSetupState) -> None:
    state.app.extensions["shelves"] = Shelves


_PAGES = (shelf_pages, receiving_pages, transfer_pages, opname_pages, write_off_pages)
for _path, _view, _methods in (page for pages in _PAGES for page in pages.PAGES):
    bp.add_url_rule(_path, view_func=_view, methods=_methods)

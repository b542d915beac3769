"""One change to many products on a page: choose it, see what it makes of each, then save. All stands in the address."""

import re
from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from pos import clock, money, web
from pos.catalog import bulk, editing, listing, reading
from pos.catalog.bulk import Change, Row
from pos.catalog.editing import LONGEST_CATEGORY
from pos.catalog.forms import LONGEST_LABEL, DayField, ReadField
from pos.catalog.listing import Filters
from pos.catalog.pricing import STEPS, Step
from pos.errors import N_, PosError

ROWS_SHOWN = 100
LEAST, MOST = -90, 900  # percent
ACT_NAMES = {
    "price": N_("Ubah harga"),
    "category": N_("Ganti kategori"),
    "brand": N_("Ganti merek"),
    "workshop": N_("Ganti bengkel kerja"),
    "feature": N_("Jadikan unggulan"),
    "unfeature": N_("Bukan lagi unggulan"),
    "archive": N_("Arsipkan"),
    "restore": N_("Jual lagi"),
}
ROUNDINGS = {
    1: N_("tidak dibulatkan"),
    100: N_("Rp100 terdekat"),
    500: N_("Rp500 terdekat"),
    1000: N_("Rp1.000 terdekat"),
}


def _signed(text: str) -> int:
    """Rupiah with a sign before it."""
    bare = text.strip()
    amount = reading.rupiah(bare.lstrip("+-− "))
    return -amount if bare[:1] in ("-", "−") else amount


def _step(value: Any) -> int:
    """One of `STEPS`."""
    return next((step for step in STEPS if str(step) == str(value)), 1)


def _percent(text: str) -> int:
    bare = text.strip().removesuffix("%").strip().replace("−", "-")
    if not re.fullmatch(r"[+-]?[0-9]{1,3}", bare, re.ASCII) or not LEAST <= int(bare) <= MOST:
        raise reading.Unreadable(N_("isi persen bulat dari %(least)d sampai %(most)d"), least=LEAST, most=MOST)
    return int(bare)


class ChangeForm(Form):
    aksi = SelectField(_l("Yang diubah"), choices=[], validate_choice=False)
    isi = StringField(_l("Isi baru"), render_kw={"list": "isi-lama", "autocomplete": "off"})
    persen = ReadField(_l("Persen"), [Optional()], _percent, render_kw={"autocomplete": "off"})
    tambah = ReadField(_l("Ditambah"), [Optional()], _signed, render_kw={"autocomplete": "off"})
    bulat = SelectField(_l("Dibulatkan"), coerce=_step, default=1, validate_choice=False)
    mulai = DayField(_l("Berlaku mulai"), [Optional()])

    def offer(self) -> "ChangeForm":
        self.aksi.choices = [SelectChoice(act, web.tr(name)) for act, name in ACT_NAMES.items()]
        self.bulat.choices = [SelectChoice(step, web.tr(ROUNDINGS[step])) for step in STEPS]
        return self

    def change(self) -> Change | None:
        """What is asked for, or None with a sentence beside the field."""
        act, text = self.aksi.data, reading.plain(self.isi.data)
        untouched = act == "price" and not any(name in request.args for name in ("persen", "tambah", "bulat"))
        if act not in bulk.ACTS or untouched or not self.validate():
            return None
        if act == "price":
            step = Step(self.persen.data or 0, self.tambah.data or 0, self.bulat.data)
            if step == Step():
                self.persen.errors = [_("Isi persen, tambahan, atau pembulatan.")]
                return None
            return Change(act, step=step, starts=self.mulai.data)
        most = LONGEST_CATEGORY if act == "category" else LONGEST_LABEL
        if act in bulk.TEXTS and (len(text) > most or (act == "category" and not text)):
            self.isi.errors = [_("Isi kategori.") if not text else _("Paling banyak %(max)d huruf.", max=most)]
            return None
        return Change(act, text if act in bulk.TEXTS else "")


@web.require("staff", "admin")
def bulk_change() -> Any:
    form = ChangeForm(request.args).offer()
    change = form.change() if form.aksi.data in bulk.ACTS else None
    ids = _ids()
    if request.method == "POST":
        if change is None:
            raise PosError("Pilih dahulu apa yang diubah.")
        try:
            done = bulk.apply(g.person, _filters(), ids, change, request.form.get("fingerprint", ""))
        except bulk.Moved as moved:
            return _page(form, change, ids, web.say(moved.sentence)), moved.status
        flash(_("%(changed)s produk diubah, %(same)s tetap, %(wrong)s dilewati.", **done))
        return redirect(url_for("catalog.products", **_list_asked()))
    return _page(form, change, ids)


def _page(form: ChangeForm, change: Change | None, ids: Sequence[int] | None, refused: str = "") -> str:
    products = bulk.chosen(g.person, _filters(), ids)
    rows = bulk.plan(products, change) if change else []
    order = {"wrong": 0, "changed": 1, "same": 2}
    shown: list[Row] = sorted(rows, key=lambda row: order[row.status])
    pages = -(-len(shown) // ROWS_SHOWN)
    number = min(max(1, request.args.get("hal", 1, web.number)), max(1, pages))
    return render_template(
        "catalog/bulk.html",
        form=form,
        change=change,
        count=len(products),
        everything=ids is None,
        rows=shown[(number - 1) * ROWS_SHOWN : number * ROWS_SHOWN],
        counts=bulk.counts(rows),
        fingerprint=bulk.fingerprint(rows, change) if change else "",
        refused=refused,
        names=sorted({name for group in listing.names_in_use(g.person).values() for name in group}),
        several=len(editing.makers(g.person)) > 1,
        today=clock.today(g.person.zone),
        kept=_kept(),
        back=url_for("catalog.products", **_list_asked()),
        number=number,
        pages=pages,
        page_link=lambda to: web.here(hal=to),
        grouped=money.grouped,
    )


def _ids() -> list[int] | None:
    """The products that were ticked; None for all that the list shows."""
    if request.args.get("cakupan") == "semua":
        return None
    return [
        int(text) for text in request.args.getlist("pilih") if text.isascii() and text.isdecimal() and len(text) < 10
    ]


def _filters() -> Filters:
    return listing.filters_of(request.args)


def _list_asked() -> dict[str, Any]:
    return {name: request.args[name] for name in listing.ASKED if request.args.get(name)}


def _kept() -> list[tuple[str, str]]:
    """What the form of the change sends along: which products are meant."""
    names = (*listing.ASKED, "cakupan", "pilih")
    return [(name, value) for name in names for value in request.args.getlist(name) if value]


PAGES = (("/produk/massal", bulk_change, ["GET", "POST"]),)

"""Bringing in a list of products: an example, the upload, what would happen, and then all or nothing."""

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from pos import clock, exports, sheets, web
from pos.catalog import editing, importing, rows, uploads
from pos.catalog.forms import UploadForm
from pos.catalog.rows import RowPlan

ROWS_SHOWN = 250
STATUSES = ("new", "changed", "same", "wrong")


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


@web.require("staff", "admin")
def preview(token: str) -> Any:
    return _preview_page(token)


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


@web.require("staff", "admin")
def template(kind: str) -> Response:
    units = editing.makers(g.person)
    unit = units[0].name if units else "Lapas Kelas IIA Ambon"
    bag = [unit, _("Tas rajut (contoh)"), "kerajinan tangan", 80_000, 50_000, "buah", "", "ya", "ya"]
    bag += ["", "", _("Bengkel rajut"), "", "", 75_000, 10, 70_000]
    chips = [unit, _("Keripik pisang (contoh)"), "kuliner", 50_000, 30_000, "kg", "8991234567891", "tidak", "ya"]
    chips += ["", "", _("Dapur"), _("Pisang, minyak, garam"), "250 g"]
    columns = len(rows.ALL_COLUMNS)
    lines = [[*line, *[""] * (columns - len(line))] for line in (bag, chips)]
    name = f"contoh-produk-{clock.today(g.person.zone)}"
    return exports.sheet(name, kind, "contoh-produk", rows.ALL_COLUMNS, lines)


def _preview_page(token: str, refused: str = "") -> str:
    found = importing.read_products(*uploads.kept(_folder(), g.person, token), g.person)
    only = request.args.get("hanya", "")
    chosen = [row for row in found.rows if only not in STATUSES or row.status == only]
    page = max(1, request.args.get("page", 1, type=web.number))
    shown = chosen[(page - 1) * ROWS_SHOWN : page * ROWS_SHOWN]

    def link(**over: Any) -> str:
        return url_for("catalog.preview", **({"token": token, "hanya": only or None} | over))

    return render_template(
        "catalog/preview.html",
        preview=found,
        counts=found.counts,
        rows=shown,
        columns=_columns(shown),
        only=only,
        page=page,
        pages=-(-len(chosen) // ROWS_SHOWN),
        link=link,
        page_link=lambda number: link(page=number),
        refused=refused,
    )


def _columns(shown: Sequence[RowPlan]) -> list[str]:
    """Those of the file; of the seldom ones only where a row that changes something says something there."""
    present = shown[0].cells if shown else {}
    told = {
        name for row in shown if row.status != "same" for name in rows.MORE if row.cells.get(name) not in (None, "")
    }
    return [name for name in rows.ALL_COLUMNS if name in present and (name in rows.COLUMNS or name in told)]


def _folder() -> str:
    return current_app.instance_path


PAGES = (
    ("/produk/impor", upload, ["GET", "POST"]),
    ("/produk/impor/<token>", preview, ["GET"]),
    ("/produk/impor/<token>", confirm, ["POST"]),
    ("/produk/impor/contoh.<any(csv, xlsx):kind>", template, ["GET"]),
)

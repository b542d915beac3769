"""Labels that wait to be printed again: the queue, its files, and what was replaced without printing it here."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from pos import clock, exports, money, web
from pos.catalog import reprints
from pos.catalog.reprints import Waiting
from pos.db import search_words
from pos.errors import N_
from pos.labels.asked import to_print
from pos.labels.services import MOST_PRODUCTS
from pos.listing_pdf import Column

bp = Blueprint("reprints", __name__)
ASKED = ("cari", "tampil", "sort")
ROLES = ("staff", "admin", "official", "auditor")
SHOWN = {"sekarang": N_("Sudah salah"), "nanti": N_("Akan salah")}


@bp.get("/label/antrean")
@web.require(*ROLES)
def queue() -> Any:
    rows = _rows()
    return render_template(
        "labels/reprints.html",
        rows=rows,
        print_link=_print_link,
        wrong=[row for row in rows if not row.ahead],
        ahead=[row for row in rows if row.ahead],
        most=MOST_PRODUCTS,
        asked={name: request.args.get(name, "") for name in ASKED},
        filtered=any(request.args.get(name) for name in ("cari", "tampil")),
        shown=SHOWN,
        may_print=g.person.may("staff"),
        may_edit=g.person.may("staff", "admin"),
        zone=g.person.zone,
        sort_link=lambda name: web.here(sort=f"-{name}" if request.args.get("sort") == name else name),
        export_link=lambda kind: url_for("reprints.file", kind=kind, **_given()),
    )


@bp.get("/label/antrean.<any(csv, xlsx, pdf):kind>")
@web.require(*ROLES)
def file(kind: str) -> Any:
    rows = _rows()
    title, name = _("Antrean cetak ulang"), f"antrean-label-{clock.today(g.person.zone)}"
    head = [_("Produk"), _("Pembuat"), _("Di label"), _("Harga di label"), _("Harga baru"), _("Sejak"), _("Lembar")]
    at = web.FILTERS["at"]
    if kind != "pdf":
        cells: list[list[Any]] = [
            [row.name, row.maker, row.printed_name, row.printed_amount, row.amount, at(row.due_at, g.person.zone)]
            + [row.copies]
            for row in rows
        ]
        return exports.sheet(name, kind, title, head, cells)
    columns = [Column(text, i in (3, 4, 6)) for i, text in enumerate(head)]
    lines = []
    for row in rows:
        prices = [money.rupiah(row.printed_amount), money.rupiah(row.amount)]
        due = at(row.due_at, g.person.zone)
        lines.append([row.name, row.maker, row.printed_name, *prices, due, money.grouped(row.copies)])
    about = [g.person.unit_name, _("%(count)s produk", count=money.grouped(len(rows)))]
    return exports.pdf(name, title, about, columns, lines)


@bp.post("/label/antrean")
@web.require("staff", "admin")
def replaced() -> Any:
    """The labels of the ticked products were replaced another way: they no longer wait."""
    ticked = set(request.form.getlist("pilih"))
    rows = [row for row in reprints.queue(g.person) if row.key in ticked]
    for row in rows:
        reprints.printed(g.person, {row.product_id: row.copies}, row.due_at)
    flash(_("%(count)s produk ditandai sudah diganti labelnya.", count=money.grouped(len(rows))))
    return redirect(url_for("reprints.queue", **_given()))


def _rows() -> list[Waiting]:
    words, shown = search_words(request.args.get("cari", "")), request.args.get("tampil", "")
    rows = [
        row
        for row in reprints.queue(g.person)
        if (shown not in SHOWN or row.ahead == (shown == "nanti"))
        and all(word in f"{row.name} {row.maker} {row.printed_name}".lower() for word in words)
    ]
    sort = request.args.get("sort", "sejak")
    keys: dict[str, Any] = {
        "sejak": lambda row: row.due_at,
        "produk": lambda row: row.name.casefold(),
        "pembuat": lambda row: row.maker,
    }
    rows.sort(key=keys.get(sort.lstrip("-"), keys["sejak"]), reverse=sort.startswith("-"))
    return rows


def _print_link(rows: Sequence[Waiting]) -> str:
    return url_for("labels.choose", **to_print(rows[:MOST_PRODUCTS]))


def _given() -> dict[str, Any]:
    return {name: request.args[name] for name in ASKED if request.args.get(name)}

"""The list of prices on the screen, for the wall of a shop, and as a table."""

from collections.abc import Sequence
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _

from pos import clock, exports, money, sheets, web
from pos.catalog import editing, pricelist
from pos.catalog.models import Price
from pos.catalog.pricelist import Filters
from pos.db import db
from pos.listing_pdf import Column

ASKED = ("cari", "kategori", "upt", "nanti", "sort")


@web.require("staff", "official", "admin", "auditor")
def prices() -> Any:
    filters = _filters()
    found = web.paged(pricelist.listed(g.person, filters))
    given: dict[str, Any] = {name: request.args[name] for name in ASKED if request.args.get(name)}
    return render_template(
        "catalog/prices.html",
        page=found,
        coming=pricelist.coming([row.id for row in found.rows]),
        filters=filters,
        filtered=any(name != "sort" for name in given),
        makers=editing.makers(g.person),
        categories=editing.categories(),
        may_edit=g.person.may("staff", "admin"),
        given=given,
        sort_link=lambda name: web.here(sort=f"-{name}" if filters.sort == name else name),
        export_link=lambda kind: url_for("catalog.prices_file", kind=kind, **given),
        page_link=lambda number: web.here(hal=number),
    )


@web.require("staff", "official", "admin", "auditor")
def prices_file(kind: str) -> Any:
    """Everything that the list shows, on all its pages; as PDF for the wall, with the letterhead."""
    filters = _filters()
    rows = db.session.execute(pricelist.listed(g.person, filters).limit(sheets.MAX_ROWS)).all()
    later = pricelist.coming([row.id for row in rows])
    title, name = _("Daftar harga"), f"harga-{clock.today(g.person.zone)}"
    if kind == "pdf":
        return _sheet(name, title, filters, rows, later)
    head = [_("Pembuat"), _("Produk"), _("Kategori"), _("Satuan"), _("Harga (Rp)"), _("Harga grosir (Rp)")]
    head += [_("Grosir mulai"), _("Harga dalam (Rp)"), _("Harga nanti (Rp)"), _("Mulai")]
    cells = []
    for row in rows:
        soon = next(iter(later.get(row.id, [])), None)
        least = money.quantity_text(row.wholesale_from) if row.wholesale_from else None
        after = [soon.amount, clock.local(soon.from_at, row.zone).date()] if soon else [None, None]
        texts = [row.maker, row.name, row.category, row.unit_of_measure]
        cells.append([*texts, row.amount, row.wholesale, least, row.inside, *after])
    return exports.sheet(name, kind, title, head, cells)


def _sheet(name: str, title: str, filters: Filters, rows: Sequence[Any], later: dict[int, list[Price]]) -> Any:
    makers = editing.makers(g.person)
    several = len(makers) > 1 and not filters.maker
    columns = [Column(_("Produk")), *([Column(_("Pembuat"))] if several else []), Column(_("Satuan"))]
    columns += [Column(_("Harga"), True), Column(_("Grosir"), True), Column(_("Harga dalam"), True), Column(_("Nanti"))]
    lines = []
    for row in rows:
        wholesale = ""
        if row.wholesale is not None:
            wholesale = f"{money.rupiah(row.wholesale)} (≥ {money.quantity_text(row.wholesale_from)})"
        inside = "" if row.inside is None else money.rupiah(row.inside)
        soon = next(iter(later.get(row.id, [])), None)
        text = f"{money.rupiah(soon.amount)} {web.FILTERS['at'](soon.from_at, row.zone)}" if soon else ""
        maker = [row.maker] if several else []
        lines.append([row.name, *maker, row.unit_of_measure, money.rupiah(row.amount), wholesale, inside, text])
    chosen = next((unit.name for unit in makers if unit.id == filters.maker), "")
    asked = {_("Cari"): filters.search, _("Kategori"): filters.category, _("Pembuat"): chosen}
    only = _("Akan berubah") if filters.later else ""
    about = [exports.asked(asked), only, _("%(count)s produk", count=money.grouped(len(rows)))]
    return exports.pdf(name, title, about, columns, lines, letterhead=True)


def _filters() -> Filters:
    args = request.args
    return Filters(
        search=args.get("cari", "")[:80],
        category=args.get("kategori", ""),
        maker=args.get("upt", 0, type=web.number),
        later=args.get("nanti") == "1",
        sort=args.get("sort", "nama"),
    )


PAGES = (
    ("/harga", prices, ["GET"]),
    ("/harga.<any(csv, xlsx, pdf):kind>", prices_file, ["GET"]),
)

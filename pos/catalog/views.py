"""Products: the list and its files; and the wiring of the pages that hang on it."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from pos import clock, exports, money, web
from pos.catalog import (
    bulk_pages,
    certificate_pages,
    certificates,
    editing,
    import_pages,
    listing,
    price_pages,
    product_pages,
)
from pos.catalog.listing import Filters
from pos.listing_pdf import Column
from pos.menu import READERS

bp = Blueprint("catalog", __name__)


# -- the list ------------------------------------------------------------------------------------------


@bp.get("/produk")
@web.require(*READERS)
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
        traits=listing.TRAITS,
        attention=certificates.attention(g.person, clock.today(g.person.zone)),
        warn_days=certificates.WARN_DAYS,
        asked=[name for name in listing.ASKED if name != "page"],
        link=_link,
        page_link=lambda page: _link(page=page),
        sort_link=lambda name: _link(sort=f"-{name}" if filters.sort == name else name, page=1),
        may_edit=g.person.may("staff", "admin"),
    )


@bp.get("/produk/ekspor.<any(csv, xlsx, pdf):kind>")
@web.require(*READERS)
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
    trait = web.tr(listing.TRAITS[filters.trait][1]) if filters.trait in listing.TRAITS else ""
    ticked = ((filters.featured, _("Unggulan")), (filters.archived, _("Arsip")), (filters.everyone, _("Semua UPT")))
    named = {_("Cari"): filters.search, _("Kategori"): filters.category, _("Pembuat"): maker}
    about = [
        g.person.unit_name,
        " · ".join(filter(None, [exports.asked(named), trait, *(name for on, name in ticked if on)])),
        _("%(count)s produk", count=money.grouped(len(found))),
    ]
    name = f"produk-{clock.today(g.person.zone)}"
    return exports.pdf(name, pgettext("daftar", "Produk"), about, columns, cells)


def _remarks(row: Any) -> Iterator[str]:
    if row.featured:
        yield _("unggulan")
    if row.made_to_order:
        yield _("dibuat sesuai pesanan")
    if row.auction:
        yield _("dilelang")
    if row.one_of_a_kind:
        yield _("hanya satu")
    if not row.wbp_made:
        yield _("bukan WBP")
    if not row.active:
        yield _("diarsipkan")


def _filters() -> Filters:
    return listing.filters_of(request.args)


def _link(endpoint: str = "catalog.products", **over: Any) -> str:
    """The list as it is addressed now, but for `over`."""
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if value and name in listing.ASKED}
    return url_for(endpoint, **(kept | over))


def _table(name: str, kind: str, header: Any, lines: Any) -> Response:
    return exports.sheet(f"{name}-{clock.today(g.person.zone)}", kind, name, header, lines)


def _shelves() -> Any:
    """What the stock room, which stands above this one, offers to these pages (see `pos.stock.views`)."""
    return current_app.extensions["shelves"]


_PAGES = (*product_pages.PAGES, *bulk_pages.PAGES, *price_pages.PAGES, *certificate_pages.PAGES, *import_pages.PAGES)
for path, view, methods in _PAGES:
    bp.add_url_rule(path, view_func=view, methods=methods)

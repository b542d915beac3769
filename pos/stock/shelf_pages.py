"""Pages of what lies where: the list of stock, the card of a product, what will soon be past its date, minimums."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from pos import clock, exports, money, sheets, web
from pos.catalog import reading
from pos.catalog.models import DIVISIBLE
from pos.catalog.services import any_product
from pos.db import atomic, db
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.stock import batches, card, services, shelves
from pos.stock import entry as asking
from pos.stock.shelves import STATE_NAMES, Filters
from pos.stock.words import REASON_NAMES

SOON = 30  # days that the list of expiring goods looks ahead
HORIZONS = (7, 14, 30, 60, 90)
ASKED = ("galeri", "kategori", "keadaan", "cari", "sort")
CARD_ASKED = ("galeri", "dari", "sampai")


@web.require()
def stock() -> Any:
    filters = _filters()
    return render_template(
        "stock/stock.html",
        page=web.paged(shelves.stock(g.person, filters)),
        counts=shelves.counts(g.person, filters),
        expiring=len(batches.expiring(g.person, SOON, filters.gallery)),
        filters=filters,
        filtered=any((filters.gallery, filters.category, filters.state, filters.search)),
        galleries=services.galleries(g.person),
        categories=shelves.categories(g.person),
        states=STATE_NAMES,
        may_read=g.person.may(*READERS),
        may_write=g.person.may("staff", "admin"),
        export_link=lambda kind: url_for("stock.export_stock", kind=kind, **_given(ASKED)),
        page_link=lambda number: web.here(hal=number),
        sort_link=lambda name: web.here(sort=f"-{name}" if filters.sort == name else name),
    )


@web.require()
def export_stock(kind: str) -> Any:
    filters = _filters()
    rows = _every(shelves.stock(g.person, filters))
    title, name = _("Stok"), f"stok-{clock.today(g.person.zone)}"
    header = [_("Produk"), _("Kode"), _("Pembuat"), _("Kategori"), _("Galeri"), _("Unit")]
    header += [_("Ada"), _("Satuan"), _("Minimum"), _("Di jalan masuk"), _("Di jalan keluar")]
    table = [
        [row.product, row.code or "", row.maker, row.category, row.gallery, row.unit]
        + [_pieces(row.on_hand), row.unit_of_measure, _pieces(row.minimum)]
        + [_pieces(row.coming or None), _pieces(row.going or None)]
        for row in rows
    ]
    if kind != "pdf":
        return exports.sheet(name, kind, title, header, table)
    gallery = next((one.name for one in services.galleries(g.person) if one.id == filters.gallery), "")
    state = web.tr(STATE_NAMES[filters.state]) if filters.state in STATE_NAMES else ""
    asked = {_("Galeri"): gallery, _("Kategori"): filters.category, _("Keadaan"): state, _("Cari"): filters.search}
    about = [g.person.unit_name, exports.asked(asked), _("%(count)s baris", count=money.grouped(len(rows)))]
    columns = [Column(text, i in (6, 8, 9, 10)) for i, text in enumerate(header)]
    return exports.pdf(name, title, about, columns, table)


def _filters() -> Filters:
    args = request.args
    return Filters(
        gallery=asking.number("galeri"),
        category=args.get("kategori", "")[:40],
        state=args.get("keadaan", "") if args.get("keadaan") in STATE_NAMES else "",
        search=args.get("cari", "").strip()[:80],
        sort=args.get("sort", "produk")[:20],
    )


def _given(names: Sequence[str]) -> dict[str, Any]:
    return {name: request.args[name] for name in names if request.args.get(name)}


def _every(query: Any) -> Sequence[Any]:
    rows = db.session.execute(query.limit(sheets.MAX_ROWS + 1)).all()
    if len(rows) > sheets.MAX_ROWS:
        raise PosError("Lebih dari %(most)d baris. Saring dahulu, lalu unduh lagi.", most=sheets.MAX_ROWS)
    return rows


def _pieces(thousandths: int | None) -> str:
    return "" if thousandths is None else money.quantity_text(thousandths)


# -- what will soon be past its date -------------------------------------------------------------------


@web.require()
def expiring() -> Any:
    days, gallery_id = _horizon(), asking.number("galeri")
    return render_template(
        "stock/expiring.html",
        batches=batches.expiring(g.person, days, gallery_id),
        days=days,
        horizons=HORIZONS,
        gallery_id=gallery_id,
        galleries=services.galleries(g.person),
        may_write=g.person.may("staff", "admin"),
        export_link=lambda kind: url_for("stock.export_expiring", kind=kind, **_given(("hari", "galeri"))),
    )


@web.require()
def export_expiring(kind: str) -> Any:
    days = _horizon()
    rows = batches.expiring(g.person, days, asking.number("galeri"))
    title, name = _("Segera kedaluwarsa"), f"kedaluwarsa-{clock.today(g.person.zone)}"
    header = [_("Kedaluwarsa"), _("Sisa hari"), _("Produk"), _("Pembuat"), _("Kode produksi"), _("Galeri"), _("Unit")]
    header += [_("Masih ada"), _("Satuan")]
    table = [
        [row.expires_on, row.days, row.product, row.maker, row.production_code, row.gallery, row.unit]
        + [money.quantity_text(row.quantity), row.unit_of_measure]
        for row in rows
    ]
    if kind != "pdf":
        return exports.sheet(name, kind, title, header, table)
    cells = [[web.FILTERS["day"](row[0]), str(row[1]), *row[2:]] for row in table]
    about = [g.person.unit_name, _("Dalam %(days)d hari", days=days), _fifo()]
    return exports.pdf(name, title, about, [Column(text, i in (1, 7)) for i, text in enumerate(header)], cells)


def _horizon() -> int:
    return min(asking.number("hari") or SOON, 3650)


def _fifo() -> str:
    return _("Perkiraan: dianggap yang masuk lebih dahulu terjual lebih dahulu (FIFO).")


# -- the card ------------------------------------------------------------------------------------------


@web.require()
def stock_card(product_id: int) -> Any:
    return _card(product_id, {})


def _card(product_id: int, wrong: dict[int, str]) -> str:
    """The page of the card; `wrong` is what is wrong with the minimums that were typed, by gallery."""
    product, gallery_id = any_product(product_id), asking.number("galeri")
    since, until = (asking.day(request.args.get(name, "")) for name in ("dari", "sampai"))
    galleries = services.galleries(g.person)
    held = services.on_hand(product.id)
    mine = [(gallery, held[gallery.id]) for gallery in galleries if gallery.id in held]
    return render_template(
        "stock/card.html",
        product=product,
        page=web.paged(card.card(g.person, product.id, gallery_id, since, until)),
        opening=card.opening(g.person, product.id, gallery_id, since) if since else None,
        held=mine,
        shown=sum(quantity for gallery, quantity in mine if gallery_id in (0, gallery.id)),
        galleries=galleries,
        gallery_id=gallery_id,
        reasons=REASON_NAMES,
        minimums=shelves.minimums(g.person, product.id),
        wrong=wrong,
        may_write=g.person.may("staff", "admin"),
        may_read=g.person.may("staff", "official", "admin", "auditor"),
        export_link=lambda kind: url_for("stock.export_card", product_id=product.id, kind=kind, **_given(CARD_ASKED)),
        page_link=lambda number: web.here(hal=number),
    )


@web.require()
def export_card(product_id: int, kind: str) -> Any:
    product, gallery_id = any_product(product_id), asking.number("galeri")
    since, until = (asking.day(request.args.get(name, "")) for name in ("dari", "sampai"))
    rows = _every(card.card(g.person, product.id, gallery_id, since, until))
    title, name = _("Kartu stok %(product)s", product=product.name), f"kartu-stok-{product.id}"
    header = [_("Waktu"), _("Galeri"), _("Sebab"), _("Bukti"), _("Catatan"), _("Oleh"), _("Jumlah"), _("Saldo")]
    table = [
        [web.FILTERS["at"](row.at, row.zone), row.gallery, web.tr(REASON_NAMES[row.reason]), _proof(row), row.note]
        + [row.user or "", money.quantity_text(row.quantity), money.quantity_text(row.balance)]
        for row in rows
    ]
    if kind != "pdf":
        return exports.sheet(name, kind, _("Kartu stok"), header, table)
    about = [f"{product.maker.name} · {product.unit_of_measure}", exports.period(since, until)]
    return exports.pdf(name, title, about, [Column(text, i > 5) for i, text in enumerate(header)], table)


def _proof(row: Any) -> str:
    """The paper behind a move, as it is called on the screen."""
    if row.receipt:
        return str(row.receipt)
    papers = (
        (row.receiving_id, _("Penerimaan")),
        (row.transfer_id, _("Kiriman")),
        (row.write_off_id, _("Penghapusan")),
        (row.opname_id, _("Opname")),
    )
    return next((f"{name} #{number}" for number, name in papers if number), "")


@web.require("staff", "admin")
def set_minimum(product_id: int) -> Any:
    """How much of the product each gallery wants to have at least; empty for no minimum."""
    product = any_product(product_id)
    divisible = product.unit_of_measure in DIVISIBLE
    before = shelves.minimums(g.person, product.id)
    wanted: dict[int, int] = {}
    wrong: dict[int, str] = {}
    for gallery in services.galleries(g.person):
        typed = request.form.get(f"minimum-{gallery.id}")
        if typed is None:
            continue
        try:
            wanted[gallery.id] = reading.quantity(typed, divisible) if typed.strip() else 0
            if wanted[gallery.id] < 0:
                wrong[gallery.id] = _("Isi nol atau lebih.")
        except reading.Unreadable as unreadable:
            wrong[gallery.id] = web.say(unreadable.reason).capitalize() + "."
    if wrong:
        return _card(product.id, wrong), 422
    with atomic():
        for gallery_id, quantity in wanted.items():
            if before.get(gallery_id, 0) != quantity:
                shelves.set_minimum(g.person, gallery_id, product.id, quantity)
    flash(_("Minimum disimpan."))
    return redirect(url_for("stock.stock_card", product_id=product.id))


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/stok", stock, ["GET"]),
    ("/stok.<any(csv, xlsx, pdf):kind>", export_stock, ["GET"]),
    ("/stok/kedaluwarsa", expiring, ["GET"]),
    ("/stok/kedaluwarsa.<any(csv, xlsx, pdf):kind>", export_expiring, ["GET"]),
    ("/stok/kartu/<int:product_id>", stock_card, ["GET"]),
    ("/stok/kartu/<int:product_id>/kartu.<any(csv, xlsx, pdf):kind>", export_card, ["GET"]),
    ("/stok/kartu/<int:product_id>/minimum", set_minimum, ["POST"]),
)

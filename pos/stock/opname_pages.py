"""Pages of stock opname: the list, counting by scanner, what was found, approving it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from pos import exports, money, web
from pos.errors import N_, NotFound, PosError
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.stationery import Signer
from pos.stock import entry as goods_entry
from pos.stock import goods, opname_lists, opnames, services
from pos.stock.opname_lists import STATE_NAMES
from pos.stock.opname_models import Opname
from pos.stock.opnames import Found
from pos.units.letterheads import letterhead_of

COUNTERS = ("cashier", "staff", "admin")
MOST_FOUND = 8


@web.require()
def opnames_list() -> Any:
    return render_template(
        "stock/opnames.html",
        page=web.paged(opname_lists.opnames(g.person, goods_entry.number("galeri"))),
        galleries=services.galleries(g.person),
        gallery_id=goods_entry.number("galeri"),
        filtered=goods_entry.number("galeri") > 0,
        states=STATE_NAMES,
        state_of=opname_lists.state_of,
        may_open=g.person.may("staff", "admin"),
        may_count=g.person.may(*COUNTERS),
        may_read=g.person.may(*READERS),
        page_link=lambda number: web.here(hal=number),
    )


@web.require("staff", "admin")
def open_opname() -> Any:
    gallery_id = goods_entry.chosen("galeri", services.galleries(g.person))
    if not gallery_id:
        raise PosError("Pilih galeri yang akan dihitung.")
    row = opnames.begin(g.person, gallery_id, goods_entry.note())
    return redirect(url_for("stock.count_goods", opname_id=row.id))


@web.require(*COUNTERS)
def count_goods(opname_id: int) -> Any:
    """The page on which a gallery is counted. It does not say what the books expect, so that the count is honest."""
    row = opnames.opname_for(g.person, opname_id)
    if row.closing:
        return redirect(url_for("stock.opnames_list"))
    last = [_counted(*pair) for pair in opname_lists.last_counted(row)]
    return render_template("stock/count.html", row=row, last=last, may_read=g.person.may(*READERS))


@web.require(*COUNTERS)
def keep_count(opname_id: int) -> Any:
    """Keep a count: `id`, `code` or `product`, `quantity` in thousandths, `kind` add or set."""
    body = request.get_json()
    names = {"id": str, "quantity": int, "kind": str}
    if not isinstance(body, dict) or any(type(body.get(name)) is not kind for name, kind in names.items()):
        raise PosError("Hitungan tidak benar.", fields={"quantity": N_("Isi jumlah yang terhitung.")})
    try:
        count_id = str(UUID(body["id"]))
    except ValueError:
        raise PosError("Hitungan tidak benar.", fields={"id": N_("Bukan UUID.")}) from None
    row = opnames.opname_for(g.person, opname_id)
    product_id = _meant(str(body.get("code") or ""), body.get("product"))
    one = opnames.count(g.person, row.id, product_id, body["quantity"], body["kind"], count_id)
    counted = _counted(one.product, opnames.found(row, one.product_id)[one.product_id])
    return jsonify({"id": one.id, "quantity": one.quantity, "kind": one.kind, **counted})


def _counted(product: Any, found: Found) -> dict[str, Any]:
    """A product on the counting page: all that was counted of it, never what the books expect."""
    return {
        "product": product.id,
        "name": product.name,
        "unit_of_measure": product.unit_of_measure,
        "counted": found.counted,
        "recount": found.disturbed,
    }


def _meant(code: str, product_id: Any) -> int:
    """The product with this barcode, or else the one with this id."""
    product = goods.with_code(code) if code else None
    if product is None and (type(product_id) is not int or not 0 < product_id < 2**31):
        raise NotFound("Tidak ada barang dengan kode %(code)s.", code=code)
    return product.id if product else int(product_id)


@web.require(*COUNTERS)
def find_goods(opname_id: int) -> Any:
    """Goods whose name holds the words: what has no code to scan is counted by choosing it."""
    opnames.opname_for(g.person, opname_id)
    found = goods.search(request.args.get("q", ""), MOST_FOUND)
    names = ("id", "name", "unit_of_measure", "maker")
    return jsonify({"goods": [{name: getattr(row, name) for name in names} for row in found]})


@web.require(*READERS)
def opname(opname_id: int) -> Any:
    return _page(opnames.opname_for(g.person, opname_id))


def _page(row: Opname, said: dict[str, str] | None = None) -> str:
    result = opname_lists.result(row)
    is_open = row.closing is None
    return render_template(
        "stock/opname.html",
        row=row,
        result=result,
        wrong=[pair for pair in result if pair[1].difference],
        disturbed=[pair for pair in result if pair[1].disturbed],
        uncounted=opnames.uncounted(row) if is_open else [],
        late=[] if is_open else opname_lists.came_after(row),
        worth=_worth(result),
        may_close=is_open and g.person.may("staff", "admin"),
        said=said or {},
    )


def _worth(result: list[Any]) -> int:
    """Rupiah that making what is missing (or too much) costs."""
    cost = goods.costs([product.id for product, _found in result])
    return sum(money.gross(found.difference, cost.get(product.id, 0)) for product, found in result)


@web.require("staff", "admin")
def none_left(opname_id: int) -> Any:
    """Of the ticked products that nobody counted there is none."""
    ids = [int(text) for text in request.form.getlist("produk") if text.isascii() and text.isdigit() and len(text) < 10]
    count = opnames.none_left(g.person, opname_id, ids)
    flash(_("%(count)s produk dicatat nol.", count=count))
    return redirect(url_for("stock.opname", opname_id=opname_id))


@web.require("staff", "admin")
def close_opname(opname_id: int) -> Any:
    try:
        if request.form.get("aksi") == "batal":
            opnames.cancel(g.person, opname_id, goods_entry.note())
            flash(_("Opname dibatalkan. Stok tetap seperti semula."))
        else:
            opnames.approve(g.person, opname_id, goods_entry.note())
            flash(_("Opname disetujui. Stok kini sama dengan hitungan."))
    except NotFound:
        raise
    except PosError as error:
        said = {name: web.say(text) for name, text in error.fields.items()} or {"": web.say(error.sentence)}
        return _page(opnames.opname_for(g.person, opname_id), said), error.status
    return redirect(url_for("stock.opname", opname_id=opname_id))


@web.require(*READERS)
def export_opname(opname_id: int, kind: str) -> Any:
    """The result as a table; as PDF it is what both sign."""
    row = opnames.opname_for(g.person, opname_id)
    result = opname_lists.result(row)
    title = _("Opname %(gallery)s ke-%(number)d", gallery=row.gallery.name, number=row.number)
    name = f"opname-{row.gallery_id}-{row.number}"
    header = [_("Produk"), _("Pembuat"), _("Dihitung pada"), _("Menurut buku"), _("Terhitung"), _("Selisih")]
    header += [_("Satuan")]
    zone = row.gallery.unit.zone
    table = [
        [product.name, product.maker, web.FILTERS["at"](found.counted_at, zone)]
        + [money.quantity_text(number) for number in (found.book, found.counted, found.difference)]
        + [product.unit_of_measure]
        for product, found in result
    ]
    if kind != "pdf":
        return exports.sheet(name, kind, _("Opname"), header, table)
    columns = [Column(text, 2 < i < 6) for i, text in enumerate(header)]
    closer = row.closing.user if row.closing else None
    signers = [
        Signer(_("Petugas opname"), ", ".join(opname_lists.counters(row)), heading=_("Yang menghitung,")),
        Signer(_("Petugas atau admin"), closer.name if closer else "", heading=_("Yang menyetujui,")),
    ]
    head = letterhead_of(row.gallery.unit_id)
    return exports.pdf(name, title, _about(row), columns, table, letterhead=head, signers=signers)


def _about(row: Opname) -> list[str]:
    zone = row.gallery.unit.zone
    at, closing = web.FILTERS["at"], row.closing
    lines = [row.gallery.unit.name, _("Dibuka %(at)s oleh %(who)s", at=at(row.at, zone), who=_who(row.user))]
    if closing is None:
        return [*lines, _("Belum disetujui")]
    said = _("Disetujui %(at)s oleh %(who)s") if closing.approved else _("Dibatalkan %(at)s oleh %(who)s")
    return [*lines, said % {"at": at(closing.at, zone), "who": _who(closing.user)}, closing.note]


def _who(user: Any) -> str:
    return user.name if user else "-"


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/opname", opnames_list, ["GET"]),
    ("/opname", open_opname, ["POST"]),
    ("/opname/<int:opname_id>", opname, ["GET"]),
    ("/opname/<int:opname_id>/hitung", count_goods, ["GET"]),
    ("/opname/<int:opname_id>/nol", none_left, ["POST"]),
    ("/opname/<int:opname_id>/tutup", close_opname, ["POST"]),
    ("/opname/<int:opname_id>/hasil.<any(csv, xlsx, pdf):kind>", export_opname, ["GET"]),
    ("/api/opname/<int:opname_id>/counts", keep_count, ["POST"]),
    ("/api/opname/<int:opname_id>/goods", find_goods, ["GET"]),
)

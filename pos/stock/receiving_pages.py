"""Pages of receiving from the workshop: the list, a new one, one as it was written, labels for what came."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pos import clock, exports, money, web
from pos.menu import READERS
from pos.packed import packed
from pos.stock import entry as goods_entry
from pos.stock import receivings, services
from pos.stock.goods import Line, first_codes
from pos.stock.paper_pages import Cell, Papers, period


def _found(asked: dict[str, str]) -> Any:
    since, until = goods_entry.day(asked["dari"]), goods_entry.day(asked["sampai"])
    return receivings.receivings(g.person, goods_entry.number("galeri"), since, until, asked["cari"])


RECEIVINGS = Papers(
    name="receivings",
    title=_l("Penerimaan"),
    file="penerimaan",
    filters=("galeri", "dari", "sampai", "cari"),
    found=_found,
    cells=(
        Cell(_l("Hari"), lambda row: row.day, web.FILTERS["day"]),
        Cell(_l("Nomor"), lambda row: row.id, "#{}".format),
        Cell(_l("Galeri"), lambda row: row.gallery),
        Cell(_l("Unit"), lambda row: row.unit),
        Cell(_l("Bengkel"), lambda row: row.workshop or _("beberapa")),
        Cell(_l("Barang"), lambda row: row.lines, right=True),
        Cell(_l("Biaya (Rp)"), lambda row: int(row.cost), money.rupiah, right=True, summed=True),
        Cell(_l("Catatan"), lambda row: row.note),
    ),
    about=lambda asked: [period(asked), exports.asked({_("Cari"): asked["cari"]})],
)


@web.require(*READERS)
def receivings_list() -> Any:
    return RECEIVINGS.page()


@web.require(*READERS)
def export_receivings(kind: str) -> Any:
    return RECEIVINGS.export(kind)


@web.require("staff", "admin")
def receive_goods() -> Any:
    galleries = services.galleries(g.person)
    entry = goods_entry.entered()
    said: dict[str, str] = {}
    gallery_id = goods_entry.chosen("galeri", galleries)
    typed = request.form.get("hari", "")
    status = 200
    if request.method == "POST" and not goods_entry.changed(entry):
        status, day = 422, goods_entry.day(typed)
        if typed and not day:
            said["day"] = _("Bukan tanggal.")

        def write(lines: list[Line]) -> Any:
            renew = request.form.get("harga") == "1"
            return receivings.receive(g.person, gallery_id, lines, day, goods_entry.note(), renew, entry.key)

        if row := goods_entry.written(entry, said, gallery_id, write):
            flash(_("Penerimaan #%(number)d dicatat. Cetak labelnya sekarang bila belum.", number=row.id))
            return redirect(url_for("stock.receiving", receiving_id=row.id))
    page = render_template(
        "stock/receive.html",
        entry=entry,
        said=said,
        galleries=galleries,
        gallery_id=gallery_id,
        held=goods_entry.held(entry, gallery_id),
        day=typed or clock.today(g.person.zone).isoformat(),
    )
    return page, status


@web.require(*READERS)
def receiving(receiving_id: int) -> Any:
    row = receivings.receiving_for(g.person, receiving_id)
    return render_template("stock/receiving.html", row=row, may_label=g.person.may("staff"))


@web.require("staff")
def receiving_labels(receiving_id: int) -> Any:
    """To the page of labels, with a label for each piece; each batch has a row of its own there."""
    wanted = receivings.labels_of(g.person, receiving_id)
    codes = first_codes([product_id for product_id, *_ in wanted])
    named: dict[str, Any] = {
        "kode": [f"{codes[product_id]}:{pieces}" for product_id, pieces, *_ in wanted],
        "produksi": [code for _id, _pieces, code, _day in wanted],
        "kedaluwarsa": [day for *_, day in wanted],
    }
    return redirect(url_for("labels.choose", **packed({name: values for name, values in named.items() if any(values)})))


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/penerimaan", receivings_list, ["GET"]),
    ("/penerimaan.<any(csv, xlsx, pdf):kind>", export_receivings, ["GET"]),
    ("/penerimaan/baru", receive_goods, ["GET", "POST"]),
    ("/penerimaan/<int:receiving_id>", receiving, ["GET"]),
    ("/penerimaan/<int:receiving_id>/label", receiving_labels, ["GET"]),
)

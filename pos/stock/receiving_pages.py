"""Pages of receiving from the workshop: the list, a new one, one as it was written, labels for what came."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from pos import clock, exports, money, sheets, web
from pos.db import db
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.stock import entry as goods_entry
from pos.stock import receivings, services
from pos.stock.goods import first_codes

FILTERS = ("galeri", "dari", "sampai", "cari")


@web.require(*READERS)
def receivings_list() -> Any:
    asked = _asked()
    return render_template(
        "stock/receivings.html",
        page=web.paged(_found(asked)),
        asked=asked,
        filtered=any(asked.values()),
        galleries=services.galleries(g.person),
        may_write=g.person.may("staff", "admin"),
        export_link=lambda kind: url_for("stock.export_receivings", kind=kind, **_given(asked)),
        page_link=lambda number: web.here(hal=number),
    )


@web.require(*READERS)
def export_receivings(kind: str) -> Any:
    asked = _asked()
    rows = db.session.execute(_found(asked).limit(sheets.MAX_ROWS)).all()
    title, name = _("Penerimaan"), f"penerimaan-{clock.today(g.person.zone)}"
    header = [_("Hari"), _("Nomor"), _("Galeri"), _("Unit"), _("Bengkel"), _("Barang"), _("Biaya (Rp)"), _("Catatan")]
    table = [
        [row.day, row.id, row.gallery, row.unit, row.workshop or _("beberapa"), row.lines, int(row.cost), row.note]
        for row in rows
    ]
    if kind != "pdf":
        return exports.sheet(name, kind, title, header, table)
    cells = [
        [web.FILTERS["day"](row[0]), f"#{row[1]}", *row[2:5], str(row[5]), money.rupiah(row[6]), row[7]]
        for row in table
    ]
    about = [g.person.unit_name, exports.period(goods_entry.day(asked["dari"]), goods_entry.day(asked["sampai"]))]
    total = (pgettext("total", "Jumlah"), *[""] * 5, money.rupiah(sum(row[6] for row in table)), "")
    columns = [Column(text, i in (5, 6)) for i, text in enumerate(header)]
    return exports.pdf(name, title, [*about, exports.asked({_("Cari"): asked["cari"]})], columns, cells, total)


def _given(asked: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value}


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:80] for name in FILTERS}


def _found(asked: dict[str, str]) -> Any:
    since, until = goods_entry.day(asked["dari"]), goods_entry.day(asked["sampai"])
    return receivings.receivings(g.person, goods_entry.number("galeri"), since, until, asked["cari"])


@web.require("staff", "admin")
def receive_goods() -> Any:
    galleries = services.galleries(g.person)
    entry, said = goods_entry.entered(), {}
    gallery_id = goods_entry.chosen("galeri", galleries)
    status = 200
    if request.method == "POST" and not goods_entry.changed(entry):
        status = 422
        lines = goods_entry.lines(entry)
        if not gallery_id:
            said["galeri"] = _("Pilih salah satu galeri.")
        elif lines is not None:
            try:
                row = receivings.receive(
                    g.person,
                    gallery_id,
                    lines,
                    goods_entry.day(request.form.get("hari", "")),
                    goods_entry.note(),
                    request.form.get("harga") == "1",
                )
            except PosError as error:
                said |= goods_entry.put_errors(entry, error)
            else:
                flash(_("Penerimaan #%(number)d dicatat. Cetak labelnya sekarang bila belum.", number=row.id))
                return redirect(url_for("stock.receiving", receiving_id=row.id))
    page = render_template(
        "stock/receive.html",
        entry=entry,
        said=said,
        galleries=galleries,
        gallery_id=gallery_id,
        held=goods_entry.held(entry, gallery_id),
        day=request.form.get("hari") or clock.today(g.person.zone).isoformat(),
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
    return redirect(url_for("labels.choose", **{name: values for name, values in named.items() if any(values)}))


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/penerimaan", receivings_list, ["GET"]),
    ("/penerimaan.<any(csv, xlsx, pdf):kind>", export_receivings, ["GET"]),
    ("/penerimaan/baru", receive_goods, ["GET", "POST"]),
    ("/penerimaan/<int:receiving_id>", receiving, ["GET"]),
    ("/penerimaan/<int:receiving_id>/label", receiving_labels, ["GET"]),
)

"""Pages of what was written off: the list, a new one, one as it was written."""

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
from pos.stock import services, write_offs
from pos.stock.write_offs import LOSS_NAMES

FILTERS = ("galeri", "sebab", "dari", "sampai")


@web.require(*READERS)
def write_offs_list() -> Any:
    asked = _asked()
    return render_template(
        "stock/write_offs.html",
        page=web.paged(_found(asked)),
        asked=asked,
        filtered=any(asked.values()),
        galleries=services.galleries(g.person),
        reasons=LOSS_NAMES,
        may_write=g.person.may("staff", "admin"),
        export_link=lambda kind: url_for("stock.export_write_offs", kind=kind, **_given(asked)),
        page_link=lambda number: web.here(hal=number),
    )


@web.require(*READERS)
def export_write_offs(kind: str) -> Any:
    asked = _asked()
    rows = db.session.execute(_found(asked).limit(sheets.MAX_ROWS)).all()
    title, name = _("Penghapusan"), f"penghapusan-{clock.today(g.person.zone)}"
    header = [_("Waktu"), _("Nomor"), _("Galeri"), _("Unit"), _("Sebab"), _("Catatan"), _("Barang"), _("Biaya (Rp)")]
    table = [
        [web.FILTERS["at"](row.at, row.zone), row.id, row.gallery, row.unit, web.tr(LOSS_NAMES[row.reason])]
        + [row.note, row.lines, int(row.cost)]
        for row in rows
    ]
    if kind != "pdf":
        return exports.sheet(name, kind, title, header, table)
    cells = [[row[0], f"#{row[1]}", *row[2:6], str(row[6]), money.rupiah(row[7])] for row in table]
    about = [g.person.unit_name, exports.period(goods_entry.day(asked["dari"]), goods_entry.day(asked["sampai"]))]
    total = (pgettext("total", "Jumlah"), *[""] * 6, money.rupiah(sum(row[7] for row in table)))
    return exports.pdf(name, title, about, [Column(text, i > 5) for i, text in enumerate(header)], cells, total)


def _given(asked: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value}


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:40] for name in FILTERS}


def _found(asked: dict[str, str]) -> Any:
    reason = asked["sebab"] if asked["sebab"] in LOSS_NAMES else ""
    since, until = goods_entry.day(asked["dari"]), goods_entry.day(asked["sampai"])
    return write_offs.write_offs(g.person, goods_entry.number("galeri"), reason, since, until)


@web.require("staff", "admin")
def write_goods_off() -> Any:
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
                reason = request.form.get("sebab", "")
                row = write_offs.write_off(g.person, gallery_id, lines, reason, goods_entry.note())
            except PosError as error:
                said |= goods_entry.put_errors(entry, error)
            else:
                flash(_("Penghapusan #%(number)d dicatat.", number=row.id))
                return redirect(url_for("stock.write_off", write_off_id=row.id))
    page = render_template(
        "stock/write_off_new.html",
        entry=entry,
        said=said,
        galleries=galleries,
        gallery_id=gallery_id,
        held=goods_entry.held(entry, gallery_id),
        reasons=LOSS_NAMES,
    )
    return page, status


@web.require(*READERS)
def write_off(write_off_id: int) -> Any:
    row = write_offs.write_off_for(g.person, write_off_id)
    return render_template("stock/write_off.html", row=row, reasons=LOSS_NAMES)


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/penghapusan", write_offs_list, ["GET"]),
    ("/penghapusan.<any(csv, xlsx, pdf):kind>", export_write_offs, ["GET"]),
    ("/penghapusan/baru", write_goods_off, ["GET", "POST"]),
    ("/penghapusan/<int:write_off_id>", write_off, ["GET"]),
)

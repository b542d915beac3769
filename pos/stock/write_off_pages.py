"""Pages of what was written off: the list, a new one, one as it was written."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pos import money, web
from pos.menu import READERS
from pos.stock import entry as goods_entry
from pos.stock import services, write_offs
from pos.stock.goods import Line
from pos.stock.paper_pages import Cell, Papers, period
from pos.stock.write_offs import LOSS_NAMES


def _found(asked: dict[str, str]) -> Any:
    reason = asked["sebab"] if asked["sebab"] in LOSS_NAMES else ""
    since, until = goods_entry.day(asked["dari"]), goods_entry.day(asked["sampai"])
    return write_offs.write_offs(g.person, goods_entry.number("galeri"), reason, since, until)


WRITE_OFFS = Papers(
    name="write_offs",
    title=_l("Penghapusan"),
    file="penghapusan",
    filters=("galeri", "sebab", "dari", "sampai"),
    found=_found,
    cells=(
        Cell(_l("Waktu"), lambda row: web.FILTERS["at"](row.at, row.zone)),
        Cell(_l("Nomor"), lambda row: row.id, "#{}".format),
        Cell(_l("Galeri"), lambda row: row.gallery),
        Cell(_l("Unit"), lambda row: row.unit),
        Cell(_l("Sebab"), lambda row: web.tr(LOSS_NAMES[row.reason])),
        Cell(_l("Catatan"), lambda row: row.note),
        Cell(_l("Barang"), lambda row: row.lines, right=True),
        Cell(_l("Biaya (Rp)"), lambda row: int(row.cost), money.rupiah, right=True, summed=True),
    ),
    about=lambda asked: [period(asked)],
)


@web.require(*READERS)
def write_offs_list() -> Any:
    return WRITE_OFFS.page(reasons=LOSS_NAMES)


@web.require(*READERS)
def export_write_offs(kind: str) -> Any:
    return WRITE_OFFS.export(kind)


@web.require("staff", "admin")
def write_goods_off() -> Any:
    galleries = services.galleries(g.person)
    entry = goods_entry.entered()
    said: dict[str, str] = {}
    gallery_id = goods_entry.chosen("galeri", galleries)
    status = 200
    if request.method == "POST" and not goods_entry.changed(entry):
        status = 422

        def write(lines: list[Line]) -> Any:
            reason = request.form.get("sebab", "")
            return write_offs.write_off(g.person, gallery_id, lines, reason, goods_entry.note(), entry.key)

        if row := goods_entry.written(entry, said, gallery_id, write):
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

"""Pages of goods that go from one gallery to another: the list, sending, counting what came, what is missing."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from pos import clock, exports, money, sheets, web
from pos.catalog import reading
from pos.catalog.models import DIVISIBLE
from pos.db import db
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.stock import entry as goods_entry
from pos.stock import services, transfers
from pos.stock.document_models import Transfer
from pos.stock.transfers import OUTCOME_NAMES, STATE_NAMES

FILTERS = ("galeri", "keadaan")


@web.require(*READERS)
def transfers_list() -> Any:
    asked = _asked()
    return render_template(
        "stock/transfers.html",
        page=web.paged(_found(asked)),
        asked=asked,
        filtered=any(asked.values()),
        galleries=services.galleries(g.person),
        states=STATE_NAMES,
        state_of=transfers.state_of,
        may_write=g.person.may("staff", "admin"),
        export_link=lambda kind: url_for("stock.export_transfers", kind=kind, **_given(asked)),
        page_link=lambda number: web.here(hal=number),
    )


@web.require(*READERS)
def export_transfers(kind: str) -> Any:
    asked = _asked()
    rows = db.session.execute(_found(asked).limit(sheets.MAX_ROWS)).all()
    title, name = _("Pindah barang"), f"pindah-barang-{clock.today(g.person.zone)}"
    header = [_("Dikirim"), _("Nomor"), _("Dari"), _("Unit asal"), _("Ke"), _("Unit tujuan"), _("Barang")]
    header += [_("Keadaan"), _("Belum sampai"), _("Catatan")]
    table = [
        [web.FILTERS["at"](row.at, row.zone), f"#{row.id}", row.source, row.source_unit, row.target, row.target_unit]
        + [str(row.lines), web.tr(STATE_NAMES[transfers.state_of(row)]), money.quantity_text(row.open), row.note]
        for row in rows
    ]
    if kind != "pdf":
        return exports.sheet(name, kind, title, header, table)
    state = web.tr(STATE_NAMES[asked["keadaan"]]) if asked["keadaan"] in STATE_NAMES else ""
    about = [g.person.unit_name, exports.asked({_("Keadaan"): state})]
    return exports.pdf(name, title, about, [Column(text, i in (6, 8)) for i, text in enumerate(header)], table)


def _given(asked: dict[str, str]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value}


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:40] for name in FILTERS}


def _found(asked: dict[str, str]) -> Any:
    return transfers.transfers(g.person, goods_entry.number("galeri"), asked["keadaan"])


@web.require("staff", "admin")
def send_goods() -> Any:
    galleries, targets = services.galleries(g.person), transfers.targets()
    entry, said = goods_entry.entered(), {}
    from_id, to_id = goods_entry.chosen("galeri", galleries), goods_entry.chosen("tujuan", targets)
    status = 200
    if request.method == "POST" and not goods_entry.changed(entry):
        status = 422
        lines = goods_entry.lines(entry)
        if not from_id:
            said["galeri"] = _("Pilih salah satu galeri.")
        elif lines is not None:
            try:
                row = transfers.send(g.person, from_id, to_id, lines, goods_entry.note())
            except PosError as error:
                said |= goods_entry.put_errors(entry, error)
            else:
                flash(_("Kiriman #%(number)d di jalan. Galeri tujuan menghitungnya saat tiba.", number=row.id))
                return redirect(url_for("stock.transfer", transfer_id=row.id))
    page = render_template(
        "stock/send.html",
        entry=entry,
        said=said,
        galleries=galleries,
        targets=targets,
        gallery_id=from_id,
        target_id=to_id,
        held=goods_entry.held(entry, from_id),
    )
    return page, status


@web.require(*READERS)
def transfer(transfer_id: int) -> Any:
    return _page(transfers.transfer_for(g.person, transfer_id))


@web.require("staff", "admin")
def arrived(transfer_id: int) -> Any:
    """What the other gallery counted; every line is asked for, none is taken for granted."""
    row = transfers.transfer_for(g.person, transfer_id)
    counted, wrong = {}, {}
    for line in row.lines:
        try:
            typed = request.form.get(f"tiba-{line.position}", "")
            counted[line.position] = reading.quantity(typed, line.product.unit_of_measure in DIVISIBLE)
            if counted[line.position] < 0:
                wrong[line.position] = _("Isi nol atau lebih.")
        except reading.Unreadable as unreadable:
            wrong[line.position] = web.say(unreadable.reason).capitalize() + "."
    if wrong:
        return _page(row, wrong=wrong), 422
    try:
        transfers.arrive(g.person, transfer_id, counted, goods_entry.note())
    except PosError as error:
        if not error.fields:
            raise
        return _page(row, said={name: web.say(text) for name, text in error.fields.items()}), 422
    flash(_("Kiriman #%(number)d diterima.", number=row.id))
    return redirect(url_for("stock.transfer", transfer_id=row.id))


@web.require("staff", "admin")
def recalled(transfer_id: int) -> Any:
    try:
        transfers.recall(g.person, transfer_id, goods_entry.note())
    except PosError as error:
        if not error.fields:
            raise
        said = {f"recall_{name}": web.say(text) for name, text in error.fields.items()}
        return _page(transfers.transfer_for(g.person, transfer_id), said=said), 422
    flash(_("Kiriman #%(number)d ditarik kembali ke galeri asal.", number=transfer_id))
    return redirect(url_for("stock.transfer", transfer_id=transfer_id))


@web.require("staff", "admin")
def decided(transfer_id: int, position: int) -> Any:
    row = transfers.transfer_for(g.person, transfer_id)
    line = next((line for line in row.lines if line.position == position), None)
    try:
        divisible = line is not None and line.product.unit_of_measure in DIVISIBLE
        quantity = reading.quantity(request.form.get("jumlah", ""), divisible)
        outcome = request.form.get("kejadian", "")
        transfers.decide(g.person, transfer_id, position, outcome, quantity, goods_entry.note())
    except reading.Unreadable as unreadable:
        return _page(row, decision={position: web.say(unreadable.reason).capitalize() + "."}), 422
    except PosError as error:
        if not error.fields:
            raise
        return _page(row, decision={position: " ".join(web.say(text) for text in error.fields.values())}), 422
    flash(_("Keputusan dicatat."))
    return redirect(url_for("stock.transfer", transfer_id=transfer_id))


def _page(
    row: Transfer,
    wrong: dict[int, str] | None = None,
    said: dict[str, str] | None = None,
    decision: dict[int, str] | None = None,
) -> str:
    mine = {gallery.id for gallery in services.galleries(g.person)}
    may_write = g.person.may("staff", "admin")
    return render_template(
        "stock/transfer.html",
        row=row,
        missing=transfers.still_missing(row),
        outcomes=OUTCOME_NAMES,
        sends=may_write and row.from_id in mine,
        receives=may_write and row.to_id in mine,
        wrong=wrong or {},
        said=said or {},
        decision=decision or {},
    )


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/pindah", transfers_list, ["GET"]),
    ("/pindah.<any(csv, xlsx, pdf):kind>", export_transfers, ["GET"]),
    ("/pindah/baru", send_goods, ["GET", "POST"]),
    ("/pindah/<int:transfer_id>", transfer, ["GET"]),
    ("/pindah/<int:transfer_id>/tiba", arrived, ["POST"]),
    ("/pindah/<int:transfer_id>/tarik", recalled, ["POST"]),
    ("/pindah/<int:transfer_id>/<int:position>/kurang", decided, ["POST"]),
)

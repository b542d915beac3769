"""Pages of goods that go from one gallery to another: the list, sending, counting what came, what is missing."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from pos import exports, money, web
from pos.catalog import reading
from pos.catalog.models import DIVISIBLE
from pos.errors import Conflict, PosError
from pos.menu import READERS
from pos.stock import entry as goods_entry
from pos.stock import services, transfer_lists, transfers
from pos.stock.document_models import OF_OVER, OF_SHORT, Transfer
from pos.stock.goods import Line
from pos.stock.paper_pages import Cell, Papers
from pos.stock.transfer_lists import STATE_NAMES, state_of
from pos.stock.transfers import AT_TARGET, OUTCOME_NAMES


def _found(asked: dict[str, str]) -> Any:
    return transfer_lists.transfers(g.person, goods_entry.number("galeri"), asked["keadaan"])


def _about(asked: dict[str, str]) -> list[str]:
    state = web.tr(STATE_NAMES[asked["keadaan"]]) if asked["keadaan"] in STATE_NAMES else ""
    return [exports.asked({_("Keadaan"): state})]


TRANSFERS = Papers(
    name="transfers",
    title=_l("Pindah barang"),
    file="pindah-barang",
    filters=("galeri", "keadaan"),
    found=_found,
    cells=(
        Cell(_l("Dikirim"), lambda row: web.FILTERS["at"](row.at, row.zone)),
        Cell(_l("Nomor"), lambda row: row.id, "#{}".format),
        Cell(_l("Dari"), lambda row: row.source),
        Cell(_l("Unit asal"), lambda row: row.source_unit),
        Cell(_l("Ke"), lambda row: row.target),
        Cell(_l("Unit tujuan"), lambda row: row.target_unit),
        Cell(_l("Barang"), lambda row: row.lines, right=True),
        Cell(_l("Keadaan"), lambda row: web.tr(STATE_NAMES[state_of(row)])),
        Cell(_l("Belum sampai"), lambda row: money.quantity_text(row.short), right=True),
        Cell(_l("Lebih"), lambda row: money.quantity_text(row.over), right=True),
        Cell(_l("Catatan"), lambda row: row.note),
    ),
    about=_about,
)


@web.require(*READERS)
def transfers_list() -> Any:
    return TRANSFERS.page(states=STATE_NAMES, state_of=state_of)


@web.require(*READERS)
def export_transfers(kind: str) -> Any:
    return TRANSFERS.export(kind)


@web.require("staff", "admin")
def send_goods() -> Any:
    galleries, targets = services.galleries(g.person), transfer_lists.targets()
    entry = goods_entry.entered()
    said: dict[str, str] = {}
    from_id, to_id = goods_entry.chosen("galeri", galleries), goods_entry.chosen("tujuan", targets)
    status = 200
    if request.method == "POST" and not goods_entry.changed(entry):
        status = 422

        def write(lines: list[Line]) -> Any:
            return transfers.send(g.person, from_id, to_id, lines, goods_entry.note(), entry.key)

        if row := goods_entry.written(entry, said, from_id, write):
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
    """What the other gallery counted; every line is asked for, none is taken for granted.

    A scan counts one of its line, or becomes a row of its own where the paper does not name it.
    """
    row = transfers.transfer_for(g.person, transfer_id)
    if request.method == "GET":  # a page that was refused, loaded anew
        return redirect(url_for("stock.transfer", transfer_id=row.id))
    entry = goods_entry.entered()
    typed = {line.position: request.form.get(f"tiba-{line.position}", "") for line in row.lines}
    if goods_entry.changed(entry):
        _count_what_was_scanned(row, entry, typed)
        return _page(row, entry, typed)
    counted, wrong = _counts(row, typed)
    besides = goods_entry.lines(entry)
    if wrong or besides is None:
        return _page(row, entry, typed, wrong=wrong), 422
    try:
        transfers.arrive(g.person, transfer_id, counted, goods_entry.note(), besides)
    except PosError as error:
        if not error.fields:
            raise
        return _page(row, entry, typed, said=goods_entry.put_errors(entry, error)), 422
    flash(_("Kiriman #%(number)d diterima.", number=row.id))
    return redirect(url_for("stock.transfer", transfer_id=row.id))


def _count_what_was_scanned(row: Transfer, entry: goods_entry.Entry, typed: dict[int, str]) -> None:
    """Rows of goods that the paper names are counted where it names them."""
    for one in list(entry.rows):
        lines = [line for line in row.lines if line.product_id == one.product.id]
        if not lines:
            continue
        entry.rows.remove(one)
        try:
            counts = [reading.quantity(typed[line.position] or "0", one.divisible) for line in lines]
            more = reading.quantity(one.quantity, one.divisible)
        except reading.Unreadable:
            entry.note = _("Perbaiki dahulu jumlah %(name)s, lalu pindai lagi.", name=one.product.name)
            continue
        open_ = [i for i, line in enumerate(lines) if counts[i] < line.quantity]
        i = open_[0] if open_ else len(lines) - 1
        typed[lines[i].position] = money.quantity_text(counts[i] + more).replace(".", "")
        entry.note = _("%(name)s: %(count)s terhitung.", name=one.product.name, count=typed[lines[i].position])


def _counts(row: Transfer, typed: dict[int, str]) -> tuple[dict[int, int], dict[int, str]]:
    """By line position: the counts, and what is wrong with what was typed."""
    counted, wrong = {}, {}
    for line in row.lines:
        try:
            divisible = line.product.unit_of_measure in DIVISIBLE
            counted[line.position] = reading.quantity(typed[line.position], divisible)
            if counted[line.position] < 0:
                wrong[line.position] = _("Isi nol atau lebih.")
        except reading.Unreadable as unreadable:
            wrong[line.position] = web.say(unreadable.reason).capitalize() + "."
    return counted, wrong


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
    seen = request.form.get("sisa", "")  # what the page said was open: pressed twice it is one
    if seen and seen != str(transfers.still_open(row).get(position, 0)):
        raise Conflict("Sudah ada keputusan lain untuk baris ini. Buka lagi kiriman ini lalu lihat sisanya.")
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
    entry: goods_entry.Entry | None = None,
    typed: dict[int, str] | None = None,
    wrong: dict[int, str] | None = None,
    said: dict[str, str] | None = None,
    decision: dict[int, str] | None = None,
) -> str:
    mine = {gallery.id for gallery in services.galleries(g.person)}
    may_write = g.person.may("staff", "admin")
    entry = entry or goods_entry.Entry([])
    return render_template(
        "stock/transfer.html",
        row=row,
        entry=entry,
        held=goods_entry.held(entry, row.to_id),
        typed=typed or {},
        open=transfers.still_open(row),
        outcomes=OUTCOME_NAMES,
        of_short=OF_SHORT,
        of_over=OF_OVER,
        at_target=AT_TARGET,
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
    ("/pindah/<int:transfer_id>/tiba", arrived, ["GET", "POST"]),
    ("/pindah/<int:transfer_id>/tarik", recalled, ["POST"]),
    ("/pindah/<int:transfer_id>/<int:position>/kurang", decided, ["POST"]),
)

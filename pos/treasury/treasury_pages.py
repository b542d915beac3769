"""Pages of the treasury's own rows: bringing them in, and how our deposits compare with them."""

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response

from pos import clock, exports, money, sheets, web
from pos.catalog import uploads
from pos.db import db
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.revenue.models import Deposit
from pos.treasury import asking, coverage, importing, matching
from pos.treasury.models import TreasuryRow

WRITERS = ("staff", "official", "admin")
SHOWN = 500  # rows of a preview


class RowsForm(FlaskForm):
    file = FileField(
        _l("Berkas CSV atau XLSX"), [FileRequired(_l("Pilih berkas dahulu."))], render_kw={"accept": ".csv,.xlsx"}
    )


@web.require(*READERS)
def compared() -> Any:
    asked = asking.asked("keadaan", "q", "unit", "dari", "sampai")
    found = _found(asked)
    counts = matching.counts(found)
    shown = [counts[found.state]] if found.state in counts else counts.values()
    page = web.paged(lambda most: matching.compared(found, most), total=sum(count for count, _amount in shown))
    return render_template(
        "treasury/compared.html",
        page=page,
        rows=matching.filled(page.rows),
        counts=counts,
        states=matching.STATES,
        asked=asked,
        may_import=g.person.role in WRITERS,
        export_link=lambda kind: url_for("treasury.export_compared", kind=kind, **asking.given(asked)),
    )


@web.require(*READERS)
def export_compared(kind: str) -> Any:
    asked = asking.asked("keadaan", "q", "unit", "dari", "sampai")
    rows = matching.filled(db.session.execute(matching.compared(_found(asked), sheets.MAX_ROWS)).all())
    title, name = _("Pencocokan dengan kas negara"), f"kas-negara-{clock.today(g.person.zone)}"
    head = [_("Hari"), _("Unit"), _("NTPN"), _("Keadaan"), pgettext("pencocokan", "Catatan"), _("Catatan kita")]
    head.append(_("Kas negara"))
    cells = [
        (
            row.day,
            row.unit,
            row.ntpn,
            web.tr(matching.STATES[row.state]),
            row.note,
            _whole(row.ours),
            _whole(row.theirs),
        )
        for row in rows
    ]
    if kind != "pdf":
        return exports.sheet(name, kind, title, [*head[:5], *(f"{text} (Rp)" for text in head[5:])], cells)
    texts = [
        (web.FILTERS["day"](line[0]), *line[1:5], *("" if cell is None else money.rupiah(cell) for cell in line[5:]))
        for line in cells
    ]
    sums = [money.rupiah(sum(int(getattr(row, side) or 0) for row in rows)) for side in ("ours", "theirs")]
    total = (pgettext("total", "Jumlah"), *[""] * 4, *sums)
    about = [
        g.person.unit_name,
        exports.period(asking.day(asked["dari"]), asking.day(asked["sampai"])),
        exports.asked(
            {
                _("Cari"): asked["q"],
                _("Unit"): asked["unit"],
                _("Keadaan"): web.tr(matching.STATES.get(asked["keadaan"], "")),
            }
        ),
    ]
    columns = [*map(Column, head[:5]), *(Column(text, True) for text in head[5:])]
    return exports.pdf(name, title, about, columns, texts, total, letterhead=True)


def _whole(amount: Any) -> int | None:
    return None if amount is None else int(amount)


def _found(asked: dict[str, str]) -> matching.Asked:
    since, until = asking.day(asked["dari"]), asking.day(asked["sampai"])
    return matching.Asked(g.person, asked["keadaan"], asked["q"], asked["unit"], since, until)


# -- bringing rows in ----------------------------------------------------------------------------------


@web.require(*WRITERS)
def import_rows() -> Any:
    form = RowsForm()
    if form.validate_on_submit():
        data, filename = form.file.data.read(), uploads.tidy(form.file.data.filename)
        try:
            importing.refuse_empty(importing.read(data, filename))
        except PosError as error:
            form.file.errors = [web.say(error.sentence)]
        else:
            token = uploads.keep(current_app.instance_path, g.person, data, filename)
            return redirect(url_for("treasury.preview_rows", token=token))
    return render_template("treasury/import.html", form=form), 422 if form.errors else 200


@web.require(*WRITERS)
def preview_rows(token: str) -> Any:
    data, filename = uploads.kept(current_app.instance_path, g.person, token)
    rows = importing.preview(importing.read(data, filename), g.person)
    order = {"refused": 0, "new": 1, "known": 2}
    counts = {name: sum(row.status == name for row in rows) for name in order}
    kinds = {name: sum(row.match == name and row.status == "new" for row in rows) for name in matching.STATES}
    return render_template(
        "treasury/preview.html",
        rows=sorted(rows, key=lambda row: (order[row.status], row.match == "matched"))[:SHOWN],
        more=max(0, len(rows) - SHOWN),
        counts=counts,
        kinds=kinds,
        states=matching.STATES,
        filename=filename,
        whole=sum(row.values["amount"] for row in rows if row.status == "new"),
    )


@web.require(*WRITERS)
def bring_in_rows(token: str) -> Any:
    """What is refused stays out and was shown; the others are kept once, however often the file comes."""
    data, filename = uploads.kept(current_app.instance_path, g.person, token)
    count = importing.bring_in(importing.preview(importing.read(data, filename), g.person), g.person, filename)
    uploads.forget(current_app.instance_path, g.person, token)
    flash(_("%(count)s baris kas negara dicatat.", count=money.grouped(count)))
    return redirect(url_for("treasury.compared"))


# -- what was found out --------------------------------------------------------------------------------


@web.require(*WRITERS)
def note_on_deposit(deposit_id: int) -> Any:
    return _noted(coverage.deposit_for(g.person, deposit_id), url_for("treasury.deposit", deposit_id=deposit_id))


@web.require(*READERS)
def treasury_row(row_id: int) -> Any:
    row = matching.row_for(g.person, row_id)
    return render_template(
        "treasury/row.html",
        row=row,
        notes=matching.notes_of(row),
        may_note=g.person.role in WRITERS,
        deposit=(known := matching.standing_with(g.person, row.ntpn)),
        perhaps=[] if known else matching.perhaps(row, g.person),
    )


@web.require(*WRITERS)
def note_on_row(row_id: int) -> Any:
    return _noted(matching.row_for(g.person, row_id), url_for("treasury.treasury_row", row_id=row_id))


def _noted(about: Deposit | TreasuryRow, back: str) -> Response:
    matching.add_note(about, g.person, web.one_line(request.form.get("text", ""))[:400])
    flash(_("Catatan ditambahkan."))
    return redirect(back)


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/pnbp/kas-negara", compared, ["GET"]),
    ("/pnbp/kas-negara.<any(csv, xlsx, pdf):kind>", export_compared, ["GET"]),
    ("/pnbp/kas-negara/impor", import_rows, ["GET", "POST"]),
    ("/pnbp/kas-negara/impor/<token>", preview_rows, ["GET"]),
    ("/pnbp/kas-negara/impor/<token>", bring_in_rows, ["POST"]),
    ("/pnbp/kas-negara/<int:row_id>", treasury_row, ["GET"]),
    ("/pnbp/kas-negara/<int:row_id>/catatan", note_on_row, ["POST"]),
    ("/setoran/<int:deposit_id>/catatan", note_on_deposit, ["POST"]),
)

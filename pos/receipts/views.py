"""Notas: the list, one as evidence, on paper, and whether a receipt is genuine."""

import json
import uuid
from collections import Counter
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from wtforms import DateField, Form, SelectField, StringField
from wtforms.validators import Length, Optional, ValidationError

from pos import clock, exports, money, sheets, web
from pos.errors import PosError
from pos.listing_pdf import Column
from pos.receipts import (
    correction_pages,
    kwitansi,
    owed_pages,
    pdf,
    print_pages,
    printer_pages,
    printing,
    services,
    share,
    slip,
    training_pages,
)
from pos.receipts.print_pages import AT_THE_COUNTER, base_url
from pos.receipts.printers import printer_of
from pos.receipts.services import Search
from pos.register import owed
from pos.register.corrections import corrections_of, ways_of
from pos.register.lookup import sale_for
from pos.register.models import Sale
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES, FLAG_NAMES, TENDER_NAMES
from pos.units import services as units

bp = Blueprint("receipts", __name__)
FILTERS = ("dari", "sampai", "galeri", "cari")
DAYS_SHOWN = 31  # where nothing is asked for: this many days up to the last sale
ROLES_WITH_COSTS = ("staff", "official", "admin", "auditor")
WORDS = {"buyers": BUYER_NAMES, "channels": CHANNEL_NAMES, "methods": TENDER_NAMES, "flags": FLAG_NAMES}


# -- the list ------------------------------------------------------------------------------------------


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class Day(DateField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Tulis tanggal, misalnya 2026-04-26.")) from None


class SearchForm(Form):
    dari = Day(_l("Dari tanggal"), [Optional()])
    sampai = Day(_l("Sampai tanggal"), [Optional()])
    galeri = SelectField(_l("Galeri"), coerce=lambda value: _id(str(value)), validate_choice=False)
    cari = StringField(_l("Cari nomor nota atau produk"), [Length(max=60, message=_l("Paling banyak 60 huruf."))])

    def validate_sampai(self, field: Day) -> None:
        if field.data and self.dari.data and field.data < self.dari.data:
            raise ValidationError(_("Sebelum tanggal mulai."))


@bp.get("/penjualan")
@web.require()
def sales() -> Any:
    form = _search_form()
    if not form.validate():
        return render_template("receipts/sales.html", form=form, page=None, search=None), 422
    search = _search(form)
    page = web.paged(services.notas(g.person, search))
    return render_template(
        "receipts/sales.html",
        form=form,
        page=page,
        search=search,
        methods_of=services.methods_of([row.id for row in page.rows]),
        takings=services.takings(g.person, search),
        filtered=any(request.args.get(name) for name in FILTERS),
        link=_link,
        page_link=lambda number: _link(hal=number),
        **WORDS,
    )


@bp.get("/penjualan.<any(csv, xlsx, pdf):kind>")
@web.require()
def export(kind: str) -> Any:
    form = _search_form()
    if not form.validate():
        raise PosError("Saringan tidak benar. Periksa lagi tanggalnya.")
    rows = services.every(g.person, _search(form), sheets.MAX_ROWS + 1)
    if len(rows) > sheets.MAX_ROWS:
        raise PosError(
            "Lebih dari %(most)d nota. Saring per bulan atau per galeri, lalu unduh lagi.", most=sheets.MAX_ROWS
        )
    if kind == "pdf":
        return _listing(form, rows)
    header, table = _table(rows)
    if kind == "csv":
        return _file(sheets.to_csv(header, table), sheets.CSV_TYPE, "nota.csv", "attachment")
    return _file(sheets.to_xlsx(pgettext("daftar", "Nota"), header, table), sheets.XLSX_TYPE, "nota.xlsx", "attachment")


def _listing(form: SearchForm, rows: list[Any]) -> Response:
    search, methods = _search(form), services.methods_of([row.id for row in rows])
    columns = [Column(name) for name in (_("Nomor"), _("Waktu"), _("Galeri"), _("Unit"), _("Kasir"), _("Cara bayar"))]
    cells = [
        (
            row.receipt,
            web.FILTERS["at"](row.sold_at, row.zone),
            row.gallery_name,
            row.seller_name,
            row.cashier,
            ", ".join(web.tr(TENDER_NAMES[method]) for method in methods[row.id]),
            money.rupiah(row.total),
            ", ".join([*([_("retur")] if row.refund_of else []), *_flags(row)]),
        )
        for row in rows
    ]
    gallery = dict(form.galeri.choices).get(form.galeri.data, "") if form.galeri.data else ""
    about = [
        g.person.unit_name,
        exports.period(search.since, search.until),
        exports.asked({_("Galeri"): gallery, _("Cari"): search.text}),
        _("%(count)s nota", count=money.grouped(len(rows))),
    ]
    total = (pgettext("total", "Jumlah"), *[""] * 5, money.rupiah(services.takings(g.person, search)), "")
    columns += [Column(_("Total"), True), Column(_("Catatan"))]
    return exports.pdf("nota", pgettext("daftar", "Nota"), about, columns, cells, total)


def _flags(row: Any) -> list[str]:
    return [web.tr(FLAG_NAMES.get(flag, flag)) for flag in row.flags.split()]


def _search_form() -> SearchForm:
    form = SearchForm(request.args)
    galleries = [(one.id, one.full_name) for one in units.galleries_for(g.person)]
    form.galeri.choices = [("", _("Semua galeri")), *galleries]
    if not any(request.args.get(name) for name in ("dari", "sampai", "cari")):
        newest = services.newest_day(g.person)
        form.dari.data = newest - timedelta(days=DAYS_SHOWN - 1) if newest else None
    return form


def _search(form: SearchForm) -> Search:
    sort = request.args.get("urut", "")
    known = sort.removeprefix("-") in services.SORTS
    return Search(
        form.dari.data,
        form.sampai.data,
        form.galeri.data or None,
        (form.cari.data or "").strip(),
        sort if known else "-tanggal",
    )


def _link(endpoint: str = "receipts.sales", **changes: Any) -> str:
    """The address of this list, or of its export, with what was asked for and `changes`."""
    asked = {name: request.args[name] for name in (*FILTERS, "urut") if request.args.get(name)}
    return url_for(endpoint, **asked | changes)


def _table(rows: list[Any]) -> tuple[list[str], list[list[Any]]]:
    header = [_("Nomor"), _("Tanggal usaha"), _("Waktu"), _("Zona"), _("Galeri"), _("Unit"), _("Kasir")]
    header += [_("Pembeli"), _("Kanal"), _("Cara bayar"), _("Total"), _("Retur atas nota"), _("Catatan")]
    methods = services.methods_of([row.id for row in rows])
    return header, [
        [
            row.receipt,
            row.business_date,
            f"{clock.local(row.sold_at, row.zone):%H.%M}",
            row.zone,
            row.gallery_name,
            row.seller_name,
            row.cashier,
            web.tr(BUYER_NAMES[row.buyer]),
            web.tr(CHANNEL_NAMES[row.channel]),
            ", ".join(web.tr(TENDER_NAMES[method]) for method in methods[row.id]),
            row.total,
            row.refund_of or "",
            "; ".join(_flags(row)),
        ]
        for row in rows
    ]


# -- one nota ------------------------------------------------------------------------------------------


@bp.get("/penjualan/<receipt>")
@web.require()
def sale(receipt: str) -> Any:
    found = sale_for(g.person, receipt)
    shares = {line.position: {name: amount for name, _kind, amount in json.loads(line.shares)} for line in found.lines}
    totals: Counter[str] = Counter()
    for parts in shares.values():
        for name, amount in parts.items():
            totals[name] += amount
    paper = slip.slip_of(found, base_url())
    return render_template(
        "receipts/sale.html",
        sale=found,
        slip=paper,
        prints=printing.prints_of(found),
        mark=printing.mark,
        own_printer=g.person.may(*AT_THE_COUNTER) and printer_of(found.register).kind != "browser",
        token=uuid.uuid4(),
        whatsapp=share.whatsapp(paper, owed.left(found)),
        ways=ways_of(found),
        corrections=corrections_of(found),
        owed=owed.left(found),
        settlements=owed.settlements_of(found),
        campaign=_campaign_left(),
        original=services.original_of(found),
        refunds=services.refunds_of(found),
        conflicts=services.conflicts_of(found),
        with_costs=g.person.may(*ROLES_WITH_COSTS),
        shares=shares,
        share_names=list(totals),
        share_totals=totals,
        meterai=services.needs_meterai(found),
        **WORDS,
    )


def _campaign_left() -> str:
    """The page of a campaign from which the reader came, or nothing: only our own addresses lead back."""
    left = request.args.get("dari", "")
    return left if left.startswith(url_for("reports.campaigns") + "/") and left.isprintable() else ""


@bp.get("/penjualan/<receipt>/nota.pdf")
@web.require()
def strip(receipt: str) -> Any:
    found = sale_for(g.person, receipt)
    width = request.args.get("lebar", found.register.paper_width, web.number)
    if width not in slip.PAPERS:
        abort(404)
    copy = printing.shown_copy(found, request.args.get("cetak", ""), clock.now())
    paper = slip.slip_of(found, base_url(), printing.mark(copy))
    return _file(pdf.strip(paper, width), "application/pdf", f"{found.receipt}.pdf")


@bp.get("/penjualan/<receipt>/kwitansi.pdf")
@web.require()
def sheet(receipt: str) -> Any:
    found = sale_for(g.person, receipt)
    return _file(kwitansi.sheet(found, base_url()), "application/pdf", f"kwitansi-{found.receipt}.pdf")


def _file(content: bytes, kind: str, name: str, how: str = "inline") -> Response:
    return Response(content, content_type=kind, headers={"Content-Disposition": f'{how}; filename="{name}"'})


# -- genuine or not ------------------------------------------------------------------------------------


@bp.get("/nota")
def verify_form() -> Any:
    typed = request.args.get("kode", "").strip()
    if typed and services.is_incomplete(typed):
        return render_template("receipts/verify.html", code=typed[:100], sale=None, incomplete=True), 422
    parts = services.read_code(typed)
    if parts:
        return redirect(url_for("receipts.verify", code="-".join(parts)))
    return render_template("receipts/verify.html", code="", sale=None)


@bp.get("/nota/<code>")
@bp.get("/NOTA/<code>")  # as the QR says it, in upper case
@web.limiter.limit("30/minute;300/hour")
def verify(code: str) -> Any:
    found = services.genuine(code)
    incomplete = found is None and services.is_incomplete(code)
    page = render_template("receipts/verify.html", code=code[:100], sale=found, incomplete=incomplete, **_shown(found))
    return page, 200 if found else 404


def _shown(found: Sale | None) -> dict[str, Any]:
    """Besides the sale itself: what was returned of it, and of which nota it is the refund."""
    if found is None:
        return {}
    return {"refunds": services.refunds_of(found), "original": services.original_of(found)}


for path, view, methods in (
    *print_pages.PAGES,
    *printer_pages.PAGES,
    *correction_pages.PAGES,
    *owed_pages.PAGES,
    *training_pages.PAGES,
):
    bp.add_url_rule(path, view_func=view, methods=methods)

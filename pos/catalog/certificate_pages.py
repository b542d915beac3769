"""Certificates of all products in scope, those first that end first: the list and its files."""

from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from pos import clock, exports, money, sheets, web
from pos.catalog import certificates, editing
from pos.catalog.certificates import NAMES, STATES, WARN_DAYS, Filters
from pos.db import db
from pos.listing_pdf import Column

ASKED = ("tampil", "jenis", "upt", "cari", "sort")


@web.require("staff", "official", "admin", "auditor")
def certificates_list() -> Any:
    filters, today = _filters(), clock.today(g.person.zone)
    found = web.paged(certificates.listed(g.person, filters, today))
    return render_template(
        "catalog/certificates.html",
        page=found,
        filters=filters,
        filtered=any(request.args.get(name) for name in ASKED if name != "sort"),
        state_of=lambda row: certificates.state_of(row, today),
        days_to=lambda row: (row.expires_on - today).days,
        states=STATES,
        kinds=NAMES,
        makers=editing.makers(g.person),
        warn_days=WARN_DAYS,
        sort_link=lambda name: web.here(sort=f"-{name}" if filters.sort == name else name),
        export_link=lambda kind: url_for("catalog.certificates_file", kind=kind, **_given()),
        page_link=lambda number: web.here(hal=number),
    )


@web.require("staff", "official", "admin", "auditor")
def certificates_file(kind: str) -> Any:
    """Everything that the list shows, on all its pages."""
    filters, today = _filters(), clock.today(g.person.zone)
    query = certificates.listed(g.person, filters, today)
    rows = db.session.execute(query.limit(sheets.MAX_ROWS)).all()
    title, name = pgettext("daftar", "Sertifikat"), f"sertifikat-{today}"
    head = [_("Pembuat"), _("Produk"), _("Jenis"), _("Nomor"), _("Berlaku mulai"), _("Berlaku sampai"), _("Keadaan")]
    if kind != "pdf":
        cells = [[*_texts(row), row.issued_on, row.expires_on, _state(row, today)] for row in rows]
        return exports.sheet(name, kind, title, head, cells)
    day = web.FILTERS["day"]
    lines = [
        [
            *_texts(row),
            day(row.issued_on) if row.issued_on else "",
            day(row.expires_on) if row.expires_on else "",
            _state(row, today),
        ]
        for row in rows
    ]
    maker = next((unit.name for unit in editing.makers(g.person) if unit.id == filters.maker), "")
    shown = web.tr(STATES[filters.state]) if filters.state in STATES else ""
    asked = {_("Tampilkan"): shown, _("Jenis"): _kind(filters.kind), _("Pembuat"): maker, _("Cari"): filters.search}
    about = [g.person.unit_name, exports.asked(asked), _("%(count)s sertifikat", count=money.grouped(len(rows)))]
    return exports.pdf(name, title, about, [*map(Column, head)], lines, letterhead=True)


def _texts(row: Any) -> list[str]:
    return [row.maker, row.name, _kind(row.kind), row.number]


def _kind(kind: str) -> str:
    return web.tr(NAMES[kind]) if kind in NAMES else ""


def _state(row: Any, today: Any) -> str:
    return web.tr(STATES[certificates.state_of(row, today)])


def _filters() -> Filters:
    args = request.args
    return Filters(
        state=args.get("tampil", ""),
        kind=args.get("jenis", ""),
        maker=args.get("upt", 0, type=web.number),
        search=args.get("cari", "")[:80],
        sort=args.get("sort", "habis"),
    )


def _given() -> dict[str, Any]:
    return {name: request.args[name] for name in ASKED if request.args.get(name)}


PAGES = (
    ("/sertifikat", certificates_list, ["GET"]),
    ("/sertifikat.<any(csv, xlsx, pdf):kind>", certificates_file, ["GET"]),
)

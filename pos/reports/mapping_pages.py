"""The mapping of produk unggulan as page, CSV, XLSX and PDF: a nation's Kanwil, and the UPT with their products."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from pos import clock, exports, money, web
from pos.catalog.certificates import NAMES
from pos.catalog.featured import TARGET
from pos.catalog.models import CERTIFICATES
from pos.listing_pdf import Column
from pos.reports import mapping
from pos.reports.mapping import SHOWN, Featured, Filters, Maker, Sum

bp = Blueprint("mapping", __name__)
ASKED = ("per", "kanwil", "tampil", "cari", "sort")
PAGE = 50
ROLES = ("staff", "official", "admin", "auditor")


@bp.get("/pemetaan")
@web.require(*ROLES)
def page() -> Any:
    filters, found = _filters(), _makers()
    scope = [maker for maker in found if filters.kanwil in (0, maker.kanwil_id)]
    sums = mapping.by_kanwil(found, filters.sort) if _by_kanwil(filters) else []
    rows = [] if sums else mapping.narrowed(found, filters)
    number = min(max(1, request.args.get("hal", 1, web.number)), max(1, -(-len(rows) // PAGE)))
    return render_template(
        "reports/mapping.html",
        total=mapping.total(scope),
        sums=sums,
        count=len(rows),
        rows=rows[(number - 1) * PAGE : number * PAGE],
        number=number,
        pages=-(-len(rows) // PAGE),
        filters=filters,
        filtered=bool(filters.shown or filters.search or filters.kanwil),
        shown=SHOWN,
        kanwil=_kanwil(found),
        national=g.person.level == "ditjenpas",
        single=len(found) == 1,
        months=_months(),
        short=lambda month: format_date(month, "MMM"),
        kinds=NAMES,
        target=TARGET,
        may_edit=g.person.may("staff", "admin"),
        sort_link=lambda name: web.here(sort=f"-{name}" if filters.sort == name else name),
        export_link=lambda kind: url_for("mapping.file", kind=kind, **_given()),
        page_link=lambda to: web.here(hal=to),
    )


@bp.get("/pemetaan.<any(csv, xlsx, pdf):kind>")
@web.require(*ROLES)
def file(kind: str) -> Any:
    """What the page shows, on all its pages; as PDF with the letterhead, for the directorate."""
    filters, found = _filters(), _makers()
    name = f"pemetaan-produk-unggulan-{_today()}"
    if _by_kanwil(filters):
        return _kanwil_file(kind, name, mapping.by_kanwil(found, filters.sort), mapping.total(found))
    rows = mapping.narrowed(found, filters)
    return _listing(name, filters, found, rows) if kind == "pdf" else _table(kind, name, rows)


# -- Kanwil --------------------------------------------------------------------------------------------


def _kanwil_file(kind: str, name: str, sums: Sequence[Sum], total: Sum) -> Any:
    head = ["Kanwil", "UPT", _("Punya dua"), _("Baru satu"), _("Belum punya"), _("Lebih dari dua")]
    head += [_("Rutin"), _("Bersertifikat")]
    if kind != "pdf":
        rows = [[one.name, *_counts(one)] for one in sums]
        last = [_("Semua Kanwil"), *_counts(total)]
        return exports.sheet(name, kind, _title(), head, rows, last, [_about_months()])
    columns = [Column(head[0]), *(Column(text, True) for text in head[1:])]
    lines = [[one.name, *(money.grouped(count) for count in _counts(one))] for one in sums]
    total_line = [_("Semua Kanwil"), *(money.grouped(count) for count in _counts(total))]
    return exports.pdf(name, _title(), [_about_months()], columns, lines, total_line, letterhead=True)


def _counts(one: Sum) -> list[int]:
    return [one.makers, one.two, one.one, one.none, one.more, one.routine, one.certified]


# -- UPT -----------------------------------------------------------------------------------------------


def _table(kind: str, name: str, rows: Sequence[Maker]) -> Any:
    """A row for each featured product, and one for each UPT that has none."""
    head = ["Kanwil", "UPT", _("Produk unggulan"), _("Kategori"), _("Bengkel kerja"), _("Merek"), _("Harga (Rp)")]
    head += [_("Satuan"), *(_("Diterima %(month)s", month=_month(month)) for month in _months()), _("Rutin")]
    head += [*(web.tr(NAMES[kind]) for kind in CERTIFICATES), _("Foto")]
    lines: list[list[Any]] = []
    for maker in rows:
        place = [maker.kanwil, maker.name]
        lines += [[*place, *_cells(product)] for product in maker.products]
        if not maker.products:
            lines.append([*place, _("belum ditetapkan"), *[None] * (len(head) - 3)])
    return exports.sheet(name, kind, _title(), head, lines)


def _cells(product: Featured) -> list[Any]:
    texts = [product.name, product.category, product.workshop, product.brand, product.price, product.unit_of_measure]
    received = [_yes(received) for received in product.received]
    numbers = [product.number(kind) for kind in CERTIFICATES]
    return [*texts, *received, _yes(product.is_routine), *numbers, _yes(bool(product.photo))]


def _listing(name: str, filters: Filters, found: Sequence[Maker], rows: Sequence[Maker]) -> Any:
    several = len(_kanwil(found)) > 1 and not filters.kanwil
    head = [*(["Kanwil"] if several else []), "UPT", _("Produk unggulan"), _("Kategori")]
    head += [*(_month(month) for month in _months()), _("Sertifikat"), _("Foto")]
    lines = []
    for maker in rows:
        place = [*([maker.kanwil] if several else []), maker.name]
        for product in maker.products:
            held = ", ".join(f"{web.tr(NAMES[entry.kind])} {entry.number}" for entry in product.certificates)
            months = [_yes(received) for received in product.received]
            lines.append([*place, product.name, product.category, *months, held or "–", _yes(bool(product.photo))])
        if not maker.products:
            lines.append([*place, _("belum ditetapkan"), *[""] * (len(head) - len(place) - 1)])
    sums = mapping.total(rows)
    chosen = dict(_kanwil(found)).get(filters.kanwil, "")
    shown = web.tr(SHOWN[filters.shown]) if filters.shown in SHOWN else ""
    said = _(
        "%(count)s UPT: %(two)s punya dua, %(one)s baru satu, %(none)s belum punya",
        count=money.grouped(sums.makers),
        two=money.grouped(sums.two),
        one=money.grouped(sums.one),
        none=money.grouped(sums.none),
    )
    about = [exports.asked({"Kanwil": chosen, _("Tampilkan"): shown, _("Cari"): filters.search}), said, _about_months()]
    return exports.pdf(name, _title(), about, [*map(Column, head)], lines, letterhead=True)


# -- what is asked -------------------------------------------------------------------------------------


def _title() -> str:
    return _("Pemetaan produk unggulan")


def _about_months() -> str:
    names = [_month(month) for month in _months()]
    return _(
        "Rutin: diterima dari bengkel kerja setiap bulan pada %(first)s – %(last)s", first=names[0], last=names[-1]
    )


def _today() -> date:
    return clock.today(g.person.zone)


def _months() -> list[date]:
    return mapping.months_before(_today())


def _month(first: date) -> str:
    return str(format_date(first, "MMM yyyy"))


def _yes(value: bool) -> str:
    return _("ya") if value else _("tidak")


def _makers() -> list[Maker]:
    return mapping.makers(g.person, _today())


def _kanwil(found: Sequence[Maker]) -> list[tuple[int, str]]:
    return list({maker.kanwil_id: maker.kanwil for maker in found}.items())


def _by_kanwil(filters: Filters) -> bool:
    """The nation begins with its Kanwil; whoever asks for a part of the UPT sees those."""
    asked = filters.shown or filters.kanwil or filters.search or request.args.get("per") == "upt"
    return g.person.level == "ditjenpas" and not asked


def _filters() -> Filters:
    args = request.args
    shown = args.get("tampil", "")
    return Filters(
        shown=shown if shown in SHOWN else "",
        kanwil=args.get("kanwil", 0, type=web.number),
        search=args.get("cari", "")[:80],
        sort=args.get("sort", "kanwil"),
    )


def _given() -> dict[str, Any]:
    return {name: request.args[name] for name in ASKED if request.args.get(name)}

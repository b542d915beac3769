"""Pages of the monthly recap and of premi per workshop, both read from the lines."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from pos import exports, money, web
from pos.db import db
from pos.listing_pdf import Column
from pos.menu import READERS
from pos.treasury import asking, recap
from pos.units import tree
from pos.units.services import unit_ids

PER_PAGE = 60


@web.require(*READERS)
def monthly() -> Any:
    asked, first, last = _asked()
    rows = _rows(asked, first, last)
    number = min(max(1, request.args.get("hal", 1, web.number)), max(1, -(-len(rows) // PER_PAGE)))
    return render_template(
        "treasury/recap.html",
        rows=rows[(number - 1) * PER_PAGE : number * PER_PAGE],
        page=web.Page([], number, max(1, -(-len(rows) // PER_PAGE)), len(rows)),
        whole=recap.together(rows),
        shares=recap.share_names(rows),
        asked=asked,
        sides=recap.SIDES,
        kanwils=tree.kanwils(g.person) if g.person.level == "ditjenpas" else [],
        years=asking.years(),
        month_name=asking.month_name,
        mine=set(db.session.scalars(unit_ids(g.person))),
        export_link=lambda kind: url_for("treasury.export_monthly", kind=kind, **asking.given(asked)),
    )


@web.require(*READERS)
def export_monthly(kind: str) -> Any:
    asked, first, last = _asked()
    rows = _rows(asked, first, last)
    shares = recap.share_names(rows)
    title = _("Rekapitulasi bulanan PNBP")
    name = f"rekap-pnbp-{asked['tahun']}" + (f"-{int(asked['bulan']):02d}" if asked["bulan"] else "")
    head = [_("Bulan"), _("Kanwil"), _("Unit"), _("Omzet"), _("Biaya"), _("Laba"), _("PNBP"), _("Premi"), *shares]
    if kind != "pdf":
        cells = [(date(row.year, row.month, 1), row.kanwil, row.unit, *_figures(row, shares)) for row in rows]
        names = [*head[:3], *(f"{text} (Rp)" for text in head[3:])]
        return exports.sheet(name, kind, title, names, cells)
    texts = [
        (asking.month_name(row.year, row.month), row.kanwil, row.unit, *map(money.grouped, _figures(row, shares)))
        for row in rows
    ]
    total = (pgettext("total", "Jumlah"), "", "", *map(money.grouped, _figures(recap.together(rows), shares)))
    about = [
        g.person.unit_name,
        asking.month_name(int(asked["tahun"]), int(asked["bulan"] or 0)),
        _("Menurut %(side)s; dalam rupiah, hanya barang buatan WBP.", side=web.tr(recap.SIDES[asked["menurut"]])),
    ]
    columns = [*map(Column, head[:3]), *(Column(text, True) for text in head[3:])]
    return exports.pdf(name, title, about, columns, texts, total, letterhead=True, signers=asking.signers())


def _figures(row: recap.Month, shares: list[str]) -> tuple[int, ...]:
    return (row.omzet, row.cost, row.laba, row.pnbp, row.premi, *(row.shares.get(name, 0) for name in shares))


def _asked() -> tuple[dict[str, str], date, date]:
    asked = asking.asked("tahun", "bulan", "menurut", "q", "kanwil")
    year = asking.year(asked["tahun"])
    month = int(asked["bulan"]) if asked["bulan"] in map(str, range(1, 13)) else 0
    asked |= {
        "tahun": str(year),
        "bulan": str(month or ""),
        "menurut": asked["menurut"] if asked["menurut"] in recap.SIDES else "penjual",
    }
    first = date(year, month or 1, 1)
    last_month = month or 12
    last = date(year, 12, 31) if last_month == 12 else date.fromordinal(date(year, last_month + 1, 1).toordinal() - 1)
    return asked, first, last


def _rows(asked: dict[str, str], first: date, last: date) -> list[recap.Month]:
    kanwil = request.args.get("kanwil", type=web.number)
    return recap.months(g.person, asked["menurut"], first, last, asked["q"], kanwil)


# -- premi per workshop --------------------------------------------------------------------------------


@web.require(*READERS)
def premi() -> Any:
    asked, first, last = _asked()
    rows = recap.workshops(g.person, first, last, asked["q"])
    return render_template(
        "treasury/premi.html",
        rows=rows,
        whole=sum(row.premi for row in rows),
        asked=asked,
        years=asking.years(),
        month_name=asking.month_name,
        export_link=lambda kind: url_for("treasury.export_premi", kind=kind, **asking.given(_of_premi(asked))),
    )


@web.require(*READERS)
def export_premi(kind: str) -> Any:
    asked, first, last = _asked()
    rows = recap.workshops(g.person, first, last, asked["q"])
    title = _("Premi per bengkel kerja")
    name = f"premi-{asked['tahun']}" + (f"-{int(asked['bulan']):02d}" if asked["bulan"] else "")
    head = [_("Pembuat"), _("Bengkel kerja"), _("Terjual"), _("Omzet"), _("Premi")]
    if kind != "pdf":
        names = [*head[:3], *(f"{text} (Rp)" for text in head[3:])]
        return exports.sheet(name, kind, title, names, workshop_cells(rows))
    texts = [
        (row.maker, row.name or "–", money.quantity_text(row.pieces), *map(money.rupiah, (row.omzet, row.premi)))
        for row in rows
    ]
    sums = [sum(getattr(row, key) for row in rows) for key in ("omzet", "premi")]
    total = (pgettext("total", "Jumlah"), "", "", *map(money.rupiah, sums))
    about = [
        g.person.unit_name,
        asking.month_name(int(asked["tahun"]), int(asked["bulan"] or 0)),
        _("Menurut bengkel kerja setiap produk saat terjual. Premi dicatat dan disimpan, bukan dibayar tunai."),
    ]
    columns = [*map(Column, head[:2]), *(Column(text, True) for text in head[2:])]
    return exports.pdf(name, title, about, columns, texts, total, letterhead=True, signers=asking.signers())


def workshop_cells(rows: list[recap.Workshop]) -> list[tuple[Any, ...]]:
    return [(row.maker, row.name, Decimal(row.pieces) / 1000, row.omzet, row.premi) for row in rows]


def _of_premi(asked: dict[str, str]) -> dict[str, str]:
    return {name: asked[name] for name in ("tahun", "bulan", "q")}


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/pnbp/rekap", monthly, ["GET"]),
    ("/pnbp/rekap.<any(csv, xlsx, pdf):kind>", export_monthly, ["GET"]),
    ("/pnbp/premi", premi, ["GET"]),
    ("/pnbp/premi.<any(csv, xlsx, pdf):kind>", export_premi, ["GET"]),
)

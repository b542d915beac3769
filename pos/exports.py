"""Lists that leave the pages: as CSV or XLSX to go on with, as PDF to put on a table."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import Response, g
from flask_babel import format_date
from flask_babel import gettext as _

from pos import clock, sheets, web
from pos.listing_pdf import Column, Listing, listing_pdf
from pos.stationery import Letterhead, Signer

TYPES = {"csv": sheets.CSV_TYPE, "xlsx": sheets.XLSX_TYPE, "pdf": "application/pdf"}


def sheet(
    name: str,
    kind: str,
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    total: Sequence[Any] = (),
    about: Sequence[str] = (),
) -> Response:
    """The file `name`, a CSV or an XLSX, for the reader to keep; only the workbook says its `total` and `about`."""
    if kind == "csv":
        return _kept(sheets.to_csv(header, rows), name, kind)
    lines = [title, *(line for line in about if line), _printed()] if about else []
    return _kept(sheets.to_xlsx(title, header, rows, total, lines), name, kind)


def pdf(
    name: str,
    title: str,
    about: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    total: Sequence[str] = (),
    *,
    letterhead: Letterhead | bool = False,
    signers: Sequence[Signer] | None = None,
) -> Response:
    """The file `name`: rows as the screen shows them; under the title `about` (empty lines are left out), and when.

    `letterhead=True` puts the reader's own unit's above it, with those who usually sign there below; `signers` are
    others instead (an empty list: nobody).
    """
    page_of = _("Halaman {page} dari {pages}")
    lines = [*(line for line in about if line), _printed()]
    language = {"id": "id-ID"}.get(web.language(), web.language())
    official = g.person.letterhead() if letterhead is True else letterhead or None
    listing = Listing(
        title,
        lines,
        columns,
        rows,
        total,
        page_of,
        language,
        letterhead=official,
        signers=signers if signers is not None else official.signers if official else (),
        place_and_day=place_and_day(official.city) if official else "",
    )
    return _kept(listing_pdf(listing), name, "pdf")


def place_and_day(city: str) -> str:
    """`Ambon, 26 April 2026`: today where the reader is."""
    today = format_date(clock.today(g.person.zone if g.person else "WIB"), "d MMMM yyyy")
    return f"{city}, {today}" if city else str(today)


def period(since: date | None, until: date | None) -> str:
    """`1 Apr 2026 – 26 Apr 2026`, or as much of it as is known."""
    day = web.FILTERS["day"]
    if since and until:
        return f"{day(since)} – {day(until)}"
    if since:
        return _("sejak %(day)s", day=day(since))
    return _("sampai %(day)s", day=day(until)) if until else ""


def asked(filters: dict[str, str]) -> str:
    """`Cari: rajut · Kategori: kuliner`: the filters in use, by their labels."""
    return " · ".join(f"{label}: {value}" for label, value in filters.items() if value)


def _printed() -> str:
    at = web.FILTERS["at"](clock.now(), g.person.zone if g.person else "WIB")
    return _("Dicetak %(at)s oleh %(who)s", at=at, who=g.person.name) if g.person else _("Dicetak %(at)s", at=at)


def _kept(content: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{kind}"', "Cache-Control": "no-store"}
    return Response(content, content_type=TYPES[kind], headers=headers)

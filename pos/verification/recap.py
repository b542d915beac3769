"""The recap in a pack: the sums that its documents make, as PDF with the root, and as XLSX with real numbers."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pos import money
from pos.verification import papers, proof
from pos.verification.tally import SUMS, Tally

NAMES = {
    "omzet": "Omzet (Rp)",
    "pieces": "Terjual (perseribu)",
    "sales": "Nota",
    "pnbp": "PNBP (Rp)",
    "premi": "Premi (Rp)",
    "late_omzet": "Nota susulan (Rp)",
    "late_sales": "Nota susulan",
    "documents": "Dokumen",
}
SHEETS = {"unit": "Per unit", "gallery": "Per galeri", "day": "Per hari"}
MONTHS = [
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),  # papers are Indonesian
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
]


def day_text(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def period_text(header: dict[str, Any]) -> str:
    return " - ".join(day_text(date.fromisoformat(header[name])) for name in ("from", "until"))


def xlsx(about: dict[str, Any], tally: Tally) -> bytes:
    """A sheet of sums and one each per unit, gallery and day; the same bytes for the same content."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.worksheets[0]
    first.title = "Rekap"
    facts: list[tuple[str, Any]] = [
        ("Unit", about["node"]),
        ("Kampanye", about["title"] or "-"),
        ("Dari", about["header"]["from"]),
        ("Sampai", about["header"]["until"]),
        *((NAMES[name], about["sums"][name]) for name in SUMS),
        ("Akar (root)", about["root"]),
        ("Dibuat", about["made_at"]),
    ]
    for r, (name, value) in enumerate(facts, start=1):
        _cell(first, r, 1, name, bold=True)
        _cell(first, r, 2, value)
    _widths(first, (22, 70))
    for per, title in SHEETS.items():
        sheet = book.create_sheet(title)
        for c, name in enumerate(("Kunci", "Nama", *NAMES.values()), start=1):
            _cell(sheet, 1, c, name, bold=True)
        rows = [list(row.values()) for row in tally.rows(per)]
        rows.append(["", "Jumlah", *tally.whole.told().values()])
        for r, row in enumerate(rows, start=2):
            for c, value in enumerate(row, start=1):
                _cell(sheet, r, c, value, bold=r == len(rows) + 1)
        sheet.freeze_panes = "C2"
        _widths(sheet, (14, 44, *[18] * len(SUMS)))
    return _saved(book)


DECLARED_HEAD = ("No.", "Unit", "Kanwil", *(NAMES[name] for name in proof.DECLARED_SUMS))
DECLARED_HEAD = (*DECLARED_HEAD, "Hari beruntun", "Dokumen", "Akar (root)")


def declared_cells(told: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What a declaration's manifest says, as rows of its workbook: one a unit, then the sums."""
    names = ("unit_name", "kanwil_name", *proof.DECLARED_SUMS, "streak", "documents", "root")
    rows: list[tuple[Any, ...]] = [(i, *(row[name] for name in names)) for i, row in enumerate(told["units"], start=1)]
    sums = [told["sums"].get(name) for name in proof.DECLARED_SUMS]
    return [*rows, (None, "Jumlah", None, *sums, None, None, told["root"])]


def declared_xlsx(told: Mapping[str, Any]) -> bytes:
    """A sheet of sums and one of the units, with real numbers; the same bytes for the same declaration."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.worksheets[0]
    first.title = "Deklarasi"
    facts: list[tuple[str, Any]] = [
        ("Berita Acara", told["number"]),
        ("Kampanye", told["title"]),
        ("Masa", told["period"].replace("/", " - ")),
        *((NAMES[name], told["sums"][name]) for name in proof.DECLARED_SUMS),
        ("Unit", len(told["units"])),
        ("Akar (root)", told["root"]),
        ("Dideklarasikan", told["declared_at"]),
    ]
    for r, (name, value) in enumerate(facts, start=1):
        _cell(first, r, 1, name, bold=True)
        _cell(first, r, 2, value)
    _widths(first, (22, 70))
    sheet = book.create_sheet("Per unit")
    rows = declared_cells(told)
    for r, row in enumerate([DECLARED_HEAD, *rows], start=1):
        for c, value in enumerate(row, start=1):
            _cell(sheet, r, c, value, bold=r in (1, len(rows) + 1))
    sheet.freeze_panes = "C2"
    _widths(sheet, (6, 44, 30, *[18] * len(proof.DECLARED_SUMS), 14, 12, 70))
    return _saved(book)


def _cell(sheet: Any, row: int, column: int, value: Any, bold: bool = False) -> None:
    from openpyxl.styles import Font

    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # a text, also when it begins like a formula
    elif isinstance(value, int):
        cell.number_format = "#,##0"
    if bold:
        cell.font = Font(bold=True)


def _widths(sheet: Any, widths: Sequence[int]) -> None:
    from openpyxl.utils import get_column_letter

    for c, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(c)].width = width


def _saved(book: Any) -> bytes:
    """The workbook without the time at which it was saved."""
    out = io.BytesIO()
    book.properties.creator = "Etalase"
    book.save(out)
    data, out = out.getvalue(), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as settled:
        for name in sorted(book.namelist()):
            content = book.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", content)
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            settled.writestr(member, content)
    return out.getvalue()


def pdf(about: dict[str, Any], tally: Tally) -> bytes:
    sums = about["sums"]
    parts: list[Any] = [
        *papers.letterhead(about["above"], about["node"]),
        papers.say("REKAPITULASI PENJUALAN PRODUK WBP", 14, papers.BOLD, "center"),
        *([papers.say(about["title"], 11.5, align="center")] if about["title"] else []),
        papers.say(period_text(about["header"]), 10.5, align="center", after=4),
    ]
    figures = [
        ("Omzet", money.rupiah(sums["omzet"])),
        ("Terjual", money.quantity_text(sums["pieces"])),
        ("Nota", money.grouped(sums["sales"])),
        ("PNBP terhitung", money.rupiah(sums["pnbp"])),
        ("Premi", money.rupiah(sums["premi"])),
        ("Termasuk nota susulan", f"{money.rupiah(sums['late_omzet'])} dari {money.grouped(sums['late_sales'])} nota"),
        ("Dokumen (penjualan dan retur)", money.grouped(sums["documents"])),
    ]
    parts += [papers.table(("Jumlah", ""), figures, (80, 90), 1, total=False), papers.gap(5)]
    what = "Akar (root) semua dokumen, SHA-256. Cocokkan: pos verify PAKET.zip --root AKAR"
    parts += [papers.root_block(about["root"], what), papers.gap(5)]
    head = ("", "Omzet", "Terjual", "Nota", "PNBP", "Premi")
    for per, title in SHEETS.items():
        rows = [_row(row["name"], row) for row in tally.rows(per)]
        if per == "day":
            rows = [(day_text(date.fromisoformat(name)), *rest) for name, *rest in rows]
        heading = (title, *head[1:])
        parts += [papers.table(heading, [*rows, _row("Jumlah", sums)], (58, 30, 20, 16, 24, 22), 1), papers.gap(5)]
    foot = f"Akar {proof.grouped(about['root'])[:19]} ... · dibuat {about['made_at']} · {about['made_by']}"
    return papers.build(f"Rekapitulasi {about['node']}", parts, foot)


def _row(name: str, sums: dict[str, Any]) -> tuple[str, ...]:
    pieces, sales = money.quantity_text(sums["pieces"]), money.grouped(sums["sales"])
    return (
        name,
        money.grouped(sums["omzet"]),
        pieces,
        sales,
        money.grouped(sums["pnbp"]),
        money.grouped(sums["premi"]),
    )

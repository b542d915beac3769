"""The *Berita Acara* of a declaration: what was declared, per Kanwil and unit, its root, and places to sign."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from reportlab.platypus import KeepTogether, Table

from pos import clock, money
from pos.campaigns.verification_models import Declaration, DeclaredUnit, Signer
from pos.paper import BOLD, FACE, MM
from pos.verification import papers, proof
from pos.verification.recap import day_text

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
SUMMED = ("omzet", "pieces", "sales", "pnbp", "premi")
HEAD = ("Omzet (Rp)", "Terjual", "Nota", "PNBP (Rp)", "Premi (Rp)")
WIDTHS = (62.0, 30.0, 18.0, 14.0, 23.0, 23.0)


def minutes_pdf(declaration: Declaration) -> bytes:
    """A4; the same declaration makes the same bytes, whatever was renamed since."""
    parts: list[Any] = [
        *papers.letterhead("Ditjenpas"),
        papers.say("BERITA ACARA", 15, BOLD, "center"),
        papers.say("DEKLARASI HASIL PENJUALAN PRODUK WARGA BINAAN PEMASYARAKATAN", 11.5, BOLD, "center"),
        papers.say(f"Nomor: {declaration.number}", 10.5, align="center", after=5),
        papers.say(_opening(declaration), align="justify", after=3),
        *([papers.say(declaration.note, align="justify", after=3)] if declaration.note else []),
        _sums(declaration),
        papers.gap(4),
        papers.root_block(
            declaration.root,
            "Akar (root) seluruh angka di bawah, SHA-256; tiap unit punya akar paketnya sendiri. Cocokkan:",
            'pos verify PAKET-DEKLARASI.zip --root "AKAR"',
        ),
        papers.gap(5),
        papers.say("Rekapitulasi per Kantor Wilayah", 11.5, BOLD, after=1.5),
        _kanwils(declaration),
        papers.gap(5),
        papers.say("Rincian per unit", 11.5, BOLD, after=1.5),
        _units(declaration),
        papers.gap(5),
        *_closing_and_signatures(declaration),
    ]
    foot = f"Berita Acara {declaration.number} · akar {proof.grouped(declaration.root)[:19]} ..."
    return papers.build(f"Berita Acara {declaration.number}", parts, foot)


def _opening(declaration: Declaration) -> str:
    day = clock.day_of(declaration.at, declaration.zone)
    first, last = (day_text(date.fromisoformat(part)) for part in declaration.period.split("/"))
    units = money.grouped(len(declaration.units))
    return (
        f"Pada hari {DAYS[day.weekday()]}, {day_text(day)}, di {declaration.place}, dinyatakan hasil penjualan produk "
        f"warga binaan pemasyarakatan dalam kampanye {declaration.campaign_name}, masa {first} sampai {last}, dari "
        f"{units} unit yang angkanya diajukan unit dan diverifikasi pejabat di atasnya, dengan jumlah:"
    )


def _closing(declaration: Declaration) -> str:
    return (
        f"Omzet sebesar {money.rupiah(declaration.omzet)} ({money.words(declaration.omzet)}) tersebut bersifat tetap. "
        "Nota yang datang sesudah berita acara ini tidak mengubahnya dan dicatat sebagai adendum. Berita acara ini "
        "dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya."
    )


def _sums(declaration: Declaration) -> Table:
    rows = [
        ("Omzet", money.rupiah(declaration.omzet)),
        ("Terjual", money.quantity_text(declaration.pieces)),
        ("Nota", money.grouped(declaration.sales)),
        ("PNBP terhitung", money.rupiah(declaration.pnbp)),
        ("Premi", money.rupiah(declaration.premi)),
        ("Termasuk nota susulan", money.rupiah(declaration.late_omzet)),
    ]
    return papers.table(("Yang dideklarasikan", ""), rows, (85, 85), 1, total=False)


def _kanwils(declaration: Declaration) -> Table:
    rows = []
    for name, units in groupby(declaration.units, key=lambda unit: unit.kanwil_name):
        kept = list(units)
        rows.append(_row(f"{name} ({len(kept)} unit)", {n: sum(getattr(u, n) for u in kept) for n in SUMMED}))
    return papers.table(("Kantor Wilayah", *HEAD), [*rows, _total(declaration)], WIDTHS, 1)


def _units(declaration: Declaration) -> Table:
    rows = [_row(_unit_text(unit), {name: getattr(unit, name) for name in SUMMED}) for unit in declaration.units]
    return papers.table(("Unit, dan awal akarnya", *HEAD), [*rows, _total(declaration)], WIDTHS, 1)


def _unit_text(unit: DeclaredUnit) -> str:
    return f"{unit.unit_name} ({proof.grouped(unit.root)[:9]})"


def _total(declaration: Declaration) -> tuple[str, ...]:
    return _row("Jumlah", {name: getattr(declaration, name) for name in SUMMED})


def _row(name: str, sums: dict[str, int]) -> tuple[str, ...]:
    pieces, rest = money.quantity_text(sums["pieces"]), [money.grouped(sums[n]) for n in ("sales", "pnbp", "premi")]
    return (name, money.grouped(sums["omzet"]), pieces, *rest)


def _closing_and_signatures(declaration: Declaration) -> list[Any]:
    """Nobody signs a page that says nothing: the closing words stay with the first who sign."""
    first, *others = [_signatures(declaration.signers[i : i + 2]) for i in range(0, len(declaration.signers), 2)]
    return [KeepTogether([papers.say(_closing(declaration), align="justify", after=4), first]), *others]


def _signatures(signers: Sequence[Signer]) -> Table:
    """Two signers beside one another, with room to sign; their names stand level, however long what is above."""
    titles = [papers.say(one.title, 10.5, FACE, "center") for one in signers]
    names = [papers.say(one.name, 10.5, BOLD, "center") for one in signers]
    identities = [papers.say(f"NIP {one.identity}" if one.identity else "", 10, align="center") for one in signers]
    rows = [[*row, *[""] * (2 - len(row))] for row in (titles, [papers.gap(20)] * len(signers), names, identities)]
    style = [
        ("VALIGN", (0, 0), (-1, 0), "TOP"),
        ("VALIGN", (0, 2), (-1, 2), "BOTTOM"),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -2), 0),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 12),
        ("NOSPLIT", (0, 0), (-1, -1)),
    ]
    return Table(rows, [85 * MM, 85 * MM], style=style)

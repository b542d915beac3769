"""Rows of the treasury (OMSPAN) from a CSV or XLSX: read with the names people's files have, each kept once."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pos import clock, money, sheets
from pos.db import atomic, db
from pos.errors import N_, Conflict, PosError, Sentence
from pos.revenue.deposits import standing
from pos.revenue.models import Billing, Deposit
from pos.treasury.models import DepositRule, TreasuryRow
from pos.units.models import Unit
from pos.units.services import Person, log, within

COLUMNS = {
    "ntpn": ("ntpn", "nomor ntpn", "no ntpn", "no. ntpn", "kode ntpn", "nomor transaksi penerimaan negara"),
    "ntb": ("ntb", "ntb/ntp", "ntb / ntp", "nomor ntb", "no ntb", "no. ntb", "ntb_ntp"),
    "billing_code": ("kode billing", "kode_billing", "billing", "id billing", "no billing", "nomor billing"),
    "day": ("tanggal", "tgl", "tanggal setor", "tgl setor", "tanggal bayar", "tgl bayar", "tanggal pembayaran")
    + ("tanggal penerimaan", "tanggal transaksi", "tgl transaksi", "tanggal ntpn", "tgl ntpn", "tanggal buku")
    + ("tgl buku",),
    "amount": ("jumlah", "nilai", "jumlah setor", "nilai setor", "jumlah setoran", "nilai setoran", "rupiah", "total")
    + ("jumlah (rp)", "nilai (rp)", "jumlah rupiah", "nilai rupiah", "nominal"),
    "satker": ("satker", "kode satker", "kdsatker", "kode_satker"),
    "akun": ("akun", "kode akun", "mak", "kdakun", "map", "kode_akun"),
}
NEEDED = ("ntpn", "day", "amount")
SUMS = re.compile(r"(grand ?total|sub ?total|jumlah|total)\b", re.I)  # what a row of sums begins with
MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
OTHER_MONTHS = {"may": 5, "aug": 8, "ags": 8, "oct": 10, "dec": 12}
BEFORE_EXCEL = date(1899, 12, 30)  # from which spreadsheets count the days
EXACT = 10**15  # from here on a spreadsheet's numbers have lost their last digits


@dataclass
class Read:
    """One row of a file: its values, what is wrong with it, and what will become of it."""

    number: int
    values: dict[str, Any]
    problems: list[Sentence] = field(default_factory=list)
    status: str = "new"  # new, known, refused
    match: str = "unknown"  # matched, differs, unknown: against the deposits in scope
    unit_id: int = 0
    unit: str = ""
    ours: int | None = None


def read(data: bytes, filename: str) -> list[Read]:
    """Every row as values, with a sentence for each cell that is wrong; `UnreadableFile` for what is no such list."""
    rows = sheets.read(data, filename, under=frozenset(name for names in COLUMNS.values() for name in names))
    names = _columns(rows, filename)
    found = []
    for row in rows:
        if not any(str(row.cells.get(column) or "").strip() for column in names.values()) or _is_sum(row, names):
            continue
        one = Read(row.number, {})
        for name in COLUMNS:
            cell = row.cells.get(names[name]) if name in names else None
            try:
                one.values[name] = READERS[name](cell)
            except ValueError:
                one.values[name] = None
                one.problems.append(Sentence(PROBLEMS[name], cell=str(cell if cell is not None else "")[:40]))
        one.status = "refused" if one.problems else "new"
        found.append(one)
    return found


def _is_sum(row: sheets.Row, names: dict[str, str]) -> bool:
    """Whether this is the line of sums that lists end with: it says so, and names neither NTPN nor day."""
    empty = [column for name, column in names.items() if name in ("ntpn", "day")]
    told = [str(cell or "").strip() for cell in row.cells.values()]
    said = [text for text in told if SUMS.match(text)]
    return bool(said) and all(str(row.cells[column] or "").strip() in ("", *said) for column in empty)


def _columns(rows: Sequence[sheets.Row], filename: str) -> dict[str, str]:
    present = set(rows[0].cells) if rows else set()
    names = {name: next((alias for alias in aliases if alias in present), "") for name, aliases in COLUMNS.items()}
    missing = [COLUMNS[name][0] for name in NEEDED if not names[name]]
    if missing:
        raise sheets.UnreadableFile(
            "Berkas %(file)s tidak punya kolom: %(columns)s.", file=filename, columns=", ".join(missing)
        )
    return {name: alias for name, alias in names.items() if alias}


def _plain(cell: Any, pattern: str) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = re.sub(r"[\s.'-]", "", str(cell if cell is not None else "")).upper()
    if text and not re.fullmatch(pattern, text, re.ASCII):
        raise ValueError(text)
    return text


def _ntpn(cell: Any) -> str:
    if isinstance(cell, int | float) and abs(cell) >= EXACT:
        raise ValueError(cell)
    text = _plain(cell, r"[0-9A-Z]{16}")
    if not text:
        raise ValueError
    return text


def _amount(cell: Any) -> int:
    """Whole rupiah as spreadsheets and banks write them: 45000, 45.000,00, 45,000.00, Rp 45.000, Rp. 45.000,-."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if not -money.MAX_RUPIAH <= cell <= money.MAX_RUPIAH or cell != int(cell):  # what is no number, too
            raise ValueError(cell)
        value = int(cell)
    else:
        text = re.sub(r"^RP\.?|\s|,-$", "", str(cell or "").strip().upper())
        whole = re.fullmatch(r"(\d{1,3}(?:\.\d{3})+|\d+)(?:,0{1,2})?|(\d{1,3}(?:,\d{3})+|\d+)(?:\.0{1,2})?", text, re.A)
        if not whole:
            raise ValueError(text)
        value = int(re.sub(r"[.,]", "", whole[1] or whole[2]))
    if not 0 < value <= money.MAX_RUPIAH:
        raise ValueError(value)
    return value


def _day(cell: Any) -> date:
    """A date cell, a spreadsheet's number of one (45992), or a day as it is written, the day before the month."""
    day = cell if isinstance(cell, date) else _typed_day(str(cell if cell is not None else "").strip().lower())
    day = day.date() if isinstance(day, datetime) else day
    if not clock.BEGINNING <= day <= clock.today("WIT"):
        raise ValueError(cell)
    return day


def _typed_day(text: str) -> date:
    """`2026-04-27`, `20260427`, `27/04/2026`, `27-04-2026`, `27 Apr 2026`, `27-APR-26`, 46139; a time may follow."""
    if re.fullmatch(r"\d{5}([.,]\d+)?", text, re.A):
        return BEFORE_EXCEL + timedelta(days=int(text[:5]))
    text = re.sub(r"[ t]+\d{1,2}[:.]\d{2}.*", "", text, flags=re.A)
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.A):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{4})(\d{2})(\d{2})(?:\.0)?", text, re.A):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.A):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(r"(\d{1,2})[ -]([a-z]{3})[a-z]*[ -](\d{4}|\d{2})", text, re.A):
        year = int(found[3]) if len(found[3]) == 4 else 2000 + int(found[3])
        return date(year, OTHER_MONTHS.get(found[2]) or MONTHS.index(found[2]) + 1, int(found[1]))
    raise ValueError(text)


def _code(cell: Any) -> str:
    """Six digits; a spreadsheet that took them for a number has dropped the noughts before them."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 0 < cell < 10**6 and cell == int(cell):
        return f"{int(cell):06d}"
    return _plain(cell, r"\d{6}")


READERS: dict[str, Any] = {
    "ntpn": _ntpn,
    "ntb": lambda cell: _plain(cell, r"[0-9A-Z]{1,20}"),
    "billing_code": lambda cell: _plain(cell, r"\d{15}"),
    "day": _day,
    "amount": _amount,
    "satker": _code,
    "akun": _code,
}
PROBLEMS = {
    "ntpn": N_("NTPN harus 16 huruf atau angka dan disimpan sebagai teks, bukan “%(cell)s”."),
    "ntb": N_("NTB “%(cell)s” tidak terbaca."),
    "billing_code": N_("Kode billing harus 15 angka, bukan “%(cell)s”."),
    "day": N_("Tanggal “%(cell)s” tidak terbaca atau belum tiba."),
    "amount": N_("Jumlah “%(cell)s” bukan rupiah bulat di atas nol."),
    "satker": N_("Kode satker harus 6 angka, bukan “%(cell)s”."),
    "akun": N_("Akun harus 6 angka, bukan “%(cell)s”."),
}


# -- what becomes of them ------------------------------------------------------------------------------


def preview(found: list[Read], person: Person) -> list[Read]:
    """Say of each row whether it is new and what it matches; only deposits in the person's scope are looked at."""
    ours = _by_ntpn(person)
    owners = _owners(person)
    known = _known({row.values["ntpn"] for row in found if row.values["ntpn"]})
    seen: set[tuple[str, int, date]] = set()
    for row in found:
        if row.status == "refused":
            continue
        key = (row.values["ntpn"], row.values["amount"], row.values["day"])
        row.status = "known" if key in known or key in seen else "new"
        seen.add(key)
        deposit = ours.get(row.values["ntpn"])
        if deposit:
            row.ours = deposit[1]
            row.match = "matched" if row.ours == row.values["amount"] else "differs"
        row.unit_id = (
            (deposit[0] if deposit else 0)
            or owners.get(("billing", row.values["billing_code"]), 0)
            or owners.get(("satker", row.values["satker"]), 0)
            or person.unit_id
        )
    _split_ones(found)
    named = db.session.execute(sa.select(Unit.id, Unit.name).where(within(person)))
    names = {row.id: row.name for row in named}
    for row in found:
        row.unit = names.get(row.unit_id, "")
    return found


def _split_ones(found: list[Read]) -> None:
    """One NTPN in several rows matches by their sum."""
    sums: Counter[str] = Counter()
    for row in found:
        if row.status != "refused":
            sums[row.values["ntpn"]] += row.values["amount"]
    for row in found:
        if row.match == "differs" and sums[row.values["ntpn"]] == row.ours:
            row.match = "matched"


def bring_in(found: list[Read], person: Person, filename: str) -> int:
    """Keep the new rows of a previewed file; returns how many."""
    fresh = [row for row in found if row.status == "new"]
    try:
        with atomic() as session:
            session.add_all(
                TreasuryRow(
                    **{name: row.values[name] for name in COLUMNS},
                    unit_id=row.unit_id,
                    source=f"{filename} #{row.number}"[-120:],
                    user_id=person.id,
                    recorded_at=clock.now(),
                )
                for row in fresh
            )
            log("treasury.import", filename, person, person.unit_id, rows=len(fresh))
            session.flush()
    except IntegrityError:
        raise Conflict("Berkas ini baru saja diimpor oleh orang lain. Muat ulang halaman.") from None
    return len(fresh)


def _by_ntpn(person: Person) -> dict[str, tuple[int, int]]:
    query = sa.select(Deposit.ntpn, Deposit.unit_id, Deposit.amount).join(Unit, Unit.id == Deposit.unit_id)
    return {row.ntpn: (row.unit_id, row.amount) for row in db.session.execute(query.where(within(person), standing()))}


def _owners(person: Person) -> dict[tuple[str, str], int]:
    """Whose a billing code or satker is, within the person's scope; the newest word holds."""
    codes = sa.select(Billing.code, Billing.unit_id).join(Unit, Unit.id == Billing.unit_id).where(within(person))
    rules = sa.select(DepositRule.satker, DepositRule.unit_id).join(Unit, Unit.id == DepositRule.unit_id)
    deposits = sa.select(Deposit.satker, Deposit.unit_id).join(Unit, Unit.id == Deposit.unit_id)
    owners = {("billing", code): unit_id for code, unit_id in db.session.execute(codes)}
    for query, order in ((deposits, Deposit.id), (rules, DepositRule.id)):
        owners |= {
            ("satker", code): unit for code, unit in db.session.execute(query.where(within(person)).order_by(order))
        }
    owners.pop(("satker", ""), None)
    return owners


def _known(ntpns: set[str]) -> set[tuple[str, int, date]]:
    """Rows that are already here, of these NTPNs (asked in portions)."""
    known, wanted = set(), sorted(ntpns)
    for start in range(0, len(wanted), 500):
        query = sa.select(TreasuryRow.ntpn, TreasuryRow.amount, TreasuryRow.day)
        part = db.session.execute(query.where(TreasuryRow.ntpn.in_(wanted[start : start + 500])))
        known |= {(row.ntpn, row.amount, row.day) for row in part}
    return known


def refuse_empty(found: list[Read]) -> None:
    if not found:
        raise PosError("Berkas ini tidak berisi baris setoran.")

"""What an auditor takes along, as tables: every nota and what was done about it, drawers, money, people, the log."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos import web
from pos.db import db
from pos.register import removals
from pos.register.models import Payment, PaymentCorrection, Sale, SaleLine, Settlement
from pos.register.shift_models import Shift, ShiftEvent
from pos.register.shift_reports import ranges
from pos.register.ways import method_now
from pos.register.words import (
    BUYER_NAMES,
    CHANNEL_NAMES,
    FLAG_NAMES,
    METHOD_NAMES,
    REMOVAL_NAMES,
    TENDER_NAMES,
)
from pos.reports import books, special_tables, specials, sums
from pos.reports.audit import audit
from pos.reports.sums import View
from pos.reports.tables import Col, Table
from pos.reports.words import RULE_NAMES
from pos.revenue.deposits import deposits
from pos.units import people
from pos.units.models import Register, Unit, User
from pos.units.services import ROLE_NAMES, Person, within

EVENT_NAMES = {
    "cash_in": "Kas masuk",
    "cash_out": "Kas keluar",
    "handover": "Serah terima",
    "count": "Hitung laci",
    "close": "Tutup",
}
MOST_SHOWN = 20  # missing numbers of a register, and places where a rule fails
Rows = Sequence[Sequence[Any]]
_BATCH = 500


def tables(view: View, person: Person) -> Iterator[Table]:
    """Every table of the bundle, in the order in which they are read; `view` has the days and the reader's node."""
    for name, title, build in PARTS:
        columns, rows, adds = build(view, person)
        total: list[Any] = []
        if rows and adds:
            total = [None] * len(columns)
            for i in adds:
                total[i] = sum(row[i] or 0 for row in rows)
            total[0] = "Jumlah"
        yield Table(name, title, [], columns, rows, total)


Built = tuple[list[Col], Rows, Sequence[int]]


def _cols(*named: str | tuple[str, str]) -> list[Col]:
    return [Col(name) if isinstance(name, str) else Col(*name) for name in named]


# -- notas ---------------------------------------------------------------------------------------------


def _notas(view: View, _person: Person) -> Built:
    original, sender = aliased(Sale), aliased(User)
    query = (
        sa.select(
            Sale.id,
            Sale.receipt,
            Sale.business_date,
            Sale.sold_at,
            Sale.recorded_at,
            Sale.zone,
            Sale.gallery_name,
            Sale.seller_name,
            Sale.buyer,
            Sale.channel,
            Sale.discount,
            Sale.rounding,
            Sale.total,
            Sale.note,
            Sale.flags,
            User.name.label("cashier"),
            sender.name.label("sender"),
            original.receipt.label("refund_of"),
        )
        .select_from(Sale)
        .join(User, User.id == Sale.cashier_id)
        .outerjoin(sender, sender.id == Sale.recorded_by_id)
        .outerjoin(original, original.id == Sale.refund_of)
        .order_by(Sale.receipt)
    )
    found = db.session.execute(specials.of_sales(query, view)).all()
    ways = _ways(view)
    columns = _cols("Nota", ("Tanggal usaha", "day"), ("Terjual", "at"), ("Tercatat", "at"), "Zona", "Galeri", "Unit")
    columns += _cols("Kasir", "Dikirim oleh", "Pembeli", "Kanal", "Cara bayar", ("Diskon nota", "rupiah"))
    columns += _cols(("Pembulatan", "rupiah"), ("Total", "rupiah"), "Retur atas nota", "Keterangan", "Catatan")
    rows = [
        [
            row.receipt,
            row.business_date,
            (row.sold_at, row.zone),
            (row.recorded_at, row.zone),
            row.zone,
            row.gallery_name,
            row.seller_name,
            row.cashier,
            row.sender,
            web.tr(BUYER_NAMES[row.buyer]),
            web.tr(CHANNEL_NAMES[row.channel]),
            ", ".join(ways.get(row.id, [])),
            row.discount,
            row.rounding,
            row.total,
            row.refund_of,
            row.note,
            _flags(row.flags),
        ]
        for row in found
    ]
    return columns, rows, (12, 13, 14)


def _ways(view: View) -> dict[str, list[str]]:
    query = sa.select(Payment.sale_id, method_now().label("method")).select_from(Payment).join(Sale)
    found: dict[str, list[str]] = {}
    for row in db.session.execute(specials.of_sales(query, view).order_by(Payment.sale_id, Payment.position)):
        named = found.setdefault(row.sale_id, [])
        if (name := web.tr(TENDER_NAMES[row.method])) not in named:
            named.append(name)
    return found


def _flags(flags: str) -> str:
    return "; ".join(web.tr(FLAG_NAMES.get(flag, flag)) for flag in flags.split())


def _lines(view: View, _person: Person) -> Built:
    query = (
        sa.select(Sale.receipt, SaleLine)
        .select_from(SaleLine)
        .join(Sale, Sale.id == SaleLine.sale_id)
        .where(SaleLine.business_date.between(view.since, view.until))
        .order_by(Sale.receipt, SaleLine.position)
    )
    columns = _cols("Nota", ("Baris", "count"), "Kode", "Produk", "Kategori", "Pembuat", "Buatan WBP")
    columns += _cols(("Jumlah", "quantity"), "Satuan", ("Harga", "rupiah"), ("Nilai", "rupiah"), ("Modal", "rupiah"))
    columns += _cols(("PNBP", "rupiah"), ("Premi", "rupiah"), ("Bagian lain", "rupiah"))
    rows = [
        [
            receipt,
            line.position + 1,
            line.barcode,
            line.name,
            line.category,
            line.maker_name,
            "ya" if line.wbp_made else "bukan",
            line.quantity,
            line.unit_of_measure,
            line.unit_price,
            line.amount,
            line.cost,
            line.pnbp,
            line.premi,
            line.other_shares,
        ]
        for receipt, line in db.session.execute(specials.of_sales(query, view))
    ]
    return columns, rows, (10, 11, 12, 13, 14)


def _numbers(view: View, _person: Person) -> Built:
    """Of each register that sold: its first and last number in these days, and every number that is missing at all."""
    query = (
        sa.select(
            Register.id,
            Register.code,
            sa.func.min(Sale.number).label("first"),
            sa.func.max(Sale.number).label("last"),
            sa.func.count().label("notas"),
        )
        .select_from(Sale)
        .join(Register, Register.id == Sale.register_id)
        .group_by(Register.id)
        .order_by(Register.code)
    )
    columns = _cols("Meja kasir", ("Nomor pertama", "count"), ("Nomor terakhir", "count"), ("Nota", "count"))
    columns += _cols(("Nomor hilang sejak awal", "count"), "Yang hilang")
    rows = []
    for row in db.session.execute(specials.of_sales(query, view)).all():
        missing = _missing(row.id)
        named = [f"{a}" if a == b else f"{a}-{b}" for a, b in ranges(missing)[:MOST_SHOWN]]
        rows.append([row.code, row.first, row.last, row.notas, len(missing), ", ".join(named)])
    return columns, rows, (3, 4)


def _missing(register_id: int) -> list[int]:
    of = Sale.register_id == register_id
    count, last = db.session.execute(sa.select(sa.func.count(), sa.func.max(Sale.number)).where(of)).one()
    if count == last:
        return []
    present = set(db.session.scalars(sa.select(Sale.number).where(of)))
    return [number for number in range(1, last + 1) if number not in present]


def _days(view: View, _person: Person) -> Built:
    columns = _cols(("Hari", "day"), ("Omzet", "rupiah"), ("Di luar WBP", "rupiah"), ("Nota", "count"))
    columns += _cols(("Jumlah", "quantity"), ("PNBP", "rupiah"), ("Premi", "rupiah"))
    rows = [
        [date.fromisoformat(row.key), row.omzet, row.other, row.sales, row.pieces, row.pnbp, row.premi]
        for row in sums.breakdown(view, "day")
    ]
    return columns, rows, (1, 2, 3, 4, 5, 6)


# -- what was done about them --------------------------------------------------------------------------


def _special(build: Callable[[View], special_tables.Special]) -> Callable[[View, Person], Built]:
    def built(view: View, _person: Person) -> Built:
        special = build(view)
        return list(special.columns), special.rows, special.adds

    return built


def _removals(view: View, person: Person) -> Built:
    columns = _cols(("Waktu", "at"), "Zona", "Galeri", "Meja kasir", "Kasir", "Kejadian", "Produk", "Kode")
    columns += _cols(("Jumlah", "quantity"), "Satuan", ("Nilai", "rupiah"), "Nota")
    rows = [
        [
            (row.at, row.zone),
            row.zone,
            row.gallery,
            row.register,
            row.cashier,
            web.tr(REMOVAL_NAMES[row.kind]),
            row.name,
            row.barcode,
            row.quantity,
            row.unit_of_measure,
            row.amount,
            row.receipt,
        ]
        for row in db.session.execute(removals.removals(person, since=view.since, until=view.until))
    ]
    return columns, rows, (10,)


def _corrections(view: View, _person: Person) -> Built:
    query = (
        sa.select(Sale.receipt, Sale.zone, PaymentCorrection, User.name)
        .select_from(PaymentCorrection)
        .join(Sale, Sale.id == PaymentCorrection.sale_id)
        .join(User, User.id == PaymentCorrection.user_id)
        .order_by(PaymentCorrection.id)
    )
    columns = _cols("Nota", ("Waktu", "at"), "Dari", "Rujukan semula", "Menjadi", "Rujukan", "Alasan", "Oleh")
    columns += _cols("Disetujui oleh")
    rows = [
        [
            receipt,
            (row.at, zone),
            web.tr(TENDER_NAMES[row.from_method]),
            row.from_reference,
            web.tr(TENDER_NAMES[row.to_method]),
            row.to_reference,
            row.reason,
            who,
            row.approval.approver.name if row.approval else None,
        ]
        for receipt, zone, row, who in db.session.execute(specials.of_sales(query, view))
    ]
    return columns, rows, ()


def _conflicts(view: View, person: Person) -> Built:
    columns = _cols("Nota tercatat", "Unit", ("Diterima", "at"), "Pengirim", ("Total tercatat", "rupiah"))
    columns += _cols(("Total dokumen ini", "rupiah"))
    within_days = specials.within_days(view, books.SaleConflict.received_at, person.zone)
    rows = [
        [row.receipt, row.seller_name, (row.received_at, row.zone), row.sender, row.total, row.document.get("total")]
        for row in db.session.execute(books.conflicts(person).where(within_days))
    ]
    return columns, rows, ()


def _flagged(view: View, _person: Person) -> Built:
    query = (
        sa.select(Sale.receipt, Sale.sold_at, Sale.recorded_at, Sale.zone, Sale.gallery_name, Sale.total, Sale.flags)
        .select_from(Sale)
        .where(Sale.flags != "")
        .order_by(Sale.sold_at, Sale.receipt)
    )
    columns = _cols("Nota", ("Terjual", "at"), ("Tercatat", "at"), "Galeri", "Catatan", ("Total", "rupiah"))
    rows = [
        [
            row.receipt,
            (row.sold_at, row.zone),
            (row.recorded_at, row.zone),
            row.gallery_name,
            _flags(row.flags),
            row.total,
        ]
        for row in db.session.execute(specials.of_sales(query, view))
    ]
    return columns, rows, (5,)


# -- drawers and money ---------------------------------------------------------------------------------


def _drawer(view: View, _person: Person) -> Built:
    taker = aliased(User)
    query = (
        sa.select(
            Register.code,
            Shift.number,
            Shift.zone,
            ShiftEvent.kind,
            ShiftEvent.recorded_at,
            ShiftEvent.amount,
            ShiftEvent.expected,
            ShiftEvent.reason,
            User.name.label("who"),
            taker.name.label("to"),
        )
        .select_from(ShiftEvent)
        .join(Shift, Shift.id == ShiftEvent.shift_id)
        .join(Register, Register.id == Shift.register_id)
        .join(User, User.id == ShiftEvent.person_id)
        .outerjoin(taker, taker.id == ShiftEvent.cashier_id)
        .where(Shift.business_date.between(view.since, view.until))
        .order_by(Register.code, Shift.number, ShiftEvent.recorded_at, ShiftEvent.id)
    )
    columns = _cols("Giliran", ("Waktu", "at"), "Kejadian", ("Jumlah", "rupiah"), ("Seharusnya", "rupiah"))
    columns += _cols("Alasan", "Oleh", "Kepada")
    placed = specials.placed(query, view, Register.gallery_id, Shift.business_date)
    rows = [
        [
            f"{row.code} #{row.number}",
            (row.recorded_at, row.zone),
            EVENT_NAMES[row.kind],
            row.amount,
            row.expected,
            row.reason,
            row.who,
            row.to,
        ]
        for row in db.session.execute(placed)
    ]
    return columns, rows, ()


def _settlements(view: View, person: Person) -> Built:
    query = (
        sa.select(Sale.receipt, Register.code, Settlement, User.name)
        .select_from(Settlement)
        .join(Sale, Sale.id == Settlement.sale_id)
        .join(Register, Register.id == Settlement.register_id)
        .join(User, User.id == Settlement.user_id)
        .where(specials.within_days(view, Settlement.at, person.zone))
        .order_by(Settlement.at, Settlement.id)
    )
    columns = _cols("Nota", ("Waktu", "at"), "Meja kasir", "Cara bayar", "Rujukan", "Oleh", ("Jumlah", "rupiah"))
    rows = [
        [receipt, (row.at, person.zone), code, web.tr(METHOD_NAMES[row.method]), row.reference, who, row.amount]
        for receipt, code, row, who in db.session.execute(specials.placed(query, view, Register.gallery_id, view.until))
    ]
    return columns, rows, (6,)


def _deposits(view: View, person: Person) -> Built:
    columns = _cols(("Hari", "day"), "Unit", "NTPN", "Kode billing", "Keterangan", ("Jumlah", "rupiah"))
    rows = [
        [row.day, unit.name, row.ntpn, row.billing_code, row.note, row.amount]
        for row, unit in db.session.execute(deposits(person, since=view.since, until=view.until))
    ]
    return columns, rows, (5,)


# -- people, log, books --------------------------------------------------------------------------------


def _users(_view: View, person: Person) -> Built:
    query = sa.select(User, Unit.name).join(Unit, Unit.id == User.unit_id).where(within(person)).order_by(User.username)
    columns = _cols("Nama masuk", "Nama", "Peran", "Unit", "Keadaan sekarang")
    rows = [
        [row.username, row.name, web.tr(ROLE_NAMES[row.role]), unit, "aktif" if row.active else "nonaktif"]
        for row, unit in db.session.execute(query)
    ]
    return columns, rows, ()


def _user_changes(view: View, person: Person) -> Built:
    return _entries(view, person, lambda act: act.startswith("user."))


def _log(view: View, person: Person) -> Built:
    return _entries(view, person, lambda act: True)


def _entries(view: View, person: Person, wanted: Callable[[str], bool]) -> Built:
    columns = _cols(("Waktu", "at"), "Siapa", "Perbuatan", "Hal", "Rincian")
    rows = [
        [
            (entry.at, person.zone),
            who,
            web.tr(people.ACTS.get(entry.act, entry.act)),
            entry.subject,
            "; ".join(f"{key}: {_told(value)}" for key, value in entry.detail.items()),
        ]
        for entry, who in db.session.execute(people.entries(person, since=view.since, until=view.until))
        if wanted(entry.act)
    ]
    return columns, rows, ()


def _told(value: Any) -> str:
    return " → ".join(map(str, value)) if isinstance(value, list) else str(value)


def _books(_view: View, person: Person) -> Built:
    columns = _cols("Aturan", "Keadaan", ("Tempat", "count"), "Di mana")
    rows = [
        [
            web.tr(RULE_NAMES.get(rule.name, rule.name)),
            "terpenuhi" if rule.holds else "TIDAK TERPENUHI",
            len(rule.wrong),
            ", ".join(rule.wrong[:MOST_SHOWN]) if person.level == "ditjenpas" else "",
        ]
        for rule in audit()
    ]
    return columns, rows, ()


PARTS: tuple[tuple[str, str, Callable[[View, Person], Built]], ...] = (
    ("01-nota", "Nota", _notas),
    ("02-baris-nota", "Baris nota", _lines),
    ("03-penjualan-per-hari", "Penjualan per hari", _days),
    ("04-nomor-nota", "Nomor nota tiap meja kasir, dengan yang hilang", _numbers),
    ("05-retur", "Retur", _special(special_tables.returns)),
    ("06-diskon", "Nota berdiskon", _special(special_tables.discounts)),
    ("07-persetujuan-pin", "Persetujuan dengan PIN", _special(special_tables.approvals)),
    ("08-koreksi-cara-bayar", "Koreksi cara bayar", _corrections),
    ("09-dikeluarkan-dari-keranjang", "Dikeluarkan dari keranjang sebelum dibayar", _removals),
    ("10-nota-bercatatan", "Nota dengan catatan", _flagged),
    ("11-dokumen-bertentangan", "Dokumen yang bertentangan", _conflicts),
    ("12-laporan-z", "Laporan Z dan selisih kas", _special(special_tables.variances)),
    ("13-kejadian-laci", "Kas masuk, keluar, serah terima dan hitung laci", _drawer),
    ("14-cara-bayar", "Cara bayar", _special(special_tables.methods)),
    ("15-pelunasan", "Pelunasan nota yang belum dibayar", _settlements),
    ("16-setoran-pnbp", "Setoran PNBP", _deposits),
    ("17-pengguna", "Pengguna dan perannya sekarang", _users),
    ("18-perubahan-pengguna", "Perubahan pengguna", _user_changes),
    ("19-catatan", "Catatan: siapa melakukan apa", _log),
    ("20-pemeriksaan-buku", "Aturan buku sekarang", _books),
)

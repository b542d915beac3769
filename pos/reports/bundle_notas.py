"""The auditor's tables of notas: every one and its lines, their numbers, and what is odd or was put right later."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos import web
from pos.db import db
from pos.register import removals
from pos.register.models import Payment, PaymentCorrection, Sale, SaleConflict, SaleLine
from pos.register.shift_reports import ranges
from pos.register.ways import method_now
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES, FLAG_NAMES, REMOVAL_NAMES, TENDER_NAMES
from pos.reports import odd, specials, sums
from pos.reports.sums import View
from pos.reports.tables import Field, Listed, instant, listed
from pos.units.models import Register, User
from pos.units.services import Person

MOST_SHOWN = 20  # spans of missing numbers of a register


def notas(view: View, _person: Person) -> Listed:
    original, sender = aliased(Sale), aliased(User)
    query = (
        sa.select(
            *(Sale.id, Sale.receipt, Sale.business_date, Sale.sold_at, Sale.recorded_at, Sale.zone),
            *(Sale.gallery_name, Sale.seller_name, Sale.buyer, Sale.channel),
            *(Sale.discount, Sale.rounding, Sale.total, Sale.note, Sale.flags),
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
    return listed(_fields_of_notas(_ways(view)), db.session.execute(specials.of_sales(query, view)))


def _fields_of_notas(ways: dict[str, list[str]]) -> list[Field]:
    return [
        Field("Nota", "receipt"),
        Field("Tanggal usaha", "business_date", "day"),
        Field("Terjual", instant("sold_at"), "at"),
        Field("Tercatat", instant("recorded_at"), "at"),
        Field("Zona", "zone"),
        Field("Galeri", "gallery_name"),
        Field("Unit", "seller_name"),
        Field("Kasir", "cashier"),
        Field("Dikirim oleh", "sender"),
        Field("Pembeli", lambda nota: web.tr(BUYER_NAMES[nota.buyer])),
        Field("Kanal", lambda nota: web.tr(CHANNEL_NAMES[nota.channel])),
        Field("Cara bayar", lambda nota: ", ".join(ways.get(nota.id, []))),
        Field("Diskon nota", "discount", "rupiah", True),
        Field("Pembulatan", "rounding", "rupiah", True),
        Field("Total", "total", "rupiah", True),
        Field("Retur atas nota", "refund_of"),
        Field("Keterangan", "note"),
        Field("Catatan", _flags),
    ]


def _ways(view: View) -> dict[str, list[str]]:
    query = sa.select(Payment.sale_id, method_now().label("method")).select_from(Payment).join(Sale)
    found: dict[str, list[str]] = {}
    for row in db.session.execute(specials.of_sales(query, view).order_by(Payment.sale_id, Payment.position)):
        named = found.setdefault(row.sale_id, [])
        if (name := web.tr(TENDER_NAMES[row.method])) not in named:
            named.append(name)
    return found


def _flags(nota: Any) -> str:
    return "; ".join(web.tr(FLAG_NAMES.get(flag, flag)) for flag in nota.flags.split())


def lines(view: View, _person: Person) -> Listed:
    query = (
        sa.select(Sale.receipt, *SaleLine.__table__.c)
        .select_from(SaleLine)
        .join(Sale, Sale.id == SaleLine.sale_id)
        .where(SaleLine.business_date.between(view.since, view.until))
        .order_by(Sale.receipt, SaleLine.position)
    )
    fields = [
        Field("Nota", "receipt"),
        Field("Baris", lambda line: line.position + 1, "count"),
        Field("Kode", "barcode"),
        Field("Produk", "name"),
        Field("Kategori", "category"),
        Field("Pembuat", "maker_name"),
        Field("Bengkel kerja", lambda line: line.workshop or ""),
        Field("Buatan WBP", lambda line: "ya" if line.wbp_made else "bukan"),
        Field("Jumlah", "quantity", "quantity"),
        Field("Satuan", "unit_of_measure"),
        Field("Harga", "unit_price", "rupiah"),
        Field("Nilai", "amount", "rupiah", True),
        Field("Modal", "cost", "rupiah", True),
        Field("PNBP", "pnbp", "rupiah", True),
        Field("Premi", "premi", "rupiah", True),
        Field("Bagian lain", "other_shares", "rupiah", True),
    ]
    return listed(fields, db.session.execute(specials.of_sales(query, view)))


def days(view: View, _person: Person) -> Listed:
    fields = [
        Field("Hari", lambda row: date.fromisoformat(row.key), "day"),
        Field("Omzet", "omzet", "rupiah", True),
        Field("Di luar WBP", "other", "rupiah", True),
        Field("Nota", "sales", "count", True),
        Field("Jumlah", "pieces", "quantity", True),
        Field("PNBP", "pnbp", "rupiah", True),
        Field("Premi", "premi", "rupiah", True),
    ]
    return listed(fields, sums.breakdown(view, "day"))


# -- their numbers -------------------------------------------------------------------------------------


def numbers(view: View, _person: Person) -> Listed:
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
    found = db.session.execute(specials.of_sales(query, view)).all()
    missing = {row.id: _missing(row.id) for row in found}
    fields = [
        Field("Meja kasir", "code"),
        Field("Nomor pertama", "first", "count"),
        Field("Nomor terakhir", "last", "count"),
        Field("Nota", "notas", "count", True),
        Field("Nomor hilang sejak awal", lambda row: len(missing[row.id]), "count", True),
        Field("Yang hilang", lambda row: _spans(missing[row.id])),
    ]
    return listed(fields, found)


def _missing(register_id: int) -> list[int]:
    of = Sale.register_id == register_id
    count, last = db.session.execute(sa.select(sa.func.count(), sa.func.max(Sale.number)).where(of)).one()
    if count == last:
        return []
    present = set(db.session.scalars(sa.select(Sale.number).where(of)))
    return [number for number in range(1, last + 1) if number not in present]


def _spans(missing: list[int]) -> str:
    """`3, 7-9`"""
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in ranges(missing)[:MOST_SHOWN])


# -- what is odd, and what was put right ---------------------------------------------------------------


def corrections(view: View, _person: Person) -> Listed:
    query = (
        sa.select(PaymentCorrection, Sale.receipt, Sale.zone, User.name)
        .join(Sale, Sale.id == PaymentCorrection.sale_id)
        .join(User, User.id == PaymentCorrection.user_id)
        .order_by(PaymentCorrection.id)
    )
    fields = [
        Field("Nota", "receipt"),
        Field("Waktu", lambda row: (row[0].at, row.zone), "at"),
        Field("Dari", lambda row: web.tr(TENDER_NAMES[row[0].from_method])),
        Field("Rujukan semula", lambda row: row[0].from_reference),
        Field("Menjadi", lambda row: web.tr(TENDER_NAMES[row[0].to_method])),
        Field("Rujukan", lambda row: row[0].to_reference),
        Field("Alasan", lambda row: row[0].reason),
        Field("Oleh", "name"),
        Field("Disetujui oleh", lambda row: row[0].approval.approver.name if row[0].approval else None),
    ]
    return listed(fields, db.session.execute(specials.of_sales(query, view)))


def removed(view: View, person: Person) -> Listed:
    fields = [
        Field("Waktu", instant("at"), "at"),
        Field("Zona", "zone"),
        Field("Galeri", "gallery"),
        Field("Meja kasir", "register"),
        Field("Kasir", "cashier"),
        Field("Kejadian", lambda row: web.tr(REMOVAL_NAMES[row.kind])),
        Field("Produk", "name"),
        Field("Kode", "barcode"),
        Field("Jumlah", "quantity", "quantity"),
        Field("Satuan", "unit_of_measure"),
        Field("Nilai", "amount", "rupiah", True),
        Field("Nota", "receipt"),
    ]
    return listed(fields, db.session.execute(removals.removals(person, since=view.since, until=view.until)))


def flagged(view: View, _person: Person) -> Listed:
    query = (
        sa.select(Sale.receipt, Sale.sold_at, Sale.recorded_at, Sale.zone, Sale.gallery_name, Sale.total, Sale.flags)
        .select_from(Sale)
        .where(Sale.flags != "")
        .order_by(Sale.sold_at, Sale.receipt)
    )
    fields = [
        Field("Nota", "receipt"),
        Field("Terjual", instant("sold_at"), "at"),
        Field("Tercatat", instant("recorded_at"), "at"),
        Field("Galeri", "gallery_name"),
        Field("Catatan", _flags),
        Field("Total", "total", "rupiah", True),
    ]
    return listed(fields, db.session.execute(specials.of_sales(query, view)))


def conflicts(view: View, person: Person) -> Listed:
    fields = [
        Field("Nota tercatat", "receipt"),
        Field("Unit", "seller_name"),
        Field("Diterima", instant("received_at"), "at"),
        Field("Pengirim", "sender"),
        Field("Total tercatat", "total", "rupiah"),
        Field("Total dokumen ini", lambda row: row.document.get("total"), "rupiah"),
    ]
    within_days = specials.within_days(view, SaleConflict.received_at, person.zone)
    return listed(fields, db.session.execute(odd.conflicts(person).where(within_days)))

"""People as an admin tends them: who they are, what they may, their passwords; and the log of who did what."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from argon2.exceptions import Argon2Error

from pos import clock
from pos.db import atomic, db, search_words
from pos.errors import N_, NotFound, PosError
from pos.units.models import AuditEntry, Unit, User
from pos.units.services import Person, check_role, hash_password, hasher, log, unit_ids, within


def people(person: Person, words: str = "", role: str = "", closed: bool = False) -> Any:
    """Query of `User, Unit` in scope, by name; `words` are looked for in names and unit."""
    query = sa.select(User, Unit).join(Unit, Unit.id == User.unit_id).where(within(person)).order_by(User.name, User.id)
    if not closed:
        query = query.where(User.active)
    if role:
        query = query.where(User.role == role)
    for word in search_words(words):
        text = sa.func.lower(User.name + " " + User.username + " " + Unit.name)
        query = query.where(text.contains(word, autoescape=True))
    return query


def user_for(person: Person, user_id: int) -> User:
    user = db.session.scalar(sa.select(User).join(Unit).where(User.id == user_id, within(person)))
    if user is None:
        raise NotFound("Pengguna ini tidak ada atau di luar wewenang Anda.")
    return user


def change_user(user: User, by: Person, *, name: str, role: str, unit: Unit, active: bool) -> None:
    """A new role, unit or name; who is deactivated is signed out at once. Nobody does this to themselves."""
    check_role(role)
    if user.id == by.id and not active:
        raise PosError("Anda tidak bisa menonaktifkan diri sendiri.", fields={"active": N_("Ini akun Anda sendiri.")})
    if user.id == by.id and (role != user.role or unit.id != user.unit_id):
        raise PosError(
            "Peran dan unit sendiri diubah oleh admin lain.", fields={"role": N_("Minta admin lain mengubahnya.")}
        )
    name = " ".join(name.split()) or user.username
    before = {"name": user.name, "role": user.role, "unit": user.unit.name, "active": user.active}
    now = {"name": name, "role": role, "unit": unit.name, "active": active}
    with atomic():
        user.name, user.role, user.unit_id, user.active = name, role, unit.id, active
        if not active:
            user.session_stamp = secrets.token_hex(8)
        changed = {key: [old, now[key]] for key, old in before.items() if now[key] != old}
        log("user.change" if active else "user.close", user.username, by, unit.id, **changed)


def set_password(user: User, by: Person, password: str) -> str:
    """A new password; signs the person out everywhere. Returns the new session stamp."""
    password_hash = hash_password(password)
    with atomic():
        user.password_hash, user.session_stamp = password_hash, secrets.token_hex(8)
        log("user.password", user.username, by, user.unit_id)
    return user.session_stamp


def change_own_password(person: Person, old: str, new: str) -> None:
    user = user_for(person, person.id)
    try:
        hasher.verify(user.password_hash, old)
    except Argon2Error:
        raise PosError("Kata sandi lama salah.", fields={"old": N_("Kata sandi lama salah.")}) from None
    set_password(user, person, new)


# -- the log -------------------------------------------------------------------------------------------

ACTS = {
    "install": N_("Etalase dipasang"),
    "sign_in": N_("Masuk"),
    "sign_in.refused": N_("Gagal masuk"),
    "audit.bundle": N_("Berkas pemeriksaan diambil"),
    "user.add": N_("Pengguna ditambah"),
    "user.change": N_("Pengguna diubah"),
    "user.close": N_("Pengguna dinonaktifkan"),
    "user.password": N_("Kata sandi diganti"),
    "user.pin": N_("PIN diganti"),
    "approve": N_("Disetujui dengan PIN"),
    "approve.refused": N_("PIN salah"),
    "unit.change": N_("Unit diubah"),
    "unit.letterhead": N_("Kop surat diubah"),
    "units.load": N_("Daftar unit dimuat"),
    "gallery.add": N_("Galeri ditambah"),
    "gallery.change": N_("Galeri diubah"),
    "register.add": N_("Kasir ditambah"),
    "register.change": N_("Kasir diubah"),
    "device.enrol": N_("Perangkat didaftarkan"),
    "device.revoke": N_("Perangkat dicabut"),
    "sales.import": N_("Nota diimpor"),
    "shift.open": N_("Giliran dibuka"),
    "shift.cash_in": N_("Kas masuk laci"),
    "shift.cash_out": N_("Kas keluar laci"),
    "shift.handover": N_("Giliran diserahterimakan"),
    "shift.count": N_("Laci dihitung"),
    "shift.close": N_("Giliran ditutup"),
    "payment.correct": N_("Cara bayar dikoreksi"),
    "sale.settle": N_("Pelunasan diterima"),
    "product.add": N_("Produk ditambah"),
    "product.edit": N_("Produk diubah"),
    "product.price": N_("Harga diganti"),
    "product.barcode": N_("Kode batang ditambah"),
    "product.photo": N_("Foto produk diganti"),
    "product.certificate": N_("Sertifikat dicatat"),
    "product.certificate.correct": N_("Sertifikat dibetulkan"),
    "product.certificate.withdraw": N_("Sertifikat dicabut"),
    "product.certificate.cancel": N_("Sertifikat yang belum mulai dibatalkan"),
    "products.bulk": N_("Banyak produk diubah sekaligus"),
    "products.import": N_("Daftar produk diimpor"),
    "label.layout": N_("Tata letak label disimpan"),
    "label.layout.removed": N_("Tata letak label dihapus"),
    "label.printer": N_("Printer label disimpan"),
    "label.printer.removed": N_("Printer label dihapus"),
    "shelf.opened": N_("Etalase publik dibuka"),
    "shelf.closed": N_("Etalase publik ditutup"),
    "shelf.changed": N_("Etalase publik diubah"),
    "product.archive": N_("Produk diarsipkan"),
    "product.sold": N_("Produk satu-satunya terjual"),
    "product.restore": N_("Produk dijual lagi"),
    "campaign.add": N_("Kampanye dibuat"),
    "campaign.edit": N_("Kampanye diubah"),
    "officers.replace": N_("Daftar petugas diganti"),
    "consignment.terms": N_("Komisi titip jual ditetapkan"),
    "consignment.settle": N_("Titip jual dibayar"),
    "consignment.received": N_("Pembayaran titip jual diterima"),
    "consignment.refused": N_("Pembayaran titip jual disangkal"),
    "stock.receive": N_("Barang diterima"),
    "stock.adjust": N_("Stok dikoreksi"),
    "stock.minimum": N_("Stok minimum diubah"),
    "stock.send": N_("Barang dikirim"),
    "stock.arrive": N_("Kiriman tiba"),
    "stock.recall": N_("Kiriman ditarik kembali"),
    "stock.arrived": N_("Yang kurang ditemukan di galeri tujuan"),
    "stock.returned": N_("Yang kurang masih di galeri asal"),
    "stock.lost": N_("Yang kurang dinyatakan hilang"),
    "stock.sent": N_("Yang lebih memang dikirim"),
    "stock.miscounted": N_("Yang lebih ternyata salah hitung"),
    "stock.foreign": N_("Yang lebih bukan dari galeri asal"),
    "stock.write_off": N_("Barang dihapus"),
    "stock.opname.open": N_("Opname dibuka"),
    "stock.opname.approve": N_("Opname disetujui"),
    "stock.opname.cancel": N_("Opname dibatalkan"),
    "deposit.add": N_("Setoran dicatat"),
    "deposit.take_back": N_("Setoran dibatalkan"),
    "deposit.link": N_("Setoran ditautkan"),
    "deposit.link_all": N_("Semua setoran ditautkan"),
    "billing.add": N_("Kode billing dicatat"),
    "billing.cancel": N_("Kode billing dibatalkan"),
    "deposit_rule.add": N_("Aturan jatuh tempo setoran diubah"),
    "off_day.add": N_("Hari libur setoran ditambah"),
    "off_day.remove": N_("Hari libur setoran dihapus"),
    "pnbp_target.set": N_("Target PNBP ditetapkan"),
    "treasury.import": N_("Baris kas negara diimpor"),
    "treasury.note": N_("Catatan pencocokan ditambah"),
    "late.enter": N_("Nota susulan dimasukkan"),
    "late.photo": N_("Foto nota susulan diganti"),
    "late.approve": N_("Nota susulan disetujui"),
    "late.reject": N_("Nota susulan ditolak"),
    "figure.submit": N_("Angka kampanye diajukan"),
    "figure.verified": N_("Angka kampanye diverifikasi"),
    "figure.returned": N_("Angka kampanye dikembalikan"),
    "campaign.declare": N_("Hasil kampanye dideklarasikan"),
    "scheme.add": N_("Skema bagi hasil ditambah"),
    "scheme.withdraw": N_("Skema yang belum berlaku dibatalkan"),
    "recap.schedule": N_("Jadwal rekap sore diubah"),
    "printer.change": N_("Printer kasir diubah"),
}


def entries(
    person: Person, words: str = "", act: str = "", since: date | None = None, until: date | None = None
) -> Any:
    """Query of `AuditEntry, User name` in scope, the newest first; days are the reader's local days.

    What belongs to no unit (a sign-in with an unknown name) is shown to those over the whole nation.
    """
    mine: Any = AuditEntry.unit_id.in_(unit_ids(person))
    if person.level == "ditjenpas":
        mine = sa.or_(mine, AuditEntry.unit_id.is_(None))
    query = (
        sa.select(AuditEntry, User.name.label("who"))
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(mine)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    )
    if act:
        query = query.where(AuditEntry.act == act)
    if since and _usual(since):
        query = query.where(AuditEntry.at >= _midnight(since, person.zone))
    if until and _usual(until):
        query = query.where(AuditEntry.at < _midnight(until + timedelta(days=1), person.zone))
    for word in search_words(words):
        text = sa.func.lower(AuditEntry.subject + " " + sa.func.coalesce(User.name, ""))
        query = query.where(text.contains(word, autoescape=True))
    return query


def acts(person: Person) -> list[str]:
    """The acts that occur in the person's log, for its filter."""
    query = entries(person).order_by(None).with_only_columns(AuditEntry.act).distinct()
    return sorted(db.session.scalars(query))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), clock.ZONES[zone]).astimezone(UTC)


def _usual(day: date) -> bool:
    """Whether the day's midnight is an instant in every zone, and one that can be meant."""
    return day >= clock.BEGINNING and day.year < clock.FOREVER.year

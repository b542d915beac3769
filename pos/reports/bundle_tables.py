"""What an auditor takes along, as tables: the notas and what was done about them, drawers, money, people, the log."""

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos import web
from pos.db import db
from pos.errors import N_, NC_
from pos.register.models import Sale, Settlement
from pos.register.shift_models import Shift, ShiftEvent
from pos.register.words import METHOD_NAMES
from pos.reports import bundle_notas, special_tables, specials
from pos.reports.audit import Rule, audit
from pos.reports.sums import View
from pos.reports.tables import Field, Listed, Table, instant, listed
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
MOST_SHOWN = 20  # places where a rule fails


def tables(view: View, person: Person) -> Iterator[Table]:
    """Every table of the bundle, in the order in which they are read; `view` has the days and the reader's node."""
    for name, title, build in PARTS:
        made = build(view, person)
        yield Table(name, title, [], made.columns, made.rows, made.total)


def _special(build: Callable[[View], Listed]) -> Callable[[View, Person], Listed]:
    return lambda view, _person: build(view)


# -- drawers and money ---------------------------------------------------------------------------------


def _drawer(view: View, _person: Person) -> Listed:
    taker = aliased(User)
    query = (
        sa.select(
            Register.code,
            Shift.number,
            Shift.zone,
            *(ShiftEvent.kind, ShiftEvent.recorded_at, ShiftEvent.amount, ShiftEvent.expected, ShiftEvent.reason),
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
    fields = [
        Field("Giliran", lambda event: f"{event.code} #{event.number}"),
        Field("Waktu", instant("recorded_at"), "at"),
        Field("Kejadian", lambda event: EVENT_NAMES[event.kind]),
        Field("Jumlah", "amount", "rupiah"),
        Field("Seharusnya", "expected", "rupiah"),
        Field("Alasan", "reason"),
        Field("Oleh", "who"),
        Field("Kepada", "to"),
    ]
    return listed(fields, db.session.execute(specials.placed(query, view, Register.gallery_id, Shift.business_date)))


def _settlements(view: View, person: Person) -> Listed:
    query = (
        sa.select(
            Sale.receipt,
            Register.code,
            *(Settlement.at, Settlement.method, Settlement.reference, Settlement.amount),
            User.name.label("who"),
        )
        .select_from(Settlement)
        .join(Sale, Sale.id == Settlement.sale_id)
        .join(Register, Register.id == Settlement.register_id)
        .join(User, User.id == Settlement.user_id)
        .where(specials.within_days(view, Settlement.at, person.zone))
        .order_by(Settlement.at, Settlement.id)
    )
    fields = [
        Field("Nota", "receipt"),
        Field("Waktu", instant("at", person.zone), "at"),
        Field("Meja kasir", "code"),
        Field("Cara bayar", lambda row: web.tr(METHOD_NAMES[row.method])),
        Field("Rujukan", "reference"),
        Field("Oleh", "who"),
        Field("Jumlah", "amount", "rupiah", True),
    ]
    return listed(fields, db.session.execute(specials.placed(query, view, Register.gallery_id, view.until)))


def _deposits(view: View, person: Person) -> Listed:
    fields = [
        Field("Hari", "day", "day"),
        Field("Unit", lambda deposit: deposit.unit.name),
        Field("NTPN", "ntpn"),
        Field("Kode billing", "billing_code"),
        Field("Keterangan", "note"),
        Field("Jumlah", "amount", "rupiah", True),
    ]
    return listed(fields, db.session.scalars(deposits(person, since=view.since, until=view.until)))


# -- people, log, books --------------------------------------------------------------------------------


def _users(_view: View, person: Person) -> Listed:
    query = sa.select(User.username, User.name, User.role, User.active, Unit.name.label("unit"))
    fields = [
        Field("Nama masuk", "username"),
        Field("Nama", "name"),
        Field("Peran", lambda user: web.tr(ROLE_NAMES[user.role])),
        Field("Unit", "unit"),
        Field("Keadaan sekarang", lambda user: "aktif" if user.active else "nonaktif"),
    ]
    query = query.join(Unit, Unit.id == User.unit_id).where(within(person)).order_by(User.username)
    return listed(fields, db.session.execute(query))


def _log(view: View, person: Person, acts: str = "") -> Listed:
    """What people did; `acts` is how the acts begin that are asked for."""
    fields = [
        Field("Waktu", lambda row: (row[0].at, person.zone), "at"),
        Field("Siapa", lambda row: row[1]),
        Field("Perbuatan", lambda row: web.tr(people.ACTS.get(row[0].act, row[0].act))),
        Field("Hal", lambda row: row[0].subject),
        Field("Rincian", lambda row: "; ".join(f"{key}: {_told(value)}" for key, value in row[0].detail.items())),
    ]
    found = db.session.execute(people.entries(person, since=view.since, until=view.until))
    return listed(fields, (row for row in found if row[0].act.startswith(acts)))


def _user_changes(view: View, person: Person) -> Listed:
    return _log(view, person, "user.")


def _told(value: Any) -> str:
    return " → ".join(map(str, value)) if isinstance(value, list) else str(value)


def _books(_view: View, person: Person) -> Listed:
    return rules_table(audit(), person)


def rules_table(rules: list[Rule], person: Person) -> Listed:
    """A row for each rule; only who sees the nation is told the places where one fails."""

    def places(rule: Rule) -> str:
        return ", ".join(rule.wrong[:MOST_SHOWN]) if person.level == "ditjenpas" else ""

    fields = [
        Field("Aturan", lambda rule: web.tr(RULE_NAMES.get(rule.name, rule.name))),
        Field("Keadaan", lambda rule: "terpenuhi" if rule.holds else "TIDAK TERPENUHI"),
        Field("Tempat", lambda rule: len(rule.wrong), "count"),
        Field("Di mana", places),
    ]
    return listed(fields, rules)


PARTS: tuple[tuple[str, str, Callable[[View, Person], Listed]], ...] = (
    ("01-nota", NC_("daftar", "Nota"), bundle_notas.notas),
    ("02-baris-nota", N_("Baris nota"), bundle_notas.lines),
    ("03-penjualan-per-hari", N_("Penjualan per hari"), bundle_notas.days),
    ("04-nomor-nota", N_("Nomor nota tiap meja kasir, dengan yang hilang"), bundle_notas.numbers),
    ("05-retur", N_("Retur"), _special(special_tables.returns)),
    ("06-diskon", N_("Nota berdiskon"), _special(special_tables.discounts)),
    ("07-persetujuan-pin", N_("Persetujuan dengan PIN"), _special(special_tables.approvals)),
    ("08-koreksi-cara-bayar", N_("Koreksi cara bayar"), bundle_notas.corrections),
    ("09-dikeluarkan-dari-keranjang", N_("Dikeluarkan dari keranjang sebelum dibayar"), bundle_notas.removed),
    ("10-nota-bercatatan", N_("Nota dengan catatan"), bundle_notas.flagged),
    ("11-dokumen-bertentangan", N_("Dokumen yang bertentangan"), bundle_notas.conflicts),
    ("12-laporan-z", N_("Laporan Z dan selisih kas"), _special(special_tables.variances)),
    ("13-kejadian-laci", N_("Kas masuk, keluar, serah terima dan hitung laci"), _drawer),
    ("14-cara-bayar", N_("Cara bayar"), _special(special_tables.methods)),
    ("15-pelunasan", N_("Pelunasan nota yang belum dibayar"), _settlements),
    ("16-setoran-pnbp", N_("Setoran PNBP"), _deposits),
    ("17-pengguna", N_("Pengguna dan perannya sekarang"), _users),
    ("18-perubahan-pengguna", N_("Perubahan pengguna"), _user_changes),
    ("19-catatan", N_("Catatan: siapa melakukan apa"), _log),
    ("20-pemeriksaan-buku", N_("Aturan buku sekarang"), _books),
)

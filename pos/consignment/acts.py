"""What seller and maker do: agree on a commission, pay over, confirm that the money came."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pos import clock, money
from pos.consignment.models import WHOLE, ConsignmentAnswer, ConsignmentSettlement, ConsignmentTerms
from pos.consignment.services import outstanding, pair_for, within_scope
from pos.db import atomic, db
from pos.errors import N_, Conflict, Forbidden, NotFound, PosError, Sentence
from pos.units.models import Unit
from pos.units.services import Person, log


@dataclass(frozen=True)
class Paid:
    """What a seller paid over: for which days, how many rupiah, by which proof."""

    since: date
    until: date
    amount: int
    reference: str
    note: str = ""


def agree(person: Person, seller_id: int, maker_id: int, commission: int, from_day: date) -> ConsignmentTerms:
    """From a day on (never a past one) the seller keeps `commission` hundredths of a percent.

    The maker's side writes it down, for it is the maker's money.
    """
    seller, maker = pair_for(person, seller_id, maker_id)
    if not within_scope(person, maker):
        raise Forbidden("Komisi dicatat oleh pihak pembuat barang.")
    wrong: dict[str, str | Sentence] = {}
    if not 0 <= commission <= WHOLE:
        wrong["commission"] = N_("Isi 0 sampai 100 persen.")
    if from_day < clock.today(seller.zone):
        wrong["from_day"] = N_("Tidak bisa berlaku surut: yang sudah terjual tetap seperti kesepakatannya.")
    if wrong:
        raise PosError("Kesepakatan belum benar.", fields=wrong)
    with atomic() as session:
        row = ConsignmentTerms(
            seller_id=seller.id,
            maker_id=maker.id,
            from_day=from_day,
            commission=commission,
            user_id=person.id,
            at=clock.now(),
        )
        session.add(row)
        log("consignment.terms", f"{seller.name} > {maker.name}", person, maker.id, commission=commission)
        session.flush()
    return row


def settle(person: Person, settlement_id: str, seller_id: int, maker_id: int, paid: Paid) -> ConsignmentSettlement:
    """Record that the seller paid over what it owes, exactly once by its id; the maker confirms it."""
    seller, maker = pair_for(person, seller_id, maker_id)
    if not within_scope(person, seller):
        raise Forbidden("Pembayaran dicatat oleh pihak penjual.")
    with atomic() as session:
        session.execute(sa.select(Unit.id).where(Unit.id == seller.id).with_for_update(key_share=True))
        if known := session.get(ConsignmentSettlement, settlement_id):
            if (known.seller_id, known.maker_id, known.amount) != (seller.id, maker.id, paid.amount):
                raise Conflict("Id ini sudah dipakai untuk pembayaran lain.")
            return known
        _check(paid, outstanding(seller, maker), seller)
        row = ConsignmentSettlement(
            id=settlement_id,
            seller_id=seller.id,
            maker_id=maker.id,
            from_day=paid.since,
            until_day=paid.until,
            amount=paid.amount,
            reference=paid.reference,
            note=paid.note,
            user_id=person.id,
            at=clock.now(),
        )
        session.add(row)
        log("consignment.settle", f"{seller.name} > {maker.name}", person, seller.id, amount=paid.amount)
        session.flush()
    return row


def _check(paid: Paid, owed: int, seller: Unit) -> None:
    wrong: dict[str, str | Sentence] = {}
    if paid.amount <= 0:
        wrong["amount"] = N_("Tulis jumlah uangnya.")
    elif paid.amount > owed:
        wrong["amount"] = Sentence(N_("Yang belum dibayar tinggal %(owed)s."), owed=money.rupiah(max(owed, 0)))
    if paid.since > paid.until:
        wrong["until"] = N_("Hari akhir mendahului hari awal.")
    if paid.until > clock.today(seller.zone):
        wrong["until"] = N_("Hari ini belum tiba.")
    if not paid.reference:
        wrong["reference"] = N_("Tulis nomor bukti bayarnya.")
    if wrong:
        raise PosError("Pembayaran belum benar.", fields=wrong)


def settlement_for(person: Person, settlement_id: str) -> ConsignmentSettlement:
    row = db.session.get(ConsignmentSettlement, settlement_id)
    if row is None or not (within_scope(person, row.maker) or within_scope(person, row.seller)):
        raise NotFound("Pembayaran ini tidak ada atau di luar wewenang Anda.")
    return row


def answer(person: Person, settlement_id: str, received: bool, note: str = "") -> ConsignmentAnswer:
    """The maker says whether the money came; where it did not, the settlement counts for nothing any more."""
    row = settlement_for(person, settlement_id)
    if not within_scope(person, row.maker):
        raise Forbidden("Penerimaan uang dinyatakan oleh pihak pembuat barang.")
    if not received and not note:
        raise PosError("Perlu alasan.", fields={"note": N_("Tulis mengapa tidak diterima.")})
    with atomic() as session:
        session.execute(sa.select(Unit.id).where(Unit.id == row.seller_id).with_for_update(key_share=True))
        if session.get(ConsignmentAnswer, row.id):
            raise Conflict("Pembayaran ini sudah dijawab.")
        said = ConsignmentAnswer(settlement_id=row.id, received=received, note=note, user_id=person.id, at=clock.now())
        session.add(said)
        act = "consignment.received" if received else "consignment.refused"
        log(act, f"{row.seller.name} > {row.maker.name}", person, row.maker_id, amount=row.amount, note=note)
        session.flush()
    return said

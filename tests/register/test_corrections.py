"""A payment written down in the wrong way is put right by an event of its own; no money moves."""

from typing import Any

import pytest
import sqlalchemy as sa

from pos.db import db
from pos.errors import Conflict, Forbidden, PosError
from pos.receipts.slip import slip_of
from pos.register.corrections import Way, correct, corrections_of, ways_of
from pos.register.history import facts
from pos.register.lookup import sale_numbered
from pos.register.models import Payment, PaymentCorrection
from pos.register.shift_models import Shift
from pos.register.shift_reports import report
from pos.reports.audit import audit
from pos.units.pins import WrongPin
from tests import world
from tests.register.after import PIN, give_pin, sale_row
from tests.register.drawer import close, count, open_shift

QRIS = Way("qris", "QR 77")


def test_the_way_changes_and_the_money_does_not(ctx: Any) -> None:
    sale = sale_row(world.sell().id)
    correct(sale, 0, QRIS, "Salah tekan", world.person("petugas"))
    assert ways_of(sale) == {0: QRIS}
    assert slip_of(sale, "https://etalase.test").paid == (
        ("Tunai", 165_000),
        ("Kembalian", 5_000),
        ("Dikoreksi: QRIS QR 77", 160_000),
    )
    payment = db.session.scalars(sa.select(Payment)).one()
    assert (payment.method, payment.tendered, payment.change) == ("cash", 165_000, 5_000)
    assert facts(world.person("kasir"), sale.receipt)["paid"][0]["method"] == "qris"


def test_the_newest_word_holds_and_all_are_kept(ctx: Any) -> None:
    sale = sale_row(world.sell().id)
    for to in (QRIS, Way("transfer", "TRF 1"), Way("cash", "")):
        correct(sale, 0, to, "Salah tekan", world.person("petugas"))
    assert ways_of(sale)[0] == Way("cash", "")
    told = [(one.from_method, one.to_method) for one in corrections_of(sale)]
    assert told == [("cash", "qris"), ("qris", "transfer"), ("transfer", "cash")]
    with pytest.raises(Conflict):
        correct(sale, 0, Way("cash", ""), "Lagi", world.person("petugas"))


def test_a_cashier_corrects_with_the_pin_of_the_staff(ctx: Any) -> None:
    give_pin("petugas")
    sale, kasir = sale_row(world.sell().id), world.person("kasir")
    with pytest.raises(Forbidden):
        correct(sale, 0, QRIS, "Salah tekan", kasir)
    with pytest.raises(WrongPin):
        correct(sale, 0, QRIS, "Salah tekan", kasir, ("petugas", "000000"))
    correct(sale, 0, QRIS, "Salah tekan", kasir, ("petugas", PIN))
    approval = corrections_of(sale)[0].approval
    assert approval and (approval.act, approval.approver.username) == ("correction", "petugas")


@pytest.mark.parametrize(
    ("to", "reason"),
    [(Way("emas", ""), "x"), (Way("qris", ""), "x"), (Way("transfer", "x" * 61), "x"), (Way("cash", ""), " ")],
)
def test_what_cannot_be_is_refused(ctx: Any, to: Way, reason: str) -> None:
    sale = sale_row(world.sell().id)
    with pytest.raises(PosError):
        correct(sale, 0, to, reason, world.person("petugas"))
    assert corrections_of(sale) == []


def test_more_than_qris_carries_was_not_paid_by_qris(ctx: Any) -> None:
    paid = {"payments": [{"method": "transfer", "tendered": 13_000_000, "change": 0, "reference": "T"}]}
    sale = sale_row(world.sell("kasir-kdi", "KDI-1", [("Meja jati", 2000)], **paid).id)
    with pytest.raises(PosError):
        correct(sale, 0, QRIS, "Salah tekan", world.person("admin"))


def test_a_correction_is_written_once(ctx: Any) -> None:
    correct(sale_row(world.sell().id), 0, QRIS, "Salah tekan", world.person("petugas"))
    for statement in ("UPDATE payment_correction SET reason = 'x'", "DELETE FROM payment_correction"):
        with pytest.raises(sa.exc.DatabaseError, match="written once"), db.engine.begin() as connection:
            connection.execute(sa.text(statement))


def test_the_page_corrects_and_the_nota_and_the_list_say_so(app: Any, as_staff: Any) -> None:
    with app.app_context():
        receipt = world.sell().receipt
    page = f"/penjualan/{receipt}/bayar/0"
    assert "Tunai" in as_staff.get(page).text
    refused = as_staff.post(page, data={"method": "qris", "reference": "", "reason": "Salah tekan"})
    assert refused.status_code == 422 and "nomor referensi" in refused.text and "Salah tekan" in refused.text
    done = as_staff.post(page, data={"method": "qris", "reference": "QR 77", "reason": "Salah tekan"})
    assert done.status_code == 302
    nota = as_staff.get(f"/penjualan/{receipt}").text
    assert "QR 77" in nota and "Salah tekan" in nota and "dikoreksi" in nota
    assert "QRIS" in as_staff.get("/penjualan").text
    assert as_staff.get("/api/sales?register=AMB-1").json["sales"][0]["methods"] == ["qris"]


def test_a_cashiers_page_asks_for_the_pin(app: Any, as_cashier: Any) -> None:
    with app.app_context():
        give_pin("petugas")
        receipt = world.sell().receipt
    page = f"/penjualan/{receipt}/bayar/0"
    asked = {"method": "debit", "reference": "D 1", "reason": "Salah tekan", "username": "petugas", "pin": "000000"}
    refused = as_cashier.post(page, data=asked)
    assert refused.status_code == 422 and "Nama atau PIN salah" in refused.text
    assert as_cashier.post(page, data=asked | {"pin": PIN}).status_code == 302
    with app.app_context():
        assert ways_of(sale_numbered(receipt))[0] == Way("debit", "D 1")


def test_a_z_counts_a_payment_as_it_was_corrected_before_the_drawer_was_counted(ctx: Any) -> None:
    shift = open_shift(float=0)
    first, second = (sale_row(world.sell(shift=shift["id"]).id) for _ in range(2))
    correct(first, 0, QRIS, "Salah tekan", world.person("petugas"))
    assert count(shift, 160_000)["variance"] == 0
    close(shift, 160_000)
    correct(second, 0, QRIS, "Terlambat", world.person("petugas"))
    z = report(db.session.get_one(Shift, shift["id"]))
    assert z["methods"] == {"cash": {"sold": 160_000, "returned": 0}, "qris": {"sold": 160_000, "returned": 0}}
    assert all(rule.holds for rule in audit())


def test_a_correction_that_does_not_follow_is_named(ctx: Any) -> None:
    sale = sale_row(world.sell().id)
    correct(sale, 0, QRIS, "Salah tekan", world.person("petugas"))
    row = dict(db.session.execute(sa.select(PaymentCorrection.__table__)).mappings().one())
    again = {"from_method": "transfer", "from_reference": "X", "to_method": "debit", "approval_id": None}
    db.session.execute(sa.insert(PaymentCorrection).values(row | again | {"id": row["id"] + 1}))
    broken = {rule.name: rule.wrong for rule in audit() if not rule.holds}
    assert broken == {"corrections of payments follow one another": [f"{sale.receipt} #1"]}
    db.session.rollback()

"""A cashier's refund wants the word of somebody of the staff, given by PIN, once, here and lately."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pos import clock
from pos.db import db
from pos.errors import NotFound, PosError
from pos.register.approvals import approve
from pos.register.models import Approval, Sale
from pos.register.services import record
from pos.units.models import AuditEntry
from pos.units.pins import WrongPin
from tests import world
from tests.register.after import PIN, give_back, give_pin, refund_body, sale_row


@pytest.fixture
def agreed(ctx: Any) -> str:
    """The id of an approval of a refund at AMB-1, a moment ago."""
    return agree()


def agree(act: str = "refund", register: str = "AMB-1") -> str:
    give_pin("petugas")
    return approve(world.person("kasir"), act, register, "petugas", PIN, "Barang cacat").id


def test_a_refund_by_a_cashier_alone_is_recorded_and_flagged(ctx: Any) -> None:
    assert give_back(world.sell().receipt, who="kasir").flags == ("not_approved",)


def test_a_refund_by_the_staff_needs_nobody_else(ctx: Any) -> None:
    assert give_back(world.sell().receipt, who="petugas").flags == ()


def test_a_refund_with_an_approval_is_clean_and_names_who_agreed(agreed: str) -> None:
    recorded = give_back(world.sell().receipt, who="kasir", approval=agreed)
    assert recorded.flags == ()
    approval = sale_row(recorded.id).approval
    assert approval and approval.approver.username == "petugas" and approval.reason == "Barang cacat"


def test_an_approval_serves_one_refund(agreed: str) -> None:
    first, second = world.sell().receipt, world.sell().receipt
    give_back(first, who="kasir", approval=agreed)
    again = give_back(second, who="kasir", approval=agreed)
    assert again.flags == ("not_approved",) and sale_row(again.id).approval_id is None


def test_two_refunds_at_once_do_not_share_an_approval(app: Any) -> None:
    with app.app_context():
        approval = agree()
        receipts = [world.sell().receipt for _ in range(2)]
        bodies = [refund_body(receipt, approval=approval, number=3 + i) for i, receipt in enumerate(receipts)]
    answers: list[Any] = [None, None]
    ready = threading.Barrier(2)

    def send(i: int) -> None:
        with app.app_context():
            person = world.person("kasir")
            db.session.rollback()
            ready.wait()
            answers[i] = record(bodies[i] | {"sold_at": (clock.now() + timedelta(minutes=5)).isoformat()}, person)

    threads = [threading.Thread(target=send, args=(i,)) for i in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted("not_approved" in answer.flags for answer in answers) == [False, True]


@pytest.mark.parametrize(
    ("act", "register", "ago"),
    [("discount", "AMB-1", 0), ("refund", "AMB-2", 0), ("refund", "AMB-1", -10), ("refund", "AMB-1", 25 * 60)],
)
def test_an_approval_of_something_else_does_not_hold(ctx: Any, act: str, register: str, ago: int) -> None:
    approval = agree(act, register)
    at = (clock.now() + timedelta(minutes=ago)).isoformat()
    recorded = give_back(world.sell(at="2026-04-26T10:00:00+09:00").receipt, who="kasir", approval=approval, sold_at=at)
    assert "not_approved" in recorded.flags and sale_row(recorded.id).approval_id is None


def test_an_approval_holds_for_a_refund_that_is_sent_hours_late(ctx: Any) -> None:
    approval = agree()
    receipt = world.sell().receipt
    body = refund_body(receipt, approval=approval, sold_at=(clock.now() + timedelta(hours=1)).isoformat())
    assert record(body, world.person("kasir"), now=clock.now() + timedelta(hours=23)).flags == ()


def test_an_approval_nobody_gave_is_none(ctx: Any) -> None:
    assert give_back(world.sell().receipt, who="kasir", approval=world.new_id()).flags == ("not_approved",)


def test_a_document_without_approval_is_written_as_before(ctx: Any) -> None:
    sold = world.sell()
    assert "approval" not in sale_row(sold.id).document
    body = refund_body(sold.receipt)
    first = record(body, world.person("petugas"))
    assert not record(body | {"approval": None}, world.person("petugas")).created and first.created


def test_the_pin_of_a_cashier_or_of_another_unit_does_not_approve(ctx: Any) -> None:
    for username in ("kasir", "petugas-ptk"):
        give_pin(username)
        with pytest.raises(WrongPin):
            approve(world.person("kasir"), "refund", "AMB-1", username, PIN, "Barang cacat")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Approval)) == 0


def test_what_is_asked_for_must_be_clear(ctx: Any) -> None:
    give_pin("petugas")
    kasir = world.person("kasir")
    for act, reason in (("refund", "  "), ("refund", "x" * 201), ("gift", "Barang cacat")):
        with pytest.raises(PosError):
            approve(kasir, act, "AMB-1", "petugas", PIN, reason)
    with pytest.raises(NotFound):
        approve(kasir, "refund", "PTK-1", "petugas", PIN, "Barang cacat")


def test_who_approved_what_stands_in_the_log(agreed: str) -> None:
    entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.act == "approve"))
    assert entry is not None and entry.subject == "AMB-1"
    assert entry.detail == {"asked_by": "kasir", "reason": "Barang cacat", "approved": "refund"}


def test_an_approval_is_written_once(agreed: str) -> None:
    for statement in ("UPDATE approval SET reason = 'x'", "DELETE FROM approval"):
        with pytest.raises(sa.exc.DatabaseError, match="written once"), db.engine.begin() as connection:
            connection.execute(sa.text(statement))


def test_the_database_lets_an_approval_serve_only_once(agreed: str) -> None:
    recorded = give_back(world.sell().receipt, who="kasir", approval=agreed)
    row = dict(db.session.execute(sa.select(Sale.__table__).where(Sale.id == recorded.id)).mappings().one())
    db.session.rollback()
    copy = row | {"id": world.new_id(), "number": 999, "receipt": "AMB-1-000999"}
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(sa.insert(Sale.__table__), copy)

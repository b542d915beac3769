"""What a cashier may only do when somebody of the staff agrees, by PIN, on the spot."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pos import clock
from pos.db import atomic
from pos.errors import N_, NotFound, PosError, Sentence
from pos.fast import Query
from pos.register.discounts import above_limit, covered
from pos.register.document import Document
from pos.register.models import APPROVED_ACTS, Approval, Sale
from pos.register.tills import register_for
from pos.units.pins import who_has_pin
from pos.units.services import Person, log

APPROVERS = ("staff", "admin")
VALID = timedelta(hours=24)  # between the approval and what it approves; more than enough for one that is sent late
EARLY = timedelta(minutes=2)  # that the till's clock may be behind the server's
LONGEST_REASON = 200


@dataclass(frozen=True)
class Given:
    """An approval as the till is told of it: its id, and the name of who gave it."""

    id: str
    by: str


def approve(
    person: Person, act: str, register: str, username: str, pin: str, reason: str, given: int = 0, goods: int = 0
) -> Given:
    """Somebody of the staff agrees to `act` at `register`, where `person` is signed in.

    Of a discount that is `given` rupiah off `goods` rupiah, as the till showed them.
    Raises `WrongPin` (403), `NotFound` (404) for a register outside the person's scope, `PosError` (422).
    """
    reason = check_reason(reason)
    if act not in APPROVED_ACTS:
        raise PosError(
            "Tindakan ini tidak dikenal.",
            fields={"act": Sentence(N_("Harus salah satu dari: %(choices)s."), choices=", ".join(APPROVED_ACTS))},
        )
    place = register_for(person, register)
    if place is None:
        raise NotFound("Kasir %(register)s tidak ada atau di luar wewenang Anda.", register=register)
    by = who_has_pin(username, pin, place.gallery.unit.path, *APPROVERS)
    approval = Given(str(uuid.uuid4()), by.name)
    with atomic() as session:
        session.add(
            Approval(
                id=approval.id,
                act=act,
                register_id=place.id,
                asked_by=person.id,
                approved_by=by.id,
                at=clock.now(),
                reason=reason,
                given=given,
                goods=goods,
            )
        )
        detail = {"asked_by": person.username, "reason": reason, "approved": act} | ({"given": given} if given else {})
        log("approve", place.code, by, place.gallery.unit_id, **detail)
    return approval


def check_reason(text: str) -> str:
    """`text` as one line; `PosError` (422) when it says nothing or too much."""
    reason = " ".join(text.split())
    if not reason or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise PosError(
            "Tulis alasannya.",
            fields={"reason": Sentence(N_("Harus teks, paling banyak %(most)d huruf."), most=LONGEST_REASON)},
        )
    return reason


def judge(
    connection: Connection, document: Document, register_id: int, discount_limit: int, person: Person
) -> tuple[str | None, list[str]]:
    """The approval that the document may use, and the flag where one is missing."""
    approval = serving(connection, document, register_id)
    return approval, [] if approval or person.may(*APPROVERS) else missing(document, discount_limit)


def missing(document: Document, discount_limit: int) -> list[str]:
    """The flag of what a cashier did alone and somebody of the staff should have agreed to."""
    if document.refund_of:
        return ["not_approved"]
    return ["discount"] if above_limit(document, discount_limit) else []


def serving(connection: Connection, document: Document, register_id: int) -> str | None:
    """The id of the document's approval if it holds for it; keeps any other sale from using it meanwhile."""
    if document.approval is None:
        return None
    found = _APPROVAL.first(connection, id=document.approval)
    if found is None or found["register_id"] != register_id:
        return None
    if found["act"] != ("refund" if document.refund_of else "discount"):
        return None
    if not document.refund_of and not covered(document, found["given"], found["goods"]):
        return None
    if not -EARLY <= document.sold_at - found["at"] <= VALID:
        return None
    return None if _USED.first(connection, id=document.approval) else document.approval


_ID = sa.bindparam("id", type_=Approval.id.type)
_APPROVAL = Query(
    sa.select(Approval.act, Approval.register_id, Approval.at, Approval.given, Approval.goods)
    .where(Approval.id == _ID)
    .with_for_update()
)
_USED = Query(sa.select(Sale.id).where(Sale.approval_id == _ID))

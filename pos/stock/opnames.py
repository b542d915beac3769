"""Stock opname: a count that lets the gallery go on selling.

Each count is set against what the ledger said at that very instant. Scans of one product add up; a number that is typed
in replaces them. Where goods moved between the scans of one product nobody can know whether they had been counted
already: the product is then `disturbed` and has to be counted anew, in one go, before the opname can be approved.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.catalog.models import DIVISIBLE, MAX_QUANTITY, Product
from pos.db import atomic, db
from pos.errors import N_, Conflict, NotFound, PosError
from pos.stock import services
from pos.stock.models import StockMove
from pos.stock.opname_models import KINDS, Opname, OpnameClosing, OpnameCount, OpnameLine
from pos.units.models import Gallery, Unit, User
from pos.units.services import Person, gallery_for, log, within

MAY_APPROVE = ("staff", "admin")


@dataclass(frozen=True)
class Found:
    """What an opname knows of one product: counted, and what the ledger said when that was counted."""

    product_id: int
    counted: int
    book: int
    counted_at: datetime
    disturbed: bool  # goods moved between its scans
    counted_by: frozenset[int]

    @property
    def difference(self) -> int:
        return self.counted - self.book


# -- counting ------------------------------------------------------------------------------------------


def begin(person: Person, gallery_id: int, note: str = "") -> Opname:
    """Open an opname of a gallery in scope; there is at most one at a time."""
    gallery = gallery_for(person, gallery_id)
    closed = sa.select(sa.func.count()).select_from(OpnameClosing).join(Opname).where(Opname.gallery_id == gallery.id)
    try:
        with atomic() as session:
            number = (session.scalar(closed) or 0) + 1
            row = Opname(gallery_id=gallery.id, number=number, at=clock.now(), user_id=person.id, note=note)
            session.add(row)
            session.flush()
            log("stock.opname.open", gallery.name, person, gallery.unit_id, opname=row.id)
    except IntegrityError:
        raise Conflict("Galeri ini sedang diopname. Lanjutkan atau tutup yang itu dahulu.") from None
    return row


def count(
    person: Person, opname_id: int, product_id: int, quantity: int, kind: str = "add", count_id: str | None = None
) -> OpnameCount:
    """Keep that so many thousandths of a product were counted, exactly once by its id."""
    with atomic() as session:
        row = _open(person, opname_id)
        if count_id and (known := session.get(OpnameCount, count_id)):
            return _same(known, row, product_id, quantity, kind)
        _check(session.get(Product, product_id), quantity, kind)
        return _keep(row, product_id, quantity, kind, person, count_id)


def none_left(person: Person, opname_id: int, product_ids: Iterable[int]) -> int:
    """Say of products that were not counted that there is none; how many that were."""
    with atomic():
        row = _open(person, opname_id)
        wanted = set(product_ids) & {product_id for product_id, _ in _uncounted(row)}
        for product_id in sorted(wanted):
            _keep(row, product_id, 0, "set", person, None)
    return len(wanted)


def _keep(row: Opname, product_id: int, quantity: int, kind: str, person: Person, count_id: str | None) -> OpnameCount:
    mine = sa.select(sa.func.coalesce(sa.func.max(OpnameCount.number), 0)).where(OpnameCount.opname_id == row.id)
    here = (StockMove.gallery_id == row.gallery_id, StockMove.product_id == product_id)
    now = clock.now()
    ahead = services.total(sa.case((StockMove.at >= now, StockMove.quantity), else_=0))
    known = sa.select(services.total(StockMove.quantity), ahead, sa.func.max(StockMove.id)).where(*here)
    book, ahead_of_it, last_move = db.session.execute(known).one()  # in one look: goods may be sold between two
    one = OpnameCount(
        id=count_id or str(uuid.uuid4()),
        opname_id=row.id,
        number=(db.session.scalar(mine) or 0) + 1,
        product_id=product_id,
        kind=kind,
        quantity=quantity,
        book=book or 0,
        ahead=ahead_of_it or 0,
        last_move=last_move or 0,
        at=now,
        user_id=person.id,
    )
    db.session.add(one)
    db.session.flush()
    return one


def _same(known: OpnameCount, row: Opname, product_id: int, quantity: int, kind: str) -> OpnameCount:
    if (known.opname_id, known.product_id, known.quantity, known.kind) != (row.id, product_id, quantity, kind):
        raise Conflict("Id ini sudah dipakai untuk hitungan lain.")
    return known


def _check(product: Product | None, quantity: int, kind: str) -> None:
    if product is None or product.service:
        raise NotFound("Produk ini tidak ada, atau jasa yang tidak punya stok.")
    if kind not in KINDS or not (0 if kind == "set" else 1) <= quantity <= MAX_QUANTITY:
        raise PosError("Jumlah tidak sah.", fields={"quantity": N_("Isi jumlah yang terhitung.")})
    if quantity % 1000 and product.unit_of_measure not in DIVISIBLE:
        raise PosError("Jumlah tidak sah.", fields={"quantity": N_("Barang ini dihitung utuh.")})


def _last_move(gallery_id: int, product_id: int) -> int:
    here = (StockMove.gallery_id == gallery_id, StockMove.product_id == product_id)
    return db.session.scalar(sa.select(sa.func.max(StockMove.id)).where(*here)) or 0


def _open(person: Person, opname_id: int) -> Opname:
    """The opname, held until the commit, if it is still open."""
    row = opname_for(person, opname_id, lock=True)
    if db.session.get(OpnameClosing, row.id):
        raise Conflict("Opname ini sudah ditutup.")
    return row


# -- what was found ------------------------------------------------------------------------------------


def found(row: Opname, product_id: int | None = None) -> dict[int, Found]:
    """By product id: what was counted so far (of one product only), each against the ledger at its own instant."""
    query = sa.select(OpnameCount).where(OpnameCount.opname_id == row.id).order_by(OpnameCount.number)
    if product_id is not None:
        query = query.where(OpnameCount.product_id == product_id)
    counts: dict[int, list[OpnameCount]] = {}
    for one in db.session.scalars(query):
        known = counts.setdefault(one.product_id, [])
        if one.kind == "set":
            known.clear()
        known.append(one)
    books = books_before(row, product_id)
    return {key: _sum(known, books.get(key, 0)) for key, known in counts.items()}


def _sum(counts: Sequence[OpnameCount], before: int) -> Found:
    last = counts[-1]
    return Found(
        product_id=last.product_id,
        counted=sum(one.quantity for one in counts),
        book=before + last.ahead,
        counted_at=last.at,
        disturbed=len({(one.last_move, one.book) for one in counts}) > 1,
        counted_by=frozenset(one.user_id for one in counts if one.user_id),
    )


def books_before(row: Opname, product_id: int | None = None) -> dict[int, int]:
    """By product id: thousandths that, by what is known now, lay there when it was last counted.

    By the instants of the moves and not by their numbers: a till without a line sends its notas late, and on PostgreSQL
    what has the lower number may be the last to be seen.
    """
    last = last_counts(row, product_id)
    before = sa.and_(
        StockMove.gallery_id == row.gallery_id,
        StockMove.product_id == last.c.product_id,
        StockMove.at < last.c.at,
        StockMove.sale_id.is_not(None) | (StockMove.id <= last.c.last_move),
    )
    sums = sa.select(last.c.product_id, services.total(StockMove.quantity)).join(StockMove, before)
    return {key: int(book) for key, book in db.session.execute(sums.group_by(last.c.product_id))}


def last_counts(row: Opname, product_id: int | None = None) -> Any:
    """Subquery of the last count of each product (or of one): `product_id, at, ahead, last_move`."""
    here = OpnameCount.opname_id == row.id
    if product_id is not None:
        here &= OpnameCount.product_id == product_id
    last = sa.select(sa.func.max(OpnameCount.number)).where(here).group_by(OpnameCount.product_id)
    columns = (OpnameCount.product_id, OpnameCount.at, OpnameCount.ahead, OpnameCount.last_move)
    return sa.select(*columns).where(here, OpnameCount.number.in_(last)).subquery()


def _uncounted(row: Opname) -> list[tuple[int, int]]:
    counted = set(db.session.scalars(sa.select(OpnameCount.product_id).where(OpnameCount.opname_id == row.id)))
    return [(key, held) for key, held in services.held(row.gallery_id).items() if held and key not in counted]


def uncounted(row: Opname) -> list[tuple[Any, int]]:
    """Products of which the ledger says that there are some (or fewer than none) and that nobody counted yet."""
    left = dict(_uncounted(row))
    query = (
        sa.select(Product.id, Product.name, Product.unit_of_measure, Unit.name.label("maker"))
        .join(Unit, Unit.id == Product.maker_id)
        .where(Product.id.in_(left))
        .order_by(sa.func.lower(Product.name), Product.id)
    )
    return [(product, left[product.id]) for product in db.session.execute(query)]


def opname_for(person: Person, opname_id: int, lock: bool = False) -> Opname:
    query = sa.select(Opname).join(Gallery).join(Unit).where(Opname.id == opname_id, within(person))
    row = db.session.scalar(query.with_for_update(of=Opname, key_share=True) if lock else query)
    if row is None:
        raise NotFound("Opname ini tidak ada atau di luar wewenang Anda.")
    return row


# -- closing -------------------------------------------------------------------------------------------


def approve(person: Person, opname_id: int, note: str = "") -> Opname:
    """Make the ledger say what was counted: one move for each difference, all in one commit.

    By somebody who counted nothing of it, unless nobody else here could; that is then written down.
    """
    with atomic() as session:
        row = _open(person, opname_id)
        results = found(row)
        alone = _check_approval(person, row, results)
        now = clock.now()
        session.add(OpnameClosing(opname_id=row.id, approved=True, alone=alone, at=now, user_id=person.id, note=note))
        session.flush()
        wrong = [one for one in results.values() if one.difference]
        moved = [(one.product_id, one.difference) for one in wrong]
        ids = services.add_moves(row.gallery_id, moved, "opname", person, now, f"Opname {row.number}")
        moves = {one.product_id: move_id for one, move_id in zip(wrong, ids, strict=True)}
        for one in results.values():
            line = OpnameLine(
                opname_id=row.id,
                product_id=one.product_id,
                counted=one.counted,
                book=one.book,
                counted_at=one.counted_at,
                last_move=_last_move(row.gallery_id, one.product_id),
                move_id=moves.get(one.product_id),
            )
            session.add(line)
        name, unit_id = row.gallery.name, row.gallery.unit_id
        log("stock.opname.approve", name, person, unit_id, opname=row.id, lines=len(results), wrong=len(wrong))
        session.flush()
    return row


def _check_approval(person: Person, row: Opname, results: dict[int, Found]) -> bool:
    if not results:
        raise Conflict("Belum ada yang dihitung.")
    if any(one.disturbed for one in results.values()):
        raise Conflict("Ada produk yang terjual di antara dua hitungannya. Hitung ulang produk itu dahulu.")
    counters = set().union(*(one.counted_by for one in results.values()))
    if person.id not in counters:
        return False
    if others(row, counters):
        raise Conflict("Yang menghitung tidak menyetujui hitungannya sendiri. Minta petugas atau admin lain.")
    return True


def others(row: Opname, counters: set[int]) -> int:
    """How many people besides the counters may approve this opname."""
    query = (
        sa.select(sa.func.count())
        .select_from(User)
        .join(Unit, Unit.id == User.unit_id)
        .where(User.active, User.role.in_(MAY_APPROVE), User.id.not_in(counters))
        .where(sa.literal(row.gallery.unit.path).startswith(Unit.path))
    )
    return db.session.scalar(query) or 0


def cancel(person: Person, opname_id: int, note: str) -> Opname:
    """Call it off: the ledger stays as it is, what was counted stays to be read."""
    if not note:
        raise PosError("Pembatalan perlu alasan.", fields={"note": N_("Tulis mengapa dibatalkan.")})
    with atomic() as session:
        row = _open(person, opname_id)
        closing = {"approved": False, "alone": False, "at": clock.now(), "user_id": person.id, "note": note}
        session.add(OpnameClosing(opname_id=row.id, **closing))
        log("stock.opname.cancel", row.gallery.name, person, row.gallery.unit_id, opname=row.id, note=note)
        session.flush()
    return row

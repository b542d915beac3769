"""`pos check`: the sums that must agree, each a rule with the places where it fails."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos.campaigns.models import Turnover
from pos.campaigns.services import SUMS, rows_of
from pos.db import db
from pos.jobs import Progress
from pos.register.models import MAX_ROUNDING, OWED, Payment, PaymentCorrection, Sale, SaleLine, Settlement
from pos.reports.audit_documents import documents_equal_the_rows
from pos.reports.audit_shifts import one_open_shift_a_register, z_equals_its_notas, z_numbers_have_no_gap
from pos.reports.audit_stock import (
    every_paper_equals_its_moves,
    on_hand_is_the_sum_of_moves,
    opnames_move_their_differences,
    what_was_sent_is_accounted_for,
)
from pos.reports.audit_treasury import cover_within_the_deposit, cover_within_what_is_owed, taken_back_exactly
from pos.reports.audit_verification import (
    declared_equal_verified,
    late_notas_are_marked,
    submitted_equal_their_notas,
)
from pos.revenue.models import Scheme
from pos.stock.models import StockMove
from pos.units.models import Gallery, Register

MOST_SHOWN = 5


@dataclass(frozen=True)
class Rule:
    """One sum that must agree: what it says, and where it does not (empty when all is well)."""

    name: str
    wrong: list[str]

    @property
    def holds(self) -> bool:
        return not self.wrong


def audit(progress: Progress = lambda _done, _of: None) -> list[Rule]:
    """Every rule over the whole database; reads only. `progress` is told after each."""
    checked = []
    for done, (name, find) in enumerate(RULES.items()):
        progress(done, len(RULES))
        checked.append(Rule(name, list(find())))
    progress(len(RULES), len(RULES))
    return checked


def _lines_make_the_total() -> Iterator[str]:
    lines = _sum_by_sale(SaleLine.sale_id, SaleLine.amount)
    query = (
        sa.select(Sale.receipt)
        .outerjoin(lines, lines.c.sale_id == Sale.id)
        .where(sa.func.coalesce(lines.c.sum, 0) + Sale.rounding != Sale.total)
    )
    yield from db.session.scalars(query)


def _payments_make_the_total() -> Iterator[str]:
    paid = _sum_by_sale(Payment.sale_id, Payment.tendered - Payment.change)
    query = (
        sa.select(Sale.receipt)
        .outerjoin(paid, paid.c.sale_id == Sale.id)
        .where(sa.func.coalesce(paid.c.sum, 0) != Sale.total)
    )
    yield from db.session.scalars(query)


def _sum_by_sale(sale_id: Any, amount: Any) -> Any:
    return sa.select(sale_id.label("sale_id"), sa.func.sum(amount).label("sum")).group_by(sale_id).subquery()


def _turnover_equals_the_lines() -> Iterator[str]:
    expected: dict[tuple[Any, ...], dict[str, int]] = {}
    for is_refund, lines in _sales_in_order():
        for row in rows_of(lines, is_refund):
            key = tuple(row[name] for name in ("business_date", "gallery_id", "maker_id", "wbp_made"))
            sums = expected.setdefault(key, dict.fromkeys(SUMS, 0))
            for name in SUMS:
                sums[name] += row[name]
    for kept in db.session.execute(sa.select(Turnover.__table__)).mappings():
        key = (kept["business_date"], kept["gallery_id"], kept["maker_id"], kept["wbp_made"])
        if expected.pop(key, None) != {name: kept[name] for name in SUMS}:
            yield " ".join(map(str, key))
    yield from (" ".join(map(str, key)) for key in expected)


def _sales_in_order() -> Iterator[tuple[bool, list[Any]]]:
    query = (
        sa.select(
            SaleLine.sale_id,
            SaleLine.business_date,
            SaleLine.gallery_id,
            SaleLine.maker_id,
            SaleLine.wbp_made,
            SaleLine.amount,
            SaleLine.quantity,
            SaleLine.pnbp,
            SaleLine.premi,
            Sale.refund_of,
        )
        .join(Sale)
        .order_by(SaleLine.sale_id, SaleLine.position)
    )
    lines: list[Any] = []
    for row in db.session.execute(query.execution_options(yield_per=5000)).mappings():
        if lines and lines[0]["sale_id"] != row["sale_id"]:
            yield lines[0]["refund_of"] is not None, lines
            lines = []
        lines.append(row)
    if lines:
        yield lines[0]["refund_of"] is not None, lines


def _numbers_have_no_gap() -> Iterator[str]:
    query = (
        sa.select(Register.code, sa.func.count(), sa.func.max(Sale.number))
        .join(Sale, Sale.register_id == Register.id)
        .group_by(Register.code)
        .having(sa.func.count() != sa.func.max(Sale.number))
    )
    for code, count, last in db.session.execute(query):
        yield f"{code}: {count} / {last}"


def _moves_equal_the_lines() -> Iterator[str]:
    matching = sa.and_(
        StockMove.sale_id == SaleLine.sale_id,
        StockMove.position == SaleLine.position,
        StockMove.quantity == -SaleLine.quantity,
        StockMove.product_id == SaleLine.product_id,
        StockMove.gallery_id == SaleLine.gallery_id,
    )
    lines = sa.select(Sale.receipt).join(SaleLine).outerjoin(StockMove, matching)
    yield from db.session.scalars(lines.where(SaleLine.stocked, StockMove.id.is_(None)))
    moves = sa.select(StockMove.id).outerjoin(SaleLine, sa.and_(matching, SaleLine.stocked))
    for move_id in db.session.scalars(moves.where(StockMove.sale_id.is_not(None), SaleLine.sale_id.is_(None))):
        yield f"move {move_id}"
    reason = sa.case((Sale.refund_of.is_(None), "sale"), else_="refund")
    yield from db.session.scalars(sa.select(Sale.receipt).join(StockMove).where(StockMove.reason != reason))


def _shares_make_the_base() -> Iterator[str]:
    query = sa.select(
        Sale.receipt,
        SaleLine.position,
        SaleLine.base,
        SaleLine.pnbp,
        SaleLine.premi,
        SaleLine.other_shares,
        SaleLine.shares,
    ).join(SaleLine)
    for row in db.session.execute(query.execution_options(yield_per=5000)):
        parts = json.loads(row.shares)
        by_kind = {kind: sum(a for _, k, a in parts if k == kind) for kind in ("pnbp", "premi", "other")}
        if sum(by_kind.values()) != row.base or (row.pnbp, row.premi, row.other_shares) != tuple(by_kind.values()):
            yield f"{row.receipt} #{row.position + 1}"


def _base_is_what_the_scheme_says() -> Iterator[str]:
    gained = sa.case((Scheme.base == "laba", SaleLine.amount - SaleLine.cost), else_=SaleLine.amount)
    owing = sa.and_(SaleLine.wbp_made, Scheme.id.is_not(None), gained > 0)
    query = (
        sa.select(Sale.receipt, SaleLine.position)
        .join(SaleLine)
        .outerjoin(Scheme, Scheme.id == SaleLine.scheme_id)
        .where(Sale.refund_of.is_(None), SaleLine.base != sa.case((owing, gained), else_=0))
    )
    for receipt, position in db.session.execute(query):
        yield f"{receipt} #{position + 1}"


def _refunds_within_what_was_sold() -> Iterator[str]:
    yield from _lines_that_return_nothing()
    yield from _more_money_back_than_was_paid()
    for receipt, position in db.session.execute(_more_returned_than_sold()):
        yield f"{receipt} #{position + 1}"


@cache
def _more_returned_than_sold() -> Any:
    returned = aliased(SaleLine)
    refund = aliased(Sale)
    return (
        sa.select(Sale.receipt, SaleLine.position)
        .join(SaleLine, SaleLine.sale_id == Sale.id)
        .join(refund, refund.refund_of == Sale.id)
        .join(returned, sa.and_(returned.sale_id == refund.id, returned.refund_position == SaleLine.position))
        .group_by(Sale.receipt, SaleLine.position, SaleLine.quantity, SaleLine.amount, SaleLine.base)
        .having(
            sa.or_(
                sa.func.sum(returned.quantity) + SaleLine.quantity < 0,
                sa.func.sum(returned.amount) + SaleLine.amount < 0,
                sa.func.sum(returned.base) + SaleLine.base < 0,
            )
        )
    )


def _lines_that_return_nothing() -> Iterator[str]:
    """Lines of a refund that name no line of the same product in the sale it returns; a sale's name none."""
    for receipt, position in db.session.execute(_lines_without_their_line()):
        yield f"{receipt} #{position + 1}"


@cache
def _lines_without_their_line() -> Any:
    sold = aliased(SaleLine)
    named = sa.and_(
        sold.sale_id == Sale.refund_of,
        sold.position == SaleLine.refund_position,
        sold.product_id == SaleLine.product_id,
    )
    query = sa.select(Sale.receipt, SaleLine.position).join(SaleLine).outerjoin(sold, named)
    of_refund = sa.and_(Sale.refund_of.is_not(None), sold.sale_id.is_(None))
    of_sale = sa.and_(Sale.refund_of.is_(None), SaleLine.refund_position.is_not(None))
    return query.where(sa.or_(of_refund, of_sale))


def _more_money_back_than_was_paid() -> Iterator[str]:
    """A sale rounded down in cash may have given back what its lines came to: old refunds leave the rounding out.

    What went back differs from its goods by no more than rounding can.
    """
    refund = aliased(Sale)
    query = (
        sa.select(Sale.receipt)
        .join(refund, refund.refund_of == Sale.id)
        .group_by(Sale.receipt, Sale.total, Sale.rounding)
    )
    down = sa.case((Sale.rounding < 0, Sale.rounding), else_=0)
    much = sa.func.sum(refund.total) + Sale.total - down < 0
    yield from db.session.scalars(query.having(sa.or_(much, sa.func.abs(sa.func.sum(refund.rounding)) > MAX_ROUNDING)))


def _corrections_follow_one_another() -> Iterator[str]:
    """Payments of which a correction says another way before it than was written, or than the one before left."""
    query = (
        sa.select(Sale.receipt, Payment.method, Payment.reference, PaymentCorrection)
        .join(Payment, Payment.sale_id == Sale.id)
        .join(
            PaymentCorrection,
            sa.and_(PaymentCorrection.sale_id == Sale.id, PaymentCorrection.position == Payment.position),
        )
        .order_by(PaymentCorrection.id)
    )
    now: dict[tuple[str, int], tuple[str, str]] = {}
    for receipt, method, reference, one in db.session.execute(query):
        key = (one.sale_id, one.position)
        if now.get(key, (method, reference)) != (one.from_method, one.from_reference):
            yield f"{receipt} #{one.position + 1}"
        now[key] = (one.to_method, one.to_reference)


def _owed_is_never_overpaid() -> Iterator[str]:
    """Notas of which more was paid off, or taken off by refunds, than they left owed."""
    of = aliased(Sale)
    net = sa.func.sum(Payment.tendered - Payment.change)
    promised = (
        sa.select(sa.func.coalesce(of.refund_of, of.id).label("sale_id"), net.label("sum"))
        .join(Payment, Payment.sale_id == of.id)
        .where(Payment.method == OWED)
        .group_by(sa.func.coalesce(of.refund_of, of.id))
        .subquery()
    )
    settled = _sum_by_sale(Settlement.sale_id, Settlement.amount)
    paid = sa.func.coalesce(settled.c.sum, 0)
    query = sa.select(Sale.receipt).outerjoin(promised, promised.c.sale_id == Sale.id)
    query = query.outerjoin(settled, settled.c.sale_id == Sale.id)
    yield from db.session.scalars(query.where(sa.func.coalesce(promised.c.sum, 0) < paid))
    wrong_place = sa.select(Sale.receipt).join(Settlement).join(Register, Register.id == Settlement.register_id)
    yield from db.session.scalars(wrong_place.join(Gallery).where(Gallery.unit_id != Sale.seller_id))


RULES: dict[str, Callable[[], Iterator[str]]] = {
    "lines + rounding = total of the sale": _lines_make_the_total,
    "payments - change = total of the sale": _payments_make_the_total,
    "documents = rows": documents_equal_the_rows,
    "turnover = lines": _turnover_equals_the_lines,
    "receipt numbers have no gap": _numbers_have_no_gap,
    "stock moves = lines": _moves_equal_the_lines,
    "on hand = sum of moves": on_hand_is_the_sum_of_moves,
    "papers of stock = their moves": every_paper_equals_its_moves,
    "sent = arrived + on the way + lost": what_was_sent_is_accounted_for,
    "opname moves = counted - book": opnames_move_their_differences,
    "shares of a line = its base": _shares_make_the_base,
    "base = what the scheme says": _base_is_what_the_scheme_says,
    "refunds <= what was sold": _refunds_within_what_was_sold,
    "corrections of payments follow one another": _corrections_follow_one_another,
    "paid off <= what was left owed": _owed_is_never_overpaid,
    "one open shift a register": one_open_shift_a_register,
    "Z numbers have no gap": z_numbers_have_no_gap,
    "submitted figures = their notas": submitted_equal_their_notas,
    "declared = verified submissions": declared_equal_verified,
    "late notas keep to their series": late_notas_are_marked,
    "Z = its notas": z_equals_its_notas,
    "covered <= owed": cover_within_what_is_owed,
    "covered <= deposited": cover_within_the_deposit,
    "what is taken back = what was written": taken_back_exactly,
}

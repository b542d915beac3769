"""What else is asked about a gallery: discounts, returns, approvals, ways of paying, cash variances, busy hours."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos import clock
from pos.db import db
from pos.register.models import TENDERS, Approval, Payment, PaymentCorrection, Sale, SaleLine, Settlement
from pos.register.shift_models import Shift, ShiftEvent
from pos.register.ways import method_now
from pos.reports.sums import View, standing
from pos.units.models import Gallery, Placement, Register, User

OFFSETS = {"WIB": 7, "WITA": 8, "WIT": 9}  # hours before UTC
OF_PLACES = ("kanwil", "upt", "gallery", "register", "cashier")  # what these reports can be narrowed by


def placed(query: Any, view: View, gallery_id: Any, day: Any) -> Any:
    """Only what happened at a gallery within the view, where its unit stood on that day."""
    if view.gallery is not None:
        query = query.where(gallery_id == view.gallery)
    if view.upt is not None or view.kanwil is not None:
        at = aliased(Gallery)
        query = query.join(at, at.id == gallery_id)
        if view.upt is not None:
            query = query.where(at.unit_id == view.upt)
        if view.kanwil is not None:
            query = query.outerjoin(Placement, sa.and_(Placement.unit_id == at.unit_id, *standing(day)))
            query = query.where(sa.func.coalesce(Placement.kanwil_id, at.unit_id) == view.kanwil)
    return query


def of_sales(query: Any, view: View) -> Any:
    """Only notas within the view."""
    query = query.where(Sale.business_date.between(view.since, view.until))
    if view.register is not None:
        query = query.where(Sale.register_id == view.register)
    if view.cashier is not None:
        query = query.where(Sale.cashier_id == view.cashier)
    return placed(query, view, Sale.gallery_id, Sale.business_date)


def within_days(view: View, at: Any, zone: str) -> Any:
    """Condition: an instant on one of the days, as the clock of `zone` has them."""
    first, after = (
        datetime.combine(day, time(), clock.ZONES[zone]).astimezone(UTC)
        for day in (view.since, view.until + timedelta(1))
    )
    return sa.and_(at >= first, at < after)


# -- discounts -----------------------------------------------------------------------------------------


def discounts(view: View) -> Sequence[Any]:
    """Notas on which something was given away, the largest first: `gross`, `off`, who agreed and why."""
    approver = aliased(User)
    gross = (SaleLine.quantity * SaleLine.unit_price + 500) // 1000
    off = sa.func.sum(gross - SaleLine.amount)
    query = (
        sa.select(
            Sale.receipt,
            Sale.business_date,
            Sale.sold_at,
            Sale.zone,
            Sale.gallery_name,
            Sale.flags,
            Sale.cashier_id,
            User.name.label("cashier"),
            approver.name.label("approver"),
            Approval.reason,
            sa.func.sum(gross).label("gross"),
            off.label("off"),
        )
        .select_from(Sale)
        .join(SaleLine, SaleLine.sale_id == Sale.id)
        .join(User, User.id == Sale.cashier_id)
        .outerjoin(Approval, sa.and_(Approval.id == Sale.approval_id, Approval.act == "discount"))
        .outerjoin(approver, approver.id == Approval.approved_by)
        .where(SaleLine.quantity > 0, SaleLine.business_date.between(view.since, view.until))
        .group_by(Sale.id, User.id, Approval.id, approver.id)
        .having(off > 0)
        .order_by(off.desc(), Sale.sold_at)
    )
    return db.session.execute(of_sales(query, view)).all()


# -- returns -------------------------------------------------------------------------------------------


def returns(view: View) -> Sequence[Any]:
    """Refunds, the newest first: of which nota, why, who agreed; `total` is what was given back, above 0."""
    original, approver = aliased(Sale), aliased(User)
    query = (
        sa.select(
            Sale.receipt,
            Sale.business_date,
            Sale.sold_at,
            Sale.zone,
            Sale.gallery_name,
            Sale.note,
            Sale.flags,
            Sale.cashier_id,
            (-Sale.total).label("total"),
            original.receipt.label("of"),
            original.sold_at.label("first_sold_at"),
            User.name.label("cashier"),
            approver.name.label("approver"),
        )
        .select_from(Sale)
        .join(original, original.id == Sale.refund_of)
        .join(User, User.id == Sale.cashier_id)
        .outerjoin(Approval, Approval.id == Sale.approval_id)
        .outerjoin(approver, approver.id == Approval.approved_by)
        .order_by(Sale.sold_at.desc(), Sale.id)
    )
    return db.session.execute(of_sales(query, view)).all()


# -- approvals -----------------------------------------------------------------------------------------


def approvals(view: View, zone: str) -> Sequence[Any]:
    """Every agreement by PIN, the newest first, and what it was used for (nothing where the sale never came)."""
    asked, agreed, corrected = aliased(User), aliased(User), aliased(Sale)
    query = (
        sa.select(
            Approval.at,
            Approval.act,
            Approval.reason,
            Approval.approved_by,
            Register.code.label("register"),
            asked.name.label("asked"),
            agreed.name.label("agreed"),
            sa.func.coalesce(Sale.receipt, corrected.receipt).label("receipt"),
            Sale.total,
        )
        .select_from(Approval)
        .join(Register, Register.id == Approval.register_id)
        .join(asked, asked.id == Approval.asked_by)
        .join(agreed, agreed.id == Approval.approved_by)
        .outerjoin(Sale, Sale.approval_id == Approval.id)
        .outerjoin(PaymentCorrection, PaymentCorrection.approval_id == Approval.id)
        .outerjoin(corrected, corrected.id == PaymentCorrection.sale_id)
        .where(within_days(view, Approval.at, zone))
        .order_by(Approval.at.desc(), Approval.id)
    )
    if view.register is not None:
        query = query.where(Approval.register_id == view.register)
    if view.cashier is not None:
        query = query.where(Approval.asked_by == view.cashier)
    return db.session.execute(placed(query, view, Register.gallery_id, view.until)).all()


# -- ways of paying ------------------------------------------------------------------------------------


def methods(view: View, by: Any = None) -> dict[Any, dict[str, dict[str, int]]]:
    """What was paid in which way, as it holds today: `sold`, `back`, `count` by key of `by` and method."""
    key = sa.literal("") if by is None else by
    paid = (
        sa.select(
            key.label("key"),
            method_now().label("method"),
            (Payment.tendered - Payment.change).label("paid"),
            Sale.refund_of.is_not(None).label("back"),
        )
        .select_from(Payment)
        .join(Sale, Sale.id == Payment.sale_id)
    )
    rows = of_sales(paid, view).subquery()
    query = sa.select(
        rows.c.key,
        rows.c.method,
        sa.func.sum(sa.case((rows.c.back, 0), else_=rows.c.paid)).label("sold"),
        sa.func.sum(sa.case((rows.c.back, -rows.c.paid), else_=0)).label("back"),
        sa.func.count().label("payments"),
    ).group_by(rows.c.key, rows.c.method)
    found: dict[Any, dict[str, dict[str, int]]] = defaultdict(dict)
    for row in db.session.execute(query):
        found[row.key][row.method] = {"sold": int(row.sold), "back": int(row.back), "count": int(row.payments)}
    return {name: {m: found[name][m] for m in TENDERS if m in found[name]} for name in sorted(found)}


def settled(view: View, zone: str) -> dict[str, int]:
    """Rupiah that came in on these days for notas that had left it owed, by method."""
    query = (
        sa.select(Settlement.method, sa.func.sum(Settlement.amount).label("amount"))
        .select_from(Settlement)
        .join(Register, Register.id == Settlement.register_id)
        .where(within_days(view, Settlement.at, zone))
        .group_by(Settlement.method)
    )
    if view.register is not None:
        query = query.where(Settlement.register_id == view.register)
    if view.cashier is not None:
        query = query.where(Settlement.user_id == view.cashier)
    return {
        row.method: int(row.amount) for row in db.session.execute(placed(query, view, Register.gallery_id, view.until))
    }


# -- cash variances ------------------------------------------------------------------------------------


def variances(view: View) -> Sequence[Any]:
    """Closed shifts, the newest first: what should have been in the drawer, what was counted, why they differ."""
    closed_by = aliased(User)
    query = (
        sa.select(
            Shift.id,
            Shift.number,
            Shift.business_date,
            Shift.zone,
            Shift.opening_cash,
            Register.code.label("register"),
            Register.gallery_id,
            ShiftEvent.recorded_at.label("closed_at"),
            ShiftEvent.amount.label("counted"),
            ShiftEvent.expected,
            ShiftEvent.reason,
            ShiftEvent.person_id,
            User.name.label("opened_by"),
            closed_by.name.label("closed_by"),
        )
        .select_from(Shift)
        .join(ShiftEvent, sa.and_(ShiftEvent.shift_id == Shift.id, ShiftEvent.kind == "close"))
        .join(Register, Register.id == Shift.register_id)
        .join(User, User.id == Shift.cashier_id)
        .join(closed_by, closed_by.id == ShiftEvent.person_id)
        .where(Shift.business_date.between(view.since, view.until))
        .order_by(Shift.business_date.desc(), Register.code, Shift.number.desc())
    )
    if view.register is not None:
        query = query.where(Shift.register_id == view.register)
    if view.cashier is not None:
        query = query.where(ShiftEvent.person_id == view.cashier)
    return db.session.execute(placed(query, view, Register.gallery_id, Shift.business_date)).all()


# -- busy hours ----------------------------------------------------------------------------------------


def hours(view: View) -> dict[tuple[int, int], tuple[int, int]]:
    """Notas and takings by weekday (0 is Monday) of the business date and hour of the clock on the wall."""
    utc = sa.extract("hour", Sale.sold_at)
    hour = (utc + sa.case(OFFSETS, value=Sale.zone)) % 24
    weekday = (sa.extract("dow", Sale.business_date) + 6) % 7
    query = sa.select(
        weekday.label("weekday"),
        hour.label("hour"),
        sa.func.count().label("notas"),
        sa.func.sum(Sale.total).label("sum"),
    ).where(Sale.refund_of.is_(None))
    query = of_sales(query.select_from(Sale), view).group_by(weekday, hour)
    return {(int(row.weekday), int(row.hour)): (int(row.notas), int(row.sum)) for row in db.session.execute(query)}

"""What sellers owe makers: what was sold of their goods, less the commission agreed on, less what was paid over.

A sale counts once for its seller and once for its maker, so what all sellers owe is what all makers are owed. The sums
come from turnover, which holds one row a day, gallery and maker; the commission is taken of each such row, rounded to
the rupiah, by the terms of its day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos import clock
from pos.campaigns.models import Turnover
from pos.catalog.models import Product
from pos.consignment.models import WHOLE, ConsignmentAnswer, ConsignmentSettlement, ConsignmentTerms
from pos.db import db, search_words
from pos.errors import N_, NotFound
from pos.register.models import SaleLine
from pos.stock.models import StockMove
from pos.units.models import Gallery, Unit
from pos.units.services import Person, unit_ids

AGES = (30, 60)  # days: what is owed is younger than the first, between them, or older
SIDES = {"pembuat": N_("Barang kami di galeri lain"), "penjual": N_("Barang unit lain di galeri kami")}


@dataclass(frozen=True)
class Account:
    """What one seller owes one maker, in rupiah; `ages` splits what is outstanding, the youngest first."""

    seller_id: int
    maker_id: int
    seller: str
    maker: str
    sold: int  # net of what came back
    commission: int
    paid: int
    waiting: int  # of it, not yet confirmed by the maker
    ages: tuple[int, int, int]

    @property
    def due(self) -> int:
        return self.sold - self.commission

    @property
    def outstanding(self) -> int:
        return self.due - self.paid


# -- what is owed --------------------------------------------------------------------------------------


def dues() -> Any:
    """Query of every day, gallery and maker where a seller sold goods it did not make, with its `commission`."""
    terms = _terms()
    in_force = sa.and_(
        terms.c.seller_id == Gallery.unit_id,
        terms.c.maker_id == Turnover.maker_id,
        terms.c.from_day <= Turnover.business_date,
        sa.or_(terms.c.until_day.is_(None), terms.c.until_day > Turnover.business_date),
    )
    kept = (sa.func.abs(Turnover.omzet) * sa.func.coalesce(terms.c.commission, 0) + WHOLE // 2) // WHOLE
    return (
        sa.select(
            Turnover.business_date,
            Turnover.gallery_id,
            Gallery.unit_id.label("seller_id"),
            Turnover.maker_id,
            Turnover.omzet,
            sa.case((Turnover.omzet < 0, -kept), else_=kept).label("commission"),
        )
        .join(Gallery, Gallery.id == Turnover.gallery_id)
        .outerjoin(terms, in_force)
        .where(Gallery.unit_id != Turnover.maker_id)
    )


def _terms() -> Any:
    """Each terms with the day on which the next ones take over (None for the last)."""
    keys = (ConsignmentTerms.seller_id, ConsignmentTerms.maker_id)
    last = sa.select(sa.func.max(ConsignmentTerms.id)).group_by(*keys, ConsignmentTerms.from_day)
    following = sa.func.lead(ConsignmentTerms.from_day).over(partition_by=keys, order_by=ConsignmentTerms.from_day)
    columns = (*keys, ConsignmentTerms.from_day, ConsignmentTerms.commission, following.label("until_day"))
    return sa.select(*columns).where(ConsignmentTerms.id.in_(last)).subquery()


def accounts(person: Person, side: str = "", words: str = "") -> list[Account]:
    """What is owed between sellers and makers of which one (by `side`: that one) is in scope; the most owed first."""
    owed = dues().subquery()
    today = clock.today(person.zone)
    since = [today - timedelta(days) for days in AGES]
    due = owed.c.omzet - owed.c.commission
    sums = (
        sa.select(
            owed.c.seller_id,
            owed.c.maker_id,
            _sum(owed.c.omzet).label("sold"),
            _sum(owed.c.commission).label("commission"),
            *(
                _sum(sa.case((owed.c.business_date > day, due), else_=0)).label(f"age{i}")
                for i, day in enumerate(since)
            ),
        )
        .where(_in_scope(person, owed.c.seller_id, owed.c.maker_id, side))
        .group_by(owed.c.seller_id, owed.c.maker_id)
        .subquery()
    )
    seller, maker, paid = aliased(Unit), aliased(Unit), _paid().subquery()
    query = (
        sa.select(sums, seller.name.label("seller"), maker.name.label("maker"), paid.c.paid, paid.c.waiting)
        .join(seller, seller.id == sums.c.seller_id)
        .join(maker, maker.id == sums.c.maker_id)
        .outerjoin(paid, sa.and_(paid.c.seller_id == sums.c.seller_id, paid.c.maker_id == sums.c.maker_id))
    )
    for word in search_words(words):
        query = query.where(seller.name.icontains(word, autoescape=True) | maker.name.icontains(word, autoescape=True))
    found = [_account(row) for row in db.session.execute(query)]
    return sorted(found, key=lambda one: (-one.outstanding, one.seller, one.maker))


def _account(row: Any) -> Account:
    sold, commission, paid = int(row.sold), int(row.commission), int(row.paid or 0)
    left = max(0, sold - commission - paid)  # what is paid goes to the oldest first: the young is what is left
    young = min(left, max(0, int(row.age0)))
    middle = min(left - young, max(0, int(row.age1) - int(row.age0)))
    return Account(
        seller_id=row.seller_id,
        maker_id=row.maker_id,
        seller=row.seller,
        maker=row.maker,
        sold=sold,
        commission=commission,
        paid=paid,
        waiting=int(row.waiting or 0),
        ages=(young, middle, left - young - middle),
    )


def _sum(amounts: Any) -> Any:
    return sa.cast(sa.func.coalesce(sa.func.sum(amounts), 0), sa.BigInteger)


def _paid() -> Any:
    """Query of `seller_id, maker_id, paid, waiting`: what makers did not deny having received."""
    waits = sa.case((ConsignmentAnswer.settlement_id.is_(None), ConsignmentSettlement.amount), else_=0)
    keys = (ConsignmentSettlement.seller_id, ConsignmentSettlement.maker_id)
    return (
        sa.select(*keys, _sum(ConsignmentSettlement.amount).label("paid"), _sum(waits).label("waiting"))
        .outerjoin(ConsignmentAnswer, ConsignmentAnswer.settlement_id == ConsignmentSettlement.id)
        .where(ConsignmentAnswer.received.is_distinct_from(False))
        .group_by(*keys)
    )


def _in_scope(person: Person, seller_id: Any, maker_id: Any, side: str) -> Any:
    sells, makes = seller_id.in_(unit_ids(person)), maker_id.in_(unit_ids(person))
    return {"pembuat": makes, "penjual": sells}.get(side, sells | makes)


# -- one seller and one maker --------------------------------------------------------------------------


def pair_for(person: Person, seller_id: int, maker_id: int) -> tuple[Unit, Unit]:
    """Seller and maker, if one of them is in scope, else `NotFound`."""
    pair = db.session.get(Unit, seller_id), db.session.get(Unit, maker_id)
    seller, maker = pair
    if seller is None or maker is None or seller is maker or not any(within_scope(person, unit) for unit in pair):
        raise NotFound("Titip jual ini tidak ada atau di luar wewenang Anda.")
    return seller, maker


def within_scope(person: Person, unit: Unit | None) -> bool:
    return unit is not None and unit.path.startswith(person.path)


def account_of(seller: Unit, maker: Unit, since: date | None = None, until: date | None = None) -> tuple[int, int]:
    """What was sold in the period, net of returns, and the seller's commission of it, in rupiah."""
    owed = dues().where(Gallery.unit_id == seller.id, Turnover.maker_id == maker.id)
    owed = owed.where(Turnover.business_date >= since) if since else owed
    owed = (owed.where(Turnover.business_date <= until) if until else owed).subquery()
    row = db.session.execute(sa.select(_sum(owed.c.omzet), _sum(owed.c.commission))).one()
    return int(row[0]), int(row[1])


def paid_of(seller: Unit, maker: Unit) -> int:
    """Rupiah paid over and not denied."""
    paid = _paid().where(ConsignmentSettlement.seller_id == seller.id, ConsignmentSettlement.maker_id == maker.id)
    row = db.session.execute(paid).first()
    return int(row.paid) if row else 0


def outstanding(seller: Unit, maker: Unit) -> int:
    """Rupiah that the seller still owes the maker; negative where more was paid or came back later."""
    sold, commission = account_of(seller, maker)
    return sold - commission - paid_of(seller, maker)


def products(seller: Unit, maker: Unit, since: date | None = None, until: date | None = None) -> Sequence[Any]:
    """By product: pieces sold and returned, rupiah sold and returned in the period, and what still lies there."""
    galleries = sa.select(Gallery.id).where(Gallery.unit_id == seller.id)
    line, back = SaleLine, SaleLine.quantity < 0
    sums = sa.select(
        line.product_id,
        _sum(sa.case((back, 0), else_=line.quantity)).label("sold"),
        _sum(sa.case((back, -line.quantity), else_=0)).label("returned"),
        _sum(sa.case((back, 0), else_=line.amount)).label("sold_amount"),
        _sum(sa.case((back, -line.amount), else_=0)).label("returned_amount"),
    ).where(line.gallery_id.in_(galleries), line.maker_id == maker.id)
    sums = sums.where(line.business_date >= since) if since else sums
    of_period = (sums.where(line.business_date <= until) if until else sums).group_by(line.product_id).subquery()
    held = (
        sa.select(StockMove.product_id, _sum(StockMove.quantity).label("held"))
        .where(StockMove.gallery_id.in_(galleries))
        .group_by(StockMove.product_id)
        .subquery()
    )
    query = (
        sa.select(
            Product.id,
            Product.name,
            Product.unit_of_measure,
            *(sa.func.coalesce(of_period.c[name], 0).label(name) for name in ("sold", "returned")),
            *(sa.func.coalesce(of_period.c[name], 0).label(name) for name in ("sold_amount", "returned_amount")),
            sa.func.coalesce(held.c.held, 0).label("held"),
        )
        .outerjoin(of_period, of_period.c.product_id == Product.id)
        .outerjoin(held, held.c.product_id == Product.id)
        .where(Product.maker_id == maker.id)
        .where(of_period.c.product_id.is_not(None) | (sa.func.coalesce(held.c.held, 0) != 0))
        .order_by(sa.func.coalesce(of_period.c.sold_amount, 0).desc(), sa.func.lower(Product.name), Product.id)
    )
    return db.session.execute(query).all()


def settlements(seller: Unit, maker: Unit) -> list[ConsignmentSettlement]:
    """What was paid over, newest first."""
    query = sa.select(ConsignmentSettlement).where(
        ConsignmentSettlement.seller_id == seller.id, ConsignmentSettlement.maker_id == maker.id
    )
    return list(db.session.scalars(query.order_by(ConsignmentSettlement.at.desc(), ConsignmentSettlement.id.desc())))


def terms_of(seller: Unit, maker: Unit) -> list[ConsignmentTerms]:
    """Every agreement between the two, newest first."""
    query = sa.select(ConsignmentTerms).where(
        ConsignmentTerms.seller_id == seller.id, ConsignmentTerms.maker_id == maker.id
    )
    return list(db.session.scalars(query.order_by(ConsignmentTerms.from_day.desc(), ConsignmentTerms.id.desc())))

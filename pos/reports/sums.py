"""What was sold in any days, added up by anything: the sums behind the report pages.

Omzet, notas, pieces, PNBP and premi of days, months, units, galleries and makers are read from `turnover`, so they
cost the same however much was sold; everything finer, and gross, discount, refunds and cost, from the lines of those
days. Where a unit stood and what it was called is asked of the days themselves, so that moving or renaming anything
never changes an earlier figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos.campaigns.models import Turnover
from pos.db import db
from pos.register.models import Sale, SaleLine
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES
from pos.units.models import Gallery, Placement, Register, Unit, User

BY = (
    "day",
    "month",
    "kanwil",
    "upt",
    "gallery",
    "register",
    "cashier",
    "product",
    "category",
    "maker",
    "buyer",
    "channel",
)
IN_TURNOVER = frozenset(("day", "month", "kanwil", "upt", "gallery", "maker"))
OF_SALE = frozenset(("register", "cashier", "buyer", "channel"))
SHARED = ("product", "category", "maker")  # a nota counts in several of their rows, and once in the total
PLAIN = ("omzet", "other", "sales", "pieces", "pnbp", "premi")
DETAILS = ("gross", "discount", "refunds", "cost")


@dataclass(frozen=True)
class View:
    """What is added up: these days (both belong to it) and everything that is set; units are ids of the day itself."""

    since: date
    until: date
    kanwil: int | None = None
    upt: int | None = None
    gallery: int | None = None
    register: int | None = None
    cashier: int | None = None
    maker: int | None = None
    product: int | None = None
    category: str | None = None
    buyer: str | None = None
    channel: str | None = None

    def given(self) -> dict[str, Any]:
        """What narrows it besides the days, in the order in which one walks down."""
        values = {field.name: getattr(self, field.name) for field in fields(self)[2:]}
        return {name: value for name, value in values.items() if value is not None}

    def on(self, since: date, until: date) -> "View":
        return replace(self, since=since, until=until)


@dataclass(frozen=True)
class Row:
    """Sums in rupiah, `pieces` in thousandths, `sales` = notas.

    omzet, pieces, cost, PNBP and premi are of goods made by WBP, `other` is the takings of all other goods.
    gross - discount - refunds = omzet + other; these and `cost` are None where they were not asked for.
    """

    key: str
    name: str
    detail: str  # what tells two rows of one name apart
    omzet: int
    other: int
    sales: int
    pieces: int
    pnbp: int
    premi: int
    gross: int | None = None
    discount: int | None = None
    refunds: int | None = None
    cost: int | None = None

    @property
    def takings(self) -> int:
        return self.omzet + self.other

    @property
    def average(self) -> int:
        """Rupiah a nota brings in the mean."""
        return self.takings // self.sales if self.sales > 0 else 0

    @property
    def profit(self) -> int | None:
        return None if self.cost is None else self.omzet - self.cost


def total(view: View, details: bool = False) -> Row:
    found = db.session.execute(_query(view, None, details)).one()
    return _row(found, "", "", "", details)


def breakdown(view: View, by: str, details: bool = False) -> list[Row]:
    """A row for each value of `by` (one of `BY`) that sold or returned something; days in order, else by takings."""
    found = db.session.execute(_query(view, by, details)).all()
    names = _names(view, by, [row.key for row in found])
    rows = []
    for row in found:
        key = str(row.key)
        name, detail = (row.name, row.maker) if by == "product" else names.get(key, (key, ""))
        rows.append(_row(row, key, name, detail, details))
    in_order = by in ("day", "month")
    return sorted(rows, key=lambda row: row.key if in_order else (-row.takings, row.name, row.key))


def _row(found: Any, key: str, name: str, detail: str, details: bool) -> Row:
    sums = {each: int(getattr(found, each)) for each in (*PLAIN, *(DETAILS if details else ()))}
    return Row(key, name, detail, **sums)


# -- the query -----------------------------------------------------------------------------------------


def _query(view: View, by: str | None, details: bool) -> Any:
    asked = {*view.given(), *([by] if by else [])}
    rows: Any = SaleLine if details or not asked <= IN_TURNOVER else Turnover
    query = counted(view, by, rows).with_only_columns(*_columns_of(rows, view, by, details))
    if by is None:
        return query
    key = _keys(rows)[by]
    extra = [sa.func.max(SaleLine.name).label("name"), sa.func.max(SaleLine.maker_name).label("maker")]
    return query.add_columns(key.label("key"), *(extra if by == "product" else ())).group_by(key)


def counted(view: View, by: str | None = None, rows: Any = SaleLine) -> Any:
    """The rows of `rows` that the view is about, joined to what `by` asks about: a SELECT without columns."""
    days = (view.since, view.until)
    asked = {*view.given(), *([by] if by else [])}
    query = sa.select().select_from(rows).where(rows.business_date.between(*days))
    if asked & OF_SALE:
        # The days once more, though a line has its sale's: they keep PostgreSQL from reading every sale.
        query = query.join(Sale, Sale.id == SaleLine.sale_id).where(Sale.business_date.between(*days))
    if asked & {"kanwil", "upt"}:
        query = query.join(Gallery, Gallery.id == rows.gallery_id)
    if "kanwil" in asked:
        query = query.outerjoin(Placement, sa.and_(Placement.unit_id == Gallery.unit_id, *standing(rows.business_date)))
    keys = _keys(rows)
    return query.where(*(keys[name] == value for name, value in view.given().items()))


def standing(day: Any) -> tuple[Any, Any]:
    """Conditions on `Placement`: as it was on `day`."""
    return Placement.from_day <= day, Placement.until_day > day


def _columns_of(rows: Any, view: View, by: str | None, details: bool) -> list[Any]:
    of_wbp = rows.wbp_made
    amount, pieces = (rows.omzet, rows.pieces) if rows is Turnover else (rows.amount, rows.quantity)
    sums = {
        "omzet": _sum(amount, of_wbp),
        "other": _sum(amount, sa.not_(of_wbp)),
        "pieces": _sum(pieces, of_wbp),
        "pnbp": _sum(rows.pnbp),
        "premi": _sum(rows.premi),
        "sales": _notas(rows, view, by),
    }
    if details:
        sold = SaleLine.quantity > 0
        gross = (SaleLine.quantity * SaleLine.unit_price + 500) // 1000  # as `money.gross` rounds what is sold
        sums |= {
            "gross": _sum(gross, sold),
            "discount": _sum(gross - SaleLine.amount, sold),
            "refunds": _sum(-SaleLine.amount, sa.not_(sold)),
            "cost": _sum(SaleLine.cost, of_wbp),
        }
    return [column.label(name) for name, column in sums.items()]


def _sum(column: Any, where: Any = None) -> Any:
    return sa.func.coalesce(sa.func.sum(column if where is None else sa.case((where, column), else_=0)), 0)


def _notas(rows: Any, view: View, by: str | None) -> Any:
    """A nota is one for its seller and for the nation, and one for each maker in it; refunds are none."""
    if rows is SaleLine:
        return sa.func.count(sa.distinct(sa.case((SaleLine.quantity > 0, SaleLine.sale_id))))
    per_maker = by == "maker" or view.maker is not None
    return _sum(Turnover.maker_sales if per_maker else Turnover.sales)


def _keys(rows: Any) -> dict[str, Any]:
    day = rows.business_date
    return {
        "day": day,
        "month": sa.extract("year", day) * 100 + sa.extract("month", day),
        "kanwil": sa.func.coalesce(Placement.kanwil_id, Gallery.unit_id),
        "upt": Gallery.unit_id,
        "gallery": rows.gallery_id,
        "register": Sale.register_id,
        "cashier": Sale.cashier_id,
        "product": SaleLine.product_id,
        "category": SaleLine.category,
        "maker": rows.maker_id,
        "buyer": Sale.buyer,
        "channel": Sale.channel,
    }


# -- names ---------------------------------------------------------------------------------------------


def _names(view: View, by: str, keys: Sequence[Any]) -> dict[str, tuple[str, str]]:
    """Name and detail by key, as they were at the last of these days."""
    if by in ("kanwil", "upt", "maker"):
        return {str(key): (name, "") for key, name in unit_names(keys, view.until).items()}
    if by == "gallery":
        return {str(key): names for key, names in gallery_names(keys, view.since, view.until).items()}
    if by == "register":
        query = sa.select(Register.id, Register.code, Register.gallery_id).where(Register.id.in_(keys))
        registers = db.session.execute(query).all()
        galleries = gallery_names([row.gallery_id for row in registers], view.since, view.until)
        return {str(row.id): (row.code, galleries[row.gallery_id][0]) for row in registers}
    if by == "cashier":
        people = db.session.execute(sa.select(User.id, User.name, User.username).where(User.id.in_(keys)))
        return {str(row.id): (row.name, row.username) for row in people}
    words = {"buyer": BUYER_NAMES, "channel": CHANNEL_NAMES}.get(by, {})
    return {key: (name, "") for key, name in words.items()}


def unit_names(unit_ids: Sequence[Any], day: date) -> dict[int, str]:
    """What these units were called on `day` (today's name where the tree knows no other)."""
    query = (
        sa.select(Unit.id, sa.func.coalesce(Placement.name, Unit.name).label("name"))
        .outerjoin(Placement, sa.and_(Placement.unit_id == Unit.id, *standing(day)))
        .where(Unit.id.in_(unit_ids))
    )
    return {row.id: row.name for row in db.session.execute(query)}


def gallery_names(gallery_ids: Sequence[Any], since: date, until: date) -> dict[int, tuple[str, str]]:
    """The names of galleries and of their sellers, as the last nota of these days has them."""
    last = (
        sa.select(Sale.id)
        .where(Sale.gallery_id == Gallery.id, Sale.business_date.between(since, until))
        .order_by(Sale.business_date.desc(), Sale.sold_at.desc(), Sale.id.desc())
        .limit(1)
        .correlate(Gallery)
        .scalar_subquery()
    )
    query = (
        sa.select(
            Gallery.id,
            sa.func.coalesce(Sale.gallery_name, Gallery.name).label("name"),
            sa.func.coalesce(Sale.seller_name, Unit.name).label("seller"),
        )
        .join(Unit, Unit.id == Gallery.unit_id)
        .outerjoin(Sale, Sale.id == last)
        .where(Gallery.id.in_(gallery_ids))
    )
    return {row.id: (row.name, row.seller) for row in db.session.execute(query)}


# -- the notas at the bottom ---------------------------------------------------------------------------


def notas(view: View) -> Any:
    """SELECT of a row for each nota within the view, with the sums of its lines that count there."""
    lines = (
        counted(view)
        .with_only_columns(
            SaleLine.sale_id.label("sale_id"),
            _sum(SaleLine.amount, SaleLine.wbp_made).label("omzet"),
            _sum(SaleLine.amount, sa.not_(SaleLine.wbp_made)).label("other"),
            _sum(SaleLine.quantity, SaleLine.wbp_made).label("pieces"),
            _sum(SaleLine.pnbp).label("pnbp"),
            _sum(SaleLine.premi).label("premi"),
        )
        .group_by(SaleLine.sale_id)
        .subquery()
    )
    return (
        sa.select(
            Sale.receipt,
            Sale.business_date,
            Sale.sold_at,
            Sale.zone,
            Sale.gallery_id,
            Sale.gallery_name,
            Sale.seller_name,
            Sale.buyer,
            Sale.channel,
            Sale.refund_of.is_not(None).label("is_refund"),
            User.name.label("cashier"),
            lines.c.omzet,
            lines.c.other,
            lines.c.pieces,
            lines.c.pnbp,
            lines.c.premi,
        )
        .join(lines, lines.c.sale_id == Sale.id)
        .join(User, User.id == Sale.cashier_id)
        .order_by(Sale.sold_at.desc(), Sale.id.desc())
    )

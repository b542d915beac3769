"""The sums of a campaign: one total, and the same total cut by Kanwil, UPT, gallery, day, maker, product ...

Whatever `turnover` can answer is read from it, so a total costs the same however many lines were sold; only
product, category, buyer and channel are read from the lines of the window. So is everything of a campaign that
counts only some categories or channels: right, but slower the more it sold. Where a unit stood is asked of
`placement` for each business day, so that moving or renaming a unit never moves an earlier figure.
"""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos import clock
from pos.campaigns.models import Campaign, CampaignWindow, Turnover
from pos.campaigns.verified import verified_omzet
from pos.db import db
from pos.db import hold_still as hold_still
from pos.errors import N_
from pos.register.models import Sale, SaleLine
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES
from pos.revenue.models import Deposit
from pos.units.models import Gallery, Placement, Register, Unit
from pos.units.services import Person

BY = ("kanwil", "upt", "gallery", "day", "maker", "product", "category", "buyer", "channel")
FROM_LINES = ("product", "category", "buyer", "channel")
OWN_GALLERY = N_("galeri sendiri")  # beside a Kanwil that stands among its UPT
SUMS = ("omzet", "pieces", "sales", "pnbp", "premi")

_own, _over, _stood = aliased(CampaignWindow), aliased(CampaignWindow), aliased(Placement)


@dataclass(frozen=True)
class Cut:
    """What is looked at: every field that is set must hold. Unit fields are ids, of the business day itself."""

    kanwil: int | None = None
    upt: int | None = None
    gallery: int | None = None
    day: date | None = None
    maker: int | None = None
    product: int | None = None
    category: str | None = None
    buyer: str | None = None
    channel: str | None = None

    def has(self, *names: str) -> bool:
        return any(getattr(self, name) is not None for name in names)

    def given(self) -> dict[str, Any]:
        """The fields that are set, in the order in which one walks down."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True)
class Row:
    """One row of a breakdown: rupiah, `pieces` in thousandths, `sales` = notas."""

    key: str
    name: str
    detail: str  # what tells two rows of one name apart: the gallery's UPT, the product's maker, a Kanwil's own
    omzet: int
    pieces: int
    sales: int
    pnbp: int
    premi: int


@dataclass(frozen=True)
class Totals:
    """A campaign's figures within a cut, and their breakdown.

    omzet, pnbp and premi in rupiah as reported by the registers; pieces in thousandths; `deposited` is the
    PNBP of these units that has an NTPN within the same days, None where the cut is finer than a unit (deposits
    are made per unit, and for whole days: of a campaign that counts some channels only, for the others too).
    `verified_omzet` is what the units submitted and somebody above them verified, None where the cut is finer than
    a unit: reported and verified are two figures, and the first is never shown as the second. `as_of` is when the
    last of it was recorded.
    """

    campaign: str
    as_of: datetime | None
    omzet: int
    pieces: int
    sales: int
    pnbp: int
    premi: int
    deposited: int | None
    verified_omzet: int | None
    rows: list[Row]


def totals(campaign: Campaign, cut: Cut, by: str | None = None) -> Totals:
    """The campaign's figures within `cut`, broken down `by` one of `BY` (or not); all read from one snapshot."""
    hold_still()
    whole = db.session.execute(_sums(campaign, cut)).one()
    deposited, deposited_at = deposits(campaign, cut)
    return Totals(
        campaign=campaign.slug,
        as_of=max(filter(None, (whole.changed_at, deposited_at)), default=None),
        **{name: int(getattr(whole, name)) for name in SUMS},
        deposited=deposited,
        verified_omzet=_verified(campaign, cut),
        rows=breakdown(campaign, cut, by) if by else [],
    )


def breakdown(campaign: Campaign, cut: Cut, by: str) -> list[Row]:
    """The rows of `totals` alone: days in their order, everything else by omzet."""
    found = db.session.execute(_sums(campaign, cut, by)).all()
    names = names_of(campaign, by, [row.key for row in found])
    rows = []
    for row in found:
        key = str(row.key)
        name, detail = (row.name, row.maker) if by == "product" else names.get(key, (key, ""))
        rows.append(Row(key, name, detail, **{sum_: int(getattr(row, sum_)) for sum_ in SUMS}))
    return sorted(rows, key=(lambda row: row.key) if by == "day" else (lambda row: (-row.omzet, row.name, row.key)))


def reporting(campaign: Campaign, cut: Cut) -> tuple[int, int]:
    """How many UPT have sold something in the campaign, and how many there are in the cut at its last day.

    A closed UPT is one of them only if it sold.
    """
    query, _ = _counted(campaign, cut, "upt")
    sold = query.with_only_columns(Gallery.unit_id).join(Unit, Unit.id == Gallery.unit_id).where(Unit.level == "upt")
    there = [Unit.active] if cut.kanwil is None else [Unit.active, Placement.kanwil_id == cut.kanwil]
    everyone = (
        sa.select(sa.func.count())
        .select_from(Unit)
        .outerjoin(Placement, sa.and_(Placement.unit_id == Unit.id, *standing_on(campaign.until_day)))
        .where(Unit.level == "upt", sa.or_(sa.and_(*there), Unit.id.in_(sold)))
    )
    count = db.session.scalar(sa.select(sa.func.count()).select_from(sold.distinct().subquery()))
    return int(count or 0), int(db.session.scalar(everyone) or 0)


def reach(campaign: Campaign) -> tuple[date, date]:
    """The first and the last day on which anything can count for anyone."""
    return (
        min([campaign.from_day, *(w.from_day for w in campaign.windows)]),
        max([campaign.until_day, *(w.until_day for w in campaign.windows)]),
    )


def window_of(campaign: Campaign, cut: Cut) -> tuple[date, date]:
    """The days that count for the unit looked at: its own window, its Kanwil's, or the campaign's."""
    windows = {w.unit_id: (w.from_day, w.until_day) for w in campaign.windows}
    nearest = windows.get(cut.upt or 0)
    if windows and not nearest:
        kanwil_id = _kanwil_of(campaign, cut.upt) if cut.kanwil is None and cut.upt else cut.kanwil
        nearest = windows.get(kanwil_id or 0)
    return nearest or (campaign.from_day, campaign.until_day)


def _kanwil_of(campaign: Campaign, unit_id: int) -> int | None:
    """Under which Kanwil the unit stood on the campaign's last day."""
    stood = sa.and_(Placement.unit_id == Unit.id, *standing_on(campaign.until_day))
    query = sa.select(sa.func.coalesce(Placement.kanwil_id, Unit.parent_id)).outerjoin(Placement, stood)
    return db.session.scalar(query.select_from(Unit).where(Unit.id == unit_id))


def place_of(cut: Cut) -> tuple[int | None, bool]:
    """The unit by whose target the cut is measured (None where it is finer), and whether it is the nation."""
    places = cut.given().keys()
    if not places <= {"kanwil", "upt"}:
        return None, False
    return cut.upt or cut.kanwil, not places


# -- one query for every cut ---------------------------------------------------------------------------


def lines_of(campaign: Campaign, cut: Cut) -> Any:
    """The sale lines that count, joined to what the cut asks about; give it its columns."""
    return _counted(campaign, cut, "product")[0]


def sales_of(campaign: Campaign, cut: Cut) -> Any:
    """Every nota of the days that count for its seller, whether its lines count or not; give it its columns."""
    query = sa.select().select_from(Sale).where(Sale.business_date.between(*reach(campaign)))
    query = query.join(Gallery, Gallery.id == Sale.gallery_id)
    if cut.kanwil is not None or campaign.windows:
        query = _place(query, Gallery.unit_id, Sale.business_date, campaign)
    columns: dict[str, Any] = {"upt": Gallery.unit_id, "gallery": Sale.gallery_id}
    columns["kanwil"] = sa.func.coalesce(Placement.kanwil_id, Gallery.unit_id)
    return query.where(*(columns[name] == value for name, value in cut.given().items()))


@dataclass(frozen=True)
class Columns:
    """What the figures are called in the table that is read: expressions to be summed, and `notas`, summed already."""

    table: Any
    day: Any
    gallery_id: Any
    kanwil_id: Any  # where `by` asks for the Kanwil
    omzet: Any
    pieces: Any
    pnbp: Any
    notas: Any
    changed_at: Any  # to be asked for by `when`


def counted(campaign: Campaign, cut: Cut, by: str, when: bool = False) -> tuple[Any, Columns]:
    """What counts within the cut, as `_counted`, joined to what `by` needs, with its columns."""
    query, rows = _counted(campaign, cut, by, when)
    notas = _notas(rows, cut, by)
    place = (rows.business_date, rows.gallery_id, _columns(rows)["kanwil"])
    if rows is Turnover:
        return query, Columns(rows, *place, rows.omzet, rows.pieces, rows.pnbp, notas, rows.changed_at)
    return query, Columns(rows, *place, rows.amount, rows.quantity, rows.pnbp, notas, Sale.recorded_at)


def _sums(campaign: Campaign, cut: Cut, by: str | None = None) -> Any:
    """SELECT of `SUMS` (and `key`, with `by`); the total also tells when it last changed."""
    query, rows = _counted(campaign, cut, by)
    amount, pieces = (rows.omzet, rows.pieces) if rows is Turnover else (rows.amount, rows.quantity)
    columns = {"omzet": amount, "pieces": pieces, "pnbp": rows.pnbp, "premi": rows.premi}
    chosen = [sa.func.coalesce(sa.func.sum(column), 0).label(name) for name, column in columns.items()]
    chosen.append(_notas(rows, cut, by).label("sales"))
    if by is None:
        changed_at = Turnover.changed_at if rows is Turnover else Sale.recorded_at
        return query.with_only_columns(*chosen, sa.func.max(changed_at).label("changed_at"))
    key = _columns(rows)[by]
    if by == "product":
        chosen += [sa.func.max(SaleLine.name).label("name"), sa.func.max(SaleLine.maker_name).label("maker")]
    return query.with_only_columns(key.label("key"), *chosen).group_by(key)


def _notas(rows: Any, cut: Cut, by: str | None) -> Any:
    """A nota is one for its seller and for the nation, and one for each maker in it; refunds are none."""
    if rows is SaleLine:
        return sa.func.count(sa.distinct(sa.case((SaleLine.quantity > 0, SaleLine.sale_id))))
    per_maker = by == "maker" or cut.maker is not None
    return sa.func.coalesce(sa.func.sum(Turnover.maker_sales if per_maker else Turnover.sales), 0)


def _columns(rows: Any) -> dict[str, Any]:
    """What each dimension is called in the tables: for a key, and for the condition of a cut."""
    return {
        "kanwil": sa.func.coalesce(Placement.kanwil_id, Gallery.unit_id),
        "upt": Gallery.unit_id,
        "gallery": rows.gallery_id,
        "day": rows.business_date,
        "maker": rows.maker_id,
        "product": SaleLine.product_id,
        "category": SaleLine.category,
        "buyer": Sale.buyer,
        "channel": Sale.channel,
    }


def _counted(campaign: Campaign, cut: Cut, by: str | None, when: bool = False) -> tuple[Any, Any]:
    """What counts for the campaign within the cut: a SELECT without columns, and the table it reads."""
    from_lines = by in FROM_LINES or cut.has(*FROM_LINES) or bool(campaign.categories or campaign.channels)
    rows: Any = SaleLine if from_lines else Turnover
    query = sa.select().select_from(rows).where(rows.business_date.between(*reach(campaign)))
    if campaign.wbp_only:
        query = query.where(rows.wbp_made)
    if campaign.categories:
        query = query.where(SaleLine.category.in_(campaign.categories))
    of_sale = when or by is None or by in ("buyer", "channel") or cut.has("buyer", "channel") or campaign.channels
    if from_lines and of_sale:
        # The days once more, though a line has its sale's: they keep PostgreSQL from reading every sale.
        query = query.join(Sale, Sale.id == SaleLine.sale_id).where(Sale.business_date.between(*reach(campaign)))
    if campaign.channels:
        query = query.where(Sale.channel.in_(campaign.channels))
    placed = by == "kanwil" or cut.kanwil is not None or bool(campaign.windows)
    if placed or by == "upt" or cut.upt is not None:
        query = query.join(Gallery, Gallery.id == rows.gallery_id)
    if placed:
        query = _place(query, Gallery.unit_id, rows.business_date, campaign)
    columns = _columns(rows)
    return query.where(*(columns[name] == value for name, value in cut.given().items())), rows


def _place(query: Any, unit_id: Any, day: Any, campaign: Campaign) -> Any:
    """Join where the unit stood on that day, and keep the days of the nearest window up the tree."""
    query = query.outerjoin(Placement, sa.and_(Placement.unit_id == unit_id, *standing_on(day)))
    if not campaign.windows:
        return query
    for window, unit in ((_own, unit_id), (_over, Placement.kanwil_id)):
        query = query.outerjoin(window, sa.and_(window.campaign_id == campaign.id, window.unit_id == unit))
    return query.where(
        day >= sa.func.coalesce(_own.from_day, _over.from_day, sa.literal(campaign.from_day)),
        day <= sa.func.coalesce(_own.until_day, _over.until_day, sa.literal(campaign.until_day)),
    )


def standing_on(day: Any) -> tuple[Any, Any]:
    return Placement.from_day <= day, Placement.until_day > day


def _verified(campaign: Campaign, cut: Cut) -> int | None:
    if set(cut.given()) - {"kanwil", "upt"}:
        return None
    return verified_omzet(campaign, cut.kanwil, cut.upt)


def late_omzet(campaign: Campaign, cut: Cut) -> int:
    """The part of the omzet within the cut that comes from notas written by hand and entered later."""
    late = sa.select(Sale.id).join(Register, Register.id == Sale.register_id).where(Register.late_notes)
    query = lines_of(campaign, cut).with_only_columns(sa.func.coalesce(sa.func.sum(SaleLine.amount), 0))
    return int(db.session.scalar(query.where(SaleLine.sale_id.in_(late))) or 0)


def omzet_after_cutoff(campaign: Campaign, cut: Cut) -> int:
    """The part of the omzet within the cut that was recorded after units had to report; 0 until then."""
    if campaign.report_until is None or clock.now() <= campaign.report_until:
        return 0
    after = sa.select(Sale.id).where(Sale.recorded_at > campaign.report_until)
    after = after.where(Sale.business_date.between(*reach(campaign)))
    query = lines_of(campaign, cut).with_only_columns(sa.func.coalesce(sa.func.sum(SaleLine.amount), 0))
    return int(db.session.scalar(query.where(SaleLine.sale_id.in_(after))) or 0)


def deposits(campaign: Campaign, cut: Cut) -> tuple[int | None, datetime | None]:
    """The PNBP of the place that has an NTPN within its days, and when the last of it was recorded."""
    if cut.has("gallery", "maker", *FROM_LINES):
        return None, None
    sums = (sa.func.coalesce(sa.func.sum(Deposit.amount), 0), sa.func.max(Deposit.recorded_at))
    amount, at = db.session.execute(_deposited(campaign, cut).with_only_columns(*sums)).one()
    return int(amount), at


def deposits_within(campaign: Campaign, cut: Cut, person: Person) -> Any:
    """SELECT of the deposits that `deposits` adds up, the newest day first, and whether the reader may open each."""
    name = sa.func.coalesce(_stood.name, Unit.name).label("unit")
    may_open = Unit.path.startswith(person.path, autoescape=True).label("may_open")
    query = _deposited(campaign, cut).join(Unit, Unit.id == Deposit.unit_id)
    stood = sa.and_(_stood.unit_id == Unit.id, _stood.from_day <= Deposit.day, _stood.until_day > Deposit.day)
    columns = (Deposit.id, Deposit.day, name, Deposit.ntpn, Deposit.billing_code, Deposit.amount, may_open)
    return query.outerjoin(_stood, stood).with_only_columns(*columns).order_by(Deposit.day.desc(), Deposit.id.desc())


def _deposited(campaign: Campaign, cut: Cut) -> Any:
    query = sa.select().select_from(Deposit).where(Deposit.day.between(*reach(campaign)))
    if cut.kanwil is not None or campaign.windows:
        query = _place(query, Deposit.unit_id, Deposit.day, campaign)
    if cut.kanwil is not None:
        query = query.where(sa.func.coalesce(Placement.kanwil_id, Deposit.unit_id) == cut.kanwil)
    if cut.upt is not None:
        query = query.where(Deposit.unit_id == cut.upt)
    if cut.day is not None:
        query = query.where(Deposit.day == cut.day)
    return query


# -- names ---------------------------------------------------------------------------------------------


def names_of(campaign: Campaign, by: str, keys: list[Any]) -> dict[str, tuple[str, str]]:
    """Name and detail by key; units carry the name they had at the campaign's last day."""
    if by == "upt":
        own = set(db.session.scalars(sa.select(Unit.id).where(Unit.id.in_(keys), Unit.level != "upt")))
        names = unit_names(campaign, keys)
        return {str(key): (name, OWN_GALLERY if key in own else "") for key, name in names.items()}
    if by in ("kanwil", "maker"):
        return {str(key): (name, "") for key, name in unit_names(campaign, keys).items()}
    if by == "gallery":
        query = sa.select(Gallery.id, Gallery.name, Gallery.unit_id).where(Gallery.id.in_(keys))
        galleries = db.session.execute(query).all()
        of_units = unit_names(campaign, [unit_id for _, _, unit_id in galleries])
        return {str(key): (name, of_units[unit_id]) for key, name, unit_id in galleries}
    words = {"buyer": BUYER_NAMES, "channel": CHANNEL_NAMES}.get(by, {})
    return {key: (name, "") for key, name in words.items()}


def unit_names(campaign: Campaign, unit_ids: list[int]) -> dict[int, str]:
    """What these units were called at the campaign's last day (today's name where the tree knows no other)."""
    query = (
        sa.select(Unit.id, sa.func.coalesce(Placement.name, Unit.name))
        .outerjoin(Placement, sa.and_(Placement.unit_id == Unit.id, *standing_on(campaign.until_day)))
        .where(Unit.id.in_(unit_ids))
    )
    return {row[0]: row[1] for row in db.session.execute(query)}

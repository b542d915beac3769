"""Splitting a line's money by the scheme in force, exactly."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from pos import clock, money
from pos.catalog.models import Barcode, Product
from pos.catalog.services import next_version
from pos.db import atomic, db
from pos.errors import N_, NotFound, PosError
from pos.revenue.models import Scheme, SchemeShare, SchemeWithdrawal
from pos.units.models import Unit
from pos.units.services import Person, log, within


@dataclass(frozen=True)
class Share:
    name: str
    kind: str
    basis_points: int
    takes_remainder: bool


@dataclass(frozen=True)
class Terms:
    """A scheme as plain values."""

    scheme_id: int
    path: str
    from_day: date
    base: str
    shares: tuple[Share, ...]
    product_id: int | None = None


@dataclass(frozen=True)
class Split:
    """A line's base (rupiah) and its parts in the scheme's order; they add up to the base."""

    scheme_id: int | None
    base: int
    parts: tuple[tuple[str, str, int], ...]  # name, kind, rupiah

    def of_kind(self, kind: str) -> int:
        return sum(amount for _, k, amount in self.parts if k == kind)

    def as_json(self) -> str:
        return json.dumps([[name, kind, amount] for name, kind, amount in self.parts], separators=(",", ":"))

    @classmethod
    def from_json(cls, scheme_id: int | None, base: int, text: str) -> "Split":
        return cls(scheme_id, base, tuple((n, k, a) for n, k, a in json.loads(text)))


NOTHING = Split(None, 0, ())
NEVER = date.max  # when a scheme begins that was withdrawn


def split(terms: Terms | None, amount: int, cost: int, wbp_made: bool) -> Split:
    """Share out `amount` rupiah of sales that cost `cost` to make.

    The base is laba (amount - cost) or penjualan (amount); a loss owes nothing, goods not made by WBP owe
    nothing. Each share is its percentage rounded down, and the one named in the scheme takes the remainder.
    """
    if terms is None or not wbp_made:
        return NOTHING
    base = max(0, amount - cost if terms.base == "laba" else amount)
    taker = next(i for i, share in enumerate(terms.shares) if share.takes_remainder)
    parts = share_out(base, [share.basis_points for share in terms.shares], taker)
    return Split(terms.scheme_id, base, tuple((s.name, s.kind, p) for s, p in zip(terms.shares, parts, strict=True)))


def share_out(base: int, points: Sequence[int], taker: int) -> list[int]:
    """Each share of `base` rupiah (hundredths of a percent) rounded down; the one at `taker` has the rest as well.

    `static/js/scheme.js` holds the same, and both the vectors of `tests/vectors/scheme.json`.
    """
    parts = [base * share // 10_000 for share in points]
    parts[taker] += base - sum(parts)
    return parts


def part_of(whole: Split, before: int, now: int, of: int) -> Split:
    """The (negative) split of returning `now` of `of` thousandths after `before` came back already.

    Parts still add up to the part's base, and returning everything in any number of steps undoes `whole` exactly.
    """
    if not whole.parts:
        return whole
    weights = [amount for _, _, amount in whole.parts]

    def returned(thousandths: int) -> list[int]:
        return money.spread(money.half_up(whole.base * thousandths, of), weights)

    earlier, later = returned(before), returned(before + now)
    parts = tuple((name, kind, -(b - a)) for (name, kind, _), a, b in zip(whole.parts, earlier, later, strict=True))
    return Split(whole.scheme_id, sum(p for _, _, p in parts), parts)


_known: dict[int, tuple[tuple[int, int], list[Terms]]] = {}


def all_terms(connection: Connection, versions: tuple[int, int]) -> list[Terms]:
    """Every scheme, remembered in this process for these versions of catalogue and tree."""
    known = _known.get(id(connection.engine))
    if known and known[0] == versions:
        return known[1]
    columns = (Scheme.id, Unit.path, Scheme.from_day, Scheme.base, Scheme.product_id)
    rows = connection.execute(sa.select(*columns).join(Unit)).all()
    shares: dict[int, list[Share]] = {}
    for row in connection.execute(
        sa.select(SchemeShare.__table__).order_by(SchemeShare.scheme_id, SchemeShare.position)
    ):
        shares.setdefault(row.scheme_id, []).append(Share(row.name, row.kind, row.basis_points, row.takes_remainder))
    terms = [
        Terms(row.id, row.path, row.from_day or NEVER, row.base, tuple(shares[row.id]), row.product_id) for row in rows
    ]
    _known[id(connection.engine)] = (versions, terms)
    return terms


def in_force(terms: list[Terms], maker_path: str, day: date, product_id: int | None = None) -> Terms | None:
    """The scheme for goods of this maker on this day: the product's own, the nearest unit up the tree, the latest."""
    fitting = [
        t
        for t in terms
        if t.from_day <= day and maker_path.startswith(t.path) and (t.product_id is None or t.product_id == product_id)
    ]
    return max(fitting, key=lambda t: (t.product_id is not None, len(t.path), t.from_day), default=None)


def add_scheme(
    unit: Unit,
    name: str,
    base: str,
    shares: list[Share],
    from_day: date = clock.BEGINNING,
    product: Product | None = None,
) -> Scheme:
    """A new scheme (inside `atomic()`); `ValueError` unless the shares make 100% and one takes the remainder."""
    if sum(s.basis_points for s in shares) != 10_000 or sum(s.takes_remainder for s in shares) != 1:
        raise ValueError("shares must add up to 100% and exactly one takes the remainder")
    product_id = product.id if product else None
    scheme = Scheme(unit_id=unit.id, name=name, base=base, from_day=from_day, product_id=product_id)
    for position, share in enumerate(shares):
        scheme.shares.append(
            SchemeShare(
                position=position,
                name=share.name,
                kind=share.kind,
                basis_points=share.basis_points,
                takes_remainder=share.takes_remainder,
            )
        )
    db.session.add(scheme)
    db.session.flush()
    return scheme


def new_scheme(
    unit: Unit,
    by: Person,
    name: str,
    base: str,
    shares: list[Share],
    from_day: date,
    product: Product | None = None,
) -> Scheme:
    """`add_scheme` as a person does it: from today at the earliest, since notas already written keep their shares.

    The catalogue takes a new version, so that what was remembered of the schemes is read again.
    """
    if from_day < clock.today(unit.zone):
        raise PosError("Hari mulai sudah lewat.", fields={"from_day": N_("Paling awal hari ini.")})
    try:
        with atomic():
            scheme = add_scheme(unit, name, base, shares, from_day, product)
            next_version()
            parts = {share.name: f"{share.basis_points / 100:g}%" for share in shares}
            log("scheme.add", name, by, unit.id, base=base, since=from_day.isoformat(), **parts)
    except IntegrityError:
        raise PosError(
            "Sudah ada skema pada hari itu.", fields={"from_day": N_("Unit ini sudah punya skema sejak hari itu.")}
        ) from None
    return scheme


def scheme_for(person: Person, scheme_id: int) -> Scheme:
    """A scheme of a unit in the person's scope, or `NotFound`: to change, not only to read."""
    scheme = db.session.scalar(sa.select(Scheme).join(Unit).where(Scheme.id == scheme_id, within(person)))
    if scheme is None:
        raise NotFound("Skema ini tidak ada atau di luar wewenang Anda.")
    return scheme


def terms_of(scheme: Scheme) -> Terms:
    shares = tuple(Share(s.name, s.kind, s.basis_points, s.takes_remainder) for s in scheme.shares)
    return Terms(scheme.id, scheme.unit.path, scheme.from_day or NEVER, scheme.base, shares, scheme.product_id)


def product_made_by(unit: Unit, text: str) -> Product | None:
    """The product of this maker with that barcode or name; None for an empty `text`."""
    if not text:
        return None
    query = (
        sa.select(Product)
        .outerjoin(Barcode, Barcode.product_id == Product.id)
        .where(Product.maker_id == unit.id, sa.or_(Barcode.code == text, sa.func.lower(Product.name) == text.lower()))
        .order_by(Product.id)
    )
    product = db.session.scalar(query.limit(1))
    if product is None:
        raise PosError(
            "Produk tidak ditemukan.",
            fields={"product": N_("Unit ini tidak membuat produk dengan kode atau nama itu.")},
        )
    return product


def schemes_for(person: Person) -> list[Scheme]:
    """The schemes of units in scope, and those above; the nation first, the newest first, withdrawn ones last."""
    above = [int(step) for step in person.path.rstrip(".").split(".")]
    query = (
        sa.select(Scheme)
        .join(Unit)
        .where(sa.or_(within(person), Unit.id.in_(above)))
        .options(selectinload(Scheme.shares), joinedload(Scheme.unit), joinedload(Scheme.product))
        .options(joinedload(Scheme.withdrawal).joinedload(SchemeWithdrawal.user))
        .order_by(Unit.path, Scheme.from_day.is_(None), Scheme.from_day.desc(), Scheme.id.desc())
    )
    return list(db.session.scalars(query))


def in_force_for(person: Person, schemes: list[Scheme]) -> Scheme | None:
    """Which of `schemes` holds for goods made by the person's own unit today."""
    terms = in_force([terms_of(s) for s in schemes], person.path, clock.today(person.zone))
    return next((s for s in schemes if terms and s.id == terms.scheme_id), None)


# Of the profit: 50% premi, 35% modal, 15% PNBP, as Kepmen Kehakiman M.01-PP.02.01/1990 is quoted by a Kanwil.
DEFAULT_SHARES = [
    Share("Premi", "premi", 5000, False),
    Share("Modal", "other", 3500, True),
    Share("PNBP", "pnbp", 1500, False),
]


def add_default_scheme(nation: Unit) -> Scheme:
    return add_scheme(nation, "Premi 50 / modal 35 / PNBP 15 dari laba", "laba", DEFAULT_SHARES)

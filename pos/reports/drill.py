"""Walking down a campaign: nation > Kanwil > UPT > gallery > day > nota, never above one's own node."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pos.campaigns.models import Campaign
from pos.catalog.models import Product
from pos.db import db
from pos.errors import N_, NotFound
from pos.register.models import BUYERS, CHANNELS, Sale, SaleLine
from pos.register.words import BUYER_NAMES, CHANNEL_NAMES
from pos.reports.board import Cut, lines_of, unit_names
from pos.units.models import Gallery, Placement, Unit
from pos.units.services import Person

STEPS = ("kanwil", "upt", "gallery", "day")
PER_PAGE = 50


def home(person: Person | None) -> Cut:
    """What a person sees at the top: their own node. Strangers see a public campaign's nation."""
    if person is None or person.level == "ditjenpas":
        return Cut()
    return Cut(kanwil=person.unit_id) if person.level == "kanwil" else Cut(upt=person.unit_id)


def cut_for(person: Person | None, asked: Mapping[str, str]) -> Cut:
    """The cut that `asked` (texts by field of `Cut`) names within the person's own node, or `NotFound`."""
    top = home(person)
    cut = replace(top, **{name: _read(name, text) for name, text in asked.items()})
    outside = any(getattr(cut, name) != value for name, value in top.given().items())
    if outside or (top.upt is not None and cut.kanwil is not None) or not (cut == top or _is_there(cut)):
        raise nowhere()
    return cut


def nowhere() -> NotFound:
    return NotFound("Bagian kampanye ini tidak ada atau di luar wewenang Anda.")


def deeper(cut: Cut, by: str, key: str) -> Cut:
    """The cut behind a row of the breakdown of `cut`."""
    return replace(cut, **{by: _read(by, key)})


def _read(name: str, text: str) -> Any:
    try:
        if name == "day":
            return date.fromisoformat(text)
        if name in ("kanwil", "upt", "gallery", "maker", "product"):
            return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else -1
    except ValueError:
        return date.min
    return text


def _is_there(cut: Cut) -> bool:
    """Whether the Kanwil, UPT and gallery exist and stood under one another on some day."""
    if cut.day == date.min or (cut.buyer or BUYERS[0]) not in BUYERS or (cut.channel or CHANNELS[0]) not in CHANNELS:
        return False
    if cut.gallery is not None:
        unit_id = db.session.scalar(sa.select(Gallery.unit_id).where(Gallery.id == cut.gallery))
        if unit_id is None or cut.upt not in (None, unit_id):
            return False
        return _is_there(replace(cut, gallery=None, upt=unit_id))
    named = ((Unit, cut.kanwil), (Unit, cut.upt), (Unit, cut.maker), (Product, cut.product))
    if any(key is not None and db.session.get(model, key) is None for model, key in named):
        return False
    if cut.kanwil is None or cut.upt is None or cut.upt == cut.kanwil:
        return True
    stood = sa.select(Placement.unit_id).where(Placement.unit_id == cut.upt, Placement.kanwil_id == cut.kanwil)
    return db.session.scalar(stood.limit(1)) is not None


def next_step(cut: Cut) -> str:
    """What a row of this cut opens into: the first step below the deepest one taken, and at last the notas."""
    if cut.has("product", "category", "buyer", "channel"):
        return "nota"
    if cut.maker is not None:
        return "product"
    deepest = max((i for i, step in enumerate(STEPS[:3]) if cut.has(step)), default=-1)
    return next((step for step in STEPS[deepest + 1 :] if not cut.has(step)), "nota")


def way(campaign: Campaign, person: Person | None, cut: Cut) -> list[tuple[str, Cut]]:
    """The crumbs from the person's own node down to `cut`: a name and the cut it leads to."""
    passed = home(person)
    crumbs = [(person.unit_name if person else N_("Nasional"), passed)]
    for name, value in cut.given().items():
        if getattr(passed, name) != value:
            own = name == "upt" and value == passed.kanwil
            passed = replace(passed, **{name: value})
            crumbs.append((N_("Galeri sendiri") if own else name_of(campaign, name, value), passed))
    return crumbs


def name_of(campaign: Campaign, field: str, value: Any) -> str:
    """What a person calls this value of a field of `Cut` (days stay ISO: the page writes them)."""
    if field in ("kanwil", "upt", "maker"):
        return unit_names(campaign, [value])[value]
    if field == "gallery":
        return str(db.session.scalar(sa.select(Gallery.name).where(Gallery.id == value)))
    if field == "product":
        sold_as = sa.select(sa.func.max(SaleLine.name)).where(SaleLine.product_id == value)
        return str(db.session.scalar(sold_as) or db.session.get_one(Product, value).name)
    return {"buyer": BUYER_NAMES, "channel": CHANNEL_NAMES}.get(field, {}).get(value, str(value))


# -- the notas at the bottom ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Nota:
    """One nota as far as it counts here: `omzet`, `pieces`, `pnbp` are of its lines within the cut."""

    receipt: str
    sold_at: datetime
    zone: str
    seller: str
    gallery: str
    buyer: str
    channel: str
    is_refund: bool
    may_open: bool  # its gallery is in the reader's scope today
    omzet: int
    pieces: int
    pnbp: int


def notas(
    campaign: Campaign, cut: Cut, person: Person, page: int | None = 1, sort: str = "sold_at"
) -> tuple[list[Nota], int]:
    """One page of the notas within the cut (all of them when `page` is None), and how many there are."""
    lines = (
        lines_of(campaign, cut)
        .with_only_columns(
            SaleLine.sale_id.label("sale_id"),
            sa.func.sum(SaleLine.amount).label("omzet"),
            sa.func.sum(SaleLine.quantity).label("pieces"),
            sa.func.sum(SaleLine.pnbp).label("pnbp"),
        )
        .group_by(SaleLine.sale_id)
        .subquery()
    )
    count = db.session.scalar(sa.select(sa.func.count()).select_from(lines)) or 0
    query = (
        sa.select(
            Sale.receipt,
            Sale.sold_at,
            Sale.zone,
            Sale.seller_name.label("seller"),
            Sale.gallery_name.label("gallery"),
            Sale.buyer,
            Sale.channel,
            Sale.refund_of.is_not(None).label("is_refund"),
            Unit.path.startswith(person.path, autoescape=True).label("may_open"),
            lines.c.omzet,
            lines.c.pieces,
            lines.c.pnbp,
        )
        .join(lines, lines.c.sale_id == Sale.id)
        .join(Gallery, Gallery.id == Sale.gallery_id)
        .join(Unit, Unit.id == Gallery.unit_id)
    )
    by_figure = [lines.c[sort].desc()] if sort in ("omzet", "pieces", "pnbp") else []
    query = query.order_by(*by_figure, Sale.sold_at.desc(), Sale.receipt.desc())
    if page is not None:
        query = query.offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    return [Nota(**_whole(row._mapping)) for row in db.session.execute(query)], count


def _whole(row: Mapping[Any, Any]) -> dict[str, Any]:
    """PostgreSQL adds integers up to a Decimal."""
    return dict(row) | {name: int(row[name]) for name in ("omzet", "pieces", "pnbp")}

"""Finding campaigns, and keeping turnover inside the sale's own transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pos.campaigns.models import Campaign, CampaignTarget, Turnover
from pos.campaigns.verified import declaration_of
from pos.db import db
from pos.errors import N_, NotFound, NotSignedIn
from pos.fast import Insert, Work
from pos.units.services import Person

SUMS = ("omzet", "pieces", "sales", "maker_sales", "pnbp", "premi")


def count(work: Work, lines: Iterable[Mapping[str, Any]], is_refund: bool, at: datetime) -> None:
    """Add these lines of one sale to turnover: one upsert per maker, in key order, last in the transaction."""
    work.add(_ADD, [row | {"changed_at": at} for row in rows_of(lines, is_refund)])


def rows_of(lines: Iterable[Mapping[str, Any]], is_refund: bool) -> list[dict[str, Any]]:
    """What the lines of one sale add to turnover, by key, sorted (see `Turnover` for how notas are counted)."""
    sums: dict[tuple[Any, ...], dict[str, Any]] = {}
    for line in lines:
        key = (line["business_date"], line["gallery_id"], line["maker_id"], line["wbp_made"])
        row = sums.setdefault(key, dict.fromkeys(SUMS, 0))
        row["omzet"] += line["amount"]
        row["pieces"] += line["quantity"]
        row["pnbp"] += line["pnbp"]
        row["premi"] += line["premi"]
    if not is_refund:
        with_wbp = {maker for _, _, maker, wbp in sums if wbp}
        next(row for key, row in sums.items() if key[3] or not with_wbp)["sales"] = 1
        for (_, _, maker, wbp), row in sums.items():
            row["maker_sales"] = int(wbp or maker not in with_wbp)
    return [
        {"business_date": day, "gallery_id": gallery, "maker_id": maker, "wbp_made": wbp}
        | sums[day, gallery, maker, wbp]
        for day, gallery, maker, wbp in sorted(sums)
    ]


def _onto_what_is_there(insert: Any) -> Any:
    table = Turnover.__table__
    added: dict[str, Any] = {name: table.c[name] + insert.excluded[name] for name in SUMS}
    # The later instant wins whatever order sales arrive in.
    later = sa.case(
        (insert.excluded.changed_at > table.c.changed_at, insert.excluded.changed_at), else_=table.c.changed_at
    )
    return insert.on_conflict_do_update(index_elements=list(table.primary_key), set_=added | {"changed_at": later})


_ADD = Insert(Turnover.__table__, merge=_onto_what_is_there)


# -- reading -------------------------------------------------------------------------------------------


def campaign_for(person: Person | None, slug: str) -> Campaign:
    """The campaign at this address. A stranger sees a public one and is not told which others there are."""
    campaign = db.session.scalar(sa.select(Campaign).where(Campaign.slug == slug))
    if person is None and (campaign is None or not campaign.public):
        raise NotSignedIn("Silakan masuk dahulu.")
    if campaign is None:
        raise NotFound("Kampanye ini tidak ada.")
    return campaign


def target_of(campaign: Campaign, unit_id: int | None, national: bool) -> int:
    """The omzet (rupiah) that is to be reached by this Kanwil or UPT, or by the nation; 0 where none is set."""
    if national:
        return campaign.target
    return targets_of(campaign).get(unit_id or 0, 0)


def targets_of(campaign: Campaign) -> dict[int, int]:
    """The targets of Kanwil and UPT by unit id, in rupiah."""
    query = sa.select(CampaignTarget.unit_id, CampaignTarget.amount).where(CampaignTarget.campaign_id == campaign.id)
    return {row.unit_id: row.amount for row in db.session.execute(query)}


def state(window: tuple[date, date], today: date) -> str:
    """`running`, `coming` or `past`."""
    first, last = window
    return "coming" if today < first else "past" if today > last else "running"


@dataclass(frozen=True)
class Standing:
    """How final a campaign's figures are: `key`, and the word for it on every board."""

    key: str  # `provisional` or `declared`
    word: str
    at: datetime | None = None  # when it was declared


PROVISIONAL = Standing("provisional", N_("sementara"))


def standing(campaign: Campaign) -> Standing:
    """What may be said of the campaign's figures: provisional until the nation has declared them."""
    declaration = declaration_of(campaign)
    return Standing("declared", N_("dideklarasikan"), declaration.at) if declaration else PROVISIONAL


def all_campaigns(today: date) -> list[Campaign]:
    """Running ones first, then those to come, then the past, the latest first."""
    order = ("running", "coming", "past")
    found = db.session.scalars(sa.select(Campaign)).all()
    return sorted(found, key=lambda c: (order.index(state((c.from_day, c.until_day), today)), -c.from_day.toordinal()))

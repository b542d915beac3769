"""Which documents a pack or a submission is about: a node of the tree, and a campaign or days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos.campaigns.models import Campaign
from pos.db import db
from pos.errors import N_, NotFound, PosError
from pos.reports import board
from pos.reports.board import Cut
from pos.units.models import Unit
from pos.verification.proof import FORMAT


@dataclass(frozen=True)
class Scope:
    """`only` keeps the numbers (ranges by register) that were there when a figure was submitted; None for all."""

    unit_id: int
    unit_name: str
    level: str
    campaign: Campaign  # one that is in no table stands for plain days
    from_day: date
    until_day: date
    only: Mapping[str, list[list[int]]] | None = field(default=None)

    @property
    def cut(self) -> Cut:
        if self.level == "ditjenpas":
            return Cut()
        return Cut(kanwil=self.unit_id) if self.level == "kanwil" else Cut(upt=self.unit_id)

    @property
    def rule(self) -> dict[str, Any]:
        """What counts."""
        kept = self.campaign
        return {
            "wbp_only": kept.wbp_only,
            "categories": sorted(kept.categories or []),
            "channels": sorted(kept.channels or []),
        }

    @property
    def header(self) -> dict[str, Any]:
        """The first leaf of every root: what the documents after it are said to be all of."""
        days = {"from": self.from_day.isoformat(), "until": self.until_day.isoformat()}
        node = {"unit": self.unit_id, "level": self.level, "campaign": self.campaign.slug or None}
        return {"format": FORMAT, "counts": self.rule} | node | days

    @property
    def title(self) -> str:
        return self.campaign.name

    @property
    def filename(self) -> str:
        what = self.campaign.slug or f"{self.from_day}-{self.until_day}"
        place = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in self.unit_name.lower()).split())
        return f"paket-{place}-{what}.zip"


def of_campaign(unit: Unit, campaign: Campaign, only: Mapping[str, Any] | None = None, own: bool = False) -> Scope:
    """The campaign's documents of this node; `own`: only of the galleries that are the unit's own."""
    level = "upt" if own else unit.level
    kanwil = unit.parent_id if level == "upt" else None
    own_days = board.window_of(campaign, Cut(kanwil=kanwil, upt=unit.id))
    days = own_days if level == "upt" else board.reach(campaign)
    name = board.unit_names(campaign, [unit.id])[unit.id]
    return Scope(unit.id, name, level, campaign, *days, only)


def of_days(unit: Unit, first: date | None, last: date | None) -> Scope:
    """The documents of this node on these days; goods made by WBP count."""
    if first is None or last is None or last < first:
        field_name = "until_day" if first else "from_day"
        raise PosError("Masa paket tidak benar.", fields={field_name: N_("Isi hari pertama dan hari terakhir.")})
    days = Campaign(slug="", name="", from_day=first, until_day=last, wbp_only=True, categories=[], channels=[])
    days.windows = []
    return Scope(unit.id, board.unit_names(days, [unit.id])[unit.id], unit.level, days, first, last)


def campaign_at(slug: str) -> Campaign:
    campaign = db.session.scalar(sa.select(Campaign).where(Campaign.slug == slug))
    if campaign is None:
        raise NotFound("Kampanye ini tidak ada.")
    return campaign

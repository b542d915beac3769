"""Which documents a pack or a submission is about: a node of the tree or one gallery, and a campaign or days."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos.campaigns.models import Campaign
from pos.campaigns.verification_models import Submission
from pos.db import db
from pos.errors import N_, NotFound, PosError
from pos.reports import board
from pos.reports.board import Cut
from pos.units.models import Gallery, Unit
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
    gallery: Gallery | None = None  # one of the unit's own: then `level` is `gallery`
    format: str = FORMAT  # what was submitted in an older one keeps it, or its root would not be found again

    @property
    def cut(self) -> Cut:
        if self.gallery is not None:
            return Cut(gallery=self.gallery.id)
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
        if self.gallery is not None:
            node["gallery"] = self.gallery.id
        return {"format": self.format, "counts": self.rule} | node | days

    @property
    def title(self) -> str:
        return self.campaign.name

    @property
    def node_name(self) -> str:
        return self.gallery.name if self.gallery is not None else self.unit_name

    @property
    def filename(self) -> str:
        what = self.campaign.slug or f"{self.from_day}-{self.until_day}"
        place = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in self.node_name.lower()).split())
        return f"paket-{place}-{what}.zip"

    def at(self, gallery: Gallery | None) -> "Scope":
        """The same of one of the unit's own galleries (None: of all that it is about)."""
        return self if gallery is None else replace(self, level="gallery", gallery=gallery)


def of_campaign(unit: Unit, campaign: Campaign, only: Mapping[str, Any] | None = None, own: bool = False) -> Scope:
    """The campaign's documents of this node; `own`: only of the galleries that are the unit's own."""
    level = "upt" if own else unit.level
    kanwil = unit.parent_id if level == "upt" else None
    own_days = board.window_of(campaign, Cut(kanwil=kanwil, upt=unit.id))
    days = own_days if level == "upt" else board.reach(campaign)
    name = board.unit_names(campaign, [unit.id])[unit.id]
    return Scope(unit.id, name, level, campaign, *days, only)


def of_submission(row: Submission) -> Scope:
    """The documents of a submission by the rule and the days that held then, however the campaign was changed since."""
    if not row.period:
        return replace(of_campaign(row.unit, row.campaign, json.loads(row.numbers), own=True), format=row.format)
    first, last = (date.fromisoformat(day) for day in row.period.split("/"))
    kept = Campaign(slug=row.campaign.slug, name=row.campaign.name, from_day=first, until_day=last)
    rule = json.loads(row.rule)
    kept.wbp_only, kept.categories, kept.channels = rule["wbp_only"], rule["categories"], rule["channels"]
    kept.windows = []
    return Scope(row.unit_id, row.unit_name, "upt", kept, first, last, json.loads(row.numbers), format=row.format)


def of_days(unit: Unit, first: date | None, last: date | None) -> Scope:
    """The documents of this node on these days; goods made by WBP count."""
    if first is None or last is None:
        field_name = "until_day" if first else "from_day"
        raise PosError("Masa paket tidak benar.", fields={field_name: N_("Isi hari pertama dan hari terakhir.")})
    if last < first:
        raise PosError("Masa paket tidak benar.", fields={"until_day": N_("Sebelum tanggal mulai.")})
    days = Campaign(slug="", name="", from_day=first, until_day=last, wbp_only=True, categories=[], channels=[])
    days.windows = []
    return Scope(unit.id, board.unit_names(days, [unit.id])[unit.id], unit.level, days, first, last)


def campaign_at(slug: str) -> Campaign:
    campaign = db.session.scalar(sa.select(Campaign).where(Campaign.slug == slug))
    if campaign is None:
        raise NotFound("Kampanye ini tidak ada.")
    return campaign


# -- a place by what people call it ----------------------------------------------------------------------

BELOW = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"  # between a unit and its gallery; on a keyboard: >


def called(gallery: str, unit: str) -> str:
    """`Lapas Kelas IIA Ambon > Galeri Lapas Ambon`"""
    return f"{unit} {BELOW} {gallery}"


def places(among: sa.ColumnElement[bool]) -> list[str]:
    """The galleries of the units for which `among` (a condition on `Unit`) holds, as a field offers them."""
    query = sa.select(Gallery.name, Unit.name).join(Unit, Unit.id == Gallery.unit_id).where(among)
    return [called(*row) for row in db.session.execute(query.order_by(Unit.name, Gallery.name))]


def place_named(text: str, among: sa.ColumnElement[bool] | None = None) -> tuple[Unit, Gallery | None]:
    """A unit by its name, or a gallery by its own (`Unit > Galeri` where several are called so), of those units."""
    text, among = text.strip(), sa.true() if among is None else among
    if not text:
        raise NotFound("Isi nama unit atau galerinya.")
    unit = db.session.scalar(sa.select(Unit).where(Unit.name == text, among))
    if unit is not None:
        return unit, None
    name, above = text, None
    for mark in (f" {BELOW} ", " > "):
        if mark in text:
            above, name = text.rsplit(mark, 1)
    query = sa.select(Gallery).join(Unit, Unit.id == Gallery.unit_id).where(Gallery.name == name.strip(), among)
    found = list(db.session.scalars(query.where(Unit.name == above.strip()) if above else query))
    if len(found) == 1:
        return db.session.get_one(Unit, found[0].unit_id), found[0]
    if found:
        raise NotFound("Beberapa unit punya galeri bernama %(name)s. Tulis: Unit > Galeri.", name=name)
    raise NotFound("Tidak ada unit atau galeri bernama %(name)s.", name=text)

"""What every question to a wall needs and hardly ever changes: held in memory for a moment, for all who ask.

The campaign, its windows and targets and whether it was declared are read once in `HELD` seconds by each process
however many ask, the names of units and galleries once in `NAMED`. Who asks and what they may see is never held,
nor any figure.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from pos.campaigns.models import Campaign
from pos.campaigns.services import Standing, campaign_for, standing, targets_of
from pos.db import db
from pos.reports import board as boards
from pos.units.services import Person

HELD = 1.5  # seconds
NAMED = 30.0  # seconds


@dataclass(frozen=True)
class Facts:
    """A campaign with its windows, of no session, and what else stands fast for a moment."""

    campaign: Campaign
    standing: Standing
    targets: Mapping[int, int]  # of Kanwil and UPT, by unit
    read: float = 0.0  # by the clock that never jumps


@dataclass
class _Names:
    """The names that were asked for, of one campaign's units or galleries."""

    read: float
    by_key: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class _Kept:
    """What one database's process holds."""

    facts: dict[str, Facts] = field(default_factory=dict)
    names: dict[tuple[int, str], _Names] = field(default_factory=dict)


_kept: WeakKeyDictionary[sa.Engine, _Kept] = WeakKeyDictionary()


def facts_for(person: Person | None, slug: str) -> Facts:
    """The campaign at this address, as `campaign_for` finds it."""
    kept = _kept.setdefault(db.engine, _Kept()).facts
    found, now = kept.get(slug), time.monotonic()
    if found is None or now >= found.read + HELD or (person is None and not found.campaign.public):
        found = kept[slug] = _read(campaign_for(person, slug), now)
    return found


def facts_of(campaign: Campaign) -> Facts:
    """The same of a campaign at hand, read now."""
    return Facts(campaign, standing(campaign), targets_of(campaign))


def _read(campaign: Campaign, now: float) -> Facts:
    with Session(db.engine) as apart:
        alone = apart.get_one(Campaign, campaign.id, options=[selectinload(Campaign.windows)])
    return Facts(alone, standing(campaign), targets_of(campaign), now)


def names_of(campaign: Campaign, per: str, keys: Iterable[Any]) -> Mapping[str, tuple[str, str]]:
    """`boards.names_of` of these keys at least, as of a little while ago."""
    kept, now = _kept.setdefault(db.engine, _Kept()).names, time.monotonic()
    found = kept.get((campaign.id, per))
    if found is None or now >= found.read + NAMED:
        found = kept[campaign.id, per] = _Names(now)
    unknown = [key for key in keys if str(key) not in found.by_key]
    if unknown:
        found.by_key.update(boards.names_of(campaign, per, unknown))
    return found.by_key

"""Making and changing a campaign: national, so only an admin of the root of the tree may."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos import clock, money
from pos.campaigns.models import Campaign, CampaignWindow
from pos.db import atomic, db
from pos.errors import N_, Forbidden, PosError, Sentence
from pos.units.models import Unit
from pos.units.services import Person, log

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = ("baru",)
LONGEST_SLUG = 60


@dataclass(frozen=True)
class Window:
    """Other days for the Kanwil or UPT of this name."""

    unit: str
    from_day: date | None
    until_day: date | None


@dataclass(frozen=True)
class Draft:
    """A campaign as it was typed; `target` in rupiah, 0 for none."""

    name: str
    slug: str
    from_day: date | None
    until_day: date | None
    target: int
    wbp_only: bool
    public: bool
    windows: tuple[Window, ...] = ()


def may_edit(person: Person | None) -> bool:
    return person is not None and person.role == "admin" and person.path == f"{person.unit_id}."


def guard(person: Person | None) -> None:
    """`Forbidden` unless the person may make and change campaigns."""
    if not may_edit(person):
        raise Forbidden("Kampanye berlaku nasional: hanya admin Ditjenpas yang mengubahnya.")


def slug_of(name: str) -> str:
    """`One Day One Prison's Product 2027` -> `one-day-one-prisons-product-2027`."""
    words = re.findall(r"[a-z0-9]+", name.lower().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", ""))
    return "-".join(words)[:LONGEST_SLUG].strip("-")


def save(person: Person, draft: Draft, campaign: Campaign | None = None) -> Campaign:
    """A new campaign, or this one changed; its slug stays, for addresses that people keep carry it."""
    guard(person)
    slug = campaign.slug if campaign else draft.slug.strip() or slug_of(draft.name)
    campaign_id = campaign.id if campaign else None
    units = {unit.name: unit for unit in db.session.scalars(sa.select(Unit).where(Unit.level.in_(("kanwil", "upt"))))}
    wrong = _wrong(draft, slug, campaign_id, units)
    if wrong:
        raise PosError("Kampanye belum disimpan. Periksa isian yang ditandai.", fields=wrong)
    with atomic() as session:
        kept = session.get(Campaign, campaign_id) if campaign_id else Campaign(slug=slug)
        before = _told(kept) if campaign_id else {}
        kept.name, kept.from_day, kept.until_day = draft.name.strip(), draft.from_day, draft.until_day
        kept.target, kept.wbp_only, kept.public = draft.target, draft.wbp_only, draft.public
        session.add(kept)
        if campaign_id:
            kept.windows.clear()
            session.flush()
        for window in draft.windows:
            kept.windows.append(
                CampaignWindow(unit=units[window.unit], from_day=window.from_day, until_day=window.until_day)
            )
        session.flush()
        after = _told(kept)
        changed = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
        log("campaign.edit" if campaign_id else "campaign.add", slug, person, changed=changed)
    return kept


def _told(campaign: Campaign) -> dict[str, Any]:
    """The campaign as the log keeps it."""
    return {
        "name": campaign.name,
        "days": f"{campaign.from_day}/{campaign.until_day}",
        "target": campaign.target,
        "wbp_only": campaign.wbp_only,
        "public": campaign.public,
        "windows": sorted(f"{w.unit.name} {w.from_day}/{w.until_day}" for w in campaign.windows),
    }


# -- what may be wrong ---------------------------------------------------------------------------------


def _wrong(draft: Draft, slug: str, campaign_id: int | None, units: dict[str, Unit]) -> dict[str, str | Sentence]:
    wrong: dict[str, str | Sentence] = {}
    if not draft.name.strip():
        wrong["name"] = N_("Isi nama kampanye.")
    elif len(draft.name.strip()) > 120:
        wrong["name"] = N_("Nama paling banyak 120 huruf.")
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG or slug in RESERVED:
        if draft.slug.strip() or "name" not in wrong:
            wrong["slug"] = N_("Huruf kecil, angka dan garis, paling banyak 60, misalnya odop-2027.")
    elif db.session.scalar(sa.select(Campaign.id).where(Campaign.slug == slug, Campaign.id != (campaign_id or 0))):
        wrong["slug"] = N_("Alamat ini sudah dipakai kampanye lain.")
    if not 0 <= draft.target <= money.MAX_RUPIAH:
        wrong["target"] = N_("Target tidak masuk akal.")
    _days(draft.from_day, draft.until_day, "", wrong)
    _windows(draft.windows, units, wrong)
    return wrong


def _windows(windows: Iterable[Window], units: dict[str, Unit], wrong: dict[str, str | Sentence]) -> None:
    seen: set[str] = set()
    for i, window in enumerate(windows):
        place = f"windows.{i}."
        if window.unit not in units:
            wrong[place + "unit"] = N_("Pilih Kanwil atau UPT dari daftar.")
        elif window.unit in seen:
            wrong[place + "unit"] = N_("Unit ini sudah punya jadwal di atas.")
        seen.add(window.unit)
        _days(window.from_day, window.until_day, place, wrong)


def _days(first: date | None, last: date | None, place: str, wrong: dict[str, str | Sentence]) -> None:
    for name, day in (("from_day", first), ("until_day", last)):
        if day is None:
            wrong[place + name] = N_("Isi tanggal.")
        elif not clock.BEGINNING <= day < clock.FOREVER:
            wrong[place + name] = N_("Tanggal ini tidak masuk akal.")
    if first and last and last < first:
        wrong[place + "until_day"] = N_("Hari terakhir lebih awal dari hari pertama.")

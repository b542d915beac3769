"""Making and changing a campaign: national, so only an admin of the root of the tree may."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from pos import clock, money
from pos.campaigns.models import Campaign, CampaignTarget, CampaignWindow
from pos.campaigns.words import CHANNEL_NAMES
from pos.db import atomic, db
from pos.errors import N_, Forbidden, PosError, Sentence
from pos.units.models import Unit
from pos.units.services import Person, log

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = ("baru",)
LONGEST_SLUG = 60
LONGEST_SERIES = 40


@dataclass(frozen=True)
class Window:
    """Other days for the Kanwil or UPT of this name."""

    unit: str
    from_day: date | None
    until_day: date | None


@dataclass(frozen=True)
class Target:
    """The omzet (rupiah) that the Kanwil or UPT of this name is to reach."""

    unit: str
    amount: int


@dataclass(frozen=True)
class Draft:
    """A campaign as it was typed; `target` in rupiah, 0 for none; without categories or channels all count."""

    name: str
    slug: str
    from_day: date | None
    until_day: date | None
    target: int
    wbp_only: bool
    public: bool
    windows: tuple[Window, ...] = ()
    report_until: datetime | None = None  # an instant; `report_zone` is only how it is told
    report_zone: str = "WIB"
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    series: str = ""
    targets: tuple[Target, ...] = ()


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
    slug, units = check(draft, campaign)
    campaign_id = campaign.id if campaign else None
    with atomic() as session:
        kept = session.get(Campaign, campaign_id) if campaign_id else Campaign(slug=slug)
        before = _told(kept) if campaign_id else {}
        kept.name, kept.from_day, kept.until_day = draft.name.strip(), draft.from_day, draft.until_day
        kept.target, kept.wbp_only, kept.public = draft.target, draft.wbp_only, draft.public
        kept.report_until, kept.report_zone, kept.series = draft.report_until, draft.report_zone, draft.series.strip()
        kept.categories, kept.channels = list(draft.categories), list(draft.channels)
        session.add(kept)
        _put_units(kept, draft, units)
        after = _told(kept)
        changed = {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
        log("campaign.edit" if campaign_id else "campaign.add", slug, person, changed=changed)
    return kept


def check(draft: Draft, campaign: Campaign | None = None) -> tuple[str, dict[str, Unit]]:
    """The slug it is kept under and the units it may name; `PosError` names every field that cannot be kept."""
    slug = campaign.slug if campaign else draft.slug.strip() or slug_of(draft.name)
    units = {unit.name: unit for unit in db.session.scalars(sa.select(Unit).where(Unit.level.in_(("kanwil", "upt"))))}
    wrong = _wrong(draft, slug, campaign.id if campaign else None, units)
    if wrong:
        raise PosError("Kampanye belum disimpan. Periksa isian yang ditandai.", fields=wrong)
    return slug, units


def _put_units(kept: Campaign, draft: Draft, units: dict[str, Unit]) -> None:
    """Give the campaign the windows and targets of the draft, and no others."""
    kept.windows.clear()
    kept.targets.clear()
    db.session.flush()
    for window in draft.windows:
        kept.windows.append(
            CampaignWindow(unit=units[window.unit], from_day=window.from_day, until_day=window.until_day)
        )
    for target in draft.targets:
        kept.targets.append(CampaignTarget(unit=units[target.unit], amount=target.amount))
    db.session.flush()


def _told(campaign: Campaign) -> dict[str, Any]:
    """The campaign as the log keeps it."""
    return {
        "name": campaign.name,
        "days": f"{campaign.from_day}/{campaign.until_day}",
        "target": campaign.target,
        "wbp_only": campaign.wbp_only,
        "public": campaign.public,
        "windows": sorted(f"{w.unit.name} {w.from_day}/{w.until_day}" for w in campaign.windows),
        "report_until": campaign.report_until.isoformat() if campaign.report_until else "",
        "report_zone": campaign.report_zone,
        "categories": list(campaign.categories),
        "channels": list(campaign.channels),
        "series": campaign.series,
        "targets": sorted(f"{t.unit.name} {t.amount}" for t in campaign.targets),
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
    _targets(draft.targets, units, wrong)
    _counted(draft, wrong)
    return wrong


def _counted(draft: Draft, wrong: dict[str, str | Sentence]) -> None:
    if draft.series.strip() and (not SLUG.fullmatch(draft.series.strip()) or len(draft.series) > LONGEST_SERIES):
        wrong["series"] = N_("Huruf kecil, angka dan garis, paling banyak 40, misalnya odop.")
    if not set(draft.channels) <= set(CHANNEL_NAMES):
        wrong["channels"] = N_("Pilih kanal dari daftar.")
    if draft.report_until and draft.from_day and draft.report_until.date() < draft.from_day:
        wrong["report_until"] = N_("Batas lapor lebih awal dari hari pertama.")


def _targets(targets: Iterable[Target], units: dict[str, Unit], wrong: dict[str, str | Sentence]) -> None:
    """The first line that cannot be kept is named: there may be hundreds."""
    seen: set[str] = set()
    for number, target in enumerate(targets, start=1):
        if target.unit not in units:
            text = N_("Baris %(row)d: tidak ada Kanwil atau UPT bernama %(name)s.")
        elif target.unit in seen:
            text = N_("Baris %(row)d: %(name)s sudah punya target di atas.")
        elif not 0 < target.amount <= money.MAX_RUPIAH:
            text = N_("Baris %(row)d: target %(name)s tidak masuk akal.")
        else:
            seen.add(target.unit)
            continue
        wrong["targets"] = Sentence(text, row=number, name=target.unit[:60])
        return


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

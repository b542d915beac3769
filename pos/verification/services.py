"""A unit submits its figure, whoever stands above verifies or returns it, the nation declares; nothing is edited."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from pos import clock
from pos.campaigns.models import Campaign
from pos.campaigns.verification_models import Submission, Verdict
from pos.campaigns.verified import declaration_of
from pos.db import atomic, db
from pos.errors import N_, Conflict, Forbidden, PosError
from pos.register.models import Sale
from pos.reports import board
from pos.units.models import Placement, Register, Unit
from pos.units.services import Person, log
from pos.verification import flags, pack
from pos.verification.scope import of_campaign
from pos.verification.standing import class_of

SUBMITTERS = ("staff", "official")
LONGEST = 300


class AlreadyDeclared(Conflict):
    code = "already_declared"


class WrongState(Conflict):
    code = "wrong_state"


def cutoff_of(campaign: Campaign, unit: Unit) -> datetime:
    """When the figure is due: the campaign's own instant, else the end of the unit's last day."""
    if campaign.report_until:
        return campaign.report_until
    last = of_campaign(unit, campaign, own=True).until_day
    return datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.ZONES[unit.zone])


def rounds_of(campaign: Campaign, unit_id: int) -> list[Submission]:
    """Every submission of the unit with its verdict, the newest first."""
    query = (
        sa.select(Submission)
        .where(Submission.campaign_id == campaign.id, Submission.unit_id == unit_id)
        .options(joinedload(Submission.verdict).joinedload(Verdict.user), joinedload(Submission.user))
        .order_by(Submission.round.desc())
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))


def may_submit(person: Person, unit: Unit) -> bool:
    """Whether they speak for the unit: its own staff and officials, nobody above or beside."""
    return person.may(*SUBMITTERS) and person.unit_id == unit.id


def may_judge(person: Person, unit: Unit) -> bool:
    """Whether they check the unit's figure: officials of the Kanwil or the nation above it."""
    return person.may("official") and person.unit_id != unit.id and unit.path.startswith(person.path)


def submit(
    person: Person,
    campaign: Campaign,
    unit: Unit,
    note: str = "",
    now: datetime | None = None,
    seen: int | None = None,
) -> Submission:
    """The unit's figure as its notas make it now, with the root over them and what is odd about it.

    Raises `WrongState` while the one before waits for its verdict, when nothing has come since it was verified, or
    when its omzet is no longer the one that was `seen`.
    """
    now = now or clock.now()
    if not may_submit(person, unit):
        raise Forbidden("Angka diajukan petugas atau pejabat unit itu sendiri.")
    _check_text(note, "note")
    scope = of_campaign(unit, campaign, own=True)
    if clock.day_of(now, unit.zone) < scope.from_day:
        raise WrongState("Kampanye belum mulai.")
    proven = pack.prove(scope)
    if seen not in (None, proven.tally.whole.omzet):
        raise WrongState("Angkanya baru saja berubah. Periksa lagi sebelum mengajukan.")
    cutoff = cutoff_of(campaign, unit)
    found = [asdict(flag) for flag in flags.flags_of(scope, cutoff)]
    said = {"at": now, "is_late": now > cutoff, "note": note, "flags": json.dumps(found, default=str)}
    return _keep(person, campaign, unit, said | _figures(proven))


def _keep(person: Person, campaign: Campaign, unit: Unit, said: dict[str, Any]) -> Submission:
    """The next round of the unit, when it is its turn."""
    try:
        with atomic() as session:
            before = next(iter(rounds_of(campaign, unit.id)), None)
            _check_turn(campaign, before, said["root"])
            row = Submission(
                campaign_id=campaign.id,
                round=before.round + 1 if before else 1,
                user_id=person.id,
                **said,
                **_named(campaign, unit),
            )
            session.add(row)
            session.flush()
            log("figure.submit", campaign.slug, person, unit.id, round=row.round, omzet=row.omzet, root=row.root)
    except IntegrityError as error:
        raise WrongState("Angka ini baru saja diajukan orang lain. Muat ulang halaman.") from error
    return row


def _figures(proven: pack.Proven) -> dict[str, Any]:
    whole = proven.tally.whole
    names = ("omzet", "pieces", "sales", "pnbp", "premi", "late_omzet", "documents")
    figures = {name: getattr(whole, name) for name in names} | {"streak": proven.tally.streak, "root": proven.root}
    scope = proven.scope
    told = {"format": scope.format, "rule": json.dumps(scope.rule), "period": f"{scope.from_day}/{scope.until_day}"}
    return figures | told | {"numbers": json.dumps(proven.tally.ranges)}


def _named(campaign: Campaign, unit: Unit) -> dict[str, Any]:
    """What the unit is called and where it stands, kept with its figures."""
    kanwil_id, name = _stood(campaign, unit)
    kanwil = board.unit_names(campaign, [kanwil_id])[kanwil_id] if kanwil_id else ""
    named = {"unit_name": name, "unit_class": class_of(unit), "kanwil_name": kanwil}
    return {"unit_id": unit.id, "kanwil_id": kanwil_id} | named


def _stood(campaign: Campaign, unit: Unit) -> tuple[int | None, str]:
    """Under which Kanwil the unit stood at the campaign's last day, and its name then."""
    query = sa.select(Placement.kanwil_id, Placement.name).where(
        Placement.unit_id == unit.id,
        Placement.from_day <= campaign.until_day,
        Placement.until_day > campaign.until_day,
    )
    row = db.session.execute(query).first()
    return (row[0] or unit.id, row[1]) if row else (unit.parent_id or unit.id, unit.name)


def _check_turn(campaign: Campaign, before: Submission | None, root: str) -> None:
    if declaration_of(campaign):
        raise AlreadyDeclared("Kampanye ini sudah dideklarasikan. Yang datang kemudian menjadi adendum.")
    if before and before.verdict is None:
        raise WrongState("Pengajuan sebelumnya masih menunggu diperiksa.")
    if before and before.verdict and before.verdict.word == "verified" and before.root == root:
        raise WrongState("Tidak ada nota baru sejak angka ini diverifikasi.")


def judge(person: Person, submission: Submission, word: str, reason: str = "", now: datetime | None = None) -> Verdict:
    """Verify the newest submission of a unit or return it with a reason; once, and not by whoever submitted it."""
    unit = db.session.get_one(Unit, submission.unit_id)
    if not may_judge(person, unit) or submission.user_id == person.id:
        raise Forbidden("Yang memeriksa adalah pejabat Kanwil atau Ditjenpas, bukan yang mengajukan.")
    if word not in ("verified", "returned"):
        raise PosError("Putusan tidak dikenal.", fields={"word": N_("Pilih verifikasi atau kembalikan.")})
    _check_text(reason, "reason")
    if word == "returned" and not reason:
        raise PosError("Belum dikembalikan.", fields={"reason": N_("Tulis apa yang harus diperbaiki.")})
    try:
        with atomic() as session:
            campaign = session.get_one(Campaign, submission.campaign_id, with_for_update=True)  # `declare` waits
            if declaration_of(campaign):
                raise AlreadyDeclared("Kampanye ini sudah dideklarasikan. Yang datang kemudian menjadi adendum.")
            newest = rounds_of(campaign, unit.id)[0]
            if newest.id != submission.id or newest.verdict is not None:
                raise WrongState("Pengajuan ini sudah diputus. Muat ulang halaman.")
            verdict = Verdict(
                submission_id=submission.id,
                word=word,
                reason=reason,
                user_id=person.id,
                unit_id=person.unit_id,
                at=now or clock.now(),
            )
            session.add(verdict)
            session.flush()
            log(f"figure.{word}", campaign.slug, person, unit.id, round=submission.round, reason=reason)
    except IntegrityError as error:
        raise WrongState("Pengajuan ini sudah diputus. Muat ulang halaman.") from error
    return verdict


def _check_text(text: str, field: str) -> None:
    if len(text) > LONGEST:
        raise PosError("Terlalu panjang.", fields={field: N_("Paling banyak 300 huruf.")})


# -- what came after -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Later:
    """A nota that was not in the submission: it came afterwards."""

    receipt: str
    sold_at: datetime
    recorded_at: datetime
    zone: str
    total: int


def later_than(submission: Submission) -> list[Later]:
    """The notas of the unit that count for the campaign and were not there when it was submitted."""
    campaign = db.session.get_one(Campaign, submission.campaign_id)
    unit = db.session.get_one(Unit, submission.unit_id)
    known: dict[str, list[list[int]]] = json.loads(submission.numbers)
    scope = of_campaign(unit, campaign, own=True)
    columns = (Register.code, Sale.number, Sale.receipt, Sale.sold_at, Sale.recorded_at, Sale.zone, Sale.total)
    query = board.sales_of(campaign, scope.cut).join(Register, Register.id == Sale.register_id)
    rows = db.session.execute(query.with_only_columns(*columns).order_by(Sale.recorded_at, Sale.receipt))
    return [
        Later(*row[2:]) for row in rows if not any(first <= row[1] <= last for first, last in known.get(row[0], ()))
    ]

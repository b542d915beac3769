"""The nation's word: verified figures frozen, once, under one root, with who signs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.campaigns.models import Campaign
from pos.campaigns.verification_models import FIGURES, NAMED, Declaration, DeclaredUnit, Signer, Submission
from pos.campaigns.verified import declaration_of, verified
from pos.db import atomic
from pos.errors import N_, Forbidden, PosError, Sentence
from pos.reports import board
from pos.units.services import Person, log
from pos.verification import proof
from pos.verification.services import AlreadyDeclared
from pos.verification.standing import standings

MOST_SIGNERS = 6


@dataclass(frozen=True)
class Signing:
    """Somebody who signs, as typed; `identity` is an NIP or empty."""

    name: str
    title: str
    identity: str = ""


@dataclass(frozen=True)
class Draft:
    """What is typed to declare: `partial` agrees that units without a verified figure are left out."""

    number: str
    place: str
    signers: tuple[Signing, ...]
    note: str = ""
    partial: bool = False


def may_declare(person: Person) -> bool:
    return person.may("official") and person.level == "ditjenpas"


def declare(person: Person, campaign: Campaign, draft: Draft, now: datetime | None = None) -> Declaration:
    """Freeze the newest verified figure of every unit; there is one declaration of a campaign, for ever."""
    wrong = _wrong(draft) | (_left_out(campaign, person, draft) if may_declare(person) else {})
    if wrong:
        raise PosError("Belum dideklarasikan. Periksa isian yang ditandai.", fields=wrong)
    if not may_declare(person):
        raise Forbidden("Deklarasi dibuat pejabat Ditjenpas.")
    now = now or clock.now()
    try:
        with atomic() as session:
            session.get_one(Campaign, campaign.id, with_for_update=True)  # no verdict comes in between
            if declaration_of(campaign):
                raise AlreadyDeclared("Kampanye ini sudah dideklarasikan. Yang datang kemudian menjadi adendum.")
            rows = _rows(campaign)
            if not rows:
                raise PosError("Belum ada angka yang diverifikasi untuk dideklarasikan.")
            made = Declaration(
                campaign_id=campaign.id,
                campaign_name=campaign.name,
                number=draft.number.strip(),
                place=draft.place.strip(),
                at=now,
                user_id=person.id,
                zone=person.zone,
                period="/".join(day.isoformat() for day in board.reach(campaign)),
                note=draft.note.strip(),
                root=proof.declaration_root(campaign.slug, [proof.declared_row(row) for row in rows]),
                **{name: sum(getattr(row, name) for row in rows) for name in proof.DECLARED_SUMS},
                units=rows,
                signers=_signers(draft),
            )
            session.add(made)
            session.flush()
            log("campaign.declare", campaign.slug, person, omzet=made.omzet, units=len(rows), root=made.root)
    except IntegrityError as error:
        if declaration_of(campaign):
            raise AlreadyDeclared("Kampanye ini sudah dideklarasikan.") from error
        taken = N_("Nomor ini sudah dipakai Berita Acara lain.")
        raise PosError("Belum dideklarasikan.", fields={"number": taken}) from error
    return made


def _signers(draft: Draft) -> list[Signer]:
    return [
        Signer(position=i, name=one.name.strip(), title=one.title.strip(), identity=one.identity.strip())
        for i, one in enumerate(draft.signers)
    ]


def _rows(campaign: Campaign) -> list[DeclaredUnit]:
    """The units' figures in the order in which they stand under the root: by Kanwil, unit and id."""
    found: list[Submission] = sorted(verified(campaign).values(), key=lambda s: (s.kanwil_name, s.unit_name, s.unit_id))
    return [
        DeclaredUnit(
            position=i,
            unit_id=row.unit_id,
            submission_id=row.id,
            **{name: getattr(row, name) for name in (*FIGURES, *NAMED)},
        )
        for i, row in enumerate(found)
    ]


# -- what may be wrong ---------------------------------------------------------------------------------


def _wrong(draft: Draft) -> dict[str, str | Sentence]:
    wrong: dict[str, str | Sentence] = {}
    for name, most in (("number", 60), ("place", 60)):
        text = getattr(draft, name).strip()
        if not text or len(text) > most:
            wrong[name] = Sentence(N_("Isi, paling banyak %(most)d huruf."), most=most)
    if len(draft.note.strip()) > 500:
        wrong["note"] = Sentence(N_("Paling banyak %(most)d huruf."), most=500)
    if not 1 <= len(draft.signers) <= MOST_SIGNERS:
        wrong["signers"] = N_("Paling sedikit satu penanda tangan.")
    for i, signer in enumerate(draft.signers):
        for name, most in (("name", 80), ("title", 120), ("identity", 30)):
            text = getattr(signer, name).strip()
            if (not text and name != "identity") or len(text) > most:
                wrong[f"signers.{i}.{name}"] = Sentence(N_("Isi, paling banyak %(most)d huruf."), most=most)
    return wrong


def _left_out(campaign: Campaign, person: Person, draft: Draft) -> dict[str, str | Sentence]:
    """Units that sold but have no verified figure are left out knowingly or not at all."""
    if draft.partial or declaration_of(campaign):
        return {}
    left = [row for row in standings(campaign, person).rows if row.reported.sales and row.verified is None]
    text = Sentence(N_("%(count)d unit punya nota tetapi belum diverifikasi. Centang bila tetap."), count=len(left))
    return {"partial": text} if left else {}

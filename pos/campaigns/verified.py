"""Reading what was verified and declared of a campaign."""

from typing import Any

import sqlalchemy as sa

from pos.campaigns.models import Campaign
from pos.campaigns.verification_models import Declaration, DeclaredUnit, Submission, Verdict
from pos.db import db


def verified_omzet(campaign: Campaign, kanwil: int | None = None, upt: int | None = None) -> int:
    """The omzet of the newest verified submission of each unit, under the Kanwil where it stood when submitted."""
    query = sa.select(sa.func.coalesce(sa.func.sum(Submission.omzet), 0)).where(Submission.id.in_(_newest(campaign)))
    if kanwil is not None:
        query = query.where(Submission.kanwil_id == kanwil)
    if upt is not None:
        query = query.where(Submission.unit_id == upt)
    return int(db.session.scalar(query) or 0)


def declared_omzet(campaign: Campaign, kanwil: int | None = None, upt: int | None = None) -> int | None:
    """The omzet that was declared there; None before it was."""
    declaration = declaration_of(campaign)
    if declaration is None:
        return None
    query = sa.select(sa.func.coalesce(sa.func.sum(DeclaredUnit.omzet), 0))
    query = query.where(DeclaredUnit.declaration_id == declaration.id)
    if kanwil is not None:
        query = query.where(DeclaredUnit.kanwil_id == kanwil)
    if upt is not None:
        query = query.where(DeclaredUnit.unit_id == upt)
    return int(db.session.scalar(query) or 0)


def verified(campaign: Campaign) -> dict[int, Submission]:
    """The newest verified submission of each unit, by unit."""
    found = db.session.scalars(sa.select(Submission).where(Submission.id.in_(_newest(campaign))))
    return {submission.unit_id: submission for submission in found}


def _newest(campaign: Campaign) -> Any:
    later = sa.orm.aliased(Submission)
    word = sa.orm.aliased(Verdict)
    superseded = (
        sa.select(later.id)
        .join(word, word.submission_id == later.id)
        .where(
            word.word == "verified",
            later.campaign_id == Submission.campaign_id,
            later.unit_id == Submission.unit_id,
            later.round > Submission.round,
        )
        .exists()
    )
    return (
        sa.select(Submission.id)
        .join(Verdict, Verdict.submission_id == Submission.id)
        .where(Submission.campaign_id == campaign.id, Verdict.word == "verified", ~superseded)
    )


def declaration_of(campaign: Campaign) -> Declaration | None:
    return db.session.scalar(sa.select(Declaration).where(Declaration.campaign_id == campaign.id))

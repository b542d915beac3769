"""Reported, verified and declared of every unit, side by side, and how far each has come."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from pos.campaigns.models import Campaign
from pos.campaigns.verification_models import Declaration, DeclaredUnit, Submission, Verdict
from pos.campaigns.verified import declaration_of, verified
from pos.db import db
from pos.errors import N_
from pos.reports import board
from pos.reports.board import Cut
from pos.units.models import Unit
from pos.units.services import Person, within

STATES = {
    "none": N_("belum mengajukan"),
    "submitted": N_("menunggu diperiksa"),
    "returned": N_("dikembalikan"),
    "verified": N_("diverifikasi"),
    "declared": N_("dideklarasikan"),
    "left_out": N_("tidak ikut deklarasi"),
}
NOTHING = board.Row("", "", "", 0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Standing:
    """One unit: what its tills reported until now, what was verified of it (None: not yet) and declared (None: not).

    `after` is what has come since the figure that holds (declared, else verified): positive or negative rupiah.
    """

    unit_id: int
    name: str
    kanwil: str
    unit_class: str
    state: str
    reported: board.Row
    submission: Submission | None
    verified: Submission | None
    declared: DeclaredUnit | None
    flag_count: int

    @property
    def holds(self) -> Submission | DeclaredUnit | None:
        return self.declared or self.verified

    @property
    def after(self) -> int:
        return self.reported.omzet - self.holds.omzet if self.holds else 0


@dataclass(frozen=True)
class Whole:
    """The three figures over all rows, and how many units are in each state."""

    rows: Sequence[Standing]
    declaration: Declaration | None

    def total(self, name: str, of: str) -> int:
        parts = (getattr(row, of) for row in self.rows)
        return sum(getattr(part, name) for part in parts if part is not None)

    @property
    def counts(self) -> dict[str, int]:
        states = [row.state for row in self.rows]
        return {state: states.count(state) for state in STATES}

    @property
    def addendum(self) -> list[Standing]:
        """Units whose notas no longer come to what was declared of them."""
        return [row for row in self.rows if row.declared and row.after]

    @property
    def addendum_omzet(self) -> int:
        return sum(row.after for row in self.addendum)

    @property
    def left_out(self) -> list[Standing]:
        """Units with notas that were not in the declaration, whenever those notas came."""
        return [row for row in self.rows if self.declaration and not row.declared and row.reported.omzet]

    @property
    def left_out_omzet(self) -> int:
        return sum(row.reported.omzet for row in self.left_out)


def standings(campaign: Campaign, person: Person) -> Whole:
    """Every unit in the person's scope that sells or should: the open UPT, and whoever has sold or submitted."""
    reported = {int(row.key): row for row in board.breakdown(campaign, Cut(), "upt")}
    newest, words, checked = _submitted(campaign), _words(campaign), verified(campaign)
    declaration = declaration_of(campaign)
    declared = {row.unit_id: row for row in declaration.units} if declaration else {}
    known = {*reported, *newest, *declared}
    over = sa.orm.aliased(Unit)
    query = (
        sa.select(Unit, over.name)
        .outerjoin(over, over.id == Unit.parent_id)
        .where(within(person), sa.or_(sa.and_(Unit.level == "upt", Unit.active), Unit.id.in_(known)))
        .order_by(over.name, Unit.name)
    )
    units = db.session.execute(query).all()
    names = board.unit_names(campaign, [unit.id for unit, _ in units])
    rows = []
    for unit, above in units:
        submission, said = newest.get(unit.id), declared.get(unit.id)
        held = said or checked.get(unit.id)
        state = words.get(submission.id, "submitted") if submission else "none"
        if declaration:
            state = "declared" if said else "left_out"
        rows.append(
            Standing(
                unit.id,
                names[unit.id],
                (above or "") if unit.level == "upt" else names[unit.id],
                held.unit_class if held else class_of(unit),
                state,
                reported.get(unit.id, NOTHING),
                submission,
                checked.get(unit.id),
                said,
                _flag_count(submission),
            )
        )
    return Whole(rows, declaration)


def _flag_count(submission: Submission | None) -> int:
    return len(json.loads(submission.flags)) if submission else 0


def _submitted(campaign: Campaign) -> dict[int, Submission]:
    """The newest submission of each unit."""
    query = sa.select(Submission).where(Submission.campaign_id == campaign.id).order_by(Submission.round)
    return {row.unit_id: row for row in db.session.scalars(query)}


def _words(campaign: Campaign) -> dict[int, str]:
    query = sa.select(Verdict.submission_id, Verdict.word).join(Submission)
    return dict(db.session.execute(query.where(Submission.campaign_id == campaign.id)).all())


def class_of(unit: Unit) -> str:
    """Units of one class compete: kind and class of a UPT (`Lapas IIA`), else its level."""
    if unit.level != "upt":
        return {"kanwil": "Kanwil"}.get(unit.level, "Ditjenpas")
    return " ".join(filter(None, (unit.kind, unit.class_name))) or "UPT"

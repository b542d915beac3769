"""Whether what was submitted, verified and declared is still what the notas say."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from pos.campaigns.verification_models import FIGURES, Declaration, DeclaredUnit, Submission, Verdict
from pos.db import db
from pos.register.models import Sale, SaleLine
from pos.units.models import Register

SUMMED = ("omzet", "pieces", "sales", "pnbp", "premi", "late_omzet")


def submitted_equal_their_notas() -> Iterator[str]:
    """Submissions whose figures are not the sums of the lines of the receipt numbers that they name."""
    for one in db.session.scalars(sa.select(Submission).order_by(Submission.id)):
        omzet = pieces = pnbp = 0
        for code, ranges in json.loads(one.numbers).items():
            sums = db.session.execute(_lines(code, ranges, json.loads(one.rule))).one()
            omzet, pieces, pnbp = omzet + int(sums[0]), pieces + int(sums[1]), pnbp + int(sums[2])
        if (one.omzet, one.pieces, one.pnbp) != (omzet, pieces, pnbp):
            yield f"{one.unit_name} #{one.round}"


def _lines(code: str, ranges: list[list[int]], rule: dict[str, Any]) -> Any:
    columns: Any = (SaleLine.amount, SaleLine.quantity, SaleLine.pnbp)
    query = (
        sa.select(*(sa.func.coalesce(sa.func.sum(column), 0) for column in columns))
        .join(Sale, Sale.id == SaleLine.sale_id)
        .join(Register, Register.id == Sale.register_id)
        .where(Register.code == code, sa.or_(*(Sale.number.between(first, last) for first, last in ranges)))
    )
    if rule["wbp_only"]:
        query = query.where(SaleLine.wbp_made)
    for name, column in (("categories", SaleLine.category), ("channels", Sale.channel)):
        if rule[name]:
            query = query.where(column.in_(rule[name]))
    return query


def declared_equal_verified() -> Iterator[str]:
    """Declared rows that differ from a verified submission, and declarations that are not the sum of their rows."""
    query = (
        sa.select(DeclaredUnit, Submission, Verdict.word)
        .join(Submission, Submission.id == DeclaredUnit.submission_id)
        .outerjoin(Verdict, Verdict.submission_id == Submission.id)
    )
    for declared, submission, word in db.session.execute(query):
        if word != "verified" or any(getattr(declared, name) != getattr(submission, name) for name in FIGURES):
            yield declared.unit_name
    for declaration in db.session.scalars(sa.select(Declaration)):
        units = declaration.units
        if any(getattr(declaration, name) != sum(getattr(unit, name) for unit in units) for name in SUMMED):
            yield declaration.number


def late_notas_are_marked() -> Iterator[str]:
    """Notas in a series of late ones without their mark, or with it anywhere else."""
    marked = (" " + Sale.flags + " ").like("% susulan %")
    query = sa.select(Sale.receipt).join(Register, Register.id == Sale.register_id)
    yield from db.session.scalars(query.where(marked != Register.late_notes))

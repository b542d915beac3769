"""What somebody should look at: contradicting documents, sales with something odd, and the check of all books."""

import zipfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale

from pos import clock, sheets
from pos.db import atomic, db
from pos.jobs import Progress
from pos.register.lookup import galleries_within
from pos.register.models import Sale, SaleConflict
from pos.reports import board, bundle_tables, tables
from pos.reports.audit import MOST_SHOWN, RULES, audit
from pos.reports.book_models import BookAudit
from pos.reports.tables import Table
from pos.units.models import User
from pos.units.services import Person


def conflicts(person: Person) -> Any:
    """SELECT of the refused documents about notas in the person's scope, the latest first."""
    return (
        sa.select(
            SaleConflict.received_at,
            SaleConflict.document,
            Sale.receipt,
            Sale.total,
            Sale.zone,
            Sale.seller_name,
            User.name.label("sender"),
        )
        .join(Sale, Sale.id == SaleConflict.sale_id)
        .join(User, User.id == SaleConflict.user_id)
        .where(Sale.gallery_id.in_(galleries_within(person)))
        .order_by(SaleConflict.received_at.desc(), SaleConflict.id.desc())
    )


def flagged(person: Person) -> Any:
    """SELECT of the notas in the person's scope that were recorded with a flag, the latest first."""
    return (
        sa.select(
            Sale.receipt,
            Sale.sold_at,
            Sale.recorded_at,
            Sale.zone,
            Sale.seller_name,
            Sale.gallery_name,
            Sale.total,
            Sale.flags,
        )
        .where(Sale.flags != "", Sale.gallery_id.in_(galleries_within(person)))
        .order_by(Sale.sold_at.desc(), Sale.receipt)
    )


# -- the check of all rules ----------------------------------------------------------------------------


def check(person: Person, target: Path, progress: Progress) -> dict[str, int]:
    """Check every rule at one instant, keep what was found, and write it into `target` as a table."""
    board.hold_still()
    at, rules = clock.now(), audit(progress)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, force_locale("id"):
        table = bundle_tables.rules_table(rules, person)
        header, rows, _total = tables.numbers(Table("", "Pemeriksaan buku", [], table.columns, table.rows))
        archive.writestr("pemeriksaan-buku.csv", sheets.to_csv(header, rows))
        archive.writestr("pemeriksaan-buku.xlsx", sheets.to_xlsx("Pemeriksaan buku", header, rows))
    wrong = {rule.name: {"count": len(rule.wrong), "places": rule.wrong[:MOST_SHOWN]} for rule in rules if rule.wrong}
    with atomic() as session:
        session.add(BookAudit(at=at, user_id=person.id, rules=len(rules), wrong=wrong))
    return {"rules": len(rules), "wrong": len(wrong)}


def latest() -> BookAudit | None:
    """The last check, if it knew all the rules of today."""
    found = db.session.scalar(sa.select(BookAudit).order_by(BookAudit.id.desc()).limit(1))
    return found if found and found.rules == len(RULES) else None

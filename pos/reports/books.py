"""The check of all books: every rule at one instant, and what the last check found."""

import zipfile
from pathlib import Path

import sqlalchemy as sa
from flask_babel import force_locale

from pos import clock, sheets
from pos.db import atomic, db
from pos.jobs import Progress
from pos.reports import board, bundle_tables, tables
from pos.reports.audit import MOST_SHOWN, RULES, audit
from pos.reports.book_models import BookAudit
from pos.reports.tables import Table
from pos.units.services import Person


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

"""The page of the audited books: what the last check of every rule found, and what in scope somebody should look at."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from pos import jobs, web
from pos.db import db
from pos.job_pages import JobPages
from pos.register.words import FLAG_NAMES
from pos.reports import books, odd
from pos.reports.audit import RULES
from pos.reports.words import RULE_NAMES
from pos.units.models import User

bp = Blueprint("books", __name__, url_prefix="/buku")
ROLES = ("admin", "official", "auditor")
PAGES = JobPages(bp, "", ROLES, "buku", "reports/books_job.html")


@bp.get("")
@web.require(*ROLES)
def page() -> Any:
    last = books.latest()
    return render_template(
        "reports/books.html",
        last=last,
        by=db.session.get(User, last.user_id) if last and last.user_id else None,
        rules=[(RULE_NAMES.get(name, name), last.wrong.get(name) if last else None) for name in RULES],
        form=FlaskForm(),
        own=PAGES.own(),
        names_places=g.person.level == "ditjenpas",
        conflicts=web.paged(odd.conflicts(g.person), name="bertentangan"),
        flagged=web.paged(odd.flagged(g.person)),
        flags=FLAG_NAMES,
        page_url=lambda number: web.here(hal=number) + "#catatan",
        conflicts_url=lambda number: web.here(bertentangan=number, hal=request.args.get("hal")) + "#bertentangan",
    )


@bp.post("")
@web.require(*ROLES)
def check() -> Any:
    """Have every rule checked over the whole database: that takes its time, and nothing but its outcome is written."""
    app, by = current_app._get_current_object(), replace(g.person)  # type: ignore[attr-defined]

    def work(target: Path, progress: jobs.Progress) -> dict[str, Any]:
        with app.app_context():
            return dict(books.check(by, target, progress))

    return PAGES.begin(jobs.Job(_("Pemeriksaan buku"), "pemeriksaan-buku.zip"), work, url_for("books.page"))

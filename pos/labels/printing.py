"""From what was chosen to the file, made at once or while the person watches; and the note of what was printed."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import g, redirect, session

from pos import jobs, web
from pos.catalog import reprints
from pos.errors import PosError
from pos.job_pages import JobPages
from pos.labels import settings
from pos.labels.asked import Job
from pos.labels.pdf import MOST, labels_pdf
from pos.labels.services import Chosen

AT_ONCE = 1000  # labels that are made before the answer


def begin(pages: JobPages, job: Job, rows: Sequence[Chosen]) -> Any:
    """Make the file of these labels, and lead to it or to the page that shows how far it is.

    They are noted as printed once the file is there or on its way. Raises `PosError` where they cannot be made now.
    """
    labels = [row.label for row in rows]
    total = sum(label.copies for label in labels)
    if not total:
        raise PosError("Isi berapa label yang dicetak, paling sedikit 1.")
    if total > MOST:
        raise PosError("Paling banyak %(most)d label sekali cetak.", most=MOST)
    layout, start, printer = job.layout, job.start, job.printer

    def work(target: Path, progress: jobs.Progress) -> dict[str, Any]:
        target.write_bytes(labels_pdf(labels, layout, start, printer.dpi, printer.offset, progress))
        return {}

    file = jobs.Job(web.tr(layout.title), f"label-{layout.name}.pdf", job.address(), total=total)
    where = pages.start(file, work, at_once=total <= AT_ONCE)
    _note(rows)
    settings.remember_layout(g.person, printer, layout)
    session["label"] = {"layout": layout.name, "printer": printer.key, "level": job.level}
    return redirect(where)


def _note(rows: Sequence[Chosen]) -> None:
    """Note what was printed: of each product how many labels, and the instant whose price they show."""
    noted: dict[datetime | None, dict[int, int]] = {}
    for row in rows:
        copies = noted.setdefault(row.shows_at, {})
        copies[row.product.id] = copies.get(row.product.id, 0) + row.label.copies
    for shows_at, copies in noted.items():
        reprints.printed(g.person, copies, shows_at)

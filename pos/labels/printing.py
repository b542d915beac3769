"""From what was chosen to the file: made at once or while the person watches, fetched, and the test sheet."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, session, url_for

from pos import web
from pos.catalog import reprints
from pos.errors import PosError
from pos.labels import making, settings
from pos.labels.asked import Job, job_of
from pos.labels.calibration import calibration_pdf
from pos.labels.design import Label
from pos.labels.pdf import MOST, Progress, labels_pdf
from pos.labels.services import Chosen

AT_ONCE = 1000  # labels that are made before the answer


def begin(job: Job, rows: Sequence[Chosen]) -> Any:
    """Make the file of these labels, and lead to it or to the page that shows how far it is."""
    labels = [row.label for row in rows]
    total = sum(label.copies for label in labels)
    if not total:
        raise PosError("Isi berapa label yang dicetak, paling sedikit 1.")
    if total > MOST:
        raise PosError("Paling banyak %(most)d label sekali cetak.", most=MOST)
    _note(rows)
    settings.remember_layout(g.person, job.printer, job.layout)
    session["label"] = {"layout": job.layout.name, "printer": job.printer.key, "level": job.level}
    making_ = making.begin(_folder(), g.person, f"label-{job.layout.name}.pdf", total, job.address())
    work = _work(labels, job)
    if total <= AT_ONCE:
        making.make(_folder(), making_, work)
        return redirect(url_for("labels.made", token=making_.token))
    making.make_behind(_folder(), making_, work)
    return redirect(url_for("labels.watch", token=making_.token))


def _note(rows: Sequence[Chosen]) -> None:
    """Note what was printed: of each product how many labels, and the instant whose price they show."""
    noted: dict[datetime | None, dict[int, int]] = {}
    for row in rows:
        copies = noted.setdefault(row.shows_at, {})
        copies[row.product.id] = copies.get(row.product.id, 0) + row.label.copies
    for shows_at, copies in noted.items():
        reprints.printed(g.person, copies, shows_at)


def _work(labels: list[Label], job: Job) -> Callable[[Progress], bytes]:
    layout, start, printer = job.layout, job.start, job.printer
    return lambda progress: labels_pdf(labels, layout, start, printer.dpi, printer.offset, progress)


@web.require("staff")
def watch(token: str) -> Any:
    """How far the file is; leads to it when it is there."""
    job = making.state_of(_folder(), g.person, token)
    if job.state == making.DONE:
        return redirect(url_for("labels.made", token=token))
    return render_template("labels/making.html", job=job, percent=int(100 * job.part), making=making)


@web.require("staff")
def how_far(token: str) -> Response:
    """The percentage, or the word for how it ended: what the page asks for while it waits."""
    job = making.state_of(_folder(), g.person, token)
    said = f"{int(100 * job.part)}" if job.state == making.MAKING else job.state
    return Response(said, mimetype="text/plain", headers={"Cache-Control": "no-store"})


@web.require("staff")
def made(token: str) -> Any:
    job = making.state_of(_folder(), g.person, token)
    path = making.pdf_of(_folder(), job)
    if job.state != making.DONE or not path.is_file():
        return redirect(url_for("labels.watch", token=token))
    return _inline(path.read_bytes(), job.name)


@web.require("staff")
def calibration() -> Response:
    """One sheet with a ruler and two lines, to be measured on the real paper."""
    job = job_of(request.args)
    return _inline(calibration_pdf(job.layout, job.printer), f"uji-{job.layout.name}.pdf")


def _inline(content: bytes, name: str) -> Response:
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


def _folder() -> Path:
    return Path(current_app.instance_path) / "label"


def add_pages(bp: Blueprint) -> None:
    bp.add_url_rule("/label/cetak/<token>", "watch", watch)
    bp.add_url_rule("/label/cetak/<token>/sejauh", "how_far", how_far)
    bp.add_url_rule("/label/cetak/<token>.pdf", "made", made)
    bp.add_url_rule("/label/uji", "calibration", calibration)

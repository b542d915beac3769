"""Prints of notas and of shifts: counted before they happen, and brought to a printer in the background.

No sale waits for a printer: a print is asked for when the sale is on disk, and what the printer makes of it changes
the state of its job and nothing else.
"""

import logging
import threading
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.db import atomic, db
from pos.errors import Conflict, NotFound
from pos.receipts import drivers, escpos, shift_paper
from pos.receipts.drivers import Trouble
from pos.receipts.models import Printer, PrintJob, SalePrint
from pos.receipts.printers import columns_of, printer_of, target_of
from pos.receipts.slip import slip_of
from pos.register.lookup import galleries_within
from pos.register.models import Sale
from pos.register.shift_models import Shift
from pos.register.shift_reports import addendum, report, report_of
from pos.units.models import Register
from pos.units.services import Person

FRESH = timedelta(minutes=10)  # for so long after it was recorded a print may be shown as that print
STALE = timedelta(minutes=3)  # a job that has not moved for so long belongs to a server that has ended
RACES = 5  # others who print the same nota at the same moment

Context = Callable[[], AbstractContextManager[Any]]


# -- counting ------------------------------------------------------------------------------------------


def mark(copy: int | None) -> str:
    """What stands across the paper: nothing on the original; None is paper that nobody recorded."""
    if copy is None:
        return "SALINAN"
    return f"SALINAN KE-{copy}" if copy else ""


def record_print(sale: Sale, by: Person, way: str, token: str, base_url: str = "") -> SalePrint:
    """The next print of `sale`, with its job when the `way` is the register's printer; the same `token` is the same."""
    for _ in range(RACES):
        known = db.session.scalar(sa.select(SalePrint).where(SalePrint.token == token))
        if known is not None:
            if known.sale_id != sale.id:
                raise Conflict("Cetakan ini milik nota lain.")
            return known
        try:
            return _record(sale, by, way, token, base_url)
        except IntegrityError:
            continue
    raise Conflict("Nota ini sedang dicetak di tempat lain. Coba lagi.")


def _record(sale: Sale, by: Person, way: str, token: str, base_url: str) -> SalePrint:
    sale_id, register_id = sale.id, sale.register_id
    with atomic() as session:
        printed = session.scalar(sa.select(sa.func.count()).where(SalePrint.sale_id == sale_id))
        row = SalePrint(sale_id=sale_id, copy=printed, token=token, way=way, at=clock.now(), user_id=by.id)
        session.add(row)
        session.flush()
        if way == "printer":
            session.add(_job(register_id, "receipt", base_url, sale_id=sale_id, copy=printed))
    return row


def prints_of(sale: Sale) -> list[SalePrint]:
    return list(db.session.scalars(sa.select(SalePrint).where(SalePrint.sale_id == sale.id).order_by(SalePrint.copy)))


def shown_copy(sale: Sale, token: str, now: datetime) -> int | None:
    """The copy that a page may show for `token`: one recorded just now, or given over by a printer just now."""
    try:
        row = db.session.scalar(
            sa.select(SalePrint).where(SalePrint.token == str(uuid.UUID(token)), SalePrint.sale_id == sale.id)
        )
    except ValueError:
        return None
    if row is None:
        return None
    job = job_of(row)
    since = job.done_at if job and job.state == "moved" and job.done_at else row.at
    return row.copy if now - since <= FRESH else None


# -- jobs ----------------------------------------------------------------------------------------------


def _job(register_id: int, kind: str, base_url: str, sale_id: str | None = None, copy: int = 0) -> PrintJob:
    now = clock.now()
    return PrintJob(
        register_id=register_id,
        kind=kind,
        sale_id=sale_id,
        copy=copy,
        base_url=base_url[:200],
        state="waiting",
        error="",
        tries=0,
        made_at=now,
        moved_at=now,
    )


def print_shift(shift: Shift, token: str) -> PrintJob:
    """The X of an open shift, or the Z of a closed one, whose first is the original; the same `token` is the same.

    Where the register prints by its browser, the job is given to it at once.
    """
    known = db.session.scalar(sa.select(PrintJob).where(PrintJob.token == token))
    if known is not None:
        if known.shift_id != shift.id:
            raise Conflict("Cetakan ini milik giliran lain.")
        return known
    kind, by_browser = "z" if report_of(shift) else "x", printer_of(shift.register).kind == "browser"
    shift_id, register_id = shift.id, shift.register_id
    same = sa.select(PrintJob).where(PrintJob.shift_id == shift_id, PrintJob.kind == kind)
    last = db.session.scalar(same.order_by(PrintJob.id.desc()).limit(1))
    if last is not None and state_of(last)[0] == "failed":  # what never came out has no copy
        _move_failed(last, "moved" if by_browser else "waiting")
        return last
    with atomic() as session:
        session.scalar(sa.select(Printer.kind).where(Printer.register_id == register_id).with_for_update())
        mine = sa.select(sa.func.count()).where(PrintJob.shift_id == shift_id, PrintJob.kind == "z")
        job = _job(register_id, kind, "", copy=session.scalar(mine) or 0 if kind == "z" else 0)
        job.shift_id, job.token = shift_id, token
        if by_browser:
            job.state, job.done_at = "moved", job.made_at
        session.add(job)
    return job


def shift_print(shift: Shift, token: str, now: datetime) -> PrintJob | None:
    """The print of `shift` that was given to the browser just now under `token`."""
    try:
        query = sa.select(PrintJob).where(PrintJob.token == str(uuid.UUID(token)), PrintJob.shift_id == shift.id)
    except ValueError:
        return None
    job = db.session.scalar(query)
    given = job.done_at if job and job.state == "moved" else None
    return job if given and now - given <= FRESH else None


def print_test(register: Register, base_url: str) -> PrintJob:
    with atomic() as session:
        job = _job(register.id, "test", base_url)
        session.add(job)
    return job


def job_of(row: SalePrint) -> PrintJob | None:
    return db.session.scalar(sa.select(PrintJob).where(PrintJob.sale_id == row.sale_id, PrintJob.copy == row.copy))


def jobs(person: Person, state: str = "", register_id: int | None = None) -> Any:
    """Query of the print jobs within the person's scope, the newest first."""
    query = sa.select(PrintJob).join(Register).where(Register.gallery_id.in_(galleries_within(person)))
    if state == "failed":
        query = query.where(sa.or_(PrintJob.state == "failed", _abandoned(clock.now())))
    elif state:
        query = query.where(PrintJob.state == state)
    if register_id:
        query = query.where(PrintJob.register_id == register_id)
    return query.order_by(PrintJob.id.desc())


def tests_of(query: Any, most: int) -> list[PrintJob]:
    """The newest test pages in a query of jobs."""
    return list(db.session.scalars(query.where(PrintJob.kind == "test").limit(most)))


def job_for(person: Person, job_id: int) -> PrintJob:
    job = db.session.scalar(jobs(person).where(PrintJob.id == job_id))
    if job is None:
        raise NotFound("Cetakan ini tidak ada atau di luar wewenang Anda.")
    return job


def state_of(job: PrintJob) -> tuple[str, str]:
    """(state, reason) as they are now: what a server left behind when it ended has failed."""
    if job.state in ("waiting", "printing") and clock.now() - job.moved_at > STALE:
        return "failed", "stopped"
    return job.state, job.error


def _abandoned(now: datetime) -> Any:
    return sa.and_(PrintJob.state.in_(("waiting", "printing")), PrintJob.moved_at < now - STALE)


def retry(job: PrintJob) -> None:
    """Let a failed job wait again; asked twice it is printed once."""
    _move_failed(job, "waiting")


def move_to_browser(job: PrintJob) -> SalePrint | None:
    """Give a failed print to the browser: a nota as the very print it was recorded as; None is a shift's."""
    if job.kind == "test":
        raise NotFound("Halaman uji dicetak dari halaman printernya.")
    _move_failed(job, "moved")
    return job.print


def _move_failed(job: PrintJob, state: str) -> None:
    with atomic() as session:
        now = clock.now()
        session.execute(
            sa.update(PrintJob)
            .where(PrintJob.id == job.id, sa.or_(PrintJob.state == "failed", _abandoned(now)))
            .values(state=state, error="", moved_at=now, done_at=now if state == "moved" else None)
        )
    db.session.refresh(job)


# -- printing ------------------------------------------------------------------------------------------


def start(register_id: int, context: Context) -> None:
    """Print what waits for the register's printer, in a thread of its own; `context` gives it the database."""

    def run() -> None:
        with context():
            try:
                work(register_id)
            except Exception:  # the jobs stay as they are, and go stale
                logging.getLogger(__name__).exception("printing ended")

    threading.Thread(target=run, name=f"printer {register_id}", daemon=True).start()


def work(register_id: int) -> None:
    """Print the register's jobs one after the other until none waits, or somebody else is at it."""
    while (job := _claim(register_id)) is not None:
        reason = ""
        try:
            _print(job)
        except Trouble as trouble:
            reason = trouble.reason
        except Exception:
            logging.getLogger(__name__).exception("print job %s", job.id)
            reason = "program"
        with atomic():
            now = clock.now()
            job.state, job.error = ("failed", reason) if reason else ("done", "")
            job.moved_at, job.done_at = now, None if reason else now


def _claim(register_id: int) -> PrintJob | None:
    """The next job, now ours; one at a time for a register, in whatever process."""
    with atomic() as session:
        session.scalar(sa.select(Printer.kind).where(Printer.register_id == register_id).with_for_update())
        now = clock.now()
        mine = PrintJob.register_id == register_id
        session.execute(
            sa.update(PrintJob)
            .where(mine, _abandoned(now))
            .values(state="failed", error="stopped", moved_at=now)
            .execution_options(synchronize_session=False)
        )
        if session.scalar(sa.select(PrintJob.id).where(mine, PrintJob.state == "printing").limit(1)):
            return None
        waiting = sa.select(PrintJob).where(mine, PrintJob.state == "waiting").order_by(PrintJob.moved_at, PrintJob.id)
        job: PrintJob | None = session.scalar(waiting.limit(1).execution_options(populate_existing=True))
        if job is not None:
            job.state, job.tries, job.moved_at = "printing", job.tries + 1, now
    return job


def _print(job: PrintJob) -> None:
    register = job.register
    printer = printer_of(register)
    opens = job.kind == "test" or (job.print is not None and _opens_drawer(job.print))
    pulse = printer.drawer and job.sent_at is None and opens
    paper = escpos.Paper(register.paper_width, columns_of(printer, register), printer.cutter, pulse)
    when = shift_paper.stamp(clock.now(), register.gallery.unit.zone)
    if job.shift is not None:
        z = report_of(job.shift) is not None
        across = mark(job.copy if job.kind == "z" else None) if z else ""  # an X that waited until the close is no Z
        rows = shift_paper.printed(report(job.shift), addendum(job.shift), paper.columns, across, when)
        content = escpos.rows(rows, paper)
    elif job.print is None:
        content = escpos.test_page(f"{register.code} - {register.paper_width} mm - {when}", paper)
    else:
        content = escpos.receipt(slip_of(job.print.sale, job.base_url, mark(job.copy)), paper)

    def sending() -> None:
        with atomic():
            job.sent_at = job.sent_at or clock.now()

    target = target_of(printer)
    db.session.rollback()  # nothing of the database is held while the printer prints
    drivers.deliver(target, content, sending)


def _opens_drawer(row: SalePrint) -> bool:
    """The first print of a nota for which cash changed hands; never a copy."""
    return row.copy == 0 and any(payment.method == "cash" for payment in row.sale.payments)

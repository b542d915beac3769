"""Evening recaps as files in a folder, by command or by themselves while the program serves.

Where the folder is, only who runs the server decides (`POS_RECAP_FOLDER`, else instance/rekap): never a page.
"""

import os
import re
import tempfile
import threading
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.db import atomic, db
from pos.listing_pdf import Column, Listing, listing_pdf
from pos.reports import evening, evening_picture, sums
from pos.reports.evening import Recap
from pos.reports.recap_models import RecapRun, RecapSchedule
from pos.reports.sums import View
from pos.stationery import Letterhead
from pos.units.letterheads import letterhead_of
from pos.units.models import Unit
from pos.units.services import Person, log

NATION = "Nasional"
LOOK_EVERY = 30  # seconds
GIVEN_UP = timedelta(minutes=10)  # after which another takes over what somebody began and never finished
DAYS_KEPT_UP = 1  # before today: what a server that was off in the evening makes up for


# -- files ---------------------------------------------------------------------------------------------


def recap_of(unit: Unit, day: date) -> Recap:
    """The recap of a unit with all under it, where it stood on that day."""
    narrowed: dict[str, Any] = {} if unit.level == "ditjenpas" else {unit.level: unit.id}
    name = NATION if unit.level == "ditjenpas" else sums.unit_names([unit.id], day)[unit.id]
    return evening.recap(View(day, day, **narrowed), name)


def write(unit: Unit, day: date, folder: Path) -> list[Path]:
    """Write message, picture and sheet of the day into `folder`, each whole or not at all."""
    found = recap_of(unit, day)
    name = re.sub(r"[^a-z0-9]+", "-", unit.name.lower()).strip("-")
    files = {
        f"rekap-{day}-{name}.txt": evening.message(found).encode(),
        f"rekap-{day}-{name}.png": evening_picture.png(found),
        f"rekap-{day}-{name}.pdf": sheet(found, letterhead_of(unit.id)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        _put(folder / file, content)
    return [folder / file for file in files]


def sheet(found: Recap, letterhead: Letterhead) -> bytes:
    """The recap on paper, with letterhead and signatures."""
    about = [found.place, evening.long_day(found.day), evening.UNVERIFIED]
    columns = [Column("Keterangan"), Column("Nilai", is_number=True)]
    place_and_day = evening.long_day(found.day).partition(", ")[2]
    return listing_pdf(
        Listing(
            "Rekap sore",
            about,
            columns,
            evening.rows(found),
            page_of="Halaman {page} dari {pages}",
            letterhead=letterhead,
            signers=letterhead.signers,
            place_and_day=f"{letterhead.city}, {place_and_day}" if letterhead.city else place_and_day,
        )
    )


def _put(path: Path, content: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        part.write(content)
    Path(part.name).chmod(0o644)
    Path(part.name).replace(path)


# -- the schedule --------------------------------------------------------------------------------------


def schedule_of(unit_id: int) -> RecapSchedule | None:
    return db.session.get(RecapSchedule, unit_id)


def change(person: Person, at: time, active: bool) -> None:
    """Set when the recap of the person's own unit is due."""
    with atomic() as session:
        row = schedule_of(person.unit_id)
        if row is None:
            session.add(row := RecapSchedule(unit_id=person.unit_id))
        row.at_minute, row.active, row.changed_at = at.hour * 60 + at.minute, active, clock.now()
        log("recap.schedule", person.unit_name, person, person.unit_id, at=f"{at:%H.%M}", active=active)


def latest_runs(unit_id: int, most: int = 7) -> list[RecapRun]:
    query = sa.select(RecapRun).where(RecapRun.unit_id == unit_id).order_by(RecapRun.day.desc()).limit(most)
    return list(db.session.scalars(query))


def due(now: datetime) -> list[tuple[Unit, date]]:
    """What should have been written by now and is not: today's, and that of an evening that was missed."""
    rows = db.session.execute(
        sa.select(RecapSchedule, Unit).join(Unit, Unit.id == RecapSchedule.unit_id).where(RecapSchedule.active)
    ).all()
    found = []
    for schedule, unit in rows:
        today = clock.local(now, unit.zone).date()
        for day in (today - timedelta(back) for back in range(DAYS_KEPT_UP, -1, -1)):
            at = datetime.combine(day, time(*divmod(schedule.at_minute, 60)), clock.ZONES[unit.zone])
            run = db.session.get(RecapRun, (unit.id, day))
            waits = run is None or (run.made_at is None and now - run.claimed_at > GIVEN_UP)
            if at <= now and at >= schedule.changed_at - timedelta(minutes=1) and waits:
                found.append((unit, day))
    return found


def claim(unit_id: int, day: date, now: datetime) -> bool:
    """Whether it is ours to write: the database lets one in, in whatever process or after whatever restart."""
    try:
        with atomic() as session:
            run = session.get(RecapRun, (unit_id, day), populate_existing=True)
            if run is None:
                session.add(RecapRun(unit_id=unit_id, day=day, claimed_at=now, made_at=None))
                return True
            taken = session.execute(
                sa.update(RecapRun)
                .where(RecapRun.unit_id == unit_id, RecapRun.day == day, RecapRun.made_at.is_(None))
                .where(RecapRun.claimed_at < now - GIVEN_UP)
                .values(claimed_at=now)
            )
            return bool(taken.rowcount)
    except IntegrityError:
        return False


def run(folder: Path, now: datetime) -> list[Path]:
    """Write what is due; a claim whose files could not be written is free again for the next look."""
    written = []
    for unit, day in due(now):
        if claim(unit.id, day, now):
            mine = sa.and_(RecapRun.unit_id == unit.id, RecapRun.day == day)
            try:
                written += write(unit, day, folder)
            except BaseException:
                with atomic() as session:
                    session.execute(sa.delete(RecapRun).where(mine))
                raise
            with atomic() as session:
                session.execute(sa.update(RecapRun).where(mine).values(made_at=clock.now()))
    return written


def folder_of(instance: Path) -> Path:
    return Path(os.environ.get("POS_RECAP_FOLDER") or instance / "rekap")


def keep(app: Any, wait: Callable[[float], bool] | None = None) -> None:
    """Look for what is due until the process ends; `wait` says after so many seconds whether to stop."""
    wait = wait or threading.Event().wait
    folder = folder_of(Path(app.instance_path))
    while not wait(LOOK_EVERY):
        try:
            with app.app_context():
                run(folder, clock.now())
        except Exception:  # a full disk or a database that is away for a while must not end the thread
            app.logger.exception("the evening's recap was not written; it is tried again")

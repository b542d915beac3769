"""Whatever happens to a process, what was acknowledged is on disk and nothing else is."""

import os
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask_migrate import stamp

from bench.checkout import Served
from pos import db as database
from pos.db import db, write
from pos.fast import Insert
from pos.register import services
from pos.register.models import Payment, Sale
from pos.units.models import Register
from tests import forks, world

TILLS = {"AMB-1": "kasir", "AMB-2": "petugas", "PTK-1": "kasir-ptk", "KDI-1": "kasir-kdi"}
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def together(app: Any, *jobs: Callable[[], Any]) -> list[Any]:
    """What each job returned or raised, all of them brought while somebody else is writing."""
    answers: list[Any] = [None] * len(jobs)

    def run(i: int, job: Callable[[], Any]) -> None:
        with app.app_context():
            try:
                answers[i] = job()
            except Exception as error:
                answers[i] = error

    threads = [threading.Thread(target=run, args=(i, job)) for i, job in enumerate(jobs)]
    with app.app_context(), database.atomic():
        for thread in threads:
            thread.start()
        time.sleep(0.3)
    for thread in threads:
        thread.join(30)
    return answers


def stored() -> set[str]:
    found = set(db.session.scalars(sa.select(Sale.id)))
    db.session.rollback()
    return found


def sales_of_four_tills(**over: Any) -> list[Callable[[], Any]]:
    return [
        partial(services.record, world.sale(register, **over), world.person(who)) for register, who in TILLS.items()
    ]


def fail(_: Any) -> None:
    raise RuntimeError("this one only")


def test_a_job_that_fails_does_not_hurt_its_neighbours(app: Any) -> None:
    with app.app_context():
        sales = sales_of_four_tills()
    *answers, failed = together(app, *sales, lambda: write(fail))
    assert isinstance(failed, RuntimeError)
    with app.app_context():
        assert stored() == {answer.id for answer in answers} and len(answers) == 4


@sqlite_only
def test_sales_that_wait_together_share_one_commit(app: Any) -> None:
    seen: list[str] = []
    with app.app_context():
        sales = sales_of_four_tills()
        write(lambda work: work.driver.set_trace_callback(seen.append))
    seen.clear()
    together(app, *sales)
    assert [seen.count(word) for word in ("BEGIN IMMEDIATE", "SAVEPOINT job", "COMMIT")] == [1, 4, 1]


@sqlite_only
def test_when_the_commit_fails_everyone_is_told_and_nothing_is_stored(app: Any) -> None:
    orphan = {"sale_id": world.new_id(), "position": 0, "method": "cash", "tendered": 1, "change": 0, "reference": ""}

    def break_the_commit(work: Any) -> None:
        work.driver.execute("PRAGMA defer_foreign_keys = ON")
        work.add(Insert(Payment.__table__), [orphan])

    with app.app_context():
        sales = sales_of_four_tills()
    answers = together(app, *sales, lambda: write(break_the_commit))
    assert all(isinstance(answer, sa.exc.IntegrityError) for answer in answers)
    with app.app_context():
        assert stored() == set()
    assert all(answer.created for answer in together(app, *sales))


@sqlite_only
def test_on_a_full_disk_only_what_was_acknowledged_is_stored(app: Any) -> None:
    def limit(pages: int) -> None:
        write(lambda work: work.driver.execute(f"PRAGMA max_page_count = {pages}"))

    with app.app_context():
        sales = sales_of_four_tills(lines=[("Tas rajut", 1000)] * 200)
        limit(db.session.execute(sa.text("PRAGMA page_count")).scalar() + 30)
        db.session.rollback()
    answers = together(app, *sales)
    full = [answer for answer in answers if isinstance(answer, sa.exc.OperationalError)]
    with app.app_context():
        assert full and stored() == {answer.id for answer in answers if answer not in full}
        limit(2**30)
    assert all(isinstance(answer, services.Recorded) for answer in together(app, *sales))


@pytest.fixture(params=["1"])
def sold_at(request: pytest.FixtureRequest, app: Any, database_url: str) -> Any:
    """The program served on this database, by one process unless the test asks for more."""
    with app.app_context():
        stamp()
        database.close()
    served = Served(database_url, TILLS, ["--processes", request.param])
    yield served
    served.process.kill()
    served.process.wait()


def test_after_kill_9_all_that_was_acknowledged_is_there_and_no_number_is_missing(app: Any, sold_at: Any) -> None:
    seen: dict[str, Any] = {}
    selling = threading.Thread(target=lambda: seen.update(sold_at.load(len(TILLS), seconds=30)))
    selling.start()
    with app.app_context():
        for _ in range(300):
            if len(stored()) >= 60:
                break
            time.sleep(0.1)
    sold_at.process.kill()
    selling.join(60)
    acknowledged = set(seen["acknowledged"])
    with app.app_context():
        kept = stored()
        assert acknowledged <= kept and len(kept) >= 60
        assert len(kept - acknowledged) <= len(TILLS)  # stored, and killed before the answer
        for code, count, last in db.session.execute(
            sa.select(Register.code, sa.func.count(), sa.func.max(Sale.number)).join(Sale).group_by(Register.code)
        ):
            assert count == last, code


@sqlite_only
def test_a_command_may_write_while_the_till_sells(app: Any, sold_at: Any, database_url: str, tmp_path: Path) -> None:
    seen: dict[str, Any] = {}
    selling = threading.Thread(target=lambda: seen.update(sold_at.load(len(TILLS), seconds=6)))
    selling.start()
    for name in ("satu", "dua", "tiga"):
        command = ["user", "add", name, "--role", "cashier", "--unit", "Lapas Kelas IIA Ambon"]
        environment = os.environ | {"POS_DATABASE_URL": database_url, "POS_PASSWORD": "rahasia-sekali"}
        added = forks.command(command, environment, tmp_path)
        assert added.returncode == 0, added.stderr
    selling.join(60)
    assert set(seen["statuses"]) == {"201"}
    with app.app_context():
        assert stored() == set(seen["acknowledged"])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("sold_at", ["2"], indirect=True)
def test_two_processes_sell_as_one_and_end_with_the_one_that_started_them(app: Any, sold_at: Any) -> None:
    seen = sold_at.load(len(TILLS), seconds=2)
    assert set(seen["statuses"]) == {"201"}
    with app.app_context():
        assert stored() == set(seen["acknowledged"])
    sold_at.process.kill()
    for _ in range(100):
        with socket.socket() as door:
            if door.connect_ex((sold_at.host, sold_at.port)):
                return
        time.sleep(0.1)
    raise AssertionError("somebody still answers")

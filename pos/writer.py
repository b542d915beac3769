"""SQLite's one writer at a time, by design: sales that arrive together share one commit.

A commit waits for the disk, and two writers would wait for each other. So who arrives while nobody writes leads: runs
every job that is waiting, each in a savepoint of its own, commits once, and only then tells the others. Whoever came
meanwhile leads next. No busy-waiting, and no thread besides those that bring the work.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from pos import fast
from pos.fast import Work

T = TypeVar("T")
GROUP = 64  # jobs that one commit may carry


class GroupCommit:
    """The writer of one database in this process."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.lock = threading.RLock()  # held by who writes: a group, or an act of the pages
        self._queue = threading.Lock()
        self._waiting: list[_Job] = []
        self._led = False
        self._connection: Connection | None = None

    def run(self, work: Callable[[Work], T]) -> T:
        """The result of `work` once it is on disk; what it raises, or why the commit failed, is raised here."""
        job = _Job(work)
        with self._queue:
            self._waiting.append(job)
            leads, self._led = not self._led, True
        if not leads:
            job.turn.wait()
        if not job.over:
            self._lead()
        if job.error is not None:
            raise job.error
        return job.result

    def close(self) -> None:
        with self.lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _lead(self) -> None:
        group: list[_Job] = []
        try:
            with self.lock:
                with self._queue:
                    group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
                self._commit(group)
        except BaseException as error:  # nobody's work is on disk
            for job in group:
                job.error = job.error or error
        finally:
            with self._queue:
                self._led = bool(self._waiting)
                successor = self._waiting[:1]
            for job in group:
                job.over = True
            for job in successor + group:
                job.turn.set()

    def _commit(self, group: "list[_Job]") -> None:
        if self._connection is None:
            self._connection = self.engine.connect()
        raw = fast.driver(self._connection)
        with driver_errors(self._connection):
            raw.execute("BEGIN IMMEDIATE")
            try:
                for job in group:
                    job.attempt(self._connection)
                    if not raw.in_transaction:  # on a full disk SQLite rolls back everything, not just this job
                        raise job.error or sa.exc.InvalidRequestError("a job ended the transaction")
                raw.execute("COMMIT")
            except BaseException:
                if raw.in_transaction:
                    raw.execute("ROLLBACK")
                raise


class _Job:
    def __init__(self, work: Callable[[Work], Any]) -> None:
        self.work, self.turn = work, threading.Event()
        self.over = False
        self.result: Any = None
        self.error: BaseException | None = None

    def attempt(self, connection: Connection) -> None:
        raw = fast.driver(connection)
        raw.execute("SAVEPOINT job")
        try:
            with driver_errors(connection):
                self.result = self.work(Work(connection))
        except Exception as error:
            self.error = error
            if raw.in_transaction:
                raw.execute("ROLLBACK TO job")
        if raw.in_transaction:
            raw.execute("RELEASE job")


@contextmanager
def driver_errors(connection: Connection) -> Iterator[None]:
    """What the driver's own cursor raises, as SQLAlchemy would have raised it."""
    dbapi: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except dbapi.IntegrityError as error:
        raise sa.exc.IntegrityError(None, None, error) from error
    except dbapi.Error as error:
        raise sa.exc.OperationalError(None, None, error) from error

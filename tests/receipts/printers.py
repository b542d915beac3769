"""A register with a printer of the server's: give it one, print at it, and what became of that."""

import uuid
from typing import Any

import sqlalchemy as sa

from pos.db import atomic, db
from pos.receipts.models import Printer, PrintJob
from pos.units.models import Register
from tests.waiting import until


def connect(app: Any, port: int, code: str = "AMB-1", width: int = 58, **over: Any) -> int:
    """Give the register a network printer; its id."""
    with app.app_context(), atomic() as session:
        register = session.scalar(sa.select(Register).where(Register.code == code))
        register.paper_width = width
        fields: dict[str, Any] = {
            "kind": "network",
            "host": "127.0.0.1",
            "port": port,
            "vendor_id": 0,
            "product_id": 0,
            "queue": "",
            "columns": 48,
            "cutter": True,
            "drawer": True,
            "automatic": False,
            "answers": True,
        }
        session.merge(Printer(register_id=register.id, **fields | over))
        return int(register.id)


def jobs(app: Any) -> list[tuple[str, str, int]]:
    """(state, error, tries) of each job, in order."""
    with app.app_context():
        rows = db.session.execute(sa.select(PrintJob.state, PrintJob.error, PrintJob.tries).order_by(PrintJob.id))
        return [tuple(row) for row in rows]


def settled(app: Any) -> bool:
    return all(state not in ("waiting", "printing") for state, *_ in jobs(app))


def ask(browser: Any, receipt: str, way: str = "till", token: str = "") -> Any:
    return browser.post(f"/api/receipts/{receipt}/prints", json={"id": token or str(uuid.uuid4()), "way": way})


def printed(app: Any, browser: Any, receipt: str) -> Any:
    """The answer to a print that has come to its end."""
    answer = ask(browser, receipt).json
    until(lambda: settled(app))
    return browser.get(f"/api/prints/{answer['job']['id']}").json

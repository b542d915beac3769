"""The example's drawers in Ambon: opened each morning of the last weeks, counted and closed in the evening."""

import random
import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from pos import clock
from pos.db import atomic, db
from pos.register.document import canonical
from pos.register.shift_models import Shift, ShiftEvent, ShiftReport
from pos.register.shift_reports import figures, in_drawer, takings
from pos.units.models import Register
from pos.units.services import Person

FLOAT = 200_000
WEEKS = timedelta(days=34)
CLOSING = time(17, 15)
WRONG = (0, 0, 0, 0, 0, -10_000, -2_000, 5_000, 20_000)  # what the count finds too much
REASONS = {True: "Kembalian lebih diberikan", False: "Kembalian belum diambil pembeli"}


class Drawers:
    """Marks the notas of some registers with the shift in which they were sold; each is closed by its evening."""

    def __init__(self, codes: tuple[str, ...], now: datetime, seed: int) -> None:
        self.codes, self.since, self.chance = codes, now - WEEKS, random.Random(seed)
        self.now, self.open = now, dict[str, tuple[date, str]]()

    def marks(self, code: str, zone: str, cashier: Person, at: datetime) -> dict[str, Any]:
        """What the document of a nota sold there and then says of its shift."""
        if code not in self.codes or at < self.since:
            return {}
        day = at.astimezone(clock.ZONES[zone]).date()
        if code in self.open and self.open[code][0] != day:
            self._close(code)
        if code not in self.open:
            self.open[code] = (day, self._begin(code, zone, cashier, day, at - timedelta(minutes=12)))
        return {"shift": self.open[code][1]}

    def close_all(self) -> None:
        for code in list(self.open):
            self._close(code)

    def _begin(self, code: str, zone: str, cashier: Person, day: date, at: datetime) -> str:
        shift_id = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        with atomic() as session:
            register = session.scalars(sa.select(Register).where(Register.code == code)).one()
            last = session.scalar(sa.select(sa.func.max(Shift.number)).where(Shift.register_id == register.id)) or 0
            facts = {"id": shift_id, "register": code, "float": FLOAT, "at": at.isoformat()}
            session.add(
                Shift(
                    id=shift_id,
                    register_id=register.id,
                    number=last + 1,
                    previous=last or None,
                    cashier_id=cashier.id,
                    opened_at=at,
                    business_date=day,
                    zone=zone,
                    opening_cash=FLOAT,
                    document=canonical(facts),
                )
            )
        return shift_id

    def _close(self, code: str) -> None:
        day, shift_id = self.open.pop(code)
        with atomic() as session:
            shift = session.get_one(Shift, shift_id)
            at = datetime.combine(day, CLOSING, tzinfo=clock.ZONES[shift.zone])
            at = min(at, self.now - timedelta(minutes=1))
            if self.chance.random() < 0.2:
                self._event(shift, "cash_out", at - timedelta(hours=3), 25_000, None, "Beli plastik kemasan")
                session.flush()
            taken = takings(shift_id)
            expected = in_drawer(shift, taken)
            counted = max(0, expected + self.chance.choice(WRONG))
            reason = REASONS[counted < expected] if counted != expected else ""
            self._event(shift, "count", at - timedelta(minutes=2), counted, expected)
            close = self._event(shift, "close", at, counted, expected, reason)
            session.flush()
            session.refresh(shift)
            content = canonical(figures(shift, taken, close))
            session.add(
                ShiftReport(register_id=shift.register_id, number=shift.number, event_id=close.id, content=content)
            )

    def _event(
        self, shift: Shift, kind: str, at: datetime, amount: int, expected: int | None, reason: str = ""
    ) -> ShiftEvent:
        event_id = str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        counts = {"1": amount} if kind == "count" else {}
        facts = {"id": event_id, "kind": kind, "at": at.isoformat(), "amount": amount, "reason": reason}
        event = ShiftEvent(
            id=event_id,
            shift_id=shift.id,
            kind=kind,
            recorded_at=at,
            person_id=shift.cashier_id,
            cashier_id=None,
            amount=amount,
            expected=expected,
            reason=reason,
            document=canonical(facts | {"counts": counts, "username": ""}),
        )
        shift.events.append(event)
        db.session.add(event)
        return event

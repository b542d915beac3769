"""The only clock, and the only place where an instant becomes a local day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONES = {"WIB": ZoneInfo("Asia/Jakarta"), "WITA": ZoneInfo("Asia/Makassar"), "WIT": ZoneInfo("Asia/Jayapura")}
FOREVER = date(9999, 12, 31)
BEGINNING = date(1945, 8, 17)


def now() -> datetime:
    """This instant, aware, in UTC, to the millisecond (what a sale document can carry)."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def local(instant: datetime, zone: str) -> datetime:
    """`instant` as the wall clock of `zone` (WIB, WITA or WIT) shows it."""
    return instant.astimezone(ZONES[zone])


def day_of(instant: datetime, zone: str, cutoff_minutes: int = 0) -> date:
    """The business date of `instant` in `zone`, where a day ends `cutoff_minutes` after midnight.

    A stand that sells until 01.00 with a cut-off of 120 keeps those sales on the evening's day.
    """
    return (local(instant, zone) - timedelta(minutes=cutoff_minutes)).date()


def today(zone: str) -> date:
    return day_of(now(), zone)


def parse(text: str) -> datetime:
    """An ISO 8601 instant with its offset, to the millisecond. `ValueError` if it is not one."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("no time zone offset")
    instant = instant.astimezone(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)

"""What the pages of the treasury read from their addresses and forms in the same way."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import g, request
from flask_babel import format_date

from pos import clock
from pos.errors import N_, PosError, Sentence
from pos.revenue.deposits import plain
from pos.stationery import Signer


def asked(*names: str) -> dict[str, str]:
    """Those texts of the address, trimmed; empty where they are not given."""
    return {name: request.args.get(name, "").strip()[:100] for name in names}


def given(values: Mapping[str, str]) -> dict[str, Any]:
    """Only what is filled in, to build an address from."""
    return {name: value for name, value in values.items() if value}


def day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def year(text: str) -> int:
    """A year from 2000 to 2100; this year where something else is asked for."""
    found = int(text) if re.fullmatch(r"2[01]\d\d", text, re.ASCII) else 0
    return found if 2000 <= found <= 2100 else clock.today(g.person.zone).year


def years() -> list[int]:
    this = clock.today(g.person.zone).year
    return list(range(this + 1, this - 5, -1))


def signers() -> list[Signer]:
    """Who signs a paper of deposits: the unit's own signers; where a treasurer made it, by that position."""
    usual = g.person.letterhead().signers
    position = "Bendahara Penerimaan" if g.person.role == "staff" else ""  # in the language of the office
    return [replace(one, position=one.position or position) for one in usual]


def month_name(year: int, month: int) -> str:
    """`April 2026`"""
    return str(format_date(date(year, month, 1), "MMMM yyyy")) if month else str(year)


def sure_of() -> str:
    """The satker that was ticked as the one which the receipt says."""
    return request.form.get("satker_lain", "")[:6]


def other_satker(field: Any) -> tuple[str, bool] | None:
    """The satker to be sure of, where one was asked for or ticked, and whether it is ticked."""
    code = plain(field.data or "")
    if code and sure_of() == code:
        return code, True
    return (code, False) if field.errors and re.fullmatch(r"\d{6}", code, re.ASCII) else None


def chosen_days(open_days: Sequence[tuple[date, int]], unit: str) -> dict[date, int] | None:
    """The days that were ticked in the form, with their amounts; None where the form showed no days of this unit.

    Of a day that is ticked without an amount, all that is open of it.
    """
    if request.form.get("terpilih") != unit:
        return None
    chosen: dict[date, int] = {}
    for when, left in open_days:
        if f"pilih-{when}" not in request.form:
            continue
        text = re.sub(r"Rp|[\s.]", "", request.form.get(f"hari-{when}", "")).replace("−", "-")
        if text and not re.fullmatch(r"-?\d{1,15}", text, re.ASCII):
            sentence = Sentence(N_("Jumlah pada %(day)s bukan rupiah bulat."), day=when)
            raise PosError("Hari yang ditutup belum benar.", fields={"days": sentence})
        amount = int(text) if text else left
        if amount:
            chosen[when] = amount
    return chosen


def typed_days(
    open_days: Sequence[tuple[date, int]], proposed: Mapping[date, int], unit: str
) -> list[tuple[date, int, bool, str]]:
    """Each open day for the form: what is open, whether it is ticked, and the amount as it was typed or proposed."""
    rows = []
    for when, left in open_days:
        if request.form.get("terpilih") == unit:
            ticked, text = f"pilih-{when}" in request.form, request.form.get(f"hari-{when}", "")[:20]
        else:
            ticked, amount = when in proposed, proposed.get(when, left)
            text = f"{amount:,}".replace(",", ".")
        rows.append((when, left, ticked, text))
    return rows

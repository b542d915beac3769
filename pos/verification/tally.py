"""What the documents of a pack come to: counted here alike when it is made and when it is verified.

Needs no database. Money is whole rupiah, pieces are thousandths.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

SUMS = ("omzet", "pieces", "sales", "pnbp", "premi", "late_omzet", "late_sales", "documents")
PER = ("unit", "gallery", "day")


@dataclass
class Sums:
    """`sales` are notas with something that counts (no refunds); `late_*` is the part of handwritten notas."""

    omzet: int = 0
    pieces: int = 0
    sales: int = 0
    pnbp: int = 0
    premi: int = 0
    late_omzet: int = 0
    late_sales: int = 0
    documents: int = 0

    def add(self, other: "Sums") -> None:
        for name in SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def told(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in SUMS}


@dataclass
class Tally:
    """Sums of the whole and of its parts, and which receipt numbers of which register are in it."""

    rule: Mapping[str, Any]  # what counts: `wbp_only`, `categories`, `channels` (empty lists: all)
    whole: Sums = field(default_factory=Sums)
    parts: dict[str, dict[str, Sums]] = field(default_factory=lambda: {name: {} for name in PER})
    names: dict[str, dict[str, tuple[str, str]]] = field(default_factory=lambda: {name: {} for name in PER})
    ranges: dict[str, list[list[int]]] = field(default_factory=dict)
    days: set[date] = field(default_factory=set)  # with a nota that counts

    def add(self, document: Mapping[str, Any], evidence: Mapping[str, Any]) -> None:
        """Count one document; those of a register come in the order of their numbers."""
        one = self._sums(document, evidence)
        self.whole.add(one)
        day = evidence["business_date"]
        keys = {"unit": evidence["unit"], "gallery": evidence["gallery"], "day": {"id": day, "name": day}}
        for per, place in keys.items():
            key = str(place["id"])
            self.parts[per].setdefault(key, Sums()).add(one)
            self.names[per][key] = max(self.names[per].get(key, ("", "")), (day, str(place["name"])))
        if one.sales:
            self.days.add(date.fromisoformat(day))
        self._numbered(str(document["register"]), int(document["number"]))

    def _sums(self, document: Mapping[str, Any], evidence: Mapping[str, Any]) -> Sums:
        one = Sums(documents=1)
        counting = False
        for line, frozen in zip(document["lines"], evidence["lines"], strict=True):
            if counts(self.rule, str(document["channel"]), frozen):
                counting = True
                one.omzet += line["amount"]
                one.pieces += line["quantity"]
                one.pnbp += sum(amount for _, kind, amount in frozen["shares"] if kind == "pnbp")
                one.premi += sum(amount for _, kind, amount in frozen["shares"] if kind == "premi")
        one.sales = int(counting and document["refund_of"] is None)
        if evidence["late"]:
            one.late_omzet, one.late_sales = one.omzet, one.sales
        return one

    def _numbered(self, register: str, number: int) -> None:
        ranges = self.ranges.setdefault(register, [])
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])

    def rows(self, per: str) -> list[dict[str, Any]]:
        """The sums of each unit, gallery or day with its key and name, in the order of days or of keys."""
        order = sorted(self.parts[per], key=lambda key: key if per == "day" else key.zfill(20))
        return [{"key": key, "name": self.names[per][key][1]} | self.parts[per][key].told() for key in order]

    @property
    def streak(self) -> int:
        """The most days in a row on which something was sold."""
        best = run = 0
        before = None
        for day in sorted(self.days):
            run = run + 1 if before and (day - before).days == 1 else 1
            best, before = max(best, run), day
        return best


def counts(rule: Mapping[str, Any], channel: str, frozen: Mapping[str, Any]) -> bool:
    """Whether a line counts: made by WBP where only that does, of the categories and channels that do."""
    return (
        (frozen["wbp_made"] or not rule["wbp_only"])
        and (not rule["categories"] or frozen["category"] in rule["categories"])
        and (not rule["channels"] or channel in rule["channels"])
    )


def gaps(ranges: list[list[int]]) -> list[tuple[int, int]]:
    """The numbers that are missing between the first and the last."""
    return [(a[1] + 1, b[0] - 1) for a, b in zip(ranges, ranges[1:], strict=False)]

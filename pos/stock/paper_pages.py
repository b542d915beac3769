"""What the lists of papers share: what an address asks of one, the page that shows it, the same as a file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import pgettext

from pos import clock, exports, sheets, web
from pos.db import db
from pos.listing_pdf import Column
from pos.stock import entry, services


@dataclass(frozen=True)
class Cell:
    """A column of a list: its heading, what a sheet keeps of a row, and how that is shown on paper."""

    heading: Any
    value: Callable[[Any], Any]
    shown: Callable[[Any], str] = str
    right: bool = False
    summed: bool = False


@dataclass(frozen=True)
class Papers:
    """A list of papers. `name` is its template and, behind `export_`, the endpoint of its files."""

    name: str
    title: Any
    file: str
    filters: tuple[str, ...]
    found: Callable[[dict[str, str]], Any]  # the query of what is asked for
    cells: Sequence[Cell]
    about: Callable[[dict[str, str]], Sequence[str]]  # what is asked for, in words

    def page(self, **more: Any) -> str:
        asked = self._asked()
        given: dict[str, Any] = {name: value for name, value in asked.items() if value}
        return render_template(
            f"stock/{self.name}.html",
            title=self.title,
            page=web.paged(self.found(asked)),
            asked=asked,
            filtered=bool(given),
            galleries=services.galleries(g.person),
            may_write=g.person.may("staff", "admin"),
            export_link=lambda kind: url_for(f"stock.export_{self.name}", kind=kind, **given),
            page_link=lambda number: web.here(hal=number),
            **more,
        )

    def export(self, kind: str) -> Any:
        asked = self._asked()
        rows = db.session.execute(self.found(asked).limit(sheets.MAX_ROWS)).all()
        title, name = str(self.title), f"{self.file}-{clock.today(g.person.zone)}"
        header = [str(cell.heading) for cell in self.cells]
        if kind != "pdf":
            return exports.sheet(name, kind, title, header, [[cell.value(row) for cell in self.cells] for row in rows])
        columns = [Column(str(cell.heading), cell.right) for cell in self.cells]
        shown = [[cell.shown(cell.value(row)) for cell in self.cells] for row in rows]
        about = [g.person.unit_name, *self.about(asked)]
        return exports.pdf(name, title, about, columns, shown, self._total(rows))

    def _total(self, rows: Sequence[Any]) -> list[str]:
        if not any(cell.summed for cell in self.cells):
            return []
        sums = [cell.shown(sum(cell.value(row) for row in rows)) if cell.summed else "" for cell in self.cells]
        return [pgettext("total", "Jumlah"), *sums[1:]]

    def _asked(self) -> dict[str, str]:
        return {name: request.args.get(name, "").strip()[:80] for name in self.filters}


def period(asked: dict[str, str]) -> str:
    """The days from `dari` to `sampai` in words."""
    return exports.period(entry.day(asked["dari"]), entry.day(asked["sampai"]))

"""One row of a product list: its cells read, and each one that cannot be read named with the reason."""

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from pos import sheets
from pos.catalog import reading
from pos.catalog.models import Product
from pos.db import db
from pos.errors import N_, Sentence
from pos.money import THOUSAND
from pos.units.models import Unit
from pos.units.services import Person

REQUIRED = ("unit_name", "product", "category", "price_rp")
OPTIONAL = ("cost_rp", "unit_of_measure", "barcode", "featured", "wbp_made")
COLUMNS = REQUIRED + OPTIONAL
ALIASES = {
    **dict.fromkeys(("upt", "unit", "nama upt", "nama unit", "pembuat"), "unit_name"),
    **dict.fromkeys(("produk", "nama produk", "nama"), "product"),
    "kategori": "category",
    **dict.fromkeys(("harga", "harga (rp)", "price"), "price_rp"),
    **dict.fromkeys(("biaya", "biaya (rp)", "modal", "modal (rp)", "hpp", "cost"), "cost_rp"),
    "satuan": "unit_of_measure",
    **dict.fromkeys(("kode", "kode batang", "barkode"), "barcode"),
    **dict.fromkeys(("unggulan", "produk unggulan"), "featured"),
    **dict.fromkeys(("wbp", "buatan wbp"), "wbp_made"),
}


def column_names(headings: Iterable[str]) -> dict[str, str]:
    """Each heading of a file and the column it means; of two that mean the same, its own name and then the first."""
    meant: dict[str, str] = {}
    taken = set(headings) & set(COLUMNS)
    for heading in headings:
        column = ALIASES.get(heading.replace("_", " "), heading)
        meant[heading] = heading if column in taken else column
        taken.add(column)
    return meant


LONGEST = {"product": 120, "category": 40}
MOST_SHOWN = 60
MOST_HINTS = 50  # unknown names of UPT that are compared with the known ones, which is slow
_SPLIT = re.compile(r"\s*[0-9]{3}(?:\.[0-9]{2})?\s*")


@dataclass(frozen=True)
class Cell:
    """A cell that stops the import: where it stands, what is in it, and why that cannot be taken."""

    row: int
    column: str
    value: Any
    reason: Sentence

    @property
    def sentence(self) -> Sentence:
        shown = reading.plain(self.value)
        shown = shown if len(shown) <= MOST_SHOWN else shown[:MOST_SHOWN] + "…"
        text = N_("baris %(row)d, kolom %(column)s: '%(value)s' %(reason)s")
        if not shown:
            text = N_("baris %(row)d, kolom %(column)s: %(reason)s")
        return Sentence(text, row=self.row, column=self.column, value=shown, reason=self.reason)

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass
class KnownProduct:
    """A product of the catalogue, as much of it as a list can speak of."""

    id: int
    maker_id: int
    name: str
    category: str
    unit_of_measure: str
    featured: bool
    wbp_made: bool
    active: bool
    price: int
    cost: int
    codes: set[str] = field(default_factory=set)


@dataclass
class RowPlan:
    """A row: as it stands in the file, as it is read, and what importing it would do."""

    number: int
    cells: dict[str, Any]
    unit_id: int | None = None
    unit_number: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    wrong: list[Cell] = field(default_factory=list)
    warnings: list[Sentence] = field(default_factory=list)  # worth a second look
    notes: list[Sentence] = field(default_factory=list)  # what was decided where the list says nothing
    known: KnownProduct | None = None
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def product_id(self) -> int | None:
        return self.known.id if self.known else None

    @property
    def status(self) -> str:
        if self.wrong:
            return "wrong"
        if self.known is None:
            return "new"
        return "changed" if self.changes else "same"

    @property
    def place(self) -> tuple[int | None, str]:
        """The maker and the name, however it is capitalised."""
        return self.unit_id, self.values.get("product", "").casefold()

    def reason_for(self, column: str) -> Sentence | None:
        return next((cell.reason for cell in self.wrong if cell.column == column), None)

    def refuse(self, column: str, text: str, **values: Any) -> None:
        self.wrong.append(Cell(self.number, column, self.cells.get(column), Sentence(text, **values)))

    def warn(self, text: str, **values: Any) -> None:
        self.warnings.append(Sentence(text, **values))

    def note(self, text: str, **values: Any) -> None:
        self.notes.append(Sentence(text, **values))

    @property
    def is_service(self) -> bool:
        return bool(self.values.get("category", "").casefold() == "jasa")

    def product_values(self) -> dict[str, Any]:
        """The columns of a new product, with what is usual where the list says nothing."""
        return {
            "name": self.values["product"],
            "category": self.values["category"],
            "unit_of_measure": self.values.get("unit_of_measure", "buah"),
            "featured": self.values.get("featured", False),
            "wbp_made": self.values.get("wbp_made", True),
            "service": self.is_service,
        }


class Reader:
    """Reads rows for one person: knows the UPT they may bring products of, and the categories in use."""

    def __init__(self, person: Person | None) -> None:
        self.units: dict[str, Any] = {}
        self.outside: set[str] = set()
        self.hints: dict[str, list[str]] = {}
        upt = sa.select(Unit.id, Unit.name, Unit.number, Unit.path).where(Unit.number.is_not(None), Unit.active)
        for unit in db.session.execute(upt):
            inside = person is None or unit.path.startswith(person.path)
            if inside:
                self.units[unit.name.casefold()] = unit
            else:
                self.outside.add(unit.name.casefold())
        used = db.session.scalars(sa.select(Product.category).distinct().order_by(Product.category))
        self.categories = {category.casefold(): category for category in used}

    def only_unit(self) -> dict[str, str]:
        """The cell that a list without UPT leaves unsaid, for who can bring products of one UPT only."""
        names = [unit.name for unit in self.units.values()]
        return {"unit_name": names[0]} if len(names) == 1 else {}

    def row(self, row: sheets.Row) -> RowPlan:
        plan = RowPlan(row.number, row.cells)
        for value in row.beyond[:1]:
            text = N_("ada isi di luar kolom yang bernama; harga dengan koma harus diapit tanda kutip")
            plan.wrong.append(Cell(row.number, "?", value, Sentence(text)))
        self._unit(plan)
        self._text(plan, "product")
        self._text(plan, "category")
        self._read(plan, "price_rp", "price", reading.rupiah, N_("harga kosong"))
        self._read(plan, "cost_rp", "cost", reading.rupiah)
        self._read(plan, "unit_of_measure", "unit_of_measure", reading.measure)
        self._read(plan, "barcode", "barcode", reading.barcode)
        self._read(plan, "featured", "featured", reading.flag)
        self._read(plan, "wbp_made", "wbp_made", reading.flag)
        self._doubts(plan)
        return plan

    def _unit(self, plan: RowPlan) -> None:
        name = reading.plain(plan.cells["unit_name"])
        unit = self.units.get(name.casefold())
        if unit:
            plan.unit_id, plan.unit_number = unit.id, unit.number
        elif not name:
            plan.refuse("unit_name", N_("nama UPT kosong"))
        elif name.casefold() in self.outside:
            plan.refuse("unit_name", N_("di luar wewenang Anda"))
        else:
            near = self._near(name.casefold())
            names = ", ".join(self.units[key].name for key in near)
            text = N_("tidak ada UPT bernama ini; mungkin maksudnya: %(names)s") if near else N_("tidak ada UPT ini")
            plan.refuse("unit_name", text, **({"names": names} if near else {}))

    def _near(self, name: str) -> list[str]:
        """Known names that look like this unknown one; each is sought once, and no more than `MOST_HINTS`."""
        if name not in self.hints and len(self.hints) < MOST_HINTS:
            self.hints[name] = difflib.get_close_matches(name, list(self.units), n=2, cutoff=0.75)
        return self.hints.get(name, [])

    def _text(self, plan: RowPlan, column: str) -> None:
        text = reading.plain(plan.cells[column])
        if text[:1] == "'" and text[1:].startswith(sheets.FORMULA_STARTS):
            text = text[1:]
        if not text:
            plan.refuse(column, N_("nama produk kosong") if column == "product" else N_("kategori kosong"))
        elif len(text) > LONGEST[column]:
            plan.refuse(column, N_("terlalu panjang; paling banyak %(most)d huruf"), most=LONGEST[column])
        else:
            if column == "category":
                text = self.categories.setdefault(text.casefold(), text)
            plan.values[column] = text

    def _read(
        self, plan: RowPlan, column: str, name: str, read: Callable[[Any], Any], needed: str | None = None
    ) -> None:
        value = plan.cells.get(column)
        if not reading.plain(value):
            if needed:
                plan.refuse(column, needed)
            return
        try:
            plan.values[name] = read(value)
        except reading.Unreadable as unreadable:
            plan.wrong.append(Cell(plan.number, column, value, unreadable.reason))

    def _doubts(self, plan: RowPlan) -> None:
        price, cost = plan.values.get("price"), plan.values.get("cost")
        if (
            price is not None
            and price < THOUSAND
            and _SPLIT.fullmatch(_next_cell(plan))
            and (cost is None or cost > price)
        ):
            plan.refuse("price_rp", N_("tampaknya terbelah koma; apit harga dengan tanda kutip, atau tulis tanpa koma"))
        if price == 0:
            plan.warn(N_("harganya nol"))
        if price is not None and cost is not None and cost > price:
            plan.warn(N_("biayanya lebih besar dari harganya"))
        code = plan.values.get("barcode")
        if code and code.restored:
            plan.warn(N_("nol di depan kode batang dipulihkan menjadi %(code)s"), code=code.code)


def _next_cell(plan: RowPlan) -> str:
    """What stands to the right of the price: `12,500` without quotes falls into two cells."""
    columns = list(plan.cells)
    after = columns.index("price_rp") + 1
    cell = plan.cells[columns[after]] if after < len(columns) else None
    return cell if isinstance(cell, str) else ""

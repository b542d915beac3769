"""One row of a product list: its cells read, and each one that cannot be read named with the reason."""

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from pos import sheets
from pos.catalog import reading
from pos.catalog.models import MAX_QUANTITY, Product
from pos.db import db
from pos.errors import N_, Sentence
from pos.money import THOUSAND
from pos.units.models import Unit
from pos.units.services import Person

REQUIRED = ("unit_name", "product", "category", "price_rp")
OPTIONAL = ("cost_rp", "unit_of_measure", "barcode", "featured", "wbp_made")
FLAGS = ("featured", "wbp_made", "made_to_order", "one_of_a_kind", "auction", "service")
TEXTS = ("description", "brand", "workshop", "composition", "net_weight")
# The rest of a product's file: what is seldom in a list that people write, and always in one that they exported.
MORE = (*TEXTS, "wholesale_rp", "wholesale_from", "inside_rp", "made_to_order", "one_of_a_kind", "auction", "service")
COLUMNS = REQUIRED + OPTIONAL
ALL_COLUMNS = COLUMNS + MORE
PRICES = ("price", "cost", "wholesale", "wholesale_from", "inside")
EMPTIED = "-"  # a cell that takes away what is there; an empty one says nothing
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
    "keterangan": "description",
    "merek": "brand",
    "bengkel kerja": "workshop",
    "komposisi": "composition",
    "berat bersih": "net_weight",
    **dict.fromkeys(("harga grosir", "grosir"), "wholesale_rp"),
    "grosir mulai": "wholesale_from",
    "harga dalam": "inside_rp",
    **dict.fromkeys(("pesanan", "dibuat sesuai pesanan"), "made_to_order"),
    **dict.fromkeys(("hanya satu", "hanya ada satu"), "one_of_a_kind"),
    "lelang": "auction",
    "jasa": "service",
}


def column_names(headings: Iterable[str]) -> dict[str, str]:
    """Each heading of a file and the column it means; of two that mean the same, its own name and then the first."""
    meant: dict[str, str] = {}
    taken = set(headings) & set(ALL_COLUMNS)
    for heading in headings:
        column = ALIASES.get(heading.replace("_", " "), heading)
        meant[heading] = heading if column in taken else column
        taken.add(column)
    return meant


LONGEST = {
    "product": 120,
    "category": 40,
    "description": 500,
    "brand": 80,
    "workshop": 80,
    "composition": 500,
    "net_weight": 40,
}
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
    description: str
    brand: str
    workshop: str
    composition: str
    net_weight: str
    made_to_order: bool
    one_of_a_kind: bool
    auction: bool
    service: bool
    price: int
    cost: int
    wholesale: int | None
    wholesale_from: int | None
    inside: int | None
    codes: set[str] = field(default_factory=set)


@dataclass
class RowPlan:
    """A row: as it stands in the file, as it is read, and what importing it would do."""

    number: int
    cells: dict[str, Any]
    unit_id: int | None = None
    unit_number: int | None = None
    closed: bool = False  # is the UPT? Then its products may be spoken of still, but there are no new ones
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
        return bool(self.values.get("service", self.values.get("category", "").casefold() == "jasa"))

    def product_values(self) -> dict[str, Any]:
        """The columns of a new product, with what is usual where the list says nothing."""
        said = {name: self.values[name] for name in (*TEXTS, *FLAGS) if name in self.values}
        return {
            "name": self.values["product"],
            "category": self.values["category"],
            "unit_of_measure": self.values.get("unit_of_measure", "buah"),
            "featured": False,
            "wbp_made": True,
            **said,
            "service": self.is_service,
        }

    def price_values(self) -> dict[str, Any]:
        """The columns of the price that the row asks for, the known ones where it says nothing."""
        said = {name: self.values[name] for name in PRICES if name in self.values}
        asked: dict[str, Any] = dict.fromkeys(PRICES) | {"cost": 0}
        if self.known:
            asked = {name: getattr(self.known, name) for name in PRICES}
        asked |= said
        wholesale = asked["wholesale"]
        if "wholesale" not in said and wholesale is not None and wholesale >= asked["price"]:
            asked |= {"wholesale": None, "wholesale_from": None}
        if said.get("wholesale", 0) is None:
            asked["wholesale_from"] = None
        asked["amount"] = asked.pop("price")
        return asked


class Reader:
    """Reads rows for one person: knows the UPT they may bring products of, and the categories in use."""

    def __init__(self, person: Person | None) -> None:
        self.units: dict[str, Any] = {}
        self.closed: dict[str, Any] = {}
        self.outside: set[str] = set()
        self.hints: dict[str, list[str]] = {}
        upt = sa.select(Unit.id, Unit.name, Unit.number, Unit.path, Unit.active).where(Unit.number.is_not(None))
        for unit in db.session.execute(upt):
            inside = person is None or unit.path.startswith(person.path)
            if inside:
                (self.units if unit.active else self.closed)[unit.name.casefold()] = unit
            else:
                self.outside.add(unit.name.casefold())
        used = db.session.scalars(sa.select(Product.category).distinct().order_by(Product.category))
        self.used = set(used)
        self.categories = {category.casefold(): category for category in self.used}

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
        for column in TEXTS:
            self._more_text(plan, column)
        self._read(plan, "wholesale_rp", "wholesale", reading.rupiah, or_none=True)
        self._read(plan, "wholesale_from", "wholesale_from", _least, or_none=True)
        self._read(plan, "inside_rp", "inside", reading.rupiah, or_none=True)
        for column in FLAGS:
            self._read(plan, column, column, reading.flag)
        self._doubts(plan)
        return plan

    def _unit(self, plan: RowPlan) -> None:
        name = reading.plain(plan.cells["unit_name"])
        unit = self.units.get(name.casefold())
        unit = unit or self.closed.get(name.casefold())
        if unit:
            plan.unit_id, plan.unit_number, plan.closed = unit.id, unit.number, not unit.active
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
        text = unquoted(reading.plain(plan.cells[column]))
        if not text:
            plan.refuse(column, N_("nama produk kosong") if column == "product" else N_("kategori kosong"))
        elif len(text) > LONGEST[column]:
            plan.refuse(column, N_("terlalu panjang; paling banyak %(most)d huruf"), most=LONGEST[column])
        else:
            if column == "category" and text not in self.used:
                text = self.categories.setdefault(text.casefold(), text)
            plan.values[column] = text

    def _more_text(self, plan: RowPlan, column: str) -> None:
        """A text that may be missing, and is taken away by `EMPTIED`."""
        value = plan.cells.get(column)
        text = unquoted(reading.lines(value) if column == "description" else reading.plain(value))
        if len(text) > LONGEST[column]:
            plan.refuse(column, N_("terlalu panjang; paling banyak %(most)d huruf"), most=LONGEST[column])
        elif text:
            plan.values[column] = "" if text == EMPTIED else text

    def _read(
        self,
        plan: RowPlan,
        column: str,
        name: str,
        read: Callable[[Any], Any],
        needed: str | None = None,
        or_none: bool = False,
    ) -> None:
        value = plan.cells.get(column)
        text = reading.plain(value)
        if not text:
            if needed:
                plan.refuse(column, needed)
            return
        try:
            plan.values[name] = None if or_none and text == EMPTIED else read(value)
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


def unquoted(text: str) -> str:
    """Without the apostrophe that a CSV of ours has before what a spreadsheet would run as a formula."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(sheets.FORMULA_STARTS) else text


def _least(value: Any) -> int:
    """Thousandths; a number cell is read as it is, a text as people write it."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        thousandths = value * THOUSAND
        if not 0 < thousandths <= MAX_QUANTITY or abs(thousandths - round(thousandths)) > 1e-6:
            raise reading.Unreadable(N_("bukan jumlah"))
        return round(thousandths)
    return reading.quantity(value, divisible=True)

"""A unit's own layouts and its label printers: read, checked, kept."""

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from pos import paper
from pos.db import atomic, db
from pos.errors import N_, NotFound, PosError, Sentence
from pos.labels.layouts import LAYOUTS, Layout
from pos.labels.models import FARTHEST, RESOLUTIONS, LabelLayout, LabelPrinter
from pos.units import services as units
from pos.units.models import Unit
from pos.units.services import Person

FINE = 100  # hundredths of a millimetre in one
LARGEST_PAGE = (330.0, 483.0)  # millimetres: A3+ is the largest sheet an office printer takes
SMALLEST_LABEL = (25.0, 12.0)  # millimetres: our shortest code and its quiet zones; bars, a name, a price
MOST_COLUMNS, MOST_ROWS = 20, 60
TINY = 1e-6
MOST_KEPT = 50  # own layouts, and printers, of one unit


# -- layouts -------------------------------------------------------------------------------------------


def layouts_for(person: Person) -> dict[str, Layout]:
    """Every layout the person may print on, by name: the built-in ones, then those of units in their line."""
    query = sa.select(LabelLayout).join(Unit).where(_in_line(person)).order_by(LabelLayout.name, LabelLayout.id)
    return LAYOUTS | {(layout := as_layout(row)).name: layout for row in db.session.scalars(query)}


def own_layouts(person: Person) -> list[LabelLayout]:
    """The layouts that the person may change."""
    query = sa.select(LabelLayout).join(Unit).where(units.within(person))
    return list(db.session.scalars(query.order_by(LabelLayout.name, LabelLayout.id)))


def own_layout(person: Person, layout_id: int) -> LabelLayout:
    query = sa.select(LabelLayout).join(Unit).where(LabelLayout.id == layout_id, units.within(person))
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("Tata letak ini tidak ada atau di luar wewenang Anda.")
    return row


def as_layout(row: LabelLayout) -> Layout:
    """The row in millimetres."""

    def mm(*values: int) -> Any:
        return tuple(value / FINE for value in values)

    width, height = mm(row.width, row.height)
    page, pitch = mm(row.page_width, row.page_height), mm(row.pitch_x, row.pitch_y)
    origin = mm(row.left_edge, row.top_edge)
    name = f"sendiri-{row.id}"
    return Layout(name, row.name, width, height, page, row.columns, row.row_count, pitch, origin, row.roll, row.id)


# across and down: the fields of the page, the label and the pitch, and what that side is called
_AXES = (("page_width", "width", "pitch_x", N_("lebar")), ("page_height", "height", "pitch_y", N_("tinggi")))


def problems_of(layout: Layout) -> dict[str, Sentence]:
    """What is wrong with a layout, by the field of its form; empty when labels can be printed on it."""
    found: dict[str, Sentence] = {}
    for axis, (page, label, pitch, word) in enumerate(_AXES):
        size, side = layout.page[axis], (layout.width, layout.height)[axis]
        count, step = (layout.columns, layout.rows)[axis], layout.pitch[axis]
        least, most = SMALLEST_LABEL[axis], LARGEST_PAGE[axis]
        end = layout.origin[axis] + (count - 1) * step + side
        if not least <= size <= most:
            found[page] = Sentence(N_("Isi %(least)s sampai %(most)s mm."), least=_mm(least), most=_mm(most))
        if side < least:
            found[label] = Sentence(N_("Paling kecil %(least)s mm: barcode harus muat."), least=_mm(least))
        elif count > 1 and step < side - TINY:
            sentence = N_("Label akan tumpang tindih: isi paling sedikit %(least)s mm, %(side)s label itu sendiri.")
            found[pitch] = Sentence(sentence, least=_mm(side), side=Sentence(word))
        elif end > size + TINY:
            sentence = N_("Label terakhir berakhir di %(end)s mm, padahal %(side)s kertas %(size)s mm.")
            found[label] = Sentence(sentence, end=_mm(end), side=Sentence(word), size=_mm(size))
    return found


def save_layout(person: Person, layout: Layout, row: LabelLayout | None = None) -> LabelLayout:
    """Keep `layout` (in `row`, or as a new one of the person's unit); `PosError` names each field that is wrong."""
    fields = problems_of(layout)
    if not layout.title:
        fields["name"] = Sentence(N_("Beri nama, misalnya merek dan nomor kertasnya."))
    if fields:
        raise PosError("Tata letak belum bisa disimpan.", fields=fields)
    with atomic() as session:
        unit_id = row.unit_id if row else person.unit_id
        _check_free(LabelLayout, unit_id, layout.title, row)
        row = row or LabelLayout(unit_id=unit_id)
        row.name, row.roll, row.columns, row.row_count = layout.title, layout.roll, layout.columns, layout.rows
        pairs = (
            ("page_width", "page_height", layout.page),
            ("width", "height", (layout.width, layout.height)),
            ("pitch_x", "pitch_y", layout.pitch),
            ("left_edge", "top_edge", layout.origin),
        )
        for across, down, (x, y) in pairs:
            setattr(row, across, round(x * FINE))
            setattr(row, down, round(y * FINE))
        session.add(row)
        units.log("label.layout", row.name, person, unit_id)
    return row


def forget_layout(person: Person, layout_id: int) -> None:
    row = own_layout(person, layout_id)
    with atomic() as session:
        units.log("label.layout.removed", row.name, person, row.unit_id)
        session.delete(row)


# -- printers ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Printer:
    """What labels are made for: dots an inch and the offset (millimetres right, down); `id` None for no kept one."""

    dpi: int
    id: int | None = None
    name: str = ""
    offset: tuple[float, float] = (0.0, 0.0)
    layout: str = ""

    @property
    def key(self) -> str:
        """How an address names it."""
        return str(self.id) if self.id else f"dpi-{self.dpi}"


UNNAMED = {f"dpi-{dpi}": Printer(dpi) for dpi in RESOLUTIONS}


def printers_for(person: Person) -> dict[str, Printer]:
    """The kept printers in the person's scope by their keys, then one of each resolution without a name."""
    query = sa.select(LabelPrinter).join(Unit).where(units.within(person)).order_by(LabelPrinter.name, LabelPrinter.id)
    kept = [as_printer(row) for row in db.session.scalars(query)]
    return {printer.key: printer for printer in kept} | UNNAMED


def kept_printers(person: Person) -> list[LabelPrinter]:
    query = sa.select(LabelPrinter).join(Unit).where(units.within(person))
    return list(db.session.scalars(query.order_by(LabelPrinter.name, LabelPrinter.id)))


def kept_printer(person: Person, printer_id: int) -> LabelPrinter:
    query = sa.select(LabelPrinter).join(Unit).where(LabelPrinter.id == printer_id, units.within(person))
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("Printer ini tidak ada atau di luar wewenang Anda.")
    return row


def as_printer(row: LabelPrinter) -> Printer:
    return Printer(row.dpi, row.id, row.name, (row.dx / FINE, row.dy / FINE), row.layout)


def save_printer(person: Person, wanted: Printer, row: LabelPrinter | None = None) -> LabelPrinter:
    """Keep a printer; its offset in millimetres. `PosError` names each field that is wrong."""
    fields: dict[str, str | Sentence] = {}
    if not wanted.name:
        fields["name"] = N_("Beri nama, misalnya tempat atau tipenya.")
    for name, value in zip(("dx", "dy"), wanted.offset, strict=True):
        if not abs(value) <= FARTHEST / FINE:
            fields[name] = Sentence(N_("Isi -%(most)d sampai %(most)d milimeter."), most=FARTHEST // FINE)
    if fields:
        raise PosError("Printer belum bisa disimpan.", fields=fields)
    with atomic() as session:
        unit_id = row.unit_id if row else person.unit_id
        _check_free(LabelPrinter, unit_id, wanted.name, row)
        row = row or LabelPrinter(unit_id=unit_id, layout=wanted.layout)
        row.name, row.dpi = wanted.name, wanted.dpi
        row.dx, row.dy = (round(value * FINE) for value in wanted.offset)
        session.add(row)
        units.log("label.printer", row.name, person, unit_id, dpi=row.dpi, dx=row.dx, dy=row.dy)
    return row


def forget_printer(person: Person, printer_id: int) -> None:
    row = kept_printer(person, printer_id)
    with atomic() as session:
        units.log("label.printer.removed", row.name, person, row.unit_id)
        session.delete(row)


def remember_layout(person: Person, printer: Printer, layout: Layout) -> None:
    """Next time the printer is chosen its paper is chosen with it."""
    if printer.id and printer.layout != layout.name:
        with atomic():
            kept_printer(person, printer.id).layout = layout.name


def measured(printer: Printer, marks: tuple[float, float], found: tuple[float | None, float | None]) -> Printer:
    """`printer` put right: on its test sheet the lines meant to be `marks` mm from the left and top edges were
    `found` there (None for not measured)."""
    offset = (
        round(has + (0.0 if seen is None else meant - seen), 2)
        for has, meant, seen in zip(printer.offset, marks, found, strict=True)
    )
    return replace(printer, offset=(next(offset), next(offset)))


# -- both ----------------------------------------------------------------------------------------------


def _in_line(person: Person) -> Any:
    """Condition on `Unit`: in the person's scope, or above it."""
    above = [int(part) for part in person.path.split(".") if part]
    return sa.or_(units.within(person), Unit.id.in_(above))


def _check_free(model: Any, unit_id: int, name: str, row: Any) -> None:
    others = sa.select(sa.func.count()).where(model.unit_id == unit_id, model.id != (row.id if row else 0))
    if db.session.scalar(others.where(sa.func.lower(model.name) == name.lower())):
        raise PosError(
            "Nama %(name)s sudah dipakai.", name=name, fields={"name": N_("Nama ini sudah dipakai. Pilih yang lain.")}
        )
    if row is None and (db.session.scalar(others) or 0) >= MOST_KEPT:
        raise PosError("Sudah ada %(most)d. Hapus dahulu yang tidak dipakai lagi.", most=MOST_KEPT)


def _mm(value: float) -> str:
    return paper.millimetres(value)

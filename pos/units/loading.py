"""Loading the tree Ditjenpas > Kanwil > UPT from a list, at first and again."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from pos import clock, sheets
from pos.db import atomic, db
from pos.errors import N_, PosError, Sentence
from pos.units.models import Installation, Placement, Unit
from pos.units.services import NATION, log, names_upt, place


@dataclass
class Loaded:
    """How many units a list added, changed and left as they were."""

    added: int = 0
    changed: int = 0
    same: int = 0


UNIT_COLUMNS = ["kanwil", "unit_name", "kind", "class", "city", "timezone"]


def load_units(data: bytes, filename: str, today: date | None = None, since: date = clock.BEGINNING) -> Loaded:
    """Load or update the tree from a list with `UNIT_COLUMNS`; all or nothing.

    A new unit stands where it is put since `since`; one that moved to another Kanwil stands there from
    `today` on, and earlier totals keep it where it was.
    """
    rows = sheets.read(data, filename)
    sheets.require(rows, UNIT_COLUMNS, filename)
    _check_units(rows)
    result = Loaded()
    with atomic() as session:
        known = {unit.name: unit for unit in session.scalars(sa.select(Unit))}
        _check_levels(rows, known)
        nations = [unit for unit in known.values() if unit.level == "ditjenpas"]
        nation = nations[0] if nations else _add_unit(known, None, NATION, "ditjenpas", "WIB", since)
        zones: dict[str, list[str]] = {}
        for row in rows:
            zones.setdefault(row.cells["kanwil"].strip(), []).append(row.cells["timezone"].strip())
        number = max((u.number for u in known.values() if u.number), default=99)
        for row in rows:
            cell = {key: str(value or "").strip() for key, value in row.cells.items()}
            kanwil_name = f"Kanwil {cell['kanwil']}"
            in_kanwil = zones[cell["kanwil"]]
            kanwil = known.get(kanwil_name) or _add_unit(
                known, nation, kanwil_name, "kanwil", max(set(in_kanwil), key=in_kanwil.count), since
            )
            unit = known.get(cell["unit_name"])
            if unit is None:
                number += 1
                unit = _add_unit(known, kanwil, cell["unit_name"], "upt", cell["timezone"], since, number)
                result.added += 1
                unit.kind, unit.class_name, unit.city = cell["kind"], cell["class"], cell["city"]
            elif _update_unit(unit, kanwil, cell, today or clock.today(unit.zone)):
                result.changed += 1
            else:
                result.same += 1
        session.execute(sa.update(Installation).values(tree_version=Installation.tree_version + 1))
        log("units.load", filename, added=result.added, changed=result.changed)
    return result


def _check_units(rows: list[sheets.Row]) -> None:
    wrong: dict[str, str | Sentence] = {}
    seen: dict[str, int] = {}
    for row in rows:
        name = str(row.cells["unit_name"] or "").strip()
        if not name or not str(row.cells["kanwil"] or "").strip():
            wrong[f"{row.number}.unit_name"] = Sentence(
                N_("baris %(row)d: kanwil atau nama unit kosong"), row=row.number
            )
        if str(row.cells["timezone"] or "").strip() not in clock.ZONES:
            wrong[f"{row.number}.timezone"] = Sentence(
                N_("baris %(row)d: zona waktu '%(value)s' bukan WIB, WITA atau WIT"),
                row=row.number,
                value=row.cells["timezone"],
            )
        if name in seen:
            wrong[f"{row.number}.unit_name"] = Sentence(
                N_("baris %(row)d: %(name)s sudah ada di baris %(first)d"), row=row.number, name=name, first=seen[name]
            )
        seen.setdefault(name, row.number)
    if wrong:
        raise PosError("Daftar unit tidak dimuat: ada %(count)d sel yang salah.", count=len(wrong), fields=wrong)


def _check_levels(rows: list[sheets.Row], known: dict[str, Unit]) -> None:
    """Names decide where a unit stands, so none may be taken for one of another level."""
    wrong: dict[str, str | Sentence] = {}
    for row in rows:
        name, kanwil = str(row.cells["unit_name"]).strip(), f"Kanwil {str(row.cells['kanwil']).strip()}"
        for cell, called, level in (("unit_name", name, "upt"), ("kanwil", kanwil, "kanwil")):
            if (called in known and known[called].level != level) or (level == "upt" and not names_upt(called)):
                text = N_("baris %(row)d: %(name)s adalah nama unit tingkat lain")
                wrong[f"{row.number}.{cell}"] = Sentence(text, row=row.number, name=called)
    if wrong:
        raise PosError("Daftar unit tidak dimuat: ada %(count)d sel yang salah.", count=len(wrong), fields=wrong)


def _add_unit(
    known: dict[str, Unit],
    parent: Unit | None,
    name: str,
    level: str,
    zone: str,
    since: date,
    number: int | None = None,
) -> Unit:
    unit = known[name] = Unit(parent_id=parent.id if parent else None, name=name, level=level, zone=zone, number=number)
    db.session.add(unit)
    db.session.flush()
    unit.path = f"{parent.path if parent else ''}{unit.id}."
    kanwil_id = unit.id if level == "kanwil" else parent.id if parent and level == "upt" else None
    db.session.add(Placement(unit_id=unit.id, from_day=since, kanwil_id=kanwil_id, name=name))
    return unit


def _update_unit(unit: Unit, kanwil: Unit, cell: dict[str, str], today: date) -> bool:
    before = (unit.kind, unit.class_name, unit.city, unit.zone, unit.parent_id)
    unit.kind, unit.class_name, unit.city, unit.zone = cell["kind"], cell["class"], cell["city"], cell["timezone"]
    if unit.parent_id != kanwil.id:
        unit.parent_id, unit.path = kanwil.id, f"{kanwil.path}{unit.id}."
        place(unit, kanwil.id, unit.name, today)
    return before != (unit.kind, unit.class_name, unit.city, unit.zone, unit.parent_id)

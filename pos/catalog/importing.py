"""Lists of products that people bring: read, shown as what would happen, then written all or nothing.

`read_products` only reads; `apply` looks again under the write lock and refuses if anything is no longer as
it was shown. The reading of cells is in `reading`, the finding of the product a row means in `matching`.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from pos import clock, sheets
from pos.catalog import matching, services
from pos.catalog.matching import Known, RowPlan
from pos.catalog.models import Barcode, Price, Product
from pos.catalog.rows import ALL_COLUMNS, PRICES, REQUIRED, Cell, Reader, column_names
from pos.db import atomic, db
from pos.errors import N_, Conflict, PosError, Sentence
from pos.units import services as units
from pos.units.models import Unit
from pos.units.services import Person

MOST_NAMED = 200  # wrong cells in one error; the rest are counted


class ImportRefused(PosError):
    code = "import_refused"


class ImportChanged(Conflict):
    code = "import_changed"


@dataclass
class Preview:
    """What importing a file would do, row by row; nothing has been written."""

    data: bytes
    filename: str
    rows: list[RowPlan]
    unknown_columns: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[Cell]:
        return [cell for row in self.rows for cell in row.wrong]

    @property
    def warnings(self) -> list[Sentence]:
        text = N_("baris %(row)d: %(what)s")
        return [Sentence(text, row=row.number, what=warning) for row in self.rows for warning in row.warnings]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are `new`, `changed`, `same` and `wrong`."""
        statuses = [row.status for row in self.rows]
        return {status: statuses.count(status) for status in ("new", "changed", "same", "wrong")}

    @property
    def fingerprint(self) -> str:
        """The same for the same file doing the same things."""
        acts = repr([(row.number, row.status, row.product_id, row.changes) for row in self.rows])
        return hashlib.sha256(self.data + acts.encode()).hexdigest()


def read_products(data: bytes, filename: str, person: Person | None) -> Preview:
    """Read a CSV or XLSX list and find out what each row would do in the person's scope (None: everywhere).

    Raises `UnreadableFile` when it is no such list at all; wrong cells are named in the preview.
    """
    rows = sheets.read(data, filename)
    if not rows:
        raise sheets.UnreadableFile("Berkas %(file)s tidak berisi produk.", file=filename)
    reader = Reader(person)
    names = column_names(rows[0].cells)
    given = {} if "unit_name" in names.values() else reader.only_unit()
    rows = [sheets.Row(r.number, {names[k]: v for k, v in r.cells.items()} | given, r.beyond) for r in rows]
    sheets.require(rows, list(REQUIRED), filename)
    plans = [reader.row(row) for row in rows]
    matching.match(plans, Known(plans))
    unknown = [name for name in rows[0].cells if name and name not in ALL_COLUMNS]
    return Preview(data, filename, plans, unknown)


def apply(preview: Preview, person: Person | None, shown: str | None = None) -> dict[str, int]:
    """Write what the preview says, all or nothing; returns its counts.

    Everything is checked again under the write lock: wrong cells are `ImportRefused`, and `ImportChanged`
    means that the catalogue moved since (`shown` is the fingerprint that was agreed to).
    """
    with atomic():
        services.hold()
        fresh = read_products(preview.data, preview.filename, person)
        if fresh.wrong:
            raise ImportRefused(
                "Tidak ada yang diimpor: %(count)d sel salah.",
                count=len(fresh.wrong),
                fields={f"{cell.row}.{cell.column}": cell.sentence for cell in fresh.wrong[:MOST_NAMED]},
            )
        if fresh.fingerprint != (shown or preview.fingerprint):
            raise ImportChanged("Katalog berubah sejak pratinjau ini dibuat. Periksa lagi lalu impor.")
        counts = fresh.counts
        if counts["new"] or counts["changed"]:
            _write(fresh, person)
    return counts


def _write(preview: Preview, person: Person | None) -> None:
    now = clock.now()
    version = services.next_version(now)
    new = [row for row in preview.rows if row.status == "new"]
    changed = [row for row in preview.rows if row.status == "changed"]
    _add(new, version, now, person)
    _change(changed, version, now, person)
    units.log(
        "products.import",
        preview.filename,
        person,
        version=version,
        file=hashlib.sha256(preview.data).hexdigest(),
        new=len(new),
        changed={str(row.product_id): {name: list(pair) for name, pair in row.changes.items()} for row in changed},
    )


def _add(rows: list[RowPlan], version: int, now: datetime, person: Person | None) -> None:
    session = db.session
    codes = _own_codes(rows)
    products = [Product(maker_id=row.unit_id, version=version, **row.product_values()) for row in rows]
    session.add_all(products)
    session.flush()
    by = person.id if person else None
    session.add_all(
        Price(product_id=product.id, from_at=now, user_id=by, **row.price_values())
        for row, product in zip(rows, products, strict=True)
    )
    session.flush()
    for row, product in zip(rows, products, strict=True):
        code = row.values.get("barcode")
        own = code is None or matching.is_own(code.code, row.unit_number)
        symbology = "own" if code is None or own else code.symbology
        session.add(Barcode(product_id=product.id, code=code.code if code else codes[row.number], symbology=symbology))
    session.flush()


def _own_codes(rows: list[RowPlan]) -> dict[int, str]:
    """A code of our own for each row (by its number) that brings none."""
    session = db.session
    without: dict[int, list[RowPlan]] = {}
    for row in rows:
        if row.values.get("barcode") is None:
            without.setdefault(row.unit_id or 0, []).append(row)
    makers = session.scalars(sa.select(Unit).where(Unit.id.in_(list(without))))
    brought = {row.values["barcode"].code for row in rows if row.values.get("barcode")}
    codes: dict[int, str] = {}
    for maker in makers:
        mine = without[maker.id]
        free = services.own_codes(maker, len(mine), brought)
        codes |= {row.number: code for row, code in zip(mine, free, strict=True)}
    return codes


def _change(rows: list[RowPlan], version: int, now: datetime, person: Person | None) -> None:
    session = db.session
    ids = [row.product_id for row in rows]
    found = sa.select(Product).where(Product.id.in_(ids))
    products = {product.id: product for product in session.scalars(found)} if ids else {}
    for row in rows:
        product = products[row.product_id or 0]
        product.version = version
        for name, (_, after) in row.changes.items():
            if name not in (*PRICES, "barcode"):
                setattr(product, name, after)
        if row.changes.keys() & set(PRICES):
            by = person.id if person else None
            session.add(Price(product_id=product.id, from_at=now, user_id=by, **row.price_values()))
        if "barcode" in row.changes:
            code: Any = row.values["barcode"]
            session.add(Barcode(product_id=product.id, code=code.code, symbology=code.symbology))
    session.flush()

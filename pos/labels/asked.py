"""What the address of the label page asks for, and the way back from it to an address."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from flask import g, session, url_for

from pos.catalog import reprints
from pos.catalog.reprints import Waiting
from pos.labels import services, settings
from pos.labels.contents import LEVELS, levels_of
from pos.labels.design import PRICE
from pos.labels.layouts import LAYOUTS, Layout
from pos.labels.settings import Printer
from pos.packed import packed

DEFAULT = "a4-l7160"


@dataclass(frozen=True)
class Ask:
    """One row as it was typed: a product, its copies, the code and last day (ISO) of its batch, and the day (ISO) from
    which the price holds that it shows (empty for today's)."""

    product: int
    copies: str = "1"
    code: str = ""
    expires: str = ""
    since: str = ""

    @property
    def count(self) -> int | None:
        """The copies, or None where what was typed is no number of copies."""
        return count_of(self.copies)


# the fields of a row in the address, beside the product's own; how much of each is kept
FIELDS = (("jumlah", "copies", 6), ("produksi", "code", 60), ("kedaluwarsa", "expires", 10), ("sejak", "since", 10))


@dataclass(frozen=True)
class Job:
    """What is asked for."""

    rows: tuple[Ask, ...]
    layout: Layout
    printer: Printer
    level: str
    start: int
    search: str

    def address(self, endpoint: str = "labels.choose", **more: Any) -> str:
        return url_for(
            endpoint,
            **self.row_fields,
            layout=self.layout.name,
            printer=self.printer.key,
            isi=self.level,
            mulai=self.start,
            cari=self.search or None,
            **more,
        )

    @property
    def row_fields(self) -> dict[str, Any]:
        """The rows for an address, squeezed where they are many."""
        return packed(fields_of(self.rows))

    @property
    def products(self) -> list[int]:
        return [row.product for row in self.rows]

    @property
    def full(self) -> bool:
        return len(self.rows) >= services.MOST_PRODUCTS

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of content that the paper has room for."""
        return levels_of(self.layout, self.printer.dpi) or (PRICE,)


def fields_of(rows: Iterable[Ask]) -> dict[str, Any]:
    """The rows as lists of what stands in each field; a field that none of them fills is left out."""
    rows = list(rows)
    named = {name: [getattr(row, key) for row in rows] for name, key, _most in FIELDS}
    return {"produk": [row.product for row in rows]} | {name: values for name, values in named.items() if any(values)}


def to_print(rows: Iterable[Waiting]) -> dict[str, Any]:
    """What waits to be printed again, as fields of an address."""
    return packed(fields_of(_again(row) for row in rows))


def _again(row: Waiting) -> Ask:
    return Ask(row.product_id, str(row.copies), since=row.since.isoformat() if row.since else "")


def job_of(args: Any) -> Job:
    """The job that `args` (an address or a form) asks for; what it leaves open is as it was the last time."""
    last = session.get("label", {})
    printers, layouts = settings.printers_for(g.person), settings.layouts_for(g.person)
    key = args.get("printer") or (f"dpi-{args['dpi']}" if args.get("dpi") else last.get("printer", ""))
    printer = printers.get(key) or settings.UNNAMED["dpi-203"]
    paper = args.get("layout") or (printer.layout if "printer" in args else "") or last.get("layout", "")
    layout = layouts.get(paper) or LAYOUTS[DEFAULT]
    start, level = args.get("mulai", 1, type=int), args.get("isi") or last.get("level", PRICE)
    job = Job(
        rows=_rows(args)[: services.MOST_PRODUCTS],
        layout=layout,
        printer=printer,
        level=level if level in LEVELS else PRICE,
        start=start if 1 <= start <= layout.count else 1,
        search=" ".join(args.get("cari", "")[:80].split()),
    )
    return job if job.level in job.levels else replace(job, level=job.levels[0])


def _rows(args: Any) -> tuple[Ask, ...]:
    lists = [args.getlist(name) for name, _key, _most in FIELDS]
    if len(lists[0]) < len(args.getlist("produk")):
        lists[0] += ["1"] * (len(args.getlist("produk")) - len(lists[0]))
    return tuple(
        Ask(int(id_), *(text.strip()[:most] for text, (_name, _key, most) in zip(typed, FIELDS, strict=True)))
        for id_, *typed in zip_longest(args.getlist("produk"), *lists, fillvalue="")
        if _is_number(id_)
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def count_of(typed: str) -> int | None:
    """The copies that were typed, or None when that is no number of copies."""
    return int(typed) if _is_number(typed) and 1 <= int(typed) <= services.MOST_COPIES else None


# -- what the buttons of the page change ------------------------------------------------------------------


def changed(job: Job, args: Any, shown: int) -> Job | None:
    """The job after the button that was pressed; None when that was no button that changes it."""
    if "hapus" in args:
        return replace(job, rows=tuple(row for at, row in enumerate(job.rows) if str(at) != args["hapus"]))
    if "rangkap" in args:
        return _with_another_batch(job, args["rangkap"])
    if "antrean" in args:
        ahead = args["antrean"] == "nanti"
        return with_more(job, (_again(row) for row in reprints.queue(g.person) if row.ahead == ahead), add=False)
    if "tambah" in args and _is_number(args["tambah"]):
        return with_more(job, [Ask(int(args["tambah"]))])
    if "semua" in args:
        found = services.search(g.person, job.search, job.products, shown)[0]
        return with_more(job, [Ask(product.id) for product, _label in found])
    if "aksi" not in args:
        return None
    scanned = services.products_with([job.search]) if job.search else {}
    return with_more(replace(job, search=""), [Ask(id_) for id_ in scanned.values()]) if scanned else job


def _with_another_batch(job: Job, at: str) -> Job:
    """The job with one more row of the same product, whose batch is still to be filled in."""
    if job.full or not _is_number(at) or int(at) >= len(job.rows):
        return job
    row, after = job.rows[int(at)], int(at) + 1
    return replace(job, rows=(*job.rows[:after], Ask(row.product, since=row.since), *job.rows[after:]))


def with_more(job: Job, wanted: Iterable[Ask], add: bool = True) -> Job:
    """The job with copies of more products; rows that show the same price of one get so many more, or (not `add`) just
    as many."""
    rows = list(job.rows)
    for want in wanted:
        same = [at for at, row in enumerate(rows) if (row.product, row.since) == (want.product, want.since)]
        if same:
            had = (rows[same[-1]].count or 0) if add else 0
            count = min(had + (want.count or 1), services.MOST_COPIES)
            rows[same[-1]] = replace(rows[same[-1]], copies=str(count))
        elif len(rows) < services.MOST_PRODUCTS:
            rows.append(want)
    return replace(job, rows=tuple(rows))


def brought(args: Any) -> tuple[list[Ask], list[str]]:
    """The rows that `kode=BARCODE:COPIES` of a link brings, each with its own `produksi` and `kedaluwarsa`; and the
    codes nobody knows."""
    wanted: list[tuple[str, int, str, str]] = []
    lists = (args.getlist(name) for name in ("kode", "produksi", "kedaluwarsa"))
    for text, made, expires in zip_longest(*lists, fillvalue=""):
        code, colon, copies = text.strip().rpartition(":")
        known = colon and _is_number(copies)
        code, count = (code, count_of(copies) or 1) if known else (text.strip(), 1)
        wanted.append((code, count, made.strip()[:60], expires.strip()[:10]))
    known_codes = services.products_with([code for code, *_ in wanted])
    found: dict[tuple[int, str, str], int] = {}
    for code, count, made, expires in wanted:
        if code in known_codes:
            key = (known_codes[code], made, expires)
            found[key] = min(found.get(key, 0) + count, services.MOST_COPIES)
    rows = [Ask(product, str(count), made, expires) for (product, made, expires), count in found.items()]
    return rows, [code for code, *_ in wanted if code and code not in known_codes]

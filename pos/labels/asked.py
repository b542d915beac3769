"""What the address of the label page asks for, and the way back from it to an address."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from flask import g, session, url_for

from pos.catalog import reprints
from pos.labels import services, settings
from pos.labels.contents import LEVELS, levels_of
from pos.labels.design import PRICE
from pos.labels.layouts import LAYOUTS, Layout
from pos.labels.services import Batch
from pos.labels.settings import Printer

DEFAULT = "a4-l7160"


@dataclass(frozen=True)
class Job:
    """What is asked for; `copies` by product and the batch (code, last day) as they were typed."""

    copies: dict[int, str]
    layout: Layout
    printer: Printer
    level: str
    start: int
    batch: tuple[str, str]
    search: str

    def address(self, endpoint: str = "labels.choose", **more: Any) -> str:
        return url_for(
            endpoint,
            produk=list(self.copies),
            jumlah=list(self.copies.values()),
            layout=self.layout.name,
            printer=self.printer.key,
            isi=self.level,
            mulai=self.start,
            produksi=self.batch[0] or None,
            kedaluwarsa=self.batch[1] or None,
            cari=self.search or None,
            **more,
        )

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of content that the paper has room for."""
        return levels_of(self.layout, self.printer.dpi) or (PRICE,)

    def read_batch(self) -> Batch:
        return Batch.read(*self.batch)

    def counts(self) -> dict[int, int | None]:
        """The copies of each product, None where what was typed is no number of copies."""
        return {id_: count_of(typed) for id_, typed in self.copies.items()}


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
        copies=_copies(zip_longest(args.getlist("produk"), args.getlist("jumlah"), fillvalue="1")),
        layout=layout,
        printer=printer,
        level=level if level in LEVELS else PRICE,
        start=start if 1 <= start <= layout.count else 1,
        batch=(args.get("produksi", "").strip()[:60], args.get("kedaluwarsa", "").strip()[:10]),
        search=" ".join(args.get("cari", "")[:80].split()),
    )
    return job if job.level in job.levels else replace(job, level=job.levels[0])


def _copies(pairs: Iterable[tuple[str, str]]) -> dict[int, str]:
    known = [(int(id_), copies.strip()[:6]) for id_, copies in pairs if _is_number(id_)]
    return dict(known[: services.MOST_PRODUCTS])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def count_of(typed: str) -> int | None:
    """The copies that were typed, or None when that is no number of copies."""
    return int(typed) if _is_number(typed) and 1 <= int(typed) <= services.MOST_COPIES else None


# -- what the buttons of the page change ------------------------------------------------------------------


def changed(job: Job, args: Any, shown: int) -> Job | None:
    """The job after the button that was pressed; None when that was no button that changes it."""
    if "hapus" in args:
        return replace(job, copies={id_: n for id_, n in job.copies.items() if str(id_) != args["hapus"]})
    if "antrean" in args:
        return with_more(job, {row.product_id: row.copies for row in reprints.waiting(g.person)}, add=False)
    if "tambah" in args and _is_number(args["tambah"]):
        return with_more(job, {int(args["tambah"]): 1})
    if "semua" in args:
        found = services.search(g.person, job.search, list(job.copies), shown)[0]
        return with_more(job, {product.id: 1 for product, _label in found})
    if "aksi" not in args:
        return None
    scanned = services.products_with([job.search]) if job.search else {}
    return with_more(replace(job, search=""), dict.fromkeys(scanned.values(), 1)) if scanned else job


def with_more(job: Job, wanted: dict[int, int], add: bool = True) -> Job:
    """The job with copies of more products; those it has already get so many more, or (not `add`) just as many."""
    copies = dict(job.copies)
    for id_, count in wanted.items():
        if id_ in copies or len(copies) < services.MOST_PRODUCTS:
            had = (count_of(copies.get(id_, "0")) or 0) if add else 0
            copies[id_] = str(min(had + count, services.MOST_COPIES))
    return replace(job, copies=copies)


def brought(args: Any) -> tuple[dict[int, int], list[str]]:
    """Copies by product that `kode=BARCODE:COPIES` of a link brings, and the codes nobody knows."""
    wanted: list[tuple[str, int]] = []
    for text in args.getlist("kode")[: 2 * services.MOST_PRODUCTS]:
        code, colon, copies = text.strip().rpartition(":")
        wanted.append((code, count_of(copies) or 1) if colon and _is_number(copies) else (text.strip(), 1))
    known = services.products_with([code for code, _ in wanted])
    found: dict[int, int] = {}
    for code, copies in wanted:
        if code in known:
            found[known[code]] = found.get(known[code], 0) + copies
    return found, [code for code, _ in wanted if code not in known]

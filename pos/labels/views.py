"""The page on which labels are chosen, and the PDF it makes. Everything it knows stands in its address."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from pos import money, web
from pos.catalog.models import Product
from pos.errors import N_, PosError, Sentence
from pos.labels import services
from pos.labels.design import Drawing, Label, draw
from pos.labels.layouts import LAYOUTS, Layout
from pos.labels.pdf import FARTHEST, calibration_pdf, labels_pdf
from pos.labels.symbols import RESOLUTIONS, Unprintable

bp = Blueprint("labels", __name__)
SHOWN = 30  # products that a search lists
DEFAULT = "a4-l7160"


@dataclass(frozen=True)
class Job:
    """What the address asks for; `copies` and `offset` as they were typed."""

    copies: dict[int, str]
    layout: Layout
    start: int
    dpi: int
    offset: tuple[str, str]
    search: str

    def address(self, endpoint: str = "labels.choose", **more: Any) -> str:
        return url_for(
            endpoint,
            produk=list(self.copies),
            jumlah=list(self.copies.values()),
            layout=self.layout.name,
            mulai=self.start,
            dpi=self.dpi,
            kanan=self.offset[0] or None,
            turun=self.offset[1] or None,
            cari=self.search or None,
            **more,
        )

    def shift(self) -> tuple[float, float]:
        """The offset in millimetres, or the `PosError` that names the field."""
        found = []
        for name, typed in zip(("kanan", "turun"), self.offset, strict=True):
            try:
                value = float((typed or "0").replace(",", "."))
            except ValueError:
                value = math.nan
            if not abs(value) <= FARTHEST:
                sentence = Sentence(N_("Isi -%(most)d sampai %(most)d milimeter."), most=FARTHEST)
                raise PosError("Geseran cetak tidak sah.", fields={name: sentence})
            found.append(value)
        return found[0], found[1]


@dataclass
class Row:
    """A chosen product: its label, the copies as typed, and what is wrong with either."""

    product: Product
    label: Label
    typed: str
    error: str = ""


@dataclass
class Sheet:
    """What will be printed, for the page: rows, sum, pages, and errors beside their fields."""

    rows: list[Row]
    total: int
    pages: int
    errors: dict[str, str] = field(default_factory=dict)


# -- choosing ------------------------------------------------------------------------------------------


@bp.get("/label")
@web.require("staff")
def choose() -> Any:
    job = _job()
    changed = _changed(job)
    return redirect(changed.address()) if changed else _page(job, _sheet(job))


def _page(job: Job, sheet: Sheet) -> str:
    found, count = services.search(g.person, job.search, list(job.copies), SHOWN)
    return render_template(
        "labels/choose.html",
        job=job,
        sheet=sheet,
        found=found,
        more=count - len(found),
        groups=_groups(),
        resolutions=RESOLUTIONS,
        full=len(job.copies) >= services.MOST_PRODUCTS,
        most=services.MOST_COPIES,
    )


def _job() -> Job:
    args, last = request.args, session.get("label", {})
    layout = LAYOUTS.get(args.get("layout", last.get("layout", ""))) or LAYOUTS[DEFAULT]
    start, dpi = args.get("mulai", 1, type=int), args.get("dpi", last.get("dpi", 0), type=int)
    askew = last.get("offset", ("", "")) if layout.name == last.get("layout") else ("", "")
    return Job(
        copies=_copies(zip_longest(args.getlist("produk"), args.getlist("jumlah"), fillvalue="1")),
        layout=layout,
        start=start if 1 <= start <= layout.count else 1,
        dpi=dpi if dpi in RESOLUTIONS else RESOLUTIONS[0],
        offset=(args.get("kanan", askew[0]).strip()[:6], args.get("turun", askew[1]).strip()[:6]),
        search=" ".join(args.get("cari", "")[:80].split()),
    )


def _copies(pairs: Iterable[tuple[str, str]]) -> dict[int, str]:
    known = [(int(id_), copies.strip()[:6]) for id_, copies in pairs if _is_number(id_)]
    return dict(known[: services.MOST_PRODUCTS])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _count(typed: str) -> int | None:
    """The copies that were typed, or None when that is no number of copies."""
    return int(typed) if _is_number(typed) and 1 <= int(typed) <= services.MOST_COPIES else None


def _changed(job: Job) -> Job | None:
    """The job after the button that was pressed; None when that was no button that changes it."""
    args = request.args
    if "hapus" in args:
        return replace(job, copies={id_: n for id_, n in job.copies.items() if str(id_) != args["hapus"]})
    added: list[int] = []
    if "tambah" in args and _is_number(args["tambah"]):
        added = [int(args["tambah"])]
    elif "semua" in args:
        added = [product.id for product, _label in services.search(g.person, job.search, list(job.copies), SHOWN)[0]]
    elif "aksi" in args and job.search and (scanned := services.product_with(g.person, job.search)):
        added, job = [scanned], replace(job, search="")
    elif "aksi" not in args:
        return None
    copies = dict(job.copies)
    for id_ in added:
        if id_ in copies:
            copies[id_] = str((_count(copies[id_]) or 0) + 1)
        elif len(copies) < services.MOST_PRODUCTS:
            copies[id_] = "1"
    return replace(job, copies=copies)


def _sheet(job: Job) -> Sheet:
    counts = {id_: _count(typed) for id_, typed in job.copies.items()}
    rows = []
    for product, label in services.chosen(g.person, {id_: count or 1 for id_, count in counts.items()}):
        row = Row(product, label, job.copies[product.id])
        if counts[product.id] is None:
            row.error = _("Isi 1 sampai %(most)s.", most=money.grouped(services.MOST_COPIES))
        else:
            try:
                draw(label, job.layout, job.dpi)
            except Unprintable as error:
                row.error = web.say(error.sentence)
        rows.append(row)
    total = sum(count or 0 for count in counts.values())
    return Sheet(rows, total, -(-(total + job.start - 1) // job.layout.count) if total else 0)


def _groups() -> list[tuple[str, list[Layout]]]:
    """The layouts as the list on the page shows them."""
    sheets = [layout for layout in LAYOUTS.values() if not layout.roll]
    return [
        (_("Lembar A4"), [layout for layout in sheets if layout.name.startswith("a4-")]),
        (_("Gulungan (printer label)"), [layout for layout in LAYOUTS.values() if layout.roll]),
        (_("Lembar Tom & Jerry"), [layout for layout in sheets if layout.name.startswith("tj-")]),
    ]


# -- paper ---------------------------------------------------------------------------------------------


@bp.get("/label/cetak")
@web.require("staff")
def pdf() -> Any:
    job = _job()
    sheet = _sheet(job)
    try:
        if any(row.error for row in sheet.rows):
            raise PosError("Ada label yang belum bisa dicetak. Lihat baris yang ditandai.")
        shift = job.shift()
        content = labels_pdf([row.label for row in sheet.rows], job.layout, job.start, job.dpi, shift)
    except PosError as error:
        sheet.errors = {name: web.say(text) for name, text in error.fields.items()} | {"": web.say(error.sentence)}
        return _page(job, sheet), error.status
    session["label"] = {"layout": job.layout.name, "dpi": job.dpi, "offset": job.offset}
    return _inline(content, f"label-{job.layout.name}.pdf")


@bp.get("/label/uji")
@web.require("staff")
def calibration() -> Any:
    """One sheet of outlines, to be held against the real one."""
    job = _job()
    try:
        return _inline(calibration_pdf(job.layout, job.shift()), f"uji-{job.layout.name}.pdf")
    except PosError as error:
        sheet = _sheet(job)
        sheet.errors = {name: web.say(text) for name, text in error.fields.items()} | {"": web.say(error.sentence)}
        return _page(job, sheet), error.status


@bp.get("/label/pratinjau.svg")
@web.require("staff")
def preview() -> Any:
    """One label as a picture, from the same drawing as the PDF."""
    job = _job()
    if len(job.copies) != 1:
        raise PosError("Pratinjau menampilkan tepat satu produk.")
    ((_product, label),) = services.chosen(g.person, dict.fromkeys(job.copies, 1))
    drawing: Drawing = draw(label, job.layout, job.dpi)
    picture = render_template("labels/label.svg", drawing=drawing, layout=job.layout, dot=25.4 / job.dpi, label=label)
    return Response(picture, mimetype="image/svg+xml")


def _inline(content: bytes, name: str) -> Response:
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})

"""The page on which labels are chosen. Everything it knows stands in its address."""

from dataclasses import dataclass, field, replace
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request
from flask_babel import gettext as _

from pos import money, web
from pos.catalog import reprints
from pos.catalog.models import Product
from pos.errors import PosError
from pos.labels import printing, services, setting_pages, settings
from pos.labels.asked import Job, brought, changed, job_of, with_more
from pos.labels.contents import LEVELS, draw
from pos.labels.design import CARD, PRODUCT, Label
from pos.labels.layouts import LAYOUTS, Layout
from pos.labels.services import Batch, Wish
from pos.storefront.services import public_products

bp = Blueprint("labels", __name__)
SHOWN = 30  # products that a search lists


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

    def put(self, error: PosError) -> None:
        self.errors |= {name: web.say(text) for name, text in error.fields.items()} | {"": web.say(error.sentence)}


@bp.get("/label")
@web.require("staff")
def choose() -> Any:
    job = job_of(request.args)
    if "kode" in request.args:
        return _bring(job)
    new = changed(job, request.args, SHOWN)
    return redirect(new.address()) if new else _page(job, _sheet(job))


def _bring(job: Job) -> Any:
    """A link from a receiving or elsewhere: codes become products, unknown ones are told."""
    found, unknown = brought(request.args)
    if unknown:
        flash(_("Tidak ada produk dengan kode %(codes)s.", codes=", ".join(unknown[:10])))
    if job.batch != ("", "") and "isi" not in request.args and PRODUCT in job.levels:
        job = replace(job, level=PRODUCT)
    return redirect(with_more(replace(job, copies={}), found, add=False).address())


def _page(job: Job, sheet: Sheet) -> str:
    found, count = services.search(g.person, job.search, list(job.copies), SHOWN)
    return render_template(
        "labels/choose.html",
        job=job,
        sheet=sheet,
        found=found,
        more=count - len(found),
        groups=_groups(),
        printers=settings.printers_for(g.person).values(),
        levels=LEVELS,
        waiting=len(reprints.waiting(g.person)),
        full=len(job.copies) >= services.MOST_PRODUCTS,
        most=services.MOST_COPIES,
    )


def _wish(job: Job, sheet: Sheet | None = None) -> Wish:
    """What the labels should say; a batch that cannot be read is told on the sheet."""
    try:
        batch = job.read_batch() if job.level == PRODUCT else Batch()
    except PosError as error:
        batch = Batch()
        if sheet:
            sheet.put(error)
    return Wish(job.level, batch, current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/"))


def _sheet(job: Job) -> Sheet:
    counts = job.counts()
    sheet = Sheet([], total=sum(count or 0 for count in counts.values()), pages=0)
    chosen = services.chosen({id_: count or 1 for id_, count in counts.items()}, _wish(job, sheet))
    public = public_products(counts) if job.level == CARD else set()
    for product, label in chosen:
        row = Row(product, label, job.copies[product.id])
        if counts[product.id] is None:
            row.error = _("Isi 1 sampai %(most)s.", most=money.grouped(services.MOST_COPIES))
        elif job.level == CARD and product.id not in public:
            row.error = _("Produk ini tidak tampil di etalase publik %(unit)s: QR-nya buntu.", unit=label.maker)
        else:
            try:
                draw(label, job.layout, job.printer.dpi)
            except PosError as error:
                row.error = web.say(error.sentence)
        sheet.rows.append(row)
    sheet.pages = -(-(sheet.total + job.start - 1) // job.layout.count) if sheet.total else 0
    return sheet


def _groups() -> list[tuple[str, list[Layout]]]:
    """The layouts as the list on the page shows them."""
    known = settings.layouts_for(g.person)
    sheets = [layout for layout in LAYOUTS.values() if not layout.roll]
    groups = [
        (_("Ukuran sendiri"), [layout for layout in known.values() if layout.own]),
        (_("Lembar A4"), [layout for layout in sheets if layout.name.startswith("a4-")]),
        (_("Gulungan (printer label)"), [layout for layout in LAYOUTS.values() if layout.roll]),
        (_("Lembar Tom & Jerry"), [layout for layout in sheets if layout.name.startswith("tj-")]),
    ]
    return [group for group in groups if group[1]]


# -- paper ---------------------------------------------------------------------------------------------


@bp.post("/label/cetak")
@web.require("staff")
def make() -> Any:
    """Make the file and note what was printed; many labels are made while the person watches."""
    job = job_of(request.form)
    sheet = _sheet(job)
    if sheet.errors:
        return _page(job, sheet), 422
    try:
        if any(row.error for row in sheet.rows):
            raise PosError("Ada label yang belum bisa dicetak. Lihat baris yang ditandai.")
        return printing.begin(job, [(row.product, row.label) for row in sheet.rows])
    except PosError as error:
        sheet.put(error)
        return _page(job, sheet), error.status


@bp.get("/label/pratinjau.svg")
@web.require("staff")
def preview() -> Any:
    """One label as a picture, from the same drawing as the PDF."""
    job = job_of(request.args)
    if len(job.copies) != 1:
        raise PosError("Pratinjau menampilkan tepat satu produk.")
    ((_product, label),) = services.chosen(dict.fromkeys(job.copies, 1), _wish(job))
    drawing = draw(label, job.layout, job.printer.dpi)
    dot = 25.4 / job.printer.dpi
    picture = render_template("labels/label.svg", drawing=drawing, layout=job.layout, dot=dot, label=label)
    return Response(picture, mimetype="image/svg+xml")


printing.add_pages(bp)
setting_pages.add_pages(bp)

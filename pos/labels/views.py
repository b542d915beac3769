"""The page on which labels are chosen. Everything it knows stands in its address."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request
from flask_babel import gettext as _

from pos import clock, jobs, money, web
from pos.catalog import reprints
from pos.catalog.models import Product
from pos.errors import PosError
from pos.job_pages import JobPages
from pos.labels import printing, services, setting_pages, settings
from pos.labels.asked import Ask, Job, brought, changed, fields_of, job_of
from pos.labels.contents import LEVELS, draw
from pos.labels.design import CARD, PRODUCT, Label
from pos.labels.layouts import LAYOUTS, Layout
from pos.labels.services import Batch, Chosen, Want, Wish
from pos.packed import unpacked
from pos.storefront.services import public_products

bp = Blueprint("labels", __name__)
SHOWN = 30  # products that a search lists
PAGES = JobPages(bp, "/label/cetak", ("staff",), "label", "labels/job.html", opens=True, desk=jobs.QUICK)


@dataclass
class Row:
    """A chosen product as it was asked for, its label, and what is wrong: by field, of the label itself under ''."""

    ask: Ask
    chosen: Chosen
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def product(self) -> Product:
        return self.chosen.product

    @property
    def label(self) -> Label:
        return self.chosen.label

    @property
    def since(self) -> date:
        return date.fromisoformat(self.ask.since)

    @property
    def late(self) -> bool:
        """Whether its goods are past their last day: perhaps a slip, perhaps an old receiving."""
        return bool(self.label.facts) and "" < self.ask.expires < clock.today(g.person.zone).isoformat()


@dataclass
class Sheet:
    """What will be printed, for the page: rows, sum, pages, and errors beside their fields."""

    rows: list[Row]
    total: int
    pages: int
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def good(self) -> Row | None:
        """The first row whose label can be shown."""
        return next((row for row in self.rows if not row.errors), None)

    @property
    def ahead(self) -> int:
        """Rows whose price does not hold yet."""
        return sum(row.chosen.shows_at is not None for row in self.rows)

    @property
    def dated(self) -> bool:
        """Whether any row may show, or should show, another price than today's."""
        return any(row.chosen.coming or row.ask.since for row in self.rows)

    def put(self, error: PosError) -> None:
        self.errors |= {name: web.say(text) for name, text in error.fields.items()} | {"": web.say(error.sentence)}


@bp.get("/label")
@web.require("staff")
def choose() -> Any:
    args = unpacked(request.args)
    job = job_of(args)
    if "kode" in args:
        return _bring(job, args)
    new = changed(job, args, SHOWN)
    return redirect(new.address()) if new else _page(job, _sheet(job))


@bp.post("/label")
@web.require("staff")
def change() -> Any:
    """The buttons of the page: what they ask for becomes its address. Sent so because many rows are too long for one
    as they stand in the form."""
    job = job_of(request.form)
    return redirect((changed(job, request.form, SHOWN) or job).address(), 303)


def _bring(job: Job, args: Any) -> Any:
    """A link from a receiving or elsewhere: codes become products, unknown ones are told."""
    rows, unknown = brought(args)
    if unknown:
        flash(_("Tidak ada produk dengan kode %(codes)s.", codes=", ".join(unknown[:10])))
    if len(rows) > services.MOST_PRODUCTS:
        flash(_("Baru %(n)s baris pertama yang diambil; cetak dahulu yang ini.", n=services.MOST_PRODUCTS))
    if any(row.code or row.expires for row in rows) and "isi" not in args and PRODUCT in job.levels:
        job = replace(job, level=PRODUCT)
    return redirect(replace(job, rows=tuple(rows[: services.MOST_PRODUCTS])).address())


def _page(job: Job, sheet: Sheet) -> str:
    found, count = services.search(g.person, job.search, job.products, SHOWN)
    waiting = reprints.queue(g.person)
    ahead = sum(row.ahead for row in waiting)
    return render_template(
        "labels/choose.html",
        job=job,
        sheet=sheet,
        found=found,
        more=count - len(found),
        groups=_groups(),
        printers=settings.printers_for(g.person).values(),
        levels=LEVELS,
        waiting=len(waiting) - ahead,
        ahead=ahead,
        batches=any(row.code or row.expires for row in job.rows),
        fields_of=fields_of,
        most=services.MOST_COPIES,
    )


def _wish(job: Job) -> Wish:
    return Wish(job.level, base=current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/"))


def _want(job: Job, ask: Ask, errors: dict[str, str]) -> Want:
    """The row as far as it can be read; what cannot is told in `errors`."""
    batch, since = Batch(), None
    try:
        batch = Batch.read(ask.code, ask.expires) if job.level == PRODUCT else Batch()
    except PosError as error:
        errors |= {name: web.say(text) for name, text in error.fields.items()}
    if ask.count is None:
        errors["jumlah"] = _("Isi 1 sampai %(most)s.", most=money.grouped(services.MOST_COPIES))
    try:
        since = date.fromisoformat(ask.since) if ask.since else None
    except ValueError:
        errors["sejak"] = _("Hari ini tidak terbaca. Pilih harganya lagi.")
    return Want(ask.product, ask.count or 1, batch, since)


def _sheet(job: Job) -> Sheet:
    sheet = Sheet([], total=sum(ask.count or 0 for ask in job.rows), pages=0)
    told: list[dict[str, str]] = [{} for _row in job.rows]
    wants = [_want(job, ask, errors) for ask, errors in zip(job.rows, told, strict=True)]
    public = public_products(job.products) if job.level == CARD else set()
    for want, ask, chosen, errors in zip(wants, job.rows, services.chosen(wants, _wish(job)), told, strict=True):
        row = Row(ask, chosen, errors)
        if want.since and not chosen.shows_at and want.since > clock.today(chosen.product.maker.zone):
            errors["sejak"] = _("Tidak ada lagi harga yang mulai hari itu. Pilih harganya lagi.")
        elif job.level == CARD and ask.product not in public:
            errors[""] = _("Produk ini tidak tampil di etalase publik %(unit)s: QR-nya buntu.", unit=row.label.maker)
        elif not errors:
            try:
                draw(row.label, job.layout, job.printer.dpi)
            except PosError as error:
                errors[""] = web.say(error.sentence)
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
    try:
        if any(row.errors for row in sheet.rows):
            raise PosError("Ada label yang belum bisa dicetak. Lihat baris yang ditandai.")
        return printing.begin(PAGES, job, [row.chosen for row in sheet.rows])
    except PosError as error:
        sheet.put(error)
        return _page(job, sheet), error.status


@bp.get("/label/pratinjau.svg")
@web.require("staff")
def preview() -> Any:
    """One label as a picture, from the same drawing as the PDF."""
    job = job_of(request.args)
    if len(job.rows) != 1:
        raise PosError("Pratinjau menampilkan tepat satu produk.")
    (row,) = services.chosen([_want(job, job.rows[0], {})], _wish(job))
    label = row.label
    drawing = draw(label, job.layout, job.printer.dpi)
    dot = 25.4 / job.printer.dpi
    picture = render_template("labels/label.svg", drawing=drawing, layout=job.layout, dot=dot, label=label)
    return Response(picture, mimetype="image/svg+xml")


setting_pages.add_pages(bp)

"""A nota printed: counted first, then shown to the browser or handed to a printer; and the list of what was printed."""

import uuid
from typing import Any
from uuid import UUID

from flask import abort, current_app, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from pos import clock, web
from pos.errors import N_, Forbidden, PosError
from pos.receipts import printing, qr, slip
from pos.receipts.drivers import TROUBLES
from pos.receipts.models import PrintJob, SalePrint
from pos.receipts.printers import printer_of
from pos.register.lookup import sale_for
from pos.register.shift_reports import shift_for
from pos.units import services as units

STATE_NAMES = {
    "waiting": N_("menunggu"),
    "printing": N_("sedang dicetak"),
    "done": N_("tercetak"),
    "failed": N_("gagal"),
    "moved": N_("lewat peramban"),
}
WIDTHS = ("58", "80", "a4")
AT_THE_COUNTER = ("cashier", "staff")


def base_url() -> str:
    return str(current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/"))


def start(register_id: int) -> None:
    """Print in the background what waits for this register's printer."""
    printing.start(register_id, current_app.app_context)


# -- one nota ------------------------------------------------------------------------------------------


@web.require()
def print_page(receipt: str) -> Any:
    """Looking counts nothing: what was not recorded as a print says that it is a copy."""
    found = sale_for(g.person, receipt)
    width = request.args.get("lebar") or str(found.register.paper_width)
    if width not in WIDTHS:
        abort(404)
    token = request.args.get("cetak", "")
    copy = printing.shown_copy(found, token, clock.now())
    paper = slip.slip_of(found, base_url(), printing.mark(copy))
    modules = qr.modules(paper.address)
    return render_template(
        "receipts/print.html",
        slip=paper,
        width=width,
        recorded=token if copy is not None else None,
        token=uuid.uuid4(),
        at_once=copy is not None and "langsung" in request.args,
        qr_path=qr.svg_path(modules),
        qr_side=qr.side(modules),
        qr_size=f"{qr.side(modules) * qr.DOTS * qr.DOT:.3f}mm",
        thanks=slip.THANKS,
        check=slip.CHECK,
    )


@web.require("cashier", "staff", "official", "admin")  # a print is a copy that is counted: auditors change nothing
def record_print(receipt: str) -> Any:
    """Count a print of the nota and bring it to paper: by the register's printer where `cara` says so, else here."""
    found = sale_for(g.person, receipt)
    by_printer = request.form.get("cara") == "printer" and printer_of(found.register).kind != "browser"
    if by_printer and not g.person.may(*AT_THE_COUNTER):
        raise Forbidden("Peran Anda tidak boleh membuka ini.")
    width = request.form.get("lebar", "")
    if width not in ("", *WIDTHS):
        abort(404)
    token = _token(request.form.get("token")) or str(uuid.uuid4())
    register = found.register
    row = printing.record_print(found, g.person, "printer" if by_printer else "browser", token, base_url())
    if row.way != "printer":
        return redirect(_page(receipt, row, width or None))
    start(register.id)
    flash(_("Dikirim ke printer %(code)s. Hasilnya tampil di sini.", code=register.code))
    return redirect(url_for("receipts.prints"))


def _page(receipt: str, row: SalePrint, width: Any = None) -> str:
    if row.way == "pdf":
        return url_for("receipts.strip", receipt=receipt, lebar=width, cetak=row.token)
    return url_for("receipts.print_page", receipt=receipt, lebar=width, cetak=row.token, langsung=1)


def _token(text: Any) -> str | None:
    try:
        return str(uuid.UUID(text))
    except (ValueError, TypeError, AttributeError):
        return None


# -- the list ------------------------------------------------------------------------------------------


@web.require(*AT_THE_COUNTER, "admin")
def prints() -> Any:
    state = request.args.get("status", "")
    if state not in ("", *STATE_NAMES):
        abort(404)
    page = web.paged(printing.jobs(g.person, state))
    return render_template("receipts/prints.html", page=page, state=state, states=STATE_NAMES, **job_words())


def job_words() -> dict[str, Any]:
    """What templates need to speak of a job."""
    return {"state_names": STATE_NAMES, "state_of": printing.state_of, "troubles": TROUBLES, "mark": printing.mark}


@web.require(*AT_THE_COUNTER, "admin")
def retry(job_id: int) -> Any:
    job = printing.job_for(g.person, job_id)
    printing.retry(job)
    start(job.register_id)
    return redirect(url_for("receipts.prints"))


@web.require(*AT_THE_COUNTER, "admin")
def to_browser(job_id: int) -> Any:
    return redirect(_moved(printing.job_for(g.person, job_id)))


def _moved(job: PrintJob) -> str:
    """Where the browser shows what the printer did not print."""
    row = printing.move_to_browser(job)
    return _page(row.sale.receipt, row, row.sale.register.paper_width) if row else _shift_page(job)


def _shift_page(job: PrintJob) -> str:
    width = job.register.paper_width
    return url_for("shifts.paper", shift_id=job.shift_id, kind="pdf", lebar=width, cetak=job.token)


# -- for the till --------------------------------------------------------------------------------------


@web.require(*AT_THE_COUNTER, "admin")
def till_printer(code: str) -> Any:
    """What the register prints with: whether a paid sale prints by itself."""
    register = next((one for one in units.registers_for(g.person) if one.code == code), None)
    if register is None:
        abort(404)
    printer = printer_of(register)
    return jsonify({"kind": printer.kind, "automatic": printer.kind != "browser" and printer.automatic})


@web.require(*AT_THE_COUNTER)
def till_print(receipt: str) -> Any:
    """Count a print; the same `id` again is the same print. `way`: till (as its register prints), pdf or slip."""
    body = request.get_json()
    way, token = (body.get("way"), _token(body.get("id"))) if isinstance(body, dict) else (None, None)
    wrong = {} if token else {"id": N_("Harus sebuah UUID.")}
    if way not in ("till", "pdf", "slip"):
        wrong["way"] = N_("Harus salah satu dari till, pdf, slip.")
    if wrong or not token:
        raise PosError("Permintaan cetak tidak benar.", fields=wrong)
    found = sale_for(g.person, receipt)
    if way == "till":
        way = "browser" if printer_of(found.register).kind == "browser" else "printer"
    register_id, number, width = found.register_id, found.receipt, found.register.paper_width
    row = printing.record_print(found, g.person, str(way), token, base_url())
    job = printing.job_of(row) if row.way == "printer" else None
    if job:
        start(register_id)
    page = _page(number, row, width) if row.way in ("browser", "pdf") else None
    return jsonify(
        {
            "copy": row.copy,
            "mark": printing.mark(row.copy),
            "way": row.way,
            "page": page,
            "job": _told(job) if job else None,
        }
    )


@web.require(*AT_THE_COUNTER, "admin")
def till_job(job_id: int) -> Any:
    return jsonify(_told(printing.job_for(g.person, job_id)))


@web.require(*AT_THE_COUNTER)
def till_retry(job_id: int) -> Any:
    job = printing.job_for(g.person, job_id)
    printing.retry(job)
    start(job.register_id)
    return jsonify(_told(job))


@web.require(*AT_THE_COUNTER)
def till_to_browser(job_id: int) -> Any:
    """Give a failed print to the browser: the same print, not another copy."""
    return jsonify({"page": _moved(printing.job_for(g.person, job_id))})


@web.require(*AT_THE_COUNTER)
def till_print_shift(shift_id: UUID) -> Any:
    """Print the X or Z on the register's own printer; one that prints by its browser is told where it stands."""
    body = request.get_json()
    token = _token(body.get("id")) if isinstance(body, dict) else None
    if not token:
        raise PosError("Permintaan cetak tidak benar.", fields={"id": N_("Harus sebuah UUID.")})
    job = printing.print_shift(shift_for(g.person, str(shift_id)), token)
    told = {"copy": job.copy, "mark": printing.mark(job.copy)}
    if printing.state_of(job)[0] == "moved":
        return jsonify(told | {"way": "browser", "page": _shift_page(job), "job": None})
    start(job.register_id)
    return jsonify(told | {"way": "printer", "page": None, "job": _told(job)})


# -- a shift -------------------------------------------------------------------------------------------


@web.require(*AT_THE_COUNTER, "admin")
def print_shift(shift_id: UUID) -> Any:
    shift = shift_for(g.person, str(shift_id))
    token = _token(request.form.get("token")) or str(uuid.uuid4())
    job, code = printing.print_shift(shift, token), shift.register.code
    if printing.state_of(job)[0] == "moved":
        return redirect(_shift_page(job))
    start(job.register_id)
    flash(_("Dikirim ke printer %(code)s. Hasilnya tampil di sini.", code=code))
    return redirect(url_for("receipts.prints"))


def _told(job: PrintJob) -> dict[str, Any]:
    state, reason = printing.state_of(job)
    return {"id": job.id, "state": state, "error": _(TROUBLES[reason]) if reason else ""}


GET, POST = ["GET"], ["POST"]
PAGES = (
    ("/penjualan/<receipt>/cetak", print_page, GET),
    ("/penjualan/<receipt>/cetak", record_print, POST),
    ("/cetakan", prints, GET),
    ("/cetakan/<int:job_id>/lagi", retry, POST),
    ("/cetakan/<int:job_id>/peramban", to_browser, POST),
    ("/giliran/<uuid:shift_id>/cetak", print_shift, POST),
    ("/api/shifts/<uuid:shift_id>/prints", till_print_shift, POST),
    ("/api/registers/<code>/printer", till_printer, GET),
    ("/api/receipts/<receipt>/prints", till_print, POST),
    ("/api/prints/<int:job_id>", till_job, GET),
    ("/api/prints/<int:job_id>/retry", till_retry, POST),
    ("/api/prints/<int:job_id>/browser", till_to_browser, POST),
)

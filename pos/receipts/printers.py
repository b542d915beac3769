"""Which printer a register has, and what may be said of one."""

import re
from typing import Any

from pos.db import atomic, db
from pos.errors import N_, PosError, Sentence
from pos.receipts.drivers import Target, Trouble
from pos.receipts.models import Printer
from pos.receipts.text import COLUMNS
from pos.units.models import Register
from pos.units.services import Person, log

KIND_NAMES = {
    "browser": N_("Peramban: dialog cetak di perangkat kasir"),
    "network": N_("Printer jaringan (ESC/POS)"),
    "usb": N_("Printer USB di komputer server (ESC/POS)"),
    "queue": N_("Printer Windows atau CUPS di komputer server, menurut namanya"),
}
PORTS = range(9100, 9110)  # where printers listen, and nothing else: receipts must not be typed into other services
_HOST = re.compile(r"(?=.{1,100}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")


def printer_of(register: Register) -> Printer:
    """The register's printer; its browser where nothing else was chosen."""
    return db.session.get(Printer, register.id) or Printer(
        register_id=register.id,
        kind="browser",
        host="",
        port=9100,
        vendor_id=0,
        product_id=0,
        queue="",
        columns=COLUMNS[register.paper_width],
        cutter=True,
        drawer=False,
        automatic=False,
        answers=True,
    )


def columns_of(printer: Printer, register: Register) -> int:
    """Letters in a row: what was chosen, but never more than the paper holds."""
    return min(printer.columns, COLUMNS[register.paper_width])


def target_of(printer: Printer) -> Target:
    """Where its bytes go; `Trouble` where there is no such place."""
    if printer.kind == "browser":
        raise Trouble("browser")
    names = ("kind", "host", "port", "vendor_id", "product_id", "queue", "answers")
    return Target(**{name: getattr(printer, name) for name in names})


def change_printer(register: Register, by: Person, **settings: Any) -> None:
    """`settings` are the columns of `Printer`; what the chosen kind does not need is kept as it was."""
    _check(register, settings)
    printer = printer_of(register)
    before = {key: getattr(printer, key) for key in settings}
    with atomic() as session:
        for key, value in settings.items():
            setattr(printer, key, value)
        session.add(printer)
        changed = {key: [old, settings[key]] for key, old in before.items() if settings[key] != old}
        log("printer.change", register.code, by, register.gallery.unit_id, **changed)


def _check(register: Register, settings: dict[str, Any]) -> None:
    wrong: dict[str, str | Sentence] = {}
    if settings["columns"] > COLUMNS[register.paper_width]:
        wrong["columns"] = N_("Kertas 58 mm memuat 32 huruf sebaris.")
    if settings["kind"] == "network" and not _HOST.fullmatch(settings["host"]):
        wrong["host"] = N_("Tulis alamat IP atau nama printer, misalnya 192.168.1.50.")
    if settings["kind"] == "network" and settings["port"] not in PORTS:
        wrong["port"] = Sentence(N_("Port printer %(first)d sampai %(last)d."), first=PORTS[0], last=PORTS[-1])
    if settings["kind"] == "usb" and not settings["vendor_id"]:
        wrong["vendor_id"] = N_("Isi nomor pembuat dan nomor produk, misalnya 04b8 dan 0e15.")
    if settings["kind"] == "queue" and not settings["queue"]:
        wrong["queue"] = N_("Isi nama printer seperti tertulis di Windows atau CUPS.")
    if wrong:
        raise PosError("Printer belum lengkap.", fields=wrong)

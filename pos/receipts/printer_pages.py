"""What a register prints with, chosen by an admin and tried with a test page."""

import re
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange

from pos import clock, web
from pos.errors import PosError
from pos.receipts import print_pages, printing, slip, testpage
from pos.receipts.printers import KIND_NAMES, change_printer, printer_of
from pos.units import tree as trees
from pos.units.models import Register

RECENT = 5  # test pages whose fate is shown


class UsbNumber(StringField):
    """A vendor or product number as Windows and lsusb write it: four hexadecimal digits; 0 when left out."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:04x}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = 0
        text = valuelist[0].strip().lower().removeprefix("0x") if valuelist else ""
        if not re.fullmatch("[0-9a-f]{0,4}", text):
            raise ValueError(_("Tulis empat angka heksadesimal, misalnya 04b8."))
        self.data = int(text or "0", 16)


class PrinterForm(FlaskForm):
    kind = RadioField(_l("Mencetak dengan"))
    host = web.TextField(_l("Alamat printer"), [Length(max=100)], render_kw={"autocapitalize": "off"})
    port = IntegerField(_l("Port"), [NumberRange(1, 65535, _l("Isi port, biasanya 9100."))])
    vendor_id = UsbNumber(_l("Nomor pembuat (vendor id)"), render_kw={"autocapitalize": "off"})
    product_id = UsbNumber(_l("Nomor produk (product id)"), render_kw={"autocapitalize": "off"})
    queue = web.TextField(_l("Nama printer"), [Length(max=80)])
    columns = RadioField(_l("Huruf sebaris"), coerce=int, choices=[SelectChoice(32, "32"), SelectChoice(48, "48")])
    automatic = BooleanField(_l("Cetak sendiri begitu nota tercatat"))
    cutter = BooleanField(_l("Printer ini memotong kertas"))
    drawer = BooleanField(_l("Laci uang tersambung ke printer ini"))
    answers = BooleanField(_l("Tanyakan keadaan printer (kertas, tutup) sebelum dan sesudah mencetak"))


@web.require("admin")
def printer(register_id: int) -> Any:
    register = trees.register_for(g.person, register_id)
    form = PrinterForm(obj=printer_of(register))
    form.kind.choices = [SelectChoice(key, web.tr(text)) for key, text in KIND_NAMES.items()]
    if form.validate_on_submit():
        try:
            change_printer(
                register, g.person, **{name: value for name, value in form.data.items() if name != "csrf_token"}
            )
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Printer kasir %(code)s disimpan. Cetak halaman uji untuk mencobanya.", code=register.code))
            return redirect(url_for("receipts.printer", register_id=register_id))
    return _page(register, form), 422 if form.errors else 200


def _page(register: Register, form: PrinterForm) -> str:
    tests = printing.jobs(g.person, register_id=register.id)
    return render_template(
        "receipts/printer.html",
        form=form,
        register=register,
        printer=printer_of(register),
        recent=printing.tests_of(tests, RECENT),
        **print_pages.job_words(),
    )


@web.require("admin")
def print_test(register_id: int) -> Any:
    register = trees.register_for(g.person, register_id)
    if printer_of(register).kind == "browser":
        return redirect(url_for("receipts.test_page", register_id=register_id))
    code = register.code
    printing.print_test(register, print_pages.base_url())
    print_pages.start(register_id)
    flash(_("Halaman uji dikirim ke printer %(code)s. Muat ulang halaman ini untuk melihat hasilnya.", code=code))
    return redirect(url_for("receipts.printer", register_id=register_id))


@web.require("admin")
def test_page(register_id: int) -> Any:
    register = trees.register_for(g.person, register_id)
    width = register.paper_width
    return render_template(
        "receipts/test_page.html",
        register=register,
        width=width,
        room=round(slip.PAPERS[width]),
        now=clock.now(),
        page=testpage,
    )


PAGES = (
    ("/unit/kasir/<int:register_id>/printer", printer, ["GET", "POST"]),
    ("/unit/kasir/<int:register_id>/printer/uji", print_test, ["POST"]),
    ("/unit/kasir/<int:register_id>/printer/uji", test_page, ["GET"]),
)

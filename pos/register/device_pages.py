"""The page on which a supervisor binds this browser to a register."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from pos import web
from pos.errors import PosError
from pos.register import door
from pos.units import devices, services


class DeviceForm(FlaskForm):
    register = SelectField(_l("Kasir"), coerce=int)
    name = web.TextField(
        _l("Nama perangkat"), [Length(max=devices.LONGEST_NAME)], render_kw={"placeholder": _l("Tablet depan")}
    )


@web.require("staff", "admin")
def enrol() -> Any:
    here, registers = door.device_here(), services.registers_for(g.person)
    form = DeviceForm()
    form.register.choices = [SelectChoice(row.id, f"{row.code} · {row.gallery.name}") for row in registers]
    if request.method == "GET" and here:
        form.register.data = next((row.id for row in registers if row.code == here.register), None)
    if form.validate_on_submit():
        register = next(row for row in registers if row.id == form.register.data)
        try:
            secret = devices.enrol(register, form.name.data, g.person, instead=here)
        except PosError as error:
            web.put_errors(form, error)
        else:
            flash(_("Perangkat ini sekarang kasir %(code)s. Buka halaman Kasir sekali di sini.", code=register.code))
            answer = redirect(url_for("register.enrol"))
            door.remember(answer, secret)
            return answer
    page = render_template(
        "register/enrol.html", form=form, here=here, registers=registers, devices=devices.devices_at(registers)
    )
    return page, 422 if form.errors else 200


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (("/kasir/daftarkan", enrol, ["GET", "POST"]),)

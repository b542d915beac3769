"""The set-up page of an empty database, and what to do next."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _l
from flask_login import login_user
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from pos import web
from pos.errors import PosError
from pos.founding import services
from pos.units.services import SHORTEST_PASSWORD

bp = Blueprint("founding", __name__)
FOUNDED = "etalase.founded"  # remembered by the app: an installation never becomes an empty database again
_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
_NEW = {"autocomplete": "new-password"}


class SetUpForm(FlaskForm):
    name = web.TextField(
        _l("Nama lengkap"),
        [DataRequired(_l("Isi nama Anda.")), Length(max=80)],
        render_kw={"autocomplete": "name"},
    )
    username = web.TextField(_l("Nama masuk"), [DataRequired(_l("Isi nama masuk.")), Length(max=40)], render_kw=_PLAIN)
    password = PasswordField(_l("Kata sandi"), [InputRequired(_l("Isi kata sandi."))], render_kw=_NEW)
    again = PasswordField(
        _l("Kata sandi, sekali lagi"), [EqualTo("password", _l("Kedua kata sandi tidak sama."))], render_kw=_NEW
    )
    unit = web.TextField(
        _l("Unit"),
        [DataRequired(_l("Pilih unitnya."))],
        render_kw={"list": "units", "autocomplete": "off", "autofocus": True},
    )
    gallery = web.TextField(_l("Nama galeri"), [Length(max=120)])
    address = web.TextField(_l("Alamat"), [Length(max=200)], render_kw={"autocomplete": "street-address"})
    phone = web.TextField(_l("Telepon"), [Length(max=40)], render_kw={"inputmode": "tel", "autocomplete": "tel"})
    code = web.TextField(_l("Kode kasir pertama"), [Length(max=12)], render_kw={"autocapitalize": "characters"})
    cashier = web.TextField(_l("Nama masuk kasir"), [Length(max=40)], render_kw=_PLAIN)
    cashier_password = PasswordField(_l("Kata sandi kasir"), render_kw=_NEW)

    def answers(self) -> services.Answers:
        typed = {name: value for name, value in self.data.items() if name not in ("again", "csrf_token")}
        secret = ("password", "cashier_password")
        return services.Answers(**{k: v if k in secret else " ".join((v or "").split()) for k, v in typed.items()})


@bp.before_app_request
def begin_here() -> Any:
    """On an empty database every page leads to the set-up page."""
    if FOUNDED in current_app.extensions or request.endpoint in ("static", "units.health", "units.choose_language"):
        return None
    if not services.is_empty():
        current_app.extensions[FOUNDED] = True
        return None
    wanted = web.wants_json() or (request.endpoint or "").startswith(("founding.", "bootstrap."))
    return None if wanted else redirect(url_for("founding.set_up"))


@bp.route("/pasang", methods=["GET", "POST"])
def set_up() -> Any:
    if not services.is_empty():
        abort(404)
    form = SetUpForm()
    if form.validate_on_submit():
        try:
            person = services.found(form.answers())
        except services.AlreadyFounded as faster:
            flash(web.say(faster.sentence))
            return redirect(url_for("units.home"))
        except PosError as error:
            web.put_errors(form, error)
        else:
            session.clear()
            login_user(person)
            return redirect(url_for("founding.next_steps"))
    page = render_template("founding/set_up.html", form=form, choices=services.choices(), shortest=SHORTEST_PASSWORD)
    return page, 422 if form.errors else 200


@bp.get("/mulai")
@web.require("admin")
def next_steps() -> Any:
    return render_template("founding/next_steps.html", progress=services.progress(g.person))

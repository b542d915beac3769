"""Signing in and out, language, the first page, health; and the addresses of this room."""

import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, send_file, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_user, logout_user
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import DataRequired

from pos import web
from pos.db import db
from pos.units import letterhead_pages, people_pages, services, tree_pages

bp = Blueprint("units", __name__)
HOME = {
    "cashier": "register.till",
    "staff": "catalog.products",
    "official": "reports.campaigns",
    "admin": "reports.campaigns",
    "auditor": "bundle.page",
}
MOST_TYPED = 200
INTERFACE = Path(__file__).parent.parent / "openapi.json"


class SignInForm(FlaskForm):
    username = web.TextField(
        _l("Nama masuk"),
        [DataRequired(_l("Isi nama masuk."))],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Kata sandi"), [DataRequired(_l("Isi kata sandi."))], render_kw={"autocomplete": "current-password"}
    )


@bp.get("/")
def home() -> Any:
    if g.person is None:
        return redirect(url_for("units.sign_in"))
    return redirect(url_for(HOME[g.person.role]))


@bp.route("/masuk", methods=["GET", "POST"])
@web.limiter.limit("60/minute;600/hour", methods=["POST"], deduct_when=lambda response: response.status_code == 422)
@web.limiter.limit(
    "10/minute;60/hour",
    key_func=lambda: _guesser(),
    methods=["POST"],
    deduct_when=lambda response: response.status_code == 422,
)
def sign_in() -> Any:
    form = SignInForm()
    if form.validate_on_submit():
        person = services.sign_in(form.username.data[:MOST_TYPED], form.password.data[:MOST_TYPED])
        if person:
            enter(person)
            return redirect(_safe(request.args.get("next")) or url_for(HOME[person.role]))
        form.password.errors = [_("Nama masuk atau kata sandi salah.")]
    return render_template("units/sign_in.html", form=form), 422 if form.errors else 200


def _guesser() -> str:
    """Who guesses at which name: a whole office behind one address is not shut out by one colleague's mistakes."""
    name = web.one_line(request.form.get("username", "")).lower()  # as it is looked for: unseen letters make no other
    return f"{web.get_remote_address()} {name[:MOST_TYPED]}"


def enter(person: services.Person) -> None:
    """Sign the person in, in a session that holds nothing from before but the language."""
    chosen = session.get("language")
    session.clear()
    session["language"] = chosen
    login_user(person)


@bp.post("/keluar")
def sign_out() -> Any:
    """Forget the person in this browser.

    The cookie itself holds the session: a copy of it taken before stays good until the person gets a new
    password or is deactivated, which is what ends every session at once (a lost or shared device).
    """
    logout_user()
    flash(_("Anda sudah keluar."))
    return redirect(url_for("units.sign_in"))


@bp.post("/bahasa/<code>")
def choose_language(code: str) -> Any:
    if code in web.LANGUAGES:
        session["language"] = code
    return redirect(_safe(request.form.get("next")) or url_for("units.home"))


@bp.get("/healthz")
def health() -> Any:
    db.session.execute(sa.text("SELECT 1"))
    return jsonify({"status": "ok"})


@bp.get("/api/openapi.json")
def interface() -> Any:
    """The whole JSON interface, described."""
    return send_file(INTERFACE, mimetype="application/json", max_age=3600)


def _safe(path: str | None) -> str | None:
    """A path on this site, or None."""
    return path if path and re.fullmatch(r"/(?![/\\])[^\x00-\x20\\\x7f]*", path) else None


for path, view, methods in (*tree_pages.PAGES, *letterhead_pages.PAGES, *people_pages.PAGES):
    bp.add_url_rule(path, view_func=view, methods=methods)

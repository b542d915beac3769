"""Bringing in the sales that a device saved to a file: a look first, then each exactly once."""

from collections.abc import Callable
from typing import Any

from flask import current_app, g, redirect, render_template, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from pos import web
from pos.catalog import uploads
from pos.errors import PosError
from pos.register import carried


class SalesFileForm(FlaskForm):
    file = FileField(
        _l("Berkas nota (.jsonl)"), [FileRequired(_l("Pilih berkas dahulu."))], render_kw={"accept": ".jsonl"}
    )


@web.require("staff")
def import_sales() -> Any:
    form = SalesFileForm()
    if form.validate_on_submit():
        data, filename = form.file.data.read(), uploads.tidy(form.file.data.filename)
        try:
            carried.read(data)
        except PosError as error:
            form.file.errors = [web.say(error.sentence)]
        else:
            token = uploads.keep(current_app.instance_path, g.person, data, filename)
            return redirect(url_for("register.preview_sales", token=token))
    return render_template("register/import.html", form=form), 422 if form.errors else 200


@web.require("staff")
def preview_sales(token: str) -> Any:
    data, filename = uploads.kept(current_app.instance_path, g.person, token)
    found = carried.preview(carried.read(data), g.person)
    return _page(found, filename, done=False)


@web.require("staff")
def bring_in_sales(token: str) -> Any:
    """The file stays until it is a day old, so that a page loaded again shows that nothing is brought in twice."""
    data, filename = uploads.kept(current_app.instance_path, g.person, token)
    return _page(carried.bring_in(carried.read(data), g.person, filename), filename, done=True)


def _page(found: list[carried.Carried], filename: str, done: bool) -> str:
    refused_first = sorted(found, key=lambda sale: sale.status != "refused")
    counts = carried.counts(found)
    return render_template("register/carried.html", sales=refused_first, counts=counts, filename=filename, done=done)


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/nota/impor", import_sales, ["GET", "POST"]),
    ("/nota/impor/<token>", preview_sales, ["GET"]),
    ("/nota/impor/<token>", bring_in_sales, ["POST"]),
)

"""The button beside a scheme that has not begun: it is taken back."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, url_for
from flask_babel import gettext as _

from pos import web
from pos.treasury import schemes


@web.require("admin")
def withdraw_scheme(scheme_id: int) -> Any:
    gone = schemes.withdraw(g.person, scheme_id)
    flash(_("Skema %(name)s dibatalkan sebelum berlaku.", name=gone.name))
    return redirect(url_for("revenue.schemes"))


PAGES: tuple[tuple[str, Callable[..., Any], list[str]], ...] = (
    ("/skema/<int:scheme_id>/batalkan", withdraw_scheme, ["POST"]),
)

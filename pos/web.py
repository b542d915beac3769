"""What every page shares: guards, error answers, headers, language, template filters."""

import re
from collections.abc import Callable
from functools import wraps
from importlib import resources
from typing import Any, ParamSpec

from flask import Flask, Response, g, jsonify, redirect, render_template, request, session, url_for
from flask_babel import Babel, format_date, format_datetime, gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from pos import clock, money
from pos.errors import Forbidden, NotSignedIn, PosError, Sentence

P = ParamSpec("P")
LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sw"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://")
babel = Babel()


# -- guards --------------------------------------------------------------------------------------------


def require(*roles: str) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Let in who is signed in with one of `roles` (any role when none is named)."""

    def guard(view: Callable[P, Any]) -> Callable[P, Any]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
            if not current_user.is_authenticated:
                raise NotSignedIn("Silakan masuk dahulu.")
            if roles and not current_user.may(*roles):
                raise Forbidden("Peran Anda tidak boleh membuka ini.")
            return view(*args, **kwargs)

        return guarded

    return guard


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.is_json or request.headers.get("X-Outbox") is not None


# -- errors --------------------------------------------------------------------------------------------


def say(sentence: Sentence) -> str:
    """The sentence in the reader's language."""
    values = {k: say(v) if isinstance(v, Sentence) else v for k, v in sentence.values.items()}
    return str(gettext(sentence.text, **values)) if values else str(gettext(sentence.text))


def answer_error(error: PosError) -> BaseResponse | tuple[Any, int]:
    if wants_json():
        return json_error(
            error.status,
            error.code,
            say(error.sentence),
            {name: say(text) for name, text in error.fields.items()},
            error.data,
        )
    if isinstance(error, NotSignedIn):
        return redirect(
            url_for("units.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None)
        )
    return render_template(
        "error.html",
        status=error.status,
        sentence=say(error.sentence),
        fields={k: say(v) for k, v in error.fields.items()},
    ), error.status


def json_error(
    status: int, code: str, message: str, fields: dict[str, str] | None = None, data: dict[str, Any] | None = None
) -> tuple[Response, int]:
    return jsonify({"error": {"code": code, "message": message, "fields": fields or {}, **(data or {})}}), status


def _answer_http(error: HTTPException) -> Any:
    status = error.code or 500
    sentences = {
        404: gettext("Halaman ini tidak ada."),
        405: gettext("Cara membuka halaman ini tidak benar."),
        413: gettext("Berkas terlalu besar."),
        429: gettext("Terlalu banyak percobaan. Tunggu sebentar."),
    }
    sentence = sentences.get(status, gettext("Permintaan ini tidak bisa dipenuhi."))
    if isinstance(error, CSRFError):
        sentence = gettext("Halaman ini sudah terlalu lama terbuka. Muat ulang lalu coba lagi.")
    if error.response is not None:
        return error.response
    if wants_json():
        return json_error(
            status, "csrf" if isinstance(error, CSRFError) else error.name.lower().replace(" ", "_"), sentence
        )
    return render_template("error.html", status=status, sentence=sentence, fields={}), status


def _answer_crash(error: Exception) -> Any:
    from flask import current_app

    current_app.logger.exception("unexpected error")
    sentence = gettext("Terjadi kesalahan di server. Data Anda tidak setengah tersimpan; coba lagi.")
    if wants_json():
        return json_error(500, "server_error", sentence)
    return render_template("error.html", status=500, sentence=sentence, fields={}), 500


# -- language, filters, headers ------------------------------------------------------------------------


def language() -> str:
    chosen = session.get("language") if request else None
    return chosen if chosen in LANGUAGES else "id"


def tr(text: str) -> str:
    """Translate a marked (`N_`) word where it is shown."""
    return str(gettext(text))


FILTERS: dict[str, Callable[..., Any]] = {
    "rupiah": money.rupiah,
    "grouped": money.grouped,
    "qty": money.quantity_text,
    "tr": tr,
    "say": say,
    "day": lambda value: format_date(value, "d MMM yyyy"),
    "day_long": lambda value: format_date(value, "EEEE, d MMMM yyyy"),
    "at": lambda value, zone: f"{format_datetime(clock.local(value, zone), 'd MMM yyyy HH.mm', rebase=False)} {zone}",
    "clock": lambda value, zone: f"{format_datetime(clock.local(value, zone), 'HH.mm', rebase=False)} {zone}",
}


def _headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store" if current_user.is_authenticated else "no-cache")
    return response


def install(app: Flask) -> None:
    """Put all of this into `app`."""
    csrf.init_app(app)
    limiter.init_app(app)
    babel.init_app(app, locale_selector=language)
    app.register_error_handler(PosError, answer_error)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_crash)
    app.after_request(_headers)
    for name, function in FILTERS.items():
        app.template_filter(name)(function)
    icons = _icons()
    app.jinja_env.globals.update(languages=LANGUAGES, language=language, icon=lambda name: icons[name])

    @app.before_request
    def _remember_person() -> None:
        g.person = current_user._get_current_object() if current_user.is_authenticated else None


def _icons() -> dict[str, Markup]:
    """The icons in use, cut once from Bootstrap's sprite and inlined where they stand."""
    sprite = resources.files("flask_bootstrap").joinpath("static/bootstrap5/icons/bootstrap-icons.svg").read_text()
    shapes = dict(re.findall(r'<symbol[^>]* id="([^"]+)">(.*?)</symbol>', sprite, re.S))
    return {
        name: Markup(
            f'<svg class="icon" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">{shapes[name]}</svg>'
        )
        for name in ICONS
    }


ICONS = (
    "upc-scan",
    "box-seam",
    "tags",
    "graph-up",
    "people",
    "diagram-3",
    "printer",
    "receipt",
    "search",
    "check-circle",
    "x-circle",
    "exclamation-triangle",
    "cash-stack",
    "qr-code",
    "bank",
    "download",
    "upload",
    "plus-lg",
    "trash",
    "arrow-left",
    "chevron-right",
    "box-arrow-right",
    "shop",
    "pencil",
    "star-fill",
    "clock-history",
)

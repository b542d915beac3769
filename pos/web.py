"""What every page shares: guards, error answers, headers, language, template filters."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, ParamSpec
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, Response, abort, current_app, g, jsonify, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_babel import Babel, format_date, format_datetime, gettext, pgettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import IntegerConverter
from werkzeug.wrappers import Response as BaseResponse
from wtforms import Field, Form, StringField

from pos import clock, menu, money
from pos.db import db
from pos.errors import Forbidden, NotSignedIn, PosError, Sentence, Word
from pos.form_words import FormWords
from pos.icons import inlined

P = ParamSpec("P")
LONGEST_FIELD = 100
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


class _Limiter(Limiter):
    """No limit holds everywhere, so nothing is looked for before a request: a view's own limit is checked around it."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


class _Sessions(SecureCookieSessionInterface):
    """Sessions in a cookie; what is the same for everybody (`g.for_all`) neither sets one nor varies by it."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not g.get("for_all"):
            super().save_session(app, session, response)


limiter = _Limiter(get_remote_address, storage_uri="memory://")
babel = Babel()


# -- guards --------------------------------------------------------------------------------------------


def require(*roles: str) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """Let in who is signed in with one of `roles` (any role when none is named)."""

    def guard(view: Callable[P, Any]) -> Callable[P, Any]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
            admit(*roles)
            return view(*args, **kwargs)

        return guarded

    return guard


def admit(*roles: str) -> None:
    """Raise unless somebody is signed in, with one of `roles` (any role when none is named)."""
    if not current_user.is_authenticated:
        raise NotSignedIn("Silakan masuk dahulu.")
    if roles and not current_user.may(*roles):
        raise Forbidden("Peran Anda tidak boleh membuka ini.")


def check_token() -> None:
    """Ask for the CSRF token, once a request, where a view that is exempt has found that it needs one."""
    if current_app.config["WTF_CSRF_ENABLED"] and not g.get("csrf_valid"):
        csrf.protect()


def wants_json() -> bool:
    return request.path.startswith("/api/") or request.is_json or request.headers.get("X-Outbox") is not None


# -- errors --------------------------------------------------------------------------------------------


def say(sentence: Sentence) -> str:
    """The sentence in the reader's language."""
    values = {k: _spoken(v) for k, v in sentence.values.items()}
    return str(gettext(sentence.text, **values)) if values else str(gettext(sentence.text))


def _spoken(value: Any) -> Any:
    if isinstance(value, Sentence):
        return say(value)
    return format_date(value, "d MMMM yyyy") if isinstance(value, date) else value


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
    if isinstance(error, SecurityError):  # a host that is not ours: no address can be built for it
        return Response(sentence, status, mimetype="text/plain")
    if wants_json():
        return json_error(
            status, "csrf" if isinstance(error, CSRFError) else error.name.lower().replace(" ", "_"), sentence
        )
    return render_template("error.html", status=status, sentence=sentence, fields={}), status


def _answer_crash(error: Exception) -> Any:
    current_app.logger.exception("unexpected error")
    sentence = gettext("Terjadi kesalahan di server. Data Anda tidak setengah tersimpan; coba lagi.")
    if wants_json():
        return json_error(500, "server_error", sentence)
    return render_template("error.html", status=500, sentence=sentence, fields={}), 500


# -- forms and lists -------------------------------------------------------------------------------------


def one_line(text: str) -> str:
    """`text` without control characters, every kind of space a plain one, trimmed."""
    return "".join(" " if char.isspace() else char for char in text if char.isspace() or char.isprintable()).strip()


def number(text: str) -> int:
    """A number of an address, for `request.args.get(..., type=)`: at most nine plain digits, else `ValueError`."""
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise ValueError(text)
    return int(text)


class TextField(StringField):
    """A line of text, trimmed and without what cannot be printed; what was not sent is empty."""

    data: str

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        self.data = one_line(self.data or "")


class RupiahField(StringField):
    """Whole rupiah as people write them: `80000`, `80.000`, `Rp 80.000`, `80.000,00`; the data is an `int` or None."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"render_kw": {"inputmode": "numeric", "autocomplete": "off"}} | kwargs))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return money.grouped(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = re.sub(r"^Rp|\s", "", valuelist[0].strip(), flags=re.I) if valuelist else ""
        if not text:
            return
        if not re.fullmatch(r"(\d+|\d{1,3}(\.\d{3})+)(,0{1,2})?", text, re.ASCII):
            raise ValueError(gettext("Tulis rupiah bulat, misalnya 80.000."))
        digits = text.split(",")[0].replace(".", "")
        if len(digits) > len(str(money.MAX_RUPIAH)) or int(digits) > money.MAX_RUPIAH:
            raise ValueError(gettext("Jumlah ini terlalu besar."))
        self.data = int(digits)


def put_errors(form: Form, error: PosError) -> None:
    """Show what a service refused beside the fields it names; the sentence itself where it names none of them."""
    shown = False
    for name, sentence in error.fields.items():
        target: Field | None = form._fields.get(name)
        if target is not None:
            target.errors, shown = [*target.errors, say(sentence)], True
    if not shown:
        form.form_errors.append(say(error.sentence))


@dataclass(frozen=True)
class Page:
    """One page of a list: its rows, its number from 1, how many pages and rows there are."""

    rows: Sequence[Any]
    number: int
    count: int
    total: int


def paged(query: Any, size: int = 50, name: str = "hal", total: int | None = None) -> Page:
    """The page of `query` that the address asks for with `name`; rows come as `execute` gives them.

    Where the `total` is known, `query` may be a function: of how many rows from the first it is to find.
    """
    if total is None:
        total = db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    count = max(1, -(-total // size))
    asked = min(max(1, request.args.get(name, 1, number)), count)
    rows = query(asked * size) if callable(query) else query
    return Page(db.session.execute(rows.limit(size).offset((asked - 1) * size)).all(), asked, count, total)


def here(**changes: Any) -> str:
    """The address of this page with some of its query changed (None drops one); a new filter starts at page 1."""
    fixed = request.view_args or {}
    asked = {  # never what `url_for` would take for an order to itself (`_external`, `_scheme`, `endpoint`)
        name: values
        for name, values in request.args.to_dict(flat=False).items()
        if not name.startswith("_") and name != "endpoint" and name not in fixed
    }
    query = asked | {"hal": [], **{k: [] if v is None else [v] for k, v in changes.items()}}
    return url_for(request.endpoint or "units.home", **fixed, **query)


@dataclass(frozen=True)
class MenuHere:
    """What the reader may open, and the group and entry that this page belongs to (None where it is in none)."""

    groups: Sequence[menu.Group]
    group: menu.Group | None
    entry: menu.Entry | None


def came_from() -> str | None:
    """The other page of ours that led here, without its host."""
    said = urlsplit(request.referrer or "")
    page = said._replace(scheme="", netloc="", fragment="").geturl()
    ours = said.netloc == request.host and not said.path.startswith("//")
    return page if ours and page != request.full_path.rstrip("?") else None


def menu_here() -> MenuHere:
    """The reader's menu; a page belongs to the entry whose address is the longest beginning of its own."""
    groups = menu.for_role(g.person.role)
    found: tuple[int, menu.Group | None, menu.Entry | None] = (0, None, None)
    for group in groups:
        for entry in group.entries:
            address = url_for(entry.endpoint)
            if len(address) > found[0] and (request.path + "/").startswith(address + "/"):
                found = (len(address), group, entry)
    return MenuHere(groups, *found[1:])


# -- language, filters, headers ------------------------------------------------------------------------


def language() -> str:
    chosen = g.get("language") or session.get("language") if request else None
    return chosen if chosen in LANGUAGES else "id"


def tr(text: str) -> str:
    """Translate a marked (`N_`, `NC_`) word where it is shown."""
    if isinstance(text, Word):
        return str(pgettext(text.context, text))
    return str(gettext(text)) if text else ""  # gettext answers an empty text with the catalogue's header


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
    if (request.endpoint or "").endswith("static") or "Cache-Control" in response.headers:
        return response
    if current_user.is_authenticated:
        response.headers["Cache-Control"] = "no-store"
    elif response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-cache"
    return response


class _Id(IntegerConverter):
    """`<int:...>` of an address: what the database's integers hold; anything else is no page."""

    regex = "[0-9]{1,10}"

    def __init__(self, map: Any) -> None:
        super().__init__(map, max=2**31 - 1)


def _check_request() -> None:
    """Refuse what no page of ours sends and the libraries below would stumble over."""
    given = [value for part in (request.args, request.form) for _, value in part.items(multi=True)]
    if any("\x00" in text for text in (request.path, *given)):
        abort(400)  # no text of ours holds it, and PostgreSQL cannot
    if any(len(name) > LONGEST_FIELD or re.search(r"[^\W_a-zA-Z0-9-]", name) for name in request.form):
        abort(400)  # the rows of a list are numbered by their names, and `²` is no number
    if request.is_json and not request.path.startswith("/api/"):
        abort(415)  # Flask-WTF would read it as a form, with values that are no texts


def install(app: Flask) -> None:
    """Put all of this into `app`."""
    app.url_map.converters["int"] = _Id
    app.session_interface = _Sessions()
    csrf.init_app(app)
    limiter.init_app(app)
    babel.init_app(app, locale_selector=language)
    app.register_error_handler(PosError, answer_error)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(Exception, _answer_crash)
    app.after_request(_headers)
    for name, function in FILTERS.items():
        app.template_filter(name)(function)
    icons = inlined()
    app.jinja_env.globals.update(languages=LANGUAGES, language=language, icon=lambda name: icons[name])
    app.jinja_env.globals.update(here=here, came_from=came_from, menu_here=menu_here)

    @app.before_request
    def _remember_person() -> None:
        _check_request()
        request.wtforms_translations = FormWords()  # type: ignore[attr-defined]  # where Flask-WTF looks for them
        g.person = current_user._get_current_object() if current_user.is_authenticated else None

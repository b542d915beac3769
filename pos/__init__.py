"""Etalase: the cashier and campaign tracker for the galleries of Indonesia's correctional institutions."""

import os
import secrets
from importlib import import_module
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_compress import Compress
from flask_login import LoginManager
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"

# Every module with addresses of its own, room by room from the lowest.
PAGES = (
    "pos.units.views",
    "pos.founding.views",
    "pos.catalog.views",
    "pos.revenue.views",
    "pos.storefront.views",
    "pos.labels.reprint_pages",
    "pos.labels.views",
    "pos.stock.views",
    "pos.campaigns.views",
    "pos.register.shift_views",
    "pos.register.views",
    "pos.receipts.removal_pages",
    "pos.receipts.shift_views",
    "pos.receipts.views",
    "pos.consignment.views",
    "pos.treasury.views",
    "pos.reports.book_pages",
    "pos.reports.bundle_pages",
    "pos.reports.compare_pages",
    "pos.reports.evening_pages",
    "pos.reports.heat_pages",
    "pos.reports.paid_pages",
    "pos.reports.premi_pages",
    "pos.reports.mapping_pages",
    "pos.reports.officer_pages",
    "pos.reports.report_pages",
    "pos.reports.special_pages",
    "pos.reports.views",
    "pos.reports.wall_pages",
    "pos.verification.declaring_pages",
    "pos.verification.late_pages",
    "pos.verification.pack_pages",
    "pos.verification.views",
)


def create_app(config: dict[str, Any] | None = None) -> Flask:
    """The whole program, wired. `config` overrides; the database is `POS_DATABASE_URL` or instance/pos.db."""
    app = Flask(
        __name__,
        instance_path=str(INSTANCE),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(
        SQLALCHEMY_DATABASE_URI=database_url(os.environ.get("POS_DATABASE_URL", "")),
        TRUSTED_HOSTS=os.environ.get("POS_TRUSTED_HOSTS", "").replace(",", " ").split() or None,
        PROXIES=int(os.environ.get("POS_PROXIES", "") or 0),
        PUBLIC_URL=os.environ.get("POS_PUBLIC_URL", "").rstrip("/"),
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=os.environ.get("POS_HTTPS", "") == "1",
        BOOTSTRAP_SERVE_LOCAL=True,
        BABEL_DEFAULT_LOCALE="id",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "pos" / "translations"),
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"],
        COMPRESS_ALGORITHM=["br", "zstd", "gzip", "deflate"],
        COMPRESS_ALGORITHM_STREAMING=["br", "zstd", "deflate"],
        COMPRESS_BR_LEVEL=5,  # the smallest for what it costs
        RATELIMIT_ENABLED=True,
    )
    app.config.update(config or {})
    app.config["SECRET_KEY"] = app.config.get("SECRET_KEY") or _secret(Path(app.instance_path))
    _compile_words(Path(app.config["BABEL_TRANSLATION_DIRECTORIES"]))
    _wire(app, app.config["SQLALCHEMY_DATABASE_URI"])
    if behind := app.config["PROXIES"]:  # whom the limits count is then whom the outermost of our proxies saw
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=behind, x_proto=behind)  # type: ignore[method-assign]
    return app


def database_url(given: str) -> str:
    """What SQLAlchemy wants: SQLite by default; a plain `postgresql://` means the psycopg 3 driver."""
    if not given:
        return f"sqlite:///{INSTANCE / 'pos.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if given.startswith(prefix):
            return "postgresql+psycopg://" + given.removeprefix(prefix)
    return given


def _wire(app: Flask, url: str) -> None:
    from flask_bootstrap import Bootstrap5

    from pos import db as database
    from pos import web
    from pos.reading_json import Provider
    from pos.units.services import person_of

    app.json = Provider(app)
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", database.engine_options(url))
    database.db.init_app(app)
    Migrate(app, database.db, directory=str(ROOT / "pos" / "migrations"), render_as_batch=True, compare_type=True)
    Bootstrap5(app)
    Compress(app)
    login = LoginManager(app)
    login.user_loader(person_of)
    web.install(app)
    for blueprint in _blueprints():
        app.register_blueprint(blueprint)
    with app.app_context():
        database.prepare(database.db.engine)


def _blueprints() -> list[Any]:
    return [import_module(name).bp for name in PAGES]


def _secret(instance: Path) -> str:
    """The cookie-signing key of this installation, made once and readable by its owner only."""
    path = instance / "secret"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()


def _compile_words(folder: Path) -> None:
    """Compile the catalogues whose text is newer than their compiled form."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            part = target.with_suffix(f".{os.getpid()}")
            with source.open("rb") as text, part.open("wb") as compiled:
                write_mo(compiled, read_po(text))
            part.replace(target)

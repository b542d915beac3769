"""A database in which nothing is yet, on each engine in turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos.db import db
from tests.conftest import ENGINES, app_on, pg_url


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield _with_tables(f"sqlite:///{tmp_path / 'pos.db'}", tmp_path)
        return
    server = request.getfixturevalue("postgres")
    name = f"e{abs(hash(str(tmp_path))):x}"
    server.psql(f"CREATE DATABASE {name};")
    yield _with_tables(pg_url(server, name), tmp_path)
    server.psql(f"DROP DATABASE {name} WITH (FORCE);")


def _with_tables(url: str, folder: Path) -> str:
    app = app_on(url, folder)
    with app.app_context():
        db.create_all()
        db.engine.dispose()
    return url

"""A database in which nothing is yet, on each engine in turn."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pos.db import db
from tests.conftest import ENGINES
from tests.grounds import GROUNDS, Ground, PostgresGround, SqliteGround, app_on, make_tables, pg_url


@pytest.fixture(scope="package")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    folder = tmp_path_factory.mktemp("empty")
    _with_tables(f"sqlite:///{folder / 'empty.db'}", folder)
    return SqliteGround(folder / "empty.db", tmp_path_factory.mktemp("ground"))


@pytest.fixture(scope="package")
def empty_postgresql(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    postgres.psql("CREATE DATABASE empty;")
    _with_tables(pg_url(postgres, "empty"), tmp_path_factory.mktemp("empty"))
    ground = PostgresGround(postgres, "empty")
    yield ground
    ground.close()
    ground.watch.close()
    postgres.psql(f"DROP DATABASE IF EXISTS {ground.name} WITH (FORCE);")
    postgres.psql("DROP DATABASE empty WITH (FORCE);")


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    ground: Ground = request.getfixturevalue(f"empty_{request.param}")
    GROUNDS[ground.url] = ground
    return ground.ready()


def _with_tables(url: str, folder: Path) -> None:
    app = app_on(url, folder)
    with app.app_context():
        make_tables()
        db.engine.dispose()

"""The program with all its pages, loaded and made once: what `tests.forks` forks."""

import tempfile
from pathlib import Path

import pytest
import waitress

from pos import cli, create_app

__all__ = ["cli", "pytest", "waitress"]
NEVER_OPENED = Path(tempfile.gettempdir(), "never-opened")
create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{NEVER_OPENED}", "SECRET_KEY": "test"})

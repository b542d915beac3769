"""Reports are made by commands too."""

from tests.commands.conftest import pos

__all__ = ["pos"]

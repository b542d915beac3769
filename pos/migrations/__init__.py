"""Alembic's history of the tables; `upgrade()` brings a database to today's."""

from flask_migrate import stamp, upgrade

__all__ = ["stamp", "upgrade"]

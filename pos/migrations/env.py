"""Alembic's entry: the running app's engine and models; SQLite tables are altered by copying."""

from alembic import context
from flask import current_app

migrate = current_app.extensions["migrate"]
engine = migrate.db.engine

if context.is_offline_mode():
    raise SystemExit("migrations run on a live database only")

with engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        connection = connection.execution_options(writes=True)
    context.configure(
        connection=connection,
        target_metadata=migrate.db.metadata,
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="pos.db.",
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()

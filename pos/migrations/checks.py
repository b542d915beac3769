"""Changing what a table allows, in place: where others point at it, or it has its guards."""

from alembic import op


def reword(table: str, name: str, old: str, new: str) -> None:
    """Let the constraint `name` of `table` say `new` where it said `old` (SQL as it stands in the schema).

    For SQLite this is the way its manual gives for a CHECK that no row breaks ("Making Other Kinds Of Table Schema
    Changes"): the words of the schema are changed, and its version tells every connection to read them again.
    """
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table)
        op.create_check_constraint(op.f(name), table, new)
        return
    _respell(table, f"{name} CHECK ({old})", f"{name} CHECK ({new})")


def let_be_null(table: str, column: str, kind: str) -> None:
    """Let `column` of `table`, of this SQLite type, hold nothing."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(table, column, nullable=True)
        return
    _respell(table, f"{column} {kind} NOT NULL", f"{column} {kind}")


def _respell(table: str, old: str, new: str) -> None:
    connection = op.get_bind()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
        (old, new, table, old),
    )
    if changed.rowcount != 1:
        raise RuntimeError(f"the table {table} is not as the migrations before left it")
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")

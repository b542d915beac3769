"""The checkout's short way to the driver stores and reads exactly what SQLAlchemy's own way does."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from pos.campaigns.models import Turnover
from pos.campaigns.services import rows_of
from pos.db import db, reading, write
from pos.fast import Insert, Query
from pos.register.models import Payment, Sale, SaleLine
from pos.stock.models import StockMove
from tests import world

TABLES: list[Any] = [model.__table__ for model in (Sale, SaleLine, Payment, StockMove, Turnover)]
NASTY = "Kue \"lapis\" 100% Ölü \\ 'x' %s :a {} ✓"


def everything(table: Any) -> list[dict[str, Any]]:
    generated = table.autoincrement_column
    rows = db.session.execute(sa.select(table).order_by(*table.primary_key)).mappings()
    found = [{c.name: row[c.name] for c in table.columns if c is not generated} for row in rows]
    db.session.rollback()
    return found


def remove_all_sales() -> None:
    """Empty what is written once, with the guards out of the way."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET session_replication_role = replica"))
        else:
            for (name,) in connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.execute(sa.text(f"DROP TRIGGER {name}"))
        for table in reversed(TABLES):
            connection.execute(sa.delete(table))
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET session_replication_role = DEFAULT"))


def test_rows_arrive_as_sqlalchemy_itself_would_have_written_them(ctx: Any) -> None:
    world.sell(lines=[("Tas rajut", 2000, 1), ("Miniatur kapal", 1000), ("Keripik pisang", 1500)], note=NASTY)
    fast = {table: everything(table) for table in TABLES}
    assert [len(rows) for rows in fast.values()] == [1, 3, 1, 3, 2] and fast[TABLES[0]][0]["note"] == NASTY
    remove_all_sales()
    with db.engine.begin() as connection:
        for table, rows in fast.items():
            connection.execute(sa.insert(table), rows)
    assert {table: everything(table) for table in TABLES} == fast


def test_an_upsert_adds_to_what_is_there_and_keeps_the_later_instant(ctx: Any) -> None:
    for at in ("2026-04-02T10:00:00.250+09:00", "2026-04-02T09:00:00+09:00"):
        world.sell(at=at)
    lines = everything(SaleLine.__table__)
    (kept,) = everything(Turnover.__table__)
    (first,), (second,) = rows_of(lines[:1], False), rows_of(lines[1:], False)
    assert {name: kept[name] for name in ("omzet", "pieces", "sales", "pnbp")} == {
        name: first[name] + second[name] for name in ("omzet", "pieces", "sales", "pnbp")
    }
    assert kept["changed_at"] == max(row["recorded_at"] for row in everything(Sale.__table__))


@pytest.mark.parametrize("instant", [datetime(2026, 4, 1, 3, 4, 5, 6000, UTC), datetime(2026, 4, 1, tzinfo=UTC)])
def test_a_query_reads_what_sqlalchemy_reads(ctx: Any, instant: datetime) -> None:
    sold = world.sell(at=instant.isoformat())
    statement = sa.select(Sale.__table__).where(Sale.id == sa.bindparam("id", type_=Sale.id.type))
    plain = dict(db.session.execute(statement, {"id": sold.id}).mappings().one())
    with reading() as connection:
        assert Query(statement).first(connection, id=sold.id) == plain
        assert Query(statement).all(connection, id=sold.id) == [plain]
        assert Query(statement).first(connection, id=world.new_id()) is None
    assert plain["sold_at"] == instant and isinstance(plain["business_date"], date)


def test_what_the_database_refuses_is_raised_as_sqlalchemy_raises_it(ctx: Any) -> None:
    world.sell()
    (row,) = everything(Payment.__table__)
    insert = Insert(Payment.__table__)
    with pytest.raises(sa.exc.IntegrityError):
        write(lambda work: work.add(insert, [row]))
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)check"):
        write(lambda work: work.add(insert, [row | {"position": 1, "method": "emas"}]))
    assert everything(Payment.__table__) == [row]

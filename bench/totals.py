"""`python -m bench.totals`: a campaign's total and breakdowns at 1 thousand, 100 thousand and 2 million sale lines.

600 galleries sell three-line notas, evenly over up to a year; the campaign is 26 days of it. The rows go
straight into the tables, with the turnover that the checkout would have kept (the audit proves it at the
smallest size). What is timed is what a board asks for: `totals(campaign, Cut(), by)`, objects and all.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa

from bench.world import ENGINES, opened, postgres, postgres_url
from pos import ROOT
from pos.campaigns.models import Campaign, Turnover
from pos.catalog.models import Product
from pos.db import atomic, db, is_sqlite
from pos.migrations import stamp
from pos.register.models import SaleLine
from pos.reports.audit import audit
from pos.reports.board import BY, Cut, totals
from pos.units import services as units
from pos.units.loading import load_units
from pos.units.models import Gallery, Register, User

SIZES = (1_000, 100_000, 2_000_000)
LINES = 3
GALLERIES = 600
PRODUCTS = 2 * GALLERIES
CATEGORIES = ("kerajinan tangan", "kuliner", "mebel", "batik", "pertanian", "jasa")
FIRST_DAY, YEAR, CAMPAIGN_DAYS = date(2025, 1, 1), 365, 26  # a year that is over: nothing was recorded after now
ROUNDS = 5
WAYS: tuple[str | None, ...] = (None, *BY)


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-totals")))
        server = stack.enter_context(postgres())
        for engine in ENGINES:
            urls = {}
            for size in SIZES:
                urls[size] = f"sqlite:///{folder / f'{size}.db'}"
                if engine == "postgresql":
                    server.psql(f"CREATE DATABASE totals_{size};")
                    urls[size] = postgres_url(server, f"totals_{size}")
                started = time.perf_counter()
                fill(urls[size], size)
                print(f"{engine}: {size:>9,} lines made in {time.perf_counter() - started:.0f} s", flush=True)
            report(engine, urls)


# -- measuring -----------------------------------------------------------------------------------------


def report(engine: str, urls: dict[int, str]) -> None:
    """Milliseconds by size, and each size as a multiple of the smallest and of the middle one."""
    times = measure(urls)
    small, middle, large = SIZES
    print(f"\n{engine}, milliseconds (median of {ROUNDS})")
    print(f"{'':10}" + "".join(f"{size:>12,}" for size in SIZES) + f"{'/ smallest':>13}{'/ middle':>11}")
    for way in WAYS:
        ms = {size: median(times[size, way]) * 1000 for size in SIZES}
        cells = "".join(f"{ms[size]:>12.2f}" for size in SIZES)
        print(f"{way or 'total':10}{cells}{ms[large] / ms[small]:>12.2f}x{ms[large] / ms[middle]:>10.2f}x")
    print()


def measure(urls: dict[int, str]) -> dict[tuple[int, str | None], list[float]]:
    """Seconds of each read at each size, the sizes in turn so that a slow moment hits them all."""
    times: dict[tuple[int, str | None], list[float]] = {}
    for _ in range(ROUNDS):
        for size, url in urls.items():
            with campaign_at(url) as campaign:
                totals(campaign, Cut(), "product")  # connect, compile, warm
                for way in WAYS:
                    started = time.perf_counter()
                    totals(campaign, Cut(), way)
                    times.setdefault((size, way), []).append(time.perf_counter() - started)
    return times


@contextmanager
def campaign_at(url: str) -> Iterator[Campaign]:
    with opened(url):
        yield db.session.scalars(sa.select(Campaign)).one()


# -- making the rows -----------------------------------------------------------------------------------


def fill(url: str, lines: int) -> None:
    sales = lines // LINES
    days = min(YEAR, max(CAMPAIGN_DAYS, sales // GALLERIES))
    with opened(url):
        db.create_all()
        stamp()
        load_units((ROOT / "pos" / "data" / "units.csv").read_bytes(), "units.csv")
        first = FIRST_DAY + timedelta(days=(days - CAMPAIGN_DAYS) // 2)
        with atomic() as session:
            session.add(
                Campaign(
                    slug="bench", name="Bench", from_day=first, until_day=first + timedelta(days=CAMPAIGN_DAYS - 1)
                )
            )
            _galleries_and_products(session)
        _sell(sales, days)
        if lines == min(SIZES):
            assert all(rule.holds for rule in audit() if rule.name == "turnover = lines")
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SaleLine)) == sales * LINES
        assert db.session.scalar(sa.select(sa.func.sum(Turnover.sales))) == sales


def _galleries_and_products(session: Any) -> None:
    sellers = session.scalars(sa.select(units.Unit).where(units.Unit.level == "upt").order_by(units.Unit.id)).all()
    session.add(
        User(id=1, username="k", name="K", password_hash="", role="cashier", unit_id=sellers[0].id, session_stamp="")
    )
    for i in range(1, GALLERIES + 1):
        session.add(Gallery(id=i, unit_id=sellers[i - 1].id, name=f"Galeri {i}"))
        session.add(Register(id=i, gallery_id=i, code=f"B-{i}"))
    for i in range(PRODUCTS):
        session.add(
            Product(
                id=i + 1,
                maker_id=sellers[i // 2].id,
                name=f"Produk {i}",
                category=CATEGORIES[i % len(CATEGORIES)],
                wbp_made=i % 17 != 0,
                version=1,
            )
        )


def _sell(sales: int, days: int) -> None:
    """One statement for the sales, one for their lines, one for turnover, one for deposits."""
    sqlite = is_sqlite()
    words = {
        "sales": sales,
        "days": days,
        "galleries": GALLERIES,
        "products": PRODUCTS,
        "id": "printf('%032x', i)" if sqlite else "lpad(to_hex(i), 32, '0')::uuid",
        "day": f"date('{FIRST_DAY}', '+' || d || ' days')" if sqlite else f"(date '{FIRST_DAY}' + d)",
        "order": "" if sqlite else "ORDER BY id, position",  # SQLite joins in that order anyway
        "changed": (
            "strftime('%Y-%m-%d %H:%M:%f000', business_date, '+14 hours')"
            if sqlite
            else "(business_date + time '14:00') AT TIME ZONE 'UTC'"
        ),
        "at": (
            f"strftime('%Y-%m-%d %H:%M:%f000', '{FIRST_DAY}', '+' || d || ' days', '+5 hours', "
            "'+' || (i % 30000) || ' seconds')"
            if sqlite
            else f"(timestamptz '{FIRST_DAY} 05:00Z' + d * interval '1 day' + i % 30000 * interval '1 second')"
        ),
    }
    with db.engine.connect() as connection:
        # What is written here is right by construction; looking every key up again would double the time.
        settings = connection.connection.cursor()
        for setting in FAST_SQLITE if sqlite else FAST_POSTGRESQL:
            settings.execute(setting)
        connection.execution_options(writes=True)
        for statement in (SALES, LINES_OF_SALES, TURNOVER, DEPOSITS):
            connection.exec_driver_sql((statement % words).replace("%", "%%") if not sqlite else statement % words)
            connection.commit()
    db.engine.dispose()  # and with the connection its settings
    if not sqlite:  # what autovacuum would have done by the next morning
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


FAST_SQLITE = ("PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF")
FAST_POSTGRESQL = ("SET session_replication_role = replica", "SET synchronous_commit = off")

SALES = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %(sales)d),
placed AS (
  SELECT i, i %% %(galleries)d + 1 AS g, CAST(i * CAST(%(days)d AS BIGINT) / %(sales)d AS INTEGER) AS d FROM n)
INSERT INTO sale (id, register_id, number, receipt, gallery_id, seller_id, cashier_id, sold_at, recorded_at,
  business_date, zone, buyer, channel, note, discount, rounding, total, seller_name, gallery_name, key_letter, flags,
  document)
SELECT %(id)s, g, i / %(galleries)d + 1, 'B-' || g || '-' || (i / %(galleries)d + 1), g, gallery.unit_id, 1, %(at)s,
  %(at)s, %(day)s, 'WIB',
  CASE i %% 4 WHEN 0 THEN 'petugas' WHEN 1 THEN 'instansi' ELSE 'masyarakat' END,
  CASE i %% 5 WHEN 0 THEN 'bazar' WHEN 1 THEN 'online' ELSE 'galeri' END,
  '', 0, 0, 0, 'UPT', gallery.name, 'A', '', '{}'
FROM placed JOIN gallery ON gallery.id = g ORDER BY i
"""

LINES_OF_SALES = """
INSERT INTO sale_line (sale_id, position, product_id, barcode, name, category, unit_of_measure, maker_id, maker_name,
  wbp_made, stocked, gallery_id, business_date, quantity, unit_price, discount, amount, cost, base, pnbp, premi,
  other_shares, shares)
SELECT id, position, product_id, '10000001', name, category, 'buah', maker_id, 'UPT', wbp_made, stocked, gallery_id,
  business_date, pieces * 1000, price, 0, pieces * price, pieces * price * 6 / 10, base, base * 15 / 100, base / 2,
  base - base * 15 / 100 - base / 2, '[]'
FROM (
  SELECT *, CASE WHEN wbp_made THEN pieces * price * 4 / 10 ELSE 0 END AS base FROM (
    SELECT sale.id, p.position, product.id AS product_id, product.name, product.category, product.maker_id,
      product.wbp_made, NOT product.service AS stocked, sale.gallery_id, sale.business_date,
      1 + (sale.number + p.position) %% 3 AS pieces, 10000 + 5000 * (product.id %% 20) AS price
    FROM sale
    CROSS JOIN (SELECT 0 AS position UNION ALL SELECT 1 UNION ALL SELECT 2) AS p
    JOIN product ON product.id = 1 + ((sale.gallery_id - 1) * 2 + p.position) %% %(products)d
  ) AS chosen
) AS priced
%(order)s
"""

# Of three products in a row at most one is not WBP-made: the nota counts on the row of its first line, or its
# second where the first is that one, and the neighbour who made the third line has the nota to themselves.
TURNOVER = """
INSERT INTO turnover (business_date, gallery_id, maker_id, wbp_made, omzet, pieces, sales, maker_sales, pnbp, premi,
  changed_at)
SELECT business_date, gallery_id, maker_id, wbp_made, sum(amount), sum(quantity),
  sum(CASE WHEN position = first THEN 1 ELSE 0 END), sum(CASE WHEN position IN (first, 2) THEN 1 ELSE 0 END),
  sum(pnbp), sum(premi), %(changed)s
FROM (
  SELECT sale_line.*, CASE WHEN (gallery_id - 1) * 2 %% 17 = 0 THEN 1 ELSE 0 END AS first FROM sale_line
) AS line
GROUP BY business_date, gallery_id, maker_id, wbp_made
"""

# Each unit pays every day what it owes for it.
DEPOSITS = """
INSERT INTO deposit (unit_id, day, amount, billing_code, ntpn, note, user_id, recorded_at)
SELECT gallery.unit_id, business_date, sum(pnbp), '', 'N' || gallery.unit_id || 'D' || business_date, '', 1,
  max(changed_at)
FROM turnover JOIN gallery ON gallery.id = gallery_id
GROUP BY gallery.unit_id, business_date HAVING sum(pnbp) > 0
"""

if __name__ == "__main__":
    main()

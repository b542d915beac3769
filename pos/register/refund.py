"""The lines of a refund: each undoes a part of a line that was sold, exactly, and never more than is left."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pos import money
from pos.catalog.models import DIVISIBLE
from pos.errors import N_, Sentence
from pos.fast import Query
from pos.register.document import Document, InvalidDocument, Line
from pos.register.models import MAX_ROUNDING, Sale, SaleLine
from pos.revenue.services import Split, part_of

FROZEN = (
    "product_id",
    "name",
    "category",
    "workshop",
    "unit_of_measure",
    "maker_id",
    "maker_name",
    "wbp_made",
    "stocked",
    "rate",
    "scheme_id",
)


def lines_returned(
    connection: Connection, document: Document, sale: dict[str, Any], products: dict[str, int]
) -> list[dict[str, Any]]:
    """Rows for the document's negative lines; holds the refunded sale so that two refunds cannot overlap.

    A line goes to the first line of that sale with the same product and price that has so much left, and among
    those to one that makes the same amount (two lines of a product may have had different discounts); `products` are
    the product ids by the codes in the document, for any barcode of a product names it.
    """
    original = _ORIGINAL.first(connection, id=document.refund_of)
    if original is None or original["refund_of"] is not None or original["seller_id"] != sale["seller_id"]:
        raise InvalidDocument(
            "Dokumen penjualan tidak benar.",
            fields={"refund_of": N_("Nota yang diretur tidak ada, atau bukan penjualan unit ini.")},
        )
    _check_rounding(connection, document, original["total"])
    sold = _SOLD.all(connection, id=document.refund_of)
    returned = quantities_returned(connection, document.refund_of)
    rows, wrong = [], {}
    for i, line in enumerate(document.lines):
        found = line_with_room(sold, returned, line, products.get(line.product))
        if isinstance(found, Sentence):
            wrong[f"lines.{i}.quantity"] = found
            continue
        before = returned.get(found["position"], 0)
        row = undo(found, before, -line.quantity) | {
            "sale_id": document.id,
            "position": i,
            "barcode": line.product,
            "gallery_id": sale["gallery_id"],
            "business_date": sale["business_date"],
        }
        if line.amount != row["amount"]:
            wrong[f"lines.{i}.amount"] = Sentence(N_("Seharusnya %(amount)s."), amount=money.rupiah(row["amount"]))
        returned[found["position"]] = before - line.quantity
        rows.append(row)
    if wrong:
        raise InvalidDocument("Retur tidak cocok dengan nota asalnya.", fields=wrong)
    return rows


def _check_rounding(connection: Connection, document: Document, paid: int) -> None:
    """Rounding gives back no more than was paid, and keeps near the goods. (A till may leave it.)"""
    if not document.rounding:
        return
    rounding, total = _gone_back(connection, document.refund_of)
    left = paid + total
    if abs(rounding + document.rounding) > MAX_ROUNDING or (document.rounding < 0 and -document.total > left):
        wrong = Sentence(
            N_("Pembulatan tidak cocok: yang bisa dikembalikan tinggal %(left)s."), left=money.rupiah(left)
        )
        raise InvalidDocument("Retur tidak cocok dengan nota asalnya.", fields={"rounding": wrong})


def rounding_returned(connection: Connection, sale_id: str | None) -> int:
    """The sum of the rounding on a sale's refunds: below zero for what they gave back on top of their goods."""
    return _gone_back(connection, sale_id)[0]


def _gone_back(connection: Connection, sale_id: str | None) -> tuple[int, int]:
    """Rounding and total of a sale's refunds, each with the sign that refunds have."""
    row = _BACK.first(connection, id=sale_id)
    return (int(row["rounding"]), int(row["total"])) if row else (0, 0)


def quantities_returned(connection: Connection, sale_id: str | None) -> dict[int, int]:
    """Thousandths of each line of a sale that came back already, by its position."""
    return {row["refund_position"]: -int(row["quantity"]) for row in _RETURNED.all(connection, id=sale_id)}


_ID = sa.bindparam("id", type_=Sale.id.type)
_ORIGINAL = Query(sa.select(Sale.refund_of, Sale.seller_id, Sale.total).where(Sale.id == _ID).with_for_update())
_SOLD = Query(sa.select(SaleLine.__table__).where(SaleLine.sale_id == _ID).order_by(SaleLine.position))
# Thousandths that came back already, by position of the line sold.
_RETURNED = Query(
    sa.select(SaleLine.refund_position, sa.func.sum(SaleLine.quantity).label("quantity"))
    .join(Sale, Sale.id == SaleLine.sale_id)
    .where(Sale.refund_of == _ID)
    .group_by(SaleLine.refund_position)
)

_BACK = Query(
    sa.select(
        sa.func.coalesce(sa.func.sum(Sale.rounding), 0).label("rounding"),
        sa.func.coalesce(sa.func.sum(Sale.total), 0).label("total"),
    ).where(Sale.refund_of == _ID)
)


def line_with_room(sold: Any, returned: dict[int, int], line: Line, product_id: int | None) -> Any:
    same = [row for row in sold if row["product_id"] == product_id and row["unit_price"] == line.unit_price]
    if same and line.quantity % money.THOUSAND and same[0]["unit_of_measure"] not in DIVISIBLE:
        return Sentence(N_("%(name)s diretur utuh."), name=same[0]["name"])
    with_room = [row for row in same if row["quantity"] - returned.get(row["position"], 0) >= -line.quantity]
    if with_room:
        return next((row for row in with_room if _amount(row, returned, line) == line.amount), with_room[0])
    if not same:
        return Sentence(N_("Barang ini tidak ada di nota itu."))
    left = max(row["quantity"] - returned.get(row["position"], 0) for row in same)
    return Sentence(N_("Yang bisa diretur tinggal %(left)s."), left=money.quantity_text(left))


def _amount(row: Any, returned: dict[int, int], line: Line) -> int:
    return -money.portion(row["amount"], returned.get(row["position"], 0), -line.quantity, row["quantity"])


def undo(sold: Any, before: int, now: int) -> dict[str, Any]:
    """The row that takes back `now` thousandths of a line of which `before` came back earlier."""
    of = sold["quantity"]
    amount = -money.portion(sold["amount"], before, now, of)
    whole = Split.from_json(sold["scheme_id"], sold["base"], sold["shares"])
    split = part_of(whole, before, now, of)
    return {name: sold[name] for name in FROZEN} | {
        "refund_position": sold["position"],
        "quantity": -now,
        "unit_price": sold["unit_price"],
        "discount": money.gross(-now, sold["unit_price"]) - amount,
        "amount": amount,
        "cost": -money.portion(sold["cost"], before, now, of),
        "base": split.base,
        "pnbp": split.of_kind("pnbp"),
        "premi": split.of_kind("premi"),
        "other_shares": split.of_kind("other"),
        "shares": split.as_json(),
    }

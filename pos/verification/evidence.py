"""Every document of a scope with what was frozen when it was recorded, register by register, number by number.

Nothing here reads what may change afterwards (names of products and units, prices, where a unit stands), so that
the same documents make the same bytes for ever. Some hundreds are held at a time.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from pos.db import db
from pos.register.models import Sale, SaleLine
from pos.register.proof import signed, verify_code
from pos.reports import board
from pos.revenue.models import Scheme, SchemeShare
from pos.units.models import Register, RegisterKey
from pos.verification import proof
from pos.verification.models import LateNote, LateVerdict
from pos.verification.scope import Scope

AT_A_TIME = 400
FROZEN = ("name", "category", "unit_of_measure", "wbp_made", "discount", "cost", "base")


@dataclass(frozen=True)
class Entry:
    """One document as it goes into a pack: `text` is what is hashed."""

    id: str
    receipt: str
    document: Mapping[str, Any]
    evidence: Mapping[str, Any]
    text: str


def registers_in(scope: Scope) -> list[tuple[str, int]]:
    """Code and id of the registers that sold in the scope, by code."""
    query = (
        board.sales_of(scope.campaign, scope.cut)
        .join(Register, Register.id == Sale.register_id)
        .with_only_columns(Register.code, Register.id)
        .distinct()
    )
    found = [(code, key) for code, key in db.session.execute(query) if scope.only is None or code in scope.only]
    return sorted(found)


def count(scope: Scope) -> int:
    """How many documents there are (as submitted: at most)."""
    query = board.sales_of(scope.campaign, scope.cut).with_only_columns(sa.func.count(Sale.id))
    return int(db.session.scalar(query) or 0)


def entries_of(scope: Scope, register_id: int, code: str) -> Iterator[Entry]:
    """The register's documents in the scope by number."""
    query = (
        board.sales_of(scope.campaign, scope.cut)
        .with_only_columns(Sale.__table__)
        .where(Sale.register_id == register_id)
        .order_by(Sale.number)
    )
    if scope.only is not None:
        query = query.where(sa.or_(*(Sale.number.between(first, last) for first, last in scope.only[code])))
    keys = dict(
        db.session.execute(
            sa.select(RegisterKey.letter, RegisterKey.secret).where(RegisterKey.register_id == register_id)
        ).all()
    )
    rules = _rules()
    for some in db.session.execute(query.execution_options(yield_per=AT_A_TIME)).mappings().partitions():
        ids = [sale["id"] for sale in some]
        lines, before, late = _lines(ids), _before([sale for sale in some if sale["refund_of"]]), _late(ids)
        for sale in some:
            frozen = [_line(line, rules, before.get((sale["id"], line["position"]))) for line in lines[sale["id"]]]
            yield _entry(scope, sale, frozen, late.get(sale["id"]), keys.get(sale["key_letter"], ""))


def _entry(scope: Scope, sale: Any, lines: list[dict[str, Any]], late: dict[str, Any] | None, secret: str) -> Entry:
    document = json.loads(sale["document"])
    if scope.format != proof.FIRST_FORMAT:
        document.pop("buyer_ref", None)
    evidence = {
        "receipt": sale["receipt"],
        "business_date": sale["business_date"].isoformat(),
        "zone": sale["zone"],
        "unit": {"id": sale["seller_id"], "name": sale["seller_name"]},
        "gallery": {"id": sale["gallery_id"], "name": sale["gallery_name"]},
        "recorded_at": sale["recorded_at"].isoformat(timespec="milliseconds"),
        "flags": sale["flags"].split(),
        "code": verify_code(sale["key_letter"], secret, **signed(sale)),
        "late": late,
        "lines": lines,
    }
    text = proof.canonical({"document": document, "evidence": evidence})
    return Entry(sale["id"], sale["receipt"], document, evidence, text)


def _line(line: Any, rules: dict[int, Any], returned: dict[str, Any] | None) -> dict[str, Any]:
    frozen = {name: line[name] for name in FROZEN}
    return frozen | {
        "maker": {"id": line["maker_id"], "name": line["maker_name"]},
        "scheme": rules.get(line["scheme_id"] or 0),
        "shares": json.loads(line["shares"]),
        "of": returned,
    }


def _lines(ids: list[str]) -> dict[str, list[Any]]:
    query = sa.select(SaleLine.__table__).where(SaleLine.sale_id.in_(ids)).order_by(SaleLine.sale_id, SaleLine.position)
    found: dict[str, list[Any]] = defaultdict(list)
    for row in db.session.execute(query).mappings():
        found[row["sale_id"]].append(row)
    return found


def _rules() -> dict[int, Any]:
    """Base and shares of each scheme (`[name, kind, hundredths of a percent, takes the remainder]`), by its id."""
    found: dict[int, Any] = {row.id: [row.base, []] for row in db.session.execute(sa.select(Scheme.id, Scheme.base))}
    for row in db.session.execute(
        sa.select(SchemeShare.__table__).order_by(SchemeShare.scheme_id, SchemeShare.position)
    ):
        found[row.scheme_id][1].append([row.name, row.kind, row.basis_points, row.takes_remainder])
    return found


def _before(refunds: list[Any]) -> dict[tuple[str, int], dict[str, Any]]:
    """What each line of these refunds takes a part of, and how much of that had come back before, by sale and line."""
    if not refunds:
        return {}
    originals = {sale["refund_of"] for sale in refunds}
    sold = {(row["sale_id"], row["position"]): row for rows in _lines(list(originals)).values() for row in rows}
    back, refund = aliased(SaleLine), aliased(Sale)
    query = (
        sa.select(refund.refund_of, back.sale_id, back.position, back.refund_position, back.quantity)
        .join(refund, refund.id == back.sale_id)
        .where(refund.refund_of.in_(originals))
        .order_by(refund.recorded_at, refund.number, back.sale_id, back.position)
    )
    gone: dict[tuple[str, int], int] = defaultdict(int)
    found = {}
    rows: Any = db.session.execute(query)
    for of, sale_id, position, at, quantity in rows:
        line = sold[of, at]
        parts = {name: line[name] for name in ("position", "quantity", "amount", "cost", "base")}
        found[sale_id, position] = parts | {"shares": json.loads(line["shares"]), "before": gone[of, at]}
        gone[of, at] -= quantity
    return found


def _late(ids: list[str]) -> dict[str, dict[str, Any]]:
    """What is told of the notas among these that were written by hand, by sale."""
    approved = sa.func.coalesce(sa.func.nullif(LateVerdict.photo, ""), LateNote.photo)
    query = sa.select(LateNote.id, LateNote.written_number, approved).where(LateNote.id.in_(ids))
    query = query.outerjoin(LateVerdict, LateVerdict.note_id == LateNote.id)
    return {key: {"written_number": number, "photo": photo} for key, number, photo in db.session.execute(query)}

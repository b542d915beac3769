"""Certificates of products: which are in force, entering and withdrawing them, and those that expire soon."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from pos.catalog.models import CERTIFICATES, Certificate
from pos.db import db

CHUNK = 900  # ids in one statement: SQLite's least limit is 999 variables


def in_force(product_ids: Sequence[int], day: date) -> dict[int, list[Certificate]]:
    """The certificates each of the products holds on `day`, in the order of `CERTIFICATES`; none: no key.

    Of one kind it is the last entry that has begun by `day`, unless that one withdraws it or has expired.
    """
    ids = list(product_ids)
    last: dict[tuple[int, str], Certificate] = {}
    for start in range(0, len(ids), CHUNK):
        begun = sa.or_(Certificate.issued_on.is_(None), Certificate.issued_on <= day)
        query = sa.select(Certificate).where(Certificate.product_id.in_(ids[start : start + CHUNK]), begun)
        for entry in db.session.scalars(query.order_by(Certificate.id)):
            last[entry.product_id, entry.kind] = entry
    found: dict[int, list[Certificate]] = {}
    for entry in sorted(last.values(), key=lambda entry: CERTIFICATES.index(entry.kind)):
        if not entry.withdrawn and (entry.expires_on is None or entry.expires_on >= day):
            found.setdefault(entry.product_id, []).append(entry)
    return found

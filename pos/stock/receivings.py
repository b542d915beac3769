"""Receiving from the workshop: goods with their cost, production code and expiry, as one paper."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from pos import clock, money
from pos.catalog.editing import set_price
from pos.catalog.models import Product
from pos.catalog.services import mine, price_at
from pos.db import atomic, db, search_words
from pos.errors import N_, NotFound, PosError
from pos.stock import goods, services
from pos.stock.document_models import Receiving, ReceivingLine
from pos.stock.goods import Line
from pos.units.models import Gallery, Unit
from pos.units.services import Person, gallery_for, log, within


def receive(
    person: Person,
    gallery_id: int,
    lines: Sequence[Line],
    day: date | None = None,
    note: str = "",
    renew_costs: bool = False,
    key: str | None = None,
) -> Receiving:
    """Put what a workshop brought on the gallery's shelf; `renew_costs` makes its cost that of the person's products.

    The ledger moves now, whatever `day` the goods came on; once by its `key`. Raises `PosError` on `day` or `lines`.
    """
    gallery = gallery_for(person, gallery_id)
    products = goods.check(lines, active=True)
    today = clock.today(gallery.unit.zone)
    if (day or today) > today:
        raise PosError("Hari terima belum tiba.", fields={"day": N_("Hari terima belum tiba.")})
    makers = {product.maker_id for product in products.values()}
    with atomic() as session:
        if known := services.written(Receiving, gallery.id, key, lines):
            return known
        now, moved = clock.now(), [(line.product_id, line.quantity) for line in lines]
        move_ids = services.add_moves(gallery.id, moved, "receive", person, now, note)
        row = Receiving(
            gallery_id=gallery.id,
            workshop_id=makers.pop() if len(makers) == 1 else None,
            day=day or today,
            at=now,
            user_id=person.id,
            note=note,
            key=key,
            lines=_lines(lines, move_ids),
        )
        session.add(row)
        session.flush()
        log("stock.receive", gallery.name, person, gallery.unit_id, receiving=row.id, lines=len(lines), note=note)
        if renew_costs:
            _renew_costs(person, lines, products)
    return row


def _lines(lines: Sequence[Line], move_ids: Sequence[int]) -> list[ReceivingLine]:
    moved = enumerate(zip(lines, move_ids, strict=True))
    return [ReceivingLine(position=i, move_id=move_id, **vars(line)) for i, (line, move_id) in moved]


def _renew_costs(person: Person, lines: Sequence[Line], products: dict[int, Product]) -> None:
    """The last cost named for each product of the person's makers is what making it costs from now on."""
    named = {line.product_id: line.unit_cost for line in lines if line.unit_cost is not None}
    for product_id, cost in named.items():
        product = products[product_id]
        current = price_at(product.prices, clock.now())
        if mine(person, product) and current and current.cost != cost:
            set_price(person, product_id, current.amount, cost)


def receiving_for(person: Person, receiving_id: int) -> Receiving:
    query = sa.select(Receiving).join(Gallery).join(Unit).where(Receiving.id == receiving_id, within(person))
    row = db.session.scalar(query)
    if row is None:
        raise NotFound("Penerimaan ini tidak ada atau di luar wewenang Anda.")
    return row


def receivings(
    person: Person, gallery_id: int = 0, since: date | None = None, until: date | None = None, words: str = ""
) -> Any:
    """Query of the receivings in scope, newest first: `id, day, gallery, unit, workshop, note, lines, cost`."""
    sums, workshop = _sums(), sa.orm.aliased(Unit)
    query = (
        sa.select(
            Receiving.id,
            Receiving.day,
            Gallery.name.label("gallery"),
            Unit.name.label("unit"),
            workshop.name.label("workshop"),
            Receiving.note,
            sums.c.lines,
            (sa.func.coalesce(sums.c.cost, 0) // money.THOUSAND).label("cost"),
        )
        .join(Gallery, Gallery.id == Receiving.gallery_id)
        .join(Unit, Unit.id == Gallery.unit_id)
        .outerjoin(workshop, workshop.id == Receiving.workshop_id)
        .join(sums, sums.c.receiving_id == Receiving.id)
        .where(within(person), *(_holds(word) for word in search_words(words)))
        .order_by(Receiving.day.desc(), Receiving.id.desc())
    )
    if gallery_id:
        query = query.where(Receiving.gallery_id == gallery_id)
    if since:
        query = query.where(Receiving.day >= since)
    return query.where(Receiving.day <= until) if until else query


def _sums() -> Any:
    cost = services.total(sa.func.coalesce(ReceivingLine.unit_cost, 0) * ReceivingLine.quantity)
    columns = (ReceivingLine.receiving_id, sa.func.count().label("lines"), cost.label("cost"))
    return sa.select(*columns).group_by(ReceivingLine.receiving_id).subquery()


def _holds(word: str) -> Any:
    named = Product.name.icontains(word, autoescape=True)
    coded = ReceivingLine.production_code.icontains(word, autoescape=True)
    here = (ReceivingLine.receiving_id == Receiving.id, Product.id == ReceivingLine.product_id)
    return sa.exists().where(*here, named | coded) | Receiving.note.icontains(word, autoescape=True)


def labels_of(person: Person, receiving_id: int) -> list[tuple[int, int, str, str]]:
    """What labels the goods of a receiving want: product id, pieces, production code, expiry (ISO, or empty).

    What is sold by weight or length wants one label a line; whoever packs it knows how many there are.
    """
    return [
        (
            line.product_id,
            line.quantity // money.THOUSAND if not line.quantity % money.THOUSAND else 1,
            line.production_code,
            line.expires_on.isoformat() if line.expires_on else "",
        )
        for line in receiving_for(person, receiving_id).lines
    ]

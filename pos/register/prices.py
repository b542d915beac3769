"""Whether a sale carries the prices in force, and which of a product's prices each line was sold at."""

from datetime import datetime

from pos import money
from pos.catalog.services import Item, PriceFrom
from pos.errors import N_, Conflict, Sentence
from pos.register.document import Document, Line


class PriceChanged(Conflict):
    code = "price_changed"


def check_prices(document: Document, items: list[Item], instant: datetime, live: bool, flags: list[str]) -> list[str]:
    """Which price each line was sold at. A live sale must carry those in force; one that happened is flagged."""
    wrong: dict[str, str | Sentence] = {}
    prices = {}
    rates = []
    for i, (line, item) in enumerate(zip(document.lines, items, strict=True)):
        price = item.price(instant)
        asked, rate = _asked(document, line, item, price)
        rates.append(rate if line.unit_price == asked else "")
        if line.unit_price not in (price.amount, asked):  # the usual one of a page that is older, or of a scale's label
            wrong[f"lines.{i}.unit_price"] = Sentence(
                N_("Harga %(name)s sekarang %(price)s."), name=item.name, price=money.rupiah(asked)
            )
            prices[line.product] = price.amount
        if not item.active and live:
            wrong[f"lines.{i}.product"] = Sentence(N_("%(name)s tidak dijual lagi."), name=item.name)
        elif not item.active and "archived" not in flags:
            flags.append("archived")
    if wrong and live:
        raise PriceChanged(
            "Harga atau produk berubah. Periksa lagi sebelum dibayar.", fields=wrong, data={"prices": prices}
        )
    if prices:
        flags.append("price")
    return rates


def _asked(document: Document, line: Line, item: Item, price: PriceFrom) -> tuple[int, str]:
    """What one piece of the line costs, and which price that is: at an auction what was bid, if it is enough."""
    if item.auction and document.channel == "lelang":
        return max(line.unit_price, price.amount), "auction"
    return price.for_line(line.quantity, document.buyer)

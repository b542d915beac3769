"""A receipt is sent by WhatsApp with the same words from the page and from the till."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pos.receipts.share import message
from tests.receipts.sales import sold

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "share.json").read_text())


def test_the_message_is_the_tills() -> None:
    for said in VECTORS:
        given = dict(said["of"])
        assert message(**given) == said["text"]


def test_the_page_of_a_nota_offers_the_message_with_the_way_to_verify_it(app: Any, as_cashier: Any) -> None:
    receipt, code = sold(app)
    page = as_cashier.get(f"/penjualan/{receipt}").text
    (link,) = [part.split('"')[0] for part in page.split('href="') if part.startswith("https://wa.me/")]
    text = parse_qs(urlsplit(link.replace("&amp;", "&")).query)["text"][0]
    assert f"Nota {receipt}" in text and "2 buah Tas rajut: 160.000" in text
    address = text.rsplit(" ", 1)[1]
    assert address == f"https://etalase.test/nota/{receipt}-{code}"
    assert as_cashier.get(urlsplit(address).path).status_code == 200
    assert 'rel="noopener"' in page

"""A receipt as a message that people send each other; `static/js/share.js` says the same at the till."""

from collections.abc import Sequence
from urllib.parse import quote

from pos import money
from pos.receipts.slip import Slip


def message(
    gallery: str,
    title: str,
    receipt: str,
    when: str,
    items: Sequence[tuple[str, str, int]],
    sums: Sequence[tuple[str, int]],
    total: int,
    owed: int,
    address: str,
) -> str:
    """The text; `items` are (quantity with unit, name, rupiah), `sums` (what lies between them and the total, rupiah),
    `owed` what is still to be paid. In Indonesian, as the receipt itself."""
    rows = [f"*{gallery}*", f"{title} {receipt}", when, ""]
    rows += [f"{quantity} {name}: {money.grouped(amount)}" for quantity, name, amount in items]
    rows += [f"{name}: {money.grouped(amount)}" for name, amount in sums]
    rows += [f"*Total {money.rupiah(total)}*", *([f"Belum dibayar: {money.grouped(owed)}"] if owed else [])]
    return "\n".join([*rows, "", f"Periksa keasliannya: {address}"])


def whatsapp(slip: Slip, owed: int = 0) -> str:
    """The address that opens WhatsApp with the receipt's message, for whoever it is then sent to."""
    items = [(item.quantity, item.name, item.gross - item.discount) for item in slip.items]
    sums = [row for row in slip.sums if row[0] != "Jumlah"]
    text = message(
        slip.gallery, slip.title.title(), slip.receipt, slip.when, items, sums, slip.total, owed, verify_page(slip)
    )
    return f"https://wa.me/?text={quote(text, safe='')}"


def verify_page(slip: Slip) -> str:
    """Where this receipt is verified, as people read it: the QR's address is the same in upper case."""
    scheme = slip.address.partition("://")[0].lower()
    return f"{scheme}://{slip.typed_at}/{slip.receipt}-{slip.code.replace(' ', '')}"

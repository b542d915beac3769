"""What a receipt says, as plain values: the print page, the PDF, the text and ESC/POS all set these same words.

A receipt is a document of the gallery: it is in Indonesian whatever language the screen speaks, and the same
sale gives the same receipt every time.
"""

from dataclasses import dataclass
from typing import Any

from babel.dates import format_date, format_datetime

from pos import clock, money
from pos.receipts import services
from pos.register.corrections import ways_of
from pos.register.models import OWED, Payment, Sale, SaleLine, Settlement
from pos.register.owed import settlements_of
from pos.register.words import BUYER_NAMES, RATE_NAMES, TENDER_NAMES

PAPERS = {58: 48.0, 80: 72.0}  # paper: what its print head reaches (384 and 576 dots), both in millimetres
THANKS = "Terima kasih. Belanja Anda mendukung pembinaan warga binaan."
CHECK = "Periksa keaslian nota ini di"


@dataclass(frozen=True)
class Item:
    """One line: what and by whom; `gross` is quantity x price, `discount` is the line's own, `rate` names a price that
    is not the usual one."""

    name: str
    maker: str
    quantity: str
    unit_price: int
    gross: int
    discount: int
    rate: str = ""


@dataclass(frozen=True)
class Slip:
    gallery: str
    unit: str
    contact: tuple[str, ...]  # address, phone; only those that are known
    receipt: str
    when: str
    business_day: str  # only where the gallery's day is not the calendar's
    cashier: str
    buyer: str
    refund_of: str
    items: tuple[Item, ...]
    sums: tuple[tuple[str, int], ...]  # what lies between the lines and the total
    total: int
    paid: tuple[tuple[str, int], ...]
    code: str  # in readable groups
    address: str  # where anyone may verify it: what the QR holds
    typed_at: str  # the page where the code can be typed by hand
    mark: str = ""  # across every paper but the original: SALINAN, SALINAN KE-2

    @property
    def title(self) -> str:
        return "RETUR" if self.refund_of else "NOTA"


def slip_of(sale: Sale, base_url: str, mark: str = "") -> Slip:
    """The receipt of `sale`; `base_url` is the public address of this installation, `mark` says that it is a copy."""
    local = clock.local(sale.sold_at, sale.zone)
    code = services.code_of(sale)
    gallery = sale.gallery
    original = services.original_of(sale)
    return Slip(
        gallery=sale.gallery_name,
        unit=sale.seller_name,
        contact=tuple(filter(None, (gallery.address, f"Telp. {gallery.phone}" if gallery.phone else ""))),
        receipt=sale.receipt,
        when=f"{format_datetime(local, 'd MMM yyyy HH.mm', locale='id')} {sale.zone}",
        business_day="" if local.date() == sale.business_date else day_text(sale.business_date),
        cashier=sale.cashier.name,
        buyer=BUYER_NAMES[sale.buyer],
        refund_of=original.receipt if original else "",
        items=tuple(map(_item, sale.lines)),
        sums=_sums(sale),
        total=sale.total,
        paid=(
            *(row for payment in sale.payments for row in _paid(payment)),
            *_corrected(sale),
            *(_settled(one, sale.zone) for one in settlements_of(sale)),
        ),
        code=services.grouped_proof(code),
        address=services.verify_address(base_url, code),
        typed_at=f"{base_url.rstrip('/').partition('://')[2]}/nota",
        mark=mark,
    )


def day_text(day: Any) -> str:
    return str(format_date(day, "d MMMM yyyy", locale="id"))


def _item(line: SaleLine) -> Item:
    return Item(
        name=line.name,
        maker=line.maker_name,
        quantity=f"{money.quantity_text(line.quantity)} {line.unit_of_measure}",
        unit_price=line.unit_price,
        gross=money.gross(line.quantity, line.unit_price),
        discount=line.discount,
        rate=RATE_NAMES.get(line.rate, ""),
    )


def _sums(sale: Sale) -> tuple[tuple[str, int], ...]:
    """Lines, less the bill's discount, and the rounding; empty when the lines alone make the total."""
    if not sale.discount and not sale.rounding:
        return ()
    rows = [("Jumlah", sale.total - sale.rounding + sale.discount)]
    if sale.discount:
        rows.append(("Diskon nota", -sale.discount))
    if sale.rounding:
        rows.append(("Pembulatan", sale.rounding))
    return tuple(rows)


def _paid(payment: Payment) -> list[tuple[str, int]]:
    name = TENDER_NAMES[payment.method]
    if payment.method == OWED and payment.tendered < 0:
        return [("Dikurangi dari yang belum dibayar", -payment.tendered)]
    reference = f" {payment.reference}" if payment.reference else ""
    if payment.tendered <= 0:
        how = name if name.isupper() else name.lower()
        return [(f"Dikembalikan {how}{reference}", payment.change - payment.tendered)]
    rows = [(name + reference, payment.tendered)]
    if payment.change:
        rows.append(("Kembalian", payment.change))
    return rows


def _corrected(sale: Sale) -> list[tuple[str, int]]:
    """How a payment was really made, where it had been written down in another way."""
    rows = []
    for position, way in ways_of(sale).items():
        payment = next(each for each in sale.payments if each.position == position)
        if (way.method, way.reference) != (payment.method, payment.reference):
            name = f"Dikoreksi: {TENDER_NAMES[way.method]} {way.reference}".rstrip()
            rows.append((name, abs(payment.tendered - payment.change)))
    return rows


def _settled(settlement: Settlement, zone: str) -> tuple[str, int]:
    day = format_date(clock.local(settlement.at, zone), "d MMM yyyy", locale="id")
    reference = f" {settlement.reference}" if settlement.reference else ""
    return f"Pelunasan {day}, {TENDER_NAMES[settlement.method]}{reference}", settlement.amount

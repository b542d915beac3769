"""The A4 kwitansi: letterhead, amount in words, what was bought, a place to sign and, where due, for a meterai."""

import io
from collections.abc import Callable
from typing import Any

from pos import money, paper
from pos.paper import BOLD, FACE, MM
from pos.receipts import pdf, services
from pos.receipts.slip import CHECK, Item, Slip, day_text, slip_of
from pos.register.models import Sale

LEFT, RIGHT, TOP, BOTTOM = 20.0, 190.0, 16.0, 277.0  # millimetres from the top left corner of the sheet
SIZE = 10.5
FOOT = 80.0  # what total, signature and proof need
# Right edges of the columns: quantity, price, discount, amount; the goods take what is left.
EDGES = (112.0, 137.0, 160.0, 190.0)
METERAI_WIDTH, METERAI_HEIGHT = 34.0, 26.0


def sheet(sale: Sale, base_url: str) -> bytes:
    """The kwitansi of `sale` (for a refund, the proof that money was given back)."""
    slip = slip_of(sale, base_url)
    page = Sheet("Kwitansi " + slip.receipt, slip.gallery)
    _letterhead(page, sale, slip)
    _statement(page, sale, slip)
    _goods(page, slip)
    _foot(page, sale, slip)
    return page.pdf()


def _letterhead(page: "Sheet", sale: Sale, slip: Slip) -> None:
    kanwil = services.kanwil_of(sale.seller_id, sale.business_date)
    page.centre("DIREKTORAT JENDERAL PEMASYARAKATAN", 10)
    if kanwil:
        page.centre(kanwil.upper(), 10)
    page.centre(slip.unit.upper(), 15, BOLD)
    page.centre(" · ".join((slip.gallery, *slip.contact)), 9.5)
    page.y += 1.5
    page.line(0.8)
    page.y += 0.9
    page.line(0.25)
    page.y += 9


def _statement(page: "Sheet", sale: Sale, slip: Slip) -> None:
    back = bool(slip.refund_of)
    page.centre("BUKTI PENGEMBALIAN UANG" if back else "KWITANSI", 20, BOLD)
    page.centre(f"Nomor {slip.receipt}" + (f" (retur atas nota {slip.refund_of})" if back else ""), 11)
    page.y += 6
    amount = money.words(abs(sale.total))
    page.labelled("Dibayarkan kepada" if back else "Telah terima dari", f"{'.' * 76} ({slip.buyer})")
    page.labelled("Uang sejumlah", amount[:1].upper() + amount[1:], BOLD, 11.5)
    page.labelled("Untuk", "pengembalian pembelian berikut" if back else "pembelian produk berikut")
    page.y += 2


def _goods(page: "Sheet", slip: Slip) -> None:
    heading = ("Banyaknya", "Harga", "Diskon", "Jumlah (Rp)")

    def head() -> None:
        page.y += 5
        page.text(LEFT, "Barang", 9.5, BOLD)
        for edge, name in zip(EDGES, heading, strict=True):
            page.text(edge, name, 9.5, BOLD, "right")
        page.y += 2
        page.line(0.4)

    head()
    for item in slip.items:
        _goods_row(page, item, head)
    page.room_for(7 * (len(slip.sums) + len(slip.paid)), head)
    for label, amount in slip.sums:
        page.sum(label, money.grouped(amount))
    page.sum("Total", money.rupiah(slip.total), BOLD)
    for label, amount in slip.paid:
        page.sum(label, money.grouped(amount))


def _goods_row(page: "Sheet", item: Item, head: Callable[[], None]) -> None:
    room = EDGES[0] - LEFT - 24
    names = paper.wrap(pdf.shown(item.name), room, SIZE)
    makers = paper.wrap(pdf.shown(f"Buatan {item.maker}{item.rate and f' · {item.rate}'}"), room, 8.5)
    page.room_for(4.8 * len(names) + 3.8 * len(makers) + 2.5, head)
    page.y += 5
    discount = money.grouped(-item.discount) if item.discount else ""
    values = (item.quantity, money.grouped(item.unit_price), discount, money.grouped(item.gross - item.discount))
    for edge, value in zip(EDGES, values, strict=True):
        page.text(edge, value, SIZE, FACE, "right")
    for i, name in enumerate(names):
        page.y += 4.8 if i else 0
        page.text(LEFT, name, SIZE)
    for maker in makers:
        page.y += 3.8
        page.text(LEFT, maker, 8.5)
    page.y += 2
    page.line(0.15)


def _foot(page: "Sheet", sale: Sale, slip: Slip) -> None:
    page.room_for(FOOT)
    page.y += 12
    top, middle = page.y, 155.0
    side = page.symbol(slip.address, LEFT - 2.4, top - 6)
    page.y = top + side - 3
    for text, size, face in (
        (f"{CHECK} {slip.typed_at}", 8.5, FACE),
        (slip.receipt, 10, BOLD),
        (slip.code, 10, BOLD),
        (f"Waktu transaksi {slip.when}", 8.5, FACE),
    ):
        for line in paper.wrap(pdf.shown(text), 75, size, face):
            page.text(LEFT, line, size, face)
            page.y += size * 0.5
    page.y = top
    place = f"{sale.seller.city}, " if sale.seller.city else ""
    page.text(middle, place + day_text(sale.business_date), SIZE, FACE, "centre")
    page.y += 5
    page.text(middle, "Yang menerima,", SIZE, FACE, "centre")
    if services.needs_meterai(sale):
        page.meterai(middle - METERAI_WIDTH - 2, top + 9)
    page.y = top + 42
    signer = "." * 40 if slip.refund_of else slip.cashier
    page.text(middle, f"( {signer} )", SIZE, FACE, "centre")
    page.y += 5
    page.text(middle, "Pembeli" if slip.refund_of else slip.gallery, 9.5, FACE, "centre")


class Sheet:
    """A4 filled from the top; `y` is the baseline in millimetres from the upper edge."""

    def __init__(self, title: str, author: str) -> None:
        self.buffer = io.BytesIO()
        self.canvas: Any = pdf.canvas_for(self.buffer, *paper.A4, title, author)
        self.y = TOP

    def text(self, x: float, text: str, size: float = SIZE, face: str = FACE, align: str = "left") -> None:
        draw = {
            "left": self.canvas.drawString,
            "right": self.canvas.drawRightString,
            "centre": self.canvas.drawCentredString,
        }
        self.canvas.setFont(face, size)
        draw[align](x * MM, self._up(self.y), pdf.shown(text))

    def centre(self, text: str, size: float, face: str = FACE) -> None:
        for line in paper.wrap(pdf.shown(text), RIGHT - LEFT, size, face):
            self.y += size * 0.47
            self.text((LEFT + RIGHT) / 2, line, size, face, "centre")

    def labelled(self, label: str, value: str, face: str = FACE, size: float = SIZE) -> None:
        self.y += 7
        self.text(LEFT, label)
        self.text(LEFT + 38, ":")
        for i, line in enumerate(paper.wrap(pdf.shown(value), RIGHT - LEFT - 42, size, face)):
            self.y += 5.2 if i else 0
            self.text(LEFT + 42, line, size, face)

    def sum(self, label: str, value: str, face: str = FACE) -> None:
        size = 14.0 if face == BOLD else SIZE
        self.y += 7 if face == BOLD else 5.5
        self.text(RIGHT, value, size, face, "right")
        self.text(min(EDGES[2], RIGHT - paper.width(value, size, face) - 4), label, size, face, "right")

    def line(self, thickness: float) -> None:
        self.canvas.setLineWidth(thickness * MM)
        self.canvas.line(LEFT * MM, self._up(self.y), RIGHT * MM, self._up(self.y))

    def symbol(self, address: str, left: float, top: float) -> float:
        """The QR at 0.6 mm a module; returns its side."""
        side = pdf.symbol_side(address, 0.6)
        pdf.draw_symbol(self.canvas, address, left, paper.A4[1] - top - side, 0.6)
        return side

    def meterai(self, left: float, top: float) -> None:
        self.canvas.setLineWidth(0.2 * MM)
        self.canvas.setDash(2, 2)
        self.canvas.rect(left * MM, self._up(top + METERAI_HEIGHT), METERAI_WIDTH * MM, METERAI_HEIGHT * MM)
        self.canvas.setDash()
        for i, text in enumerate(("METERAI", "Rp10.000", "lalu tanda tangan", "mengenai meterai")):
            self.y = top + 9 + i * 4
            self.text(left + METERAI_WIDTH / 2, text, 8.5, FACE, "centre")

    def room_for(self, height: float, again: Callable[[], None] = lambda: None) -> None:
        """Go on to a new page where less than `height` is left; `again` repeats what heads it."""
        if self.y + height > BOTTOM:
            self.canvas.showPage()
            self.y = TOP
            again()

    def pdf(self) -> bytes:
        self.canvas.save()
        return self.buffer.getvalue()

    def _up(self, y: float) -> float:
        return float((paper.A4[1] - y) * MM)
